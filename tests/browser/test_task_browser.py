"""Tasks and the coding matrix in a real JupyterLab: by keyboard and mouse, after a re-run."""

from __future__ import annotations

import json
import os
import re

import nbformat
import pytest
from playwright.sync_api import expect

from kit import tables

EVENTS = len(tables.records("events"))
TASKS = """from kit.widgets.task import task
from IPython.display import display
for name in {names}: display(task(name))"""
CODING = """from kit.widgets.coding import build_obligations
build_obligations({agreements})"""
TWO = ["gsomia-2016", "commitment-to-consult-2023"]


def notebook(code):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])


@pytest.fixture
def show(open_notebook):
    """Return a function that shows tasks and returns the opened notebook."""

    def show_(*names):
        opened = open_notebook(notebook(TASKS.format(names=list(names))))
        opened.run_all()
        return opened

    return show_


def tasks(opened):
    return opened.page.locator(".kit-task")


def kept(lab, name):
    return json.loads((lab.capsules / f"task-{name}.json").read_text(encoding="utf-8"))


def picture(page, name):
    """Save a picture for people to look at, where KIT_PICTURES says so."""
    if folder := os.environ.get("KIT_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_number_gets_feedback_hints_and_then_the_solution(lab, show):
    opened = show("record-2")
    view, page = tasks(opened).first, opened.page
    expect(view.get_by_text("The solution opens after")).to_be_visible()
    field = view.get_by_role("textbox")
    field.press_sequentially("5")
    field.press("Enter")
    feedback = view.get_by_role("status")
    expect(feedback).to_contain_text("Not yet. That is the missiles alone.")
    expect(field).to_have_value("5")
    for left in (2, 1, 0):
        view.get_by_role("button", name=re.compile("hint")).click()
        expect(view.get_by_text(re.compile(rf"Hint {3 - left}:"))).to_be_visible()
    expect(view.get_by_role("button", name="No more hints")).to_be_disabled()
    view.get_by_text("Solution", exact=True).click()
    expect(view.locator("details")).to_contain_text("7: 5 missile launches")
    picture(page, "number")
    field.fill("7")
    view.get_by_role("button", name="Check my answer").click()
    expect(feedback).to_contain_text("Right.")
    expect(view.get_by_text("Solved, after 2 answers")).to_be_visible()
    assert [a["right"] for a in kept(lab, "record-2")["attempts"]] == [False, True]


def test_an_event_is_found_by_words_or_id(show):
    opened = show("record-3")
    view, page = tasks(opened).first, opened.page
    search = view.get_by_role("searchbox")
    search.fill("camp david")
    listed = view.locator("option")
    expect(listed).not_to_have_count(0)
    view.get_by_role("listbox").select_option("2023-08-18-camp-david-summit")
    view.get_by_role("button", name="Check my answer").click()
    expect(view.get_by_role("status")).to_contain_text("someone had stated the intention before")
    picture(page, "row")
    search.fill("zeppelin")
    expect(view.get_by_text(f"None of {EVENTS} events has these words.")).to_be_visible()
    search.fill("2022-11-13-phnom-penh-statement")
    expect(listed).to_have_count(1)
    view.get_by_role("button", name="Check my answer").click()
    expect(view.get_by_role("status")).to_contain_text("Right.")


def test_options_are_native_and_labeled(show):
    opened = show("record-1", "agreements-1")
    first, second = tasks(opened).nth(0), tasks(opened).nth(1)
    group = first.get_by_role("group", name=re.compile("What may you conclude"))
    group.get_by_role("radio", name=re.compile("better sourced")).check()
    first.get_by_role("button", name="Check my answer").click()
    expect(first.get_by_role("status")).to_contain_text("Open a card of 2006")
    second.get_by_role("checkbox", name=re.compile("GSOMIA")).check()
    second.get_by_role("checkbox", name=re.compile("Washington Declaration")).check()
    second.get_by_role("button", name="Check my answer").click()
    expect(second.get_by_role("status")).to_contain_text("1 of your 2 ticks hold")
    for control in opened.page.locator(".kit-task :is(input, select, textarea)").all():
        assert control.evaluate("e => e.labels[0]?.textContent ?? ''").strip()
    picture(opened.page, "options")
    opened.set_theme("JupyterLab Dark")
    picture(opened.page, "options-dark")


def test_what_is_typed_survives_a_reload_and_is_never_markup(lab, show):
    opened = show("record-reading")
    words = "<img src=x onerror=alert(1)> & __import__('os') „Ünïcode“ 🙂\nSecond line."
    area = tasks(opened).first.get_by_role("textbox")
    area.fill(words)
    opened.page.wait_for_timeout(1500)
    assert kept(lab, "record-reading")["draft"] == {"answer": words}
    tasks(opened).first.get_by_role("button", name="Keep my text").click()
    expect(tasks(opened).first.get_by_role("status")).to_contain_text("Kept, with")
    opened.run_all()
    expect(tasks(opened).first.get_by_role("textbox")).to_have_value(words)
    expect(opened.page.locator(".kit-task img")).to_have_count(0)
    assert kept(lab, "record-reading")["attempts"][0]["answer"] == words
    picture(opened.page, "text")


def test_the_matrix_is_filled_by_keyboard_and_then_compared(lab, open_notebook):
    opened = open_notebook(notebook(CODING.format(agreements=TWO)))
    opened.run_all()
    view, page = opened.page.locator(".kit-coding"), opened.page
    expect(view.get_by_role("heading", name=re.compile("General Security"))).to_be_visible()
    share = view.get_by_label(re.compile("^share information"))
    share.focus()
    page.keyboard.press("ArrowDown")
    expect(view.locator("td", has_text="law")).to_have_count(1)
    expect(share).to_be_focused()
    view.get_by_role("button", name="Done with this agreement").click()
    expect(view.get_by_role("heading", name="Commitment to Consult", level=3)).to_be_focused()
    view.get_by_label(re.compile("^consult")).select_option("political")
    picture(page, "coding")
    view.get_by_role("button", name="Done: compare with the coders").click()
    expect(view.get_by_role("heading", name="You and the coders")).to_be_focused()
    expect(view.get_by_role("row", name=re.compile("First coder Second coder"))).to_be_visible()
    expect(view.locator(".kit-coding-differs")).not_to_have_count(0)
    view.locator(".kit-coding-difference summary").first.click()
    picture(page, "compared")
    opened.set_theme("JupyterLab Dark")
    picture(page, "compared-dark")
    marks = kept(lab, "coding-obligations")["draft"]["marks"]
    assert marks["gsomia-2016 share-information"] == "binding"
    opened.run_all()
    expect(view.get_by_role("heading", name="You and the coders")).to_be_visible()
