"""The exercise panel without a browser: its messages come in as the browser would send them."""

from __future__ import annotations

import json
import re

import ipywidgets
import pytest
from tiny import TEXT, edited

from kit import api, engine, outcomes, plays, scenario, store, tables
from kit.errors import ScenarioError, StoreError
from kit.session import Session
from kit.widgets import payload
from kit.widgets.exercise import ExercisePanel
from kit.widgets.panel import LONGEST

# The invented scenario cites invented events; a panel opens cards, so here they are real ones.
PLAYABLE = TEXT.replace("1999-flood", "npt-1968").replace(
    "2001-treaty", "us-japan-security-treaty-1960"
)
SCRIPT = "<script>alert('x')</script><img src=x onerror=alert(1)> & \"q\""


@pytest.fixture(autouse=True)
def capsules(tmp_path, monkeypatch):
    """The folder of saved plays of this test, empty at first."""
    folder = tmp_path / "capsules"
    monkeypatch.setenv("KIT_CAPSULES", str(folder))
    return folder


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """The invented scenario as a file."""
    path = tmp_path_factory.mktemp("scenario") / "tiny.yaml"
    path.write_text(PLAYABLE, "utf-8")
    return path


@pytest.fixture
def panel(file):
    """A panel on the choice of a seat."""
    return api.play(file, seed=7)


@pytest.fixture
def alfa(panel):
    """A panel in which Alfa is played and nothing is decided yet."""
    tell(panel, kind="start", roles=["alfa"])
    return panel


@pytest.fixture
def sent(monkeypatch):
    """Collect the messages that panels send to the browser, apart from their state."""
    messages = []
    monkeypatch.setattr(ExercisePanel, "send", lambda _self, content: messages.append(content))
    return messages


def tell(panel, **message):
    """Give a message of the browser to the panel's handlers; nothing they raise is swallowed."""
    found = panel._msg_callbacks.callbacks
    assert found, "nobody listens"
    for callback in found:
        callback(panel, json.loads(json.dumps(message)), [])


def decide(panel, option, **more):
    choice = panel.view["choice"]["id"]
    tell(panel, **{"kind": "decide", "choice": choice, "option": option, **more})
    assert panel.error == ""


def finish(panel, note=""):
    """Take the first option of everything that is left."""
    while panel.view["choice"]:
        decide(panel, panel.view["choice"]["options"][0]["id"], note=note)


def as_sent(panel):
    """Return the view as the browser receives it."""
    return json.dumps(panel.view, allow_nan=False, ensure_ascii=False)


def saved():
    return store.path_for("tiny")


# --- the way through ----------------------------------------------------------------------------


def test_the_first_screen_offers_the_roles_that_can_be_played(panel):
    view = panel.view
    assert view["stage"] == "start"
    assert [role["id"] for role in view["roles"]] == ["alfa", "bravo"]
    assert view["title"] == "Two towns, one river"
    assert view["mark"] == "EXERCISE ONLY"
    assert panel.session is None
    assert not saved().exists()


def test_starting_takes_a_seat_and_shows_the_first_move(alfa):
    view = alfa.view
    assert view["stage"] == "play"
    assert [brief["id"] for brief in view["briefs"]] == ["alfa"]
    assert view["move"]["title"] == "Snow melts"
    assert [inject["id"] for inject in view["move"]["injects"]] == ["ask"]
    assert view["choice"]["id"] == "sharing"
    assert [option["id"] for option in view["choice"]["options"]] == ["none", "daily", "live"]
    assert view["seed"] == 7
    assert [move["standing"] for move in view["moves"]] == ["now", "later"]


def test_a_seat_named_twice_is_one_seat_and_the_alias_is_kept(panel):
    tell(panel, kind="start", roles=["alfa", "alfa"], alias="Team 3")
    assert panel.session.state.roles == ("alfa",)
    assert panel.session.alias == "Team 3"


