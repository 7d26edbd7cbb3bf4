"""The coding matrix as a widget: one agreement at a time, then the learner beside the coders.

The widget holds nothing of its own: it shows what :class:`kit.tasks.coding.OpenCoding` keeps. The
same methods work as plain text. The browser side is ``js/coding.js``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import traitlets

from kit import tables
from kit.errors import DecisionError
from kit.plots import record
from kit.tasks import coding
from kit.tasks.coding import FORCES, NONE, Comparison, OpenCoding
from kit.widgets.panel import Handler, Message, Panel, text
from kit.widgets.plotlyjs import css, esm

# What stands in a cell of the matrix, where there is little room.
SHORT = {NONE: "–", "binding": "law", "political": "promise", "operational": "operates"}


class CodingView(Panel):
    """A matrix of agreements and obligations to fill. Make one with :func:`build_obligations`.

    Parameters
    ----------
    opened
        The matrix and the learner's marks.
    """

    _esm: ClassVar[str] = esm("plot", "parts", "coding")
    _css: ClassVar[str] = css("kit", "task", "coding")

    view = traitlets.Dict().tag(sync=True)

    def __init__(self, opened: OpenCoding) -> None:
        self._opened = opened
        super().__init__(view=self._shown())

    def mark(self, agreement: str, obligation: str, force: str) -> None:
        """Say how firmly an agreement obliges to something; see :meth:`OpenCoding.mark`."""
        self._opened.mark(agreement, obligation, force)
        self._refresh()

    def finish(self, agreement: str) -> None:
        """Say that an agreement is coded; the comparison opens when all are."""
        self._opened.finish(agreement)
        self._refresh()

    def compare(self) -> str:
        """Return as text how far you and the coders agree, and where you differ.

        Raises
        ------
        DecisionError
            Some agreement is not coded yet.
        """
        found = self._opened.compare()
        lines = [_difference_line(found, number) for number in range(len(found.differences))]
        return "\n".join([coding.pairs_text(found.pairs), *lines]).rstrip() + "\n"

    def text(self) -> str:
        """Return the agreements, the obligations and your marks as plain text."""
        view, lines = self.view, ["Agreements:"]
        for item in view["agreements"]:
            state = "coded" if item["id"] in view["done"] else "open"
            lines += [f"  {item['id']} ({state}): {item['name']}"]
            told = (item["about"], item["summary"], *item["says"], item["notes"])
            lines += [f"      {said}" for said in told if said]
            lines += [f"      marked: {o}, {f}" for a, o, f in view["marks"] if a == item["id"]]
        lines += ["Obligations:"]
        lines += [f"  {item['id']}: {item['question']}" for item in view["obligations"]]
        lines += [
            f"Forces: {', '.join(FORCES)}",
            'Mark with mark("…", "…", "…"), then finish("…").',
        ]
        return "\n".join(lines) + "\n"

    def about(self) -> str:
        """Return what running the cell shows."""
        return f"your coding of {record.count(len(self._opened.agreements), 'agreement')}"

    def _refresh(self) -> None:
        self.view = self._shown()

    def _shown(self) -> dict[str, Any]:
        opened = self._opened
        rows = {row["agreement_id"]: row for row in tables.records("agreements")}
        words = coding.meanings()
        ready = len(opened.done) == len(opened.agreements)
        return {
            "agreements": [_agreement(rows[name]) for name in opened.agreements],
            "obligations": [
                {"id": o, "label": o.replace("-", " "), "question": words[o]}
                for o in opened.obligations
            ],
            "forces": [
                {"id": force, "label": label, "short": SHORT[force]}
                for force, label in FORCES.items()
            ],
            "marks": [[a, o, force] for (a, o), force in opened.marks.items() if force != NONE],
            "done": list(opened.done),
            "compared": _compared(opened.compare()) if ready else {},
            "notice": opened.notice,
        }

    def handlers(self) -> dict[str, Handler]:
        """Return what to do with a mark, and with an agreement that is coded."""
        return {"mark": self._on_mark, "finish": self._on_finish}

    def _on_mark(self, message: Message) -> None:
        agreement, obligation = text(message, "agreement"), text(message, "obligation")
        self.mark(agreement, obligation, text(message, "force"))

    def _on_finish(self, message: Message) -> None:
        self.finish(text(message, "agreement"))


def _agreement(row: tables.Record) -> dict[str, Any]:
    kind = row["type"].replace("-", " ")
    day = record.day(row["signed_or_announced"], row["signed_or_announced_precision"])
    return {
        "id": row["agreement_id"],
        "name": row["name"],
        "short": row["short_name"] or row["name"],
        "about": f"{day} · {record.named(row['parties'])} · {kind}",
        "summary": row["summary"],
        "says": list(row["obligations"] or ()),
        "notes": row["notes"] or "",
    }


def _compared(found: Comparison) -> dict[str, Any]:
    names = {row["agreement_id"]: row["short_name"] for row in tables.records("agreements")}
    return {
        "pairs": [
            [p.one, p.other, f"{p.same} of {p.cells}",
             "not defined" if p.kappa is None else f"{p.kappa:.2f}".replace("-", "−")]
            for p in found.pairs
        ],
        "decided": [[a, o, force] for (a, o), force in found.codings[coding.DECIDED].items()],
        "differences": [
            {
                "title": f"{names[d.agreement]}: {d.obligation.replace('-', ' ')}",
                "forces": [[name, FORCES[force]] for name, force in d.forces.items()],
                "note": d.note,
            }
            for d in found.differences
        ],
    }  # fmt: skip


def _difference_line(found: Comparison, number: int) -> str:
    one = found.differences[number]
    said = "; ".join(f"{name}: {force}" for name, force in one.forces.items())
    note = f" ({one.note})" if one.note else ""
    return f"{one.agreement}, {one.obligation}: {said}{note}"


def build_obligations(
    agreements: Sequence[str] = coding.AGREEMENTS, *, save: bool = True
) -> CodingView:
    """Return a matrix of agreements and obligations for the learner to fill and then compare.

    Parameters
    ----------
    agreements
        Ids of the agreements to code.
    save
        Whether to keep the marks in a file beside the saved plays.

    Raises
    ------
    DecisionError
        There is nothing to code for these agreements.
    ValueError
        There is no such agreement.
    DataError
        The tables of codings are missing or wrong.
    """
    opened = coding.open_coding(agreements, save=save)
    if not opened.obligations:
        raise DecisionError("No obligation is coded for any of these agreements.")
    return CodingView(opened)
