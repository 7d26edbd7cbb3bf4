"""Probabilities that were said against how often what they were about came true."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from kit import text
from kit.calibration import Bin, Calibration, Forecast, verdict
from kit.plots.picture import BLUE, GRAY, Picture
from kit.scenario import Scenario

HEIGHT_PX = 420
COLUMNS = ("Said", "How many", "Mean of what was said", "Came true", "95 % interval")


def diagram(found: Calibration) -> Picture:
    """Return the reliability diagram: said across, came true upward, both in percent.

    On the diagonal what was said is what came. Marks grow with the number of answers; the upright
    lines are 95 % intervals, were the answers drawn at random from many.
    """
    return Picture(
        title="What was said, and how often it came true",
        figure={"data": [_diagonal(), *([_marks(found)] if found.bins else [])],
                "layout": _layout()},
        summary=verdict(replace(found, ranges=0)),  # ranges are in no mark of this figure
        columns=COLUMNS,
        rows=tuple(_row(one) for one in found.bins),
    )  # fmt: skip


def radius(count: int) -> float:
    """Return how large a mark is, in pixels: its area grows with the number of answers."""
    return min(5 + 2.5 * math.sqrt(count), 16)


def scored(scenario: Scenario, found: Forecast) -> str:
    """Return the score of an answer with its unit, or why it has none."""
    if found.score is None:
        if found.passed:
            return "none: no answer"
        return "none: made in a second future" if found.late else "not known yet"
    if not found.is_range:
        return f"{found.score:.2f}"
    unit = scenario.measures[found.prediction.measure].unit
    return f"{text.number(found.score, unit)} ({'inside' if found.inside else 'missed'})"


def _marks(found: Calibration) -> dict[str, Any]:
    bins = found.bins
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": "Answers, with 95 % interval",
        "x": [round(100 * one.mean, 1) for one in bins],
        "y": [round(100 * one.share, 1) for one in bins],
        "text": [f"{one.came}/{one.count}" for one in bins],
        "textposition": "middle right",
        "marker": {
            "color": BLUE,
            "symbol": "circle",
            "size": [2 * radius(one.count) for one in bins],
            "opacity": 1,
        },
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [round(100 * (one.most - one.share), 1) for one in bins],
            "arrayminus": [round(100 * (one.share - one.least), 1) for one in bins],
            "color": BLUE,
            "thickness": 2,
        },
        "hoverinfo": "text",
        "hovertext": ["<br>".join(_row(one)) for one in bins],
    }


def _diagonal() -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "Said is what came",
        "x": [0, 100],
        "y": [0, 100],
        "line": {"color": GRAY, "width": 2, "dash": "dot"},
        "hoverinfo": "skip",
    }


def _layout() -> dict[str, Any]:
    axis = {"range": [-4, 104], "dtick": 20, "fixedrange": True, "zeroline": False}
    return {
        "height": HEIGHT_PX,
        "margin": {"l": 56, "r": 16, "t": 40, "b": 48},
        "hovermode": "closest",
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
        "xaxis": {**axis, "title": {"text": "Said, in percent"}},
        "yaxis": {**axis, "title": {"text": "Came true, in percent"}},
    }


def _row(one: Bin) -> tuple[str, ...]:
    """Return a bin as a row of the table."""
    ends = (f"{100 * end:.0f}" for end in dict.fromkeys((one.low, one.high)))
    return (
        f"{' to '.join(ends)} %",
        str(one.count),
        f"{100 * one.mean:.0f} %",
        f"{one.came} of {one.count}",
        f"{100 * one.least:.0f} to {100 * one.most:.0f} %",
    )
