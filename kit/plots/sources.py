"""The sources behind events: how many, of what kind, and by whom."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kit import tables
from kit.plots import record
from kit.plots.picture import BLUE, GRAY, Picture
from kit.tables import Record

ROW_PX, TOP_PX, BOTTOM_PX = 22, 24, 48
MOST = 12  # publishers drawn; the table lists all
COLUMNS = ("Publisher", "Kind", "Sources", "Events")
# Kinds, number of sources, and ids of the events supported, by publisher.
Publishers = dict[str, tuple[set[str], int, set[str]]]
Behind = tuple[Record, set[str]]
NOTHING = "No source stands behind what these filters leave."


def behind(events: Iterable[Record], kinds: Sequence[str] = ()) -> list[Behind]:
    """Return the sources of some events with the ids of those each supports.

    Only sources of these kinds of publishers, if any are given.
    """
    keys = {event["event_id"] for event in events}
    cited: dict[str, set[str]] = {}
    for row in tables.records("citations"):
        if row["event_id"] in keys:
            cited.setdefault(row["source_id"], set()).add(row["event_id"])
    return [
        (row, cited[row["source_id"]])
        for row in tables.records("sources")
        if row["source_id"] in cited and (not kinds or row["kind"] in kinds)
    ]


def kind_counts(events: Iterable[Record]) -> dict[str, int]:
    """Return how many of the events have a source of each kind of publisher."""
    kinds = record.source_kinds("event_id")
    found = Counter(kind for event in events for kind in kinds.get(event["event_id"], ()))
    order = dict.fromkeys([*record.KINDS, *found])
    return {kind: found[kind] for kind in order}


def kind_label(kind: str) -> str:
    """Return a kind of publisher in words."""
    return record.KINDS.get(kind, kind.replace("-", " ").capitalize())


def sources(events: Sequence[Record], kinds: Sequence[str] = ()) -> Picture:
    """Return the sources behind some events as bars: by kind of publisher, and by publisher.

    Parameters
    ----------
    events
        Rows of the table ``events``.
    kinds
        Kinds of publishers to show; all when there is none.
    """
    found = behind(events, kinds)
    by_kind = Counter(row["kind"] for row, _ in found)
    publishers = _publishers(found)
    return Picture(
        title="The sources behind the events",
        figure=_figure(by_kind, publishers),
        summary=summary(events, found),
        columns=COLUMNS,
        rows=tuple(
            (name, ", ".join(kind_label(kind) for kind in sorted(mine)), str(many), str(len(of)))
            for name, (mine, many, of) in publishers.items()
        ),
    )


def summary(events: Sequence[Record], found: Sequence[Behind]) -> str:
    """Return how many sources and publishers there are, and how many events rest on one alone."""
    if not found:
        return NOTHING
    (kind, most), *_ = Counter(row["kind"] for row, _ in found).most_common()
    names = {row["publisher"] for row, _ in found}
    cited = Counter(key for _, keys in found for key in keys)
    single = sum(many == 1 for many in cited.values())
    rest = "rests" if single == 1 else "rest"
    return (
        f"{record.count(len(found), 'source')} by {record.count(len(names), 'publisher')} behind"
        f" {record.count(len(events), 'event')}; most are {kind_label(kind).lower()} ({most});"
        f" {single or 'none'} of the events {rest} on one of them alone."
    )


def sources_text(**filters: Any) -> str:
    """Return the sources as plain text; filters as for :func:`kit.plots.record.filters`."""
    found = record.events(**filters)
    return record.picture_text(sources(found, record.filters(**filters).kinds))


def _publishers(found: Sequence[Behind]) -> Publishers:
    """Return the publishers, those of most sources first."""
    sums: Publishers = {}
    for row, keys in found:
        kinds, number, events = sums.get(row["publisher"], (set(), 0, set()))
        sums[row["publisher"]] = (kinds | {row["kind"]}, number + 1, events | keys)
    return dict(sorted(sums.items(), key=lambda item: (-item[1][1], item[0].casefold())))


def _figure(by_kind: Mapping[str, int], publishers: Publishers) -> dict[str, Any]:
    kinds = sorted(by_kind.items(), key=lambda item: -item[1])
    bars = [(i + 1.0, html.escape(kind_label(kind), quote=False), n, BLUE)
            for i, (kind, n) in enumerate(kinds)]  # fmt: skip
    start = len(bars) + 2.4
    top = list(publishers.items())[:MOST]
    bars += [(start + i + 1, html.escape(name, quote=False), n, GRAY)
             for i, (name, (_, n, _)) in enumerate(top)]  # fmt: skip
    heads = [(0.0, "<b>By kind of publisher</b>"), (start, "<b>Most used publishers</b>")]
    ticks = [*heads, *((y, name) for y, name, _, _ in bars)] if bars else []
    bottom = max((y for y, _ in ticks), default=0) + 0.8
    trace = {
        "type": "bar", "orientation": "h", "hoverinfo": "skip", "width": 0.66,
        "y": [y for y, *_ in bars],
        "x": [n for _, _, n, _ in bars],
        "text": [str(n) for _, _, n, _ in bars],
        "textposition": "outside", "cliponaxis": False,
        "marker": {"color": [color for *_, color in bars]},
    }  # fmt: skip
    layout = {
        "height": round(ROW_PX * (bottom + 0.8)) + TOP_PX + BOTTOM_PX,
        "margin": {"l": 8, "r": 36, "t": TOP_PX, "b": BOTTOM_PX},
        "hovermode": False,
        "showlegend": False,
        "xaxis": {"title": {"text": "Sources"}, "rangemode": "tozero", "fixedrange": True},
        "yaxis": {"range": [bottom, -0.8], "tickvals": [y for y, _ in ticks], "zeroline": False,
                  "ticktext": [name for _, name in ticks], "fixedrange": True, "showgrid": False,
                  "tickfont": {"size": 12}},
    }  # fmt: skip
    return {"data": [trace], "layout": layout}
