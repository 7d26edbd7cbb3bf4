"""The flight over time: height above each country's horizon, who knows of it, how sure they are.

Three panels stand on one axis of time, so that one line marks the same moment in all of them.
Heights and areas span several powers of ten and are drawn on logarithmic axes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from kit.plots import record, warning_labels
from kit.plots.map import Trace
from kit.plots.picture import GRAY, ORANGE, Picture
from kit.plots.warning import (
    COUNTRIES,
    MISSILE,
    POLICIES,
    Array,
    Sign,
    clock,
    kilometers,
    listed,
)
from kit.warning.study import Study

Spans = tuple[tuple[float, float], ...]

HEIGHT_PX = 640
POINTS = 220
OPENING_S = 420.0  # the first view of a long flight: everything is decided in these minutes
HEIGHTS, RIBBONS, AREAS = (0.53, 1.0), (0.285, 0.46), (0.0, 0.225)
TICKS_KM = (1, 3, 10, 30, 100, 300, 1000, 3000, 10000)
BAR = 0.62
COLUMNS = (
    "Country", "Sees it itself", "Knows only from others", "First report", "Usable track",
    "Public warning", "Area when half the flight is over (95 %)",
)  # fmt: skip


def over_time(study: Study, policy: str, time_s: float, whole: bool = False) -> Picture:
    """Return heights, ribbons and areas over time.

    Parameters
    ----------
    study
        The flight and what is known of it.
    policy
        The way of sharing.
    time_s
        The moment to mark, in seconds since launch.
    whole
        Whether to show the whole flight; else a long one is shown to ``OPENING_S``.
    """
    data = [*_heights(study), *_ribbons(study, policy), *_areas(study, policy)]
    return Picture(
        title=f"Minute by minute, {POLICIES[policy].words}",
        figure={"data": data, "layout": _layout(study, time_s, whole)},
        summary=summary(study, policy),
        columns=COLUMNS,
        rows=tuple(_row(study, place, policy) for place in range(len(COUNTRIES))),
    )


def summary(study: Study, policy: str) -> str:
    """Return who has the first report, who gains most by sharing, and when it is over."""
    names = [sign.name for sign in COUNTRIES.values()]
    alone, shared = study.first_known_s["nothing"], study.first_known_s[policy]
    parts = [f"The flight lasts {clock(study.path.flight_time_s)}"]
    if np.isfinite(alone).any():
        first = int(np.nanargmin(alone))
        parts.append(f"by its own sensors {names[first]} knows first, after {clock(alone[first])}")
    gains = {
        name: before - after
        for name, before, after in zip(names, alone, shared, strict=True)
        if np.isfinite(before) and before - after >= 0.5
    }
    if gains:
        said = listed([f"{name} {clock(gain)}" for name, gain in gains.items()])
        parts.append(f"{POLICIES[policy].words}, it is known earlier: {said}")
    elif policy != "nothing":
        parts.append(f"{POLICIES[policy].words}, nobody knows of it earlier than alone")
    return "; ".join(parts) + "."


def marker(time_s: float) -> dict[str, Any]:
    """Return the line that marks a moment in all panels."""
    return {"type": "line", "xref": "x", "yref": "paper", "x0": time_s / 60, "x1": time_s / 60,
            "y0": 0, "y1": 1, "line": {"width": 2, "color": MISSILE, "dash": "solid"}}  # fmt: skip


def span(study: Study, whole: bool) -> tuple[float, float]:
    """Return the ends of the axis of time in minutes."""
    end = study.path.flight_time_s
    shown = end if whole or end <= 1.5 * OPENING_S else OPENING_S
    return 0.0, shown / 60 * 1.01


def _heights(study: Study) -> list[Trace]:
    path = study.path
    late = len(path.time_s) - 1
    steps = np.unique(np.concatenate([
        np.linspace(0, late, POINTS), np.linspace(0, min(OPENING_S, late), POINTS)
    ]).round().astype(int))  # fmt: skip
    traces: list[Trace] = []
    floors = study.floors
    for place, sign in enumerate(COUNTRIES.values()):
        traces.append({
            **_line(floors.time_s, floors.height_km[place], "y", f"{sign.name} sees above this"),
            "line": {"width": 2, "color": sign.color, "dash": sign.dash},
        })  # fmt: skip
    traces.append({
        **_line(path.time_s[steps], path.height_km[steps], "y", "Missile"),
        "line": {"width": 4, "color": MISSILE},
    })  # fmt: skip
    return traces


def _ribbons(study: Study, policy: str) -> list[Trace]:
    """Return bars of seeing and of knowing, and a mark where a country warns its public."""
    traces = []
    for place, (country, sign) in enumerate(COUNTRIES.items()):
        ribbon = study.intervals(country, policy)
        traces.append(_bars(ribbon.seen, place, sign, "sees it itself", 1.0, ""))
        traces.append(_bars(ribbon.shared, place, sign, "knows from others", 0.6, "/"))
    warned = study.alert_s[policy]
    traces.append({"type": "scatter", "mode": "markers", "x": _numbers(warned / 60),
                   "y": [0, 1, 2], "xaxis": "x", "yaxis": "y2", "hoverinfo": "text",
                   "hovertext": [f"{sign.name} warns its public: {clock(when)}"
                                 for sign, when in zip(COUNTRIES.values(), warned, strict=True)],
                   "showlegend": False,
                   "marker": {"symbol": "triangle-up", "size": 15, "color": ORANGE,
                              "line": {"width": 1.5, "color": "#1f1f1f"}}})  # fmt: skip
    return traces


def _bars(spans: Spans, place: int, sign: Sign, what: str, width: float, shape: str) -> Trace:
    said = [f"{sign.name} {what}<br>{clock(start)} to {clock(end)}" for start, end in spans]
    return {
        "type": "bar", "orientation": "h", "base": [start / 60 for start, _ in spans],
        "x": [(end - start) / 60 for start, end in spans], "y": [place] * len(spans),
        "xaxis": "x", "yaxis": "y2", "width": BAR * width, "name": f"{sign.name} {what}",
        "hoverinfo": "text", "hovertext": said, "textposition": "none", "showlegend": False,
        "marker": {"color": sign.color, "pattern": {"shape": shape, "size": 7}},
    }  # fmt: skip


def _areas(study: Study, policy: str) -> list[Trace]:
    ellipse = study.ellipse
    traces: list[Trace] = []
    for place, sign in enumerate(COUNTRIES.values()):
        alone = ellipse.long_km["nothing"][place]
        shared = ellipse.long_km[policy][place]
        low, high = shared, shared * ellipse.band
        known = np.isfinite(low)
        around = np.concatenate([low[known], high[known][::-1]])
        twice = np.concatenate([ellipse.time_s[known], ellipse.time_s[known][::-1]])
        band = {"fill": "toself", "fillcolor": sign.veil, "line": {"width": 0}}
        traces.append({**_line(twice, around, "y3", f"{sign.name}: band"), **band,
                       "hovertemplate": None, "hoverinfo": "skip"})  # fmt: skip
        traces.append({**_line(ellipse.time_s, shared, "y3", f"{sign.name}"),
                       "line": {"width": 3, "color": sign.color, "dash": sign.dash}})  # fmt: skip
        traces.append({**_line(ellipse.time_s, alone, "y3", f"{sign.name}, alone"),
                       "line": {"width": 1, "color": sign.color, "dash": sign.dash}})  # fmt: skip
    return traces


def _line(time_s: Array, values: Array, axis: str, name: str) -> Trace:
    return {"type": "scatter", "mode": "lines", "name": name, "xaxis": "x", "yaxis": axis,
            "x": (time_s / 60).round(3).tolist(), "y": _numbers(np.asarray(values)),
            "hovertemplate": "%{x:.1f} min: %{y:.3~s} km", "connectgaps": False,
            "showlegend": False}  # fmt: skip


def _numbers(values: Array) -> list[float | None]:
    """Return numbers for JSON, with none where there is none."""
    known = np.isfinite(values)
    found: list[float | None] = np.where(known, np.round(values, 3), 0.0).tolist()
    for place in np.flatnonzero(~known):
        found[place] = None
    return found


def _layout(study: Study, time_s: float, whole: bool) -> dict[str, Any]:
    top = max(200.0, float(study.path.height_km.max()) * 1.6)
    until = span(study, whole)[1] * 60
    sizes, names = _sizes(study, until), warning_labels.names(study, until)
    log = {"type": "log", "fixedrange": True, "tickvals": list(TICKS_KM),
           "ticktext": [f"{tick:,}" for tick in TICKS_KM], "zeroline": False}  # fmt: skip
    small = [0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300]
    return {
        "height": HEIGHT_PX,
        "margin": {"l": 8, "r": 12, "t": 26, "b": 44},
        "hovermode": "closest",
        "barmode": "overlay",
        "legend": record.LEGEND,
        "xaxis": {"range": list(span(study, whole)), "anchor": "y3", "zeroline": False,
                  "title": {"text": "Minutes since launch"}},
        "yaxis": {**log, "domain": list(HEIGHTS), "title": {"text": "Height in km"},
                  "range": [np.log10(warning_labels.LOWEST_KM), float(np.log10(top))]},
        "yaxis2": {"domain": list(RIBBONS), "range": [2.6, -0.6], "tickvals": [0, 1, 2],
                   "ticktext": [sign.name for sign in COUNTRIES.values()], "fixedrange": True,
                   "showgrid": False, "zeroline": False, "automargin": True},
        "yaxis3": {**log, "domain": list(AREAS), "title": {"text": "± km (95 %)"},
                   "tickvals": small, "ticktext": [f"{tick:g}" for tick in small],
                   "range": [float(np.log10(sizes[0])), float(np.log10(sizes[1]))]},
        "shapes": [marker(time_s)],
        "annotations": [*_headings(study), *names],
    }  # fmt: skip


def _sizes(study: Study, until_s: float) -> tuple[float, float]:
    """Return the ends of the axis of areas: what all ways of sharing give in the time shown."""
    ellipse = study.ellipse
    shown = ellipse.time_s <= until_s
    values = np.concatenate([long[:, shown].ravel() for long in ellipse.long_km.values()])
    known = values[np.isfinite(values)]
    if not known.size:
        return 1.0, 300.0
    return max(0.02, float(known.min()) / 2), min(1000.0, max(30.0, float(known.max()) * 2))


def _headings(study: Study) -> list[dict[str, Any]]:
    """Return the words above each panel, and why the last one is empty when it is."""
    texts = [
        (HEIGHTS[1], "<b>Above whose horizon?</b> Radars see what is above their country's line; "
                     "a satellite sees the burning motor."),
        (RIBBONS[1], "<b>Who knows?</b> Full: sees it itself. Striped: knows from others. "
                     "▲ warns its public."),
        (AREAS[1], "<b>Where will it fall?</b> Half the length of the area that holds it in 95 "
                   "of 100 cases. Thin: alone."),
    ]  # fmt: skip
    made = [
        {"text": text, "xref": "paper", "x": 0, "yref": "paper", "y": y, "showarrow": False,
         "xanchor": "left", "yanchor": "bottom", "font": {"size": 13}}
        for y, text in texts
    ]  # fmt: skip
    if study.launch.flags:
        made.append({"text": "No area: this path is no free flight.", "xref": "paper", "x": 0.5,
                     "yref": "paper", "y": sum(AREAS) / 2, "showarrow": False,
                     "font": {"size": 13, "color": GRAY}})  # fmt: skip
    return made


def _row(study: Study, place: int, policy: str) -> tuple[str, ...]:
    country, sign = list(COUNTRIES.items())[place]
    ribbon = study.intervals(country, policy)
    ellipse = study.ellipse
    half = int(np.argmin(np.abs(ellipse.time_s - study.path.flight_time_s / 2)))
    long = float(ellipse.long_km[policy][place, half])
    return (
        sign.name,
        _spans(ribbon.seen),
        _spans(ribbon.shared),
        clock(study.first_known_s[policy][place]),
        clock(study.track_s[policy][place]),
        clock(study.alert_s[policy][place]),
        f"± {kilometers(long)}" if np.isfinite(long) else "none",
    )


def _spans(spans: Spans) -> str:
    return "; ".join(f"{clock(start)} to {clock(end)}" for start, end in spans) or "never"
