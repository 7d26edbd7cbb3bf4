"""Tasks: answers from the tables, feedback that says where to look, and a log that is kept."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kit import tables, tasks
from kit.errors import DataError, DecisionError
from kit.tasks import Query, checks, coding, judge, open_task
from kit.tasks import progress as kept

SCRIPT = "<script>alert(1)</script> ${x} {title} __import__('os') \x7f 🙂"


@pytest.fixture(autouse=True)
def capsules(tmp_path, monkeypatch):
    """The folder of logs of this test, empty at first."""
    monkeypatch.setenv("KIT_CAPSULES", str(tmp_path / "capsules"))
    return tmp_path / "capsules"


def log(capsules, name):
    return json.loads((capsules / f"task-{name}.json").read_text("utf-8"))


# --- questions to the tables ---------------------------------------------------------------------


def test_a_question_follows_the_tables():
    events = tables.records("events")
    wanted = [e for e in events if e["category"] == "missile-launch" and e["date"].year == 2023]
    found = Query("events", {"category": "missile-launch", "year": 2023}, "count")
    assert found.answer() == len(wanted) > 0


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        ({"parties": {"only": ["JPN", "KOR"]}}, lambda p: {*p} == {"JPN", "KOR"}),
        ({"parties": {"all": ["JPN", "KOR"]}}, lambda p: {"JPN", "KOR"} <= {*p}),
        ({"parties": ["JPN", "KOR"]}, lambda p: {"JPN", "KOR"} & {*p}),
        ({"parties": "JPN"}, lambda p: "JPN" in p),
    ],
)
def test_lists_are_asked_for_one_all_or_only(where, holds):
    rows = tables.records("agreements")
    expected = [row["agreement_id"] for row in rows if holds(row["parties"])]
    assert list(Query("agreements", where).ids()) == expected != []


def test_a_value_must_be_the_same_in_all_rows():
    assert Query("events", {}, "most", "year").answer() == "2023"
    with pytest.raises(ValueError, match="no single value"):
        Query("events", {}, "value", "category").answer()


# --- the shipped tasks ---------------------------------------------------------------------------


def test_every_shipped_task_can_be_solved_and_judges_its_wrong_answers_wrong():
    assert tasks.problems() == []
    assert len(tasks.names()) >= 8


@pytest.mark.parametrize("name", tasks.names())
def test_all_that_a_learner_reads_is_complete(name):
    task = tasks.load(name)
    said = [task.question, task.right, task.solution, task.low, task.high, *task.hints]
    said += [o.say for o in task.options] + [s.say for s in task.wrong] + [*task.checks]
    for text in said:
        assert not {"{", "}"} & {*task.filled(text)}, text
    assert 1 <= len(task.hints) <= 3
    assert task.question
    assert task.solution


@pytest.mark.parametrize("name", [n for n in tasks.names() if tasks.load(n).kind != "text"])
def test_a_wrong_answer_is_told_where_to_look_and_not_the_answer(name):
    task = tasks.load(name)
    wanted = task.wanted()
    wrong = {
        "choice": lambda: [o.value for o in task.options if o.value != wanted],
        "several": lambda: [[o.value] for o in task.options if o.value not in wanted],
        "number": lambda: [wanted + 1, wanted + 700],
        "row": lambda: [k for k, _ in tasks.titles(task.answer.table) if k not in wanted],
    }[task.kind]()
    assert wrong
    for given in wrong:
        feedback = judge(task, given)
        assert feedback.right is False
        assert len(feedback.text) > 30
        if task.kind == "row":
            assert not any(key in feedback.text for key in wanted)


def test_feedback_on_a_number_names_what_was_counted():
    task = tasks.load("record-2")
    assert "missiles alone" in judge(task, 5).text
    assert "whole year" in judge(task, "10").text
    assert judge(task, " 7 ").right
    assert judge(task, 1).text.startswith("Too few")
    assert judge(task, "1,000").text.startswith("Too many")


@pytest.mark.parametrize("given", ["seven", "7.5", "", "\u0667", "9" * 400, SCRIPT])
def test_what_is_no_number_is_not_judged(given):
    assert judge(tasks.load("record-2"), given).right is None


def test_feedback_on_a_row_says_how_it_differs():
    found = judge(tasks.load("record-3"), "2022-10-04-dprk-missile-over-japan")
    assert "missile-launch" in str(found)
    assert "Phnom" not in str(found)
    near = judge(tasks.load("record-3"), "2022-11-18-dprk-hwasong")
    assert near.right is None
    assert "2022-11-18-dprk-hwasong-17-launch" in near.text


def test_ticks_are_judged_one_by_one():
    task = tasks.load("agreements-1")
    found = judge(task, ["gsomia-2016", "commitment-to-consult-2023"])
    assert found.right is False
    assert "1 of your 2" in found.text
    assert "Commitment to Consult" in found.text
    assert "Washington Declaration" not in found.text
    assert judge(task, []).right is None


# --- strict reading ------------------------------------------------------------------------------

GOOD = """
tasks:
  - id: a-task
    kind: number
    title: A title
    question: How many?
    answer: {table: events, where: {category: exercise}, ask: count}
    low: more
    high: fewer
    right: yes
    solution: "{many}"
    facts: {many: {table: events, where: {}, ask: count}}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("category:", "categorie:", 7, "category"),
        ("exercise", "excercise", 7, "exercise"),
        ("ask: count}\n    low", "ask: sum}\n    low", 7, "cannot be asked"),
        ("table: events, where: {category", "table: event, where: {category", 7, "events"),
        ("{many}", "{manny}", None, "manny"),
        ("kind: number", "kind: numbre", None, "number"),
        ("low: more", "lo: more", None, "low"),
        ("id: a-task", "id: A task", None, "A task"),
        ("kind: number", "kind: number\n    kind: row", None, "twice"),
        ("tasks:", "exercises:", None, "tasks"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_remedy(old, new, line, said):
    assert len(tasks.parse(GOOD)) == 1
    with pytest.raises(DataError) as refused:
        tasks.parse(GOOD.replace(old, new), "mine.yaml")
    assert said in str(refused.value)
    assert "mine.yaml" in str(refused.value)
    if line:
        assert line in [problem.line for problem in refused.value.problems]


def test_a_task_that_the_record_has_outgrown_is_found():
    (task,) = tasks.parse(GOOD)
    assert list(checks.faults(task)) == []
    empty = Query("events", {"event_id": "nothing"})
    assert list(checks.faults(replace(task, kind="row", answer=empty))) != []
    same = tasks.Slip(task.answer, "wrong")
    assert "listed as wrong" in " ".join(checks.faults(replace(task, wrong=(same,))))


def test_an_unknown_task_names_the_nearest():
    with pytest.raises(ValueError, match="record-1"):
        tasks.load("recrod-1")


# --- hints, solutions, and the log ---------------------------------------------------------------


def test_the_solution_opens_after_an_attempt():
    task = open_task("record-2")
    assert "opens after" in task.solution()
    task.answer("no number")
    assert "opens after" in task.solution()
    task.answer(5)
    assert task.solution().startswith("7")


def test_the_solution_opens_after_the_last_hint():
    task = open_task("record-2")
    told = [task.hint() for _ in range(4)]
    assert [text[:6] for text in told] == ["Hint 1", "Hint 2", "Hint 3", "Hint 3"]
    assert task.solution().startswith("7")


def test_the_log_is_kept_and_found_again(capsules):
    first = open_task("record-2")
    first.answer(5)
    first.hint()
    again = open_task("record-2")
    assert again.current() == 5
    assert not again.solved
    again.answer(7)
    assert first.solved
    assert log(capsules, "record-2")["attempts"] == [
        {"answer": 5, "right": False},
        {"answer": 7, "right": True},
    ]


def test_words_are_kept_as_typed_and_nothing_is_run(capsules):
    task = open_task("record-reading")
    task.keep_draft(SCRIPT)
    assert open_task("record-reading").current() == SCRIPT
    feedback = task.answer(SCRIPT)
    assert feedback.right is None
    assert "Kept" in feedback.text
    task.answer(SCRIPT)
    assert [a["answer"] for a in log(capsules, "record-reading")["attempts"]] == [SCRIPT]
    assert SCRIPT in open_task("record-reading").text()
    task.answer("A second version. With two sentences.")
    assert len(log(capsules, "record-reading")["attempts"]) == 2


def test_a_possible_text_opens_only_after_the_learner_s_own():
    task = open_task("record-reading")
    for _ in range(3):
        task.hint()
    assert "after you have written" in task.solution()
    task.answer("My own words come first.")
    assert "Phnom Penh" in task.solution()


def test_half_an_emoji_and_a_text_too_long(capsules):
    task = open_task("record-reading")
    task.answer("half \ud83d")
    assert open_task("record-reading").current() == "half \ud83d"
    with pytest.raises(DecisionError, match="at most"):
        task.answer("x" * 10_001)
    with pytest.raises(DecisionError, match="at most"):
        task.keep_draft("x" * 10_001)
    assert len(log(capsules, "record-reading")["attempts"]) == 1


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", '{"format": "x"}', '{"format": "tabletop-kit task", "task": "b"}']
)
def test_a_damaged_log_is_set_aside_and_never_lost(capsules, damage):
    file = capsules / "task-record-2.json"
    capsules.mkdir()
    file.write_text(damage, "utf-8")
    task = open_task("record-2")
    task.answer(5)
    assert "kept as task-record-2.1.json" in task.notice
    assert (capsules / "task-record-2.1.json").read_text("utf-8") == damage
    assert len(log(capsules, "record-2")["attempts"]) == 1


