"""PlotView without a browser: what it holds, what it sends, what it refuses."""

from __future__ import annotations

import gzip
import json
from datetime import date
from decimal import Decimal

import ipywidgets
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from plotly.offline import get_plotlyjs, get_plotlyjs_version

from kit.widgets.plotlyjs import PlotlyJs, css, esm
from kit.widgets.plotview import PlotView, figure_dict, plain, table_dict

FIGURE = {"data": [{"type": "bar", "x": ["hub"], "y": [3]}], "layout": {}}
TABLE = {"columns": ["Option", "Seconds"], "rows": [["hub", 3]], "keys": ["hub"]}


def state_bytes(widget):
    """Return how much of a widget's state goes to the browser, in bytes."""
    state = widget.get_state()
    packed = sum(len(state.pop(key)) for key in list(state) if isinstance(state[key], bytes))
    return packed + len(json.dumps(state))


def click(view, customdata):
    """Deliver what the browser sends when a point is clicked."""
    data = {"method": "custom", "content": {"kind": "click", "customdata": customdata}}
    view._handle_msg({"content": {"data": data}, "buffers": []})


@pytest.fixture
def sent(monkeypatch):
    """Collect the updates that PlotView sends; building one sends some too."""
    messages = []
    monkeypatch.setattr(PlotView, "_send", lambda _self, msg, buffers=None: messages.append(msg))
    return messages


def test_five_views_share_one_library():
    views = [PlotView(FIGURE, f"View {i}.", TABLE) for i in range(5)]
    models = {view.plotly.model_id: view.plotly for view in views}
    assert len(models) == 1
    assert len({view.get_state()["plotly"] for view in views}) == 1
    widgets = [*views, *models.values()]
    assert 1_000_000 < sum(map(state_bytes, widgets)) < 2_000_000


def test_library_is_plotly_js_compressed():
    library = PlotlyJs.shared()
    assert gzip.decompress(library.code).decode() == get_plotlyjs()
    assert library.version == get_plotlyjs_version()


def test_library_is_sent_again_after_all_widgets_were_closed():
    first = PlotView(FIGURE).plotly
    ipywidgets.Widget.close_all()
    second = PlotView(FIGURE).plotly
    assert second is not first
    assert second.comm is not None


def test_module_joins_the_files_in_order_and_imports_nothing():
    module = esm("plot", "plotview")
    assert module.index("function kitChart") < module.rindex("export default")
    assert "\nimport " not in module
    assert "innerHTML" not in module
    assert ".kit-root" in css("kit")


@pytest.mark.parametrize("given", [FIGURE, go.Figure(FIGURE), go.FigureWidget(FIGURE)])
def test_figure_may_be_a_dict_or_a_plotly_figure(given):
    trace = PlotView(given, "s").figure["data"][0]
    assert (trace["type"], trace["x"], trace["y"]) == ("bar", ["hub"], [3])


def test_figure_is_a_copy():
    given = {"data": [{"y": [1]}], "layout": {}}
    view = PlotView(given)
    given["data"][0]["y"].append(2)
    assert view.figure["data"][0]["y"] == [1]


def test_figure_may_be_assigned_directly(sent):
    view = PlotView(FIGURE)
    sent.clear()
    view.figure = go.Figure(go.Scatter(y=[1, 2]))
    assert view.figure["data"][0]["y"] == [1, 2]
    assert [list(message["state"]) for message in sent] == [["figure"]]


def test_state_is_strict_json():
    values = np.array([1.5, np.nan]), pd.Series([pd.Timestamp("2023-11-12"), pd.NaT])
    view = PlotView({"data": [{"x": values[0], "y": values[1]}], "layout": {}}, "s", TABLE)
    keys = ["figure", "summary", "table", "title", "height", "clickable"]
    json.dumps(view.get_state(keys), allow_nan=False)
    assert view.figure["data"] == [{"x": [1.5, None], "y": ["2023-11-12T00:00:00", None]}]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.int64(3), 3),
        (np.float64("inf"), None),
        (pd.NA, None),
        (date(2023, 12, 19), "2023-12-19"),
        (Decimal("0.5"), 0.5),
        ((1, True, None), [1, True, None]),
        ({1: {"a": (2,)}}, {"1": {"a": [2]}}),
    ],
)
def test_plain(value, expected):
    result = plain(value)
    assert result == expected
    assert type(result) is type(expected)


def test_plain_refuses_what_has_no_json_form():
    with pytest.raises(TypeError, match="cannot show a object"):
        plain([object()])


@pytest.mark.parametrize("wrong", [[], "bar", {"x": 1}, 3])
def test_wrong_figure_is_refused(wrong):
    with pytest.raises(TypeError, match="A figure is"):
        figure_dict(wrong)


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        ([["a"]], TypeError, "A table is"),
        ({"columns": ["a"], "rows": [[1], [1, 2]]}, ValueError, "Row 2 has 2 cells for 1"),
        ({"columns": ["a"], "rows": [[1]], "keys": ["x", "y"]}, ValueError, "2 keys for 1 rows"),
    ],
)
def test_wrong_table_is_refused(wrong, error, words):
    with pytest.raises(error, match=words):
        table_dict(wrong)


def test_update_is_one_message(sent):
    view = PlotView(FIGURE, "before", TABLE)
    sent.clear()
    view.update({"data": [], "layout": {"height": 300}}, "after", None, title="New")
    (message,) = sent
    assert message["state"].keys() == {"figure", "summary", "table", "title"}


def test_refused_update_changes_nothing(sent):
    view = PlotView(FIGURE, "before", TABLE)
    sent.clear()
    with pytest.raises(ValueError, match="cells"):
        view.update({"data": [], "layout": {}}, "after", {"columns": [], "rows": [[1]]})
    assert (view.figure, view.summary, view.table) == (FIGURE, "before", TABLE)
    assert sent == []


def test_click_reaches_every_callback_until_it_is_removed():
    view, heard = PlotView(FIGURE, "s", TABLE), []
    assert not view.clickable
    view.on_click(heard.append)
    view.on_click(heard.append)  # a cell that is run again registers again
    assert view.clickable
    click(view, {"option": "hub"})
    assert heard == [{"option": "hub"}]
    view.on_click(heard.append, remove=True)
    click(view, "again")
    assert heard == [{"option": "hub"}]
    assert not view.clickable


def test_other_messages_are_not_clicks():
    view, heard = PlotView(FIGURE, "s", TABLE), []
    view.on_click(heard.append)
    for content in ({"kind": "hover"}, "click", None):
        data = {"method": "custom", "content": content}
        view._handle_msg({"content": {"data": data}, "buffers": []})
    assert heard == []


def test_saved_notebook_shows_a_friendly_line_in_full():
    summary = "The direct link gives Tokyo more warning than the hub in every future but two. " * 2
    view = PlotView(FIGURE, summary, TABLE)
    data, _ = view._repr_mimebundle_()
    assert data["text/plain"] == f"▶ Run this cell (Shift+Enter) to see: {summary}"
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == view.model_id


@pytest.mark.parametrize(
    ("words", "expected"), [({}, "the chart"), ({"title": "Warning time"}, "Warning time")]
)
def test_friendly_line_without_a_summary(words, expected):
    assert repr(PlotView(FIGURE, **words)).endswith(f"to see: {expected}")


def test_html_stays_text():
    text = "<b>3 s</b> & <script>alert(1)</script>"
    view = PlotView(FIGURE, text, {"columns": [text], "rows": [[text]]}, title=text)
    assert view.summary == view.title == view.table["rows"][0][0] == text
