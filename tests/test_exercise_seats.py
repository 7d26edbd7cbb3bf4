"""The exercise panel without a browser: who may see what, sealed predictions, votes, the clock."""

from __future__ import annotations

import json

import pytest
from tiny import TEXT, edited

from kit import api, store
from kit.widgets import drafts, seats
from kit.widgets.exercise import ExercisePanel
from kit.widgets.panel import number

ASKED = """\
    predictions:
      - {id: p-dry, question: Will it stay dry?, resolves: {variable: rain, value: dry}}
      - {id: p-trust, question: Where will trust end?, resolves: {measure: trust}}
    choices:
      sharing:
"""
REAL = TEXT.replace("1999-flood", "npt-1968").replace(
    "2001-treaty", "us-japan-security-treaty-1960"
)
PREDICTING = edited(("    choices:\n      sharing:\n", ASKED), text=REAL)
PRIVATE = {
    "alfa": ("You own the gauge.", "May we have the readings, please?"),
    "bravo": ("You live downstream.", "Alfa has been asked."),
}


@pytest.fixture(autouse=True)
def capsules(tmp_path, monkeypatch):
    """The folder of saved plays of this test, empty at first."""
    folder = tmp_path / "capsules"
    monkeypatch.setenv("KIT_CAPSULES", str(folder))
    return folder


@pytest.fixture
def file(tmp_path):
    """The invented scenario, with predictions, as a file."""
    path = tmp_path / "tiny.yaml"
    path.write_text(PREDICTING, "utf-8")
    return path


@pytest.fixture
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(ExercisePanel, "send", lambda _self, content: messages.append(content))
    return messages


def tell(panel, **message):
    for callback in panel._msg_callbacks.callbacks:
        callback(panel, json.loads(json.dumps(message)), [])


def begin(file, mode, roles=("alfa", "bravo")):
    panel = api.play(file, seed=7)
    tell(panel, kind="start", roles=list(roles), mode=mode)
    assert panel.error == ""
    return panel


def decide(panel, option, **more):
    """Take a decision; what was asked before it is passed."""
    for one in panel.view["predictions"]:
        if one["open"]:
            tell(panel, kind="predict", prediction=one["id"])
    tell(panel, kind="decide", choice=panel.view["choice"]["id"], option=option, **more)
    assert panel.error == ""


def as_sent(panel):
    return json.dumps(panel.view, allow_nan=False, ensure_ascii=False)


# --- the hot seat -------------------------------------------------------------------------------


def test_between_two_seats_nothing_private_leaves_the_kernel(file):
    panel = begin(file, "hot-seat")
    assert panel.view["stage"] == "handover"
    assert panel.view["next"]["id"] == "alfa"
    for words in PRIVATE.values():
        assert not any(one in as_sent(panel) for one in words)
    assert {"choice", "log", "briefs", "decisions", "evidence"}.isdisjoint(panel.view)


def test_each_seat_sees_its_own_brief_messages_and_reasons_only(file):
    panel = begin(file, "hot-seat")
    reasons = {}
    while panel.session.open:
        role = panel.session.open[0].role
        tell(panel, kind="seat", role=role)
        other = "bravo" if role == "alfa" else "alfa"
        assert PRIVATE[role][0] in as_sent(panel)
        assert not any(one in as_sent(panel) for one in PRIVATE[other])
        assert reasons.get(other, "nothing yet") not in as_sent(panel)
        assert reasons.get(role, "") in as_sent(panel)
        reasons[role] = f"a reason of {role}"
        option = panel.view["choice"]["options"][0]["id"]
        decide(panel, option, note=reasons[role], confidence=71, evidence=["npt-1968"],
               change_mind=f"doubts of {role}")  # fmt: skip
        tell(panel, kind="handover")
    assert panel.view["stage"] == "over"  # now everything is open to all
    for words in (*reasons.values(), PRIVATE["alfa"][0], PRIVATE["bravo"][0], "doubts of bravo"):
        assert words in as_sent(panel)


def test_after_its_decision_a_seat_sees_the_outcomes_and_nothing_of_the_next(file):
    panel = begin(file, "hot-seat")
    tell(panel, kind="seat", role="alfa")
    decide(panel, "live")
    assert panel.view["stage"] == "play"
    assert panel.view["outcomes"] is not None
    assert panel.view["next"] == {"id": "bravo", "name": "Bravo", "office": ""}
    assert panel.view["choice"] is None
    assert "What do you answer?" not in as_sent(panel)
    before = panel.session.log
    tell(panel, kind="decide", choice="reply", option="accept")
    assert "another government's turn" in panel.error
    tell(panel, kind="seat", role="alfa")
    assert "another government's turn" in panel.error
    assert panel.session.log == before


