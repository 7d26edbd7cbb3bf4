"""Whatever is thrown at the reader: an exercise that can be played, or one readable error.

The examples are the same in every run. `KIT_FUZZ=50` makes fifty times as many, and new ones.
"""

from __future__ import annotations

import copy
import json
import math
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import tiny
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_broken import CASES, SOUND, broken

from kit import documents, engine, errors, outcomes, scenario
from kit.errors import ScenarioError
from kit.log import Event
from kit.scenario.build import build
from kit.scenario.meaning import meaning
from kit.scenario.structure import schema, structure

TIMES = int(os.environ.get("KIT_FUZZ", "1"))
MAX_WORLDS = 3_000


def often(count):
    return settings(tiny.TOUGH, max_examples=count * TIMES, derandomize=TIMES == 1)


# --- what must hold, whatever comes in ----------------------------------------------------------


def survives(text, file="tiny.yaml"):
    """Check that a text is played or refused; return whether it was played."""
    try:
        made = scenario.parse(text, file, tiny.KNOWN_ON)
    except ScenarioError as error:
        is_clear(error, text)
        return False
    lives(made)
    return True


def is_clear(error, text=None):
    """Check that an error says what is wrong, where, and how to mend it, in bounded length."""
    assert error.problems
    message = str(error)
    assert len(message) < 30_000
    assert message.count("\n") <= errors.MAX_SHOWN + 1
    for problem in error.problems:
        assert re.fullmatch("TTX[0-9]{3}", problem.code)
        assert problem.cause
        assert problem.remedy
        assert "\n" not in str(problem)
        if text is not None and problem.line is not None:
            breaks = re.findall("\r\n|[\r\n\x85\u2028\u2029]", text)  # as YAML counts them
            assert 1 <= problem.line <= len(breaks) + 1


def lives(made):
    """Play an exercise to its end, ask for its outcomes and its fingerprint."""
    assert re.fullmatch("[0-9a-f]{16}", made.fingerprint)
    if made.playable:
        try:
            play(made, made.playable[-1:])
        except ScenarioError as error:
            is_dead_end(error)
    if math.prod(len(variable.domain) for variable in made.variables.values()) > MAX_WORLDS:
        return
    try:
        found = outcomes.evaluate(made)
    except ScenarioError as error:
        is_dead_end(error)
    else:
        assert list(found) == list(made.measures)
        assert all(math.isfinite(outcome.mean) for outcome in found.values())


def is_dead_end(error):
    """Check that play stopped where no option is open; the audit finds that, not the reader."""
    (problem,) = error.problems
    assert "no open option" in problem.cause


def play(made, roles):
    log = [Event(1, "start", roles=tuple(roles), seed=1)]
    state = engine.replay(made, log)
    while (due := engine.pending(made, state)) is not None:
        if engine.is_played(state, due):
            kind, value = "decide", engine.open_options(due, state.known)[0].id
        else:
            kind, value = "draw", engine.draw(due, state.known, engine.luck(1, due.id))
        log.append(Event(state.seq + 1, kind, due.id, value))
        state = engine.apply(made, state, log[-1])
    assert state.known.keys() == made.variables.keys()
    assert engine.replay(made, tiny.through_json(log)) == state


def test_the_sound_exercise_survives():
    assert survives(SOUND)


# --- bytes and text -----------------------------------------------------------------------------


