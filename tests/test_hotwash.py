"""The hot wash without a browser: decisions, outcomes over all luck, and the report."""

from __future__ import annotations

import json

import pytest
from test_calibration import TEXT as ASKED
from tiny import parsed

from kit import outcomes, store
from kit.log import ratings
from kit.session import Session
from kit.widgets.hotwash import HotWash, report_file
from kit.widgets.results import causes, hot_wash_view

DAILY = {"sharing": "daily", "reply": "accept", "warn": "loud"}


@pytest.fixture(scope="module")
def scenario():
    return parsed()


def play(scenario, plan=DAILY, seed=1, roles=("alfa", "bravo")):
    session = Session(scenario, roles, seed=seed, alias="Team 3")
    if plan:
        session.follow(plan, note="As planned.")
    return session


def plotted(view, name):
    """Return the means drawn for one line, in the order of the measures."""
    traces = view["outcomes"]["figure"]["data"]
    return [t["x"][0] for t in traces if t["name"] == name and "marker" in t]


def means(results):
    return [outcome.mean for outcome in results.values()]


def test_a_finished_play_is_laid_out_beside_what_governments_chose(scenario):
    session = play(scenario)
    view = HotWash(session).view
    assert [(row["option"], row["history"], row["same"]) for row in view["decisions"]] == [
        ("Send a note a day.", "Send a note a day.", True),
        ("Thank them.", "Thank them.", True),
        ("By siren.", "", False),
    ]
    assert view["discussion"] == ["What would you do in a dry year?"]
    assert view["mark"] == "EXERCISE ONLY"
    assert "not a forecast" in view["model_mark"]
    assert plotted(view, "Your decisions") == means(session.prospects())
    assert plotted(view, "Base case") == means(session.plain_base())
    past = outcomes.evaluate(scenario, roles=session.state.roles, plan=scenario.history)
    assert plotted(view, "Governments' decisions") == means(past)
    json.dumps(view, allow_nan=False)


def test_the_luck_of_one_play_does_not_change_what_is_drawn(scenario):
    plays = [play(scenario, seed=seed) for seed in range(12)]
    assert len({session.hash for session in plays}) > 1
    views = [hot_wash_view(session) for session in plays]
    assert all(view["outcomes"] == views[0]["outcomes"] for view in views)


def test_before_the_end_what_governments_chose_stays_hidden(scenario):
    session = play(scenario, None)
    session.decide("live", "sharing")
    view = hot_wash_view(session)
    assert len(view["decisions"]) == 1
    assert not any(row["history"] or row["same"] for row in view["decisions"])
    assert {t["name"] for t in view["outcomes"]["figure"]["data"]} == {
        "Your decisions",
        "Base case",
    }


def test_before_the_first_decision_there_is_nothing_to_see(scenario):
    view = HotWash(play(scenario, None)).view
    assert view["decisions"] == []
    assert view["outcomes"] is None


def test_a_notice_is_shown_and_the_line_in_the_notebook_is_always_the_same(scenario):
    one, other = HotWash(play(scenario), "An example."), HotWash(play(scenario, None, seed=9))
    assert one.view["notice"] == "An example."
    assert other.view["notice"] == ""
    assert repr(one) == repr(other)
    assert scenario.title in repr(one)


@pytest.mark.parametrize("plan", [DAILY, None])
def test_the_report_comes_when_asked_for_as_one_whole_file(scenario, monkeypatch, plan):
    sent = []
    monkeypatch.setattr(HotWash, "send", lambda _self, content: sent.append(content))
    wash = HotWash(play(scenario, plan))
    data = {"method": "custom", "content": {"kind": "report"}}
    wash._handle_msg({"content": {"data": data}, "buffers": []})
    (message,) = sent
    assert message["name"] == "tiny-after-action-report.html"
    assert message["mime"] == "text/html"
    assert message["content"].rstrip().endswith("</html>")
    assert ("As planned." in message["content"]) == bool(plan)
    assert message == report_file(wash._session)


