"""The flight on a map: path, what each radar covers at the missile's height, who sees it now.

The traces have fixed places, so that moving along the flight exchanges positions and nothing else
(:func:`moment`); a front end need not draw the coast again.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kit.plots import map as maps
from kit.plots.map import Point, Trace
from kit.plots.picture import Picture
from kit.plots.warning import COUNTRIES, MISSILE, Array, clock, kilometers, listed
from kit.warning import earth, horizon
from kit.warning.stations import Sensors
from kit.warning.study import Study

GRID_KM = np.linspace(0.0, 2600.0, 261)
ARC_POINTS, PATH_POINTS = 37, 160
EARTH_KM = 6371.0
COLUMNS = ("Country", "Sees it now", "Sensors", "Knows of it", "Area of impact (95 %)")
Patch = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reach:
    """How far each radar sees a missile of some height, for outlines on the map.

    ``floor_km`` is the lowest visible height at the distances of ``GRID_KM``, shape (S, 261).
    """

    sensors: Sensors
    range_km: Array
    floor_km: Array

    @classmethod
    def of(cls, study: Study) -> Reach:
        """Return the reach of the sensors of a study."""
        sensors, sight = study.sensors, study.sight
        radars = sensors.rows(np.flatnonzero(~sensors.infrared).tolist())
        floors = [
            horizon.floor_km(GRID_KM, float(height), float(mask), sight.refraction)
            for height, mask in zip(radars.height_km, radars.mask_deg, strict=True)
        ]
        return cls(radars, radars.range_km * sight.range_factor, np.array(floors))

    def radius_km(self, height_km: float) -> Array:
        """Return how far along the ground each radar sees this height, zero where it does not."""
        low = np.array([np.interp(height_km, floor, GRID_KM) for floor in self.floor_km])
        a, b = EARTH_KM + self.sensors.height_km, EARTH_KM + height_km
        cosine = (a**2 + b**2 - self.range_km**2) / (2 * a * b)
        ring = np.where(cosine < 1, EARTH_KM * np.arccos(np.clip(cosine, -1, 1)), 0.0)
        return np.asarray(np.minimum(low, ring), dtype=float)

    def outlines(self, height_km: float, country: str) -> list[list[Point]]:
        """Return the closed outlines of what the radars of a country cover at this height."""
        radius = self.radius_km(height_km)
        rows = np.flatnonzero(self.sensors.owned_by(country) & (radius > 5))
        if not len(rows):
            return []
        half = self.sensors.sector_deg[rows, None] / 2
        turn = np.linspace(-1, 1, ARC_POINTS)
        bearing = self.sensors.facing_deg[rows, None] + half * turn
        lat, lon = earth.destination(
            self.sensors.lat_deg[rows, None], self.sensors.lon_deg[rows, None],
            bearing, radius[rows, None],
        )  # fmt: skip
        found = []
        for i, row in enumerate(rows):
            arc = list(zip(lon[i].round(2).tolist(), lat[i].round(2).tolist(), strict=True))
            if self.sensors.sector_deg[row] < 360:
                site = (float(self.sensors.lon_deg[row]), float(self.sensors.lat_deg[row]))
                arc = [site, *arc, site]
            found.append(arc)
        return found


def at(study: Study, time_s: float) -> int:
    """Return the step of a flight that is nearest to a time."""
    return int(np.argmin(np.abs(study.path.time_s - time_s)))


def flight_map(
    study: Study, reach: Reach, time_s: float, policy: str, whole: bool = False
) -> Picture:
    """Return the map of a flight at one moment, without its base (:func:`maps.base_traces`).

    Parameters
    ----------
    study
        The flight and what is known of it.
    reach
        The reach of its sensors.
    time_s
        Seconds since launch.
    policy
        The way of sharing.
    whole
        Whether the map holds the whole path, however far it goes.
    """
    path = study.path
    traces = _traces()
    patch = moment(study, reach, time_s, policy)
    for place, name in enumerate(patch["traces"]):
        traces[place].update(patch["traces"][name])
    ends = _ends(study)
    steps = np.linspace(0, len(path.time_s) - 1, 9).astype(int)
    lon, lat = maps.VIEW
    if whole:
        lon, lat = maps.window(zip(path.lon_deg[steps], path.lat_deg[steps], strict=True))
    return Picture(
        title="Who sees it now",
        figure={"data": [*traces, ends], "layout": maps.layout(lon, lat)},
        summary=summary(study, time_s, policy),
        columns=COLUMNS,
        rows=rows(study, time_s, policy),
    )


def moment(study: Study, reach: Reach, time_s: float, policy: str) -> Patch:
    """Return what the map's changing traces hold at one moment: by name, positions and texts."""
    path, now = study.path, at(study, time_s)
    height = float(path.height_km[now])
    here = (float(path.lon_deg[now]), float(path.lat_deg[now]))
    sees = study.looks.visible[:, now]
    found: dict[str, Any] = {}
    for country in COUNTRIES:
        found[f"covers {country}"] = maps.lines(reach.outlines(height, country))
    for country in COUNTRIES:
        own = study.sensors.owned_by(country) & ~study.sensors.infrared
        sites = _sites(study.sensors, np.flatnonzero(own & sees))
        found[f"sight {country}"] = maps.lines([site, here] for site in sites)
    ahead, behind = _thin(now, len(path.time_s) - 1), _thin(0, now)
    for name, steps in (("ahead", ahead), ("flown", behind)):
        found[name] = {"lon": path.lon_deg[steps].round(3).tolist(),
                       "lat": path.lat_deg[steps].round(3).tolist()}  # fmt: skip
    for kind, wanted in (("blind", ~sees), ("seeing", sees)):
        for country in COUNTRIES:
            own = study.sensors.owned_by(country) & ~study.sensors.infrared
            found[f"{kind} {country}"] = _stations(study.sensors, np.flatnonzero(own & wanted))
    for country in COUNTRIES:
        found[f"area {country}"] = _outline(study, country, time_s, policy)
    found["missile"] = {"lon": [here[0]], "lat": [here[1]],
                        "hovertext": [f"Missile, {kilometers(height)} high"]}  # fmt: skip
    return {"traces": found}


