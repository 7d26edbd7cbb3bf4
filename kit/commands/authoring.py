"""Write scenarios: start one, look up the format, exchange its MSEL, bring it up to date."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from kit import curation
from kit import scenario as scenarios
from kit.authoring import cells, msel, page, scaffold, sheet
from kit.authoring import source as sources
from kit.authoring.fresh import fresh
from kit.authoring.rows import name_of
from kit.authoring.upgrade import upgrade
from kit.errors import ScenarioError


def register(commands: Any) -> None:
    """Add the commands for authors."""
    new = commands.add_parser("new", help="start a scenario that already plays")
    new.add_argument("name", help="its id, for example my-scenario")
    new.add_argument("--folder", type=Path, default=Path(), help="where to write it")
    new.set_defaults(run=_new)
    form = commands.add_parser("format", help="print what every key of a scenario means")
    form.add_argument(
        "--write",
        metavar="FILE",
        nargs="?",
        const="",
        help="write it to a file instead; docs/scenario-format.md when none is named",
    )
    form.set_defaults(run=_format)
    older = commands.add_parser("upgrade", help="bring a scenario of an older format up to date")
    older.add_argument("file", type=Path)
    older.add_argument("--write", action="store_true", help="change the file, not only show how")
    older.set_defaults(run=_upgrade)
    _register_msel(commands)


def _register_msel(commands: Any) -> None:
    lists = commands.add_parser("msel", help="exchange the list of injects with a spreadsheet")
    ways = lists.add_subparsers(dest="way", required=True)
    out = ways.add_parser("export", help="write the injects of a scenario as a sheet")
    out.add_argument("scenario")
    out.add_argument("sheet", type=Path, help="a file that ends in .csv or .xlsx")
    out.add_argument("--force", action="store_true", help="write over a file that is there")
    out.set_defaults(run=_export)
    back = ways.add_parser("import", help="read the injects of a sheet")
    back.add_argument("sheet", type=Path)
    back.add_argument("--into", type=Path, metavar="FILE", help="scenario to put them into")
    back.add_argument("--out", type=Path, metavar="FILE", help="file to write instead")
    back.set_defaults(run=_import)
    for way in (out, back):
        way.add_argument("--start", type=_clock, help="time of day at which the exercise starts")


def _clock(text: str) -> int:
    try:
        return cells.read_time(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no time; write 09:00.") from None


def _new(options: argparse.Namespace) -> int:
    """Write the scaffold and print how to go on."""
    written = scaffold.new(options.name, options.folder)
    _wrote(written)
    print(f"Play it: python -m kit play {written[0]}")
    return 0


def _wrote(written: tuple[Path, ...]) -> None:
    print("\n".join(map(str, written)))
    if len(written) == 1 and not scaffold.is_current(written[0]):
        print(f"{scaffold.SCHEMA} there is of another version; remove it to get a new one.")


def _format(options: argparse.Namespace) -> int:
    """Print the page, or write it and print where it is."""
    if options.write is None:
        print(page.build(), end="")
    else:
        print(page.write(options.write or None))
    return 0


def _upgrade(options: argparse.Namespace) -> int:
    """Show what changes and, when asked, change it; 1 when the file has other problems."""
    old = sources.read(options.file)
    new = upgrade(old)
    if new == old:
        print(f"{old.file} is up to date.")
        return 0
    print(sources.diff(old, new))
    if options.write:
        sources.write(options.file, new)
        print(f"\n{options.file} is written.")
    else:
        print("\nNothing is written yet; add --write.")
    try:
        scenarios.parse(new.text, old.file, curation.known_on())
    except ScenarioError as problem:
        print(f"What is left to mend:\n{problem}", file=sys.stderr)
        return 1
    return 0


def _export(options: argparse.Namespace) -> int:
    """Write the sheet and print where it is."""
    scenario = scenarios.load(options.scenario, curation.known_on())
    rows = msel.table(scenario, options.start or 0)
    sheet.write(options.sheet, msel.title(scenario), rows, options.force)
    print(f"{options.sheet}: {_counted(len(rows))}")
    return 0


def _import(options: argparse.Namespace) -> int:
    """Put a sheet into a scenario, or make a new one of it, and print what was assumed."""
    read = sheet.read(options.sheet)
    if options.into:
        old = sources.read(options.into)
        known_on = curation.known_on()
        found = msel.into(read, old, start=options.start, known_on=known_on)
        target = options.out or options.into
        _same_name(target, options.into)
        print(sources.diff(old, found.source) or "The injects are the same.")
        if found.source != old or target != options.into:
            sources.write(target, found.source)
    else:
        target = options.out or Path(f"{name_of(options.sheet.stem, 'scenario')}.yaml")
        scaffold.check_name(target.stem)
        found = fresh(read, target.stem, options.start)
        _wrote(scaffold.write(target, found.source.text))
    print("\n".join([*found.told, f"{target}: {_counted(found.injects)}"]))
    return 0


def _same_name(target: Path, scenario: Path) -> None:
    """Refuse a target that would hold a scenario of another name."""
    if target.stem != scenario.stem:
        raise scaffold.misnamed(target, scenario)


def _counted(injects: int) -> str:
    return "1 inject" if injects == 1 else f"{injects} injects"
