"""Where everything of the scenario graph stands: columns, boxes, and lines that go around boxes.

Horizontally one column is one unit, so that the graph fills any width; vertically one unit is one
pixel, downward. The same scenario always gets the same places.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kit.plots.paths.graph import MESSAGE, OPTION, Link, columns, links
from kit.scenario import END, Choice, Scenario

LEFT_EDGE, RIGHT_EDGE = 0.145, 0.955  # the box within its column; what is left over is for lines
HEAD, TITLE, ROW, FOOT, GAP, MOST = 80, 26, 16, 4, 14, 34
LANE, STEPS = 3.5, 9

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """The box of a variable, or of a move's messages: its column, its top and its rows.

    ``rows`` gives the middle of each value's row.
    """

    name: str
    column: int
    top: float
    bottom: float
    rows: Mapping[str, float]

    @property
    def title(self) -> float:
        """Return the height of the title."""
        return self.top + TITLE / 2 + 1

    @property
    def left(self) -> float:
        """Return the left edge."""
        return self.column + LEFT_EDGE

    @property
    def right(self) -> float:
        """Return the right edge."""
        return self.column + RIGHT_EDGE


@dataclass(frozen=True, slots=True)
class Layout:
    """All places: boxes by the name of their variable or by :func:`post`, and the lines."""

    moves: tuple[str, ...]
    order: Mapping[str, tuple[str, ...]]
    boxes: Mapping[str, Box]
    lines: tuple[tuple[Link, tuple[Point, ...]], ...]
    height: float


@functools.lru_cache(maxsize=32)
def layout(scenario: Scenario) -> Layout:
    """Return the places of a scenario's graph."""
    order = ordered(scenario)
    moves = tuple(order)
    heights = {move: _heights(scenario, move, order[move]) for move in moves}
    full = max(sum(h.values()) + GAP * (len(h) - 1) for h in heights.values())
    boxes: dict[str, Box] = {}
    for column, move in enumerate(moves):
        found = heights[move]
        spare = full - sum(found.values())
        gap = min(MOST, spare / max(1, len(found) - 1))
        y: float = HEAD
        for name, height in found.items():
            boxes[name] = _box(scenario, name, column, y, height)
            y += height + gap
    height = HEAD + full + GAP
    routes = _Routes(boxes, height)
    lines = tuple((link, routes.line(link)) for link in links(scenario))
    return Layout(moves, order, boxes, lines, height)


def post(move: str) -> str:
    """Return the name of the box of a move's messages; a variable may be called like a move."""
    return f"{move}/messages"


