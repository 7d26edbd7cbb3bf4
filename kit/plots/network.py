"""The network: who is bound to whom on the last day of a year, to do what, and since when."""

from __future__ import annotations

import html
import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from kit import tables
from kit.plots import record
from kit.plots.bonds import FAMILIES, OTHER, Bond, Holding, bonds, holdings
from kit.plots.obligations import by_force, label, told
from kit.plots.picture import GRAY, Picture
from kit.plots.standing import FALLEN, begins, filter_agreements
from kit.tables import Record

HEIGHT_PX, NODE_PX, MARK_PX = 600, 16, 22
# Fixed places, so that a year changes the lines and nothing else; most room for the three allies.
PLACES = {
    "USA": (1.15, 0.95), "JPN": (1.75, -0.35), "KOR": (0.45, -0.8), "PRK": (-0.65, -0.8),
    "RUS": (-1.75, -0.35), "CHN": (-1.45, 0.5), "UN": (-0.45, 1.2),
}  # fmt: skip
WIDE, STEPS = 1.75, 14
INK = "#111111"  # readable on every color of a family, on light and dark grounds
BOW = 0.17  # how far apart lines between the same two stand in their middle
COLUMNS = ("Agreement", "Between", "Obligations", "Since", "On that day", "Id")


def network(
    rows: Sequence[Record], coded: Sequence[Record], year: int, obligation: str = ""
) -> Picture:
    """Return who is bound to whom on the last day of a year.

    Parameters
    ----------
    rows
        Rows of the table ``agreements``.
    coded
        Rows of the table ``obligations``.
    year
        The year; agreements not yet begun or over by its end are left out.
    obligation
        Show only this obligation; else all, in families.
    """
    coded = [row for row in coded if obligation in ("", row["obligation"])]
    keys = {row["agreement_id"] for row in coded}
    held = [one for one in holdings(rows, year) if one.row["agreement_id"] in keys]
    found, actors = list(bonds(held, coded)), record.actor_names()
    return Picture(
        title=f"Who is bound to whom on 31 December {year}",
        figure={"data": [*_lines(found), *_marks(found, coded, actors), *_key(found),
                         _nodes(actors)],
                "layout": _layout()},
        summary=summary(held, found, year, obligation),
        columns=COLUMNS,
        rows=tuple(_row(one, coded, actors) for one in held),
    )  # fmt: skip


def summary(
    held: Sequence[Holding], found: Sequence[Bond], year: int, obligation: str = ""
) -> str:
    """Return how many agreements hold on that day, between whom most, and how many are paused."""
    what = f" to {label(obligation).lower()}" if obligation else ""
    if not held:
        return f"No agreement{what} that matches these filters stands at the end of {year}."
    paused = sum(one.state == "paused" for one in held)
    stand = len(held) - paused
    many: dict[tuple[str, ...], set[str]] = {}
    for bond in found:
        if len(bond.between) == 2:
            many.setdefault(bond.between, set()).update(
                row["agreement_id"] for row in bond.agreements)  # fmt: skip
    verb = "stands" if stand == 1 else "stand"
    parts = [f"{record.count(stand, 'agreement')}{what} {verb} at the end of {year}"]
    if paused:
        parts.append(
            f"{paused} {'is' if paused == 1 else 'are'} suspended or declared void (dashed)"
        )
    if many:
        pair, keys = max(many.items(), key=lambda item: len(item[1]))
        if sum(len(other) == len(keys) for other in many.values()) == 1:
            names = " and ".join(record.actor_names().get(code, code) for code in pair)
            parts.append(f"most of them bind {names} ({len(keys)})")
    new = [one.row["short_name"] for one in held if begins(one.row).year == year]
    if new:
        parts.append(f"begun that year: {', '.join(new)}")
    return "; ".join(parts) + "."


def years(rows: Sequence[Record]) -> tuple[int, int]:
    """Return the first and last year of which the agreements tell."""
    return min(begins(r).year for r in rows), max(r["status_asof"].year for r in rows)


def network_text(year: int, obligation: str = "", **filters: Any) -> str:
    """Return the network as plain text; filters as for :func:`kit.plots.record.filters`."""
    rows = filter_agreements(tables.records("agreements"), record.filters(**filters))
    return record.picture_text(network(rows, tables.records("obligations"), year, obligation))


def _place(code: str) -> tuple[float, float]:
    """Return where an actor stands; one unknown here stands in the middle."""
    return PLACES.get(code, (0.0, 0.0))


def _beside(x: float, y: float) -> str:
    """Return on which side of a place its name stands: outward, away from the lines."""
    if abs(x) > 0.8 * WIDE:
        return "middle right" if x > 0 else "middle left"
    if y > 0:
        return "top center"
    return "bottom right" if x > 0 else "bottom left"


def _curve(bond: Bond) -> list[tuple[float, float]]:
    """Return the points of a bond's line; each family bows by its own measure."""
    (x0, y0), (x1, y1) = (_place(code) for code in bond.between)
    order = [*FAMILIES, OTHER].index(bond.family)
    bow = (order - 2 + (0.7 if bond.paused else 0)) * BOW * 2
    length = math.hypot(x1 - x0, y1 - y0) or 1.0
    middle = ((x0 + x1) / 2 - bow * (y1 - y0) / length, (y0 + y1) / 2 + bow * (x1 - x0) / length)
    points = []
    for i in range(STEPS + 1):
        t = i / STEPS
        weights = ((1 - t) ** 2, 2 * t * (1 - t), t**2)
        points.append((
            weights[0] * x0 + weights[1] * middle[0] + weights[2] * x1,
            weights[0] * y0 + weights[1] * middle[1] + weights[2] * y1,
        ))  # fmt: skip
    return points


