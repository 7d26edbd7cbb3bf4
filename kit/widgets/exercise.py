"""The exercise panel: one widget in which a learner reads, decides, and sees what follows.

The panel holds nothing but who sits at the screen: it shows what :mod:`kit.widgets.payload`
derives from the session and turns messages of the browser into calls of the session. Whatever the
kit refuses comes back as one readable message; the play is unchanged.
"""

from __future__ import annotations

from typing import Any, ClassVar

from kit.errors import DecisionError
from kit.scenario import Scenario
from kit.session import Session
from kit.session.adopt import Start
from kit.widgets import drafts, payload, seats
from kit.widgets.hotwash import report_file
from kit.widgets.panel import Handler, Message, number, percent, text, texts
from kit.widgets.plotlyjs import css, esm
from kit.widgets.reach import PlaysInReach

PARTS = (
    "plot", "parts", "tabs", "situation", "predict", "decide", "outcomes", "beside", "paths",
    "carry", "clock", "handover", "start", "journal", "exercise",
)  # fmt: skip


class ExercisePanel(PlaysInReach):
    """A panel over one session, or over the choice of a seat when there is none yet.

    Parameters
    ----------
    scenario
        The exercise.
    start
        Makes a new session for the roles chosen, an alias and a mode.
    session
        A play to continue, if there is one.
    notice
        A sentence to show at the top, for example that a saved play was continued.
    """

    _esm: ClassVar[str] = esm(*PARTS)
    _css: ClassVar[str] = css("kit", "exercise", "channels")

    def __init__(
        self,
        scenario: Scenario,
        start: Start,
        session: Session | None = None,
        notice: str = "",
    ) -> None:
        self._scenario = scenario
        self._start = start
        self._at = ""  # the role at the screen, where the roles take turns
        self.session = session
        super().__init__(view=self.shown(), notice=notice)
        if session is not None:
            session.attach("panel", self.refresh)

    def about(self) -> str:
        """Return what running the cell shows, the same whether a play is saved or not."""
        return f"the exercise “{self._scenario.title}”"

    def shown(self) -> dict[str, Any]:
        """Return the choice of a seat, the hand-over of the screen, or the play."""
        if self.session is None:
            return payload.start_view(self._scenario)
        return payload.play_view(self.session, self._at)

    def show(self, session: Session | None, notice: str = "") -> None:
        """Show another play, or the choice of a seat; nobody sits at the screen yet."""
        self._at = ""
        super().show(session, notice)

    def handlers(self) -> dict[str, Handler]:
        """Return what to do for each message: the play, what is typed, and files to keep."""
        return {
            **super().handlers(),
            "start": self._on_start,
            "seat": self._on_seat,
            "handover": self._on_handover,
            "predict": self._on_predict,
            "decide": self._on_decide,
            "withdraw": self._on_withdraw,
            "restart": self._on_restart,
            "draft": self._on_draft,
            "clock": self._on_clock,
            "report": self._on_report,
        }

    def _on_start(self, message: Message) -> None:
        roles = tuple(texts(message, "roles"))
        if not roles:
            raise DecisionError("Choose the government you speak for first.")
        mode = text(message, "mode")
        self.play(self._start(roles, text(message, "alias")[:80], mode))

    # --- who sits at the screen ----------------------------------------------------------------

    def _on_seat(self, message: Message) -> None:
        """Let the role that decides next sit down; its own messages open."""
        if self.session is None:
            return
        wanted = text(message, "role")
        if wanted != seats.deciding(self.session):
            raise DecisionError("It is another government's turn. Hand the screen over to it.")
        self._at = wanted
        self.refresh()

    def _on_handover(self, _message: Message) -> None:
        """Close everything private before the screen goes to somebody else."""
        self._at = ""
        self.refresh()

    # --- the play ------------------------------------------------------------------------------

    def _mine(self) -> Session | None:
        """Return the play, for what only the role at the screen may do.

        Raises
        ------
        DecisionError
            Another role decides next.
        """
        session = self.session
        if session is None or not seats.passed_around(session):
            return session
        if self._at != seats.deciding(session):
            raise DecisionError("It is another government's turn. Hand the screen over to it.")
        return session

    def _on_predict(self, message: Message) -> None:
        """Seal an answer to a prediction, or pass it when no number is given."""
        if (session := self._mine()) is None:
            return
        session.predict(
            text(message, "prediction"),
            number(message, "probability"),
            low=number(message, "low"),
            high=number(message, "high"),
        )

    def _on_decide(self, message: Message) -> None:
        """Take a decision; the clock goes on, for it belongs to the move."""
        if (session := self._mine()) is None:
            return
        clock = session.draft.get("clock")
        session.decide(
            text(message, "option"),
            text(message, "choice"),
            note=text(message, "note"),
            confidence=percent(message, "confidence"),
            evidence=texts(message, "evidence"),
            change_mind=text(message, "change_mind"),
            votes=drafts.votes(message),
        )
        if clock and session.move and clock["move"] == session.move.id:
            session.keep_draft({"clock": clock})
            self.refresh()
        self.notice = ""

    def _on_withdraw(self, _message: Message) -> None:
        if self.session is not None:
            self.session.withdraw()

    def _on_restart(self, _message: Message) -> None:
        """Go back to the choice of a seat; the saved play stays until a new one starts."""
        self.play(None)

    # --- what is kept beside the log -----------------------------------------------------------

    def _on_draft(self, message: Message) -> None:
        draft = message.get("draft")
        if self.session is None or not isinstance(draft, dict):
            return
        clock = self.session.draft.get("clock")
        self._keep(drafts.checked(draft) | ({"clock": clock} if clock else {}))

    def _on_clock(self, message: Message) -> None:
        if self.session is not None and (clock := drafts.clock(message)):
            self._keep({**self.session.draft, "clock": clock})

    def _keep(self, draft: dict[str, Any]) -> None:
        if self.session is None:
            return
        self.session.keep_draft(draft)
        # In place, so that a reloaded page finds it while the one that types is not drawn anew.
        self.view["draft"] = dict(self.session.draft)

    def _on_report(self, _message: Message) -> None:
        """Send the report; while roles take turns it would tell each the others' reasons."""
        if self.session is None:
            return
        if seats.passed_around(self.session):
            raise DecisionError("The report tells every reason. It opens when the play is over.")
        self.send(report_file(self.session))