def test_a_decision_is_taken_saved_and_followed_by_outcomes(alfa):
    decide(alfa, "live", note="Trust first.", confidence=80, evidence=["npt-1968"])
    (row,) = alfa.view["decisions"]
    assert row["option"] == "Connect the gauge."
    assert (row["note"], row["confidence"], row["evidence"]) == ("Trust first.", 80, ["npt-1968"])
    assert alfa.view["move"]["id"] == "summer"
    assert [move["id"] for move in alfa.view["earlier"]] == ["spring"]
    assert [move["standing"] for move in alfa.view["moves"]] == ["done", "now"]
    capsule = store.read(saved())
    assert capsule.log == alfa.session.log
    shown = alfa.view["outcomes"]
    now = outcomes.evaluate(alfa.session.scenario, alfa.session.state.known, roles=["alfa"])
    means = [t["x"] for t in shown["figure"]["data"] if t["name"] == "Your line" and "marker" in t]
    assert means == [[now["trust"].mean], [now["delay"].mean]]
    assert shown["summary"]
    assert shown["table"]["rows"]


def test_a_message_through_the_comm_reaches_the_panel(alfa):
    content = {"kind": "decide", "choice": "sharing", "option": "daily"}
    data = {"method": "custom", "content": content}
    alfa._handle_msg({"content": {"data": data}, "buffers": []})
    assert alfa.session.state.known["sharing"] == "daily"


def test_a_decision_can_be_taken_back(alfa):
    decide(alfa, "live")
    tell(alfa, kind="withdraw")
    assert alfa.view["choice"]["id"] == "sharing"
    assert alfa.view["decisions"] == []
    assert alfa.view["outcomes"] is None
    assert [event.kind for event in alfa.session.log].count("decide") == 1
    assert any("taken back" in row["text"] for row in alfa.view["log"])
    before = alfa.session.log
    tell(alfa, kind="withdraw")
    assert "no decision to take back" in alfa.error
    assert alfa.session.log == before


def test_restarting_goes_back_to_the_seats_and_the_next_start_sets_the_old_play_aside(
    alfa, capsules
):
    decide(alfa, "live")
    old = saved().read_text("utf-8")
    tell(alfa, kind="restart")
    assert alfa.view["stage"] == "start"
    assert saved().read_text("utf-8") == old
    tell(alfa, kind="start", roles=["bravo"])
    assert alfa.session.state.roles == ("bravo",)
    assert (capsules / "tiny.1.json").read_text("utf-8") == old


def test_the_play_that_was_left_no_longer_moves_the_panel(alfa):
    left = alfa.session
    tell(alfa, kind="restart")
    left.decide("live", "sharing")
    assert alfa.view["stage"] == "start"


def test_a_decision_in_python_is_shown_in_the_panel(alfa):
    alfa.session.decide("daily", "sharing")
    assert alfa.view["move"]["id"] == "summer"


def test_at_the_end_the_panel_shows_the_whole_course_and_what_to_discuss(alfa):
    finish(alfa)
    view = alfa.view
    assert view["stage"] == "over"
    assert view["choice"] is None
    assert view["move"] is None
    assert view["discussion"] == ["What would you do in a dry year?"]
    assert [row["move"] for row in view["decisions"]] == ["Snow melts", "The river is low"]
    assert view["decisions"][0]["history"] == "Send a note a day."
    assert not view["decisions"][0]["same"]
    assert view["decisions"][1]["history"] == ""
    assert view["news"]
    json.dumps(view, allow_nan=False)


def test_what_governments_chose_is_marked_as_the_same(alfa):
    decide(alfa, "daily")
    finish(alfa)
    assert alfa.view["decisions"][0]["same"]


def test_several_seats_decide_one_after_the_other(panel):
    tell(panel, kind="start", roles=["alfa", "bravo"])
    askers = []
    while panel.view["choice"]:
        askers.append(panel.view["choice"]["role"])
        decide(panel, panel.view["choice"]["options"][0]["id"])
    assert askers == ["Alfa", "Bravo", "Alfa"]


def test_everything_open_is_counted_and_only_open_options_are_offered(panel):
    tell(panel, kind="start", roles=["bravo", "alfa"])
    decide(panel, "none")
    assert panel.view["waiting"] == 1
    assert [o["id"] for o in panel.view["choice"]["options"]] == ["accept", "refuse"]


