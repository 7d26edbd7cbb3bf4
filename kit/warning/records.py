"""Launches and cities of the model, read from the tables of the data package.

One row that cannot be used never spoils the others: it is left out and reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

import numpy as np

from kit import files, tables
from kit.errors import Problem, WarningModelError, suggestion
from kit.tables import Record
from kit.warning import trajectory
from kit.warning.checks import within
from kit.warning.earth import Array
from kit.warning.trajectory import Launch

COUNTRIES = ("KOR", "JPN", "USA")
REPORTERS = {"kcna": "KCNA", "mod": "Japan", "jcs": "South Korea"}
BAD_ROW = (WarningModelError, KeyError, TypeError, ValueError)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Readings(Generic[T]):
    """What could be read from a table, by id, and what could not be used, with the reason."""

    items: Mapping[str, T]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Cities:
    """Cities as columns of equal length K; ``countries`` is who would warn them."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    countries: tuple[str, ...]
    lat_deg: Array
    lon_deg: Array

    def __len__(self) -> int:
        return len(self.ids)

    def at(self, city: str) -> int:
        """Return the place of a city.

        Raises
        ------
        WarningModelError
            There is no such city.
        """
        if city not in self.ids:
            raise WarningModelError(f"There is no city '{city}'. {suggestion(city, self.ids)}")
        return self.ids.index(city)


def read_launches(rows: Iterable[Record]) -> Readings[Launch]:
    """Return the launches of rows of the table flights, by id."""
    found: dict[str, Launch] = {}
    problems = []
    for number, row in enumerate(rows, 2):
        try:
            found[str(row["flight_id"])] = read_launch(row)
        except BAD_ROW as cause:
            problems.append(left_out("flights", row.get("flight_id"), cause, number))
    return Readings(found, tuple(problems))


def read_launch(row: Record) -> Launch:
    """Return the launch of one row of the table flights.

    Raises
    ------
    WarningModelError
        The row has no range, is of a satellite launcher, or has impossible values.
    """
    if row["dynamics"] == "slv":
        raise WarningModelError(trajectory.UNTRUSTED["slv"])
    distance, height, notes = published(row)
    if distance is None:
        raise WarningModelError("No range was published, so there is no path to compute.")
    if height is None:
        height = float(trajectory.minimum_energy_apogee_km(distance))
        notes = (*notes, "No apogee was published: the path of least energy is assumed, "
                         "so a lofted flight lasts longer.")  # fmt: skip
    return Launch(
        f"{row['vehicle_common']}, {row['date']}", row["launch_lat_deg"], row["launch_lon_deg"],
        distance, height, row["azimuth_deg"], str(row["flight_id"]), str(row["dynamics"]),
        assumptions=notes,
    )  # fmt: skip


def published(row: Record) -> tuple[float | None, float | None, tuple[str, ...]]:
    """Return the range and apogee to use, and notes on where they come from.

    The first reporter that gives both as plain figures: North Korea's agency, whose figures are
    finest, then Japan, then South Korea. Otherwise each from whoever gives it.
    """
    for key in REPORTERS:
        distance, height = row[f"range_km_{key}"], row[f"apogee_km_{key}"]
        if distance and height:
            return distance, height, (f"Range and apogee as published by {REPORTERS[key]}.",)
    distance, of_range = _any(row, "range")
    height, of_apogee = _any(row, "apogee")
    notes = [note for note in (of_range, of_apogee) if note]
    return distance, height, tuple(notes)


def _any(row: Record, what: str) -> tuple[float | None, str]:
    """Return a figure from the first reporter that gives one, plain ones before others."""
    for key in REPORTERS:
        if row[f"{what}_km_{key}"]:
            return row[f"{what}_km_{key}"], f"{what.capitalize()} by {REPORTERS[key]}."
    for key in REPORTERS:
        text = row[f"{what}_{key}_published"]
        if text and (number := re.search(r"[0-9.]+", text)):
            return float(number[0]), f"{what.capitalize()} by {REPORTERS[key]}, from '{text}'."
    return None, ""


def read_cities(rows: Iterable[Record]) -> Readings[Record]:
    """Return the rows of the table places that are cities the model can use, by id."""
    found: dict[str, Record] = {}
    problems = []
    for number, row in enumerate(rows, 2):
        try:
            within("The latitude", row["lat_deg"], -90, 90, "deg")
            within("The longitude", row["lon_deg"], -180, 360, "deg")
            if row["country"] not in COUNTRIES:
                raise WarningModelError(
                    f"The model knows no warning by '{row['country']}', only by "
                    f"{', '.join(COUNTRIES)}."
                )
            found[str(row["place_id"])] = row
        except BAD_ROW as cause:
            problems.append(left_out("places", row.get("place_id"), cause, number))
    return Readings(found, tuple(problems))


def stamp(*names: str) -> tuple[tuple[str, int], ...]:
    """Return what changes when one of the tables changes, as a key for a cache."""
    folder = files.data_dir().absolute()
    paths = [folder / f"{name}.csv" for name in names]
    return tuple((str(p), p.stat().st_mtime_ns if p.is_file() else 0) for p in paths)


@lru_cache(maxsize=2)
def _launches(key: object) -> Readings[Launch]:
    return read_launches(tables.records("flights"))


def launches() -> Readings[Launch]:
    """Return every launch of the table flights that the model can compute, by id.

    Raises
    ------
    DataError
        The table has problems; so for every function that reads one.
    """
    return _launches(stamp("flights"))


def launch(flight_id: str) -> Launch:
    """Return one launch of the table flights.

    Raises
    ------
    WarningModelError
        There is no such flight, or the model cannot compute it; the message says why.
    """
    found = launches()
    if flight_id in found.items:
        return found.items[flight_id]
    why = next((p.cause for p in found.problems if f"'{flight_id}'" in p.cause), "")
    raise WarningModelError(
        why or f"There is no flight '{flight_id}'. {suggestion(str(flight_id), found.items)}"
    )


@lru_cache(maxsize=2)
def _cities(key: object) -> Cities:
    found = read_cities(tables.records("places")).items
    rows = list(found.values())
    return Cities(
        tuple(found),
        tuple(row["name"] for row in rows),
        tuple(row["country"] for row in rows),
        np.array([row["lat_deg"] for row in rows], dtype=float),
        np.array([row["lon_deg"] for row in rows], dtype=float),
    )


def cities() -> Cities:
    """Return the cities of the table places."""
    return _cities(stamp("places"))


def left_out(table: str, key: object, cause: Exception, line: int) -> Problem:
    """Return the report on a row that is left out."""
    known = isinstance(cause, WarningModelError)
    text = str(cause) if known else f"{type(cause).__name__}: {cause}."
    return Problem(f"{table}.csv", f"'{key}' is left out: {text}", "All others are used.", line)
