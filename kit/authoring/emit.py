"""Write injects as YAML in the layout of the shipped exercises; reading gives the same values."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

WIDTH = 99
ORDER = (
    "id",
    "minute",
    "from",
    "to",
    "channel",
    "text",
    "when",
    "evidence",
    "objective",
    "expected_action",
    "notes",
)

# Text that every YAML reader takes for text as it stands, on a line of its own or in brackets.
_PLAIN = re.compile(r"[^\W\d_](?:[\w .,;!?'()/%+’–—-]*[\w.,;!?'()/%+’–—-])?")
_INSIDE = re.compile(r"[^\W\d_](?:[\w .;()/%+’–—-]*[\w.;()/%+’–—-])?")
_RESERVED = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_PRINTABLE = re.compile("[\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*")
_LETTERS = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def scalar(value: object, inside: bool = False) -> str:
    """Return a text or number as it can stand on one line, or ``inside`` brackets."""
    if not isinstance(value, str):
        return str(value)
    plain = _INSIDE if inside else _PLAIN
    if plain.fullmatch(value) and value.lower() not in _RESERVED:
        return value
    return f'"{"".join(map(_letter, value))}"'


def _letter(letter: str) -> str:
    if letter in _LETTERS:
        return _LETTERS[letter]
    if _PRINTABLE.fullmatch(letter) or ord(letter) > 0xFFFF:
        return letter
    return f"\\u{ord(letter):04x}"


def lines(key: str, value: Any, indent: int) -> Iterator[str]:
    """Yield the lines of one key and its value; long texts are folded."""
    pad = " " * indent
    if isinstance(value, Mapping):
        inside = ", ".join(f"{scalar(k)}: {_flow(v, True)}" for k, v in value.items())
        yield f"{pad}{key}: {{{inside}}}"
        return
    whole = f"{pad}{key}: {_flow(value)}"
    if not isinstance(value, str) or (len(whole) <= WIDTH and "\n" not in value):
        yield whole
    elif re.fullmatch(r"\S+(?: \S+)+", value) and _PRINTABLE.fullmatch(value):
        yield f"{pad}{key}: >-"
        yield from (f"{pad}  {row}" for row in _folded(value, WIDTH - indent - 2))
    elif _literal(value):
        yield f"{pad}{key}: |-"
        yield from (f"{pad}  {row}" if row else "" for row in value.split("\n"))
    else:
        yield whole


def _flow(value: Any, inside: bool = False) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(scalar(item, True) for item in value)}]"
    return scalar(value, inside)


def _folded(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _literal(text: str) -> bool:
    """Return whether a text of several lines can stand as it is: no space at odd places."""
    rows = text.split("\n")
    edges = rows[0] and rows[-1] and not rows[0].startswith(" ")
    return bool(edges and _PRINTABLE.fullmatch(text) and all(r == r.rstrip() for r in rows))


def tree(value: Mapping[str, Any], indent: int = 0) -> Iterator[str]:
    """Yield the lines of nested values; lists of plain values stand in brackets."""
    for key, part in value.items():
        items = part if isinstance(part, list) and part and isinstance(part[0], dict) else None
        if items is not None:
            yield f"{' ' * indent}{key}:"
            for item in items:
                rows = list(tree(item, indent + 4))
                yield " " * (indent + 2) + "- " + rows[0].lstrip()
                yield from rows[1:]
        elif isinstance(part, dict) and part and key not in ("when", "change", "base_case"):
            yield f"{' ' * indent}{key}:"
            yield from tree(part, indent + 2)
        else:
            yield from lines(key, part, indent)


def inject(raw: Mapping[str, Any], indent: int) -> list[str]:
    """Return the lines of one inject as an item of a list whose dashes stand at ``indent``."""
    found = [row for key in ORDER if key in raw for row in lines(key, raw[key], indent + 2)]
    found[0] = " " * indent + "- " + found[0].lstrip()
    return found
