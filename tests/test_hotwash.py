"""The hot wash without a browser: decisions, outcomes over all luck, and the report."""

from __future__ import annotations

import json

import pytest
from tiny import parsed

from kit import outcomes
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
