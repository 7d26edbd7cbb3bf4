"""Hold the line of the record against what the model held likely before anybody decided.

The line of the record is the author's own play that takes every option marked as history and
says what chance brought. An exercise whose marks cover less than half of its choices has none:
most of it never happened.
"""

from __future__ import annotations

from dataclasses import dataclass

from kit import outcomes
from kit.scenario import Play, Scenario

MARKED = 0.5  # share of choices that the record must answer
EXACT = 1e-9  # sums of effects differ by rounding


@dataclass(frozen=True, slots=True)
class Band:
    """Where one measure ends, in its unit.

    ``p10`` and ``p90`` are the ends of the middle 80 % when nobody plays and every role follows
    its odds; ``past`` is where the line of the record ends, None without such a line.
    """

    measure: str
    label: str
    unit: str
    start: float
    p10: float
    p90: float
    past: float | None

    @property
    def outside(self) -> bool:
        """Return whether the record ends where the model did not expect it in 8 of 10 courses."""
        return self.past is not None and not self.p10 - EXACT <= self.past <= self.p90 + EXACT


def line_of(scenario: Scenario) -> Play | None:
    """Return the author's play that follows the record, or None where there is none."""
    history = scenario.history
    if not history or len(history) < MARKED * len(scenario.choices):
        return None
    for play in scenario.plays:
        followed = all(play.assign.get(name) == value for name, value in history.items())
        if followed and scenario.uncertainties.keys() <= play.assign.keys():
            return play
    return None


def bands(scenario: Scenario) -> tuple[Band, ...]:
    """Return the band of every measure, with the end of the record's line where there is one."""
    likely = outcomes.evaluate(scenario, {}, roles=())
    past = line_of(scenario)
    ends = outcomes.measures_of(scenario, {**scenario.base_case, **past.assign}) if past else {}
    return tuple(
        Band(name, m.label, m.unit, m.start, likely[name].p10, likely[name].p90, ends.get(name))
        for name, m in scenario.measures.items()
    )
