"""The exercise panel for everybody: axe-core, the keyboard alone, any width, channels in gray."""

from __future__ import annotations

import itertools
import re

import pytest
from playwright.sync_api import expect

from browser.stage import EXERCISE, MODES, begin, decide, new_play, serious
from kit import api


def test_channels_differ_without_color(fresh):
    """Each channel has its own word, outline and type in gray, too."""
    stage = fresh(api.play("shared-warning", "kor", seed=7))
    looks = {}
    while stage.panel.session.open and len(looks) < 4:
        for one in stage.root.locator(".kit-inject").all():
            look = one.evaluate(
                """box => {
                    const word = box.querySelector('.kit-channel');
                    const [outer, inner] = [getComputedStyle(box), getComputedStyle(word)];
                    return [outer.borderTopStyle, outer.borderRadius, inner.fontFamily,
                            inner.fontStyle, inner.textTransform].join('|');
                }"""
            )
            word = one.locator(".kit-channel").text_content()
            assert one.locator(".kit-mark").text_content() == "EXERCISE ONLY"
            assert looks.setdefault(word, look) == look
        stage.panel.session.pass_predictions()
        stage.panel.session.decide(next(iter(stage.panel.session.open[0].options)),
                                   stage.panel.session.open[0].id)  # fmt: skip
        stage.update()
    assert {*looks} >= {"Cable", "Press", "Phone", "Sensor feed"}
    assert len({*looks.values()}) == len(looks)


@pytest.mark.parametrize("width", [940, 1840])
def test_nothing_sticks_out_at_small_and_large_widths(fresh, width):
    stage = new_play(fresh, "solo", width=width)
    decide(stage, 1)
    for name in ("Situation", "Decide", "Outcomes", "Paths", "Log"):
        stage.tab(name)
        out = stage.root.evaluate(
            """root => {
                const edge = root.getBoundingClientRect().right + 1;
                return [...root.querySelectorAll('*')].filter(e => e.checkVisibility()
                    && !e.closest('.kit-plot, .kit-hidden, .kit-table-box')
                    && e.getBoundingClientRect().right > edge).map(e => e.outerHTML.slice(0, 120));
            }"""
        )
        assert out == [], name


@pytest.mark.parametrize(("theme", "mode"), [*itertools.product(("light", "dark"), MODES)])
def test_axe_finds_nothing_serious_in_any_mode_or_theme(fresh, theme, mode):
    stage = fresh(api.play(EXERCISE, seed=7), theme=theme)
    if mode == "solo":
        assert serious(stage.page) == []
    begin(stage, mode)
    if mode == "hot-seat":
        assert serious(stage.page) == []
        stage.press(re.compile("^I speak for"))
    stage.tab("Paths")
    stage.tab("Log")
    if mode == "solo":
        assert serious(stage.page) == []
    decide(stage, 1, "A reason.")
    stage.root.locator(".kit-plot .scatterlayer .points path").first.wait_for()
    assert serious(stage.page) == []


def test_the_whole_exercise_is_played_by_keyboard_alone(fresh):
    """Tab, space, Enter and letters; nothing is clicked and nothing is focused by the test."""
    stage = fresh(api.play(EXERCISE, seed=7))
    keys = stage.page.keyboard

    def reach(condition):
        for _ in range(80):
            if stage.page.evaluate(f"() => {{ const e = document.activeElement; {condition} }}"):
                return
            keys.press("Tab")
        pytest.fail(f"the keyboard does not reach: {condition}")

    def press(name):
        reach(f"return e.tagName === 'BUTTON' && e.textContent.startsWith({name!r});")
        keys.press("Enter")

    def predict():
        left = len(session.unpredicted)
        reach("return e.type === 'number';")
        keys.type("1")
        if session.unpredicted[0].asks_range:
            keys.press("Tab")
            keys.type("9")
        keys.press("Enter")
        stage.wait(lambda: len(session.unpredicted) < left)

    press("Start the exercise")
    session = stage.wait(lambda: stage.panel.session)
    press("Go to the decision")
    while session.open:
        move, taken = session.move.id, len(stage.panel.view["decisions"])
        while session.unpredicted:
            predict()
        reach("return e.type === 'radio';")
        keys.press("Space")
        reach("return e.tagName === 'TEXTAREA';")
        keys.type("Because.")
        press("Commit this decision")
        stage.wait(lambda taken=taken: len(stage.panel.view["decisions"]) > taken)
        expect(stage.root.locator(".kit-tabpanel:visible h3")).to_be_focused()
        if session.open and session.move.id == move:
            press("Next decision")
        elif session.open:
            press("Continue")
            press("Go to the decision")
    assert session.over
    assert {event.note for event in session.log if event.kind == "decide"} == {"Because."}
    assert not any(forecast.passed for forecast in session.predictions())
