"""The network of chances that a query leaves open, and sums over its worlds.

A net may *keep* variables: sums are then found for each of their values in one pass. That is how
all options of a choice are answered at once.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from kit.errors import DecisionError
from kit.outcomes.elimination import (
    Factor,
    Names,
    Program,
    Table,
    beliefs,
    program,
    size_of,
    total,
)
from kit.outcomes.tables import (
    IMPOSSIBLE,
    Query,
    cut,
    dead_end,
    factors_of,
    mask_of,
    settled_by_plan,
)
from kit.scenario import Assignment, Scenario

TOGETHER_CELLS = 200_000  # of the largest product, when many questions share one pass
PEAK_CELLS = 8_000_000  # of the largest product, about 64 MB


@dataclass(frozen=True, slots=True, eq=False)
class Net:
    """The chances that matter: tables of the open variables, and what weighs them.

    ``sizes`` holds the number of values of each open variable, in the scenario's order; ``kept``
    are those of them that are never summed out and have no table of chances.
    """

    sizes: dict[str, int]
    chances: dict[str, Factor]
    evidence: tuple[Factor, ...]
    kept: Names = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """Return the number of values of each kept variable."""
        return tuple(self.sizes[name] for name in self.kept)

    def reaching(self, wanted: Iterable[str]) -> tuple[str, ...]:
        """Return the variables left to chance that reach the wanted ones or the evidence."""
        todo = [*wanted, *(name for factor in self.evidence for name in factor.names)]
        found: set[str] = set()
        while todo:
            name = todo.pop()
            if name not in found and name in self.chances:
                found.add(name)
                todo += self.chances[name].names
        return tuple(name for name in self.sizes if name in found)

    def factors(self, names: Iterable[str]) -> list[Factor]:
        """Return the tables of these variables and the evidence."""
        return [*(self.chances[name] for name in names), *self.evidence]

    def program(
        self, factors: Sequence[Factor], asked: Sequence[Names] = (), batched: int = 0
    ) -> Program:
        """Return the way to the sum over all worlds of the product of some tables."""
        scopes = tuple(factor.names for factor in factors)
        named = {name for scope in (*scopes, *asked, self.kept) for name in scope}
        sizes = tuple((name, size) for name, size in self.sizes.items() if name in named)
        return program(scopes, sizes, self.kept, asked=tuple(asked), batched=batched)

    def sum(self, factors: Sequence[Factor]) -> Table:
        """Return the sum over all worlds of the product of some tables, by kept variables."""
        way = self.program(factors)
        return total(way, [factor.table for factor in factors])[..., 0]


def net_of(scenario: Scenario, query: Query) -> tuple[Net, Table]:
    """Return the chances that a query leaves open, with the evidence, and the latter's weight.

    The choice asked about is kept; the weight is found for each of its options, zero where an
    option cannot be taken.

    Raises
    ------
    DecisionError
        What is known cannot happen.
    ScenarioError
        A choice has no open option in some reachable world.
    """
    settled = settled_by_plan(scenario, query)
    full = factors_of(scenario, query)
    tables = {name: cut(scenario, factor, settled) for name, factor in full.items()}
    sizes = {n: len(v.domain) for n, v in scenario.variables.items() if n not in settled}
    observed = [n for n in query.known if not query.sets(scenario.variables[n])]
    found = [tables[name] for name in observed]
    found.append(mask_of(scenario, query.given, settled))
    if any(not factor.names and not factor.table.item() > 0 for factor in found):
        raise DecisionError(IMPOSSIBLE)
    if query.choice is not None:
        found.append(open_mask(scenario, query, settled))
    evidence = tuple(factor for factor in found if factor.names)
    chances = {name: tables[name] for name in sizes if name != query.choice}
    net = Net(sizes, chances, evidence, (query.choice,) if query.choice else ())
    weights = mass(net)
    _refuse_the_impossible(scenario, query, weights)
    _refuse_dead_ends(net, _closing(scenario), weights > 0)
    return net, weights


def mass(net: Net) -> Table:
    """Return the sum of the weights of all worlds: 1, or the chance of what is known.

    One for each value of the kept variables.
    """
    if not net.evidence:
        return np.ones(net.shape)
    return net.sum(net.factors(net.reaching(())))


def open_mask(scenario: Scenario, query: Query, settled: Assignment) -> Factor:
    """Return 1 for each option of the choice where it is open, nothing where none is closed."""
    choice = scenario.choices[query.choice or ""]
    if not any(option.when.terms for option in choice.options.values()):
        return Factor((), np.ones(1))
    masks = [mask_of(scenario, option.when, settled) for option in choice.options.values()]
    names = tuple(
        n for n in scenario.variables if any(n in m.names or n == choice.id for m in masks)
    )
    place = names.index(choice.id)
    shape = [len(scenario.variables[name].domain) for name in names]
    table: Table = np.zeros([*shape, 1])
    for index, mask in enumerate(masks):
        own = dict(zip(mask.names, mask.table.shape, strict=False))
        wide = mask.table.reshape([own.get(n, 1) for n in names if n != choice.id] + [1])
        table[(slice(None),) * place + (index,)] = wide
    return Factor((), np.ones(1)) if table.all() else Factor(names, table)


def _refuse_the_impossible(scenario: Scenario, query: Query, weights: Table) -> None:
    """Refuse what cannot happen; an option that waits may just never open."""
    if query.choice is None:
        if not weights > 0:
            raise DecisionError(IMPOSSIBLE)
        return
    for option, weight in zip(
        scenario.choices[query.choice].options.values(), weights, strict=True
    ):
        closed = not option.when.holds(query.known)
        if not weight > 0 and not closed and not query.waits(scenario, option.id):
            raise DecisionError(IMPOSSIBLE)


@functools.lru_cache(maxsize=64)
def _closing(scenario: Scenario) -> frozenset[str]:
    """Return the choices in which an option may be closed; no others can be dead ends."""
    choices = scenario.choices.values()
    return frozenset(c.id for c in choices if any(o.when.terms for o in c.options.values()))


def has_dead_ends(net: Net, among: frozenset[str] | None = None) -> bool:
    """Return whether a choice has no open option for some values of what it looks at."""
    names = net.chances.keys() if among is None else net.chances.keys() & among
    return any(even_where_dead(net.chances[name], name)[1].any() for name in names)


def even_where_dead(factor: Factor, name: str) -> tuple[Table, Table]:
    """Return the table of a variable with even chances where it has none, and where that is.

    The second has an axis of length 1 for the variable itself.
    """
    axis = factor.names.index(name)
    dead = np.add.reduce(factor.table, axis, keepdims=True) < 0.5
    return (factor.table + dead / factor.table.shape[axis] if dead.any() else factor.table), dead


def _refuse_dead_ends(net: Net, closing: frozenset[str], possible: Table) -> None:
    """Refuse a scenario in which some weight is lost in a choice without an open option."""
    if not has_dead_ends(net, closing):
        return
    chances = net.chances.items()
    filled = [Factor(factor.names, even_where_dead(factor, name)[0]) for name, factor in chances]
    kept = net.sum([*net.chances.values(), *net.evidence])
    whole = net.sum([*filled, *net.evidence])
    if (possible & (whole - kept > 1e-9 * whole)).any():
        raise dead_end()


def joint_chances(net: Net, scopes: Iterable[Names]) -> dict[Names, Table]:
    """Return the joint chances of the variables of each scope, adding up to 1.

    With kept variables: for each of their values, whose axes are among those of the table, in
    order; zero where that value cannot be. All scopes are found in one pass where the products
    stay small, else in several; a scope whose tables would be too large is left out.
    """
    ranks = {name: place for place, name in enumerate(net.sizes)}
    wanted = sorted(dict.fromkeys(scopes), key=lambda scope: [ranks[n] for n in reversed(scope)])
    if not wanted:
        return {}
    factors = net.factors(net.reaching({name for scope in wanted for name in scope}))
    way = net.program(factors, wanted)
    if way.peak > (TOGETHER_CELLS if len(wanted) > 1 else PEAK_CELLS):
        half = len(wanted) // 2
        return (
            joint_chances(net, wanted[:half]) | joint_chances(net, wanted[half:]) if half else {}
        )
    found: dict[Names, Table] = {}
    whole: Table = np.empty(0)
    for scope, table in zip(wanted, beliefs(way, [f.table for f in factors]), strict=True):
        names = sorted({*scope, *net.kept}, key=ranks.__getitem__)
        if not found:  # every table has the same sums over all but the kept variables
            axes = tuple(place for place, name in enumerate(names) if name not in net.kept)
            whole = np.add.reduce(table, axis=axes)
            whole = np.where(whole > 0, whole, 1.0)
        shape = [net.sizes[name] if name in net.kept else 1 for name in names]
        found[scope] = table / whole.reshape(shape)
    return found


def cells_of(net: Net, names: Names) -> int:
    """Return the number of worlds of these variables, for all values of the kept ones."""
    return size_of((*names, *net.kept), net.sizes)
