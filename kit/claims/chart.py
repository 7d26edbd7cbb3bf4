"""The calibration chart: how sure against how often right, as plotly's JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kit.plots.picture import BLUE, GRAY


@dataclass(frozen=True, slots=True)
class Point:
    """One band of sureness: average sureness, hits, marks, and the interval of the share right.

    Shares and ends run from 0 to 1.
    """

    sure: float
    right: int
    n: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Return the share right."""
        return self.right / self.n


def figure(points: Sequence[Point]) -> dict[str, Any]:
    """Return the chart of some bands beside the diagonal on which sureness equals success."""
    axis = {"range": [-4, 104], "ticksuffix": " %", "dtick": 25, "zeroline": False,
            "fixedrange": True}  # fmt: skip
    marks = {
        "type": "scatter",
        "mode": "markers+text",
        "name": "Your marks, with 95 % intervals",
        "x": [_percent(p.sure) for p in points],
        "y": [_percent(p.share) for p in points],
        "text": [f" n = {p.n}" for p in points],
        "textposition": "middle right",
        "cliponaxis": False,
        "hoverinfo": "text",
        "hovertext": [
            f"{p.n} marks, {_percent(p.sure):.0f} % sure on average, {p.right} right"
            for p in points
        ],
        "marker": {"color": BLUE, "symbol": "diamond", "size": 12},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [_percent(p.high - p.share) for p in points],
            "arrayminus": [_percent(p.share - p.low) for p in points],
            "color": BLUE,
            "thickness": 1.5,
            "width": 6,
        },
    }
    line = {
        "type": "scatter", "mode": "lines", "name": "As right as sure", "x": [0, 100],
        "y": [0, 100], "hoverinfo": "skip", "line": {"color": GRAY, "dash": "dash", "width": 2},
    }  # fmt: skip
    layout = {
        "height": 340,
        "margin": {"l": 8, "r": 48, "t": 40, "b": 8},
        "xaxis": {**axis, "title": {"text": "How sure you were"}},
        "yaxis": {**axis, "title": {"text": "How often right"}},
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
        "hovermode": "closest",
    }
    return {"data": [line, marks], "layout": layout}


def _percent(share: float) -> float:
    return round(100 * share, 1)
