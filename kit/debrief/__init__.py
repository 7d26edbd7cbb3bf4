"""A whole class on one page, without a server: merge the teams' saved plays.

Each team downloads its play as one small file; the teacher puts the files into a folder. A file
that is damaged, foreign, of another version, or there twice is left out with its reason, and the
rest is used.
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from kit import curation, files
from kit import scenario as scenarios
from kit.debrief import merge
from kit.debrief.parts import Merged, Refused, Spread, Tally, Team, Vote
from kit.debrief.render import to_fragment, to_html, to_text
from kit.errors import StoreError

__all__ = [
    "Debrief",
    "Refused",
    "Spread",
    "Tally",
    "Team",
    "Vote",
    "class_debrief",
    "to_html",
    "to_text",
    "write",
]


class Debrief(Merged):
    """The plays of a class, merged, as a notebook or a terminal shows them."""

    __slots__ = ()

    def __str__(self) -> str:
        """Return the debrief as plain text."""
        return to_text(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the same as the page, without its frame."""
        return to_fragment(self)


def class_debrief(folder: str | Path, name: str | Path | None = None) -> Debrief:
    """Return the debrief of all saved plays in a folder.

    Parameters
    ----------
    folder
        Holds the teams' files (``.json``).
    name
        Id or file of the exercise; the one that most files are of when absent.

    Raises
    ------
    StoreError
        The folder cannot be read or holds no play that can be used; every file's reason is told.
    ScenarioError
        The exercise does not exist or has problems.
    """
    found, refused = merge.read(Path(folder))
    wanted = name if name is not None else merge.most_played(found)
    if wanted is not None:
        exercise = scenarios.load(wanted, curation.known_on())
        result = merge.merge(exercise, found, refused)
        if result.teams:
            return Debrief(*(getattr(result, part.name) for part in fields(result)))
        refused = list(result.refused)
    told = "\n".join(f"  {item.file}: {item.reason}" for item in refused)
    raise StoreError(f"No play in {folder} can be used.\n{told}")


def write(debrief: Debrief, path: str | Path) -> Path:
    """Save the debrief as one HTML page that opens offline and return its path.

    Raises
    ------
    OSError
        The folder cannot be created or written.
    """
    target = Path(path)
    files.write_atomic(target, to_html(debrief))
    return target
