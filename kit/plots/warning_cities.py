"""Seconds of warning: for each city by way of sharing, and what surer warnings cost."""

from __future__ import annotations

from typing import Any

import numpy as np

from kit import warning
from kit.plots import record
from kit.plots.map import Trace
from kit.plots.picture import GRAY, Picture
from kit.plots.warning import POLICIES, Array, clock, kilometers
from kit.warning import CityWarnings, Study, Trade

ROW_PX, EDGE_PX, TRADE_PX = 58, 120, 420
GONE = "out of reach"
TRADE_COLUMNS = (
    "Warns when the area is known to", "Warning", "Area warned in km²", "Cities warned in vain",
)  # fmt: skip


def cities(study: Study) -> Picture:
    """Return the seconds of warning of each city with the same launch aimed at it.

    Beside them stands what each way of sharing adds, on a scale of its own: on a flight of an hour
    half a minute would not be seen.
    """
    found = study.cities_aimed
    seconds = found.warning_s
    data = [_bars(found, name, seconds[name], "x") for name in POLICIES]
    data += [_bars(found, name, gain(found, name), "x2") for name in POLICIES if name != "nothing"]
    return Picture(
        title=f"If the same launch were aimed at each city: {study.launch.name}",
        figure={"data": data, "layout": _layout(found)},
        summary=summary(found),
        columns=("City", "Flight", *(policy.label for policy in POLICIES.values()), "Note"),
        rows=tuple(_row(found, place) for place in range(len(found.ids))),
    )


def gain(found: CityWarnings, policy: str) -> Array:
    """Return the seconds that a way of sharing adds to nothing shared, shape (K,)."""
    return np.asarray(found.warning_s[policy] - found.warning_s["nothing"])


def summary(found: CityWarnings) -> str:
    """Return which city has least warning, and which gains most by sharing in real time."""
    alone, added = found.warning_s["nothing"], gain(found, "real-time")
    if not np.isfinite(alone).any():
        return "No city is warned in time by its own sensors."
    least = int(np.nanargmin(alone))
    parts = [f"With nothing shared {found.names[least]} has least warning: {clock(alone[least])}"]
    if np.isfinite(added).any():
        most = int(np.nanargmax(added))
        parts.append(
            f"sharing in real time adds most in {found.names[most]}: {clock(added[most])}"
            if added[most] >= 0.5
            else "sharing in real time adds nothing anywhere"
        )
        hub = gain(found, "hub")
        parts.append(f"through the American hub it is {clock(hub[most])} there")
    far = sum(1 for time in found.flight_s if not np.isfinite(time))
    if far:
        parts.append(f"{record.count(far, 'city').replace('citys', 'cities')} out of its reach")
    return "; ".join(parts) + "."


def _bars(found: CityWarnings, name: str, values: Array, axis: str) -> Trace:
    policy = POLICIES[name]
    sign = "+" if axis == "x2" else ""
    known = np.isfinite(values)
    return {
        "type": "bar", "orientation": "h", "y": list(found.names),
        "x": [round(float(v)) if ok else None for v, ok in zip(values, known, strict=True)],
        "xaxis": axis, "yaxis": "y", "name": policy.label, "legendgroup": name,
        "showlegend": axis == "x", "offsetgroup": name,
        "text": [f"{sign if v >= 0.5 else ''}{v:.0f}" if ok else ""
                 for v, ok in zip(values, known, strict=True)],
        "textposition": "outside", "cliponaxis": False, "textfont": {"size": 11},
        "hovertemplate": "%{y}, " + policy.label.lower() + ": %{x} s<extra></extra>",
        "marker": {"color": policy.color, "pattern": {"shape": policy.pattern, "size": 5}},
    }  # fmt: skip


def _layout(found: CityWarnings) -> dict[str, Any]:
    notes = [
        {"text": GONE, "x": 0, "y": name, "xref": "x", "yref": "y", "showarrow": False,
         "xanchor": "left", "font": {"size": 12, "color": GRAY}}
        for name, time in zip(found.names, found.flight_s, strict=True)
        if not np.isfinite(time)
    ]  # fmt: skip
    axis = {"rangemode": "tozero", "fixedrange": True, "zeroline": True, "nticks": 5}
    return {
        "height": ROW_PX * len(found.ids) + EDGE_PX,
        "margin": {"l": 8, "r": 36, "t": 40, "b": 44},
        "barmode": "group",
        "bargap": 0.22,
        "hovermode": "closest",
        "legend": {**record.LEGEND, "traceorder": "normal"},
        "xaxis": {**axis, "domain": [0, 0.54], "title": {"text": "Seconds of warning"}},
        "xaxis2": {**axis, "domain": [0.63, 1], "anchor": "y",
                   "title": {"text": "Seconds added by sharing"}},
        "yaxis": {"autorange": "reversed", "fixedrange": True, "showgrid": False},
        "annotations": notes,
    }  # fmt: skip


