"""Read YAML strictly: plain values, the line of every node, and no surprises.

Stricter than YAML: ``yes``, ``no``, dates and codes with leading zeros stay text; duplicate keys,
anchors, aliases, merge keys and tags are errors; nesting is limited to ``MAX_DEPTH``, numbers to
``MAX_DIGITS``, the whole text to ``MAX_CHARS`` and what it holds to ``MAX_TOKENS``, so that no
file can stall the reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

from kit.errors import DataError, FileProblems, Problem, shorten

MAX_DEPTH = 40
MAX_DIGITS = 18
MAX_CHARS = 500_000
MAX_TOKENS = 50_000  # names, values and marks such as `-` and `:`; four times a large exercise
MAX_MESSAGE = 300  # characters; the words of a file that a message repeats may be as long as it

# What YAML forbids in a file but allows as an escape, and the invisible byte-order mark.
ODD = re.compile(yaml.reader.Reader.NON_PRINTABLE.pattern + "|\ufeff")

Key = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML document as plain values, with the line of every node by its path."""

    file: str
    value: Any
    lines: dict[Key, int] = field(repr=False)

    def line(self, path: Key) -> int | None:
        """Return the line of the node at ``path``, or of its nearest known parent."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path)


class _StrictResolver(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML scalars without surprises: only true/false/null and plain numbers are not text."""


_StrictResolver.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", "tf"),
    ("tag:yaml.org,2002:null", r"^(?:null|)$", ["n", ""]),
    ("tag:yaml.org,2002:int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("tag:yaml.org,2002:float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", "-0123456789"),
):
    _StrictResolver.add_implicit_resolver(_tag, re.compile(_pattern), list(_first))


def parse(text: str, file: str, error: type[FileProblems] = DataError) -> Document:
    """Return the one document of a YAML text as plain values.

    Raises
    ------
    FileProblems
        As ``error``, with every duplicate key and forbidden feature of the file at once.
    """
    problems: list[Problem] = []
    lines: dict[Key, int] = {}

    def note(mark: Any, code: str, cause: str, remedy: str) -> None:
        problems.append(_at(file, mark, code, cause, remedy))

    def build(node: Any, path: Key) -> Any:
        lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.ScalarNode):
            if node.tag.endswith((":int", ":float")) and len(node.value) > MAX_DIGITS:
                note(
                    node.start_mark,
                    "TTX008",
                    f"A number has more than {MAX_DIGITS} digits.",
                    "Round it, or put it in quotes if it is text.",
                )
                return 0
            if odd := ODD.search(node.value):
                note(node.start_mark, *_odd(odd[0]))
            return _scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return [build(item, (*path, i)) for i, item in enumerate(node.value)]
        value: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                note(
                    key_node.start_mark,
                    "TTX009",
                    "A key must be plain text.",
                    "Use a single word.",
                )
                continue
            key = key_node.value
            if odd := ODD.search(key):
                note(key_node.start_mark, *_odd(odd[0]))
            if key in value:
                note(
                    key_node.start_mark,
                    "TTX004",
                    f"The key '{shorten(key)}' is there twice.",
                    "Keep one of the two.",
                )
            value[key] = build(value_node, (*path, key))
            lines[(*path, key)] = key_node.start_mark.line + 1
        return value

    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    node = _compose(text, file, error)
    value = build(node, ())
    if problems:
        raise error(problems)
    return Document(file, value, lines)


def _at(file: str, mark: Any, code: str, cause: str, remedy: str) -> Problem:
    return Problem(file, shorten(cause, MAX_MESSAGE), remedy, mark.line + 1, code=code)


def _odd(character: str) -> tuple[str, str, str]:
    """Return code, cause and remedy of a character that cannot be seen or printed."""
    cause = f"There is a character that no text should hold (U+{ord(character):04X})."
    return "TTX001", cause, "Remove it."


def _compose(text: str, file: str, error: type[FileProblems]) -> Any:
    """Return the root node of a YAML text, or raise ``error`` with all that is forbidden in it."""
    if len(text) > MAX_CHARS:
        cause = f"The text is too long: {len(text):,} characters."
        remedy = f"The kit reads at most {MAX_CHARS:,}."
        raise error([Problem(file, cause, remedy, code="TTX001")])
    if odd := ODD.search(text):
        code, cause, remedy = _odd(odd[0])
        line = text.count("\n", 0, odd.start()) + 1
        raise error([Problem(file, cause, remedy, line, code=code)])
    problems: list[Problem] = []
    try:
        _scan(text, lambda mark, *said: problems.append(_at(file, mark, *said)))
        if problems:
            raise error(problems)
        loader = _StrictResolver(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as failed:
        mark = failed.problem_mark or failed.context_mark
        what = shorten(failed.problem or failed.context or "cannot be read", MAX_MESSAGE)
        remedy = "Check the indentation and the colons there; use spaces, never tabs."
        if failed.context == "while scanning a quoted scalar":  # seen only at the end of the file
            mark = failed.context_mark
            remedy = "Close the quote that opens on this line, or remove it."
        end = text.count("\n") + 1  # the parser may stop on the line after the last
        place = None if mark is None else min(mark.line + 1, end)
        raise error([Problem(file, f"Not YAML ({what}).", remedy, place, code="TTX002")]) from None
    if node is None:
        remedy = "Start from a copy of one that works."
        raise error([Problem(file, "The file is empty.", remedy, code="TTX003")])
    return node


def _scan(text: str, note: Callable[[Any, str, str, str], None]) -> None:
    """Report what is forbidden or too much from the token stream, before anything is built."""
    depth = 0
    opening = (
        yaml.BlockMappingStartToken,
        yaml.BlockSequenceStartToken,
        yaml.FlowMappingStartToken,
        yaml.FlowSequenceStartToken,
    )
    closing = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
    for count, token in enumerate(yaml.scan(text, Loader=_StrictResolver), 1):
        if count > MAX_TOKENS:
            cause = f"The file holds too much: more than {MAX_TOKENS:,} names, values and marks."
            note(token.start_mark, "TTX001", cause, "Split it.")
            return
        if isinstance(token, (yaml.AnchorToken, yaml.AliasToken)):
            note(
                token.start_mark,
                "TTX005",
                f"'&' and '*' names ('{shorten(token.value)}') are not allowed.",
                "Write the text out, or put it in quotes if it starts with * or &.",
            )
        elif isinstance(token, yaml.TagToken):
            note(
                token.start_mark,
                "TTX006",
                "Tags ('!…') are not allowed.",
                "Remove it, or put the text in quotes if it starts with !.",
            )
        elif isinstance(token, opening):
            depth += 1
            if depth > MAX_DEPTH:
                cause = f"Nested more than {MAX_DEPTH} levels deep."
                note(token.start_mark, "TTX007", cause, "Flatten it.")
                return
        elif isinstance(token, closing):
            depth -= 1


def _scalar(node: yaml.ScalarNode) -> Any:
    """Return a scalar node as bool, None, int, float or text."""
    kind = node.tag.rsplit(":", 1)[-1]
    if kind == "bool":
        return node.value == "true"
    if kind == "null":
        return None
    if kind in ("int", "float"):
        return int(node.value) if kind == "int" else float(node.value)
    return node.value
