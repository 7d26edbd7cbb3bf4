"""How long a learner waits in a real JupyterLab; `bench.py` runs this file with pytest.

``pytest -p tests.browser.conftest tests/tools/bench_browser.py`` measures and asserts nothing
about time; what it found goes, as JSON, to the file that ``KIT_BENCH`` names. Every notebook is
opened in a browser context and a kernel of its own, and the two ways to a plot take turns, so that
what else the machine does meets both alike.
"""

from __future__ import annotations

import itertools
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from kit.plays import load_scenario
from kit.session import Session

EXERCISE = "shared-warning"
NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "05_exercise_shared_warning.ipynb"
PAIRS = int(os.environ.get("KIT_BENCH_PAIRS", "5"))
WAYS = {"own": "[role=tab]", "bare": ".main-svg .trace"}

BARE = """
import plotly.graph_objects as go
go.FigureWidget(go.Scatter(x=[1, 2, 3], y=[1, 3, 2]))
"""
FIVE = """
import plotly.graph_objects as go
from kit.widgets.plotview import PlotView
views = [PlotView(go.Figure(go.Scatter(x=[1, 2, 3], y=[1, i, 2]))) for i in range(5)]
"""
# A chart of the same size as the panel's, that a click on a row of its table draws anew.
REDRAW = """
from kit.plots.bands import bands
from kit.widgets.plotview import PlotView

def picture(decided):
    play = kit.start("shared-warning", ["kor", "jpn", "usa"], seed=2023, save=False)
    play.follow(play.scenario.history if decided else {})
    return bands(play.scenario, play.prospects(), play.plain_base(), "Play")

pictures, shown = [picture(True), picture(False)], []

def redraw(key):
    shown.append(key)
    drawn = pictures[len(shown) % 2]
    view.update(drawn.figure, drawn.summary, table)

table = {**pictures[0].table, "keys": ["row"] * len(pictures[0].rows)}
view = PlotView(pictures[0].figure, pictures[0].summary, table)
view.on_click(redraw)
view
"""
# The same timeline without filter bar or tabs, which a click on a row of its table draws anew.
EXPLORER = "from kit.widgets.explorer import explore\nexplore(years=(1953, 2026))"
BARE_TIMELINE = """
from kit.plots import record, timeline
from kit.widgets.plotview import PlotView

pictures, shown = [timeline.timeline(record.events(article=a)) for a in (None, True)], []

def redraw(key):
    shown.append(key)
    drawn = pictures[len(shown) % 2]
    view.update(drawn.figure, drawn.summary, table)

table = {**pictures[1].table, "keys": ["row"] * len(pictures[1].rows)}
view = PlotView(pictures[0].figure, pictures[0].summary, table)
view.on_click(redraw)
view
"""
# One flight of the warning model, and its second chart alone, drawn anew by a click on its table.
WARNING = """
panel = kit.explore_warning("F075", policy="hub", save=False)
panel.skip()
panel
"""
BARE_FLIGHT = """
from kit import warning
from kit.plots import warning_time
from kit.widgets.plotview import PlotView

flown = warning.launch("F075")
studies = [warning.study(flown, delays=warning.Delays(hub_s=s)) for s in (100, 140)]
pictures, shown = [warning_time.over_time(s, "hub", 60.0).figure for s in studies], []
table = {"columns": ["Row"], "rows": [["One"]], "keys": ["row"]}

def redraw(key):
    shown.append(key)
    view.update(pictures[len(shown) % 2], "Bare", table)

view = PlotView(pictures[0], "Bare", table)
view.on_click(redraw)
view
"""
MEMORY = """
from resource import RUSAGE_SELF, getrusage
def used(): return getrusage(RUSAGE_SELF).ru_maxrss  # kilobytes
print(used())
"""
# Moves a slider, or clicks, and returns the milliseconds until the lines below a root change.
MOVED = """([root, wanted, value]) => new Promise((resolve, reject) => {
    const lines = () => [...document.querySelectorAll(`${root} .main-svg path`)]
        .map((p) => p.getAttribute('d')).join();
    setTimeout(() => reject(new Error('Nothing was drawn.')), 60000);
    const [before, start] = [lines(), performance.now()];
    const control = document.querySelector(wanted);
    if (value === null) control.click();
    else {
        control.value = value;
        control.dispatchEvent(new Event('input', {bubbles: true}));
    }
    const look = () => lines() === before ? requestAnimationFrame(look)
        : resolve(performance.now() - start);
    requestAnimationFrame(look);
})"""
# Starts at the next release of the pointer (a menu of JupyterLab passes no mouse events on) and
# ends in the frame of the page in which the condition holds.
STOPWATCH = """([root, wanted, tab]) => {
    const all = (parts) => [...document.querySelectorAll(`${root} ${parts}`)];
    const shown = (part) => part.getClientRects().length > 0;
    const lines = () => all('.main-svg .trace path').filter(shown).map((p) => p.getAttribute('d'));
    const before = lines().join();
    const met = () => wanted ? all(wanted).some(shown)
        : lines().length > 0 && lines().join() !== before;
    globalThis.kitTook = new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error('Nothing was drawn.')), 60000);
        addEventListener('pointerup', () => {
            const start = performance.now();
            const times = [];
            const look = () => {
                if (times.length === 0 && met()) {
                    times.push(performance.now() - start);
                    if (tab) all('[role=tab]').find((b) => b.textContent === tab).click();
                }
                if (times.length === 1 && lines().length) times.push(performance.now() - start);
                if (times.length < 2) requestAnimationFrame(look); else resolve(times);
            };
            requestAnimationFrame(look);
        }, {once: true, capture: true});
    });
}"""


