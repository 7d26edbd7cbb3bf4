"""What is typed but not committed, and the facilitator's clock: checked before it is kept.

Both live in the draft of a saved play, so that a page that is loaded again and a cell that is run
again find them.
"""

from __future__ import annotations

from typing import Any

from kit.errors import DecisionError
from kit.widgets.panel import Message, number, percent, text, texts

TEXTS = ("choice", "option", "note", "change_mind")
DAY_S = 86_400.0
MOST_VOTES = 100_000


def checked(draft: Message) -> dict[str, Any]:
    """Return what was typed but not committed, checked; unknown parts are dropped.

    Raises
    ------
    DecisionError
        A part of it is of a wrong form.
    """
    kept: dict[str, Any] = {key: text(draft, key) for key in TEXTS}
    kept |= {"confidence": percent(draft, "confidence"), "evidence": texts(draft, "evidence")}
    kept |= {"votes": votes(draft), "predictions": _predictions(draft), "clock": clock(draft)}
    return {key: value for key, value in kept.items() if key in draft}


def votes(message: Message) -> dict[str, int]:
    """Return how many hands went up for each option; a missing count is none.

    Raises
    ------
    DecisionError
        A count is no whole number from 0 up.
    """
    raw = message.get("votes") or {}
    fits = isinstance(raw, dict) and all(
        isinstance(name, str) and type(count) is int and 0 <= count <= MOST_VOTES
        for name, count in raw.items()
    )
    if not fits:
        raise DecisionError(f"Votes must be whole numbers from 0 to {MOST_VOTES:,}.")
    return dict(raw)


def clock(message: Message) -> dict[str, Any] | None:
    """Return the clock of a move: seconds left, and when it ends if it runs.

    ``left`` is in seconds; ``ends`` in milliseconds since 1970 as browsers count them, or None
    while the clock stands still.

    Raises
    ------
    DecisionError
        It is no clock.
    """
    raw = message.get("clock")
    if raw is None:
        return None
    if not isinstance(raw, dict):
        raise DecisionError("The clock must have a move and the seconds left.")
    left, ends = number(raw, "left"), number(raw, "ends")
    if left is None or not 0 <= left <= DAY_S:
        raise DecisionError("The clock must have between no second and a day left.")
    return {"move": text(raw, "move"), "left": left, "ends": ends}


def _predictions(draft: Message) -> dict[str, dict[str, float | None]]:
    """Return numbers typed for predictions that are not sealed yet."""
    raw = draft.get("predictions") or {}
    if not isinstance(raw, dict) or not all(isinstance(one, dict) for one in raw.values()):
        raise DecisionError("Predictions must be numbers for each question.")
    ends = ("probability", "low", "high")
    return {str(name): {end: number(one, end) for end in ends} for name, one in raw.items()}
