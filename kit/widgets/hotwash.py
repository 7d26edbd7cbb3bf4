"""The hot wash: one panel for the talk right after the exercise, and for what people conclude."""

from __future__ import annotations

from typing import Any, ClassVar

import traitlets

from kit import report
from kit import text as words
from kit.errors import DecisionError
from kit.session import HOT_WASH, Session
from kit.widgets import results
from kit.widgets.panel import Handler, Message, text
from kit.widgets.plotlyjs import PlotlyWidget, css, esm
from kit.widgets.remarks import foresight_view, people_view

FIELDS = 64  # more than the panel has


class HotWash(PlotlyWidget):
    """Decisions beside what governments chose, outcomes, predictions, ratings, and the report.

    People rate the objectives and enter strengths, areas for improvement and the improvement plan
    here; the kit proposes nothing.

    Parameters
    ----------
    session
        The play, over or not.
    notice
        A sentence to show at the top, for example that this is an example play.
    """

    _esm: ClassVar[str] = esm("plot", "parts", "remarks", "hotwash")
    _css: ClassVar[str] = css("kit", "exercise", "hotwash")

    view = traitlets.Dict().tag(sync=True)
    people = traitlets.Dict().tag(sync=True)
    draft = traitlets.Dict().tag(sync=True)  # what is typed but not saved, by field
    done = traitlets.Int(0).tag(sync=True)  # number of the message whose entry was kept last

    def __init__(self, session: Session, notice: str = "") -> None:
        self._session = session
        view = {
            **results.hot_wash_view(session),
            "foresight": foresight_view(session),
            "ratings": words.RATINGS,
            "notice": notice,
        }
        kept = session.draft.get(HOT_WASH)
        super().__init__(
            view=view, people=people_view(session), draft=kept if isinstance(kept, dict) else {}
        )

    def about(self) -> str:
        """Return what running the cell shows."""
        return f"the hot wash of “{self._session.scenario.title}”"

    def handlers(self) -> dict[str, Handler]:
        """Return what to do for each message: ratings, entries, what is typed, and the report."""
        return {
            "report": self._on_report,
            "rate": self._on_rate,
            "strength": self._on_remark,
            "area": self._on_remark,
            "plan": self._on_plan,
            "draft": self._on_draft,
        }

    def _on_report(self, _message: Message) -> None:
        self.send(report_file(self._session))

    def _on_rate(self, message: Message) -> None:
        """Keep the ratings that are new, with what was said about them."""
        given = message.get("given")
        if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
            raise DecisionError("'given' must be a list of ratings.")
        checked = [(text(i, "objective"), text(i, "rating"), text(i, "note")) for i in given]
        for objective, rating, note in checked:
            self._session.rate(objective, rating, note)
        self._kept(message)

    def _on_remark(self, message: Message) -> None:
        """Add, change or remove a strength or an area for improvement."""
        entry, ref = text(message, "text").strip(), _ref(message)
        if not entry and ref is None:
            raise DecisionError("Write a few words first.")
        self._session.note(entry, name=text(message, "kind"), ref=ref)
        self._kept(message)

    def _on_plan(self, message: Message) -> None:
        """Add, change or remove an entry of the improvement plan."""
        self._session.plan(
            text(message, "text").strip(),
            text(message, "owner").strip(),
            text(message, "due").strip(),
            _ref(message),
        )
        self._kept(message)

    def _on_draft(self, message: Message) -> None:
        """Keep what is typed in the play too, so that it outlives the kernel."""
        draft = message.get("draft")
        if not isinstance(draft, dict) or len(draft) > FIELDS:
            return
        kept = {str(key)[:80]: text(draft, key) for key in draft}
        self._session.keep_draft({**self._session.draft, HOT_WASH: kept})
        self.draft = kept
        self.people = {**self.people, "warning": self._session.warning}

    def _kept(self, message: Message) -> None:
        self.people = people_view(self._session)
        number = message.get("number")
        self.done = number if type(number) is int and abs(number) < 2**31 else 0


def _ref(message: Message) -> int | None:
    ref = message.get("ref")
    if ref is not None and type(ref) is not int:
        raise DecisionError("'ref' must be the number of an entry.")
    return ref


def report_file(session: Session) -> dict[str, Any]:
    """Return the after-action report of a play as a message that the browser saves as a file."""
    built = report.build(session.scenario, session.log, alias=session.alias, forked=session.forked)
    return {
        "kind": "file",
        "name": f"{session.scenario.id}-after-action-report.html",
        "mime": "text/html",
        "content": report.to_html(built),
    }
