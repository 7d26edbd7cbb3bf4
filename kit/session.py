"""One play of one exercise: the only object of the kit that changes.

A session holds the log and the state it leads to, draws what chance decides, writes the capsule
after every event, and tells its views. Everything else about it is derived.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kit import curation, engine, outcomes, store, text
from kit.errors import DecisionError, StoreError
from kit.log import Event
from kit.outcomes import Outcome
from kit.scenario import Choice, Move, Scenario

View = Callable[[], None]


class Session:
    """A play that can be continued, withdrawn from and saved.

    Parameters
    ----------
    scenario
        The exercise.
    roles
        Roles that are played; all others decide by their odds.
    seed
        Source of chance; shown everywhere, drawn when absent.
    path
        Capsule file, written after every event; ``None`` keeps the play in memory only.
    alias
        Name that the learner or team chose.
    log
        Events of an earlier part of the play, already checked against the scenario.
    draft
        What was typed but not committed in that part.

    Raises
    ------
    DecisionError
        A role cannot be played in this scenario.
    """

    def __init__(
        self,
        scenario: Scenario,
        roles: Iterable[str] = (),
        *,
        seed: int | None = None,
        path: Path | None = None,
        alias: str = "",
        log: Iterable[Event] = (),
        draft: Mapping[str, Any] | None = None,
    ) -> None:
        self.scenario = scenario
        self.path = path
        self.alias = alias
        self.warning = ""
        self._draft: dict[str, Any] = dict(draft or {})
        self._views: dict[str, View] = {}
        self._written: str | None = None
        self._forecasts: dict[str, dict[str, Outcome]] = {}
        self.log: tuple[Event, ...] = tuple(log)
        self.state = engine.replay(scenario, self.log)
        if self.log:
            self._written = store.to_text(self.capsule)
        else:
            number = secrets.randbelow(1_000_000) if seed is None else seed
            self._record(Event(1, "start", roles=tuple(roles), seed=number, at=_now()))

    # --- reading -------------------------------------------------------------------------

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
    def capsule(self) -> store.Capsule:
        """Return the play as it would be saved now."""
        s = self.scenario
        return store.Capsule(s.id, s.version, s.fingerprint, self.log, self.alias, self._draft)

    @property
    def hash(self) -> str:
        """Return the hash of the state, the same on every machine."""
        return engine.state_hash(self.scenario, self.state)

    def outcomes(self) -> dict[str, Outcome]:
        """Return where every measure ends, given all that is known so far."""
        return self._forecast("now", self.state.known)

    def base(self) -> dict[str, Outcome]:
        """Return the base case: the same luck so far, but no new decision by the played roles."""
        try:
            return self._forecast("base", engine.split(self.scenario, self.state)[1])
        except DecisionError:  # what happened cannot happen without the learner's decisions
            return self.plain_base()

    def plain_base(self) -> dict[str, Outcome]:
        """Return the base case seen from the start, with nothing known."""
        return self._forecast("plain base", {})

    def prospects(self) -> dict[str, Outcome]:
        """Return what the decisions alone lead to, averaged over everything chance could do."""
        return self._forecast("prospects", engine.split(self.scenario, self.state)[0])

    def compare(self, choice: str | None = None) -> dict[str, dict[str, Outcome]]:
        """Return the outcomes of each option of an open choice (the first one when not named)."""
        wanted = engine.find_choice(self.scenario, self.state, choice)
        known, roles = self.state.known, self.state.roles
        return outcomes.compare(self.scenario, known, wanted.id, roles=roles)

    def situation(self) -> str:
        """Return the situation of the move in play as text."""
        return text.situation(self.scenario, self.state)

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

    def __repr__(self) -> str:
        """Return one line that is the same whenever the play stands at the same point."""
        where = "over" if self.move is None else f"move '{self.move.id}'"
        roles = ", ".join(self.scenario.roles[role].name for role in self.state.roles)
        return f"Session of '{self.scenario.id}' as {roles or 'nobody'}, {where}"

    # --- changing ------------------------------------------------------------------------

    def decide(
        self,
        option: str,
        choice: str | None = None,
        *,
        note: str = "",
        confidence: int | None = None,
        evidence: Iterable[str] = (),
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
        role
            Id of the deciding role, checked when given.

        Raises
        ------
        DecisionError
            The decision is not possible now; the log is unchanged and the message says what is.
        """
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
            at=_now(),
        )
        self._record(event)
        return self.state

    def follow(self, plan: Mapping[str, str], note: str = "") -> engine.State:
        """Take every decision that is left as a plan says; where it cannot, as the base case does.

        Parameters
        ----------
        plan
            Option by choice, for example ``scenario.history`` or ``scenario.base_case``.
        note
            Rationale written into each of these decisions.
        """
        while self.open:
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
        variables = self.scenario.variables
        taken = [e for e in self.state.entries if engine.is_played(self.state, variables[e.name])]
        if not taken:
            raise DecisionError("There is no decision to take back.")
        self._record(Event(self.state.seq + 1, "withdraw", ref=taken[-1].seq, at=_now()))
        return self.state

    def note(self, words: str, role: str = "") -> None:
        """Add an observation to the log; it changes nothing else."""
        self._record(Event(self.state.seq + 1, "note", role=role, note=words, at=_now()))

    @property
    def draft(self) -> Mapping[str, Any]:
        """Return what was typed but not committed."""
        return self._draft

    def keep_draft(self, draft: Mapping[str, Any]) -> None:
        """Keep what was typed but not committed, in the capsule too."""
        self._draft = dict(draft)
        self._save()

    def attach(self, name: str, view: View) -> None:
        """Call ``view`` after every change; a view of the same name is replaced."""
        self._views[name] = view

    # --- inside --------------------------------------------------------------------------

    def _record(self, event: Event) -> None:
        """Apply an event and the draws that follow; keep all of them or, on an error, none."""
        after = engine.apply(self.scenario, self.state, event)
        readable = Event.from_json(event.to_json())  # what is saved must be readable again
        state, draws = engine.settle(self.scenario, after, event.at)
        self.state, self.log = state, (*self.log, readable, *draws)
        if event.kind == "decide":
            self._draft = {}
        self._forecasts = {k: v for k, v in self._forecasts.items() if k == "plain base"}
        self._save()
        for view in list(self._views.values()):
            view()

    def _save(self) -> None:
        """Write the capsule; a failure becomes a warning, because the play must go on."""
        if self.path is None:
            return
        self.warning = ""
        content = store.to_text(self.capsule)
        try:
            if aside := store.protect(self.path, self._written):
                self.warning = f"Another play was saved here; it is kept as {aside.name}."
            store.write(self.path, self.capsule)
            self._written = content
        except StoreError as cause:
            self.warning = str(cause)

    def _forecast(self, key: str, known: Mapping[str, str]) -> dict[str, Outcome]:
        """Return outcomes given what is known; later played choices follow the base case."""
        if key not in self._forecasts:
            self._forecasts[key] = outcomes.evaluate(self.scenario, known, roles=self.state.roles)
        return self._forecasts[key]


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
