"""How hard an English text is to read: the grade of Flesch and Kincaid, by a stated rule.

A word is a run of letters, digits, apostrophes and hyphens. Its syllables are its groups of
vowels (a, e, i, o, u, y), without a silent e at the end, at least one; a word with a digit counts
as one. A sentence ends with ``.``, ``!`` or ``?`` before a space or the end, and so does the text.
The grade is 0.39 times words a sentence, plus 11.8 times syllables a word, less 15.59: roughly the
years of school after which a text is easy. Below about 40 words it says little.
"""

from __future__ import annotations

import re

WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9'’\-]*")
SENTENCE = re.compile(r"[.!?]+(?=\s|$)")
VOWELS = re.compile(r"[aeiouy]+")


def words(text: str) -> int:
    """Return the number of words of a text.

    Examples
    --------
    >>> words("Three radars, one picture: 20-minute drill.")
    6
    """
    return len(WORD.findall(text))


def syllables(word: str) -> int:
    """Return the number of syllables of a word by the rule of this module.

    Examples
    --------
    >>> [syllables(word) for word in ("share", "table", "radar", "1994", "see")]
    [1, 2, 2, 1, 1]
    """
    plain = word.lower()
    if any(letter.isdigit() for letter in plain):
        return 1
    groups = len(VOWELS.findall(plain))
    silent = plain.endswith("e") and not plain.endswith(("le", "ee", "ye", "ie"))
    return max(1, groups - silent)


def grade(text: str) -> float:
    """Return the grade of Flesch and Kincaid; 0 for a text without words.

    Examples
    --------
    >>> grade("The cat sat on the mat.")
    -1.45
    """
    found, sentences, spoken = _counted(text)
    if not found:
        return 0.0
    return round(0.39 * found / sentences + 11.8 * spoken / found - 15.59, 2)


def ease(text: str) -> float:
    """Return Flesch's reading ease; 0 for a text without words.

    206.835 less 1.015 times words a sentence, less 84.6 times syllables a word, with words,
    sentences and syllables counted by the rule of this module. 100 is very easy, 0 very hard;
    plain English for everybody lies at about 60 to 70.

    Examples
    --------
    >>> ease("The cat sat on the mat.")
    116.1
    """
    found, sentences, spoken = _counted(text)
    if not found:
        return 0.0
    return round(206.835 - 1.015 * found / sentences - 84.6 * spoken / found, 1)


def _counted(text: str) -> tuple[int, int, int]:
    """Return the number of words, sentences and syllables of a text."""
    found = WORD.findall(text)
    sentences = sum(bool(WORD.search(part)) for part in SENTENCE.split(text))
    return len(found), sentences, sum(syllables(word) for word in found)
