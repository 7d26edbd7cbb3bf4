"""Start a new scenario: a commented file that plays at once, and the schema for editors."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from kit import files, scenario
from kit.errors import ExportError

TEMPLATE = Path(__file__).with_name("scaffold.yaml")
TEMPLATE_ID = "my-scenario"
SCHEMA = "scenario.schema.json"
LONGEST_NAME = 60
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")


def text(name: str) -> str:
    """Return the scaffold as the file of a scenario with this id."""
    return files.read_text(TEMPLATE).replace(TEMPLATE_ID, name)


def new(name: str, folder: str | Path = ".") -> tuple[Path, ...]:
    """Write a scaffold and its schema, and return the files that were written.

    Nothing is ever written over; a schema that is already there is left as it is.

    Parameters
    ----------
    name
        Id of the scenario: lower-case letters, digits, ``-`` and ``_``.
    folder
        Where to write; made when it does not exist.

    Raises
    ------
    ExportError
        The name cannot be that of a scenario, the file is there, or it cannot be written.
    """
    check_name(name)
    return write(Path(folder) / f"{name}.yaml", text(name))


def write(target: Path, content: str) -> tuple[Path, ...]:
    """Write the text of a new scenario, and the schema beside it unless one is there.

    Raises
    ------
    ExportError
        The file is there already, or cannot be written.
    """
    if os.path.lexists(target):
        raise ExportError(
            f"{target.name} is already there, and was left alone. Choose another name."
        )
    schema = target.with_name(SCHEMA)
    wanted = {target: content}
    if not os.path.lexists(schema):
        wanted[schema] = files.read_text(Path(scenario.__file__).with_name("schema.json"))
    try:
        for path, words in wanted.items():
            files.write_atomic(path, words)
    except OSError as cause:
        raise ExportError(
            f"{target} cannot be written ({cause.strerror}). Choose a folder that is yours."
        ) from cause
    return tuple(wanted)


def check_name(name: str, taken: Iterable[str] | None = None) -> None:
    """Refuse a name that no scenario can have.

    Raises
    ------
    ExportError
        It is not written as ids are, is too long, or is the name of a shipped scenario.
    """
    taken = scenario.names() if taken is None else taken
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        words = re.findall(r"[a-z0-9]+", name.removesuffix(".yaml").lower())
        better = "-".join(words)[:LONGEST_NAME].strip("-")
        hint = f" For example: {better}" if _NAME.fullmatch(better) else ""
        raise ExportError(
            f"'{name}' cannot be the name of a scenario. Use up to {LONGEST_NAME} lower-case "
            f"letters, digits, - and _; start with a letter.{hint}"
        )
    if name in taken:
        raise ExportError(
            f"'{name}' is a scenario of the kit, and saved plays go by that name. Choose another."
        )


def is_current(target: Path) -> bool:
    """Return whether the schema beside a scenario is that of this kit."""
    ours = files.read_text(Path(scenario.__file__).with_name("schema.json"))
    return files.read_text(target.with_name(SCHEMA)) == ours


def misnamed(target: Path, scenario_file: Path) -> ExportError:
    """Return the error of a copy whose name is not the id of the scenario in it."""
    better = target.with_name(scenario_file.name)
    return ExportError(
        f"{target.name} would hold the scenario '{scenario_file.stem}', and a file is called as "
        f"its scenario. Write to {better}."
    )
