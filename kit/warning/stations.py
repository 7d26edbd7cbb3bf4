"""Sensors of the model, read from the tables sensors and warning_stations.

Sites are stand-ins, stations at sea are invented, and ranges, sectors, intervals and errors are
assumptions for teaching: nothing here is equipment performance data.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

import numpy as np

from kit import tables
from kit.errors import Problem, WarningModelError, suggestion
from kit.tables import Record
from kit.warning.checks import above_zero, within
from kit.warning.earth import Array, Mask
from kit.warning.records import BAD_ROW, left_out, stamp

TEXTS = ("ids", "names", "owners", "kinds")


@dataclass(frozen=True, slots=True)
class Sensors:
    """Sensors as columns of equal length S.

    Heights, ranges in km, angles in degrees, ``range_error_m`` and ``angle_error_mrad`` standard
    deviations of one look. Infrared satellites have a revisit time and no range. ``problems`` says
    which sensors were left out and why.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    owners: tuple[str, ...]
    kinds: tuple[str, ...]
    lat_deg: Array
    lon_deg: Array
    height_km: Array
    range_km: Array
    mask_deg: Array
    facing_deg: Array
    sector_deg: Array
    revisit_s: Array
    range_error_m: Array
    angle_error_mrad: Array
    on: Mask
    problems: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def infrared(self) -> Mask:
        """Return which of them are infrared satellites."""
        return np.array([kind == "space-infrared" for kind in self.kinds], dtype=bool)

    def owned_by(self, country: str) -> Mask:
        """Return which of them a country operates."""
        return np.array([owner == country for owner in self.owners], dtype=bool)

    def rows(self, wanted: Sequence[int]) -> Sensors:
        """Return some of them, by their place."""
        at = np.asarray(wanted, dtype=int)
        cut: dict[str, Any] = {}
        for column in fields(self):
            value = getattr(self, column.name)
            if column.name != "problems":
                cut[column.name] = (
                    value[at] if isinstance(value, np.ndarray) else tuple(value[i] for i in at)
                )
        return replace(self, **cut)

    def pick(self, ids: Iterable[str]) -> Sensors:
        """Return those with the ids given.

        Raises
        ------
        WarningModelError
            There is no such sensor, or it cannot be modeled.
        """
        at = {key: i for i, key in enumerate(self.ids)}
        for key in (wanted := list(ids)):
            if key not in at:
                why = next((p.cause for p in self.problems if f"'{key}'" in p.cause), "")
                raise WarningModelError(
                    why or f"There is no sensor '{key}'. {suggestion(key, at)}"
                )
        return self.rows([at[key] for key in wanted])

    def of(self, country: str) -> Sensors:
        """Return those of one country."""
        return self.rows(np.flatnonzero(self.owned_by(country)).tolist())

    def switched_on(self) -> Sensors:
        """Return those that are on by default."""
        return self.rows(np.flatnonzero(self.on).tolist())


def read_sensors(rows: Iterable[Record], stations: Iterable[Record]) -> Sensors:
    """Return the sensors that rows of the tables sensors and warning_stations describe."""
    station = {row["sensor_id"]: row for row in stations}
    kept: list[Record] = []
    problems = []
    for number, row in enumerate(rows, 2):
        try:
            kept.append(_sensor(row, station.get(row["sensor_id"])))
        except BAD_ROW as cause:
            problems.append(left_out("sensors", row.get("sensor_id"), cause, number))
    columns: dict[str, Any] = {}
    for column in fields(Sensors):
        values = [row[column.name] for row in kept] if column.name != "problems" else []
        if column.name in TEXTS:
            columns[column.name] = tuple(values)
        elif column.name != "problems":
            columns[column.name] = np.array(values, dtype=bool if column.name == "on" else float)
    return Sensors(**columns, problems=tuple(problems))


def _sensor(row: Record, station: Record | None) -> Record:
    """Return the columns of one sensor.

    Raises
    ------
    WarningModelError
        The model cannot use it.
    """
    if row["lat_deg"] is None or station is None:
        raise WarningModelError("No place and height are known, so it cannot be modeled.")
    infrared = row["type"] == "space-infrared"
    found = {
        "ids": row["sensor_id"], "names": row["name"], "owners": row["operator"],
        "kinds": row["type"], "lat_deg": row["lat_deg"], "lon_deg": row["lon_deg"],
        "height_km": station["height_km"], "on": row["on_by_default"],
        "facing_deg": station["facing_deg"], "revisit_s": row["revisit_s_default"],
        "range_km": np.inf if infrared else row["range_km_default"],
        "mask_deg": 0.0 if infrared else row["elevation_deg_min"],
        "sector_deg": 360.0 if infrared else row["sector_deg_default"],
        "range_error_m": np.inf if infrared else row["range_error_m_default"],
        "angle_error_mrad": np.inf if infrared else row["angle_error_mrad_default"],
    }  # fmt: skip
    within("The latitude", found["lat_deg"], -90, 90, "deg")
    within("The longitude", found["lon_deg"], -180, 360, "deg")
    within("The height", found["height_km"], 0, 40_000, "km")
    above_zero("The revisit time", found["revisit_s"], 3600, "s")
    if not infrared:
        if found["range_km"] is None:
            raise WarningModelError("It has no range; a radar of the model needs one above 0 km.")
        above_zero("The range", found["range_km"], 20_000, "km")
        within("The least elevation", found["mask_deg"], 0, 45, "deg")
        above_zero("The sector", found["sector_deg"], 360, "deg")
        above_zero("The range error", found["range_error_m"], 1e5, "m")
        above_zero("The angle error", found["angle_error_mrad"], 1e3, "mrad")
    if found["facing_deg"] is None:
        if found["sector_deg"] < 360:
            raise WarningModelError("It sees a sector only, but no direction is given.")
        found["facing_deg"] = 0.0
    return found


@lru_cache(maxsize=2)
def _sensors(key: object) -> Sensors:
    return read_sensors(tables.records("sensors"), tables.records("warning_stations"))


def sensors() -> Sensors:
    """Return every sensor of the table sensors that the model can use.

    Raises
    ------
    DataError
        A table has problems.
    """
    return _sensors(stamp("sensors", "warning_stations"))