@often(150)
@given(st.binary(max_size=200))
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfe")
@example(b"a: \xed\xa0\x80")
def test_random_bytes_are_read_or_refused(content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tiny.yaml"
        path.write_bytes(content)
        try:
            scenario.load(path, tiny.KNOWN_ON)
        except ScenarioError as error:
            is_clear(error)
        else:
            raise AssertionError("nobody writes an exercise by chance")


WEIRD = st.text(
    alphabet=st.one_of(st.sampled_from(" \n\t:-[]{},&*!|>'\"%@`#?.~0129ab\\"), st.characters()),
    max_size=80,
)


@often(300)
@given(WEIRD)
@example("a: " + "1" * 5000)
@example("? ")
@example("[a: b, c: [d: e]]")
@example('"\\0": "\\ud800"')
@example("a: \ufeffb")
def test_random_text_is_read_or_refused(text):
    assert not survives(text)


LINES = SOUND.split("\n")
ODD = ["", "null", "true", "-1", "1e9", "9" * 400, "9" * 18, "0.1", "0", "1", "[]", "{}", "[x]",
       "{a: b}", "'", "x", "none", "live", "flood", "end", "1999-flood", "2001-07-01", ".nan",
       "-.inf", '"\\n"', "' '", "[[[[[[]]]]]]", "{a: {a: {a: {a: 1}}}}"]  # fmt: skip


@st.composite
def edited_lines(draw):
    """The lines of the sound exercise after one to three accidents at the keyboard."""
    rows = list(LINES)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(rows) - 1))
        other = draw(st.integers(0, len(rows) - 1))
        how = draw(
            st.sampled_from(["drop", "double", "move", "indent", "swap", "cut", "value", "type"])
        )
        if how == "drop" and len(rows) > 1:
            del rows[place]
        elif how == "double":
            rows.insert(place, rows[place])
        elif how == "move":
            rows.insert(other, rows.pop(place))
        elif how == "indent":
            rows[place] = " " * draw(st.integers(0, 12)) + rows[place].lstrip()
        elif how == "swap":
            rows[place], rows[other] = rows[other], rows[place]
        elif how == "cut":
            rows = rows[: place + 1]
        elif how == "value":
            head, colon, _ = rows[place].partition(": ")
            rows[place] = head + colon + draw(st.sampled_from(ODD) | WEIRD)
        else:
            column = draw(st.integers(0, len(rows[place])))
            typed = draw(st.sampled_from(list(" :-,#'\"{}[]&*!x0\t")))
            rows[place] = rows[place][:column] + typed + rows[place][column:]
    return "\n".join(rows)


@often(200)
@given(edited_lines())
def test_a_scenario_with_some_lines_astray_is_read_or_refused(text):
    survives(text)


@often(60)
@given(st.sampled_from(sorted(CASES)), st.sampled_from(sorted(CASES)))
def test_two_defects_at_once_are_refused(first, second):
    text, other = broken(CASES[first])[0], CASES[second].get("change", {})
    for old, new in other.items():
        text = text.replace(old, new)
    if len(text) < 100_000:
        survives(text)


# --- plain values -------------------------------------------------------------------------------

RAW = documents.parse(SOUND, "tiny.yaml").value


def paths(value, path=()):
    """Yield the path of every part of plain values."""
    yield path
    if isinstance(value, (dict, list)):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from paths(value[key], (*path, key))


PATHS = [path for path in paths(RAW) if path]
KEYS = sorted({key for path in PATHS for key in path if isinstance(key, str)})
KEYS += sorted({*re.findall(r'"([a-z_]+)": \{', json.dumps(schema()))} - {*KEYS})
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18) + 1, 10**18 - 1),
    st.integers(-1000, 2000).map(lambda number: number / 1000),
    st.sampled_from([0, 1, 0.5, *KEYS, "TTX401", "2001-02-30", "1999-flood", "2001-treaty"]),
    st.text(max_size=10),
)
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=20,
)


def at(values, path):
    for key in path:
        values = values[key]
    return values


def checked(values):
    """Read plain values as they are and through the text of a file; both must say the same."""
    document = documents.Document("tiny.yaml", values, {})
    found = structure(document) or meaning(document, tiny.KNOWN_ON)
    if not found:
        lives(build(values, scenario.fingerprint(values)))
    else:
        is_clear(ScenarioError(found))
    text = json.dumps(values, ensure_ascii=False)
    survived = survives(text)
    assert survived <= (not found)


@often(200)
@given(st.data())
def test_a_scenario_with_some_parts_astray_is_read_or_refused(data):
    values = copy.deepcopy(RAW)
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(PATHS))
        how = data.draw(st.sampled_from(["drop", "replace", "swap", "copy", "rename"]))
        try:
            part, key = at(values, path[:-1]), path[-1]
            here = part[key]
        except (KeyError, IndexError, TypeError):
            continue  # an earlier accident took it away
        if isinstance(part, str):
            continue  # an earlier accident put a text there; its letters are no parts
        if how == "drop":
            del part[key]
        elif how == "replace":
            part[key] = data.draw(TREES)
        elif how in ("swap", "copy"):
            source = data.draw(st.sampled_from(PATHS))
            part[key] = copy.deepcopy(at(RAW, source))
            if how == "swap" and source[:1] != path[:1]:
                values[source[0]] = copy.deepcopy(here)
        elif isinstance(part, dict):
            part[data.draw(st.sampled_from(KEYS))] = part.pop(key)
    checked(values)


@often(200)
@given(TREES)
def test_random_values_are_read_or_refused(values):
    checked(values)


@often(150)
@given(st.sampled_from(sorted(RAW)), TREES)
def test_a_random_block_is_read_or_refused(key, value):
    checked({**RAW, key: value})


