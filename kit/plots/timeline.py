"""The timeline: every event as a mark, in lanes by category or by who acted."""

from __future__ import annotations

import datetime as dt
import html
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.plots import record
from kit.plots.picture import GRAY, Picture
from kit.tables import Record

# Heights in pixels; one unit of the vertical axis is one pixel.
PITCH_PX, PAD_PX, TOP_PX, BOTTOM_PX = 16, 16, 36, 40
# Marks closer than this stand on top of each other; the drawing is taken to be so wide.
APART_PX, WIDTH_PX = 14, 580
MARK_PX = 10
# A long time puts many marks on one spot: they get smaller until the drawing fits the height.
SCALES, HEIGHT_PX = (1.0, 0.8, 0.65), 620
COLUMNS = ("Event", "Date", "Category", "Actors", "Event id")
NOTHING = "No event matches these filters."

Spot = tuple[Record, float]
Lane = tuple[str, list[Record]]


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where everything goes: each event's height, and each lane's label, middle and floor."""

    spots: tuple[Spot, ...]
    lanes: tuple[tuple[str, float, float], ...]
    scale: float

    @property
    def height(self) -> float:
        """Return the height of all lanes in pixels."""
        return self.lanes[-1][2] if self.lanes else 0.0


def timeline(
    events: Sequence[Record], years: tuple[int, int] | None = None, lanes: str = "category"
) -> Picture:
    """Return events on a time axis, one lane for each category or for each actor who acted.

    Parameters
    ----------
    events
        Rows of the table ``events``.
    years
        First and last year of the axis; else it runs from the first event to the last.
    lanes
        ``category``, or ``actor``: an event then stands in the lane of each who acted.
    """
    if lanes not in record.LANES:
        raise ValueError(f"There are no lanes by '{lanes}'. Known: {', '.join(record.LANES)}.")
    ordered = sorted(events, key=lambda event: (event["date"], event["event_id"]))
    ends = period(ordered, years)
    days = (ends[1] - ends[0]).days
    found, names = _lanes(ordered, lanes), record.actor_names()
    plans = (_plan(found, days, scale) for scale in SCALES)
    plan = next((plan for plan in plans if plan.height <= HEIGHT_PX), None)
    plan = plan or _plan(found, days, SCALES[-1])
    return Picture(
        title="Timeline of the record",
        figure={"data": [*_marks(plan), *_rings(plan)], "layout": _layout(ends, plan)},
        summary=summary(ordered),
        columns=COLUMNS,
        rows=tuple(_row(event, names) for event in ordered),
    )


def summary(events: Sequence[Record]) -> str:
    """Return how many events there are, over what time, where most are, and the article's."""
    if not events:
        return NOTHING
    first, last = record.day(events[0]["date"]), record.day(events[-1]["date"])
    if len(events) == 1:
        return f"1 event, on {first}: {events[0]['title']}."
    most = []
    for label, values in (
        ("largest category", [record.sign(event["category"]).label.lower() for event in events]),
        ("busiest year", [event["date"].year for event in events]),
    ):
        (value, many), *others = Counter(values).most_common()
        if others and others[0][1] < many:  # a single group or a tie is no news
            most.append(f"{label}: {value} ({many})")
    places = Counter(event["in_article"] for event in events)
    article = f"the article names {places['explicit']} of them and implies {places['implied']}"
    return "; ".join([f"{len(events)} events from {first} to {last}", *most, article]) + "."


def timeline_text(
    category: str | Sequence[str] = (),
    actor: str = "",
    years: record.Years = None,
    article: bool | None = None,
    text: str = "",
    **more: Any,
) -> str:
    """Return the timeline as plain text; see :func:`kit.plots.record.filters`."""
    found = record.events(category, actor, years, article, text, **more)
    return record.picture_text(timeline(found))


def _lanes(events: Sequence[Record], lanes: str) -> list[Lane]:
    """Return label and events of each lane that has any, top to bottom."""
    if lanes == "actor":
        names = record.actor_names()
        found = [(names[c], [e for e in events if c in e["initiators"]]) for c in names]
    else:
        order = {**dict.fromkeys(record.SIGNS), **dict.fromkeys(e["category"] for e in events)}
        found = [(record.sign(c).label, [e for e in events if e["category"] == c]) for c in order]
    return [(label, members) for label, members in found if members]


def _plan(lanes: Sequence[Lane], days: int, scale: float) -> _Plan:
    """Return where the events of the lanes stand when marks are drawn at ``scale``."""
    spots: list[Spot] = []
    rows: list[tuple[str, float, float]] = []
    top, pitch = 0.0, PITCH_PX * scale
    for label, members in lanes:
        levels = _levels(members, days * APART_PX * scale / WIDTH_PX)
        floor = top + PAD_PX + pitch * (1 + max(levels))
        for event, level in zip(members, levels, strict=True):
            spots.append((event, floor - (PAD_PX + pitch) / 2 - level * pitch))
        rows.append((f"{label} ({len(members)})", (top + floor) / 2, floor))
        top = floor
    return _Plan(tuple(spots), tuple(rows), scale)


