"""The bonds between actors on a day: what agreements oblige each two of them to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from kit import tables
from kit.plots.picture import GRAY, GREEN, ORANGE, PURPLE, SKY, VERMILION
from kit.plots.standing import State, begins, ends, state
from kit.tables import Record


@dataclass(frozen=True, slots=True)
class Family:
    """A group of obligations, drawn as one line between two parties."""

    label: str
    color: str
    symbol: str
    obligations: tuple[str, ...]


FAMILIES = (
    Family("Act together", VERMILION, "square", ("defend", "exercise", "plan", "host")),
    Family("Share and keep secrets", GREEN, "diamond",
           ("share-information", "protect-information")),
    Family("Talk and align", SKY, "circle", ("consult", "coordinate", "communicate")),
    Family("Hold back and inspect", PURPLE, "hexagon",
           ("restrain", "disarm", "inspect", "sanction")),
    Family("Settle the past", ORANGE, "pentagon", ("settle",)),
)  # fmt: skip
OTHER = Family("Other", GRAY, "star", ())


@dataclass(frozen=True, slots=True)
class Bond:
    """What agreements oblige two parties, or the members of one, to do in one family."""

    between: tuple[str, ...]
    family: Family
    agreements: tuple[Record, ...]
    paused: bool


@dataclass(frozen=True, slots=True)
class Holding:
    """An agreement that stands or is paused on a day."""

    row: Record
    state: State
    end: dt.date | None


def holdings(rows: Iterable[Record], year: int) -> list[Holding]:
    """Return the agreements that stand, or are suspended or void, on the last day of a year."""
    changes, day = tables.records("agreement_status"), dt.date(year, 12, 31)
    found = []
    for row in rows:
        end = ends(row, changes)
        if (now := state(row, day, end)) in ("stands", "paused"):
            found.append(Holding(row, now, end))
    return sorted(found, key=lambda one: (begins(one.row), one.row["agreement_id"]))


def bonds(held: Sequence[Holding], coded: Sequence[Record]) -> Iterator[Bond]:
    """Yield the bonds between each two parties by family; of one party with its own members.

    What is suspended or void is a bond apart from what stands.
    """
    families = {name: family for family in FAMILIES for name in family.obligations}
    sums: dict[tuple[tuple[str, ...], str, bool], list[Record]] = {}
    for one in held:
        does = [row["obligation"] for row in coded
                if row["agreement_id"] == one.row["agreement_id"]]  # fmt: skip
        parties = sorted(one.row["parties"])
        pairs: list[tuple[str, ...]] = [*combinations(parties, 2)] or [tuple(parties)]
        for label in dict.fromkeys(families.get(name, OTHER).label for name in does):
            for between in pairs:
                key = (between, label, one.state == "paused")
                sums.setdefault(key, []).append(one.row)
    for family in (*FAMILIES, OTHER):
        for (pair, label, paused), members in sums.items():
            if label == family.label:
                yield Bond(pair, family, tuple(members), paused)
