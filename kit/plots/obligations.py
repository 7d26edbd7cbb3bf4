"""Agreements and obligations: who promises to do what, how firmly, and whether it still stands."""

from __future__ import annotations

import html
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from kit import tables
from kit.plots import record
from kit.plots.agreements import GROUPS, OTHERS, Force, group
from kit.plots.picture import BLUE, GRAY, GREEN, VERMILION, Picture
from kit.plots.standing import FALLEN, begins, filter_agreements
from kit.tables import Record

ROW_PX, TOP_PX, BOTTOM_PX = 20, 150, 16
MARK_PX = 11
# In the order of the columns: from acting together over talking to holding back.
LABELS = {
    "defend": "Defend",
    "exercise": "Exercise together",
    "plan": "Plan together",
    "host": "Host forces",
    "share-information": "Share information",
    "protect-information": "Protect information",
    "consult": "Consult",
    "coordinate": "Coordinate",
    "communicate": "Keep channels open",
    "restrain": "Hold back",
    "disarm": "Disarm",
    "inspect": "Inspect",
    "sanction": "Sanction",
    "settle": "Settle the past",
}
FORCES = {
    "binding": Force("Legally binding", BLUE, "", "circle"),
    "political": Force("Political promise", VERMILION, "", "square"),
    "operational": Force("Mechanism that runs", GREEN, "", "triangle-up"),
}
COLUMNS = ("Agreement", "Parties", "Obligations", "Status", "Since", "Id")
NOTHING = "No agreement matches these filters."


def obligations(rows: Sequence[Record], coded: Sequence[Record]) -> Picture:
    """Return agreements by obligations as marks: filled while it stands, open when it does not.

    Parameters
    ----------
    rows
        Rows of the table ``agreements``.
    coded
        Rows of the table ``obligations``; those of other agreements are left out.
    """
    kept = {row["agreement_id"]: row for row in rows}
    coded = [one for one in coded if one["agreement_id"] in kept]
    heights, ticks = _place(rows)
    actors = record.actor_names()
    columns = {name: x for x, name in enumerate(names(coded))}
    return Picture(
        title="Who promises what",
        figure={
            "data": [*_marks(coded, kept, heights, columns), *_key(coded, kept)],
            "layout": _layout(ticks, list(columns)),
        },
        summary=summary(rows, coded),
        columns=COLUMNS,
        rows=tuple(_row(kept[key], coded, actors) for key in heights),
    )


def summary(rows: Sequence[Record], coded: Sequence[Record]) -> str:
    """Return how many obligations there are, how firm, and which is the most common."""
    if not rows:
        return NOTHING
    force = Counter(one["force"] for one in coded)
    most = Counter(one["obligation"] for one in coded).most_common(1)
    fallen = sum(row["status"] in FALLEN for row in rows)
    parts = [
        f"{record.count(len(rows), 'agreement')} with {record.count(len(coded), 'obligation')}:"
        f" {force['binding']} legally binding, {force['political']} political promises,"
        f" {force['operational']} mechanisms that run"
    ]
    parts += [f"most common: {label(name).lower()} ({many})" for name, many in most]
    parts.append(f"{fallen} of the agreements no longer {'stands' if fallen == 1 else 'stand'}")
    return "; ".join(parts) + "."


def obligations_text(**filters: Any) -> str:
    """Return the matrix as plain text; filters as for :func:`kit.plots.record.filters`."""
    rows = filter_agreements(tables.records("agreements"), record.filters(**filters))
    return record.picture_text(obligations(rows, tables.records("obligations")))


def label(obligation: str) -> str:
    """Return an obligation in words; one without a label gets its code as words."""
    return LABELS.get(obligation, obligation.replace("-", " ").capitalize())


def names(coded: Sequence[Record]) -> list[str]:
    """Return the obligations in the order of the columns, those in use last if unknown here."""
    return list(dict.fromkeys([*LABELS, *(one["obligation"] for one in coded)]))


def told(parts: Mapping[str, Sequence[str]]) -> str:
    """Return obligations by force as text, for example ``consult, plan (political promise)``."""
    return "; ".join(
        f"{', '.join(label(name).lower() for name in parts[force])} ({shown.label.lower()})"
        for force, shown in FORCES.items()
        if parts.get(force)
    )


def by_force(key: str, coded: Sequence[Record]) -> dict[str, list[str]]:
    """Return the obligations of an agreement by their force."""
    found: dict[str, list[str]] = {}
    for one in coded:
        if one["agreement_id"] == key:
            found.setdefault(one["force"], []).append(one["obligation"])
    return found


