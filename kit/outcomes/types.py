"""The distribution of a measure, and how it is made from weighted values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Part(NamedTuple):
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


class Bins(NamedTuple):
    """A histogram: ``edges`` of shape (n + 1,), and the share of all worlds in each bin, (n,)."""

    edges: Array
    weights: Array


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

    def histogram(self, bins: int = 20, ends: tuple[float, float] | None = None) -> Bins:
        """Return the distribution in bins of equal width.

        A bin holds its lower edge and not its upper one; the last bin holds both.

        Parameters
        ----------
        bins
            How many.
        ends
            Lowest and highest edge, for histograms that share an axis; those of the values when
            absent. Values outside are counted nowhere, so that the weights may add up to less
            than 1. Where both are one value, the bins reach half a unit to either side.

        Raises
        ------
        ValueError
            There is no bin, or the lowest edge lies above the highest.
        """
        low, high = ends if ends else (float(self.values[0]), float(self.values[-1]))
        if bins < 1 or low > high:
            raise ValueError("A histogram needs at least one bin, and ends in ascending order.")
        if low == high:
            low, high = low - 0.5, high + 0.5
        weights, edges = np.histogram(self.values, bins, (low, high), weights=self.weights)
        return Bins(edges, weights)


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of one measure alone, for scenarios too large for whole distributions.

    ``low`` and ``high`` bound it when every assumption may lie anywhere in its range. ``method``
    is ``exact`` or ``sampled``; sampled means carry the number of samples and the standard error.
    """

    measure: str
    mean: float
    low: float
    high: float
    method: str
    samples: int = 0
    standard_error: float = 0.0
