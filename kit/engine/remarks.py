"""What people add to a play: observations, ratings of objectives, an improvement plan."""

from __future__ import annotations

import datetime as dt

from kit.errors import DecisionError, suggestion
from kit.log import OBSERVATIONS, RATINGS, Event
from kit.scenario import Scenario


def check_remark(scenario: Scenario, event: Event) -> None:
    """Refuse a remark that nobody could read later; it changes nothing in the state.

    Raises
    ------
    DecisionError
        No such objective, rating, kind of observation or day; or a new entry without words.
    """
    if event.kind == "rate":
        _check_rating(scenario, event)
        return
    if event.kind == "note" and event.name not in OBSERVATIONS:
        raise DecisionError(f"'{event.name}' is no kind of note: strength or area.")
    if event.ref is not None and not 0 < event.ref < event.seq:
        raise DecisionError(f"There is no entry {event.ref} to replace.")
    if event.kind == "plan":
        if not event.note.strip() and event.ref is None:
            raise DecisionError("An entry of the improvement plan needs an action.")
        if event.due:
            _check_day(event.due)


def _check_rating(scenario: Scenario, event: Event) -> None:
    if event.name not in scenario.objectives:
        hint = suggestion(event.name, scenario.objectives)
        raise DecisionError(f"No objective is called '{event.name}'. {hint}")
    if event.value not in RATINGS:
        raise DecisionError(f"'{event.value}' is no rating: {', '.join(RATINGS)}.")


def _check_day(day: str) -> None:
    try:
        dt.date.fromisoformat(day)
    except ValueError:
        raise DecisionError(f"'{day}' is not a day of the calendar; use YYYY-MM-DD.") from None
