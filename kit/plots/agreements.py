"""The agreements: one bar each, from signature to the last day on which its status was checked."""

from __future__ import annotations

import datetime as dt
import html
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit import tables
from kit.plots import record
from kit.plots.picture import BLUE, GRAY, PURPLE, VERMILION, Picture
from kit.tables import Record

ROW_PX, TOP_PX, BOTTOM_PX = 20, 60, 60
MARK_PX = 10
# Two time scales side by side: the years after 2005 hold three of four agreements.
BREAK = dt.date(2006, 1, 1)
OLD_SHARE, GAP = 0.22, 0.02
DAY_MS = 86_400_000
COLUMNS = (
    "Agreement", "Parties", "Signed", "In force since", "Status", "As of", "Binding", "Id",
)  # fmt: skip
GROUPS = (
    ("United States, South Korea, Japan", {"USA", "KOR", "JPN"}),
    ("United States and South Korea", {"USA", "KOR"}),
    ("United States and Japan", {"USA", "JPN"}),
    ("Japan and South Korea", {"JPN", "KOR"}),
    ("South and North Korea", {"KOR", "PRK"}),
    ("United Nations Security Council", {"UN"}),
)
OTHERS = "Other parties"


@dataclass(frozen=True, slots=True)
class Force:
    """How the kind of legal force is shown: a label, and a color with a pattern and a shape."""

    label: str
    color: str
    pattern: str
    symbol: str


FORCES = {
    "yes": Force("Binding", BLUE, "", "circle"),
    "no": Force("Not binding", VERMILION, "/", "square"),
    "contested": Force("Contested", PURPLE, "x", "diamond"),
}
STANDS = ("in-force", "political-commitment")
Rows = list[tuple[float, Record]]


@dataclass(frozen=True, slots=True)
class _Panel:
    """One time scale: the suffix of its axis, its first day, and the day after its last."""

    axis: str
    start: dt.date
    end: dt.date

    def holds(self, day: dt.date) -> bool:
        """Tell whether a day lies on this scale."""
        return self.start <= day < self.end


def agreements(rows: Sequence[Record]) -> Picture:
    """Return the agreements as bars, grouped by parties, oldest first in each group.

    Parameters
    ----------
    rows
        Rows of the table ``agreements``.
    """
    placed, ticks = _place(rows)
    names = record.actor_names()
    panels = _panels([row for _, row in placed])
    data = [
        trace
        for force, shown in FORCES.items()
        if (mine := [(y, row) for y, row in placed if row["legally_binding"] == force])
        for panel in panels
        for trace in _bars(mine, shown, panel)
    ]
    data += [trace for panel in panels for trace in _signs(placed, panel)]
    return Picture(
        title="Agreements behind the article",
        figure={"data": data, "layout": _layout(ticks, panels)},
        summary=summary(rows),
        columns=COLUMNS,
        rows=tuple(_row(row, names) for _, row in placed),
    )


def summary(rows: Sequence[Record]) -> str:
    """Return how many agreements bind, how many stand, and what holds between the three."""
    if not rows:
        return "There are no agreements."
    force = Counter(row["legally_binding"] for row in rows)
    ended = sum(row["status"] not in STANDS for row in rows)
    first, last = (pick(_signed(row).year for row in rows) for pick in (min, max))
    three = [row for row in rows if group(row) == GROUPS[0][0]]
    bound = sum(row["legally_binding"] == "yes" for row in three)
    return (
        f"{record.count(len(rows), 'agreement')} from {first} to {last}: {force['yes']} legally"
        f" binding, {force['no']} not, {force['contested']} contested; {ended} ended or suspended;"
        f" of the {len(three)} between Washington, Seoul and Tokyo together"
        f" {bound or 'none'} {'is' if bound < 2 else 'are'} legally binding."
    )


def agreements_text() -> str:
    """Return the agreements as plain text: sentence and table."""
    return record.picture_text(agreements(tables.records("agreements")))


def group(row: Record) -> str:
    """Return the group an agreement belongs to by its parties, as far as the table codes them."""
    parties = set(row["parties"])
    return next((label for label, members in GROUPS if parties == members), OTHERS)


def _signed(row: Record) -> dt.date:
    found: dt.date = row["signed_or_announced"]
    return found


def _place(rows: Sequence[Record]) -> tuple[Rows, list[tuple[float, str]]]:
    """Return each agreement with its height, and the labels of rows and groups with theirs."""
    placed: Rows = []
    ticks: list[tuple[float, str]] = []
    y = 0.0
    for label in (*(label for label, _ in GROUPS), OTHERS):
        members = sorted((row for row in rows if group(row) == label), key=_signed)
        if not members:
            continue
        ticks.append((y, f"<b>{label}</b>"))
        for row in members:
            y += 1
            placed.append((y, row))
            ticks.append((y, _label(row)))
        y += 1.4
    return placed, ticks


def _label(row: Record) -> str:
    name, year = row["short_name"], str(_signed(row).year)
    return html.escape(name if year in name else f"{name} ({year})", quote=False)


def _panels(rows: Sequence[Record]) -> tuple[_Panel, _Panel]:
    days = [BREAK, *(day for row in rows for day in (_signed(row), row["status_asof"]))]
    first, last = dt.date(min(days).year - 4, 1, 1), dt.date(max(days).year + 1, 1, 1)
    return _Panel("", first, BREAK), _Panel("2", BREAK, last)


