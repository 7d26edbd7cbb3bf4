"""The events of a play for a spreadsheet or a program: complete, readable back, never executed."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit import celltext, engine, plays, report
from kit.__main__ import main
from kit.session import Session

FORMULAS = ["=1+1", "+A1", "-2", "@SUM(A1)", "'=1", "=HYPERLINK(\"http://a\")", "a,b\n\"c\"",
            "\u202eright to left", "🙂 مرحبا", "x" * 5000, "\x1b[2J"]  # fmt: skip


@pytest.fixture(scope="module")
def exercise(root):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIT_DATA", str(root / "data"))
        yield plays.load_scenario("shared-warning")


def played(exercise, note="", steps=4):
    session = Session(exercise, ["kor", "jpn"], seed=3)
    for _ in range(steps):
        session.pass_predictions()
        choice = session.open[0]
        option = engine.open_options(choice, session.state.known)[0]
        session.decide(option.id, choice.id, note=note, confidence=60)
    return session


def table(text):
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def test_every_decision_and_draw_is_a_row_in_the_order_of_the_log(exercise):
    session = played(exercise, note="Because.")
    session.withdraw()
    built = report.build(exercise, session.log)
    lines = [json.loads(line) for line in report.to_json_lines(built).splitlines()]
    wanted = [e for e in session.log if e.kind in ("predict", "decide", "draw")]
    assert [line["event"] for line in lines] == [event.seq for event in wanted]
    assert [line["value"] for line in lines] == [event.value for event in wanted]
    assert {line["kind"] for line in lines} == {"prediction", "decision", "by odds"}
    assert any(line["withdrawn_by"] for line in lines)
    assert all(0 < line["odds"] <= 1 for line in lines if line["kind"] == "by odds")
    rows = table(report.to_csv(built))
    assert [int(row["event"]) for row in rows] == [line["event"] for line in lines]
    assert [row["question"] for row in rows] == [line["question"] for line in lines]
    assert {row["seal"] for row in rows if row["kind"] == "prediction"} == {
        event.seal for event in wanted if event.kind == "predict"
    }


@pytest.mark.parametrize("note", FORMULAS)
def test_what_was_typed_is_text_and_nothing_else(exercise, note):
    built = report.build(exercise, played(exercise, note, steps=1).log)
    kept = built.decisions[0].note
    (line,) = [x for x in map(json.loads, report.to_json_lines(built).splitlines())
               if x["kind"] == "decision"]  # fmt: skip
    assert line["rationale"] == kept
    (row,) = [row for row in table(report.to_csv(built)) if row["kind"] == "decision"]
    assert not row["rationale"].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert celltext.read_text(celltext.unguard(row["rationale"])) == kept


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(note=st.text(max_size=80))
def test_any_reason_can_be_read_back(exercise, note):
    built = report.build(exercise, played(exercise, note, steps=1).log)
    kept = built.decisions[0].note
    (row,) = [row for row in table(report.to_csv(built)) if row["kind"] == "decision"]
    assert celltext.read_text(celltext.unguard(row["rationale"])) == kept


def test_the_end_of_the_name_says_in_which_form(exercise, tmp_path, monkeypatch, capsys):
    built = report.build(exercise, played(exercise).log)
    for name in ("a.html", "a.md", "a.csv", "a.jsonl"):
        assert report.write(built, tmp_path / name).stat().st_size > 200
    with pytest.raises(ValueError, match=r"\.csv or \.jsonl, not as 'a\.pdf'"):
        report.write(built, tmp_path / "a.pdf")
    monkeypatch.setenv("KIT_CAPSULES", str(tmp_path / "capsules"))
    session = plays.start("shared-warning", "kor", seed=1)
    session.pass_predictions()
    session.decide("hub")
    assert main(["report", "shared-warning", str(tmp_path / "b.csv")]) == 0
    assert "b.csv" in capsys.readouterr().out
