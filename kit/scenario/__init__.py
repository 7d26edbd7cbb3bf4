"""Read an exercise: text → checked values with all references resolved.

``parse`` takes text, ``load`` a file or the name of a shipped scenario. Both report every
problem of the file at once, with line, cause and remedy.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from kit import documents, files
from kit.errors import Problem, ScenarioError, shorten, suggestion
from kit.scenario import editions
from kit.scenario.build import build
from kit.scenario.conditions import ALWAYS, END, Assignment, Given, When
from kit.scenario.meaning import meaning
from kit.scenario.models import with_models
from kit.scenario.structure import structure
from kit.scenario.types import (
    Assumption,
    Effect,
    Inject,
    Measure,
    Misconception,
    Move,
    Objective,
    Play,
    Prediction,
    Reading,
    Role,
    Scenario,
    Silence,
)
from kit.scenario.variables import Choice, Option, Uncertainty, Variable

__all__ = [
    "ALWAYS",
    "END",
    "Assignment",
    "Assumption",
    "Choice",
    "Effect",
    "Given",
    "Inject",
    "Measure",
    "Misconception",
    "Move",
    "Objective",
    "Option",
    "Play",
    "Prediction",
    "Reading",
    "Role",
    "Scenario",
    "Silence",
    "Uncertainty",
    "Variable",
    "When",
    "assemble",
    "content",
    "editions",
    "load",
    "names",
    "parse",
    "path_of",
    "read",
    "read_edition",
]


def names() -> tuple[str, ...]:
    """Return the ids of the shipped scenarios, in alphabetical order."""
    return tuple(sorted(path.stem for path in (files.data_dir() / "scenarios").glob("*.yaml")))


def path_of(name: str | Path) -> Path:
    """Return the file of a scenario given by id or by path.

    Raises
    ------
    ScenarioError
        The name is not a shipped scenario and not a path to a YAML file.
    """
    if isinstance(name, Path) or str(name).lower().endswith((".yaml", ".yml")):
        return Path(name)
    shipped = names()
    if str(name) not in shipped:
        cause = f"No scenario is called '{shorten(str(name))}'."
        remedy = suggestion(str(name), shipped)
        if Path(f"{name}.yaml").is_file():
            remedy = f"Did you mean the file {name}.yaml?"
        raise ScenarioError([Problem("data/scenarios", cause, remedy, code="TTX001")])
    return files.data_dir() / "scenarios" / f"{name}.yaml"


def parse(
    text: str, file: str = "scenario.yaml", known_on: Mapping[str, str] | None = None
) -> Scenario:
    """Return the scenario that a YAML text describes.

    Parameters
    ----------
    text
        The YAML text.
    file
        Name used in messages; its stem must be the scenario's id.
    known_on
        Day (ISO) on which each event or agreement that may be cited became known. ``None``
        leaves evidence unchecked.

    Raises
    ------
    ScenarioError
        With every problem found: first the YAML, then its structure, then its meaning.
    """
    return assemble(documents.parse(text, file, ScenarioError), known_on)


def assemble(
    document: documents.Document,
    known_on: Mapping[str, str] | None = None,
    edition: documents.Document | None = None,
) -> Scenario:
    """Return the scenario of a document; see :func:`parse` for parameters and errors.

    ``edition`` holds other words for it; the fingerprint stays that of the scenario.
    """
    value = content(document, known_on)
    if edition is None:
        return build(value, fingerprint(value))
    changed = editions.overlaid(value, edition)
    return build(changed, fingerprint(value), edition.value["edition"])


def content(
    document: documents.Document, known_on: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the values of a sound scenario with all sizes filled in.

    Raises
    ------
    ScenarioError
        The file has problems; all of them are listed.
    """
    problems = structure(document) or meaning(document, known_on)
    if not problems:
        value, problems = with_models(document)
    if problems:
        raise ScenarioError(problems)
    return value


def load(
    name: str | Path, known_on: Mapping[str, str] | None = None, edition: str = ""
) -> Scenario:
    """Return the scenario with this id or in this file, in the words of an edition if named.

    Raises
    ------
    ScenarioError
        The scenario or its edition does not exist or has problems; see :func:`parse`.
    """
    path = path_of(name)
    document = documents.parse(read(path), path.name, ScenarioError)
    return assemble(document, known_on, read_edition(path, edition) if edition else None)


def read_edition(path: Path, edition: str) -> documents.Document:
    """Return the document of an edition of the scenario in a file.

    Raises
    ------
    ScenarioError
        There is no such edition, or its file cannot be read.
    """
    found = editions.path_of(path, edition)
    return documents.parse(read(found), found.name, ScenarioError)


def read(path: Path) -> str:
    """Return the text of a scenario file.

    Raises
    ------
    ScenarioError
        The file is missing, too large, or not plain UTF-8 text.
    """
    try:
        return files.read_text(path, ScenarioError)
    except ScenarioError as error:
        unreadable = [replace(problem, code="TTX001") for problem in error.problems]
        raise ScenarioError(unreadable) from None


def fingerprint(value: object) -> str:
    """Return a short hash of a scenario's content, the same on every machine.

    Layout and comments of the file do not matter; any changed word, odds or effect does, and so
    does the order of things, because a log is replayed in it.
    """
    canonical = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()[:16]
