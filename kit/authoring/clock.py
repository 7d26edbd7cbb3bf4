"""When injects come: the move and the minute of each row, from what the sheet says of time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kit.authoring import cells, rows
from kit.authoring.rows import Entry, Report

FIRST_HOUR = 60  # a sheet whose first inject comes later than this tells the time of day


@dataclass(frozen=True, slots=True)
class Slot:
    """A move of a scenario: its name, the minutes that pass before it, and its own."""

    id: str
    title: str
    before: int
    minutes: int


def into(
    entries: Sequence[Entry], moves: Sequence[int | None], slots: Sequence[Slot], start: int | None
) -> list[tuple[int, int] | None]:
    """Return move and minute of each row of a sheet that belongs to a scenario.

    ``moves`` holds the place of the move that each row names, or None. A row that says nothing
    usable has None; what is wrong is in its report.
    """
    minutes = [rows.minute(entry) for entry in entries]
    times = cells.rolled([rows.time(entry) for entry in entries])
    start = _start(entries, moves, minutes, times, slots, start)
    found: list[tuple[int, int] | None] = []
    for entry, move, minute, time in zip(entries, moves, minutes, times, strict=True):
        elapsed = None if time is None else time - start
        if move is None and elapsed is not None:
            move = _move_at(slots, elapsed)
        if move is None or (minute is None and elapsed is None):
            if not {"time", "minute"} & entry.values.keys():
                entry.wrong("time", "The row says no time.", "Write hours and minutes.")
            elif elapsed is not None:
                _outside(entry, slots, elapsed)
            elif not {"time", "move"} & entry.values.keys():  # else it is reported already
                entry.wrong("move", "The row names no move.", "Name the move of the minute.")
            found.append(None)
            continue
        slot = slots[move]
        if minute is None:
            assert elapsed is not None
            minute = elapsed - slot.before
            if not 0 <= minute <= slot.minutes:
                _outside(entry, slots, elapsed)
        elif elapsed is not None and elapsed != slot.before + minute:
            _contradicts(entry, slot, minute, start)
        found.append((move, minute))
    return found


def _start(
    entries: Sequence[Entry],
    moves: Sequence[int | None],
    minutes: Sequence[int | None],
    times: Sequence[int | None],
    slots: Sequence[Slot],
    start: int | None,
) -> int:
    """Return the time at which the exercise starts: as stated, as most rows say, or assumed."""
    if start is not None:
        return start
    complete = Counter(
        time - slots[move].before - minute
        for move, minute, time in zip(moves, minutes, times, strict=True)
        if move is not None and minute is not None and time is not None
    )
    if complete:
        return complete.most_common(1)[0][0]
    return first(times, entries[0].report if entries else None)


def first(times: Sequence[int | None], report: Report | None) -> int:
    """Return 0 for a sheet of elapsed times, else its earliest time, and say so."""
    earliest = min((time for time in times if time is not None), default=0)
    if earliest < FIRST_HOUR:
        return 0
    if report is not None:
        told = cells.write_time(earliest % cells.DAY)
        report.tell(
            f"Times are read as times of day; the exercise starts at {told}, the earliest."
        )
    return earliest


def _move_at(slots: Sequence[Slot], elapsed: int) -> int | None:
    """Return the move that is on; at the border of two, the later."""
    on = [i for i, s in enumerate(slots) if s.before <= elapsed <= s.before + s.minutes]
    return on[-1] if on else None


def _outside(entry: Entry, slots: Sequence[Slot], elapsed: int) -> None:
    spans = ", ".join(
        f"{s.id} {cells.write_time(s.before)} to {cells.write_time(s.before + s.minutes)}"
        for s in slots
    )
    told = cells.write_time(elapsed) if elapsed >= 0 else "before the exercise starts"
    entry.wrong("time", f"{told} lies outside the move.", f"The moves: {spans}.")


def _contradicts(entry: Entry, slot: Slot, minute: int, start: int) -> None:
    said = cells.write_time((slot.before + minute + start) % cells.DAY)
    cause = f"The time is not minute {minute} of move '{slot.id}', which is {said}."
    entry.wrong("time", cause, "Change both, or empty one of the two cells.")
