"""The exercise panel in a real browser without JupyterLab: modes, predictions, clock, two futures.

What depends on JupyterLab (its keys, kernel and notebooks) is in ``test_exercise_browser.py``.
"""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from browser.stage import EXERCISE, decide, new_play, pass_all
from kit import api, store
from kit.errors import StoreError

HOSTILE = (
    "<img src=x onerror=\"document.title='hit'\"><script>document.title='hit'</script>",
    "🚀👩🏽‍🚀" * 200,
    "אני חושב \u202ehidden\u202c",
    '=HYPERLINK("http://x","y")',
)


# --- the situation ------------------------------------------------------------------------------


def test_an_evidence_chip_opens_its_sourced_card(fresh):
    stage = new_play(fresh)
    chip = stage.root.locator(".kit-inject .kit-chip").first
    chip.focus()
    stage.page.keyboard.press("Enter")
    card = stage.root.locator(".kit-evidence-card")
    expect(chip).to_have_attribute("aria-expanded", "true")
    expect(card.locator("a").first).to_have_attribute("href", re.compile("^https?://"))
    stage.page.keyboard.press("Enter")
    expect(card).to_have_count(0)


# --- predictions --------------------------------------------------------------------------------


def test_predictions_are_sealed_before_anything_opens(fresh):
    stage = new_play(fresh)
    stage.tab("Outcomes")
    expect(stage.shown()).to_contain_text("Say first what you expect")
    stage.tab("Decide")
    commit = stage.button("Commit this decision")
    expect(commit).to_have_attribute("aria-disabled", "true")
    expect(commit).to_have_accessible_description(re.compile("^2 predictions above"))
    stage.root.locator(".kit-decide input[type=radio]").first.check()
    commit.click(force=True)
    expect(stage.root.locator(".kit-decide .kit-form-message")).to_contain_text("Seal or pass")
    assert stage.panel.view["decisions"] == []

    number, slider = stage.root.get_by_label("Percent", exact=True), stage.root.get_by_label(
        "Percent, as a slider"
    )  # fmt: skip
    expect(number).to_be_focused()
    stage.root.get_by_label("Why?").fill("Half a rea")
    stage.button(re.compile("^Seal")).first.click()
    expect(stage.root.locator(".kit-prediction .kit-form-message").first).to_contain_text(
        "Choose a number"
    )
    number.fill("130")
    stage.button(re.compile("^Seal")).first.click()
    expect(stage.root.locator(".kit-prediction .kit-form-message").first).to_contain_text(
        "between 0 and 100"
    )
    number.fill("70")
    expect(slider).to_have_value("70")
    slider.fill("35")
    expect(number).to_have_value("35")
    number.press("Enter")
    sealed = stage.root.locator(".kit-sealed").first
    expect(sealed).to_contain_text("You said 35 %")
    (said,) = stage.panel.session.predictions()
    expect(sealed).to_contain_text(said.seal[:8])
    assert sealed.locator("input, button").count() == 0
    expect(stage.root.get_by_label("Why?")).to_have_value("Half a rea")

    low = stage.root.get_by_label(re.compile("^Low end"))
    expect(low).to_be_focused()  # the next question waits
    low.fill("30")
    stage.root.get_by_label(re.compile("^High end")).fill("-20")
    stage.button(re.compile("^Seal")).click()
    expect(stage.root.locator(".kit-prediction .kit-form-message")).to_contain_text("not be above")
    low.fill("-60.5")
    stage.button(re.compile("^Seal")).click()
    expect(stage.root.locator(".kit-sealed").nth(1)).to_contain_text("−60.5 to −20 s")
    expect(stage.root.locator(".kit-question")).to_be_focused()
    expect(commit).not_to_have_attribute("aria-disabled", "true")
    stage.root.locator(".kit-decide input[type=radio]").first.check()
    stage.press("Commit this decision")
    expect(stage.root.locator(".kit-foresight")).to_contain_text(said.seal[:8])


def test_what_is_typed_into_a_prediction_outlives_a_reload(fresh, capsules):
    stage = new_play(fresh)
    stage.tab("Decide")
    stage.root.get_by_label("Percent", exact=True).fill("12")
    stage.root.get_by_label(re.compile("^High end")).fill("4")
    stage.wait(lambda: store.read(capsules / f"{EXERCISE}.json").draft.get("predictions"))
    again = fresh(api.play(EXERCISE))
    again.tab("Decide")
    expect(again.root.get_by_label("Percent", exact=True)).to_have_value("12")
    expect(again.root.get_by_label(re.compile("^High end"))).to_have_value("4")


# --- hot seat -----------------------------------------------------------------------------------


