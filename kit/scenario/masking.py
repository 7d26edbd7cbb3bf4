"""Take the real names and days out of a scenario, for a lesson that compares.

Learners judge a case before they know whose it is. What would tell them goes: names, dates,
evidence, codes, marks of history and the calls of the warning model, which name flights and
cities. The logic stays as it is, so a play of the one replays in the other.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from kit import tables
from kit.errors import DataError

CAPITALS = ("Seoul", "Tokyo", "Washington", "Pyongyang", "Beijing", "Moscow")
DEMONYMS = (
    "Korea", "Korean", "Koreans", "Japanese", "America", "American", "Americans", "Chinese",
    "Russian", "Russians", "US", "USA", "U.S.", "ROK", "DPRK", "UN",
)  # fmt: skip
# Other names that tell at once which part of the world is meant.
TELLING = (
    "Pacific", "East Sea", "Pentagon", "White House", "Kremlin", "Camp David", "Hokkaido",
    "Aomori", "Okinawa", "Honshu", "Noto", "Oki", "Wonsan", "Dokdo", "Takeshima", "Hwasong",
    "Taepodong", "Nodong", "Unha", "GSOMIA", "TISA", "J-Alert", "P-1",
)  # fmt: skip
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATES = rf"\b(?:19|20)\d\d\b|\b\d{{1,2}} (?:{MONTHS})\b|\b(?:{MONTHS}) \d{{1,2}}\b"
UNMASKED = ("misconceptions", "further_reading", "silence")  # they are about the record itself


def replaced(text: str, names: Mapping[str, str]) -> str:
    """Return a text with each whole word or phrase replaced once, the longest first.

    Examples
    --------
    >>> replaced("North Korea and Korea's north", {"Korea": "Arda", "North Korea": "Ilmen"})
    "Ilmen and Arda's north"
    """
    return _phrases(tuple(names)).sub(lambda found: names[" ".join(found[0].split())], text)


def real_names() -> tuple[str, ...]:
    """Return the names that no masked text may hold: of the record, and those listed here."""
    found = [*CAPITALS, *DEMONYMS, *TELLING]
    for table in ("actors", "places"):
        with suppress(DataError):  # reported with the tables
            found += [str(row["name"]) for row in tables.records(table)]
    return tuple(dict.fromkeys(found))


def telling(text: str, names: Iterable[str]) -> list[str]:
    """Return the real names and dates that a text still holds, in its order, each once."""
    found = [(m.start(), m[0]) for m in _phrases(tuple(names)).finditer(text)]
    found += [(m.start(), m[0]) for m in re.finditer(DATES, text)]
    return list(dict.fromkeys(name for _, name in sorted(found)))


@functools.lru_cache(maxsize=8)
def _phrases(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of whole words and phrases, with any space between their words."""
    longest = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(
        r"(?<!\w)(?:"
        + "|".join(r"\s+".join(map(re.escape, name.split())) for name in longest)
        + r")(?!\w)"
    )


def without_record(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a scenario's content without anything that leads to the record."""
    stripped = {key: _stripped(part) for key, part in value.items() if key not in UNMASKED}
    for part in stripped["assumptions"].values():
        if "model" in part:
            part["model"] = {"call": "", "ranges": {}}
    return stripped


def _stripped(value: Any) -> Any:
    if isinstance(value, list):
        return [_stripped(part) for part in value]
    if not isinstance(value, dict):
        return value
    option = {"text", "tradeoff", "odds"} <= value.keys()
    gone = {"history", "codes"} if option else {"evidence"}
    # Ids may be called like keys: only a list is evidence.
    return {
        key: _stripped(part)
        for key, part in value.items()
        if key not in gone or (key == "evidence" and not isinstance(part, list))
    }
