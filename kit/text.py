"""Everything a learner sees, as plain text: the way to play without widgets.

Pure functions of scenario and state; the terminal, the notebooks' checkpoints and the report's
plain parts all use them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping

from kit import engine
from kit.log import Event
from kit.outcomes import Outcome
from kit.scenario import Assumption, Choice, Inject, Measure, Scenario

EXERCISE_MARK = "EXERCISE ONLY"
MODEL_MARK = "A teaching model with stated assumptions, not a forecast."
CHANNELS = {"cable": "Cable", "press": "Press", "phone": "Phone", "sensor": "Sensor feed"}
BASES = {
    "sourced": "read from cited sources",
    "modelled": "computed by the kit's model",
    "assumed": "the author's judgement",
}
WIDTH = 88


def number(value: float, unit: str = "") -> str:
    """Return a number with at most one decimal, a true minus sign, and its unit.

    Examples
    --------
    >>> number(-2.04, "points")
    '−2 points'
    >>> number(12.26)
    '12.3'
    """
    rounded = round(value, 1) + 0.0
    text = f"{abs(rounded):.0f}" if rounded == int(rounded) else f"{abs(rounded):.1f}"
    sign = "−" if rounded < 0 else ""
    return f"{sign}{text}{' ' + unit if unit else ''}"


def signed(value: float, unit: str = "") -> str:
    """Return a number as a change, with its sign; ``no change`` when it rounds to zero."""
    if round(value, 1) == 0:
        return "no change"
    return ("+" if value > 0 else "") + number(value, unit)


def situation(scenario: Scenario, state: engine.State) -> str:
    """Return the move in play: title, day, situation, and the injects delivered to the roles."""
    move = engine.current_move(scenario, state)
    if move is None:
        ending = [_wrap(item, "  - ") for item in newly_known(scenario, state)]
        lines = [f"{EXERCISE_MARK} · {scenario.title}", "The exercise is over.", *ending]
        return "\n".join(lines) + "\n"
    places = list(scenario.moves)
    head = f"Move {places.index(move.id) + 1} of {len(places)}: {move.title} ({move.as_of})"
    parts = [f"{EXERCISE_MARK} · {scenario.title}", head, "", _wrap(move.situation)]
    if news := newly_known(scenario, state):
        parts += ["", "What is new:", *(_wrap(item, "  - ") for item in news)]
    for where, inject in engine.visible_injects(scenario, state):
        if where is move:
            parts += ["", inject_text(scenario, inject)]
    return "\n".join(parts) + "\n"


def inject_text(scenario: Scenario, inject: Inject) -> str:
    """Return one inject with its marking, channel, sender and evidence."""
    to = ", ".join(scenario.roles[role].name for role in inject.to)
    head = f"[{EXERCISE_MARK}] {CHANNELS[inject.channel]} from {inject.sender} to {to}"
    cited = f"\n    Evidence: {', '.join(inject.evidence)}" if inject.evidence else ""
    return f"{head}\n{_wrap(inject.text, '    ')}{cited}"


def computed(assumption: Assumption) -> str:
    """Return the call that computed a modelled size, with its ranges; empty for other sizes."""
    if not assumption.call:
        return ""
    ranges = ", ".join(
        f"{name} {low:g} to {high:g} ({base:g})"
        for name, (low, base, high) in assumption.ranges.items()
    )
    return f"Computed by {assumption.call} over {ranges}."


def newly_known(scenario: Scenario, state: engine.State) -> tuple[str, ...]:
    """Return, as sentences, what others and chance have settled since the last move's decisions.

    With two choices in one move, what was new before the first is still new before the second.
    """
    told: list[str] = []
    move = engine.current_move(scenario, state)
    here = move.id if move else ""
    for entry in state.entries:
        variable = scenario.variables[entry.name]
        if engine.is_played(state, variable):
            if scenario.move_of(entry.name) != here:
                told.clear()
        elif isinstance(variable, Choice):
            told.append(f"{scenario.roles[variable.role].name}: {variable.label(entry.value)}")
        else:
            told.append(f"{variable.question} {variable.label(entry.value)}")
    return tuple(told)


def decisions(scenario: Scenario, state: engine.State) -> str:
    """Return the choices open now, with each option's trade-off, and how to take one."""
    choices = engine.open_choices(scenario, state)
    if not choices:
        return "Nothing is left to decide.\n"
    return "\n".join(_choice(scenario, state, choice) for choice in choices)


def _choice(scenario: Scenario, state: engine.State, choice: Choice) -> str:
    lines = [f"{scenario.roles[choice.role].name} decides: {choice.question}  [{choice.id}]"]
    if choice.context:
        lines += [_wrap(choice.context, "  ")]
    for option in engine.open_options(choice, state.known):
        lines += [_wrap(option.text, f"  {option.id}: "), _wrap(option.tradeoff, "      But: ")]
    return "\n".join(lines) + "\n"


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


def review(scenario: Scenario, state: engine.State, log: Iterable[Event]) -> str:
    """Return the decisions of a play as text, at the end beside what governments chose."""
    events = {event.seq: event for event in log}
    over = engine.pending(scenario, state) is None
    parts = []
    for entry in state.entries:
        variable = scenario.variables[entry.name]
        if not (isinstance(variable, Choice) and engine.is_played(state, variable)):
            continue
        event = events[entry.seq]
        sure = "" if event.confidence is None else f" ({event.confidence} % sure)"
        lines = [
            f"{scenario.moves[variable.move].title}: {variable.question}",
            _wrap(f"{variable.label(entry.value)}{sure}", "  You:         "),
        ]
        if event.note:
            lines.append(_wrap(event.note, "  Because:     "))
        if over and (taken := scenario.history.get(variable.id)):
            same = "the same" if taken == entry.value else variable.label(taken)
            lines.append(_wrap(same, "  Governments: "))
        parts.append("\n".join(lines))
    return "\n".join(parts) + "\n" if parts else "No decision yet.\n"


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
    parts = [f"{EXERCISE_MARK} · {scenario.title}", _wrap(parting(scenario, found))]
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
        lines.append(_wrap(variable.label(value) if value else "not yet known", f"  {label}"))
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


def table(rows: list[tuple[str, ...]]) -> str:
    """Return rows of cells in columns as wide as their widest cell; the first row is the head."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _wrap(text: str, indent: str = "") -> str:
    later = " " * len(indent)
    return textwrap.fill(
        " ".join(text.split()), WIDTH, initial_indent=indent, subsequent_indent=later
    )
