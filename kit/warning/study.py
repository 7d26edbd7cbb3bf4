"""Everything about one launch in one answer: who sees it when, who is told, how sure, how late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kit.warning import civil_warning, detection, earth, records, sharing, stations, tracking
from kit.warning.civil_warning import CityWarnings, Civil, Passages
from kit.warning.detection import Floors, Looks, Sight, Watch
from kit.warning.earth import Array, Mask
from kit.warning.flight import Path, fly
from kit.warning.records import COUNTRIES, Cities
from kit.warning.sharing import POLICIES, Delays
from kit.warning.stations import Sensors
from kit.warning.tracking import Knowledge
from kit.warning.trajectory import Launch

NOTICE = (
    "A teaching model of warning from public figures. It holds no equipment performance data: "
    "sites are stand-ins, stations at sea are invented, delays are assumptions. Not a forecast."
)
NO_ELLIPSE = "No impact ellipse is drawn, because the path is no free flight."
_POINTS = 160


@dataclass(frozen=True, slots=True)
class Ribbon:
    """When a country sees a missile itself, and when it only gets partners' data on it.

    Each is a series of (start, end) in seconds after launch.
    """

    seen: tuple[tuple[float, float], ...]
    shared: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Ellipses:
    """The 95 percent impact ellipse over M times, by policy arrays of shape (C, M).

    Semi-axes in km and the bearing of the long one; nan before three looks at the free flight, and
    throughout when the path is no free flight. They are lower bounds: draw a band up to ``band``
    times as wide. ``lat_deg`` and ``lon_deg`` are the impact point.
    """

    time_s: Array
    long_km: Mapping[str, Array]
    short_km: Mapping[str, Array]
    bearing_deg: Mapping[str, Array]
    lat_deg: float
    lon_deg: float
    band: float = tracking.BAND

    def outline(self, policy: str, country: str, time_s: float, points: int = 73,
                factor: float = 1.0) -> tuple[Array, Array] | None:  # fmt: skip
        """Return a closed outline for a map, latitudes and longitudes; None while there is none.

        ``factor`` widens it: 1 for the bound, ``band`` for the outer edge of the band.
        """
        row = COUNTRIES.index(country)
        at = int(np.searchsorted(self.time_s, time_s, side="right")) - 1
        long = float(self.long_km[sharing.known_policy(policy)][row, at]) * factor
        if at < 0 or np.isnan(long):
            return None
        short = float(self.short_km[policy][row, at]) * factor
        turn = np.linspace(0, 2 * np.pi, points)
        along, across = long * np.cos(turn), short * np.sin(turn)
        bearing = self.bearing_deg[policy][row, at] + np.degrees(np.arctan2(across, along))
        return earth.destination(self.lat_deg, self.lon_deg, bearing, np.hypot(along, across))


@dataclass(frozen=True)
class Study:
    """One launch, seen by sensors and told by four policies.

    Arrays have a row for each of the countries KOR, JPN and USA and N columns over
    ``path.time_s``. ``seen`` is whether an own sensor sees the missile; ``known`` by policy
    whether a partner's data on it arrive, as old as the delay; ``first_known_s`` when a country
    first has any report it may use, ``track_s`` when it has a usable track, ``alert_s`` when
    the public is warned, (C,) by policy, nan for not before impact. ``passages`` are cities as
    the flight was flown.
    """

    path: Path
    sensors: Sensors
    cities: Cities
    sight: Sight
    delays: Delays
    civil: Civil
    looks: Looks
    seen: Mask
    known: Mapping[str, Mask]
    first_known_s: Mapping[str, Array]
    track_s: Mapping[str, Array]
    alert_s: Mapping[str, Array]
    passages: Passages
    knowledge: Knowledge
    watching: Watch
    countries: tuple[str, ...] = COUNTRIES
    notice: str = NOTICE

    @property
    def launch(self) -> Launch:
        """Return the launch."""
        return self.path.launch

    @property
    def banners(self) -> tuple[str, ...]:
        """Return what must be shown beside the results: doubts, then assumptions."""
        flags = (*self.launch.flags, NO_ELLIPSE) if self.launch.flags else ()
        return (*flags, *self.launch.assumptions)

    def intervals(self, country: str, policy: str) -> Ribbon:
        """Return when a country sees the missile, and when it only gets partners' data."""
        row = self.countries.index(country)
        told = self.known[sharing.known_policy(policy)][row] & ~self.seen[row]
        return Ribbon(_spans(self.seen[row], self.path), _spans(told, self.path))

    @cached_property
    def floors(self) -> Floors:
        """Return the lowest height that radars of each country see, where the missile is."""
        return detection.floors(self.path, self.watching, self.countries)

    @cached_property
    def ellipse(self) -> Ellipses:
        """Return the impact ellipse over time, for every policy and country."""
        return _ellipses(self.path, self.knowledge, self.delays)

    @cached_property
    def cities_aimed(self) -> CityWarnings:
        """Return the seconds of warning of every city, with the same launch aimed at it."""
        return civil_warning.city_warnings(self.launch, self.sensors, self.cities, self.sight,
                                           self.delays, self.civil, self.path.step_s)  # fmt: skip


