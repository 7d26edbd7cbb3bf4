"""The hot wash: one panel that lays a play out for the talk right after the exercise."""

from __future__ import annotations

from typing import Any, ClassVar

import traitlets

from kit import report
from kit.session import Session
from kit.widgets import results
from kit.widgets.panel import Handler, Message
from kit.widgets.plotlyjs import PlotlyWidget, css, esm


class HotWash(PlotlyWidget):
    """Decisions beside what governments chose, their outcomes over all luck, and the report.

    Parameters
    ----------
    session
        The play, over or not.
    notice
        A sentence to show at the top, for example that this is an example play.
    """

    _esm: ClassVar[str] = esm("plot", "parts", "hotwash")
    _css: ClassVar[str] = css("kit", "exercise")

    view = traitlets.Dict().tag(sync=True)

    def __init__(self, session: Session, notice: str = "") -> None:
        self._session = session
        super().__init__(view={**results.hot_wash_view(session), "notice": notice})

    def about(self) -> str:
        """Return what running the cell shows."""
        return f"the hot wash of “{self._session.scenario.title}”"

    def handlers(self) -> dict[str, Handler]:
        """Return what to do when the browser asks for the after-action report."""
        return {"report": self._on_report}

    def _on_report(self, _message: Message) -> None:
        self.send(report_file(self._session))


def report_file(session: Session) -> dict[str, Any]:
    """Return the after-action report of a play as a message that the browser saves as a file."""
    built = report.build(session.scenario, session.log, alias=session.alias)
    return {
        "kind": "file",
        "name": f"{session.scenario.id}-after-action-report.html",
        "mime": "text/html",
        "content": report.to_html(built),
    }
