"""The article on trial without a panel: claims, marks, the file that keeps them, the score."""

from __future__ import annotations

import itertools
import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shingles import shared

from kit import tables
from kit.claims import VERDICTS, Answer, Score, Trial, claims, marks, record, trial
from kit.claims.score import BANDS
from kit.errors import DecisionError
from kit.intervals import WIDE, wilson

CLAIMS = claims()
ERROR, NUANCES = "c09", {"c12", "c14", "c17"}


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    """The file of this test's reading; there is none at first."""
    monkeypatch.setenv("KIT_CAPSULES", str(tmp_path / "capsules"))
    return tmp_path / "capsules" / marks.FILE


def in_file(file):
    return json.loads(file.read_text("utf-8"))


# --- the claims --------------------------------------------------------------------------------


def test_the_short_path_is_eight_claims_with_the_error_and_the_main_nuances():
    short = record.on_path(CLAIMS, "short")
    assert short == record.SHORT
    assert len(short) == 8
    assert list(short) == sorted(short)
    assert {ERROR, *NUANCES} < {*short}
    assert CLAIMS[ERROR].verdict == "inaccurate"
    assert {CLAIMS[name].verdict for name in NUANCES} == {"confirmed-with-nuance"}
    assert {CLAIMS[name].verdict for name in short} == {*VERDICTS}


def test_the_full_path_is_every_claim():
    assert record.on_path(CLAIMS, "full") == tuple(c["claim_id"] for c in tables.records("claims"))


def test_the_verdicts_are_those_of_the_table():
    field = next(f for f in tables.describe("claims").fields if f.name == "verdict")
    assert list(VERDICTS) == list(field.enum)


def test_claims_are_in_our_own_words():
    assert [run for claim in CLAIMS.values() for run in shared(claim.text)] == []


def test_the_evidence_on_the_error_holds_both_summits():
    both = {"2023-04-26-washington-declaration", "2023-08-18-camp-david-summit"}
    assert both <= {*CLAIMS[ERROR].evidence}


@pytest.mark.parametrize("name", CLAIMS)
def test_what_bears_on_a_claim_is_of_its_paragraph_or_shares_a_source(name):
    claim = CLAIMS[name]
    rows = [(r["event_id"], r) for r in tables.records("events")]
    rows += [(r["agreement_id"], r) for r in tables.records("agreements")]
    paragraph = {key: row["article_paragraph"] for key, row in rows}
    used = {r["source_id"] for r in tables.records("claim_sources") if r["claim_id"] == name}
    known = tables.evidence()
    assert len(claim.evidence) <= record.LONGEST_EVIDENCE
    assert [known[k].date for k in claim.evidence] == sorted(known[k].date for k in claim.evidence)
    for key in claim.evidence:
        assert paragraph[key] == claim.paragraph or used & {*known[key].source_ids}
    assert len(claim.sources) == len(used) > 0


# --- commit, then reveal -----------------------------------------------------------------------


@pytest.mark.parametrize("name", CLAIMS)
def test_nothing_tells_the_verdict_before_the_commit(name):
    told = trial().claim(name) + trial().evidence(name)
    assert CLAIMS[name].finding not in " ".join(told.split())
    assert "The record:" not in told


def test_a_verdict_opens_only_after_a_commit():
    reading = trial()
    with pytest.raises(DecisionError, match=r"c09 has no mark yet\. Commit first"):
        reading.reveal(9)
    said = reading.mark("c09", "inaccurate", sure=80, note="April is not August")
    assert said == reading.reveal(9)
    assert "You: Inaccurate, 80 % sure" in said
    assert "The record: Inaccurate" in said
    assert CLAIMS[ERROR].finding in " ".join(said.split())


@pytest.mark.parametrize("same", [3, "3", "c03", " C03 "])
def test_a_claim_goes_by_id_or_number(same):
    assert trial().claim(same).startswith("Claim 3 (c03)")


@pytest.mark.parametrize("wrong", [0, 31, -1, "c99", "camp", "", True, "³"])
def test_an_unknown_claim_is_refused_with_what_there_is(wrong):
    with pytest.raises(DecisionError, match="Claims are called c01 to c30"):
        trial().claim(wrong)


WRONG_MARKS = [
    (("c03", "perhaps"), {"sure": 50}, "confirmed, confirmed-with-nuance, inaccurate"),
    (("c03", ""), {"sure": 50}, "There is no verdict ''"),
    (("c03", "confirmed"), {"sure": 101}, "whole number from 0 to 100"),
    (("c03", "confirmed"), {"sure": -1}, "whole number from 0 to 100"),
    (("c03", "confirmed"), {"sure": 0.7}, "whole number from 0 to 100"),
    (("c03", "confirmed"), {"sure": True}, "whole number from 0 to 100"),
    (("c03", "confirmed"), {"sure": None}, "whole number from 0 to 100"),
    (("c03", "confirmed"), {"sure": 50, "note": 7}, "A note must be text"),
    (("c03", "confirmed"), {"sure": 50, "note": "x" * 2001}, "2,000 characters"),
    (("c08", "inaccurate"), {"sure": 10}, "c08 is already marked: Confirmed, 60 % sure"),
    (("c77", "confirmed"), {"sure": 50}, "There is no claim 'c77'"),
]