def test_without_a_place_to_write_the_task_goes_on_and_says_so(capsules):
    capsules.write_text("a file where the folder should be", "utf-8")
    task = open_task("record-2")
    task.answer(5)
    assert task.notice.startswith("Not saved")
    assert task.solution().startswith("7")
    assert task.answer(7).right


def test_a_log_stays_small(capsules):
    task = open_task("record-2")
    many = tuple({"answer": n, "right": False} for n in range(500))
    kept.Keeper("record-2", kept.path_for("record-2")).keep(kept.Progress("record-2", many))
    task.answer(5)
    attempts = log(capsules, "record-2")["attempts"]
    assert len(attempts) == kept.MOST_ATTEMPTS
    assert attempts[-1]["answer"] == 5


def test_without_saving_nothing_is_written(capsules):
    task = open_task("record-2", save=False)
    task.answer(5)
    assert task.current() == 5
    assert not capsules.exists()


# --- coding agreements ---------------------------------------------------------------------------


def rows(coder, *cells):
    return [{"agreement_id": a, "obligation": o, "coder": coder, "force": f, "note": ""}
            for a, o, f in cells]  # fmt: skip


def test_kappa_takes_away_what_chance_would_give():
    # Ten cells: both say binding 4 times, none 3 times, and differ 3 times; p_o .7, p_e .5.
    one = dict.fromkeys((("a", str(n)) for n in range(10)), "none")
    other = dict(one)
    one.update({("a", str(n)): "binding" for n in range(5)})
    other.update({("a", str(n)): "binding" for n in (0, 1, 2, 3, 5, 6)})
    found = coding.pair("x", "y", {"x": one, "y": other})
    assert (found.same, found.cells) == (7, 10)
    assert found.kappa == pytest.approx((0.7 - 0.5) / (1 - 0.5))
    empty = dict.fromkeys(one, "none")
    assert coding.pair("x", "y", {"x": empty, "y": empty}).kappa is None
    assert coding.pair("x", "y", {"x": one, "y": one}).kappa == 1


