"""Tables of chances over variables: compiled from a scenario once, cut down to what is known."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from kit import engine
from kit.errors import DecisionError, Problem, ScenarioError
from kit.outcomes.elimination import Factor, Names, Table, total
from kit.outcomes.exact import Net, mass
from kit.scenario import ALWAYS, Assignment, Choice, Scenario, Variable, When


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: what is settled, who is played, their plan, and a further condition."""

    known: Assignment
    played: frozenset[str]
    plan: Assignment
    given: When = ALWAYS

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        known: Assignment | None,
        roles: Iterable[str],
        plan: Assignment | None,
        given: When = ALWAYS,
    ) -> Query:
        """Return the query; a plan that leaves choices out is filled up from the base case."""
        settled = dict(known or {})
        for name, value in [*settled.items(), *(plan or {}).items()]:
            variable = scenario.variables.get(name)
            if variable is None or value not in variable.domain:
                raise DecisionError(f"There is no '{name} = {value}' in this scenario.")
        return cls(settled, frozenset(roles), {**scenario.base_case, **(plan or {})}, given)

    def sets(self, variable: Variable) -> bool:
        """Return whether a played role sets the variable, rather than chance."""
        return isinstance(variable, Choice) and variable.role in self.played


def chances_of(variable: Variable, known: Assignment, query: Query) -> dict[str, float]:
    """Return the chances of a variable's values: by plan if a played role decides, else odds."""
    if isinstance(variable, Choice) and query.sets(variable):
        planned = query.plan[variable.id]
        options = [option.id for option in engine.open_options(variable, known)]
        if planned in options:
            return {value: float(value == planned) for value in variable.domain}
    return engine.odds(variable, known)


@functools.lru_cache(maxsize=1024)
def _compiled(scenario: Scenario, name: str, planned: str | None) -> Factor:
    """Return the chances of a variable for every combination of its parents' values."""
    variable = scenario.variables[name]
    parents = variable.parents
    domains = [scenario.variables[parent].domain for parent in parents]
    table = np.zeros([*map(len, domains), len(variable.domain), 1])
    played = {variable.role} if planned is not None and isinstance(variable, Choice) else set()
    query = Query({}, frozenset(played), {name: planned or ""})
    for index in itertools.product(*(range(len(domain)) for domain in domains)):
        known = {p: d[i] for p, d, i in zip(parents, domains, index, strict=True)}
        try:
            table[index] = [[chance] for chance in chances_of(variable, known, query).values()]
        except ScenarioError:
            table[index] = 0.0  # a dead end; whoever adds up the weights notices if it is reached
    return _sorted(scenario, (*parents, name), table)


@functools.lru_cache(maxsize=64)
def _ranks(scenario: Scenario) -> dict[str, int]:
    return {name: place for place, name in enumerate(scenario.variables)}


def _sorted(scenario: Scenario, names: Names, table: Table) -> Factor:
    """Return a factor with its axes in the scenario's order of variables."""
    ranks = _ranks(scenario)
    order = sorted(range(len(names)), key=lambda place: ranks[names[place]])
    return Factor(tuple(names[i] for i in order), table.transpose([*order, len(names)]))


def factors_of(scenario: Scenario, query: Query) -> dict[str, Factor]:
    """Return the full table of each variable: its chances given its parents."""
    return {
        name: _compiled(scenario, name, query.plan[name] if query.sets(variable) else None)
        for name, variable in scenario.variables.items()
    }


def cut(scenario: Scenario, factor: Factor, known: Assignment) -> Factor:
    """Return the part of a table that agrees with what is known."""
    if not any(name in known for name in factor.names):
        return factor
    index = tuple(
        scenario.variables[name].domain.index(known[name]) if name in known else slice(None)
        for name in factor.names
    )
    return Factor(tuple(n for n in factor.names if n not in known), factor.table[index])


def settled_by_plan(scenario: Scenario, query: Query) -> dict[str, str]:
    """Return what is known, and the played choices whose planned option is open for certain."""
    planned = {
        name: query.plan[name]
        for name, choice in scenario.choices.items()
        if query.sets(choice) and choice.options[query.plan[name]].when is ALWAYS
    }
    return {**planned, **query.known}


def net_of(scenario: Scenario, query: Query) -> Net:
    """Return the chances that a query leaves open, and the evidence that weighs them.

    Raises
    ------
    DecisionError
        What is known cannot happen.
    ScenarioError
        A choice has no open option in some reachable world.
    """
    full = factors_of(scenario, query)
    settled = settled_by_plan(scenario, query)
    tables = {name: cut(scenario, factor, settled) for name, factor in full.items()}
    sizes = {n: len(v.domain) for n, v in scenario.variables.items() if n not in settled}
    observed = [n for n in query.known if not query.sets(scenario.variables[n])]
    found = [tables[name] for name in observed]
    found.append(mask_of(scenario, query.given, settled))
    if any(not factor.names and not factor.table.item() > 0 for factor in found):
        raise DecisionError(IMPOSSIBLE)
    evidence = tuple(factor for factor in found if factor.names)
    net = Net(sizes, {name: tables[name] for name in sizes}, evidence)
    if evidence and not mass(net) > 0:
        raise DecisionError(IMPOSSIBLE)
    _refuse_dead_ends(net)
    return net


@functools.lru_cache(maxsize=64)
def _full_masks(scenario: Scenario) -> tuple[Factor, ...]:
    return tuple(mask_of(scenario, effect.when, {}) for effect in scenario.effects)


def masks_of(scenario: Scenario, known: Assignment) -> list[Factor]:
    """Return, for each effect, 1 where its condition holds, over the variables still open."""
    masks = [cut(scenario, mask, known) for mask in _full_masks(scenario)]
    return [mask if mask.table.any() else _NEVER for mask in masks]


def mask_of(scenario: Scenario, when: When, known: Assignment) -> Factor:
    """Return 1 where a condition holds and 0 elsewhere, over the variables still open."""
    table: Table = np.ones(())
    names: list[str] = []
    for name, values in when.terms:
        domain = scenario.variables[name].domain
        if name in known:
            table = table * float(known[name] in values)
        else:
            names.append(name)
            table = np.multiply.outer(table, [float(value in values) for value in domain])
    return _sorted(scenario, tuple(names), np.asarray(table)[..., None])


_NEVER = Factor((), np.zeros(1))
IMPOSSIBLE = "What is known cannot happen in this scenario."


def _refuse_dead_ends(net: Net) -> None:
    """Refuse a scenario in which some weight is lost in a choice without an open option."""
    filled = {name: _filled(factor, name) for name, factor in net.chances.items()}
    if all(filled[name] is factor for name, factor in net.chances.items()):
        return
    factors = net.factors(net.sizes)
    order = net.order([factor.names for factor in factors])
    kept = float(total(factors, order, net.rank)[0])
    whole = float(total([*filled.values(), *net.evidence], order, net.rank)[0])
    if whole - kept > 1e-9 * whole:
        raise dead_end()


def _filled(factor: Factor, name: str) -> Factor:
    """Return the table of a variable with even chances where it has none; itself if nowhere."""
    axis = factor.names.index(name)
    dead = factor.table.sum(axis, keepdims=True) < 0.5
    return (
        Factor(factor.names, factor.table + dead / factor.table.shape[axis])
        if dead.any()
        else factor
    )


def dead_end() -> ScenarioError:
    """Return the error of a scenario in which a choice can be left without an option."""
    cause = "Some worlds end in a choice without an open option."
    remedy = "Let at least one option of each choice have no `when`."
    return ScenarioError([Problem("scenario", cause, remedy)])
