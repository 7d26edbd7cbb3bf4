"""The text of a scenario file as its author left it, and edits of it that are proved.

An edit changes a few lines of text and leaves every other byte alone: comments, layout, line
ends, a byte-order mark. It counts only when the new text, read again, says just what was wanted.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit import documents, files
from kit import scenario as scenarios
from kit.documents import Document
from kit.errors import FileProblems, Problem, ScenarioError

# What the reader counts as the end of a line, so that its numbers fit the rows here.
_ROW = re.compile("[^\r\n\x85\u2028\u2029]*(?:\r\n|[\r\n\x85\u2028\u2029])|.+\\Z", re.S)
_END = re.compile("(?:\r\n|[\r\n\x85\u2028\u2029])\\Z")
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Source:
    """The lines of a file, each with its line end, and the byte-order mark if there is one."""

    file: str
    rows: tuple[str, ...]
    mark: str = ""

    @property
    def text(self) -> str:
        """Return the text without a byte-order mark."""
        return "".join(self.rows)

    @property
    def end(self) -> str:
        """Return the line end that new lines get: that of the first line."""
        found = _END.search(self.rows[0]) if self.rows else None
        return found[0] if found else "\n"

    def document(self) -> Document:
        """Return the values and the line of every node; see :func:`kit.documents.parse`."""
        return documents.parse(self.text, self.file, ScenarioError)

    def with_rows(self, first: int, last: int, rows: Iterable[str]) -> Source:
        """Return the text with the lines ``first`` to ``last`` (from 1, ``last`` kept) replaced.

        ``rows`` may lack line ends; they get that of the file.
        """
        new = [row if _END.search(row) else row + self.end for row in rows]
        before = [row if _END.search(row) else row + self.end for row in self.rows[: first - 1]]
        return Source(self.file, (*before, *new, *self.rows[last - 1 :]), self.mark)


def parse(text: str, file: str) -> Source:
    """Return the lines of a text."""
    mark = _MARK if text.startswith(_MARK) else ""
    return Source(file, tuple(_ROW.findall(text.removeprefix(_MARK))), mark)


def read(path: Path) -> Source:
    """Return the lines of a scenario file.

    Raises
    ------
    ScenarioError
        The file is missing, too large, or not plain UTF-8 text.
    """
    scenarios.read(path)  # its problems carry codes
    return parse(files.read_text(path, ScenarioError, as_is=True), path.name)


def write(path: Path, source: Source) -> None:
    """Write a text back, whole or not at all.

    Raises
    ------
    ScenarioError
        The file cannot be written.
    """
    try:
        files.write_atomic(path, source.mark + source.text)
    except OSError as cause:
        why = f"The file is not written ({cause.strerror})."
        remedy = "Choose a folder that is yours, with room in it."
        raise ScenarioError([Problem(path.name, why, remedy, code="TTX001")]) from cause


def says(source: Source, wanted: Any) -> bool:
    """Return whether a text, read again, gives these values in this order."""
    try:
        found = source.document().value
    except FileProblems:
        return False
    return scenarios.fingerprint(found) == scenarios.fingerprint(wanted)


def diff(old: Source, new: Source) -> str:
    """Return what an edit changes, as a unified diff; empty when nothing changes."""
    return "\n".join(
        difflib.unified_diff(_plain(old), _plain(new), old.file, new.file, lineterm="", n=2)
    )


def _plain(source: Source) -> Sequence[str]:
    return [_END.sub("", row) for row in source.rows]
