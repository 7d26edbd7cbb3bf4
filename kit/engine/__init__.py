"""The rules of play: pure functions from a log to a state, and from a state to what comes next.

The log is the only thing that is kept; the state is a fold over it (:func:`replay`). Variables
become known strictly in the order of :attr:`Scenario.variables`, except that choices of one move
may be taken in any order when none of them looks at another.
"""

from __future__ import annotations

from kit.engine.choices import find_choice, odds, open_choices, open_options
from kit.engine.foresight import answer, said, seal, unpredicted
from kit.engine.futures import Difference, Futures, compare, fork, shared
from kit.engine.luck import draw, luck, settle
from kit.engine.rules import apply, check_start, replay
from kit.engine.state import (
    Entry,
    State,
    current_move,
    is_played,
    pending,
    reached_moves,
    split,
    state_hash,
    visible_injects,
)

__all__ = [
    "Difference",
    "Entry",
    "Futures",
    "State",
    "answer",
    "apply",
    "check_start",
    "compare",
    "current_move",
    "draw",
    "find_choice",
    "fork",
    "is_played",
    "luck",
    "odds",
    "open_choices",
    "open_options",
    "pending",
    "reached_moves",
    "replay",
    "said",
    "seal",
    "settle",
    "shared",
    "split",
    "state_hash",
    "unpredicted",
    "visible_injects",
]
