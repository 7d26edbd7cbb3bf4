"""The record in words: labels and signs of categories, names, dates, and how it is filtered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kit import tables
from kit.errors import suggestion
from kit.plots.picture import BLUE, GRAY, GREEN, PURPLE, VERMILION, Picture
from kit.tables import Record

ARTICLE_SOURCE = "washtimes-2023-11-12"
AROUND_THE_ARTICLE = (2022, 2024)
EARLIEST, LATEST = 1900, 2100
LANES = ("category", "actor")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

Years = int | tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Sign:
    """How a category is shown: its label, and a color with a shape that is its alone.

    ``symbol`` is plotly's name of the shape, ``glyph`` a character of about the same shape;
    ``grow`` makes shapes that look small as large as the rest.
    """

    label: str
    color: str
    symbol: str
    glyph: str
    grow: float = 1.0


# Categories of one kind share a color: talks, forces, weapons, rules and words, history.
SIGNS = {
    "agreement": Sign("Agreements", BLUE, "circle", "●"),
    "diplomacy": Sign("Diplomacy", BLUE, "diamond", "◆", 1.1),
    "exercise": Sign("Exercises", GREEN, "square", "■"),
    "deployment": Sign("Deployments", GREEN, "pentagon", "⬟", 1.15),
    "missile-launch": Sign("Missile launches", VERMILION, "triangle-up", "▲", 1.25),
    "space-launch": Sign("Space launches", VERMILION, "star", "★", 1.4),
    "nuclear": Sign("Nuclear steps", VERMILION, "hexagon", "⬢", 1.05),
    "sanctions": Sign("Sanctions", PURPLE, "cross", "✚", 1.1),
    "legislation": Sign("Legislation", PURPLE, "star-diamond", "✦", 1.5),
    "statement": Sign("Statements", PURPLE, "triangle-down", "▼", 1.25),
    "history-issue": Sign("History issues", GRAY, "x", "✖"),
}
# The ring around what the article names or implies: diameter and line in pixels, and its label.
RINGS = {
    "implied": (16, 1.5, "Implied by the article"),
    "explicit": (20, 2.8, "Named in the article"),
}
LEGEND = {
    "orientation": "h", "x": 0, "y": 1, "yanchor": "bottom",
    "itemclick": False, "itemdoubleclick": False, "font": {"size": 12},
}  # fmt: skip
PLACES_IN_ARTICLE = {"explicit": "named", "implied": "implied", "context": "not mentioned"}


def sign(category: str) -> Sign:
    """Return how a category is shown; a new one gets a plain sign until it has its own."""
    plain = category.replace("-", " ").capitalize()
    return SIGNS.get(category) or Sign(plain, GRAY, "circle-open", "○")


def actor_names() -> dict[str, str]:
    """Return the name of each actor by code, in the order of the table."""
    return {row["actor_id"]: row["name"] for row in tables.records("actors")}


def named(codes: Iterable[str]) -> str:
    """Return actors as text, for example ``South Korea, Japan``."""
    names = actor_names()
    return ", ".join(names.get(code, code) for code in codes)


def day(date: dt.date, precision: str = "day") -> str:
    """Return a date as text, as exactly as it is known.

    Examples
    --------
    >>> day(dt.date(2023, 11, 12)), day(dt.date(2024, 6, 1), "month"), day(dt.date(1979, 1, 1), "year")
    ('12 November 2023', 'June 2024', '1979')
    """  # noqa: E501
    month = f"{MONTHS[date.month - 1]} {date.year}"
    return {"year": str(date.year), "month": month}.get(precision, f"{date.day} {month}")


def count(number: int, noun: str) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> count(1, "event"), count(0, "event")
    ('1 event', '0 events')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def article_day() -> dt.date | None:
    """Return the day on which the article under study appeared; None if it is not a source."""
    found = (r["published"] for r in tables.records("sources") if r["source_id"] == ARTICLE_SOURCE)
    return next(found, None)


@dataclass(frozen=True, slots=True)
class Filters:
    """What part of the record to show; a field left as it is does not filter.

    ``category`` holds the categories wanted, ``actor`` the code of an initiator or target,
    ``years`` the first and last year, ``article`` whether the article names or implies the event,
    ``text`` words that must all occur in an event.
    """

    category: tuple[str, ...] = ()
    actor: str = ""
    years: tuple[int, int] | None = None
    article: bool | None = None
    text: str = ""


def filters(
    category: str | Iterable[str] = (),
    actor: str = "",
    years: Years = None,
    article: bool | None = None,
    text: str = "",
) -> Filters:
    """Return checked filters.

    Parameters
    ----------
    category
        One category or several; none means all.
    actor
        Code or name of an actor who did it or at whom it was aimed.
    years
        One year, or the first and last year in any order.
    article
        True for what the article names or implies, False for the rest.
    text
        Words that must all occur in title, summary, place, notes or id.

    Raises
    ------
    ValueError
        There is no such category or actor, or the years are no period.
    """
    wanted = (category,) if isinstance(category, str) else tuple(category)
    known = [name for f in tables.describe("events").fields if f.name == "category"
             for name in f.enum or ()]  # fmt: skip
    for name in wanted:
        if name not in known:
            raise ValueError(f"There is no category '{name}'. {suggestion(name, known)}")
    return Filters(wanted, _code(actor), _ends(years), article, text.strip())


def _code(actor: str) -> str:
    names = actor_names()
    codes = {word.casefold(): code for code, name in names.items() for word in (code, name)}
    if actor and actor.casefold() not in codes:
        known = [*names, *names.values()]
        raise ValueError(f"There is no actor '{actor}'. {suggestion(actor, known)}")
    return codes.get(actor.casefold(), "")


def _ends(years: Years) -> tuple[int, int] | None:
    if years is None:
        return None
    ends = (years, years) if isinstance(years, int) else tuple(years)
    if len(ends) != 2 or any(isinstance(y, bool) or not isinstance(y, int) for y in ends):
        raise ValueError(f"{years!r} is no period. Write one year, or two such as (2022, 2024).")
    if min(ends) < EARLIEST or max(ends) > LATEST:
        raise ValueError(f"{years!r} is no period. Years lie between {EARLIEST} and {LATEST}.")
    return min(ends), max(ends)


def filter_events(events: Iterable[Record], chosen: Filters) -> tuple[Record, ...]:
    """Return the events that pass every filter, oldest first."""
    words = chosen.text.casefold().split()
    passed = [event for event in events if _passes(event, chosen, words)]
    return tuple(sorted(passed, key=lambda event: (event["date"], event["event_id"])))


def _passes(event: Record, chosen: Filters, words: Sequence[str]) -> bool:
    if chosen.category and event["category"] not in chosen.category:
        return False
    if chosen.actor and chosen.actor not in (*event["initiators"], *event["targets"]):
        return False
    if chosen.years and not chosen.years[0] <= event["date"].year <= chosen.years[1]:
        return False
    if chosen.article is not None and chosen.article != in_article(event):
        return False
    if not words:
        return True
    places = ("title", "summary", "place", "notes", "event_id")
    content = " ".join(event[place] or "" for place in places).casefold()
    return all(word in content for word in words)


def in_article(row: Record) -> bool:
    """Tell whether the article names or implies an event or agreement."""
    return row["in_article"] in ("explicit", "implied")


def events(
    category: str | Iterable[str] = (),
    actor: str = "",
    years: Years = None,
    article: bool | None = None,
    text: str = "",
) -> tuple[Record, ...]:
    """Return the events of the record that pass the filters; see :func:`filters`."""
    chosen = filters(category, actor, years, article, text)
    return filter_events(tables.records("events"), chosen)


def picture_text(picture: Picture) -> str:
    """Return a picture as plain text: title, sentence and table."""
    rows = [picture.columns, *picture.rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(picture.columns))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([picture.title, picture.summary, "", *lines]) + "\n"
