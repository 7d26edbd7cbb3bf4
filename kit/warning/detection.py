"""When a sensor sees a missile, and when it says so.

A radar sees what is within its range, above its horizon and mask, and inside its sector. It looks
at its own intervals and reports a track once it has hit several times in a few looks. An infrared
satellite sees the plume from the moment it rises above the clouds until burnout, and reports
launch point and rough heading after a delay, at its next scan; that is no track.

Ranges, sectors and intervals are assumptions for teaching, not equipment data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from kit.warning import earth, horizon
from kit.warning.checks import above_zero, within
from kit.warning.earth import RADIUS_KM, Array, Mask
from kit.warning.flight import Path
from kit.warning.stations import Sensors

Rows: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Sight:
    """How the model lets sensors see; all of it can be changed.

    ``hits`` of the last ``looks`` make a detection. ``range_factor`` multiplies every radar's
    range; by the radar equation it grows with the fourth root of an object's cross-section.

    Raises
    ------
    WarningModelError
        A value is not possible.
    """

    refraction: str = "ray-traced"
    hits: int = 2
    looks: int = 3
    cloud_top_km: float = 7.0
    infrared_delay_s: float = 30.0
    range_factor: float = 1.0

    def __post_init__(self) -> None:
        horizon.horizon_rad(0.0, self.refraction)
        within("The number of looks", self.looks, 1, 20, "looks")
        within("The number of hits", self.hits, 1, self.looks, "hits")
        within("The top of the clouds", self.cloud_top_km, 0, 20, "km")
        within("The delay of the infrared report", self.infrared_delay_s, 0, 600, "s")
        above_zero("The factor on ranges", self.range_factor, 10, "times")


def cross_section_factor(cross_section_m2: float, reference_m2: float = 1.0) -> float:
    """Return the factor on ranges for an object of another radar cross-section.

    Examples
    --------
    >>> cross_section_factor(0.0625)
    0.5
    """
    above_zero("The cross-section", cross_section_m2, 1e6, "m2")
    above_zero("The reference cross-section", reference_m2, 1e6, "m2")
    return float((cross_section_m2 / reference_m2) ** 0.25)


@dataclass(frozen=True, slots=True)
class Looks:
    """What S sensors see of one path of N steps; arrays of shape (S, N) unless said otherwise.

    ``visible`` is whether a sensor can see the missile, ``hit`` whether it looks in that very step
    as well. ``distance_km`` is the slant range, nan above the reach of all radars.
    ``first_s``, shape (S,), is when it reports, nan when never. ``place_km``, shape (S, 3), is
    where the sensor is, Earth-fixed.
    """

    visible: Mask
    hit: Mask
    distance_km: Array
    first_s: Array
    place_km: Array


@dataclass(frozen=True, slots=True)
class Watch:
    """Sensors with what does not change from path to path worked out once; see :func:`watch`."""

    sensors: Sensors
    sight: Sight
    up: Array
    middle: Array
    edge: Array
    center_km: Array
    reach_km: Array
    horizon_rad: Array
    infrared: Mask

    def look(self, path: Path) -> Looks:
        """Return what the sensors see of a path; arrays have a row for each sensor."""
        return self.look_at([path])[0]

    def look_at(self, paths: Sequence[Path]) -> list[Looks]:
        """Return what the sensors see of each path, all paths worked out together."""
        height = np.concatenate([path.height_km for path in paths])
        visible = np.zeros((len(self.sensors), len(height)), dtype=bool)
        distance = np.full(visible.shape, np.nan)
        # Above the reach of every radar there is nothing to see; most of a lofted flight is there.
        radars = (self.reach_km + self.sensors.height_km)[~self.infrared]
        low = np.flatnonzero(height <= radars.max(initial=0.0))
        position = np.concatenate([path.position_km for path in paths])[low]
        along = self.up @ position.T
        squared = self.center_km[:, None] ** 2 - 2 * self.center_km[:, None] * along
        distance[:, low] = np.sqrt(squared + (height[low] + RADIUS_KM) ** 2)
        # Only what is in range is worth the dear part: the sector and the horizon.
        row, step = np.nonzero(distance[:, low] <= self.reach_km[:, None])
        near, level = position[step], along[row, step]
        seen = height[low[step]] >= self.floor_km(row, near, level)
        seen &= self.ahead(row, near, level)
        visible[row[seen], low[step[seen]]] = True
        plume = np.concatenate([path.burning for path in paths])
        visible[self.infrared] = plume & (height >= self.sight.cloud_top_km)
        place = self.up * self.center_km[:, None]
        ends = np.cumsum([len(path.time_s) for path in paths])
        found = []
        for path, end in zip(paths, ends, strict=True):
            part = slice(end - len(path.time_s), end)
            hit, first = self._reports(path, visible[:, part])
            found.append(Looks(visible[:, part], hit, distance[:, part], first, place))
        return found

    def ahead(self, row: Rows, position: Array, along: Array) -> Mask:
        """Return which of n pairs of sensor and position are inside the sensor's sector."""
        toward = np.einsum("ij,ij->i", position, self.middle[row])
        flat = np.sqrt(np.maximum(np.einsum("ij,ij->i", position, position) - along**2, 0))
        return np.asarray(toward >= self.edge[row] * flat, dtype=bool)

    def floor_km(self, row: Rows, position: Array, along: Array) -> Array:
        """Return the lowest height that is seen, for n pairs of sensor and position."""
        radius = np.sqrt(np.einsum("ij,ij->i", position, position))
        past = np.arccos(np.clip(along / radius, -1, 1)) - self.horizon_rad[row]
        floor = np.empty(len(row))
        masks = self.sensors.mask_deg[row]
        for mask in np.unique(self.sensors.mask_deg):
            at = masks == mask
            floor[at] = horizon.floor_at(past[at], float(mask), self.sight.refraction)
        return floor

    def _reports(self, path: Path, visible: Mask) -> tuple[Mask, Array]:
        """Return in which steps sensors look and see, and when each reports a detection.

        A sensor looks in the first step at or after each of its instants.
        """
        hit, first = np.zeros_like(visible), np.full(len(visible), np.nan)
        every = np.maximum(self.sensors.revisit_s, path.step_s)
        for interval in np.unique(every):
            instants = np.arange(0, path.time_s[-1] + interval / 2, interval)
            steps = np.ceil(instants / path.step_s - 1e-9).astype(int)
            steps = steps[steps < len(path.time_s)]
            group = np.flatnonzero((every == interval) & ~self.infrared)
            seen = visible[np.ix_(group, steps)]
            hit[np.ix_(group, steps)] = seen
            hits = np.cumsum(seen, axis=1)
            hits[:, self.sight.looks :] -= hits[:, : -self.sight.looks].copy()
            enough = hits >= self.sight.hits
            when = path.time_s[steps[np.argmax(enough, axis=1)]]
            first[group] = np.where(enough.any(axis=1), when, np.nan)
        for row in np.flatnonzero(self.infrared & visible.any(axis=1)):
            ready = path.time_s[int(np.argmax(visible[row]))] + self.sight.infrared_delay_s
            first[row] = np.ceil(ready / every[row] - 1e-9) * every[row]
        return hit, first


