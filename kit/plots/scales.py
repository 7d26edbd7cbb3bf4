"""Cooperation and conflict: every coded event on two scales, and where the two disagree.

Goldstein values belong to CAMEO codes, PLOVER scores to PLOVER's categories and modes: two rulers
laid on the same events. They disagree about two events when one scale ranks the first above the
second and the other scale ranks it below.
"""

from __future__ import annotations

import datetime as dt
import html
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kit import tables
from kit.plots import record
from kit.plots.picture import GRAY, Picture
from kit.plots.timeline import period
from kit.tables import Record

HEIGHT_PX, MARK_PX, RING_PX = 600, 10, 18
OFTEN = 0.1  # ringed: its order is reversed with at least this share of the other events
SCALE = (-10.6, 10.6)
COLUMNS = (
    "Event", "Date", "CAMEO", "Goldstein", "PLOVER", "Score", "Order reversed with", "Event id",
)  # fmt: skip
NOTHING = "No coded event matches these filters."
PANELS = (("goldstein", "", "Goldstein value"), ("plover_score", "2", "PLOVER score"))


@dataclass(frozen=True, slots=True)
class Kind:
    """What decides both values of an event: its codes, with their names and values."""

    cameo: str
    plover: str
    goldstein: float
    score: float


@dataclass(frozen=True, slots=True)
class Reversal:
    """Two kinds of action that the scales rank the other way round, and between how many pairs."""

    upper: Kind
    lower: Kind
    pairs: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two scales rank the pairs of some events; a tie on either scale is no order.

    ``reversed_with`` counts, for each kind, the events with which its order is reversed.
    """

    events: int
    alike: int
    reversals: tuple[Reversal, ...]
    reversed_with: dict[Kind, int]

    @property
    def reverse(self) -> int:
        """Return how many pairs are ranked the other way round."""
        return sum(found.pairs for found in self.reversals)

    def often(self, kind: Kind) -> bool:
        """Tell whether a kind's order is reversed with many of the other events."""
        found = self.reversed_with.get(kind, 0)
        return found > 0 and found >= OFTEN * (self.events - 1)


def scored(events: Sequence[Record]) -> list[Record]:
    """Return the events that have a value on both scales, in order of time."""
    found = [e for e in events if e["goldstein"] is not None and e["plover_score"] is not None]
    return sorted(found, key=lambda event: (event["date"], event["event_id"]))


def kind(event: Record) -> Kind:
    """Return what decides the values of a scored event."""
    plover = "-".join(filter(None, (event["plover"], event["plover_mode"])))
    return Kind(event["cameo"], plover, event["goldstein"], event["plover_score"])


def compare(events: Sequence[Record]) -> Comparison:
    """Return how the two scales rank every pair of scored events."""
    many = Counter(kind(event) for event in events)
    kinds = list(many)
    alike, reversals, involved = 0, [], Counter[Kind]()
    for i, one in enumerate(kinds):
        for other in kinds[:i]:
            order = (one.goldstein - other.goldstein) * (one.score - other.score)
            pairs = many[one] * many[other]
            if order > 0:
                alike += pairs
            elif order < 0:
                upper, lower = (one, other) if one.goldstein > other.goldstein else (other, one)
                reversals.append(Reversal(upper, lower, pairs))
                involved[one] += many[other]
                involved[other] += many[one]
    reversals.sort(key=lambda found: (-found.pairs, found.upper.cameo, found.lower.cameo))
    return Comparison(sum(many.values()), alike, tuple(reversals), dict(involved))


def scales(events: Sequence[Record], years: tuple[int, int] | None = None) -> Picture:
    """Return events on the Goldstein and on the PLOVER scale, one panel each, above one time axis.

    Parameters
    ----------
    events
        Rows of the table ``events``; those without values are left out and counted.
    years
        First and last year of the axis; else it runs from the first event to the last.
    """
    shown = scored(events)
    found = compare(shown)
    return Picture(
        title="Cooperation and conflict on two scales",
        figure={
            "data": [
                trace
                for column, axis, label in PANELS
                for trace in _panel(shown, column, axis, label, found)
            ],
            "layout": _layout(period(shown, years)),
        },
        summary=summary(events, found),
        columns=COLUMNS,
        rows=tuple(_row(event, found) for event in _by_reversals(shown, found)),
    )


def summary(events: Sequence[Record], found: Comparison) -> str:
    """Return how many events are scored, how often the scales disagree, and most often on what."""
    if not found.events:
        return NOTHING
    left = len(events) - found.events
    parts = [f"{found.events} scored events" if found.events > 1 else "1 scored event"]
    if left:
        parts[0] += f" ({left} without a value are left out)"
    total = found.alike + found.reverse
    if total:
        share = round(100 * found.reverse / total)
        often = f"{found.reverse} of them ({share} percent)" if found.reverse else "none of them"
        pairs = f"{total} pairs" if total > 1 else "1 pair"
        parts.append(f"both scales put {pairs} in an order, {often} the other way round")
    for words, sign in (("among cooperation", 1), ("among conflict", -1)):
        mine = [r for r in found.reversals
                if min(sign * kind.goldstein for kind in (r.upper, r.lower)) > 0]  # fmt: skip
        parts += [f"{words} most often {_beside(first)}" for first in mine[:1]]
    return "; ".join(parts) + "."