@pytest.mark.parametrize("message", [None, "report", ["report"], {}, {"kind": "decide"}])
def test_other_messages_do_nothing(scenario, monkeypatch, message):
    sent = []
    monkeypatch.setattr(HotWash, "send", lambda _self, content: sent.append(content))
    wash = HotWash(play(scenario))
    before = wash._session.log
    for callback in wash._msg_callbacks.callbacks:
        callback(wash, message, [])
    assert sent == []
    assert wash._session.log == before


# --- what people enter ------------------------------------------------------------------------


def send(wash, **message):
    """Give the panel a message as the browser does."""
    wash._receive(wash, message, [])


def kinds(session):
    return [event.kind for event in session.log]


def test_people_rate_objectives_and_the_panel_shows_what_is_kept(scenario):
    session = play(scenario)
    wash = HotWash(session)
    assert {goal["rating"] for goal in wash.people["objectives"]} == {""}
    given = [
        {"objective": "o1", "rating": "S", "note": "Late."},
        {"objective": "o2", "rating": "U", "note": ""},
    ]
    send(wash, kind="rate", given=given, number=7)
    assert (wash.error, wash.done) == ("", 7)
    assert [(g["id"], g["rating"], g["note"]) for g in wash.people["objectives"]] == [
        ("o1", "S", "Late."),
        ("o2", "U", ""),
    ]
    assert {name: e.value for name, e in ratings(session.log).items()} == {"o1": "S", "o2": "U"}
    assert kinds(session)[-2:] == ["rate", "rate"]


def test_entries_are_added_changed_and_removed(scenario):
    session = play(scenario)
    wash = HotWash(session)
    send(wash, kind="strength", text=" They asked first. ", ref=None, number=1)
    send(wash, kind="area", text="Nobody dated it.", number=2)
    send(wash, kind="plan", text="Test the line.", owner="", due="", number=3)
    (plan,) = wash.people["plan"]
    due = {"owner": "Town hall", "due": "2001-09-30"}
    send(wash, kind="plan", text="Test the line monthly.", **due, ref=plan["seq"], number=4)
    assert [e["text"] for e in wash.people["strengths"]] == ["They asked first."]
    (plan,) = wash.people["plan"]
    assert (plan["text"], plan["owner"], plan["due"]) == (
        "Test the line monthly.", "Town hall", "2001-09-30")  # fmt: skip
    (area,) = wash.people["areas"]
    send(wash, kind="area", text="", ref=area["seq"], number=5)
    assert wash.people["areas"] == []
    assert (wash.error, wash.done) == ("", 5)
    assert report_file(session)["content"].count("Test the line monthly.") >= 1


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "rate", "given": [{"objective": "o1", "rating": "X", "note": ""}]},
        {"kind": "rate", "given": [{"objective": "o9", "rating": "P", "note": ""}]},
        {"kind": "rate", "given": "P"},
        {"kind": "rate"},
        {"kind": "strength", "text": "  "},
        {"kind": "area", "text": 3},
        {"kind": "area", "text": "x" * 120_001},
        {"kind": "area", "text": "x", "ref": "1"},
        {"kind": "area", "text": "x", "ref": 10**9},
        {"kind": "plan", "text": "", "owner": "a"},
        {"kind": "plan", "text": "x", "due": "tomorrow"},
        {"kind": "plan", "text": "x", "due": "2001-02-30"},
    ],
)
def test_what_cannot_be_kept_is_refused_in_words_and_changes_nothing(scenario, message):
    session = play(scenario)
    wash, before = HotWash(session), session.log
    send(wash, **message, number=9)
    assert len(wash.error) > 15
    assert session.log == before
    assert wash.done == 0


def test_what_is_typed_is_kept_in_the_play_and_found_again(scenario, tmp_path):
    path = tmp_path / "play.json"
    session = Session(scenario, ["alfa", "bravo"], seed=1, path=path)
    session.keep_draft({"choice": "sharing", "note": "half a"})
    typed = {"strength:text": "They as", "rate:o1": "S"}
    send(HotWash(session), kind="draft", draft=typed)
    assert session.draft["note"] == "half a"
    again = Session.opened(scenario, store.read(path), path)
    assert HotWash(again).draft == typed


