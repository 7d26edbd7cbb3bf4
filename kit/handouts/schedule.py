"""The minute-by-minute plan of an exercise: what the facilitator does when."""

from __future__ import annotations

from dataclasses import dataclass

from kit.scenario import Inject, Move, Scenario

INTRODUCTION = 5  # minutes, where the planned length leaves them


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the plan: minutes from the start, what happens, and the parts it is about."""

    minute: int
    what: str
    move: Move | None = None
    inject: Inject | None = None

    @property
    def clock(self) -> str:
        """Return the time from the start as hours and minutes.

        Examples
        --------
        >>> Step(75, "Decide").clock
        '1:15'
        """
        return f"{self.minute // 60}:{self.minute % 60:02d}"


def plan(scenario: Scenario) -> tuple[Step, ...]:
    """Return every step from the introduction to the hot wash, in order of time.

    What the planned length leaves beyond the moves goes to the introduction (at most
    ``INTRODUCTION`` minutes) and then to the hot wash; where nothing is left, both lie outside it.
    """
    spare = max(0, scenario.minutes - sum(move.minutes for move in scenario.moves.values()))
    now = min(INTRODUCTION, spare)
    steps = [Step(0, "Introduction: purpose, roles, how the exercise works")] if now else []
    for move in scenario.moves.values():
        steps.append(Step(now, "Open the move and read the situation aloud", move))
        steps += [Step(now + i.minute, "Deliver", move, i) for i in move.injects]
        now += move.minutes
    steps.append(Step(now, "Hot wash: talk before anybody leaves"))
    return tuple(steps)
