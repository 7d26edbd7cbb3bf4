"""The explorer: one filter bar that drives every view of the record.

Only the view that is visible is computed: the browser sends filters and the name of a view, Python
answers with its figure, table and sentence in one message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import traitlets

from kit import tables
from kit.errors import suggestion
from kit.plots import launches, network, obligations, record, scales, sources, standing, timeline
from kit.plots.picture import Picture
from kit.widgets.panel import Handler, Message
from kit.widgets.record import RecordView, choices, opening, raw, read

EVERY = "all filters"
OF_AGREEMENTS = "words, who, in the article, years and sources"
OF_THE_DAY = "words, who, in the article and sources"
OF_LAUNCHES = "words and years"


@dataclass(frozen=True, slots=True)
class Look:
    """What belongs to one view only: lanes of the timeline, year and obligation of the network."""

    lanes: str = "category"
    year: int = record.AROUND_THE_ARTICLE[1]
    obligation: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A tab: its title, which filters reach it, how it is drawn, and whether its rows open cards.

    ``draw`` returns the picture and, in words, how much of the record passes.
    """

    title: str
    scope: str
    draw: Callable[[record.Filters, Look], tuple[Picture, str]]
    opens: bool = True


def _timeline(chosen: record.Filters, look: Look) -> tuple[Picture, str]:
    found, status = _events(chosen)
    return timeline.timeline(found, chosen.years, look.lanes), status


def _scales(chosen: record.Filters, _look: Look) -> tuple[Picture, str]:
    found, status = _events(chosen)
    return scales.scales(found, chosen.years), status


def _obligations(chosen: record.Filters, _look: Look) -> tuple[Picture, str]:
    every = tables.records("agreements")
    found = standing.filter_agreements(every, chosen)
    picture = obligations.obligations(found, tables.records("obligations"))
    return picture, f"{len(found)} of {record.count(len(every), 'agreement')}"


def _network(chosen: record.Filters, look: Look) -> tuple[Picture, str]:
    every = tables.records("agreements")
    found = standing.filter_agreements(every, replace(chosen, years=None))
    picture = network.network(found, tables.records("obligations"), look.year, look.obligation)
    return picture, f"{len(picture.rows)} of {record.count(len(every), 'agreement')}"


def _launches(chosen: record.Filters, _look: Look) -> tuple[Picture, str]:
    every = tables.records("flights")
    found = launches.filter_launches(every, chosen)
    return launches.launches(found), f"{len(found)} of {len(every)} launches"


def _sources(chosen: record.Filters, _look: Look) -> tuple[Picture, str]:
    found, status = _events(chosen)
    return sources.sources(found, chosen.kinds), status


def _events(chosen: record.Filters) -> tuple[tuple[tables.Record, ...], str]:
    every = tables.records("events")
    found = record.filter_events(every, chosen)
    return found, f"{len(found)} of {record.count(len(every), 'event')}"


VIEWS = {
    "timeline": View("Timeline", EVERY, _timeline),
    "scales": View("Cooperation and conflict", EVERY, _scales),
    "obligations": View("Obligations", OF_AGREEMENTS, _obligations),
    "network": View("Network", OF_THE_DAY, _network),
    "launches": View("Launches", OF_LAUNCHES, _launches),
    "sources": View("Sources", EVERY, _sources, opens=False),
}


class Explorer(RecordView):
    """All views of the record behind one filter bar. Make one with :func:`explore`.

    Parameters
    ----------
    chosen
        What to show at first.
    view
        Name of the view to open.
    look
        Lanes, year and obligation of the views that have them.
    """

    scope = traitlets.Unicode().tag(sync=True)
    counts = traitlets.Dict().tag(sync=True)

    def __init__(self, chosen: record.Filters, view: str, look: Look) -> None:
        super().__init__(timeline.timeline(()))
        self.choices = _choices()
        self._draw(chosen, view, look)

    def _draw(self, chosen: record.Filters, name: str, look: Look, token: str = "") -> None:
        """Show one view of what passes; the browser gets all of it in one message."""
        if name not in VIEWS:
            raise ValueError(f"There is no view '{name}'. {suggestion(name, VIEWS)}")
        view = VIEWS[name]
        picture, status = view.draw(chosen, look)
        others, _ = _events(replace(chosen, kinds=()))
        own = {"view": name, "lanes": look.lanes, "year": look.year, "obligation": look.obligation}
        with self.hold_sync():
            self.filters, self.answered = {**raw(chosen), **own}, token
            self.status, self.counts = status, sources.kind_counts(others)
            self.scope = (
                "" if view.scope == EVERY else f"Only these filters apply here: {view.scope}."
            )
            self.clickable = view.opens
            self._show(picture, opens=view.opens)

    def handlers(self) -> dict[str, Handler]:
        """Return what to do with clicks, cards and filters."""
        return {**super().handlers(), "filter": self._on_filter}

    def _on_filter(self, message: Message) -> None:
        match message:
            case {"filters": dict(sent), "token": str(token)}:
                self._draw(read(sent), sent["view"], _look(sent), token)


def explore(
    view: str = "timeline",
    *,
    lanes: str = "category",
    year: int = record.AROUND_THE_ARTICLE[1],
    obligation: str = "",
    **filters: Any,
) -> Explorer:
    """Return all views of the record in tabs: one filter bar drives them, marks open cards.

    Without any filter it opens on the years around the article; one click shows all.

    Parameters
    ----------
    view
        View to open: ``timeline``, ``scales``, ``obligations``, ``network``, ``launches`` or
        ``sources``.
    lanes
        Lanes of the timeline, by ``category`` or ``actor``.
    year
        Year of the network, which shows its last day.
    obligation
        The one obligation to show in the network; else all.
    **filters
        What to show at first; see :func:`kit.plots.record.filters`.

    Raises
    ------
    ValueError
        There is no such view, kind of lane, obligation, category, actor, period, kind or code.
    """
    if obligation and obligation not in obligations.LABELS:
        known = suggestion(obligation, obligations.LABELS)
        raise ValueError(f"There is no obligation '{obligation}'. {known}")
    first, last = network.years(tables.records("agreements"))
    if not first <= year <= last:
        raise ValueError(f"The network has years from {first} to {last}, not {year}.")
    return Explorer(opening(**filters), view, Look(lanes, year, obligation))


def _look(sent: Mapping[str, Any]) -> Look:
    return Look(sent["lanes"], sent["year"], sent["obligation"])


def _choices() -> dict[str, Any]:
    """Return what the controls offer."""
    counts = sources.kind_counts(tables.records("events"))
    names = obligations.names(tables.records("obligations"))
    return {
        **choices(),
        "tabs": [[name, view.title] for name, view in VIEWS.items()],
        "kinds": [{"id": kind, "label": sources.kind_label(kind), "count": many}
                  for kind, many in counts.items()],
        "codes": _codes(),
        "slider": list(network.years(tables.records("agreements"))),
        "obligations": [[name, obligations.label(name)] for name in names],
    }  # fmt: skip


def _codes() -> list[list[Any]]:
    """Return the classes of both code lists that some event has: label, then code and name."""
    events = tables.records("events")
    groups = []
    for scheme, kind, title in (
        ("cameo", "root", "CAMEO class"), ("plover", "category", "PLOVER category"),
    ):  # fmt: skip
        found = [
            [row["code"], f"{row['code']} {row['name']}" if scheme == "cameo" else row["code"]]
            for row in tables.records("codes")
            if (row["scheme"], row["kind"]) == (scheme, kind)
            and any(record.has_code(event, row["code"]) for event in events)
        ]
        groups.append([title, found])
    return groups
