"""Paths, second futures, files and codes in the exercise panel, without a browser."""

from __future__ import annotations

import json

import pytest
from test_exercise_panel import (
    BROKEN,
    SCRIPT,
    decide,
    finish,
    foreign,
    good,
    saved,
    tell,
)
from test_exercise_panel import alfa as alfa
from test_exercise_panel import capsules as capsules
from test_exercise_panel import file as file
from test_exercise_panel import panel as panel
from test_exercise_panel import sent as sent

from kit import api, engine, files, playcode, plays, store
from kit.errors import StoreError
from kit.session import Session
from kit.widgets import payload


def past(panel):
    tell(panel, kind="paths")
    return panel.paths["past"]


# --- the graph ----------------------------------------------------------------------------------


def test_the_graph_is_drawn_only_for_who_looks_at_it(alfa, monkeypatch):
    drawn = []
    real = payload.paths_figure
    monkeypatch.setattr(payload, "paths_figure", lambda *a, **k: drawn.append(a) or real(*a, **k))
    decide(alfa, "live")
    assert (drawn, alfa.paths) == ([], {})
    tell(alfa, kind="paths")
    tell(alfa, kind="paths")
    assert len(drawn) == 1
    assert alfa.paths["summary"]
    assert alfa.paths["table"]["rows"]
    json.dumps(alfa.paths, allow_nan=False)
    decide(alfa, "loud")
    assert (len(drawn), alfa.paths) == (1, {})


def test_the_graph_keeps_later_moves_closed_until_the_end():
    session = Session(plays.load_scenario("shared-warning"), ["kor"], seed=3)
    moves = list(session.scenario.moves.values())
    while session.open:
        words = json.dumps(payload.paths_view(session), ensure_ascii=False)
        later = moves[moves.index(session.move) + 1 :]
        names = [c for m in later for c in session.scenario.choices.values() if c.move == m.id]
        assert [move.title for move in later if move.title in words] == []
        assert [choice.id for choice in names if choice.question in words] == []
        session.pass_predictions()
        session.decide(engine.open_options(session.open[0], session.state.known)[0].id)
    words = json.dumps(payload.paths_view(session), ensure_ascii=False)
    assert all(move.title in words for move in moves)


def test_only_ones_own_standing_decisions_can_be_forked_from(alfa):
    assert past(alfa) == []
    finish(alfa)
    rows = past(alfa)
    assert [row["choice"] for row in rows] == ["sharing", "warn"]
    assert rows[0]["label"] == "Snow melts, Alfa: Keep them."
    clickable = {n for t in alfa.paths["figure"]["data"] for n in t.get("customdata", ())}
    assert {row["choice"] for row in rows} <= clickable


# --- a second future ----------------------------------------------------------------------------


def test_forking_goes_on_in_a_second_future_and_back(alfa, capsules):
    decide(alfa, "live", note="First.")
    decide(alfa, "loud")
    first, before, turn = alfa.session, saved().read_bytes(), alfa.turn
    tell(alfa, kind="fork", decision=past(alfa)[0]["decision"])
    assert alfa.error == ""
    assert alfa.session is not first
    assert alfa.turn == turn + 1
    assert alfa.view["choice"]["id"] == "sharing"
    assert alfa.view["decisions"] == []
    assert alfa.paths == {}
    assert saved().read_bytes() == before
    assert "tiny-fork-1.json" in alfa.notice
    assert alfa.session.open[0].question in alfa.notice
    assert alfa.plays == [
        {"name": "first future", "here": False},
        {"name": "second future", "here": True},
    ]
    decide(alfa, "none")
    assert store.read(capsules / "tiny-fork-1.json").log == alfa.session.log
    second = alfa.session
    tell(alfa, kind="go", name="first future")
    assert alfa.session is first
    assert alfa.view["decisions"][0]["note"] == "First."
    assert [play["here"] for play in alfa.plays] == [True, False]
    tell(alfa, kind="go", name="second future")
    assert alfa.session is second
    assert saved().read_bytes() == before


