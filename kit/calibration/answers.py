"""Read the answers to predictions from a log, and score each as soon as its outcome is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kit import engine, outcomes, tables
from kit.log import Event
from kit.scenario import Prediction, Scenario

MISSED = 0.2  # the share of answers that a range may miss
_EVEN = 1e-9  # a sum of effects may miss a bound by rounding


@dataclass(frozen=True, slots=True)
class Forecast:
    """One answer to a prediction, and what became of it.

    Attributes
    ----------
    prediction, move
        What was asked, and the id of the move in which it was asked.
    low, high
        Ends of a range in the measure's unit; for a probability both are the same number of
        percent. Both 0 when the question was passed over.
    passed
        Whether the player gave no answer.
    seal, seq, at
        The hash that fixed the answer, its place in the log, and when that was.
    late
        Whether it is a second answer, or was made in a second future; it does not count.
    resolved
        Whether it is known what came.
    outcome
        True or False for a probability, a number for a range, None while that is open.
    score
        Brier score of a probability, interval score of a range; None where nothing counts.
    inside
        Whether a range holds what came; None where nothing counts.
    """

    prediction: Prediction
    move: str
    low: float
    high: float
    passed: bool
    seal: str
    seq: int
    late: bool
    resolved: bool
    outcome: bool | float | None
    score: float | None
    inside: bool | None = None
    at: str = ""

    @property
    def is_range(self) -> bool:
        """Return whether the question asks for a range instead of a probability."""
        return self.prediction.asks_range

    @property
    def counts(self) -> bool:
        """Return whether it is scored."""
        return self.score is not None


def forecasts(
    scenario: Scenario,
    log: Iterable[Event],
    state: engine.State,
    *,
    over: bool,
    forked: int | None = None,
) -> tuple[Forecast, ...]:
    """Return every answer to a prediction in a log, in order, with what came of it so far.

    Parameters
    ----------
    scenario
        The exercise.
    log
        The events of the play.
    state
        Where the log leads.
    over
        Whether the play is over; real events and measures are told only then.
    forked
        How many events the play shares with the one it was forked from, if any.

    Raises
    ------
    DecisionError
        An answer has the wrong form for its question.
    DataError
        The record of events has problems.
    """
    asked = {p.id: (p, move.id) for move in scenario.moves.values() for p in move.predictions}
    said = [event for event in log if event.kind == "predict"]
    facts = _Facts(scenario, state.known, over)
    answered: set[str] = set()
    found = []
    for event in said:
        prediction, move = asked[event.name]
        late = event.name in answered or (forked is not None and event.seq > forked)
        answered.add(event.name)
        found.append(_forecast(event, prediction, move, late, facts.answer(prediction)))
    return tuple(found)


class _Facts:
    """What came, as far as a play may know it; the record is read only when it is needed."""

    def __init__(self, scenario: Scenario, known: Mapping[str, str], over: bool) -> None:
        self.known = known
        self.over = over
        self.reached = outcomes.measures_of(scenario, known) if over else {}
        self._days: dict[str, date] | None = None

    def answer(self, prediction: Prediction) -> bool | float | None:
        """Return what settles a prediction, or None while that is open."""
        if prediction.variable:
            value = self.known.get(prediction.variable)
            return None if value is None else value in prediction.values
        if not self.over:
            return None
        if prediction.event:
            known_on = self._known_on().get(prediction.event)
            # A row that was taken out of the record since settles nothing.
            return None if known_on is None else known_on <= date.fromisoformat(prediction.by)
        reached = self.reached[prediction.measure]
        if prediction.at_least is not None:
            return reached >= prediction.at_least - _EVEN
        if prediction.at_most is not None:
            return reached <= prediction.at_most + _EVEN
        return reached

    def _known_on(self) -> dict[str, date]:
        if self._days is None:
            self._days = {name: row.known_on for name, row in tables.evidence().items()}
        return self._days


def _forecast(
    event: Event, prediction: Prediction, move: str, late: bool, outcome: bool | float | None
) -> Forecast:
    answer = engine.said(prediction, event.value)
    low, high = answer or (0.0, 0.0)
    score, inside = None, None
    if outcome is not None and answer and not late:
        if prediction.asks_range:
            score, inside = interval_score(low, high, outcome), _holds(low, high, outcome)
        else:
            score = (low / 100 - outcome) ** 2
    return Forecast(
        prediction=prediction,
        move=move,
        low=low,
        high=high,
        passed=answer is None,
        seal=event.seal,
        seq=event.seq,
        late=late,
        resolved=outcome is not None,
        outcome=outcome,
        score=score,
        inside=inside,
        at=event.at,
    )


def interval_score(low: float, high: float, value: float) -> float:
    """Return the interval score of a range meant to hold the answer 8 times in 10.

    It is the width of the range, and ten times the distance by which it misses the value.

    Examples
    --------
    >>> interval_score(10, 20, 15), interval_score(10, 20, 22)
    (10, 30.0)
    """
    missed = max(low - value, value - high, 0)
    return high - low + 2 / MISSED * missed if missed else high - low


def _holds(low: float, high: float, value: float) -> bool:
    return low - _EVEN <= value <= high + _EVEN
