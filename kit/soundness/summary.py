"""The page at the end of an audit: paths, worlds, coverage, spread of measures, minutes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from kit import outcomes
from kit.soundness.case import Case
from kit.soundness.elimination import LIMIT, TooLargeError
from kit.soundness.findings import Coverage, Pace, Spread, Summary
from kit.soundness.options import Line
from kit.soundness.plays import Item, Played
from kit.soundness.worth import ends

KINDS = {"move": "moves", "value": "options, values", "inject": "injects", "effect": "effects",
         "rule": "rules of odds"}  # fmt: skip


def build(
    case: Case,
    reach: Mapping[Item, bool | None],
    played: Played,
    lines: Sequence[Line],
    paces: Mapping[str, Pace],
    grade: float | None,
    plays: int,
    seed: int,
) -> Summary:
    """Return the figures; ``lines`` are those whose means were computed, none after an error."""
    coverage = {}
    for kind, name in KINDS.items():
        of_kind = [key for key in reach if key[0] == kind]
        coverage[name] = Coverage(
            sum(bool(played.met.get(key)) for key in of_kind),
            sum(reach[key] is not False for key in of_kind),
            len(of_kind),
        )
    return Summary(
        paths=_counted(case.support.lines),
        worlds=_counted(case.support.worlds),
        plays=plays,
        seed=seed,
        seen_paths=played.lines,
        replayed=played.replayed,
        lines=len(lines),
        coverage=coverage,
        spread=_spreads(case, lines),
        pace=paces,
        grade=grade,
        notes=_notes(case, lines),
    )


def _counted(count: Callable[[], int]) -> int | None:
    try:
        return count()
    except TooLargeError:
        return None


def _spreads(case: Case, lines: Sequence[Line]) -> dict[str, Spread]:
    """Return how far each measure goes; without lines only where it starts."""
    scenario = case.scenario
    found = {}
    results = [outcomes.evaluate(scenario, roles=scenario.playable, plan=line) for line in lines]
    for name, measure in scenario.measures.items():
        if not results:
            found[name] = Spread(measure.label, measure.unit, measure.start)
            continue
        mine = [result[name] for result in results]
        base, wide = ends(case, name, "base", "base"), ends(case, name, "low", "high")
        found[name] = Spread(
            measure.label,
            measure.unit,
            measure.start,
            least=base[0] if base else None,
            most=base[1] if base else None,
            widest=wide,
            lowest=min(outcome.mean for outcome in mine),
            highest=max(outcome.mean for outcome in mine),
            p10=min(outcome.p10 for outcome in mine),
            p90=max(outcome.p90 for outcome in mine),
        )
    return found


def _notes(case: Case, lines: Sequence[Line]) -> tuple[str, ...]:
    """Return what was decided exactly, and what was only tried."""
    notes = [
        "Exact: what can be reached, dead ends, dominated options, ends of measures, counts.",
        "Tried: coverage by plays; means, and options best for nobody, on the lines stated.",
    ]
    if case.undecided:
        notes.append(
            f"Not decided: {case.undecided} questions whose tables have over {LIMIT:,} cells."
        )
    if not lines:
        notes.append("Options were not compared: first mend the dead ends.")
    return tuple(notes)
