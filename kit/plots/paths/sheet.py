"""The sheet on which the graph is drawn: what it shows, how large, and the forms of its marks."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kit import engine
from kit.plots.paths.graph import (
    AHEAD,
    CLOSED,
    LEFT,
    MESSAGE,
    ODDS,
    OPEN,
    OPTION,
    TAKEN,
    Link,
    link_standing,
)
from kit.plots.paths.places import LEFT_EDGE, RIGHT_EDGE, Box, Layout, Point
from kit.plots.picture import BLUE, GRAY, ORANGE
from kit.scenario import Scenario

WIDTH_PX = 880  # the drawing at size 1; wider pages give the boxes more room
TOP_PX, KEY_ROW_PX, BOTTOM_PX = 28, 20, 4
FONT_PX, BOLD_PX, TAG_PX, CHAR_PX, INDENT_PX = 12, 11.5, 9.5, 6.7, 22
MARK, TAG = 0.05, 0.02  # from the left and from the right edge of a box
DASHES = {OPTION: "solid", ODDS: "dash"}
LINES = {
    OPTION: "Opens an option",
    ODDS: "Shifts odds",
}
STROKE = {"line": {"width": 2}}
SIGNS: dict[str, tuple[str, dict[str, Any]]] = {
    TAKEN: ("Taken", {"symbol": "circle", "color": BLUE, "size": 9}),
    OPEN: ("Still open", {"symbol": "circle-open", "color": BLUE, "size": 7, **STROKE}),
    LEFT: ("Left", {"symbol": "line-ew-open", "color": GRAY, "size": 7, **STROKE}),
    CLOSED: ("Closed", {"symbol": "x-thin-open", "color": GRAY, "size": 7, **STROKE}),
}
POST = {"symbol": "hourglass", "angle": 90, "color": GRAY, "size": 8}
CHOICE = ("Choice", {"symbol": "square", "color": BLUE, "size": 9})
CHANCE = ("Uncertainty", {"symbol": "diamond", "color": ORANGE, "size": 10})
QUIET = 0.72  # text of what is left or closed: still readable, clearly behind the rest


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is drawn: a scenario, in play its state, and how large; heights grow with ``size``.

    ``other`` is where another future stands, to be drawn beside it under ``other_name``.
    """

    scenario: Scenario
    state: engine.State | None
    shown: frozenset[str]
    size: float
    places: Layout
    other: engine.State | None = None
    other_name: str = ""

    @property
    def known(self) -> dict[str, str]:
        """Return what is settled."""
        return self.state.known if self.state else {}

    @property
    def boxes(self) -> list[Box]:
        """Return the boxes of the moves that are shown."""
        moves = self.places.moves
        return [b for b in self.places.boxes.values() if moves[b.column] in self.shown]

    def fits(self, bold: bool = False) -> int:
        """Return how many characters fit into a box beside the mark."""
        pixels = (WIDTH_PX / len(self.places.moves)) * (RIGHT_EDGE - LEFT_EDGE) - INDENT_PX
        return max(6, int(pixels / (CHAR_PX * (1.08 if bold else 1))))

    def px(self, pixels: float) -> float:
        """Return a length at the size wanted."""
        return round(pixels * self.size, 1)


def standing_of(sheet: Sheet, link: Link) -> str:
    """Return how a dependence stands in the play; without a play all is ahead."""
    if sheet.state is None:
        return AHEAD
    return link_standing(sheet.scenario, link, sheet.known)


def seen(sheet: Sheet) -> list[tuple[Link, tuple[Point, ...]]]:
    """Return the lines to draw: all but those of messages, which are too many to be read."""
    moves, boxes = sheet.places.moves, sheet.places.boxes
    return [
        (link, line)
        for link, line in sheet.places.lines
        if link.kind != MESSAGE and moves[boxes[link.target].column] in sheet.shown
    ]


def marks(
    sheet: Sheet,
    spots: Sequence[Point],
    named: Sequence[str],
    told: Sequence[str],
    marker: dict[str, Any],
    font: float = FONT_PX,
) -> dict[str, Any]:
    """Return a trace of marks with words at their right and the full text on hover."""
    spaced = [f"\u2005{name}" for name in named]
    sized = {**marker, "size": sheet.px(marker["size"])}
    return {
        "type": "scatter", "mode": "markers+text", "hoverinfo": "text", "cliponaxis": False,
        "x": xs(spots), "y": ys(sheet, spots), "hovertext": list(told),
        "textposition": "middle right", "textfont": {"size": sheet.px(font)}, "marker": sized,
        "text": spaced,
    }  # fmt: skip


def key(name: str, look: dict[str, Any]) -> dict[str, Any]:
    """Return an entry of the legend that draws nothing."""
    return {"type": "scatter", "x": [None], "y": [None], "hoverinfo": "skip", "name": name,
            **look}  # fmt: skip


def plain(name: str) -> str:
    """Return text without anything that plotly would take for markup."""
    return html.escape(name, quote=False)


def xs(points: Iterable[Any]) -> list[Any]:
    """Return the first coordinates; None breaks a line."""
    return [x if x is None else round(x, 4) for x, _ in points]


def ys(sheet: Sheet, points: Iterable[Any]) -> list[Any]:
    """Return the second coordinates at the size wanted."""
    return [y if y is None else sheet.px(y) for _, y in points]