def _bars(mine: Rows, shown: Force, panel: _Panel) -> list[dict[str, Any]]:
    """Return the bars and signature marks of one kind of legal force on one time scale."""
    spans = [
        (y, row, max(_signed(row), panel.start), min(row["status_asof"], panel.end))
        for y, row in mine
    ]
    spans = [span for span in spans if span[2] < span[3]]
    marks = [(y, row) for y, row in mine if panel.holds(_signed(row))]
    group_of = {"legendgroup": shown.label, "name": shown.label}
    bars = {
        **_points([(y, row) for y, row, _, _ in spans], panel),
        **group_of,
        "type": "bar",
        "orientation": "h",
        "base": [start.isoformat() for _, _, start, _ in spans],
        "x": [(end - start).days * DAY_MS for _, _, start, end in spans],
        "width": 0.5,
        "marker": {
            "color": shown.color,
            "opacity": 0.85,
            "line": {"color": shown.color, "width": 1.5},
            "pattern": {"shape": shown.pattern, "fillmode": "replace", "size": 6},
        },
        "showlegend": panel.axis == "2",
    }
    starts = {
        **_points(marks, panel),
        **group_of,
        "x": [_signed(row).isoformat() for _, row in marks],
        "marker": {"color": shown.color, "symbol": shown.symbol, "size": MARK_PX},
        "showlegend": False,
    }
    return [trace for trace in (bars, starts) if trace["y"]]


def _signs(placed: Rows, panel: _Panel) -> list[dict[str, Any]]:
    """Return the crosses where agreements ended, and the rings of those in the article."""
    ended = [
        (y, r) for y, r in placed if r["status"] not in STANDS and panel.holds(r["status_asof"])
    ]
    cross = {
        **_points(ended, panel),
        "x": [row["status_asof"].isoformat() for _, row in ended],
        "marker": {"symbol": "x", "size": MARK_PX, "color": GRAY},
        "name": "Ended or suspended",
        "legendgroup": "ended",
        "showlegend": panel.axis == "2",
    }
    traces = [cross]
    for place, (size, width, label) in record.RINGS.items():
        mine = [(y, r) for y, r in placed if r["in_article"] == place and panel.holds(_signed(r))]
        line = {"width": width, "color": GRAY}
        traces.append(
            {
                **_points(mine, panel),
                "x": [_signed(row).isoformat() for _, row in mine],
                "hoverinfo": "skip",
                "marker": {"symbol": "circle-open", "size": size, "color": GRAY, "line": line},
                "name": label,
                "legendgroup": label,
                "showlegend": panel.axis == "2",
            }
        )
    return [trace for trace in traces if trace["y"]]


def _points(rows: Rows, panel: _Panel) -> dict[str, Any]:
    """Return what bars and marks have in common."""
    return {
        "type": "scatter",
        "mode": "markers",
        "xaxis": f"x{panel.axis}",
        "y": [y for y, _ in rows],
        "customdata": [row["agreement_id"] for _, row in rows],
        "hoverinfo": "text",
        "hovertext": [_told(row) for _, row in rows],
    }


def _told(row: Record) -> str:
    name = "<br>".join(textwrap.wrap(html.escape(row["name"], quote=False), 44))
    signed = record.day(_signed(row), row["signed_or_announced_precision"])
    checked = record.day(row["status_asof"])
    force = FORCES[row["legally_binding"]].label
    force = f"Legal force: {force.lower()}; {row['status']} as of {checked}"
    return f"<b>{name}</b><br>{signed}<br>{force}"


def _layout(ticks: Sequence[tuple[float, str]], panels: tuple[_Panel, _Panel]) -> dict[str, Any]:
    old, new = panels
    bottom = max((y for y, _ in ticks), default=0) + 0.8
    decades = [f"{year}-01-01" for year in range(1900, new.start.year - 9, 20)]
    date_axis = {"type": "date", "tickformat": "%Y", "showgrid": True, "zeroline": False}
    return {
        "height": round(ROW_PX * (bottom + 0.8)) + TOP_PX + BOTTOM_PX,
        "margin": {"l": 8, "r": 12, "t": TOP_PX, "b": BOTTOM_PX},
        "barmode": "overlay",
        "hovermode": "closest",
        "legend": record.LEGEND,
        "xaxis": {**date_axis, "domain": [0, OLD_SHARE], "tickvals": decades,
                  "range": [old.start.isoformat(), old.end.isoformat()],
                  "title": {"text": f"Before {BREAK.year}"}},
        "xaxis2": {**date_axis, "domain": [OLD_SHARE + GAP, 1], "dtick": "M24", "anchor": "y",
                   "tick0": new.start.isoformat(),
                   "range": [new.start.isoformat(), new.end.isoformat()],
                   "title": {"text": f"Since {BREAK.year}, on a wider scale"}},
        "yaxis": {"range": [bottom, -0.8], "tickvals": [y for y, _ in ticks],
                  "ticktext": [label for _, label in ticks], "zeroline": False,
                  "fixedrange": True, "tickfont": {"size": 12}},
    }  # fmt: skip


def _row(row: Record, names: Mapping[str, str]) -> tuple[str, ...]:
    since = row["entered_into_force"]
    return (
        row["short_name"],
        record.named(row["parties"], names),
        record.day(_signed(row), row["signed_or_announced_precision"]),
        since.isoformat() if since else "",
        row["status"],
        row["status_asof"].isoformat(),
        row["legally_binding"],
        row["agreement_id"],
    )
