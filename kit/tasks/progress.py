"""What a learner did on a task, kept in one small file in the folder of saved plays.

One file for each task, so that two notebooks never write to the same one. It is read again before
every change, written whole, and never deleted: a damaged file is set aside under another name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kit import files, store
from kit.errors import DataError, Problem

FORMAT = "tabletop-kit task"
FORMAT_VERSION = 1
MOST_ATTEMPTS = 200  # the first ones go, so that the file stays small


@dataclass(frozen=True, slots=True)
class Progress:
    """Attempts in order (``answer``, ``right``), hints taken, and text not handed in yet."""

    task: str
    attempts: tuple[Mapping[str, Any], ...] = ()
    hints: int = 0
    draft: Mapping[str, Any] = field(default_factory=dict)


def path_for(task: str) -> Path:
    """Return the file of a task, beside the saved plays."""
    return store.folder() / f"task-{task}.json"


def to_text(progress: Progress) -> str:
    """Return progress as JSON text."""
    kept = asdict(progress) | {"attempts": list(progress.attempts[-MOST_ATTEMPTS:])}
    head = {"format": FORMAT, "format_version": FORMAT_VERSION}
    text = json.dumps(head | kept, ensure_ascii=False, indent=1) + "\n"
    # Half characters and DEL cannot stand in a text file; as JSON escapes they survive.
    return text.replace("\x7f", "\\u007f").encode(errors="backslashreplace").decode()


def read(path: Path, task: str) -> Progress:
    """Return what is kept of a task; nothing when there is no file yet.

    Raises
    ------
    DataError
        The file cannot be read, or it is not of this task.
    """
    if not path.exists():
        return Progress(task)
    raw = files.read_json(path)
    kinds = {"attempts": list, "hints": int, "draft": dict}
    good = (
        isinstance(raw, dict)
        and (raw.get("format"), raw.get("format_version")) == (FORMAT, FORMAT_VERSION)
        and raw.get("task") == task
        and all(isinstance(raw.get(key), kind) for key, kind in kinds.items())
        and all(isinstance(a, dict) and "answer" in a for a in raw["attempts"])
    )
    if not good:
        remedy = "It is kept under another name, and the task begins anew."
        raise DataError([Problem(path.name, "The file is no log of this task.", remedy)])
    return Progress(task, tuple(raw["attempts"]), max(0, raw["hints"]), raw["draft"])


class Keeper:
    """Keeps the progress of one task in its file; without a file it keeps it in memory.

    ``notice`` says in a sentence what could not be kept, and stays empty when all is well.
    """

    def __init__(self, task: str, path: Path | None) -> None:
        self.path = path
        self.notice = ""
        self._held = Progress(task)

    def now(self) -> Progress:
        """Return what is kept, read again from the file; a damaged file is set aside first."""
        if self.path is None or self.notice.startswith("Not saved"):
            return self._held
        try:
            self._held = read(self.path, self._held.task)
        except DataError as cause:
            self._set_aside(self.path, cause)
        return self._held

    def _set_aside(self, path: Path, cause: DataError) -> None:
        try:
            moved = store.set_aside(path)
        except OSError as refused:
            self.notice = f"Not saved: {path.name} cannot be read or moved ({refused.strerror})."
            return
        name = moved.name if moved else path.name
        self.notice = f"{cause.problems[0].cause} It is kept as {name}; you begin anew."

    def keep(self, progress: Progress) -> None:
        """Write progress; if that fails, hold it in memory and say so in ``notice``."""
        self._held = progress
        if self.path is None:
            return
        try:
            files.write_atomic(self.path, to_text(progress))
        except OSError as cause:
            reason = cause.strerror or str(cause)
            self.notice = (
                f"Not saved: {self.path.name} cannot be written ({reason}). Copy your text."
            )
        else:
            if self.notice.startswith("Not saved"):
                self.notice = ""