def _anchor(bond: Bond) -> tuple[float, float]:
    """Return where a bond's mark stands: in its middle, or beside the one party it concerns."""
    if len(bond.between) == 2:
        return _curve(bond)[STEPS // 2]
    x, y = _place(bond.between[0])
    return x + 0.2 * ([*FAMILIES, OTHER].index(bond.family) - 2.5), y + 0.36


def _lines(found: Sequence[Bond]) -> list[dict[str, Any]]:
    """Return one trace for each family, and one more for what is suspended: dashed."""
    traces = []
    for family in (*FAMILIES, OTHER):
        for paused in (False, True):
            mine = [b for b in found if b.family == family and b.paused == paused]
            curves = [_curve(bond) for bond in mine if len(bond.between) == 2]
            points = [point for curve in curves for point in (*curve, (None, None))]
            dash = "dash" if paused else "solid"
            traces.append({
                "type": "scatter", "mode": "lines", "hoverinfo": "skip", "showlegend": False,
                "x": [x for x, _ in points], "y": [y for _, y in points],
                "line": {"color": family.color, "width": 2.5, "dash": dash},
            })  # fmt: skip
    return [trace for trace in traces if trace["x"]]


def _marks(
    found: Sequence[Bond], coded: Sequence[Record], actors: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the marks on the lines: number of agreements, and what they are."""
    traces = []
    for family in (*FAMILIES, OTHER):
        mine = [bond for bond in found if bond.family == family]
        spots = [_anchor(bond) for bond in mine]
        traces.append({
            "type": "scatter", "mode": "markers+text", "showlegend": False, "hoverinfo": "text",
            "x": [x for x, _ in spots], "y": [y for _, y in spots],
            "text": [f"<b>{len(bond.agreements)}</b>" for bond in mine],
            "textfont": {"color": INK, "size": 12},
            "customdata": [bond.agreements[0]["agreement_id"] for bond in mine],
            "hovertext": [_told(bond, coded, actors) for bond in mine],
            "marker": {"color": family.color, "symbol": family.symbol, "size": MARK_PX},
        })  # fmt: skip
    return [trace for trace in traces if trace["customdata"]]


def _key(found: Sequence[Bond]) -> list[dict[str, Any]]:
    entries: list[tuple[str, dict[str, Any]]] = [
        (f.label, {"mode": "lines+markers", "line": {"color": f.color, "width": 2.5},
                   "marker": {"color": f.color, "symbol": f.symbol, "size": 11}})
        for f in (*FAMILIES, OTHER)
        if any(bond.family == f for bond in found)
    ]  # fmt: skip
    if any(bond.paused for bond in found):
        entries.append(
            (
                "Suspended or declared void",
                {"mode": "lines", "line": {"color": GRAY, "width": 2.5, "dash": "dash"}},
            )
        )
    empty = {"type": "scatter", "x": [None], "y": [None], "hoverinfo": "skip"}
    return [{**empty, "name": name, **look} for name, look in entries]


def _nodes(names: Mapping[str, str]) -> dict[str, Any]:
    places = {code: _place(code) for code in names}
    return {
        "type": "scatter", "mode": "markers+text", "showlegend": False, "hoverinfo": "skip",
        "x": [x for x, _ in places.values()], "y": [y for _, y in places.values()],
        "text": [f"<b>{html.escape(name, quote=False)}</b>" for name in names.values()],
        "textposition": [_beside(*place) for place in places.values()],
        "textfont": {"size": 14},
        "marker": {"size": NODE_PX, "color": GRAY, "symbol": "circle"},
    }  # fmt: skip


def _told(bond: Bond, coded: Sequence[Record], names: Mapping[str, str]) -> str:
    who = " and ".join(names.get(code, code) for code in bond.between)
    if len(bond.between) == 1:
        who += " and its members"
    now = ", suspended or declared void" if bond.paused else ""
    lines = [f"<b>{html.escape(who, quote=False)}: {bond.family.label.lower()}{now}</b>"]
    for row in bond.agreements:
        parts = {
            force: [name for name in found if name in bond.family.obligations]
            for force, found in by_force(row["agreement_id"], coded).items()
        }
        text = f"{row['short_name']}, since {begins(row).year}: {told(parts)}"
        lines += textwrap.wrap(html.escape(text, quote=False), 60)
    return "<br>".join(lines)


def _layout() -> dict[str, Any]:
    # Not `visible: False`: plotly would then keep the margin of the axis drawn before this one.
    hidden = {"showticklabels": False, "showgrid": False, "zeroline": False, "fixedrange": True}
    return {
        "height": HEIGHT_PX,
        "margin": {"l": 8, "r": 8, "t": 64, "b": 8},
        "hovermode": "closest",
        "legend": record.LEGEND,
        "xaxis": {**hidden, "range": [-WIDE - 0.6, WIDE + 0.6]},
        "yaxis": {**hidden, "range": [-1.3, 1.75]},
    }


def _row(one: Holding, coded: Sequence[Record], actors: Mapping[str, str]) -> tuple[str, ...]:
    row = one.row
    now = "stands"
    if one.state == "paused" and one.end:
        now = f"{FALLEN[row['status']]} since {one.end.isoformat()}"
    return (
        row["short_name"],
        record.named(row["parties"], actors),
        told(by_force(row["agreement_id"], coded)),
        begins(row).isoformat(),
        now,
        row["agreement_id"],
    )
