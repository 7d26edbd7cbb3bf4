"""Questions to the tables, written as data: which rows, and what to ask of them.

A task states its answer as such a question, so that the answer follows the record when a row is
added or corrected. Nothing is evaluated; there are only the few words that are listed here.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit import tables
from kit.errors import suggestion
from kit.tables import Record

ASKS = ("count", "ids", "most", "value")
WORDS = ("from", "to", "all", "only", "missing")

Condition = Any  # a value, a list of values, or a mapping with WORDS


@dataclass(frozen=True, slots=True)
class Query:
    """Rows of ``table`` that meet every condition of ``where``, and what is asked of them.

    ``count`` asks how many there are, ``ids`` which, ``most`` for the most frequent value of
    ``field`` and ``value`` for the one value that ``field`` has in all of them. The field
    ``year`` stands for the year of ``date``.
    """

    table: str
    where: Mapping[str, Condition]
    ask: str = "ids"
    field: str = ""

    def rows(self) -> tuple[Record, ...]:
        """Return the rows that meet every condition, in the order of the table."""
        return tuple(row for row in tables.records(self.table) if not unmet(row, self.where))

    def ids(self) -> tuple[str, ...]:
        """Return the ids of the rows."""
        return tuple(str(row[key_of(self.table)]) for row in self.rows())

    def answer(self) -> str | int | tuple[str, ...]:
        """Return what is asked: a number, ids, or a value as text.

        Raises
        ------
        ValueError
            The rows have no single most frequent value, or not the same value.
        """
        if self.ask == "ids":
            return self.ids()
        found = self.rows()
        if self.ask == "count":
            return len(found)
        values = Counter(plain(cell(row, self.field)) for row in found)
        top = values.most_common(2)
        clear = len(top) == 1 or (len(top) == 2 and top[0][1] > top[1][1])
        if not clear or (self.ask == "value" and len(top) > 1):
            raise ValueError(f"'{self.field}' in {self.table} has no single {self.ask}.")
        return top[0][0]


def key_of(table: str) -> str:
    """Return the name of the field that holds the ids of a table."""
    return tables.describe(table).primary_key[0]


def cell(row: Record, field: str) -> Any:
    """Return a value of a row; ``year`` is the year of its date."""
    return row["date"].year if field == "year" and "year" not in row else row[field]


def plain(value: Any) -> str:
    """Return a value as the text in which tasks compare it: dates ISO, booleans lower case."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def unmet(row: Record, where: Mapping[str, Condition]) -> tuple[str, ...]:
    """Return the fields of a row that do not meet their condition."""
    return tuple(name for name, asked in where.items() if not _meets(cell(row, name), asked))


def _meets(value: Any, asked: Condition) -> bool:
    many = isinstance(value, tuple)
    has = {plain(v) for v in value} if many else {plain(value)}
    if isinstance(asked, list):
        return bool(has & {plain(item) for item in asked})
    if not isinstance(asked, Mapping):
        return plain(asked) in has
    if "missing" in asked:
        return bool(asked["missing"]) == (value in (None, ()))
    if "only" in asked or "all" in asked:
        wanted = {plain(item) for item in asked.get("only", asked.get("all"))}
        return has == wanted if "only" in asked else has >= wanted
    return _within(value, asked)


def _within(value: Any, asked: Mapping[str, Any]) -> bool:
    if value is None:
        return False
    ends = {name: asked[name] for name in ("from", "to") if name in asked}
    if isinstance(value, dt.date):
        ends = {name: dt.date.fromisoformat(end) for name, end in ends.items()}
    return bool(ends.get("from", value) <= value <= ends.get("to", value))


def faults(query: Query) -> list[str]:
    """Return what is wrong with a question, as sentences; empty when it can be asked."""
    if query.table not in tables.names():
        return [f"There is no table '{query.table}'. {suggestion(query.table, tables.names())}"]
    if query.ask not in ASKS:
        return [f"'{query.ask}' cannot be asked. {suggestion(query.ask, ASKS)}"]
    fields = {f.name: f for f in tables.describe(query.table).fields}
    known = [*fields, *(["year"] if "date" in fields else [])]
    used = [*query.where, *([query.field] if query.ask in ("most", "value") else [])]
    found = [f"'{query.table}' has no field '{name}'. {suggestion(name, known)}"
             for name in used if name not in known]  # fmt: skip
    for name, asked in query.where.items():
        words = [*asked] if isinstance(asked, Mapping) else []
        found += [f"'{word}' is no condition. {suggestion(word, WORDS)}"
                  for word in words if word not in WORDS]  # fmt: skip
        enum = fields[name].enum if name in fields else None
        values = asked if isinstance(asked, list) else [] if words else [asked]
        found += [f"'{name}' is never '{value}'. {suggestion(str(value), enum)}"
                  for value in values if enum and plain(value) not in enum]  # fmt: skip
    return found
