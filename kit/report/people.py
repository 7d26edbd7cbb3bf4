"""What people added to a play: predictions, ratings of objectives, remarks, improvement plan.

Read from the log and passed on; nothing is rated, averaged or written here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kit import log, text
from kit.calibration import Forecast
from kit.log import Event
from kit.plots.calibration import scored
from kit.scenario import Prediction, Scenario


@dataclass(frozen=True, slots=True)
class Foretold:
    """One answer to a prediction in words: what was said, sealed by what, and what came.

    ``settles`` says what decides it; ``value`` is the answer as the log has it and ``points`` its
    score as a number, None where it does not count.
    """

    seq: int
    at: str
    id: str
    move: str
    question: str
    settles: str
    value: str
    said: str
    came: str
    score: str
    points: float | None
    seal: str


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating of an objective (P, S, M or U) that people gave, with what they said about it."""

    objective: str
    seq: int
    at: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A strength, an area for improvement or another observation, and the role that entered it."""

    seq: int
    at: str
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Action:
    """An entry of the improvement plan; ``owner`` and ``due`` (ISO day) may be empty."""

    seq: int
    at: str
    text: str
    owner: str
    due: str


def foretold(
    scenario: Scenario, found: Iterable[Forecast], events: Iterable[Event]
) -> tuple[Foretold, ...]:
    """Return the answers to predictions in words, in the order in which they were given."""
    values = {event.seq: event.value for event in events}
    return tuple(
        Foretold(
            seq=one.seq,
            at=one.at,
            id=one.prediction.id,
            move=scenario.moves[one.move].title,
            question=one.prediction.question,
            settles=_settles(scenario, one.prediction),
            value=values[one.seq],
            said=text.spoken(scenario, one),
            came=text.came(scenario, one),
            score=scored(scenario, one),
            points=one.score,
            seal=one.seal,
        )
        for one in found
    )


def ratings(events: Iterable[Event]) -> dict[str, Rating]:
    """Return the latest rating of each rated objective, by its id."""
    return {
        name: Rating(name, event.seq, event.at, event.value, event.note)
        for name, event in log.ratings(events).items()
    }


def remarks(scenario: Scenario, events: Iterable[Event], kind: str) -> tuple[Remark, ...]:
    """Return the remarks of a kind that stand: ``strength``, ``area``, or neither."""
    return tuple(
        Remark(event.seq, event.at, speaker(scenario, event), event.note)
        for event in log.entries(events, "note", kind)
    )


def actions(events: Iterable[Event]) -> tuple[Action, ...]:
    """Return the entries of the improvement plan that stand."""
    return tuple(
        Action(event.seq, event.at, event.note, event.owner, event.due)
        for event in log.entries(events, "plan")
    )


def speaker(scenario: Scenario, event: Event) -> str:
    """Return the name of the role that added something, or what stands in its place."""
    return scenario.roles[event.role].name if event.role in scenario.roles else event.role


def told(scenario: Scenario, event: Event) -> str:
    """Return in a line what a prediction, a rating, a remark or a plan entry says."""
    if event.kind == "predict":
        asked = {p.id: p for move in scenario.moves.values() for p in move.predictions}
        return f"Sealed an answer: {asked[event.name].question}"
    if event.kind == "rate":
        place = list(scenario.objectives).index(event.name) + 1
        return f"Objective {place}: {event.value}, {text.RATINGS[event.value]}. {event.note}"
    what = {"plan": "Action", "strength": "Strength", "area": "Area for improvement"}
    label = what.get(event.kind if event.kind == "plan" else event.name, "")
    words = event.note or f"Entry {event.ref} was removed."
    changed = f" (instead of entry {event.ref})" if event.note and event.ref is not None else ""
    return f"{label}{changed}: {words}" if label else f"{words}{changed}"


def _settles(scenario: Scenario, prediction: Prediction) -> str:
    if prediction.event:
        by = "" if scenario.masked else f", by {prediction.by}"
        return f"the record of real events{by}"
    if prediction.variable:
        return "the course of this play"
    return f"{scenario.measures[prediction.measure].label} at the end of this play"
