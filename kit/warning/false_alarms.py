"""What surer warnings cost: seconds against area warned, by the ellipse a country waits for.

Waiting for a smaller ellipse warns fewer people in vain, and all of them later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kit.errors import WarningModelError
from kit.warning import earth, sharing, tracking
from kit.warning.checks import above_zero
from kit.warning.civil_warning import Civil, aim, radar_first_s, small_enough_s
from kit.warning.detection import Sight, look
from kit.warning.earth import Array
from kit.warning.flight import Path, fly
from kit.warning.records import COUNTRIES, Cities
from kit.warning.sharing import Delays
from kit.warning.stations import Sensors
from kit.warning.tracking import Knowledge
from kit.warning.trajectory import Launch


@dataclass(frozen=True, slots=True)
class Trade:
    """What waiting for a smaller ellipse costs and saves, for one city and policy, T thresholds.

    ``threshold_km`` is infinite for warning at the first track. ``warned_km2`` is the area of the
    ellipse at the time of the track, widened by the danger around it, nan where no ellipse exists
    yet and a whole country would be warned. ``in_vain`` are the cities inside it that are safe.
    """

    threshold_km: Array
    warning_s: Array
    warned_km2: Array
    in_vain: tuple[tuple[str, ...], ...]


def trade(launch: Launch, city: str, policy: str, threshold_km: Sequence[float], sensors: Sensors,
          cities: Cities, sight: Sight, delays: Delays, civil: Civil) -> Trade:  # fmt: skip
    """Return seconds of warning against area warned, by the ellipse a country waits for.

    Raises
    ------
    WarningModelError
        The city is out of reach, the path is no ellipse, or a threshold is not possible.
    """
    delay = sharing.delay_s(policy, delays)
    aimed = aim(launch, city, cities)
    if aimed.flags:
        raise WarningModelError(f"There is no ellipse for {aimed.name}. {aimed.flags[0]}")
    path = fly(aimed)
    looks = look(path, sensors, sight)
    told = tracking.knowledge(path, looks, sensors, COUNTRIES)
    user = COUNTRIES.index(cities.countries[cities.at(city)])
    first = float(sharing.earliest(radar_first_s(looks, sensors), delay)[user])
    limits = [np.inf, *sorted((float(x) for x in threshold_km), reverse=True)]
    seconds, areas, vain = [], [], []
    for limit in limits:
        time = first
        if np.isfinite(limit):
            above_zero("The ellipse to wait for", limit, 20_000, "km")
            time = max(first, small_enough_s(told, delay[:, user], limit, path))
        seen = time <= path.flight_time_s
        seconds.append(path.flight_time_s - time - civil.handling_s if seen else np.nan)
        area, inside = _warned(path, told, delay[:, user], time if seen else np.inf, cities, civil)
        areas.append(area)
        vain.append(tuple(name for name in inside if name != city))
    return Trade(np.array(limits), np.array(seconds), np.array(areas), tuple(vain))


def _warned(path: Path, told: Knowledge, delay: Array, time: float, cities: Cities,
            civil: Civil) -> tuple[float, tuple[str, ...]]:  # fmt: skip
    """Return the area warned at a time and the cities inside it."""
    if not np.isfinite(time):
        return np.nan, ()
    total, looks = told.at(time, delay)
    if looks < tracking.MIN_LOOKS:
        return np.nan, cities.ids
    covariance = tracking.impact_covariance(total, told.gradient)
    long, short, bearing = (
        float(x) + extra
        for x, extra in zip(
            tracking.axes_95(covariance), (civil.danger_km, civil.danger_km, 0.0), strict=True
        )
    )
    inside = []
    for place, name in enumerate(cities.ids):
        far, way = earth.distance_and_bearing(
            path.impact_lat_deg, path.impact_lon_deg,
            float(cities.lat_deg[place]), float(cities.lon_deg[place]),
        )  # fmt: skip
        turn = np.radians(way - bearing)
        if (far * np.cos(turn) / long) ** 2 + (far * np.sin(turn) / short) ** 2 <= 1:
            inside.append(name)
    return float(np.pi * long * short), tuple(inside)
