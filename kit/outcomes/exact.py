"""Exact distributions: a joint table where it is small, elimination where it is not.

The distribution of a sum of effects is found in the frequency domain. An effect that adds ``k``
steps to a measure multiplies the world's weight by a phase; summing the product of all chances and
phases over all worlds (by elimination, for all frequencies at once) gives the Fourier transform of
the distribution, and the inverse transform gives its weights, exact to about 1e-14.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from kit.outcomes.effects import Shifts, Sizes
from kit.outcomes.elimination import Factor, Names, Table, total
from kit.outcomes.net import PEAK_CELLS, Net, cells_of
from kit.outcomes.types import Array

JOINT_CELLS = 4_096
GRID_POINTS = 20_000
_NOISE = 1e-12
_ROOTS = 600  # points of grids whose phases are kept


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Distributions side by side, one row for each value of the kept variable.

    ``values`` and ``weights`` have the shape (k, n); a row's weights add up to 1.
    """

    values: Array
    weights: Array


def distribution(net: Net, shifts: Shifts, column: int, sizes: Sizes, unit: int) -> Spread | None:
    """Return what the effects add to a measure, or None where it is too large.

    Parameters
    ----------
    net
        The chances; at most one variable is kept.
    shifts
        What combinations of values add to the measures.
    column
        Which measure.
    sizes
        The sizes of the effects on it.
    unit
        The largest step, in those of the shifts, of which every size is a multiple; 0 for none.
    """
    tables, ranges = shifts.on(column)
    base = shifts.base[:, column, None]
    if unit:
        points = 1 + round(float(ranges.max()) / unit)
        steps = tables
        if unit != 1:
            steps = [Factor(table.names, np.rint(table.table / unit)) for table in tables]
        weights = _on_grid(net, steps, points)
        if weights is not None:
            values = (base + unit * np.arange(points)) / sizes.denominator
            return Spread(values, weights)
    names = net.reaching({name for table in tables for name in table.names})
    if cells_of(net, names) > JOINT_CELLS:
        return None
    values = (base + _added(net, names, tables)) / sizes.denominator
    return Spread(values, _joint(net, names))


def _on_grid(net: Net, shifts: list[Factor], points: int) -> Array | None:
    """Return the weights of the sums 0 to ``points`` - 1 of whole shifts, shape (k, points)."""
    names = net.reaching({name for shift in shifts for name in shift.names})
    if cells_of(net, names) <= JOINT_CELLS and points <= GRID_POINTS:
        weights = _joint(net, names)
        rows = len(weights)
        place = _added(net, names, shifts) + points * np.arange(rows)[:, None]
        flat = np.bincount(place.ravel().astype(np.intp), weights.ravel(), rows * points)
        return np.asarray(flat.reshape(rows, points), dtype=np.float64)
    factors = net.factors(names)
    way = net.program([*factors, *shifts], batched=len(shifts))
    waves = points // 2 + 1
    if points > GRID_POINTS or way.peak * waves > PEAK_CELLS:
        return None
    tables = [factor.table for factor in factors]
    tables += [_phases(points, shift.table) for shift in shifts]
    transform = total(way, tables)
    weights = np.fft.irfft(transform.reshape(-1, waves), points)
    whole = np.add.reduce(weights, axis=1, keepdims=True)
    weights[weights < _NOISE * whole] = 0.0
    return _shares(weights)


def _phases(points: int, steps: Table) -> Table:
    """Return the phase of each shift at each frequency: (*shape of the shifts, frequencies)."""
    if points <= _ROOTS:
        return _roots(points)[steps.astype(np.intp)]
    waves = -2j * np.pi / points * np.arange(points // 2 + 1)
    return np.asarray(np.exp(steps[..., None] * waves))


@functools.lru_cache(maxsize=64)
def _roots(points: int) -> Table:
    """Return the phases of all shifts on a grid at all frequencies."""
    turns = np.outer(np.arange(points), np.arange(points // 2 + 1)) % points
    return np.asarray(np.exp(-2j * np.pi / points * turns))


def _joint(net: Net, names: Names) -> Array:
    """Return the weights of all combinations of values, shape (k, cells), rows adding up to 1."""
    whole = _all(net, names)
    shape = [net.sizes[name] for name in whole]
    weights: Table = np.ones(shape)
    for factor in net.factors(names):
        weights = weights * _spread(factor.table[..., 0], factor.names, whole)
    return _shares(_rows(net, whole, weights))


def _added(net: Net, names: Names, shifts: Iterable[Factor]) -> Array:
    """Return the sum of the shifts for all combinations of values, shape (k, cells)."""
    whole = _all(net, names)
    values: Table = np.zeros([net.sizes[name] for name in whole])
    for shift in shifts:
        values = values + _spread(shift.table, shift.names, whole)
    return _rows(net, whole, values)


def _all(net: Net, names: Names) -> Names:
    return tuple(name for name in net.sizes if name in names or name in net.kept)


def _rows(net: Net, names: Names, table: Table) -> Array:
    """Return a table over all these names with the kept variable first, the rest in one axis."""
    if not net.kept:
        return np.asarray(table.reshape(1, -1))
    return np.moveaxis(table, names.index(net.kept[0]), 0).reshape(net.shape[0], -1)


def _shares(weights: Array) -> Array:
    """Return rows divided by their sums; rows of zeros stay as they are."""
    whole = np.add.reduce(weights, axis=1, keepdims=True)
    return weights / np.where(whole > 0, whole, 1.0)


def _spread(table: Table, own: Names, names: Names) -> Table:
    sizes = iter(table.shape)
    return table.reshape([next(sizes) if name in own else 1 for name in names])
