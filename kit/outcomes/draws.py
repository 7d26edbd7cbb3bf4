"""Sampled outcomes, quickly: worlds drawn by the block, counted and not kept.

Values are small whole numbers, so that an odds, a shift or a weight is one look-up in a table. A
block is small enough to stay in the processor's cache. What effects add to four measures is packed
into one whole number, 16 bits each, and added up in one go.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kit.errors import DecisionError
from kit.outcomes.effects import Group, Shifts, Sizes, open_groups, sizes_of
from kit.outcomes.elimination import Factor, Names, Table
from kit.outcomes.net import Net, even_where_dead
from kit.outcomes.results import Drawn, outcomes_of
from kit.outcomes.tables import Query, cut, dead_end, factors_of, mask_of, settled_by_plan
from kit.outcomes.types import Array, Outcome
from kit.scenario import Scenario

BLOCK = 8_192
_LANE = 16  # bits for one measure
_LANES = 4  # measures to a number
_MOST = 2**_LANE - 1

_SMALL = 2**16  # numbers below this fit the type of codes

Codes = Mapping[str, NDArray[np.uint16]]


def draw(scenario: Scenario, query: Query, n: int, rng: np.random.Generator) -> dict[str, Outcome]:
    """Return outcomes estimated from ``n`` weighted draws (likelihood weighting).

    Raises
    ------
    DecisionError
        What is known did not occur in any of the draws.
    ScenarioError
        A choice has no open option in some draw.
    """
    sampler = _Sampler(scenario, query)
    for start in range(0, n, BLOCK):
        sampler.block(min(BLOCK, n - start), rng)
    if not sampler.weight > 0:
        raise DecisionError("What is known did not occur in any of the samples.")
    return sampler.outcomes(n)


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """How one variable is drawn: the thresholds between its values, by values of its parents."""

    name: str
    parents: Names
    strides: tuple[int, ...]
    cells: int
    thresholds: tuple[NDArray[np.float32], ...]
    dead: NDArray[np.bool_] | None


@dataclass(slots=True, eq=False)
class _Scope:
    """Effects that look at some variables: what they add, packed, and how often each cell came."""

    names: Names
    strides: tuple[int, ...]
    shape: tuple[int, ...]
    packed: tuple[tuple[int, NDArray[np.uint64]], ...]
    loose: tuple[tuple[int, Array], ...]
    counts: Array


class _Sampler:
    """What a query needs to draw worlds, and what has been counted so far."""

    def __init__(self, scenario: Scenario, query: Query) -> None:
        self.scenario = scenario
        settled = settled_by_plan(scenario, query)
        full = factors_of(scenario, query)
        tables = {name: cut(scenario, factor, settled) for name, factor in full.items()}
        self.sizes = {n: len(v.domain) for n, v in scenario.variables.items() if n not in settled}
        self.variables = [_drawn(tables[name], name) for name in self.sizes]
        observed = [n for n in query.known if not query.sets(scenario.variables[n])]
        evidence = [*(tables[n] for n in observed), mask_of(scenario, query.given, settled)]
        self.evidence = [factor for factor in evidence if factor.names]
        self.constant = math.prod(
            (float(f.table.item()) for f in evidence if not f.names), start=1.0
        )
        self.groups = open_groups(scenario, settled)
        net = Net(self.sizes, {}, ())
        every = np.ones(len(scenario.effects), dtype=bool)
        self.shifts = Shifts.of(scenario, net, self.groups, every)
        self.units = [_unit(sizes) for sizes in sizes_of(scenario).values()]
        self.points = [self._points(column) for column in range(len(self.units))]
        self.scopes = self._scopes()
        self.histograms = [np.zeros(points) for points in self.points]
        self.loose: list[list[Array]] = [[] for _ in self.units]
        self.weights: list[Array] = []
        self.weight = self.squares = 0.0

    def _points(self, column: int) -> int:
        """Return the number of values a measure may take on its grid; 0 where it has none."""
        unit = self.units[column]
        points = 1 + round(float(self.shifts.on(column)[1][0]) / unit) if unit else 0
        return points if points <= _MOST else 0

    def _scopes(self) -> list[_Scope]:
        """Return what effects add, over as few sets of variables as hold all of them."""
        widest = sorted((names for names, *_ in self.shifts.tables), key=len, reverse=True)
        kept: list[Names] = []
        for names in widest:
            if not any(set(names) <= set(other) for other in kept):
                kept.append(names)
        homes: dict[Names, list[tuple[Names, Table]]] = {names: [] for names in kept}
        for names, table, *_ in self.shifts.tables:
            homes[next(other for other in kept if set(names) <= set(other))].append((names, table))
        return [self._scope(names, parts) for names, parts in homes.items()]

    def _scope(self, names: Names, parts: Sequence[tuple[Names, Table]]) -> _Scope:
        shape = tuple(self.sizes[name] for name in names)
        added = np.zeros((*shape, len(self.units)))
        for own, table in parts:
            wide = [self.sizes[name] if name in own else 1 for name in names]
            added = added + table.reshape(*wide, -1)
        flat = added.reshape(-1, len(self.units))
        lanes = np.zeros((math.ceil(len(self.units) / _LANES), len(flat)), dtype=np.uint64)
        loose = []
        for column, (unit, points) in enumerate(zip(self.units, self.points, strict=True)):
            if points:
                steps = np.rint(flat[:, column] / unit).astype(np.uint64)
                lanes[column // _LANES] += steps << np.uint64(_LANE * (column % _LANES))
            elif flat[:, column].any():
                loose.append((column, flat[:, column]))
        packed = tuple((lane, table) for lane, table in enumerate(lanes) if table.any())
        return _Scope(names, _strides(shape), shape, packed, tuple(loose), np.zeros(len(flat)))

    def block(self, n: int, rng: np.random.Generator) -> None:
        """Draw some worlds and count them."""
        codes: dict[str, NDArray[np.uint16]] = {}
        dead = np.zeros(n, dtype=bool)
        luck = np.empty(n, dtype=np.float32)
        for variable in self.variables:
            rng.random(dtype=np.float32, out=luck)
            row = None
            if variable.parents:
                row = _index(codes, variable.parents, variable.strides, variable.cells)
            narrow = len(variable.thresholds) < 256
            code: NDArray[Any] = np.zeros(n, dtype=np.uint8 if narrow else np.uint16)
            for threshold in variable.thresholds:
                above = luck >= (threshold if row is None else threshold.take(row))
                code += above.view(np.uint8)  # quicker than adding truth values
            codes[variable.name] = code.astype(np.uint16)
            if variable.dead is not None:
                dead |= variable.dead[0 if row is None else row]
        weights = self._weigh(codes, n)
        if dead.any() and (dead if weights is None else dead & (weights > 0)).any():
            raise dead_end()
        self._count(codes, weights, n)

    def _weigh(self, codes: Codes, n: int) -> Array | None:
        """Return the weights of some worlds, or None where all of them count alike."""
        if not self.evidence and self.constant > 0:
            self.weight += n
            self.squares += n
            return None
        weights = np.full(n, self.constant)
        for factor in self.evidence:
            row = _index(codes, factor.names, _strides(factor.table.shape[:-1]), factor.table.size)
            weights *= factor.table.ravel().take(row)
        self.weight += float(weights.sum())
        self.squares += float(weights @ weights)
        return weights

    def _count(self, codes: Codes, weights: Array | None, n: int) -> None:
        """Add up what effects do in some worlds."""
        sums: dict[int, NDArray[np.uint64]] = {}
        loose = {column: np.zeros(n) for column, points in enumerate(self.points) if not points}
        for scope in self.scopes:
            row = _index(codes, scope.names, scope.strides, len(scope.counts))
            scope.counts += np.bincount(row, weights, len(scope.counts))
            for lane, table in scope.packed:
                added = table.take(row)
                sums[lane] = np.add(sums[lane], added, out=sums[lane]) if lane in sums else added
            for column, values in scope.loose:
                loose[column] += values.take(row)
        for column, points in enumerate(self.points):
            if not points:
                continue
            lane, place = divmod(column, _LANES)
            if lane in sums:
                steps = (sums[lane] >> np.uint64(_LANE * place)) & np.uint64(_MOST)
                self.histograms[column] += np.bincount(steps.view(np.int64), weights, points)
            else:
                self.histograms[column][0] += n if weights is None else weights.sum()
        if loose:
            self.weights.append(np.ones(n) if weights is None else weights)
            for column, values in loose.items():
                self.loose[column].append(values)

    def outcomes(self, n: int) -> dict[str, Outcome]:
        """Return what was counted."""
        drawn = Drawn(n, self.weight**2 / self.squares)
        chances = self._chances()[None]
        found = {}
        for column, (measure, sizes) in enumerate(sizes_of(self.scenario).items()):
            base = self.shifts.base[0, column]
            if self.points[column]:
                values = base + self.units[column] * np.arange(self.points[column])
                weights = self.histograms[column] / self.weight
            else:
                values = base + np.concatenate(self.loose[column])
                weights = np.concatenate(self.weights) / self.weight
            (found[measure],) = outcomes_of(
                self.scenario, measure, values[None] / sizes.denominator, weights[None], chances,
                drawn,
            )  # fmt: skip
        return found

    def _chances(self) -> Array:
        """Return how often each effect held."""
        chances = np.zeros(len(self.scenario.effects))
        for group in self.groups:
            chances[group.effects] = group.masks.ravel() if not group.names else self._share(group)
        return chances

    def _share(self, group: Group) -> Array:
        for scope in self.scopes:
            if set(group.names) <= set(scope.names):
                axes = tuple(i for i, name in enumerate(scope.names) if name not in group.names)
                counts = scope.counts.reshape(scope.shape).sum(axis=axes).ravel() / self.weight
                return np.asarray(counts @ group.masks.reshape(counts.size, -1))
        return np.zeros(len(group.effects))


def _drawn(factor: Factor, name: str) -> _Way:
    """Return how a variable is drawn, from its chances given its parents."""
    filled, dead = even_where_dead(factor, name)
    axis = factor.names.index(name)
    parents = factor.names[:axis] + factor.names[axis + 1 :]
    rows = np.moveaxis(filled[..., 0], axis, -1)
    steps = rows.cumsum(axis=-1).astype(np.float32).reshape(-1, rows.shape[-1])
    thresholds = tuple(np.ascontiguousarray(steps[:, j]) for j in range(rows.shape[-1] - 1))
    shape = rows.shape[:-1]
    return _Way(
        name,
        parents,
        _strides(shape),
        len(steps),
        thresholds,
        dead.ravel() if dead.any() else None,
    )


def _strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(math.prod(shape[place + 1 :]) for place in range(len(shape)))


def _index(codes: Codes, names: Names, strides: tuple[int, ...], cells: int) -> NDArray[np.intp]:
    """Return the cell of each world in a table over some variables."""
    # Narrow numbers are quicker to multiply.
    kind = np.uint16 if cells <= _SMALL else np.intp
    row = np.multiply(codes[names[0]], kind(strides[0]), dtype=kind)
    for name, stride in zip(names[1:], strides[1:], strict=True):
        row += codes[name] if stride == 1 else np.multiply(codes[name], kind(stride), dtype=kind)
    return row.astype(np.intp)


def _unit(sizes: Sizes) -> int:
    """Return the largest step of which every size is a multiple; 0 where sizes have none."""
    return math.gcd(*sizes.whole) or int(len(sizes.whole) == len(sizes.effects))
