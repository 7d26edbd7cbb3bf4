"""The columns of an MSEL: what they are called here, and what other exercise staff call them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in the kit, its header, its meaning, and other names for it.

    ``width`` is in characters. ``needed`` columns must be in any sheet that is read.
    """

    key: str
    header: str
    about: str
    others: tuple[str, ...]
    width: int
    needed: bool = False


COLUMNS = (
    Column("number", "Number", "Running number.",
           ("no", "nr", "#", "inject number", "inject no", "inject #", "event number", "event no",
            "event #", "msel number", "msel no", "msel #", "serial", "serial number", "item"), 8),
    Column("time", "Time", "Hours and minutes since the exercise began, or the time of day.",
           ("elapsed", "elapsed time", "clock", "clock time", "exercise time", "event time",
            "inject time", "scheduled time", "planned time", "delivery time", "start time",
            "time of day", "ex time", "dtg"), 8),
    Column("from", "From", "Who sends it.",
           ("sender", "source", "simulated sender", "from sender", "originator", "simulated by",
            "injected by", "from role"), 20),
    Column("to", "To", "Roles that receive it, with semicolons between them.",
           ("recipient", "recipients", "receiver", "receivers", "recipient player",
            "recipient players", "audience", "target", "target audience", "training audience",
            "players", "player", "for", "to role", "to roles"), 20, True),
    Column("channel", "Channel", "cable, press, phone or sensor.",
           ("method", "delivery method", "mode", "means", "medium", "media", "inject mode",
            "inject method", "method of delivery", "delivery", "type of delivery", "via"), 10),
    Column("text", "Inject", "What the roles read or hear.",
           ("text", "message", "inject text", "inject description", "description", "event",
            "event description", "inject content", "content", "inject message", "narrative",
            "message text", "event inject"), 60, True),
    Column("expected_action", "Expected action", "What a well-prepared role would do.",
           ("expected actions", "expected response", "expected responses", "expected outcome",
            "expected outcomes", "expected player action", "expected player actions",
            "expected player response", "anticipated response", "anticipated action",
            "expected result", "desired response"), 40),
    Column("objective", "Objective", "The objective it serves.",
           ("objectives", "exercise objective", "exercise objectives", "learning objective",
            "training objective", "objective supported", "objectives supported"), 12),
    Column("notes", "Notes", "For the facilitator.",
           ("note", "remarks", "remark", "comments", "comment", "controller notes",
            "facilitator notes", "notes for facilitator"), 40),
    Column("move", "Move", "The move it belongs to.",
           ("phase", "exercise phase", "stage", "module", "turn", "part", "vignette", "block"),
           14),
    Column("minute", "Minute", "Minutes after the move opens.",
           ("minute of move", "minutes", "minutes into move", "min", "minute in move"), 8),
    Column("when", "When", "Condition: name = value | value; name = value.",
           ("condition", "conditions", "trigger", "only if", "if"), 24),
    Column("evidence", "Evidence", "Ids of events or agreements, with semicolons between them.",
           ("evidence ids", "references", "reference", "sources"), 24),
    Column("id", "Id", "Short name, used once.",
           ("inject id", "key", "identifier"), 14),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS}


def plain(header: object) -> str:
    """Return a header without case, punctuation and odd spaces, as names are compared."""
    text = re.sub(r"\(.*?\)|[\[\]:.*_/\\-]", " ", str(header or "").lower())
    return " ".join(text.split())


_KEYS = {plain(name): c.key for c in COLUMNS for name in (c.header, c.key, *c.others)}


def match(header: Sequence[object]) -> dict[str, int]:
    """Return where each known column stands in a header; the first of two wins."""
    found: dict[str, int] = {}
    exact = {plain(column.header): column.key for column in COLUMNS}
    for names in (exact, _KEYS):  # the kit's own headers come first, whatever their order
        for place, name in enumerate(header):
            key = names.get(plain(name))
            if key and place not in found.values():
                found.setdefault(key, place)
    return found
