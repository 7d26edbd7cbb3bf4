"""Write a report out: one HTML file that opens offline, or Markdown.

The templates beside this module hold all wording and layout. Whatever they print is cleaned and
escaped here, in one place, so that nothing a learner or an author typed can become structure.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kit import files, text
from kit.plots.picture import BLUE, GRAY, ORANGE, SKY, VERMILION
from kit.report.parts import Report
from kit.report.strips import MARKS, lines, strip

if TYPE_CHECKING:
    from jinja2 import Environment

KINDS = {
    "start": "Start",
    "decide": "Decision",
    "draw": "By its odds",
    "withdraw": "Withdrawal",
    "note": "Observation",
}
# What neither HTML nor UTF-8 can carry, and the marks that turn the reading direction of
# everything after them; right-to-left text is isolated by the templates instead.
_UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]#|~$])")
_MARKER = re.compile(r"^(\d{1,9}(?=[.)](?:\s|$))|(?=[-+=](?:[-+=\s]|$)))")
_ADDRESS = ":/?#[]@!$&'()*+,;=%~"
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class _Ready(str):
    """Text that is escaped already; template engines know it by ``__html__``."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def to_html(report: Report) -> str:
    """Return the report as one HTML page without scripts or anything loaded from elsewhere."""
    page = _environment("html").get_template("report.html.j2")
    return page.render(report=report) + "\n"


def to_markdown(report: Report) -> str:
    """Return the report as Markdown with tables, to be rated and completed in any editor."""
    page = _environment("markdown").get_template("report.md.j2").render(report=report)
    return re.sub(r"\n{3,}", "\n\n", page).strip() + "\n"


def write(report: Report, path: str | Path) -> Path:
    """Save the report and return its path: Markdown when it ends in ``.md``, else HTML.

    Raises
    ------
    ValueError
        The path ends in neither ``.html``, ``.htm`` nor ``.md``.
    OSError
        The folder cannot be created or written.
    """
    target = Path(path)
    kinds = {".html": to_html, ".htm": to_html, ".md": to_markdown}
    if target.suffix.lower() not in kinds:
        raise ValueError(f"A report is saved as .html or .md, not as '{target.name}'.")
    files.write_atomic(target, kinds[target.suffix.lower()](report))
    return target


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
    return _Ready(f"<{quote(url, safe=_ADDRESS)}>")


@functools.cache
def _environment(kind: str) -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    folder = Path(__file__).parent
    found = Environment(
        loader=FunctionLoader(lambda name: files.read_text(folder / name)),
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
        "strip": lambda result: _Ready(strip(result)),
        "lines": lines,
        "marks": MARKS,
        "mark": text.EXERCISE_MARK,
        "model": text.MODEL_MARK,
        "bases": text.BASES,
        "kinds": KINDS,
        "colors": {"mine": BLUE, "base": GRAY, "own": VERMILION, "sky": SKY, "orange": ORANGE},
    }
    return found


def _clean(value: Any) -> Any:
    """Return a value as text that UTF-8 and HTML can carry; escaped text passes unchanged."""
    return value if hasattr(value, "__html__") else _UNUSABLE.sub("\ufffd", str(value))


def _markdown(value: Any) -> Any:
    """Return a value as one line of Markdown that reads as it was typed."""
    if hasattr(value, "__html__"):
        return value
    plain = " ".join(_TURNING.sub("", _clean(value)).split())
    safe = _MARKER.sub(r"\1\\", _MARKDOWN.sub(r"\\\1", plain)).translate(_ENTITIES)
    return _Ready(f"\u2068{safe}\u2069" if _RIGHT_TO_LEFT.search(safe) else safe)
