"""What a play keeps: its log and state, what is typed, and the capsule file, written each time."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from kit import engine, store
from kit.errors import StoreError
from kit.log import Event
from kit.scenario import Scenario
from kit.session.doubts import evidence_doubts
from kit.session.forecasts import Forecasts
from kit.session.reading import Reading

View = Callable[[], None]
HOT_WASH = "hot_wash"  # the part of a draft that belongs to the talk afterwards


class Keeping(Reading):
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
    mode
        Who sits where: ``solo`` (when empty), ``hot-seat`` or ``room``.
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
        mode: str = "",
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
            self._record(Event(1, "start", roles=tuple(roles), seed=number, mode=mode, at=now()))

    @classmethod
    def opened(cls, scenario: Scenario, capsule: store.Capsule, path: Path | None) -> Self:
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
            s.id, s.version, s.fingerprint, self.log, self.alias, draft, self.forked, s.edition
        )

    @property
    def draft(self) -> Mapping[str, Any]:
        """Return what was typed but not committed."""
        return self._draft

    def keep_draft(self, draft: Mapping[str, Any]) -> None:
        """Keep what was typed but not committed, in the capsule too."""
        self._draft = {**self._lasting(), **draft}
        self._save()

    def attach(self, name: str, view: View) -> None:
        """Call ``view`` after every change; a view of the same name is replaced."""
        self._views[name] = view

    def _lasting(self) -> dict[str, Any]:
        """Return what a decision does not use up, and what another view's typing must not drop."""
        return {k: v for k, v in self._draft.items() if k == HOT_WASH}

    # --- inside --------------------------------------------------------------------------

    def _record(self, event: Event) -> None:
        """Apply an event and the draws that follow; keep all of them or, on an error, none."""
        after = engine.apply(self.scenario, self.state, event)
        readable = Event.from_json(event.to_json())  # what is saved must be readable again
        state, draws = engine.settle(self.scenario, after, event.at)
        self.state, self.log = state, (*self.log, readable, *draws)
        if event.kind == "decide":
            self._draft = self._lasting()
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


def now() -> str:
    """Return the time of an event; it is told, and never part of the state."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
