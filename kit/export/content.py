"""What an export holds: the tables of the package, and two that describe them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from kit import files, tables
from kit.codebook import about
from kit.errors import DataError, ExportError
from kit.tables import Field, Record, Table
from kit.tables.schema import PACKAGE

RESERVED = ("about", "fields", "readme")  # sheets and tables of the export itself


@dataclass(frozen=True, slots=True)
class Content:
    """What is written: the name and title of the package, its tables in order, their rows.

    ``files`` are all files that the package lists, in order, also those that are no tables.
    """

    name: str
    title: str
    files: tuple[str, ...]
    tables: tuple[Table, ...]
    rows: dict[str, tuple[Record, ...]]


def _text(name: str, title: str, *, required: bool = True) -> Field:
    return Field(name, "string", title, f"{title}.", required=required)


ABOUT = Table(
    "about", "", "About", "What this is, how to cite it and how to correct it.",
    (_text("item", "Item"), _text("text", "Text")), ("item",),
)  # fmt: skip
FIELDS = Table(
    "fields", "", "Fields", "Every column of every table: its type, unit, rules and meaning.",
    (
        _text("table_name", "Table"),
        _text("field", "Column"),
        _text("title", "Title"),
        _text("type", "Type"),
        _text("unit", "Unit", required=False),
        _text("rules", "Rules", required=False),
        _text("codes", "Codes", required=False),
        _text("description", "Description"),
    ),
    ("table_name", "field"),
)  # fmt: skip


def read() -> Content:
    """Return the data package in use.

    Raises
    ------
    DataError
        The package or a table has problems; all of them are listed.
    ExportError
        A table has a name that cannot be that of a file and of a sheet; or a file is missing or
        lies elsewhere.
    """
    if found := tables.problems():
        raise DataError(found)
    names = tables.names()
    for name in names:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,31}", name) or name.lower() in RESERVED:
            raise ExportError(f"A table called '{name}' cannot be exported. Rename it.")
    if len({name.lower() for name in names}) < len(names):
        raise ExportError("Two tables differ only in capital letters. Rename one.")
    raw = about.package()
    listed = tuple(item["path"] for item in raw["resources"])
    for path in listed:
        if not re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*", path):
            raise ExportError(f"The file '{path}' does not lie beside the tables. Move it there.")
        if not (files.data_dir() / path).is_file():
            raise ExportError(f"{PACKAGE} lists '{path}', which does not exist. Add or delist it.")
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", str(raw.get("name") or "data"))
    rows = {name: tables.records(name) for name in names}
    title = str(raw.get("title") or name)
    return Content(name, title, listed, tuple(map(tables.describe, names)), rows)


def described(content: Content) -> Content:
    """Return the content with the tables ``about`` and ``fields`` in front."""
    items = about.summary(about.package()).items()
    notes: dict[str, tuple[Record, ...]] = {
        "about": tuple({"item": item, "text": text} for item, text in items),
        "fields": tuple(_field(t, f) for t in content.tables for f in t.fields),
    }
    every = (ABOUT, FIELDS, *content.tables)
    return Content(content.name, content.title, content.files, every, {**notes, **content.rows})


def _field(table: Table, field: Field) -> Record:
    return {
        "table_name": table.name,
        "field": field.name,
        "title": field.title,
        "type": about.kind(field),
        "unit": about.unit(field) or None,
        "rules": "; ".join(about.rules(field)) or None,
        "codes": "; ".join(field.enum) or None,
        "description": field.description,
    }


def plain(field: Field, value: Any) -> Any:
    """Return a value with its list joined to one text, as in the CSV file; empty is None."""
    if field.separator:
        return field.separator.join(value) or None
    return value
