"""The record in a real JupyterLab: filters, cards by mouse and by keyboard, names, no network."""

from __future__ import annotations

import re

import nbformat
import pytest
from playwright.sync_api import expect

from kit import tables
from kit.plots import record

EVENTS, DRILLS = len(tables.records("events")), len(record.events("exercise"))
SHOWN = len(record.events(years=record.AROUND_THE_ARTICLE))  # at first
SHOWN_DRILLS = len(record.events("exercise", years=record.AROUND_THE_ARTICLE))
CAMP_DAVID = "2023-08-18-camp-david-summit"
TITLE = "Biden, Kishida and Yoon hold a stand-alone trilateral summit at Camp David"


@pytest.fixture
def show(open_notebook):
    """Return a function that shows the value of an expression and returns its view."""

    def show_(expression):
        cell = nbformat.v4.new_code_cell(f"import kit\n{expression}")
        opened = open_notebook(nbformat.v4.new_notebook(cells=[cell]))
        opened.run_all()
        view = opened.page.locator(".kit-record")
        expect(view.locator(".scatterlayer .point").first).to_be_attached()
        return view

    return show_


def status(view):
    return view.locator(".kit-status")


def marks(view):
    """Return a locator of the marks of events: the rings around some of them are not marks."""
    return view.locator(".scatterlayer .trace .point:not([style*='fill: none'])")


def open_table(view):
    view.locator(".kit-numbers > summary").click()
    return view.locator("tbody tr")


def test_ticking_a_category_narrows_chart_status_and_table(show):
    view = show("kit.timeline()")
    rows = open_table(view)
    expect(status(view)).to_have_text(f"{SHOWN} of {EVENTS} events")
    expect(rows).to_have_count(SHOWN)
    before = view.locator(".scatterlayer .point").count()
    view.get_by_role("checkbox", name=f"Exercises ({DRILLS})").check()
    expect(status(view)).to_have_text(f"{SHOWN_DRILLS} of {EVENTS} events")
    expect(rows).to_have_count(SHOWN_DRILLS)
    expect(view.locator(".ytick text")).to_have_text([f"Exercises ({SHOWN_DRILLS})"])
    assert view.locator(".scatterlayer .point").count() < before
    view.get_by_role("button", name="All years").click()
    expect(status(view)).to_have_text(f"{DRILLS} of {EVENTS} events")
    expect(view.get_by_role("button", name="All years")).to_have_attribute("aria-pressed", "true")


def test_every_filter_reaches_python_and_clear_takes_all_back(show):
    view = show("kit.timeline()")
    view.get_by_label("Find words").fill("launch")
    view.get_by_label("Who", exact=True).select_option("Japan")
    view.get_by_label("In the article").select_option("Named or implied")
    view.get_by_label("From year").fill("2023")
    view.get_by_label("To year").fill("2023")
    view.get_by_label("To year").blur()
    found = record.events(text="launch", actor="JPN", article=True, years=2023)
    assert 0 < len(found) < 20
    expect(status(view)).to_have_text(f"{len(found)} of {EVENTS} events")
    view.get_by_role("button", name="Clear filters").click()
    expect(status(view)).to_have_text(f"{EVENTS} of {EVENTS} events")
    expect(view.get_by_label("Find words")).to_have_value("")
    expect(view.get_by_role("button", name="Clear filters")).to_be_disabled()


def test_filters_that_match_nothing_say_so_and_all_events_stand_in_lanes_by_actor(show):
    view = show("kit.timeline()")
    view.get_by_label("Find words").fill("zeppelin")
    expect(status(view)).to_have_text(f"0 of {EVENTS} events")
    expect(view.get_by_text("No event matches these filters. Change them")).to_be_visible()
    expect(view.locator(".kit-plot")).to_be_hidden()
    view.get_by_role("button", name="Clear filters").click()
    expect(status(view)).to_have_text(f"{EVENTS} of {EVENTS} events")
    expect(view.locator(".kit-plot")).to_be_visible()
    view.get_by_label("Lanes by").select_option("Who acted")
    expect(view.locator(".ytick text").first).to_have_text(re.compile(r"South Korea \(\d+\)"))


