"""Everything a learner sees, as plain text: the way to play without widgets.

Pure functions of scenario and state; the terminal, the notebooks' checkpoints and the report's
plain parts all use them.
"""

from __future__ import annotations

from kit.text.comparison import beside, change, gained, method, parting, results
from kit.text.play import briefs, computed, decisions, inject_text, newly_known, review, situation
from kit.text.predictions import came, foresight, kind, questions, spoken
from kit.text.words import (
    BASES,
    CHANNELS,
    EXERCISE_MARK,
    MODEL_MARK,
    MODES,
    RATINGS,
    number,
    signed,
    table,
)

__all__ = [
    "BASES",
    "CHANNELS",
    "EXERCISE_MARK",
    "MODEL_MARK",
    "MODES",
    "RATINGS",
    "beside",
    "briefs",
    "came",
    "change",
    "computed",
    "decisions",
    "foresight",
    "gained",
    "inject_text",
    "kind",
    "method",
    "newly_known",
    "number",
    "parting",
    "questions",
    "results",
    "review",
    "signed",
    "situation",
    "spoken",
    "table",
]
