"""The events of a play: the only thing stored; state, report and replay derive from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from kit.errors import DecisionError

KINDS = ("start", "predict", "decide", "draw", "withdraw", "note", "rate", "plan")
MODES = ("solo", "hot-seat", "room")
RATINGS = ("P", "S", "M", "U")
OBSERVATIONS = ("", "strength", "area")


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log.

    ``start`` names the played ``roles``, the ``mode`` of play and the ``seed`` of chance.
    ``predict`` answers the prediction ``name``: percent, ``low..high`` or nothing for a pass,
    sealed. ``decide`` and ``draw`` give a variable (``name``) its ``value``; ``votes`` are a
    room's hands for each option. ``withdraw`` takes back the event ``ref`` and all that followed
    from it. ``note`` is an observation, a strength or an area for improvement by its ``name``;
    ``rate`` gives the objective ``name`` a rating; ``plan`` is an entry of the improvement plan:
    the action in ``note``, its ``owner``, and the day ``due``. A note or plan with a ``ref``
    replaces that entry, without words it removes it. ``at`` is a time, never part of the state.
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
    mode: str = ""
    seal: str = ""
    salt: str = ""
    change_mind: str = ""
    votes: Mapping[str, int] = field(default_factory=dict, hash=False)
    owner: str = ""
    due: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the fields that are set, as JSON values."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        plain: dict[str, Any] = {k: list(v) for k, v in values.items() if isinstance(v, tuple)}
        plain["votes"] = dict(self.votes)
        return {k: plain.get(k, v) for k, v in values.items() if v not in ("", (), None, {})}

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
        kinds |= {"evidence": texts, "roles": texts, "votes": (dict,)}
        for key, value in raw.items():
            if key not in kinds:
                raise DecisionError(f"An event cannot have the field '{key}'.")
            if not isinstance(value, kinds[key]) or isinstance(value, bool):
                raise DecisionError(f"The field '{key}' of an event has the wrong kind of value.")
            if kinds[key] is texts and not all(isinstance(item, str) for item in list(raw[key])):
                raise DecisionError(f"The field '{key}' of an event must be a list of texts.")
        if not all(type(n) is int and n >= 0 for n in raw.get("votes", {}).values()):
            raise DecisionError("The votes of an event must be counts.")
        if "seq" not in raw or raw.get("kind") not in KINDS:
            raise DecisionError(f"An event needs a seq and one of the kinds {', '.join(KINDS)}.")
        tuples = {k: tuple(raw[k]) for k in ("evidence", "roles") if k in raw}
        return cls(**{**raw, **tuples})


def ratings(log: Iterable[Event]) -> dict[str, Event]:
    """Return the latest rating of each rated objective, by its id; people gave them."""
    return {event.name: event for event in log if event.kind == "rate"}


def entries(log: Iterable[Event], kind: str, name: str = "") -> tuple[Event, ...]:
    """Return the notes or plan entries that stand, each in its latest words, in order.

    Parameters
    ----------
    log
        The events of a play.
    kind
        ``note`` or ``plan``.
    name
        Which notes: plain ones, ``strength`` or ``area``.
    """
    standing: dict[int, Event] = {}
    first: dict[int, int] = {}
    for event in log:
        if event.kind != kind:
            continue
        place = event.seq if event.ref is None else first.get(event.ref, event.seq)
        first[event.seq] = place
        standing[place] = event
    return tuple(e for e in standing.values() if e.note and e.name == name)
