"""What can be settled: a *choice* is a variable a role sets, an *uncertainty* one chance sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from kit.scenario.conditions import ALWAYS, Given, When, names_in


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a choice.

    ``history`` marks the option that governments took, ``record`` names the event or agreement
    that shows it.
    """

    id: str
    text: str
    tradeoff: str
    odds: float
    when: When = ALWAYS
    history: bool = False
    record: str = ""
    codes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Choice:
    """A variable that a role sets, or that the odds set when nobody plays the role."""

    id: str
    move: str
    role: str
    question: str
    options: Mapping[str, Option]
    context: str
    given: tuple[Given, ...]
    basis: str
    why: str
    evidence: tuple[str, ...]

    @property
    def domain(self) -> tuple[str, ...]:
        """Return the ids of the options, in order."""
        return tuple(self.options)

    @property
    def odds(self) -> Mapping[str, float]:
        """Return the odds of the options when nobody plays the role and nothing is known."""
        return {option.id: option.odds for option in self.options.values()}

    @property
    def parents(self) -> tuple[str, ...]:
        """Return the variables the odds or the options of this choice look at, in file order."""
        whens = [rule.when for rule in self.given] + [o.when for o in self.options.values()]
        return names_in(whens)

    def label(self, value: str) -> str:
        """Return the text of one option."""
        return self.options[value].text


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """A variable that chance sets; it becomes known when the move ``resolves`` opens."""

    id: str
    question: str
    resolves: str
    values: Mapping[str, str]
    odds: Mapping[str, float]
    given: tuple[Given, ...]
    basis: str
    why: str
    evidence: tuple[str, ...]
    dissent: str

    @property
    def domain(self) -> tuple[str, ...]:
        """Return the ids of the values, in order."""
        return tuple(self.values)

    @property
    def parents(self) -> tuple[str, ...]:
        """Return the variables the odds look at, in file order."""
        return names_in([rule.when for rule in self.given])

    def label(self, value: str) -> str:
        """Return the text of one value."""
        return self.values[value]


Variable = Choice | Uncertainty
