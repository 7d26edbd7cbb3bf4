"""The record in a notebook: the timeline with filters, the agreements, and a card for each.

The views hold nothing but what is chosen: the browser sends filters and the id to open, Python
answers with figure, table and status in one message. The browser side is ``js/record.js`` and
``js/explorer.js``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, ClassVar

import traitlets

from kit import tables
from kit.plots import cards, record
from kit.plots.agreements import agreements as draw_agreements
from kit.plots.picture import Picture
from kit.plots.timeline import timeline as draw_timeline
from kit.widgets.panel import Handler, Message
from kit.widgets.plotlyjs import css, esm
from kit.widgets.plotview import PlotView, plain

IN_ARTICLE = {"yes": True, "no": False, "": None}


class RecordView(PlotView):
    """A picture of the record whose marks and rows open cards.

    Make one with :func:`agreements` or :func:`timeline`.

    Parameters
    ----------
    picture
        What to show; the last column of its table holds the id of the card that a row opens.
    """

    _esm: ClassVar[str] = esm("plot", "record", "explorer")
    _css: ClassVar[str] = css("kit", "record")

    card = traitlets.Dict().tag(sync=True)
    choices = traitlets.Dict().tag(sync=True)
    filters = traitlets.Dict().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    answered = traitlets.Unicode().tag(sync=True)

    def __init__(self, picture: Picture) -> None:
        super().__init__()
        self.clickable = True
        self._show(picture)

    def open_card(self, key: str) -> None:
        """Show the card of an event or agreement.

        Raises
        ------
        ValueError
            The record has neither of that id.
        """
        self.card = plain(asdict(cards.card(key)))

    def close_card(self) -> None:
        """Put the card away."""
        self.card = {}

    def text(self) -> str:
        """Return what the view shows as plain text: title, sentence and table."""
        columns, rows = tuple(self.table["columns"]), tuple(map(tuple, self.table["rows"]))
        return record.picture_text(Picture(self.title, {}, self.summary, columns, rows))

    def about(self) -> str:
        """Return title and status: the sentence would answer what the notebook asks first."""
        return f"{self.title} ({self.status})" if self.status else self.title

    def _show(self, picture: Picture, *, opens: bool = True) -> None:
        table = {**picture.table, "keys": [row[-1] for row in picture.rows] if opens else []}
        self.update(picture.figure, picture.summary, table, title=picture.title)

    def handlers(self) -> dict[str, Handler]:
        """Return what to do with clicks and with a card that is put away."""
        return {**super().handlers(), "close": lambda _message: self.close_card()}

    def _on_click(self, message: Message) -> None:
        super()._on_click(message)
        match message:
            case {"customdata": str(key)}:
                self.open_card(key)


class TimelineView(RecordView):
    """The timeline with its filters; each event opens a card. Make one with :func:`timeline`.

    Parameters
    ----------
    chosen
        What to show at first.
    lanes
        ``category`` or ``actor``.
    """

    def __init__(self, chosen: record.Filters, lanes: str = "category") -> None:
        super().__init__(draw_timeline((), None, lanes))
        self.choices = choices()
        self._draw(chosen, lanes)

    def filter(
        self,
        category: str | Iterable[str] = (),
        actor: str = "",
        years: record.Years = None,
        article: bool | None = None,
        text: str = "",
        lanes: str = "category",
        **more: Any,
    ) -> None:
        """Show another part of the record; parameters and errors as for :func:`timeline`."""
        self._draw(record.filters(category, actor, years, article, text, **more), lanes)

    def _draw(self, chosen: record.Filters, lanes: str, token: str = "") -> None:
        """Show the events that pass; the browser gets figure, table and status at once."""
        every = tables.records("events")
        found = record.filter_events(every, chosen)
        picture = draw_timeline(found, chosen.years, lanes)
        with self.hold_sync():
            self.filters, self.answered = {**raw(chosen), "lanes": lanes}, token
            self.status = f"{len(found)} of {record.count(len(every), 'event')}"
            self._show(picture)

    def handlers(self) -> dict[str, Handler]:
        """Return what to do with clicks, cards and filters."""
        return {**super().handlers(), "filter": self._on_filter}

    def _on_filter(self, message: Message) -> None:
        match message:
            case {"filters": dict(sent), "token": str(token)}:
                self._draw(read(sent), sent["lanes"], token)


def timeline(
    category: str | Iterable[str] = (),
    actor: str = "",
    years: record.Years = None,
    article: bool | None = None,
    text: str = "",
    lanes: str = "category",
    **more: Any,
) -> TimelineView:
    """Return the timeline of the record, with filters and a card for each event.

    Without any argument it opens on the years around the article; one click shows all.

    Parameters
    ----------
    category
        One category or several; none means all.
    actor
        Code or name of an actor who did it or at whom it was aimed.
    years
        One year, or the first and last year.
    article
        True for what the article names or implies, False for the rest.
    text
        Words that must all occur in an event.
    lanes
        ``category``, or ``actor`` for one lane for each who acted.
    **more
        ``kinds`` of publishers and ``code``; see :func:`kit.plots.record.filters`.

    Raises
    ------
    ValueError
        There is no such category, actor, period, kind, code or kind of lane.
    """
    return TimelineView(opening(category, actor, years, article, text, **more), lanes)


def opening(*args: Any, **given: Any) -> record.Filters:
    """Return checked filters to open a view with: without any, the years around the article."""
    chosen = record.filters(*args, **given)
    around = record.Filters(years=record.AROUND_THE_ARTICLE)
    return around if chosen == record.Filters() else chosen


def agreements() -> RecordView:
    """Return the agreements behind the article as bars, with a card for each."""
    return RecordView(draw_agreements(tables.records("agreements")))


def raw(chosen: record.Filters) -> dict[str, Any]:
    """Return filters in the form in which they travel to the browser and back."""
    first, last = chosen.years or (None, None)
    article = next(word for word, value in IN_ARTICLE.items() if value is chosen.article)
    return {"category": list(chosen.category), "actor": chosen.actor, "first": first, "last": last,
            "article": article, "text": chosen.text, "kinds": list(chosen.kinds),
            "code": chosen.code}  # fmt: skip


def read(sent: Mapping[str, Any]) -> record.Filters:
    """Return filters from the browser's form; a year left empty or out of range is the nearest."""
    years, (begin, end) = None, _span()
    if sent["first"] is not None or sent["last"] is not None:
        first = begin if sent["first"] is None else sent["first"]
        last = end if sent["last"] is None else sent["last"]
        years = (min(max(first, begin), end), min(max(last, begin), end))
    article = IN_ARTICLE[sent["article"]]
    return record.filters(sent["category"], sent["actor"], years, article, sent["text"],
                          sent.get("kinds", ()), sent.get("code", ""))  # fmt: skip


def _span() -> tuple[int, int]:
    years = [row["date"].year for row in tables.records("events")]
    return min(years), max(years)


def choices() -> dict[str, Any]:
    """Return what the filters offer: categories with their signs, actors, and periods."""
    many = Counter(row["category"] for row in tables.records("events"))
    first, last = _span()
    around = record.AROUND_THE_ARTICLE
    signs = {name: record.sign(name) for name in (*record.SIGNS, *many) if many[name]}
    return {
        "categories": [
            {"id": name, "label": s.label, "count": many[name], "color": s.color, "glyph": s.glyph}
            for name, s in signs.items()
        ],
        "actors": [{"id": code, "label": name} for code, name in record.actor_names().items()],
        "periods": [
            {"label": f"{around[0]} to {around[1]}", "first": around[0], "last": around[1]},
            {"label": "Since 2006", "first": 2006, "last": last},
            {"label": "All years", "first": None, "last": None},
        ],
        "span": [first, last],
    }
