"""What can happen in a scenario at all, whoever plays and however the dice fall.

A role that learners may play can take any open option, whatever its odds; everything else can
become what has a chance above zero. From one table for each variable, elimination decides exactly
whether a condition can ever hold.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kit.scenario import Choice, Scenario, Variable, When
from kit.soundness.elimination import (
    COUNT,
    LIMIT,
    POSSIBLE,
    Cells,
    Table,
    TooLargeError,
    eliminate,
    total,
)

Codes = Mapping[str, NDArray[np.int64]]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What a variable may become for every combination of what it looks at.

    ``parents`` are in the scenario's order. ``odds`` and ``support`` have one axis for each
    parent and a last one for the values; ``rule`` says which of the ``given`` rules is the first
    to hold, and one past the last where none does.
    """

    parents: tuple[str, ...]
    odds: NDArray[np.float64]
    support: NDArray[np.bool_]
    rule: NDArray[np.int64]


class Support:
    """The tables of one scenario, and exact answers about what can happen in it."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.names = tuple(scenario.variables)
        self.rank = {name: place for place, name in enumerate(self.names)}
        self.sizes = {name: len(v.domain) for name, v in scenario.variables.items()}
        self.rows = {name: self._rows(v) for name, v in scenario.variables.items()}
        self.tables = {
            n: Table((*r.parents, n), r.support).squeezed() for n, r in self.rows.items()
        }
        alive = {
            n: Table(r.parents, np.asarray(r.support.any(axis=-1))) for n, r in self.rows.items()
        }
        self.alive = {n: t.squeezed() for n, t in alive.items() if not t.cells.all()}

    def may(self, variable: Variable) -> bool:
        """Return whether a learner may set the variable."""
        return isinstance(variable, Choice) and variable.role in self.scenario.playable

    def terms(self, when: When) -> list[Table]:
        """Return a condition as tables, one for each variable it looks at."""
        return [
            Table((n,), np.array([v in values for v in self.scenario.variables[n].domain]))
            for n, values in when.terms
        ]

    def refused(self, when: When) -> list[Table]:
        """Return the opposite of a condition as tables."""
        held = functools.reduce(np.multiply.outer, [term.cells for term in self.terms(when)])
        return [Table(when.names, ~held)]

    def value(self, name: str, value: str) -> Table:
        """Return that a variable has a value, as a table."""
        domain = self.scenario.variables[name].domain
        return Table((name,), np.array([other == value for other in domain]))

    def last(self, names: Iterable[str]) -> int:
        """Return the place of the variable among ``names`` that becomes known last, or -1."""
        return max((self.rank[name] for name in names), default=-1)

    def constraints(self, names: Iterable[str], upto: int) -> list[Table]:
        """Return what limits some variables: their own tables, and that no play ends before."""
        tables = [table for name, table in self.alive.items() if self.rank[name] <= upto]
        todo = [*names, *(name for table in tables for name in table.names)]
        seen: set[str] = set()
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            table = self.tables[name]
            if not table.cells.all():
                tables.append(table)
                todo += table.names
        return tables

    def possible(self, conditions: Iterable[Table], upto: int) -> bool:
        """Return whether some play reaches the variable at place ``upto`` and meets conditions.

        Raises
        ------
        TooLargeError
            It cannot be decided with tables of ``LIMIT`` cells.
        """
        wanted = list(conditions)
        named = {name for table in wanted for name in table.names}
        found = total([*wanted, *self.constraints(named, upto)], POSSIBLE, self.sizes)
        return found is None or bool(found)

    def example(self, conditions: Iterable[Table], upto: int) -> dict[str, str]:
        """Return a way to conditions that are possible: what must be settled, in order of play."""
        wanted = list(conditions)
        named = {name for table in wanted for name in table.names}
        named |= {n for table in self.constraints(named, upto) for n in table.names}
        found: dict[str, str] = {}
        for name in sorted(named, key=self.rank.__getitem__):
            for value in self.scenario.variables[name].domain:
                settled = self.value(name, value)
                if self.possible([*wanted, settled], upto):
                    wanted.append(settled)
                    found[name] = value
                    break
        return found

    def worlds(self) -> int:
        """Return the number of complete courses of events.

        Raises
        ------
        TooLargeError
            They cannot be counted with tables of ``LIMIT`` cells.
        """
        return self._count(self.constraints(self.names, len(self.names)), self.names)

    def lines(self) -> int:
        """Return the number of different lines of decisions that learners can take to the end.

        Raises
        ------
        TooLargeError
            They cannot be counted with tables of ``LIMIT`` cells.
        """
        played = [n for n, v in self.scenario.variables.items() if self.may(v)]
        limits = self.constraints(self.names, len(self.names))
        chance = {*self.names} - {*played}
        return self._count(eliminate(limits, POSSIBLE, self.sizes, chance), played)

    def _count(self, limits: Iterable[Table], names: Collection[str]) -> int:
        kind = np.int64 if math.prod(self.sizes[n] for n in names) < 2**62 else np.object_
        tables = [Table(table.names, table.cells.astype(kind)) for table in limits]
        bound = {name for table in tables for name in table.names}
        free = math.prod(self.sizes[name] for name in names if name not in bound)
        found = total(tables, COUNT, self.sizes)
        return free * (1 if found is None else int(found))

    def _rows(self, variable: Variable) -> Rows:
        """Return the chances of a variable for every combination of its parents' values."""
        parents = tuple(sorted(variable.parents, key=self.rank.__getitem__))
        shape = [self.sizes[name] for name in parents]
        values = list(variable.domain)
        if math.prod(shape) * len(values) > LIMIT:
            raise TooLargeError
        rule = np.full(shape, len(variable.given))
        for place in reversed(range(len(variable.given))):
            rule[self._held(variable.given[place].when, parents)] = place
        sets = [*(given.odds for given in variable.given), variable.odds]
        odds = np.array([[odds[value] for value in values] for odds in sets])[rule]
        opened = np.ones([*shape, len(values)], dtype=bool)
        if isinstance(variable, Choice):
            for place, option in enumerate(variable.options.values()):
                opened[..., place] = self._held(option.when, parents)
        odds = np.where(opened, odds, 0.0)
        sums = odds.sum(axis=-1, keepdims=True)
        even = opened / np.maximum(opened.sum(axis=-1, keepdims=True), 1)
        odds = np.where(sums > 0, odds / np.where(sums > 0, sums, 1.0), even)
        support = opened if self.may(variable) else odds > 0
        return Rows(parents, odds, support, rule)

    def _held(self, when: When, parents: tuple[str, ...]) -> Cells:
        """Return where a condition holds, with one axis for each parent."""
        held = np.ones([self.sizes[name] for name in parents], dtype=bool)
        for term in self.terms(when):
            axis = parents.index(term.names[0])
            held &= term.cells.reshape([-1 if k == axis else 1 for k in range(len(parents))])
        return held
