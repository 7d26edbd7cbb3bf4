"""Seconds of warning for a city.

A country warns once it has a usable track: a radar detection it may use and, if it asks for one,
an impact ellipse below a threshold. Then it confirms, decides and tells the public.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kit.errors import WarningModelError
from kit.warning import earth, sharing, tracking
from kit.warning.checks import above_zero, within
from kit.warning.detection import Looks, Sight, Watch, watch
from kit.warning.earth import RADIUS_KM, Array, Mask
from kit.warning.flight import Path, fly, timings, turned_on
from kit.warning.records import COUNTRIES, Cities
from kit.warning.sharing import POLICIES, Delays
from kit.warning.stations import Sensors
from kit.warning.tracking import Knowledge
from kit.warning.trajectory import Launch

WINDOWS_S = (150.0, 450.0, 1350.0, np.inf)  # how far a flight is followed, part by part


@dataclass(frozen=True, slots=True)
class Civil:
    """How a country comes to warn the public; the defaults give the 3 to 5 minutes observed.

    ``ellipse_km`` is the longest semi-axis of the 95 percent impact ellipse with which it warns;
    None when it warns on the first usable track. ``danger_km`` is how far around the ellipse
    people are warned.

    Raises
    ------
    WarningModelError
        A value is negative or no number.
    """

    confirm_s: float = 45.0
    decide_s: float = 60.0
    disseminate_s: float = 20.0
    ellipse_km: float | None = None
    danger_km: float = 30.0

    def __post_init__(self) -> None:
        for name in ("confirm_s", "decide_s", "disseminate_s"):
            within(f"The time {name}", getattr(self, name), 0, 86_400, "s",
                   "Nobody warns before there is a track.")  # fmt: skip
        if self.ellipse_km is not None:
            above_zero("The ellipse to wait for", self.ellipse_km, 20_000, "km")
        within("The danger around an ellipse", self.danger_km, 0, 5_000, "km")

    @property
    def handling_s(self) -> float:
        """Return the time from a usable track to the public warning."""
        return self.confirm_s + self.decide_s + self.disseminate_s


def radar_first_s(looks: Looks, sensors: Sensors, countries: Sequence[str] = COUNTRIES) -> Array:
    """Return when the first radar of each country reports, shape (C,); infinite for never."""
    return _first(looks, sensors, ~sensors.infrared, countries)


def any_first_s(looks: Looks, sensors: Sensors, countries: Sequence[str] = COUNTRIES) -> Array:
    """Return when the first sensor of each country reports, infrared too; infinite for never."""
    return _first(looks, sensors, np.ones(len(sensors), dtype=bool), countries)


def _first(looks: Looks, sensors: Sensors, of: Mask, countries: Sequence[str]) -> Array:
    first = np.where(np.isnan(looks.first_s) | ~of, np.inf, looks.first_s)
    owned = np.stack([sensors.owned_by(country) for country in countries])
    found = np.min(np.where(owned, first, np.inf), axis=1, initial=np.inf)
    return np.asarray(found, dtype=float)


def track_s(path: Path, first_s: Array, delays: Delays, civil: Civil,
            known: Callable[[], Knowledge], end_s: float) -> dict[str, Array]:  # fmt: skip
    """Return by policy when each country has a usable track, shape (C,); nan for not in time.

    ``first_s`` is when radars of each country report; ``known`` gives what they told, and is asked
    only when an ellipse is waited for. ``end_s`` is how far the path was followed.
    """
    late = {policy: sharing.delay_s(policy, delays) for policy in POLICIES}
    found = {policy: sharing.earliest(first_s, delay) for policy, delay in late.items()}
    if civil.ellipse_km is not None:
        if path.launch.flags:
            return {policy: np.full(len(first_s), np.nan) for policy in POLICIES}
        told = known()
        for policy, delay in late.items():
            small = [small_enough_s(told, column, civil.ellipse_km, path) for column in delay.T]
            found[policy] = np.maximum(found[policy], small)
    return {policy: np.where(time <= end_s, time, np.nan) for policy, time in found.items()}


def small_enough_s(told: Knowledge, delay: Array, ellipse_km: float, path: Path) -> float:
    """Return the first whole step at which a user's ellipse is small enough; it only shrinks."""
    low, high = 0, int(np.ceil(path.flight_time_s / path.step_s))

    def enough(step: int) -> bool:
        total, looks = told.at(step * path.step_s, delay)
        if looks < tracking.MIN_LOOKS:
            return False
        long, _, _ = tracking.axes_95(tracking.impact_covariance(total, told.gradient))
        return bool(long <= ellipse_km)

    if not enough(high):
        return np.inf
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return high * path.step_s


