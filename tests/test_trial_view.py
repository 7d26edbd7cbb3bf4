"""The panel of the article on trial without a browser: its messages come in as the browser's."""

from __future__ import annotations

import json

import ipywidgets
import pytest

from kit import tables
from kit.claims import VERDICTS, claims, marks
from kit.claims.record import SHORT
from kit.plots.record import ARTICLE_SOURCE
from kit.widgets.panel import HINT
from kit.widgets.trial import TrialPanel, read_article

CLAIMS = claims()
SCRIPT = "<script>alert('x')</script><img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    """The file of this test's reading; there is none at first."""
    monkeypatch.setenv("KIT_CAPSULES", str(tmp_path / "capsules"))
    return tmp_path / "capsules" / marks.FILE


@pytest.fixture
def panel():
    return read_article()


def tell(panel, **message):
    """Give a message of the browser to the panel's handlers; nothing they raise is swallowed."""
    found = panel._msg_callbacks.callbacks
    assert found, "nobody listens"
    for callback in found:
        callback(panel, json.loads(json.dumps(message)), [])


def shown(panel, claim):
    (found,) = [item for item in panel.view["claims"] if item["id"] == claim]
    return found


def sent_to_browser(panel):
    """Return the text of everything the browser holds of the panel."""
    return json.dumps([panel.view, panel.cards], ensure_ascii=False)


def test_the_saved_notebook_shows_one_friendly_line(panel):
    before = repr(panel)
    assert before.startswith(HINT)
    tell(panel, kind="mark", claim="c08", verdict="confirmed", sure=70)
    assert repr(panel) == repr(read_article("full")) == before


def test_it_opens_on_the_short_path_with_everything_to_judge_by(panel):
    assert [item["id"] for item in panel.view["claims"]] == list(SHORT)
    assert [verdict["id"] for verdict in panel.view["verdicts"]] == list(VERDICTS)
    for item in panel.view["claims"]:
        assert item["text"] == CLAIMS[item["id"]].text
        assert item["sources"]
        assert {*item["evidence"]} <= {*panel.cards}


def test_no_verdict_is_in_the_browser_before_its_commit():
    panel = read_article("full")
    seen = sent_to_browser(panel)
    assert [name for name, claim in CLAIMS.items() if claim.finding in seen] == []
    assert all(item["seen"] is None and item["mark"] is None for item in panel.view["claims"])
    for name, claim in CLAIMS.items():
        tell(panel, kind="mark", claim=name, verdict="confirmed", sure=50)
        assert panel.error == ""
        assert shown(panel, name)["seen"]["finding"] == claim.finding
        seen = sent_to_browser(panel)
        later = [n for n in CLAIMS if n > name and json.dumps(CLAIMS[n].finding)[1:-1] in seen]
        assert later == []


def test_the_cards_say_when_and_from_whom_but_do_not_cite_the_article_for_itself():
    panel = read_article("full")
    article = next(r for r in tables.records("sources") if r["source_id"] == ARTICLE_SOURCE)
    for card in panel.cards.values():
        assert card["date"]
        assert article["url"] not in [source["url"] for source in card["sources"]]


def test_a_commit_shows_mark_verdict_and_score_in_one_message(panel, monkeypatch):
    messages = []
    monkeypatch.setattr(TrialPanel, "_send", lambda _self, msg, buffers=None: messages.append(msg))
    tell(panel, kind="mark", claim="c09", verdict="inaccurate", sure=80, note=SCRIPT)
    updates = [m["state"] for m in messages if m["method"] == "update"]
    assert len(updates) == 1
    item = shown(panel, "c09")
    assert item["mark"] == {
        "label": "Inaccurate", "sure": 80, "note": SCRIPT, "right": True, "counts": True,
    }  # fmt: skip
    assert item["seen"]["label"] == "Inaccurate"
    assert panel.view["score"]["lines"][0] == "1 of 1 right (100 %); Brier score 0.04."
    assert panel.view["score"]["chart"]["table"]["rows"]
    json.dumps(panel.get_state(["view", "cards"]), allow_nan=False)


