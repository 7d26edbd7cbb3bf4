"""Where the names of lines go: beside each line, where no other line is near."""

from __future__ import annotations

from typing import Any

import numpy as np

from kit.plots.warning import COUNTRIES, MISSILE, Array
from kit.warning import Study

LOWEST_KM = 1.0  # the foot of the axis of heights
SPOTS, WIDE = 48, 5  # places that are tried, and how many of them a name covers to each side
ENOUGH, CLOSE, STEEP = 0.6, 0.5, 4.0  # in powers of ten: free room, nearness, cost of a slope


def names(study: Study, until_s: float) -> list[dict[str, Any]]:
    """Return the names of the lines of heights as annotations, each where it is free to read.

    Parameters
    ----------
    study
        The flight.
    until_s
        How much of it is shown, in seconds since launch.
    """
    floors, path = study.floors, study.path
    time = np.linspace(0.02, 0.98, SPOTS) * min(until_s, path.flight_time_s)
    heights = [np.interp(time, floors.time_s, row, left=np.nan) for row in floors.height_km]
    heights.append(np.interp(time, path.time_s, path.height_km))
    logs = np.log10(np.maximum(heights, LOWEST_KM / 10))
    logs[logs < np.log10(2 * LOWEST_KM)] = np.nan  # off the axis, or nearly
    texts = [(f"{sign.short} line", sign.color) for sign in COUNTRIES.values()]
    made: list[dict[str, Any]] = []
    taken: list[tuple[float, float]] = []
    for place, (text, color) in enumerate([*texts, ("The missile", MISSILE)]):
        free = _room(logs, place)
        for x, y in taken:
            near = (np.abs(time - x) < time[-1] / 4) & (np.abs(logs[place] - y) < CLOSE)
            free[:, near] -= 1.0
        side, at = np.unravel_index(int(np.argmax(np.minimum(free, ENOUGH))), free.shape)
        if free[side, at] > -np.inf:
            taken.append((float(time[at]), float(logs[place, at])))
            made.append(_name(text, *taken[-1], color, above=bool(side)))
    return made


def _room(logs: Array, place: int) -> Array:
    """Return how free a line is of others, below and above, shape (2, SPOTS)."""
    apart = np.delete(logs, place, axis=0) - logs[place]
    below, above = np.where(apart <= 0, -apart, np.inf), np.where(apart >= 0, apart, np.inf)
    free = np.stack([np.nan_to_num(side, nan=np.inf).min(axis=0) for side in (below, above)])
    free -= STEEP * np.abs(np.nan_to_num(np.gradient(logs[place])))
    free = np.min([np.roll(free, by, axis=1) for by in range(-WIDE, WIDE + 1)], axis=0)
    free[:, :WIDE] = free[:, -WIDE:] = -np.inf
    free[:, np.isnan(logs[place])] = -np.inf
    return np.asarray(free)


def _name(text: str, time_s: float, log_km: float, color: str, above: bool) -> dict[str, Any]:
    return {"text": text, "x": time_s / 60, "y": log_km, "xref": "x", "yref": "y",
            "showarrow": False, "font": {"size": 12, "color": color},
            "yanchor": "bottom" if above else "top", "yshift": 3 if above else -3}  # fmt: skip