@often(80)
@given(tiny.raws(dead_ends=True))
def test_random_exercises_survive(values):
    document = documents.parse(json.dumps(values), "random.yaml", ScenarioError)
    assert document.value == values
    lives(scenario.parse(json.dumps(values), "random.yaml"))


# --- hostile files ------------------------------------------------------------------------------


def many(old, part, count=20_000):
    """Return the sound exercise with a part before some words of it, again and again."""
    assert SOUND.count(old) == 1
    return SOUND.replace(old, "".join(part.replace("#", str(n)) for n in range(count)) + old)


def bomb():
    rows = ["a0: &a0 [" + "x, " * 9 + "]"]
    rows += [f"a{n}: &a{n} [" + f"*a{n - 1}, " * 9 + "]" for n in range(1, 20)]
    return "\n".join(rows)


HOSTILE = {
    "bomb": bomb,
    "bombs": lambda: "a: &a [x]\n" + "".join(f"b{n}: [*a, *a, *a]\n" for n in range(9_000)),
    "anchors": lambda: "[" + "&a x, " * 80_000 + "]",
    "tags": lambda: "[" + "!!python/name:os.system x, " * 15_000 + "]",
    "deep brackets": lambda: "[" * 200_000,
    "deep braces": lambda: "{a: " * 100_000,
    "deep dashes": lambda: "- " * 200_000,
    "deep marks": lambda: "? " * 200_000,
    "deep blocks": lambda: "\n".join(" " * n + "a:" for n in range(900)),
    "long key": lambda: "k" * 400_000 + ": 1\n",
    "long complex key": lambda: "? " + "k" * 400_000 + "\n: 1\n" + SOUND,
    "long text": lambda: many("title: Snow melts", "x", 1).replace("x", "x" * 400_000),
    "long name": lambda: SOUND.replace("id: tiny", "id: " + "a-" * 200_000 + "!"),
    "long number": lambda: SOUND.replace("start: 10", "start: " + "9" * 400_000),
    "short lines": lambda: "a\n" * 240_000,
    "comments": lambda: "#\n" * 240_000,
    "keys": lambda: "".join(f"{n:x}:\n" for n in range(70_000)),
    "unknown keys": lambda: many("hot_wash:", "k#: 1\n", 10_000),
    "keys like titles": lambda: many("hot_wash:", "titl#: 1\n", 10_000),
    "same keys": lambda: "a: 1\n" * 12_000,
    "entries": lambda: "[" + "a, " * 100_000 + "]",
    "dashes": lambda: many("base_case:", "  -\n", 24_000),
    "braces": lambda: many("      - id: ask\n", "      - {}\n", 12_000),
    "bad names": lambda: many("  charlie: {", "  A#: 1\n", 11_000),
    "evidence": lambda: many("2001-treaty]", "e#, ", 23_000),
    "evidence of blocks": lambda: many("2001-treaty]", "{a: #}, ", 6_000),
    "evidence of numbers": lambda: many("2001-treaty]", "#, ", 23_000),
    "values": lambda: many("daily, live]", "v#, ", 23_000),
    "effects": lambda: many(
        "base_case:", "  - {when: {v#: a}, change: {trust: x#}, why: a}\n", 1_800
    ),
    "50 MB": lambda: "a" * 50_000_000,
}

LIMITED = """\
import resource, sys
sys.path[:0] = sys.argv[1:3]
import tiny
from kit import scenario
from kit.errors import ScenarioError
tiny.parsed()
in_use = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (in_use + 200_000_000, -1))
resource.setrlimit(resource.RLIMIT_CPU, (100, 100))
try:
    scenario.load(__import__("pathlib").Path(sys.argv[3]), tiny.KNOWN_ON)
except ScenarioError as error:
    print(len(error.problems), len(str(error)))
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_refused_clearly(name):
    with pytest.raises(ScenarioError) as caught:
        scenario.parse(HOSTILE[name](), "tiny.yaml", tiny.KNOWN_ON)
    is_clear(caught.value)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux to limit memory")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_bounded_memory(name, tmp_path, root):
    """200 MB more than the reader has after an honest file; the processor time is a safety net."""
    path = tmp_path / "tiny.yaml"
    path.write_text(HOSTILE[name]())
    command = [sys.executable, "-c", LIMITED, str(root), str(root / "tests"), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.stderr == ""
    problems, length = map(int, done.stdout.split())
    assert problems > 0
    assert length < 30_000
