"""YAML without surprises: what stays text, what is refused, and where the message points."""

from __future__ import annotations

import itertools

import pytest
import tiny

from kit import documents, files, scenario
from kit.errors import DataError, ScenarioError


def value(text):
    return documents.parse(text, "a.yaml").value


def refused(text):
    with pytest.raises(DataError) as caught:
        documents.parse(text, "a.yaml")
    return caught.value.problems


@pytest.mark.parametrize(
    "word",
    ["yes", "no", "on", "off", "Yes", "True", "FALSE", "~", "Null", "2023-11-12", "010", "00",
     "007.5", "1e3", "1_000", "0x1F", "0o17", ".5", "5.", "+1", ".inf", ".nan", "12:30", "=",
     "<<"],
)  # fmt: skip
def test_these_stay_text(word):
    assert value(f"a: {word}") == {"a": word}
    assert value(f"{word}: b") == {word: "b"}


@pytest.mark.parametrize(
    ("word", "meant"),
    [("true", True), ("false", False), ("null", None), ("", None), ("0", 0), ("-12", -12),
     ("0.50", 0.5), ("-3.25", -3.25), ("10", 10)],
)  # fmt: skip
def test_only_these_do_not(word, meant):
    found = value(f"a: {word}")["a"]
    assert (found, type(found)) == (meant, type(meant))


def test_quotes_make_text_of_anything():
    assert value("a: ['1', \"true\", '']") == {"a": ["1", "true", ""]}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "'a' is there twice"),
        ("b:\n  - {c: 1, c: 2}\n", 2, "'c' is there twice"),
        ("a: 1\n'a': 2\n", 2, "'a' is there twice"),
        ("a: 1\nb: &x 2\n", 2, "'x'"),
        ("a: 1\nb: *x\n", 2, "'x'"),
        ("a: 1\n<<: *x\n", 2, "'x'"),
        ("a: !!str 1\n", 1, "Tags"),
        ("a: !python/object:os.system x\n", 1, "Tags"),
        ("a: !<!x> 1\n", 1, "Tags"),
        ("a: 1\n? [b, c]\n: 2\n", 2, "plain text"),
        ("a: 1\n? {b: c}\n: 2\n", 2, "plain text"),
        ("a:\n\t- 1\n", 2, "Not YAML"),
        ("a: 1\nb: @x\n", 2, "Not YAML"),
        ("a: 1\nb: `x`\n", 2, "Not YAML"),
        ("a: b: c\n", 1, "Not YAML"),
        ("a: 1\nb: 'x\nc: 2\n", 2, "end of stream"),
        ("a: [1, 2\nb: 3\n", 2, "Not YAML"),
        ("a:\n  b: 1\n c: 2\n", 3, "Not YAML"),
        ("a: 1\n---\nb: 2\n", 2, "another document"),
        ("%YAML 2.0\n---\na: 1\n", 1, "incompatible"),
        ('a: "\\q"\n', 1, "Not YAML"),
        ("a: 1\nb: \x00\n", 2, "U+0000"),
        ("a: 1\nb: \ud800\n", 2, "U+D800"),
        ("a: 1\n\n\nb: \x1b\n", 4, "U+001B"),
        ("a: 1\nb: " + "9" * 5000, 2, "digits"),
        ("a: 1\nb: " + "9" * 400 + ".0", 2, "digits"),
        ("", None, "empty"),
        ("# only a comment\n", None, "empty"),
    ],
)
def test_these_are_refused_with_their_line(text, line, words):
    (problem,) = refused(text)
    assert (problem.file, problem.line) == ("a.yaml", line)
    assert words in problem.cause
    assert problem.remedy
    assert "\n" not in str(problem)


def test_all_forbidden_features_are_reported_at_once():
    assert [p.line for p in refused("a: &x 1\nb: !t 2\nc: *x\n")] == [1, 2, 3]
    assert [p.line for p in refused("a: 1\na: 2\nb: {c: 1, c: 2}\na: 3\n")] == [2, 3, 4]


@pytest.mark.parametrize("opening", ["[", "{", "- ", "? ", "[{", "{a: ["])
def test_deep_nesting_is_refused_before_anything_is_built(opening):
    found = refused(opening * 5_000)
    assert len(found) == 1
    assert "Nested" in found[0].cause or "Not YAML" in found[0].cause


def test_nesting_up_to_the_limit_is_read():
    depth = documents.MAX_DEPTH
    found = value("[" * depth + "]" * depth)
    for _ in range(depth - 1):
        (found,) = found
    assert found == []
    assert "Nested" in refused("[" * (depth + 1) + "]" * (depth + 1))[0].cause


