"""Plays in reach of a panel: a second future, the way back, and plays from other machines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import traitlets

from kit import files, playcode, store
from kit.errors import DecisionError, StoreError
from kit.scenario import Scenario
from kit.session import Session
from kit.session.adopt import Start, adopt
from kit.widgets import drafts, payload, seats
from kit.widgets.panel import Handler, Message, text
from kit.widgets.plotlyjs import PlotlyWidget

ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip


class PlaysInReach(PlotlyWidget):
    """A panel over one play of several, each of which stays as it is while another is shown.

    Subclasses set ``_scenario`` and ``_start`` before anything else and override :meth:`shown`.
    """

    _scenario: Scenario
    _start: Start
    session: Session | None

    view = traitlets.Dict().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)
    # Made only when the browser asks for them, empty again after every change of the play.
    paths = traitlets.Dict().tag(sync=True)
    code = traitlets.Dict().tag(sync=True)
    plays: traitlets.List[dict[str, Any]] = traitlets.List().tag(
        sync=True
    )  # the plays to go to and fro between, if several
    turn = traitlets.Int(0).tag(sync=True)  # counts whenever another play is shown

    def __init__(self, **state: object) -> None:
        self._others: list[tuple[str, Session]] = []
        super().__init__(**state)

    def shown(self) -> dict[str, Any]:
        """Return what the panel shows now."""
        return {}

    def handlers(self) -> dict[str, Handler]:
        """Return what to do to go to another play, or to take this one along."""
        return {
            "paths": self._on_paths,
            "fork": self._on_fork,
            "go": self._on_go,
            "code": self._on_code,
            "capsule": self._on_capsule,
            "from_file": self._on_from_file,
            "from_code": self._on_from_code,
        }

    def refresh(self) -> None:
        """Show the play as it stands now."""
        self.view = self.shown()
        self.paths, self.code = {}, {}

    def show(self, session: Session | None, notice: str = "") -> None:
        """Show another play, or the choice of a seat."""
        self.session = session
        self.notice = notice
        self.plays = [{"name": name, "here": play is session} for name, play in self._others]
        self.turn += 1
        if session is not None:
            session.attach("panel", self.refresh)
        self.refresh()

    def play(self, session: Session | None) -> None:
        """Show another play, or the choice of a seat, and forget the ones beside it."""
        self._others = []
        self.show(session)

    # --- a second future ---------------------------------------------------------------------

    def _on_paths(self, _message: Message) -> None:
        """Draw the graph, once for each point of the play."""
        if self.session is not None and not self.paths:
            self.paths = payload.paths_view(self.session, self._others)

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
        told = second.open and not seats.passed_around(second)  # else it is private
        question = f" just before “{second.open[0].question}”" if told else " here"
        self.show(
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
        self.show(self._others[names.index(wanted)][1])

    # --- from and to another machine ---------------------------------------------------------

    def _on_capsule(self, _message: Message) -> None:
        """Send the saved play as a file: Binder forgets its disk."""
        if self.session is not None:
            content = store.to_text(self.session.capsule)
            name, mime = f"{self._scenario.id}.json", "application/json"
            self.send({"kind": "file", "name": name, "mime": mime, "content": content})

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
            draft = drafts.checked(capsule.draft)
        except DecisionError:  # edited by hand; what was decided is worth more
            draft = {}
        session = adopt(self._scenario, replace(capsule, draft=draft), self._start)
        taken = sum(event.kind == "decide" for event in session.log)
        self._others = []
        if before is not None and any(event.kind == "decide" for event in before.log):
            self._others = [("play before", before), ("continued play", session)]
        many = "1 decision" if taken == 1 else f"{taken} decisions"
        self.show(session, f"The play was continued, with {many} so far.{words}")


def _ordinal(number: int) -> str:
    """Return a number from 0 as a word, for example the second for 1."""
    return ORDINALS[number] if number < len(ORDINALS) else f"{number + 1}th"
