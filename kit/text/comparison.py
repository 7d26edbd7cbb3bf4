"""Outcomes in words: against the base case, and two futures side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kit import engine
from kit.outcomes import Outcome
from kit.scenario import Choice, Measure, Scenario
from kit.text.words import EXERCISE_MARK, MODEL_MARK, number, signed, table, wrap


def results(scenario: Scenario, now: Mapping[str, Outcome], base: Mapping[str, Outcome]) -> str:
    """Return the outcome of every measure beside the base case, as a table with ranges."""
    head = ("Measure", "Mean", "10 to 90 %", "If assumptions differ", "Base case", "Better")
    rows: list[tuple[str, ...]] = [head]
    for name, measure in scenario.measures.items():
        mine, other = now[name], base[name]
        rows.append(
            (
                f"{measure.label} ({measure.unit})",
                number(mine.mean),
                f"{number(mine.p10)} to {number(mine.p90)}",
                f"{number(mine.low)} to {number(mine.high)}",
                number(other.mean),
                "higher" if measure.better == "high" else "lower",
            )
        )
    return f"{table(rows)}\n{method(now.values())} {MODEL_MARK}\n"


def beside(
    scenario: Scenario,
    states: tuple[engine.State, engine.State],
    results_of: tuple[Mapping[str, Outcome], Mapping[str, Outcome]],
) -> str:
    """Return two futures side by side: what was decided and drawn unlike, and every measure.

    Parameters
    ----------
    scenario
        The exercise of both.
    states
        Where the first and the second future stand.
    results_of
        The outcomes of each.
    """
    found = engine.compare(scenario, *states)
    parts = [f"{EXERCISE_MARK} · {scenario.title}", wrap(parting(scenario, found))]
    for title, differences in (
        ("Decided unlike:", found.decided),
        ("What others and chance brought unlike:", found.drawn),
    ):
        if differences:
            parts += ["", title, *(_difference(scenario, one) for one in differences)]
    head = ("Measure", "First", "10 to 90 %", "Second", "10 to 90 %", "Second against first")
    rows: list[tuple[str, ...]] = [head]
    for name, measure in scenario.measures.items():
        one, other = (results[name] for results in results_of)
        cells = [(number(r.mean), f"{number(r.p10)} to {number(r.p90)}") for r in (one, other)]
        label = f"{measure.label} ({measure.unit})"
        rows.append((label, *cells[0], *cells[1], gained(measure, other.mean - one.mean)))
    both = [*results_of[0].values(), *results_of[1].values()]
    return "\n".join([*parts, "", table(rows), f"{method(both)} {MODEL_MARK}", ""])


def parting(scenario: Scenario, found: engine.Futures) -> str:
    """Return where two futures part, and how far they stay alike, in one or two sentences."""
    alike = f"{len(found.alike)} of {len(scenario.variables)} choices and uncertainties"
    if not found.decided and not found.drawn:
        return f"Both plays are alike so far, in {alike}."
    first = (found.decided or found.drawn)[0].name
    move = scenario.moves.get(scenario.move_of(first))
    where = f"in the move “{move.title}”" if move else "at the end"
    what = "a decision" if found.decided else "luck"
    question = scenario.variables[first].question
    return f"The two futures part {where}, by {what}: {question} They are alike in {alike}."


def gained(measure: Measure, gap: float) -> str:
    """Return a change of a measure with its sign, and whether it is the better direction."""
    if round(gap, 1) == 0:
        return "no change"
    good = (gap > 0) == (measure.better == "high")
    return f"{signed(gap)} ({'better' if good else 'worse'})"


def _difference(scenario: Scenario, found: engine.Difference) -> str:
    variable = scenario.variables[found.name]
    whose = f"{scenario.roles[variable.role].name}: " if isinstance(variable, Choice) else ""
    lines = [f"{whose}{variable.question}"]
    for label, value in (("First:  ", found.first), ("Second: ", found.second)):
        lines.append(wrap(variable.label(value) if value else "not yet known", f"  {label}"))
    return "\n".join(lines)


def method(results_of: Iterable[Outcome]) -> str:
    """Return how outcomes were computed, in one sentence."""
    sampled = [outcome for outcome in results_of if outcome.method != "exact"]
    if not sampled:
        return "Computed exactly over every possible course of events."
    names = ", ".join(outcome.measure for outcome in sampled)
    return f"Estimated from {sampled[0].samples:,} seeded samples: {names}; the rest is exact."


def change(measure: Measure, mine: Outcome, base: Outcome) -> str:
    """Return one measure against the base case in a sentence with its ranges.

    Examples
    --------
    The sentence names the direction in words, so that it works without colour.
    """
    gap = mine.mean - base.mean
    if round(gap, 1) == 0:
        verdict = "as in the base case"
    else:
        good = (gap > 0) == (measure.better == "high")
        verdict = f"{signed(gap, measure.unit)} against the base case, "
        verdict += "the better direction" if good else "the worse direction"
    spread = f"80 % of courses fall between {number(mine.p10)} and {number(mine.p90)}"
    return f"{measure.label}: {number(mine.mean, measure.unit)} on average, {verdict}; {spread}."
