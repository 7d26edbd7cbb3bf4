"""How well radars can know where a missile will fall: the bound of information.

The state is position and velocity at burnout. A look measures range, azimuth and elevation; what
it tells is an information matrix, and information of several looks and several countries adds, so
sharing can never make the bound worse. Without process noise the bound is the posterior
Cramer-Rao bound (P. Tichavsky, C. Muravchik, A. Nehorai, IEEE Transactions on Signal Processing
46, 1998, 1386). Looks at a burning missile count for detection only: its impact
point is still open.

Bias, manoeuvre and false tracks are left out, so the ellipse is the least possible one and is to
be drawn as a band.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kit.warning import earth
from kit.warning.checks import above_zero
from kit.warning.detection import Looks
from kit.warning.earth import OMEGA_RAD_S, Array
from kit.warning.flight import Path
from kit.warning.stations import Sensors

AXIS_95 = float(np.sqrt(-2 * np.log(0.05)))  # semi-axis of the 95 percent ellipse, in sigmas
MIN_LOOKS = 3  # no ellipse before so many
BAND = 2.0  # draw from the bound to so many times the bound; our choice
PRIOR_POSITION_KM, PRIOR_SPEED_KM_S = 50.0, 1.0  # what is known at burnout without any radar

_ROWS, _COLUMNS = np.triu_indices(6)
_A, _B = np.triu_indices(3)


def line_of_sight_information(sight: Array, distance_km: Array, range_error_m: ArrayLike,
                              angle_error_mrad: ArrayLike) -> Array:  # fmt: skip
    """Return what n looks tell about position, in 1/km2: upper triangles, shape (n, 6).

    With an azimuth error of angle error over cosine of elevation, both angles have the same error
    across the line of sight, and no direction is special: I w + u u' (v - w), where v and w are
    the weights along and across it.
    """
    along = 1 / (np.asarray(range_error_m) / 1e3) ** 2
    across = 1 / (distance_km * np.asarray(angle_error_mrad) / 1e3) ** 2
    outer = sight[:, _A] * sight[:, _B]
    told = outer * (along - across)[:, None] + (_A == _B) * across[:, None]
    return np.asarray(told, dtype=float)


def measurement_information(position: Array, range_error: float, azimuth_error: float,
                            elevation_error: float) -> Array:  # fmt: skip
    """Return what looks from the origin tell about positions (n, 3), shape (n, 3, 3).

    The errors of azimuth and elevation are in radians, each the same everywhere; the error of
    range is in the unit of the positions, whose third axis points up.
    """
    above_zero("The range error", range_error, 1e9, "")
    x, y, z = position.T
    flat, far = np.hypot(x, y), np.linalg.norm(position, axis=1)
    zero = np.zeros_like(x)
    jacobian = np.stack([
        np.stack([x / far, y / far, z / far], axis=1) / range_error,
        np.stack([-y / flat**2, x / flat**2, zero], axis=1) / azimuth_error,
        np.stack([-x * z / (flat * far**2), -y * z / (flat * far**2), flat / far**2], axis=1)
        / elevation_error,
    ], axis=1)  # fmt: skip
    return jacobian.transpose(0, 2, 1) @ jacobian


def posterior_bound(prior: Array, transition: Array, process_noise: Array,
                    information: Array) -> Array:  # fmt: skip
    """Return the bound on a state after each update, shape (n, d, d), with process noise.

    Parameters
    ----------
    prior
        Covariance before the first step, shape (d, d).
    transition, process_noise
        How the state moves from one update to the next, and the covariance added: (d, d).
    information
        What each update tells about the state, shape (n, d, d).
    """
    covariance, found = prior, []
    for told in information:
        ahead = transition @ covariance @ transition.T + process_noise
        covariance = np.linalg.inv(np.linalg.inv(ahead) + told)
        found.append(covariance)
    return np.stack(found)


def transitions(path: Path, time_s: Array) -> Array:
    """Return how Earth-fixed positions follow from the state at burnout, shape (N, 3, 6).

    Times count from launch, at burnout or later. This is the upper half of the Kepler transition
    matrix, from the partial derivatives of the ellipse.
    """
    delay = path.half_burn_s
    flying = time_s - delay
    step = 0.05
    burnout = np.array([delay - step, delay, delay + step])
    partials = path.arc.partials(np.concatenate([burnout, flying]))
    start = np.concatenate([partials[1], (partials[2] - partials[0]) / (2 * step)])
    moved = partials[3:] @ np.linalg.inv(start)
    cos, sin = np.cos(OMEGA_RAD_S * flying), np.sin(OMEGA_RAD_S * flying)
    found = moved.copy()
    found[:, 0] = cos[:, None] * moved[:, 0] + sin[:, None] * moved[:, 1]
    found[:, 1] = cos[:, None] * moved[:, 1] - sin[:, None] * moved[:, 0]
    return found


def impact_gradient(path: Path, rate: Array) -> Array:
    """Return how the impact point moves east and north, in km, with the state: (2, 6).

    ``rate`` is the transition to the time of impact, shape (3, 6).
    """
    flying = np.array([path.flight_time_s - path.half_burn_s])
    moment = -OMEGA_RAD_S * flying
    place = earth.turned(path.arc.positions_km(flying), moment)[0]
    motion = earth.turned(path.arc.velocities_km_s(flying), moment)[0]
    motion = motion - np.cross([0.0, 0.0, OMEGA_RAD_S], place)
    up = place / np.linalg.norm(place)
    later = -(up @ rate) / (up @ motion)
    axes = earth.local_axes(path.impact_lat_deg, path.impact_lon_deg)
    return np.asarray(axes[:2] @ (rate + np.outer(motion, later)), dtype=float)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the radars of C countries have told by L instants, as sums of information.

    ``total`` holds upper triangles in time order, shape (C, L + 1, 21), ``looks`` how many looks
    they come from, (C, L + 1); the first entry is nothing. ``gradient`` leads to the impact point.
    """

    time_s: Array
    total: Array
    looks: NDArray[np.intp]
    gradient: Array

    def at(self, time_s: ArrayLike, delay_s: Array) -> tuple[Array, NDArray[np.intp]]:
        """Return information and number of looks that a user has at times, shape (..., 21).

        ``delay_s``, shape (C,), is how late the data of each country arrive, infinite for never.
        """
        when = np.asarray(time_s, dtype=float)
        total = np.zeros((*when.shape, 21))
        looks = np.zeros(when.shape, dtype=np.intp)
        for country, delay in enumerate(delay_s):
            if np.isfinite(delay):
                place = np.searchsorted(self.time_s, when - delay + 1e-9, side="right")
                total += self.total[country, place]
                looks += self.looks[country, place]
        return total, looks


