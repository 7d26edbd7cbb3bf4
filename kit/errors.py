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

MAX_SHOWN = 40  # problems in one message; nobody mends more than that before trying again
MAX_CANDIDATES = 500  # names among which a near one is looked for
MAX_COMPARED = 20  # those of them that are compared letter by letter
NEAR = 0.6  # share of letters in common from which two names count as near


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
    """Return problems as text, grouped by file in the order found; at most ``MAX_SHOWN`` in full.

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
    room = MAX_SHOWN
    for file, found in grouped.items():
        lines.append(f"{file} has {len(found):,} problem{'s' if len(found) > 1 else ''}")
        lines.extend(f"  {problem}" for problem in found[:room])
        if len(found) > room:
            lines.append(f"  … and {len(found) - room:,} more")
        room -= min(room, len(found))
    return "\n".join(lines)


def shorten(text: str, limit: int = 60) -> str:
    r"""Return words of a file as one line of at most ``limit`` characters.

    Examples
    --------
    >>> shorten("a\nb  c")
    'a b c'
    >>> shorten("x" * 99, 8)
    'xxxxxxx…'
    """
    line = " ".join(text[: 4 * limit].split())
    return line if len(line) <= limit and len(text) <= 4 * limit else line[: limit - 1] + "…"


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
    if near := _nearest(str(word), names[:MAX_CANDIDATES]):
        return f"Did you mean '{near}'?"
    if not names:
        return "None is defined."
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return f"Known: {shown}."


def _nearest(word: str, names: Sequence[str]) -> str | None:
    """Return the name most like a word; None when none is near.

    As :func:`difflib.get_close_matches`, but a list of names that are all alike costs no more than
    any other: only those that share the most letters are compared in full.
    """
    matcher = difflib.SequenceMatcher(b=word)
    alike = []
    for place, name in enumerate(names):
        matcher.set_seq1(name)
        if matcher.real_quick_ratio() >= NEAR and (share := matcher.quick_ratio()) >= NEAR:
            alike.append((-share, place, name))
    best, near = NEAR, None
    for _, _, name in sorted(alike)[:MAX_COMPARED]:
        matcher.set_seq1(name)
        if (ratio := matcher.ratio()) > best or (near is None and ratio == best):
            best, near = ratio, name
    return near
