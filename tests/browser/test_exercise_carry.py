"""Undo, a second future from the graph, and plays by file and by code, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from browser.stage import EXERCISE, decide, new_play, pass_all
from kit import api, store


def notes(log):
    return [event.note for event in log if event.kind == "decide"]


def test_a_decision_can_be_taken_back(fresh):
    stage = new_play(fresh)
    decide(stage, 0, "Too soon.")
    stage.tab("Log")
    stage.press("Take back the last decision")
    expect(stage.root.locator("[aria-live=polite]").first).to_have_text(
        "The decision was taken back."
    )
    expect(stage.shown().get_by_role("heading").first).to_be_focused()
    stage.tab("Outcomes")
    expect(stage.shown()).to_contain_text("Outcomes open after your first decision")
    kinds = [event.kind for event in stage.panel.session.log]
    assert kinds.index("withdraw") > kinds.index("decide")
    decide(stage, 1, "Better.")
    assert notes(stage.panel.session.log) == ["Too soon.", "Better."]
    assert [row["note"] for row in stage.panel.view["decisions"]] == ["Better."]


def test_committing_without_an_option_says_what_to_do(fresh):
    stage = new_play(fresh)
    pass_all(stage)
    stage.press("Commit this decision")
    hint = stage.root.locator(".kit-decide .kit-form-message")
    expect(hint).to_have_text("Choose one of the options first.")
    expect(stage.root.locator(".kit-decide input[type=radio]").first).to_be_focused()
    assert stage.panel.view["decisions"] == []


def test_a_second_future_begins_in_the_graph_and_the_first_stays(fresh, capsules):
    """By mouse on an option in the graph; then back to the first future by keyboard."""
    stage = new_play(fresh)
    page = stage.page
    decide(stage, 0, "The first future.")
    decide(stage, 0)
    kept = store.read(capsules / f"{EXERCISE}.json")
    assert stage.root.locator(".kit-fork").count() == 0  # nothing is drawn before it is asked for
    stage.tab("Paths")
    graph = stage.root.locator(".kit-plot:visible")
    graph.locator(".scatterlayer .points path").first.wait_for()
    chosen = stage.root.get_by_label("Your decision")
    expect(chosen.locator("option")).to_have_count(2)
    first = chosen.locator("option").first.text_content()
    expect(chosen).not_to_have_value(chosen.locator("option").first.get_attribute("value"))
    marks = graph.locator(".scatterlayer .points path")
    told = stage.root.locator(".kit-fork-told")
    for place in range(marks.count()):  # until one of them is an option of the first decision
        marks.nth(place).scroll_into_view_if_needed()  # a click moves the focus, and the page
        box = marks.nth(place).bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.click(x, y)
        if first in (told.text_content() or ""):
            break
    expect(told).to_contain_text(f"Chosen in the graph: {first}")
    expect(stage.button("Fork here")).to_be_focused()
    page.keyboard.press("Enter")
    notice = stage.root.locator(".kit-notice")
    expect(notice).to_contain_text("A second future begins just before")
    expect(notice).to_contain_text("You are in the second future.")
    expect(stage.tab_of("Decide")).to_have_attribute("aria-selected", "true")
    assert not any(one["open"] for one in stage.panel.view["predictions"])
    decide(stage, 1, "The second future.")
    assert store.read(capsules / f"{EXERCISE}.json") == kept
    other = store.read(capsules / f"{EXERCISE}-fork-1.json")
    assert notes(other.log) == ["The second future."]
    notice.get_by_role("button", name="Go to the first future").focus()
    page.keyboard.press("Enter")
    expect(notice).to_contain_text("You are in the first future.")
    stage.tab("Log")
    expect(stage.root.locator(".kit-log")).to_contain_text("The first future.")
    expect(stage.root.locator(".kit-log")).not_to_contain_text("The second future.")


def test_a_play_goes_by_code_to_another_machine(fresh, tmp_path, monkeypatch):
    stage = new_play(fresh)
    decide(stage, 1, "Only the file knows why.")
    stage.tab("Log")
    code = stage.root.get_by_label("Code of this play")
    expect(code).to_have_value(re.compile(r"^([2-9A-Z]{4}-)+[2-9A-Z]{1,4}$"))
    typed = code.input_value()
    stage.press("Copy the code")
    expect(
        stage.root.get_by_text("The code was copied.").or_(
            stage.root.get_by_text("The code is selected")
        )
    ).to_be_visible()

    monkeypatch.setenv("KIT_CAPSULES", str(tmp_path / "elsewhere"))
    other = fresh(api.play(EXERCISE))
    other.root.get_by_text("Continue a play from another machine").click()
    field = other.root.get_by_label("Continue from a code")
    wrong = typed[:-1] + ("2" if typed[-1] != "2" else "3")
    field.fill(wrong)
    field.press("Enter")
    expect(other.root.get_by_role("alert").first).to_contain_text("A letter of this code is wrong")
    expect(field).to_have_value(wrong)
    field.fill(typed.lower().replace("-", " "))
    other.press("Continue from this code")
    expect(other.root.locator(".kit-notice")).to_contain_text("with 1 decision so far.")
    assert other.panel.session.hash == stage.panel.session.hash
    assert notes(other.panel.session.log) == [""]


def test_a_play_goes_by_file_to_another_machine(fresh, tmp_path, monkeypatch):
    stage = new_play(fresh)
    decide(stage, 1, "Only the file knows why.")
    stage.tab("Log")
    with stage.page.expect_download() as download:
        stage.press("Download this play")
    file = tmp_path / "play.json"
    download.value.save_as(file)

    monkeypatch.setenv("KIT_CAPSULES", str(tmp_path / "elsewhere"))
    other = new_play(fresh)
    decide(other, 0, "Mine.")
    other.tab("Log")
    before = other.panel.session.log
    upload = other.root.get_by_label("Continue from a file")
    refusal = other.root.get_by_role("alert").first
    broken = tmp_path / "broken.json"
    broken.write_text(file.read_text("utf-8")[:-40], "utf-8")
    upload.set_input_files(broken)
    expect(refusal).to_contain_text("It is not JSON")
    huge = tmp_path / "huge.json"
    huge.write_bytes(b" " * 4_000_001)
    upload.set_input_files(huge)
    expect(refusal).to_contain_text("huge.json is too large")
    assert other.panel.session.log == before
    upload.set_input_files(file)
    notice = other.root.locator(".kit-notice")
    expect(notice).to_contain_text("You are in the continued play.")
    other.tab("Log")
    expect(other.root.locator(".kit-log")).to_contain_text("Only the file knows why.")
    assert other.panel.session.log == stage.panel.session.log
    notice.get_by_role("button", name="Go to the play before").click()
    other.tab("Log")
    expect(other.root.locator(".kit-log")).to_contain_text("Mine.")


def test_a_new_play_begins_from_the_log_and_the_old_one_is_kept(fresh, capsules):
    stage = new_play(fresh)
    decide(stage, 0, "The old one.")
    stage.tab("Log")
    stage.press("Start a new play")
    stage.press("Start the exercise")
    expect(stage.tab_of("Situation")).to_have_attribute("aria-selected", "true")
    assert stage.panel.view["decisions"] == []
    assert notes(store.read(capsules / f"{EXERCISE}.1.json").log) == ["The old one."]


def test_what_happens_elsewhere_does_not_disturb_who_types(fresh):
    """A note taken in Python while somebody types: words, place of the cursor and focus stay."""
    stage = new_play(fresh)
    pass_all(stage)
    field = stage.root.get_by_label("Why?")
    field.fill("Because of the radar")
    field.press("Home")
    stage.panel.session.note("Seen from outside.")
    stage.update()
    expect(stage.root.locator(".kit-log")).to_contain_text("Seen from outside.")
    expect(field).to_be_focused()
    stage.page.keyboard.type("Only ")
    expect(field).to_have_value("Only Because of the radar")
