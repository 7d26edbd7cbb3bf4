"""Read and write an MSEL as CSV or as an Excel workbook, cell by cell."""

from __future__ import annotations

import csv
import importlib.util
import io
import warnings
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit import celltext, files
from kit.authoring import columns
from kit.authoring.columns import COLUMNS
from kit.errors import DataError, ExportError, Problem
from kit.export.sheets import put

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

SUFFIXES = (".csv", ".xlsx")
HEADER_WITHIN = 20  # rows in which the header is looked for; titles may stand above it
MAX_ROWS, MAX_COLUMNS = 5_000, 200
MAX_CELLS = 1_000_000  # of a workbook, with the empty ones between
MAX_UNPACKED = 60_000_000  # bytes; a workbook is a packed folder
DELIMITERS = (",", ";", "\t")
UNREADABLE = (zipfile.BadZipFile, zlib.error, ET.ParseError, KeyError, ValueError, TypeError,
              IndexError, AttributeError, EOFError, NotImplementedError, OSError)  # fmt: skip
WITHOUT = (
    "Workbooks need openpyxl, which is not installed; it comes with the extra 'xlsx'. In the "
    'kit\'s folder: python -m pip install --editable ".[xlsx]". Or use a file that ends in .csv.'
)

Row = tuple[int, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as read: its header, its filled rows with their numbers, and what was left aside.

    A row number counts as spreadsheets do: from 1, with titles and header. ``places`` says in
    which column each of the kit's keys stands.
    """

    file: str
    header: tuple[str, ...]
    places: dict[str, int]
    rows: tuple[Row, ...]
    aside: tuple[str, ...] = ()


def _form(path: Path, error: type[DataError | ExportError]) -> str:
    """Return the suffix of a sheet; refuse others, and workbooks where they cannot be read."""
    suffix = path.suffix.lower()
    cause, remedy = "", ""
    if suffix not in SUFFIXES:
        cause, remedy = "It is neither .csv nor .xlsx.", "Save the sheet as one of the two."
    elif suffix == ".xlsx" and importlib.util.find_spec("openpyxl") is None:
        cause, _, remedy = WITHOUT.partition(". ")
        cause += "."
    if cause and error is DataError:
        raise DataError([Problem(path.name, cause, remedy)])
    if cause:
        raise ExportError(f"{path.name}: {cause} {remedy}")
    return suffix


# --- writing


def write(path: Path, title: str, rows: Sequence[dict[str, str]], force: bool = False) -> None:
    """Write an MSEL: a line with the title, the header, and a row for each inject.

    Parameters
    ----------
    path
        A file that ends in ``.csv`` or ``.xlsx``.
    title
        What stands above the header.
    rows
        Column key → text, as :mod:`kit.authoring.cells` writes it.
    force
        Whether to write over a file that is there.

    Raises
    ------
    ExportError
        The suffix is another, openpyxl is missing, or the file is there or cannot be written.
    """
    suffix = _form(path, ExportError)
    if path.exists() and not force:
        raise ExportError(f"{path.name} is already there. Choose another name, or add --force.")
    try:
        if suffix == ".csv":
            files.write_atomic(path, "\ufeff" + _csv(title, rows))  # Excel looks for the mark
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            whole = path.with_name(f".{path.name}.tmp")
            try:  # a workbook that is there is replaced by a whole one, or not at all
                _workbook(title, rows).save(whole)
                whole.replace(path)
            finally:
                whole.unlink(missing_ok=True)
    except OSError as cause:
        raise ExportError(f"{path.name} is not written ({cause.strerror}).") from cause


def _csv(title: str, rows: Iterable[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([celltext.guard(title), *[""] * (len(COLUMNS) - 1)])
    writer.writerow([column.header for column in COLUMNS])
    for row in rows:
        writer.writerow([celltext.guard(row.get(column.key, "")) for column in COLUMNS])
    return out.getvalue()


def _workbook(title: str, rows: Sequence[dict[str, str]]) -> Workbook:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet: Worksheet = book.worksheets[0]
    sheet.title = "MSEL"
    book.properties.title, book.properties.creator = title, "tabletop-kit"
    put(sheet.cell(1, 1), title)
    sheet.cell(1, 1).font = Font(bold=True)
    sheet.oddHeader.center.text = sheet.oddFooter.center.text = title.partition(" · ")[0]
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:2"
    for number, column in enumerate(COLUMNS, 1):
        head = sheet.cell(2, number)
        put(head, column.header)
        head.font = Font(bold=True)
        sheet.column_dimensions[head.column_letter].width = column.width
        for line, row in enumerate(rows, 3):
            if text := row.get(column.key):
                put(sheet.cell(line, number), celltext.guard_again(text))
                sheet.cell(line, number).alignment = Alignment(vertical="top", wrap_text=True)
    sheet.freeze_panes = "A3"
    return book


# --- reading


def read(path: Path) -> Sheet:
    """Return the sheet in a file, whoever made it.

    The header is the first row that names the needed columns; of a workbook, the first
    worksheet that has one is read, and ``aside`` names the others that hold something.

    Raises
    ------
    DataError
        The file cannot be read, or no row names the needed columns.
    """
    suffix = _form(path, DataError)
    grids = _read_csv(path) if suffix == ".csv" else _read_workbook(path)
    found = {n: sheet for n, rows in grids.items() if (sheet := _sheet(path.name, rows))}
    if not found:
        raise DataError([_no_header(path.name, grids)])
    if suffix == ".csv":  # the separator that gives the most columns is the right one
        return max(found.values(), key=lambda sheet: len(sheet.places))
    first, sheet = next(iter(found.items()))
    return replace(sheet, aside=tuple(n for n, rows in grids.items() if rows and n != first))


def _sheet(file: str, rows: Sequence[Row]) -> Sheet | None:
    """Return the rows below the header; None when no row is a header."""
    needed = {column.key for column in COLUMNS if column.needed}
    for place, (number, row) in enumerate(rows):
        if number > HEADER_WITHIN:
            return None
        found = columns.match(row)
        if needed <= found.keys() and {"time", "minute"} & found.keys():
            header = tuple(" ".join(str(name or "").split()) for name in row)
            return Sheet(file, header, found, tuple(rows[place + 1 :]))
    return None


def _no_header(file: str, grids: dict[str, list[Row]]) -> Problem:
    """Return which needed columns are missing in the row that comes nearest to a header."""
    rows = [row for grid in grids.values() for number, row in grid if number <= HEADER_WITHIN]
    best = max(map(columns.match, rows), key=len, default={})
    missing = [column.header for column in COLUMNS if column.needed and column.key not in best]
    if not {"time", "minute"} & best.keys():
        missing.append("Time or Minute")
    cause = f"Columns are missing: {', '.join(missing)}."
    known = [column.header for column in COLUMNS if column.key in best]
    seen = f"Found: {', '.join(known)}. " if known else ""
    remedy = f"{seen}Name them in one row, within the first {HEADER_WITHIN}."
    return Problem(file, cause, remedy)


def _read_csv(path: Path) -> dict[str, list[Row]]:
    """Return the filled rows as each of the usual separators gives them."""
    text = files.read_text(path)
    found: dict[str, list[Row]] = {}
    failed = None
    for mark in DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
        try:
            rows = [tuple(map(celltext.unguard, row)) for row in reader]
        except csv.Error as cause:
            failed = failed or Problem(
                path.name, f"Not CSV ({cause}).", "Check the quotes there.", reader.line_num
            )
            continue
        found[mark] = _limited(path.name, rows)
    if failed and not any(_sheet(path.name, rows) for rows in found.values()):
        raise DataError([failed])
    return found


def _limited(file: str, rows: Sequence[tuple[Any, ...]]) -> list[Row]:
    """Return the rows that hold something, with their numbers."""
    filled = [(n, row) for n, row in enumerate(rows, 1) if any(_filled(cell) for cell in row)]
    if len(filled) > MAX_ROWS or any(len(row) > MAX_COLUMNS for _, row in filled):
        cause = f"The sheet is larger than {MAX_ROWS:,} rows or {MAX_COLUMNS} columns."
        raise DataError([Problem(file, cause, "Keep the rows of one exercise.")])
    return filled


def _filled(cell: object) -> bool:
    return cell is not None and bool(str(cell).strip())


def _read_workbook(path: Path) -> dict[str, list[Row]]:
    """Return the filled rows of every worksheet; a formula without its result is refused."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    def refuse(cause: str, remedy: str, line: int | None = None, column: str = "") -> DataError:
        return DataError([Problem(path.name, cause, remedy, line, column or None)])

    raw = io.BytesIO(files.read_bytes(path))
    damaged = "The file cannot be read as a workbook."
    save = "Open it in a spreadsheet program and save it as .xlsx or as CSV UTF-8."
    try:
        with zipfile.ZipFile(raw) as packed:
            size = sum(item.file_size for item in packed.infolist())
        if size > MAX_UNPACKED:
            raise refuse("The workbook is too large.", "Keep the sheet of one exercise.")
        with warnings.catch_warnings():  # about what openpyxl leaves out: colors, menus, pictures
            warnings.simplefilter("ignore")
            book, formulas = load_workbook(raw, data_only=True), load_workbook(raw)
        grids: dict[str, list[Row]] = {}
        for sheet in book.worksheets:
            if sheet.max_row * sheet.max_column > MAX_CELLS:
                raise refuse("A worksheet is too large.", "Delete the empty rows at its end.")
            for row in formulas[sheet.title].iter_rows():
                for cell in row:
                    value = sheet[cell.coordinate].value if cell.data_type == "f" else ""
                    if value is None:
                        what = f"Cell {cell.coordinate} holds a formula without a result."
                        raise refuse(what, save, cell.row, cell.column_letter)
            rows = [tuple(map(_value, row)) for row in sheet.iter_rows(values_only=True)]
            grids[sheet.title] = _limited(path.name, rows)
    except (*UNREADABLE, InvalidFileException) as cause:
        raise refuse(f"{damaged[:-1]} ({type(cause).__name__}).", save) from cause
    return grids


def _value(value: object) -> object:
    """Return a cell's value; text without the guard and without what Excel writes for returns."""
    if isinstance(value, float) and value == int(value):
        return int(value)
    return celltext.unguard(value.replace("_x000D_", "")) if isinstance(value, str) else value
