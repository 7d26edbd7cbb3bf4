"""The test cases of the table warning_cases, computed and judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from kit import tables
from kit.errors import WarningModelError
from kit.tables import Record
from kit.warning import earth, flight, horizon, orbit, records, trajectory
from kit.warning.trajectory import Launch

SHIP_KM = 0.02  # height of a ship's antenna
REPORT_ONLY = "report only"


@dataclass(frozen=True, slots=True)
class Result:
    """One case: what the model gives, and whether that is within the tolerance.

    ``values`` are in the order of the case's ``expected``; ``met`` is None where the case is for
    comparison only, or is proved by a test of its own.
    """

    case: Record
    values: tuple[float, ...]
    met: bool | None
    words: str

    @property
    def id(self) -> str:
        """Return the case's id."""
        return str(self.case["case_id"])


def results() -> tuple[Result, ...]:
    """Return the result of every case, in the order of the table.

    Raises
    ------
    DataError
        The table has problems.
    """
    return tuple(_KINDS[case["kind"]](case) for case in tables.records("warning_cases"))


def expected(case: Record) -> tuple[float, ...]:
    """Return the expected numbers of a case."""
    number = re.compile(r"[+-]?[0-9][0-9.]*(e[+-]?[0-9]+)?")
    first = (number.search(part) for part in case["expected"].split(";"))
    return tuple(float(found[0]) for found in first if found)


def _judged(case: Record, values: Sequence[float], allowed: Sequence[float]) -> Result:
    """Return a result whose values may be off by so much, in their own unit."""
    wanted = expected(case)
    met = all(abs(v - w) <= a for v, w, a in zip(values, wanted, allowed, strict=True))
    return Result(case, tuple(map(float, values)), met, "; ".join(f"{v:.6g}" for v in values))


def _textbook(case: Record) -> Result:
    values = _TEXTBOOK[case["case_id"]]()
    tolerance = float(case["tolerance"].split()[0])
    return _judged(case, values, [tolerance] * len(values))


def _bmw_290() -> tuple[float, float, float]:
    """Return semi-major axis, eccentricity and time of the problem on page 290."""
    radius, speed, top = 1.2, 2 / 3, 1.5
    sideways = top * np.sqrt(2 * (speed**2 / 2 - 1 / radius + 1 / top))
    angle = float(np.arccos(sideways / (radius * speed)))
    psi = orbit.range_angle_rad(radius, speed, angle, 1.0)
    found = orbit.fit(psi, top - radius, radius, 1.0)
    return float(found.semi_major), float(found.eccentricity), float(found.time)


def _bmw_291() -> tuple[float, float]:
    """Return range angle and high angle of the problem on page 291, in degrees."""
    a, b = earth.positions_km([30.0, -30.0], [60.0, -60.0]) / earth.RADIUS_KM
    psi = float(np.arccos(a @ b))
    _, high = orbit.burnout_angles_rad(orbit.energy_ratio(1.025, 1.0817, 1.0), psi)
    return float(np.degrees(psi)), float(np.degrees(high))


def _bmw_305() -> tuple[float, float, float]:
    return orbit.range_influence(1.1, 0.905, float(np.radians(30)), 1.0)


def _bmw_miss() -> float:
    of_radius, of_speed, of_angle = _bmw_305()
    return of_radius * 5e-4 + of_speed * -5e-5 + of_angle * -1e-4


def _bmw_243() -> float:
    radius = 6378.145
    start = radius + 1275.6
    top = radius + 3189.1
    energy = 5.2702**2 / 2 - earth.MU_KM3_S2 / start
    sideways = top * np.sqrt(2 * (energy + earth.MU_KM3_S2 / top))
    angle = np.arccos(sideways / (start * 5.2702))
    return float(np.degrees(orbit.range_angle_rad(start, 5.2702, angle)))


def _least(range_km: float) -> tuple[float, float]:
    psi = range_km / earth.RADIUS_KM
    apogee = orbit.minimum_energy(psi)[0]
    return float(apogee), float(orbit.fit(psi, apogee).time)


def _flat() -> tuple[float, float]:
    apogee, time = _least(10.0)
    return 10.0 / apogee, time


_TEXTBOOK: dict[str, Callable[[], tuple[float, ...]]] = {
    "T06": lambda: _bmw_290()[:2],
    "T07": lambda: _bmw_290()[2:],
    "T08": lambda: _bmw_291()[:1],
    "T09": lambda: _bmw_291()[1:],
    "T12": _bmw_305,
    "T13": lambda: (_bmw_miss(),),
    "T14": lambda: (_bmw_243(),),
    "A03": lambda: _least(5000.0),
    "A04": lambda: _least(15000.0),
    "A05": _flat,
    "A06": lambda: (float(orbit.fit(0.0, 100.0).time),),
    "A07": lambda: (float(orbit.fit(0.0, 1000.0).time),),
}


