"""The views of the record without a browser: what they hold, send and answer."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

import kit
from kit import tables
from kit.plots import record
from kit.widgets.explorer import VIEWS, explore
from kit.widgets.record import RecordView, agreements, timeline

EVENTS = len(tables.records("events"))
SHOWN = len(record.events(years=record.AROUND_THE_ARTICLE))  # at first
BLANK = {"category": [], "actor": "", "first": None, "last": None,
         "article": "", "text": "", "lanes": "category", "kinds": [], "code": ""}  # fmt: skip
WHOLE = {**BLANK, "year": 2024, "obligation": ""}


def receive(view, **content):
    """Deliver what the browser sends."""
    data = {"method": "custom", "content": content}
    view._handle_msg({"content": {"data": data}, "buffers": []})


def ask(view, **filters):
    receive(view, kind="filter", filters={**BLANK, **filters}, token="t1")


def listed(view):
    return [row[-1] for row in view.table["rows"]]


def test_it_opens_on_the_years_around_the_article():
    view = timeline()
    expected = [e["event_id"] for e in record.events(years=record.AROUND_THE_ARTICLE)]
    assert listed(view) == expected
    assert view.status == f"{len(expected)} of {len(tables.records('events'))} events"
    assert (view.filters["first"], view.filters["last"]) == record.AROUND_THE_ARTICLE


def test_a_filter_given_searches_all_years():
    view = timeline(category="sanctions")
    assert len(listed(view)) == len(record.events(category="sanctions"))
    assert view.filters == {**BLANK, "category": ["sanctions"]}


def test_the_browser_s_filters_change_figure_table_sentence_and_status_together():
    view = timeline()
    ask(view, category=["exercise"], actor="JPN", first=2023, article="no", text="drill")
    last = max(e["date"].year for e in tables.records("events"))
    expected = record.events("exercise", "JPN", (2023, last), False, "drill")
    names = [e["event_id"] for e in expected]
    drawn = [key for trace in view.figure["data"] for key in trace.get("customdata", ())]
    assert listed(view) == drawn == view.table["keys"] == names != []
    assert view.status.startswith(f"{len(names)} of ")
    assert str(len(names)) in view.summary
    assert view.answered == "t1"


def test_the_browser_gets_the_answer_in_one_message(monkeypatch):
    view, messages = timeline(), []
    monkeypatch.setattr(RecordView, "_send", lambda _self, msg, buffers=None: messages.append(msg))
    ask(view, text="submarine")
    updates = [m["state"] for m in messages if m["method"] == "update"]
    assert len(updates) == 1
    assert {"figure", "table", "summary", "status", "filters", "answered"} <= updates[0].keys()


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (None, None, (None, None)),
        (2024, 2023, (2023, 2024)),
        (2, 99999, "all"),
        (2025, None, "late"),
    ],
)
def test_any_year_typed_in_the_browser_gives_a_period(first, last, shown):
    view = timeline()
    years = [e["date"].year for e in tables.records("events")]
    shown = {"all": (min(years), max(years)), "late": (2025, max(years))}.get(str(shown), shown)
    ask(view, first=first, last=last)
    assert (view.filters["first"], view.filters["last"]) == shown


def test_filters_that_match_nothing_say_so():
    view = timeline()
    ask(view, text="zeppelin")
    assert view.status.startswith("0 of ")
    assert view.table["rows"] == []
    assert view.summary == "No event matches these filters."


def test_filtering_from_python_does_what_the_browser_does():
    view, other = timeline(), timeline()
    view.filter(category="nuclear", lanes="actor")
    ask(other, category=["nuclear"], lanes="actor")
    assert view.figure == other.figure
    assert view.filters == other.filters


@pytest.mark.parametrize(
    "wrong", [{"category": "tanks"}, {"actor": "Atlantis"}, {"years": "now"}, {"lanes": "place"}]
)
def test_a_wrong_filter_is_refused_and_changes_nothing(wrong):
    view = timeline()
    before = view.get_state()
    with pytest.raises(ValueError, match=r"There is no|There are no|is no period"):
        view.filter(**wrong)
    assert view.get_state() == before
    with pytest.raises(ValueError, match=r"There is no|There are no|is no period"):
        timeline(**wrong)


def test_a_click_opens_the_card_and_close_puts_it_away():
    view = timeline()
    receive(view, kind="click", customdata="2023-08-18-camp-david-summit")
    assert view.card["title"].startswith("Biden, Kishida and Yoon")
    assert view.card["sources"][0]["url"].startswith("https://")
    receive(view, kind="close")
    assert view.card == {}


def test_a_card_leads_from_an_event_to_its_agreement():
    view = agreements()
    view.open_card("2016-11-23-gsomia-signed")
    ((_, _, to),) = view.card["links"]
    receive(view, kind="click", customdata=to)
    assert view.card["id"] == "gsomia-2016"


@pytest.mark.parametrize("content", ["text", None, {}, {"kind": "click"}, {"kind": "filter"}])
def test_other_messages_are_let_pass(content):
    view = timeline()
    before = view.get_state()
    view._handle_msg(
        {"content": {"data": {"method": "custom", "content": content}}, "buffers": []}
    )
    assert view.get_state() == before


def test_choices_offer_every_category_and_actor_with_its_count():
    choices = timeline().choices
    assert sum(c["count"] for c in choices["categories"]) == len(tables.records("events"))
    assert {a["id"] for a in choices["actors"]} == tables.ids("actors")
    assert len({c["glyph"] for c in choices["categories"]}) == len(choices["categories"])


def test_what_goes_to_the_browser_is_json_and_small():
    for view in (timeline(years=(1953, 2026)), agreements()):
        state = view.get_state()
        state.pop("_esm"), state.pop("_css")
        assert len(json.dumps(state)) < 100_000


def test_the_saved_line_is_friendly_and_gives_no_answer_away():
    run = "▶ Run this cell (Shift+Enter) to see:"
    assert repr(timeline()) == f"{run} Timeline of the record ({SHOWN} of {EVENTS} events)"
    assert repr(agreements()) == f"{run} Agreements behind the article"


def test_text_says_what_the_view_shows():
    view = timeline(category="exercise")
    text = view.text()
    assert text.startswith(f"{view.title}\n{view.summary}\n")
    assert all(key in text for key in listed(view))


def test_the_front_door_leads_here():
    assert listed(kit.timeline(article=True)) == listed(timeline(article=True))
    assert kit.agreements().summary == agreements().summary


# --- the explorer ------------------------------------------------------------------------------


def look(view, name, **filters):
    receive(view, kind="filter", filters={**WHOLE, "view": name, **filters}, token="t2")


@pytest.mark.parametrize("name", VIEWS)
def test_one_filter_bar_drives_every_view(name):
    view = explore()
    look(view, name)
    every = view.table["rows"]
    look(view, name, text="sea" if name == "launches" else "korea", first=2017, last=2023)
    assert 0 < len(view.table["rows"]) < len(every)
    assert view.filters["view"] == name
    assert view.answered == "t2"
    assert view.summary
    assert view.text().startswith(f"{view.title}\n{view.summary}\n")


@pytest.mark.parametrize("name", VIEWS)
def test_filters_that_match_nothing_say_so_in_every_view(name):
    view = explore()
    look(view, name, text="zeppelin")
    assert view.table["rows"] == []
    assert view.status.startswith("0 of ")
    assert view.summary.startswith("No ")


@pytest.mark.parametrize("name", VIEWS)
def test_the_answer_is_one_message_with_one_view(name, monkeypatch):
    view, messages = explore(), []
    monkeypatch.setattr(RecordView, "_send", lambda _self, msg, buffers=None: messages.append(msg))
    look(view, name, first=2010)
    updates = [m["state"] for m in messages if m["method"] == "update"]
    assert len(updates) == 1
    assert {"filters", "answered", "status"} <= updates[0].keys()
    assert len(json.dumps(updates[0])) < 120_000


@pytest.mark.parametrize("name", VIEWS)
def test_every_row_that_can_be_opened_has_a_card(name):
    view = explore(name, years=(1953, 2026))
    keys = view.table["keys"]
    assert view.clickable == bool(keys) == VIEWS[name].opens
    for key in keys[::15]:
        receive(view, kind="click", customdata=key)
        assert view.card["id"] == key


def test_only_the_visible_view_is_computed(monkeypatch):
    drawn = []
    for name in ("timeline", "scales", "obligations", "network", "launches", "sources"):
        view = VIEWS[name]

        def draw(chosen, given, name=name, view=view):
            drawn.append(name)
            return view.draw(chosen, given)

        monkeypatch.setitem(VIEWS, name, replace(view, draw=draw))
    view = explore()
    look(view, "sources", actor="JPN")
    look(view, "network", actor="JPN")
    assert drawn == ["timeline", "sources", "network"]


def test_the_filters_stay_when_the_view_changes():
    view = explore(actor="Japan", years=2023, view="scales")
    sent = {**view.filters, "view": "sources", "kinds": ["wire"]}
    receive(view, kind="filter", filters=sent, token="t3")
    assert view.filters == sent
    expected = record.events(actor="JPN", years=2023, kinds="wire")
    assert view.status == f"{len(expected)} of {EVENTS} events"


def test_the_drawer_counts_the_events_that_each_kind_would_leave():
    view = explore(years=2023, kinds="wire")
    for kind, many in view.counts.items():
        assert len(record.events(years=2023, kinds=kind)) == many


def test_a_view_says_which_filters_reach_it():
    view = explore()
    assert view.scope == ""
    look(view, "launches")
    assert view.scope == "Only these filters apply here: words and years."


def test_the_network_follows_its_slider_and_its_obligation():
    view = explore("network", year=2016, obligation="share-information")
    assert view.title == "Who is bound to whom on 31 December 2016"
    assert {row[-1] for row in view.table["rows"]} == {"tisa-2014", "gsomia-2016"}
    look(view, "network", year=2015, obligation="share-information")
    assert {row[-1] for row in view.table["rows"]} == {"tisa-2014"}


@pytest.mark.parametrize(
    "wrong",
    [{"view": "map"}, {"year": 1900}, {"obligation": "trade"}, {"lanes": "place"},
     {"kinds": "blogs"}, {"code": "99"}],
)  # fmt: skip
def test_explore_refuses_what_there_is_not(wrong):
    with pytest.raises(ValueError, match=r"There is no|There are no|The network has years"):
        explore(**wrong)


def test_the_explorer_offers_only_codes_that_some_event_has():
    (cameo, roots), (plover, categories) = explore().choices["codes"]
    assert (cameo, plover) == ("CAMEO class", "PLOVER category")
    assert all(record.events(code=code) for code, _ in [*roots, *categories])
    assert ["05", "05 Engage in diplomatic cooperation"] in roots


def test_the_saved_line_of_the_explorer_is_friendly():
    run = "▶ Run this cell (Shift+Enter) to see:"
    assert repr(explore()) == f"{run} Timeline of the record ({SHOWN} of {EVENTS} events)"
