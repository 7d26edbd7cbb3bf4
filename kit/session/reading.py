"""What can be read from a play at any moment; nothing here changes it."""

from __future__ import annotations

from kit import calibration, engine, outcomes, text
from kit.errors import DecisionError
from kit.log import Event
from kit.outcomes import Outcome
from kit.scenario import Choice, Move, Prediction, Scenario
from kit.session.forecasts import Forecasts


class Reading:
    """A play as it stands: its log, the state this leads to, and everything derived from them."""

    scenario: Scenario
    log: tuple[Event, ...]
    state: engine.State
    forked: int | None
    _forecasts: Forecasts

    @property
    def open(self) -> tuple[Choice, ...]:
        """Return the choices that may be taken now."""
        return engine.open_choices(self.scenario, self.state)

    @property
    def move(self) -> Move | None:
        """Return the move in play, or None when the exercise is over."""
        return engine.current_move(self.scenario, self.state)

    @property
    def over(self) -> bool:
        """Return whether everything is decided."""
        return engine.pending(self.scenario, self.state) is None

    @property
    def seed(self) -> int:
        """Return the seed of chance of this play."""
        return self.state.seed or 0

    @property
    def hash(self) -> str:
        """Return the hash of the state, the same on every machine."""
        return engine.state_hash(self.scenario, self.state)

    @property
    def mode(self) -> str:
        """Return who sits where: ``solo``, ``hot-seat`` or ``room``."""
        return self.log[0].mode or "solo"

    @property
    def unpredicted(self) -> tuple[Prediction, ...]:
        """Return the predictions of the move to answer or pass before its first decision.

        A second future asks none: who has seen the first knows too much.
        """
        return engine.unpredicted(self.scenario, self.state) if self.forked is None else ()

    def predictions(self) -> tuple[calibration.Forecast, ...]:
        """Return what was predicted so far, with what came of it as far as that may be told."""
        return calibration.forecasts(
            self.scenario, self.log, self.state, over=self.over, forked=self.forked
        )

    def outcomes(self) -> dict[str, Outcome]:
        """Return where every measure ends, given all that is known so far.

        Raises
        ------
        DecisionError
            Nothing is decided and predictions are open: say first what you expect.
        """
        if self.unpredicted and not self.state.begun:
            raise DecisionError(ask_first("open the outcomes", self.unpredicted))
        return self._forecasts.now(self.state)

    def base(self) -> dict[str, Outcome]:
        """Return the base case: the same luck so far, but no new decision by the played roles."""
        return self._forecasts.base(self.state)

    def plain_base(self) -> dict[str, Outcome]:
        """Return the base case seen from the start, with nothing known."""
        return self._forecasts.plain_base(self.state)

    def prospects(self) -> dict[str, Outcome]:
        """Return what the decisions alone lead to, averaged over everything chance could do."""
        return self._forecasts.prospects(self.state)

    def compare(self, choice: str | None = None) -> dict[str, dict[str, Outcome]]:
        """Return the outcomes of each option of an open choice (the first one when not named).

        Raises
        ------
        DecisionError
            There is no such choice, or predictions of the move are open.
        """
        if self.unpredicted:
            raise DecisionError(ask_first("compare options", self.unpredicted))
        wanted = engine.find_choice(self.scenario, self.state, choice)
        known, roles = self.state.known, self.state.roles
        return outcomes.compare(self.scenario, known, wanted.id, roles=roles)

    def briefs(self) -> str:
        """Return the private briefs of the roles in play as text."""
        return text.briefs(self.scenario, self.state)

    def situation(self) -> str:
        """Return the situation of the move in play as text."""
        return text.situation(self.scenario, self.state)

    def questions(self) -> str:
        """Return the predictions to answer now as text, and how to answer them."""
        return text.questions(self.scenario, self.unpredicted)

    def foresight(self) -> str:
        """Return what was predicted beside what came of it as text."""
        return text.foresight(self.scenario, self.predictions())

    def decisions(self) -> str:
        """Return the open choices and their options as text."""
        return text.decisions(self.scenario, self.state)

    def review(self) -> str:
        """Return the decisions so far as text, at the end beside what governments chose."""
        return text.review(self.scenario, self.state, self.log)

    def results(self) -> str:
        """Return the outcomes beside the base case as text."""
        return text.results(self.scenario, self.outcomes(), self.base())

    def outlook(self) -> str:
        """Return what the decisions alone lead to as text, averaged over all luck."""
        return text.results(self.scenario, self.prospects(), self.plain_base())

    def beside(self, other: Reading) -> str:
        """Return this play and another future of the same exercise side by side, as text.

        Raises
        ------
        DecisionError
            The other play is of another exercise, or of another version of it.
        """
        if other.scenario.fingerprint != self.scenario.fingerprint:
            raise DecisionError(
                f"Only plays of one exercise can stand side by side, not '{self.scenario.id}' "
                f"{self.scenario.version} and '{other.scenario.id}' {other.scenario.version}."
            )
        states, results = (self.state, other.state), (self.outcomes(), other.outcomes())
        return text.beside(self.scenario, states, results)

    def __repr__(self) -> str:
        """Return one line that is the same whenever the play stands at the same point."""
        where = "over" if self.move is None else f"move '{self.move.id}'"
        roles = ", ".join(self.scenario.roles[role].name for role in self.state.roles)
        return f"Session of '{self.scenario.id}' as {roles or 'nobody'}, {where}"


def ask_first(what: str, asked: tuple[Prediction, ...]) -> str:
    """Return why predictions come first, and how each of them is answered."""
    calls = ", ".join(
        f"predict({p.id!r}, {'low=…, high=…' if p.asks_range else 'percent'})" for p in asked
    )
    return (
        f"Before you {what}, say what you expect: {calls}; or pass with "
        f"predict({asked[0].id!r}). What you say is sealed."
    )
