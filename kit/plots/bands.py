"""Outcome bands: one row per measure, in its own unit, beside the base case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from kit import text
from kit.outcomes import Outcome
from kit.plots.picture import BLUE, GRAY, GREEN, VERMILION, Picture
from kit.scenario import Measure, Scenario

TOP_PX, BOTTOM_PX = 44, 8
HEAD_PX, FEET_PX = 26, 30  # above a row: its heading; below: its axis labels
LINE_PX, ROW_PX = 20, HEAD_PX + FEET_PX
STYLES = ((BLUE, "diamond", "solid"), (VERMILION, "square", "dash"), (GREEN, "x", "dashdot"))
BASE_STYLE = (GRAY, "circle", "dot")

Results = Mapping[str, Outcome]


def bands(
    scenario: Scenario,
    now: Results,
    base: Results,
    label: str = "Your line",
    others: Mapping[str, Results] = MappingProxyType({}),
) -> Picture:
    """Return the band chart of every measure for courses of action and the base case.

    Thick bars run from the 10th to the 90th percentile over chance, marks show the mean, thin
    lines how far the mean moves when every assumption may take any value in its range.

    Parameters
    ----------
    scenario
        The exercise.
    now, base
        Outcomes of the learner's line and of the base case.
    label
        Name of the learner's line.
    others
        Further lines by name, drawn between the two.
    """
    lines = {label: now, **others, "Base case": base}
    pixels = ROW_PX + LINE_PX * len(lines)
    data: list[dict[str, Any]] = []
    layout: dict[str, Any] = {
        "height": TOP_PX + BOTTOM_PX + pixels * len(scenario.measures),
        "margin": {"l": 8, "r": 16, "t": TOP_PX, "b": BOTTOM_PX},
        "showlegend": True,
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": 1,
            "yanchor": "bottom",
            "yref": "paper",
            "traceorder": "reversed",
        },
        "annotations": [],
        "hovermode": "closest",
    }
    for row, measure in enumerate(scenario.measures.values()):
        axis = "" if row == 0 else str(row + 1)
        shown = {name: results[measure.id] for name, results in lines.items()}
        for level, (name, outcome) in enumerate(reversed(shown.items())):
            style = STYLES[len(shown) - 1 - level] if level else BASE_STYLE
            data += _traces(measure, outcome, axis, (name, style, level), row == 0)
        _axes(layout, axis, 1 - row / len(scenario.measures), pixels, len(lines), shown.values())
        layout["annotations"].append(_heading(measure, axis))
    return Picture(
        title="Outcomes against the base case",
        figure={"data": data, "layout": layout},
        summary=summary(scenario, now, base),
        columns=("Measure", "Line", "Mean", "10 to 90 %", "If assumptions differ", "Better"),
        rows=tuple(_rows(scenario, lines)),
    )


def summary(
    scenario: Scenario, now: Results, base: Results, against: str = "the base case"
) -> str:
    """Return what the bands show in one sentence: the largest moves, best and worst direction."""
    moved = []
    for measure in scenario.measures.values():
        gap = now[measure.id].mean - base[measure.id].mean
        scale = max(abs(base[measure.id].high - base[measure.id].low), now[measure.id].sd, 1.0)
        if round(gap, 1) != 0:
            good = (gap > 0) == (measure.better == "high")
            words = f"{measure.label} ({text.signed(gap, measure.unit)})"
            moved.append((abs(gap) / scale, good, words))
    if not moved:
        return f"So far every measure is expected to end where {against} ends."
    moved.sort(reverse=True)
    better = [words for _, good, words in moved if good][:2]
    worse = [words for _, good, words in moved if not good][:2]
    parts = [
        f"{name} in {' and '.join(found)}"
        for name, found in (("better", better), ("worse", worse))
        if found
    ]
    return f"On average, against {against}: {'; '.join(parts)}."


def _axes(
    layout: dict[str, Any],
    axis: str,
    top: float,
    pixels: int,
    lines: int,
    outcomes: Iterable[Outcome],
) -> None:
    """Add the two axes of one measure's row; heights in shares of the drawing."""
    row = pixels / (layout["height"] - TOP_PX - BOTTOM_PX)
    head, feet = HEAD_PX / pixels * row, FEET_PX / pixels * row
    low, high = _range(*outcomes)
    quiet = {"zeroline": False, "fixedrange": True}
    layout[f"xaxis{axis}"] = {
        **quiet, "domain": [0.0, 1.0], "anchor": f"y{axis}", "range": [low, high], "nticks": 6,
    }  # fmt: skip
    layout[f"yaxis{axis}"] = {
        **quiet, "domain": [top - row + feet, top - head], "anchor": f"x{axis}",
        "range": [-0.6, lines - 0.4], "showticklabels": False, "showgrid": False,
    }  # fmt: skip


