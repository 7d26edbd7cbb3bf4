"""Put a report together from a scenario and a log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kit import calibration, engine, outcomes, text
from kit.errors import DecisionError
from kit.log import Event
from kit.report import people
from kit.report.cite import Named, named
from kit.report.course import Course, basis_of, chance, decisions, replayed, stages, who
from kit.report.effects import assumptions, own_values, results
from kit.report.parts import Goal, Odds, Origin, Report
from kit.scenario import Scenario

Outcomes = Mapping[str, outcomes.Outcome]


def build(
    scenario: Scenario,
    log: Iterable[Event],
    *,
    alias: str = "",
    state: engine.State | None = None,
    forked: int | None = None,
) -> Report:
    """Return the after-action report of a play, finished or not.

    Parameters
    ----------
    scenario
        The exercise that was played.
    log
        Every event of the play; all else is derived from it, so the same log gives the same
        report on every machine.
    alias
        Name that the learner or team chose.
    state
        The state the play is in; when given, the log must lead to it.
    forked
        How many events the play shares with another; predictions made later do not count.

    Raises
    ------
    DecisionError
        The log is not possible in this scenario, or leads to another state.
    DataError
        The record of events, agreements and sources has problems.
    """
    events = tuple(log)
    course = replayed(scenario, events)
    if state is not None and state != course.state:
        raise DecisionError("The log does not lead to this state.")
    now = course.state
    evidence = named(scenario, events, now)
    over = engine.pending(scenario, now) is None
    mine = outcomes.evaluate(scenario, course.decided, roles=now.roles)
    base = outcomes.evaluate(scenario, {}, roles=now.roles)
    own = own_values(scenario, now.known) if over else {}
    assumed = assumptions(scenario, mine, base, now.known, evidence)
    predicted = calibration.forecasts(scenario, events, now, over=over, forked=forked)
    return Report(
        **_overview(scenario, events, alias),
        roles=tuple(scenario.roles[role].name for role in now.roles),
        over=over,
        objectives=_objectives(scenario, now, events),
        stages=stages(course),
        **_decided(course, evidence),
        chance=chance(course, evidence),
        results=results(scenario, mine, base, own, assumed),
        assumptions=tuple(assumed.values()),
        odds=_odds(course, evidence),
        **{name: getattr(evidence, name) for name in ("cited", "uncited", "others")},
        **_added(scenario, events, predicted),
        discussion=scenario.hot_wash,
        origin=_origin(scenario, now, len(events), (mine, base)),
    )


def _added(
    scenario: Scenario, events: tuple[Event, ...], predicted: tuple[calibration.Forecast, ...]
) -> dict[str, Any]:
    """Return the report's fields with what people said and entered."""
    return {
        "predictions": people.foretold(scenario, predicted, events),
        "calibration": calibration.calibration(predicted),
        "strengths": people.remarks(scenario, events, "strength"),
        "areas": people.remarks(scenario, events, "area"),
        "plan": people.actions(events),
        "observations": people.remarks(scenario, events, ""),
    }


def _overview(scenario: Scenario, events: tuple[Event, ...], alias: str) -> dict[str, Any]:
    """Return the report's fields that say which exercise was played, by whom and when."""
    times = [event.at for event in events if event.at] or [""]
    same = ("title", "language", "summary", "level", "minutes")
    fields = {name: getattr(scenario, name) for name in same} | {"as_of": scenario.day}
    mode = next((event.mode for event in events if event.kind == "start"), "")
    return {**fields, "alias": alias, "mode": mode, "started": times[0], "ended": times[-1]}


def _decided(course: Course, evidence: Named) -> dict[str, Any]:
    """Return the report's fields with what the played roles decided, and how much of it."""
    taken = decisions(course, evidence)
    return {
        "decided": len(course.decided),
        "decisions_total": sum(course.is_played(c) for c in course.scenario.choices.values()),
        "decisions": tuple(d for d in taken if d.withdrawn is None),
        "withdrawn": tuple(d for d in taken if d.withdrawn is not None),
    }


def _origin(
    scenario: Scenario, state: engine.State, events: int, lines: tuple[Outcomes, Outcomes]
) -> Origin:
    """Return what identifies the play, and how its outcomes and the base case were computed."""
    mine, base = lines
    return Origin(
        scenario=scenario.id,
        version=scenario.version,
        fingerprint=scenario.fingerprint,
        seed=state.seed,
        state=engine.state_hash(scenario, state),
        method=text.method(o if o.method != "exact" else base[n] for n, o in mine.items()),
        events=events,
    )


def _objectives(
    scenario: Scenario, state: engine.State, events: tuple[Event, ...]
) -> tuple[Goal, ...]:
    """Return the objectives with what was expected of the players at the injects they got."""
    injects = [inject for _, inject in engine.visible_injects(scenario, state)]
    rated = people.ratings(events)
    return tuple(
        Goal(
            goal.id,
            goal.bloom,
            goal.text,
            goal.criteria,
            tuple((i.sender, i.expected_action) for i in injects if i.objective == goal.id),
            rated.get(goal.id),
        )
        for goal in scenario.objectives.values()
    )


def _odds(course: Course, evidence: Named) -> tuple[Odds, ...]:
    """Return the plain odds of everything that no learner sets."""
    return tuple(
        Odds(
            variable.question,
            who(course.scenario, variable),
            tuple((variable.label(value), odds) for value, odds in variable.odds.items()),
            basis_of(variable, evidence),
        )
        for variable in course.scenario.variables.values()
        if not course.is_played(variable)
    )
