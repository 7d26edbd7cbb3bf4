"""Predictions in words: what is asked, and what was said beside what came."""

from __future__ import annotations

from collections.abc import Iterable

from kit.calibration import Forecast, calibration, verdict
from kit.scenario import Prediction, Scenario
from kit.text.words import number, wrap


def questions(scenario: Scenario, asked: Iterable[Prediction]) -> str:
    """Return predictions to answer, each with its id and what kind of answer it asks for."""
    lines = []
    for prediction in asked:
        lines.append(wrap(prediction.question, f"{prediction.id}: "))
        lines.append(f"    {kind(scenario, prediction)}")
    return "\n".join(lines) + "\n" if lines else "No prediction is asked now.\n"


def kind(scenario: Scenario, prediction: Prediction) -> str:
    """Return in words what answer a prediction asks for."""
    if not prediction.asks_range:
        return "How likely is it, 0 to 100 percent?"
    unit = scenario.measures[prediction.measure].unit
    return f"Between which two values, in {unit}, with 8 chances in 10?"


def spoken(scenario: Scenario, forecast: Forecast) -> str:
    """Return what was said: a percentage, a range with its unit, or that it was passed."""
    if forecast.passed:
        return "passed"
    if not forecast.is_range:
        return f"{number(forecast.low)} %"
    unit = scenario.measures[forecast.prediction.measure].unit
    return f"{number(forecast.low)} to {number(forecast.high, unit)}"


def came(scenario: Scenario, forecast: Forecast) -> str:
    """Return what came of a prediction, or that it is still open."""
    if forecast.outcome is None:
        return "not known yet"
    if not forecast.is_range:
        return "yes" if forecast.outcome else "no"
    unit = scenario.measures[forecast.prediction.measure].unit
    return number(float(forecast.outcome), unit)


def foresight(scenario: Scenario, forecasts: Iterable[Forecast]) -> str:
    """Return every prediction: what was said, its seal, what came, and how well both fit."""
    every = tuple(forecasts)
    lines = []
    for forecast in every:
        lines.append(wrap(forecast.prediction.question))
        lines.append(f"    You said: {spoken(scenario, forecast)} (seal {forecast.seal[:8]})")
        lines.append(f"    Came:     {came(scenario, forecast)}")
    if not lines:
        return "Nothing was predicted.\n"
    return "\n".join([*lines, "", wrap(verdict(calibration(every)))]) + "\n"
