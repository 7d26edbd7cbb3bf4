"""What a class debrief holds: plays of one exercise, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kit.calibration import Calibration, Forecast
from kit.log import Event
from kit.scenario import Choice, Measure, Option, Scenario


@dataclass(frozen=True, slots=True)
class Team:
    """One play of the class.

    ``decisions`` holds the decisions that stand, by choice; ``reached`` where each measure ended,
    or where it stands on average if the play is not over; ``forecasts`` the answers to
    predictions and ``fit`` how well they fit; ``ratings`` what people gave each objective.
    ``offered`` is the evidence that injects put before the team.
    """

    name: str
    file: str
    over: bool
    mode: str
    seed: int | None
    roles: tuple[str, ...]
    decisions: Mapping[str, Event]
    reached: Mapping[str, float]
    forecasts: tuple[Forecast, ...]
    fit: Calibration
    ratings: Mapping[str, Event]
    offered: tuple[str, ...]


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
    """The plays of a class, merged: choices, agreement, measures, reasons, predictions, ratings.

    ``unused`` is the evidence that was put before some team and cited by none.
    ``fit`` counts an answer once, also where a play and a second future of it are both here;
    ``same_luck`` says whether plays share a seed, so that what chance brought them hangs together.
    """

    scenario: Scenario
    teams: tuple[Team, ...]
    refused: tuple[Refused, ...]
    tallies: tuple[Tally, ...]
    spreads: tuple[Spread, ...]
    fit: Calibration
    same_luck: bool
    unused: tuple[str, ...]
