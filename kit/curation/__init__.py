"""Check everything the kit ships: tables, scenarios, author's tests, sources and wording."""

from __future__ import annotations

import math
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from kit import outcomes, tables
from kit import scenario as scenarios
from kit.curation import record, wording
from kit.errors import (
    DataError,
    DecisionError,
    FileProblems,
    KitError,
    Problem,
    describe,
    suggestion,
)
from kit.scenario import Play, Scenario

PLAY_TOLERANCE = 0.05  # expectations are written with one decimal


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


def known_on() -> dict[str, str]:
    """Return the day (ISO) on which each event or agreement became known."""
    return {name: item.known_on.isoformat() for name, item in tables.evidence().items()}


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
            scenario = scenarios.load(name, evidence)
            problems += play_problems(scenario, scenarios.path_of(name).name)
            found += 1
        except FileProblems as error:
            problems += error.problems
    counts["scenarios"] = found
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


def play_problems(scenario: Scenario, file: str) -> list[Problem]:
    """Return the author's tests (``plays``) whose expected means the scenario does not give."""
    problems = []
    for play in scenario.plays:
        try:
            problems += _play(scenario, play, file)
        except KitError as cause:
            problems.append(Problem(file, f"Play '{play.name}' fails: {cause}", "Mend it."))
    return problems


def _play(scenario: Scenario, play: Play, file: str) -> list[Problem]:
    """Return one problem for each closed option taken, else for each expected mean that is off."""
    line = {**scenario.base_case, **play.assign}
    taken = [c.options[line[name]] for name, c in scenario.choices.items() if name in play.assign]
    closed = [o for o in taken if {*o.when.names} <= {*line} and not o.when.holds(line)]
    if closed:
        return [
            Problem(
                file,
                f"Play '{play.name}' takes '{option.id}', which is open only when {option.when}.",
                "Take an open option.",
            )
            for option in closed
        ]
    results = outcomes.evaluate(scenario, play.assign, roles=scenario.roles)
    return [
        Problem(
            file,
            f"Play '{play.name}': {name} is {results[name].mean:.2f}, expected {expected:g}.",
            "Change the expectation or the effects.",
        )
        for name, expected in play.expect.items()
        if not math.isclose(results[name].mean, expected, abs_tol=PLAY_TOLERANCE)
    ]
