"""The events of a play: the only thing stored; state, report and replay derive from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from kit.errors import DecisionError

KINDS = ("start", "decide", "draw", "withdraw", "note")


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log.

    ``start`` names the played ``roles`` and the ``seed`` of chance; ``decide`` and ``draw`` give
    a variable (``name``) its ``value``; ``withdraw`` takes back the event ``ref`` and all that
    followed from it; ``note`` is an observation. ``at`` is a time, never part of the state.
    """

    seq: int
    kind: str
    name: str = ""
    value: str = ""
    role: str = ""
    note: str = ""
    confidence: int | None = None
    evidence: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    seed: int | None = None
    ref: int | None = None
    at: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the fields that are set, as JSON values."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        lists = {k: list(v) for k, v in values.items() if isinstance(v, tuple) and v}
        return {k: lists.get(k, v) for k, v in values.items() if v not in ("", (), None)}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Event:
        """Return the event of a JSON object.

        Raises
        ------
        DecisionError
            An unknown key or kind, or a value of the wrong type.
        """
        text, number, texts = (str,), (int, type(None)), (list, tuple)
        kinds: dict[str, tuple[type, ...]] = {f.name: text for f in fields(cls)}
        kinds |= {"seq": (int,), "confidence": number, "seed": number, "ref": number}
        kinds |= {"evidence": texts, "roles": texts}
        for key, value in raw.items():
            if key not in kinds:
                raise DecisionError(f"An event cannot have the field '{key}'.")
            if not isinstance(value, kinds[key]) or isinstance(value, bool):
                raise DecisionError(f"The field '{key}' of an event has the wrong kind of value.")
            if kinds[key] is texts and not all(isinstance(item, str) for item in list(raw[key])):
                raise DecisionError(f"The field '{key}' of an event must be a list of texts.")
        if "seq" not in raw or raw.get("kind") not in KINDS:
            raise DecisionError(f"An event needs a seq and one of the kinds {', '.join(KINDS)}.")
        tuples = {k: tuple(raw[k]) for k in ("evidence", "roles") if k in raw}
        return cls(**{**raw, **tuples})