def test_a_third_future_can_begin_in_the_second(alfa):
    finish(alfa)
    for _ in range(2):
        tell(alfa, kind="fork", decision=past(alfa)[0]["decision"])
        finish(alfa)
    names = [play["name"] for play in alfa.plays]
    assert names == ["first future", "second future", "third future"]
    assert alfa.plays[-1]["here"]
    tell(alfa, kind="restart")
    assert alfa.plays == []


def test_what_is_typed_in_one_future_stays_with_it(alfa):
    decide(alfa, "live")
    tell(alfa, kind="draft", draft={"choice": "warn", "note": "half a thou"})
    tell(alfa, kind="fork", decision=past(alfa)[0]["decision"])
    assert alfa.view["draft"] == {}
    tell(alfa, kind="go", name="first future")
    assert alfa.view["draft"] == {"choice": "warn", "note": "half a thou"}


@pytest.mark.parametrize("decision", [None, "2", 2.0, True, 0, -1, 99, [2], 1])
def test_a_fork_from_nothing_is_refused(alfa, capsules, decision):
    decide(alfa, "live")
    session, there = alfa.session, sorted(capsules.iterdir())
    tell(alfa, kind="fork", decision=decision)
    assert alfa.error
    assert alfa.session is session
    assert alfa.plays == []
    assert sorted(capsules.iterdir()) == there


@pytest.mark.parametrize("name", ["", "third future", SCRIPT, None, 1])
def test_there_is_no_going_to_a_play_that_is_not_there(alfa, name):
    decide(alfa, "live")
    tell(alfa, kind="fork", decision=past(alfa)[0]["decision"])
    session = alfa.session
    tell(alfa, kind="go", name=name)
    assert alfa.error
    assert alfa.session is session


def test_a_second_future_of_a_play_without_a_file_has_none(file, capsules):
    panel = api.play(file, role="alfa", seed=7, save=False)
    decide(panel, "live")
    tell(panel, kind="fork", decision=past(panel)[0]["decision"])
    assert panel.error == ""
    assert panel.session.path is None
    assert "saved in" not in panel.notice
    assert not capsules.exists()


# --- files --------------------------------------------------------------------------------------


def test_a_file_is_continued_and_the_play_before_stays_in_reach(alfa, capsules):
    decide(alfa, "none", note="Mine.")
    before, kept, other = alfa.session, saved().read_bytes(), good()
    tell(alfa, kind="from_file", name="a.json", content="\ufeff" + other)
    assert alfa.error == ""
    assert alfa.view["decisions"][0]["option"] == "Connect the gauge."
    assert "continued, with 1 decision" in alfa.notice
    assert (capsules / "tiny.1.json").read_bytes() == kept
    assert alfa.session.log[: len(store.parse(other).log)] == store.parse(other).log
    assert store.read(saved()).log == alfa.session.log
    assert alfa.view["warning"] == ""
    decide(alfa, "loud")
    assert alfa.view["warning"] == ""
    assert sorted(path.name for path in capsules.iterdir()) == ["tiny.1.json", "tiny.json"]
    tell(alfa, kind="go", name="play before")
    assert alfa.session is before
    assert alfa.view["decisions"][0]["note"] == "Mine."


def test_a_file_can_be_continued_from_the_first_screen(panel, file):
    tell(panel, kind="from_file", name="a.json", content=good())
    assert panel.view["stage"] == "play"
    assert panel.plays == []
    assert plays.resume(file).hash == panel.session.hash


