"""The reliability diagram as inline SVG, for pages that run no scripts.

Colors come from ``reliability.css``, so that they follow light, dark and print.
"""

from __future__ import annotations

import html

from kit.calibration import Bin, Calibration
from kit.pages import Ready
from kit.plots.calibration import diagram, radius

SIDE, LEFT, TOP = 260, 40, 12  # of the drawing in its own units, and what is kept for the labels
WIDE, TALL = SIDE + LEFT + 40, SIDE + TOP + 44
TICKS = range(0, 101, 20)


def reliability(found: Calibration) -> Ready:
    """Return the diagram of :func:`kit.plots.calibration.diagram` as an SVG element."""
    picture = diagram(found)
    title = html.escape(f"{picture.title}. {picture.summary}")
    corners = f'x1="{_x(0):g}" y1="{_y(0):g}" x2="{_x(1):g}" y2="{_y(1):g}"'
    # No xmlns: inside HTML the parser supplies it.
    return Ready(
        f'<svg class="reliability" role="img" viewBox="0 0 {WIDE} {TALL}"><title>{title}</title>'
        f'{_axes()}<line class="even" {corners}/>{"".join(_mark(one) for one in found.bins)}</svg>'
    )


def _x(share: float) -> float:
    return LEFT + SIDE * share


def _y(share: float) -> float:
    return TOP + SIDE * (1 - share)


def _axes() -> str:
    parts = []
    for tick in TICKS:
        x, y = _x(tick / 100), _y(tick / 100)
        parts.append(
            f'<line class="tick" x1="{x:g}" x2="{x:g}" y1="{TOP}" y2="{TOP + SIDE}"/>'
            f'<line class="tick" x1="{LEFT}" x2="{LEFT + SIDE}" y1="{y:g}" y2="{y:g}"/>'
            f'<text x="{x:g}" y="{TOP + SIDE + 16}" text-anchor="middle">{tick}</text>'
            f'<text x="{LEFT - 6}" y="{y + 4:g}" text-anchor="end">{tick}</text>'
        )
    middle = TOP + SIDE / 2
    return (
        f"{''.join(parts)}"
        f'<text x="{LEFT + SIDE / 2:g}" y="{TALL - 8}" text-anchor="middle">'
        "Said, in percent</text>"
        f'<text transform="rotate(-90 10 {middle:g})" x="10" y="{middle:g}" text-anchor="middle">'
        "Came true, in percent</text>"
    )


def _mark(one: Bin) -> str:
    x, size = _x(one.mean), radius(one.count)
    return (
        f'<g class="said"><line x1="{x:.1f}" x2="{x:.1f}" y1="{_y(one.least):.1f}" '
        f'y2="{_y(one.most):.1f}"/><circle cx="{x:.1f}" cy="{_y(one.share):.1f}" r="{size:.1f}"/>'
        f'<text x="{x + size + 4:.1f}" y="{_y(one.share) + 4:.1f}">{one.came}/{one.count}'
        "</text></g>"
    )
