"""Check the data, export them, print the codebook."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from kit import api, codebook, export


def register(commands: Any) -> None:
    """Add the commands for people who use or correct the data."""
    check = commands.add_parser("check", help="check every table and scenario")
    check.set_defaults(run=_check)
    data = commands.add_parser("export", help="write all tables for use without Python")
    data.add_argument("folder", type=Path)
    data.add_argument("--format", choices=list(export.FORMATS), required=True)
    data.add_argument("--force", action="store_true", help="overwrite files of the same names")
    data.set_defaults(run=_export)
    book = commands.add_parser("codebook", help="print what every table and column means")
    book.add_argument(
        "--write",
        metavar="FILE",
        nargs="?",
        const="",
        help="write it to a file instead; docs/codebook.md when none is named",
    )
    book.set_defaults(run=_codebook)


def _check(_: argparse.Namespace) -> int:
    """Print all counts and problems; 1 when there is a problem."""
    findings = api.check()
    print(findings)
    return 0 if findings.ok else 1


def _export(options: argparse.Namespace) -> int:
    """Write the tables and print where they are."""
    written = export.export_data(options.folder, options.format, force=options.force)
    print("\n".join(map(str, written)))
    return 0


def _codebook(options: argparse.Namespace) -> int:
    """Print the codebook, or write it and print where it is."""
    if options.write is None:
        print(codebook.build(), end="")
    else:
        print(codebook.write(options.write or None))
    return 0
