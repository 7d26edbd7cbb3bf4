"""Write the papers of an exercise: situation manual, briefs, facilitator guide, cards."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from kit import api, handouts


def register(commands: Any) -> None:
    """Add the command for facilitators."""
    papers = commands.add_parser(
        "documents", help="write what players and facilitator need on paper"
    )
    papers.add_argument("scenario")
    papers.add_argument("folder", type=Path)
    papers.add_argument("--force", action="store_true", help="overwrite files of the same names")
    papers.set_defaults(run=_documents)


def _documents(options: argparse.Namespace) -> int:
    """Write all papers and print where they are."""
    scenario = api.load_scenario(options.scenario)
    written = handouts.write(scenario, options.folder, force=options.force)
    print("\n".join(map(str, written)))
    return 0
