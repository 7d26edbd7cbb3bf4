"""Two further ways to the same outcomes, to check the exact one: list all worlds, or draw some."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kit.errors import DecisionError
from kit.outcomes.elimination import Factor
from kit.outcomes.tables import Query, chances_of, dead_end, factors_of
from kit.outcomes.types import Array, Outcome, amounts, summarize
from kit.scenario import ALWAYS, Assignment, Scenario, When

Codes = Mapping[str, NDArray[np.int64]]


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
    query = Query.of(scenario, known, roles, plan, given)
    codes, weights = _draw(scenario, query, factors_of(scenario, query), n, rng)
    weights = weights * _holds(scenario, given, codes, n)
    if not weights.sum() > 0:
        raise DecisionError("What is known did not occur in any of the samples.")
    weights = weights / weights.sum()
    held = [_holds(scenario, effect.when, codes, n) for effect in scenario.effects]
    effective = 1 / float((weights**2).sum())
    result = {}
    for measure in scenario.measures:
        values = np.full(n, scenario.measures[measure].start)
        shares = []
        for index, amount in amounts(scenario, measure):
            values += scenario.size(amount) * held[index]
            shares.append((index, amount, float((weights * held[index]).sum())))
        outcome = summarize(scenario, measure, values, weights, shares)
        error = outcome.sd / math.sqrt(effective)
        result[measure] = replace(outcome, method="sampled", samples=n, standard_error=error)
    return result


def _draw(
    scenario: Scenario,
    query: Query,
    factors: Mapping[str, Factor],
    n: int,
    rng: np.random.Generator,
) -> tuple[Codes, Array]:
    """Return the value codes of every variable in ``n`` draws, and the weights of the draws."""
    codes: dict[str, NDArray[np.int64]] = {}
    weights = np.ones(n)
    for name, variable in scenario.variables.items():
        parents = [parent for parent in factors[name].names if parent != name]
        axis = factors[name].names.index(name)
        table = np.moveaxis(factors[name].table[..., 0], axis, -1)
        rows = table[tuple(codes[parent] for parent in parents)]
        chances = np.broadcast_to(rows, (n, len(variable.domain)))
        if name in query.known:
            code = variable.domain.index(query.known[name])
            codes[name] = np.full(n, code)
            if not query.sets(variable):
                weights = weights * chances[:, code]
        else:
            if (weights[chances.sum(axis=1) < 0.5] > 0).any():
                raise dead_end()
            below = rng.random((n, 1)) >= chances.cumsum(axis=1)[:, :-1]
            codes[name] = below.sum(axis=1)
    return codes, weights


def _holds(scenario: Scenario, when: When, codes: Codes, n: int) -> Array:
    """Return 1.0 for each draw in which a condition holds, else 0.0; shape (n,)."""
    held = np.ones(n, dtype=bool)
    for name, values in when.terms:
        domain = scenario.variables[name].domain
        held &= np.isin(codes[name], [domain.index(value) for value in values])
    return held.astype(np.float64)
