"""The exercise in a real JupyterLab: by mouse, by keyboard, after a killed kernel, and offline."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

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


def decide(page, option, note=""):
    """Take the decision with the mouse."""
    tab(page, "Decide").click()
    panel(page).get_by_role("radio").nth(option).check()
    if note:
        panel(page).get_by_role("textbox").fill(note)
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
    opened.page.locator(".jp-Dialog .jp-mod-warn").click()
    opened.page.locator(".jp-Dialog").wait_for(state="detached")
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
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.type") == "radio":
            break
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(radios.nth(1)).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("By keyboard: aabbdd")  # letters that are notebook commands elsewhere
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(panel(page).locator("output")).to_have_text("55 %")
    for _ in range(5):
        page.keyboard.press("Tab")
        if page.evaluate(focused) == "Commit this decision":
            break
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

    tab(page, "Log").click()
    with page.expect_download() as download:
        button(page, "Download the after-action report").click()
    report = tmp_path / "report.html"
    download.value.save_as(report)
    watch_offline(page, report, "By keyboard: aabbdd")
    assert watch.received <= BYTES, f"{watch.received} bytes came over the websocket"


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
    panel(page).get_by_role("textbox").fill("A reason half written")
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
    expect(panel(page).get_by_role("textbox")).to_have_value("A reason half written")
    assert saved(lab)["log"] == before["log"]
    notice.get_by_role("button", name="Start a new play").click()
    start(page)
    assert (lab.capsules / "shared-warning.1.json").exists(), "the old play was not kept"


def test_a_decision_can_be_taken_back(lab, page, open_notebook):
    open_notebook(EXERCISE).run_all()
    start(page, "Tokyo")
    decide(page, 0)
    tab(page, "Log").click()
    button(page, "Take back the last decision").click()
    tab(page, "Outcomes").click()
    expect(panel(page)).to_contain_text("outcomes open after your first decision")
    kinds = [event["kind"] for event in saved(lab)["log"]]
    assert kinds.index("withdraw") > kinds.index("decide")


def test_what_a_learner_types_is_only_text(page, open_notebook):
    open_notebook(EXERCISE).run_all()
    start(page)
    decide(page, 0, "<img src=x onerror=\"document.title='hit'\"><b>bold</b>")
    tab(page, "Log").click()
    expect(panel(page).locator(".kit-log")).to_contain_text("<b>bold</b>")
    assert panel(page).locator(".kit-log img, .kit-log b").count() == 0
    assert page.title() != "hit"


def test_committing_without_an_option_says_what_to_do(lab, page, open_notebook):
    open_notebook(EXERCISE).run_all()
    start(page)
    tab(page, "Decide").click()
    button(page, "Commit this decision").click()
    expect(panel(page).get_by_role("alert").last).to_have_text("Choose one of the options first.")
    assert decisions(lab) == []


def test_run_all_twice_shows_one_working_panel(lab, page, open_notebook):
    opened = open_notebook(EXERCISE)
    opened.run_all()
    start(page)
    decide(page, 1)
    opened.run_all()
    expect(panel(page).locator(".kit-notice")).to_contain_text("1 decision so far")
    decide(page, 1)
    assert len(decisions(lab)) == 2


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


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_every_control_has_a_name_in_both_themes(page, open_notebook, theme):
    opened = open_notebook(EXERCISE)
    opened.set_theme(theme)
    opened.run_all()
    start(page)
    decide(page, 3)
    for name in ("Situation", "Decide", "Outcomes", "Paths", "Log"):
        tab(page, name).click()
        nameless = (
            panel(page)
            .locator("button, input, textarea, select, [role=img]")
            .evaluate_all(
                """all => all.filter(e => e.checkVisibility()).filter(e => !(
                e.getAttribute('aria-label') || e.textContent.trim() ||
                [...(e.labels ?? [])].some(l => l.textContent.trim())
            )).map(e => e.outerHTML)"""
            )
        )
        assert nameless == []


def test_a_notebook_that_was_not_run_reads_well(page, open_notebook):
    opened = open_notebook(EXERCISE, fresh=False)
    expect(opened.cells.filter(has_text="Shift+Enter").first).to_be_visible()
    assert nbformat.read(EXERCISE, as_version=4).metadata.get("widgets") is None


def test_a_second_future_begins_in_the_graph_and_the_first_stays(lab, page, open_notebook):
    """By mouse on an option in the graph; then back to the first future by keyboard."""
    open_notebook(EXERCISE).run_all()
    start(page)
    decide(page, 3, "The first future.")
    decide(page, 0)
    kept = saved(lab)
    assert panel(page).locator(".kit-fork").count() == 0  # nothing is drawn before it is asked for
    tab(page, "Paths").click()
    graph = panel(page).locator(".kit-plot:visible")
    graph.locator(".scatterlayer .points path").first.wait_for()
    chosen = panel(page).get_by_label("Your decision")
    expect(chosen.locator("option")).to_have_count(2)
    first = chosen.locator("option").first.text_content()
    expect(chosen).not_to_have_value(chosen.locator("option").first.get_attribute("value"))
    marks = graph.locator(".scatterlayer .points path").evaluate_all(
        """all => all.map(path => path.getBoundingClientRect())
            .map(box => [box.x + box.width / 2, box.y + box.height / 2])"""
    )
    told = panel(page).locator(".kit-fork-told")
    for x, y in marks:  # until one of them is an option of the first decision
        page.mouse.move(x, y)
        page.mouse.click(x, y)
        if first in (told.text_content() or ""):
            break
    expect(told).to_contain_text(f"Chosen in the graph: {first}")
    expect(button(page, "Fork here")).to_be_focused()
    page.keyboard.press("Enter")
    notice = panel(page).locator(".kit-notice")
    expect(notice).to_contain_text("A second future begins just before")
    expect(notice).to_contain_text("You are in the second future.")
    expect(tab(page, "Decide")).to_have_attribute("aria-selected", "true")
    decide(page, 0, "The second future.")
    assert saved(lab) == kept
    other = json.loads((lab.capsules / "shared-warning-fork-1.json").read_text(encoding="utf-8"))
    assert other["log"][-1] != kept["log"][-1]
    back = notice.get_by_role("button", name="Go to the first future")
    back.focus()
    page.keyboard.press("Enter")
    expect(notice).to_contain_text("You are in the first future.")
    tab(page, "Log").click()
    expect(panel(page).locator(".kit-log")).to_contain_text("The first future.")
    expect(panel(page).locator(".kit-log")).not_to_contain_text("The second future.")


def test_a_play_goes_by_file_and_by_code_to_another_machine(lab, page, open_notebook, tmp_path):
    open_notebook(EXERCISE).run_all()
    start(page)
    decide(page, 3, "Only the file knows why.")
    tab(page, "Log").click()
    with page.expect_download() as download:
        button(page, "Download this play").click()
    file = tmp_path / "play.json"
    download.value.save_as(file)
    code = panel(page).get_by_label("Code of this play")
    expect(code).to_have_value(re.compile(r"^([2-9A-Z]{4}-)+[2-9A-Z]{1,4}$"))
    typed = code.input_value()
    button(page, "Copy the code").click()
    expect(panel(page).get_by_text("The code was copied.").or_(
        panel(page).get_by_text("The code is selected"))).to_be_visible()  # fmt: skip
    log = saved(lab)["log"]

    # Another machine has no saved play. First the code, with a slip at first.
    for path in lab.capsules.iterdir():
        path.unlink()
    open_notebook(EXERCISE).run_all()
    panel(page).get_by_text("Continue a play from another machine").click()
    field = panel(page).get_by_label("Continue from a code")
    wrong = typed[:-1] + ("2" if typed[-1] != "2" else "3")
    field.fill(wrong)
    field.press("Enter")
    expect(panel(page).get_by_role("alert").first).to_contain_text(
        "A letter of this code is wrong"
    )
    expect(field).to_have_value(wrong)
    field.fill(typed.lower().replace("-", " "))
    button(page, "Continue from this code").click()
    notice = panel(page).locator(".kit-notice")
    expect(notice).to_contain_text("The play was continued, with 1 decision so far.")
    short = [(e["kind"], e.get("name"), e.get("value")) for e in log]
    assert [(e["kind"], e.get("name"), e.get("value")) for e in saved(lab)["log"]] == short
    assert "note" not in decisions(lab)[0]

    # Then the file: a damaged one changes nothing, the whole one brings the reasons back.
    tab(page, "Log").click()
    before = saved(lab)
    upload = panel(page).get_by_label("Continue from a file")
    broken = tmp_path / "broken.json"
    broken.write_text(file.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    upload.set_input_files(broken)
    expect(panel(page).get_by_role("alert").first).to_contain_text("It is not JSON")
    assert saved(lab) == before
    huge = tmp_path / "huge.json"
    huge.write_bytes(b" " * 4_000_001)
    upload.set_input_files(huge)
    expect(panel(page).get_by_role("alert").first).to_contain_text("huge.json is too large")
    upload.set_input_files(file)
    expect(notice).to_contain_text("You are in the continued play.")
    tab(page, "Log").click()
    expect(panel(page).locator(".kit-log")).to_contain_text("Only the file knows why.")
    assert saved(lab)["log"] == log
