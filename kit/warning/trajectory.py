"""Ballistic paths from two published numbers, range and apogee, and how long they last.

Free flight is an ellipse (``orbit``). Two corrections make it a flight time: the Earth turns under
the path, and burning takes longer than the stretch of ellipse it replaces. With a mean net
acceleration a, the second adds half the burn, v / (2 a). The acceleration is a typical value set
before any flight was compared with it and is not tuned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kit.warning import earth, orbit
from kit.warning.checks import above_zero, within
from kit.warning.earth import OMEGA_RAD_S, RADIUS_KM, Array

ACCELERATION_KM_S2 = 0.028  # mean net acceleration while burning; an assumption, not tuned
LOFTED, DEPRESSED = 1.3, 0.7  # share of the apogee of least energy; the cut-offs are our choice
FLATTEST = 0.1  # the same for the flattest arc the model takes: it leaves at about six degrees
MAX_RANGE_KM, MAX_APOGEE_KM = 19_500.0, 20_000.0
AIR_KM, AIR_RANGE_KM = 80.0, 250.0  # below this apogee and beyond this range a path stays in air
NO_DIRECTION = "No direction is known: the Earth's rotation is left out of the flight time."
UNTRUSTED = {
    "quasi-ballistic": "The missile pulled up or steered in the air: an ellipse cannot show it.",
    "glide": "The warhead glided: an ellipse cannot show it.",
    "failed": "The flight failed before it was a free flight.",
    "slv": "A satellite launcher does not fall back on an ellipse.",
}
_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Launch:
    """What is known about one launch: where, in which direction, how far and how high.

    ``flags`` are reasons not to trust an ellipse, ``assumptions`` what was taken for granted; both
    are to be shown beside every result. They are completed on creation.

    Raises
    ------
    WarningModelError
        A value is no number or not possible; the message says what is.
    """

    name: str
    lat_deg: float
    lon_deg: float
    range_km: float
    apogee_km: float
    azimuth_deg: float | None = None
    flight_id: str = ""
    dynamics: str = "ballistic"
    flags: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_place(self.lat_deg, self.lon_deg)
        check_path(self.range_km, self.apogee_km)
        if self.azimuth_deg is not None:
            within("The direction", self.azimuth_deg, -360, 360, "deg")
        flags = dict.fromkeys(self.flags)
        if self.dynamics in UNTRUSTED:
            flags[UNTRUSTED[self.dynamics]] = None
        if self.apogee_km < AIR_KM and self.range_km > AIR_RANGE_KM:
            flags[
                f"A path of {self.range_km:g} km that rises to only {self.apogee_km:g} km stays "
                "in the air, where a missile can glide or pull up: the ellipse is too short in "
                "time and wrong in height."
            ] = None
        object.__setattr__(self, "flags", tuple(flags))
        if self.azimuth_deg is None:
            found = dict.fromkeys([*self.assumptions, NO_DIRECTION])
            object.__setattr__(self, "assumptions", tuple(found))

    @property
    def shape(self) -> str:
        """Return ``lofted``, ``near minimum energy`` or ``depressed``."""
        return str(shape_of(self.range_km, self.apogee_km))


def check_place(lat_deg: ArrayLike, lon_deg: ArrayLike) -> None:
    """Refuse latitudes and longitudes that are none."""
    within("The latitude", lat_deg, -90, 90, "deg")
    within("The longitude", lon_deg, -180, 360, "deg")


def check_path(range_km: ArrayLike, apogee_km: ArrayLike) -> None:
    """Refuse ranges and apogees between which there is no path of the model."""
    why = "Zero range has no direction of flight, and every direction leads to the antipode."
    distance = above_zero("The range", range_km, MAX_RANGE_KM, "km", why)
    height = above_zero("The apogee", apogee_km, MAX_APOGEE_KM, "km")
    low = FLATTEST * minimum_energy_apogee_km(distance)
    shown = ", ".join(f"{x:,.0f} km" for x in np.unique(distance)[:1])
    within("The apogee", height, low, MAX_APOGEE_KM, "km",
           f"A range of {shown} cannot be flown flatter outside the air."
           if distance.size == 1 else "Flatter paths stay inside the air.")  # fmt: skip


def minimum_energy_apogee_km(range_km: ArrayLike) -> Array:
    """Return the apogee of the path that needs the least speed for a range.

    Examples
    --------
    >>> print(f"{minimum_energy_apogee_km(5000):.0f} km")
    976 km
    """
    return orbit.minimum_energy(np.asarray(range_km, dtype=float) / RADIUS_KM)[0]


def shape_of(range_km: ArrayLike, apogee_km: ArrayLike) -> np.ndarray:
    """Return in words how high paths are compared with the path of least energy."""
    share = np.asarray(apogee_km, dtype=float) / minimum_energy_apogee_km(range_km)
    words = np.where(share < DEPRESSED, "depressed", "near minimum energy")
    return np.where(share > LOFTED, "lofted", words)


@dataclass(frozen=True, slots=True)
class Timing:
    """Times of paths in s, their speed at burnout in km/s, and the ellipses; broadcast arrays.

    ``end`` is latitude and longitude of the impact, where directions are known.
    """

    free_flight_s: Array
    half_burn_s: Array
    total_s: Array
    speed_km_s: Array
    range_rad: Array
    ellipse: orbit.FreeFlight
    end: tuple[Array, Array] | None = None


def timing(range_km: ArrayLike, apogee_km: ArrayLike, launch_lat: ArrayLike, launch_lon: ArrayLike,
           azimuth_deg: ArrayLike | None = None, *, rotation: bool = True,
           burn: bool = True) -> Timing:  # fmt: skip
    """Return the times of paths with rotation and half-burn, each of which can be left out.

    Raises
    ------
    WarningModelError
        A value is no number or not possible.
    """
    check_path(range_km, apogee_km)
    check_place(launch_lat, launch_lon)
    if azimuth_deg is None or not rotation:
        fields = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (
            range_km, apogee_km, launch_lat, launch_lon)))  # fmt: skip
        psi, end = fields[0] / RADIUS_KM, None
        ellipse = orbit.fit(psi, fields[1])
    else:
        within("The direction", azimuth_deg, -360, 360, "deg")
        psi, ellipse, end = _rotating(*np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (
            range_km, apogee_km, launch_lat, launch_lon, azimuth_deg))))  # fmt: skip
    half_burn = ellipse.speed / (2 * ACCELERATION_KM_S2) if burn else np.zeros_like(psi)
    total = ellipse.time + half_burn
    return Timing(ellipse.time, half_burn, total, ellipse.speed, psi, ellipse, end)


def _rotating(distance: Array, apogee: Array, lat: Array, lon: Array, azimuth: Array
              ) -> tuple[Array, orbit.FreeFlight, tuple[Array, Array]]:  # fmt: skip
    """Return the inertial range angle, found by fixed point, its ellipse and its end."""
    landed = earth.destination(lat, lon, azimuth, distance)
    start = earth.positions_km(lat, lon) / RADIUS_KM
    end = earth.positions_km(*landed) / RADIUS_KM
    time = np.zeros(distance.shape)
    for _ in range(_ROUNDS):
        moved = earth.turned(end, OMEGA_RAD_S * time)
        psi = 2 * np.arcsin(np.minimum(np.linalg.norm(moved - start, axis=-1) / 2, 1))
        ellipse = orbit.fit(psi, apogee)
        if np.all(np.abs(ellipse.time - time) < 1e-7):
            break
        time = ellipse.time
    return psi, ellipse, landed


def flight_time_s(range_km: ArrayLike, apogee_km: ArrayLike, launch_lat: ArrayLike,
                  launch_lon: ArrayLike, azimuth_deg: ArrayLike | None = None, *,
                  rotation: bool = True, burn: bool = True) -> Array:  # fmt: skip
    """Return flight times in seconds from launch to impact.

    Parameters
    ----------
    range_km, apogee_km, launch_lat, launch_lon
        Ground distance and greatest height in km, launch point in degrees; all broadcast.
    azimuth_deg
        Direction of flight in degrees clockwise from north. None when it is not known: then the
        rotation of the Earth is left out, as for a path along a meridian.
    rotation, burn
        Whether the Earth turns, and whether half the burn is added.

    Raises
    ------
    WarningModelError
        A value is no number or not possible.

    Examples
    --------
    >>> print(f"{flight_time_s(1001.2, 7687.5, 39.11, 126.0, 62):.0f} s")
    5166 s
    """
    return timing(range_km, apogee_km, launch_lat, launch_lon, azimuth_deg,
                  rotation=rotation, burn=burn).total_s  # fmt: skip