def summary(study: Study, time_s: float, policy: str) -> str:
    """Return in one sentence where the missile is, who sees it, and who only knows of it."""
    now = at(study, time_s)
    seeing = [sign.name for i, sign in enumerate(COUNTRIES.values()) if study.seen[i, now]]
    told = [
        sign.name
        for i, sign in enumerate(COUNTRIES.values())
        if study.known[policy][i, now] and not study.seen[i, now]
    ]
    parts = [
        f"{clock(time_s)} after launch the missile is"
        f" {kilometers(study.path.height_km[now])} high",
        f"{listed(seeing)} {_verb('see', seeing)} it" if seeing else "nobody sees it",
    ]
    if told:
        parts.append(f"{listed(told)} {_verb('know', told)} of it from others")
    return "; ".join(parts) + "."


def _verb(verb: str, names: Sequence[str]) -> str:
    return verb if len(names) > 1 else f"{verb}s"


def rows(study: Study, time_s: float, policy: str) -> tuple[tuple[str, ...], ...]:
    """Return who sees and knows what at one moment, a row for each country."""
    now = at(study, time_s)
    found = []
    for i, (country, sign) in enumerate(COUNTRIES.items()):
        mine = np.flatnonzero(study.sensors.owned_by(country) & study.looks.visible[:, now])
        names = ", ".join(study.sensors.ids[row] for row in mine)
        first = float(study.first_known_s[policy][i])
        known = f"since {clock(first)}" if first <= time_s else "not yet"
        if study.known[policy][i, now] and not study.seen[i, now]:
            known += ", from others"
        own = int(study.sensors.owned_by(country).sum())
        many = f"{len(mine)} of {own} sensors"
        found.append((sign.name, many, names or "none", known, area(study, i, time_s, policy)))
    return tuple(found)


def area(study: Study, place: int, time_s: float, policy: str) -> str:
    """Return how large the area of impact is that a country can name at one moment."""
    long, short = axes(study, place, time_s, policy)
    return (
        "none yet" if not np.isfinite(long) else f"± {kilometers(long)} by ± {kilometers(short)}"
    )


