"""How far two coders agree beyond chance: Cohen's kappa over the codings kept in the package.

Jacob Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological
Measurement 20 (1960), 37-46.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kit.tables import Record

CODERS = ("first", "second")


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two coders chose alike: ``same`` of ``n`` units, and Cohen's kappa.

    ``kappa`` is None where it is not defined: nothing was coded, or both coders used one and the
    same category throughout, so that chance alone would make them agree.
    """

    what: str
    n: int
    same: int
    kappa: float | None

    @property
    def percent(self) -> float | None:
        """Return the share of units coded alike, 0 to 100; None when nothing was coded."""
        return 100 * self.same / self.n if self.n else None


def kappa(pairs: Iterable[tuple[Hashable, Hashable]]) -> float | None:
    """Return Cohen's kappa of pairs of codes, or None where it is not defined.

    It is (observed - expected) / (1 - expected), where ``expected`` is the agreement that two
    coders would reach who assign codes at random, each as often as they did here.

    Examples
    --------
    >>> kappa([("yes", "yes"), ("yes", "no"), ("no", "no"), ("no", "no")])
    0.5
    """
    units = list(pairs)
    n = len(units)
    firsts, seconds = Counter(a for a, _ in units), Counter(b for _, b in units)
    same = sum(a == b for a, b in units)
    chance = sum(firsts[code] * seconds[code] for code in firsts)  # times n²: whole, so exact
    return (n * same - chance) / (n * n - chance) if n * n != chance else None


def agreement(what: str, pairs: Iterable[tuple[Hashable, Hashable]]) -> Agreement:
    """Return how far two coders agree on one question."""
    units = list(pairs)
    return Agreement(what, len(units), sum(a == b for a, b in units), kappa(units))


def of_events(codings: Sequence[Record]) -> list[Agreement]:
    """Return the agreement on events: whether to code them at all, and by which code.

    Parameters
    ----------
    codings
        Rows of ``event_codings``. An empty code counts as a code of its own, "none".
    """
    by_event: dict[str, dict[str, Record]] = {}
    for row in codings:
        by_event.setdefault(row["event_id"], {})[row["coder"]] = row
    pairs = [
        (rows[CODERS[0]], rows[CODERS[1]])
        for rows in by_event.values()
        if rows.keys() >= {*CODERS}
    ]
    scored = [(a, b) for a, b in pairs if a["cameo"] and b["cameo"]]
    questions: dict[str, Callable[[Record], Hashable]] = {
        "CAMEO code": lambda row: row["cameo"],
        "CAMEO root": lambda row: (row["cameo"] or "")[:2],
        "PLOVER category": lambda row: row["plover"],
        "PLOVER category and mode": lambda row: (row["plover"], row["plover_mode"]),
        "Contexts, as a whole": lambda row: frozenset(row["contexts"]),
    }

    def everything(row: Record) -> Hashable:
        return tuple(question(row) for question in questions.values())

    return [
        agreement("Scored or not", ((bool(a["cameo"]), bool(b["cameo"])) for a, b in pairs)),
        *(agreement(what, ((q(a), q(b)) for a, b in pairs)) for what, q in questions.items()),
        agreement("All of these at once", ((everything(a), everything(b)) for a, b in pairs)),
        *(
            agreement(f"{what}, where both scored", ((q(a), q(b)) for a, b in scored))
            for what, q in list(questions.items())[:3]
        ),
    ]


def of_obligations(
    codings: Sequence[Record], agreements: Sequence[str], vocabulary: Sequence[str]
) -> list[Agreement]:
    """Return the agreement on obligations: over all cells, on their force, and for each one.

    Parameters
    ----------
    codings
        Rows of ``obligation_codings``; one that is absent says "no such obligation".
    agreements, vocabulary
        All agreements and all obligations: together the cells that each coder filled.
    """
    found: dict[str, Mapping[tuple[str, str], str]] = {
        coder: {
            (r["agreement_id"], r["obligation"]): r["force"]
            for r in codings
            if r["coder"] == coder
        }
        for coder in CODERS
    }
    first, second = (found[coder] for coder in CODERS)

    def present(cells: Iterable[tuple[str, str]]) -> list[tuple[bool, bool]]:
        return [(cell in first, cell in second) for cell in cells]

    every = [(name, duty) for duty in vocabulary for name in agreements]
    forces = [(first[cell], second[cell]) for cell in every if cell in first and cell in second]
    return [
        agreement("Any obligation, all cells", present(every)),
        agreement("Force, where both saw the obligation", forces),
        *(
            agreement(f"`{duty}`", present((name, duty) for name in agreements))
            for duty in vocabulary
        ),
    ]
