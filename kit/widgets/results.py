"""What the panels show of decisions and their outcomes, as plain JSON values."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from kit import engine, outcomes, text
from kit.outcomes import Outcome, Part
from kit.plots.bands import bands
from kit.plots.picture import Picture
from kit.scenario import Scenario
from kit.session import Session

Json = dict[str, Any]

LEGEND = (
    "Thick bar: 80 % of courses of events. Mark: the average. Thin line: how far the average "
    "moves if every assumption may take any value in its range."
)
HIDDEN = "hidden by the mask"
LUCK = (
    "The bands take the decisions as given and average over everything chance could have done, "
    "so they judge the decision and not the luck of this one play."
)


def head(scenario: Scenario) -> Json:
    """Return what stands at the top of every panel."""
    return {
        "title": scenario.title,
        "scenario": scenario.id,
        "version": scenario.version,
        "mark": text.EXERCISE_MARK,
        "model_mark": text.MODEL_MARK,
    }


def decisions_view(session: Session, readers: Container[str] | None = None) -> list[Json]:
    """Return the decisions that stand, in order; at the end beside what governments chose.

    Reasons and what they rest on are only for ``readers``, by default for everybody.
    """
    past = session.scenario.history if session.over else {}  # no hindsight before the end
    unknown = HIDDEN if session.over and session.scenario.masked else ""
    events = {event.seq: event for event in session.log}
    rows = []
    for entry in taken(session):
        choice = session.scenario.choices[entry.name]
        event = events[entry.seq]
        whole = readers is None or choice.role in readers
        rows.append(
            {
                "move": session.scenario.moves[choice.move].title,
                "role": session.scenario.roles[choice.role].name,
                "question": choice.question,
                "option": choice.label(entry.value),
                "history": choice.label(past[choice.id]) if choice.id in past else unknown,
                "same": past.get(choice.id) == entry.value,
                "note": event.note if whole else "",
                "confidence": event.confidence if whole else None,
                "evidence": list(event.evidence) if whole else [],
                "change_mind": event.change_mind if whole else "",
                "votes": {choice.label(name): n for name, n in event.votes.items()},
            }
        )
    return rows


def taken(session: Session) -> list[engine.Entry]:
    """Return the decisions of played roles that stand, in order."""
    variables = session.scenario.variables
    entries = session.state.entries
    return [e for e in entries if engine.is_played(session.state, variables[e.name])]


def outcomes_view(session: Session) -> Json | None:
    """Return bands, causes and method; nothing before the first decision (commit, then reveal)."""
    if not taken(session):
        return None
    scenario, now, base = session.scenario, session.outcomes(), session.base()
    picture = bands(scenario, now, base, "This play" if session.over else "Your line")
    return {**_drawn(picture, now), "causes": consequences(scenario, now, base)}


def hot_wash_view(session: Session) -> Json:
    """Return a play laid out for the hot wash: decisions, outcomes, questions."""
    scenario = session.scenario
    view = {
        **head(scenario),
        "decisions": decisions_view(session),
        "discussion": list(scenario.hot_wash),
        "luck": LUCK,
        "outcomes": None,
    }
    if not taken(session):
        return view
    now = session.prospects()
    others = {}
    if session.over and scenario.history:  # a mask hides it, and not every exercise has one
        past = outcomes.evaluate(scenario, roles=session.state.roles, plan=scenario.history)
        others = {"Governments' decisions": past}
    picture = bands(scenario, now, session.plain_base(), "Your decisions", others)
    return {**view, "outcomes": _drawn(picture, now)}


def _drawn(picture: Picture, now: Mapping[str, Outcome]) -> Json:
    return {
        "figure": dict(picture.figure),
        "summary": picture.summary,
        "table": picture.table,
        "title": picture.title,
        "height": picture.figure["layout"]["height"],
        "method": text.method(now.values()),
        "legend": LEGEND,
    }


def consequences(
    scenario: Scenario, now: dict[str, Outcome], base: dict[str, Outcome]
) -> list[Json]:
    """Return every measure that moved, with all the effects that moved it, the largest first."""
    found = causes(scenario, now, base)
    moved = []
    for label in dict.fromkeys(cause["measure"] for cause in found):
        name = next(name for name, m in scenario.measures.items() if m.label == label)
        moved.append(
            {
                "measure": label,
                "whole": text.gained(scenario.measures[name], now[name].mean - base[name].mean),
                "unit": scenario.measures[name].unit,
                "causes": [cause for cause in found if cause["measure"] == label],
            }
        )
    return moved


def causes(scenario: Scenario, now: dict[str, Outcome], base: dict[str, Outcome]) -> list[Json]:
    """Return the effects that separate a line from the base case, the largest first."""
    found = []
    for name, measure in scenario.measures.items():
        before = {part.effect: part for part in base[name].parts}
        for part in now[name].parts:
            gap = part.mean - before[part.effect].mean
            if round(gap, 1) != 0:
                scale = max(1.0, abs(now[name].mean), abs(base[name].mean))
                found.append((abs(gap) / scale, _cause(scenario, measure.id, part, gap)))
    found.sort(key=lambda item: -item[0])
    return [cause for _, cause in found]


def _cause(scenario: Scenario, measure: str, part: Part, gap: float) -> Json:
    counted = scenario.measures[measure]
    cause: Json = {
        "why": scenario.effects[part.effect].why,
        "measure": counted.label,
        "change": text.signed(gap, counted.unit),
        "chance": f"{part.probability * 100:.0f} %",
    }
    if part.assumption is not None:
        a = scenario.assumptions[part.assumption]
        size = (
            f"{text.number(a.base)} (from {text.number(a.low)} to {text.number(a.high)}) {a.unit}"
        )
        cause["assumption"] = {
            "text": a.text,
            "size": size,
            "basis": text.BASES[a.basis],
            "computed": text.computed(a),
            "dissent": a.dissent,
            "evidence": list(a.evidence),
        }
    return cause
