"""How low a radar can look: the curve of the Earth and the bending of its rays.

Three rules: ``ray-traced`` follows the ray through an atmosphere whose refractivity falls off
exponentially (313 N-units at the ground, 7 km scale); ``four-thirds`` enlarges the Earth, which
is apt to about 500 km and too kind beyond; ``none`` lets rays run straight.

The mask is counted from the radar's own horizon, so that a radar on a mountain looks past the
edge of the sea: a higher radar never sees less.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from kit.errors import WarningModelError, suggestion
from kit.warning.checks import finite, within
from kit.warning.earth import RADIUS_KM, Array

REFRACTION = {
    "ray-traced": "rays bent by an exponential atmosphere",
    "four-thirds": "an Earth of four thirds of the radius",
    "none": "straight rays",
}
SURFACE_N, SCALE_KM = 313e-6, 7.0
CEILING_KM = 45_000.0  # above every satellite of the model
_ROOT_STEP = 0.02  # in the square root of km, in which a grazing ray is smooth


def floor_km(distance_km: ArrayLike, radar_height_km: ArrayLike = 0.0, mask_deg: float = 0.0,
             refraction: str = "ray-traced") -> Array:  # fmt: skip
    """Return the lowest height a radar sees at ground distances, in km; distances broadcast.

    Parameters
    ----------
    distance_km
        Distance along the ground, in km, from 0 to 20,000.
    radar_height_km
        Height of the radar above the sea.
    mask_deg
        Least angle above the radar's horizon, from 0 to 45.
    refraction
        ``ray-traced``, ``four-thirds`` or ``none``.

    Raises
    ------
    WarningModelError
        A value is not possible.

    Examples
    --------
    >>> [f"{floor_km(1000, refraction=rule):.0f} km" for rule in REFRACTION]
    ['68 km', '59 km', '79 km']
    """
    within("The ground distance", distance_km, 0, np.pi * RADIUS_KM, "km")
    height = finite("The radar's height", radar_height_km, "km")
    angle = np.asarray(distance_km, dtype=float) / RADIUS_KM
    return floor_at(angle - horizon_rad(height, refraction), mask_deg, refraction)


def horizon_rad(radar_height_km: ArrayLike, refraction: str = "ray-traced") -> Array:
    """Return how far the horizon of a radar lies, as an angle at the center of the Earth."""
    height = within("The radar's height", radar_height_km, 0, CEILING_KM, "km")
    heights, angles = _table(0.0, _known(refraction))
    return np.interp(height, heights, angles)


def floor_at(past_horizon_rad: Array, mask_deg: float = 0.0,
             refraction: str = "ray-traced") -> Array:  # fmt: skip
    """Return the floor at angles counted from the radar's horizon; on this side of it, zero."""
    heights, angles = _table(float(mask_deg), _known(refraction))
    return np.interp(past_horizon_rad, angles, heights, left=0.0, right=np.inf)


def _known(refraction: str) -> str:
    if refraction not in REFRACTION:
        raise WarningModelError(
            f"There is no refraction {refraction!r}. {suggestion(str(refraction), REFRACTION)}"
        )
    return refraction


@lru_cache(maxsize=64)
def _table(mask_deg: float, refraction: str) -> tuple[Array, Array]:
    """Return heights, and how far a ray has come when it is so high; from the ground upward."""
    within("The elevation mask", mask_deg, 0, 45, "deg")
    root = np.arange(0.0, np.sqrt(CEILING_KM), _ROOT_STEP)
    heights = root**2
    mask = np.radians(mask_deg)
    if refraction != "ray-traced":
        radius = RADIUS_KM * (4 / 3 if refraction == "four-thirds" else 1.0)
        angle = np.arccos(radius * np.cos(mask) / (radius + heights)) - mask
        return heights, angle * radius / RADIUS_KM
    # Bouguer: n r cos(elevation) stays the same along a ray. Its angle is the integral of
    # dr / (r tan elevation); in the square root of height nothing is infinite at the ground.
    middle = root[:-1] + _ROOT_STEP / 2
    place = RADIUS_KM + middle**2
    ray = (1 + SURFACE_N * np.exp(-(middle**2) / SCALE_KM)) * place
    constant = (1 + SURFACE_N) * RADIUS_KM * np.cos(mask)
    slope = constant / (place * np.sqrt(ray**2 - constant**2)) * 2 * middle
    return heights, np.concatenate([[0.0], np.cumsum(slope) * _ROOT_STEP])
