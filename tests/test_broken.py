"""One sound exercise, one defect at a time: each is one problem, in its words, on its line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import tiny

from kit import documents, errors, scenario
from kit.errors import MAX_COMPARED, MAX_SHOWN, ScenarioError, describe

# The small exercise with the parts that it leaves out and that may be wrong.
SOUND = tiny.edited(
    (
        "    choices:\n      sharing:\n",
        "    predictions:\n"
        "      - {id: signed, question: Is a treaty signed this year?,\n"
        "         resolves: {event: 2001-treaty, by: 2001-12-31}}\n"
        "      - {id: wetter, question: Is it wet?, resolves: {variable: rain, value: wet}}\n"
        "      - {id: trusted, question: Does it hold?, resolves: {measure: trust, at_least: 8}}\n"
        "      - {id: warned, question: How late are warnings?, resolves: {measure: delay}}\n"
        "    choices:\n      sharing:\n",
    ),
    (
        "        expected_action: Alfa weighs what the request costs.\n",
        "        expected_action: Alfa weighs what the request costs.\n"
        "        notes: Ring him up.\n",
    ),
    ("odds: 0.25, history: true}", "odds: 0.25, history: 1999-flood}"),
) + ("silence:\n  - {code: TTX401, at: sharing, reason: It is small.}\n")

BROKEN = Path(__file__).with_name("broken")
CASES = {
    name: case
    for file in ("reading.yaml", "structure.yaml", "names.yaml")
    for name, case in documents.parse((BROKEN / file).read_text("utf-8"), file).value.items()
}


def filled(words):
    """Return words with `<x*70>` and `<U+0000>` written out."""
    words = re.sub(r"<([^<>]+)\*(\d+)>", lambda found: found[1] * int(found[2]), words)
    return re.sub(r"<U\+([0-9A-F]{4,6})>", lambda found: chr(int(found[1], 16)), words)


def broken(case):
    """Return the text of a case, and the line that its message must name."""
    if "text" in case:
        text, begins = filled(case["text"]), 0
    else:
        changes = [(old, filled(new)) for old, new in case["change"].items()]
        text, begins = tiny.edited(*changes, text=SOUND), SOUND.index(changes[0][0])
    if case.get("at") == "nowhere":
        return text, None
    if "at" in case:
        begins = text.index(case["at"])
    return text, text.count("\n", 0, begins) + 1


@pytest.fixture
def load(tmp_path):
    def loaded(content):
        path = tmp_path / "tiny.yaml"
        path.write_bytes(content)
        return scenario.load(path, tiny.KNOWN_ON)

    return loaded


@pytest.mark.parametrize("name", CASES)
def test_one_defect_is_one_problem_in_its_words_on_its_line(name, load):
    case = CASES[name]
    text, line = broken(case)
    with pytest.raises(ScenarioError) as caught:
        load(text.encode(case.get("encoding", "utf-8")))
    (problem,) = caught.value.problems
    assert (problem.code, problem.line) == (case["code"], line)
    assert [words for words in case["cause"] if words not in problem.cause] == []
    assert [words for words in case["remedy"] if words not in problem.remedy] == []
    assert str(problem).isprintable()
    assert len(str(problem)) < 400


def test_cases_are_complete():
    assert len(CASES) >= 60
    for name, case in CASES.items():
        keys = {"code", "cause", "remedy"} | {"text" if "text" in case else "change"}
        assert keys <= case.keys() <= keys | {"at", "encoding"}, name
        assert case["cause"], name
        assert case["remedy"], name


def test_no_two_cases_are_the_same_file():
    made = {json.dumps([broken(case)[0], case.get("encoding")]) for case in CASES.values()}
    assert len(made) == len(CASES)


def test_every_code_found_on_reading_has_a_case(root):
    """The codes of the audit have tests of their own."""
    sources = [root / "kit" / "documents.py", *(root / "kit" / "scenario").glob("*.py")]
    written = {code for path in sources for code in re.findall("TTX[0-9]{3}", path.read_text())}
    editions = documents.parse((BROKEN / "editions.yaml").read_text("utf-8"), "editions").value
    assert written == {case["code"] for case in (*CASES.values(), *editions.values())}


def test_each_code_stands_in_the_file_of_its_digit():
    for digit, file in enumerate(("reading.yaml", "structure.yaml", "names.yaml")):
        cases = documents.parse((BROKEN / file).read_text("utf-8"), file).value
        assert {case["code"][3] for case in cases.values()} == {str(digit)}


# --- what is not broken ------------------------------------------------------------------------


def test_the_exercise_without_a_defect_is_sound(load):
    assert load(SOUND.encode()).fingerprint == tiny.parsed(SOUND).fingerprint


@pytest.mark.parametrize(
    ("change", "encoding"),
    [
        (lambda text: text.replace("\n", "\r\n"), "utf-8"),
        (lambda text: text.replace("\n", "\r\n"), "utf-8-sig"),
        (lambda text: text.replace("\n", "\r"), "utf-8"),
        (lambda text: text, "utf-8-sig"),
        (lambda text: text.rstrip("\n"), "utf-8"),
        (lambda text: text + "\n\n# The end.\n...\n", "utf-8"),
        (lambda text: "# A first line.\n---\n" + text, "utf-8"),
        (lambda text: "%YAML 1.2\n---\n" + text, "utf-8"),
        (lambda text: text.replace(" 0.5}", " 0.50}"), "utf-8"),
        (lambda text: text.replace("title:", '"title":'), "utf-8"),
        (lambda text: text.replace("level: basic", "level: basic\t# after a tab"), "utf-8"),
        (lambda text: text.replace("\n", " \n"), "utf-8"),
        (lambda text: json.dumps(documents.parse(text, "a.yaml").value), "utf-8"),
    ],
    ids=["windows", "windows-mark", "old-mac", "mark", "no-last-line-end", "document-end",
         "document-start", "version", "zeros", "quoted-keys", "tab-after-text", "blanks",
         "json"],
)  # fmt: skip
def test_these_are_fine(change, encoding, load):
    changed = change(SOUND)
    assert changed.encode(encoding) != SOUND.encode()
    assert load(changed.encode(encoding)).fingerprint == tiny.parsed(SOUND).fingerprint


@pytest.mark.parametrize(
    "change",
    [
        ("title: Snow melts", "title: 雪が溶ける, يذوب الثلج, 😀"),
        ("title: Snow melts", 'title: "Snow\\tmelts \\u00e4nd"'),
        ("title: Two towns, one river", "title: " + "x" * 4000),
        ("start: 10,", "start: -99999999999999999,"),
        ("start: 10,", "start: 999999999999999999,"),
        ("change: {trust: -3}", "change: {trust: 9999999999999999.9}"),
        ("odds: {dry: 0.6, wet: 0.4}", "odds: {dry: 0.3333333, wet: 0.6666666}"),
        ("odds: {dry: 0.6, wet: 0.4}", "odds: {dry: -0.0, wet: 1}"),
        ("minute: 5", "minute: 20"),
        ("by: 2001-12-31", "by: 9999-12-31"),
        ("by: 2001-12-31", "by: 2001-03-02"),
        ("value: wet}", "value: [wet]}"),
        ("at_least: 8", "at_most: -8.5"),
        ("{variable: rain, value: wet}", "{variable: sharing, value: live}"),
    ],
)
def test_these_are_unusual_and_fine(change, load):
    assert load(tiny.edited(change, text=SOUND).encode()).fingerprint


# --- many problems ------------------------------------------------------------------------------


def test_a_message_shows_the_first_problems_and_counts_the_rest(load):
    text = SOUND + "".join(f"unknown_{n}: 1\n" for n in range(10_000))
    with pytest.raises(ScenarioError) as caught:
        load(text.encode())
    assert len(caught.value.problems) == 10_000
    message = str(caught.value)
    assert message.startswith("tiny.yaml has 10,000 problems\n")
    assert message.endswith(f"\n  … and {10_000 - MAX_SHOWN:,} more")
    assert message.count("\n") == MAX_SHOWN + 1
    assert "unknown_0'" in message


def test_exactly_as_many_problems_as_are_shown_are_shown(load):
    text = SOUND + "".join(f"unknown_{n}: 1\n" for n in range(MAX_SHOWN))
    with pytest.raises(ScenarioError) as caught:
        load(text.encode())
    assert "more" not in str(caught.value)
    assert str(caught.value).count("\n") == MAX_SHOWN


def test_the_rest_is_counted_file_by_file():
    first = tiny.problems("".join(f"k{n}: 1\n" for n in range(MAX_SHOWN)), file="a.yaml")
    second = tiny.problems("- 1\n", file="b.yaml")
    message = describe([*first, *second])
    assert f"a.yaml has {len(first)} problems" in message
    assert message.endswith("b.yaml has 1 problem\n  … and 1 more")


def test_names_are_compared_for_the_first_problems_only(monkeypatch, load):
    """The assumptions are all alike, and no effect names one of them rightly."""
    compared = 0

    class Counted(errors.difflib.SequenceMatcher):
        def ratio(self):
            nonlocal compared
            compared += 1
            return super().ratio()

    monkeypatch.setattr(errors.difflib, "SequenceMatcher", Counted)
    size = "{text: So., low: 1, base: 1, high: 1, unit: h, basis: assumed}"
    effect = "  - {when: {flood: yes}, change: {delay: a-long-name-like-another%d-x}, why: So.}\n"
    text = tiny.edited(
        ("uncertainties:\n",
         "".join(f"  a-long-name-like-another{n}: {size}\n" for n in range(400))
         + "uncertainties:\n"),
        ("base_case:", "".join(effect % n for n in range(400)) + "base_case:"),
        text=SOUND,
    )  # fmt: skip
    with pytest.raises(ScenarioError) as caught:
        load(text.encode())
    assert len(caught.value.problems) == 400
    assert 0 < compared <= MAX_SHOWN * MAX_COMPARED
    assert "Did you mean 'a-long-name-like-another0'?" in caught.value.problems[0].remedy


def test_entries_that_are_no_text_are_compared_once_each(load):
    """The library compares entries that cannot be sorted each with each: here 72 million times."""
    text = tiny.edited(
        ("evidence: [2001-treaty]", "evidence: [" + "[], {}, " * 6_000 + "1]"), text=SOUND
    )
    with pytest.raises(ScenarioError) as caught:
        load(text.encode())
    assert len([p for p in caught.value.problems if p.code == "TTX108"]) == 1
