"""Numbers for scenarios: a named model function gives low, base and high over stated ranges.

Only what is listed in :data:`MODELS` can be asked for, with named values as arguments: a scenario
holds no expressions. Every answer carries the exact call, so that a learner can repeat it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from kit.errors import WarningModelError, suggestion
from kit.warning import civil_warning, detection, records, sharing, stations, tracking
from kit.warning.civil_warning import Civil
from kit.warning.detection import Sight
from kit.warning.flight import fly
from kit.warning.records import COUNTRIES
from kit.warning.sharing import Delays
from kit.warning.trajectory import Launch

# Parameter: low, base and high. Hub and release together span the 2 to 5 minutes, the direct link
# the 2 to 10 seconds of the model's note; confirming and telling the public span theirs.
RANGES: Mapping[str, tuple[float, float, float]] = MappingProxyType({
    "hub_s": (60.0, 150.0, 240.0),
    "relay_s": (5.0, 15.0, 30.0),
    "real_time_s": (2.0, 6.0, 10.0),
    "national_s": (5.0, 10.0, 20.0),
    "confirm_s": (30.0, 45.0, 60.0),
    "disseminate_s": (10.0, 20.0, 30.0),
    "range_factor": (0.8, 1.0, 1.2),
})  # fmt: skip
NOTE = "A modeled assumption from public figures, not equipment data; see kit.warning."


@dataclass(frozen=True, slots=True)
class Modelled:
    """What a model function answers, in ``unit``, with the ranges it was taken over.

    ``call`` is the exact call as text, ``ranges`` the low, base and high value of each parameter
    that was varied.
    """

    low: float
    base: float
    high: float
    unit: str
    call: str
    ranges: Mapping[str, tuple[float, float, float]]
    note: str = NOTE


@dataclass(frozen=True, slots=True)
class Model:
    """A function that scenarios may name: what it gives, its unit, arguments and parameters."""

    title: str
    unit: str
    arguments: tuple[str, ...]
    varied: tuple[str, ...]
    compute: Callable[..., Iterator[float]]


def _settings(varied: tuple[str, ...]) -> Iterator[tuple[Sight, Delays, Civil]]:
    """Yield the base settings, then every corner of the ranges."""
    corners = itertools.product(*((RANGES[name][0], RANGES[name][2]) for name in varied))
    for values in (tuple(RANGES[name][1] for name in varied), *corners):
        chosen = dict(zip(varied, values, strict=True))
        yield _changed(Sight(), chosen), _changed(Delays(), chosen), _changed(Civil(), chosen)


def _changed(part: Any, chosen: Mapping[str, float]) -> Any:
    """Return settings with those of the chosen values that are theirs."""
    return replace(part, **{f.name: chosen[f.name] for f in fields(part) if f.name in chosen})


def _tracks(launch: Launch, varied: tuple[str, ...]
            ) -> Iterator[tuple[float, Civil, dict[str, np.ndarray]]]:  # fmt: skip
    """Yield flight time, settings and by policy the times of the first usable tracks."""
    path = fly(launch)
    sensors = stations.sensors().switched_on()
    seen: dict[Sight, np.ndarray] = {}
    for sight, delays, civil in _settings(varied):
        if sight not in seen:
            looks = detection.look(path, sensors, sight)
            seen[sight] = civil_warning.radar_first_s(looks, sensors)

        def nothing() -> tracking.Knowledge:
            raise AssertionError("no ellipse is waited for")

        found = civil_warning.track_s(path, seen[sight], delays, civil, nothing,
                                      path.flight_time_s)  # fmt: skip
        yield path.flight_time_s, civil, found


def _aimed(target: str, flight: str) -> tuple[Launch, int]:
    cities = records.cities()
    country = cities.countries[cities.at(target)]
    return civil_warning.aim(records.launch(flight), target, cities), COUNTRIES.index(country)


def _warning_gain(target: str, flight: str, from_: str, to: str,
                  varied: tuple[str, ...]) -> Iterator[float]:  # fmt: skip
    launch, user = _aimed(target, flight)
    before, after = sharing.known_policy(from_), sharing.known_policy(to)
    for _, _, found in _tracks(launch, varied):
        yield float(found[before][user] - found[after][user])


def _warning_time(target: str, flight: str, policy: str, varied: tuple[str, ...]
                  ) -> Iterator[float]:  # fmt: skip
    launch, user = _aimed(target, flight)
    sharing.known_policy(policy)
    for time, civil, found in _tracks(launch, varied):
        yield float(time - found[policy][user] - civil.handling_s)


def _track_gain(country: str, flight: str, from_: str, to: str,
                varied: tuple[str, ...]) -> Iterator[float]:  # fmt: skip
    if country not in COUNTRIES:
        raise WarningModelError(
            f"There is no country '{country}'. {suggestion(country, COUNTRIES)}"
        )
    user = COUNTRIES.index(country)
    before, after = sharing.known_policy(from_), sharing.known_policy(to)
    for _, _, found in _tracks(records.launch(flight), varied):
        yield float(found[before][user] - found[after][user])


_LINKS = ("hub_s", "relay_s", "real_time_s", "range_factor")
MODELS: Mapping[str, Model] = MappingProxyType({
    "warning_gain": Model(
        "Seconds of warning a city gains when data are shared another way, "
        "with the launch of a real flight aimed at it",
        "s", ("target", "flight", "from_", "to"), _LINKS, _warning_gain),
    "warning_time": Model(
        "Seconds of warning of a city, with the launch of a real flight aimed at it",
        "s", ("target", "flight", "policy"),
        (*_LINKS, "national_s", "confirm_s", "disseminate_s"), _warning_time),
    "track_gain": Model(
        "Seconds by which a country has a usable track of a flight earlier when data are shared "
        "another way", "s", ("country", "flight", "from_", "to"), _LINKS, _track_gain),
})  # fmt: skip


def modelled(function: str, **arguments: str) -> Modelled:
    """Return what a named model function gives for named values; cached.

    ``from`` may be written ``from_``, as Python needs it.

    Raises
    ------
    WarningModelError
        There is no such function, an argument is missing or unknown, or there is no number: a
        country never has a usable track in time, or the target is out of reach.

    Examples
    --------
    >>> gain = modelled("warning_gain", target="tokyo", flight="F075", from_="hub", to="real-time")
    >>> gain.low <= gain.base <= gain.high
    True
    >>> gain.call
    'warning.modelled("warning_gain", target="tokyo", flight="F075", from_="hub", to="real-time")'
    """
    if function not in MODELS:
        raise WarningModelError(
            f"There is no model function '{function}'. {suggestion(str(function), MODELS)}"
        )
    model = MODELS[function]
    given = {("from_" if key == "from" else key): value for key, value in arguments.items()}
    for key in given:
        if key not in model.arguments:
            raise WarningModelError(
                f"{function} has no argument '{key}'. {suggestion(key, model.arguments)}"
            )
    if missing := [key for key in model.arguments if key not in given]:
        raise WarningModelError(
            f"{function} needs {', '.join(model.arguments)}; '{missing[0]}' is missing."
        )
    named = tuple((name, str(given[name])) for name in model.arguments)
    tables_now = records.stamp("flights", "sensors", "warning_stations", "places")
    return _computed(function, named, tables_now)


@lru_cache(maxsize=256)
def _computed(function: str, arguments: tuple[tuple[str, str], ...], tables_now: object
              ) -> Modelled:  # fmt: skip
    model = MODELS[function]
    values = np.array(list(model.compute(**dict(arguments), varied=model.varied)))
    call = f"warning.modelled({function!r}, {', '.join(f'{k}={v!r}' for k, v in arguments)})"
    call = call.replace("'", '"')
    if np.isnan(values).any():
        raise WarningModelError(
            f"{call} has no number: somewhere in its ranges no radar reports in time."
        )
    ranges = {name: RANGES[name] for name in model.varied}
    return Modelled(float(values.min()), float(values[0]), float(values.max()), model.unit, call,
                    MappingProxyType(ranges))  # fmt: skip
