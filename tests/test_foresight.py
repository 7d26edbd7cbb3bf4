"""Predictions are sealed before a move is decided; remarks of people are kept as they are."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import tiny
from hypothesis import given
from hypothesis import strategies as st

from kit import curation, engine, log, store
from kit.errors import DecisionError, StoreError
from kit.log import Event
from kit.session import Session

ASKED = """\
    predictions:
      - {id: soaked, question: Is it wet?, resolves: {variable: rain, value: wet}}
      - {id: held, question: Where does trust end?, resolves: {measure: trust}}
    choices:
      sharing:
"""
LATER = """\
    predictions:
      - {id: drowned, question: Is there a flood?, resolves: {variable: flood, value: yes_}}
    choices:
      reply:
"""


@pytest.fixture(scope="module")
def play():
    flood = tiny.parsed().variables["flood"].domain[0]
    text = tiny.edited(
        ("    choices:\n      sharing:\n", ASKED),
        ("    choices:\n      reply:\n", LATER.replace("yes_", f'"{flood}"')),
    )
    return tiny.parsed(text)


@pytest.fixture(autouse=True)
def record(monkeypatch):
    """The evidence that may be cited, without the data package."""
    monkeypatch.setattr(curation, "known_on", lambda: tiny.KNOWN_ON)


@pytest.fixture
def session(play, tmp_path):
    return Session(play, ["alfa"], seed=7, path=tmp_path / "tiny.json")


def refused(call, *args, **kwargs):
    with pytest.raises(DecisionError) as caught:
        call(*args, **kwargs)
    return str(caught.value)


# --- sealing ------------------------------------------------------------------------------------


def test_what_is_said_is_kept_with_a_seal(session):
    assert [p.id for p in session.unpredicted] == ["soaked", "held"]
    first = session.predict("soaked", 70)
    second = session.predict("held", low=8, high=12.5)
    assert (first.value, second.value) == ("70", "8..12.5")
    assert len(first.seal) == 64
    assert session.unpredicted == ()
    assert session.log[-2:] == (first, second)
    said = [(f.low, f.high, f.passed) for f in session.predictions()]
    assert said == [(70, 70, False), (8, 12.5, False)]


def test_a_seal_is_the_same_on_every_machine(play):
    state = engine.State(("alfa",), 7, (), 1)
    event = Event(2, "predict", "soaked", "70", salt="00ff")
    scenario = replace(play, fingerprint="57d2685e68555c03")
    golden = "01bc8a824fdc609d109636316babacac143963302566eece96f4618f4816c5a1"
    assert engine.seal(scenario, state, event) == golden


def test_the_same_words_have_another_seal_each_time(play):
    seals = {Session(play, ["alfa"], seed=7).predict("soaked", 70).seal for _ in range(3)}
    assert len(seals) == 3


@pytest.mark.parametrize(
    "change",
    [{"value": "71"}, {"salt": "00"}, {"seal": "0" * 64}, {"seal": ""}, {"name": "held"}],
)
def test_a_prediction_changed_afterwards_is_refused(session, play, change):
    session.predict("soaked", 70)
    session.pass_predictions()
    session.decide("live")
    forged = [replace(e, **change) if e.name == "soaked" else e for e in session.log]
    with pytest.raises(StoreError, match=r"does not fit its seal|asks|not a range"):
        Session.opened(play, replace(session.capsule, log=tuple(forged)), None)


def test_a_seal_covers_what_was_known_when_it_was_made(session, play):
    """An answer cannot be moved behind the draw that settles it."""
    session.predict("soaked", 70)
    event = session.log[-1]
    drawn = Session(play, ["alfa"], seed=8)
    assert engine.seal(play, drawn.state, event) != event.seal


# --- predict first, decide then -----------------------------------------------------------------


def test_opening_first_is_refused(session):
    told = refused(session.outcomes)
    assert "say what you expect" in told
    assert "predict('soaked', percent)" in told
    assert "predict('held', low=…, high=…)" in told
    assert "say what you expect" in refused(session.results)
    assert "say what you expect" in refused(session.compare)


def test_deciding_first_is_refused_and_changes_nothing(session):
    before = session.log
    assert "Before you decide" in refused(session.decide, "live")
    assert session.log == before
    session.pass_predictions()
    session.decide("live")
    assert session.outcomes().keys() == session.scenario.measures.keys()


def test_each_move_asks_for_itself(session):
    session.pass_predictions()
    session.decide("live")
    assert [p.id for p in session.unpredicted] == ["drowned"]
    assert session.outcomes()  # what the first move led to may be seen
    assert "drowned" in refused(session.decide, "loud")


def test_a_prediction_is_made_once_and_never_later(session):
    session.predict("soaked", 70)
    assert "made once" in refused(session.predict, "soaked", 20)
    session.predict("held")
    session.decide("live")
    assert "made once" in refused(session.predict, "held", low=1, high=2)
    session.withdraw()
    assert session.unpredicted == ()
    assert "made once" in refused(session.predict, "soaked", 20)


def test_after_a_decision_was_taken_back_its_move_asks_no_more(play):
    """Who decided once has seen what came; a log without the question cannot be filled in."""
    session = Session(play, ["alfa"], seed=7, log=[Event(1, "start", roles=("alfa",), seed=7)])
    state = engine.apply(play, session.state, Event(2, "decide", "sharing", "live"))
    assert engine.unpredicted(play, engine.apply(play, state, Event(3, "withdraw", ref=2))) == ()


def test_a_second_future_asks_nothing(session):
    session.pass_predictions()
    session.decide("live")
    second = session.fork("sharing")
    assert second.unpredicted == ()
    second.decide("none")
    assert second.unpredicted == ()


def test_a_plan_passes_every_prediction(session):
    session.follow({"sharing": "live"})
    assert session.over
    assert [f.passed for f in session.predictions()] == [True] * 3
    assert "passed" in session.foresight()


@pytest.mark.parametrize(
    ("name", "given_", "told"),
    [
        ("soaked", {"probability": -1}, "not a number from 0 to 100"),
        ("soaked", {"probability": 100.5}, "not a number from 0 to 100"),
        ("soaked", {"probability": float("nan")}, "not a number from 0 to 100"),
        ("soaked", {"low": 1, "high": 2}, "how likely"),
        ("held", {"probability": 50}, "asks for a range"),
        ("held", {"low": 5}, "asks for a range"),
        ("held", {"low": 5, "high": 4}, "not a range"),
        ("held", {"low": 5, "high": float("inf")}, "not a range"),
        ("drowned", {"probability": 5}, "before the first decision of its move"),
        ("soakd", {"probability": 5}, "Did you mean 'soaked'"),
    ],
)
def test_an_answer_of_the_wrong_form_is_refused(session, name, given_, told):
    before = session.log
    assert told in refused(session.predict, name, **given_)
    assert session.log == before


@given(st.floats(0, 100), st.floats(-1e9, 1e9), st.floats(0, 1e9))
def test_every_answer_is_read_as_it_was_said(play, percent, low, width):
    asked = {p.id: p for move in play.moves.values() for p in move.predictions}
    value = engine.answer(asked["soaked"], percent, None, None)
    assert engine.said(asked["soaked"], value) == pytest.approx((percent, percent))
    value = engine.answer(asked["held"], None, low, low + width)
    assert engine.said(asked["held"], value) == pytest.approx((low, low + width))


def test_the_play_goes_on_where_it_stopped(session, play):
    session.predict("soaked", 70)
    again = Session.opened(play, store.read(session.path), session.path)
    assert again.hash == session.hash
    assert [p.id for p in again.unpredicted] == ["held"]
    assert again.log == session.log


def test_questions_say_what_is_asked_and_how(session):
    told = session.questions()
    assert "soaked: Is it wet?" in told
    assert "0 to 100 percent" in told
    assert "in points" in told
    session.pass_predictions()
    assert session.questions() == "No prediction is asked now.\n"


# --- what people add ----------------------------------------------------------------------------


def test_the_latest_rating_counts(session):
    session.rate("o1", "S", "Named a cost.")
    session.rate("o2", "U")
    session.rate("o1", "P")
    found = log.ratings(session.log)
    assert {name: (e.value, e.note) for name, e in found.items()} == {
        "o1": ("P", ""),
        "o2": ("U", ""),
    }


def test_entries_are_replaced_and_removed_in_their_place(session):
    session.plan("Call", "Alfa's office", "2026-12-01")
    session.plan("Drill")
    first, second = log.entries(session.log, "plan")
    session.plan("Call daily", ref=first.seq)
    changed, _ = log.entries(session.log, "plan")
    assert changed.note == "Call daily"
    session.plan("Call twice a day", ref=changed.seq)
    session.plan("", ref=second.seq)
    assert [e.note for e in log.entries(session.log, "plan")] == ["Call twice a day"]
    session.note("Quick.", name="strength")
    session.note("Quiet.")
    assert [e.note for e in log.entries(session.log, "note", "strength")] == ["Quick."]
    assert [e.note for e in log.entries(session.log, "note")] == ["Quiet."]


@pytest.mark.parametrize(
    ("kind", "args", "kwargs", "told"),
    [
        ("rate", ("o9", "P"), {}, "No objective is called 'o9'"),
        ("rate", ("o1", "A"), {}, "'A' is no rating: P, S, M, U."),
        ("plan", (" ",), {}, "needs an action"),
        ("plan", ("Call",), {"due": "soon"}, "YYYY-MM-DD"),
        ("plan", ("Call",), {"ref": 99}, "no entry 99"),
        ("note", ("Hm.",), {"name": "praise"}, "no kind of note"),
    ],
)
def test_remarks_nobody_could_read_later_are_refused(session, kind, args, kwargs, told):
    before = session.log
    assert told in refused(getattr(session, kind), *args, **kwargs)
    assert session.log == before


def test_remarks_change_nothing_but_the_log(session):
    before, hash_ = session.state, session.hash
    session.rate("o1", "P")
    session.plan("Call")
    session.note("Hm.", name="area")
    assert replace(session.state, seq=before.seq) == before
    assert session.hash == hash_


def test_typing_in_one_panel_does_not_drop_what_is_typed_in_the_hot_wash(session, play):
    session.keep_draft({**session.draft, "hot_wash": {"plan": "Call tw"}})
    session.keep_draft({"note": "Because"})
    assert session.draft == {"hot_wash": {"plan": "Call tw"}, "note": "Because"}
    session.pass_predictions()
    session.decide("live")
    assert session.draft == {"hot_wash": {"plan": "Call tw"}}
    session.keep_draft({"hot_wash": {}})
    assert Session.opened(play, store.read(session.path), None).draft == {"hot_wash": {}}


# --- hands and second thoughts ------------------------------------------------------------------


def test_a_decision_keeps_hands_and_what_would_change_it(session, play):
    session.pass_predictions()
    session.decide("live", change_mind="A dry year.", votes={"live": 9, "none": 0})
    again = Session.opened(play, store.read(session.path), None)
    decision = next(e for e in again.log if e.kind == "decide")
    assert (decision.change_mind, decision.votes) == ("A dry year.", {"live": 9, "none": 0})
    assert "A dry year." in again.review()
    assert "Connect the gauge: 9" in again.review()


@pytest.mark.parametrize("votes", [{"maybe": 1}, {"live": -1}, {"live": 1.5}, {"live": True}])
def test_votes_that_are_none_are_refused(session, votes):
    session.pass_predictions()
    before = session.log
    assert "otes" in refused(session.decide, "live", votes=votes)
    assert session.log == before


def test_the_mode_is_kept(play, tmp_path):
    session = Session(play, ["alfa"], seed=1, mode="room", path=tmp_path / "tiny.json")
    session.note("x")
    assert json.loads(session.path.read_text("utf-8"))["log"][0]["mode"] == "room"
    assert Session.opened(play, store.read(session.path), None).mode == "room"
    assert Session(play, ["alfa"]).mode == "solo"
    assert "no mode of play" in refused(Session, play, ["alfa"], mode="alone")
