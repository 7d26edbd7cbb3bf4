"""The after-action report: everything a play led to, on one page to print, send and discuss.

``build`` derives it from the log alone; ``to_html`` and ``to_markdown`` write it out, ``write``
saves it. People rate the objectives and write the improvement plan; the report only leaves room.
"""

from __future__ import annotations

from kit.report.build import build
from kit.report.parts import Report
from kit.report.render import to_html, to_markdown, write

__all__ = ["Report", "build", "to_html", "to_markdown", "write"]
