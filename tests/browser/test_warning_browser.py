"""The warning model in a real JupyterLab: prediction first, then every control, offline."""

from __future__ import annotations

import re

import nbformat
import pytest
from playwright.sync_api import expect

VIEWS = (
    "One flight",
    "Seconds for cities",
    "How sure before warning?",
    "Eleven real alerts",
    "Is the model any good?",
)
NOTICE = "no equipment performance data"


@pytest.fixture
def show(open_notebook):
    """Return a function that shows a panel, opened without predicting unless told otherwise."""

    def show_(arguments="", *, skip=True, theme=""):
        cell = nbformat.v4.new_code_cell(
            f"import kit\npanel = kit.explore_warning({arguments})\npanel"
        )
        opened = open_notebook(nbformat.v4.new_notebook(cells=[cell]))
        opened.run_all()
        if theme:
            opened.set_theme(theme)
        view = opened.page.locator(".kit-warning")
        if skip and "save=False" in arguments:
            view.get_by_role("button", name="Look without predicting").click()
            expect(view.locator(".kit-plot .main-svg").first).to_be_attached()
        return view

    return show_


def status(view):
    return view.locator(".kit-status")


def slider(view, name="Time since launch"):
    return view.get_by_role("slider", name=name)


def paths(view, place):
    """Return what is drawn in a chart of the panel, as one text."""
    return view.locator(place).evaluate(
        "e => [...e.querySelectorAll('.trace path, .geo path')]"
        ".map(p => p.getAttribute('d')).join()"
    )


def test_the_plots_open_after_a_prediction_by_keyboard_and_stay_open(show):
    view = show("'F075', save=False", skip=False)
    expect(view.get_by_text(NOTICE)).to_be_visible()
    expect(view.locator(".kit-plot")).to_have_count(0)
    view.get_by_role("button", name="Commit and look").click()
    expect(view.get_by_role("alert")).to_contain_text("Answer both questions")
    view.get_by_role("radio", name="South Korea").press("Space")
    view.get_by_role("radio", name="Nothing", exact=True).press("Space")
    view.page.keyboard.press("ArrowRight")
    view.page.keyboard.press("Enter")
    feedback = view.locator(".kit-predict-feedback")
    expect(feedback).to_be_focused()
    expect(feedback).to_contain_text("As you said. By their own sensors: South Korea")
    expect(feedback).to_contain_text("You said 1 to 15 seconds; it is more.")
    expect(view.locator(".kit-plot .main-svg").first).to_be_attached()
    expect(view.get_by_role("button", name="Commit and look")).to_have_count(0)
    expect(view.get_by_text(NOTICE)).to_be_visible()


def test_the_time_moves_map_line_and_words_by_keyboard(show):
    view = show("'F075', save=False")
    expect(status(view)).to_contain_text("1 min after launch the missile is 46 km high")
    before = paths(view, ".kit-map-row .kit-plot")
    slider(view).focus()
    slider(view).press("PageUp")
    for _ in range(5):
        slider(view).press("ArrowRight")
    expect(status(view)).not_to_contain_text("1 min after launch")
    expect(slider(view)).to_be_focused()
    told = slider(view).get_attribute("aria-valuetext")
    assert re.fullmatch(r"\d+ min \d+ s", told)
    expect(status(view)).to_have_text(re.compile(rf"^{told} after launch"))
    view.page.wait_for_function(
        """([before]) => [...document.querySelectorAll(
            '.kit-map-row .trace path, .kit-map-row .geo path')]
            .map(p => p.getAttribute('d')).join() !== before""",
        arg=[before],
    )
    line = view.locator(".kit-over-time .kit-plot").evaluate("e => e.layout.shapes[0].x0 * 60")
    assert line == pytest.approx(float(slider(view).input_value()))


def test_the_coast_is_not_sent_again_when_the_time_moves(show, watch):
    view = show("'F075', save=False")
    slider(view).fill("70")
    expect(status(view)).to_contain_text("1 min 10 s after launch")
    before = watch.received
    slider(view).fill("75")
    expect(status(view)).to_contain_text("1 min 15 s after launch")
    assert watch.received - before < 60_000


