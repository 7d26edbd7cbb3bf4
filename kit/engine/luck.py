"""Chance: one source of luck for each variable, so that two futures meet the same."""

from __future__ import annotations

import hashlib
import random

from kit.engine.choices import odds
from kit.engine.rules import apply
from kit.engine.state import State, is_played, pending
from kit.log import Event
from kit.scenario import Assignment, Scenario, Variable


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
