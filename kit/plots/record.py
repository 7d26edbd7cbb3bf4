"""The record in words: labels and signs of categories, names, dates, and how it is filtered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kit import tables
from kit.errors import suggestion
from kit.plots.picture import BLUE, GRAY, GREEN, PURPLE, VERMILION, Picture
from kit.tables import Record

ARTICLE_SOURCE = "washtimes-2023-11-12"
AROUND_THE_ARTICLE = (2022, 2024)
EARLIEST, LATEST = 1900, 2100
WIDEST = 160  # signs in a line of a table that can still be read
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
KINDS = {
    "primary-official": "Official documents",
    "wire": "News agencies",
    "newspaper": "Newspapers and broadcasters",
    "think-tank": "Research institutes",
    "reference": "Reference works",
    "database": "Databases",
}
PLACES_IN_ARTICLE = {"explicit": "named", "implied": "implied", "context": "not mentioned"}


def sign(category: str) -> Sign:
    """Return how a category is shown; a new one gets a plain sign until it has its own."""
    plain = category.replace("-", " ").capitalize()
    return SIGNS.get(category) or Sign(plain, GRAY, "circle-open", "○")


def actor_names() -> dict[str, str]:
    """Return the name of each actor by code, in the order of the table."""
    return {row["actor_id"]: row["name"] for row in tables.records("actors")}


def named(codes: Iterable[str], names: Mapping[str, str] | None = None) -> str:
    """Return actors as text, for example ``South Korea, Japan``; ``names`` as in actor_names()."""
    names = actor_names() if names is None else names
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
    ``text`` words that must all occur in an event, ``kinds`` the kinds of publishers of which one
    must stand behind it, ``code`` a CAMEO code, with all below it, or a PLOVER category.
    """

    category: tuple[str, ...] = ()
    actor: str = ""
    years: tuple[int, int] | None = None
    article: bool | None = None
    text: str = ""
    kinds: tuple[str, ...] = ()
    code: str = ""


def filters(
    category: str | Iterable[str] = (),
    actor: str = "",
    years: Years = None,
    article: bool | None = None,
    text: str = "",
    kinds: str | Iterable[str] = (),
    code: str = "",
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
    kinds
        One kind of publisher or several; a source of one of them must stand behind it.
    code
        CAMEO code such as ``"05"`` or ``"057"``, or PLOVER category such as ``"COOPERATE"``.

    Raises
    ------
    ValueError
        There is no such category, actor, kind or code, or the years are no period.
    """
    categories = _known(category, "category", "events", "category")
    publishers = _known(kinds, "kind of publisher", "sources", "kind")
    if code:
        codes = [row["code"] for row in tables.records("codes") if row["kind"] != "mode"]
        if code not in codes:
            raise ValueError(f"There is no code '{code}'. {suggestion(code, codes)}")
    who = _actor(actor)
    return Filters(categories, who, _ends(years), article, text.strip(), publishers, code)


def _known(names: str | Iterable[str], what: str, table: str, column: str) -> tuple[str, ...]:
    """Return names as a tuple if the table knows each of them."""
    wanted = ((names,) if names else ()) if isinstance(names, str) else tuple(names)
    known = [name for f in tables.describe(table).fields if f.name == column
             for name in f.enum or ()]  # fmt: skip
    for name in wanted:
        if name not in known:
            raise ValueError(f"There is no {what} '{name}'. {suggestion(name, known)}")
    return wanted


def _actor(actor: str) -> str:
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
    cited = source_kinds("event_id") if chosen.kinds else {}
    passed = [
        event
        for event in events
        if (not chosen.category or event["category"] in chosen.category)
        and (not chosen.actor or chosen.actor in (*event["initiators"], *event["targets"]))
        and (not chosen.years or chosen.years[0] <= event["date"].year <= chosen.years[1])
        and (chosen.article is None or chosen.article == in_article(event))
        and (not chosen.kinds or not cited.get(event["event_id"], set()).isdisjoint(chosen.kinds))
        and (not chosen.code or has_code(event, chosen.code))
        and says(event, chosen.text, ("title", "summary", "place", "notes", "event_id"))
    ]
    return tuple(sorted(passed, key=lambda event: (event["date"], event["event_id"])))


def says(row: Record, text: str, columns: Iterable[str]) -> bool:
    """Tell whether every word of a text occurs in some of a row's columns, in any case."""
    words = text.casefold().split()
    content = " ".join(str(row[column] or "") for column in columns).casefold() if words else ""
    return all(word in content for word in words)


def has_code(event: Record, code: str) -> bool:
    """Tell whether an event is of a PLOVER category, or of a CAMEO code or one below it."""
    return bool(event["plover"] == code or (event["cameo"] or "-").startswith(code))


def source_kinds(column: str) -> dict[str, set[str]]:
    """Return the kinds of publishers behind each event (``event_id``) or ``agreement_id``."""
    kinds = {row["source_id"]: row["kind"] for row in tables.records("sources")}
    found: dict[str, set[str]] = {}
    for row in tables.records("citations"):
        if row[column]:
            found.setdefault(row[column], set()).add(kinds[row["source_id"]])
    return found


def in_article(row: Record) -> bool:
    """Tell whether the article names or implies an event or agreement."""
    return row["in_article"] in ("explicit", "implied")


def events(
    category: str | Iterable[str] = (),
    actor: str = "",
    years: Years = None,
    article: bool | None = None,
    text: str = "",
    kinds: str | Iterable[str] = (),
    code: str = "",
) -> tuple[Record, ...]:
    """Return the events of the record that pass the filters; see :func:`filters`."""
    chosen = filters(category, actor, years, article, text, kinds, code)
    return filter_events(tables.records("events"), chosen)


def picture_text(picture: Picture) -> str:
    """Return a picture as plain text: title, sentence and table.

    A table too wide for a screen becomes one block a row, each cell after its column's name.
    """
    rows = [picture.columns, *picture.rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(picture.columns))]
    if sum(widths) + 2 * len(widths) <= WIDEST:
        lines = [
            "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
    else:
        lines = [line for row in picture.rows for line in _block(picture.columns, row)]
    return "\n".join([picture.title, picture.summary, "", *lines]) + "\n"


def _block(columns: Sequence[str], row: Sequence[str]) -> list[str]:
    """Return one row of a wide table as lines: its first cell, then the others by name."""
    named = zip(columns[1:], row[1:], strict=True)
    return [row[0], *(f"  {name}: {cell}" for name, cell in named if cell), ""]
