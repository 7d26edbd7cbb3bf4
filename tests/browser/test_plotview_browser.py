"""PlotView in a real JupyterLab: five charts, one library, no network."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

MEGABYTE = 1_000_000
SETUP = """
import plotly.graph_objects as go
from kit.widgets.plotview import PlotView

def figure(height):
    points = {"x": [1, 2, 3], "y": [1, height, 2], "customdata": ["hub", "link", "none"]}
    line = go.Scatter(**points, mode="lines+markers", marker_size=24)
    return go.Figure(line, layout={"xaxis_title": "Month", "yaxis_title": "Warning time (s)"})

table = {
    "columns": ["Option", "Seconds"],
    "rows": [["American <b>hub</b>", 1], ["Real-time link", 3], ["None", 2]],
    "keys": ["hub", "link", None],
}
clicked = []

def chose(key):
    clicked.append(key)
    views[0].update(figure(3), f"Chosen: {', '.join(clicked)}.", table)

views = [PlotView(figure(3 + i), f"The link gains {i} s.", table) for i in range(5)]
views[0].on_click(chose)
"""
SHOW = [f"views[{i}]" for i in range(5)]
LINE = ".scatterlayer .js-line"


def notebook(*sources):
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in sources]
    return nbformat.v4.new_notebook(cells=cells)


def charts(opened):
    return opened.page.locator(".kit-chart")


def drawn(opened, number):
    """Wait until so many charts are drawn."""
    expect(opened.page.locator(f".kit-chart {LINE}")).to_have_count(number)


def brightness(color):
    """Return the mean of the red, green and blue of a CSS color, 0 to 255."""
    red, green, blue = (float(part) for part in re.findall(r"[\d.]+", color)[:3])
    return (red + green + blue) / 3


@pytest.fixture
def one(open_notebook):
    opened = open_notebook(notebook(SETUP, SHOW[0]))
    opened.run_all()
    drawn(opened, 1)
    return opened


def test_five_charts_share_one_copy_of_the_library(open_notebook, watch):
    opened = open_notebook(notebook(SETUP, *SHOW))
    # What another extension may have put there; loading must neither use nor change it.
    opened.page.evaluate("window.Plotly = 'theirs'; window.define = () => {}; define.amd = {}")
    opened.run_all()
    drawn(opened, 5)
    for chart in charts(opened).all():
        expect(chart.locator(".main-svg").first).to_be_visible()
    assert 1 * MEGABYTE < watch.received < 6 * MEGABYTE
    assert opened.page.evaluate("globalThis.__kitPlotly.size") == 1
    assert opened.page.evaluate("window.Plotly") == "theirs"

    chart = charts(opened).nth(2)
    expect(chart.get_by_role("img", name="The link gains 2 s.")).to_have_count(1)
    expect(chart.locator(".kit-summary")).to_have_text("The link gains 2 s.")
    expect(chart.get_by_role("button")).to_have_text(["Reset view", "Save as picture"])
    expect(opened.page.locator(".kit-chart .modebar-btn")).to_have_count(0)  # one is an upload
    chart.locator("summary").click()
    expect(chart.get_by_role("columnheader")).to_have_text(["Option", "Seconds"])
    expect(chart.get_by_role("rowheader").first).to_have_text("American <b>hub</b>")
    expect(chart.get_by_role("cell")).to_have_text(["1", "3", "2"])
    expect(chart.locator("tbody button")).to_have_count(0)  # nobody asked for clicks


def test_mouse_and_keyboard_both_reach_python(one):
    chart = charts(one).first
    box = chart.locator(".scatterlayer .point").nth(1).bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    one.page.mouse.move(middle[0], middle[1] + 4)  # Plotly acts on a point that is hovered
    one.page.mouse.click(*middle)
    expect(chart.locator(".kit-summary")).to_have_text("Chosen: link.")

    chart.locator("summary").focus()
    one.page.keyboard.press("Enter")
    button = chart.get_by_role("button", name="Open American <b>hub</b>")
    expect(chart.locator("tbody button")).to_have_count(2)
    for _ in range(2):  # past the box that scrolls
        one.page.keyboard.press("Tab")
    expect(button).to_be_focused()
    one.page.keyboard.press("Enter")
    expect(chart.locator(".kit-summary")).to_have_text("Chosen: link, hub.")
    expect(button).to_be_focused()


def test_what_a_callback_raises_is_said_below_the_chart(open_notebook):
    opened = open_notebook(notebook(SETUP, "views[1].on_click(lambda key: {}[key])\nviews[1]"))
    opened.run_all()
    drawn(opened, 1)
    charts(opened).first.locator("summary").click()
    charts(opened).first.get_by_role("button", name="Open Real-time link").click()
    said = opened.page.get_by_role("alert").filter(has_text="This did not work")
    expect(said).to_have_text("This did not work: 'link' (KeyError)")


def test_chart_follows_theme_and_width(one):
    chart = charts(one).first
    label = chart.locator(".xtick text").first
    dark_text = label.evaluate("e => getComputedStyle(e).fill")
    one.set_theme("JupyterLab Dark")
    expect(label).not_to_have_css("fill", dark_text)
    light_text = label.evaluate("e => getComputedStyle(e).fill")
    assert brightness(dark_text) < 80 < 200 < brightness(light_text)

    svg = chart.locator(".main-svg").first
    width = svg.get_attribute("width")
    one.page.set_viewport_size({"width": 1000, "height": 1600})
    expect(svg).not_to_have_attribute("width", width)
    area = chart.locator(".kit-plot").bounding_box()
    assert float(svg.get_attribute("width")) == pytest.approx(area["width"], abs=1)


def test_buttons_undo_a_zoom_and_save_a_picture(one):
    chart = charts(one).first
    line = chart.locator(LINE)
    before = line.get_attribute("d")
    box = chart.locator(".nsewdrag").bounding_box()
    one.page.mouse.move(box["x"] + 60, box["y"] + 40)
    one.page.mouse.down()
    one.page.mouse.move(box["x"] + 260, box["y"] + 160, steps=5)
    one.page.mouse.up()
    expect(line).not_to_have_attribute("d", before)
    chart.get_by_role("button", name="Reset view").click()
    expect(line).to_have_attribute("d", before)

    with one.page.expect_download() as download:
        chart.get_by_role("button", name="Save as picture").click()
    assert download.value.suggested_filename == "The-link-gains-0-s.png"
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")


def test_charts_are_drawn_while_the_kernel_is_busy_and_every_view_follows(open_notebook, lab):
    signal = lab.root / "go-on"
    wait = "import pathlib, time\nwhile not pathlib.Path('go-on').exists():\n    time.sleep(0.1)"
    later = "views[0].figure = figure(-7)"
    opened = open_notebook(notebook(SETUP, SHOW[0], SHOW[0], wait, later))
    opened.menu("Run", "Run All Cells")
    drawn(opened, 2)
    prompts = opened.page.locator(".jp-Notebook .jp-InputPrompt")
    expect(prompts.nth(3)).to_have_text("[*]:")
    lines = opened.page.locator(f".kit-chart {LINE}")
    before = [line.get_attribute("d") for line in lines.all()]
    signal.touch()
    for line, old in zip(lines.all(), before, strict=True):
        expect(line).not_to_have_attribute("d", old)


def test_other_copies_of_plotly_keep_working_beside_it(open_notebook):
    opened = open_notebook(
        notebook(SETUP, "go.FigureWidget(figure(5))", *SHOW[:2], "go.Figure(figure(4))")
    )
    opened.run_all()
    drawn(opened, 2)
    expect(opened.page.locator(f".jp-OutputArea {LINE}")).to_have_count(4)


def test_broken_library_leaves_words_and_numbers(open_notebook):
    broken = "views[0].plotly.code = b'not gzip'"
    opened = open_notebook(notebook(SETUP, broken, SHOW[0]))
    opened.run_all()
    chart = charts(opened).first
    expect(chart.get_by_role("alert")).to_contain_text("The chart could not be drawn")
    expect(chart.locator(".kit-summary")).to_have_text("The link gains 0 s.")
    expect(chart.locator("tbody tr")).to_have_count(3)


def test_chart_survives_a_reload_of_the_page_and_cleans_up_after_itself(one):
    with one.page.expect_response(lambda r: r.request.method == "PUT" and one.path.name in r.url):
        one.menu("File", "Save Notebook")
    one.page.reload()
    drawn(one, 1)
    one.page.evaluate("globalThis.gone = document.querySelector('.kit-plot')")
    one.menu("Edit", "Clear Outputs of All Cells")
    expect(charts(one)).to_have_count(0)
    assert one.page.evaluate("gone.querySelectorAll('svg').length") == 0


def test_saved_notebook_says_how_to_start(open_notebook):
    text = "▶ Run this cell (Shift+Enter) to see: The link gains 0 s."
    saved = notebook(SHOW[0])
    saved.cells[0].outputs = [
        nbformat.v4.new_output("execute_result", {"text/plain": text}, execution_count=1)
    ]
    opened = open_notebook(saved, fresh=False)
    expect(opened.page.locator(".jp-OutputArea-output")).to_have_text(text)
