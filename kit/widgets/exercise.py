"""The exercise panel: one widget in which a learner reads, decides, and sees what follows.

The panel holds no state: it shows what :mod:`kit.widgets.payload` derives from the session and
turns messages of the browser into calls of the session. Whatever the kit refuses comes back as
one readable message; the play is unchanged.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import traitlets

from kit import files, playcode, store
from kit.errors import DecisionError, StoreError
from kit.scenario import Scenario
from kit.session import Session
from kit.session.adopt import Start, adopt
from kit.widgets import payload
from kit.widgets.hotwash import report_file
from kit.widgets.panel import Handler, Message, percent, text, texts
from kit.widgets.plotlyjs import PlotlyWidget, css, esm

ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip


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

    _esm: ClassVar[str] = esm("plot", "parts", "paths", "carry", "exercise")
    _css: ClassVar[str] = css("kit", "exercise")

    view = traitlets.Dict().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)
    # Made only when the browser asks for them, empty again after every change of the play.
    paths = traitlets.Dict().tag(sync=True)
    code = traitlets.Dict().tag(sync=True)
    plays: traitlets.List[dict[str, Any]] = traitlets.List().tag(
        sync=True
    )  # the plays to go to and fro between, if several
    turn = traitlets.Int(0).tag(sync=True)  # counts whenever another play is shown

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
        self._others: list[tuple[str, Session]] = []
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
        self.paths, self.code = {}, {}

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
            "paths": self._on_paths,
            "fork": self._on_fork,
            "go": self._on_go,
            "code": self._on_code,
            "from_file": self._on_from_file,
            "from_code": self._on_from_code,
        }

    def _on_start(self, message: Message) -> None:
        roles = tuple(texts(message, "roles"))
        if not roles:
            raise DecisionError("Choose the government you speak for first.")
        mode = text(message, "mode")
        self._play(self._start(roles, text(message, "alias")[:80], mode))

    def _play(self, session: Session | None) -> None:
        """Show another play, or the choice of a seat, and forget the ones beside it."""
        self._others = []
        self._show(session)

    def _show(self, session: Session | None, notice: str = "") -> None:
        self.session = session
        self.notice = notice
        self.plays = [{"name": name, "here": play is session} for name, play in self._others]
        self.turn += 1
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
        self.session.keep_draft(_draft(draft))
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

    # --- a second future ---------------------------------------------------------------------

    def _on_paths(self, _message: Message) -> None:
        """Draw the graph, once for each point of the play."""
        if self.session is not None and not self.paths:
            self.paths = payload.paths_view(self.session)

    def _on_fork(self, message: Message) -> None:
        """Go on in a second future; the first keeps its file, and the way back to it."""
        number = message.get("decision")
        if self.session is None:
            return
        if type(number) is not int:
            raise DecisionError("Choose the decision to begin again from.")
        first, second = self.session, self.session.fork(number)
        self._beside("first future", first)
        name = _ordinal(len(self._others))
        self._beside(f"{name} future", second)
        kept = "" if second.path is None else f" It is saved in {second.path.name}."
        question = f" just before “{second.open[0].question}”" if second.open else " here"
        self._show(
            second, f"A {name} future begins{question}.{kept} The play before stays as it is."
        )

    def _beside(self, name: str, session: Session) -> None:
        """Keep a play in reach under a name, unless it already is."""
        if all(play is not session for _, play in self._others):
            self._others.append((name, session))

    def _on_go(self, message: Message) -> None:
        """Go to another play of those that are kept in reach."""
        names = [name for name, _ in self._others]
        if (wanted := text(message, "name")) not in names:
            raise DecisionError("There is no other play of this name here.")
        self._show(self._others[names.index(wanted)][1])

    # --- from and to another machine ---------------------------------------------------------

    def _on_code(self, _message: Message) -> None:
        """Make the code of the play; where none is possible, say so in its place."""
        if self.session is None or self.code:
            return
        try:
            code, words = playcode.to_code(self.session.capsule, self._scenario), ""
        except StoreError as cause:
            code, words = "", str(cause)
        self.code = {"code": code, "words": words}

    def _on_from_file(self, message: Message) -> None:
        """Continue a play from a file that the learner chose."""
        name, content = text(message, "name")[:100], message.get("content")
        if not isinstance(content, str):
            raise StoreError("This is no text file. Nothing was changed.")
        if len(content.encode(errors="replace")) > files.MAX_BYTES:
            raise StoreError("This file is too large to be a saved play. Nothing was changed.")
        self._continue(store.parse(content.removeprefix("\ufeff"), name or "The file"), "")

    def _on_from_code(self, message: Message) -> None:
        """Continue a play from a code."""
        capsule = playcode.from_code(text(message, "code"), self._scenario)
        self._continue(capsule, f" A code carries {playcode.CARRIES}.")

    def _continue(self, capsule: store.Capsule, words: str) -> None:
        """Go on with a play from elsewhere; one that was under way here stays in reach."""
        before = self.session
        try:
            draft = _draft(capsule.draft)
        except DecisionError:  # edited by hand; what was decided is worth more
            draft = {}
        session = adopt(self._scenario, replace(capsule, draft=draft), self._start)
        taken = sum(event.kind == "decide" for event in session.log)
        self._others = []
        if before is not None and any(event.kind == "decide" for event in before.log):
            self._others = [("play before", before), ("continued play", session)]
        many = "1 decision" if taken == 1 else f"{taken} decisions"
        self._show(session, f"The play was continued, with {many} so far.{words}")


def _draft(draft: Message) -> dict[str, Any]:
    """Return what was typed but not committed, checked.

    Raises
    ------
    DecisionError
        A part of it is of a wrong form.
    """
    kept: dict[str, Any] = {key: text(draft, key) for key in ("choice", "option", "note")}
    kept |= {"confidence": percent(draft, "confidence"), "evidence": texts(draft, "evidence")}
    return {key: value for key, value in kept.items() if key in draft}


def _ordinal(number: int) -> str:
    """Return a number from 0 as a word, for example the second for 1."""
    return ORDINALS[number] if number < len(ORDINALS) else f"{number + 1}th"
