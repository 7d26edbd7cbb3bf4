"""Write the tables of contents: what notebooks and scenario files say about themselves.

``python tests/tools/write_contents.py`` writes the cell tagged ``contents`` of the first notebook
and the part of README.md between two marks. Nothing in either is written by hand.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit import plays, scenario
from kit.scenario import Scenario

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
FIRST = NOTEBOOKS / "00_start_here.ipynb"
README = ROOT / "README.md"
TAG = "contents"
MARKS = "<!-- contents -->\n", "<!-- end of contents -->\n"
READERS = {"facilitator": "teachers", "authors": "authors"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One notebook as its header describes it, and the exercise it is about."""

    path: Path
    title: str
    minutes: int
    to_play: int | None
    practice: tuple[str, ...]
    exercise: Scenario | None

    @property
    def label(self) -> str:
        """Return number and title."""
        title = self.title.removeprefix("Exercise: ")
        return f"{self.path.name[:2]} {title[:1].upper()}{title[1:]}"

    @property
    def readers(self) -> str:
        """Return for whom it is."""
        return READERS.get(self.path.parent.name, "everybody")

    @property
    def levels(self) -> str:
        """Return the reading levels and other editions of the exercise."""
        if self.exercise is None:
            return ""
        editions = scenario.editions.of(scenario.path_of(self.exercise.id))
        return ", ".join((self.exercise.level, *editions))


def entries() -> list[Entry]:
    """Return every notebook but the first, by number."""
    found = [path for path in NOTEBOOKS.rglob("[0-9][0-9]_*.ipynb") if path != FIRST]
    kept = [path for path in found if ".ipynb_checkpoints" not in path.parts]
    return [_entry(path) for path in sorted(kept, key=lambda path: path.name)]


def _entry(path: Path) -> Entry:
    header = "".join(json.loads(path.read_text("utf-8"))["cells"][0]["source"])
    rows = dict(re.findall(r"^\| \*\*(.+?)\*\* \| (.+?) \|$", header, re.M))
    play = re.search(r"(\d+) to play", rows["Minutes"])
    name = path.stem[3:].removeprefix("exercise_").replace("_", "-")
    about = plays.load_scenario(name) if "_exercise_" in path.stem else None
    minutes = int(re.findall(r"\d+", rows["Minutes"])[0])
    to_play = (int(play[1]) if play else minutes) if about else None
    practice = rows.get("You will be able to") or rows["You will practice"]
    title = header.partition("\n")[0].removeprefix("# ")
    return Entry(path, title, minutes, to_play, tuple(practice.split(" · ")), about)


def tables(base: Path, goals: int) -> str:
    """Return both tables, with links that lead from a folder and so many things to practice."""
    every = entries()
    exercises = [
        ("Exercise", "Minutes to play", "Whole notebook", "Reading levels", "What you practice"),
        ("---", "--:", "--:", "---", "---"),
        *((_link(e, base), str(e.to_play), str(e.minutes), e.levels, _goals(e, goals))
          for e in every if e.exercise),
    ]  # fmt: skip
    others = [
        ("Around the exercises", "Minutes", "For", "What you practice"),
        ("---", "--:", "---", "---"),
        *((_link(e, base), str(e.minutes), e.readers, _goals(e, goals))
          for e in every if not e.exercise),
    ]  # fmt: skip
    return "\n\n".join(map(_table, (exercises, others))) + "\n"


def _link(entry: Entry, base: Path) -> str:
    return f"[{entry.label}]({entry.path.relative_to(base).as_posix()})"


def _goals(entry: Entry, goals: int) -> str:
    return " · ".join(entry.practice[:goals])


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def cell_of(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return the cell of the first notebook that holds the tables."""
    (cell,) = (c for c in notebook["cells"] if TAG in c["metadata"].get("tags", ()))
    found: dict[str, Any] = cell
    return found


def in_notebook() -> str:
    """Return what the cell of the first notebook should say."""
    return tables(NOTEBOOKS, 2).rstrip("\n")


def in_readme(text: str) -> str:
    """Return a README with the tables between its marks."""
    before, rest = text.split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    return f"{before}{MARKS[0]}\n{tables(ROOT, 1)}\n{MARKS[1]}{after}"


def main() -> int:
    """Write both."""
    notebook = json.loads(FIRST.read_text("utf-8"))
    cell_of(notebook)["source"] = in_notebook().splitlines(keepends=True)
    text = json.dumps(notebook, indent=1, ensure_ascii=False)
    FIRST.write_text(f"{text}\n", "utf-8")
    README.write_text(in_readme(README.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
