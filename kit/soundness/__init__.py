"""Prove a scenario sound before a class plays it: every flaw at once, each with a stable code.

:func:`audit` reads a scenario and reports errors (``lint``), which make it unfit for a class, and
advice (``review``), which an author may decide against with a reason under ``silence``. What can
be reached is decided exactly wherever tables of a few million cells suffice; random plays show
coverage. The page of figures at the end says which is which.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from kit import documents
from kit import scenario as scenarios
from kit.errors import DataError, Problem, ScenarioError
from kit.soundness import authored, editions, options, reach, record, teaching, texts
from kit.soundness import plays as random_plays
from kit.soundness import summary as figures
from kit.soundness.case import Case
from kit.soundness.codes import CODES, LINT, Code
from kit.soundness.elimination import TooLargeError
from kit.soundness.findings import (
    STOPPED,
    Audit,
    Coverage,
    Finding,
    Pace,
    Spread,
    Summary,
    in_order,
    refused,
)
from kit.soundness.record import known_on

__all__ = [
    "CODES",
    "Audit",
    "Code",
    "Coverage",
    "Finding",
    "Pace",
    "Spread",
    "Summary",
    "audit",
    "errors",
    "known_on",
]

PLAYS = 10_000


def audit(
    scenario: str | Path,
    plays: int = PLAYS,
    seed: int = 0,
    known_on: Mapping[str, str] | None = None,
    edition: str = "",
) -> Audit:
    """Return every flaw of a scenario and a page of figures about it.

    Parameters
    ----------
    scenario
        Id of a shipped scenario, a path to a YAML file, or the YAML text itself.
    plays
        Number of random plays for coverage.
    seed
        Source of chance of the plays and of the lines of decisions tried.
    known_on
        Day (ISO) on which each event or agreement that may be cited became known; those of the
        shipped record when absent.
    edition
        Audit the words of this edition instead, at its level; its logic is the scenario's.

    Raises
    ------
    ScenarioError
        There is no such scenario or edition. What is wrong inside a file is reported, not raised.
    """
    if plays < 0:
        raise ValueError("The number of plays cannot be negative.")
    if edition:
        return editions.audit(scenario, edition, _evidence() if known_on is None else known_on)
    file, text = _source(scenario)
    case = _case(file, text, _evidence() if known_on is None else known_on)
    if isinstance(case, Audit):
        return case
    played = random_plays.play(case.scenario, case.support, plays, seed)
    reached = _lint(case, played.met, plays)
    broken = any(finding.code == "TTX302" for finding in case.findings)
    lines = [] if broken else options.lines_of(case.scenario, seed)
    if lines:
        options.check(case, reached, lines)
    grade, paces = texts.check(case)
    teaching.check(case, reached)
    left, quiet = authored.silence(case, case.findings)
    page = figures.build(case, reached, played, lines, paces, grade, plays, seed)
    return Audit(case.document.file, in_order(left), tuple(quiet), page)


def errors(scenario: str | Path, known_on: Mapping[str, str] | None = None) -> list[Problem]:
    """Return the errors that only the audit finds, without advice and figures.

    Parameters
    ----------
    scenario, known_on
        As for :func:`audit`, but without ``known_on`` evidence is not checked.

    Raises
    ------
    ScenarioError
        The file cannot be read as a scenario.
    """
    file, text = _source(scenario)
    case = _case(file, text, known_on)
    if isinstance(case, Audit):
        if case.ok:
            return []  # too large to decide anything, which is no error
        raise ScenarioError(finding.problem() for finding in case.errors)
    _lint(case, {}, 0)
    texts.check(case)
    found = [finding for finding in case.findings if finding.severity == LINT]
    return [finding.problem() for finding in in_order(found)]


def _lint(
    case: Case, met: Mapping[random_plays.Item, int], plays: int
) -> dict[random_plays.Item, bool | None]:
    """Report what is unreachable, author's tests that fail, and what the record contradicts."""
    reached = reach.check(case, met, plays)
    authored.check_plays(case)
    if (found := record.read()) is not None:
        record.check(case, found)
    return reached


def _source(scenario: str | Path) -> tuple[str, str]:
    """Return the name for messages and the text of a scenario by id, path or text."""
    if isinstance(scenario, str) and "\n" in scenario:
        return "scenario.yaml", scenario
    path = scenarios.path_of(scenario)
    return path.name, scenarios.read(path)


def _evidence() -> Mapping[str, str] | None:
    """Return what may be cited since when, or None where the tables cannot say."""
    with suppress(DataError):
        return known_on()
    return None


def _case(file: str, text: str, evidence: Mapping[str, str] | None) -> Case | Audit:
    """Return a readable scenario, or at once the audit of one that is not."""
    try:
        document = documents.parse(text, file, ScenarioError)
    except ScenarioError as error:
        return refused(file, error.problems)
    if "\n" in text and file == "scenario.yaml" and isinstance(document.value, dict):
        file = f"{document.value.get('id', 'scenario')}.yaml"  # a text has no other name
        document = replace(document, file=file)
    try:
        built = scenarios.assemble(document, evidence)
    except ScenarioError as error:
        return refused(file, error.problems)
    try:
        return Case(document, built)
    except TooLargeError:
        cause = "The odds or options of a variable look at so much that nothing can be decided."
        about = CODES["TTX309"]
        found = Finding("TTX309", about.severity, file, None, "scenario", cause, about.remedy)
        return Audit(file, (found,), (), Summary(notes=(STOPPED,)))
