"""Finds runs of seven words that a text shares with the article under study; see kit.curation."""

from __future__ import annotations

from pathlib import Path

from kit.curation import wording
from kit.curation.wording import shingles, words

__all__ = ["article", "shared", "shingles", "words"]
DATA = Path(__file__).resolve().parents[1] / "data"


def article() -> frozenset[str]:
    """Return the hashes of the article's runs."""
    return wording.article(DATA)


def shared(text: str) -> list[str]:
    """Return the runs of seven words that a text has in common with the article."""
    return wording.shared(text, article())
