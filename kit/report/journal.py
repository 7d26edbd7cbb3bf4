"""The events of a play as rows, for a spreadsheet (CSV) or a program (JSON lines)."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass, fields

from kit import celltext
from kit.report.parts import Chance, Decision, Goal, Report
from kit.report.people import Foretold, Rating


@dataclass(frozen=True, slots=True)
class Row:
    """A decision, what chance or a role nobody played brought, or what people added.

    ``odds`` (0 to 1) are what the value had just before; ``confidence`` is in percent;
    ``withdrawn_by`` is the event that took it back; ``score`` is the Brier or interval score of a
    prediction.
    """

    event: int
    kind: str
    at: str
    move: str = ""
    who: str = ""
    name: str = ""
    question: str = ""
    value: str = ""
    text: str = ""
    odds: float | None = None
    governments: str = ""
    confidence: int | None = None
    rationale: str = ""
    evidence: tuple[str, ...] = ()
    withdrawn_by: int | None = None
    change_mind: str = ""
    votes: tuple[tuple[str, int], ...] = ()
    came: str = ""
    score: float | None = None
    seal: str = ""
    owner: str = ""
    due: str = ""


def rows(report: Report) -> tuple[Row, ...]:
    """Return decisions, draws and what people added, in the order of the log."""
    found = [_decision(item) for item in (*report.decisions, *report.withdrawn)]
    found += [_draw(item) for item in report.chance]
    found += [_prediction(item) for item in report.predictions]
    found += [_rating(goal, goal.rating) for goal in report.objectives if goal.rating]
    for kind, remarks in (
        ("strength", report.strengths),
        ("area for improvement", report.areas),
        ("observation", report.observations),
    ):
        found += [Row(r.seq, kind, r.at, who=r.who, text=r.text) for r in remarks]
    found += [
        Row(item.seq, "action", item.at, text=item.text, owner=item.owner, due=item.due)
        for item in report.plan
    ]
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
        values["votes"] = "; ".join(f"{count} {option}" for option, count in row.votes)
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
        change_mind=item.change_mind,
        votes=item.votes,
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
        withdrawn_by=item.withdrawn,
    )


def _prediction(item: Foretold) -> Row:
    return Row(
        event=item.seq,
        kind="prediction",
        at=item.at,
        text=item.said,
        move=item.move,
        name=item.id,
        question=item.question,
        value=item.value,
        came=item.came,
        score=item.points,
        seal=item.seal,
    )


def _rating(goal: Goal, given: Rating) -> Row:
    return Row(
        event=given.seq,
        kind="rating",
        at=given.at,
        text=goal.text,
        name=goal.id,
        value=given.value,
        rationale=given.note,
    )
