"""The rules of play: which event may follow which, and the state that a log leads to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kit.engine.choices import odds, open_choices, open_options
from kit.engine.foresight import check_prediction
from kit.engine.remarks import check_remark
from kit.engine.state import Entry, State, is_played, pending
from kit.errors import DecisionError, suggestion
from kit.log import MODES, Event
from kit.scenario import Scenario


def replay(scenario: Scenario, log: Iterable[Event]) -> State:
    """Return the state that a log leads to.

    Raises
    ------
    DecisionError
        An event of the log is not possible at its place.
    """
    state = State()
    for event in log:
        state = apply(scenario, state, event)
    return state


def apply(scenario: Scenario, state: State, event: Event) -> State:
    """Return the state after one more event; the given state is unchanged.

    Raises
    ------
    DecisionError
        The event is out of order, or not possible now; says what is.
    """
    if event.seq != state.seq + 1:
        raise DecisionError(f"Event {event.seq} cannot follow event {state.seq}.")
    if (event.kind == "start") != (state.seq == 0):
        raise DecisionError("A log begins with one start event.")
    if event.kind == "start":
        check_start(scenario, event.roles, event.mode)
        return State(event.roles, event.seed, (), event.seq)
    if event.kind in ("note", "rate", "plan"):
        check_remark(scenario, event)
        return replace(state, seq=event.seq)
    if event.kind == "predict":
        check_prediction(scenario, state, event)
        return replace(state, seq=event.seq, predicted=(*state.predicted, event.name))
    if event.kind == "withdraw":
        return _withdraw(scenario, state, event)
    begun = state.begun
    if event.kind == "draw":
        _check_draw(scenario, state, event)
    elif event.kind == "decide":
        _check_decision(scenario, state, event)
        begun = tuple(dict.fromkeys((*begun, scenario.choices[event.name].move)))
    else:
        raise DecisionError(f"An event of the kind '{event.kind}' is not known.")
    entry = Entry(event.seq, event.name, event.value)
    return replace(state, entries=(*state.entries, entry), seq=event.seq, begun=begun)


def check_start(scenario: Scenario, roles: tuple[str, ...], mode: str = "") -> None:
    """Refuse roles that nobody can play, and modes that there are not.

    Raises
    ------
    DecisionError
        A role does not exist or decides nothing, or the mode is none; says which there are.
    """
    if mode and mode not in MODES:
        raise DecisionError(f"'{mode}' is no mode of play: {', '.join(MODES)}.")
    for role in roles:
        if role not in scenario.playable:
            hint = suggestion(role, scenario.playable)
            raise DecisionError(f"Nobody can play '{role}' here. {hint}")


def _check_draw(scenario: Scenario, state: State, event: Event) -> None:
    variable = pending(scenario, state)
    if variable is None or variable.id != event.name or is_played(state, variable):
        raise DecisionError(f"'{event.name}' is not for chance to settle now.")
    if odds(variable, state.known).get(event.value, 0.0) <= 0:
        raise DecisionError(f"'{event.name}' cannot become '{event.value}' here.")


def _check_decision(scenario: Scenario, state: State, event: Event) -> None:
    choices = {choice.id: choice for choice in open_choices(scenario, state)}
    if event.name not in choices:
        allowed = f"Open now: {', '.join(choices)}." if choices else "Nothing is open now."
        raise DecisionError(f"'{event.name}' cannot be decided now. {allowed}")
    choice = choices[event.name]
    if event.role and event.role != choice.role:
        owner = scenario.roles[choice.role].name
        raise DecisionError(f"'{choice.id}' is for {owner} ('{choice.role}') to decide.")
    options = [option.id for option in open_options(choice, state.known)]
    if event.value not in options:
        closed = event.value in choice.options
        what = "is closed here" if closed else "is no option"
        raise DecisionError(f"'{event.value}' {what}. Open options: {', '.join(options)}.")
    sure = event.confidence
    if sure is not None and (type(sure) is not int or not 0 <= sure <= 100):
        raise DecisionError(f"Confidence {sure!r} is not a whole number from 0 to 100 percent.")
    if strange := [name for name in event.votes if name not in choice.options]:
        raise DecisionError(f"Votes for '{strange[0]}', which is no option of '{choice.id}'.")


def _withdraw(scenario: Scenario, state: State, event: Event) -> State:
    """Drop the decision ``ref`` and every entry after it: later ones may lean on it."""
    places = {entry.seq: place for place, entry in enumerate(state.entries)}
    if event.ref not in places:
        raise DecisionError(f"There is no decision {event.ref} to withdraw.")
    place = places[event.ref]
    if not is_played(state, scenario.variables[state.entries[place].name]):
        raise DecisionError("Only a decision can be withdrawn, not what chance brought.")
    return replace(state, entries=state.entries[:place], seq=event.seq)
