"""The rows of the tables that the checks of the record hold against each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from kit import files, tables
from kit.errors import DataError, Problem
from kit.tables.schema import PACKAGE, Record

ON_PAGES = ("flights", "sensors", "alerts")
CODE = ("cameo", "plover", "plover_mode")
CHOICE = (*CODE, "contexts")

# The columns that the checks below read. Without one of them nothing could be proved.
NEEDED = {
    "events": ("event_id", "date", "known_on", "in_article", *CHOICE, "goldstein",
               "goldstein_imputed", "plover_score", "coding_basis", "coding_note"),
    "agreements": ("agreement_id", "signed_or_announced", "entered_into_force", "status_asof",
                   "in_article", "status"),
    "agreement_status": ("agreement_id", "since", "standing"),
    "citations": ("event_id", "agreement_id", "source_id"),
    "sources": ("source_id", "published", "accessed"),
    "codes": ("scheme", "code", "kind", "parent", "value", "value_imputed"),
    "event_codings": ("event_id", "coder", *CHOICE),
    "obligations": ("agreement_id", "obligation", "force", "note"),
    "obligation_codings": ("agreement_id", "obligation", "coder", "force"),
    **dict.fromkeys(ON_PAGES, ("page_ids",)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a sound table, each with the line on which it starts."""

    file: str
    rows: tuple[tuple[int, Record], ...]

    def problem(self, line: int, column: str, cause: str, remedy: str) -> Problem:
        """Return a problem in one cell of this table."""
        return Problem(self.file, cause, remedy, line, column)


Rows = dict[str, Table]


def read() -> Rows:
    """Return the rows of every table in ``NEEDED`` that is sound; others are reported elsewhere.

    Raises
    ------
    DataError
        The package lacks a table or column that the checks need.
    """
    names = tables.names()
    if found := list(_missing(names)):
        raise DataError(found)
    rows: Rows = {}
    for name in NEEDED:
        with suppress(DataError):  # reported with the tables
            table = tables.describe(name)
            lines = files.read_csv(files.data_dir() / table.file).lines
            rows[name] = Table(table.file, tuple(zip(lines, tables.records(name), strict=True)))
    return rows


def _missing(names: tuple[str, ...]) -> Iterator[Problem]:
    for name, columns in NEEDED.items():
        if name not in names:
            cause = f"The table '{name}' is missing, which the checks of the record need."
            yield Problem(PACKAGE, cause, "List it under resources.")
            continue
        there = {field.name for field in tables.describe(name).fields}
        for column in columns:
            if column not in there:
                cause = f"{name}: the column '{column}' is missing, which the checks need."
                yield Problem(PACKAGE, cause, f"Describe it, and add it to {name}.csv.")
