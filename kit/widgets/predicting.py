"""What the exercise panel shows of predictions, as plain JSON values."""

from __future__ import annotations

from typing import Any

from kit import text
from kit.calibration import Forecast, calibration, verdict
from kit.session import Session

Json = dict[str, Any]

SHOWN = 8  # signs of a seal: enough to compare by eye
COLUMNS = ("Prediction", "You said", "Seal", "What came", "Score")


def questions_view(session: Session) -> list[Json]:
    """Return the predictions of the move in play, open ones and answered ones, in order."""
    if session.move is None:
        return []
    scenario = session.scenario
    waiting = {prediction.id for prediction in session.unpredicted}
    answered = {f.prediction.id: f for f in reversed(session.predictions())}
    rows = []
    for prediction in session.move.predictions:
        said = answered.get(prediction.id)
        if prediction.id not in waiting and said is None:
            continue  # a second future asks none
        measure = scenario.measures[prediction.measure] if prediction.asks_range else None
        rows.append(
            {
                "id": prediction.id,
                "question": prediction.question,
                "range": prediction.asks_range,
                "kind": text.kind(scenario, prediction),
                "unit": measure.unit if measure else "%",
                "open": prediction.id in waiting,
                "said": "" if said is None else text.spoken(scenario, said),
                "passed": said is not None and said.passed,
                "seal": "" if said is None else said.seal[:SHOWN],
            }
        )
    return rows


def foresight_view(session: Session) -> Json | None:
    """Return every prediction beside what came of it so far; nothing before the first one."""
    said = session.predictions()
    if not said:
        return None
    rows = [
        [
            f.prediction.question,
            text.spoken(session.scenario, f),
            f.seal[:SHOWN],
            text.came(session.scenario, f),
            _score(f),
        ]
        for f in said
    ]
    scored = any(f.counts for f in said)
    return {
        "table": {"columns": list(COLUMNS), "rows": rows},
        "words": verdict(calibration(said)) if scored else "",
    }


def _score(forecast: Forecast) -> str:
    if forecast.passed:
        return "passed"
    if forecast.late:
        return "does not count: answered again or in a second future"
    if forecast.score is None:
        return ""
    if forecast.is_range:
        return "in the range" if forecast.inside else "outside the range"
    return f"Brier {forecast.score:.2f}"
