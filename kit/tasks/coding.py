"""The learner codes agreements, then compares with two coders and with what was decided.

A *cell* is one agreement and one obligation; its value is a force, or ``none`` when the agreement
does not oblige to it. Learner and coders fill the same cells, so they can be compared pair by
pair: the share of equal cells, and Cohen's kappa, which takes away the agreement due to chance.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kit import tables
from kit.errors import DecisionError, suggestion
from kit.tables import Record
from kit.tasks.progress import Keeper, path_for

NONE = "none"
FORCES = {
    NONE: "not obliged",
    "binding": "binding in law",
    "political": "a promise",
    "operational": "in operation only",
}
AGREEMENTS = (
    "us-rok-mdt-1953", "gsomia-2016", "tisa-2014", "washington-declaration-2023",
    "commitment-to-consult-2023", "missile-warning-mechanism-2023", "unscr-2397",
)  # fmt: skip
YOU, FIRST, SECOND, DECIDED = "You", "First coder", "Second coder", "Decided coding"
PAIRS = ((YOU, FIRST), (YOU, SECOND), (FIRST, SECOND), (YOU, DECIDED))
LOG = "coding-obligations"

Cell = tuple[str, str]
Cells = Mapping[Cell, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """How far two codings of the same cells agree; ``kappa`` is None where it is not defined."""

    one: str
    other: str
    same: int
    cells: int
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell in which not all codings are the same, with the coders' note."""

    agreement: str
    obligation: str
    forces: Mapping[str, str]
    note: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All codings of the same cells, how far each pair agrees, and where they differ."""

    codings: Mapping[str, Cells]
    pairs: tuple[Pair, ...]
    differences: tuple[Difference, ...]


def cells_of(
    rows: Iterable[Record], agreements: Sequence[str], obligations: Sequence[str]
) -> Cells:
    """Return the force of every cell; ``none`` where no row has it."""
    coded = {(row["agreement_id"], row["obligation"]): row["force"] for row in rows}
    return {(a, o): coded.get((a, o), NONE) for a in agreements for o in obligations}


def pair(one: str, other: str, codings: Mapping[str, Cells]) -> Pair:
    """Return the share of equal cells of two codings, and Cohen's kappa.

    Kappa is not defined when both use one and the same value throughout.
    """
    mine, theirs = codings[one], codings[other]
    many = len(mine)
    same = sum(mine[cell] == theirs[cell] for cell in mine)
    left, right = Counter(mine.values()), Counter(theirs.values())
    chance = sum(left[force] * right[force] for force in FORCES) / many**2 if many else 1.0
    kappa = None if chance == 1 else (same / many - chance) / (1 - chance)
    return Pair(one, other, same, many, kappa)


def compare(mine: Cells, codings: Iterable[Record], decided: Iterable[Record]) -> Comparison:
    """Return the learner's cells beside both coders and the decided coding.

    Parameters
    ----------
    mine
        The learner's force for each cell.
    codings
        Rows of ``obligation_codings``.
    decided
        Rows of ``obligations``.
    """
    agreements = tuple(dict.fromkeys(a for a, _ in mine))
    obligations = tuple(dict.fromkeys(o for _, o in mine))
    rows, settled = tuple(codings), tuple(decided)
    by_name = {
        YOU: mine,
        FIRST: cells_of([r for r in rows if r["coder"] == "first"], agreements, obligations),
        SECOND: cells_of([r for r in rows if r["coder"] == "second"], agreements, obligations),
        DECIDED: cells_of(settled, agreements, obligations),
    }
    notes = {(r["agreement_id"], r["obligation"]): r["note"] or "" for r in settled}
    differences = tuple(
        Difference(*cell, {name: c[cell] for name, c in by_name.items()}, notes.get(cell, ""))
        for cell in mine
        if len({c[cell] for c in by_name.values()}) > 1
    )
    pairs = tuple(pair(one, other, by_name) for one, other in PAIRS)
    return Comparison(by_name, pairs, differences)


def vocabulary(agreements: Sequence[str]) -> tuple[str, ...]:
    """Return the obligations that anybody coded for these agreements, in the schema's order."""
    fields = tables.describe("obligations").fields
    known = next(f.enum for f in fields if f.name == "obligation")
    used = {row["obligation"] for table in ("obligations", "obligation_codings")
            for row in tables.records(table) if row["agreement_id"] in agreements}  # fmt: skip
    return tuple(word for word in known if word in used)


def meanings() -> dict[str, str]:
    """Return what each obligation means, in the words of the schema that the coders had too."""
    told = next(f for f in tables.describe("obligations").fields if f.name == "obligation")
    found = {}
    for word in told.enum:
        match = re.search(rf"\b{re.escape(word)}: ([^;]+?)(?:;|\.?\Z)", told.description)
        found[word] = match[1] if match else ""
    return found


