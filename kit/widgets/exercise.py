"""The exercise panel: one widget in which a learner reads, decides, and sees what follows.

The panel holds no state: it shows what :mod:`kit.widgets.payload` derives from the session and
turns messages of the browser into calls of the session. Whatever the kit refuses comes back as
one readable message; the play is unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import traitlets

from kit import store
from kit.errors import KitError
from kit.scenario import Scenario
from kit.session import Session
from kit.widgets import payload
from kit.widgets.hotwash import report_file
from kit.widgets.plotlyjs import PlotlyWidget, css, esm

Start = Callable[[tuple[str, ...], str], Session]
Message = Mapping[str, Any]


class ExercisePanel(PlotlyWidget):
    """A panel over one session, or over the choice of a seat when there is none yet.

    Parameters
    ----------
    scenario
        The exercise.
    start
        Makes a new session for the roles chosen and an alias.
    session
        A play to continue, if there is one.
    notice
        A sentence to show at the top, for example that a saved play was continued.
    """

    _esm: ClassVar[str] = esm("plot", "parts", "exercise")
    _css: ClassVar[str] = css("kit", "exercise")

    view = traitlets.Dict().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)
    error = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        scenario: Scenario,
        start: Start,
        session: Session | None = None,
        notice: str = "",
    ) -> None:
        self._scenario = scenario
        self._start = start
        self.session = session
        super().__init__(view=self._shown(), notice=notice)
        if session is not None:
            session.attach("panel", self._refresh)
        self.on_msg(self._receive)

    def hint(self) -> str:
        """Return what running the cell shows, the same whether a play is saved or not."""
        return f"the exercise “{self._scenario.title}”"

    def _shown(self) -> dict[str, Any]:
        if self.session is None:
            return payload.start_view(self._scenario)
        return payload.play_view(self.session)

    def _refresh(self) -> None:
        self.view = self._shown()

    def _receive(self, _widget: object, message: object, _buffers: object) -> None:
        """Do what the browser asks for; show the kit's own errors, let others surface."""
        if not isinstance(message, dict):
            return
        actions: dict[str, Callable[[Message], None]] = {
            "start": self._on_start,
            "decide": self._on_decide,
            "withdraw": self._on_withdraw,
            "restart": self._on_restart,
            "draft": self._on_draft,
            "report": self._on_report,
            "capsule": self._on_capsule,
        }
        action = actions.get(str(message.get("kind")))
        if action is None:
            return
        try:
            with self.hold_sync():
                self.error = ""
                action(message)
        except KitError as problem:
            self.error = str(problem)

    def _on_start(self, message: Message) -> None:
        roles = tuple(str(role) for role in message.get("roles", ()))
        self._play(self._start(roles, str(message.get("alias", ""))[:80]))

    def _play(self, session: Session | None) -> None:
        self.session = session
        self.notice = ""
        if session is not None:
            session.attach("panel", self._refresh)
        self._refresh()

    def _on_decide(self, message: Message) -> None:
        if self.session is None:
            return
        confidence = message.get("confidence")
        self.session.decide(
            str(message.get("option", "")),
            str(message.get("choice", "")),
            note=str(message.get("note", "")),
            confidence=None if confidence is None else int(confidence),
            evidence=[str(name) for name in message.get("evidence", ())],
        )
        self.notice = ""

    def _on_withdraw(self, _message: Message) -> None:
        if self.session is not None:
            self.session.withdraw()

    def _on_restart(self, _message: Message) -> None:
        """Go back to the choice of a seat; the saved play stays until a new one starts."""
        self._play(None)

    def _on_draft(self, message: Message) -> None:
        draft = message.get("draft")
        if self.session is not None and isinstance(draft, dict):
            self.session.keep_draft(draft)

    def _on_report(self, _message: Message) -> None:
        if self.session is not None:
            self.send(report_file(self.session))

    def _on_capsule(self, _message: Message) -> None:
        """Send the saved play as a file: Binder forgets its disk."""
        if self.session is not None:
            content = store.to_text(self.session.capsule)
            name, mime = f"{self._scenario.id}.json", "application/json"
            self.send({"kind": "file", "name": name, "mime": mime, "content": content})
