"""What follows from a choice: exact distributions of every measure, given what is known.

Three ways, one meaning. :func:`evaluate` is the one used in play: it sums over all worlds by
eliminating one variable after the other. :func:`worlds` lists every complete assignment and
:func:`sample` draws them; both exist to check the first, and ``sample`` also stands in for a
distribution whose tables would be too large. The result always says which way it was made.

A *plan* names the option that each played choice takes later on; where that option is closed, the
odds of the open ones are used. What is known and was left to chance conditions the rest by Bayes'
rule; what a played role decided is set, not observed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from kit.errors import DecisionError
from kit.outcomes import exact
from kit.outcomes.elimination import Factor, Names, Table
from kit.outcomes.sampling import measures_of, sample, worlds
from kit.outcomes.tables import Query, masks_of, net_of, settled_by_plan
from kit.outcomes.types import Outcome, Part, Share, amounts, summarize
from kit.scenario import ALWAYS, Assignment, Scenario, When

__all__ = ["Outcome", "Part", "compare", "evaluate", "measures_of", "sample", "worlds"]

SAMPLES = 40_000


def evaluate(
    scenario: Scenario,
    known: Assignment | None = None,
    *,
    roles: Iterable[str] = (),
    plan: Assignment | None = None,
    given: When = ALWAYS,
) -> dict[str, Outcome]:
    """Return the distribution of every measure at the end of the exercise.

    Parameters
    ----------
    scenario
        The exercise.
    known
        Variables that are settled; the rest is left to the plan and to chance.
    roles
        Roles that are played: their later choices follow ``plan``; all others follow their odds.
    plan
        Option of each later choice of a played role; the base case when absent.
    given
        A further condition to average over, for example that an option is open.

    Raises
    ------
    DecisionError
        What is known cannot happen in this scenario.
    ScenarioError
        A choice has no open option in some reachable world.
    """
    query = Query.of(scenario, known, roles, plan, given)
    net = net_of(scenario, query)
    settled = settled_by_plan(scenario, query)
    masks = masks_of(scenario, settled)
    cells = exact.cell_chances(net, [mask.names for mask in masks])
    chances = [float((cells[m.names] * m.table[..., 0]).sum()) for m in masks]
    sampled: Mapping[str, Outcome] = {}
    results = {}
    for measure in scenario.measures:
        shares = [(i, amount, chances[i]) for i, amount in amounts(scenario, measure)]
        found = exact.distribution(net, _shifts(scenario, shares, masks))
        if found is not None:
            start = scenario.measures[measure].start
            results[measure] = summarize(scenario, measure, start + found[0], found[1], shares)
            continue
        if not sampled:
            sampled = _sampled(scenario, query)
        results[measure] = sampled[measure]
    return results


def compare(
    scenario: Scenario,
    known: Assignment,
    choice: str,
    *,
    roles: Iterable[str] = (),
    plan: Assignment | None = None,
) -> dict[str, dict[str, Outcome]]:
    """Return the outcomes of each option of a choice: option → measure → distribution.

    An option with a condition that is not settled yet is judged over the worlds in which it is
    open; an option that is closed for certain is left out.
    """
    result = {}
    played = [*roles, scenario.choices[choice].role]
    for option in scenario.choices[choice].options.values():
        waits = any(name not in known for name in option.when.names)
        if not waits and not option.when.holds(known):
            continue
        settled = {**known, choice: option.id}
        given = option.when if waits else ALWAYS
        try:
            result[option.id] = evaluate(scenario, settled, roles=played, plan=plan, given=given)
        except DecisionError:
            if not waits:
                raise  # what is known cannot happen; an option that waits may just never open
    return result


def _shifts(scenario: Scenario, shares: list[Share], masks: list[Factor]) -> list[Factor]:
    """Return what each combination of values adds to a measure, one table for each scope."""
    tables: dict[Names, Table] = {}
    for index, amount, chance in shares:
        if chance <= 0:
            continue  # the fewer variables a measure hangs on, the smaller the tables
        mask = masks[index]
        change = scenario.size(amount) * mask.table[..., 0]
        tables[mask.names] = tables.get(mask.names, 0.0) + change
    return [Factor(names, table) for names, table in tables.items()]


def _sampled(scenario: Scenario, query: Query) -> Mapping[str, Outcome]:
    """Return sampled outcomes, from the same draws every time so that results do not flicker."""
    return sample(
        scenario,
        query.known,
        n=SAMPLES,
        rng=np.random.default_rng(0),
        roles=query.played,
        plan=query.plan,
        given=query.given,
    )
