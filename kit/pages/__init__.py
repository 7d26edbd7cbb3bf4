"""Printable pages: templates whose every value is cleaned and escaped in one place.

A page is one HTML file without scripts or anything loaded from elsewhere, or Markdown. Nothing a
learner or an author typed can become structure. ``page.html.j2`` holds the frame that all pages
extend, ``page.css`` their common look.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kit import files, text
from kit.plots.picture import BLUE, GRAY, ORANGE, SKY, VERMILION

if TYPE_CHECKING:
    from jinja2 import Environment

HOME = Path(__file__).parent
COLORS = {"mine": BLUE, "base": GRAY, "own": VERMILION, "sky": SKY, "orange": ORANGE}
# What neither HTML nor UTF-8 can carry, and the marks that turn the reading direction of
# everything after them; right-to-left text is isolated by the templates instead.
_UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]#|~$])")
_MARKER = re.compile(r"^(\d{1,9}(?=[.)](?:\s|$))|(?=[-+=](?:[-+=\s]|$)))")
_ADDRESS = ":/?#[]@!$&'()*+,;=%~"
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class Ready(str):
    """Text that is escaped already; template engines know it by ``__html__``."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return the text itself."""
        return self


@functools.cache
def environment(folder: Path, kind: str = "html") -> Environment:
    """Return the engine for the templates in a folder, or in this one where it has none.

    Parameters
    ----------
    folder
        Where the templates lie.
    kind
        ``html`` or ``markdown``: how values are made safe.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    def read(name: str) -> str:
        own = folder / name
        return files.read_text(own if own.is_file() else HOME / name)

    found = Environment(
        loader=FunctionLoader(read),
        autoescape=True,
        finalize=_clean if kind == "html" else _markdown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "number": text.number,
        "signed": text.signed,
        "percent": percent,
        "plus": plus,
        "moment": moment,
        "address": address,
    }
    found.globals |= {
        "mark": text.EXERCISE_MARK,
        "model": text.MODEL_MARK,
        "bases": text.BASES,
        "channels": text.CHANNELS,
        "modes": text.MODES,
        "ratings": text.RATINGS,
        "colors": COLORS,
    }
    return found


def percent(share: float) -> str:
    """Return a chance (0 to 1) in percent; never 0 or 100 % for what is not certain.

    Examples
    --------
    >>> percent(0.3), percent(0.001), percent(0.9999)
    ('30 %', 'under 1 %', 'over 99 %')
    """
    if 0 < share < 0.005:
        return "under 1 %"
    if 0.995 < share < 1 - 1e-9:
        return "over 99 %"
    return f"{100 * share:.0f} %"


def plus(value: float) -> str:
    """Return a change with its sign and without its unit, for the ends of a range.

    Examples
    --------
    >>> plus(3), plus(-0.04), plus(-2.5)
    ('+3', '0', '−2.5')
    """
    return ("+" if round(value, 1) > 0 else "") + text.number(value)


def moment(at: str) -> str:
    """Return a time of the log as day and time; anything else as it is.

    Examples
    --------
    >>> moment("2023-11-12T09:30:05Z")
    '2023-11-12 09:30 UTC'
    """
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?Z", at)
    return f"{found[1]} {found[2]} UTC" if found else at


def address(url: str) -> str:
    """Return a web address as a Markdown link to itself; anything else as it is.

    Examples
    --------
    >>> address("https://example.org/a_b c"), address("a shelf")
    ('<https://example.org/a_b%20c>', 'a shelf')
    """
    if not url.startswith(("https://", "http://")):
        return url
    return Ready(f"<{quote(url, safe=_ADDRESS)}>")


def _clean(value: Any) -> Any:
    """Return a value as text that UTF-8 and HTML can carry; escaped text passes unchanged."""
    return value if hasattr(value, "__html__") else _UNUSABLE.sub("\ufffd", str(value))


def _markdown(value: Any) -> Any:
    """Return a value as one line of Markdown that reads as it was typed."""
    if hasattr(value, "__html__"):
        return value
    plain = " ".join(_TURNING.sub("", _clean(value)).split())
    safe = _MARKER.sub(r"\1\\", _MARKDOWN.sub(r"\\\1", plain)).translate(_ENTITIES)
    return Ready(f"\u2068{safe}\u2069" if _RIGHT_TO_LEFT.search(safe) else safe)