def test_a_hot_seat_is_played_to_its_end_and_shows_each_government_only_its_own(fresh):
    stage = new_play(fresh, "hot-seat")
    session = stage.panel.session
    scenario = session.scenario
    assert session.mode == "hot-seat"
    assert {*session.state.roles} == {*scenario.playable}
    reasons = {role: f"secret reason of {role}" for role in scenario.playable}

    def known():
        """Return everything that has reached the browser."""
        return stage.page.content() + json.dumps(stage.panel.view, ensure_ascii=False)

    taken = []
    while session.open:
        choice, role = session.open[0], session.open[0].role
        name = scenario.roles[role].name
        if not taken or taken[-1] != role:
            expect(stage.root.locator(".kit-handover")).to_contain_text(f"Only {name} looks now")
            private = [other.brief for other in scenario.roles.values()]
            assert [words for words in (*private, *reasons.values()) if words in known()] == []
            assert stage.root.locator(".kit-inject, textarea, .kit-log").count() == 0
            if taken:
                expect(stage.root.locator(".kit-handover h3")).to_be_focused()
            stage.press(f"I speak for {name}: open my messages")
            expect(stage.shown().locator(".kit-brief")).to_contain_text(scenario.roles[role].brief)
        foreign = [
            *(other.brief for key, other in scenario.roles.items() if key != role),
            *(i.text for m in scenario.moves.values() for i in m.injects if role not in i.to),
            *(words for key, words in reasons.items() if key != role),
        ]
        assert [words for words in foreign if words in known()] == []
        assert choice.question in stage.page.content()
        decide(stage, 0, reasons[role])
        taken.append(role)
        if session.open and session.open[0].role != role:
            assert session.open[0].question not in known()
            stage.press(f"Hand over to {scenario.roles[session.open[0].role].name}")
    assert {*taken} == {*scenario.playable}
    stage.tab("Log")
    for words in reasons.values():  # over: now everything is open to everybody
        expect(stage.root.locator(".kit-log")).to_contain_text(words)
    expect(stage.button("Download the after-action report")).to_be_visible()


def test_in_a_hot_seat_nobody_decides_for_another(fresh):
    stage = new_play(fresh, "hot-seat")
    session = stage.panel.session
    before = session.log
    choice = session.open[0]
    for message in (
        {"kind": "decide", "choice": choice.id, "option": next(iter(choice.options))},
        {"kind": "predict", "prediction": "p1-over", "probability": 5},
        {"kind": "seat", "role": next(r for r in session.state.roles if r != choice.role)},
        {"kind": "seat", "role": ""},
        {"kind": "report"},
    ):
        stage.tell(message)
        assert stage.panel.error
        assert session.log == before
        assert stage.panel.view["stage"] == "handover"


# --- a room -------------------------------------------------------------------------------------


