"""The forms of the hot wash in a real browser: by mouse and keyboard, nothing typed is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect
from test_calibration import TEXT
from tiny import parsed

from browser.stage import Stage
from kit import scenario
from kit.log import entries, ratings
from kit.session import Session
from kit.widgets.hotwash import HotWash

HOSTILE = '<img src=x onerror="globalThis.hit = 1"> =1+1 مرحبا 🙂'


@pytest.fixture
def session():
    found = Session(parsed(TEXT), ["alfa", "bravo"], seed=3, alias="Team 1")
    for name, percent in (("leaked", 70), ("trusting", 40), ("quick", 20)):
        found.predict(name, percent)
    found.predict("how-much", low=8, high=12)
    found.pass_predictions()
    found.follow({"sharing": "live", "reply": "accept", "warn": "loud"}, note="As planned.")
    return found


@pytest.fixture
def bare(browser):
    """An empty page of its own, wide as a laptop's; fails when it errs."""
    context = browser.new_context(viewport={"width": 1300, "height": 1000})
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def wash(bare, session):
    Stage(bare, HotWash(session))
    return bare


def group(page, words):
    return page.get_by_role("group", name=re.compile(words))


def status(page, form, place=0):
    return page.locator(form).nth(place).get_by_role("status")


def test_ratings_are_saved_together_and_only_what_is_new(wash, session):
    group(wash, "1. Weigh").get_by_role("radio", name=re.compile("^S")).check()
    group(wash, "2. Use").get_by_role("textbox", name="What showed it?").fill("Dates everywhere.")
    save = wash.get_by_role("button", name="Save the ratings")
    save.click()
    expect(status(wash, ".kit-ratings")).to_contain_text("Choose P, S, M or U")
    assert ratings(session.log) == {}
    group(wash, "2. Use").get_by_role("radio", name=re.compile("^P")).check()
    save.click()
    expect(status(wash, ".kit-ratings")).to_have_text("2 ratings saved.")
    assert {n: (e.value, e.note) for n, e in ratings(session.log).items()} == {
        "o1": ("S", ""),
        "o2": ("P", "Dates everywhere."),
    }
    before = len(session.log)
    save.click()
    expect(status(wash, ".kit-ratings")).to_have_text("There is nothing new to save.")
    assert len(session.log) == before
    expect(group(wash, "1. Weigh")).to_contain_text("Saved: S, performed with some challenges.")


def test_an_entry_is_added_changed_and_removed(wash, session):
    field = wash.get_by_role("textbox", name="Action: who does what differently next time?")
    add = wash.get_by_role("button", name="Add this action")
    add.click()
    expect(status(wash, ".kit-entries", 2)).to_have_text("Write a few words first.")
    field.fill("Test the line.")
    wash.get_by_role("textbox", name="Owner: an office or a team").fill("Town hall")
    wash.get_by_label("Due date").fill("2001-09-30")
    add.click()
    expect(field).to_have_value("")
    (entry,) = entries(session.log, "plan")
    assert (entry.note, entry.owner, entry.due) == ("Test the line.", "Town hall", "2001-09-30")
    wash.get_by_role("button", name="Change: Test the line.").click()
    expect(field).to_be_focused()
    expect(wash.get_by_label("Due date")).to_have_value("2001-09-30")
    field.fill("Test the line monthly.")
    wash.get_by_role("button", name="Save the change").click()
    expect(wash.get_by_role("rowheader", name="Test the line monthly.")).to_be_visible()
    assert [e.note for e in entries(session.log, "plan")] == ["Test the line monthly."]
    wash.get_by_role("button", name="Remove: Test the line monthly.").click()
    expect(wash.get_by_text("Removed; the log still has it.")).to_be_visible()
    assert entries(session.log, "plan") == ()
    assert sum(event.kind == "plan" for event in session.log) == 3


