"""Audit the words of an edition at its own level; its logic is that of the scenario."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kit import documents
from kit import scenario as scenarios
from kit.documents import Document, Key
from kit.errors import ScenarioError
from kit.scenario.words import words
from kit.soundness import texts
from kit.soundness.case import Case
from kit.soundness.elimination import TooLargeError
from kit.soundness.findings import Audit, Summary, in_order, refused

NOTE = "Only words and minutes are looked at; the logic is that of the scenario."


def audit(scenario: str | Path, edition: str, known_on: Mapping[str, str] | None = None) -> Audit:
    """Return what is wrong with an edition, and what is too hard or too long at its level.

    Raises
    ------
    ScenarioError
        There is no such scenario or edition, or the scenario itself cannot be read.
    """
    path = scenarios.path_of(scenario)
    base = documents.parse(scenarios.read(path), path.name, ScenarioError)
    value = scenarios.content(base, known_on)
    file = scenarios.editions.path_of(path, edition).name
    try:
        document = scenarios.read_edition(path, edition)
        built = scenarios.assemble(base, known_on, document)
    except ScenarioError as error:
        return refused(file, error.problems)
    shown = Document(file, value, _lines(value, document))
    try:
        case = Case(shown, built)
    except TooLargeError:
        return Audit(file, (), (), Summary(notes=("The minutes are too large to compute.",)))
    grade, paces = texts.check(case)
    page = Summary(pace=paces, grade=grade, notes=(NOTE,))
    return Audit(file, in_order(case.findings), (), page)


def _lines(value: Mapping[str, object], edition: Document) -> dict[Key, int]:
    """Return where the edition says something about each text of the scenario, by its path."""
    found: dict[Key, int] = {}
    for address, path in words(value).items():
        if line := edition.lines.get(("texts", address)):
            found[path] = line
    return found
