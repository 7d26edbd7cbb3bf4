"""What people add to a play in the report: predictions, votes, ratings, remarks, the plan."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date

import pytest
import tiny
from test_calibration import TEXT
from test_report import HOSTILE, Page

from kit import report, tables
from kit.errors import DecisionError
from kit.log import Event
from kit.session import Session

ORDER = ("sharing", "reply", "warn")
TAKEN = {"sharing": "live", "reply": "accept", "warn": "loud"}
SAID = {"leaked": 70, "any-reply": 80, "trusting": 55, "quick": 20, "treaty": 90}


@pytest.fixture(scope="module")
def river():
    return tiny.parsed(TEXT)


@pytest.fixture(autouse=True)
def record(monkeypatch):
    """The record the tiny scenario cites."""
    days = {name: date.fromisoformat(day) for name, day in tiny.KNOWN_ON.items()}
    found = {n: tables.Evidence(n, "event", n, day, day, "", ()) for n, day in days.items()}
    monkeypatch.setattr(tables, "evidence", lambda: found)


def begun(river, **more):
    """Return a play in which every prediction is answered, one of them by passing."""
    session = Session(river, ["alfa", "bravo"], seed=4, **more)
    for name, percent in SAID.items():
        session.predict(name, percent)
    session.predict("how-much", low=8, high=12)
    session.predict("gauge-soon")
    return session


def finished(river, **more):
    session = begun(river)
    session.decide("live", "sharing", **more)
    for name in ORDER[1:]:
        session.decide(TAKEN[name], name)
    assert session.over
    return session


def of(session, **more):
    return report.build(session.scenario, session.log, forked=session.forked, **more)


def shown(built):
    """Return the words of both forms of a report."""
    page = Page(report.to_html(built)).text
    return page, " ".join(report.to_markdown(built).split())


# --- predictions -------------------------------------------------------------------------


def test_every_prediction_stands_beside_what_came_with_its_seal(river):
    session = finished(river)
    built = of(session)
    events = {e.name: e for e in session.log if e.kind == "predict"}
    assert [p.id for p in built.predictions] == list(events)
    for item in built.predictions:
        assert item.seal == events[item.id].seal
        assert (item.seq, item.at) == (events[item.id].seq, events[item.id].at)
        assert item.move == "Snow melts"
    said = {p.id: p.said for p in built.predictions}
    assert said["leaked"] == "70 %"
    assert said["how-much"] == "8 to 12 points"
    assert said["gauge-soon"] == "passed"
    came = {p.id: (p.came, p.score) for p in built.predictions}
    assert came["treaty"] == ("yes", "0.01")
    assert came["gauge-soon"] == ("no", "none: no answer")
    settles = {p.id: p.settles for p in built.predictions}
    assert settles["treaty"] == "the record of real events, by 2001-07-31"
    assert settles["how-much"] == "Trust at the end of this play"
    assert settles["leaked"] == "the course of this play"
    for told in shown(built):
        for item in built.predictions:
            assert item.question in told
            assert item.seal in told
        assert "8 to 12 points" in told


def test_while_the_play_goes_on_the_record_and_the_end_stay_closed(river):
    built = of(begun(river))
    assert {p.came for p in built.predictions} == {"not known yet"}
    assert built.calibration.n == 0
    for told in shown(built):
        assert "No prediction can be scored yet." in told
        assert "settles is shown once the exercise is over" in told
    assert '<svg class="reliability"' not in report.to_html(built)


def test_the_fit_is_told_with_its_interval_and_drawn(river):
    built = of(finished(river))
    assert (built.calibration.n, built.calibration.ranges) == (5, 1)
    source = report.to_html(built)
    for told in shown(built):
        assert "too few to conclude anything about skill" in told
        assert "95 % interval" in told
    (drawn,) = re.findall(r'<svg class="reliability".*?</svg>', source, re.DOTALL)
    assert drawn.count("<circle") == len(built.calibration.bins) == 5
    assert 'role="img"' in drawn
    assert "too few to conclude" in Page(drawn).text
    places = [float(v) for v in re.findall(r' (?:c?[xy][12]?)="(-?[\d.]+)"', drawn)]
    assert all(0 <= place <= 400 for place in places)


def test_without_predictions_the_report_says_how_to_make_them(river):
    plain = tiny.parsed()
    built = report.build(plain, Session(plain, ["alfa"], seed=1).log)
    assert built.predictions == ()
    for told in shown(built):
        assert "Nothing was predicted." in told


def test_what_a_second_future_predicts_is_shown_but_not_counted(river):
    log = finished(river).log
    (built, late) = (report.build(river, log, forked=n) for n in (None, 1))
    assert built.calibration.n == 5
    assert (late.calibration.n, late.calibration.late) == (0, 6)
    assert {p.score for p in late.predictions} == {
        "none: made in a second future",
        "none: no answer",
    }


def test_a_changed_prediction_makes_no_report(river):
    log = finished(river).log
    place = next(n for n, e in enumerate(log) if e.name == "leaked" and e.kind == "predict")
    raw = {**log[place].to_json(), "value": "99"}
    edited = (*log[:place], Event.from_json(raw), *log[place + 1 :])
    with pytest.raises(DecisionError, match="does not fit its seal"):
        report.build(river, edited)


# --- decisions ----------------------------------------------------------------------------


def test_votes_and_what_would_change_minds_stand_with_the_decision(river):
    told = {"change_mind": "A dry year.", "votes": {"live": 7, "none": 2}}
    built = of(finished(river, **told))
    first = built.decisions[0]
    assert first.change_mind == "A dry year."
    assert first.votes == (("Connect the gauge.", 7), ("Keep them.", 2))
    page, markdown = shown(built)
    for words in (page, markdown):
        assert words.count("What would change your mind?") == len(built.decisions)
        assert "A dry year." in words
        assert "not answered" in words
    assert "7: Connect the gauge." in page
    assert "7 for Connect the gauge." in markdown


def test_the_mode_of_play_is_named(river):
    log = begun(river).log
    room = (Event.from_json({**log[0].to_json(), "mode": "room"}), *log[1:])
    for told in shown(report.build(river, room)):
        assert "A room that votes, one operator" in told


# --- what people enter ---------------------------------------------------------------------


@pytest.fixture
def reviewed(river):
    """A play after its hot wash, with entries changed and taken back."""
    session = finished(river)
    session.rate("o1", "U", "Too slow.")
    session.rate("o1", "S", "On second thoughts.")
    session.note("They asked first.", "alfa", name="strength")
    session.note("Nobody dated the flood.", name="area")
    wrong = session.log[-1].seq
    session.note("Nobody dated the flood of 1999.", name="area", ref=wrong)
    session.plan("Write the rule down.", "Town hall", "2001-09-30")
    session.plan("Buy a siren.")
    session.plan("", ref=session.log[-1].seq)
    session.plan("Test the line.")
    session.note("It rained.")
    return session


def test_people_rate_and_the_last_rating_stands(reviewed):
    first, second = of(reviewed).objectives
    assert (first.rating.value, first.rating.note) == ("S", "On second thoughts.")
    assert second.rating is None
    page, markdown = shown(of(reviewed))
    assert "Rated S : performed with some challenges." in page
    assert "**Rated S**: performed with some challenges. On second thoughts." in markdown
    for told in (page, markdown):
        assert told.count("Not rated.") == 1
    boxes = [a for a in Page(report.to_html(of(reviewed))).named("span")
             if a.get("class") == "box"]  # fmt: skip
    assert len(boxes) == 4


def test_no_rating_is_ever_computed(river):
    built = of(finished(river))
    assert [goal.rating for goal in built.objectives] == [None, None]
    for told in shown(built):
        assert told.count("Not rated.") == 2
        assert "Rated P" not in told


def test_strengths_areas_and_plan_stand_in_their_last_words(reviewed):
    built = of(reviewed)
    assert [(r.who, r.text) for r in built.strengths] == [("Alfa", "They asked first.")]
    assert [r.text for r in built.areas] == ["Nobody dated the flood of 1999."]
    assert [(a.text, a.owner, a.due) for a in built.plan] == [
        ("Write the rule down.", "Town hall", "2001-09-30"),
        ("Test the line.", "", ""),
    ]
    assert [r.text for r in built.observations] == ["It rained."]
    page = report.to_html(built)
    sections = dict(re.findall(r'aria-labelledby="(\w+)">(.*?)</section>', page, re.DOTALL))
    assert "They asked first." in sections["strengths"]
    assert "of 1999." in sections["areas"]
    assert "Write the rule down." in sections["plan"]
    assert "Buy a siren." not in sections["plan"]
    assert "no owner yet" in sections["plan"]
    assert 'class="empty"' not in sections["plan"]
    assert "| Write the rule down. | Town hall | 2001-09-30 |" in report.to_markdown(built)


def test_the_timeline_keeps_every_word_also_those_replaced(reviewed):
    built = of(reviewed)
    rows = {h.seq: h for stage in built.stages for h in stage.happenings}
    assert sorted(rows) == [event.seq for event in reviewed.log]
    told = [h.text for h in rows.values()]
    assert "Objective 1: U, performed with some challenges. Too slow." not in told
    assert "Objective 1: U, unable to be performed. Too slow." in told
    assert "Area for improvement: Nobody dated the flood." in told
    assert any(t.startswith("Action: Entry ") and t.endswith("was removed.") for t in told)
    assert "Sealed an answer: Will the paper print it?" in told
    for stage in built.stages:
        if any(h.kind == "predict" for h in stage.happenings):
            assert stage.title == "Snow melts"


def test_typed_text_never_becomes_structure(river):
    def pages(words):
        session = finished(river, change_mind=words)
        session.rate("o1", "P", words)
        session.note(words, name="strength")
        session.note(words, name="area")
        session.plan(words, words)
        return Page(report.to_html(of(session)))

    plain, found = pages("x"), pages(HOSTILE)
    assert [tag for tag, _ in found.tags] == [tag for tag, _ in plain.tags]
    assert found.text.count(" ".join(HOSTILE.split())) == 10


# --- the journal ---------------------------------------------------------------------------


def test_the_journal_has_a_row_for_all_that_people_added(reviewed):
    built = of(reviewed)
    lines = [json.loads(line) for line in report.to_json_lines(built).splitlines()]
    assert [line["event"] for line in lines] == sorted(line["event"] for line in lines)
    by_kind = {}
    for line in lines:
        by_kind.setdefault(line["kind"], []).append(line)
    leaked = by_kind["prediction"][0]
    assert (leaked["name"], leaked["value"], leaked["seal"]) == (
        "leaked", "70", built.predictions[0].seal)  # fmt: skip
    assert leaked["score"] == pytest.approx(0.09 if leaked["came"] == "yes" else 0.49)
    (rating,) = by_kind["rating"]
    assert (rating["name"], rating["value"], rating["rationale"]) == (
        "o1", "S", "On second thoughts.")  # fmt: skip
    assert [line["text"] for line in by_kind["action"]] == ["Write the rule down.",
                                                            "Test the line."]  # fmt: skip
    assert by_kind["action"][0]["owner"] == "Town hall"
    assert by_kind["action"][0]["due"] == "2001-09-30"
    assert {"strength", "area for improvement", "observation"} <= set(by_kind)


def test_the_table_of_the_journal_runs_no_formula(river):
    formula = "=HYPERLINK(1)"
    session = finished(river, change_mind=formula, votes={"live": 3})
    session.rate("o1", "P", formula)
    session.note(formula, name="strength")
    session.plan(formula, formula)
    text = report.to_csv(of(session))
    rows = list(csv.DictReader(io.StringIO(text[1:], newline="")))
    cells = [cell for row in rows for cell in row.values()]
    assert sum("HYPERLINK" in cell for cell in cells) == 5
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    (voted,) = [row["votes"] for row in rows if row["votes"]]
    assert voted == "3 Connect the gauge."
