"""Variable elimination: sums over all worlds without listing them.

A :class:`Factor` is a table over some variables. The sum over all assignments of the product of
factors is found by summing out one variable at a time, each time multiplying only the factors that
name it. Tables carry a last *batch* axis; sums are taken for every entry of it at once. Cost is
set by the largest product met on the way (:attr:`Order.peak`), not by the number of worlds.

Source: Dechter (1999), Bucket elimination, Artificial Intelligence 113; the marginals follow by
differentiating the sum, as in Darwiche (2003), Journal of the ACM 50.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Table = NDArray[Any]
Names = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """A table with one axis per name, in the scenario's order of names, and a last batch axis."""

    names: Names
    table: Table


@dataclass(frozen=True, slots=True)
class Order:
    """The order in which variables are summed out, and the cells of the largest product."""

    names: Names
    peak: int


@functools.lru_cache(maxsize=4096)
def order_of(scopes: tuple[Names, ...], sizes: tuple[tuple[str, int], ...]) -> Order:
    """Return an order of elimination that keeps the products small (greedy, smallest first).

    Parameters
    ----------
    scopes
        The variables of each factor.
    sizes
        Each variable with its number of values.
    """
    size = dict(sizes)
    pool = [frozenset(scope) for scope in scopes]
    left = {name for scope in pool for name in scope}
    order: list[str] = []
    peak = 1

    def product(name: str) -> tuple[int, str]:
        union = frozenset().union(*(scope for scope in pool if name in scope))
        return math.prod(size[other] for other in union), name

    while left:
        cells, name = min(product(name) for name in left)
        union = frozenset().union(*(scope for scope in pool if name in scope))
        pool = [scope for scope in pool if name not in scope] + [union - {name}]
        left.remove(name)
        order.append(name)
        peak = max(peak, cells)
    return Order(tuple(order), peak)


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """One variable summed out: which factors met, over which names, into which new factor."""

    inputs: tuple[int, ...]
    names: Names
    axis: int
    output: int


def total(factors: Sequence[Factor], order: Order, rank: Mapping[str, int]) -> Table:
    """Return the sum over all assignments of the product of all factors; shape (batch,)."""
    pool, _ = _forward(factors, order, rank)
    return np.asarray(_product([f for f in pool if f is not None and not f.names], ())).ravel()


def marginals(factors: Sequence[Factor], order: Order, rank: Mapping[str, int]) -> list[Table]:
    """Return, for each factor, the sum over all assignments by cell, leaving that factor out.

    For a factor of ones these are the unnormalized marginals of its variables. No batch axis:
    the tables must have a last axis of length 1.
    """
    pool, steps = _forward(factors, order, rank, keep=True)
    final = [i for i, factor in enumerate(pool) if factor is not None and not factor.names]
    adjoint: dict[int, Table] = {}
    used = {i for step in steps for i in step.inputs}
    ends = [i for i in final if i not in used]
    for place, table in zip(ends, _others([_at(pool, i).table for i in ends]), strict=True):
        adjoint[place] = table
    for step in reversed(steps):
        above = np.expand_dims(adjoint[step.output], step.axis)
        tables = [_aligned(_at(pool, i), step.names) for i in step.inputs]
        for i, rest in zip(step.inputs, _others(tables), strict=True):
            names = _at(pool, i).names
            axes = tuple(k for k, name in enumerate(step.names) if name not in names)
            spread = np.broadcast_to(above * rest, (*_shape(tables, above), 1))
            adjoint[i] = spread.sum(axis=axes)
    return [adjoint[i] for i in range(len(factors))]


def _forward(
    factors: Sequence[Factor], order: Order, rank: Mapping[str, int], keep: bool = False
) -> tuple[list[Factor | None], list[_Step]]:
    """Sum out all variables; return every factor made, in order of making, and the steps."""
    pool: list[Factor | None] = list(factors)
    alive = dict.fromkeys(range(len(pool)))
    steps = []
    for name in order.names:
        inputs = tuple(i for i in alive if name in _at(pool, i).names)
        met = [_at(pool, i) for i in inputs]
        names = tuple(sorted({n for factor in met for n in factor.names}, key=rank.__getitem__))
        axis = names.index(name)
        table = _product(met, names).sum(axis=axis)
        pool.append(Factor(names[:axis] + names[axis + 1 :], table))
        steps.append(_Step(inputs, names, axis, len(pool) - 1))
        for i in inputs:
            del alive[i]
            if not keep:
                pool[i] = None
        alive[len(pool) - 1] = None
    return pool, steps


def _at(pool: Sequence[Factor | None], place: int) -> Factor:
    factor = pool[place]
    assert factor is not None
    return factor


def _product(factors: Sequence[Factor], names: Names) -> Table:
    """Return the product over ``names``; the small real tables first, the batched ones last."""
    ready = sorted(factors, key=lambda factor: factor.table.size)
    tables = (_aligned(factor, names) for factor in ready)
    return functools.reduce(np.multiply, tables, np.ones((1,) * (len(names) + 1)))


def _aligned(factor: Factor, names: Names) -> Table:
    """Return a factor's table padded so that it broadcasts over ``names`` and the batch."""
    if factor.names == names:
        return factor.table
    sizes = iter(factor.table.shape)
    own = set(factor.names)
    return factor.table.reshape([*(next(sizes) if n in own else 1 for n in names), -1])


def _others(tables: Sequence[Table]) -> list[Table]:
    """Return, for each table, the product of all the others; never divides, so zeros are fine."""
    before: list[Table] = [np.ones(())]
    for table in tables[:-1]:
        before.append(before[-1] * table)
    after: Table = np.ones(())
    result = []
    for table, left in zip(reversed(tables), reversed(before), strict=True):
        result.append(left * after)
        after = after * table
    return result[::-1]


def _shape(tables: Sequence[Table], above: Table) -> tuple[int, ...]:
    return np.broadcast_shapes(above.shape, *(table.shape for table in tables))[:-1]
