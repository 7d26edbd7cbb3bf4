"""Conditions on variables: partial assignments that gate injects, options, odds and effects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

END = "end"

Assignment = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class When:
    """A partial assignment: every named variable must have one of the values given."""

    terms: tuple[tuple[str, frozenset[str]], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return the variables this condition looks at."""
        return tuple(name for name, _ in self.terms)

    def holds(self, assignment: Assignment) -> bool:
        """Return whether the condition is met; a variable not yet known never meets it."""
        return all(assignment.get(name) in values for name, values in self.terms)

    def __str__(self) -> str:
        """Return the condition in words."""
        return " and ".join(f"{name} is {' or '.join(sorted(v))}" for name, v in self.terms)


ALWAYS = When()


@dataclass(frozen=True, slots=True)
class Given:
    """Other odds that replace the plain ones when a condition holds."""

    when: When
    odds: Mapping[str, float]


def names_in(whens: Iterable[When]) -> tuple[str, ...]:
    """Return the variables that conditions look at, each once, in the order met."""
    return tuple(dict.fromkeys(name for when in whens for name in when.names))
