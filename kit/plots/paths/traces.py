"""Everything on the graph that is a trace: lines, the path taken, titles, options, messages."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

from kit.plots.paths.graph import (
    AHEAD,
    CLOSED,
    LEFT,
    MESSAGE,
    MET,
    OPEN,
    OPTION,
    TAKEN,
    UNMET,
    Link,
    option_standing,
)
from kit.plots.paths.places import Box, Point, post
from kit.plots.paths.sheet import (
    BOLD_PX,
    CHANCE,
    CHOICE,
    DASHES,
    LINES,
    MARK,
    POST,
    QUIET,
    SIGNS,
    TAG,
    TAG_PX,
    Sheet,
    key,
    marks,
    plain,
    seen,
    standing_of,
    xs,
    ys,
)
from kit.plots.paths.words import (
    label,
    links_told,
    messages,
    messages_told,
    option_told,
    question_told,
    sends_told,
    titled,
    whose,
)
from kit.plots.picture import BLUE, GRAY, GREEN, VERMILION
from kit.scenario import Choice


def _look(sheet: Sheet, kind: str, standing: str) -> dict[str, Any]:
    """Return color and width of a line: what was met stands out, what cannot be met recedes."""
    if sheet.state is None:
        color = VERMILION if kind == OPTION else GRAY
        return {"color": color, "width": sheet.px(2.2 if kind == OPTION else 1.4)}
    if standing == MET:
        return {"color": VERMILION, "width": sheet.px(2.4)}
    return {"color": GRAY, "width": sheet.px(1.2)}


def lines(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the lines of dependence, one trace for each kind and standing."""
    groups: dict[tuple[str, str], list[tuple[Point, ...]]] = {}
    for link, line in seen(sheet):
        groups.setdefault((link.kind, standing_of(sheet, link)), []).append(line)
    traces = []
    for standing in (UNMET, AHEAD, MET):
        for kind, dash in DASHES.items():
            if not (found := groups.get((kind, standing))):
                continue
            points = [point for line in found for point in (*line, (None, None))]
            traces.append({
                "type": "scatter", "mode": "lines", "hoverinfo": "skip", "showlegend": False,
                "x": xs(points), "y": ys(sheet, points),
                "opacity": 0.4 if standing == UNMET else 0.9,
                "line": {**_look(sheet, kind, standing), "dash": dash},
            })  # fmt: skip
    kinds = [kind for kind in DASHES if any(link.kind == kind for link, _ in seen(sheet))]
    for kind in kinds:
        look = {**_look(sheet, kind, AHEAD), "dash": DASHES[kind]}
        traces.append(key(LINES[kind], {"mode": "lines", "line": look}))
    if sheet.state is not None and kinds:
        look = _look(sheet, OPTION, MET)
        traces.append(key("Condition met", {"mode": "lines", "line": look}))
    return traces


