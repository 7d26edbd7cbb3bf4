"""How far later decisions can still move a mean.

For an option and a measure, *reach* is the lowest and the highest mean over all plans: all ways to
name one option for each later choice of the played roles, followed whatever chance brings. Each of
these means is the one that :func:`kit.outcomes.compare` gives under that plan, so the mean under
the base case always lies between them.

It is not a range of what may happen (that is the distribution), nor of what the assumptions leave
open (that is ``low`` and ``high`` of an outcome). A plan names options in advance: a learner who
looks at what chance brings before deciding may do better than any plan.

A mean is a sum over effects, and each effect hangs on few of the later choices. What an effect
adds is found as a table over those (by summing out chance), and the sum of all tables is made
lowest and highest by eliminating one choice after the other. What is known and was left to chance
may lie later than an open choice; then each plan is weighed by its own chance of what is known.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from kit.errors import DecisionError
from kit.outcomes.effects import base_changes, open_groups
from kit.outcomes.elimination import Factor, Table, highest, total
from kit.outcomes.net import PEAK_CELLS, Net, has_dead_ends, open_mask
from kit.outcomes.tables import IMPOSSIBLE, Query, compiled, cut
from kit.scenario import Assignment, Choice, Scenario

TOO_LARGE = "Too many later choices act together to compare all plans exactly."
DEAD_END = "Some plan may lead to a choice without an open option."


@dataclass(frozen=True, slots=True)
class Reach:
    """The lowest and the highest mean of a measure that later choices can still reach.

    ``plans`` is the number of plans compared. Where the two cannot be found exactly, both are
    ``None`` and ``reason`` says why; they are never guessed.
    """

    measure: str
    low: float | None
    high: float | None
    plans: int
    reason: str = ""


def reach(
    scenario: Scenario,
    known: Assignment,
    choice: str,
    *,
    roles: Iterable[str] = (),
) -> dict[str, dict[str, Reach]]:
    """Return how far later decisions can move each mean: option → measure → reach.

    Parameters
    ----------
    scenario
        The exercise.
    known
        Variables that are settled.
    choice
        The choice whose options are compared. Every other choice of a played role that is not
        settled is free; all assumptions are at base.
    roles
        Roles that are played; the one that decides counts as played.

    Returns
    -------
    An option that is open under no plan is left out.

    Raises
    ------
    DecisionError
        What is known does not exist in this scenario, or cannot happen under any plan.
    """
    query = Query.about(scenario, known, choice, roles, None)
    net = _planned_net(scenario, query)
    plans = math.prod(net.shape) // net.sizes[choice]
    options = scenario.choices[choice].domain
    if has_dead_ends(net):
        return _unknown(scenario, options, plans, DEAD_END)
    ends = _ends(net, choice, _tables(scenario, net, choice, query.known))
    if ends is None:
        return _unknown(scenario, options, plans, TOO_LARGE)
    starts = np.array([measure.start for measure in scenario.measures.values()])
    found = {}
    for option, low, high in zip(options, *ends, strict=True):
        if np.isfinite(low).all():
            rows = zip((starts + low).tolist(), (starts + high).tolist(), strict=True)
            found[option] = {
                measure: Reach(measure, *row, plans)
                for measure, row in zip(scenario.measures, rows, strict=True)
            }
    if not found:
        raise DecisionError(IMPOSSIBLE)
    return found


def _unknown(
    scenario: Scenario, options: Iterable[str], plans: int, reason: str
) -> dict[str, dict[str, Reach]]:
    rows = {measure: Reach(measure, None, None, plans, reason) for measure in scenario.measures}
    return {option: rows for option in options}


def _planned_net(scenario: Scenario, query: Query) -> Net:
    """Return the net of a query in which plans are variables, kept beside the choice.

    A free choice that is open throughout is its own plan. One with closed options follows its plan
    where it can and its odds elsewhere, so its plan is a variable of its own.
    """
    sizes: dict[str, int] = {}
    chances: dict[str, Factor] = {}
    evidence: list[Factor] = []
    free: list[str] = []
    for name, variable in scenario.variables.items():
        if query.sets(variable) and name in query.known:
            continue
        if name not in query.known and isinstance(variable, Choice) and query.sets(variable):
            if name != query.choice and any(o.when.terms for o in variable.options.values()):
                planned = f"{name} as planned"  # ids have no blanks
                sizes[planned] = len(variable.domain)
                free.append(planned)
                chances[name] = followed(scenario, query.known, variable, planned)
            elif name != query.choice:
                free.append(name)
            sizes[name] = len(variable.domain)
            continue
        table = cut(scenario, compiled(scenario, name, None), query.known)
        if name in query.known:
            evidence.append(table)
        else:
            sizes[name] = len(variable.domain)
            chances[name] = table
    evidence.append(open_mask(scenario, query, query.known))
    kept = {query.choice, *free}
    return Net(sizes, chances, tuple(evidence), tuple(name for name in sizes if name in kept))


def followed(scenario: Scenario, known: Assignment, choice: Choice, planned: str) -> Factor:
    """Return the chances of a choice given its parents and its plan."""
    parts = [
        cut(scenario, compiled(scenario, choice.id, option), known) for option in choice.domain
    ]
    names = parts[0].names
    place = names.index(choice.id)
    table = np.stack([part.table for part in parts], axis=place)
    return Factor((*names[:place], planned, *names[place:]), table)


def _tables(scenario: Scenario, net: Net, choice: str, known: Assignment) -> list[Factor] | None:
    """Return what effects add to the means, over the plans that matter; last axis: measures.

    The first table is minus infinity for plans under which what is known cannot happen.
    """
    weight = _planned(net, choice, [])
    if weight is None:
        return None
    possible = weight.table > 0
    found = [Factor(weight.names, np.where(possible, 0.0, -np.inf))]
    changes = base_changes(scenario)
    for group in open_groups(scenario, known):
        added = _planned(net, choice, [Factor(group.names, group.masks @ changes[group.effects])])
        if added is None:
            return None
        own = [place for place, name in enumerate(added.names) if name not in weight.names]
        whole = np.expand_dims(np.where(possible, weight.table, 1.0), own)
        found.append(Factor(added.names, added.table / whole))
    return found


def _planned(net: Net, choice: str, shifts: list[Factor]) -> Factor | None:
    """Return the sum over chance of shifts times weights, over the plans that matter.

    None where the tables would be too large.
    """
    names = net.reaching({name for shift in shifts for name in shift.names})
    factors = [*net.factors(names), *shifts]
    scopes = {name for factor in factors for name in factor.names} | {choice}
    own = replace(net, kept=tuple(name for name in net.kept if name in scopes))
    way = own.program(factors, batched=len(shifts))
    width = shifts[0].table.shape[-1] if shifts else 1
    if max(way.peak, math.prod(own.shape)) * width > PEAK_CELLS:
        return None
    return Factor(own.kept, total(way, [factor.table for factor in factors]))


def _ends(net: Net, choice: str, tables: list[Factor] | None) -> tuple[Table, Table] | None:
    """Return the lowest and the highest sums of tables, by option and measure.

    None where the tables are missing or would be too large.
    """
    if tables is None:
        return None
    way = replace(net, kept=(choice,)).program(tables)
    width = tables[-1].table.shape[-1]
    if way.peak * width > PEAK_CELLS:
        return None
    high = highest(way, [table.table for table in tables])
    opposite = [tables[0].table, *(-table.table for table in tables[1:])]
    return -highest(way, opposite), high
