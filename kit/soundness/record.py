"""Codes 6xx: marks of history and codes of options, held against the record."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass

from kit import tables
from kit.errors import DataError
from kit.scenario import Choice, Option
from kit.soundness.case import Case

COOPERATION, CONFLICT = "cooperation", "conflict"


@dataclass(frozen=True, slots=True)
class Deed:
    """What an event or agreement of the record says: when it was, who acted, how it is coded.

    ``last`` is the last day on which it may have been, where only the month or year is known.
    """

    last: dt.date
    actors: tuple[str, ...]
    cameo: str


@dataclass(frozen=True, slots=True)
class Record:
    """The record as far as marks of history need it."""

    deeds: dict[str, Deed]
    actors: frozenset[str]
    quads: dict[str, str]
    sources: frozenset[str]


def known_on() -> dict[str, str]:
    """Return the day (ISO) on which each event or agreement became known.

    Raises
    ------
    DataError
        The events, agreements or citations have problems.
    """
    return {name: item.known_on.isoformat() for name, item in tables.evidence().items()}


def read() -> Record | None:
    """Return the record, or None where its tables have problems; `kit check` reports those."""
    with suppress(DataError):
        deeds = {
            row["event_id"]: Deed(
                _last(row["date"], row["date_precision"]),
                row["initiators"] or (),
                row["cameo"] or "",
            )
            for row in tables.records("events")
        }
        for row in tables.records("agreements"):
            day = _last(row["signed_or_announced"], row["signed_or_announced_precision"])
            deeds[row["agreement_id"]] = Deed(day, row["parties"] or (), "")
        quads = {
            r["code"]: r["quad"] or "" for r in tables.records("codes") if r["scheme"] == "cameo"
        }
        return Record(deeds, tables.ids("actors"), quads, tables.ids("sources"))
    return None


def _last(day: dt.date, precision: str) -> dt.date:
    """Return the last day that a date of this precision can mean."""
    if precision == "day":
        return day
    if precision == "year":
        return dt.date(day.year, 12, 31)
    following = day.replace(day=28) + dt.timedelta(days=4)
    return following - dt.timedelta(days=following.day)


def check(case: Case, record: Record) -> None:
    """Report options whose codes do not exist, and marks that the record contradicts."""
    for choice in case.scenario.choices.values():
        for option in choice.options.values():
            cameo = option.codes.get("cameo", "")
            if cameo and cameo not in record.quads:
                cause = f"No CAMEO code is '{cameo}' in the code list of the record."
                path = (*case.value(choice.id, option.id), "codes", "cameo")
                case.report("TTX604", f"{choice.id}={option.id}", path, cause)
            if option.record:
                _mark(case, record, choice, option)
    for place, reading in enumerate(case.scenario.further_reading):
        if reading.source not in record.sources:
            cause = f"No source of the record is called '{reading.source}'."
            path = ("further_reading", place, "source")
            case.report("TTX606", reading.source, path, cause)


def _mark(case: Case, record: Record, choice: Choice, option: Option) -> None:
    """Report what the event or agreement of a mark says against it."""
    path = (*case.value(choice.id, option.id), "history")
    subject = f"{choice.id}={option.id}"
    deed = record.deeds.get(option.record)
    if deed is None:
        cause = f"The mark of history names '{option.record}', which the record does not have."
        case.report("TTX605", subject, path, cause)
        return
    opened = case.scenario.moves[choice.move].as_of
    if deed.last.isoformat() < opened:
        cause = (
            f"'{option.record}' was over by {deed.last}, but '{choice.id}' is decided on {opened}."
        )
        case.report("TTX601", subject, path, cause)
    actor = choice.role.upper()
    if actor in record.actors and actor not in deed.actors:
        names = ", ".join(deed.actors) or "nobody"
        cause = (
            f"'{option.record}' was done by {names}, not by {actor}, who decides '{choice.id}'."
        )
        case.report("TTX602", subject, path, cause)
    mine = _class(record, option.codes.get("cameo", ""))
    theirs = _class(record, deed.cameo)
    if mine and theirs and mine != theirs:
        cause = f"'{option.record}' is coded {deed.cameo} ({theirs}), the option "
        cause += f"{option.codes['cameo']} ({mine})."
        case.report("TTX603", subject, path, cause)


def _class(record: Record, cameo: str) -> str:
    """Return whether the root of a code stands for cooperation or conflict; nothing if unknown."""
    quad = record.quads.get(cameo[:2], "")
    return next((kind for kind in (COOPERATION, CONFLICT) if quad.endswith(kind)), "")
