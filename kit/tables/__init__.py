"""The tables of the data package: checked against ``datapackage.json``, then typed.

Every cell is read as text and turned into a value only as its field says; nothing is guessed.
Checking needs no pandas, so a scenario can be read and played without it; only :func:`load`
builds data frames.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kit import files
from kit.errors import DataError, Problem, suggestion
from kit.tables.check import Checker, show
from kit.tables.schema import PACKAGE, TYPES, Field, Record, Table, read_package

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Evidence",
    "Field",
    "Record",
    "Table",
    "describe",
    "evidence",
    "ids",
    "load",
    "load_all",
    "names",
    "problems",
    "records",
]


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """The whole package as read at one time; a table has rows or problems, never both."""

    tables: dict[str, Table]
    rows: dict[str, tuple[Record, ...]]
    problems: dict[str, tuple[Problem, ...]]
    unlisted: tuple[Problem, ...]


@lru_cache(maxsize=2)
def _read(folder: Path, stamp: tuple[tuple[str, int, int], ...]) -> _Snapshot:
    """Read and check everything; ``stamp`` makes the cache notice any changed file."""
    tables = read_package(folder)
    cells: dict[str, files.CsvTable] = {}
    rows: dict[str, tuple[Record, ...]] = {}
    problems: dict[str, tuple[Problem, ...]] = {}
    for name, table in tables.items():
        try:
            cells[name] = files.read_csv(folder / table.file)
        except DataError as error:
            problems[name] = error.problems
    targets: dict[tuple[str, str], Mapping[str, None] | None] = {}
    for other, column in {f.references for t in tables.values() for f in t.fields if f.references}:
        found = cells.get(other)
        targets[other, column] = None
        if found and not found.problems and column in found.header:
            at = found.header.index(column)
            targets[other, column] = dict.fromkeys(row[at] for row in found.rows if row[at])
    for name in cells:
        checker = Checker(tables[name], cells[name], targets)
        rows[name] = checker.rows()
        found_all = [*cells[name].problems, *checker.problems]
        problems[name] = tuple(sorted(found_all, key=lambda p: p.line or 0))
    listed = {PACKAGE, *(table.file for table in tables.values())}
    unlisted = tuple(
        Problem(name, f"The file is not in {PACKAGE}.", "List it under resources or remove it.")
        for name, _, _ in stamp if name not in listed
    )  # fmt: skip
    return _Snapshot(tables, rows, problems, unlisted)


def _current() -> _Snapshot:
    folder = files.data_dir().absolute()
    stamp = []
    try:
        for path in sorted([folder / PACKAGE, *folder.glob("*.csv")]):
            if path.is_file() and not path.name.startswith("."):
                stat = path.stat()
                stamp.append((path.name, stat.st_mtime_ns, stat.st_size))
    except OSError:
        stamp.clear()  # reading will say what is wrong
    return _read(folder, tuple(stamp))


@dataclass(frozen=True, slots=True)
class Evidence:
    """An event or agreement that a scenario may cite, with the sources that support it.

    ``date`` is the day of the event, or the day the agreement was signed or announced; a date
    known only by month or year stands as its first day. ``known_on`` is the day by which the
    public could know of it; for an agreement the day it was signed or announced.
    """

    id: str
    kind: Literal["event", "agreement"]
    title: str
    date: dt.date
    known_on: dt.date
    summary: str
    source_ids: tuple[str, ...]


def names() -> tuple[str, ...]:
    """Return the names of all tables, in the order of the data package.

    Raises
    ------
    DataError
        ``datapackage.json`` is missing, unreadable or wrong; so for every function here.
    """
    return tuple(_current().tables)


def problems() -> list[Problem]:
    """Return all problems of the package, its tables and their links; empty when all is well."""
    try:
        now = _current()
    except DataError as error:
        return list(error.problems)
    return [*(p for name in now.tables for p in now.problems[name]), *now.unlisted]


def describe(name: str) -> Table:
    """Return what the package says about a table: title, description and columns.

    Raises
    ------
    DataError
        There is no such table.
    """
    tables = _current().tables
    if name not in tables:
        cause = f"There is no table {show(str(name))}."
        raise DataError([Problem(PACKAGE, cause, suggestion(str(name), tables))])
    return tables[name]


def records(name: str) -> tuple[Record, ...]:
    """Return the rows of a table as dictionaries of typed values, without pandas.

    A missing value is None, a date is a ``datetime.date``, a list a tuple of texts. The
    dictionaries are the caller's own.

    Raises
    ------
    DataError
        There is no such table, or it has problems; the error lists all of them.
    """
    return tuple(dict(row) for row in _rows(name))


def load(name: str) -> pd.DataFrame:
    """Return a table as a data frame that the caller may change freely.

    Columns are typed: dates as datetime64, whole numbers as Int64, true and false as boolean,
    text as str, lists as tuples of text. The index counts the rows from 0.

    Raises
    ------
    DataError
        There is no such table, or it has problems; the error lists all of them.
    """
    import pandas as pd

    rows = _rows(name)
    columns = {
        field.name: pd.Series(
            [row[field.name] for row in rows],
            dtype="object" if field.separator else TYPES[field.type][3],
        )
        for field in describe(name).fields
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)))


def load_all() -> dict[str, pd.DataFrame]:
    """Return every table as a data frame, by name.

    Raises
    ------
    DataError
        Some table has problems; the error lists those of all tables.
    """
    if found := problems():
        raise DataError(found)
    return {name: load(name) for name in names()}


def ids(name: str) -> frozenset[str]:
    """Return the ids of a table's rows.

    Raises
    ------
    DataError
        There is no such table, or it has problems.
    ValueError
        The rows of this table have no id of their own.
    """
    key = describe(name).primary_key
    if len(key) != 1:
        raise ValueError(f"The rows of '{name}' have no id of their own.")
    return frozenset(row[key[0]] for row in _rows(name))


def evidence() -> Mapping[str, Evidence]:
    """Return every event and agreement by id, for scenarios to cite; without pandas.

    Raises
    ------
    DataError
        The events, agreements or citations have problems.
    """
    cited: dict[str, list[str]] = {}
    for row in _rows("citations", "event_id", "agreement_id", "source_id"):
        cited.setdefault(row["event_id"] or row["agreement_id"], []).append(row["source_id"])
    found = {}
    for row in _rows("events", "event_id", "title", "date", "known_on", "summary"):
        key = row["event_id"]
        found[key] = Evidence(key, "event", row["title"], row["date"], row["known_on"],
                              row["summary"], tuple(cited.get(key, ())))  # fmt: skip
    for row in _rows("agreements", "agreement_id", "name", "signed_or_announced", "summary"):
        key = row["agreement_id"]
        day = row["signed_or_announced"]
        found[key] = Evidence(key, "agreement", row["name"], day, day, row["summary"],
                              tuple(cited.get(key, ())))  # fmt: skip
    return found


def _rows(name: str, *needed: str) -> tuple[Record, ...]:
    """Return the rows of a sound table; ``needed`` are columns without which they are no use."""
    there = {field.name for field in describe(name).fields}
    if missing := [column for column in needed if column not in there]:
        cause = f"{name}: the column '{missing[0]}' is missing, which the kit needs."
        raise DataError([Problem(PACKAGE, cause, f"Describe it, and add it to {name}.csv.")])
    now = _current()
    if now.problems[name]:
        raise DataError(now.problems[name])
    return now.rows[name]
