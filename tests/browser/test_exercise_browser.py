"""The exercise in a real JupyterLab: by mouse, by keyboard, after a killed kernel, and offline."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from browser.stage import serious

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
EXERCISE = NOTEBOOKS / "05_exercise_shared_warning.ipynb"
MARKS = ".kit-exercise .kit-plot .scatterlayer .points path"
BYTES = 6_000_000


def panel(page):
    return page.locator(".kit-exercise").first


def button(page, name):
    return panel(page).get_by_role("button", name=name, exact=True)


def tab(page, name):
    return panel(page).get_by_role("tab", name=name, exact=True)


def start(page, role="Seoul"):
    panel(page).get_by_role("radio", name=re.compile(role)).check()
    button(page, "Start the exercise").click()
    expect(tab(page, "Situation")).to_have_attribute("aria-selected", "true")


def pass_predictions(page):
    """Pass what is asked before the first decision of a move, one after the other."""
    tab(page, "Decide").click()
    asked = panel(page).locator("form.kit-prediction")
    for left in range(asked.count() - 1, -1, -1):
        asked.first.get_by_role("button", name=re.compile("^Pass")).click()
        expect(asked).to_have_count(left)


def why(page):
    return panel(page).get_by_label("Why? Your reason in a sentence or two")


def decide(page, option, note=""):
    """Take the decision with the mouse; predictions are passed."""
    pass_predictions(page)
    panel(page).get_by_role("radio").nth(option).check()
    if note:
        why(page).fill(note)
    button(page, "Commit this decision").click()
    expect(tab(page, "Outcomes")).to_have_attribute("aria-selected", "true")


def plotted(page):
    """Return where the marks of the band chart stand, once they are drawn."""
    page.locator(MARKS).first.wait_for()
    return page.locator(MARKS).evaluate_all("all => all.map(p => p.getAttribute('transform'))")


def saved(lab):
    return json.loads((lab.capsules / "shared-warning.json").read_text(encoding="utf-8"))


def decisions(lab):
    return [event for event in saved(lab)["log"] if event["kind"] == "decide"]


def restart_kernel(opened):
    opened.menu("Kernel", "Restart Kernel\u2026")
    # The status bar still says "Idle" for a moment: what is run then is lost with the old kernel.
    with opened.page.expect_response(re.compile("/api/kernels/.*/restart")):
        opened.page.locator(".jp-Dialog .jp-mod-warn").click()
    opened.page.locator(".jp-Dialog").wait_for(state="detached")
    opened.page.wait_for_timeout(500)
    opened.wait_idle()


def test_mouse_then_keyboard_then_report(lab, page, open_notebook, watch, tmp_path):
    """The whole way of a learner: two decisions, changing plots, and the report in hand."""
    open_notebook(EXERCISE).run_all()
    start(page)
    decide(page, 3, "By mouse.")
    first = plotted(page)
    assert [event["note"] for event in decisions(lab)] == ["By mouse."]

    # The second decision, from the outcomes on, with the keyboard alone.
    page.keyboard.press("Tab")
    focused = "() => document.activeElement.textContent.trim()"
    for _ in range(20):
        if page.evaluate(focused) == "Continue":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(tab(page, "Situation")).to_have_attribute("aria-selected", "true")
    tab(page, "Situation").focus()
    page.keyboard.press("ArrowRight")
    expect(tab(page, "Decide")).to_be_focused()
    radios = panel(page).get_by_role("radio")
    asked = panel(page).locator("form.kit-prediction")
    for left in range(asked.count() - 1, -1, -1):
        reach(page, "number")
        page.keyboard.type("4")
        if "Low end" in page.evaluate("() => document.activeElement.ariaLabel ?? ''"):
            page.keyboard.press("Tab")
            page.keyboard.type("9")
        page.keyboard.press("Enter")
        expect(asked).to_have_count(left)
    reach(page, "radio")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(radios.nth(1)).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("By keyboard: aabbdd")  # letters that are notebook commands elsewhere
    reach(page, "range")
    page.keyboard.press("ArrowRight")
    expect(panel(page).locator("output")).to_have_text("55 %")
    reach(page, "submit")
    page.keyboard.press("Enter")
    expect(tab(page, "Outcomes")).to_have_attribute("aria-selected", "true")
    for _ in range(40):  # the new chart follows the new tab
        if (second := plotted(page)) != first:
            break
        page.wait_for_timeout(250)
    assert len(second) == len(first)
    assert second != first, "the plotted numbers did not change"
    taken = decisions(lab)
    assert [event["note"] for event in taken] == ["By mouse.", "By keyboard: aabbdd"]
    assert taken[1]["confidence"] == 55

    assert serious(page) == []
    tab(page, "Log").click()
    with page.expect_download() as download:
        button(page, "Download the after-action report").click()
    report = tmp_path / "report.html"
    download.value.save_as(report)
    watch_offline(page, report, "By keyboard: aabbdd")
    assert watch.received <= BYTES, f"{watch.received} bytes came over the websocket"


def reach(page, kind):
    """Press Tab until a control of this kind has the focus."""
    for _ in range(40):
        if page.evaluate("() => document.activeElement.type") == kind:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach a control of the kind {kind}")


def watch_offline(page, report, expected):
    """The downloaded report opens in a browser without a network and asks for nothing."""
    context = page.context.browser.new_context(offline=True)
    asked = []
    reader = context.new_page()
    reader.on("request", lambda request: asked.append(request.url))
    reader.goto(report.as_uri())
    assert expected in reader.locator("body").inner_text()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    context.close()


def test_the_kernel_restarts_and_nothing_is_lost(lab, page, open_notebook):
    opened = open_notebook(EXERCISE)
    opened.run_all()
    start(page)
    decide(page, 2, "Before the crash.")
    tab(page, "Decide").click()
    why(page).fill("A reason half written")
    before = saved(lab)
    for _ in range(60):  # a draft is kept a moment after the last key, while the kernel is free
        if before["draft"]:
            break
        page.wait_for_timeout(250)
        before = saved(lab)
    assert before["draft"]["note"] == "A reason half written"
    restart_kernel(opened)
    opened.run_all()
    notice = panel(page).locator(".kit-notice")
    expect(notice).to_contain_text("Your saved play was continued, with 1 decision so far.")
    tab(page, "Decide").click()
    expect(why(page)).to_have_value("A reason half written")
    assert saved(lab)["log"] == before["log"]
    notice.get_by_role("button", name="Start a new play").click()
    start(page)
    assert (lab.capsules / "shared-warning.1.json").exists(), "the old play was not kept"


def test_run_all_twice_shows_one_working_panel(lab, page, open_notebook):
    opened = open_notebook(EXERCISE)
    opened.set_theme("JupyterLab Dark")
    opened.run_all()
    start(page)
    decide(page, 1)
    opened.run_all()
    expect(panel(page).locator(".kit-notice")).to_contain_text("1 decision so far")
    decide(page, 1)
    assert len(decisions(lab)) == 2
    assert serious(page) == []


def test_first_notebook_leads_to_a_decision_and_the_exercise_goes_on_from_it(
    lab, page, open_notebook
):
    open_notebook(NOTEBOOKS / "00_start_here.ipynb").run_all()
    button(page, "Go to the decision").click()
    decide(page, 3, "First decision.")
    assert plotted(page)
    open_notebook(EXERCISE).run_all()
    expect(panel(page).locator(".kit-notice")).to_contain_text("1 decision so far")
    open_notebook(NOTEBOOKS / "11_hot_wash.ipynb").run_all()
    expect(panel(page)).to_contain_text("First decision.")
    with page.expect_download() as download:
        button(page, "Download the after-action report").click()
    assert download.value.suggested_filename == "shared-warning-after-action-report.html"


def test_a_notebook_that_was_not_run_reads_well(page, open_notebook):
    opened = open_notebook(EXERCISE, fresh=False)
    expect(opened.cells.filter(has_text="Shift+Enter").first).to_be_visible()
    assert nbformat.read(EXERCISE, as_version=4).metadata.get("widgets") is None


def test_two_tabs_on_one_notebook_show_one_play(lab, page, open_notebook, watch):
    """A decision in one tab of the browser is there in the other; nothing typed is lost."""
    opened = open_notebook(EXERCISE)
    opened.run_all()
    start(page)
    opened.menu("File", "Save Notebook")
    for _ in range(60):
        if "application/vnd.jupyter.widget-view+json" in opened.path.read_text(encoding="utf-8"):
            break
        page.wait_for_timeout(250)
    other = page.context.new_page()
    watch.follow(other, lab.url)
    other.goto(f"{lab.url}/lab/workspaces/other/tree/{opened.path.name}?reset")
    tab(other, "Decide").wait_for()
    pass_predictions(page)
    why(page).fill("Typed in the first tab.")
    tab(other, "Decide").click()
    panel(other).get_by_role("radio").nth(1).check()
    why(other).fill("Decided in the second tab.")
    button(other, "Commit this decision").click()
    for one in (page, other):
        expect(tab(one, "Outcomes")).to_have_attribute("aria-selected", "true")
    assert [event["note"] for event in decisions(lab)] == ["Decided in the second tab."]
    decide(page, 0, "Then in the first.")
    tab(other, "Log").click()
    expect(panel(other).locator(".kit-log")).to_contain_text("Then in the first.")
    assert len(decisions(lab)) == 2
    other.close()