def test_learner_and_coders_are_compared_cell_by_cell():
    mine = {("a", "consult"): "binding", ("a", "plan"): "none", ("b", "consult"): "none",
            ("b", "plan"): "none"}  # fmt: skip
    both = rows("first", ("a", "consult", "binding"), ("c", "plan", "binding"))
    both += rows("second", ("a", "consult", "political"))
    decided = rows("", ("a", "consult", "political"), ("b", "plan", "operational"))
    found = coding.compare(mine, both, decided)
    assert [(p.one, p.other, p.same) for p in found.pairs] == [
        ("You", "First coder", 4),
        ("You", "Second coder", 3),
        ("First coder", "Second coder", 3),
        ("You", "Decided coding", 2),
    ]
    assert [(d.agreement, d.obligation) for d in found.differences] == [
        ("a", "consult"),
        ("b", "plan"),
    ]


def test_the_comparison_opens_when_all_is_coded_and_marks_are_kept():
    chosen = ("gsomia-2016", "commitment-to-consult-2023")
    opened = coding.open_coding(chosen)
    opened.mark("gsomia-2016", "share-information", "binding")
    opened.mark("gsomia-2016", "consult", "political")
    opened.mark("gsomia-2016", "consult", "none")
    opened.finish("gsomia-2016")
    with pytest.raises(DecisionError, match="1 of 2"):
        opened.compare()
    again = coding.open_coding(chosen)
    again.finish("commitment-to-consult-2023")
    marked = {cell for cell, force in again.marks.items() if force != "none"}
    assert marked == {("gsomia-2016", "share-information")}
    found = again.compare()
    assert found.pairs[0].cells == 2 * len(again.obligations)
    assert "share-information" in again.obligations
    assert "kappa" in coding.pairs_text(found.pairs)


def test_marks_outside_the_matrix_are_refused():
    opened = coding.open_coding(("gsomia-2016",))
    for wrong in (("gsomia", "consult", "binding"), ("gsomia-2016", "share", "binding"),
                  ("gsomia-2016", "share-information", "firm")):  # fmt: skip
        with pytest.raises(DecisionError, match="There is no"):
            opened.mark(*wrong)
    with pytest.raises(DecisionError):
        opened.finish("npt-1968")
    with pytest.raises(ValueError, match="gsomia-2016"):
        coding.open_coding(("gsomia-2017",))


def test_another_choice_of_agreements_loses_no_mark():
    coding.open_coding(("gsomia-2016",)).mark("gsomia-2016", "share-information", "binding")
    coding.open_coding(("npt-1968",)).mark("npt-1968", "restrain", "binding")
    assert coding.open_coding(("gsomia-2016",)).marks["gsomia-2016", "share-information"] == (
        "binding"
    )
