"""What all panels share, without a browser: what they answer, and what the learner is told."""

from __future__ import annotations

import pytest

from kit.errors import DecisionError
from kit.savefile import storable
from kit.widgets.panel import HINT, LONGEST, Panel, percent, text, texts
from kit.widgets.plotview import PlotView


class Door(Panel):
    """A panel that opens or does not."""

    def __init__(self):
        self.opened = []
        super().__init__()

    def handlers(self):
        return {"open": self._on_open}

    def _on_open(self, message):
        if "error" in message:
            raise message["error"]
        self.opened.append(text(message, "name"))


def tell(panel, message):
    """Give a message to the panel's handlers; what they raise goes on."""
    found = panel._msg_callbacks.callbacks
    assert found, "nobody listens"
    for callback in found:
        callback(panel, message, [])


@pytest.fixture
def door():
    return Door()


def test_a_message_reaches_its_handler(door):
    tell(door, {"kind": "open", "name": "north"})
    assert (door.opened, door.error) == (["north"], "")


@pytest.mark.parametrize(
    "message",
    [None, "open", ["open"], {}, {"kind": "close"}, {"kind": ["open"]}, {"kind": {}}, {"kind": 1}],
)
def test_a_message_of_no_known_kind_changes_nothing(door, message):
    door.error = "Said before."
    tell(door, message)
    assert (door.opened, door.error) == ([], "Said before.")


def test_what_the_kit_refuses_is_said_until_the_next_message(door):
    tell(door, {"kind": "open", "error": DecisionError("It is locked.")})
    assert door.error == "It is locked."
    tell(door, {"kind": "open", "name": "north"})
    assert door.error == ""


def test_what_nobody_foresaw_is_said_too_and_goes_on(door):
    with pytest.raises(ZeroDivisionError):
        tell(door, {"kind": "open", "error": ZeroDivisionError("division by zero")})
    assert door.error == "This did not work: division by zero (ZeroDivisionError)"


def test_a_callback_s_error_is_shown_below_the_plot():
    view = PlotView()
    view.on_click(lambda key: {}[key])
    with pytest.raises(KeyError):
        tell(view, {"kind": "click", "customdata": "hub"})
    assert "'hub' (KeyError)" in view.error


def test_the_browser_gets_all_changes_of_a_message_at_once(door, monkeypatch):
    sent = []
    monkeypatch.setattr(Door, "_send", lambda _self, msg, buffers=None: sent.append(msg["state"]))
    tell(door, {"kind": "open", "error": DecisionError("No.")})
    tell(door, {"kind": "open", "error": DecisionError("Never.")})
    assert sent == [{"error": "No."}, {"error": "Never."}]


def test_a_callback_may_show_how_far_it_is(monkeypatch):
    view, sent = PlotView(summary="Old."), []
    monkeypatch.setattr(PlotView, "_send", lambda _self, msg, buffers=None: sent.append(msg))

    def slow(_key):
        view.summary = "Working."
        view.summary = "Done."

    view.on_click(slow)
    tell(view, {"kind": "click"})
    said = [m["state"]["summary"] for m in sent if "summary" in m.get("state", {})]
    assert said == ["Working.", "Done."]


def test_the_saved_line_is_whole(door):
    data, _ = door._repr_mimebundle_()
    assert data["text/plain"] == repr(door) == f"{HINT}: the chart"


# --- what a browser sends ------------------------------------------------------------------------


def test_what_no_file_can_hold_is_taken_out():
    assert storable("a\x00\x07\x9bb\n\tc \ud83d") == "ab\n\tc ?"
    assert storable("„Ünïcode“ 🙂") == "„Ünïcode“ 🙂"


def test_texts_are_cleaned_and_the_missing_are_empty():
    message = {"note": "a\x00b", "evidence": ["x", "y\x07", "x", "y"]}
    assert (text(message, "note"), text(message, "other")) == ("ab", "")
    assert (texts(message, "evidence"), texts(message, "other")) == (["x", "y"], [])


@pytest.mark.parametrize("value", [None, 7, True, ["a"], {}])
def test_only_text_is_text(value):
    with pytest.raises(DecisionError, match="'note' must be text"):
        text({"note": value}, "note")


def test_a_text_has_an_end():
    assert len(text({"note": "x" * LONGEST}, "note")) == LONGEST
    with pytest.raises(DecisionError, match="120,001 characters; at most 120,000 fit"):
        text({"note": "x" * (LONGEST + 1)}, "note")


@pytest.mark.parametrize("value", [None, "a", ["a", 1], [["a"]], {"a": 1}])
def test_only_a_list_of_texts_is_one(value):
    with pytest.raises(DecisionError, match="must be a list of texts"):
        texts({"evidence": value}, "evidence")


def test_percent_is_a_whole_number_or_nothing():
    assert percent({"sure": 55}, "sure") == 55
    assert percent({"sure": None}, "sure") is percent({}, "sure") is None


@pytest.mark.parametrize("value", [True, 0.5, "55", [55]])
def test_anything_else_is_no_percent(value):
    with pytest.raises(DecisionError, match=r"^Sure must be a whole number from 0 to 100 percent"):
        percent({"sure": value}, "sure")
