"""A scenario as an influence diagram, in the BIFXML that pyAgrum and other programs read.

Uncertainties and choices that nobody plays are chance nodes; a played choice is a decision node,
or follows a plan. What effects add to a measure is a sum of utility nodes, one for each set of
variables that effects look at, named ``measure.1``, ``measure.2`` and so on; ``measure.0`` is
where the measure starts. All assumptions are at base.

A decision with options that may be closed is two nodes, for what is planned (``choice.plan``) and
for what is done: the plan where it is open, else by the odds of what is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from kit.outcomes.effects import base_changes, groups_of
from kit.outcomes.envelope import followed
from kit.outcomes.tables import Query, compiled
from kit.scenario import Assignment, Choice, Scenario

PLAN = ".plan"


def to_bifxml(
    scenario: Scenario,
    *,
    roles: Iterable[str] = (),
    plan: Assignment | None = None,
    decisions: Iterable[str] | None = None,
    measures: Iterable[str] | None = None,
) -> str:
    """Return the scenario as an influence diagram.

    Parameters
    ----------
    scenario
        The exercise.
    roles
        Roles that are played.
    plan
        Option of each played choice that is no decision node; the base case when absent.
    decisions
        The played choices that are decision nodes; all of them when absent.
    measures
        The measures that have utility nodes; all of them when absent.

    Raises
    ------
    DecisionError
        The plan names what does not exist.
    """
    query = Query.of(scenario, None, roles, plan)
    played = [name for name, choice in scenario.choices.items() if query.sets(choice)]
    deciding = set(played if decisions is None else decisions) & set(played)
    nodes: list[str] = []
    tables: list[str] = []
    for name, variable in scenario.variables.items():
        if name not in deciding:
            factor = compiled(scenario, name, query.plan[name] if name in played else None)
        elif isinstance(variable, Choice) and any(o.when.terms for o in variable.options.values()):
            planned = name + PLAN
            factor = followed(scenario, {}, variable, planned)
            nodes.append(_node("decision", planned, variable.question, variable.domain))
            tables.append(_definition(planned, (), ()))
        else:
            nodes.append(_node("decision", name, variable.question, variable.domain))
            tables.append(_definition(name, (), ()))
            continue
        nodes.append(_node("nature", name, variable.question, variable.domain))
        parents = [parent for parent in factor.names if parent != name]
        tables.append(_definition(name, parents, factor.table.ravel().tolist()))
    for measure in scenario.measures if measures is None else measures:
        _utilities(scenario, measure, nodes, tables)
    body = "\n".join([*nodes, "", *tables])
    title = escape(scenario.title)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<BIF VERSION="0.3">\n<NETWORK>\n'
        f"<NAME>{scenario.id}</NAME>\n<PROPERTY>title = {title}</PROPERTY>\n"
        f"{body}\n</NETWORK>\n</BIF>\n"
    )


def _utilities(scenario: Scenario, measure: str, nodes: list[str], tables: list[str]) -> None:
    """Add the utility nodes whose sum is a measure."""
    column = list(scenario.measures).index(measure)
    changes = base_changes(scenario)[:, column]
    start = scenario.measures[measure].start
    first = next(iter(scenario.variables.values()))  # pyAgrum wants a parent for every utility
    parts: list[tuple[Sequence[str], list[float]]] = [((first.id,), [start] * len(first.domain))]
    for group in groups_of(scenario):
        sizes = changes[group.effects]
        if sizes.any():
            parts.append((group.names, (group.masks @ sizes).ravel().tolist()))
    for number, (names, values) in enumerate(parts):
        node = f"{measure}.{number}"
        nodes.append(_node("utility", node, scenario.measures[measure].label, ("0",)))
        tables.append(_definition(node, names, values))


def _node(kind: str, name: str, text: str, values: Sequence[str]) -> str:
    outcomes = "".join(f"<OUTCOME>{value}</OUTCOME>" for value in values)
    return (
        f'<VARIABLE TYPE="{kind}"><NAME>{name}</NAME>'
        f"<PROPERTY>description = {escape(text)}</PROPERTY>"
        f"<PROPERTY>fast = {name}{{{'|'.join(values)}}}</PROPERTY>{outcomes}</VARIABLE>"
    )


def _definition(name: str, parents: Sequence[str], values: Sequence[float]) -> str:
    """Return a table; the node's own values change fastest, then those of its last parent."""
    given = "".join(f"<GIVEN>{parent}</GIVEN>" for parent in parents)
    table = f"<TABLE>{' '.join(map(repr, values))}</TABLE>" if values else ""
    return f"<DEFINITION><FOR>{name}</FOR>{given}{table}</DEFINITION>"
