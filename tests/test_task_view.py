"""Tasks and the coding matrix as widgets, without a browser: what they send and what they keep."""

from __future__ import annotations

import json

import pytest

from kit import tasks
from kit.tasks import coding
from kit.widgets.coding import build_obligations
from kit.widgets.task import task

TWO = ("gsomia-2016", "commitment-to-consult-2023")
SCRIPT = "<img src=x onerror=alert(1)> {all} \x00\x07\x9b half \ud83d"


@pytest.fixture(autouse=True)
def capsules(tmp_path, monkeypatch):
    """The folder of logs of this test, empty at first."""
    monkeypatch.setenv("KIT_CAPSULES", str(tmp_path / "capsules"))
    return tmp_path / "capsules"


def tell(view, **message):
    """Give a message of the browser to the widget's handlers; nothing they raise is swallowed."""
    found = view._msg_callbacks.callbacks
    assert found, "nobody listens"
    for callback in found:
        callback(view, json.loads(json.dumps(message)), [])


def log(capsules, name):
    return json.loads((capsules / f"task-{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("name", tasks.names())
def test_a_task_can_be_sent_and_does_not_give_its_answer_away(name):
    view = task(name)
    json.dumps(view.view, allow_nan=False)
    shown = tasks.load(name)
    assert view.view["question"] == shown.filled(shown.question)
    assert not view.view["open"]
    sent = json.dumps(view.view, ensure_ascii=False)
    assert shown.filled(shown.solution) not in sent
    assert not shown.right or shown.filled(shown.right) not in sent
    assert not any(shown.filled(hint) in sent for hint in shown.hints)


def test_the_saved_line_is_the_same_whatever_was_done():
    view = task("record-2")
    before = repr(view)
    view.answer(5)
    assert repr(view) == repr(task("record-2")) == before
    assert before.startswith("▶ Run this cell")
    data, _ = view._repr_mimebundle_()
    assert data["text/plain"] == before
    matrix = build_obligations(TWO)
    before = repr(matrix)
    matrix.mark("gsomia-2016", "share-information", "binding")
    assert repr(matrix) == before == repr(build_obligations(TWO))


def test_an_answer_of_the_browser_is_judged_kept_and_shown_again(capsules):
    view = task("record-2")
    tell(view, kind="answer", answer="5")
    assert view.view["feedback"]["right"] is False
    assert "missiles alone" in view.view["feedback"]["text"]
    assert view.view["open"]
    assert not view.view["fill"], "what stands in the field is the browser's"
    assert log(capsules, "record-2")["attempts"] == [{"answer": "5", "right": False}]
    again = task("record-2")
    assert again.view["feedback"] == view.view["feedback"]
    assert again.view["current"] == "5"
    tell(again, kind="answer", answer="7")
    assert again.view["solved"]


def test_the_same_answer_twice_is_still_an_answer_for_the_browser():
    view = task("record-2")
    tell(view, kind="answer", answer="no number")
    first = view.view["serial"]
    tell(view, kind="answer", answer="no number")
    assert view.view["serial"] > first


def test_hints_come_one_by_one_before_the_solution():
    view = task("record-2")
    many = len(tasks.load("record-2").hints)
    for number in range(1, many + 1):
        assert not view.view["open"]
        tell(view, kind="hint")
        assert len(view.view["hints"]) == number
    assert view.view["hints_left"] == 0
    assert view.view["open"]
    assert view.view["solution"].startswith("7")


def test_a_draft_is_kept_without_drawing_anew(capsules):
    view = task("record-reading")
    before = view.view["serial"]
    tell(view, kind="draft", answer=SCRIPT)
    kept = log(capsules, "record-reading")["draft"]["answer"]
    assert kept == "<img src=x onerror=alert(1)> {all}  half ?"
    assert view.view["serial"] == before
    assert view.view["current"] == kept == task("record-reading").view["current"]


@pytest.mark.parametrize("answer", [None, 7, {"a": 1}, [1], ["a", None], "x" * 10_001])
def test_a_strange_answer_is_refused_in_words(answer, capsules):
    view = task("record-2")
    tell(view, kind="answer", answer=answer)
    assert view.view["feedback"]["right"] is None
    assert view.view["feedback"]["text"]
    assert not (capsules / "task-record-2.json").exists()


@pytest.mark.parametrize("message", [{}, {"kind": "other"}, {"kind": "answer"}, {"kind": ["a"]}])
def test_a_message_of_an_unknown_kind_changes_nothing(message):
    view = task("record-2")
    before = view.view
    tell(view, **message)
    assert view.view == before


def test_everything_works_as_text():
    view = task("record-1")
    assert "searched-more: " in view.text()
    assert str(view.answer("more-happened")).startswith("Not yet.")
    assert view.view["fill"], "another cell may put an answer into the field"
    assert view.hint().startswith("Hint 1 of")
    assert str(view.answer("searched-more")).startswith("Right.")
    assert "attention" in view.solution()


def test_a_list_of_rows_goes_to_the_browser_only_where_it_is_searched():
    assert len(task("record-3").view["rows"]) > 100
    assert task("record-2").view["rows"] == []


# --- the matrix ----------------------------------------------------------------------------------


def test_the_browser_fills_the_matrix_and_then_sees_the_coders(capsules):
    view = build_obligations(TWO)
    assert view.view["compared"] == {}
    keys = {"id", "name", "short", "about", "summary", "says", "notes"}
    assert [{*item} for item in view.view["agreements"]] == [keys, keys]
    tell(view, kind="mark", agreement=TWO[0], obligation="share-information", force="binding")
    assert view.view["marks"] == [[TWO[0], "share-information", "binding"]]
    for name in TWO:
        assert view.view["compared"] == {}
        tell(view, kind="finish", agreement=name)
    found = view.view["compared"]
    assert [row[:2] for row in found["pairs"]][2] == ["First coder", "Second coder"]
    assert len(found["decided"]) == 2 * len(view.view["obligations"])
    json.dumps(view.view, allow_nan=False)
    assert build_obligations(TWO).view == view.view
    assert log(capsules, "coding-obligations")["draft"]["done"] == list(TWO)


def test_a_mark_that_cannot_be_is_refused_in_words():
    view = build_obligations(TWO)
    tell(view, kind="mark", agreement=TWO[0], obligation="share-information", force="firm")
    assert "There is no 'firm'" in view.error
    tell(view, kind="mark", agreement=TWO[0], obligation="share-information", force="political")
    assert view.error == ""


def test_the_matrix_works_as_text():
    view = build_obligations(TWO)
    assert "share-information" in view.text()
    view.mark(TWO[0], "share-information", "binding")
    assert "marked: share-information, binding" in view.text()
    for name in TWO:
        view.finish(name)
    assert "You and first coder: " in view.compare()


def test_the_learner_has_the_definitions_that_the_coders_had():
    words = coding.meanings()
    assert all(words.values()), "the schema explains each word as 'word: meaning;'"
    assert words["share-information"] == "give each other data or intelligence"
    assert words["coordinate"].endswith("standing body")
    shown = {o["id"]: o["question"] for o in build_obligations().view["obligations"]}
    assert shown.items() <= words.items()
