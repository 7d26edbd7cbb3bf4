"""From weighted values and chances of effects to outcomes: means, bounds, parts."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from kit.outcomes.effects import Sizes, sizes_of
from kit.outcomes.types import Array, Mean, Outcome, Part
from kit.scenario import Scenario

_part = functools.partial(tuple.__new__, Part)  # many parts: half the time of Part._make
_DIGITS = 9  # values closer than this are one value: sums of decimals differ in the last bits


@dataclass(frozen=True, slots=True)
class Drawn:
    """How results were sampled: the number of draws and how many even ones they are worth."""

    samples: int
    effective: float


def outcomes_of(
    scenario: Scenario,
    measure: str,
    values: Array,
    weights: Array,
    chances: Array,
    drawn: Drawn | None = None,
) -> list[Outcome]:
    """Return the outcomes of weighted values, one for each row.

    Parameters
    ----------
    scenario, measure
        What is measured.
    values, weights
        What the effects add, and how likely; shape (k, n), the weights of a row adding up to 1.
    chances
        The chance that each effect of the scenario holds, shape (k, effects).
    drawn
        How the weights were sampled; they are exact when absent.
    """
    start = scenario.measures[measure].start
    values = np.round(start + values, _DIGITS)
    ordered = bool((values[:, 1:] > values[:, :-1]).all())
    sizes = sizes_of(scenario)[measure]
    own = chances[:, sizes.effects]
    low, high = bounds(sizes, own)
    parts = _parts(sizes, own)
    found = []
    for row, (places, shares) in enumerate(zip(values, weights, strict=True)):
        kept = shares > 0
        points, mass = places[kept], shares[kept]
        if not ordered:
            points, mass = _merged(points, mass)
        mean = float(points @ mass)
        sd = float((points - mean) ** 2 @ mass) ** 0.5
        found.append(
            Outcome(
                measure=measure,
                mean=mean,
                sd=sd,
                low=start + low[row],
                high=start + high[row],
                values=points,
                weights=mass,
                parts=parts[row],
                method="sampled" if drawn else "exact",
                samples=drawn.samples if drawn else 0,
                standard_error=sd / drawn.effective**0.5 if drawn else 0.0,
            )
        )
    return found


def means(scenario: Scenario, measure: str, chances: Array) -> list[Mean]:
    """Return the exact means of a measure, one for each row of chances."""
    start = scenario.measures[measure].start
    sizes = sizes_of(scenario)[measure]
    own = chances[:, sizes.effects]
    low, high = bounds(sizes, own)
    middle = (own @ sizes.base).tolist()
    rows = zip(middle, low, high, strict=True)
    return [Mean(measure, start + m, start + a, start + b, "exact") for m, a, b in rows]


def plain(outcome: Outcome) -> Mean:
    """Return the mean of an outcome, without its distribution."""
    o = outcome
    return Mean(o.measure, o.mean, o.low, o.high, o.method, o.samples, o.standard_error)


def bounds(sizes: Sizes, chances: Array) -> tuple[list[float], list[float]]:
    """Return the lowest and highest sum of effects over the ranges of their assumptions.

    Effects of one assumption move together; as each counts with its chance, which is never below
    zero, all of them are lowest at the same end.
    """
    low, high = (pick(sizes.low, sizes.high) for pick in (np.minimum, np.maximum))
    return (chances @ low).tolist(), (chances @ high).tolist()


def _merged(values: Array, weights: Array) -> tuple[Array, Array]:
    """Return values in order, each once, with their weights."""
    merged, place = np.unique(values, return_inverse=True)
    return merged, np.bincount(place, weights, len(merged)).astype(np.float64, copy=False)


def _parts(sizes: Sizes, chances: Array) -> list[tuple[Part, ...]]:
    """Return what each effect adds to the mean, for each row of chances."""
    ends = np.stack([sizes.low, sizes.base, sizes.high])
    shown = np.stack([sizes.base, ends.min(axis=0), ends.max(axis=0)])
    rows = (chances[:, None, :] * shown).tolist()
    return [
        tuple(map(_part, zip(sizes.effects, sizes.names, chance, *row, strict=True)))
        for chance, row in zip(chances.tolist(), rows, strict=True)
    ]
