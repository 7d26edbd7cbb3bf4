"""The exercise panel: one widget in which a learner reads, decides, and sees what follows.

The panel holds no state: it shows what :mod:`kit.widgets.payload` derives from the session and
turns messages of the browser into calls of the session. Whatever the kit refuses comes back as
one readable message; the play is unchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import traitlets

from kit import store
from kit.errors import DecisionError
from kit.scenario import Scenario
from kit.session import Session
from kit.widgets import payload
from kit.widgets.hotwash import report_file
from kit.widgets.panel import Handler, Message, percent, text, texts
from kit.widgets.plotlyjs import PlotlyWidget, css, esm

Start = Callable[[tuple[str, ...], str], Session]


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

    def about(self) -> str:
        """Return what running the cell shows, the same whether a play is saved or not."""
        return f"the exercise “{self._scenario.title}”"

    def _shown(self) -> dict[str, Any]:
        if self.session is None:
            return payload.start_view(self._scenario)
        return payload.play_view(self.session)

    def _refresh(self) -> None:
        self.view = self._shown()

    def handlers(self) -> dict[str, Handler]:
        """Return what to do for each message: the play, what is typed, and files to keep."""
        return {
            "start": self._on_start,
            "decide": self._on_decide,
            "withdraw": self._on_withdraw,
            "restart": self._on_restart,
            "draft": self._on_draft,
            "report": self._on_report,
            "capsule": self._on_capsule,
        }

    def _on_start(self, message: Message) -> None:
        roles = tuple(texts(message, "roles"))
        if not roles:
            raise DecisionError("Choose the government you speak for first.")
        self._play(self._start(roles, text(message, "alias")[:80]))

    def _play(self, session: Session | None) -> None:
        self.session = session
        self.notice = ""
        if session is not None:
            session.attach("panel", self._refresh)
        self._refresh()

    def _on_decide(self, message: Message) -> None:
        if self.session is None:
            return
        self.session.decide(
            text(message, "option"),
            text(message, "choice"),
            note=text(message, "note"),
            confidence=percent(message, "confidence"),
            evidence=texts(message, "evidence"),
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
        if self.session is None or not isinstance(draft, dict):
            return
        kept: dict[str, Any] = {k: text(draft, k) for k in ("choice", "option", "note")}
        kept |= {"confidence": percent(draft, "confidence"), "evidence": texts(draft, "evidence")}
        self.session.keep_draft({key: value for key, value in kept.items() if key in draft})
        # In place, so that a reloaded page finds it while the one that types is not drawn anew.
        self.view["draft"] = dict(self.session.draft)

    def _on_report(self, _message: Message) -> None:
        if self.session is not None:
            self.send(report_file(self.session))

    def _on_capsule(self, _message: Message) -> None:
        """Send the saved play as a file: Binder forgets its disk."""
        if self.session is not None:
            content = store.to_text(self.session.capsule)
            name, mime = f"{self._scenario.id}.json", "application/json"
            self.send({"kind": "file", "name": name, "mime": mime, "content": content})