def _row(found: CityWarnings, place: int) -> tuple[str, ...]:
    seconds = [float(found.warning_s[name][place]) for name in POLICIES]
    told = [f"{value:.0f} s" if np.isfinite(value) else "none" for value in seconds]
    return (found.names[place], clock(float(found.flight_s[place])).replace("never", GONE),
            *told, found.reason[place])  # fmt: skip


def trade(found: Trade, city: str, policy: str) -> Picture:
    """Return seconds of warning against the area that is warned, by what a country waits for.

    Parameters
    ----------
    found
        From :func:`kit.warning.trade`.
    city
        Name of the city that is hit.
    policy
        The way of sharing.
    """
    names = dict(zip(warning.cities().ids, warning.cities().names, strict=True))
    labels = [_wait(limit) for limit in found.threshold_km]
    return Picture(
        title=f"How sure before you warn {city}, {POLICIES[policy].words}?",
        figure={"data": [*_waits(found, labels, POLICIES[policy].color)],
                "layout": _trade_layout(found, labels)},
        summary=_trade_summary(found, labels),
        columns=TRADE_COLUMNS,
        rows=tuple(
            (label, f"{seconds:.0f} s" if np.isfinite(seconds) else "none",
             f"{area:,.0f}" if np.isfinite(area) else "not known yet: the whole country",
             ", ".join(names.get(name, name) for name in vain) or "none")
            for label, seconds, area, vain in zip(
                labels, found.warning_s, found.warned_km2, found.in_vain, strict=True)
        ),
    )  # fmt: skip


def _wait(limit: float) -> str:
    return f"± {kilometers(limit)}" if np.isfinite(limit) else "at the first track"


def _waits(found: Trade, labels: list[str], color: str) -> list[Trace]:
    """Return bars of seconds, and beside them bars of the area that is warned."""
    made = []
    for values, axis, unit in ((found.warning_s, "x", " s"), (found.warned_km2, "x2", " km²")):
        known = [bool(np.isfinite(value)) for value in values]
        made.append({
            "type": "bar", "orientation": "h", "y": labels, "xaxis": axis, "yaxis": "y",
            "x": [float(round(v)) if ok else None for v, ok in zip(values, known, strict=True)],
            "text": [_amount(v, unit) if ok else "" for v, ok in zip(values, known, strict=True)],
            "textposition": "outside", "cliponaxis": False, "textfont": {"size": 12},
            "hoverinfo": "skip", "showlegend": False,
            "marker": {"color": color if axis == "x" else GRAY,
                       "pattern": {"shape": "" if axis == "x" else "/", "size": 6}},
        })  # fmt: skip
    return made


def _amount(value: float, unit: str) -> str:
    return f"{'−' if value < 0 else ''}{abs(value):,.0f}{unit}"


def _trade_layout(found: Trade, labels: list[str]) -> dict[str, Any]:
    notes = []
    for label, seconds, area in zip(labels, found.warning_s, found.warned_km2, strict=True):
        for value, axis, text in (
            (seconds, "x", "never so sure"),
            (area, "x2", "the whole country"),
        ):
            if not np.isfinite(value) and (axis == "x" or np.isfinite(seconds)):
                notes.append({"text": text, "x": 0, "y": label, "xref": f"{axis} domain",
                              "yref": "y", "showarrow": False, "xanchor": "left", "xshift": 4,
                              "font": {"size": 12, "color": GRAY}})  # fmt: skip
    return {
        "height": TRADE_PX,
        "margin": {"l": 8, "r": 60, "t": 16, "b": 44},
        "bargap": 0.3,
        "xaxis": {"domain": [0, 0.5], "fixedrange": True, "zeroline": True, "nticks": 6,
                  "title": {"text": "Seconds of warning"}},
        "xaxis2": {"domain": [0.62, 1], "anchor": "y", "type": "log", "fixedrange": True,
                   "dtick": 1, "title": {"text": "Area warned in km² (logarithmic)"}},
        "yaxis": {"autorange": "reversed", "fixedrange": True, "showgrid": False,
                  "title": {"text": "Warn when the area is known to"}},
        "annotations": notes,
    }  # fmt: skip


def _trade_summary(found: Trade, labels: list[str]) -> str:
    parts = [f"Warning at the first track gives {clock(float(found.warning_s[0]))}"]
    sure = np.flatnonzero(np.isfinite(found.warned_km2) & (found.warning_s > 0))
    if len(sure):
        last = int(sure[-1])
        parts.append(
            f"waiting for an area of {labels[last]} leaves {clock(float(found.warning_s[last]))}"
            f" and warns {found.warned_km2[last]:,.0f} km²"
        )
    late = [label for label, s in zip(labels, found.warning_s, strict=True) if not s > 0]
    if late:
        parts.append(f"waiting for {late[0]} is too long")
    return "; ".join(parts) + "."
