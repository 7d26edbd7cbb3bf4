"""What ``datapackage.json`` says about the tables: the part of Table Schema the kit understands.

Anything else in a schema is refused, so that no rule is silently left unchecked.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit import files
from kit.errors import DataError, Problem, suggestion

PACKAGE = "datapackage.json"

Record = dict[str, Any]
Note = Callable[[str, str, str], None]


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a table.

    ``separator`` is set for a list; ``references`` is the table and column in which its value, or
    each item of the list, must be found. ``minimum`` and ``maximum`` have the column's own type.
    """

    name: str
    type: str
    title: str
    description: str
    example: str | None = None
    required: bool = False
    unique: bool = False
    enum: tuple[str, ...] = ()
    pattern: str | None = None
    minimum: Any = None
    maximum: Any = None
    separator: str | None = None
    references: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the package: its file, what it is about and its columns in order."""

    name: str
    file: str
    title: str
    description: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...] = ()
    exactly_one: tuple[str, ...] = ()
    unique_together: tuple[str, ...] = ()


def _integer(text: str) -> int:
    if not re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", text):  # fits into 64 bits
        raise ValueError(text)
    return int(text)


def _number(text: str) -> float:
    if not re.fullmatch(r"-?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?", text):
        raise ValueError(text)
    return float(text)


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


def _date(text: str) -> dt.date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(text)
    return dt.date.fromisoformat(text)


# type: (how to read it, what is wrong otherwise, how to mend it, the pandas dtype)
TYPES: dict[str, tuple[Callable[[str], Any], str, str, str]] = {
    "string": (str, "", "", "str"),
    "integer": (_integer, "is not a whole number", "Write digits only, like 12.", "Int64"),
    "number": (_number, "is not a number", "Write digits and a point, like 4.5.", "float64"),
    "boolean": (_boolean, "is neither true nor false", "Write true or false.", "boolean"),
    "date": (_date, "is not a date", "Write it as YYYY-MM-DD, like 2023-11-12.", "datetime64[us]"),
}

# The part of Table Schema that the kit understands: `!` marks what must be there, `...` lets
# further properties pass (they describe the package and change nothing in how it is read).
_COLUMNS = ([str], str)
_KEY = {"fields!": _COLUMNS, "reference!": {"resource!": str, "fields!": _COLUMNS}}
_FIELD = {
    "name!": str, "type!": str, "title!": str, "description!": str, "example": str,
    "kit:list": str, "kit:references": str,
    "constraints": {"required": bool, "unique": bool, "enum": [str], "pattern": str,
                    "minimum": (int, float, str), "maximum": (int, float, str)},
}  # fmt: skip
_SHAPE = {
    "...": None,
    "resources!": [{
        "...": None, "name!": str, "type": str, "path!": str, "title!": str,
        "description!": str, "schema": {
            "fields!": [_FIELD], "primaryKey": _COLUMNS, "foreignKeys": [_KEY],
            "kit:exactlyOne": [str], "kit:uniqueTogether": [str],
        },
    }],
}  # fmt: skip


def _misshapen(value: Any, shape: Any, at: str) -> Iterator[tuple[str, str, str]]:
    """Yield (where, cause, remedy) for each part of a JSON value that has not the shape."""
    if isinstance(shape, tuple) and not any(isinstance(s, list) for s in shape):
        if not isinstance(value, shape) or isinstance(value, bool):
            yield at, "The value has the wrong type.", "Give a number or a text."
    elif isinstance(shape, tuple):
        yield from _misshapen(value, shape[0] if isinstance(value, list) else shape[1], at)
    elif isinstance(shape, type):
        if not isinstance(value, shape):
            kind = {str: "a text in quotes", bool: "true or false"}[shape]
            yield at, "The value has the wrong type.", f"Give {kind}."
    elif isinstance(shape, list):
        if not isinstance(value, list) or not value:
            yield at, "This is not a list, or it is empty.", "Give a list in square brackets."
            return
        for i, item in enumerate(value):
            yield from _misshapen(item, shape[0], f"{at}[{i}]")
    elif not isinstance(value, dict):
        yield at, "This is not an object.", "Give an object in braces."
    else:
        known = {key.rstrip("!"): key for key in shape if key != "..."}
        for key, item in value.items():
            if key in known:
                yield from _misshapen(item, shape[known[key]], f"{at}.{key}".lstrip("."))
            elif "..." not in shape:
                yield at, f"The kit does not know the property '{key}'.", suggestion(key, known)
        for name, key in known.items():
            if key.endswith("!") and name not in value:
                yield at, f"The property '{name}' is missing.", "Add it, as in the other tables."


def _as_names(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _field(raw: Record, key: Sequence[str], links: Mapping[str, tuple[str, str]], at: str,
           note: Note) -> Field:  # fmt: skip
    """Return one column; ``key`` holds the primary key, ``links`` the foreign keys by column."""
    rules: Record = dict(raw.get("constraints", {}))
    rules["enum"] = tuple(rules.get("enum", ()))
    rules["required"] = rules.get("required", False) or raw["name"] in key
    kind = raw["type"]
    read, wrong, mend, _ = TYPES.get(kind, TYPES["string"])
    if kind not in TYPES:
        note(at, f"The kit does not know the type '{kind}'.", suggestion(kind, TYPES))
    for edge in {"minimum", "maximum"} & rules.keys():
        try:
            rules[edge] = read(str(rules[edge]))
        except ValueError:
            note(at, f"The {edge} '{rules[edge]}' {wrong}.", mend)
    try:
        re.compile(rules.get("pattern") or "")
    except re.error as cause:
        note(at, f"The pattern is not a regular expression ({cause}).", "Mend or remove it.")
    if "kit:list" in raw and (kind != "string" or not raw["kit:list"]):
        note(at, "A list must have the type string and a separator.", 'Write "kit:list": ";".')
    link = links.get(raw["name"])
    if "kit:references" in raw:
        table, _, column = raw["kit:references"].partition(".")
        link = (table, column)
    return Field(raw["name"], kind, raw["title"], raw["description"], raw.get("example"),
                 separator=raw.get("kit:list"), references=link, **rules)  # fmt: skip


def _table(raw: Record, note: Note) -> Table:
    """Return one table of the package; its shape has been checked, its names have not."""
    schema = raw["schema"]
    at = raw["name"]
    links: dict[str, tuple[str, str]] = {}
    for link in schema.get("foreignKeys", ()):
        here, there = _as_names(link["fields"]), _as_names(link["reference"]["fields"])
        if len(here) != 1 or len(there) != 1:
            note(at, "A foreign key spans several columns.", "Give each column its own.")
        links[here[0]] = (link["reference"]["resource"], there[0])
    key = _as_names(schema.get("primaryKey", ()))
    fields = tuple(_field(f, key, links, f"{at}.{f['name']}", note) for f in schema["fields"])
    table = Table(
        at, raw["path"], raw["title"], raw["description"], fields, key,
        tuple(schema.get("kit:exactlyOne", ())), tuple(schema.get("kit:uniqueTogether", ())),
    )  # fmt: skip
    names = [field.name for field in fields]
    for name in {*table.primary_key, *table.exactly_one, *table.unique_together, *links}:
        if name not in names:
            note(at, f"There is no column '{name}'.", suggestion(name, names))
    if len(set(names)) < len(names):
        note(at, "Two columns have the same name.", "Rename one of them.")
    if not re.fullmatch(r"[A-Za-z0-9_-]+\.csv", table.file):
        note(at, f"The path '{table.file}' is not a file beside {PACKAGE}.", "Use name.csv.")
    return table


def read_package(folder: Path) -> dict[str, Table]:
    """Return the tables that ``datapackage.json`` describes, by name."""
    raw = files.read_json(folder / PACKAGE)
    problems: list[Problem] = []

    def note(at: str, cause: str, remedy: str) -> None:
        problems.append(Problem(PACKAGE, f"{at}: {cause}" if at else cause, remedy))

    for found in _misshapen(raw, _SHAPE, ""):
        note(*found)
    if problems:
        raise DataError(problems)
    listed = [item for item in raw["resources"] if item.get("type", "table") == "table"]
    for item in listed:
        if "schema" not in item:
            remedy = 'Describe its columns, or give the "type" of a file that is no table.'
            note(item["name"], "The property 'schema' is missing.", remedy)
    if problems:
        raise DataError(problems)
    tables = [_table(resource, note) for resource in listed]
    by_name = {table.name: table for table in tables}
    if len(by_name) < len(tables) or len({table.file for table in tables}) < len(tables):
        note("resources", "Two tables have the same name or path.", "Rename one of them.")
    columns = {(t.name, f.name) for t in tables for f in t.fields}
    for table in tables:
        for field in table.fields:
            if field.references and field.references not in columns:
                target = ".".join(field.references)
                at = f"{table.name}.{field.name}"
                note(at, f"It refers to '{target}', which does not exist.",
                     suggestion(target, sorted(map(".".join, columns))))  # fmt: skip
    if problems:
        raise DataError(problems)
    return by_name
