"""What a class debrief holds: plays of one exercise, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kit.log import Event
from kit.scenario import Choice, Measure, Option, Scenario


@dataclass(frozen=True, slots=True)
class Team:
    """One play of the class.

    ``decisions`` holds the decisions that stand, by choice; ``reached`` where each measure ended,
    or where it stands on average if the play is not over.
    """

    name: str
    file: str
    over: bool
    roles: tuple[str, ...]
    decisions: Mapping[str, Event]
    reached: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was left out, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Vote:
    """An option of a choice and the teams that took it."""

    option: Option
    teams: tuple[Team, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How the teams decided one choice.

    ``share`` is the part of the teams that took the most frequent option; ``low`` and ``high``
    are the ends of its 95 % interval, were these teams drawn at random from many.
    """

    choice: Choice
    votes: tuple[Vote, ...]
    decided: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Spread:
    """Where a measure ended across the teams, and where it is when nobody decides anything new."""

    measure: Measure
    values: tuple[float, ...]
    base: float

    @property
    def middle(self) -> float:
        """Return the median of the teams' values."""
        ordered = sorted(self.values)
        half = len(ordered) // 2
        return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """The plays of a class, merged: choices, agreement, measures reached, reasons."""

    scenario: Scenario
    teams: tuple[Team, ...]
    refused: tuple[Refused, ...]
    tallies: tuple[Tally, ...]
    spreads: tuple[Spread, ...]