def path(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the path taken, and beside it the one of another future, if there is one."""
    traces = _path(sheet, sheet.known, 0.02, {"color": BLUE, "width": sheet.px(4)}, "The path")
    if sheet.other is not None:
        look = {"color": GREEN, "width": sheet.px(3), "dash": "dot"}
        traces += _path(sheet, sheet.other.known, 0.05, look, sheet.other_name)
    return traces


def _path(
    sheet: Sheet, known: Mapping[str, str], out: float, line: dict[str, Any], name: str
) -> list[dict[str, Any]]:
    """Return a path: down the left side of each column, ``out`` from it, across to the next."""
    points: list[Any] = []
    last: Point | None = None
    for column, names in sheet.places.order.items():
        if sheet.other is not None and column not in sheet.shown:
            continue  # the other future may have got further than may be shown here
        boxes = [sheet.places.boxes[box] for box in names if box in known]
        if not boxes:
            continue
        stations = [(box.left - out, box.rows[known[box.name]]) for box in boxes]
        if last is not None:
            x, y = stations[0]
            steps = [i / 12 for i in range(13)]
            points += [
                (last[0] + (x - last[0]) * t, last[1] + (y - last[1]) * t * t * (3 - 2 * t))
                for t in steps
            ]
        points += stations
        last = (boxes[-1].right, stations[-1][1])
        for box, (x, y) in zip(boxes, stations, strict=True):
            points += [(None, None), (x, y), (box.left, y)]  # into its bar, not through its text
        points.append((None, None))
    if not points:
        return []
    drawn = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "showlegend": False,
             "x": xs(points), "y": ys(sheet, points), "line": line, "opacity": 0.75}  # fmt: skip
    return [drawn, key(name, {"mode": "lines", "line": line})]


def arrows(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the heads of the lines, which tell their conditions."""
    ends: dict[tuple[Point, bool], list[Link]] = {}
    for link, line in seen(sheet):
        ends.setdefault((line[-1], standing_of(sheet, link) == MET), []).append(link)
    if not ends:
        return []
    colors = [
        VERMILION if met or (not sheet.state and any(x.kind == OPTION for x in found)) else GRAY
        for (_, met), found in ends.items()
    ]
    points = [point for point, _ in ends]
    return [{
        "type": "scatter", "mode": "markers", "showlegend": False, "hoverinfo": "text",
        "x": xs(points), "y": ys(sheet, points),
        "hovertext": [links_told(sheet.scenario, tuple(found)) for found in ends.values()],
        "marker": {"symbol": "triangle-right", "size": sheet.px(8), "color": colors},
    }]  # fmt: skip


def titles(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the titles of the boxes, choices and uncertainties apart, with whose they are."""
    traces = []
    variables = sheet.scenario.variables
    for (name, marker), chosen in ((CHOICE, True), (CHANCE, False)):
        mine = [
            (box, variables[box.name])
            for box in sheet.boxes
            if box.name in variables and isinstance(variables[box.name], Choice) == chosen
        ]
        if not mine:
            continue
        room = sheet.fits(bold=True) - (3 if chosen else 0)
        named = [_title(titled(sheet.scenario, box.name), room) for box, _ in mine]
        told = [question_told(sheet.scenario, box.name) for box, _ in mine]
        spots = [(box.left + MARK, box.title) for box, _ in mine]
        trace = {**marks(sheet, spots, named, told, marker, BOLD_PX), "name": name}
        full = room - 1 if chosen else room
        lengths = [len(titled(sheet.scenario, b.name)) for b, _ in mine]
        small = [BOLD_PX * (0.82 if n > room else 0.88 if n > full else 1) for n in lengths]
        traces.append({**trace, "textfont": {"size": [sheet.px(points) for points in small]}})
        tags = [(box, whose(sheet.scenario, variable)) for box, variable in mine]
        traces.append(_tags(sheet, tags))
    return [*traces, *_posts(sheet), *_senders(sheet)]


def _title(name: str, room: int) -> str:
    """Return the title of a box, on two lines of smaller type where one is too short."""
    lines = [name] if len(name) <= room else textwrap.wrap(
        name, room + 1, max_lines=2, placeholder="…")  # fmt: skip
    return "<br>".join(f"<b>{plain(line)}</b>" for line in lines)


def _posts(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the messages of each move."""
    mine = [(box, move) for move in sheet.shown for box in sheet.boxes if box.name == post(move)]
    if not mine:
        return []
    told = [messages_told(sheet.scenario, move, sheet.state) for _, move in mine]
    tags = [(box, messages(sheet.scenario, move, sheet.state)) for box, move in mine]
    spots = [(box.left + MARK, box.title) for box, _ in mine]
    named = ["Messages"] * len(mine)
    return [{**marks(sheet, spots, named, told, POST), "name": "Messages"}, _tags(sheet, tags)]


def _senders(sheet: Sheet) -> list[dict[str, Any]]:
    """Return a mark on every option that decides about messages: it stands out if one came."""
    boxes = {box.name: box for box in sheet.boxes}
    found: dict[tuple[str, str], list[Link]] = {}
    for link, _ in sheet.places.lines:
        if link.kind == MESSAGE and link.source in boxes and link.target in sheet.shown:
            for value in link.values:
                found.setdefault((link.source, value), []).append(link)
    traces = []
    for came in (False, True):
        at = {
            (name, value): mine
            for (name, value), mine in found.items()
            if came == (sheet.known.get(name) == value and _brought(sheet, value, mine))
        }
        points = [(boxes[name].right - 2 * TAG, boxes[name].rows[value]) for name, value in at]
        told = [sends_told(sheet.scenario, v, tuple(mine)) for (_, v), mine in at.items()]
        look, size = ({**POST, "color": VERMILION}, 9) if came else (POST, 7)
        traces.append({
            "type": "scatter", "mode": "markers", "hoverinfo": "text", "showlegend": False,
            "x": xs(points), "y": ys(sheet, points), "hovertext": told,
            "marker": {**look, "size": sheet.px(size)},
        })  # fmt: skip
    return [trace for trace in traces if trace["x"]]


def _brought(sheet: Sheet, value: str, found: Iterable[Link]) -> bool:
    """Return whether a taken option has brought a message."""
    return any(
        when.holds(sheet.known) and value in dict(when.terms)[link.source]
        for link in found
        for when in link.whens
    )


def _tags(sheet: Sheet, tags: Iterable[tuple[Box, str]]) -> dict[str, Any]:
    """Return small words at the right end of titles."""
    found = [(box, tag) for box, tag in tags if tag]
    points = [(box.right - TAG / 2, box.title) for box, _ in found]
    return {
        "type": "scatter", "mode": "text", "hoverinfo": "skip", "showlegend": False,
        "x": xs(points), "y": ys(sheet, points), "opacity": QUIET, "cliponaxis": False,
        "text": [plain(tag) for _, tag in found], "textposition": "middle left",
        "textfont": {"size": sheet.px(TAG_PX)},
    }  # fmt: skip


def options(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the options, one trace for each standing."""
    groups: dict[str, list[tuple[Box, str]]] = {}
    for box in sheet.boxes:
        for value in box.rows:
            variable = sheet.scenario.variables[box.name]
            standing = option_standing(variable, value, sheet.known)
            groups.setdefault(OPEN if sheet.state is None else standing, []).append((box, value))
    traces = []
    for standing, (name, marker) in SIGNS.items():
        if not (mine := groups.get(standing)):
            continue
        spots = [(box.left + MARK, box.rows[value]) for box, value in mine]
        variables = sheet.scenario.variables
        known = None if sheet.state is None else sheet.known
        told = [option_told(sheet.scenario, variables[b.name], v, known) for b, v in mine]
        quiet = standing in (LEFT, CLOSED)
        traces.append({
            **marks(sheet, spots, [_option(sheet, v, standing) for _, v in mine], told, marker),
            "name": "Option" if sheet.state is None else name,
            "customdata": [box.name for box, _ in mine],
            "opacity": QUIET if quiet else 1,
        })  # fmt: skip
    return traces


def _option(sheet: Sheet, value: str, standing: str) -> str:
    short = plain(label(value, sheet.fits()))
    return {TAKEN: f"<b>{short}</b>", CLOSED: f"<i>{short}</i>"}.get(standing, short)


DRAWN = (lines, path, arrows, titles, options)
