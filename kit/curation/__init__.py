"""Check everything the kit ships: tables, scenarios, their editions, sources and wording."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from kit import scenario as scenarios
from kit import soundness, tables
from kit.curation import editions, record, wording
from kit.errors import DataError, DecisionError, FileProblems, Problem, describe, suggestion
from kit.soundness import known_on

__all__ = ["Findings", "check", "check_cited", "known_on"]


@dataclass(frozen=True, slots=True)
class Findings:
    """Counts of what was checked and the problems found, for people and for exit codes."""

    counts: dict[str, int]
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.problems

    def __str__(self) -> str:
        """Return counts and problems as text."""
        width = max((len(name) for name in self.counts), default=0)
        lines = [f"{name.ljust(width)}  {count:>5}" for name, count in self.counts.items()]
        verdict = describe(self.problems) if self.problems else "No problems found."
        return "\n".join([*lines, "", verdict])

    __repr__ = __str__


def check_cited(names: Iterable[str], as_of: str) -> None:
    """Refuse evidence that does not exist or was not known on a day.

    Raises
    ------
    DecisionError
        An id is unknown, or became known after ``as_of``.
    """
    days = known_on()
    for name in names:
        if name not in days:
            raise DecisionError(f"No evidence is called '{name}'. {suggestion(name, days)}")
        if days[name] > as_of:
            raise DecisionError(
                f"'{name}' became known on {days[name]}, after {as_of}: hindsight."
            )


def check() -> Findings:
    """Return the counts of all tables and scenarios, and every problem in any of them."""
    problems = [*tables.problems(), *record.problems()]
    counts = _counts()
    evidence = _evidence()
    found = 0
    for name in scenarios.names():
        try:
            problems += soundness.errors(name, evidence)
            found += 1
        except FileProblems as error:
            problems += error.problems
    counts["scenarios"] = found
    problems += editions.problems(evidence)
    counts["editions"] = len(editions.files_of())
    problems += wording.problems()
    return Findings(counts, tuple(problems))


def _counts() -> dict[str, int]:
    """Return the number of rows of each table; 0 where the table has problems."""
    counts: dict[str, int] = {}
    with suppress(DataError):  # already among the problems
        counts = dict.fromkeys(tables.names(), 0)
    for name in counts:
        with suppress(DataError):
            counts[name] = len(tables.records(name))
    return counts


def _evidence() -> dict[str, str] | None:
    """Return what may be cited since when, or None where the tables cannot say."""
    with suppress(DataError):
        return known_on()
    return None
