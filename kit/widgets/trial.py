"""The article on trial as a panel: read a claim, open the evidence, commit, then see the verdict.

The panel holds no state: it shows what :class:`kit.claims.Trial` holds and turns messages of the
browser into its calls. The verdict of a claim reaches the browser only after a mark on it was
committed.
"""

from __future__ import annotations

from typing import Any, ClassVar

import traitlets

from kit import claims, tables
from kit.claims import PATHS, VERDICTS, Claim, Trial
from kit.plots import record
from kit.widgets.panel import Handler, Message, text
from kit.widgets.plotlyjs import PlotlyWidget, css, esm

Json = dict[str, Any]

TITLE = "The article on trial"


class TrialPanel(PlotlyWidget):
    """A panel over one reading of the article.

    Parameters
    ----------
    trial
        The reading to show; the panel's :attr:`trial` can be called from Python too.
    """

    _esm: ClassVar[str] = esm("plot", "parts", "trial")
    _css: ClassVar[str] = css("kit", "exercise", "trial")

    view = traitlets.Dict().tag(sync=True)
    cards = traitlets.Dict().tag(sync=True)

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        super().__init__(view=view_of(trial), cards=cards_of(trial))

    def about(self) -> str:
        """Return what running the cell shows, the same whether marks are saved or not."""
        return "the article on trial, claim by claim"

    def refresh(self) -> None:
        """Show what the reading holds now; for marks committed from Python."""
        with self.hold_sync():
            self.view, self.cards = view_of(self.trial), cards_of(self.trial)

    def handlers(self) -> dict[str, Handler]:
        """Return what to do for each message: marks, the path, what is typed, and the log."""
        return {
            "mark": self._on_mark,
            "withdraw": self._on_withdraw,
            "path": self._on_path,
            "draft": self._on_draft,
            "file": self._on_file,
        }

    def _on_mark(self, message: Message) -> None:
        sure: Any = message.get("sure")  # its range is for the rules of the reading to check
        note = text(message, "note")
        self.trial.mark(text(message, "claim"), text(message, "verdict"), sure=sure, note=note)
        self.refresh()

    def _on_withdraw(self, message: Message) -> None:
        self.trial.withdraw(text(message, "claim"))
        self.refresh()

    def _on_path(self, message: Message) -> None:
        self.trial.take(text(message, "path"))
        self.refresh()

    def _on_draft(self, message: Message) -> None:
        claim = text(message, "claim")
        self.trial.keep_draft(claim, message.get("draft"))
        # In place, so that a reloaded page finds it while the one that types is not drawn anew.
        for item in self.view["claims"]:
            if item["id"] == claim:
                item["draft"] = dict(self.trial.drafts.get(claim, {}))

    def _on_file(self, _message: Message) -> None:
        """Send the log as a file: Binder forgets its disk."""
        name = claims.FILE
        self.send({"kind": "file", "name": name, "mime": "application/json",
                   "content": self.trial.text()})  # fmt: skip


def read_article(path: str = "", *, save: bool = True) -> TrialPanel:
    """Return the article's claims as a panel to mark, one by one, and then see the verdict.

    Marks that were saved are continued.

    Parameters
    ----------
    path
        ``short`` (eight claims), ``full`` (all), or empty to go on with the one you chose.
    save
        Whether to keep the marks in a file.

    Raises
    ------
    DecisionError, DataError
        There is no such path, or a table has problems.
    """
    return TrialPanel(claims.trial(path, save=save))


def view_of(trial: Trial) -> Json:
    """Return everything the panel shows of a reading, but the cards of the evidence."""
    score = trial.score()
    picture = score.picture()
    chart = {"figure": picture.figure, "summary": picture.summary, "title": picture.title,
             "table": picture.table, "clickable": False}  # fmt: skip
    return {
        "title": TITLE,
        "path": trial.path,
        "paths": [{"id": name, "label": _path_label(trial, name)} for name in PATHS],
        "claims": [_claim(trial, trial.claims[name]) for name in trial.wanted],
        "verdicts": [
            {"id": name, "label": verdict.label, "meaning": verdict.meaning}
            for name, verdict in VERDICTS.items()
        ],
        "score": {"lines": list(score.sentences()), **({"chart": chart} if score.n else {})},
        "seq": trial.state.seq,
        "saved": "" if trial.file is None else trial.file.name,
        "warning": trial.warning,
    }


def cards_of(trial: Trial) -> dict[str, Json]:
    """Return the cards of all evidence on the chosen path, by id; none tells a verdict."""
    known = tables.evidence()
    sources = {str(row["source_id"]): row for row in tables.records("sources")}
    wanted = dict.fromkeys(key for name in trial.wanted for key in trial.claims[name].evidence)
    return {
        key: {
            "title": known[key].title,
            "date": record.day(known[key].date),
            "summary": known[key].summary or "",
            "sources": [
                {part: str(sources[name][part] or "") for part in ("title", "publisher", "url")}
                for name in known[key].source_ids
                if name != record.ARTICLE_SOURCE
            ],
        }
        for key in wanted
    }


def _path_label(trial: Trial, path: str) -> str:
    number = len(claims.on_path(trial.claims, path))
    return f"{'All' if path == 'full' else 'Short path:'} {number} claims"


def _claim(trial: Trial, claim: Claim) -> Json:
    """Return a claim; with its verdict and finding only if a mark on it was ever committed."""
    held, first = trial.state.standing.get(claim.id), trial.state.first.get(claim.id)
    told: Json = {
        "id": claim.id,
        "number": claim.number,
        "paragraph": claim.paragraph,
        "text": claim.text,
        "evidence": list(claim.evidence),
        "sources": [
            {"title": s.title, "publisher": s.publisher, "date": s.date, "url": s.url}
            for s in claim.sources
        ],
        "draft": dict(trial.drafts.get(claim.id, {})),
        "mark": None,
        "seen": None,
    }
    if first is not None:
        told["seen"] = {"label": VERDICTS[claim.verdict].label, "finding": claim.finding}
    if held is not None:
        told["mark"] = {
            "label": VERDICTS[held.verdict].label,
            "sure": held.sure,
            "note": held.note,
            "right": held.verdict == claim.verdict,
            "counts": held is first,
        }
    return told
