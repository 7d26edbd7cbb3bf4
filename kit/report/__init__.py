"""The after-action report: everything a play led to, on one page to print, send and discuss.

``build`` derives it from the log alone; ``to_html`` and ``to_markdown`` write it out, ``to_csv``
and ``to_json_lines`` the events of the play; ``write`` saves any of them. People rate the
objectives and write the improvement plan; the report only leaves room.
"""

from __future__ import annotations

from kit.report.build import build
from kit.report.journal import to_csv, to_json_lines
from kit.report.parts import Report
from kit.report.render import to_html, to_markdown, write

__all__ = [
    "Report",
    "build",
    "to_csv",
    "to_html",
    "to_json_lines",
    "to_markdown",
    "write",
]
