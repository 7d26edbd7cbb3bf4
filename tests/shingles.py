"""Finds runs of seven words that a text shares with the article under study.

The article is not part of the repository. ``article_shingles.txt`` holds a hash of each run of
seven consecutive words of its body, which is enough to find a copied passage and too little to
read the article.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache
from pathlib import Path

LENGTH = 7
HASHES = Path(__file__).with_name("article_shingles.txt")


def words(text: str) -> list[str]:
    """Return the lower-case words of a text, so that `U.S.` is `us` and `real-time` two words."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"['\N{RIGHT SINGLE QUOTATION MARK}]|(?<=\b\w)\.(?=\w\b|\W|$)", "", text)
    return re.findall(r"[^\W_]+", text)


def shingles(text: str) -> dict[str, str]:
    """Return every run of seven words of a text by its hash."""
    found = words(text)
    runs = (" ".join(found[i : i + LENGTH]) for i in range(len(found) - LENGTH + 1))
    return {hashlib.sha256(run.encode()).hexdigest()[:16]: run for run in runs}


@cache
def article() -> frozenset[str]:
    """Return the hashes of the article's runs."""
    return frozenset(HASHES.read_text(encoding="ascii").split())


def shared(text: str) -> list[str]:
    """Return the runs of seven words that a text has in common with the article."""
    return [run for key, run in shingles(text).items() if key in article()]