@pytest.mark.parametrize("draft", ["x", None, {"a": 1}, {f"{n}": "" for n in range(100)}])
def test_a_draft_of_another_form_is_not_kept(scenario, draft):
    session = play(scenario)
    before = dict(session.draft)
    send(HotWash(session), kind="draft", draft=draft)
    assert dict(session.draft) == before


def test_a_folder_that_cannot_be_written_is_told_and_the_entry_stands(scenario, tmp_path):
    session = Session(scenario, ["alfa"], seed=1, path=tmp_path / "play.json")
    session.path = tmp_path / "play.json" / "below" / "a file.json"
    wash = HotWash(session)
    send(wash, kind="strength", text="They asked first.", number=1)
    assert wash.people["strengths"]
    assert wash.people["warning"]


HOSTILE = "</script><img src=x onerror=f()> =1+1 \u202e مرحبا 🙂"


def test_what_people_type_comes_back_as_they_typed_it(scenario):
    wash = HotWash(play(scenario))
    send(wash, kind="strength", text=HOSTILE, number=1)
    send(wash, kind="plan", text=HOSTILE, owner=HOSTILE, due="", number=2)
    assert wash.people["strengths"][0]["text"] == HOSTILE
    assert wash.people["plan"][0]["owner"] == HOSTILE
    content = report_file(wash._session)["content"]
    assert "<img" not in content
    json.dumps(wash.people, allow_nan=False)


# --- predictions -----------------------------------------------------------------------------


def test_predictions_stand_beside_what_came_with_their_fit():
    river = parsed(ASKED)
    session = Session(river, ["alfa", "bravo"], seed=3)
    session.predict("leaked", 70)
    session.predict("how-much", low=8, high=12)
    view = HotWash(session).view["foresight"]
    assert [row[1:4] for row in view["rows"]] == [
        ["70 %", "not known yet", "not known yet"],
        ["8 to 12 points", "not known yet", "not known yet"],
    ]
    assert (view["drawn"], view["words"]) == (None, "No prediction can be scored yet.")
    session.pass_predictions()
    session.follow(DAILY)
    view = HotWash(session).view["foresight"]
    assert len(view["rows"]) == 7
    assert {len(row[4]) for row in view["rows"]} == {12}
    assert view["drawn"]["summary"].startswith("1 probability was scored, 70 % on average")
    assert view["words"].startswith("1 range was scored")
    json.dumps(view, allow_nan=False)


def test_without_predictions_there_is_no_such_part(scenario):
    assert HotWash(play(scenario)).view["foresight"] is None


# --- causes -------------------------------------------------------------------------------------


def test_the_causes_are_the_gaps_between_two_lines_the_largest_first(scenario):
    roles = ("alfa", "bravo")
    now = outcomes.evaluate(scenario, roles=roles, plan={**DAILY, "sharing": "live"})
    base = outcomes.evaluate(scenario, roles=roles)
    found = causes(scenario, now, base)
    sizes = {}
    for name, measure in scenario.measures.items():
        before = {part.effect: part.mean for part in base[name].parts}
        scale = max(1.0, abs(now[name].mean), abs(base[name].mean))
        for part in now[name].parts:
            if round(part.mean - before[part.effect], 1):
                key = (scenario.effects[part.effect].why, measure.label)
                sizes[key] = abs(part.mean - before[part.effect]) / scale
    listed = [(cause["why"], cause["measure"]) for cause in found]
    assert {*listed} == {*sizes}
    assert [sizes[key] for key in listed] == sorted(sizes.values(), reverse=True)
    assert len(found) >= 4
    fixed = [cause for cause in found if "assumption" not in cause]
    named = [cause for cause in found if "assumption" in cause]
    assert fixed
    assert named
    assert {cause["assumption"]["basis"] for cause in named} == {
        "the author's judgement",
        "computed by the kit's model",
    }


def test_two_equal_lines_have_no_causes(scenario):
    base = outcomes.evaluate(scenario, roles=("alfa",))
    assert causes(scenario, base, base) == []
