"""Files of an older format are brought up to date, and nothing else in them changes."""

from __future__ import annotations

import json

import pytest
import tiny
from hypothesis import given, settings

from kit import documents, scenario
from kit.__main__ import main
from kit.authoring import emit, scaffold, source
from kit.authoring.upgrade import STEPS, upgrade
from kit.errors import ScenarioError
from kit.scenario.structure import FORMAT

NEW = scaffold.text("x")


def old_of(text):
    """Return a text as format 1 had it."""
    return tiny.edited(("schema: 2  ", "schema: 1  "), ("\nhot_wash:", "\ndiscussion:"), text=text)


OLD = old_of(NEW)


def upgraded(text, file="x.yaml"):
    return upgrade(source.parse(text, file))


def refusal(text):
    with pytest.raises(ScenarioError) as caught:
        upgraded(text)
    (problem,) = caught.value.problems
    return problem


def test_every_older_format_has_its_step():
    assert sorted(STEPS) == list(range(1, FORMAT))


def test_two_words_change_and_nothing_else():
    assert upgraded(OLD).text == NEW
    assert scenario.parse(upgraded(OLD).text, "x.yaml").hot_wash


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_a_byte_order_mark_stay(tmp_path, mark, end):
    path = tmp_path / "x.yaml"
    path.write_bytes((mark + OLD.replace("\n", end)).encode())
    assert main(["upgrade", str(path), "--write"]) == 0
    assert path.read_bytes() == (mark + NEW.replace("\n", end)).encode()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"schema": 1\n\'discussion\': [a]\n', '"schema": 2\n\'hot_wash\': [a]\n'),
        ("{schema: 1, discussion: [a]}", "{schema: 2, hot_wash: [a]}"),
        ('{"schema":1,"discussion":["discussion: schema: 1"]}',
         '{"schema":2,"hot_wash":["discussion: schema: 1"]}'),
        ("{title: 'schema: 1', schema: 1}", "{title: 'schema: 1', schema: 2}"),
        ("title: |\n  schema: 1\n  discussion: x\nschema:   # format\n  1 # one\n",
         "title: |\n  schema: 1\n  discussion: x\nschema:   # format\n  2 # one\n"),
        ("schema : 1\ndiscussion : []", "schema : 2\nhot_wash : []"),
        ("roles: {discussion: {schema: 1}}\nschema: 1",
         "roles: {discussion: {schema: 1}}\nschema: 2"),
        ("? schema\n: 1\n? discussion\n: [a]\n", "? schema\n: 2\n? hot_wash\n: [a]\n"),
        ("# odd \u2028# line end\nschema: 1\n", "# odd \u2028# line end\nschema: 2\n"),
    ],
)  # fmt: skip
def test_other_layouts(old, new):
    assert upgraded(old).text == new


def test_a_file_of_this_format_stays_as_it_is(tmp_path, capsys):
    assert upgraded(NEW).text == NEW
    path = tmp_path / "x.yaml"
    path.write_text(NEW, "utf-8")
    assert main(["upgrade", str(path), "--write"]) == 0
    assert capsys.readouterr().out == "x.yaml is up to date.\n"


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("schema: 3", "TTX111", "no format 3"),
        ("schema: 0", "TTX111", "no format 0"),
        ("title: x", "TTX102", "does not say"),
        ("schema: '1'", "TTX102", "does not say"),
        ("- 1", "TTX102", "does not say"),
        ("schema: [1", "TTX002", "Not YAML"),
        ("schema: 1\nschema: 1", "TTX004", "twice"),
        (
            "schema: 1\ndiscussion: [a]\nhot_wash: [b]",
            "TTX004",
            "both 'discussion' and 'hot_wash'",
        ),
        ('"sch\\u0065ma": 1', "TTX110", "on a line of its own"),
    ],
)
def test_what_cannot_be_upgraded_is_refused(text, code, words):
    problem = refusal(text)
    assert problem.code == code
    assert words in str(problem)
    assert problem.remedy


def test_it_shows_the_difference_and_writes_only_when_asked(tmp_path, capsys):
    path = tmp_path / "x.yaml"
    path.write_text(OLD, "utf-8")
    assert main(["upgrade", str(path)]) == 0
    told = capsys.readouterr().out
    changed = [
        row for row in told.splitlines() if row[:1] in {"+", "-"} and row[:3] not in ("+++", "---")
    ]
    assert changed == [
        "-schema: 1                 # version of the file format; not yours to change",
        "+schema: 2                 # version of the file format; not yours to change",
        "-discussion:",
        "+hot_wash:",
    ]
    assert "Nothing is written yet; add --write." in told
    assert path.read_text("utf-8") == OLD
    assert main(["upgrade", str(path), "--write"]) == 0
    assert path.read_text("utf-8") == NEW
    assert [p.name for p in tmp_path.iterdir()] == ["x.yaml"]


def test_what_is_wrong_besides_is_told_afterwards(tmp_path, capsys):
    path = tmp_path / "x.yaml"
    path.write_text(tiny.edited(("minutes: 45 ", "minutes: soon "), text=OLD), "utf-8")
    assert main(["upgrade", str(path), "--write"]) == 1
    told = capsys.readouterr()
    assert "is written" in told.out
    assert "What is left to mend:" in told.err
    assert "soon" in told.err


def test_a_file_that_cannot_be_read_or_written_is_reported(tmp_path, capsys, monkeypatch):
    assert main(["upgrade", str(tmp_path / "none.yaml")]) == 1
    assert "does not exist" in capsys.readouterr().err
    path = tmp_path / "x.yaml"
    path.write_text(OLD, "utf-8")

    def full(path, text):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kit.files.write_atomic", full)
    assert main(["upgrade", str(path), "--write"]) == 1
    assert "No space left" in capsys.readouterr().err
    assert path.read_text("utf-8") == OLD


@given(tiny.raws())
@settings(parent=tiny.TOUGH, max_examples=40)
def test_any_scenario_comes_back_from_format_1(values):
    values["hot_wash"] = ["What about schema: 1 and discussion:?"]
    old = {("discussion" if key == "hot_wash" else key): part for key, part in values.items()}
    old["schema"] = 1
    for text, wanted in (
        ("\n".join(emit.tree(old)), "\n".join(emit.tree(values))),
        (json.dumps(old), json.dumps(values)),
    ):
        found = upgraded(text, "random.yaml")
        assert found.text == wanted
        assert documents.parse(found.text, "random.yaml").value == values
