"""Sums over many variables, one variable after the other, for any pair of operations.

With *and* and *or* it says whether something can happen, with *times* and *plus* in how many ways,
with *plus* and *largest* how far a measure can go.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LIMIT = 4_000_000  # cells of one table; more would take seconds and hundreds of megabytes

Cells = NDArray[Any]


class TooLargeError(Exception):
    """A question whose tables would not fit; the audit then says that it is not decided."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A number, or true and false, for every combination of the values of some variables."""

    names: tuple[str, ...]
    cells: Cells

    def squeezed(self) -> Table:
        """Return the same table without the variables that make no difference in it."""
        names, cells = list(self.names), self.cells
        for axis in reversed(range(len(names))):
            first = cells.take([0], axis)
            if bool((cells == first).all()):
                cells = first.squeeze(axis)
                del names[axis]
        return Table(tuple(names), cells)

    def at(self, name: str, place: int) -> Table:
        """Return the part of the table in which a variable has its value at ``place``."""
        if name not in self.names:
            return self
        axis = self.names.index(name)
        rest = self.names[:axis] + self.names[axis + 1 :]
        return Table(rest, self.cells.take(place, axis))

    def renamed(self, names: Mapping[str, str]) -> Table:
        """Return the table with other names for some of its variables."""
        return Table(tuple(names.get(name, name) for name in self.names), self.cells)


@dataclass(frozen=True, slots=True)
class Ring:
    """How tables are joined, and how a variable is summed out."""

    join: np.ufunc
    out: np.ufunc


POSSIBLE = Ring(np.logical_and, np.logical_or)
COUNT = Ring(np.multiply, np.add)
HIGHEST = Ring(np.add, np.maximum)
LOWEST = Ring(np.add, np.minimum)


def joined(tables: Iterable[Table], ring: Ring, sizes: Mapping[str, int]) -> Table:
    """Return one table over the variables of all.

    Raises
    ------
    TooLargeError
        It would have more than ``LIMIT`` cells.
    """
    found = list(tables)
    names = tuple(dict.fromkeys(name for table in found for name in table.names))
    if math.prod(sizes[name] for name in names) > LIMIT:
        raise TooLargeError
    result: Cells = np.asarray(found[0].cells if len(found) == 1 else _spread(found[0], names))
    for table in found[1:]:
        result = ring.join(result, _spread(table, names))
    return Table(names, result)


def _spread(table: Table, names: tuple[str, ...]) -> Cells:
    """Return the cells with one axis for each of ``names``, of length 1 where it has no say."""
    order = sorted(range(len(table.names)), key=lambda axis: names.index(table.names[axis]))
    moved = table.cells.transpose(order)
    sizes = iter(moved.shape)
    return moved.reshape([next(sizes) if name in table.names else 1 for name in names])


def eliminate(
    tables: Iterable[Table], ring: Ring, sizes: Mapping[str, int], gone: Collection[str]
) -> list[Table]:
    """Return tables that say the same about the other variables, with ``gone`` summed out.

    The next variable to go is always the one whose joined table is smallest.

    Raises
    ------
    TooLargeError
        Some joined table would have more than ``LIMIT`` cells.
    """
    rest = list(tables)
    left = {name for table in rest for name in table.names if name in gone}
    while left:
        name = min(left, key=lambda n: (_cells(rest, n, sizes), n))
        left.discard(name)
        product = joined((t for t in rest if name in t.names), ring, sizes)
        axis = product.names.index(name)
        names = product.names[:axis] + product.names[axis + 1 :]
        rest = [table for table in rest if name not in table.names]
        rest.append(Table(names, ring.out.reduce(product.cells, axis=axis)))
    return rest


def _cells(tables: Iterable[Table], name: str, sizes: Mapping[str, int]) -> int:
    scope = {other for table in tables if name in table.names for other in table.names}
    return math.prod(sizes[other] for other in scope)


def total(tables: Iterable[Table], ring: Ring, sizes: Mapping[str, int]) -> Any:
    """Return the sum over all variables as one number; None without any table."""
    rest = eliminate(tables, ring, sizes, sizes.keys())
    if not rest:
        return None
    return joined(rest, ring, sizes).cells[()]
