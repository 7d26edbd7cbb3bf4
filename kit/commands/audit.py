"""Audit a scenario, explain the codes of its findings, and give the figures of all exercises."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit import files
from kit import scenario as scenarios
from kit.authoring import exercises
from kit.soundness import PLAYS, audit
from kit.soundness.codes import page

DOC = "docs/audit-codes.md"


def register(commands: Any) -> None:
    """Add the command for people who write scenarios."""
    check = commands.add_parser("audit", help="report every flaw of a scenario at once")
    check.add_argument(
        "scenario", nargs="?", help="id of a shipped scenario, or a YAML file; all when absent"
    )
    check.add_argument("--edition", default="", help="audit the words of an edition instead")
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
    about = commands.add_parser("exercises", help="print the figures of every shipped exercise")
    about.add_argument(
        "--write",
        metavar="FILE",
        nargs="?",
        const="",
        help="write them to a file instead; docs/exercises.md when none is named",
    )
    about.set_defaults(run=_exercises)


def _exercises(options: argparse.Namespace) -> int:
    """Print or write the page about all exercises."""
    if options.write is None:
        print(exercises.build(), end="")
    else:
        print(exercises.write(options.write or None))
    return 0


def run(options: argparse.Namespace) -> int:
    """Print the audit, 1 when there is an error; or print or write the codes."""
    if options.write_codes is not None:
        files.write_atomic(options.write_codes, page())
        print(options.write_codes)
        return 0
    if options.codes:
        print(page(), end="")
        return 0
    if (what := _wrong(options)) is not None:
        print(f"{what} See `python -m kit audit --help`.", file=sys.stderr)
        return 2
    found = [audit(name, options.plays, options.seed, edition=kind) for name, kind in _of(options)]
    if options.json:
        plain = [one.to_json() for one in found]
        print(json.dumps(plain if options.scenario is None else plain[0], indent=2,
                         ensure_ascii=False))  # fmt: skip
    else:
        print("\n\n".join(map(str, found)))
    return 0 if all(one.ok for one in found) else 1


def _wrong(options: argparse.Namespace) -> str | None:
    """Return what does not fit in the words of the command."""
    if options.plays < 0:
        return "Plays cannot be negative."
    if options.edition and options.scenario is None:
        return "Name the scenario of the edition."
    return None


def _of(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Yield the scenario and edition to audit; all that the kit ships when none is named."""
    if options.scenario is not None:
        yield options.scenario, options.edition
        return
    for name in scenarios.names():
        yield name, ""
        for kind in scenarios.editions.of(scenarios.path_of(name)):
            yield name, kind
