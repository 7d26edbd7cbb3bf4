"""What a learner can set in the panel of the warning model: checked, and turned into a study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

from kit import tables, warning
from kit.errors import DecisionError, WarningModelError, suggestion
from kit.plots.warning import COUNTRIES, POLICIES, when
from kit.warning import Civil, Delays, Launch, Sight, Study

OWN = "own"  # the flight of a learner's own making
FIRST = ("F075", "F055", "F020")  # what the notebook is about stands first in the list
VIEWS = {
    "flight": "One flight",
    "cities": "Seconds for cities",
    "sure": "How sure before warning?",
    "alerts": "Eleven real alerts",
    "check": "Is the model any good?",
}
THRESHOLDS = (200, 100, 50, 20, 10, 5, 2, 1)
OPENING_S = 60.0
SLIDERS = (
    ("range_km", "Range", "km", 100, 5000, 10),
    ("apogee_km", "Apogee", "km", 30, 8000, 10),
    ("azimuth_deg", "Direction from north", "°", 0, 359, 1),
    ("real_time_s", "Delay of the real-time link", "s", 0, 60, 1),
    ("hub_s", "Delay at the American hub", "s", 0, 600, 10),
)
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Everything that is set; the path is that of ``flight`` unless it is a learner's own.

    ``hub_s`` is the whole delay at the hub, release included. ``ellipse_km`` is zero when a
    country warns at its first track. ``whole`` shows the whole flight on the axis of time.
    """

    flight: str = FIRST[0]
    view: str = "flight"
    policy: str = "real-time"
    time_s: float = OPENING_S
    whole: bool = False
    city: str = "tokyo"
    pad: str = ""
    range_km: float = 0.0
    apogee_km: float = 0.0
    azimuth_deg: float = 0.0
    real_time_s: float = Delays().real_time_s
    hub_s: float = Delays().hub_s + Delays().release_s
    ellipse_km: float = 0.0
    refraction: str = Sight().refraction

    @property
    def launch(self) -> Launch:
        """Return the launch that is chosen."""
        if self.flight != OWN:
            return warning.launch(self.flight)
        place = pads()[self.pad]
        return Launch("Your own launch", place[1], place[2], self.range_km, self.apogee_km,
                      self.azimuth_deg)  # fmt: skip

    @property
    def delays(self) -> Delays:
        """Return the delays that are chosen."""
        return Delays(real_time_s=self.real_time_s, hub_s=self.hub_s, release_s=0.0)

    @property
    def civil(self) -> Civil:
        """Return how a country warns."""
        return Civil(ellipse_km=self.ellipse_km or None)

    @property
    def sight(self) -> Sight:
        """Return how sensors see."""
        return Sight(refraction=self.refraction)

    def study(self) -> Study:
        """Return the study of what is chosen."""
        return warning.study(self.launch, sight=self.sight, delays=self.delays, civil=self.civil)

    def within(self, study: Study) -> Chosen:
        """Return the same with a moment that lies inside the flight."""
        inside = min(max(float(self.time_s), 0.0), study.path.flight_time_s)
        return replace(self, time_s=inside)


KINDS = {field.name: type(field.default) for field in fields(Chosen)}


def chosen(before: Chosen, **given: Any) -> Chosen:
    """Return what is chosen after a change.

    A flight of the tables brings its own path; a change of the path makes it a learner's own.

    Raises
    ------
    DecisionError
        There is no such setting, or its value is of the wrong kind.
    WarningModelError
        There is no such flight, view, policy, city or pad, or the path is not possible.
    """
    for name, value in given.items():
        if name not in KINDS:
            raise DecisionError(f"The panel has no '{name}'. {suggestion(name, KINDS)}")
        kind = KINDS[name]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not (number if kind is float else isinstance(value, kind)):
            raise DecisionError(f"'{name}' is {value!r}; it must be {_WORDS[kind]}.")
    known("view", given.get("view", before.view), VIEWS)
    known("way of sharing", given.get("policy", before.policy), POLICIES)
    known("city", given.get("city", before.city), warning.cities().ids)
    after = replace(before, **given)
    moved = {"pad", "range_km", "apogee_km", "azimuth_deg"} & given.keys()
    if (
        "flight" in given
        and given["flight"] != OWN
        and (not moved or given["flight"] != before.flight)
    ):
        after = _with_path(after)
    elif any(getattr(after, name) != getattr(before, name) for name in moved):
        after = replace(after, flight=OWN)
    known("launch site", after.pad, pads())
    return after


_WORDS = {str: "a text", bool: "true or false", float: "a number"}


def opening(**given: Any) -> Chosen:
    """Return what the panel opens with; settings and errors as for :func:`chosen`."""
    start = _with_path(Chosen(flight=given.pop("flight", FIRST[0])))
    return chosen(start, **given)


def known(what: str, name: str, names: Any) -> None:
    """Refuse a name that is not among those known."""
    if name not in names:
        raise WarningModelError(f"There is no {what} '{name}'. {suggestion(str(name), names)}")


def _with_path(of: Chosen) -> Chosen:
    """Return the settings with the path of a flight of the tables."""
    launch = warning.launch(of.flight)
    site = next(key for key, (_, lat, lon) in pads().items()
                if (lat, lon) == (launch.lat_deg, launch.lon_deg))  # fmt: skip
    return replace(of, pad=site, range_km=launch.range_km, apogee_km=launch.apogee_km,
                   azimuth_deg=launch.azimuth_deg or 0.0)  # fmt: skip


@lru_cache(maxsize=1)
def pads() -> Mapping[str, tuple[str, float, float]]:
    """Return the launch sites of the table flights: name, latitude and longitude, by key."""
    found: dict[str, tuple[str, float, float]] = {}
    for row in tables.records("flights"):
        key = f"{row['launch_lat_deg']},{row['launch_lon_deg']}"
        found.setdefault(key, (row["launch_area"], row["launch_lat_deg"], row["launch_lon_deg"]))
    return dict(sorted(found.items(), key=lambda item: (item[1][0], item[0])))


def flights() -> list[list[str]]:
    """Return key and label of every flight the model can compute, the notebook's own first."""
    every = warning.launches().items
    order = [*FIRST, *(key for key in every if key not in FIRST)]
    rows = {row["flight_id"]: row for row in tables.records("flights")}
    return [[key, f"{when(rows[key]['date'].isoformat())}, {rows[key]['vehicle_common']} ({key})"]
            for key in order]  # fmt: skip


def controls() -> Json:
    """Return what the browser builds its controls from."""
    return {
        "views": [[key, label] for key, label in VIEWS.items()],
        "flights": [[OWN, "Your own launch (move the sliders)"], *flights()],
        "signs": [[sign.name, sign.color, sign.glyph] for sign in COUNTRIES.values()],
        "policies": [[key, policy.label] for key, policy in POLICIES.items()],
        "cities": [[key, name] for key, name in zip(
            warning.cities().ids, warning.cities().names, strict=True)],
        "pads": [[key, name] for key, (name, _, _) in pads().items()],
        "thresholds": [[0, "at the first track"],
                       *([km, f"when the area is known to ± {km} km"] for km in THRESHOLDS)],
        "refractions": [[key, words] for key, words in warning.REFRACTION.items()],
        "sliders": [
            {"name": name, "label": label, "unit": unit, "min": low, "max": high, "step": step}
            for name, label, unit, low, high, step in SLIDERS
        ],
    }  # fmt: skip
