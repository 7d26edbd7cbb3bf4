"""A small scenario as a game in extensive form, in the .efg file that Gambit reads.

The tree follows the order in which variables become known. Whoever decides knows all that came
before, so that every decision is an information set of its own. Uncertainties and the choices of
roles that nobody plays are moves of chance, with exact fractions; options that are closed at a
node are left out there. Players are the roles that are played; what each of them gets at the end
is one measure, with the opposite sign where less of it is better. All assumptions are at base.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from kit import engine
from kit.errors import DecisionError, ExportError
from kit.outcomes import measures_of
from kit.outcomes.tables import compiled
from kit.scenario import Assignment, Choice, Scenario, Variable

NODES = 50_000
_DENOMINATOR = 10**9  # odds and sizes are fractions of at most this


def to_efg(
    scenario: Scenario,
    payoffs: Mapping[str, str],
    *,
    known: Assignment | None = None,
    most: int = NODES,
) -> str:
    """Return the scenario as a game.

    Parameters
    ----------
    scenario
        The exercise.
    payoffs
        The measure that each played role is after: role → measure.
    known
        Variables that are settled; they must be the first ones to become known.
    most
        The largest number of nodes to write.

    Raises
    ------
    DecisionError
        A role, a measure or something known does not exist or cannot be.
    ExportError
        The tree would have more nodes than ``most``.
    """
    tree = _Tree(scenario, payoffs, dict(known or {}), most)
    players = " ".join(_quoted(scenario.roles[role].name) for role in payoffs)
    head = f"EFG 2 R {_quoted(scenario.title)} {{ {players} }}\n{_quoted(scenario.summary)}\n"
    return head + "\n" + "\n".join(tree.lines()) + "\n"


class _Tree:
    """The nodes of the game, written from the root down, each before those below it."""

    def __init__(
        self, scenario: Scenario, payoffs: Mapping[str, str], known: dict[str, str], most: int
    ) -> None:
        for role, measure in payoffs.items():
            engine.check_start(scenario, (role,))
            if measure not in scenario.measures:
                raise DecisionError(f"There is no measure '{measure}' in this scenario.")
        names = tuple(scenario.variables)
        if not payoffs:
            raise DecisionError("A game needs at least one player.")
        if set(known) != set(names[: len(known)]):
            raise DecisionError("Only what becomes known first can be settled in a game.")
        self.scenario = scenario
        self.payoffs = payoffs
        self.players = {role: place for place, role in enumerate(payoffs, 1)}
        self.known = known
        self.names = names[len(known) :]
        self.most = most
        self.sets = dict.fromkeys([0, *self.players.values()], 0)
        self.nodes = self.ends = 0

    def lines(self) -> Iterator[str]:
        """Yield one line for each node."""
        if self._fewest() > self.most:
            raise self._too_large()
        return self._below(self.known, self.names)

    def _fewest(self) -> int:
        """Return a number of nodes that the tree has at least: a large one need not be grown."""
        nodes = width = 1
        for name in self.names:
            variable = self.scenario.variables[name]
            if isinstance(variable, Choice) and variable.role in self.players:
                always = sum(not option.when.terms for option in variable.options.values())
                width *= max(always, 1)
            else:
                factor = compiled(self.scenario, name, None)
                possible = (factor.table > 0).sum(axis=factor.names.index(name))
                width *= max(int(possible.min()), 1)
            nodes += width
        return nodes

    def _too_large(self) -> ExportError:
        return ExportError(
            f"As a game, '{self.scenario.id}' has more than {self.most} nodes. Settle the first "
            "variables, or write an influence diagram, which does not grow like this."
        )

    def _below(self, world: dict[str, str], rest: tuple[str, ...]) -> Iterator[str]:
        self.nodes += 1
        if self.nodes > self.most:
            raise self._too_large()
        if not rest:
            yield self._end(world)
            return
        variable, label = self.scenario.variables[rest[0]], self._label(rest[0], world)
        if isinstance(variable, Choice) and variable.role in self.players:
            values = [option.id for option in engine.open_options(variable, world)]
            actions = " ".join(map(_quoted, values))
            player = self.players[variable.role]
            yield f'p "" {player} {self._next(player)} {label} {{ {actions} }} 0'
        else:
            odds = _fractions(variable, world)
            values = list(odds)
            actions = " ".join(f"{_quoted(value)} {chance}" for value, chance in odds.items())
            yield f'c "" {self._next(0)} {label} {{ {actions} }} 0'
        for value in values:
            yield from self._below({**world, variable.id: value}, rest[1:])

    def _next(self, player: int) -> int:
        self.sets[player] += 1
        return self.sets[player]

    def _label(self, name: str, world: Assignment) -> str:
        """Return what is settled at a node, after the name of the variable that comes next."""
        settled = ", ".join(f"{known}={value}" for known, value in world.items())
        return _quoted(f"{name}: {settled}" if settled else name)

    def _end(self, world: Assignment) -> str:
        self.ends += 1
        totals = measures_of(self.scenario, world)
        gains = []
        for measure in self.payoffs.values():
            sign = 1 if self.scenario.measures[measure].better == "high" else -1
            gains.append(str(sign * Fraction(totals[measure]).limit_denominator(_DENOMINATOR)))
        return f't "" {self.ends} "" {{ {", ".join(gains)} }}'


def _fractions(variable: Variable, world: Assignment) -> dict[str, Fraction]:
    """Return the chances above zero, as fractions that add up to 1 exactly, as Gambit demands."""
    odds = engine.odds(variable, world).items()
    found = {v: Fraction(p).limit_denominator(_DENOMINATOR) for v, p in odds if p > 0}
    whole = sum(found.values())
    return {value: chance / whole for value, chance in found.items()}


def _quoted(text: str) -> str:
    clean = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{" ".join(clean.split())}"'
