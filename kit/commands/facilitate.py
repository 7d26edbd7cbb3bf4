"""What a facilitator needs: the papers before the exercise, the class debrief after it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from kit import debrief, handouts, plays


def register(commands: Any) -> None:
    """Add the commands for facilitators."""
    papers = commands.add_parser(
        "documents", help="write what players and facilitator need on paper"
    )
    papers.add_argument("scenario")
    papers.add_argument("folder", type=Path)
    papers.add_argument("--force", action="store_true", help="overwrite files of the same names")
    papers.set_defaults(run=_documents)
    merged = commands.add_parser("debrief", help="lay the saved plays of a class side by side")
    merged.add_argument("folder", type=Path, help="holds the teams' files")
    merged.add_argument("--scenario", help="id or file; the one most plays are of when absent")
    merged.add_argument("--out", type=Path, metavar="FILE.html", help="write a page to project")
    merged.set_defaults(run=_debrief)


def _documents(options: argparse.Namespace) -> int:
    """Write all papers and print where they are."""
    scenario = plays.load_scenario(options.scenario)
    written = handouts.write(scenario, options.folder, force=options.force)
    print("\n".join(map(str, written)))
    return 0


def _debrief(options: argparse.Namespace) -> int:
    """Print the debrief of a class, or write its page and print where it is."""
    found = debrief.class_debrief(options.folder, options.scenario)
    if options.out is None:
        print(found)
        return 0
    try:
        print(debrief.write(found, options.out))
    except OSError as cause:
        print(f"{options.out} cannot be written ({cause.strerror or cause}).", file=sys.stderr)
        return 1
    return 0
