"""Two further ways to the same outcomes, to check the exact one: list all worlds, or draw some."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from kit.errors import DecisionError
from kit.outcomes.draws import draw
from kit.outcomes.tables import Query, chances_of
from kit.outcomes.types import Outcome
from kit.scenario import ALWAYS, Assignment, Scenario, When


def measures_of(scenario: Scenario, world: Assignment, which: str = "base") -> dict[str, float]:
    """Return the measures of one complete assignment, by adding up the effects that hold.

    ``which`` takes every assumption at its ``low``, ``base`` or ``high`` value.
    """
    totals = {name: measure.start for name, measure in scenario.measures.items()}
    for effect in scenario.effects:
        if effect.when.holds(world):
            for measure, amount in effect.change.items():
                totals[measure] += scenario.size(amount, which)
    return totals


def worlds(
    scenario: Scenario,
    known: Assignment | None = None,
    *,
    roles: Iterable[str] = (),
    plan: Assignment | None = None,
) -> Iterator[tuple[dict[str, str], float]]:
    """Yield every possible complete assignment with its weight.

    The weights add up to the chance of what is known and was left to chance; divide by it to
    condition.
    """
    query = Query.of(scenario, known, roles, plan)

    def extend(
        world: dict[str, str], rest: tuple[str, ...], weight: float
    ) -> Iterator[tuple[dict[str, str], float]]:
        if not rest:
            yield world, weight
            return
        name, *later = rest
        variable = scenario.variables[name]
        settled = query.known.get(name)
        if settled is not None and query.sets(variable):
            chances = {settled: 1.0}
        else:
            chances = chances_of(variable, world, query)
        for value, chance in chances.items():
            if chance > 0 and settled in (None, value):
                yield from extend({**world, name: value}, tuple(later), weight * chance)

    yield from extend({}, tuple(scenario.variables), 1.0)


def sample(
    scenario: Scenario,
    known: Assignment | None = None,
    *,
    n: int,
    rng: np.random.Generator,
    roles: Iterable[str] = (),
    plan: Assignment | None = None,
    given: When = ALWAYS,
) -> dict[str, Outcome]:
    """Return the distributions estimated from ``n`` weighted draws (likelihood weighting).

    The standard error uses the effective number of samples: one over the sum of squared weights.

    Raises
    ------
    DecisionError
        What is known did not occur in any of the samples.
    ScenarioError
        A choice has no open option in some sample.
    """
    return draw(scenario, Query.of(scenario, known, roles, plan, given), n, rng)


def sample_options(
    scenario: Scenario,
    known: Assignment,
    choice: str,
    *,
    n: int,
    seed: int,
    roles: Iterable[str] = (),
    plan: Assignment | None = None,
) -> dict[str, dict[str, Outcome]]:
    """Return what :func:`kit.outcomes.compare` returns, from ``n`` draws for each option.

    All options meet the same luck. An option that is open in none of the draws is left out.

    Raises
    ------
    DecisionError
        What is known does not exist, or did not occur in any of the samples.
    ScenarioError
        A choice has no open option in some sample.
    """
    query = Query.about(scenario, known, choice, roles, plan)
    found = {}
    for option in scenario.choices[choice].options.values():
        waits = query.waits(scenario, option.id)
        if not waits and not option.when.holds(query.known):
            continue
        try:
            luck = np.random.default_rng(seed)
            found[option.id] = draw(scenario, query.take(scenario, option.id), n, luck)
        except DecisionError:
            if not waits:
                raise  # what is known cannot happen; an option that waits may just never open
    return found