def scales_text(**filters: Any) -> str:
    """Return both scales as plain text; filters as for :func:`kit.plots.record.filters`."""
    return record.picture_text(scales(record.events(**filters)))


def _beside(found: Reversal) -> str:
    """Return two kinds with what each scale says of them."""
    names = _names()
    upper, lower = (
        f"“{names.get(kind.cameo, kind.cameo)}”"
        f" (Goldstein {kind.goldstein:g}, PLOVER {kind.score:g})"
        for kind in (found.upper, found.lower)
    )
    return f"{upper} against {lower}"


def _names() -> dict[str, str]:
    return {row["code"]: row["name"] for row in tables.records("codes") if row["kind"] != "mode"}


def _by_reversals(events: Sequence[Record], found: Comparison) -> list[Record]:
    return sorted(events, key=lambda e: (-found.reversed_with.get(kind(e), 0), e["date"]))


def _panel(
    events: Sequence[Record], column: str, axis: str, label: str, found: Comparison
) -> list[dict[str, Any]]:
    """Return the marks of one scale, and the rings around those whose order is often reversed."""
    traces = []
    names = _names()
    for category in dict.fromkeys([*record.SIGNS, *(event["category"] for event in events)]):
        mine = [event for event in events if event["category"] == category]
        if not mine:
            continue
        sign = record.sign(category)
        traces.append(
            {
                **_points(mine, column, axis),
                "name": sign.label,
                "legendgroup": category,
                "showlegend": axis == "",
                "customdata": [event["event_id"] for event in mine],
                "hoverinfo": "text",
                "hovertext": [_told(event, label, column, names, found) for event in mine],
                "marker": {"color": sign.color, "symbol": sign.symbol, "opacity": 0.8,
                           "size": MARK_PX * sign.grow},
            }
        )  # fmt: skip
    ringed = [event for event in events if found.often(kind(event))]
    ring = {"symbol": "circle-open", "size": RING_PX, "color": GRAY, "line": {"width": 2}}
    if ringed:
        traces.append({**_points(ringed, column, axis), "hoverinfo": "skip", "marker": ring,
                       "name": "Order reversed with a tenth of the others or more",
                       "legendgroup": "ring", "showlegend": axis == ""})  # fmt: skip
    return traces


def _points(events: Sequence[Record], column: str, axis: str) -> dict[str, Any]:
    days = [event["date"].isoformat() for event in events]
    return {"type": "scatter", "mode": "markers", "x": days, "y": [e[column] for e in events],
            "xaxis": "x", "yaxis": f"y{axis}"}  # fmt: skip


def _told(event: Record, label: str, column: str, names: dict[str, str], found: Comparison) -> str:
    title = "<br>".join(textwrap.wrap(html.escape(event["title"], quote=False), 44))
    when = record.day(event["date"], event["date_precision"])
    codes = f"CAMEO {event['cameo']} {names.get(event['cameo'], '')}, PLOVER {kind(event).plover}"
    imputed = " (taken from the code above it)" if (
        event["goldstein_imputed"] and column == "goldstein") else ""  # fmt: skip
    others = found.reversed_with.get(kind(event), 0)
    lines = [f"<b>{title}</b>", when, codes, f"{label}: {event[column]:g}{imputed}"]
    return "<br>".join([*lines, f"Order reversed with {others} of {found.events - 1} others"])


def _layout(ends: tuple[dt.date, dt.date]) -> dict[str, Any]:
    axis = {"range": list(SCALE), "tickvals": [-10, -5, 0, 5, 10], "zeroline": True,
            "fixedrange": True, "ticktext": ["−10", "−5", "0", "5", "10"]}  # fmt: skip
    words = [
        {"text": word, "xref": "paper", "x": 0.004, "yref": f"y{panel}", "y": y,
         "showarrow": False, "xanchor": "left", "font": {"size": 12}}
        for panel in ("", "2")
        for word, y in (("cooperation", 9.6), ("conflict", -9.6))
    ]  # fmt: skip
    return {
        "height": HEIGHT_PX,
        "margin": {"l": 8, "r": 12, "t": 88, "b": 40},
        "hovermode": "closest",
        "legend": record.LEGEND,
        "xaxis": {"type": "date", "range": [end.isoformat() for end in ends], "anchor": "y2"},
        "yaxis": {**axis, "domain": [0.53, 1], "title": {"text": "Goldstein value (CAMEO)"}},
        "yaxis2": {**axis, "domain": [0, 0.47], "title": {"text": "PLOVER score"},
                   "automargin": True},
        "annotations": words,
    }  # fmt: skip


def _row(event: Record, found: Comparison) -> tuple[str, ...]:
    of = kind(event)
    return (
        event["title"],
        event["date"].isoformat(),
        of.cameo,
        f"{of.goldstein:g}{' (imputed)' if event['goldstein_imputed'] else ''}",
        of.plover,
        f"{of.score:g}",
        str(found.reversed_with.get(of, 0)),
        event["event_id"],
    )
