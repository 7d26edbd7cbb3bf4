"""Two futures of one exercise side by side, as plain JSON values for the exercise panel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kit import engine, text
from kit.errors import DecisionError
from kit.plots.futures import futures
from kit.scenario import Choice, Scenario
from kit.session import Session

Json = dict[str, Any]
Named = tuple[str, Session]

OPEN = "not yet known"


def beside_view(plays: Iterable[Named], here: Session) -> list[Json]:
    """Return each other play that is in reach beside the one that is shown.

    Parameters
    ----------
    plays
        Names and plays, in the order in which they began.
    here
        The play that is shown.
    """
    known = list(plays)
    places = {id(play): place for place, (_, play) in enumerate(known)}
    if id(here) not in places:
        return []
    mine = places[id(here)]
    pairs = [(known[min(mine, n)], known[max(mine, n)]) for n in range(len(known)) if n != mine]
    return [_pair(first, second) for first, second in pairs]


def _pair(one: Named, other: Named) -> Json:
    (first_name, first), (second_name, second) = one, other
    scenario, names = first.scenario, (first_name.capitalize(), second_name.capitalize())
    found = engine.compare(scenario, first.state, second.state)
    view: Json = {
        "names": list(names),
        "parting": text.parting(scenario, found),
        "decided": _differences(scenario, found.decided, names),
        "drawn": _differences(scenario, found.drawn, names),
        "measures": None,
        "figure": None,
    }
    try:
        results = first.outcomes(), second.outcomes()
    except DecisionError as cause:  # one of them still has predictions to make
        return {**view, "closed": str(cause)}
    states = first.state, second.state
    picture = futures(scenario, states, results, first.plain_base(), names)
    rows = []
    for name, measure in scenario.measures.items():
        here, there = (outcome[name] for outcome in results)
        spans = [
            f"{text.number(o.mean)} ({text.number(o.p10)} to {text.number(o.p90)})"
            for o in (here, there)
        ]
        gap = text.gained(measure, there.mean - here.mean)
        rows.append([f"{measure.label} ({measure.unit})", *spans, gap])
    columns = ["Measure", *(f"{name}: mean (10 to 90 %)" for name in names), "Difference"]
    return {
        **view,
        "closed": "",
        "measures": {"columns": columns, "rows": rows},
        "figure": dict(picture.figure),
        "summary": picture.summary,
        "table": picture.table,
        "title": picture.title,
        "height": picture.figure["layout"]["height"],
    }


def _differences(
    scenario: Scenario, found: Iterable[engine.Difference], names: tuple[str, str]
) -> Json | None:
    """Return what two futures settled unlike as a table, or None where there is nothing."""
    rows = []
    for one in found:
        variable = scenario.variables[one.name]
        whose = scenario.roles[variable.role].name if isinstance(variable, Choice) else "Chance"
        values = [variable.label(value) if value else OPEN for value in (one.first, one.second)]
        rows.append([variable.question, whose, *values])
    return {"columns": ["Question", "Who", *names], "rows": rows} if rows else None
