"""The data package as one SQLite database, with the keys and rules of the schema declared."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from kit.export.content import Content, described, plain
from kit.tables import Field, Table

# A day is text, as ISO: SQLite has no type for it, and this sorts and compares rightly.
TYPES = {
    "string": "TEXT",
    "integer": "INTEGER",
    "number": "REAL",
    "boolean": "INTEGER",
    "date": "TEXT",
}


def names(content: Content) -> list[str]:
    """Return the name of the file."""
    return [f"{content.name}.sqlite"]


def write(content: Content, folder: Path) -> None:
    """Write the database. A list is text, joined as in the CSV file; true and false are 1 and 0.

    Foreign keys are declared for columns that refer to one row, not for lists.
    """
    whole = described(content)
    by_name = {table.name: table for table in whole.tables}
    with closing(sqlite3.connect(folder / names(content)[0])) as database, database:
        for table in whole.tables:
            lines = ",\n  ".join(_definitions(table, by_name))
            database.execute(f"CREATE TABLE {_quoted(table.name)} (\n  {lines}\n)")
            if table.unique_together:  # NULLs would count as different from one another
                cells = ", ".join(f"COALESCE({_quoted(n)}, '')" for n in table.unique_together)
                index = _quoted(f"{table.name}_unique")
                database.execute(f"CREATE UNIQUE INDEX {index} ON {_quoted(table.name)} ({cells})")
            marks = ", ".join("?" * len(table.fields))
            database.executemany(
                f"INSERT INTO {_quoted(table.name)} VALUES ({marks})",
                ([_value(f, row[f.name]) for f in table.fields] for row in whole.rows[table.name]),
            )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(value: Any) -> str:
    if isinstance(value, int | float):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def _definitions(table: Table, by_name: Mapping[str, Table]) -> Iterator[str]:
    """Yield what stands between the brackets of CREATE TABLE: columns, keys and rules."""
    for field in table.fields:
        words = [_quoted(field.name), TYPES[field.type]]
        words += ["NOT NULL"] * field.required + ["UNIQUE"] * field.unique
        yield " ".join([*words, *(f"CHECK ({rule})" for rule in _rules(field))])
    if table.primary_key:
        yield f"PRIMARY KEY ({', '.join(map(_quoted, table.primary_key))})"
    if table.exactly_one:
        filled = " + ".join(f"({_quoted(name)} IS NOT NULL)" for name in table.exactly_one)
        yield f"CHECK ({filled} = 1)"
    for field in table.fields:
        if field.references and not field.separator:
            other, column = field.references
            target = next(f for f in by_name[other].fields if f.name == column)
            if target.unique or by_name[other].primary_key == (column,):  # SQLite asks for it
                here, there = _quoted(field.name), f"{_quoted(other)} ({_quoted(column)})"
                yield f"FOREIGN KEY ({here}) REFERENCES {there}"


def _rules(field: Field) -> Iterator[str]:
    name = _quoted(field.name)
    if field.type == "boolean":
        yield f"{name} IN (0, 1)"
    if field.enum and not field.separator:
        yield f"{name} IN ({', '.join(map(_literal, field.enum))})"
    if field.minimum is not None:
        yield f"{name} >= {_literal(field.minimum)}"
    if field.maximum is not None:
        yield f"{name} <= {_literal(field.maximum)}"


def _value(field: Field, value: Any) -> Any:
    value = plain(field, value)
    return value.isoformat() if field.type == "date" and value is not None else value
