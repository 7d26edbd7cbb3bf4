"""What depends on what in a scenario, and how each dependence and option stands in a play."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from kit import engine
from kit.scenario import END, Assignment, Choice, Inject, Scenario, Variable, When

OPTION, ODDS, MESSAGE = "option", "odds", "message"
KINDS = (OPTION, ODDS, MESSAGE)
TAKEN, LEFT, CLOSED, OPEN = "taken", "left", "closed", "open"
MET, UNMET, AHEAD = "met", "unmet", "ahead"


@dataclass(frozen=True, slots=True)
class Link:
    """One variable on which something depends.

    ``target`` is a variable, for ``message`` a move; ``whens`` are the conditions that name
    ``source``, ``options`` the options of the target that a condition of the kind ``option``
    opens.
    """

    source: str
    target: str
    kind: str
    whens: tuple[When, ...]
    options: tuple[str, ...] = ()

    @property
    def values(self) -> frozenset[str]:
        """Return the values of the source that any of the conditions asks for."""
        terms = (dict(when.terms)[self.source] for when in self.whens)
        return frozenset[str]().union(*terms)


@functools.lru_cache(maxsize=32)
def links(scenario: Scenario) -> tuple[Link, ...]:
    """Return every dependence of a scenario, in file order of what depends."""
    found: list[Link] = []
    for name, variable in scenario.variables.items():
        if isinstance(variable, Choice):
            gated = {o.id: o.when for o in variable.options.values() if o.when.terms}
            for source in _names(gated.values()):
                mine = {o: when for o, when in gated.items() if source in when.names}
                found.append(Link(source, name, OPTION, tuple(mine.values()), tuple(mine)))
        rules = [rule.when for rule in variable.given]
        found += [Link(s, name, ODDS, _with(s, rules)) for s in _names(rules)]
    for move in scenario.moves.values():
        rules = [inject.when for inject in move.injects if inject.when.terms]
        found += [Link(s, move.id, MESSAGE, _with(s, rules)) for s in _names(rules)]
    return tuple(found)


def link_standing(scenario: Scenario, link: Link, known: Assignment) -> str:
    """Return whether a dependence was met in a play, was not, or is still ahead."""
    if link.kind == ODDS:
        for rule in scenario.variables[link.target].given:  # the first that holds wins
            if refuted(rule.when, known):
                continue
            if not rule.when.holds(known):
                return AHEAD
            return MET if link.source in rule.when.names else UNMET
        return UNMET
    if any(when.holds(known) for when in link.whens):
        return MET
    return UNMET if all(refuted(when, known) for when in link.whens) else AHEAD


def option_standing(variable: Variable, value: str, known: Assignment) -> str:
    """Return whether a value was taken, left, closed by what went before, or is still open."""
    if known.get(variable.id) == value:
        return TAKEN
    if isinstance(variable, Choice) and refuted(variable.options[value].when, known):
        return CLOSED
    if all(parent in known for parent in variable.parents):
        impossible = engine.odds(variable, known)[value] == 0
        if impossible and not isinstance(variable, Choice):  # a played choice needs no odds
            return CLOSED
    return LEFT if variable.id in known else OPEN


def message_standing(scenario: Scenario, inject: Inject, state: engine.State, move: str) -> str:
    """Return whether a message came, did not, or may still come."""
    reached = any(move == one.id for one in engine.reached_moves(scenario, state))
    if inject.when.holds(state.known):
        return MET if reached else AHEAD
    return UNMET if reached or refuted(inject.when, state.known) else AHEAD


def refuted(when: When, known: Assignment) -> bool:
    """Return whether a condition can no longer be met."""
    return any(name in known and known[name] not in values for name, values in when.terms)


def columns(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Return the variables of each move in the order of the file, and of the end if it has any."""
    found: dict[str, list[str]] = {move: [] for move in scenario.moves}
    for name in scenario.variables:
        found.setdefault(scenario.move_of(name), []).append(name)
    if END in found:
        found[END] = found.pop(END)
    return {move: tuple(names) for move, names in found.items()}


def _names(whens: Iterable[When]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for when in whens for name in when.names))


def _with(name: str, whens: Iterable[When]) -> tuple[When, ...]:
    return tuple(when for when in whens if name in when.names)