def test_the_report_comes_as_one_whole_file(alfa, sent):
    decide(alfa, "live", note="Because of the flood.")
    tell(alfa, kind="report")
    (message,) = sent
    assert message["kind"] == "file"
    assert message["mime"] == "text/html"
    assert message["name"].endswith(".html")
    content = message["content"]
    assert content.lstrip().lower().startswith("<!doctype html>")
    assert content.rstrip().endswith("</html>")
    assert "Because of the flood." in content
    assert "Connect the gauge." in content


def test_the_saved_play_comes_as_a_file_that_can_be_continued(alfa, sent, file, tmp_path):
    decide(alfa, "live")
    tell(alfa, kind="capsule")
    (message,) = sent
    assert (message["kind"], message["mime"]) == ("file", "application/json")
    copy = tmp_path / message["name"]
    copy.write_text(message["content"], "utf-8")
    assert plays.resume(file, copy).hash == alfa.session.hash


@pytest.mark.parametrize(
    "kind", ["decide", "withdraw", "draft", "report", "capsule", "restart", "x", ""]
)
def test_before_a_seat_is_taken_other_messages_do_nothing(panel, sent, kind):
    tell(panel, kind=kind, option="live", choice="sharing", draft={"note": "x"})
    assert panel.session is None
    assert panel.view["stage"] == "start"
    assert panel.error == ""
    assert sent == []


# --- what must not be seen too early ----------------------------------------------------------


def test_outcomes_open_only_after_the_first_decision(panel):
    tell(panel, kind="start", roles=["bravo"])
    assert panel.view["choice"]["id"] == "reply"  # others have decided: that is no commitment
    assert panel.view["outcomes"] is None
    decide(panel, "refuse")
    assert panel.view["outcomes"] is not None


def without_times(view):
    return {**view, "log": [{**row, "at": ""} for row in view["log"]]}


def views_of(text, roles, known_on, file):
    """Return the views of one play, from the start to the end, always the last open option."""
    session = Session(scenario.parse(text, file, known_on), roles, seed=11)
    views = [without_times(payload.play_view(session))]
    while session.open:
        choice = session.open[0]
        session.decide(engine.open_options(choice, session.state.known)[-1].id, choice.id)
        views.append(without_times(payload.play_view(session)))
    return views


def test_what_governments_chose_is_nowhere_in_the_view_before_the_end():
    """The view is the same, to the letter, as if no option were marked as history."""
    unmarked = re.sub(r", history: true", "", PLAYABLE)
    assert unmarked != PLAYABLE
    real = {name: "1990-01-01" for name in tables.evidence()}
    marked = views_of(PLAYABLE, ["alfa", "bravo"], real, "tiny.yaml")
    plain = views_of(unmarked, ["alfa", "bravo"], real, "tiny.yaml")
    assert len(marked) == 4
    assert marked[:-1] == plain[:-1]
    assert marked[-1] != plain[-1]


def test_briefs_and_injects_reach_only_those_they_are_for(panel):
    for role, brief, other in (("alfa", "own the gauge", "live downstream"),
                               ("bravo", "live downstream", "own the gauge")):  # fmt: skip
        assert brief not in as_sent(panel)
        tell(panel, kind="start", roles=[role])
        assert brief in as_sent(panel)
        assert other not in as_sent(panel)
        assert "live upstream" not in as_sent(panel)
        tell(panel, kind="restart")
    tell(panel, kind="start", roles=["alfa"])
    assert "May we have the readings" in as_sent(panel)
    assert "Alfa has been asked" not in as_sent(panel)


