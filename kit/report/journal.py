"""The events of a play as rows, for a spreadsheet (CSV) or a program (JSON lines)."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass, fields

from kit import celltext
from kit.report.parts import Chance, Decision, Report


@dataclass(frozen=True, slots=True)
class Row:
    """One decision, or one thing that chance or a role nobody played brought.

    ``odds`` (0 to 1) are what the value had just before; ``confidence`` is in percent;
    ``withdrawn_by`` is the event that took it back.
    """

    event: int
    kind: str
    at: str
    move: str
    who: str
    name: str
    question: str
    value: str
    text: str
    odds: float
    governments: str
    confidence: int | None
    rationale: str
    evidence: tuple[str, ...]
    withdrawn_by: int | None


def rows(report: Report) -> tuple[Row, ...]:
    """Return the decisions and draws of a play in the order of the log."""
    found = [_decision(item) for item in (*report.decisions, *report.withdrawn)]
    found += [_draw(item) for item in report.chance]
    return tuple(sorted(found, key=lambda row: row.event))


def to_json_lines(report: Report) -> str:
    """Return one JSON object a line, texts exactly as they were typed."""
    # Half characters cannot stand in a text file; as JSON escapes they survive.
    lines = (json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows(report))
    return "".join(lines).encode(errors="backslashreplace").decode()


def to_csv(report: Report) -> str:
    """Return a table with one row an event; nothing in it can become a formula.

    It begins with the mark that spreadsheets need to read other alphabets.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([field.name for field in fields(Row)])
    for row in rows(report):
        values = {**asdict(row), "evidence": "; ".join(row.evidence)}
        writer.writerow(["" if v is None else _cell(v) for v in values.values()])
    return "\ufeff" + text.getvalue()


def _cell(value: object) -> object:
    return celltext.guard(celltext.write_text(value)) if isinstance(value, str) else value


def _decision(item: Decision) -> Row:
    return Row(
        event=item.seq,
        kind="decision",
        at=item.at,
        move=item.move,
        who=item.role,
        name=item.choice,
        question=item.question,
        value=item.option,
        text=item.text,
        odds=item.odds,
        governments=item.history,
        confidence=item.confidence,
        rationale=item.note,
        evidence=tuple(cited.id for cited in item.evidence),
        withdrawn_by=item.withdrawn,
    )


def _draw(item: Chance) -> Row:
    return Row(
        event=item.seq,
        kind="by odds",
        at=item.at,
        move=item.move,
        who=item.who,
        name=item.name,
        question=item.question,
        value=item.value,
        text=item.text,
        odds=item.odds,
        governments="",
        confidence=None,
        rationale="",
        evidence=(),
        withdrawn_by=item.withdrawn,
    )
