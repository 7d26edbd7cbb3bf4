"""What a scenario is made of: frozen values with every reference already resolved.

Choices and uncertainties live in one namespace, in the order in which they become known
(:attr:`Scenario.variables`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from kit.scenario.conditions import Assignment, When
from kit.scenario.variables import Choice, Uncertainty, Variable


@dataclass(frozen=True, slots=True)
class Objective:
    """A learning objective with its level in Bloom's taxonomy and the criteria that show it."""

    id: str
    bloom: str
    text: str
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Role:
    """A seat at the table; ``brief`` is private to it."""

    id: str
    name: str
    brief: str
    office: str = ""
    cell: str = "blue"


@dataclass(frozen=True, slots=True)
class Measure:
    """A number counted at the end, in its own unit."""

    id: str
    label: str
    unit: str
    better: str
    start: float
    description: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """The size of an effect, with its range, what it rests on, and who would disagree.

    A modelled one carries the exact ``call`` that computed it, and for each parameter of the
    model the low, base and high value it was taken over.
    """

    id: str
    text: str
    low: float
    base: float
    high: float
    unit: str
    basis: str
    evidence: tuple[str, ...] = ()
    dissent: str = ""
    call: str = ""
    ranges: Mapping[str, tuple[float, float, float]] = field(
        default_factory=lambda: MappingProxyType({})
    )


@dataclass(frozen=True, slots=True)
class Inject:
    """One piece of information delivered to roles during a move."""

    id: str
    minute: int
    sender: str
    to: tuple[str, ...]
    channel: str
    text: str
    when: When
    evidence: tuple[str, ...]
    objective: str
    expected_action: str
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Prediction:
    """A question that learners answer before they decide, and what settles it later.

    Exactly one of ``event``, ``variable`` and ``measure`` is given. A measure without a bound asks
    for a range; everything else asks for a probability.
    """

    id: str
    question: str
    event: str = ""
    by: str = ""
    variable: str = ""
    values: frozenset[str] = frozenset()
    measure: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def asks_range(self) -> bool:
        """Return whether the answer is a range in the measure's unit, not a probability."""
        return bool(self.measure) and self.at_least is None and self.at_most is None


@dataclass(frozen=True, slots=True)
class Move:
    """A block of time: a situation, the injects delivered in it, and what is decided in it.

    ``as_of`` is the real day, by which evidence is judged; ``label`` is shown in its place where
    an edition hides it.
    """

    id: str
    title: str
    as_of: str
    minutes: int
    situation: str
    injects: tuple[Inject, ...]
    choices: tuple[str, ...]
    predictions: tuple[Prediction, ...] = ()
    label: str = ""

    @property
    def day(self) -> str:
        """Return the day as learners see it."""
        return self.label or self.as_of


@dataclass(frozen=True, slots=True)
class Effect:
    """When a condition holds, some measures change by a number or by a named assumption."""

    when: When
    change: Mapping[str, float | str]
    why: str


@dataclass(frozen=True, slots=True)
class Play:
    """A test written by the author: under an assignment, these means are expected."""

    name: str
    assign: Assignment
    expect: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Silence:
    """Advice of the audit that the author does not follow: its code, what it is about, why."""

    code: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Misconception:
    """What learners may wrongly believe, and what speaks against it."""

    belief: str
    answer: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A source of the record to go on with, and what one finds there."""

    source: str
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """A whole exercise; compared and hashed by identity, identified by its fingerprint.

    ``edition`` says in whose words it is: empty for those of the file, else the name of an
    edition. The fingerprint is the same for all.
    """

    id: str
    version: str
    title: str
    summary: str
    as_of: str
    minutes: int
    level: str
    language: str
    objectives: Mapping[str, Objective]
    roles: Mapping[str, Role]
    measures: Mapping[str, Measure]
    assumptions: Mapping[str, Assumption]
    variables: Mapping[str, Variable]
    moves: Mapping[str, Move]
    effects: tuple[Effect, ...]
    base_case: Assignment
    plays: tuple[Play, ...]
    hot_wash: tuple[str, ...]
    silenced: tuple[Silence, ...]
    fingerprint: str
    debrief: tuple[str, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()
    further_reading: tuple[Reading, ...] = ()
    edition: str = ""

    @property
    def masked(self) -> bool:
        """Return whether names are invented and the record is hidden."""
        return self.edition == "masked"

    @property
    def day(self) -> str:
        """Return the day on which play starts, as learners see it."""
        return next(iter(self.moves.values())).label or self.as_of

    @property
    def choices(self) -> Mapping[str, Choice]:
        """Return the choices by id, in the order in which they come up."""
        return {n: v for n, v in self.variables.items() if isinstance(v, Choice)}

    @property
    def uncertainties(self) -> Mapping[str, Uncertainty]:
        """Return the uncertainties by id, in the order in which they become known."""
        return {n: v for n, v in self.variables.items() if isinstance(v, Uncertainty)}

    @property
    def playable(self) -> tuple[str, ...]:
        """Return the roles that a learner may play: the blue ones that decide something."""
        deciding = {choice.role for choice in self.choices.values()}
        return tuple(r for r, role in self.roles.items() if role.cell == "blue" and r in deciding)

    @property
    def history(self) -> dict[str, str]:
        """Return the option that governments took, for each choice where one is marked."""
        return {
            choice.id: option.id
            for choice in self.choices.values()
            for option in choice.options.values()
            if option.history
        }

    def move_of(self, name: str) -> str:
        """Return the id of the move in which a variable becomes known, or ``end``."""
        variable = self.variables[name]
        return variable.move if isinstance(variable, Choice) else variable.resolves

    def size(self, amount: float | str, which: str = "base") -> float:
        """Return an effect's size as a number: itself, or a value of the assumption it names."""
        if isinstance(amount, str):
            value: Any = getattr(self.assumptions[amount], which)
            return float(value)
        return float(amount)
