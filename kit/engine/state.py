"""Where a play stands, and what can be read from that: never what may come next."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from kit.scenario import END, Choice, Inject, Move, Scenario, Variable


@dataclass(frozen=True, slots=True)
class Entry:
    """A variable that has become known: by which event, and to which value."""

    seq: int
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class State:
    """What is settled so far, in order; everything else is derived.

    ``predicted`` are the predictions answered or passed, ``begun`` the moves in which a decision
    was ever taken, also one taken back later: their predictions are closed.
    """

    roles: tuple[str, ...] = ()
    seed: int | None = None
    entries: tuple[Entry, ...] = ()
    seq: int = 0
    predicted: tuple[str, ...] = ()
    begun: tuple[str, ...] = ()

    @property
    def known(self) -> dict[str, str]:
        """Return the assignments made so far."""
        return {entry.name: entry.value for entry in self.entries}


def pending(scenario: Scenario, state: State) -> Variable | None:
    """Return the first variable that is not yet known, or None when the exercise is over."""
    known = state.known
    return next((v for name, v in scenario.variables.items() if name not in known), None)


def is_played(state: State, variable: Variable) -> bool:
    """Return whether a learner sets this variable in this play."""
    return isinstance(variable, Choice) and variable.role in state.roles


def split(scenario: Scenario, state: State) -> tuple[dict[str, str], dict[str, str]]:
    """Return what is known in two parts: what played roles decided, and what chance settled."""
    decided, drawn = dict[str, str](), dict[str, str]()
    for name, value in state.known.items():
        (decided if is_played(state, scenario.variables[name]) else drawn)[name] = value
    return decided, drawn


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
