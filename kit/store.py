"""Save a play and continue it: one small JSON file, the *capsule*, written whole after each event.

A capsule holds the log and what is needed to refuse a wrong scenario; it holds no personal data
beyond what the learner typed. Replaying it gives the same state hash on every machine.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit import engine, files, savefile
from kit.errors import DecisionError, FileProblems, Problem, StoreError
from kit.log import Event
from kit.scenario import Scenario

FORMAT = savefile.Format("tabletop-kit capsule", 1)


@dataclass(frozen=True, slots=True)
class Capsule:
    """One saved play: which scenario, in which version, and the log so far.

    ``draft`` holds what was typed but not committed yet; ``forked`` is the number of events that
    a second future has in common with the play it was forked from, ``edition`` the words it is
    played in.
    """

    scenario: str
    version: str
    fingerprint: str
    log: tuple[Event, ...]
    alias: str = ""
    draft: Mapping[str, Any] = field(default_factory=dict)
    forked: int | None = None
    edition: str = ""


class _CapsuleProblems(FileProblems, StoreError):
    """A capsule file that cannot be read."""


def folder() -> Path:
    """Return the folder for capsules: ``KIT_CAPSULES``, or ``capsules`` where the kernel runs."""
    return Path(os.environ.get("KIT_CAPSULES") or "capsules")


def path_for(scenario: str, name: str = "") -> Path:
    """Return the capsule file of a scenario, or of one named play of it."""
    return folder() / f"{scenario}{'-' + name if name else ''}.json"


def to_text(capsule: Capsule) -> str:
    """Return a capsule as JSON text, one event a line."""
    head: dict[str, Any] = {
        "scenario": capsule.scenario,
        "version": capsule.version,
        "fingerprint": capsule.fingerprint,
        "alias": capsule.alias,
        "draft": dict(capsule.draft),
    }
    if capsule.forked is not None:
        head["forked"] = capsule.forked
    if capsule.edition:
        head["edition"] = capsule.edition
    return savefile.log_text(FORMAT, head, [event.to_json() for event in capsule.log])


def parse(text: str, file: str = "capsule.json") -> Capsule:
    """Return the capsule of a JSON text.

    Raises
    ------
    StoreError
        The text is not a capsule of this format; says what is wrong.
    """
    stranger = "It is not a saved play of this kit."
    raw = savefile.parse_log(text, FORMAT, stranger, lambda cause: _refuse(file, cause))
    for key, kind in (
        ("scenario", str),
        ("version", str),
        ("fingerprint", str),
        ("alias", str),
        ("draft", dict),
        ("log", list),
    ):
        if not isinstance(raw.get(key), kind):
            raise _refuse(file, f"'{key}' is missing or of the wrong kind.")
    forked = raw.get("forked")
    if forked is not None and (type(forked) is not int or not 1 <= forked <= len(raw["log"])):
        raise _refuse(file, "'forked' is no number of events of the log.")
    edition = raw.get("edition", "")
    if not isinstance(edition, str):
        raise _refuse(file, "'edition' is of the wrong kind.")
    try:
        log = tuple(Event.from_json(event) for event in raw["log"])
    except (DecisionError, AttributeError) as cause:
        raise _refuse(file, f"Its log is damaged. {cause}") from None
    named = {key: raw[key] for key in ("scenario", "version", "fingerprint", "alias", "draft")}
    return Capsule(**named, log=log, forked=forked, edition=edition)


def read(path: Path) -> Capsule:
    """Return the capsule in a file; see :func:`parse` for the errors."""
    return parse(files.read_text(path, _CapsuleProblems), path.name)


def write(path: Path, capsule: Capsule) -> None:
    """Write a capsule atomically.

    Raises
    ------
    StoreError
        The file cannot be written; the play itself goes on.
    """
    text = to_text(capsule)
    if len(text.encode()) > files.MAX_BYTES:
        raise StoreError(
            f"Your play is not saved: {path.name} would be larger than can be read again. "
            "Download it, and write shorter notes."
        )
    try:
        files.write_atomic(path, text)
    except OSError as cause:
        reason = cause.strerror or str(cause)
        raise StoreError(
            f"Your play is not saved: {path.name} cannot be written ({reason}). "
            "Download it, or free some space and decide again."
        ) from cause


def check(scenario: Scenario, capsule: Capsule) -> engine.State:
    """Return the state a capsule leads to in a scenario.

    Raises
    ------
    StoreError
        The capsule is of another scenario or version, or its log is not possible in it. Nothing
        is replayed by halves.
    """
    if capsule.scenario != scenario.id:
        raise StoreError(f"This play is of '{capsule.scenario}', not of '{scenario.id}'.")
    if capsule.fingerprint != scenario.fingerprint:
        same = capsule.version == scenario.version
        what = "an edited file of the same version" if same else f"version {capsule.version}"
        raise StoreError(
            f"This play was made with {what}; the scenario here is {scenario.version} "
            f"({scenario.fingerprint}). Start a new play; the old file stays as it is."
        )
    try:
        return engine.replay(scenario, capsule.log)
    except DecisionError as cause:
        raise StoreError(f"The log of this play is damaged. {cause}") from cause


def free(path: Path) -> Path:
    """Return the first free file name for a second future beside a play's own capsule.

    Raises
    ------
    StoreError
        All names are taken.
    """
    stem = re.sub(r"-fork-\d+$", "", path.stem)
    for number in range(1, 10_000):
        if not (target := path.with_name(f"{stem}-fork-{number}{path.suffix}")).exists():
            return target
    raise StoreError(f"There are too many futures beside {path.name}.")


def set_aside(path: Path) -> Path | None:
    """Rename a capsule so that a new play can start; return its new name, None if there is none.

    Nothing is ever deleted: the file becomes ``name.1.json``, ``name.2.json`` and so on.

    Raises
    ------
    OSError
        The file cannot be renamed, or all names are taken.
    """
    if not path.exists():
        return None
    for number in range(1, 10_000):
        target = path.with_name(f"{path.stem}.{number}{path.suffix}")
        if not target.exists():
            path.rename(target)
            return target
    raise FileExistsError(errno.EEXIST, "there are too many plays beside it")


def protect(path: Path, written: str | None) -> Path | None:
    """Set a capsule aside if it holds something else than what this play wrote last.

    Two windows on one notebook, or two plays of one scenario, never overwrite each other. Return
    the new name of the other play's file, or None if there was nothing to protect.

    Raises
    ------
    StoreError
        The file is there but cannot be moved.
    """
    try:
        if not path.exists() or (path.is_file() and _holds(path, written)):
            return None
        return set_aside(path)
    except OSError as cause:
        raise StoreError(f"{path.name} cannot be kept ({cause.strerror}).") from cause


def _holds(path: Path, written: str | None) -> bool:
    """Return whether a file holds just this; what cannot be read as text holds something else."""
    try:
        return files.read_text(path, _CapsuleProblems) == written
    except _CapsuleProblems:
        return False


def _refuse(file: str, cause: str) -> StoreError:
    remedy = "Nothing was changed. Choose another file, or start a new play."
    return _CapsuleProblems([Problem(file, cause, remedy)])
