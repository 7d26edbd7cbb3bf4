"""Checks the cells of one table against its schema and turns them into typed rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kit import files
from kit.errors import Problem, suggestion
from kit.tables.schema import PACKAGE, TYPES, Field, Record, Table


def show(text: str) -> str:
    """Return a text in quotes, on one line and shortened, as it stands in messages."""
    text = " ".join(text.split())
    return f"'{text}'" if len(text) <= 60 else f"'{text[:57]}…'"


def _cell(field: Field, text: str) -> tuple[Any, list[tuple[str, str]]]:
    """Return the value of a cell, and (cause, remedy) of all that is wrong with it."""
    if not text:
        wrong = [("The cell is empty.", f"Fill it in: {field.title}.")] if field.required else []
        return (() if field.separator else None), wrong
    if text != text.strip():
        return None, [("There is white space before or after the text.", "Remove it.")]
    read, is_not, mend, _ = TYPES[field.type]
    try:
        value = read(text)
    except ValueError:
        return None, [(f"{show(text)} {is_not}.", mend)]
    wrong = []
    if field.enum and text not in field.enum:
        wrong.append((f"{show(text)} is not an allowed value.", suggestion(text, field.enum)))
    if field.pattern and not re.fullmatch(field.pattern, text):
        like = f"like '{field.example}'" if field.example else f"in the form {field.pattern}"
        wrong.append((f"{show(text)} does not have the right form.", f"Write it {like}."))
    if field.minimum is not None and value < field.minimum:
        wrong.append((f"{text} is too small.", f"The least allowed is {field.minimum}."))
    if field.maximum is not None and value > field.maximum:
        wrong.append((f"{text} is too large.", f"The most allowed is {field.maximum}."))
    if field.separator:
        value = tuple(text.split(field.separator))
        if any(not item or item != item.strip() for item in value):
            wrong.append((f"The list {show(text)} has an empty item or stray spaces.",
                          f"Put '{field.separator}' between items and nothing else."))  # fmt: skip
        if len(set(value)) < len(value):
            wrong.append((f"The list {show(text)} names an item twice.", "Keep it once."))
    return value, wrong


class Checker:
    """Checks one table and collects its rows and problems.

    Parameters
    ----------
    table
        What the table should be.
    cells
        What its file holds.
    targets
        The known ids by (table, column); None where the file of that table cannot be read.
    """

    def __init__(
        self,
        table: Table,
        cells: files.CsvTable,
        targets: Mapping[tuple[str, str], Mapping[str, None] | None],
    ) -> None:
        self.table = table
        self.cells = cells
        self.targets = targets
        self.problems: list[Problem] = []
        self.text: dict[str, list[str]] = {}
        for i, name in enumerate(cells.header):
            self.text.setdefault(name, [row[i] for row in cells.rows])

    def rows(self) -> tuple[Record, ...]:
        """Return the typed rows; empty when there is any problem."""
        self._header()
        fields = [field for field in self.table.fields if field.name in self.text]
        columns = [self._column(field) for field in fields]
        keys = {(field.name,) for field in fields if field.unique}
        for key in sorted(keys | {self.table.primary_key, self.table.unique_together} - {()}):
            self._repeats(key)
        self._exactly_one(self.table.exactly_one)
        if self.problems:
            return ()
        names = [field.name for field in fields]
        return tuple(dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))

    def _note(self, line: int, column: str, cause: str, remedy: str) -> None:
        self.problems.append(Problem(self.table.file, cause, remedy, line, column))

    def _header(self) -> None:
        wanted = [field.name for field in self.table.fields]
        missing = [name for name in wanted if name not in self.text]
        unknown = [name for name in self.text if name not in wanted]
        for name in missing:
            self._note(1, name, "The column is missing.", f"Add it; {PACKAGE} lists it.")
        for name in unknown:
            self._note(1, name, "The column is unknown.", suggestion(name, missing or wanted))
        for name in self.text:
            if self.cells.header.count(name) > 1:
                self._note(1, name, "The column is there twice.", "Keep one of the two.")
        if not self.problems and list(self.text) != wanted:
            at = next(i for i, name in enumerate(self.text) if name != wanted[i])
            self._note(1, wanted[at], "The column is not in its place.",
                       f"Make it column {at + 1}; the order is: {', '.join(wanted)}.")  # fmt: skip

    def _column(self, field: Field) -> list[Any]:
        values = []
        for text, line in zip(self.text[field.name], self.cells.lines, strict=True):
            value, wrong = _cell(field, text)
            for cause, remedy in wrong:
                self._note(line, field.name, cause, remedy)
            values.append(None if wrong else value)
        if field.references:
            self._links(field, field.references, values)
        return values

    def _links(self, field: Field, target: tuple[str, str], values: list[Any]) -> None:
        known = self.targets[target]
        if known is None:
            cause = f"The ids in {'.'.join(target)} cannot be read."
            self._note(1, field.name, cause, "Mend that table first.")
            return
        remedies: dict[str, str] = {}  # the search for a near id is slow
        for value, line in zip(values, self.cells.lines, strict=True):
            for item in value if isinstance(value, tuple) else (value,):
                if item is not None and str(item) not in known:
                    remedy = remedies.get(item) or suggestion(str(item), known)
                    remedies[item] = remedy
                    cause = f"There is no {show(str(item))} in {'.'.join(target)}."
                    self._note(line, field.name, cause, remedy)

    def _repeats(self, key: tuple[str, ...]) -> None:
        if not all(name in self.text for name in key):
            return
        first: dict[tuple[str, ...], int] = {}
        columns = [self.text[name] for name in key]
        for cells, line in zip(zip(*columns, strict=True), self.cells.lines, strict=True):
            seen = first.setdefault(cells, line)
            if any(cells) and seen != line:
                kind = "id" if key == self.table.primary_key else "value"
                what = show(", ".join(cell for cell in cells if cell))
                cause = f"The {kind} {what} is already on line {seen}."
                self._note(line, ", ".join(key), cause, "Change one of the two rows or remove it.")

    def _exactly_one(self, names: tuple[str, ...]) -> None:
        if not names or not all(name in self.text for name in names):
            return
        for i, line in enumerate(self.cells.lines):
            filled = sum(bool(self.text[name][i]) for name in names)
            if filled != 1:
                self._note(line, ", ".join(names), f"{filled} of these cells are filled.",
                           "Fill exactly one of them.")  # fmt: skip
