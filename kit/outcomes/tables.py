"""Tables of chances over variables: compiled from a scenario once, cut down to what is known."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from kit import engine
from kit.errors import DecisionError, Problem, ScenarioError
from kit.outcomes.elimination import Factor, Names, Table
from kit.scenario import ALWAYS, Assignment, Choice, Scenario, Variable, When


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: what is settled, who is played, their plan, and a further condition.

    ``choice`` is a choice whose options are compared: each is taken in turn, where it is open.
    """

    known: Assignment
    played: frozenset[str]
    plan: Assignment
    given: When = ALWAYS
    choice: str | None = None

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

    @classmethod
    def about(
        cls,
        scenario: Scenario,
        known: Assignment | None,
        choice: str,
        roles: Iterable[str],
        plan: Assignment | None,
    ) -> Query:
        """Return the query for all options of a choice; who decides it counts as played."""
        if choice not in scenario.choices:
            raise DecisionError(f"There is no choice '{choice}' in this scenario.")
        rest = {name: value for name, value in (known or {}).items() if name != choice}
        played = {*roles, scenario.choices[choice].role}
        found = cls.of(scenario, rest, played, plan)
        return cls(found.known, found.played, found.plan, ALWAYS, choice)

    def take(self, scenario: Scenario, option: str) -> Query:
        """Return the query for one of the options compared: it is taken, wherever it is open."""
        if self.choice is None:
            return self
        when = scenario.choices[self.choice].options[option].when
        given = when if self.waits(scenario, option) else ALWAYS
        return Query({**self.known, self.choice: option}, self.played, self.plan, given)

    def waits(self, scenario: Scenario, option: str) -> bool:
        """Return whether it is not settled yet if an option of the choice will be open."""
        when = scenario.choices[self.choice or ""].options[option].when
        return any(name not in self.known for name in when.names)

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
def compiled(scenario: Scenario, name: str, planned: str | None) -> Factor:
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
    return ordered(scenario, (*parents, name), table)


@functools.lru_cache(maxsize=64)
def _ranks(scenario: Scenario) -> dict[str, int]:
    return {name: place for place, name in enumerate(scenario.variables)}


@functools.lru_cache(maxsize=64)
def codes_of(scenario: Scenario) -> Mapping[str, Mapping[str, int]]:
    """Return the place of each value in the domain of its variable."""
    return {
        name: {value: place for place, value in enumerate(variable.domain)}
        for name, variable in scenario.variables.items()
    }


def ordered(scenario: Scenario, names: Names, table: Table) -> Factor:
    """Return a factor with its axes in the scenario's order of variables."""
    ranks = _ranks(scenario)
    order = sorted(range(len(names)), key=lambda place: ranks[names[place]])
    return Factor(tuple(names[i] for i in order), table.transpose([*order, len(names)]))


def factors_of(scenario: Scenario, query: Query) -> dict[str, Factor]:
    """Return the full table of each variable: its chances given its parents."""
    return {
        name: compiled(scenario, name, query.plan[name] if query.sets(variable) else None)
        for name, variable in scenario.variables.items()
    }


def cut(scenario: Scenario, factor: Factor, known: Assignment) -> Factor:
    """Return the part of a table that agrees with what is known."""
    if known.keys().isdisjoint(factor.names):
        return factor
    codes = codes_of(scenario)
    index = tuple(codes[n][known[n]] if n in known else _WHOLE for n in factor.names)
    return Factor(tuple(n for n in factor.names if n not in known), factor.table[index])


def settled_by_plan(scenario: Scenario, query: Query) -> dict[str, str]:
    """Return what is known, and the played choices whose planned option is open for certain."""
    planned = {
        name: query.plan[name]
        for name, choice in scenario.variables.items()
        if isinstance(choice, Choice)
        and query.sets(choice)
        and name != query.choice
        and choice.options[query.plan[name]].when is ALWAYS
    }
    return {**planned, **query.known}


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
    return ordered(scenario, tuple(names), np.asarray(table)[..., None])


def dead_end() -> ScenarioError:
    """Return the error of a scenario in which a choice can be left without an option."""
    cause = "Some worlds end in a choice without an open option."
    remedy = "Let at least one option of each choice have no `when`."
    return ScenarioError([Problem("scenario", cause, remedy)])


_WHOLE = slice(None)
IMPOSSIBLE = "What is known cannot happen in this scenario."
