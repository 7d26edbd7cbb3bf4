"""Whether an agreement stands on a given day, and which agreements pass the filters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from kit import tables
from kit.plots import record
from kit.tables import Record

FALLEN = {"suspended": "suspended", "nullified": "declared void by one side",
          "superseded": "superseded", "terminated": "ended"}  # fmt: skip
DOWN = {*FALLEN, "partly-suspended"}
PAUSED = ("suspended", "nullified")

State = Literal["before", "stands", "paused", "over"]


def begins(row: Record) -> dt.date:
    """Return the day from which an agreement holds: in force or at work, else signed."""
    found: dt.date = row["entered_into_force"] or row["signed_or_announced"]
    return found


def ends(row: Record, changes: Sequence[Record]) -> dt.date | None:
    """Return the day from which an agreement no longer stands undisputed; None if it still does.

    Parameters
    ----------
    row
        Row of the table ``agreements``.
    changes
        Rows of the table ``agreement_status``.
    """
    since: dt.date | None = None
    for change in changes:
        if change["agreement_id"] == row["agreement_id"]:
            down = change["standing"] in DOWN
            since = (since or change["since"]) if down else None
    return since


def state(row: Record, day: dt.date, end: dt.date | None) -> State:
    """Return how an agreement stands on a day; ``end`` as :func:`ends` gives it."""
    if day < begins(row):
        return "before"
    if end is None or day < end:
        return "stands"
    return "paused" if row["status"] in PAUSED else "over"


def filter_agreements(rows: Sequence[Record], chosen: record.Filters) -> tuple[Record, ...]:
    """Return the agreements that pass the filters of party, years, article, sources and words.

    Years keep what was signed by the last of them and had not ended before the first; categories
    and codes of events do not apply.
    """
    cited = record.source_kinds("agreement_id") if chosen.kinds else {}
    changes = tables.records("agreement_status") if chosen.years else ()
    columns = ("name", "short_name", "summary", "notes", "agreement_id", "obligations")

    def sourced(row: Record) -> bool:
        return not chosen.kinds or bool(cited.get(row["agreement_id"], set()) & {*chosen.kinds})

    def lives(row: Record) -> bool:
        if not chosen.years:
            return True
        end = ends(row, changes)
        first, last = chosen.years
        return row["signed_or_announced"].year <= last and (end is None or end.year >= first)

    return tuple(
        row
        for row in rows
        if (not chosen.actor or chosen.actor in row["parties"])
        and lives(row)
        and (chosen.article is None or chosen.article == record.in_article(row))
        and sourced(row)
        and record.says(row, chosen.text, columns)
    )
