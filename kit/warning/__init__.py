"""Why share? A model of missile warning from public figures, to be moved with one's own hands.

It computes what a launch, known by its published range and apogee, lets three countries see:
where the Earth hides the missile, when each first sees it, how sure its impact point can be, and
how many seconds a city gains when data are shared in another way. Mathematics, defaults and
limits stand in the modules; ``docs/validation.md`` says how well it reproduces real flights.

It is a model of *warning*. It holds no equipment performance data: sites are stand-ins, stations
at sea are invented, ranges, sectors, errors and delays are assumptions that can all be changed.
It knows no jamming, decoys, radar scheduling or interception, and it is no forecast.

Examples
--------
>>> from kit import warning
>>> found = warning.study(warning.launch("F055"))
>>> found.launch.shape
'near minimum energy'
"""

from __future__ import annotations

from collections.abc import Sequence

from kit.warning import civil_warning as _civil
from kit.warning.civil_warning import CityWarnings, Civil, Passages
from kit.warning.detection import Floors, Looks, Sight, cross_section_factor
from kit.warning.false_alarms import Trade
from kit.warning.false_alarms import trade as _trade
from kit.warning.flight import Path, fly
from kit.warning.horizon import REFRACTION, floor_km
from kit.warning.modelled import MODELS, Model, Modelled, modelled
from kit.warning.records import COUNTRIES, Cities, Readings, cities, launch, launches
from kit.warning.sharing import POLICIES, Delays, delay_s
from kit.warning.stations import Sensors, sensors
from kit.warning.study import NOTICE, Ellipses, Ribbon, Study, study
from kit.warning.trajectory import (
    Launch,
    flight_time_s,
    minimum_energy_apogee_km,
    shape_of,
)

__all__ = [
    "COUNTRIES",
    "MODELS",
    "NOTICE",
    "POLICIES",
    "REFRACTION",
    "Cities",
    "CityWarnings",
    "Civil",
    "Delays",
    "Ellipses",
    "Floors",
    "Launch",
    "Looks",
    "Model",
    "Modelled",
    "Passages",
    "Path",
    "Readings",
    "Ribbon",
    "Sensors",
    "Sight",
    "Study",
    "Trade",
    "aim",
    "cities",
    "city_warnings",
    "cross_section_factor",
    "delay_s",
    "flight_time_s",
    "floor_km",
    "fly",
    "launch",
    "launches",
    "minimum_energy_apogee_km",
    "modelled",
    "sensors",
    "shape_of",
    "study",
    "trade",
]


def aim(launch: Launch, city: str) -> Launch:
    """Return the same launch turned on a city of the table places.

    Raises
    ------
    WarningModelError
        There is no such city, or it is out of reach of the launch's speed.
    """
    return _civil.aim(launch, city, cities())


def city_warnings(
    launch: Launch,
    sensors: Sensors | None = None,
    *,
    sight: Sight | None = None,
    delays: Delays | None = None,
    civil: Civil | None = None,
) -> CityWarnings:
    """Return the seconds of warning of every city when the same launch is aimed at it."""
    return _civil.city_warnings(
        launch, _or_default(sensors), cities(), sight or Sight(), delays or Delays(),
        civil or Civil(),
    )  # fmt: skip


def trade(launch: Launch, city: str, policy: str, threshold_km: Sequence[float],
          sensors: Sensors | None = None, *, sight: Sight | None = None,
          delays: Delays | None = None, civil: Civil | None = None) -> Trade:  # fmt: skip
    """Return seconds of warning against area warned, by the ellipse a country waits for.

    Raises
    ------
    WarningModelError
        The city is out of reach, the path is no ellipse, or a threshold is not possible.
    """
    return _trade(
        launch, city, policy, threshold_km, _or_default(sensors), cities(), sight or Sight(),
        delays or Delays(), civil or Civil(),
    )  # fmt: skip


def _or_default(chosen: Sensors | None) -> Sensors:
    return sensors().switched_on() if chosen is None else chosen
