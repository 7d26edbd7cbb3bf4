"""The rows of a sheet as injects: what each cell means, and everything that is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kit import celltext
from kit.authoring import cells
from kit.authoring.columns import BY_KEY, plain
from kit.authoring.sheet import Sheet
from kit.documents import ODD
from kit.errors import DataError, Problem, suggestion

CHANNELS = {
    "cable": "cable, email, e mail, mail, letter, fax, memo, message, note, report, document",
    "press": "press, news, newspaper, tv, television, radio, media, social media, broadcast, web",
    "phone": "phone, telephone, call, phone call, mobile, sms, verbal, in person, face to face, "
    "voice, radio call, video call",
    "sensor": "sensor, sensor feed, feed, alarm, system, gauge, radar, display",
}
_CHANNEL = {name: key for key, names in CHANNELS.items() for name in names.split(", ")}
EVERYBODY = {"all", "all players", "all roles", "everybody", "everyone", "all participants"}
WANTED = {
    "from": "Exercise control",
    "channel": "cable",
    "expected_action": "To be written: what would a well-prepared role do?",
}


@dataclass(slots=True)
class Report:
    """What was found while reading: problems that stop it, and what the reader should know."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def problem(self, row: int, column: str, cause: str, remedy: str) -> None:
        """Note what is wrong in one cell."""
        self.problems.append(Problem(self.file, cause, remedy, row, column))

    def refuse(self, sheet: Sheet) -> None:
        """Raise every problem, in the order of the sheet, if there is one."""
        places = {name: place for place, name in enumerate(sheet.header)}

        def place(problem: Problem) -> tuple[int, int]:
            return problem.line or 0, places.get(problem.column or "", len(places))

        if self.problems:
            raise DataError(sorted(self.problems, key=place))

    def tell(self, words: str) -> None:
        """Note something that was assumed or left aside, once."""
        if words not in self.told:
            self.told.append(words)


@dataclass(slots=True)
class Entry:
    """One row: its number, its cells by key, and what else it says, for the notes."""

    row: int
    values: Mapping[str, Any]
    sheet: Sheet
    report: Report
    notes: list[str] = field(default_factory=list)

    def column(self, key: str) -> str:
        """Return the header of a column as it stands in the sheet."""
        place = self.sheet.places.get(key)
        return BY_KEY[key].header if place is None else self.sheet.header[place]

    def text(self, key: str) -> str:
        """Return the text of a cell; empty when there is none."""
        return celltext.read_text(str(self.values.get(key, "")))

    def wrong(self, key: str, cause: str, remedy: str) -> None:
        """Note what is wrong in one cell of this row."""
        self.report.problem(self.row, self.column(key), cause, remedy)

    def keep(self, key: str, what: str) -> None:
        """Keep in the notes what the kit has no place for."""
        self.notes.append(f"{self.column(key)}: {what}")


def entries(sheet: Sheet, report: Report) -> list[Entry]:
    """Return the rows of a sheet; what stands in columns nobody knows goes to the notes."""
    found = []
    known = {place: key for key, place in sheet.places.items()}
    unknown: dict[str, None] = {}
    for number, row in sheet.rows:
        filled = {p: v for p, v in enumerate(row) if v is not None and str(v).strip()}
        values = {known[place]: value for place, value in filled.items() if place in known}
        entry = Entry(number, values, sheet, report)
        for place, value in filled.items():
            if place not in known:
                name = sheet.header[place] if place < len(sheet.header) else ""
                name = name or f"column {letters(place)}"
                unknown[name] = None
                entry.notes.append(f"{name}: {celltext.read_text(str(value))}")
            if odd := ODD.search(celltext.read_text(str(value))):
                what = f"There is a character that no text should hold (U+{ord(odd[0]):04X})."
                report.problem(number, letters(place), what, "Remove it.")
        found.append(entry)
    if unknown:
        report.tell(f"Not known, kept in the notes: {', '.join(unknown)}.")
    if sheet.aside:
        report.tell(f"Worksheets not read: {', '.join(sheet.aside)}.")
    return found


def letters(place: int) -> str:
    """Return the letters by which spreadsheets call a column.

    Examples
    --------
    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    found, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def name_of(text: str, fallback: str, taken: Iterable[str] = ()) -> str:
    """Return an id made of a text; the fallback, with a number, where no letter is left.

    Examples
    --------
    >>> name_of("Fire & Rescue (North)", "role")
    'fire-rescue-north'
    >>> name_of("Police", "role", ["police"])
    'police-2'
    """
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = "-".join(re.findall(r"[a-z0-9]+", ascii_only))[:50].strip("-")
    if not name or not name[0].isalpha():
        name = f"{fallback}-{name}".rstrip("-")
    number, made = 2, name
    while made in taken:
        made, number = f"{name}-{number}", number + 1
    return made


def inject_id(entry: Entry) -> str:
    """Return the id of an inject: its own, or one made of its number or its row."""
    if own := entry.text("id"):
        number = entry.text("number")
        if number and not re.fullmatch(r"\d+(\.\d+)*", number):
            entry.keep("number", number)
        return own
    number = entry.text("number")
    return name_of(number, "inject") if number else f"inject-row-{entry.row}"


def minute(entry: Entry) -> int | None:
    """Return the minute of the move that a row states; None when it states none."""
    cell = entry.text("minute")
    if not cell:
        return None
    if not re.fullmatch(r"\d{1,5}", cell):
        entry.wrong("minute", f"'{cell}' is not a whole number.", "Write minutes, such as 15.")
        return None
    return int(cell)


def time(entry: Entry) -> int | None:
    """Return the time that a row states, in minutes; None when it states none."""
    if "time" not in entry.values:
        return None
    try:
        return cells.read_time(entry.values["time"])
    except (ValueError, OverflowError):
        cause = f"'{entry.text('time')}' cannot be read as a time."
        entry.wrong("time", cause, "Write hours and minutes, such as 01:30.")
        return None


def channel(entry: Entry, strict: bool) -> str:
    """Return the channel of a row; a sheet of others may name means that the kit does not have."""
    cell = entry.text("channel")
    if not cell:
        return ""
    if found := _CHANNEL.get(plain(cell)):
        if plain(cell) != found:
            entry.report.tell(f"{entry.column('channel')} '{cell}' is read as {found}.")
        return found
    if strict:
        entry.wrong("channel", f"'{cell}' is no channel.", suggestion(cell, CHANNELS))
    else:
        entry.keep("channel", cell)
        entry.report.tell(f"{entry.column('channel')} '{cell}' is kept in the notes.")
    return WANTED["channel"]


def condition(entry: Entry) -> dict[str, Any]:
    """Return the condition of a row; empty when there is none."""
    try:
        return cells.read_condition(entry.text("when"))
    except ValueError as cause:
        what = f"'{cause}' is not a condition."
        entry.wrong("when", what, "Write name = value; several values as name = one | other.")
        return {}


def recipients(entry: Entry) -> list[str]:
    """Return the names in the column of recipients, each once."""
    names = cells.read_list(entry.text("to"))
    return list(dict.fromkeys(name for name in names if name))


def notes(entry: Entry) -> str:
    """Return the notes of a row, with what the kit has no other place for."""
    own = entry.text("notes")
    return "\n".join([*([own] if own else []), *entry.notes])


def heading(entry: Entry) -> str:
    """Return the only cell of a row that is no inject: the title of what follows; else nothing."""
    if len(entry.values) + len(entry.notes) != 1 or "text" in entry.values:
        return ""
    only = [str(value).strip() for value in entry.values.values()]
    return only[0] if only else entry.notes[0].partition(": ")[2]