def test_the_owner_can_be_given_and_saved_by_keyboard_alone(wash, session):
    wash.get_by_role("textbox", name="Action: who").focus()
    wash.keyboard.type("Write it down.")
    wash.keyboard.press("Tab")
    wash.keyboard.type("Bravo")
    wash.keyboard.press("Enter")
    expect(wash.get_by_role("rowheader", name="Write it down.")).to_be_visible()
    assert [(e.note, e.owner) for e in entries(session.log, "plan")] == [
        ("Write it down.", "Bravo")
    ]


def test_what_is_typed_is_text_and_survives_a_refusal_and_a_new_page(bare, session):
    stage = Stage(bare, HotWash(session))
    strength = bare.get_by_role("textbox", name="What went well, and what showed it?")
    area = bare.get_by_role("textbox", name="What could go better, and what showed it?")
    strength.fill(HOSTILE)
    bare.get_by_role("button", name="Add this strength").click()
    expect(bare.locator(".kit-kept .kit-typed")).to_have_text(HOSTILE)
    assert bare.evaluate("globalThis.hit") is None
    long = "x" * 200_000
    area.fill(long)
    bare.get_by_role("button", name="Add this area").click()
    expect(bare.get_by_role("alert").first).to_contain_text("at most 120,000 fit")
    expect(area).to_have_value(long)
    area.fill("half a thou")
    bare.wait_for_timeout(1000)
    assert stage.sent[-1]["kind"] == "draft"
    other = bare.context.new_page()
    Stage(other, HotWash(session))
    expect(other.get_by_role("textbox", name="What could go better")).to_have_value("half a thou")
    expect(other.locator(".kit-kept .kit-typed")).to_have_text(HOSTILE)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1024, 640])
def test_no_serious_flaw_of_access_and_nothing_sticks_out(bare, session, theme, width):
    session.rate("o1", "S", "Late.")
    session.note("They asked first.", name="strength")
    session.plan("Test the line.", "Town hall", "2001-09-30")
    Stage(bare, HotWash(session), theme, width)
    bare.locator(".kit-square .main-svg").first.wait_for()
    found = Axe().run(bare, context=".kit-exercise").response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found
            if v["impact"] in ("serious", "critical")] == []  # fmt: skip
    wide = bare.evaluate(
        "() => { const root = document.querySelector('.kit-exercise');"
        " return root.scrollWidth - root.clientWidth; }"
    )
    assert wide <= 1


def test_entries_and_half_sentences_outlive_the_kernel(lab, page, open_notebook):
    exercise = scenario.load("launch-day")
    path = lab.capsules / "launch-day.json"
    Session(exercise, ["usa"], seed=1, path=path).follow({})
    cells = ["import kit", 'kit.hot_wash(kit.latest("launch-day"))']
    opened = open_notebook(new_notebook(cells=[new_code_cell(cell) for cell in cells]))
    opened.run_all()
    page.get_by_role("textbox", name="Action: who").fill("Agree on the words.")
    page.get_by_role("textbox", name="Owner: an office or a team").click()
    page.keyboard.type("Exercise staff, room B")
    page.keyboard.press("Enter")
    expect(page.get_by_role("rowheader", name="Agree on the words.")).to_be_visible()
    page.get_by_role("textbox", name="What could go better").fill("half a thou")
    page.wait_for_timeout(1500)
    opened.menu("Kernel", "Restart Kernel…")
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    opened.wait_idle()
    opened.run_all()
    expect(page.get_by_role("rowheader", name="Agree on the words.")).to_be_visible()
    expect(page.get_by_role("cell", name="Exercise staff, room B")).to_be_visible()
    expect(page.get_by_role("textbox", name="What could go better")).to_have_value("half a thou")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the after-action report").click()
    told = Path(download.value.path()).read_text("utf-8")
    assert "Agree on the words." in told


def test_predictions_are_drawn_with_their_summary(wash):
    expect(wash.get_by_role("heading", name="What you predicted")).to_be_visible()
    expect(wash.locator(".kit-square .scatterlayer .points path").first).to_be_attached()
    expect(wash.locator(".kit-square")).to_contain_text("3 probabilities were scored")