@pytest.fixture(scope="module")
def found() -> Iterator[dict[str, list]]:
    """Yield a dict of lists to add to; write it when all is measured."""
    lists: dict[str, list] = {}
    yield lists
    if "KIT_BENCH" in os.environ:
        Path(os.environ["KIT_BENCH"]).write_text(json.dumps(lists), encoding="utf-8")


def saved_play(lab, roles):
    """Leave a play with one decision where notebook 05 looks for one."""
    lab.capsules.mkdir(exist_ok=True)
    path = lab.capsules / f"{EXERCISE}.json"
    path.unlink(missing_ok=True)
    play = Session(load_scenario(EXERCISE), roles, seed=2023, path=path)
    play.pass_predictions()
    play.decide(play.scenario.history[play.open[0].id])
    return play


def passed(panel):
    """Open the tab with the decision, and pass every prediction that stands before it."""
    panel.get_by_role("tab", name="Decide").click()
    buttons = panel.get_by_role("button", name="Pass:")
    while count := buttons.count():
        buttons.first.click()
        expect(buttons).to_have_count(count - 1)


def cells(*sources):
    """Return a notebook of these code cells."""
    made = [nbformat.v4.new_code_cell(source.strip()) for source in sources]
    return nbformat.v4.new_notebook(cells=made)


def stopwatch(page, root, wanted="", tab=""):
    """Make ready to measure from the next click; without ``wanted`` until the plot changes."""
    page.evaluate(STOPWATCH, [root, wanted, tab])


def took(page):
    """Return the milliseconds until the condition held, and until the tab's plot was drawn."""
    return page.evaluate("globalThis.kitTook")


@pytest.mark.parametrize(("pair", "way"), list(itertools.product(range(PAIRS), WAYS)))
def test_run_all_to_first_plot(way, pair, found, open_notebook, lab, watch):
    saved_play(lab, ["kor"])
    own = way == "own"
    opened = open_notebook(NOTEBOOK if own else cells(BARE))
    opened.menu("Run")
    root = ".kit-exercise" if own else ".jp-OutputArea"
    stopwatch(opened.page, root, WAYS[way], "Outcomes" if own else "")
    opened.page.locator(".lm-Menu-itemLabel:text-is('Run All Cells')").click()
    first, last = took(opened.page)
    opened.wait_idle()
    found.setdefault(f"{way} panel", []).append(first)
    found.setdefault(f"{way} plot", []).append(last)
    found.setdefault(f"{way} bytes", []).append(watch.received)


def test_bytes_of_five_charts(found, open_notebook, watch):
    opened = open_notebook(cells(FIVE, *(f"views[{i}]" for i in range(5))))
    opened.run_all()
    opened.page.wait_for_function(
        "() => document.querySelectorAll('.kit-chart .main-svg .trace').length >= 5"
    )
    found["five bytes"] = [watch.received]


