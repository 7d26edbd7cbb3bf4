"""Free flight between two points of a sphere, in closed form.

The ellipse is symmetric about its highest point, so range and apogee fix it without iteration.
Anomalies count from the apogee: there the formulas of R. Bate, D. Mueller and J. White
(*Fundamentals of Astrodynamics*, Dover 1971, chapter 6) lose no digits, neither for a range near
zero nor for a straight climb.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kit.warning.earth import MU_KM3_S2, RADIUS_KM, Array

_NODES = 257
_STEPS = 3


@dataclass(frozen=True, slots=True)
class FreeFlight:
    """Ellipses from burnout to the same height on the other side; all arrays of one shape.

    ``speed`` and ``angle_rad`` are those at burnout, the angle above the horizontal;
    ``anomaly_rad`` is the eccentric anomaly at the end, counted from the apogee.
    """

    semi_major: Array
    eccentricity: Array
    speed: Array
    angle_rad: Array
    anomaly_rad: Array
    time: Array


def fit(
    range_rad: ArrayLike, apogee: ArrayLike, radius: float = RADIUS_KM, mu: float = MU_KM3_S2
) -> FreeFlight:
    """Return the ellipses of given range angle and height of apogee above burnout.

    Units are those of ``radius`` and ``mu``: km and s by default, canonical units as well. Bate,
    Mueller and White, equations 6.2-21 and 6.2-22.
    """
    half = np.asarray(range_rad, dtype=float) / 2
    height = np.asarray(apogee, dtype=float)
    sink = 2 * radius * np.sin(half / 2) ** 2  # radius less its part toward the apogee
    eccentricity = height / (height + sink)
    top = radius + height
    semi_major = top / (1 + eccentricity)
    speed = np.sqrt(mu * (2 / radius - 1 / semi_major))
    top_speed = np.sqrt(mu * np.maximum(2 / top - 1 / semi_major, 0))
    angle = np.arccos(np.clip(top * top_speed / (radius * speed), -1, 1))
    tangent = (1 + eccentricity) * (height + sink) / (2 * radius * np.cos(half / 2) ** 2)
    anomaly = 2 * np.arctan(np.sqrt(tangent))
    time = 2 * np.sqrt(semi_major**3 / mu) * (anomaly + eccentricity * np.sin(anomaly))
    return FreeFlight(semi_major, eccentricity, speed, angle, anomaly, time)


def energy_ratio(radius: ArrayLike, speed: ArrayLike, mu: float = MU_KM3_S2) -> Array:
    """Return Q, the squared speed in units of the squared circular speed at that radius."""
    return np.asarray(np.asarray(speed) ** 2 * np.asarray(radius) / mu, dtype=float)


def range_angle_rad(
    radius: ArrayLike, speed: ArrayLike, angle_rad: ArrayLike, mu: float = MU_KM3_S2
) -> Array:
    """Return the range angle of free flight from a state at burnout (equation 6.2-12)."""
    q, cos = energy_ratio(radius, speed, mu), np.cos(angle_rad)
    half = (1 - q * cos**2) / np.sqrt(1 + q * (q - 2) * cos**2)
    return np.asarray(2 * np.arccos(np.clip(half, -1, 1)), dtype=float)


def range_influence(
    radius: float, speed: float, angle_rad: float, mu: float = MU_KM3_S2
) -> tuple[float, float, float]:
    """Return how the range angle changes with radius, speed and angle at burnout (section 6.4)."""
    psi = float(range_angle_rad(radius, speed, angle_rad, mu))
    common = 4 * mu * np.sin(psi / 2) ** 2 / (speed**2 * radius * np.sin(2 * angle_rad))
    turn = 2 * np.sin(psi + 2 * angle_rad) / np.sin(2 * angle_rad) - 2
    return float(common / radius), float(2 * common / speed), float(turn)


def burnout_angles_rad(ratio: ArrayLike, range_rad: ArrayLike) -> tuple[Array, Array]:
    """Return the low and the high angle that reach a range with a given Q; nan when out of reach.

    From sin(2 angle + psi/2) = (2 - Q)/Q sin(psi/2), equation 6.2-16.
    """
    q, half = np.asarray(ratio, dtype=float), np.asarray(range_rad, dtype=float) / 2
    sine = (2 - q) / q * np.sin(half)
    with np.errstate(invalid="ignore"):
        turn = np.arcsin(np.where(sine > 1, np.nan, sine))
    return (turn - half) / 2, (np.pi - turn - half) / 2


def apogee_of(radius: ArrayLike, speed: ArrayLike, angle_rad: ArrayLike,
              mu: float = MU_KM3_S2) -> Array:  # fmt: skip
    """Return the height of the apogee above burnout."""
    q = energy_ratio(radius, speed, mu)
    eccentricity = np.sqrt(np.maximum(1 + q * (q - 2) * np.cos(angle_rad) ** 2, 0))
    return np.asarray(np.asarray(radius) * ((1 + eccentricity) / (2 - q) - 1), dtype=float)


def minimum_energy(range_rad: ArrayLike, radius: float = RADIUS_KM,
                   mu: float = MU_KM3_S2) -> tuple[Array, Array, Array]:  # fmt: skip
    """Return apogee above burnout, speed and angle in radians of the paths of least energy."""
    psi = np.asarray(range_rad, dtype=float)
    sin = np.sin(psi / 2)
    apogee = radius / 2 * (sin - 2 * np.sin(psi / 4) ** 2)
    speed = np.sqrt(mu / radius * 2 * sin / (1 + sin))
    return apogee, speed, (np.pi - psi) / 4


def anomalies_rad(mean_rad: Array, eccentricity: float, limit_rad: float = np.pi) -> Array:
    """Solve Kepler's equation, counted from the apogee: E + e sin E = M, for any shape of M.

    A table brackets every root, and Newton's step may not leave its bracket: a bare Newton step
    can diverge on a steep lofted path.
    """
    nodes = np.linspace(-limit_rad, limit_rad, _NODES)
    means = nodes + eccentricity * np.sin(nodes)
    mean = np.clip(mean_rad, means[0], means[-1])
    right = np.searchsorted(means, mean).clip(1, _NODES - 1)
    low, high = nodes[right - 1], nodes[right]
    found = low + (mean - means[right - 1]) / (means[right] - means[right - 1]) * (high - low)
    for _ in range(_STEPS):
        step = (found + eccentricity * np.sin(found) - mean) / (1 + eccentricity * np.cos(found))
        found = np.clip(found - step, low, high)
    return np.asarray(found, dtype=float)


@dataclass(frozen=True, slots=True)
class Arc:
    """One ellipse in space: its size, and the frame of its apogee in inertial axes.

    The rows of ``frame`` point to the apogee, along the motion there, and along the orbit normal.
    Times count from the launch end of the ellipse, in s; lengths are in km.
    """

    semi_major: float
    eccentricity: float
    half_time_s: float
    limit_rad: float
    frame: Array

    @property
    def mean_motion(self) -> float:
        """Return the mean motion in radians per second."""
        return float(np.sqrt(MU_KM3_S2 / self.semi_major**3))

    def _plane(self, time_s: Array) -> tuple[Array, Array, Array]:
        """Return the anomaly and the two coordinates in the plane."""
        mean = self.mean_motion * (time_s - self.half_time_s)
        anomaly = anomalies_rad(mean, self.eccentricity, self.limit_rad)
        minor = self.semi_major * np.sqrt(1 - self.eccentricity**2)
        x = self.semi_major * (self.eccentricity + np.cos(anomaly))
        return anomaly, x, minor * np.sin(anomaly)

    def positions_km(self, time_s: Array) -> Array:
        """Return inertial positions, shape (N, 3)."""
        _, x, y = self._plane(time_s)
        return np.stack([x, y], axis=-1) @ self.frame[:2]

    def velocities_km_s(self, time_s: Array) -> Array:
        """Return inertial velocities, shape (N, 3)."""
        anomaly, _, _ = self._plane(time_s)
        rate = self.mean_motion / (1 + self.eccentricity * np.cos(anomaly))
        minor = self.semi_major * np.sqrt(1 - self.eccentricity**2)
        across = np.stack([-self.semi_major * np.sin(anomaly), minor * np.cos(anomaly)], axis=-1)
        return np.asarray((across * rate[:, None]) @ self.frame[:2], dtype=float)

    def partials(self, time_s: Array) -> Array:
        """Return how positions change with six elements of the ellipse, shape (N, 3, 6).

        The elements are semi-major axis, eccentricity, time of apogee, direction of the apogee in
        the plane, and two tilts of the plane. They are a step on the way to the transition matrix.
        """
        a, e, n = self.semi_major, self.eccentricity, self.mean_motion
        anomaly, x, y = self._plane(time_s)
        sin, cos = np.sin(anomaly), np.cos(anomaly)
        root = np.sqrt(1 - e**2)
        dx, dy, per_mean = -a * sin, a * root * cos, 1 / (1 + e * cos)
        of_a = -1.5 * n / a * (time_s - self.half_time_s) * per_mean
        of_e, of_t = -sin * per_mean, -n * per_mean
        zero = np.zeros_like(x)
        local = np.stack([
            [x / a + dx * of_a, a + dx * of_e, dx * of_t, -y, zero, zero],
            [y / a + dy * of_a, -a * e / root * sin + dy * of_e, dy * of_t, x, zero, zero],
            [zero, zero, zero, zero, y, -x],
        ])  # fmt: skip
        return np.asarray(np.einsum("kj,kin->nji", self.frame, local), dtype=float)
