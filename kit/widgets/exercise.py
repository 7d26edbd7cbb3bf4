"""The exercise panel: one widget in which a learner reads, decides, and sees what follows.

The panel holds no state: it shows what :mod:`kit.widgets.payload` derives from the session and
turns messages of the browser into calls of the session. Whatever the kit refuses comes back as
one readable message; the play is unchanged.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import traitlets

from kit import store
from kit.errors import DecisionError, KitError
from kit.scenario import Scenario
from kit.session import Session
from kit.widgets import payload
from kit.widgets.hotwash import report_file
from kit.widgets.plotlyjs import PlotlyWidget, css, esm

Start = Callable[[tuple[str, ...], str], Session]
Message = Mapping[str, Any]

LONGEST = 10_000  # characters of one text: a saved play must stay small enough to be read again


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
        roles = tuple(_texts(message, "roles"))
        if not roles:
            raise DecisionError("Choose the government you speak for first.")
        self._play(self._start(roles, _text(message, "alias")[:80]))

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
            _text(message, "option"),
            _text(message, "choice"),
            note=_text(message, "note"),
            confidence=_percent(message),
            evidence=_texts(message, "evidence"),
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
        kept: dict[str, Any] = {k: _text(draft, k) for k in ("choice", "option", "note")}
        kept |= {"confidence": _percent(draft), "evidence": _texts(draft, "evidence")}
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


def _text(message: Message, key: str) -> str:
    """Return a text of a message, without what no file can hold; a missing one is empty."""
    value = message.get(key, "")
    if not isinstance(value, str):
        raise DecisionError(f"'{key}' must be text.")
    if len(value) > LONGEST:
        raise DecisionError(f"'{key}' has {len(value):,} characters; at most {LONGEST:,} fit.")
    text = value.encode("utf-8", "replace").decode("utf-8")  # half an emoji is no character
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) != "Cc")


def _texts(message: Message, key: str) -> list[str]:
    """Return a list of texts of a message, each once; a missing one is empty."""
    value = message.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise DecisionError(f"'{key}' must be a list of texts.")
    return list(dict.fromkeys(value))


def _percent(message: Message) -> int | None:
    """Return the confidence of a message; its range is for the rules of play to check."""
    value = message.get("confidence")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise DecisionError("Confidence must be a whole number from 0 to 100 percent.")
    return value
