"""The only object of the kit that changes: a play that can be continued, undone, forked and saved.

A session holds the log and the state it leads to, draws what chance decides, writes the capsule
after every event, and tells its views. Everything else about it is derived.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kit import curation, engine, store
from kit.errors import DecisionError, StoreError
from kit.log import Event
from kit.scenario import Scenario
from kit.session.doubts import evidence_doubts
from kit.session.forecasts import Forecasts
from kit.session.reading import Reading

View = Callable[[], None]


class Session(Reading):
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
    forked
        How many events this play has in common with the one it was forked from.

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
        forked: int | None = None,
    ) -> None:
        self.scenario = scenario
        self.path = path
        self.alias = alias
        self.warning = ""
        self._draft: dict[str, Any] = dict(draft or {})
        self._views: dict[str, View] = {}
        self._written: str | None = None
        self.forked = forked
        self._forecasts = Forecasts(scenario)
        self.log = tuple(log)
        self.state = engine.replay(scenario, self.log)
        if self.log:
            self._written = store.to_text(self.capsule)
            self.state, draws = engine.settle(scenario, self.state, self.log[-1].at)
            self.log += draws  # none, but for a log cut off in the middle of them
        else:
            number = secrets.randbelow(1_000_000) if seed is None else seed
            self._record(Event(1, "start", roles=tuple(roles), seed=number, at=_now()))

    @classmethod
    def opened(cls, scenario: Scenario, capsule: store.Capsule, path: Path | None) -> Session:
        """Return a saved play, exactly where it stopped.

        Evidence that the record no longer has, or now dates later, becomes a warning: the record
        may have been corrected since, and the play must not be lost.

        Raises
        ------
        StoreError
            The play is damaged, empty, or of another scenario or version.
        """
        store.check(scenario, capsule)
        if not capsule.log:  # a session without a log would begin a new play, as nobody
            where = "" if path is None else f" in {path.name}"
            raise StoreError(f"The saved play{where} is empty.")
        session = cls(
            scenario,
            path=path,
            alias=capsule.alias,
            log=capsule.log,
            draft=capsule.draft,
            forked=capsule.forked,
        )
        session.warning = evidence_doubts(scenario, capsule.log)
        return session

    @property
    def capsule(self) -> store.Capsule:
        """Return the play as it would be saved now."""
        s, draft = self.scenario, self._draft
        return store.Capsule(
            s.id, s.version, s.fingerprint, self.log, self.alias, draft, self.forked
        )

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
        if not (taken := self._taken()):
            raise DecisionError("There is no decision to take back.")
        self._record(Event(self.state.seq + 1, "withdraw", ref=taken[-1].seq, at=_now()))
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

    def _record(self, event: Event) -> None:
        """Apply an event and the draws that follow; keep all of them or, on an error, none."""
        after = engine.apply(self.scenario, self.state, event)
        readable = Event.from_json(event.to_json())  # what is saved must be readable again
        state, draws = engine.settle(self.scenario, after, event.at)
        self.state, self.log = state, (*self.log, readable, *draws)
        if event.kind == "decide":
            self._draft = {}
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


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