def watch(sensors: Sensors, sight: Sight) -> Watch:
    """Return sensors ready to look at any number of paths."""
    axes = earth.local_axes(sensors.lat_deg, sensors.lon_deg)
    facing = np.radians(sensors.facing_deg)[:, None]
    edge = np.cos(np.radians(sensors.sector_deg) / 2)
    edge[sensors.sector_deg >= 360] = -2.0
    infrared = sensors.infrared
    return Watch(
        sensors, sight, axes[:, 2], axes[:, 0] * np.sin(facing) + axes[:, 1] * np.cos(facing),
        edge, RADIUS_KM + sensors.height_km,
        np.where(infrared, -1.0, sensors.range_km * sight.range_factor),
        horizon.horizon_rad(sensors.height_km, sight.refraction), infrared,
    )  # fmt: skip


def look(path: Path, sensors: Sensors, sight: Sight) -> Looks:
    """Return what sensors see of a path; arrays have a row for each sensor."""
    return watch(sensors, sight).look(path)


@dataclass(frozen=True, slots=True)
class Floors:
    """The lowest height at which some radar of a country sees, where the missile is.

    ``time_s`` has shape (M,), ``height_km`` (C, M), a row for each country; nan where none of its
    radars reaches so far or looks that way.
    """

    time_s: Array
    height_km: Array


def floors(path: Path, watching: Watch, countries: Sequence[str], points: int = 240) -> Floors:
    """Return the floors of countries' radars below or above a path, at a number of times."""
    step = np.unique(np.linspace(0, len(path.time_s) - 1, points).round().astype(int))
    ground = path.position_km[step] / (path.height_km[step] + RADIUS_KM)[:, None]
    along = watching.up @ ground.T
    near = np.arccos(np.clip(along, -1, 1)) * RADIUS_KM <= watching.reach_km[:, None]
    row, column = np.nonzero(near)
    pair = row, ground[column], along[row, column]
    every = np.full(along.shape, np.inf)
    every[row, column] = np.where(watching.ahead(*pair), watching.floor_km(*pair), np.inf)
    lowest = np.full((len(countries), len(step)), np.inf)
    for place, country in enumerate(countries):
        own = watching.sensors.owned_by(country)
        lowest[place] = every[own].min(axis=0, initial=np.inf)
    return Floors(path.time_s[step], np.where(np.isinf(lowest), np.nan, lowest))