def test_a_room_reads_large_type_and_counts_hands(fresh):
    desk = new_play(fresh, "solo", save=False, width=1840)
    room = new_play(fresh, "room", width=1840)
    sizes = [
        float(
            stage.root.locator(".kit-inject-text p").first.evaluate(
                "p => getComputedStyle(p).fontSize.slice(0, -2)"
            )
        )
        for stage in (desk, room)
    ]
    assert sizes[1] == pytest.approx(1.5 * sizes[0])
    brief = room.panel.session.scenario.roles["jpn"].brief
    assert brief not in room.page.content()
    assert brief not in json.dumps(room.panel.view, ensure_ascii=False)
    expect(room.root).to_contain_text("reads its own on paper")
    pass_all(room)
    room.root.get_by_label(re.compile("^Votes for option A")).fill("12")
    room.root.get_by_label(re.compile("^Votes for option C")).fill("7")
    room.root.locator(".kit-decide input[type=radio]").first.check()
    room.press("Commit this decision")
    expect(room.root.locator(".kit-last")).to_contain_text("Votes in the room")
    event = next(e for e in room.panel.session.log if e.kind == "decide")
    options = list(room.panel.session.scenario.choices[event.name].options)
    assert event.votes == {options[0]: 12, options[2]: 7}
    heading = room.root.locator(".kit-plot:visible .annotation-text text, "
                                ".kit-plot:visible .annotation text").first  # fmt: skip
    expect(heading).to_be_visible()
    assert heading.evaluate("t => parseFloat(getComputedStyle(t).fontSize)") == pytest.approx(19.5)
    assert room.page.evaluate(
        "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


# --- the clock ----------------------------------------------------------------------------------


def test_the_clock_runs_pauses_speaks_and_is_kept(fresh):
    stage = new_play(fresh, "room", "All of them")
    page, clock = stage.page, stage.root.locator(".kit-clock")
    page.clock.install()
    live = stage.root.locator("[aria-live=polite]").first
    face = clock.get_by_role("timer")
    expect(face).to_have_text("9:00")
    stage.press("Start the clock")
    page.clock.run_for(61_000)
    expect(face).to_have_text("7:59")
    stage.press("Pause the clock")
    page.clock.run_for(60_000)
    expect(face).to_have_text("7:59")
    expect(clock).to_contain_text("paused")
    kept = stage.panel.session.draft["clock"]
    assert kept["ends"] is None
    assert 478 < kept["left"] < 480
    stage.press("Resume the clock")
    page.clock.run_for(180_000)
    expect(live).to_have_text("5 minutes are left in this move.")
    decide(stage)  # the clock belongs to the move, not to a decision
    assert stage.panel.session.draft["clock"]["move"] == stage.panel.session.move.id
    page.clock.run_for(240_000)
    expect(live).to_have_text("1 minute is left in this move.")
    page.clock.run_for(60_000)
    expect(live).to_have_text(re.compile("^The time of this move is up"))
    expect(face).to_have_text("0:00")
    assert stage.button("Start the clock").count() == 0
    stage.press("Set back")
    expect(face).to_have_text("9:00")
    expect(stage.button("Start the clock")).to_be_focused()


def test_a_clock_that_runs_goes_on_after_the_cell_is_run_again(fresh):
    stage = new_play(fresh)
    stage.press("Start the clock")
    stage.wait(lambda: "clock" in stage.panel.session.draft)
    again = fresh(api.play(EXERCISE))
    expect(again.button("Pause the clock")).to_be_visible()


# --- two futures --------------------------------------------------------------------------------


def test_two_futures_stand_side_by_side(fresh):
    stage = new_play(fresh)
    decide(stage, 0, "One.")
    stage.tab("Paths")
    expect(stage.root.locator(".kit-beside")).to_be_hidden()
    stage.press("Fork here")
    expect(stage.tab_of("Decide")).to_have_attribute("aria-selected", "true")
    assert stage.panel.view["predictions"] == [] or not any(
        one["open"] for one in stage.panel.view["predictions"]
    )
    decide(stage, 1, "Other.")
    stage.tab("Paths")
    both = stage.root.locator(".kit-beside")
    decided = both.get_by_role("region", name="Decided unlike")
    first, second = stage.panel._others[0][1], stage.panel._others[1][1]
    for play in (first, second):
        entry = next(e for e in play.log if e.kind == "decide")
        expect(decided).to_contain_text(play.scenario.choices[entry.name].label(entry.value))
    measures = both.get_by_role("region", name="Every measure of both")
    assert measures.locator("tbody tr").count() == len(first.scenario.measures)
    expect(measures).to_contain_text(re.compile(r"\((better|worse)\)"))
    both.locator(".kit-plot .scatterlayer .points path").first.wait_for()
    stage.press("Go to the first future")
    stage.tab("Log")
    expect(stage.root.locator(".kit-log")).to_contain_text("One.")


# --- what goes wrong ----------------------------------------------------------------------------


def test_a_play_that_cannot_be_saved_says_so_and_offers_itself(fresh, monkeypatch):
    stage = new_play(fresh)

    def fail(_path, _capsule):
        raise StoreError("Your play is not saved: the disk is full.")

    monkeypatch.setattr(store, "write", fail)
    decide(stage)
    warning = stage.root.locator(".kit-unsaved")
    expect(warning).to_contain_text("the disk is full")
    with stage.page.expect_download() as download:
        warning.get_by_role("button", name="Download this play now").click()
    assert download.value.suggested_filename == f"{EXERCISE}.json"
    monkeypatch.undo()
    decide(stage)
    expect(warning).to_be_hidden()


def test_whatever_is_typed_stays_text(fresh):
    stage = new_play(fresh)
    pass_all(stage)
    words = "\n".join(HOSTILE)
    stage.root.get_by_label("What would change your mind?").fill(words)
    decide(stage, 0, words)
    stage.tab("Log")
    log = stage.root.locator(".kit-log")
    for part in HOSTILE:
        expect(log).to_contain_text(part)
    assert log.locator("img, script, b, a").count() == 0
    assert stage.page.title() == "stage"
    event = next(e for e in stage.panel.session.log if e.kind == "decide")
    assert (event.note, event.change_mind) == (words, words)


WRITE = "(f, n) => { f.value = 'x'.repeat(n); f.dispatchEvent(new Event('input')); }"


def test_a_reason_of_100_kilobytes_is_shown_as_text_without_breaking_the_page(fresh):
    stage = new_play(fresh)
    pass_all(stage)
    stage.root.locator(".kit-decide input[type=radio]").first.check()
    stage.root.get_by_label("Why?").evaluate(WRITE, 100_000)
    stage.press("Commit this decision")
    expect(stage.root.locator(".kit-last")).to_be_visible()
    stage.tab("Log")
    expect(stage.root.locator(".kit-log")).to_contain_text("x" * 100_000)
    wide = stage.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide


def test_a_reason_too_long_to_be_kept_is_refused_and_stays_in_the_field(fresh):
    stage = new_play(fresh)
    pass_all(stage)
    stage.root.locator(".kit-decide input[type=radio]").first.check()
    field = stage.root.get_by_label("Why?")
    field.evaluate(WRITE, 200_000)
    stage.press("Commit this decision")
    expect(stage.root.get_by_role("alert").first).to_contain_text("at most 120,000 fit")
    assert len(field.input_value()) == 200_000
    assert stage.panel.view["decisions"] == []
    field.fill("Short.")
    stage.press("Commit this decision")
    expect(stage.root.locator(".kit-last")).to_be_visible()


def test_a_team_may_have_a_name(fresh):
    stage = fresh(api.play(EXERCISE, seed=7))
    stage.root.get_by_label("A name for your team, if you like").fill("Table <b>3</b>")
    stage.press("Start the exercise")
    stage.tab("Decide")
    assert stage.panel.session.alias == "Table <b>3</b>"
