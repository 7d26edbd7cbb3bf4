"""The only object of the kit that changes: a play that can be continued, undone, forked and saved.

A session holds the log and the state it leads to, draws what chance decides, writes the capsule
after every event, and tells its views. Everything else about it is derived.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from kit import curation, engine, store
from kit.errors import DecisionError, StoreError
from kit.log import Event
from kit.session.keeping import Keeping, View, now
from kit.session.reading import ask_first

__all__ = ["Session", "View"]

SALT_BYTES = 8


class Session(Keeping):
    """A play to decide in, withdraw from and fork; :class:`Keeping` tells how it is made."""

    def decide(
        self,
        option: str,
        choice: str | None = None,
        *,
        note: str = "",
        confidence: int | None = None,
        evidence: Iterable[str] = (),
        change_mind: str = "",
        votes: Mapping[str, int] | None = None,
        role: str = "",
    ) -> engine.State:
        """Take a decision, let chance settle what follows from it, and save.

        Parameters
        ----------
        option
            Id of the option taken.
        choice
            Id of the choice; may be left out when only one is open.
        note
            The rationale, in the learner's words.
        confidence
            How sure the learner is, 0 to 100 percent.
        evidence
            Ids of the events and agreements that the rationale rests on.
        change_mind
            What would change the learner's mind, in their words.
        votes
            How many hands went up in the room for each option.
        role
            Id of the deciding role, checked when given.

        Raises
        ------
        DecisionError
            The decision is not possible now, or predictions of the move are neither answered nor
            passed; the log is unchanged and the message says what is possible.
        """
        if self.unpredicted:
            raise DecisionError(ask_first("decide", self.unpredicted))
        cited = tuple(evidence)
        if cited:
            curation.check_cited(cited, self.move.as_of if self.move else self.scenario.as_of)
        wanted = engine.find_choice(self.scenario, self.state, choice, option)
        event = Event(
            self.state.seq + 1,
            "decide",
            wanted.id,
            option,
            role or wanted.role,
            note,
            confidence,
            cited,
            at=now(),
            change_mind=change_mind,
            votes=dict(votes or {}),
        )
        self._record(event)
        return self.state

    def follow(self, plan: Mapping[str, str], note: str = "") -> engine.State:
        """Take every decision that is left as a plan says; where it cannot, as the base case does.

        Predictions are passed.

        Parameters
        ----------
        plan
            Option by choice, for example ``scenario.history`` or ``scenario.base_case``.
        note
            Rationale written into each of these decisions.
        """
        while self.open:
            self.pass_predictions()
            choice = self.open[0]
            options = [o.id for o in engine.open_options(choice, self.state.known)]
            wanted = (plan.get(choice.id), self.scenario.base_case[choice.id], *options)
            self.decide(next(o for o in wanted if o in options), choice.id, note=note)
        return self.state

    def withdraw(self) -> engine.State:
        """Take back the last decision and what followed from it; both stay in the log.

        Raises
        ------
        DecisionError
            There is no decision to take back.
        """
        if not (taken := self._taken()):
            raise DecisionError("There is no decision to take back.")
        self._record(Event(self.state.seq + 1, "withdraw", ref=taken[-1].seq, at=now()))
        return self.state

    def fork(self, decision: int | str | None = None, path: Path | None = None) -> Session:
        """Return a second future of this play, which begins just before a past decision.

        This play stays as it is. Both meet the same luck wherever they draw the same by the same
        odds, and :func:`kit.engine.shared` of both logs tells where they split.

        Parameters
        ----------
        decision
            Number of the decision in the log, also of one taken back; or the id of its choice;
            the last one that stands when absent.
        path
            Capsule file of the second future, which must not exist yet; when absent, a new file
            beside this play's, or none if this play has none.

        Raises
        ------
        DecisionError
            There is no such decision.
        StoreError
            The file is already there.
        """
        shared = engine.fork(self.scenario, self.log, self._decision(decision))
        if path is None and self.path is not None:
            path = store.free(self.path)
        elif path is not None and path.exists():
            raise StoreError(f"{path.name} is already there; a second future needs its own file.")
        second = Session(
            self.scenario, path=path, alias=self.alias, log=shared, forked=len(shared)
        )
        second._forecasts = self._forecasts
        second._written = None
        second._save()
        return second

    def predict(
        self,
        name: str,
        probability: float | None = None,
        *,
        low: float | None = None,
        high: float | None = None,
    ) -> Event:
        """Answer a prediction of the move, or pass it with no answer, and seal what was said.

        Parameters
        ----------
        name
            Id of the prediction.
        probability
            How likely it is, 0 to 100 percent.
        low, high
            For a measure: the range it will end in, in its unit, with 80 % confidence.

        Returns
        -------
        Event
            What was recorded; ``seal`` can be shown or written down before the answer is.

        Raises
        ------
        DecisionError
            It was answered before, is not of this move, or a decision was taken already.
        """
        asked = {p.id: p for p in self.unpredicted}
        value = engine.answer(asked[name], probability, low, high) if name in asked else ""
        event = Event(
            self.state.seq + 1,
            "predict",
            name,
            value,
            at=now(),
            salt=secrets.token_hex(SALT_BYTES),
        )
        sealed = replace(event, seal=engine.seal(self.scenario, self.state, event))
        self._record(sealed)
        return sealed

    def pass_predictions(self) -> None:
        """Pass all predictions of the move that are not answered."""
        for prediction in self.unpredicted:
            self.predict(prediction.id)

    def note(self, words: str, role: str = "", *, name: str = "", ref: int | None = None) -> None:
        """Add an observation to the log; it changes nothing else.

        Parameters
        ----------
        words
            What was seen; empty, with a ``ref``, to remove it.
        role
            Who says it.
        name
            ``strength`` or ``area`` (for improvement) where it is one.
        ref
            Number of the note that it replaces.
        """
        self._record(
            Event(self.state.seq + 1, "note", name, role=role, note=words, ref=ref, at=now())
        )

    def rate(self, objective: str, rating: str, note: str = "") -> None:
        """Record how people rate an objective: P, S, M or U. The last rating counts.

        Raises
        ------
        DecisionError
            There is no such objective or rating.
        """
        self._record(Event(self.state.seq + 1, "rate", objective, rating, note=note, at=now()))

    def plan(self, action: str, owner: str = "", due: str = "", ref: int | None = None) -> None:
        """Add an entry to the improvement plan, or replace the entry ``ref``.

        Parameters
        ----------
        action
            What is to be done; empty, with a ``ref``, to remove the entry.
        owner
            Who sees to it: an office or a team.
        due
            Day by which, YYYY-MM-DD.
        ref
            Number of the entry that it replaces.

        Raises
        ------
        DecisionError
            The day is none, or there is no action.
        """
        event = Event(
            self.state.seq + 1, "plan", note=action, owner=owner, due=due, ref=ref, at=now()
        )
        self._record(event)

    # --- inside --------------------------------------------------------------------------

    def _taken(self) -> list[engine.Entry]:
        """Return the decisions of played roles that stand, in order."""
        variables = self.scenario.variables
        return [e for e in self.state.entries if engine.is_played(self.state, variables[e.name])]

    def _decision(self, wanted: int | str | None) -> int:
        """Return the number of the decision that is meant; a choice means the one that stands."""
        if isinstance(wanted, int):
            return wanted
        found = [e.seq for e in self._taken() if wanted in (None, e.name)]
        if not found:
            what = "" if wanted is None else f" on '{wanted}' that stands"
            raise DecisionError(f"There is no decision{what} to begin again from.")
        return found[-1]
