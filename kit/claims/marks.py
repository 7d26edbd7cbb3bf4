"""The log of a reading: marks and withdrawals, append-only, and the file that keeps them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from kit import savefile
from kit.claims.record import PATHS, VERDICTS
from kit.errors import DecisionError, FileProblems, Problem, StoreError

FORMAT = savefile.Format("tabletop-kit reading", 1)
FILE = "read-the-article.json"
LONGEST = 2_000  # characters of one note
KINDS = ("mark", "withdraw")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log: a committed mark, or the withdrawal of the mark of a claim.

    ``sure`` is the probability, in percent, that the learner gives to ``verdict`` being the
    record's; ``at`` is a time and never part of the score.
    """

    seq: int
    kind: str
    claim: str
    verdict: str = ""
    sure: int | None = None
    note: str = ""
    at: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the fields that are set, as JSON values."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {key: value for key, value in values.items() if value not in ("", None)}


@dataclass(frozen=True, slots=True)
class State:
    """What a log leads to.

    ``first`` and ``standing`` are the first mark and the one in force of each claim. A first mark
    was made before its verdict was seen, any later one after.
    """

    seq: int = 0
    first: Mapping[str, Entry] = field(default_factory=dict)
    standing: Mapping[str, Entry] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    """What the file holds: the log, the path chosen, and what was typed but not committed."""

    log: tuple[Entry, ...] = ()
    path: str = "short"
    drafts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class ReadingProblems(FileProblems, StoreError):
    """A file that holds no reading."""


def apply(state: State, entry: Entry, known: Collection[str]) -> State:
    """Return the state after one more entry.

    Parameters
    ----------
    state
        Where the log stands.
    entry
        The next line.
    known
        Ids of the claims there are.

    Raises
    ------
    DecisionError
        The entry is not possible now; the message says what is.
    """
    if entry.kind not in KINDS or entry.seq != state.seq + 1 or entry.claim not in known:
        raise DecisionError(f"Line {state.seq + 1} of the log cannot follow the one before.")
    standing, first = dict(state.standing), dict(state.first)
    held = standing.get(entry.claim)
    if entry.kind == "withdraw":
        if held is None:
            raise DecisionError(f"There is no mark on {entry.claim} to withdraw.")
        del standing[entry.claim]
        return State(entry.seq, first, standing)
    if held is not None:
        raise DecisionError(
            f"{entry.claim} is already marked: {VERDICTS[held.verdict].label}, {held.sure} % "
            "sure. A committed mark does not change; you can withdraw it, and the log keeps both."
        )
    if entry.verdict not in VERDICTS:
        raise DecisionError(
            f"There is no verdict {entry.verdict!r}. Choose one of: {', '.join(VERDICTS)}."
        )
    if (
        isinstance(entry.sure, bool)
        or not isinstance(entry.sure, int)
        or not 0 <= entry.sure <= 100
    ):
        raise DecisionError(
            "Say how sure you are that your verdict is right: a whole number from 0 to 100 "
            "(percent)."
        )
    standing[entry.claim] = entry
    first.setdefault(entry.claim, entry)
    return State(entry.seq, first, standing)


def replay(log: Iterable[Entry], known: Collection[str]) -> State:
    """Return the state that a log leads to.

    Raises
    ------
    DecisionError
        A line of the log is not possible where it stands.
    """
    state = State()
    for entry in log:
        state = apply(state, entry, known)
    return state


def clean(note: object) -> str:
    """Return a note without what no file can hold.

    Raises
    ------
    DecisionError
        It is no text, or too long.
    """
    if not isinstance(note, str):
        raise DecisionError("A note must be text.")
    if len(note) > LONGEST:
        raise DecisionError(f"A note may have {LONGEST:,} characters; this one has {len(note):,}.")
    return savefile.storable(note)


def to_text(saved: Saved) -> str:
    """Return the JSON text of a reading, one entry a line."""
    drafts = {key: dict(draft) for key, draft in saved.drafts.items()}
    head = {"path": saved.path, "drafts": drafts}
    return savefile.log_text(FORMAT, head, [entry.to_json() for entry in saved.log])


def parse(text: str, known: Collection[str], file: str = FILE) -> Saved:
    """Return the reading in a JSON text.

    Raises
    ------
    StoreError
        The text is no reading of this format, or its log is not possible; says what is wrong.
    """
    stranger = "It does not hold marks on the article's claims."
    raw = savefile.parse_log(text, FORMAT, stranger, lambda cause: _refuse(file, cause))
    if not isinstance(raw.get("log"), list) or raw.get("path") not in PATHS:
        raise _refuse(file, "'log' or 'path' is missing or of the wrong kind.")
    drafts = raw.get("drafts")
    kept = drafts if isinstance(drafts, dict) else {}
    try:
        log = tuple(_entry(item) for item in raw["log"])
        replay(log, known)
        return Saved(log, raw["path"], {k: clean_draft(v) for k, v in kept.items() if k in known})
    except DecisionError as cause:
        raise _refuse(file, f"Its log is damaged. {cause}") from None


def clean_draft(raw: object) -> dict[str, Any]:
    """Return what may be kept of a mark not committed yet: verdict, sure and note.

    Raises
    ------
    DecisionError
        The note is no text or too long; anything else that is wrong is left out.
    """
    if not isinstance(raw, Mapping):
        return {}
    kept: dict[str, Any] = {}
    if isinstance(raw.get("verdict"), str) and raw["verdict"] in VERDICTS:
        kept["verdict"] = raw["verdict"]
    sure = raw.get("sure")
    if isinstance(sure, int) and not isinstance(sure, bool) and 0 <= sure <= 100:
        kept["sure"] = sure
    if note := clean(raw.get("note", "")):
        kept["note"] = note
    return kept


def _entry(raw: object) -> Entry:
    kinds: dict[str, type] = {f.name: str for f in fields(Entry)} | {"seq": int, "sure": int}
    if not isinstance(raw, dict) or not {"seq", "kind", "claim"} <= raw.keys() <= kinds.keys():
        raise DecisionError("A line of the log has too few or unknown fields.")
    for key, value in raw.items():
        if not isinstance(value, kinds[key]) or isinstance(value, bool):
            raise DecisionError(f"The field '{key}' of the log has the wrong kind of value.")
    return Entry(**{**raw, "note": clean(raw.get("note", ""))})


def _refuse(file: str, cause: str) -> ReadingProblems:
    remedy = "It was not used; it is kept under another name when your next mark is saved."
    return ReadingProblems([Problem(file, cause, remedy)])
