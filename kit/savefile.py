"""The form of a file of the kit's own: JSON with a format, a head, and a log, one event a line."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kit.errors import KitError


@dataclass(frozen=True, slots=True)
class Format:
    """The name and version that a file of the kit's own begins with."""

    name: str
    version: int


def storable(text: str) -> str:
    """Return a text without what no file can hold: control characters, halves of an emoji."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(char for char in whole if char in "\n\t" or unicodedata.category(char) != "Cc")


def log_text(format_: Format, head: Mapping[str, Any], log: Iterable[object]) -> str:
    """Return a file of the kit's own as JSON: its format, a head, and a log, one event a line."""
    named = {"format": format_.name, "format_version": format_.version, **head}
    lines = [f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}," for k, v in named.items()]
    events = [f"    {json.dumps(event, ensure_ascii=False)}" for event in log]
    text = "\n".join(["{", *lines, '  "log": [', ",\n".join(events), "  ]", "}", ""])
    # Half characters and DEL cannot stand in a text file; as JSON escapes they survive.
    return text.replace("\x7f", "\\u007f").encode(errors="backslashreplace").decode()


def parse_log(
    text: str, format_: Format, stranger: str, refuse: Callable[[str], KitError]
) -> dict[str, Any]:
    """Return the keys of a JSON text of the kit's own; what they hold is for the caller to check.

    Parameters
    ----------
    text
        What :func:`log_text` made.
    format_
        The format expected.
    stranger
        Cause to give for a file of another format.
    refuse
        Makes the error to raise from a cause.

    Raises
    ------
    KitError
        As ``refuse`` makes it: not JSON, or of another format or version.
    """
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raise refuse("It is not JSON: truncated or edited?") from None
    if not isinstance(raw, dict) or raw.get("format") != format_.name:
        raise refuse(stranger)
    if raw.get("format_version") != format_.version:
        cause = f"Its format has version {raw.get('format_version')!r}, not {format_.version}."
        raise refuse(cause)
    return raw
