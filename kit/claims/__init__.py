"""The article on trial: its claims, the marks on them, and an honest score."""

from __future__ import annotations

from kit.claims.marks import FILE, Entry, State
from kit.claims.reading import Trial, trial
from kit.claims.record import PATHS, VERDICTS, Claim, Source, Verdict, claims, on_path
from kit.claims.score import Answer, Score

__all__ = [
    "FILE",
    "PATHS",
    "VERDICTS",
    "Answer",
    "Claim",
    "Entry",
    "Score",
    "Source",
    "State",
    "Trial",
    "Verdict",
    "claims",
    "on_path",
    "trial",
]