@pytest.mark.parametrize("role", ["kor", "jpn", "usa"])
def test_nothing_in_the_shipped_exercise_is_shown_too_early_or_to_the_wrong_seat(role):
    exercise = plays.load_scenario("shared-warning")
    known = tables.evidence()
    for_all = {n for a in exercise.assumptions.values() for n in a.evidence}
    assert all(known[name].date.isoformat() <= exercise.as_of for name in for_all)
    others = [r.brief for name, r in exercise.roles.items() if name != role]
    own = {i.id for m in exercise.moves.values() for i in m.injects if role in i.to}
    session = Session(exercise, [role], seed=3)
    moves = list(exercise.moves.values())
    while session.open:
        view = payload.play_view(session)
        words = json.dumps(view, allow_nan=False, ensure_ascii=False)
        day = session.move.as_of
        late = [n for n, card in view["evidence"].items() if card["date"] > day]
        assert late == []
        assert {*view["citable"]} <= {*view["evidence"]}
        assert [brief for brief in others if brief in words] == []
        told = [i for move in (view["move"], *view["earlier"]) for i in move["injects"]]
        assert {inject["id"] for inject in told} <= own
        coming = moves[moves.index(session.move) + 1 :]
        assert [move.title for move in coming if move.situation in words] == []
        assert not any(row["history"] or row["same"] for row in view["decisions"])
        choice = session.open[0]
        options = engine.open_options(choice, session.state.known)
        session.pass_predictions()
        session.decide(options[len(session.log) % len(options)].id, choice.id)
    assert any(row["history"] for row in payload.play_view(session)["decisions"])


def test_a_card_of_an_agreement_does_not_tell_what_came_later():
    session = Session(plays.load_scenario("shared-warning"), ["kor"], seed=3)
    cards = payload.play_view(session)["evidence"]
    known = tables.evidence()
    kinds = {known[name].kind for name in cards}
    assert kinds == {"event", "agreement"}
    for name, card in cards.items():
        assert bool(card["summary"]) == (known[name].kind == "event")
        assert card["sources"]


@pytest.mark.parametrize("role", ["kor", "jpn", "usa"])
def test_headlines_of_later_days_stay_closed_until_the_end(role):
    """They tell what governments chose: each title in the view is from before the day in play."""
    rows = tables.records("sources")
    session, held_back = Session(plays.load_scenario("shared-warning"), [role], seed=3), 0
    while session.open:
        words = json.dumps(payload.play_view(session)["evidence"], ensure_ascii=False)
        late = [r for r in rows if r["published"] and str(r["published"]) > session.move.as_of]
        assert late
        assert [row["url"] for row in late if f'"{row["url"]}"' in words] == []
        held_back += words.count("published later")
        session.pass_predictions()
        session.decide(engine.open_options(session.open[0], session.state.known)[0].id)
    assert held_back
    cards = payload.play_view(session)["evidence"]
    known = tables.evidence()
    for name, card in cards.items():
        assert len(card["sources"]) == len(known[name].source_ids)
        assert all(source["url"] for source in card["sources"])


# --- what is refused --------------------------------------------------------------------------

GOOD = {"kind": "decide", "choice": "sharing", "option": "live"}


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ({"option": "none at all"}, "Open options: none, daily, live"),
        ({"option": ""}, "Open options"),
        ({"choice": "warn"}, "cannot be decided now"),
        ({"choice": "gauge"}, "cannot be decided now"),
        ({"choice": "sharring"}, "Did you mean 'sharing'"),
        ({"choice": ""}, "Open now: sharing"),
        ({"confidence": 101}, "100 percent"),
        ({"confidence": -1}, "100 percent"),
        ({"confidence": 1e300}, "100 percent"),
        ({"confidence": 50.5}, "100 percent"),
        ({"confidence": "abc"}, "100 percent"),
        ({"confidence": "50"}, "100 percent"),
        ({"confidence": True}, "100 percent"),
        ({"confidence": [50]}, "100 percent"),
        ({"evidence": ["1066-hastings"]}, "No evidence is called '1066-hastings'"),
        ({"evidence": "npt-1968"}, "list of texts"),
        ({"evidence": None}, "list of texts"),
        ({"evidence": [1]}, "list of texts"),
        ({"evidence": {"npt-1968": 1}}, "list of texts"),
        ({"option": ["live"]}, "must be text"),
        ({"option": None}, "must be text"),
        ({"choice": {"id": "sharing"}}, "must be text"),
        ({"note": ["a", "b"]}, "must be text"),
        ({"note": 7}, "must be text"),
        ({"note": "x" * (LONGEST + 1)}, "characters"),
        ({"option": "x" * 5_000_000}, "characters"),
    ],
)
def test_a_decision_that_cannot_be_leaves_the_log_as_it_was(alfa, message, told):
    before, file = alfa.session.log, saved().read_bytes()
    tell(alfa, **{**GOOD, **message})
    assert told in alfa.error
    assert len(alfa.error) < 500
    assert "Traceback" not in alfa.error
    assert alfa.session.log == before
    assert saved().read_bytes() == file
    assert alfa.view["choice"]["id"] == "sharing"
    tell(alfa, **GOOD)
    assert alfa.error == ""
    assert alfa.session.state.known["sharing"] == "live"


