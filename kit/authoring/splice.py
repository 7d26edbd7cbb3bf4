"""Put injects into the text of a scenario, and leave every other byte of it alone."""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.authoring import emit
from kit.authoring.source import Source, says
from kit.documents import Document, Key
from kit.errors import Problem, ScenarioError
from kit.scenario.build import when

Raw = Mapping[str, Any]

_KEY = re.compile(r"(?P<head>\s*(?:-\s+)*[\"']?injects[\"']?\s*:)(?P<rest>[^\r\n]*)")
_REMARK = re.compile(r"\s*(#[^\r\n]*)?[\r\n\x85\u2028\u2029]*")


def meaning(raw: Raw) -> tuple[Any, ...]:
    """Return what an inject means: two ways to write one condition or no evidence are alike."""
    parts = [raw.get(key, "") for key in emit.ORDER if key not in ("to", "when", "evidence")]
    terms = frozenset(when(raw.get("when")).terms)
    return (*parts, tuple(raw["to"]), terms, tuple(raw.get("evidence", [])))


def alike(old: Sequence[Raw], new: Sequence[Raw]) -> bool:
    """Return whether two lists of injects are delivered alike, in the same order."""

    def delivered(injects: Sequence[Raw]) -> list[tuple[Any, ...]]:
        return [meaning(raw) for raw in sorted(injects, key=lambda raw: raw["minute"])]

    return delivered(old) == delivered(new)


def _in_order(old: Sequence[Raw], new: Sequence[Raw]) -> Sequence[Raw]:
    """Return new injects in the order of the old ones, as far as delivery stays the same."""
    places = {raw["id"]: float(place) for place, raw in enumerate(old)}
    keys: dict[str, float] = {}
    before = -1.0
    delivered = sorted(new, key=lambda raw: raw["minute"])
    for raw in delivered:
        before = keys[raw["id"]] = places.get(raw["id"], before)  # a new one follows the last
    ordered = sorted(delivered, key=lambda raw: keys[raw["id"]])
    return ordered if alike(ordered, new) else new


def put(source: Source, injects: Sequence[Sequence[Raw]]) -> Source:
    """Return a scenario with these injects, one list for each move.

    A move whose injects mean the same is not touched; in the others, each inject that means the
    same keeps its lines, and the remarks above it.

    Raises
    ------
    ScenarioError
        A move is written so that its injects cannot be told from the rest line by line.
    """
    document = source.document()
    wanted = copy.deepcopy(document.value)
    changed = []
    for place, new in enumerate(injects):
        old = wanted["moves"][place].get("injects", [])
        if alike(old, new):
            continue
        changed.append(place)
        kept = {meaning(raw): raw for raw in old}
        ordered = [
            dict(kept.get(meaning(raw)) or {key: raw[key] for key in emit.ORDER if key in raw})
            for raw in _in_order(old, new)
        ]
        _set(wanted["moves"][place], ordered)
    for place in reversed(changed):  # from below, so that the lines above keep their numbers
        source = _put(source, document, place, wanted["moves"][place]["injects"])
    if not says(source, wanted):
        raise _refusal(document, ("moves",))
    return source


def _set(move: dict[str, Any], injects: list[dict[str, Any]]) -> None:
    """Set the injects of a move; a key that was not there goes before the choices."""
    rest = {}
    if "injects" not in move:
        for key in list(move)[list(move).index("choices") :]:
            rest[key] = move.pop(key)
    move["injects"] = injects
    move.update(rest)


def _refusal(document: Document, path: Key) -> ScenarioError:
    cause = "The injects stand on one line with other things, so that they cannot be replaced."
    remedy = "Write each move over several lines, with `injects:` on a line of its own."
    return ScenarioError([Problem(document.file, cause, remedy, document.line(path))])


def _put(source: Source, document: Document, place: int, new: Sequence[Raw]) -> Source:
    """Return the text with the injects of one move replaced."""
    path: Key = ("moves", place, "injects")
    if path not in document.lines:
        return _insert(source, document, place, new)
    block = _block(source, document, path)
    if block is None:
        raise _refusal(document, path)
    rows = [row for raw in new for row in block.rows_of(raw)] if new else []
    head = [block.head] if new else [f"{block.key} []"]
    return source.with_rows(block.first, block.last, [*head, *(block.above if new else []), *rows])


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines of one ``injects:``, from its key to the last line of its last inject."""

    first: int
    last: int
    key: str
    head: str
    above: Sequence[str]
    dash: int
    known: Mapping[tuple[Any, ...], Sequence[str]]
    remarks: Mapping[str, Sequence[str]]

    def rows_of(self, raw: Raw) -> Sequence[str]:
        """Return the lines of an inject: its own if it was there, else newly written ones."""
        if (known := self.known.get(meaning(raw))) is not None:
            return known
        return [*self.remarks.get(raw["id"], ()), *emit.inject(raw, self.dash)]


def _block(source: Source, document: Document, path: Key) -> _Block | None:
    """Return where the injects of a move stand; None when they share lines with other things."""
    first = document.lines[path]
    inside = [line for key, line in document.lines.items() if key[: len(path)] == path]
    outside = [
        line
        for key, line in document.lines.items()
        if key[: len(path)] != path and key != path[: len(key)]
    ]
    found = _KEY.match(source.rows[first - 1])
    if found is None or any(first <= line <= max(inside) for line in outside):
        return None
    following = min((n for n in outside if n > first), default=len(source.rows) + 1)
    old = document.value["moves"][path[1]]["injects"]
    starts = [document.lines[(*path, i)] for i in range(len(old))]
    column = len(found["head"]) - len(found["head"].lstrip(" -"))
    if not old or _REMARK.fullmatch(found["rest"]) is None or first in starts:
        last = _trimmed(source, first, following, column)
        return _Block(first, last, found["head"], found["head"], [], column + 2, {}, {})
    dash = len(source.rows[starts[0] - 1]) - len(source.rows[starts[0] - 1].lstrip(" "))
    last = _trimmed(source, starts[-1], following, dash)
    tops = [
        starts[0],
        *(_trimmed(source, a, b, dash) for a, b in itertools.pairwise(starts)),
    ]
    above = source.rows[first : tops[0] - 1]
    known, remarks = {}, {}
    for raw, start, top, end in zip(old, starts, tops, [*tops[1:], last], strict=True):
        known[meaning(raw)] = source.rows[top - 1 : end - 1]
        remarks[raw["id"]] = source.rows[top - 1 : start - 1]
    return _Block(first, last, found["head"], source.rows[first - 1], above, dash, known, remarks)


def _trimmed(source: Source, first: int, following: int, dash: int) -> int:
    """Return the line after the last one of a part: blanks and remarks before the next are its."""
    last = following
    while last - 1 > first:
        row = source.rows[last - 2]
        indent = len(row) - len(row.lstrip(" "))
        if _REMARK.fullmatch(row) is None or (row.strip() and indent > dash):
            break
        last -= 1
    return last


def _insert(source: Source, document: Document, place: int, new: Sequence[Raw]) -> Source:
    """Return the text with injects in a move that had none, before its choices."""
    line = document.lines[("moves", place, "choices")]
    row = source.rows[line - 1]
    column = len(row) - len(row.lstrip(" "))
    if not row.lstrip().startswith(("choices", '"choices', "'choices")):
        raise _refusal(document, ("moves", place, "choices"))
    top = _trimmed(source, 1, line, column)
    rows = [r for raw in new for r in emit.inject(raw, column + 2)]
    return source.with_rows(top, top, [" " * column + "injects:", *rows])
