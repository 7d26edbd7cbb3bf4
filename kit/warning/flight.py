"""Where a missile is at every moment, and the same launch aimed elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np

from kit.errors import WarningModelError
from kit.warning import earth, orbit, trajectory
from kit.warning.checks import within
from kit.warning.earth import OMEGA_RAD_S, RADIUS_KM, Array, Mask
from kit.warning.trajectory import Launch, Timing

MAX_STEPS = 100_000


@dataclass(frozen=True)
class Path:
    """A launch over time: arrays of shape (N,) or, for Earth-fixed positions, (N, 3).

    Before burnout the height is drawn as a smooth curve that meets the ellipse; do not read exact
    heights there. ``arc`` is the ellipse, whose clock starts ``half_burn_s`` after launch.
    """

    launch: Launch
    time_s: Array
    position_km: Array
    height_km: Array
    burning: Mask
    flight_time_s: float
    free_flight_s: float
    half_burn_s: float
    speed_km_s: float
    impact_lat_deg: float
    impact_lon_deg: float
    arc: orbit.Arc

    @property
    def burn_s(self) -> float:
        """Return when the motor stops."""
        return 2 * self.half_burn_s

    @property
    def step_s(self) -> float:
        """Return the time between two positions."""
        return float(self.time_s[1] - self.time_s[0])

    @cached_property
    def lat_deg(self) -> Array:
        """Return the latitude below the missile."""
        return earth.coordinates(self.position_km)[0]

    @cached_property
    def lon_deg(self) -> Array:
        """Return the longitude below the missile."""
        return earth.coordinates(self.position_km)[1]

    @cached_property
    def downrange_km(self) -> Array:
        """Return the distance along the ground from the launch point, on the sphere."""
        ground = self.position_km / (self.height_km + RADIUS_KM)[:, None]
        chord = np.linalg.norm(ground - ground[0], axis=1)
        return np.asarray(2 * RADIUS_KM * np.arcsin(np.minimum(chord / 2, 1)), dtype=float)


def fly(launch: Launch, step_s: float = 1.0, until_s: float | None = None,
        found: Timing | None = None) -> Path:  # fmt: skip
    """Return where a missile is at every step from launch to impact, or to ``until_s``.

    ``found`` is its timing where that is known already.

    Raises
    ------
    WarningModelError
        The direction is not known, or there would be too many steps.
    """
    found = timings([launch])[0] if found is None else found
    lat, lon = launch.lat_deg, launch.lon_deg
    total, delay = float(found.total_s), float(found.half_burn_s)
    within("The time step", step_s, total / MAX_STEPS, total / 2, "s")
    end_s = total if until_s is None else min(total, until_s)
    within("The end", end_s, step_s, total, "s")
    impact = found.end or earth.destination(lat, lon, launch.azimuth_deg or 0, launch.range_km)
    pad = earth.positions_km(lat, lon)
    arc = _arc(found, pad, earth.positions_km(*impact))
    time = np.arange(int(np.floor(end_s / step_s)) + 1, dtype=np.float64) * float(step_s)
    position = _positions(arc, time, delay, pad)
    return Path(
        launch, time, position, earth.heights_km(position), time < 2 * delay,
        total, float(found.free_flight_s), delay, float(found.speed_km_s), float(impact[0]),
        float(impact[1]), arc,
    )  # fmt: skip


def timings(launches: Sequence[Launch]) -> list[Timing]:
    """Return the timing of every launch, worked out together.

    Raises
    ------
    WarningModelError
        A direction is not known.
    """
    for launch in launches:
        if launch.azimuth_deg is None:
            raise WarningModelError(
                f"{launch.name} has no direction, so it cannot be drawn; give azimuth_deg, "
                "0 to 360."
            )
    columns = [np.array([float(getattr(launch, name)) for launch in launches]) for name in (
        "range_km", "apogee_km", "lat_deg", "lon_deg", "azimuth_deg")]  # fmt: skip
    every = trajectory.timing(*columns)
    ellipse = [getattr(every.ellipse, column.name) for column in fields(every.ellipse)]
    lats, lons = every.end or (np.array([]), np.array([]))
    return [
        Timing(every.free_flight_s[i], every.half_burn_s[i], every.total_s[i],
               every.speed_km_s[i], every.range_rad[i],
               orbit.FreeFlight(*(column[i] for column in ellipse)), (lats[i], lons[i]))
        for i in range(len(launches))
    ]  # fmt: skip


def _arc(found: Timing, start: Array, end: Array) -> orbit.Arc:
    """Return the ellipse in inertial axes that coincide with the Earth's when it starts."""
    first = start / np.linalg.norm(start)
    last = earth.turned(end / np.linalg.norm(end), OMEGA_RAD_S * float(found.free_flight_s))
    top, normal = first + last, np.cross(first, last)
    top, normal = top / np.linalg.norm(top), normal / np.linalg.norm(normal)
    frame = np.stack([top, np.cross(normal, top), normal])
    ellipse = found.ellipse
    return orbit.Arc(float(ellipse.semi_major), float(ellipse.eccentricity),
                     float(ellipse.time) / 2, float(ellipse.anomaly_rad), frame)  # fmt: skip


def _positions(arc: orbit.Arc, time: Array, delay: float, pad: Array) -> Array:
    """Return Earth-fixed positions: a smooth rise to burnout, then the ellipse."""
    flying = np.maximum(time, 2 * delay) - delay
    place = earth.turned(arc.positions_km(flying), -OMEGA_RAD_S * flying)
    boost = time < 2 * delay
    if boost.any():
        at_burnout = np.array([delay])
        burnout = earth.turned(arc.positions_km(at_burnout), -OMEGA_RAD_S * at_burnout)[0]
        share = (time[boost] / (2 * delay))[:, None] ** 2
        reach = np.linalg.norm(burnout)
        line = pad / RADIUS_KM * (1 - share) + burnout / reach * share
        height = (reach - RADIUS_KM) * share
        place[boost] = line / np.linalg.norm(line, axis=1)[:, None] * (RADIUS_KM + height)
    return place


def turned_on(launch: Launch, name: str, lat_deg: float, lon_deg: float) -> Launch:
    """Return the same launch aimed at a place: its apogee is kept if its speed allows.

    Raises
    ------
    WarningModelError
        The place is out of reach of this launch's speed.
    """
    distance, bearing = earth.distance_and_bearing(
        launch.lat_deg, launch.lon_deg, lat_deg, lon_deg
    )
    speed = float(orbit.fit(launch.range_km / RADIUS_KM, launch.apogee_km).speed)
    psi = distance / RADIUS_KM
    _, angle = orbit.burnout_angles_rad(orbit.energy_ratio(RADIUS_KM, speed), psi)
    if np.isnan(angle):
        need = float(orbit.minimum_energy(psi)[1])
        raise WarningModelError(
            f"{name} is {distance:,.0f} km away and needs {need:.1f} km/s; {launch.name} reached "
            f"{speed:.1f} km/s, so it is out of reach."
        )
    highest = float(orbit.apogee_of(RADIUS_KM, speed, angle))
    lowest = trajectory.FLATTEST * float(trajectory.minimum_energy_apogee_km(distance))
    apogee = max(min(launch.apogee_km, highest), lowest)
    return replace(launch, name=f"{launch.name}, aimed at {name}", range_km=distance,
                   apogee_km=apogee, azimuth_deg=bearing, flags=())  # fmt: skip
