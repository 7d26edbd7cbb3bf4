"""The page of figures about all exercises, computed from the exercises themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kit import documents, files, tables
from kit import scenario as scenarios
from kit.codebook import grid
from kit.errors import ScenarioError
from kit.scenario import Scenario
from kit.soundness import known_on
from kit.soundness.case import Case
from kit.soundness.elimination import TooLargeError
from kit.soundness.history import Band, bands
from kit.soundness.reading import ease, words
from kit.soundness.texts import read_aloud
from kit.text import number

PAGE = "exercises.md"
NONE = "–"

_HEAD = """\
# The exercises in figures

<!-- Made by `python -m kit exercises --write`; nothing here is written by hand. -->

Every figure is computed from the exercise itself. **Words** and **reading ease** are over
everything that learners read: summary, briefs, situations, injects, questions and options; nobody
reads all of it in one play. Reading ease is Flesch's formula, 206.835 − 1.015 × words a sentence −
84.6 × syllables a word: about 100 is very easy, 60 to 70 plain English, below 30 a hard text. The
kit counts syllables as groups of vowels, without a silent *e* at the end, so another program will
differ by a few points. It is a measure of long words and long sentences, and says nothing about
whether a text is clear. **Paths** are the lines of decisions that learners can take to the end,
**worlds** the complete courses of events; both are counted exactly. **Sources** are the
publications behind the events and agreements that injects, choices, assumptions and odds cite.
**Predictions** are followed by how many of them the real record settles; the others are settled by
the play.
"""
_BANDS = """\
The band holds 8 of 10 courses of events when nobody plays and every role follows its odds, with
all assumptions at base. *The record* is where the line that governments took ends in the same
model, with the chance that came; where most of an exercise never happened there is none. An
asterisk marks an end outside the band, and the notebook of the exercise says so and why."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one exercise; those of the advanced edition are None where there is none."""

    scenario: Scenario
    words: tuple[int, int | None]
    ease: tuple[float, float | None]
    paths: int | None
    worlds: int | None
    sources: int
    bands: tuple[Band, ...]


def figures(name: str) -> Figures:
    """Return the figures of a shipped exercise.

    Raises
    ------
    ScenarioError, DataError
        The exercise, its edition or the record has problems.
    """
    path = scenarios.path_of(name)
    document = documents.parse(scenarios.read(path), path.name, ScenarioError)
    case = Case(document, scenarios.assemble(document, known_on()))
    read = [read_aloud(case)]
    if scenarios.editions.ADVANCED in scenarios.editions.of(path):
        edition = scenarios.read_edition(path, scenarios.editions.ADVANCED)
        read.append(read_aloud(Case(document, scenarios.assemble(document, None, edition))))
    counts, eases = [words(text) for text in read], [ease(text) for text in read]
    try:
        paths, worlds = case.support.lines(), case.support.worlds()
    except TooLargeError:
        paths, worlds = None, None
    return Figures(
        scenario=case.scenario,
        words=(counts[0], counts[1] if counts[1:] else None),
        ease=(eases[0], eases[1] if eases[1:] else None),
        paths=paths,
        worlds=worlds,
        sources=len(_sources(case.scenario)),
        bands=bands(case.scenario),
    )


def _sources(scenario: Scenario) -> set[str]:
    """Return the ids of the publications behind everything that an exercise cites."""
    injects = [inject for move in scenario.moves.values() for inject in move.injects]
    parts = [*injects, *scenario.variables.values(), *scenario.assumptions.values()]
    record = tables.evidence()
    cited = {name for part in parts for name in part.evidence} & record.keys()
    return {source for name in cited for source in record[name].source_ids}


def build() -> str:
    """Return the page."""
    found = [figures(name) for name in scenarios.names()]
    parts = [_HEAD.strip(), *_overview(found), "## Measures", _BANDS]
    for one in found:
        parts += [f"### {one.scenario.title}", _measures(one.bands)]
    return "\n\n".join(parts) + "\n"


def write(path: str | Path | None = None) -> Path:
    """Write the page and return where it is.

    Parameters
    ----------
    path
        File to write; ``docs/exercises.md`` of the checkout when absent.

    Raises
    ------
    ExportError
        The file cannot be written, or there is no checkout and none was named.
    """
    return files.write_page(PAGE, build(), path)


def _overview(found: Iterable[Figures]) -> Iterator[str]:
    """Yield the tables of what exercises ask of a class, and of what stands behind them."""
    rows, more = [], []
    for one in found:
        scenario = one.scenario
        asked = [p for move in scenario.moves.values() for p in move.predictions]
        others = len(scenario.roles) - len(scenario.playable)
        rows.append((
            f"{scenario.title} (`{scenario.id}`)", scenario.minutes, len(scenario.moves),
            f"{len(scenario.playable)} + {others}",
            _both(f"{one.words[0]:,}", one.words[1] and f"{one.words[1]:,}"),
            _both(number(one.ease[0]), one.ease[1] is not None and number(one.ease[1] or 0.0)),
        ))  # fmt: skip
        more.append((
            f"`{scenario.id}`", _count(one.paths), _count(one.worlds), one.sources,
            f"{len(asked)}, {sum(bool(p.event) for p in asked)} by the record",
        ))  # fmt: skip
    head = ("Exercise", "Minutes", "Moves", "Roles", "Words", "Reading ease")
    yield "Roles: those learners may play + others. Words and reading ease: basic / advanced."
    yield grid(head, rows, "bc")
    yield grid(("Exercise", "Paths", "Worlds", "Sources", "Predictions"), more, "bcd")


def _both(basic: str, advanced: str | int | bool | None) -> str:
    return f"{basic} / {advanced or NONE}"


def _count(value: int | None) -> str:
    return "too many to count" if value is None else f"{value:,}"


def _measures(found: Iterable[Band]) -> str:
    rows = (
        (
            f"{band.label} ({band.unit})",
            number(band.start),
            number(band.p10),
            number(band.p90),
            NONE if band.past is None else number(band.past) + ("\\*" if band.outside else ""),
        )
        for band in found
    )
    return grid(("Measure", "Starts at", "10 %", "90 %", "The record"), rows, "bcde")
