"""The papers of an exercise, made from its scenario file: to print, hand out and keep apart.

``players/`` holds the situation manual and one private brief for each role; ``facilitator/`` the
guide with the plan by minutes, sheets to hand out when a move opens, option cards to cut, and the
briefs of exercise control. Document names are those of the field (HSEEP).
"""

from __future__ import annotations

import os
from pathlib import Path

from kit import files
from kit.errors import ExportError
from kit.handouts.build import build
from kit.scenario import Scenario

__all__ = ["build", "write"]


def write(scenario: Scenario, folder: str | Path, *, force: bool = False) -> tuple[Path, ...]:
    """Write all papers below a folder and return where they are.

    Raises
    ------
    ExportError
        A file would be overwritten and ``force`` is not set, or the folder cannot be written.
    """
    target, papers = Path(folder), build(scenario)
    there = [name for name in papers if os.path.lexists(target / name)]
    if there and not force:
        raise ExportError(
            f"{target} already holds {', '.join(there)}. Nothing was written. Choose another "
            "folder, or add --force to overwrite them (in Python: force=True)."
        )
    try:
        for name, page in papers.items():
            files.write_atomic(target / name, page)
    except OSError as cause:
        raise ExportError(
            f"{target} cannot be written ({cause.strerror or cause}). Choose a folder that is "
            "yours, with room in it."
        ) from cause
    return tuple(target / name for name in papers)
