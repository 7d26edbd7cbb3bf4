"""The article on trial in a real JupyterLab: commit, then see; keyboard, restart, score."""

from __future__ import annotations

import json
import re

import nbformat
import pytest
from playwright.sync_api import expect

from kit.claims import claims
from kit.claims.record import SHORT

CLAIMS = claims()
ERROR = CLAIMS["c09"]


@pytest.fixture
def notebook(lab, open_notebook):
    """A notebook with one panel, and the file it saves to."""
    code = "from kit.widgets.trial import read_article\nread_article()"
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    opened = open_notebook(node)
    opened.run_all()
    expect(panel(opened).get_by_role("heading", level=3).first).to_be_visible()
    return opened, lab.capsules / "read-the-article.json"


def panel(opened):
    return opened.page.locator(".kit-trial")


def claim(view, number):
    """Open a claim from the bar."""
    view.get_by_role("navigation").get_by_role("button", name=f"Claim {number},").click()
    expect(view.locator(".kit-claim-body h3")).to_have_text(re.compile(f"^Claim {number} "))


def mark(view, number, verdict, sure):
    claim(view, number)
    view.get_by_role("radio", name=verdict, exact=True).check()
    view.get_by_role("slider").fill(str(sure))
    view.get_by_role("button", name="Commit, then see the verdict").click()
    expect(view.locator(".kit-outcome")).to_be_focused()


def test_the_verdict_comes_only_after_the_commit_with_its_sources(notebook):
    opened, file = notebook
    view, page = panel(opened), opened.page
    claim(view, 9)
    expect(view).to_contain_text(ERROR.text)
    expect(view).to_contain_text("paragraph 4 of the article")
    assert ERROR.finding not in page.content()
    commit = view.get_by_role("button", name="Commit, then see the verdict")
    commit.click()
    expect(view.get_by_role("alert").last).to_have_text("Choose one of the four verdicts first.")
    view.get_by_role("radio", name="Inaccurate", exact=True).check()
    commit.click()
    expect(view.get_by_role("alert").last).to_contain_text("how sure you are")
    view.get_by_text("Open the evidence").click()
    view.get_by_role("button", name="hold a stand-alone trilateral summit").click()
    expect(view.locator(".kit-evidence-card")).to_contain_text("18 August 2023")
    view.get_by_role("slider").fill("80")
    commit.click()
    expect(view.locator(".kit-outcome")).to_have_text("✓ You and the record agree")
    expect(view.locator(".kit-reveal")).to_contain_text("Inaccurate, 80 % sure")
    expect(view.locator(".kit-record-says")).to_contain_text(ERROR.finding)
    link = view.locator(".kit-bearing").get_by_role("link").last
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    expect(view.get_by_role("status")).to_contain_text("1 of 1 right (100 %); Brier score 0.04")
    expect(view.get_by_role("radio")).to_have_count(0)
    (line,) = json.loads(file.read_text("utf-8"))["log"]
    assert (line["claim"], line["verdict"], line["sure"]) == ("c09", "inaccurate", 80)


def test_the_short_path_ends_in_a_score_with_a_chart(notebook):
    opened, _ = notebook
    view = panel(opened)
    for name in SHORT:
        mark(view, CLAIMS[name].number, "Confirmed", 75)
    expect(view.locator(".kit-score")).to_contain_text("2 of 8 right (25 %); Brier score")
    expect(view.locator(".kit-score")).to_contain_text("8 answers show little")
    expect(view.locator(".kit-score .scatterlayer .point")).to_have_count(1)
    view.get_by_role("button", name="See your score").click()
    expect(view.get_by_role("heading", name="Your score so far")).to_be_focused()
    view.get_by_role("button", name="All 30 claims").click()
    expect(view).to_contain_text("8 of 30 claims marked")


def test_the_keyboard_is_enough(notebook):
    opened, _ = notebook
    view, page = panel(opened), opened.page
    view.get_by_role("navigation").get_by_role("button", name="Claim 8,").press("Enter")
    expect(view.locator(".kit-claim-body h3")).to_be_focused()
    page.keyboard.press("Tab")  # the evidence
    page.keyboard.press("Enter")
    expect(view.locator(".kit-bearing")).to_have_attribute("open", "")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(view.get_by_role("radio", name="Confirmed", exact=True)).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(view.get_by_role("radio", name="Confirmed with a nuance")).to_be_checked()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(view.locator("output")).to_have_text("50 %")
    page.keyboard.press("ArrowRight")
    expect(view.locator("output")).to_have_text("55 %")
    page.keyboard.press("Tab")
    page.keyboard.type("dd reads")  # two letters that delete a cell elsewhere
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(view.locator(".kit-outcome")).to_be_focused()
    expect(view.locator(".kit-reveal")).to_contain_text("dd reads")
    expect(opened.cells).to_have_count(1)


def test_a_withdrawal_shows_and_does_not_count(notebook):
    opened, _ = notebook
    view = panel(opened)
    mark(view, 8, "Inaccurate", 90)
    view.get_by_role("button", name="Withdraw this mark").click()
    expect(view).to_contain_text("You withdrew your mark after seeing the verdict.")
    expect(view.locator(".kit-score")).to_contain_text("No mark counts yet")
    expect(view.locator(".kit-score")).to_contain_text("Brier score 0.81")
    bar = view.get_by_role("navigation")
    expect(bar.get_by_role("button", name="Claim 8, mark withdrawn")).to_be_visible()
    mark(view, 8, "Confirmed", 100)
    expect(view.locator(".kit-reveal")).to_contain_text("kept, but not counted")


def test_what_was_typed_and_committed_survives_a_restart(notebook):
    opened, file = notebook
    view = panel(opened)
    mark(view, 9, "Inaccurate", 65)
    claim(view, 12)
    view.get_by_role("radio", name="Confirmed with a nuance").check()
    view.get_by_label("Why? One sentence").fill("<b>visit</b>")
    for _ in range(100):
        kept = json.loads(file.read_text("utf-8"))["drafts"].get("c12", {})
        if "note" in kept:  # the verdict may be saved before the note is typed
            break
        opened.page.wait_for_timeout(200)
    assert kept == {"verdict": "confirmed-with-nuance", "note": "<b>visit</b>"}
    opened.menu("Kernel", "Restart Kernel and Run All Cells…")
    opened.page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(view).to_contain_text("1 of 8 claims marked", timeout=60_000)
    expect(view.locator(".kit-claim-body h3")).to_contain_text("Claim 2 ")
    claim(view, 12)
    expect(view.get_by_role("radio", name="Confirmed with a nuance")).to_be_checked()
    expect(view.get_by_label("Why? One sentence")).to_have_value("<b>visit</b>")


def test_the_log_can_be_taken_along(notebook):
    opened, file = notebook
    view = panel(opened)
    mark(view, 8, "Confirmed", 70)
    with opened.page.expect_download() as download:
        view.get_by_role("button", name="Download my log").click()
    assert download.value.suggested_filename == file.name
    assert download.value.path().read_bytes() == file.read_bytes()
