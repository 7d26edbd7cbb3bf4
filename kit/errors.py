"""Every error the kit raises on purpose, and the form in which it reports problems.

KitError
├── DataError       a table, data package or data file is missing, unreadable or wrong
├── ScenarioError   a scenario file is missing, unreadable or wrong
├── DecisionError   a decision that cannot be taken now
├── ExportError     a copy of the data, or their codebook, that cannot be written
├── StoreError      a saved session that cannot be written, read or continued
└── WarningModelError  a question the warning model cannot answer, with what is possible

A wrong call (a misspelt argument, a wrong type) stays a plain ``TypeError`` or ``ValueError``.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class KitError(Exception):
    """Root of all errors that are meant to be read by a teacher or learner."""

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows instead of a traceback: the message alone."""
        return [str(self)]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in one place of a file: where, what, and how to mend it.

    ``code`` names the kind of problem and stays the same in all versions (``TTX204``); it is
    empty for tables. :mod:`kit.soundness.codes` explains every code.
    """

    file: str
    cause: str
    remedy: str
    line: int | None = None
    column: str | None = None
    code: str = ""

    @property
    def place(self) -> str:
        """Return the place in words, for example ``line 14, column date``."""
        parts = []
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.column is not None:
            parts.append(f"column {self.column}")
        return ", ".join(parts)

    def __str__(self) -> str:
        """Return place, cause, remedy and code in one line."""
        where = f"{self.place}: " if self.place else ""
        code = f" [{self.code}]" if self.code else ""
        return f"{where}{self.cause} {self.remedy}".rstrip() + code


class FileProblems(KitError):
    """An error about one or more files that carries all their problems at once.

    Parameters
    ----------
    problems
        The problems found; at least one.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(describe(self.problems))


class DataError(FileProblems):
    """A table, the data package or a data file is missing, unreadable or wrong."""


class ScenarioError(FileProblems):
    """A scenario file is missing, unreadable or wrong."""


class DecisionError(KitError):
    """A decision that cannot be taken now; the log is unchanged."""


class ExportError(KitError):
    """A copy of the data, or their codebook, that cannot be written; nothing was overwritten."""


class StoreError(KitError):
    """A saved session that cannot be written, read or continued."""


class WarningModelError(KitError):
    """A question that the warning model cannot answer; the message says what is possible."""


def describe(problems: Sequence[Problem]) -> str:
    """Return all problems as text, grouped by file in the order they were found.

    Examples
    --------
    >>> print(describe([Problem("a.csv", "Two rows are called 'x'.", "Rename one.", 3)]))
    a.csv has 1 problem
      line 3: Two rows are called 'x'. Rename one.
    """
    grouped: dict[str, list[Problem]] = {}
    for problem in problems:
        grouped.setdefault(problem.file, []).append(problem)
    lines = []
    for file, found in grouped.items():
        lines.append(f"{file} has {len(found)} problem{'s' if len(found) > 1 else ''}")
        lines.extend(f"  {problem}" for problem in found)
    return "\n".join(lines)


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return a remedy that names the nearest known word, or all of them when none is near.

    Examples
    --------
    >>> suggestion("radr", ["radar", "sonar"])
    "Did you mean 'radar'?"
    >>> suggestion("x", ["radar", "sonar"])
    'Known: radar, sonar.'
    """
    names = list(known)
    near = difflib.get_close_matches(str(word), names, n=1)
    if near:
        return f"Did you mean '{near[0]}'?"
    if not names:
        return "None is defined."
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return f"Known: {shown}."