def _horizon(case: Record) -> Result:
    if case["case_id"] == "H10":
        places = {row["sensor_id"]: row for row in tables.records("sensors")}
        ship = places["KOR-AEG-W"]
        far, _ = earth.distance_and_bearing(ship["lat_deg"], ship["lon_deg"], 39.66, 124.71)
        floor = float(horizon.floor_km(far, SHIP_KM, refraction="four-thirds"))
        wanted = expected(case)[0]
        return Result(case, (floor,), abs(floor - wanted) <= 0.2, f"{floor:.2g} km")
    far = float(_numbers(case["inputs"])[0])
    rules = ("none", "four-thirds", "ray-traced")
    values = [float(horizon.floor_km(far, refraction=rule)) for rule in rules]
    return _judged(case, values, (0.2, 0.2, 0.5))


def flight_of(case: Record) -> Launch:
    """Return the launch that a case of a flight time describes.

    Raises
    ------
    WarningModelError
        The model cannot compute such a path.
    """
    text = case["inputs"].replace(",", "")
    distance = float(_after("range ", text))
    least = "minimum energy" in text
    apogee = float(trajectory.minimum_energy_apogee_km(distance)) if least else float(
        _after("apogee ", text))  # fmt: skip
    azimuth = None
    lat, lon = 39.2, 125.67
    if "launch " in text:
        lat, lon = (float(x) for x in re.findall(r"([0-9.]+)[NE]\b", text))
        azimuth = float(_after("azimuth ", text))
    return Launch(case["title"], lat, lon, distance, apogee, azimuth)


def times_s(launch: Launch) -> tuple[float, float]:
    """Return the time of the bare ellipse and that with rotation and half-burn."""
    given = (launch.range_km, launch.apogee_km, launch.lat_deg, launch.lon_deg, launch.azimuth_deg)
    bare = trajectory.flight_time_s(*given, rotation=False, burn=False)
    return float(bare), float(trajectory.flight_time_s(*given))


def _flight(case: Record) -> Result:
    _, time = times_s(flight_of(case))
    wanted = expected(case)[0]
    words = f"{time:.0f} s ({100 * (time / wanted - 1):+.1f} %)".replace("-", "−")
    if case["tolerance"] == REPORT_ONLY:
        return Result(case, (time,), None, words)
    share, seconds = re.findall(r"([0-9.]+)\s*(?:%|s)", case["tolerance"] + ", 0 s")[:2]
    allowed = max(float(share) / 100 * wanted, float(seconds))
    return Result(case, (time,), abs(time - wanted) <= allowed, words)


def _refused(case: Record) -> Result:
    try:
        launch = flight_of(case)
    except WarningModelError as cause:
        return Result(case, (), True, f"refused: {cause}")
    return Result(case, times_s(launch)[1:], bool(launch.flags), f"flagged: {launch.flags[:1]}")


def _overflight(case: Record) -> Result:
    flights = records.launches().items.values()
    (launch,) = (f for f in flights if f.name.endswith(case["title"][:10]))
    path = flight.fly(launch)
    west, east = (float(x) for x in re.findall(r"([0-9.]+)-([0-9.]+)E", case["title"])[0])
    after = path.time_s > path.burn_s / 2
    minutes = np.interp([west, east], path.lon_deg[after], path.time_s[after]) / 60
    first, last = (float(x) for x in re.findall(r"([0-9]+)-([0-9]+) min", case["expected"])[0])
    met = abs(minutes[0] - first) <= 1 and abs(minutes[1] - last) <= 1
    return Result(case, tuple(map(float, minutes)), bool(met),
                  f"{minutes[0]:.1f} to {minutes[1]:.1f} min")  # fmt: skip


def _city(case: Record) -> Result:
    name = case["title"].rsplit(" ", 1)[1]
    every = records.cities()
    at = every.at(name.lower())
    lat, lon = (float(x) for x in re.findall(r"([0-9.]+)[NE]\b", case["title"]))
    place = float(every.lat_deg[at]), float(every.lon_deg[at])
    far, _ = earth.distance_and_bearing(lat, lon, *place)
    apogee = float(trajectory.minimum_energy_apogee_km(far))
    time = float(trajectory.flight_time_s(far, apogee, lat, lon))  # no rotation, as expected
    return _judged(case, (far, apogee, time), (0.3, 1.0, 0.01 * expected(case)[2]))


def _elsewhere(case: Record) -> Result:
    return Result(case, (), None, "proved by a test of its own")


def _numbers(text: str) -> list[str]:
    return re.findall(r"[0-9]+(?:\.[0-9]+)?", text)


def _after(word: str, text: str) -> str:
    return _numbers(text[text.index(word) :])[0]


_KINDS: dict[str, Callable[[Record], Result]] = {
    "textbook-derived": _textbook,
    "textbook": _textbook,
    "analytic": _textbook,
    "horizon": _horizon,
    "flight-tof": _flight,
    "negative-control": _refused,
    "overflight-time": _overflight,
    "city": _city,
    "cross-library": _elsewhere,
    "property": _elsewhere,
}