def _traces(
    measure: Measure,
    outcome: Outcome,
    axis: str,
    line: tuple[str, tuple[str, str, str], int],
    first: bool,
) -> list[dict[str, Any]]:
    """Return band, range of the mean, and mean of one line (name, style, height) of a measure."""
    label, (color, symbol, dash), level = line
    common = {
        "type": "scatter",
        "xaxis": f"x{axis}",
        "yaxis": f"y{axis}",
        "legendgroup": label,
        "name": label,
        "hoverinfo": "text",
    }
    told = (
        f"{label}<br>{measure.label}<br>mean {text.number(outcome.mean, measure.unit)}"
        f"<br>10 to 90 %: {text.number(outcome.p10)} to {text.number(outcome.p90)}"
        f"<br>if assumptions differ: {text.number(outcome.low)} to {text.number(outcome.high)}"
    )
    return [
        {
            **common,
            "mode": "lines",
            "x": [outcome.low, outcome.high],
            "y": [level, level],
            "line": {"color": color, "width": 2, "dash": dash},
            "showlegend": False,
            "hovertext": told,
        },
        {
            **common,
            "mode": "lines",
            "x": [outcome.p10, outcome.p90],
            "y": [level, level],
            "line": {"color": color, "width": 11},
            "opacity": 0.45,
            "showlegend": False,
            "hovertext": told,
        },
        {
            **common,
            "mode": "markers",
            "x": [outcome.mean],
            "y": [level],
            "showlegend": first,
            "marker": {"color": color, "size": 11, "symbol": symbol},
            "hovertext": told,
        },
    ]


def _heading(measure: Measure, axis: str) -> dict[str, Any]:
    wish = "higher is better" if measure.better == "high" else "lower is better"
    return {
        "text": f"<b>{measure.label}</b> ({measure.unit}; {wish})",
        "xref": "paper", "yref": f"y{axis} domain", "x": 0, "y": 1, "yshift": 2,
        "xanchor": "left", "yanchor": "bottom", "showarrow": False, "font": {"size": 13},
    }  # fmt: skip


def _range(*outcomes: Outcome) -> tuple[float, float]:
    """Return the ends of an axis with some air around everything drawn on it."""
    ends = [e for o in outcomes for e in (o.low, o.high, o.p10, o.p90, o.mean)]
    low, high = min(ends), max(ends)
    air = max((high - low) * 0.08, 1.0)
    return low - air, high + air


def _rows(scenario: Scenario, lines: Mapping[str, Results]) -> list[tuple[str, ...]]:
    return [
        (
            f"{measure.label} ({measure.unit})",
            name,
            text.number(results[measure.id].mean),
            f"{text.number(results[measure.id].p10)} to {text.number(results[measure.id].p90)}",
            f"{text.number(results[measure.id].low)} to {text.number(results[measure.id].high)}",
            "higher" if measure.better == "high" else "lower",
        )
        for measure in scenario.measures.values()
        for name, results in lines.items()
    ]