class OpenCoding:
    """A matrix of agreements and obligations in front of one learner.

    Parameters
    ----------
    agreements
        Ids of the agreements to code.
    keeper
        Where the marks are kept.
    """

    def __init__(self, agreements: Sequence[str], keeper: Keeper) -> None:
        known = tables.ids("agreements")
        for name in agreements:
            if name not in known:
                raise ValueError(f"There is no agreement '{name}'. {suggestion(name, known)}")
        self.agreements = tuple(agreements)
        self.obligations = vocabulary(self.agreements)
        self._keeper = keeper

    @property
    def notice(self) -> str:
        """What could not be kept, in a sentence; empty when all is well."""
        return self._keeper.notice

    @property
    def done(self) -> tuple[str, ...]:
        """The agreements of which the learner said that all is marked."""
        kept = self._kept()[1]
        return tuple(a for a in self.agreements if a in kept)

    @property
    def marks(self) -> dict[Cell, str]:
        """The learner's force for each cell; ``none`` where nothing is marked."""
        kept = self._kept()[0]
        cells = [(a, o) for a in self.agreements for o in self.obligations]
        found = {cell: kept.get(" ".join(cell), NONE) for cell in cells}
        return {cell: mark if mark in FORCES else NONE for cell, mark in found.items()}

    def mark(self, agreement: str, obligation: str, force: str) -> None:
        """Say how firmly an agreement obliges to something; ``none`` takes it back.

        Raises
        ------
        DecisionError
            There is no such agreement, obligation or force here.
        """
        for word, known in ((agreement, self.agreements), (obligation, self.obligations),
                            (force, FORCES)):  # fmt: skip
            if word not in known:
                raise DecisionError(f"There is no '{word}' here. {suggestion(word, known)}")
        marks, done = self._kept()
        self._keep(marks | {f"{agreement} {obligation}": force}, done)

    def finish(self, agreement: str) -> None:
        """Say that an agreement is coded; the comparison opens when all are.

        Raises
        ------
        DecisionError
            There is no such agreement here.
        """
        if agreement not in self.agreements:
            found = suggestion(agreement, self.agreements)
            raise DecisionError(f"There is no '{agreement}' here. {found}")
        marks, done = self._kept()
        self._keep(marks, (*done, agreement))

    def _kept(self) -> tuple[dict[str, str], tuple[str, ...]]:
        """Return marks and finished agreements as the log has them, of other matrices too."""
        draft = self._keeper.now().draft
        marks, done = draft.get("marks"), draft.get("done")
        marks = marks if isinstance(marks, dict) else {}
        return (
            {cell: mark for cell, mark in marks.items() if isinstance(mark, str)},
            tuple(map(str, done)) if isinstance(done, list) else (),
        )

    def _keep(self, marks: dict[str, str], done: Iterable[str]) -> None:
        draft = {"marks": marks, "done": list(dict.fromkeys(done))}
        self._keeper.keep(replace(self._keeper.now(), draft=draft))

    def compare(self) -> Comparison:
        """Return the learner's coding beside the others.

        Raises
        ------
        DecisionError
            Some agreement is not coded yet: first your own view, then that of others.
        """
        if left := [a for a in self.agreements if a not in self.done]:
            raise DecisionError(
                f"Code every agreement first; {len(left)} of {len(self.agreements)} are left: "
                f"{', '.join(left)}. Mark what holds, then finish('…')."
            )
        codings, decided = tables.records("obligation_codings"), tables.records("obligations")
        return compare(self.marks, codings, decided)


def open_coding(agreements: Sequence[str] = AGREEMENTS, *, save: bool = True) -> OpenCoding:
    """Return a matrix to fill, with what the learner marked so far.

    Parameters
    ----------
    agreements
        Ids of the agreements to code.
    save
        Whether to keep the marks in a file beside the saved plays.

    Raises
    ------
    ValueError
        There is no such agreement.
    DataError
        The tables of codings are missing or wrong.
    """
    return OpenCoding(agreements, Keeper(LOG, path_for(LOG) if save else None))


def pairs_text(pairs: Iterable[Pair]) -> str:
    """Return how far codings agree, one pair a line."""
    lines = []
    for found in pairs:
        kappa = "not defined" if found.kappa is None else f"{found.kappa:.2f}".replace("-", "−")
        who = f"{found.one} and {found.other[0].lower()}{found.other[1:]}"
        lines.append(f"{who}: {found.same} of {found.cells} cells the same, kappa {kappa}")
    return "\n".join(lines) + "\n"
