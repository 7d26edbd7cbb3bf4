"""The log of a play in words, line by line, for the exercise panel."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from kit import text
from kit.calibration import Forecast
from kit.log import Event
from kit.scenario import Choice, Scenario
from kit.session import Session

Json = dict[str, Any]

MODES = {"solo": "", "hot-seat": " in turn at one screen", "room": " in a room with a projector"}


def log_view(session: Session, readers: Container[str]) -> list[Json]:
    """Return the whole log in words, withdrawn decisions and draws included.

    Parameters
    ----------
    session
        The play.
    readers
        Roles whose reasons may be read; of other roles only what they decided.
    """
    said = {forecast.seq: forecast for forecast in session.predictions()}
    return [
        {"seq": event.seq, "at": event.at, "text": _event(session.scenario, event, said, readers)}
        for event in session.log
    ]


def _event(
    scenario: Scenario, event: Event, said: dict[int, Forecast], readers: Container[str]
) -> str:
    match event.kind:
        case "start":
            seats = ", ".join(scenario.roles[role].name for role in event.roles)
            return f"Start as {seats}{MODES[event.mode or 'solo']}; seed {event.seed}."
        case "withdraw":
            return f"Decision {event.ref} and what followed from it taken back."
        case "predict":
            return _prediction(scenario, said[event.seq])
        case "rate":
            return f"Rated {event.value}: {scenario.objectives[event.name].text}"
        case "plan":
            return f"Improvement plan: {event.note}" if event.note else "Improvement plan changed."
        case "note":
            return f"Note: {event.note}" if event.note else "A note was removed."
        case "draw":
            return _draw(scenario, event)
        case _:
            return _decision(scenario, event, event.role in readers)


def _prediction(scenario: Scenario, forecast: Forecast) -> str:
    question = forecast.prediction.question
    if forecast.passed:
        return f"Prediction passed: {question}"
    said = text.spoken(scenario, forecast)
    return f"Predicted, sealed as {forecast.seal[:8]}: {question} {said}"


def _draw(scenario: Scenario, event: Event) -> str:
    variable = scenario.variables[event.name]
    value = variable.label(event.value)
    if isinstance(variable, Choice):
        return f"{scenario.roles[variable.role].name} (not played): {value}"
    return f"Chance. {variable.question} {value}"


def _decision(scenario: Scenario, event: Event, whole: bool) -> str:
    choice = scenario.choices[event.name]
    line = f"{scenario.roles[choice.role].name} decides: {choice.label(event.value)}"
    if event.votes:
        counts = ", ".join(f"{choice.label(o)} {n}" for o, n in event.votes.items())
        line += f" (votes: {counts})"
    if not whole:
        return line
    sure = "" if event.confidence is None else f" ({event.confidence} % sure)"
    because = f" Because: {event.note}" if event.note else ""
    unless = f" Would change my mind: {event.change_mind}" if event.change_mind else ""
    return f"{line}{sure}{because}{unless}"