@dataclass(frozen=True, slots=True)
class Passages:
    """The flight as flown, seen from K cities: when it is nearest, and how near.

    ``warning_s`` gives by policy the seconds from the public warning to that moment; below zero
    when it comes too late, nan when there is none.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    nearest_s: Array
    nearest_km: Array
    warning_s: Mapping[str, Array]


def passages(path: Path, alert_s: Mapping[str, Array], cities: Cities) -> Passages:
    """Return when and how near a flight passes cities, and how long before they are warned."""
    ground = path.position_km / (path.height_km + RADIUS_KM)[:, None]
    place = earth.positions_km(cities.lat_deg, cities.lon_deg) / RADIUS_KM
    along = ground @ place.T
    step = np.argmax(along, axis=0)
    near = np.arccos(np.clip(along[step, np.arange(len(cities))], -1, 1)) * RADIUS_KM
    by = [COUNTRIES.index(country) for country in cities.countries]
    time = path.time_s[step]
    return Passages(cities.ids, cities.names, time, near,
                    {policy: time - alert[by] for policy, alert in alert_s.items()})  # fmt: skip


@dataclass(frozen=True, slots=True)
class CityWarnings:
    """Seconds of warning for K cities, each with the launch aimed at it.

    ``warning_s`` gives by policy the seconds from the public warning to impact: below zero when it
    comes too late, nan when there is none; ``reason`` says why a city has no figure.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    countries: tuple[str, ...]
    flight_s: Array
    alert_s: Mapping[str, Array]
    warning_s: Mapping[str, Array]
    reason: tuple[str, ...]


def city_warnings(launch: Launch, sensors: Sensors, cities: Cities, sight: Sight, delays: Delays,
                  civil: Civil, step_s: float = 1.0) -> CityWarnings:  # fmt: skip
    """Return the seconds of warning of every city when the same launch is aimed at it."""
    watching = watch(sensors, sight)
    aimed: dict[int, Launch] = {}
    reasons = [""] * len(cities)
    for place, city in enumerate(cities.ids):
        try:
            aimed[place] = aim(launch, city, cities)
        except WarningModelError as cause:
            reasons[place] = str(cause)
    flight = np.full(len(cities), np.nan)
    alert = {policy: np.full(len(cities), np.nan) for policy in POLICIES}
    found = timings(list(aimed.values())) if aimed else []
    undecided = dict(zip(aimed, found, strict=True))
    for until in WINDOWS_S:
        paths = {place: fly(aimed[place], step_s, until, undecided[place]) for place in undecided}
        seen = watching.look_at(list(paths.values())) if paths else []
        for (place, path), looks in zip(paths.items(), seen, strict=True):
            user = COUNTRIES.index(cities.countries[place])
            tracks = _tracks(path, looks, watching, delays, civil, until)
            mine = {policy: float(time[user]) for policy, time in tracks.items()}
            flight[place] = path.flight_time_s
            reasons[place] = _why(path.launch, mine, civil)
            for policy, track in mine.items():
                alert[policy][place] = track + civil.handling_s
            if not reasons[place] or until >= path.flight_time_s:
                del undecided[place]
    warning = {policy: flight - alert[policy] for policy in POLICIES}
    return CityWarnings(cities.ids, cities.names, cities.countries, flight, alert, warning,
                        tuple(reasons))  # fmt: skip


def aim(launch: Launch, city: str, cities: Cities) -> Launch:
    """Return the same launch turned on a city; its apogee is kept if its speed allows.

    Raises
    ------
    WarningModelError
        There is no such city, or it is out of reach.
    """
    at = cities.at(city)
    lat, lon = float(cities.lat_deg[at]), float(cities.lon_deg[at])
    return turned_on(launch, cities.names[at], lat, lon)


def _tracks(path: Path, looks: Looks, watching: Watch, delays: Delays, civil: Civil,
            until: float) -> dict[str, Array]:  # fmt: skip
    """Return by policy when each country has a track, as far as a flight was followed."""

    def known() -> Knowledge:
        return tracking.knowledge(path, looks, watching.sensors, COUNTRIES)

    first = radar_first_s(looks, watching.sensors)
    return track_s(path, first, delays, civil, known, min(until, path.flight_time_s))


def _why(launch: Launch, tracks: Mapping[str, float], civil: Civil) -> str:
    """Return why some policy gives a city no figure, in words; empty when all do."""
    if not np.isnan(list(tracks.values())).any():
        return ""
    if launch.flags and civil.ellipse_km is not None:
        return "There is no ellipse for a path that is none: " + launch.flags[0]
    if civil.ellipse_km is not None:
        return f"Under some policy the ellipse is never below {civil.ellipse_km:g} km in time."
    return "Under some policy no radar reports in time."