def test_a_withdrawal_keeps_the_verdict_and_leaves_the_score(panel):
    tell(panel, kind="mark", claim="c08", verdict="inaccurate", sure=90)
    tell(panel, kind="withdraw", claim="c08")
    item = shown(panel, "c08")
    assert item["mark"] is None
    assert item["seen"]["label"] == "Confirmed"
    assert "chart" not in panel.view["score"]
    tell(panel, kind="mark", claim="c08", verdict="confirmed", sure=100)
    assert shown(panel, "c08")["mark"]["counts"] is False


REFUSED = [
    ({"kind": "mark", "claim": "c08", "verdict": "confirmed"}, "how sure"),
    ({"kind": "mark", "claim": "c08", "verdict": "confirmed", "sure": "70"}, "how sure"),
    ({"kind": "mark", "claim": "c08", "verdict": "confirmed", "sure": [7]}, "how sure"),
    ({"kind": "mark", "claim": "c08", "verdict": "maybe", "sure": 70}, "no verdict"),
    ({"kind": "mark", "claim": "c08", "verdict": ["confirmed"], "sure": 70}, "must be text"),
    ({"kind": "mark", "claim": "c99", "verdict": "confirmed", "sure": 70}, "no claim"),
    ({"kind": "mark", "claim": {}, "verdict": "confirmed", "sure": 70}, "must be text"),
    ({"kind": "mark", "verdict": "confirmed", "sure": 70}, "no claim"),
    ({"kind": "mark", "claim": "c08", "verdict": "confirmed", "sure": 70, "note": "x" * 3000},
     "2,000 characters"),
    ({"kind": "withdraw", "claim": "c08"}, "no mark on c08"),
    ({"kind": "path", "path": "long"}, "no path"),
    ({"kind": "draft", "claim": "c08", "draft": {"note": 5}}, "must be text"),
]  # fmt: skip


@pytest.mark.parametrize(("message", "words"), REFUSED)
def test_what_is_not_possible_is_said_and_changes_nothing(panel, file, message, words):
    before = sent_to_browser(panel)
    tell(panel, **message)
    assert words in panel.error
    assert sent_to_browser(panel) == before
    assert not file.exists()
    tell(panel, kind="mark", claim="c08", verdict="confirmed", sure=70)
    assert panel.error == ""


@pytest.mark.parametrize("message", [{}, {"kind": "format"}, {"kind": ["mark"]}])
def test_other_messages_are_no_business_of_the_panel(panel, message):
    before = sent_to_browser(panel)
    tell(panel, **message)
    assert (sent_to_browser(panel), panel.error) == (before, "")


def test_the_path_can_be_changed_and_is_kept(panel):
    tell(panel, kind="mark", claim="c08", verdict="confirmed", sure=70)
    tell(panel, kind="path", path="full")
    assert len(panel.view["claims"]) == len(CLAIMS)
    again = read_article()
    assert again.view["path"] == "full"
    assert shown(again, "c08")["mark"]["sure"] == 70


def test_a_draft_is_kept_without_drawing_the_form_anew(panel, monkeypatch):
    drawn = []
    panel.observe(drawn.append, names=["view"])
    tell(panel, kind="draft", claim="c09", draft={"verdict": "confirmed", "sure": 35})
    assert drawn == []
    assert shown(panel, "c09")["draft"] == {"verdict": "confirmed", "sure": 35}
    assert shown(read_article(), "c09")["draft"] == {"verdict": "confirmed", "sure": 35}


def test_the_log_is_sent_as_a_file(panel, file, monkeypatch):
    messages = []
    monkeypatch.setattr(TrialPanel, "send", lambda _self, content: messages.append(content))
    tell(panel, kind="mark", claim="c08", verdict="confirmed", sure=70)
    tell(panel, kind="file")
    assert messages == [{"kind": "file", "name": file.name, "mime": "application/json",
                         "content": file.read_text("utf-8")}]  # fmt: skip


def test_a_damaged_file_is_told_of_on_top(file):
    file.parent.mkdir()
    file.write_text("{", "utf-8")
    assert "It is not JSON" in read_article().view["warning"]


def test_marks_from_python_show_after_refresh(panel):
    panel.trial.mark(8, "confirmed", sure=70)
    panel.refresh()
    assert shown(panel, "c08")["mark"]["right"]


def test_plotly_travels_once(panel):
    assert read_article().plotly is panel.plotly
    assert isinstance(panel, ipywidgets.DOMWidget)
