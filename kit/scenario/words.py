"""The address of every part of a scenario file, and which parts are words and which are logic.

An address names a part by ids, with dots between them: ``choices.reply.options.talks.text``.
Injects, predictions and choices stand under their own names, whatever their move; what has no id
is counted from 1: ``hot_wash.2``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kit.documents import Key

ANY = "*"
OF_MOVES = ("injects", "predictions", "choices")

# What only advanced readers get in other words; all of it, so that no level is half written.
LEVELED = (
    "summary", "roles.*.brief", "moves.*.situation", "injects.*.text", "predictions.*.question",
    "choices.*.question", "choices.*.context", "choices.*.options.*.text",
    "choices.*.options.*.tradeoff",
)  # fmt: skip
WORDS = (
    *LEVELED,
    "title", "objectives.*.text", "objectives.*.criteria.*", "roles.*.name", "roles.*.office",
    "measures.*.label", "measures.*.description", "assumptions.*.text", "assumptions.*.dissent",
    "uncertainties.*.question", "uncertainties.*.values.*", "uncertainties.*.why",
    "uncertainties.*.dissent", "moves.*.title", "injects.*.from", "injects.*.expected_action",
    "injects.*.notes", "choices.*.why", "effects.*.why", "plays.*.name", "hot_wash.*",
    "debrief.*", "misconceptions.*.belief", "misconceptions.*.answer", "further_reading.*.why",
    "silence.*.reason",
)  # fmt: skip

_PATTERNS = {pattern: tuple(pattern.split(".")) for pattern in WORDS}


def addresses(value: Mapping[str, Any]) -> dict[str, Key]:
    """Return the path of every part of a scenario file by its address, in the order of the file.

    Of two parts with one address the first counts.
    """
    found: dict[str, Key] = {}
    for names, path in _below(value, (), ()):
        found.setdefault(".".join(names), path)
    return found


def words(value: Mapping[str, Any], patterns: tuple[str, ...] = WORDS) -> dict[str, Key]:
    """Return the path of every text of a scenario file whose address fits one of the patterns."""
    return {
        address: path
        for address, path in addresses(value).items()
        if fits(address, patterns) and isinstance(text_at(value, path), str)
    }


def fits(address: str, patterns: tuple[str, ...]) -> bool:
    """Return whether an address fits one of the patterns, in which ``*`` stands for one name."""
    names = address.split(".")
    return any(
        len(pattern) == len(names)
        and all(part in (ANY, name) for part, name in zip(pattern, names, strict=True))
        for pattern in map(_PATTERNS.__getitem__, patterns)
    )


def text_at(value: Any, path: Key) -> Any:
    """Return the part of a file at a path."""
    for step in path:
        value = value[step]
    return value


def _below(value: Any, names: tuple[str, ...], path: Key) -> Iterator[tuple[tuple[str, ...], Key]]:
    if names:
        yield names, path
    if isinstance(value, Mapping):
        for key, part in value.items():
            here = (*names, key)
            if len(names) == 2 and names[0] == "moves" and key in OF_MOVES:
                here = (key,)
            yield from _below(part, here, (*path, key))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            known = isinstance(part, Mapping) and "id" in part
            name = part["id"] if known else str(place + 1)
            yield from _below(part, (*names, name), (*path, place))
