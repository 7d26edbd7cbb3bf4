"""Small band charts as inline SVG: one measure, one line per course of action.

Positions are percentages, so a chart fills any width without its marks or words being stretched.
Each line has its own mark and its own kind of bar; color is never the only sign. Colors come
from the page's style sheet, so that they follow light, dark and print.
"""

from __future__ import annotations

import html
import math

from kit import text
from kit.report.parts import Band, Result

ROW_PX = 30
AXIS_PX = 24
EDGE = 4.0  # percent of the width kept free on both sides, for marks and the ends of numbers
MARKS = {
    "mine": "M0-7 7 0 0 7-7 0Z",  # diamond
    "base": "M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0Z",  # circle
    "own": "M0-7 6.5 5-6.5 5Z",  # triangle
}


def lines(result: Result) -> tuple[tuple[str, str], ...]:
    """Return kind and name of the lines of a measure's chart, from the top."""
    found = (("mine", "Your decisions"), ("base", "Base case"))
    return (*found, ("own", "This play")) if result.own else found


def strip(result: Result) -> str:
    """Return the chart of one measure as an SVG element, all text escaped."""
    bands = [(kind, _band(result, kind)) for kind, _ in lines(result)]
    low, high, step = scale(bands)
    rows = [
        _row(kind, band, low, high, ROW_PX * place + ROW_PX / 2)
        for place, (kind, band) in enumerate(bands)
    ]
    tall = ROW_PX * len(bands)
    title = html.escape(f"{result.label}, {result.unit}. {result.sentence}")
    # No xmlns: inside HTML the parser supplies it.
    return (
        f'<svg class="strip" role="img" width="100%" height="{tall + AXIS_PX}">'
        f"<title>{title}</title>{_axis(low, high, step, tall)}{''.join(rows)}</svg>"
    )


def scale(bands: list[tuple[str, Band]]) -> tuple[float, float, float]:
    """Return the ends of an axis on round numbers around everything drawn, and its step."""
    ends = [e for _, b in bands for e in (b.low, b.high, b.p10, b.p90, b.mean)]
    wide = max(max(ends) - min(ends), 1.0)
    raw = wide / 4
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= raw * (1 - 1e-9))
    low = math.floor(min(ends) / step) * step
    high = math.ceil(max(ends) / step) * step
    return (low, high, step) if high > low else (low - step, high + step, step)


def _band(result: Result, kind: str) -> Band:
    if kind == "own" and result.own:
        value, low, high = result.own
        return Band(value, value, value, low, high)
    return result.mine if kind == "mine" else result.base


def _at(value: float, low: float, high: float) -> str:
    return f"{EDGE + (100 - 2 * EDGE) * (value - low) / (high - low):.2f}%"


def _axis(low: float, high: float, step: float, tall: int) -> str:
    parts = []
    for i in range(round((high - low) / step) + 1):
        value = low + i * step
        x = _at(value, low, high)
        parts.append(
            f'<line class="tick" x1="{x}" x2="{x}" y1="0" y2="{tall}"/>'
            f'<text x="{x}" y="{tall + 17}" text-anchor="middle">{text.number(value)}</text>'
        )
    return "".join(parts)


def _row(kind: str, band: Band, low: float, high: float, y: float) -> str:
    """Return the range of the mean as a thin line, the 10 to 90 % bar, and the mean's mark."""
    left, right = _at(band.low, low, high), _at(band.high, low, high)
    share = (100 - 2 * EDGE) * (band.p90 - band.p10) / (high - low)
    bar = (
        f'<rect x="{_at(band.p10, low, high)}" y="{y - 6:g}" width="{share:.2f}%" height="12"'
        ' rx="2"/>'
        if share > 0
        else ""
    )
    return (
        f'<g class="{kind}">{bar}'
        f'<line x1="{left}" x2="{right}" y1="{y:g}" y2="{y:g}"/>'
        f'<svg x="{_at(band.mean, low, high)}" y="{y:g}" overflow="visible">'
        f'<path d="{MARKS[kind]}"/></svg></g>'
    )