def _levels(events: Sequence[Record], gap: float) -> list[int]:
    """Return how high above its lane's floor each event stands so that no two marks touch.

    ``events`` are in order of time, ``gap`` is in days.
    """
    taken: list[dt.date] = []
    levels = []
    for event in events:
        date = event["date"]
        free = (i for i, last in enumerate(taken) if (date - last).days >= gap)
        level = next(free, len(taken))
        taken[level : level + 1] = [date]
        levels.append(level)
    return levels


def period(events: Sequence[Record], years: tuple[int, int] | None) -> tuple[dt.date, dt.date]:
    """Return the ends of a time axis: the years, else the events, with some air around them.

    ``events`` are in order of time.
    """
    first, last = years or record.AROUND_THE_ARTICLE
    start, end = dt.date(first, 1, 1), dt.date(last, 12, 31)
    if years is None and events:
        start, end = events[0]["date"], events[-1]["date"]
    air = dt.timedelta(days=max(10, (end - start).days // 50))
    return start - air, end + air


def _marks(plan: _Plan) -> list[dict[str, Any]]:
    """Return one trace for each category: color and shape belong to it."""
    traces = []
    for category in dict.fromkeys(event["category"] for event, _ in plan.spots):
        mine = [(event, y) for event, y in plan.spots if event["category"] == category]
        shown = record.sign(category)
        size = MARK_PX * shown.grow * plan.scale**0.5
        traces.append(
            {
                **_points(mine),
                "name": shown.label,
                "customdata": [event["event_id"] for event, _ in mine],
                "hoverinfo": "text",
                "hovertext": [_told(event) for event, _ in mine],
                "marker": {"color": shown.color, "symbol": shown.symbol, "size": size},
                "showlegend": False,
            }
        )
    return traces


def _rings(plan: _Plan) -> list[dict[str, Any]]:
    """Return the rings around what the article names or implies; they also make the legend."""
    traces = []
    for place, (size, width, label) in record.RINGS.items():
        mine = [(event, y) for event, y in plan.spots if event["in_article"] == place]
        if not mine:
            continue
        colors = [record.sign(event["category"]).color for event, _ in mine]
        line = {"width": width, "color": colors}
        ring = {
            "symbol": "circle-open",
            "size": size * plan.scale**0.5,
            "color": colors,
            "line": line,
        }
        key = {**ring, "size": size, "color": GRAY, "line": {"width": width, "color": GRAY}}
        traces.append({**_points(mine), "hoverinfo": "skip", "marker": ring, "showlegend": False})
        traces.append({"type": "scatter", "mode": "markers", "x": [None], "y": [None],
                       "name": label, "hoverinfo": "skip", "marker": key})  # fmt: skip
    return traces


def _points(spots: Sequence[Spot]) -> dict[str, Any]:
    days = [event["date"].isoformat() for event, _ in spots]
    return {"type": "scatter", "mode": "markers", "x": days, "y": [y for _, y in spots]}


def _told(event: Record) -> str:
    title = "<br>".join(textwrap.wrap(html.escape(event["title"], quote=False), 44))
    when = record.day(event["date"], event["date_precision"])
    return f"<b>{title}</b><br>{when} · {record.sign(event['category']).label}"


def _layout(period: tuple[dt.date, dt.date], plan: _Plan) -> dict[str, Any]:
    article = record.article_day()
    shapes: list[dict[str, Any]] = [
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y,
         "line": {"width": 1}, "opacity": 0.35, "layer": "below"}
        for _, _, y in plan.lanes
    ]  # fmt: skip
    notes = []
    if article and plan.lanes and period[0] <= article <= period[1]:
        at = article.isoformat()
        shapes.append({"type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1,
                       "line": {"width": 1.5, "dash": "dash"}, "layer": "below"})  # fmt: skip
        notes.append({"text": "the article", "x": at, "yref": "paper", "y": 1, "showarrow": False,
                      "yanchor": "bottom", "font": {"size": 12}})  # fmt: skip
    return {
        "height": round(plan.height) + TOP_PX + BOTTOM_PX,
        "margin": {"l": 8, "r": 12, "t": TOP_PX, "b": BOTTOM_PX},
        "hovermode": "closest",
        "legend": record.LEGEND,
        "xaxis": {"type": "date", "range": [end.isoformat() for end in period]},
        "yaxis": {"range": [max(plan.height, 1), 0], "tickvals": [y for _, y, _ in plan.lanes],
                  "ticktext": [label for label, _, _ in plan.lanes], "showgrid": False,
                  "zeroline": False, "fixedrange": True},
        "shapes": shapes,
        "annotations": notes,
    }  # fmt: skip


def _row(event: Record, names: Mapping[str, str]) -> tuple[str, ...]:
    return (
        event["title"],
        event["date"].isoformat(),
        record.sign(event["category"]).label,
        record.named(dict.fromkeys((*event["initiators"], *event["targets"])), names),
        event["event_id"],
    )
