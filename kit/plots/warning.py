"""What all views of the warning model share: signs of countries and policies, and times in words.

The signs stay the same in every view: a color, a shape and a dash for each country, a color and a
pattern for each way of sharing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kit.plots import record
from kit.plots.picture import BLUE, GRAY, GREEN, ORANGE, PURPLE, SKY, VERMILION

Array = NDArray[np.float64]
MISSILE = PURPLE


@dataclass(frozen=True, slots=True)
class Sign:
    """How a country is shown: names, a color, a veil of it, plotly's name of a shape, a dash.

    ``glyph`` is a character of about the same shape, ``short`` the name before a noun.
    """

    name: str
    color: str
    veil: str
    symbol: str
    dash: str
    glyph: str
    short: str


COUNTRIES = {
    "KOR": Sign(
        "South Korea", BLUE, "rgba(0, 114, 178, 0.13)", "circle", "solid", "●", "South Korean"
    ),
    "JPN": Sign("Japan", VERMILION, "rgba(213, 94, 0, 0.13)", "square", "dash", "■", "Japanese"),
    "USA": Sign(
        "United States", GREEN, "rgba(0, 158, 115, 0.13)", "diamond", "dot", "◆", "American"
    ),
}


@dataclass(frozen=True, slots=True)
class Policy:
    """How a way of sharing is shown: its label, its words in a sentence, color and pattern."""

    label: str
    words: str
    color: str
    pattern: str


POLICIES = {
    "nothing": Policy("Nothing shared", "with nothing shared", GRAY, ""),
    "after": Policy("After the event", "when data follow after the event", SKY, "."),
    "hub": Policy("Through the US hub", "through the American hub", ORANGE, "/"),
    "real-time": Policy("In real time", "in real time", BLUE, ""),
}


def clock(seconds: float | None) -> str:
    """Return a time since launch in words.

    Examples
    --------
    >>> clock(150), clock(45.4), clock(float("nan"))
    ('2 min 30 s', '45 s', 'never')
    """
    if seconds is None or not np.isfinite(seconds):
        return "never"
    whole = round(abs(seconds))
    minutes, rest = divmod(whole, 60)
    sign = "−" if seconds < 0 and whole else ""
    if not minutes:
        return f"{sign}{rest} s"
    return f"{sign}{minutes} min {rest} s" if rest else f"{sign}{minutes} min"


def kilometers(value: float | None) -> str:
    """Return a length in km as text: two figures where it is short, whole where it is long.

    Examples
    --------
    >>> kilometers(0.456), kilometers(12.34), kilometers(1234.6)
    ('0.46 km', '12 km', '1,235 km')
    """
    if value is None or not np.isfinite(value):
        return "not known"
    return f"{value:.2g} km" if value < 10 else f"{value:,.0f} km"


def listed(names: list[str]) -> str:
    """Return names as part of a sentence.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def when(date: str) -> str:
    """Return an ISO date as text."""
    return record.day(dt.date.fromisoformat(date))