def test_what_is_typed_while_python_answers_is_kept(show):
    view = show("kit.timeline()")
    year = view.get_by_label("From year")
    view.get_by_label("Lanes by").select_option("Who acted")
    year.fill("2019")
    expect(view.locator(".ytick text").first).to_have_text(re.compile(r"South Korea \(\d+\)"))
    expect(year).to_have_value("2019")
    year.fill("2022")
    words = view.get_by_label("Find words")
    words.press_sequentially("missile warning data", delay=60)
    expect(status(view)).not_to_have_text(f"{SHOWN} of {EVENTS} events")
    expect(words).to_have_value("missile warning data")
    found = record.events(text="missile warning data", years=record.AROUND_THE_ARTICLE)
    expect(status(view)).to_have_text(f"{len(found)} of {EVENTS} events")


def test_a_click_on_a_mark_opens_its_card_with_sources(show):
    view = show(f"kit.timeline(text='{CAMP_DAVID}')")
    card = view.get_by_role("region", name="Details")
    expect(card).to_contain_text("Click a mark")
    box = marks(view).first.bounding_box()
    view.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(card.get_by_role("heading", name=TITLE)).to_be_focused()
    expect(card).to_contain_text("18 August 2023")
    links = card.get_by_role("link")
    expect(links.first).to_have_attribute("href", re.compile("^https?://"))
    for link in links.all():
        expect(link).to_have_attribute("target", "_blank")
        expect(link).to_have_attribute("rel", re.compile("noopener"))
    card.get_by_role("button", name="The Spirit of Camp David").click()
    expect(card.get_by_role("heading", level=3)).to_contain_text("The Spirit of Camp David")
    expect(card).to_contain_text("Legally binding")


def test_the_keyboard_reaches_the_card_steps_on_and_comes_back(show):
    view = show("kit.timeline(category='space-launch')")
    page = view.page
    view.locator(".kit-numbers > summary").focus()
    page.keyboard.press("Enter")
    opener = view.locator("tbody button").first
    expect(opener).to_be_visible()
    for _ in range(2):  # past the box that scrolls
        page.keyboard.press("Tab")
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    card = view.get_by_role("region", name="Details")
    first, second = (e["title"] for e in record.events("space-launch")[:2])
    expect(card.get_by_role("heading", name=first)).to_be_focused()
    expect(card.get_by_role("button", name="Previous")).to_be_disabled()
    card.get_by_role("button", name="Next").press("Enter")
    expect(card.get_by_role("heading", name=second)).to_be_focused()
    card.get_by_role("button", name="Close").press("Enter")
    expect(card).to_contain_text("Click a mark")
    expect(opener).to_be_focused()


def test_agreements_are_readable_and_open(show):
    view = show("kit.agreements()")
    expect(view.locator(".ytick text")).to_have_count(47)
    expect(view.get_by_role("form")).to_have_count(0)
    expect(status(view)).to_be_hidden()
    open_table(view)
    view.get_by_role("button", name="Open GSOMIA").click()
    expect(view.get_by_role("heading", level=3)).to_be_focused()
    expect(view.get_by_role("heading", level=3)).to_contain_text("Japan-ROK General Security")


def test_every_control_has_a_name(show):
    view = show(f"view = kit.timeline(); view.open_card('{CAMP_DAVID}'); view")
    open_table(view)
    controls = view.locator("button, input, select, a[href], summary, [tabindex='0']")
    assert controls.count() > 100
    for control in view.locator("input, select").all():
        name = control.evaluate("e => e.labels[0]?.textContent ?? ''")
        assert name.strip()
    names = view.locator("tbody button").evaluate_all(
        "list => list.map(e => e.getAttribute('aria-label'))"
    )
    assert len(set(names)) == len(names) == SHOWN


def test_what_a_row_says_is_never_markup(show):
    view = show(
        "view = kit.timeline(); view.open_card('gsomia-2016')\n"
        "view.card = {**view.card, 'title': '<img src=x onerror=alert(1)>',"
        " 'sources': [{'title': 'T', 'publisher': '', 'date': '', 'supports': '',"
        " 'url': 'javascript:alert(1)'}]}\nview"
    )
    expect(view.get_by_role("heading", name="<img src=x onerror=alert(1)>")).to_be_visible()
    expect(view.locator(".kit-card img, .kit-card a[href]")).to_have_count(0)


# --- the explorer ------------------------------------------------------------------------------

EXPLORE = "from kit.widgets.explorer import explore\n"
TABS = ("Timeline", "Cooperation and conflict", "Obligations", "Network", "Launches", "Sources")


