"""What people add in the hot wash, as the panel shows it, and what they predicted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kit import log, text
from kit.calibration import calibration, verdict
from kit.log import Event
from kit.plots.calibration import diagram, scored
from kit.session import Session

Json = dict[str, Any]


def people_view(session: Session) -> Json:
    """Return the objectives with their ratings, strengths, areas and plan of a play."""
    rated = log.ratings(session.log)
    return {
        "objectives": [
            {
                "id": goal.id,
                "text": goal.text,
                "criteria": list(goal.criteria),
                "rating": rated[goal.id].value if goal.id in rated else "",
                "note": rated[goal.id].note if goal.id in rated else "",
            }
            for goal in session.scenario.objectives.values()
        ],
        "strengths": _remarks(log.entries(session.log, "note", "strength")),
        "areas": _remarks(log.entries(session.log, "note", "area")),
        "plan": [
            {**_remark(event), "owner": event.owner, "due": event.due}
            for event in log.entries(session.log, "plan")
        ],
        "saved": "" if session.path is None else session.path.name,
        "warning": session.warning,
    }


def foresight_view(session: Session) -> Json | None:
    """Return what was predicted beside what came, with the figure where something is scored."""
    scenario, found = session.scenario, session.predictions()
    if not found:
        return None
    fit = calibration(found)
    picture = diagram(fit)
    drawn = {
        "figure": dict(picture.figure),
        "summary": picture.summary,
        "table": picture.table,
        "title": picture.title,
        "height": picture.figure["layout"]["height"],
    }
    return {
        "columns": ["Question", "Said", "Came", "Score", "Seal"],
        "rows": [
            [
                one.prediction.question,
                text.spoken(scenario, one),
                text.came(scenario, one),
                scored(scenario, one),
                one.seal[:12],
            ]
            for one in found
        ],
        # The figure says what there is to say on probabilities itself.
        "words": verdict(fit).removeprefix(picture.summary if fit.bins else "").strip(),
        "drawn": drawn if fit.bins else None,
    }


def _remarks(events: Iterable[Event]) -> list[Json]:
    return [_remark(event) for event in events]


def _remark(event: Event) -> Json:
    return {"seq": event.seq, "text": event.note}