def test_a_bomb_of_aliases_is_refused_unexploded():
    layers = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for above, name in itertools.pairwise("abcdefghi"):
        layers.append(f"{name}: &{name} [{', '.join([f'*{above}'] * 9)}]")
    found = refused("\n".join(layers))
    assert {p.line for p in found} == set(range(1, 10))


def test_a_text_that_is_too_long_is_refused_unread():
    (problem,) = refused("'" + "a" * documents.MAX_CHARS)
    assert "long" in problem.cause


def test_every_node_knows_its_line():
    document = documents.parse("a: 1\nb:\n  - c: 2\n    d: 3\n  - [4,\n     5]\n", "a.yaml")
    assert document.line(("a",)) == 1
    assert document.line(("b",)) == 2
    assert document.line(("b", 0, "d")) == 4
    assert document.line(("b", 1, 1)) == 6
    assert document.line(("b", 1, 1, "deeper", 7)) == 6
    assert document.line(("nowhere",)) == 1


def test_windows_files_with_a_byte_order_mark_read_the_same(tmp_path):
    path = tmp_path / "tiny.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + tiny.TEXT.replace("\n", "\r\n").encode())
    assert scenario.load(path).fingerprint == tiny.parsed().fingerprint


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (tiny.TEXT.replace("Invented.", "Inventé.").encode("latin-1"), 1, "not UTF-8"),
        (tiny.TEXT.encode() + b"\x00", tiny.TEXT.count("\n") + 1, "U+0000"),
        (b"", None, "empty"),
        (b"#" * (files.MAX_BYTES + 1), None, "MB"),
        (tiny.TEXT.encode("utf-16"), 1, "not UTF-8"),
    ],
)
def test_a_file_that_is_no_text_is_one_scenario_error(tmp_path, content, line, words):
    path = tmp_path / "tiny.yaml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        scenario.load(path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("tiny.yaml", line)
    assert words in problem.cause


# --- how much work a file may make --------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["- \n" * 200_000, "a:\n" * 100_000, "[" + "a," * 200_000, "[" + "*a," * 160_000 + "]",
     "---\na\n" * 80_000, "? a\n" * 120_000, "'a' " * 120_000, "|\n" * 200_000],
    ids=["dashes", "keys", "brackets", "aliases", "documents", "marks", "quotes", "bars"],
)  # fmt: skip
def test_no_more_is_looked_at_than_the_limit(text, monkeypatch):
    seen = 0
    scan = documents.yaml.scan

    def counted(*args, **options):
        nonlocal seen
        for token in scan(*args, **options):
            seen += 1
            yield token

    monkeypatch.setattr(documents.yaml, "scan", counted)
    assert refused(text)
    assert seen <= documents.MAX_TOKENS + 1


def test_as_much_as_the_limit_is_read():
    count = (documents.MAX_TOKENS - 4) // 2  # start and end of the text and of the list
    assert len(value("[" + "a," * count + "]")) == count
    (problem,) = refused("[" + "a," * (count + 1) + "]")
    assert (problem.code, problem.line) == ("TTX001", 1)


@pytest.mark.parametrize("escape", ["\\0", "\\a", "\\e", "\\x7f", "\\x9b", "\\uffff", "\\ufeff"])
def test_what_no_file_may_hold_cannot_be_smuggled_in(escape):
    for text in (f'a: "b{escape}"', f'"a{escape}": b'):
        (problem,) = refused(text)
        assert (problem.code, problem.line) == ("TTX001", 1)
    assert value('a: "\\t\\n\\u00e4\\U0001F600"') == {"a": "\t\n\u00e4\U0001f600"}


@pytest.mark.parametrize("text", ["\ufeffa: b", "\ufeff\ufeffa: b", "a: \ufeffb"])
def test_a_byte_order_mark_may_only_come_first(text):
    if text.count("\ufeff") == 1 and text.startswith("\ufeff"):
        assert value(text) == {"a": "b"}
    else:
        assert "U+FEFF" in refused(text)[0].cause


def test_a_quote_that_is_never_closed_is_named_where_it_opens():
    (problem,) = refused('a: 1\nb: "x\nc: 2\nd: 3\n')
    assert problem.line == 2
    assert "Close the quote" in problem.remedy


@pytest.mark.parametrize(
    "text",
    ["k" * 100_000 + ": &a 1", "a: &" + "k" * 100_000 + " 1",
     '? "' + "k" * 100_000 + '"\n: 1\n' * 2,
     '? "' + "k " * 50_000 + '"\n: 1\n? "' + "k " * 50_000 + '"\n: 2\n'],
    ids=["key", "anchor", "mark", "twice"],
)  # fmt: skip
def test_a_message_does_not_grow_with_the_words_of_the_file(text):
    for problem in refused(text):
        assert len(str(problem)) < 2 * documents.MAX_MESSAGE