def axes(study: Study, place: int, time_s: float, policy: str) -> tuple[float, float]:
    """Return the semi-axes in km that a country has last computed by one moment; nan before."""
    ellipse = study.ellipse
    step = int(np.searchsorted(ellipse.time_s, time_s + 1e-9)) - 1
    if step < 0:
        return float("nan"), float("nan")
    return (float(ellipse.long_km[policy][place, step]),
            float(ellipse.short_km[policy][place, step]))  # fmt: skip


def _traces() -> list[Trace]:
    """Return the changing traces in the order in which :func:`moment` names them, empty."""
    made: list[Trace] = []
    for sign in COUNTRIES.values():
        made.append({"mode": "lines", "fill": "toself", "fillcolor": sign.veil,
                     "line": {"width": 0.6, "color": sign.color}, "opacity": 0.6})  # fmt: skip
    made += [{"mode": "lines", "line": {"width": 1.5, "color": sign.color}}
             for sign in COUNTRIES.values()]  # fmt: skip
    made.append({"mode": "lines", "line": {"width": 2, "color": MISSILE, "dash": "dot"}})
    made.append({"mode": "lines", "line": {"width": 4, "color": MISSILE}})
    for sign in COUNTRIES.values():
        hollow = {"symbol": f"{sign.symbol}-open", "size": 9, "color": sign.color,
                  "line": {"width": 1.5}}  # fmt: skip
        made.append({"mode": "markers", "marker": hollow, "hoverinfo": "text"})
    for sign in COUNTRIES.values():
        full = {"symbol": sign.symbol, "size": 13, "color": sign.color}
        made.append({"mode": "markers", "marker": full, "hoverinfo": "text"})
    made += [{"mode": "lines", "line": {"width": 2, "color": sign.color, "dash": sign.dash}}
             for sign in COUNTRIES.values()]  # fmt: skip
    star = {
        "symbol": "star",
        "size": 16,
        "color": MISSILE,
        "line": {"width": 1, "color": "#1f1f1f"},
    }
    made.append({"mode": "markers", "marker": star, "hoverinfo": "text"})
    return [{"type": "scattergeo", "hoverinfo": "skip", **trace} for trace in made]


def _outline(study: Study, country: str, time_s: float, policy: str) -> Trace:
    """Return the area of impact as a closed line, empty while it is not known."""
    ellipse = study.ellipse
    if time_s < ellipse.time_s[0]:
        return {"lon": [], "lat": []}
    found = ellipse.outline(policy, country, time_s, points=37)
    if found is None:
        return {"lon": [], "lat": []}
    return {"lon": found[1].round(3).tolist(), "lat": found[0].round(3).tolist()}


def _ends(study: Study) -> Trace:
    path = study.path
    return {"type": "scattergeo", "mode": "markers+text", "hoverinfo": "text",
            "lon": [float(path.lon_deg[0]), path.impact_lon_deg],
            "lat": [float(path.lat_deg[0]), path.impact_lat_deg],
            "text": ["Launch", "Impact"], "textposition": ["top left", "top right"],
            "textfont": {"size": 12, "color": MISSILE},
            "marker": {"symbol": ["triangle-up", "x"], "size": 11, "color": MISSILE}}  # fmt: skip


def _thin(first: int, last: int) -> np.ndarray:
    """Return at most ``PATH_POINTS`` steps from first to last."""
    count = min(PATH_POINTS, last - first + 1)
    return np.unique(np.linspace(first, last, max(count, 1)).astype(int))


def _sites(sensors: Sensors, chosen: Sequence[int] | np.ndarray) -> list[Point]:
    return [(float(sensors.lon_deg[i]), float(sensors.lat_deg[i])) for i in chosen]


def _stations(sensors: Sensors, chosen: np.ndarray) -> Trace:
    sites = _sites(sensors, chosen)
    return {"lon": [lon for lon, _ in sites], "lat": [lat for _, lat in sites],
            "hovertext": [html.escape(sensors.names[i], quote=False) for i in chosen]}  # fmt: skip
