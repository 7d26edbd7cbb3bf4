"""Codes 4xx, first part: how options of one choice compare, and how far measures go.

*Dominated* means: whatever else happens, another option of the same choice is open too, is at
least as good on every measure, and is better on one. Two courses of events are compared that
agree on everything the choice cannot influence; what looks at the choice, directly or through
others, may turn out differently in each of them, in every way that is possible. Each assumption
may lie anywhere in its range, at the same place in both. Where nothing else looks at the choice
this is the comparison world by world; where something does, it is stricter: one lucky course of
the worse option is enough to clear it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from kit.scenario import Scenario
from kit.soundness.case import Case
from kit.soundness.elimination import (
    HIGHEST,
    LOWEST,
    POSSIBLE,
    Ring,
    Table,
    TooLargeError,
    eliminate,
    joined,
)
from kit.soundness.support import Support

TOLERANCE = 1e-9
_TWIN = "'"  # marks the second course of events; no id can hold it
_SIZE = "size of "


def sign(scenario: Scenario, measure: str) -> float:
    """Return 1 where more of a measure is better, else -1."""
    return 1.0 if scenario.measures[measure].better == "high" else -1.0


def influenced(support: Support, choice: str) -> set[str]:
    """Return the variables whose odds or options look at a choice, directly or through others."""
    found = {choice}
    for name in support.names:  # parents come first
        rows = support.rows[name]
        odds = Table((*rows.parents, name), rows.odds).squeezed()
        looked = {*odds.names, *support.tables[name].names} - {name}
        if looked & found:
            found.add(name)
    return found - {choice}


def touching(scenario: Scenario, names: set[str]) -> set[str]:
    """Return the measures that some effect changes while looking at one of the names."""
    return {
        measure
        for effect in scenario.effects
        if names & {*effect.when.names}
        for measure in effect.change
    }


def changes(case: Case, measure: str, which: str = "") -> Iterator[Table]:
    """Yield what each effect adds to a measure; with its assumption as one more variable.

    ``which`` takes all assumptions at ``low``, ``base`` or ``high`` instead.
    """
    scenario, support = case.scenario, case.support
    for effect in scenario.effects:
        if measure not in effect.change:
            continue
        amount = effect.change[measure]
        held: Table = joined(support.terms(effect.when), POSSIBLE, support.sizes)
        if which or not isinstance(amount, str):
            yield Table(held.names, held.cells * scenario.size(amount, which or "base"))
        else:
            ends = [scenario.size(amount, end) for end in ("low", "high")]
            yield Table((*held.names, _SIZE + amount), np.multiply.outer(held.cells, ends))


class Rivals:
    """The options of one choice, held against each other."""

    def __init__(self, case: Case, choice: str) -> None:
        self.case = case
        self.choice = case.scenario.choices[choice]
        self.later = influenced(case.support, choice)
        twins = {name: name + _TWIN for name in self.later}
        self.twins = twins
        sizes = dict(case.support.sizes)
        self.sizes = sizes | {twin: sizes[name] for name, twin in twins.items()}
        self.sizes |= {_SIZE + name: 2 for name in case.scenario.assumptions}

    def at_least_as_good(self, better: str, worse: str) -> bool:
        """Return whether one option is never worse than another on any measure.

        Raises
        ------
        TooLargeError
            It cannot be decided with the largest tables allowed.
        """
        named = {self.choice.id, *self.later}
        if not self._open_too(better, worse):
            return False
        return all(
            self._gap(measure, better, worse, LOWEST) >= -TOLERANCE
            for measure in sorted(touching(self.case.scenario, named))
        )

    def ever_better(self, better: str, worse: str) -> bool:
        """Return whether one option can come out ahead of another on some measure."""
        named = {self.choice.id, *self.later}
        return any(
            self._gap(measure, better, worse, HIGHEST) > TOLERANCE
            for measure in sorted(touching(self.case.scenario, named))
        )

    def _open_too(self, better: str, worse: str) -> bool:
        """Return whether an option is open wherever another one is."""
        support = self.case.support
        when = self.choice.options[better].when
        if not when.terms:
            return True
        conditions = [*support.terms(self.choice.options[worse].when), *support.refused(when)]
        return not support.possible(conditions, support.rank[self.choice.id] - 1)

    def _gap(self, measure: str, better: str, worse: str, ring: Ring) -> float:
        """Return how far one option is behind (or ahead of) another, at most, on a measure.

        Above zero is good, whichever direction the measure counts in. The size of an assumption
        is one more variable with two values, its ends: what is linear in it is least at an end.
        """
        case, name = self.case, self.choice.id
        place = {option: k for k, option in enumerate(self.choice.options)}
        towards = sign(case.scenario, measure)
        named = {name, *self.later}
        sums = []
        for table in changes(case, measure):
            if named & {*table.names}:
                gained = Table(table.names, table.cells * towards).at(name, place[better])
                lost = Table(table.names, table.cells * -towards).at(name, place[worse])
                sums += [gained, lost.renamed(self.twins)]
        support = case.support
        upto = len(support.names)
        involved = {n.removesuffix(_TWIN) for table in sums for n in table.names} & {
            *support.names
        }
        limits = support.constraints({*involved, name}, upto)
        for option in (better, worse):
            limits += support.terms(self.choice.options[option].when)
        for table in limits:
            mine = table.at(name, place[better])
            other = table.at(name, place[worse]).renamed(self.twins)
            sums += [_barrier(mine, ring), _barrier(other, ring)]
        rest = eliminate(sums, ring, self.sizes, self.sizes.keys())
        return float(joined(rest, ring, self.sizes).cells[()]) if rest else 0.0


def _barrier(allowed: Table, ring: Ring) -> Table:
    """Return a table that adds nothing where something is possible, and rules out the rest."""
    never = np.inf if ring is LOWEST else -np.inf
    return Table(allowed.names, np.where(allowed.cells, 0.0, never))


def extreme(case: Case, tables: Iterable[Table], ring: Ring) -> float | None:
    """Return the least or greatest sum of tables over all courses of events.

    None where it is too large to compute.
    """
    support = case.support
    summed = list(tables)
    limits = support.constraints({n for t in summed for n in t.names}, len(support.names))
    summed += [_barrier(table, ring) for table in limits]
    try:
        rest = eliminate(summed, ring, support.sizes, support.sizes.keys())
    except TooLargeError:
        return None
    return float(joined(rest, ring, support.sizes).cells[()]) if rest else 0.0


def ends(case: Case, measure: str, low: str, high: str) -> tuple[float, float] | None:
    """Return the lowest and highest value of a measure over all courses of events.

    ``low`` and ``high`` say where the assumptions lie for each end; sizes add up, so that the
    least is found at the low ends. None where it is too large to compute.
    """
    start = case.scenario.measures[measure].start
    least = extreme(case, changes(case, measure, low), LOWEST)
    most = extreme(case, changes(case, measure, high), HIGHEST)
    return None if least is None or most is None else (start + least, start + most)