@pytest.mark.parametrize(("where", "rest", "words"), WRONG_MARKS)
def test_a_mark_that_is_not_possible_changes_nothing(file, where, rest, words):
    reading = trial()
    reading.mark("c08", "confirmed", sure=60)
    before, log = file.read_bytes(), reading.log
    with pytest.raises(DecisionError) as refused:
        reading.mark(*where, **rest)
    assert words in str(refused.value)
    assert (file.read_bytes(), reading.log) == (before, log)


def test_a_withdrawal_is_logged_and_what_follows_does_not_count():
    reading = trial()
    reading.mark(8, "inaccurate", sure=90)
    reading.mark(9, "inaccurate", sure=60)
    reading.withdraw(8, note="slip of the hand")
    assert [e.kind for e in reading.log] == ["mark", "mark", "withdraw"]
    score = reading.score()
    assert [a.claim for a in score.answers] == ["c09"]
    assert [a.claim for a in score.withdrawn] == ["c08"]
    assert "1 of 2 right" in str(score).replace("\n", " ")
    reading.mark(8, "confirmed", sure=100)
    score = reading.score()
    assert ([a.claim for a in score.answers], score.second) == (["c09"], 1)
    assert "made after the verdict had been seen" in str(score).replace("\n", " ")
    with pytest.raises(DecisionError, match="no mark on c02 to withdraw"):
        reading.withdraw(2)


def test_a_withdrawn_mark_leaves_its_verdict_open():
    reading = trial()
    reading.mark(8, "inaccurate", sure=90)
    reading.withdraw(8)
    assert "your mark is withdrawn" in reading.reveal(8)


def test_the_debrief_opens_with_the_last_claim_of_the_path():
    reading = trial()
    for name in record.SHORT:
        left = len(reading.left)
        assert (
            reading.debrief()
            == f"This opens when every claim of your path is marked; {left} to go."
        )
        reading.mark(name, "confirmed", sure=50)
    told = reading.debrief()
    for name in record.SHORT:
        claim = CLAIMS[name]
        (line,) = [text for text in told.splitlines() if text.split()[:1] == [str(claim.number)]]
        assert VERDICTS[claim.verdict].label in line
        assert ("✓" in line) == (claim.verdict == "confirmed")
    reading.take("full")
    assert "22 to go" in reading.debrief()


# --- the file ----------------------------------------------------------------------------------


def test_a_reading_goes_on_where_it_stopped():
    first = trial("full")
    first.mark(1, "confirmed", sure=70, note="both names: “Kihara”, 木原\ud83d")
    first.withdraw(1)
    first.keep_draft(2, {"verdict": "confirmed", "sure": 40, "note": "hm", "more": "x"})
    second = trial()
    assert (second.log, second.path, second.state) == (first.log, "full", first.state)
    assert second.drafts == {"c02": {"verdict": "confirmed", "sure": 40, "note": "hm"}}
    assert second.text() == first.text()


def test_changing_the_path_keeps_the_marks():
    reading = trial()
    reading.mark(8, "confirmed", sure=70)
    reading.take("full")
    assert len(reading.left) == len(CLAIMS) - 1
    assert trial("short").left == tuple(name for name in record.SHORT if name != "c08")
    with pytest.raises(DecisionError, match="no path 'long'"):
        reading.take("long")
    with pytest.raises(DecisionError, match="no path 'long'"):
        trial("long")


def test_nothing_is_written_before_there_is_something_to_keep(file):
    reading = trial("full")
    reading.claim(1)
    reading.score()
    assert not file.exists()


def test_without_saving_nothing_is_written(file):
    reading = trial(save=False)
    reading.mark(1, "confirmed", sure=70)
    assert not file.exists()
    assert reading.warning == ""


