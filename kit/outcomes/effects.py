"""What effects add to measures: compiled from a scenario once, cut down to what is known."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from kit.outcomes.elimination import Factor, Names, Table
from kit.outcomes.net import Net, joint_chances
from kit.outcomes.tables import cut, mask_of
from kit.outcomes.types import Array
from kit.scenario import Assignment, Scenario

_DECIMALS = 1_000_000  # sizes are taken as fractions with denominators up to this
_WHOLE = 2**53  # whole numbers below this are exact as floats


@dataclass(frozen=True, slots=True, eq=False)
class Sizes:
    """The effects that move one measure.

    ``effects`` are their places in the scenario, ``names`` the assumptions they name, if any;
    ``low``, ``base`` and ``high`` their sizes, of shape (n,). Where sizes are decimals, the base
    sizes are also whole numbers: ``whole`` times ``1 / denominator``; else ``whole`` is empty.
    """

    effects: tuple[int, ...]
    names: tuple[str | None, ...]
    low: Array
    base: Array
    high: Array
    whole: tuple[int, ...]
    denominator: int


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Effects that look at the same variables.

    ``masks`` holds, over those variables, 1 where the condition of an effect is met; the last
    axis has one entry for each of ``effects``.
    """

    names: Names
    effects: NDArray[np.intp]
    masks: Table


@functools.lru_cache(maxsize=64)
def sizes_of(scenario: Scenario) -> dict[str, Sizes]:
    """Return the effects on each measure."""
    return {measure: _sizes(scenario, measure) for measure in scenario.measures}


def _sizes(scenario: Scenario, measure: str) -> Sizes:
    moved = [
        (place, effect.change[measure])
        for place, effect in enumerate(scenario.effects)
        if measure in effect.change
    ]
    values = {
        which: np.array([scenario.size(amount, which) for _, amount in moved], dtype=np.float64)
        for which in ("low", "base", "high")
    }
    exact = [Fraction(size).limit_denominator(_DECIMALS) for size in values["base"].tolist()]
    denominator = math.lcm(*(size.denominator for size in exact))
    whole = tuple(int(size * denominator) for size in exact)
    fits = sum(map(abs, whole)) < _WHOLE
    return Sizes(
        tuple(place for place, _ in moved),
        tuple(amount if isinstance(amount, str) else None for _, amount in moved),
        **values,
        whole=whole if fits else (),
        denominator=denominator if fits else 1,
    )


@functools.lru_cache(maxsize=64)
def _changes(scenario: Scenario) -> Array:
    """Return what each effect adds to each measure, in whole steps where there are any.

    Shape (effects, measures); the length of a step is one over the measure's denominator.
    """
    changes = np.zeros((len(scenario.effects), len(scenario.measures)))
    for column, sizes in enumerate(sizes_of(scenario).values()):
        changes[list(sizes.effects), column] = sizes.whole or sizes.base
    return changes


@functools.lru_cache(maxsize=64)
def base_changes(scenario: Scenario) -> Array:
    """Return what each effect adds to each measure, shape (effects, measures)."""
    return _changes(scenario) / [sizes.denominator for sizes in sizes_of(scenario).values()]


@functools.lru_cache(maxsize=64)
def groups_of(scenario: Scenario) -> tuple[Group, ...]:
    """Return the effects of a scenario, grouped by the variables they look at."""
    found: dict[Names, list[tuple[int, Table]]] = {}
    for place, effect in enumerate(scenario.effects):
        mask = mask_of(scenario, effect.when, {})
        found.setdefault(mask.names, []).append((place, mask.table))
    return tuple(
        Group(names, np.array([p for p, _ in rows]), np.concatenate([t for _, t in rows], axis=-1))
        for names, rows in found.items()
    )


