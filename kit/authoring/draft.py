"""A scenario in the making: the file, and changes to it that show what they change.

Made for notebooks, where a learner edits the file by hand or lets a cell do it. Both ways lead
to the same file: a change that is already there is not made twice.
"""

from __future__ import annotations

from pathlib import Path

from kit import soundness, store
from kit.authoring import scaffold
from kit.authoring import source as sources
from kit.authoring.source import Source
from kit.errors import DecisionError

FOLDER = "drafts"


class Draft:
    """The file of a scenario that is being written.

    Parameters
    ----------
    path
        The file; it must be there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def text(self) -> str:
        """Return what the file says now."""
        return sources.read(self.path).text

    def __repr__(self) -> str:
        """Return the name of the file and its length."""
        count = len(sources.read(self.path).rows)
        return f"{self.path.name}: {count} lines, in {self.path.parent.name}/"

    def show(self, words: str, lines: int = 12) -> str:
        """Return the part of the file that starts where these words first stand.

        Raises
        ------
        DecisionError
            The words are nowhere in the file.
        """
        rows = self.text.splitlines()
        for place, row in enumerate(rows):
            if words in row:
                part = rows[place : place + lines]
                return "\n".join(f"{n:>4}  {r}".rstrip() for n, r in enumerate(part, place + 1))
        raise DecisionError(f"'{words}' stands nowhere in {self.path.name}.")

    def change(self, old: str, new: str) -> str:
        """Replace words that stand in the file once, save it, and return what has changed.

        Parameters
        ----------
        old
            The words as they stand in the file, over one line or several.
        new
            What to write in their place.

        Raises
        ------
        DecisionError
            The words stand nowhere, or more than once; the file is unchanged.
        """
        before = sources.read(self.path)
        old, new = (words.replace("\n", before.end) for words in (old, new))
        found = before.text.count(old)
        if new in before.text and (not found or old in new):
            return f"{self.path.name} already says so."
        if found != 1:
            raise DecisionError(
                f"'{old}' stands in {self.path.name} {found} times. "
                + ("Copy it as it stands there." if not found else "Take more words around it.")
            )
        return self._save(before, before.text.replace(old, new))

    def add(self, after: str, new: str) -> str:
        """Add lines below words that stand in the file once; see :meth:`change`."""
        before = sources.read(self.path)
        if f"\n{new}\n".replace("\n", before.end) in before.text:
            return f"{self.path.name} already says so."
        return self.change(after, f"{after}\n{new}")

    def findings(self) -> str:
        """Return what the audit finds, without its page of figures; see :func:`kit.audit`."""
        return str(soundness.audit(self.path, plays=0)).partition("\n\n")[0]

    def _save(self, before: Source, text: str) -> str:
        after = sources.parse(before.mark + text, before.file)
        sources.write(self.path, after)
        return sources.diff(before, after)


def draft(name: str) -> Draft:
    """Return the scenario that you are writing under this name; a new one is the scaffold.

    It lies in the folder ``drafts`` beside your saved plays, and is never written over.

    Raises
    ------
    ExportError
        The name cannot be that of a scenario, or the file cannot be written.
    """
    scaffold.check_name(name)
    path = store.folder() / FOLDER / f"{name}.yaml"
    if not path.exists():
        scaffold.new(name, path.parent)
    return Draft(path)
