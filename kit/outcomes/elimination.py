"""Variable elimination: sums over all worlds without listing them.

A :class:`Factor` is a table over some variables. The sum over all assignments of the product of
factors is found by summing out one variable at a time, each time multiplying only the factors that
name it. Variables that are *kept* are never summed out: the result has an axis for each of them.
Tables carry a last *batch* axis; sums are taken for every entry of it at once. Cost is set by the
largest product met on the way (:attr:`Program.peak`), not by the number of worlds.

Which tables meet where, and in what shape, follows from their scopes alone. It is worked out once
(:func:`program`) and run as often as numbers change.

Source: Dechter (1999), Bucket elimination, Artificial Intelligence 113; the marginals follow by
passing the sums back, as in Darwiche (2003), Journal of the ACM 50.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kit.outcomes.order import bits, order_of

Table = NDArray[Any]
Names = tuple[str, ...]
Shape = tuple[int, ...]
Meeting = tuple[tuple[int, Shape], ...]  # places of tables, and the shape in which each comes


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """A table with one axis per name, in the scenario's order of names, and a last batch axis."""

    names: Names
    table: Table


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """One variable summed out: which tables meet, along which axis they are summed.

    ``back`` tells the way back: for each table made earlier that leads to something asked, its
    place, the tables it met, the axes it does not have. ``asked`` gives the place of each question
    answered here, the axes to sum over and the shape of the answer.
    """

    inputs: Meeting
    axis: int
    output: int
    back: tuple[tuple[int, Meeting, Shape], ...]
    asked: tuple[tuple[int, Shape, Shape], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """The way from tables of certain scopes to their sum; see :func:`program`.

    ``shape`` is that of the kept variables, ``peak`` the number of cells of the largest product.
    """

    steps: tuple[_Step, ...]
    final: Meeting
    shape: Shape
    ends: tuple[tuple[int, Meeting], ...]
    plain: tuple[int, ...]
    peak: int


class _Compiler:
    """Works out one program; variables are bits of a number, so that sets are cheap."""

    def __init__(self, sizes: Sequence[int], kept: int) -> None:
        self.sizes = sizes
        self.kept = kept

    def shape(self, over: int, own: int, batch: bool = True) -> Shape:
        """Return the shape over ``over`` of a table that has the axes ``own``."""
        found = [self.sizes[i] if own >> i & 1 else 1 for i in bits(over)]
        return (*found, -1) if batch else tuple(found)

    def axes(self, over: int, without: int) -> Shape:
        """Return the places, among the variables of ``over``, of those that ``without`` lacks."""
        return tuple(place for place, i in enumerate(bits(over)) if not without >> i & 1)

    def run(self, scopes: list[int], asked: list[int], batched: frozenset[int]) -> Program:
        """Return the program; ``own`` are the axes a table has, ``over`` those it may come to."""
        order, peak = order_of((*scopes, *asked), self.sizes, self.kept)
        over, own = list(scopes), list(scopes)
        heavy = [place in batched for place in range(len(scopes))]
        alive = dict.fromkeys(range(len(scopes)))
        open_ = {place: scope for place, scope in enumerate(asked) if scope & ~self.kept}
        needed: set[int] = set()
        steps = []
        for index in order:
            met = [place for place in alive if over[place] >> index & 1]
            met.sort(key=lambda place: (heavy[place], own[place].bit_count()))
            here = [place for place, scope in open_.items() if scope >> index & 1]
            cluster = self._union([over[p] for p in met] + [asked[p] for p in here])
            result = cluster & ~(1 << index)
            back = [p for p in met if p in needed]
            inputs = tuple((p, self.shape(cluster, own[p])) for p in met)
            steps.append(
                _Step(
                    inputs,
                    cluster.bit_count() - (cluster >> index).bit_count(),
                    len(over),
                    tuple(self._back(p, inputs, cluster, over[p]) for p in back),
                    tuple(self._asked(p, cluster, asked[p]) for p in here),
                )
            )
            if back or here:
                needed.add(len(over))
            for place in met:
                del alive[place]
            for place in here:
                del open_[place]
            alive[len(over)] = None
            heavy.append(any(heavy[p] for p in met))
            own.append(self._union([own[p] for p in met]) & ~(1 << index))
            over.append(result)
        ends = sorted(alive, key=lambda place: (heavy[place], own[place].bit_count()))
        final = tuple((p, self.shape(self.kept, own[p])) for p in ends)
        rests = tuple((p, tuple(x for x in final if x[0] != p)) for p in ends if p in needed)
        plain = tuple(p for p, scope in enumerate(asked) if not scope & ~self.kept)
        kept = self.shape(self.kept, self.kept, batch=False)
        return Program(tuple(steps), final, kept, rests, plain, peak)

    @staticmethod
    def _union(scopes: list[int]) -> int:
        return functools.reduce(int.__or__, scopes, 0)

    def _back(self, place: int, inputs: Meeting, cluster: int, scope: int) -> Any:
        others = tuple(x for x in inputs if x[0] != place)
        return place, others, self.axes(cluster, scope)

    def _asked(self, place: int, cluster: int, scope: int) -> tuple[int, Shape, Shape]:
        return place, self.axes(cluster, scope), self.shape(scope, scope, batch=False)


@functools.lru_cache(maxsize=2048)
def program(
    scopes: tuple[Names, ...],
    sizes: tuple[tuple[str, int], ...],
    kept: Names = (),
    *,
    asked: tuple[Names, ...] = (),
    batched: int = 0,
) -> Program:
    """Return how to sum out everything but the variables kept.

    Parameters
    ----------
    scopes
        The variables of each table, in the order of ``sizes``.
    sizes
        Each variable with its number of values; no others are named in the scopes.
    kept
        Variables that keep their axis, in the order of ``sizes``.
    asked
        Sets of variables whose joint weights :func:`beliefs` is to find; each for every value of
        the kept variables, whose axes are among those of the answer.
    batched
        How many tables, the last ones, have a long batch axis; they are multiplied last.
    """
    ranks = {name: place for place, (name, _) in enumerate(sizes)}

    def number(names: Names) -> int:
        return sum(1 << ranks[name] for name in names)

    fixed = number(kept)
    wanted = [number(names) | fixed for names in asked]
    last = frozenset(range(len(scopes) - batched, len(scopes)))
    compiler = _Compiler([size for _, size in sizes], fixed)
    return compiler.run([number(names) for names in scopes], wanted, last)


def total(way: Program, tables: Sequence[Table]) -> Table:
    """Return the sum over all assignments of the product of the tables, by kept variables.

    Shape: one axis for each kept variable, and the batch axis.
    """
    pool = list(tables)
    for step in way.steps:
        pool.append(np.add.reduce(_meet(pool, step.inputs), axis=step.axis))
        for place, _ in step.inputs:
            pool[place] = _EMPTY  # large tables go as soon as they are used
    found = _meet(pool, way.final)
    return np.broadcast_to(found, (*way.shape, found.shape[-1]))


def highest(way: Program, tables: Sequence[Table]) -> Table:
    """Return the highest sum of the tables, not their product, over all assignments.

    By kept variables: one axis for each of them, and the batch axis.
    """
    pool = list(tables)
    for step in way.steps:
        pool.append(np.maximum.reduce(_meet(pool, step.inputs, np.add), axis=step.axis))
    found = _meet(pool, way.final, np.add)
    return np.broadcast_to(found, (*way.shape, found.shape[-1]))


def beliefs(way: Program, tables: Sequence[Table]) -> list[Table]:
    """Return the joint weights of each set of variables asked for; no batch axis.

    Axes are those of the variables asked for and of the kept ones together, in order. The weights
    add up to the sum over all assignments, for each value of the kept variables.
    """
    pool = list(tables)
    for step in way.steps:
        pool.append(np.add.reduce(_meet(pool, step.inputs), axis=step.axis))
    found: dict[int, Table] = {}
    whole = np.broadcast_to(_meet(pool, way.final)[..., 0], way.shape)
    found |= dict.fromkeys(way.plain, whole)
    above = {place: _meet(pool, rest) for place, rest in way.ends}
    for step in reversed(way.steps):
        if not (step.back or step.asked):
            continue
        rest = np.expand_dims(above.pop(step.output), step.axis)
        for place, others, axes in step.back:
            above[place] = np.add.reduce(rest * _meet(pool, others), axis=axes)
        if step.asked:
            joint = rest * _meet(pool, step.inputs)
            for place, axes, shape in step.asked:
                found[place] = np.broadcast_to(np.add.reduce(joint, axis=axes)[..., 0], shape)
    return [found[place] for place in range(len(found))]


def _meet(pool: Sequence[Table], meeting: Meeting, join: np.ufunc = np.multiply) -> Table:
    """Return the product of tables (or what ``join`` makes of them), each in its shape."""
    if not meeting:
        return _ONE
    place, shape = meeting[0]
    table = pool[place].reshape(shape)
    for place, shape in meeting[1:]:
        table = join(table, pool[place].reshape(shape))
    return table


_EMPTY: Table = np.empty(0)
_ONE: Table = np.ones(1)


def size_of(names: Sequence[str], sizes: dict[str, int]) -> int:
    """Return the number of combinations of values."""
    return math.prod(sizes[name] for name in names)