@pytest.mark.parametrize("missing", ["choice", "option"])
def test_a_decision_without_its_parts_is_refused(alfa, missing):
    before = alfa.session.log
    tell(alfa, **{key: value for key, value in GOOD.items() if key != missing})
    assert alfa.error
    assert alfa.session.log == before


def test_an_option_that_is_closed_is_refused(panel):
    tell(panel, kind="start", roles=["alfa", "bravo"])
    decide(panel, "none")
    tell(panel, kind="decide", choice="reply", option="build")
    assert "closed" in panel.error


def test_nothing_can_be_decided_after_the_end(alfa):
    finish(alfa)
    before = alfa.session.log
    tell(alfa, **GOOD)
    assert "Nothing is open now" in alfa.error
    assert alfa.session.log == before


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ({}, "Choose the government"),
        ({"roles": []}, "Choose the government"),
        ({"roles": ["charlie"]}, "Nobody can play 'charlie'"),
        ({"roles": ["alfa", "delta"]}, "Nobody can play 'delta'"),
        ({"roles": "alfa"}, "list of texts"),
        ({"roles": None}, "list of texts"),
        ({"roles": [1]}, "list of texts"),
        ({"roles": {"alfa": True}}, "list of texts"),
        ({"roles": ["alfa"], "alias": 5}, "must be text"),
        ({"roles": ["alfa"], "alias": "x" * (LONGEST + 1)}, "characters"),
    ],
)
def test_a_start_that_cannot_be_leaves_the_saved_play_where_it_is(alfa, capsules, message, told):
    decide(alfa, "live")
    tell(alfa, kind="restart")
    before = saved().read_bytes()
    tell(alfa, kind="start", **message)
    assert told in alfa.error
    assert alfa.view["stage"] == "start"
    assert [path.name for path in capsules.iterdir()] == ["tiny.json"]
    assert saved().read_bytes() == before


@pytest.mark.parametrize(
    "message",
    [None, [], "decide", 5, {}, {"kind": None}, {"kind": ["decide"]}, {"kind": "__init__"}],
)
def test_what_is_no_message_of_the_panel_is_ignored(alfa, message):
    before = alfa.session.log
    for callback in alfa._msg_callbacks.callbacks:
        callback(alfa, message, [])
    assert alfa.error == ""
    assert alfa.session.log == before


@pytest.mark.parametrize(
    "draft",
    [
        None,
        "text",
        ["note"],
        {"note": 5},
        {"note": "x" * (LONGEST + 1)},
        {"evidence": "x"},
        {"confidence": "sure"},
    ],
)
def test_a_draft_of_a_wrong_form_leaves_the_kept_one(alfa, draft):
    tell(alfa, kind="draft", draft={"choice": "sharing", "note": "first"})
    tell(alfa, kind="draft", draft=draft)
    assert alfa.session.draft == {"choice": "sharing", "note": "first"}
    assert store.read(saved()).draft == {"choice": "sharing", "note": "first"}


def test_an_error_is_gone_after_the_next_good_message(alfa):
    tell(alfa, **{**GOOD, "option": "x"})
    assert alfa.error
    tell(alfa, kind="draft", draft={"choice": "sharing"})
    assert alfa.error == ""


# --- text -------------------------------------------------------------------------------------


