"""Check all editions that the kit ships, and that no exercise lacks its advanced one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kit import files
from kit import scenario as scenarios
from kit.errors import FileProblems, Problem, suggestion
from kit.scenario import editions


def files_of() -> tuple[Path, ...]:
    """Return the files of all editions, in alphabetical order."""
    folder = files.data_dir() / "scenarios" / editions.FOLDER
    return tuple(sorted(folder.glob("*"))) if folder.is_dir() else ()


def problems(known_on: Mapping[str, str] | None = None) -> list[Problem]:
    """Return what is wrong with any edition; what is wrong with a scenario is left out.

    Parameters
    ----------
    known_on
        Day (ISO) on which each event or agreement that may be cited became known.
    """
    names = scenarios.names()
    found = [problem for path in files_of() for problem in _of_file(path, names, known_on)]
    for name in names:
        if editions.ADVANCED not in editions.of(scenarios.path_of(name)):
            file = f"{name}.{editions.ADVANCED}.yaml"
            cause = f"The exercise '{name}' has no advanced edition."
            remedy = f"Write {editions.FOLDER}/{file}."
            found.append(Problem(f"{name}.yaml", cause, remedy, code="TTX233"))
    return found


def _of_file(
    path: Path, names: tuple[str, ...], known_on: Mapping[str, str] | None
) -> tuple[Problem, ...]:
    name, _, kind = path.name.removesuffix(".yaml").partition(".")
    if path.suffix != ".yaml" or name not in names or kind not in editions.KINDS:
        cause = "The file is no edition of a shipped exercise."
        remedy = f"Call it SCENARIO.EDITION.yaml. {suggestion(name, names)}"
        return (Problem(path.name, cause, remedy, code="TTX225"),)
    try:
        scenarios.load(name, known_on)
    except FileProblems:
        return ()  # reported with the scenarios
    try:
        scenarios.load(name, known_on, kind)
    except FileProblems as error:
        return error.problems
    return ()