def _place(rows: Sequence[Record]) -> tuple[dict[str, float], list[tuple[float, str]]]:
    """Return the height of each agreement, and the labels of rows and groups with theirs."""
    heights: dict[str, float] = {}
    ticks: list[tuple[float, str]] = []
    y = 0.0
    for title in (*(title for title, _ in GROUPS), OTHERS):
        members = sorted((r for r in rows if group(r) == title),
                         key=lambda r: r["signed_or_announced"])  # fmt: skip
        if not members:
            continue
        ticks.append((y, f"<b>{title}</b>"))
        for row in members:
            y += 1
            heights[row["agreement_id"]] = y
            ticks.append((y, _name(row)))
        y += 1.4
    return heights, ticks


def _name(row: Record) -> str:
    name, year = row["short_name"], str(row["signed_or_announced"].year)
    full = name if year in name else f"{name} ({year})"
    fallen = FALLEN.get(row["status"])
    return html.escape(f"{full}, {fallen}" if fallen else full, quote=False)


def _marks(
    coded: Sequence[Record],
    kept: Mapping[str, Record],
    heights: Mapping[str, float],
    columns: Mapping[str, int],
) -> list[dict[str, Any]]:
    """Return one trace for each force, and one more for those whose agreement has fallen."""
    traces = []
    for force, shown in FORCES.items():
        for fallen in (False, True):
            mine = [
                one
                for one in coded
                if one["force"] == force
                and (kept[one["agreement_id"]]["status"] in FALLEN) == fallen
            ]
            keys = [one["agreement_id"] for one in mine]
            marker = {"color": shown.color, "symbol": shown.symbol, "size": MARK_PX}
            if fallen:
                marker |= {"symbol": f"{shown.symbol}-open", "line": {"width": 2}}
            traces.append({
                "type": "scatter", "mode": "markers", "showlegend": False, "hoverinfo": "text",
                "x": [columns[one["obligation"]] for one in mine],
                "y": [heights[key] for key in keys],
                "customdata": keys,
                "hovertext": [_told(one, kept[one["agreement_id"]]) for one in mine],
                "marker": marker,
            })  # fmt: skip
    return [trace for trace in traces if trace["customdata"]]


def _key(coded: Sequence[Record], kept: Mapping[str, Record]) -> list[dict[str, Any]]:
    """Return the legend: a mark for each force in use, and an open one for what has fallen."""
    used = {one["force"] for one in coded}
    entries = [(s.label, {"color": s.color, "symbol": s.symbol, "size": MARK_PX})
               for force, s in FORCES.items() if force in used]  # fmt: skip
    if any(row["status"] in FALLEN for row in kept.values()):
        open_ = {"color": GRAY, "symbol": "circle-open", "size": MARK_PX, "line": {"width": 2}}
        entries.append(("Open: suspended or ended", open_))
    return [
        {"type": "scatter", "mode": "markers", "x": [None], "y": [None], "name": name,
         "hoverinfo": "skip", "marker": marker}
        for name, marker in entries
    ]  # fmt: skip


def _told(one: Record, row: Record) -> str:
    note = "<br>".join(textwrap.wrap(html.escape(one["note"] or "", quote=False), 50))
    name = "<br>".join(textwrap.wrap(html.escape(row["name"], quote=False), 44))
    status = f"{row['status'].replace('-', ' ')} as of {record.day(row['status_asof'])}"
    what = f"{label(one['obligation'])}: {FORCES[one['force']].label.lower()}"
    return "<br>".join(filter(None, (f"<b>{name}</b>", what, status, note)))


def _layout(ticks: Sequence[tuple[float, str]], columns: Sequence[str]) -> dict[str, Any]:
    bottom = max((y for y, _ in ticks), default=0) + 0.8
    height = round(ROW_PX * (bottom + 0.8)) + TOP_PX + BOTTOM_PX
    return {
        "height": height,
        "margin": {"l": 8, "r": 88, "t": TOP_PX, "b": BOTTOM_PX},
        "hovermode": "closest",
        "legend": {**record.LEGEND, "xref": "container", "yref": "container", "yanchor": "top"},
        "xaxis": {"side": "top", "tickvals": list(range(len(columns))), "tickangle": -45,
                  "ticklabeloverflow": "allow",
                  "ticktext": [label(name) for name in columns], "fixedrange": True,
                  "range": [-0.7, len(columns) - 0.3], "zeroline": False, "showgrid": True},
        "yaxis": {"range": [bottom, -0.8], "tickvals": [y for y, _ in ticks],
                  "ticktext": [text for _, text in ticks], "zeroline": False,
                  "fixedrange": True, "tickfont": {"size": 12}},
    }  # fmt: skip


def _row(row: Record, coded: Sequence[Record], actors: Mapping[str, str]) -> tuple[str, ...]:
    return (
        row["short_name"],
        record.named(row["parties"], actors),
        told(by_force(row["agreement_id"], coded)),
        f"{row['status'].replace('-', ' ')} as of {row['status_asof'].isoformat()}",
        begins(row).isoformat(),
        row["agreement_id"],
    )