def ordered(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Return the variables of each move in the order in which they are drawn, top first.

    Uncertainties stand above the choices that follow them, and every variable below those of its
    own column that it looks at. Neighbors change places as long as that saves crossings.
    """
    order = {move: _uncertain_first(scenario, names) for move, names in columns(scenario).items()}
    edges = [(x.source, x.target) for x in links(scenario) if x.kind != MESSAGE]
    fewest, better = _crossings(edges, _places(order)), True
    while better:
        better = False
        for move, place in [(m, i) for m, names in order.items() for i in range(len(names) - 1)]:
            names = list(order[move])
            if not _may_swap(scenario, names[place], names[place + 1]):
                continue
            names[place : place + 2] = names[place + 1], names[place]
            tried = {**order, move: tuple(names)}
            if (found := _crossings(edges, _places(tried))) < fewest:
                order, fewest, better = tried, found, True
    return order


def crossings(scenario: Scenario, order: Mapping[str, tuple[str, ...]]) -> int:
    """Return how often lines between columns cross when drawn straight."""
    edges = [(x.source, x.target) for x in links(scenario) if x.kind != MESSAGE]
    return _crossings(edges, _places(order))


def _places(order: Mapping[str, tuple[str, ...]]) -> dict[str, Point]:
    return {
        name: (float(column), place / max(1, len(names) - 1) if len(names) > 1 else 0.5)
        for column, names in enumerate(order.values())
        for place, name in enumerate(names)
    }


def _uncertain_first(scenario: Scenario, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: isinstance(scenario.variables[name], Choice)))


def _may_swap(scenario: Scenario, upper: str, lower: str) -> bool:
    """Return whether a variable may stand above its upper neighbor."""
    one, other = scenario.variables[upper], scenario.variables[lower]
    return isinstance(one, Choice) == isinstance(other, Choice) and upper not in other.parents


def _crossings(edges: Sequence[tuple[str, str]], places: Mapping[str, Point]) -> int:
    """Count crossings of straight lines by their order at both ends of what they share."""
    ends = [(places[a], places[b]) for a, b in edges if places[a][0] < places[b][0]]
    total = 0
    for i, (a, b) in enumerate(ends):
        for c, d in ends[:i]:
            start, stop = max(a[0], c[0]), min(b[0], d[0])
            if start >= stop:
                continue
            before = _at(a, b, start) - _at(c, d, start)
            after = _at(a, b, stop) - _at(c, d, stop)
            total += before * after < 0
    return total


def _at(a: Point, b: Point, x: float) -> float:
    return a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0])


def _heights(scenario: Scenario, move: str, names: tuple[str, ...]) -> dict[str, float]:
    """Return the height of each box of a column, that of the messages first."""
    found: dict[str, float] = {}
    if move != END and scenario.moves[move].injects:
        found[post(move)] = TITLE + 2
    for name in names:
        found[name] = TITLE + ROW * len(scenario.variables[name].domain) + FOOT
    return found


def _box(scenario: Scenario, name: str, column: int, top: float, height: float) -> Box:
    values = scenario.variables[name].domain if name in scenario.variables else ()
    rows = {value: top + TITLE + ROW * (place + 0.5) for place, value in enumerate(values)}
    return Box(name, column, top, top + height, rows)


@dataclass(slots=True)
class _Routes:
    """Lines from box to box that pass the columns between them through the gaps."""

    boxes: Mapping[str, Box]
    height: float
    used: dict[tuple[int, int], list[str]] = field(default_factory=dict)

    def line(self, link: Link) -> tuple[Point, ...]:
        """Return the points of one line, from its source to what depends on it."""
        source = self.boxes[link.source]
        target = self.boxes[post(link.target) if link.kind == MESSAGE else link.target]
        values = link.values
        start = source.rows[next(iter(values))] if len(values) == 1 else source.title
        stop = target.title
        if link.kind == OPTION and len(link.options) == 1:
            stop = target.rows[link.options[0]]
        if source.column == target.column:
            return _arc(source.left, start, stop)
        points: list[Point] = [(source.right, start)]
        for column in range(source.column + 1, target.column):
            share = (column - source.column) / (target.column - source.column)
            y = self._gap(column, start + (stop - start) * share, link.source)
            points += [(column + LEFT_EDGE, y), (column + RIGHT_EDGE, y)]
        points.append((target.left, stop))
        return _smooth(points)

    def _gap(self, column: int, y: float, source: str) -> float:
        """Return where a line passes a column: in the nearest gap, beside lines already there."""
        here = sorted((b.top, b.bottom) for b in self.boxes.values() if b.column == column)
        tops = [here[0][0] - GAP, *(bottom for _, bottom in here)]
        bottoms = [*(top for top, _ in here), self.height]
        middles = [(a + min(b, a + 2 * GAP)) / 2 for a, b in zip(tops, bottoms, strict=True)]
        place = min(range(len(middles)), key=lambda i: abs(middles[i] - y))
        lanes = self.used.setdefault((column, place), [])
        if source not in lanes:
            lanes.append(source)
        number = lanes.index(source)
        offset = (number + 1) // 2 * (1 if number % 2 else -1)
        return middles[place] + LANE * max(-2, min(2, offset))


def _arc(left: float, start: float, stop: float) -> tuple[Point, ...]:
    """Return a bow on the left of a column, wider the farther it goes."""
    bow = min(0.11, 0.04 + abs(stop - start) / 4000)
    points = []
    for i in range(STEPS + 1):
        t = i / STEPS
        points.append((left - bow * (1 - (2 * t - 1) ** 4), start + (stop - start) * t))
    return tuple(points)


def _smooth(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return points of a line that leaves and enters every point level."""
    found: list[Point] = []
    for (x0, y0), (x1, y1) in pairwise(points):
        if y0 == y1:
            found += [(x0, y0), (x1, y1)]
            continue
        for i in range(STEPS + 1):
            t = i / STEPS
            found.append((x0 + (x1 - x0) * t, y0 + (y1 - y0) * t * t * (3 - 2 * t)))
    return tuple(found)
