"""The ground of the graph: heads of the columns, outlines, bars behind what was taken."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

from kit import engine
from kit.plots.paths.places import LEFT_EDGE, ROW
from kit.plots.paths.sheet import BOTTOM_PX, KEY_ROW_PX, TOP_PX, Sheet, plain
from kit.plots.paths.words import move_title
from kit.plots.picture import BLUE, GRAY
from kit.scenario import END, Choice


def layout(sheet: Sheet) -> dict[str, Any]:
    """Return the layout of the figure, everything in it that is no trace included."""
    hidden = {"showticklabels": False, "showgrid": False, "zeroline": False, "fixedrange": True}
    height = sheet.px(sheet.places.height)
    top = round(sheet.px(TOP_PX + (0 if sheet.state is None else KEY_ROW_PX)))
    return {
        "height": round(height) + top + BOTTOM_PX,
        "margin": {"l": 4, "r": 4, "t": top, "b": BOTTOM_PX},
        "hovermode": "closest",
        "legend": {
            "orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "itemclick": False,
            "itemdoubleclick": False, "font": {"size": sheet.px(12)}, "traceorder": "normal",
        },
        "xaxis": {**hidden, "range": [0, len(sheet.places.moves)]},
        "yaxis": {**hidden, "range": [height, 0]},
        "shapes": [*_bands(sheet), *_frames(sheet), *_pills(sheet)],
        "annotations": list(_heads(sheet)),
    }  # fmt: skip


def _frames(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the outlines: solid for choices and messages, dashed for what chance settles."""
    shapes = []
    for box in sheet.boxes:
        variable = sheet.scenario.variables.get(box.name)
        chance = variable is not None and not isinstance(variable, Choice)
        line = {"width": 1, "dash": "dash" if chance else "solid"}
        shapes.append(_rect(sheet, (box.left, box.right), (box.top, box.bottom), line=line))
    return shapes


def _pills(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the bars behind what was taken."""
    half = ROW / 2
    return [
        _rect(sheet, (box.left, box.right), (y - half, y + half), fillcolor=BLUE, opacity=0.22)
        for box in sheet.boxes
        if box.name in sheet.known
        for y in [box.rows[sheet.known[box.name]]]
    ]


def _bands(sheet: Sheet) -> list[dict[str, Any]]:
    """Return a quiet ground behind the move in play."""
    if sheet.state is None:
        return []
    move = engine.current_move(sheet.scenario, sheet.state)
    column = sheet.places.moves.index(move.id) if move else None
    if column is None:
        return []
    ends = (column + 0.02, column + 0.995)
    return [_rect(sheet, ends, (0, sheet.places.height), fillcolor=GRAY, opacity=0.1)]


def _rect(
    sheet: Sheet, across: tuple[float, float], down: tuple[float, float], **look: Any
) -> dict[str, Any]:
    return {
        "type": "rect", "layer": "below", "line": {"width": 0},
        "x0": round(across[0], 4), "x1": round(across[1], 4),
        "y0": sheet.px(down[0]), "y1": sheet.px(down[1]), **look,
    }  # fmt: skip


def _heads(sheet: Sheet) -> Iterable[dict[str, Any]]:
    """Yield the heads of the columns."""
    room = int(sheet.fits() * 1.25)
    for column, move in enumerate(sheet.places.moves):
        title = move_title(sheet.scenario, move)
        lines = textwrap.wrap(title, room, max_lines=3, placeholder="…")
        if move not in sheet.shown:
            lines = ["…"]
        first = _progress(sheet, column, move)
        body = [first, *(f"<b>{plain(line)}</b>" for line in lines)]
        yield {
            "x": column + LEFT_EDGE, "y": sheet.px(4), "xanchor": "left", "yanchor": "top",
            "align": "left", "showarrow": False, "text": "<br>".join(body),
            "font": {"size": sheet.px(13)},
        }  # fmt: skip


def _progress(sheet: Sheet, column: int, move: str) -> str:
    """Return the number of a move, in play with how it stands."""
    name = "End" if move == END else f"Move {column + 1}"
    if sheet.state is None:
        day = "" if move == END else f" · {sheet.scenario.moves[move].day}"
        return f"{name}{day}"
    current = engine.current_move(sheet.scenario, sheet.state)
    if engine.pending(sheet.scenario, sheet.state) is None:
        return f"{name} · done"
    place = len(sheet.scenario.moves) if current is None else list(sheet.scenario.moves).index(
        current.id)  # fmt: skip
    now = "now" if column == place else "done" if column < place else "ahead"
    return f"▸ {name} · now" if now == "now" else f"{name} · {now}"
