"""Predictions: said and sealed before a move's first decision, never again.

A seal is a hash over what was said, a random salt, and all that was known at that moment. Shown
while the answer stays hidden, it proves later that the answer was not changed; a log in which a
prediction does not fit its seal is refused.
"""

from __future__ import annotations

import hashlib
import json
import math

from kit.engine.state import State, current_move
from kit.errors import DecisionError, suggestion
from kit.log import Event
from kit.scenario import Prediction, Scenario

RANGE = ".."


def unpredicted(scenario: Scenario, state: State) -> tuple[Prediction, ...]:
    """Return the predictions that may be answered now: before the first decision of their move."""
    move = current_move(scenario, state)
    if move is None or move.id in state.begun:
        return ()
    return tuple(p for p in move.predictions if p.id not in state.predicted)


def answer(
    prediction: Prediction, percent: float | None, low: float | None, high: float | None
) -> str:
    """Return what was predicted as the value of an event; empty when all are None, for a pass.

    Raises
    ------
    DecisionError
        The answer is of the wrong form for the question; says which is right.
    """
    if percent is None and low is None and high is None:
        return ""
    if prediction.asks_range:
        if percent is not None or low is None or high is None:
            raise DecisionError(
                f"'{prediction.id}' asks for a range; say its low and its high end."
            )
        value = f"{low:.12g}{RANGE}{high:.12g}"
    else:
        if percent is None or low is not None or high is not None:
            raise DecisionError(f"'{prediction.id}' asks how likely it is, in percent.")
        value = f"{percent:.12g}"
    said(prediction, value)
    return value


def said(prediction: Prediction, value: str) -> tuple[float, float] | None:
    """Return the low and the high end of an answer, equal for a percentage; None for a pass.

    Raises
    ------
    DecisionError
        It is neither a percentage from 0 to 100 nor a range, as the question asks.
    """
    if not value:
        return None
    ends = value.split(RANGE) if prediction.asks_range else [value, value]
    try:
        low, high = map(float, ends)
    except ValueError:
        low, high = math.nan, math.nan
    if prediction.asks_range:
        if not (math.isfinite(low) and math.isfinite(high) and low <= high):
            raise DecisionError(f"'{value}' is not a range from a low to a high number.")
    elif not 0 <= low <= 100:
        raise DecisionError(f"'{value}' is not a number from 0 to 100 percent.")
    return low, high


def seal(scenario: Scenario, state: State, event: Event) -> str:
    """Return the seal of a prediction: SHA-256 over the answer, its salt and what was known."""
    content = [scenario.fingerprint, state.seed, event.seq, event.name, event.value, event.salt]
    text = json.dumps([*content, list(state.known.items())], separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def check_prediction(scenario: Scenario, state: State, event: Event) -> None:
    """Refuse a prediction that is too late, malformed, or does not fit its seal.

    Raises
    ------
    DecisionError
        One of these; says which predictions may be answered now.
    """
    open_now = {p.id: p for p in unpredicted(scenario, state)}
    if event.name not in open_now:
        raise DecisionError(_closed(scenario, state, event.name, tuple(open_now)))
    said(open_now[event.name], event.value)
    if event.seal != seal(scenario, state, event):
        raise DecisionError(
            f"The prediction '{event.name}' does not fit its seal: it was changed afterwards."
        )


def _closed(scenario: Scenario, state: State, name: str, open_now: tuple[str, ...]) -> str:
    """Return why a prediction cannot be answered now."""
    allowed = f"Open now: {', '.join(open_now)}." if open_now else "None is open now."
    if name in state.predicted:
        return f"'{name}' was answered and sealed; a prediction is made once. {allowed}"
    every = [p.id for move in scenario.moves.values() for p in move.predictions]
    if name in every:
        when = "before the first decision of its move"
        return f"'{name}' cannot be answered now, only {when}. {allowed}"
    return f"No prediction is called '{name}'. {suggestion(name, every)} {allowed}"
