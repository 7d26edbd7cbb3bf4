"""What the audit says: findings, the page of figures at its end, and both as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from kit.errors import Problem
from kit.soundness.codes import LINT, REVIEW
from kit.text import number

STOPPED = "The file has errors on reading; the rest was not looked at."


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw of a scenario: its code, where it stands, what it is about, how to mend it.

    ``severity`` is ``lint`` for an error and ``review`` for advice. ``subject`` is what an entry
    under ``silence`` names as ``at``.
    """

    code: str
    severity: str
    file: str
    line: int | None
    subject: str
    cause: str
    remedy: str

    def problem(self) -> Problem:
        """Return the finding in the form of every other problem of the kit."""
        return Problem(self.file, self.cause, self.remedy, self.line, code=self.code)

    def __str__(self) -> str:
        """Return place, code, cause and remedy in one line."""
        place = "" if self.line is None else f"line {self.line}: "
        kind = "error" if self.severity == LINT else "advice"
        about = f" (at: {self.subject})" if self.severity == REVIEW else ""
        return f"{place}{kind} {self.code}: {self.cause} {self.remedy}{about}"


@dataclass(frozen=True, slots=True)
class Spread:
    """How far one measure goes, in its unit, with all assumptions at base.

    ``least`` and ``most`` are the ends over all courses of events, ``widest`` the same with every
    assumption anywhere in its range; None where they are too large to compute. ``lowest`` and
    ``highest`` are means over the lines of decisions tried, ``p10`` and ``p90`` the ends of the
    middle 80 % over all of them.
    """

    label: str
    unit: str
    start: float
    least: float | None = None
    most: float | None = None
    widest: tuple[float, float] | None = None
    lowest: float | None = None
    highest: float | None = None
    p10: float | None = None
    p90: float | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """Where the minutes of one move go: reading, deciding, and what is left for talk."""

    title: str
    minutes: int
    reading: float
    deciding: float

    @property
    def talking(self) -> float:
        """Return the minutes left; below zero when the move overruns."""
        return self.minutes - self.reading - self.deciding


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the things of one kind the plays met, and how many can be met at all."""

    met: int
    reachable: int
    total: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one scenario; None where a number is too large to count.

    ``paths`` counts the lines of decisions open to learners, ``worlds`` the complete courses of
    events. ``notes`` says what was decided exactly and what was only tried.
    """

    paths: int | None = None
    worlds: int | None = None
    plays: int = 0
    seed: int = 0
    seen_paths: int = 0
    replayed: int = 0
    lines: int = 0
    coverage: Mapping[str, Coverage] | None = None
    spread: Mapping[str, Spread] | None = None
    pace: Mapping[str, Pace] | None = None
    grade: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Audit:
    """The result of an audit: what was found, what the author silenced, and the figures."""

    file: str
    findings: tuple[Finding, ...]
    silenced: tuple[tuple[Finding, str], ...]
    summary: Summary

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return the findings that make the scenario unfit for a class."""
        return tuple(finding for finding in self.findings if finding.severity == LINT)

    @property
    def advice(self) -> tuple[Finding, ...]:
        """Return the findings that an author may decide against."""
        return tuple(finding for finding in self.findings if finding.severity == REVIEW)

    @property
    def ok(self) -> bool:
        """Return whether there is no error."""
        return not self.errors

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {
            "file": self.file,
            "ok": self.ok,
            "findings": [asdict(finding) for finding in self.findings],
            "silenced": [{**asdict(f), "reason": reason} for f, reason in self.silenced],
            "summary": _plain(self.summary),
        }

    def __str__(self) -> str:
        """Return all findings in the order of the file, then the page of figures."""
        counts = (
            f"{_many(len(self.errors), 'error')}, {_many(len(self.advice), 'piece')} of advice"
        )
        if self.silenced:
            counts += f", {len(self.silenced)} silenced"
        head = [f"{self.file}: {counts}", *(f"  {finding}" for finding in self.findings)]
        return "\n".join([*head, "", *_page(self.summary)])

    __repr__ = __str__


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in the order of the file, those without a line first."""
    return tuple(sorted(findings, key=lambda f: (f.line or 0, f.code, f.subject)))


def refused(file: str, problems: Iterable[Problem]) -> Audit:
    """Return the audit of a file that cannot be read as a scenario."""
    found = [Finding(p.code, LINT, p.file, p.line, "", p.cause, p.remedy) for p in problems]
    return Audit(file, in_order(found), (), Summary(notes=(STOPPED,)))


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def _plain(summary: Summary) -> dict[str, Any]:
    found = {name: getattr(summary, name) for name in Summary.__slots__}
    for name in ("coverage", "spread", "pace"):
        found[name] = {key: asdict(part) for key, part in (found[name] or {}).items()}
    return found


def _page(summary: Summary) -> list[str]:
    """Return the figures as lines of text."""
    lines = []
    if summary.coverage is not None:
        lines += [
            f"Lines of decisions   {_count(summary.paths)}",
            f"Courses of events    {_count(summary.worlds)}",
            f"Plays                {summary.plays:,} (seed {summary.seed}), "
            f"{summary.seen_paths:,} different lines, {summary.replayed} replayed event by event",
        ]
        for kind, part in summary.coverage.items():
            met = f"{part.met} of {part.reachable} that can be met"
            beyond = f"; {part.total} in the file" if part.total > part.reachable else ""
            lines.append(f"  {kind.ljust(18)} {met}{beyond}")
    if summary.pace:
        lines += ["", "Minutes of each move (stated = reading + deciding + talk)"]
        for name, pace in summary.pace.items():
            parts = (pace.reading, pace.deciding, pace.talking)
            shown = " + ".join(number(part) for part in parts)
            lines.append(f"  {name.ljust(18)} {pace.minutes} = {shown}")
    if summary.grade is not None:
        lines.append(f"Reading level        grade {number(summary.grade)} (Flesch-Kincaid)")
    if summary.spread:
        lines += ["", f"Measures, over {_many(summary.lines, 'line')} of decisions tried"]
        for name, spread in summary.spread.items():
            lines.append(f"  {name.ljust(18)} {_spread(spread)}")
    return [*lines, "", *summary.notes]


def _count(value: int | None) -> str:
    return "more than can be counted" if value is None else f"{value:,}"


def _spread(spread: Spread) -> str:
    parts = [f"starts at {number(spread.start, spread.unit)}"]
    if spread.lowest is not None and spread.highest is not None:
        parts.append(f"means {number(spread.lowest)} to {number(spread.highest)}")
    if spread.p10 is not None and spread.p90 is not None:
        parts.append(f"10 to 90 % within {number(spread.p10)} to {number(spread.p90)}")
    if spread.least is not None and spread.most is not None:
        parts.append(f"never outside {number(spread.least)} to {number(spread.most)}")
    if spread.widest:
        low, high = spread.widest
        parts.append(f"with any assumptions {number(low)} to {number(high)}")
    return "; ".join(parts)