def test_the_next_seat_learns_what_was_decided_but_not_why(file):
    panel = begin(file, "hot-seat")
    tell(panel, kind="seat", role="alfa")
    decide(panel, "live", note="Because of the flood.", confidence=71)
    tell(panel, kind="handover")
    tell(panel, kind="seat", role="bravo")
    assert "Alfa: Connect the gauge." in panel.view["news"]
    (row,) = panel.view["decisions"]
    assert (row["option"], row["note"], row["confidence"]) == ("Connect the gauge.", "", None)
    assert "Because of the flood." not in as_sent(panel)
    assert any("Alfa decides: Connect the gauge." in line["text"] for line in panel.view["log"])


def test_running_the_cell_again_closes_what_is_private(file):
    panel = begin(file, "hot-seat")
    tell(panel, kind="seat", role="alfa")
    tell(panel, kind="draft", draft={"choice": "sharing", "note": "half a thou"})
    again = api.play(file)
    assert again.session.mode == "hot-seat"
    assert again.view["stage"] == "handover"
    assert "half a thou" not in as_sent(again)
    tell(again, kind="seat", role="alfa")
    assert again.view["draft"]["note"] == "half a thou"


def test_taking_back_and_forking_go_through_a_hand_over(file):
    panel = begin(file, "hot-seat")
    tell(panel, kind="seat", role="alfa")
    decide(panel, "live")
    tell(panel, kind="handover")
    tell(panel, kind="seat", role="bravo")
    tell(panel, kind="withdraw")  # the last decision was Alfa's
    assert panel.view["choice"] is None
    assert panel.view["next"]["id"] == "alfa"
    tell(panel, kind="handover")
    tell(panel, kind="seat", role="alfa")
    decide(panel, "daily")
    tell(panel, kind="paths")
    tell(panel, kind="fork", decision=panel.paths["past"][0]["decision"])
    assert panel.view["stage"] == "handover"
    assert "second future" in panel.notice
    assert panel.session.open[0].question not in panel.notice


def test_the_report_waits_for_the_end_of_a_hot_seat(file, sent):
    panel = begin(file, "hot-seat")
    tell(panel, kind="report")
    assert "when the play is over" in panel.error
    assert sent == []
    while panel.session.open:
        tell(panel, kind="seat", role=panel.session.open[0].role)
        decide(panel, panel.view["choice"]["options"][0]["id"])
    tell(panel, kind="report")
    assert [message["kind"] for message in sent] == ["file"]


@pytest.mark.parametrize("role", ["bravo", "charlie", "", None, ["alfa"]])
def test_only_who_decides_next_sits_down(file, role):
    panel = begin(file, "hot-seat")
    tell(panel, kind="seat", role=role)
    assert panel.error
    assert panel.view["stage"] == "handover"


def test_alone_nobody_hands_over(file):
    panel = begin(file, "solo", ["alfa"])
    tell(panel, kind="handover")
    assert panel.view["stage"] == "play"
    assert not seats.passed_around(panel.session)


def test_a_mode_that_there_is_not_starts_nothing(file):
    panel = api.play(file)
    tell(panel, kind="start", roles=["alfa"], mode="<b>")
    assert "no mode of play" in panel.error
    assert panel.session is None


# --- a room -------------------------------------------------------------------------------------


def test_a_room_has_no_briefs_on_its_screen_until_the_end(file):
    panel = begin(file, "room")
    while panel.session.open:
        assert panel.view["briefs"] == []
        assert not any(words[0] in as_sent(panel) for words in PRIVATE.values())
        assert panel.view["choice"]["votes"]
        decide(panel, panel.view["choice"]["options"][0]["id"])
    assert not panel.view["paper"]


def test_votes_are_kept_with_the_decision(file):
    panel = begin(file, "room")
    decide(panel, "daily", votes={"none": 3, "daily": 9})
    (row,) = panel.view["decisions"]
    assert row["votes"] == {"Keep them.": 3, "Send a note a day.": 9}
    told = "(votes: Keep them. 3, Send a note a day. 9)"
    assert any(told in line["text"] for line in panel.view["log"])
    assert store.read(store.path_for("tiny")).log == panel.session.log