def test_markup_goes_through_as_plain_text(alfa, file):
    tell(alfa, kind="draft", draft={"choice": "sharing", "note": SCRIPT})
    decide(alfa, "live", note=SCRIPT)
    assert alfa.view["decisions"][0]["note"] == SCRIPT
    assert any(SCRIPT in row["text"] for row in alfa.view["log"])
    again = api.play(file)
    assert again.view["decisions"][0]["note"] == SCRIPT


def test_markup_in_a_note_is_no_markup_in_the_report(alfa, sent):
    decide(alfa, "live", note=SCRIPT)
    tell(alfa, kind="report")
    content = sent[0]["content"]
    assert "<script>alert" not in content
    assert "<img src=x" not in content
    assert "&lt;script&gt;alert" in content


@pytest.mark.parametrize(
    ("note", "kept"),
    [
        ("한국어 日本語 עברית 🚀", "한국어 日本語 עברית 🚀"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("bell \x07 null \x00 delete \x7f", "bell  null  delete "),
        ("half an emoji \ud83d", "half an emoji ?"),
        ("", ""),
    ],
)
def test_any_text_can_be_saved_and_read_again(alfa, file, note, kept):
    decide(alfa, "live", note=note)
    assert alfa.view["warning"] == ""
    again = plays.resume(file)
    assert again.log == alfa.session.log
    assert payload.play_view(again)["decisions"][0]["note"] == kept


def test_the_longest_texts_make_a_file_that_can_be_read_again(alfa, file):
    """Text that takes the most bytes, in every place where text can be typed."""
    long = "🚀" * LONGEST
    tell(alfa, kind="draft", draft={"choice": "sharing", "note": long})
    assert alfa.error == ""
    decide(alfa, "live", note=long)
    decide(alfa, "loud", note=long)
    assert plays.resume(file).hash == alfa.session.hash


# --- saved plays ------------------------------------------------------------------------------


def test_a_draft_is_kept_and_restored(alfa, file):
    draft = {"choice": "sharing", "option": "live", "note": "half a thou", "confidence": 65,
             "evidence": ["npt-1968"]}  # fmt: skip
    tell(alfa, kind="draft", draft={**draft, "tab": "decide"})
    again = api.play(file)
    assert again.view["draft"] == draft
    decide(again, "live")
    assert again.view["draft"] == {}
    assert store.read(saved()).draft == {}


def test_a_page_that_is_reloaded_finds_the_draft_and_the_one_that_types_is_left_alone(
    alfa, monkeypatch
):
    pushed = []
    monkeypatch.setattr(
        ExercisePanel, "_send", lambda _self, msg, buffers=None: pushed.append(msg)
    )
    tell(alfa, kind="draft", draft={"choice": "sharing", "note": "half a thou"})
    assert [message for message in pushed if "view" in message.get("state", {})] == []
    state = alfa.get_state(["view"])["view"]  # what a new page asks for
    assert state["draft"] == {"choice": "sharing", "note": "half a thou"}
    decide(alfa, "live")
    assert [message for message in pushed if "view" in message.get("state", {})]
    assert alfa.get_state(["view"])["view"]["draft"] == {}


def test_new_objects_from_the_same_file_stand_where_the_old_ones_stood(alfa, file):
    decide(alfa, "live", note="One.", confidence=10)
    tell(alfa, kind="draft", draft={"choice": "warn", "note": "Two, not yet"})
    again = api.play(file)
    assert again is not alfa
    assert again.session is not alfa.session
    assert again.session.hash == alfa.session.hash
    assert again.session.log == alfa.session.log
    assert again.view == {**alfa.view, "draft": {"choice": "warn", "note": "Two, not yet"}}
    assert "continued" in again.notice
    assert "1 decision" in again.notice
    finish(again)
    finish(alfa)
    assert again.session.hash == alfa.session.hash  # the same luck after the break


def test_the_notice_goes_away_once_the_play_goes_on(alfa, file):
    decide(alfa, "live")
    again = api.play(file)
    assert again.notice
    decide(again, "quiet")
    assert again.notice == ""


def test_a_play_without_a_decision_is_continued_in_silence(alfa, file):
    assert api.play(file).notice == ""
    assert api.play(file).session.log == alfa.session.log


OLD = PLAYABLE.replace("version: 1.0.0", "version: 0.9.0")


def foreign():
    """Return the saved play of another exercise."""
    other = Session(plays.load_scenario("shared-warning"), ["kor"], seed=1)
    return store.to_text(other.capsule)


def older():
    """Return a saved play of an earlier version of this exercise."""
    known = {name: "1960-01-01" for name in tables.evidence()}
    session = Session(scenario.parse(OLD, "tiny.yaml", known), ["alfa"], seed=1)
    return store.to_text(session.capsule)


def good():
    known = {name: "1960-01-01" for name in tables.evidence()}
    session = Session(scenario.parse(PLAYABLE, "tiny.yaml", known), ["alfa"], seed=1)
    session.decide("live")
    return store.to_text(session.capsule)


BROKEN = {
    "nothing": lambda: "",
    "not json": lambda: "{",
    "a list": lambda: "[]",
    "cut off": lambda: good()[:-30],
    "foreign": foreign,
    "older": older,
    "newer format": lambda: good().replace('"format_version": 1', '"format_version": 2'),
    "no log": lambda: re.sub(r'"log": \[.*\]', '"log": []', good(), flags=re.S),
    "impossible": lambda: good().replace('"live"', '"lice"'),
    "control character": lambda: good().replace("tiny", "ti\x00ny"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_saved_play_that_cannot_be_continued_is_kept_and_said(what, file, capsules):
    capsules.mkdir()
    text = BROKEN[what]()
    saved().write_text(text, "utf-8")
    panel = api.play(file)
    assert panel.view["stage"] == "start"
    assert panel.notice
    assert "Traceback" not in panel.notice
    assert saved().read_text("utf-8") == text
    tell(panel, kind="start", roles=["alfa"])
    assert panel.error == ""
    assert panel.view["stage"] == "play"
    assert (capsules / "tiny.1.json").read_text("utf-8") == text
    assert store.read(saved()).log == panel.session.log
    with_role = api.play(file, role="bravo")  # nothing decided: the seat is taken anew
    assert with_role.session.state.roles == ("bravo",)
    assert (capsules / "tiny.1.json").read_text("utf-8") == text


def test_a_role_asked_for_is_not_lost_to_a_play_in_which_nothing_was_decided(file, capsules):
    first = api.play(file, role="alfa")
    second = api.play(file, role="bravo")
    assert second.session.state.roles == ("bravo",)
    assert store.read(capsules / "tiny.1.json").log == first.session.log
    decide(second, "refuse")
    third = api.play(file, role="alfa")
    assert third.session.log == second.session.log
    assert "continued" in third.notice


def test_two_panels_on_one_file_never_lose_a_decision(alfa, file, capsules):
    other = api.play(file)
    decide(alfa, "live", note="first window")
    decide(other, "none", note="second window")
    assert "kept as" in other.view["warning"]
    decide(alfa, "loud", note="first again")
    decide(other, "quiet", note="second again")
    logs = [store.read(path).log for path in capsules.glob("*.json")]
    assert alfa.session.log in logs
    assert other.session.log in logs
    notes = {event.note for log in logs for event in log}
    assert {"first window", "second window", "first again", "second again"} <= notes


def test_a_play_goes_on_when_it_cannot_be_saved(alfa, monkeypatch):
    def fail(_path, _capsule):
        raise StoreError("Your play is not saved: the disk is full.")

    monkeypatch.setattr(store, "write", fail)
    decide(alfa, "live")
    assert "disk is full" in alfa.view["warning"]
    assert alfa.session.state.known["sharing"] == "live"
    monkeypatch.undo()
    assert alfa.error == ""


def test_a_folder_that_cannot_be_made_is_a_warning(tmp_path, monkeypatch, file):
    blocked = tmp_path / "a-file"
    blocked.write_text("x")
    monkeypatch.setenv("KIT_CAPSULES", str(blocked / "capsules"))
    panel = api.play(file, role="alfa")
    assert "not saved" in panel.view["warning"]
    decide(panel, "live")
    assert panel.view["outcomes"]


def test_an_old_play_that_cannot_be_moved_is_a_warning_too(alfa, file, monkeypatch, capsules):
    decide(alfa, "live")
    old = saved().read_bytes()

    def fail(_self, _target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.rename", fail)
    tell(alfa, kind="restart")
    tell(alfa, kind="start", roles=["bravo"])
    assert alfa.error == ""
    assert alfa.view["stage"] == "play"
    assert "Permission denied" in alfa.view["warning"]
    assert saved().read_bytes() == old


# --- before there is a panel ------------------------------------------------------------------


def test_a_broken_exercise_makes_no_widget_and_one_readable_message(tmp_path):
    file = tmp_path / "tiny.yaml"
    file.write_text(
        edited(("role: bravo", "role: brovo"), ("better: low", "better: lower"), text=PLAYABLE),
        "utf-8",
    )
    before = {*ipywidgets.widgets.widget._instances}
    with pytest.raises(ScenarioError) as caught:
        api.play(file)
    assert {*ipywidgets.widgets.widget._instances} == before
    shown = caught.value._render_traceback_()
    assert shown == [str(caught.value)]
    assert "tiny.yaml has" in shown[0]
    assert "line " in shown[0]
    assert "Traceback" not in shown[0]


def test_an_exercise_that_is_not_there_says_so():
    with pytest.raises(
        ScenarioError, match=r"No scenario is called 'shared-warnings'.*Did you mean"
    ):
        api.play("shared-warnings")


def test_a_notebook_shows_the_same_line_with_and_without_a_saved_play(file, panel):
    first = repr(panel)
    tell(panel, kind="start", roles=["alfa"])
    decide(panel, "live")
    again = api.play(file)
    assert repr(again) == repr(panel) == first
    assert "Two towns, one river" in first
    assert "object at" not in first
    bundle = again._repr_mimebundle_()[0]
    assert bundle["text/plain"] == first


def test_the_state_for_the_browser_is_json_at_every_step(alfa):
    while True:
        state = alfa.get_state(["view", "notice", "error"])
        assert json.loads(json.dumps(state["view"], allow_nan=False)) == alfa.view
        if not alfa.view["choice"]:
            break
        decide(alfa, alfa.view["choice"]["options"][0]["id"], note="x", confidence=0)


def test_every_consequence_lists_its_effects_with_size_reason_and_dissent(alfa):
    decide(alfa, "live")
    listed = alfa.view["outcomes"]["causes"]
    assert {one["measure"] for one in listed} == {"Trust", "Delay"}
    for one in listed:
        for cause in one["causes"]:
            assert cause["why"]
            assert re.match(r"[+−]", cause["change"])
    trust = next(one for one in listed if one["measure"] == "Trust")
    habit = next(c for c in trust["causes"] if c["why"] == "Seeing is believing.")
    assert habit["change"] == "+2 points"
    assert habit["chance"].replace(" ", "") == "100%"
    assert habit["assumption"]["size"] == "2 (from 1 to 4) points"
    assert habit["assumption"]["dissent"] == "Habits break."


@pytest.mark.parametrize("name", ["shared-warning", "launch-day", "seoul-tokyo"])
def test_the_effects_of_a_consequence_add_up_to_it(name):
    exercise = plays.load_scenario(name)
    session = Session(exercise, exercise.playable, seed=5)
    while session.open:
        session.pass_predictions()
        choice = session.open[0]
        session.decide(engine.open_options(choice, session.state.known)[-1].id, choice.id)
    listed = payload.play_view(session)["outcomes"]["causes"]
    now, base = session.outcomes(), session.base()
    moved = {m.label: now[n].mean - base[n].mean for n, m in exercise.measures.items()}
    assert {label for label, gap in moved.items() if abs(gap) >= 0.05} <= {
        one["measure"] for one in listed
    }
    for one in listed:
        parts = [
            float(cause["change"].split()[0].replace("−", "-").replace("+", ""))
            for cause in one["causes"]
        ]
        room = 0.05 * (len(parts) + len(exercise.effects))  # each is rounded, small ones left out
        assert sum(parts) == pytest.approx(moved[one["measure"]], abs=room)