def test_playing_moves_on_and_pauses(show):
    view = show("'F020', save=False")
    slider(view).fill("0")
    view.get_by_role("button", name="Play").click()
    expect(status(view)).to_contain_text("United States")
    view.get_by_role("button", name="Pause").click()
    held = slider(view).input_value()
    expect(view.get_by_role("button", name="Play")).to_be_visible()
    assert int(held) > 0


def test_sharing_fills_the_ribbon_of_the_blind(show):
    view = show("'F075', save=False")
    chart = view.locator(".kit-over-time")
    expect(chart.locator(".kit-summary")).to_contain_text("it is known earlier: Japan 30 s")
    view.get_by_role("radio", name="Nothing shared").check()
    expect(chart.locator(".kit-title")).to_have_text("Minute by minute, with nothing shared")
    expect(chart.locator(".kit-summary")).not_to_contain_text("earlier")
    expect(status(view)).not_to_contain_text("from others")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_every_view_draws_says_and_counts(show, theme):
    view = show("'F055', save=False", theme=theme)
    for place, name in enumerate(VIEWS[1:], 2):  # the first view has two charts
        view.get_by_role("radio", name=name).check()
        stage = view.locator(".kit-stage").nth(place)
        expect(stage).to_be_visible()
        expect(view.locator(".kit-stage:visible")).to_have_count(1)
        expect(stage.locator(".kit-plot .main-svg").first).to_be_attached()
        expect(status(view)).not_to_be_empty()
        expect(stage.locator(".kit-plot")).to_have_attribute("role", "img")
        stage.locator(".kit-numbers > summary").click()
        expect(stage.locator("tbody tr").nth(7)).to_be_attached()  # made when it is opened
    view.get_by_role("radio", name=VIEWS[0]).check()
    expect(view.locator(".kit-stage:visible")).to_have_count(2)


def test_a_slider_makes_the_flight_ones_own_and_a_bad_one_is_explained(show):
    view = show("'F055', save=False")
    view.get_by_text("Change the flight and the delays").click()
    slider(view, "Range").fill("1400")
    expect(view.get_by_label("Flight", exact=True)).to_have_value("own")
    expect(view.locator(".kit-headline")).to_contain_text("1,400 km far")
    slider(view, "Apogee").fill("30")
    expect(view.get_by_role("alert")).to_contain_text("apogee")
    slider(view, "Apogee").fill("330")
    expect(view.locator(".kit-headline")).to_contain_text("330 km high")
    expect(view.get_by_role("alert")).to_be_hidden()
    view.get_by_label("Flight", exact=True).select_option("F020")
    expect(view.locator(".kit-doubts")).to_contain_text("no free flight")


def test_every_control_has_a_name_and_no_id_is_used_twice(show):
    view = show("'F075', save=False")
    view.get_by_text("Change the flight and the delays").click()
    for control in view.locator("input, select").all():
        assert control.evaluate("e => e.labels[0]?.textContent ?? ''").strip()
    for button in view.locator("button").all():
        assert button.inner_text().strip()
    ids = view.locator("[id]").evaluate_all("list => list.map(e => e.id)")
    assert len(set(ids)) == len(ids)
    expect(status(view)).to_have_attribute("role", "status")


def test_python_moves_the_panel_too(open_notebook):
    sources = [
        "import kit\npanel = kit.explore_warning('F055', save=False)\npanel.skip()\npanel",
        "panel.choose(policy='hub', time_s=75)\nprint(panel.text())",
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    opened = open_notebook(nbformat.v4.new_notebook(cells=cells))
    opened.run_all()
    view = opened.page.locator(".kit-warning")
    expect(status(view)).to_contain_text("1 min 15 s after launch")
    expect(view.get_by_role("radio", name="Through the US hub")).to_be_checked()
    expect(slider(view)).to_have_value("75")