@pytest.mark.parametrize(
    "votes", [{"none": -1}, {"none": 1.5}, {"none": "3"}, {"none": True}, [3], "x", {"strange": 1}]
)
def test_votes_that_are_none_are_refused(file, votes):
    panel = begin(file, "room")
    panel.session.pass_predictions()
    before = panel.session.log
    tell(panel, kind="decide", choice="sharing", option="none", votes=votes)
    assert panel.error
    assert panel.session.log == before


# --- predictions --------------------------------------------------------------------------------


def test_questions_are_answered_once_and_then_only_shown(file):
    panel = begin(file, "solo", ["alfa"])
    dry, trust = panel.view["predictions"]
    assert (dry["open"], dry["range"], dry["unit"]) == (True, False, "%")
    assert (trust["open"], trust["range"], trust["unit"]) == (True, True, "points")
    tell(panel, kind="predict", prediction="p-dry", probability=35)
    tell(panel, kind="predict", prediction="p-trust", low=-1.5, high=4)
    dry, trust = panel.view["predictions"]
    said = panel.session.predictions()
    assert (dry["said"], dry["seal"]) == ("35 %", said[0].seal[:8])
    assert (trust["said"], trust["open"]) == ("−1.5 to 4 points", False)
    before = panel.session.log
    tell(panel, kind="predict", prediction="p-dry", probability=99)
    assert panel.error
    assert panel.session.log == before
    assert any(said[0].seal[:8] in line["text"] for line in panel.view["log"])


def test_nothing_is_decided_or_opened_before_every_question(file):
    panel = begin(file, "solo", ["alfa"])
    tell(panel, kind="decide", choice="sharing", option="live")
    assert "say what you expect" in panel.error
    assert panel.view["outcomes"] is None
    assert panel.view["foresight"] is None
    decide(panel, "live")
    assert panel.view["outcomes"] is not None


@pytest.mark.parametrize(
    "answer",
    [
        {"probability": 101},
        {"probability": "35"},
        {"probability": True},
        {"low": 1, "high": 2},
        {"probability": 10**400},
        {"probability": [35]},
    ],
)
def test_an_answer_of_a_wrong_form_is_refused(file, answer):
    panel = begin(file, "solo", ["alfa"])
    before = panel.session.log
    tell(panel, kind="predict", prediction="p-dry", **answer)
    assert panel.error
    assert len(panel.error) < 500
    assert panel.session.log == before
    tell(panel, kind="predict", prediction="p-nothing", probability=5)
    assert panel.error
    assert panel.session.log == before


def test_at_the_end_what_was_said_stands_beside_what_came(file):
    panel = begin(file, "solo", ["alfa"])
    tell(panel, kind="predict", prediction="p-dry", probability=35)
    assert panel.view["foresight"]["table"]["rows"][0][3] == "not known yet"
    while panel.session.open:
        decide(panel, panel.view["choice"]["options"][0]["id"])
    table = panel.view["foresight"]["table"]
    dry, trust = table["rows"]
    came = panel.session.state.known["rain"] == "dry"
    assert dry[1:2] + dry[3:] == [
        "35 %", "yes" if came else "no", f"Brier {(0.35 - came) ** 2:.2f}"
    ]  # fmt: skip
    assert (trust[1], trust[4]) == ("passed", "passed")
    assert "Brier score" in panel.view["foresight"]["words"]


def test_a_second_future_asks_nothing(file):
    panel = begin(file, "solo", ["alfa"])
    decide(panel, "live")
    tell(panel, kind="paths")
    tell(panel, kind="fork", decision=panel.paths["past"][0]["decision"])
    assert not any(one["open"] for one in panel.view["predictions"])
    tell(panel, kind="decide", choice="sharing", option="none")
    assert panel.error == ""


# --- two futures --------------------------------------------------------------------------------