@pytest.mark.parametrize("what", BROKEN)
def test_a_file_that_cannot_be_continued_changes_nothing(alfa, capsules, what):
    decide(alfa, "live")
    tell(alfa, kind="draft", draft={"choice": "warn", "note": "half a thou"})
    session, view, there = alfa.session, alfa.view, saved().read_bytes()
    tell(alfa, kind="from_file", name="a.json", content=BROKEN[what]())
    assert alfa.error
    assert "Traceback" not in alfa.error
    assert len(alfa.error) < 500
    assert (alfa.session, alfa.view) == (session, view)
    assert saved().read_bytes() == there
    assert [path.name for path in capsules.iterdir()] == ["tiny.json"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("x" * (files.MAX_BYTES + 1), "too large"),
        ("🚀" * (files.MAX_BYTES // 4 + 1), "too large"),
        (None, "no text file"),
        ({"log": []}, "no text file"),
        ("\ud83d", "not JSON"),
        (SCRIPT, "not JSON"),
    ],
)
def test_what_is_no_saved_play_is_refused(alfa, content, words):
    session = alfa.session
    tell(alfa, kind="from_file", name=SCRIPT, content=content)
    assert words in alfa.error
    assert alfa.session is session


@pytest.mark.parametrize("draft", ['{"note": 5}', '{"evidence": 7}', '{"x": NaN}', '{"note": ""}'])
def test_a_draft_edited_by_hand_never_reaches_the_browser(panel, draft):
    content = good().replace('"draft": {}', f'"draft": {draft}')
    assert draft in content
    tell(panel, kind="from_file", name="a.json", content=content)
    assert panel.error == ""
    assert panel.view["draft"] in ({}, {"note": ""})
    json.dumps(panel.view, allow_nan=False)


def test_a_play_from_a_file_goes_on_when_it_cannot_be_saved(alfa, monkeypatch):
    def fail(_path, _capsule):
        raise StoreError("Your play is not saved: the disk is full.")

    monkeypatch.setattr(store, "write", fail)
    tell(alfa, kind="from_file", name="a.json", content=good())
    assert "disk is full" in alfa.view["warning"]
    assert alfa.view["decisions"]


# --- codes --------------------------------------------------------------------------------------


def test_the_code_of_a_play_continues_it_elsewhere(alfa, file, monkeypatch, tmp_path):
    decide(alfa, "live", note="A reason.", confidence=80)
    assert alfa.code == {}
    tell(alfa, kind="code")
    code = alfa.code["code"]
    assert code == playcode.to_code(alfa.session.capsule, alfa.session.scenario)
    monkeypatch.setenv("KIT_CAPSULES", str(tmp_path / "elsewhere"))
    other = api.play(file)
    tell(other, kind="from_code", code=code.lower())
    assert other.error == ""
    assert other.session.hash == alfa.session.hash
    assert other.view["decisions"][0]["confidence"] == 80
    assert "no predictions, reasons" in other.notice
    assert store.read(tmp_path / "elsewhere" / "tiny.json").log == other.session.log
    finish(alfa)
    finish(other)
    assert alfa.code == {}
    assert other.session.hash == alfa.session.hash


@pytest.mark.parametrize("code", ["", "2222-2222", SCRIPT, None, 5, "x" * 20_000, "A" * 5_000])
def test_a_bad_code_changes_nothing(alfa, capsules, code):
    decide(alfa, "live")
    session, there = alfa.session, saved().read_bytes()
    tell(alfa, kind="from_code", code=code)
    assert alfa.error
    assert len(alfa.error) < 500
    assert alfa.session is session
    assert saved().read_bytes() == there
    assert [path.name for path in capsules.iterdir()] == ["tiny.json"]


def test_a_play_without_a_code_says_so_in_its_place(alfa, monkeypatch):
    def fail(_capsule, _scenario):
        raise StoreError("No code can carry this play.")

    monkeypatch.setattr(playcode, "to_code", fail)
    tell(alfa, kind="code")
    assert alfa.code == {"code": "", "words": "No code can carry this play."}
    assert alfa.error == ""


@pytest.mark.parametrize("kind", ["paths", "fork", "go", "code"])
def test_before_a_seat_is_taken_there_is_nothing_to_look_at(panel, sent, kind):
    tell(panel, kind=kind, decision=2, name="")
    assert (panel.paths, panel.code, sent) == ({}, {}, [])
    assert panel.session is None


def test_a_play_of_another_exercise_is_named(alfa):
    tell(alfa, kind="from_file", name="a.json", content=foreign())
    assert "of 'shared-warning', not of 'tiny'" in alfa.error


def test_markup_in_a_file_stays_text(panel):
    content = good().replace('"alias": ""', '"alias": "<b>"').replace("live", "<b>")
    tell(panel, kind="from_file", name=SCRIPT, content=content)
    assert "damaged" in panel.error
    assert panel.view["stage"] == "start"