def test_commit_beside_a_bare_redraw(found, open_notebook, lab):
    play = saved_play(lab, ["kor", "jpn", "usa"])
    usual = set(play.scenario.base_case.values())
    opened = open_notebook(cells("import kit", f"kit.play('{EXERCISE}')", REDRAW))
    opened.run_all()
    page = opened.page
    panel, chart = page.locator(".kit-exercise"), page.locator(".jp-OutputArea > * .kit-chart")
    panel.get_by_role("tab", name="Outcomes").click()
    panel.locator(".main-svg .trace").first.wait_for(state="attached")
    chart.last.locator("details > summary").click()
    for _ in range(PAIRS):
        passed(panel)
        radios = panel.locator(".kit-options input[type=radio]")
        values = [radio.get_attribute("value") for radio in radios.all()]
        wanted = next(i for i, value in enumerate(values) if value not in usual)
        radios.nth(wanted).check()
        stopwatch(page, ".kit-exercise")
        panel.get_by_role("button", name="Commit this decision").click()
        found.setdefault("commit", []).append(took(page)[1])
        opened.wait_idle()
        stopwatch(page, ".jp-OutputArea > * .kit-chart:not(.kit-exercise *)")
        chart.last.get_by_role("button", name="Open").first.click()
        found.setdefault("redraw", []).append(took(page)[1])
        opened.wait_idle()


def test_memory_of_a_kernel_after_a_full_play(found, open_notebook, lab):
    """Most memory that a kernel held while notebook 05's exercise was played to its end."""
    (lab.capsules / f"{EXERCISE}.json").unlink(missing_ok=True)
    opened = open_notebook(cells("import kit", f"kit.play('{EXERCISE}', 'kor')", MEMORY))
    opened.run_all()
    panel = opened.page.locator(".kit-exercise")
    commit = panel.get_by_role("button", name="Commit this decision")
    passed(panel)
    while commit.count():
        panel.locator(".kit-options input[type=radio]").first.check()
        commit.click()
        opened.wait_idle()
        passed(panel)
    panel.get_by_role("tab", name="Paths").click()
    panel.locator(".main-svg .trace").first.wait_for(state="attached")
    opened.page.get_by_text("print(used())").click()
    opened.page.keyboard.press("Shift+Enter")
    told = opened.page.locator(".jp-OutputArea-output pre").last
    expect(told).to_have_text(re.compile(r"^[0-9]+\n?$"))
    found["kernel"] = [int(told.inner_text())]


def test_filter_beside_a_bare_redraw(found, open_notebook):
    opened = open_notebook(cells("import kit", EXPLORER, BARE_TIMELINE))
    opened.run_all()
    page = opened.page
    record, chart = page.locator(".kit-record"), page.locator(".kit-chart:not(.kit-record *)")
    for place in (record, chart):
        place.locator(".main-svg .trace").first.wait_for(state="attached")
    chart.locator("details > summary").click()
    box = record.get_by_role("checkbox", name="Exercises")
    for _ in range(2 * PAIRS):  # ticked and taken off again: from all events to a few and back
        stopwatch(page, ".kit-record")
        box.click()
        found.setdefault("filter", []).append(took(page)[1])
        opened.wait_idle()
        stopwatch(page, ".kit-chart:not(.kit-record *)")
        chart.get_by_role("button", name="Open").first.click()
        found.setdefault("bare filter", []).append(took(page)[1])
        opened.wait_idle()


def test_slider_beside_a_bare_redraw(found, open_notebook):
    opened = open_notebook(cells("import kit", WARNING, BARE_FLIGHT))
    opened.run_all()
    page = opened.page
    panel, chart = page.locator(".kit-warning"), page.locator(".kit-chart:not(.kit-warning *)")
    panel.get_by_text("Change the flight and the delays").click()
    for place in (panel, chart):
        place.locator(".main-svg .trace").first.wait_for(state="attached")
    chart.locator("details > summary").click()
    slider = panel.get_by_label("Delay at the American hub", exact=False).first
    slider.evaluate("control => { control.id = 'kit-bench-slider'; }")
    chart.evaluate("box => { box.id = 'kit-bench-chart'; }")
    for turn in range(2 * PAIRS):
        moved = [".kit-over-time", "#kit-bench-slider", str(100 + 20 * (turn % 2) + turn)]
        found.setdefault("slider", []).append(page.evaluate(MOVED, moved))
        opened.wait_idle()
        redrawn = ["#kit-bench-chart", "#kit-bench-chart button.kit-button", None]
        found.setdefault("bare slider", []).append(page.evaluate(MOVED, redrawn))
        opened.wait_idle()
