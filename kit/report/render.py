"""Write a report out: one HTML file that opens offline, or Markdown.

The templates beside this module hold all wording and layout.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kit import files, pages
from kit.calibration import verdict
from kit.pages.reliability import reliability
from kit.report.journal import to_csv, to_json_lines
from kit.report.parts import Report
from kit.report.strips import MARKS, lines, strip

KINDS = {
    "start": "Start",
    "decide": "Decision",
    "draw": "By its odds",
    "withdraw": "Withdrawal",
    "note": "Observation",
    "predict": "Prediction",
    "rate": "Rating",
    "plan": "Improvement plan",
}


def to_html(report: Report) -> str:
    """Return the report as one HTML page without scripts or anything loaded from elsewhere."""
    return _page("html", "report.html.j2", report) + "\n"


def to_markdown(report: Report) -> str:
    """Return the report as Markdown with tables, to be rated and completed in any editor."""
    page = _page("markdown", "report.md.j2", report)
    return re.sub(r"\n{3,}", "\n\n", page).strip() + "\n"


KINDS_OF_FILE: dict[str, Callable[[Report], str]] = {
    ".html": to_html,
    ".htm": to_html,
    ".md": to_markdown,
    ".csv": to_csv,
    ".jsonl": to_json_lines,
}


def write(report: Report, path: str | Path) -> Path:
    """Save the report and return its path; the end of the name says in which form.

    ``.html`` and ``.md`` hold the whole report, ``.csv`` and ``.jsonl`` the events of the play.

    Raises
    ------
    ValueError
        The path ends in none of them.
    OSError
        The folder cannot be created or written.
    """
    target = Path(path)
    form = KINDS_OF_FILE.get(target.suffix.lower())
    if form is None:
        raise ValueError(
            f"A report is saved as .html or .md, its events as .csv or .jsonl, not as "
            f"'{target.name}'."
        )
    files.write_atomic(target, form(report))
    return target


def _page(kind: str, template: str, report: Report) -> str:
    own: dict[str, Any] = {
        "strip": lambda result: pages.Ready(strip(result)),
        "lines": lines,
        "marks": MARKS,
        "kinds": KINDS,
        "verdict": verdict,
        "reliability": reliability,
    }
    page = pages.environment(Path(__file__).parent, kind).get_template(template, globals=own)
    return page.render(report=report)
