"""Eleven real alerts: how long after launch people were told, and how long before it passed."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kit.plots import record
from kit.plots.map import Trace
from kit.plots.picture import GRAY, GREEN, ORANGE, VERMILION, Picture
from kit.tables import Record

ROW_PX, EDGE_PX = 38, 110
COLUMNS = (
    "Alert", "Date", "Launch", "Warning", "Minutes after launch", "Minutes left", "Outcome",
    "What it teaches", "Alert id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an outcome is shown: its words, a color and a shape."""

    words: str
    color: str
    symbol: str


OUTCOMES = {
    "correct": Outcome("In time", GREEN, "circle"),
    "late": Outcome("Late", ORANGE, "triangle-down"),
    "false-alarm": Outcome("False alarm", VERMILION, "x"),
    "none": Outcome("No alert", GRAY, "circle-open"),
}


def numbers(text: str | None) -> tuple[float, ...]:
    """Return the numbers of a published figure such as ``13; 29`` or ``~6``.

    Examples
    --------
    >>> numbers("13; 29"), numbers("~6"), numbers("12-13"), numbers("-3; -19"), numbers(None)
    ((13.0, 29.0), (6.0,), (12.0, 13.0), (-3.0, -19.0), ())
    """
    found = re.findall(r"(?<!\d)-?\d+(?:\.\d+)?", text or "")
    return tuple(float(number) for number in found)


def alerts(rows: Sequence[Record]) -> Picture:
    """Return the alerts of the table ``alerts`` on one axis of minutes since launch.

    A mark is a public warning, a bar runs from it to the moment of passage or impact; a bar to the
    left means that the warning came after it.
    """
    data = [trace for name in OUTCOMES for trace in _marks(rows, name)]
    return Picture(
        title="Eleven real alerts",
        figure={"data": data, "layout": _layout(rows)},
        summary=summary(rows),
        columns=COLUMNS,
        rows=tuple(
            (row["title"], row["date"].isoformat(), row["launch_time"] or "",
             row["warning_time"] or "", row["warning_min_published"] or "",
             row["lead_min_published"] or "", OUTCOMES[row["outcome"]].words,
             row["lesson"] or "", row["alert_id"])
            for row in rows
        ),
    )  # fmt: skip


def summary(rows: Sequence[Record]) -> str:
    """Return how many alerts there are, how they ended, and how quick the correct ones were."""
    parts = [f"{record.count(len(rows), 'alert')} from {record.day(rows[0]['date'])}"
             f" to {record.day(rows[-1]['date'])}"]  # fmt: skip
    for name, outcome in OUTCOMES.items():
        many = sum(1 for row in rows if row["outcome"] == name)
        if many:
            parts.append(f"{outcome.words.lower()}: {many}")
    first = [min(numbers(row["warning_min_published"])) for row in rows
             if row["outcome"] == "correct" and numbers(row["warning_min_published"])]  # fmt: skip
    if first:
        parts.append(f"those in time came {min(first):g} to {max(first):g} minutes after launch")
    return (
        "; ".join(parts)
        + ". A mark is a public warning; its bar ends when the missile passed, fell"
        " or was expected."
    )


def _marks(rows: Sequence[Record], name: str) -> list[Trace]:
    outcome = OUTCOMES[name]
    points = [(row, minute, lead) for row in rows if row["outcome"] == name
              for minute, lead in _pairs(row)]  # fmt: skip
    if not points:
        return []
    bars: dict[str, list[Any]] = {"x": [], "y": []}
    for row, minute, lead in points:
        if lead is not None:
            bars["x"] += [minute, minute + lead, None]
            bars["y"] += [label(row), label(row), None]
    return [
        {"type": "scatter", "mode": "lines", **bars, "hoverinfo": "skip", "showlegend": False,
         "line": {"width": 7, "color": outcome.color}, "opacity": 0.45},
        {"type": "scatter", "mode": "markers", "name": outcome.words,
         "x": [minute for _, minute, _ in points], "y": [label(row) for row, _, _ in points],
         "hoverinfo": "text",
         "hovertext": [_told(row, minute, lead) for row, minute, lead in points],
         "marker": {"symbol": outcome.symbol, "size": 13, "color": outcome.color}},
    ]  # fmt: skip


def _pairs(row: Record) -> list[tuple[float, float | None]]:
    """Return the minutes of each warning with the minutes that were left."""
    minutes, leads = numbers(row["warning_min_published"]), numbers(row["lead_min_published"])
    if len(minutes) == 1 and len(leads) > 1:  # one warning, several places
        return [(minutes[0], max(leads))]
    if len(minutes) == 2 and not leads:  # a span such as 12-13
        return [(sum(minutes) / 2, None)]
    return [(minute, leads[i] if i < len(leads) else None) for i, minute in enumerate(minutes)]


def label(row: Record) -> str:
    """Return what stands on the axis for an alert."""
    return f"{record.day(row['date'])}, {html.escape(row['title'], quote=False)}"


def _told(row: Record, minute: float, lead: float | None) -> str:
    left = "" if lead is None else f", {lead:g} min before it passed" if lead >= 0 else (
        f", {-lead:g} min after it")  # fmt: skip
    return f"<b>{label(row)}</b><br>Warned {minute:g} min after launch{left}"


def _layout(rows: Sequence[Record]) -> dict[str, Any]:
    none = [row for row in rows if not numbers(row["warning_min_published"])]
    return {
        "height": ROW_PX * len(rows) + EDGE_PX,
        "margin": {"l": 8, "r": 16, "t": 40, "b": 44},
        "hovermode": "closest",
        "legend": record.LEGEND,
        "xaxis": {"title": {"text": "Minutes since launch"}, "range": [0, 40],
                  "fixedrange": True},
        "yaxis": {"autorange": "reversed", "fixedrange": True, "type": "category",
                  "categoryorder": "array", "categoryarray": [label(row) for row in rows],
                  "range": [len(rows) - 0.5, -0.5]},
        "annotations": [
            {"text": "no public alert", "x": 0.3, "xanchor": "left", "y": label(row),
             "showarrow": False, "font": {"size": 12, "color": GRAY}}
            for row in none
        ],
    }  # fmt: skip