def knowledge(path: Path, looks: Looks, sensors: Sensors, countries: Sequence[str]) -> Knowledge:
    """Return what the radars of each country tell about the state at burnout, over time."""
    hit = looks.hit & ~path.burning & ~sensors.infrared[:, None]
    columns = np.flatnonzero(hit.any(axis=0))
    position = np.zeros((len(countries), len(columns), 6))
    count = np.zeros((len(countries), len(columns)), dtype=np.intp)
    for row, owner in enumerate(sensors.owners):
        at = np.flatnonzero(hit[row, columns])
        if owner not in countries or not len(at):
            continue
        far = looks.distance_km[row, columns[at]]
        sight = (path.position_km[columns[at]] - looks.place_km[row]) / far[:, None]
        told = line_of_sight_information(
            sight, far, sensors.range_error_m[row], sensors.angle_error_mrad[row]
        )
        position[countries.index(owner), at] += told
        count[countries.index(owner), at] += 1
    time = path.time_s[columns]
    *_, at_impact = rates = transitions(path, np.append(time, path.flight_time_s))
    rate = rates[:-1]
    products = rate[:, _A][:, :, _ROWS] * rate[:, _B][:, :, _COLUMNS]
    mixed = rate[:, _B][:, :, _ROWS] * rate[:, _A][:, :, _COLUMNS]
    products += np.where((_A == _B)[:, None], 0.0, mixed)
    told_of_state = np.einsum("cla,lak->clk", position, products)
    total = np.zeros((len(countries), len(columns) + 1, 21))
    np.cumsum(told_of_state, axis=1, out=total[:, 1:])
    seen = np.zeros((len(countries), len(columns) + 1), dtype=np.intp)
    np.cumsum(count, axis=1, out=seen[:, 1:])
    return Knowledge(time, total, seen, impact_gradient(path, at_impact))


def impact_covariance(information: Array, gradient: Array) -> Array:
    """Return the covariance of the impact point in km2, east and north, shape (..., 2, 2)."""
    full = np.zeros((*information.shape[:-1], 6, 6))
    full[..., _ROWS, _COLUMNS] = information
    full[..., _COLUMNS, _ROWS] = information
    prior = np.repeat([PRIOR_POSITION_KM, PRIOR_SPEED_KM_S], 3) ** -2.0
    full[..., range(6), range(6)] += prior
    scale = 1 / np.sqrt(full[..., range(6), range(6)])
    full *= scale[..., :, None] * scale[..., None, :]
    ahead = gradient * scale[..., None, :]
    return np.asarray(ahead @ np.linalg.solve(full, np.swapaxes(ahead, -1, -2)), dtype=float)


def axes_95(covariance: Array) -> tuple[Array, Array, Array]:
    """Return the long and short semi-axis in km and the bearing of the long one, in degrees."""
    east, north, both = covariance[..., 0, 0], covariance[..., 1, 1], covariance[..., 0, 1]
    middle, gap = (east + north) / 2, np.hypot((north - east) / 2, both)
    bearing = np.degrees(0.5 * np.arctan2(2 * both, north - east)) % 180
    long, short = middle + gap, np.maximum(middle - gap, 0)
    return AXIS_95 * np.sqrt(long), AXIS_95 * np.sqrt(short), bearing