def test_tabs_by_keyboard_keep_the_filters_and_draw_each_view(show):
    view = show(f"{EXPLORE}explore(years=(1953, 2026))")
    view.get_by_label("Who", exact=True).select_option("Japan")
    expected = len(record.events(actor="JPN"))
    expect(status(view)).to_have_text(f"{expected} of {EVENTS} events")
    view.get_by_role("tab", name="Timeline").focus()
    for name in TABS[1:]:
        view.page.keyboard.press("ArrowRight")
        tab = view.get_by_role("tab", name=name)
        expect(tab).to_be_focused()
        expect(tab).to_have_attribute("aria-selected", "true")
        expect(view.get_by_role("tabpanel", name=name)).to_be_visible()
        expect(view.locator(".kit-title")).not_to_have_text("")
        expect(view.locator(".kit-plot .main-svg").first).to_be_visible()
        expect(view.get_by_label("Who", exact=True)).to_have_value("JPN")
    expect(status(view)).to_have_text(f"{expected} of {EVENTS} events")
    view.page.keyboard.press("Home")
    expect(view.get_by_role("tab", name="Timeline")).to_be_focused()
    expect(view.locator(".kit-title")).to_have_text("Timeline of the record")


def test_the_slider_moves_the_network_by_keyboard_and_a_row_opens_a_card(show):
    view = show(f"{EXPLORE}explore('network', year=2022)")
    expect(view.locator(".kit-title")).to_have_text("Who is bound to whom on 31 December 2022")
    slider = view.get_by_role("slider", name="Year")
    slider.focus()
    slider.press("ArrowRight")
    expect(view.locator(".kit-title")).to_have_text("Who is bound to whom on 31 December 2023")
    expect(slider).to_be_focused()
    expect(slider).to_have_value("2023")
    dashed = view.locator(".scatterlayer .js-line[style*='stroke-dasharray']")
    expect(dashed.first).to_be_attached()
    view.get_by_label("Bound to do what").select_option("Share information")
    open_table(view)
    view.get_by_role("button", name="Open Real-time warning mechanism").press("Enter")
    expect(view.get_by_role("heading", level=3)).to_be_focused()
    expect(view.get_by_role("region", name="Details")).to_contain_text("Obligations as coded")


def test_the_source_drawer_filters_everything(show):
    view = show(f"{EXPLORE}explore()")
    view.get_by_text("Sources by kind of publisher: all").click()
    box = view.get_by_role("checkbox", name=re.compile("^Reference works"))
    many = len(record.events(years=record.AROUND_THE_ARTICLE, kinds="reference"))
    expect(view.get_by_text(f"Reference works ({many})")).to_be_visible()
    box.check()
    expect(status(view)).to_have_text(f"{many} of {EVENTS} events")
    view.get_by_role("tab", name="Sources").click()
    expect(view.get_by_text("Sources by kind of publisher: Reference works")).to_be_visible()
    expect(view.locator(".kit-summary")).to_contain_text(f"behind {many} events")
    expect(view.get_by_role("region", name="Details")).to_be_hidden()


def test_nothing_found_is_said_in_every_view_and_clear_takes_it_back(show):
    view = show(f"{EXPLORE}explore()")
    view.get_by_label("Find words").fill("zeppelin")
    for name in TABS:
        view.get_by_role("tab", name=name).click()
        expect(status(view)).to_have_text(re.compile("^0 of "))
        expect(view.locator(".kit-empty")).to_contain_text("clear them all")
        expect(view.locator(".kit-plot")).to_be_hidden()
    view.get_by_role("button", name="Clear filters").click()
    expect(status(view)).to_have_text(f"{EVENTS} of {EVENTS} events")
    expect(view.locator(".kit-plot")).to_be_visible()


def test_a_click_on_a_scale_opens_the_coded_card(show):
    view = show(f"{EXPLORE}explore('scales', text='{CAMP_DAVID}')")
    box = marks(view).first.bounding_box()
    view.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    card = view.get_by_role("region", name="Details")
    expect(card.get_by_role("heading", name=TITLE)).to_be_focused()
    for label in ("CAMEO", "PLOVER", "Contexts", "Coding", "Known on"):
        expect(card.get_by_text(label, exact=True)).to_be_visible()


def test_every_control_of_the_explorer_has_a_name(show):
    view = show(f"{EXPLORE}explore('network')")
    view.get_by_text("Sources by kind of publisher").click()
    for control in view.locator("input, select").all():
        assert control.evaluate("e => e.labels[0]?.textContent ?? ''").strip()
    ids = view.locator("[id]").evaluate_all("list => list.map(e => e.id)")
    assert len(set(ids)) == len(ids)
