"""Lists, conditions and times as the cells of a sheet hold them, and as people write them."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

DAY = 24 * 60

_ITEM = re.compile(r'\s*(?:("(?:[^"\\]|\\.)*")|([^;,\n"][^;,\n]*)|)\s*(?:[;,\n]|\Z)')
_SIMPLE = re.compile(r'[^\s;,"](?:[^;,\n"]*[^\s;,"])?')
_TERM = re.compile(r"([^\s=:|]+)\s*[=:]\s*([^=:]+)")
_CLOCK = re.compile(
    r"(?:[htm]\s*\+\s*)?(\d{1,4})[:h](\d{2})(?::00)?(?:\s*([ap])\.?m\.?|h|\s*hrs?)?", re.I
)
_PLAIN = re.compile(r"(?:[htm]\s*\+\s*)?(\d{1,5})\s*(?:min|mins|minutes)\.?", re.I)
_MILITARY = re.compile(r"([01]\d|2[0-3])([0-5]\d)(?:\s*(?:h|hrs?|[A-Z]))?")


def write_list(items: Iterable[str]) -> str:
    """Return a list of names as one text; odd names stand in quotes."""
    return "; ".join(i if _SIMPLE.fullmatch(i) else json.dumps(i) for i in items)


def read_list(cell: str) -> list[str]:
    """Return the names of a cell, whether semicolons, commas or line breaks stand between them."""
    found, place = [], 0
    while place < len(cell):
        match = _ITEM.match(cell, place)
        if match is None:  # a quotation mark that nothing closes is part of a name
            found.append(cell[place:].strip())
            break
        if match[1]:
            found.append(_quoted(match[1]))
        elif match[2]:
            found.append(match[2].strip())
        place = match.end()
    return found


def _quoted(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        return text


def write_condition(raw: Mapping[str, Any]) -> str:
    """Return a condition as text, for example ``launch = lofted | short; sharing = live``."""
    terms = (
        f"{name} = {values if isinstance(values, str) else ' | '.join(values)}"
        for name, values in raw.items()
    )
    return "; ".join(terms)


def read_condition(cell: str) -> dict[str, Any]:
    """Return a condition.

    Raises
    ------
    ValueError
        It is not written as :func:`write_condition` does.
    """
    found: dict[str, Any] = {}
    for part in re.split(r"[;\n]", cell):
        if not part.strip():
            continue
        term = _TERM.fullmatch(part.strip())
        if term is None or term[1] in found:
            raise ValueError(part.strip())
        values = list(dict.fromkeys(value.strip() for value in term[2].split("|")))
        if not all(values):
            raise ValueError(part.strip())
        found[term[1]] = values[0] if len(values) == 1 else values
    return found


def write_time(minutes: int) -> str:
    """Return minutes as hours and minutes: ``01:05``."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def read_time(cell: object) -> int:
    """Return a time of day or an elapsed time in minutes; a date counts as whole days.

    Raises
    ------
    ValueError
        It cannot be read as a time, or names seconds.
    """
    if isinstance(cell, dt.datetime):
        return cell.toordinal() * DAY + _whole(cell.time())
    if isinstance(cell, dt.time):
        return _whole(cell)
    if isinstance(cell, dt.timedelta):
        minutes, rest = divmod(round(cell.total_seconds()), 60)
        if rest or minutes < 0:
            raise ValueError(str(cell))
        return minutes
    text = str(cell).strip()
    if found := _CLOCK.fullmatch(text):
        hours, minutes, half = int(found[1]), int(found[2]), (found[3] or "").lower()
        if minutes > 59 or (half and not 1 <= hours <= 12):
            raise ValueError(text)
        if half:
            hours = hours % 12 + (12 if half == "p" else 0)
        return hours * 60 + minutes
    if found := _PLAIN.fullmatch(text):
        return int(found[1])
    if found := _MILITARY.fullmatch(text):
        return int(found[1]) * 60 + int(found[2])
    return read_time(dt.datetime.fromisoformat(text))


def _whole(time: dt.time) -> int:
    if time.second or time.microsecond:
        raise ValueError(str(time))
    return time.hour * 60 + time.minute


def rolled(times: Sequence[int | None]) -> list[int | None]:
    """Return times of day with a day added wherever midnight has passed since the row before."""
    found: list[int | None] = []
    days, before = 0, None
    for time in times:
        if time is None or time >= DAY:
            found.append(time)
            continue
        if before is not None and before - time > DAY // 2:
            days += 1
        before = time
        found.append(time + days * DAY)
    return found