def open_groups(scenario: Scenario, settled: Assignment) -> list[Group]:
    """Return the effects over the variables still open; those that cannot hold are left out."""
    found: dict[Names, Group] = {}
    for group in groups_of(scenario):
        part = cut(scenario, Factor(group.names, group.masks), settled)
        if not part.table.any():
            continue
        effects, masks = group.effects, part.table
        if other := found.get(part.names):
            effects = np.concatenate([other.effects, effects])
            masks = np.concatenate([other.masks, masks], axis=-1)
        found[part.names] = Group(part.names, effects, masks)
    return list(found.values())


def chances_of_effects(net: Net, groups: list[Group], number: int) -> Array:
    """Return the chance that each effect holds, for each value of the kept variable.

    Parameters
    ----------
    net
        The chances; at most one variable is kept.
    groups
        The effects over the variables still open; all others have no chance.
    number
        How many effects the scenario has.

    Returns
    -------
    Shape (k, number), k = 1 without a kept variable; not a number where tables would be too large.
    """
    (rows,) = net.shape or (1,)
    scopes = [group.names for group in groups if set(group.names) - set(net.kept)]
    joints = joint_chances(net, scopes)
    chances = np.zeros((rows, number))
    for group in groups:
        if not set(group.names) - set(net.kept):
            chances[:, group.effects] = group.masks
        elif (joint := joints.get(group.names)) is None:
            chances[:, group.effects] = np.nan
        else:
            chances[:, group.effects] = _weighed(net, group, joint, rows)
    return chances


def _weighed(net: Net, group: Group, joint: Table, rows: int) -> Table:
    """Return the weight of the worlds in which each effect of a group holds; shape (rows, n)."""
    if not net.kept:
        return joint.reshape(1, -1) @ group.masks.reshape(joint.size, -1)
    (name,) = net.kept
    order = list(net.sizes)
    place = sum(order.index(n) < order.index(name) for n in group.names)
    rest = (*range(place), *range(place + 1, joint.ndim))
    weights = joint.transpose(place, *rest).reshape(rows, -1)
    if name not in group.names:
        return np.asarray(weights @ group.masks.reshape(-1, group.masks.shape[-1]))
    masks = group.masks.transpose(place, *rest, joint.ndim)
    found = weights[:, None] @ masks.reshape(rows, -1, masks.shape[-1])
    return np.asarray(found[:, 0])


@dataclass(frozen=True, slots=True, eq=False)
class Shifts:
    """What each combination of values adds to the measures, beyond the lowest sum.

    ``base`` is that lowest sum, by value of the kept variable and measure: (k, measures).
    ``tables`` holds, for variables that make a difference, what they add, (..., measures), the
    most that they add, (k or 1, measures), and for each measure whether they add anything. All in
    the steps of :func:`_changes`.
    """

    base: Array
    tables: tuple[tuple[Names, Table, Array, tuple[bool, ...]], ...]

    @classmethod
    def of(cls, scenario: Scenario, net: Net, groups: list[Group], possible: Table) -> Shifts:
        """Return the shifts of all effects that have a chance at all.

        The fewer variables a measure hangs on, the smaller the tables.
        """
        changes = _changes(scenario) * possible[:, None]
        (rows,) = net.shape or (1,)
        base = np.zeros((rows, changes.shape[1]))
        tables = []
        for group in groups:
            table = group.masks @ changes[group.effects]
            axes = tuple(place for place, name in enumerate(group.names) if name not in net.kept)
            lowest = np.minimum.reduce(table, axis=axes, keepdims=True)
            base += lowest.reshape(-1, lowest.shape[-1])
            if axes:
                table = table - lowest
                highest = np.maximum.reduce(table, axis=axes).reshape(-1, table.shape[-1])
                moved = tuple(np.logical_or.reduce(highest, axis=0).tolist())
                tables.append((group.names, table, highest, moved))
        return cls(base, tuple(tables))

    def on(self, column: int) -> tuple[list[Factor], Array]:
        """Return the tables that make a difference to a measure, and the range of sums, (k,)."""
        ranges = np.zeros(len(self.base))
        found = []
        for names, table, highest, moved in self.tables:
            if moved[column]:
                ranges += highest[:, column]
                found.append(Factor(names, table[..., column]))
        return found, ranges