DAMAGED = [
    "", "{", "[]", "null", '{"format": "tabletop-kit capsule"}', "[" * 100_000,
    '{"format": "tabletop-kit reading", "format_version": 2}',
    '{"format": "tabletop-kit reading", "format_version": 1, "path": "short"}',
]  # fmt: skip
LOGS = [
    ["x"],
    [{}],
    [{"seq": 1, "kind": "mark", "claim": "c01", "verdict": "confirmed"}],
    [{"seq": 2, "kind": "mark", "claim": "c01", "verdict": "confirmed", "sure": 5}],
    [{"seq": 1, "kind": "mark", "claim": "c99", "verdict": "confirmed", "sure": 5}],
    [{"seq": 1, "kind": "mark", "claim": "c01", "verdict": "maybe", "sure": 5}],
    [{"seq": 1, "kind": "mark", "claim": "c01", "verdict": "confirmed", "sure": "5"}],
    [{"seq": 1, "kind": "mark", "claim": "c01", "verdict": "confirmed", "sure": True}],
    [{"seq": 1, "kind": "mark", "claim": "c01", "verdict": "confirmed", "sure": 5, "x": 1}],
    [{"seq": 1, "kind": "withdraw", "claim": "c01"}],
    [{"seq": 1, "kind": "erase", "claim": "c01"}],
]
HEAD = {"format": "tabletop-kit reading", "format_version": 1, "path": "short", "drafts": {}}
DAMAGED += [json.dumps(HEAD | {"log": log}) for log in LOGS]


@pytest.mark.parametrize("number", range(len(DAMAGED)))
def test_a_file_that_is_no_reading_is_refused_and_set_aside_not_lost(file, number):
    file.parent.mkdir()
    file.write_text(DAMAGED[number], "utf-8")
    reading = trial()
    assert reading.warning.startswith("read-the-article.json has 1 problem")
    assert reading.log == ()
    assert file.read_text("utf-8") == DAMAGED[number]
    assert reading.mark(8, "confirmed", sure=50).startswith("Something else was saved here")
    aside = file.with_name("read-the-article.1.json")
    assert aside.read_text("utf-8") == DAMAGED[number]
    assert [line["claim"] for line in in_file(file)["log"]] == ["c08"]
    assert trial().warning == ""


def test_bytes_that_are_no_text_are_refused_too(file):
    file.parent.mkdir()
    file.write_bytes(b"\xff\x00")
    reading = trial()
    assert "not UTF-8" in reading.warning
    reading.mark(8, "confirmed", sure=50)
    assert file.with_name("read-the-article.1.json").read_bytes() == b"\xff\x00"


def test_two_windows_share_one_log():
    one, two = trial(), trial()
    one.mark(8, "confirmed", sure=50)
    two.mark(9, "inaccurate", sure=60)
    assert [e.claim for e in two.log] == ["c08", "c09"]
    with pytest.raises(DecisionError, match="c09 is already marked"):
        one.mark(9, "confirmed", sure=60)
    assert one.log == two.log == trial().log


def test_a_log_that_went_another_way_is_kept_beside_ours(file):
    one = trial()
    one.mark(8, "confirmed", sure=50)
    file.unlink()
    other = trial()
    other.mark(9, "confirmed", sure=50)
    one.mark(12, "confirmed", sure=50)
    aside = file.with_name("read-the-article.1.json")
    assert [line["claim"] for line in in_file(aside)["log"]] == ["c09"]
    assert [line["claim"] for line in in_file(file)["log"]] == ["c08", "c12"]
    assert aside.name in one.warning


def test_a_disk_that_refuses_does_not_stop_the_reading(file):
    file.parent.write_text("a file where the folder should be")
    reading = trial()
    said = reading.mark(8, "confirmed", sure=50)
    assert said.startswith("Your marks are not saved")
    assert reading.score().n == 1


def test_a_late_draft_does_not_return_after_the_commit():
    reading = trial()
    reading.mark(8, "confirmed", sure=50)
    reading.keep_draft(8, {"verdict": "inaccurate"})
    assert reading.drafts == {}


@pytest.mark.parametrize(
    "raw", [None, 3, "x", [], {"verdict": "maybe", "sure": 200}, {"sure": "5"}]
)
def test_what_makes_no_draft_is_left_out(raw):
    reading = trial()
    reading.keep_draft(8, raw)
    assert reading.drafts == {}


entries = st.lists(
    st.tuples(st.sampled_from(sorted(CLAIMS)[:4]), st.sampled_from([*VERDICTS, "withdraw"]),
              st.integers(0, 100), st.text(max_size=20)), max_size=12
)  # fmt: skip


@settings(deadline=None)
@given(entries)
def test_any_log_survives_the_file(steps):
    reading = Trial("full")
    for claim, verdict, sure, note in steps:
        held = claim in reading.state.standing
        if verdict == "withdraw" and held:
            reading.withdraw(claim, note=note)
        elif verdict != "withdraw" and not held:
            reading.mark(claim, verdict, sure=sure, note=note)
    again = marks.parse(reading.text(), CLAIMS)
    assert again.log == reading.log
    assert marks.replay(again.log, CLAIMS) == reading.state


# --- the score ---------------------------------------------------------------------------------


