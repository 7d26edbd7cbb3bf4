"""A play as it stands, in words: what has arrived, what is open, what was decided."""

from __future__ import annotations

from collections.abc import Iterable

from kit import engine
from kit.log import Event
from kit.scenario import Assumption, Choice, Inject, Scenario
from kit.text.words import CHANNELS, EXERCISE_MARK, wrap


def situation(scenario: Scenario, state: engine.State) -> str:
    """Return the move in play: title, day, situation, and the injects delivered to the roles."""
    move = engine.current_move(scenario, state)
    if move is None:
        ending = [wrap(item, "  - ") for item in newly_known(scenario, state)]
        lines = [f"{EXERCISE_MARK} · {scenario.title}", "The exercise is over.", *ending]
        return "\n".join(lines) + "\n"
    places = list(scenario.moves)
    head = f"Move {places.index(move.id) + 1} of {len(places)}: {move.title} ({move.day})"
    parts = [f"{EXERCISE_MARK} · {scenario.title}", head, "", wrap(move.situation)]
    if news := newly_known(scenario, state):
        parts += ["", "What is new:", *(wrap(item, "  - ") for item in news)]
    for where, inject in engine.visible_injects(scenario, state):
        if where is move:
            parts += ["", inject_text(scenario, inject)]
    return "\n".join(parts) + "\n"


def briefs(scenario: Scenario, state: engine.State) -> str:
    """Return the private briefs of the roles in play, which nobody else should read."""
    parts = []
    for name in state.roles:
        role = scenario.roles[name]
        office = f", {role.office}" if role.office else ""
        parts.append(f"[{EXERCISE_MARK}] For {role.name}{office} only\n{wrap(role.brief, '    ')}")
    return "\n\n".join(parts) + "\n"


def inject_text(scenario: Scenario, inject: Inject) -> str:
    """Return one inject with its marking, channel, sender and evidence."""
    to = ", ".join(scenario.roles[role].name for role in inject.to)
    head = f"[{EXERCISE_MARK}] {CHANNELS[inject.channel]} from {inject.sender} to {to}"
    cited = f"\n    Evidence: {', '.join(inject.evidence)}" if inject.evidence else ""
    return f"{head}\n{wrap(inject.text, '    ')}{cited}"


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
        lines += [wrap(choice.context, "  ")]
    for option in engine.open_options(choice, state.known):
        lines += [
            wrap(option.text, f"  {option.id}: "),
            wrap(option.tradeoff, "      Trade-off: "),
        ]
    return "\n".join(lines) + "\n"


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
            wrap(f"{variable.label(entry.value)}{sure}", "  You:         "),
        ]
        if event.note:
            lines.append(wrap(event.note, "  Because:     "))
        if event.change_mind:
            lines.append(wrap(event.change_mind, "  Changed by:  "))
        if event.votes:
            hands = [f"{variable.label(name).rstrip('.')}: {n}" for name, n in event.votes.items()]
            lines.append(wrap("; ".join(hands), "  Hands:       "))
        if over and (taken := scenario.history.get(variable.id)):
            same = "the same" if taken == entry.value else variable.label(taken)
            lines.append(wrap(same, "  Governments: "))
        parts.append("\n".join(lines))
    return "\n".join(parts) + "\n" if parts else "No decision yet.\n"
