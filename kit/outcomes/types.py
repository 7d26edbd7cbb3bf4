"""The distribution of a measure, and how it is made from weighted values."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kit.scenario import Scenario

Array = NDArray[np.float64]

Share = tuple[int, float | str, float]  # place of an effect, its size, the chance that it holds

_DIGITS = 9  # values closer than this are one value: sums of decimals differ in the last bits


@dataclass(frozen=True, slots=True)
class Part:
    """What one effect adds to the mean of a measure.

    ``probability`` is the chance that its condition holds; ``mean``, ``low`` and ``high`` are in
    the measure's unit, at the base, lowest and highest value of the assumption it names.
    """

    effect: int
    assumption: str | None
    probability: float
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The distribution of one measure at the end of the exercise.

    ``values`` (sorted) and ``weights`` (adding up to 1), both of shape (k,), are the distribution
    over chance with all assumptions at base. ``low`` and ``high`` bound the mean when every
    assumption may lie anywhere in its range. ``method`` is ``exact`` or ``sampled``; sampled
    results carry the number of samples and the standard error of the mean.
    """

    measure: str
    mean: float
    sd: float
    low: float
    high: float
    values: Array
    weights: Array
    parts: tuple[Part, ...]
    method: str
    samples: int = 0
    standard_error: float = 0.0

    def quantile(self, share: float) -> float:
        """Return the smallest value whose cumulative weight reaches ``share`` (0 to 1)."""
        place = int(np.searchsorted(np.cumsum(self.weights), share - 1e-12))
        return float(self.values[min(place, len(self.values) - 1)])  # the sum may fall short of 1

    @property
    def p10(self) -> float:
        """Return the value that one play in ten stays at or below."""
        return self.quantile(0.1)

    @property
    def p50(self) -> float:
        """Return the median."""
        return self.quantile(0.5)

    @property
    def p90(self) -> float:
        """Return the value that nine plays in ten stay at or below."""
        return self.quantile(0.9)


@functools.lru_cache(maxsize=1024)
def amounts(scenario: Scenario, measure: str) -> tuple[tuple[int, float | str], ...]:
    """Return the effects that move a measure: (place in the scenario, number or assumption)."""
    return tuple(
        (index, effect.change[measure])
        for index, effect in enumerate(scenario.effects)
        if measure in effect.change
    )


def summarize(
    scenario: Scenario,
    measure: str,
    values: Array,
    weights: Array,
    shares: list[Share],
) -> Outcome:
    """Return the outcome of a weighted list of values, equal values merged.

    ``shares`` gives, for each effect on the measure, its place, its size and the chance that it
    holds. The weights must add up to 1.
    """
    kept = weights > 0
    merged, place = np.unique(np.round(values[kept], _DIGITS), return_inverse=True)
    merged_weights = np.bincount(place, weights[kept], len(merged)).astype(np.float64, copy=False)
    mean = float(merged @ merged_weights)
    parts = tuple(_part(scenario, index, amount, chance) for index, amount, chance in shares)
    base = scenario.measures[measure].start
    return Outcome(
        measure=measure,
        mean=mean,
        sd=math.sqrt(max(0.0, float(((merged - mean) ** 2) @ merged_weights))),
        low=base + _bound(scenario, parts, min),
        high=base + _bound(scenario, parts, max),
        values=merged,
        weights=merged_weights,
        parts=parts,
        method="exact",
    )


def _part(scenario: Scenario, index: int, amount: float | str, chance: float) -> Part:
    low, base, high = (chance * size for size in _sizes(scenario, amount))
    name = amount if isinstance(amount, str) else None
    return Part(index, name, chance, base, min(low, base, high), max(low, base, high))


@functools.lru_cache(maxsize=4096)
def _sizes(scenario: Scenario, amount: float | str) -> tuple[float, float, float]:
    """Return the lowest, the base and the highest value of an effect's size."""
    low, base, high = (scenario.size(amount, which) for which in ("low", "base", "high"))
    return low, base, high


def _bound(
    scenario: Scenario, parts: tuple[Part, ...], pick: Callable[[float, float], float]
) -> float:
    """Return the lowest or highest sum of the parts; effects of one assumption move together."""
    chance: dict[str, float] = {}
    fixed = 0.0
    for part in parts:
        if part.assumption is None:
            fixed += part.mean
        else:
            chance[part.assumption] = chance.get(part.assumption, 0.0) + part.probability
    for name, p in chance.items():
        low, _, high = _sizes(scenario, name)
        fixed += pick(p * low, p * high)
    return fixed
