"""Audit a scenario, and explain the codes of its findings."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from kit import files
from kit.soundness import PLAYS, audit
from kit.soundness.codes import page

DOC = "docs/audit-codes.md"


def register(commands: Any) -> None:
    """Add the command for people who write scenarios."""
    check = commands.add_parser("audit", help="report every flaw of a scenario at once")
    check.add_argument("scenario", nargs="?", help="id of a shipped scenario, or a YAML file")
    check.add_argument("--plays", type=int, default=PLAYS, help="random plays for coverage")
    check.add_argument("--seed", type=int, default=0, help="source of chance of the plays")
    check.add_argument("--json", action="store_true", help="print everything as JSON")
    check.add_argument("--codes", action="store_true", help="explain every code instead")
    check.add_argument(
        "--write-codes",
        metavar="FILE",
        type=Path,
        nargs="?",
        const=Path(DOC),
        help=f"write the explanation of every code instead; to {DOC} when no file is named",
    )
    check.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the audit, 1 when there is an error; or print or write the codes."""
    if options.write_codes is not None:
        files.write_atomic(options.write_codes, page())
        print(options.write_codes)
        return 0
    if options.codes:
        print(page(), end="")
        return 0
    if options.scenario is None or options.plays < 0:
        what = "Name a scenario." if options.scenario is None else "Plays cannot be negative."
        print(f"{what} See `python -m kit audit --help`.", file=sys.stderr)
        return 2
    found = audit(options.scenario, options.plays, options.seed)
    print(json.dumps(found.to_json(), indent=2, ensure_ascii=False) if options.json else found)
    return 0 if found.ok else 1
