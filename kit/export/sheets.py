"""The data package as one Excel workbook, in which text stays text and nothing is evaluated."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.errors import ExportError
from kit.export.content import Content, described, plain
from kit.tables import Field, Record, Table

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SHEETS = {"about": "README", "fields": "Fields"}
CELL_LIMIT = 32_767  # characters; whatever is longer would be cut off without a word
FIRST_DAY = dt.date(1900, 3, 1)  # Excel counts wrongly before it
FORMULA = ("=", "+", "-", "@", "\t")
NARROW, WIDE = 10, 60  # widths of columns, in characters


def names(content: Content) -> list[str]:
    """Return the name of the file."""
    return [f"{content.name}.xlsx"]


def write(content: Content, folder: Path) -> None:
    """Write the workbook: a README, the meaning of every column, then a sheet for each table.

    Raises
    ------
    ExportError
        A text is longer than a cell can hold.
    """
    from openpyxl import Workbook

    whole = described(content)
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title, book.properties.creator = content.title, "tabletop-kit"
    for table in whole.tables:
        sheet = book.create_sheet(SHEETS.get(table.name, table.name))
        _fill(sheet, table, whole.rows[table.name])
    book.save(folder / names(content)[0])


def _fill(sheet: Worksheet, table: Table, rows: tuple[Record, ...]) -> None:
    from openpyxl.styles import Alignment, Font

    for column, field in enumerate(table.fields, 1):
        head = sheet.cell(1, column)
        put(head, field.name)
        head.font = Font(bold=True)
        longest = len(field.name)
        for line, row in enumerate(rows, 2):
            value = _value(table, field, row)
            if value is not None:
                cell = sheet.cell(line, column)
                put(cell, value)
                cell.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str))
                longest = max(longest, len(str(value)))
        sheet.column_dimensions[head.column_letter].width = min(max(longest + 2, NARROW), WIDE)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _value(table: Table, field: Field, row: Record) -> Any:
    value = plain(field, row[field.name])
    if isinstance(value, dt.date) and value < FIRST_DAY:
        return value.isoformat()
    if isinstance(value, str) and len(value) > CELL_LIMIT:
        raise ExportError(
            f"A text in {table.file}, column {field.name}, has {len(value)} characters; a cell "
            f"holds {CELL_LIMIT}. Shorten it, or choose another format."
        )
    return value


def put(cell: Any, value: Any) -> None:
    """Put a value into a cell; text is marked as text, now and for whoever edits it later."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # the library takes "=…" for a formula and "#N/A" for an error
        cell.number_format = "@"
        cell.quotePrefix = value.startswith(FORMULA)
    elif isinstance(value, dt.date):
        cell.number_format = "yyyy-mm-dd"
