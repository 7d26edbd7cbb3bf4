"""Capsules: what is written can be read, and what is not a sound capsule is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import engine, files, store
from kit.errors import StoreError
from kit.log import Event

GOLDEN = Path(__file__).with_name("golden") / "tiny-play.json"


@pytest.fixture(scope="module")
def play():
    return tiny.parsed()


@pytest.fixture(scope="module")
def golden():
    return GOLDEN.read_text("utf-8")


def capsule(*events, **more):
    return store.Capsule("tiny", "1.0.0", "0" * 16, tuple(events), **more)


def refused(text):
    with pytest.raises(StoreError) as caught:
        store.parse(text, "a.json")
    assert "Nothing was changed" in str(caught.value)
    return str(caught.value)


# --- there and back -----------------------------------------------------------------------------


def test_the_committed_capsule_reads_and_writes_the_same(play, golden):
    """The format of version 1: what was saved once can always be continued."""
    found = store.parse(golden)
    assert store.to_text(found) == golden
    assert (found.scenario, found.alias, found.draft) == (
        "tiny",
        "Team 1",
        {"note": "half a thou"},
    )
    assert engine.pending(play, store.check(play, found)) is None


NASTY = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "{{ 7*7 }} ${x} %s \\n \\u0041 \\",
    "\u202egnihton\u202c \u2066x\u2069",
    "a\r\nb\rc\nd\te",
    "\x00\x01\x1b[31m\x7f\x85\u2028\u2029\ufeff\ufffe",
    "서울 東京 é e\u0301 \U0001f6f0",
    "\ud800 half",
    "\"quoted\", 'too'",
    "long " * 20_000,
]


@pytest.mark.parametrize("words", NASTY, ids=range(len(NASTY)))
def test_any_words_survive_the_file_unchanged(tmp_path, words):
    path = tmp_path / "a.json"
    before = capsule(Event(1, "note", note=words), alias=words, draft={"note": words, words: [1]})
    store.write(path, before)
    assert store.read(path) == before
    files.read_text(path)  # plain text for any editor: no control characters, UTF-8
    assert list(tmp_path.iterdir()) == [path]


@settings(tiny.TOUGH, max_examples=100)
@given(st.text(st.characters()), st.text(st.characters()))
def test_any_capsule_comes_back_as_it_was(note, alias):
    before = capsule(Event(1, "note", note=note), alias=alias, draft={"note": note})
    text = store.to_text(before)
    assert store.parse(text) == before
    assert text.encode().decode() == text
    assert text.count("\n") == 12


def test_one_event_is_one_line(golden):
    rows = golden.split("\n")
    assert sum('"seq"' in row for row in rows) == len(store.parse(golden).log)


# --- what is not a sound capsule ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"format": ' + "9" * 5000 + "}", "not JSON"),
        ("null", "not a saved play"),
        ("[]", "not a saved play"),
        ("3", "not a saved play"),
        ("{}", "not a saved play"),
        ('{"format": "notebook"}', "not a saved play"),
    ],
)
def test_foreign_files_are_refused(text, words):
    assert words in refused(text)


def test_a_capsule_cut_off_anywhere_is_refused(golden):
    for end in range(0, len(golden.rstrip()) - 1, 37):
        refused(golden[:end])


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"format_version": 1', '"format_version": 2', "version 2, not 1"),
        ('"format_version": 1', '"format_version": "1"', "version '1', not 1"),
        ('"format_version": 1', '"format_version": null', "version None"),
        ('"scenario": "tiny"', '"scenario": 3', "'scenario' is missing"),
        ('"fingerprint"', '"finger"', "'fingerprint' is missing"),
        ('"alias": "Team 1"', '"alias": null', "'alias' is missing"),
        ('"draft": {"note": "half a thou"}', '"draft": []', "'draft' is missing"),
        ('"log": [', '"log": {"a": [', "JSON"),
        ('{"seq": 1,', '{"seq": "1",', "log is damaged"),
        ('{"seq": 1,', '{"seq": 1.0,', "log is damaged"),
        ('{"seq": 1,', '{"color": 1, "seq": 1,', "'color'"),
        ('"kind": "withdraw"', '"kind": "undo"', "log is damaged"),
        ('"confidence": 80', '"confidence": "80"', "'confidence'"),
        ('"evidence": ["1999-flood"]', '"evidence": "1999-flood"', "'evidence'"),
    ],
)
def test_an_edited_capsule_is_refused_in_clear_words(golden, old, new, words):
    assert golden.count(old) == 1
    assert words in refused(golden.replace(old, new))


@pytest.mark.parametrize("event", ["3", '"x"', "null", "[]", "{}"])
def test_an_event_that_is_none_is_refused(golden, event):
    head, _, tail = golden.partition('"log": [')
    assert "log is damaged" in refused(f'{head}"log": [{event}, {tail.lstrip()}')


def test_a_missing_file_and_one_that_is_no_text_are_store_errors(tmp_path):
    with pytest.raises(StoreError, match="does not exist"):
        store.read(tmp_path / "a.json")
    (tmp_path / "a.json").write_bytes(b"\xff\xfe")
    with pytest.raises(StoreError, match="not UTF-8"):
        store.read(tmp_path / "a.json")


# --- the right scenario -------------------------------------------------------------------------


def test_a_capsule_of_another_scenario_or_version_is_refused(golden, play):
    found = store.parse(golden)
    other = tiny.parsed(tiny.edited(("id: tiny", "id: other")), "other.yaml")
    with pytest.raises(StoreError, match="of 'tiny', not of 'other'"):
        store.check(other, found)
    newer = tiny.parsed(tiny.edited(("version: 1.0.0", "version: 1.0.1")))
    with pytest.raises(
        StoreError, match=r"made with version 1\.0\.0; the scenario here is 1\.0\.1"
    ):
        store.check(newer, found)
    edited = tiny.parsed(tiny.edited(("title: Snow melts", "title: Snow falls")))
    with pytest.raises(StoreError, match="edited file of the same version"):
        store.check(edited, found)
    assert store.check(play, found) == engine.replay(play, found.log)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"value": "live"', '"value": "lives"'),
        ('"roles": ["alfa", "bravo"]', '"roles": ["alfa"]'),
        ('"roles": ["alfa", "bravo"]', '"roles": ["alfa", "mars"]'),
        ('"ref": 2', '"ref": 3'),
        ('"seq": 14', '"seq": 15'),
        ('"confidence": 80', '"confidence": 180'),
        ('"name": "flood", "value": "no"', '"name": "flood", "value": "maybe"'),
    ],
)
def test_a_log_that_cannot_have_happened_is_never_half_replayed(golden, play, old, new):
    assert golden.count(old) == 1
    with pytest.raises(StoreError, match="damaged"):
        store.check(play, store.parse(golden.replace(old, new)))


# --- files side by side -------------------------------------------------------------------------


def test_setting_aside_keeps_everything(tmp_path):
    path = tmp_path / "a.json"
    assert store.set_aside(path) is None
    for number in range(1, 5):
        path.write_text(str(number))
        assert store.set_aside(path) == tmp_path / f"a.{number}.json"
        assert not path.exists()
    kept = {p.name: p.read_text() for p in tmp_path.iterdir()}
    assert kept == {f"a.{number}.json": str(number) for number in range(1, 5)}


def test_setting_aside_fills_gaps_and_overwrites_nothing(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("new")
    (tmp_path / "a.1.json").write_text("old")
    (tmp_path / "a.3.json").write_text("older")
    assert store.set_aside(path).name == "a.2.json"
    assert (tmp_path / "a.1.json").read_text() == "old"
    assert (tmp_path / "a.3.json").read_text() == "older"


def test_when_every_name_is_taken_nothing_is_overwritten(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    path.write_text("mine")
    monkeypatch.setattr(Path, "exists", lambda _: True)
    with pytest.raises(OSError, match="too many"):
        store.set_aside(path)
    with pytest.raises(StoreError, match="too many"):
        store.protect(path, "other")
    assert path.read_text() == "mine"


@pytest.mark.parametrize(
    "there", [b"another play", b"", b"\xff\xfe", b"mine\x00", b"x" * (files.MAX_BYTES + 1)]
)
def test_whatever_else_is_there_is_protected(tmp_path, there):
    path = tmp_path / "a.json"
    path.write_bytes(there)
    assert store.protect(path, "mine").read_bytes() == there
    assert not path.exists()


def test_ones_own_file_is_not_set_aside(tmp_path):
    path = tmp_path / "a.json"
    assert store.protect(path, None) is None
    path.write_text("mine")
    assert store.protect(path, "mine") is None
    assert store.protect(path, None).name == "a.1.json"


def test_what_cannot_be_written_is_a_store_error(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match=r"not saved: a\.json"):
        store.write(tmp_path / "file" / "a.json", capsule())
    (tmp_path / "a.json").mkdir()
    with pytest.raises(StoreError, match="not saved"):
        store.write(tmp_path / "a.json", capsule())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.json", "file"]


def test_what_could_not_be_read_again_is_not_written(tmp_path):
    path = tmp_path / "a.json"
    store.write(path, capsule())
    huge = capsule(Event(1, "note", note="x" * files.MAX_BYTES))
    with pytest.raises(StoreError, match="larger than can be read again"):
        store.write(path, huge)
    assert store.read(path) == capsule()


def test_the_folder_can_be_chosen(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_CAPSULES", str(tmp_path))
    assert store.path_for("tiny") == tmp_path / "tiny.json"
    assert store.path_for("tiny", "b") == tmp_path / "tiny-b.json"
    monkeypatch.delenv("KIT_CAPSULES")
    assert store.folder() == Path("capsules")


def test_a_capsule_holds_no_more_than_it_says(golden):
    assert set(json.loads(golden)) == {
        "format", "format_version", "scenario", "version", "fingerprint", "alias", "draft", "log",
    }  # fmt: skip