def test_two_futures_are_told_apart_with_the_ranges_of_both(file):
    panel = begin(file, "solo", ["alfa"])
    decide(panel, "live")
    tell(panel, kind="paths")
    assert panel.paths["beside"] == []
    first = panel.session
    tell(panel, kind="fork", decision=panel.paths["past"][0]["decision"])
    decide(panel, "none")
    tell(panel, kind="paths")
    (pair,) = panel.paths["beside"]
    assert pair["names"] == ["First future", "Second future"]
    assert pair["decided"]["rows"] == [
        ["How do you share the readings?", "Alfa", "Connect the gauge.", "Keep them."]
    ]
    trust = next(row for row in pair["measures"]["rows"] if row[0].startswith("Trust"))
    now = first.outcomes()["trust"], panel.session.outcomes()["trust"]
    for cell, outcome in zip(trust[1:3], now, strict=True):
        assert f"{outcome.mean:.1f}".rstrip("0").rstrip(".") in cell.replace("−", "-")
        assert " to " in cell
    assert {trace["name"] for trace in pair["figure"]["data"]} >= {"First future", "Second future"}
    tell(panel, kind="go", name="first future")
    tell(panel, kind="paths")
    assert panel.paths["beside"][0]["names"] == ["First future", "Second future"]
    json.dumps(panel.paths, allow_nan=False)


def test_the_path_of_the_other_future_lies_over_the_graph_as_far_as_it_may_be_seen(file):
    panel = begin(file, "solo", ["alfa"])
    tell(panel, kind="paths")
    names = {trace.get("name") for trace in panel.paths["figure"]["data"]}
    assert not any("future" in (name or "") for name in names)
    while panel.session.open:
        decide(panel, panel.view["choice"]["options"][0]["id"])
    tell(panel, kind="paths")
    tell(panel, kind="fork", decision=panel.paths["past"][0]["decision"])
    tell(panel, kind="paths")
    line = key_of(panel.paths["figure"], "First future")
    seen = [x for x in line["x"] if x is not None]
    decide(panel, "live")
    tell(panel, kind="paths")
    later = [x for x in key_of(panel.paths["figure"], "First future")["x"] if x is not None]
    assert seen
    assert max(seen) < max(later)  # the move that was still closed stays empty until it opens
    assert line["line"]["dash"] == "dot"


def key_of(figure, name):
    """Return the line that stands before its entry in the legend."""
    place = next(i for i, trace in enumerate(figure["data"]) if trace.get("name") == name)
    return figure["data"][place - 1]


# --- the clock, and what is typed ---------------------------------------------------------------

CLOCK = {"move": "spring", "left": 700.5, "ends": 1_700_000_000_000}


def test_the_clock_is_kept_beside_what_is_typed_and_outlives_a_decision(file):
    panel = begin(file, "room")
    tell(panel, kind="clock", clock=CLOCK)
    tell(panel, kind="draft", draft={"choice": "sharing", "note": "half a thou"})
    assert panel.session.draft == {"choice": "sharing", "note": "half a thou", "clock": CLOCK}
    assert panel.get_state(["view"])["view"]["draft"]["clock"] == CLOCK
    assert api.play(file).view["draft"]["clock"] == CLOCK


def test_the_clock_belongs_to_its_move(file):
    panel = begin(file, "solo", ["alfa", "bravo"])
    decide(panel, "none")
    assert panel.view["move_id"] == "summer"
    tell(panel, kind="clock", clock={**CLOCK, "move": "summer"})
    decide(panel, "accept")
    assert panel.view["move_id"] == "summer"
    assert panel.view["draft"] == {"clock": {**CLOCK, "move": "summer"}}
    assert store.read(store.path_for("tiny")).draft == panel.view["draft"]
    decide(panel, "loud")
    assert panel.view["draft"] == {}


@pytest.mark.parametrize(
    "clock",
    [
        {},
        {"move": "spring"},
        {"move": "spring", "left": -1},
        {"move": "spring", "left": 1e9},
        {"move": "spring", "left": "9"},
        {"move": 5, "left": 9},
        {"move": "spring", "left": 9, "ends": "soon"},
        "9:00",
    ],
)
def test_a_clock_of_a_wrong_form_is_refused(file, clock):
    panel = begin(file, "room")
    tell(panel, kind="clock", clock=clock)
    assert panel.error
    assert panel.session.draft == {}


def test_everything_typed_comes_back():
    typed = {
        "choice": "sharing", "option": "live", "note": "x", "change_mind": "y", "confidence": 5,
        "evidence": ["npt-1968"], "votes": {"live": 2}, "clock": CLOCK,
        "predictions": {"p-dry": {"probability": 5.0, "low": None, "high": None}},
    }  # fmt: skip
    assert drafts.checked(typed) == typed
    assert drafts.checked({**typed, "strange": 1}) == typed


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400, True, "5", [5]])
def test_only_a_number_that_can_be_saved_is_one(value):
    with pytest.raises(Exception, match="'low' must be a number"):
        number({"low": value}, "low")