def study(launch: Launch, sensors: Sensors | None = None, *, sight: Sight | None = None,
          delays: Delays | None = None, civil: Civil | None = None, cities: Cities | None = None,
          step_s: float = 1.0) -> Study:  # fmt: skip
    """Return everything about one launch, as flown.

    Parameters
    ----------
    launch
        One of ``launches()`` or a launch of your own.
    sensors, cities
        Those of the tables by default; of the sensors, those switched on.
    sight, delays, civil
        How sensors see, how late data are, how a country warns.
    step_s
        Time between two positions.

    Raises
    ------
    WarningModelError
        The launch has no direction.
    """
    sensors = stations.sensors().switched_on() if sensors is None else sensors
    cities = records.cities() if cities is None else cities
    sight, delays, civil = sight or Sight(), delays or Delays(), civil or Civil()
    path = fly(launch, step_s)
    watching = detection.watch(sensors, sight)
    looks = watching.look(path)
    seen = np.stack([looks.visible[sensors.owned_by(country)].any(axis=0)
                     for country in COUNTRIES])  # fmt: skip
    first = civil_warning.any_first_s(looks, sensors)
    told = tracking.knowledge(path, looks, sensors, COUNTRIES)
    by_radar = civil_warning.radar_first_s(looks, sensors)
    end = path.flight_time_s
    tracks = civil_warning.track_s(path, by_radar, delays, civil, lambda: told, end)
    alerts = {policy: time + civil.handling_s for policy, time in tracks.items()}
    reported = seen & (path.time_s >= first[:, None])
    known, first_known = {}, {}
    for policy in POLICIES:
        delay = sharing.delay_s(policy, delays)
        known[policy] = _through_partners(reported, delay, path.step_s)
        earliest = sharing.earliest(first, delay)
        first_known[policy] = np.where(earliest <= path.flight_time_s, earliest, np.nan)
    return Study(path, sensors, cities, sight, delays, civil, looks, seen, known, first_known,
                 tracks, alerts, civil_warning.passages(path, alerts, cities), told,
                 watching)  # fmt: skip


def _through_partners(reported: Mask, delay: Array, step_s: float) -> Mask:
    """Return whether partners' data on the missile reach each user, shape (C, N)."""
    known = np.zeros_like(reported)
    for owner, flags in enumerate(reported):
        for user in range(len(reported)):
            if owner != user and flags.any():
                known[user] |= sharing.later(flags, float(delay[owner, user]), step_s)
    return known


def _spans(flags: Mask, path: Path) -> tuple[tuple[float, float], ...]:
    """Return the runs of true steps as (start, end) in seconds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(int)))
    ends = np.append(path.time_s, path.flight_time_s)
    return tuple((float(ends[a]), float(ends[b])) for a, b in edges.reshape(-1, 2))


def _ellipses(path: Path, told: Knowledge, delays: Delays) -> Ellipses:
    """Return impact ellipses at times that are closest together where looks are new."""
    steps = np.linspace(0, path.flight_time_s, _POINTS // 2)
    looks = told.time_s[np.linspace(0, len(told.time_s) - 1, _POINTS // 2).astype(int)
                        ] if len(told.time_s) else steps  # fmt: skip
    time = np.unique(np.concatenate([steps, looks]))
    found: dict[str, tuple[Array, Array, Array]] = {}
    for policy in POLICIES:
        delay = sharing.delay_s(policy, delays)
        both = [told.at(time, column) for column in delay.T]
        enough = np.stack([looks for _, looks in both]) >= tracking.MIN_LOOKS
        if path.launch.flags:
            enough[:] = False
        axes = np.full((3, *enough.shape), np.nan)
        if enough.any():
            total = np.stack([total for total, _ in both])[enough]
            covariance = tracking.impact_covariance(total, told.gradient)
            axes[:, enough] = tracking.axes_95(covariance)
        found[policy] = (axes[0], axes[1], axes[2])
    long, short, bearing = ({p: found[p][i] for p in POLICIES} for i in range(3))
    return Ellipses(time, long, short, bearing, path.impact_lat_deg, path.impact_lon_deg)