def answers(*pairs):
    """Return answers from (sure in percent, right)."""
    return tuple(
        Answer("c01", "confirmed", sure / 100, "confirmed" if right else "inaccurate")
        for sure, right in pairs
    )


@pytest.mark.parametrize(
    ("pairs", "right", "brier"),
    [
        ([(100, True)], 1, 0.0),
        ([(100, False)], 0, 1.0),
        ([(50, True), (50, False)], 1, 0.25),
        ([(80, True), (60, False)], 1, (0.04 + 0.36) / 2),
        ([(0, False)], 0, 0.0),
    ],
)
def test_accuracy_and_brier_score(pairs, right, brier):
    score = Score(answers(*pairs))
    assert score.right == right
    assert score.brier == pytest.approx(brier)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 100), st.booleans()), min_size=1, max_size=30))
def test_no_number_comes_without_the_other_nor_without_n(pairs):
    score = Score(answers(*pairs))
    n, right = len(pairs), sum(r for _, r in pairs)
    assert f"{right} of {n} right" in score.headline()
    assert f"Brier score {score.brier:.2f}" in score.headline()
    assert 0 <= score.brier <= 1
    assert any(sentence.startswith(f"{n} answer") for sentence in score.sentences())
    rows = score.rows()
    assert sum(int(row[1]) for row in rows) == n
    assert sum(int(row[3]) for row in rows) == right


def test_without_marks_there_is_no_number():
    score = trial().score()
    assert (score.n, score.brier, score.sure, score.rows()) == (0, None, None, ())
    assert not any(char.isdigit() for char in str(score))


def test_every_percentage_is_in_one_band():
    for sure in range(101):
        assert sum(low <= sure <= high for low, high in BANDS) == 1


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([(70, True), (70, True), (70, False)], "3 points more than you were right. Chance often"),
        ([(95, False)] * 6, "95 points more than you were right. Chance would seldom"),
        ([(5, True)] * 6, "95 points less than you were right. Chance would seldom"),
        ([(80, False)], "80 points more than you were right. Chance often"),
        ([(100, False)], "100 points more than you were right. Chance would seldom"),
        ([(50, True), (50, False)], "which is just how often you were right"),
    ],
)  # fmt: skip
def test_the_gap_is_named_and_weighed_against_chance(pairs, words):
    assert words in " ".join(Score(answers(*pairs)).sentences())


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 100), st.booleans()), min_size=1, max_size=7))
def test_the_luck_is_that_of_all_ways_to_be_right(pairs):
    probabilities = [sure / 100 for sure, _ in pairs]
    expected, gap = sum(probabilities), abs(sum(r for _, r in pairs) - sum(probabilities))
    total = 0.0
    for hits in itertools.product([True, False], repeat=len(pairs)):
        if abs(sum(hits) - expected) >= gap - 1e-9:
            each = zip(probabilities, hits, strict=True)
            total += math.prod(p if hit else 1 - p for p, hit in each)
    assert Score(answers(*pairs))._luck() == pytest.approx(total)


def test_the_interval_is_wilson_s():
    # Solutions of |share - p| = 1.96 sqrt(p (1 - p) / n), which is how Wilson defines it.
    for right, n in [(0, 1), (1, 1), (5, 8), (30, 30), (11, 30)]:
        for p in wilson(right, n):
            gap = abs(right / n - p)
            assert gap == pytest.approx(WIDE * math.sqrt(p * (1 - p) / n), abs=1e-9)


def test_misses_on_the_border_of_a_nuance_are_named():
    near = Answer("c08", "confirmed-with-nuance", 0.7, "confirmed")
    far = Answer("c09", "confirmed", 0.7, "inaccurate")
    assert "1 of your 2 misses lies between" in str(Score((near, far))).replace("\n", " ")
    assert "Both your misses lie between" in str(Score((near, near))).replace("\n", " ")
    assert "Your miss lies between" in str(Score((near,))).replace("\n", " ")
    assert "between confirmed" not in str(Score((far,))).replace("\n", " ")


def test_the_chart_says_what_the_table_says():
    score = Score(answers((70, True), (75, False), (90, True)))
    picture = score.picture()
    diagonal, points = picture.figure["data"]
    assert (diagonal["x"], diagonal["y"]) == ([0, 100], [0, 100])
    assert points["x"] == [72.5, 90.0]
    assert points["y"] == [50.0, 100.0]
    assert [row[:5] for row in picture.rows] == [
        ("60 to 79 %", "2", "72 %", "1", "50 %"),
        ("80 to 100 %", "1", "90 %", "1", "100 %"),
    ]
    assert picture.summary == (
        "Average sureness beside hits: 72 % sure, 1 of 2 right; 90 % sure, 1 of 1 right."
    )
