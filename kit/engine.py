"""The rules of play: pure functions from a log to a state, and from a state to what comes next.

The log is the only thing that is kept; the state is a fold over it (:func:`replay`). Variables
become known strictly in the order of :attr:`Scenario.variables`, except that choices of one move
may be taken in any order when none of them looks at another.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
from collections.abc import Iterable
from dataclasses import dataclass, replace

from kit.errors import DecisionError, Problem, ScenarioError, suggestion
from kit.log import Event
from kit.scenario import END, Assignment, Choice, Inject, Move, Option, Scenario, Variable


@dataclass(frozen=True, slots=True)
class Entry:
    """A variable that has become known: by which event, and to which value."""

    seq: int
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class State:
    """What is settled so far, in order; everything else is derived."""

    roles: tuple[str, ...] = ()
    seed: int | None = None
    entries: tuple[Entry, ...] = ()
    seq: int = 0

    @property
    def known(self) -> dict[str, str]:
        """Return the assignments made so far."""
        return {entry.name: entry.value for entry in self.entries}


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
        check_roles(scenario, event.roles)
        return State(event.roles, event.seed, (), event.seq)
    if event.kind == "note":
        return replace(state, seq=event.seq)
    if event.kind == "withdraw":
        return _withdraw(scenario, state, event)
    if event.kind == "draw":
        _check_draw(scenario, state, event)
    elif event.kind == "decide":
        _check_decision(scenario, state, event)
    else:
        raise DecisionError(f"An event of the kind '{event.kind}' is not known.")
    entry = Entry(event.seq, event.name, event.value)
    return replace(state, entries=(*state.entries, entry), seq=event.seq)


def pending(scenario: Scenario, state: State) -> Variable | None:
    """Return the first variable that is not yet known, or None when the exercise is over."""
    known = state.known
    return next((v for name, v in scenario.variables.items() if name not in known), None)


def is_played(state: State, variable: Variable) -> bool:
    """Return whether a learner sets this variable in this play."""
    return isinstance(variable, Choice) and variable.role in state.roles


def open_choices(scenario: Scenario, state: State) -> tuple[Choice, ...]:
    """Return the choices that may be taken now, in file order."""
    known = state.known
    found: list[Choice] = []
    for name, variable in scenario.variables.items():
        if name in known:
            continue
        if not (isinstance(variable, Choice) and is_played(state, variable)):
            break
        if found and variable.move != found[0].move:
            break
        if all(parent in known for parent in variable.parents):
            found.append(variable)
    return tuple(found)


def split(scenario: Scenario, state: State) -> tuple[dict[str, str], dict[str, str]]:
    """Return what is known in two parts: what played roles decided, and what chance settled."""
    decided, drawn = dict[str, str](), dict[str, str]()
    for name, value in state.known.items():
        (decided if is_played(state, scenario.variables[name]) else drawn)[name] = value
    return decided, drawn


def find_choice(
    scenario: Scenario, state: State, name: str | None = None, option: str = ""
) -> Choice:
    """Return the open choice of this name; without a name, the one that can be meant.

    Raises
    ------
    DecisionError
        No such choice is open, or several could be meant; says which are open.
    """
    choices = {choice.id: choice for choice in open_choices(scenario, state)}
    if name is None and not choices:
        raise DecisionError("Nothing is left to decide; the exercise is over.")
    if name is None:
        meant = [c for c in choices.values() if option in c.options] or list(choices.values())
        if len(meant) > 1:
            raise DecisionError(f"Say which choice you mean: {', '.join(choices)}.")
        return meant[0]
    if name in choices:
        return choices[name]
    allowed = f"Open now: {', '.join(choices)}." if choices else "Nothing is open now."
    if name in scenario.choices:
        raise DecisionError(f"'{name}' cannot be decided now. {allowed}")
    hint = suggestion(name, scenario.choices)
    raise DecisionError(f"No choice is called '{name}'. {hint} {allowed}")


def open_options(choice: Choice, known: Assignment) -> tuple[Option, ...]:
    """Return the options of a choice whose condition holds.

    Raises
    ------
    ScenarioError
        No option is open: the scenario has a dead end here.
    """
    found = tuple(option for option in choice.options.values() if option.when.holds(known))
    if not found:
        cause = f"Choice '{choice.id}' has no open option."
        remedy = "Let at least one option have no `when`."
        raise ScenarioError([Problem("scenario", cause, remedy)])
    return found


def odds(variable: Variable, known: Assignment) -> dict[str, float]:
    """Return the odds of a variable's values, given what is known.

    The first ``given`` rule that holds wins. Closed options get nothing; the rest is rescaled to
    add up to 1, evenly where their odds are all zero.
    """
    rule = next((rule for rule in variable.given if rule.when.holds(known)), None)
    plain = dict(rule.odds if rule else variable.odds)
    if isinstance(variable, Choice):
        options = [option.id for option in open_options(variable, known)]
    else:
        options = list(variable.domain)
    total = math.fsum(plain[option] for option in options)
    even = 1 / len(options)
    return {
        value: 0.0 if value not in options else plain[value] / total if total else even
        for value in variable.domain
    }


def draw(variable: Variable, known: Assignment, rng: random.Random) -> str:
    """Return one value of a variable, drawn by its odds."""
    chances = odds(variable, known)
    return rng.choices(list(chances), weights=list(chances.values()))[0]


def settle(scenario: Scenario, state: State, at: str = "") -> tuple[State, tuple[Event, ...]]:
    """Return the state after everything that chance decides now, and the draws that led there."""
    draws: list[Event] = []
    while (due := pending(scenario, state)) and not is_played(state, due):
        value = draw(due, state.known, luck(state.seed or 0, due.id))
        draws.append(Event(state.seq + 1, "draw", due.id, value, at=at))
        state = apply(scenario, state, draws[-1])
    return state, tuple(draws)


def luck(seed: int, name: str) -> random.Random:
    """Return the source of chance of one variable.

    It depends on the seed and the variable's name only, so that two futures of one play meet
    the same luck and a withdrawn decision does not reshuffle it.
    """
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    return random.Random(int.from_bytes(digest[:8], "big"))


def current_move(scenario: Scenario, state: State) -> Move | None:
    """Return the move in play, or None when only the end is left."""
    variable = pending(scenario, state)
    if variable is None:
        return None
    move = scenario.move_of(variable.id)
    return None if move == END else scenario.moves[move]


def reached_moves(scenario: Scenario, state: State) -> tuple[Move, ...]:
    """Return the moves opened so far, the current one last."""
    current, moves = current_move(scenario, state), tuple(scenario.moves.values())
    return moves if current is None else moves[: moves.index(current) + 1]


def visible_injects(
    scenario: Scenario, state: State, roles: Iterable[str] | None = None
) -> tuple[tuple[Move, Inject], ...]:
    """Return the injects delivered so far to any of ``roles`` (default: the played ones)."""
    readers = set(state.roles if roles is None else roles)
    return tuple(
        (move, inject)
        for move in reached_moves(scenario, state)
        for inject in move.injects
        if readers & set(inject.to) and inject.when.holds(state.known)
    )


def state_hash(scenario: Scenario, state: State) -> str:
    """Return a hash of scenario and state that is the same on every machine."""
    content = [scenario.fingerprint, sorted(state.roles), list(state.known.items())]
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def check_roles(scenario: Scenario, roles: tuple[str, ...]) -> None:
    """Refuse roles that nobody can play.

    Raises
    ------
    DecisionError
        A role does not exist or decides nothing; says which can be played.
    """
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


def _withdraw(scenario: Scenario, state: State, event: Event) -> State:
    """Drop the decision ``ref`` and every entry after it: later ones may lean on it."""
    places = {entry.seq: place for place, entry in enumerate(state.entries)}
    if event.ref not in places:
        raise DecisionError(f"There is no decision {event.ref} to withdraw.")
    place = places[event.ref]
    if not is_played(state, scenario.variables[state.entries[place].name]):
        raise DecisionError("Only a decision can be withdrawn, not what chance brought.")
    return replace(state, entries=state.entries[:place], seq=event.seq)
