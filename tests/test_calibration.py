"""Predictions against what came: what settles them, when, and what the numbers allow to say."""

from __future__ import annotations

import re
from datetime import date

import pytest
import tiny

from kit import calibration, engine, scenario, tables
from kit.log import Event
from kit.pages.reliability import reliability
from kit.plots.calibration import diagram, scored

ASKED = """\
    predictions:
      - id: leaked
        question: Will the paper print it?
        resolves: {variable: leak, value: leaked}
      - id: any-reply
        question: Will Bravo answer with more than a no?
        resolves: {variable: reply, value: [accept, build]}
      - id: trusting
        question: Will trust end at 10 or more?
        resolves: {measure: trust, at_least: 10}
      - id: quick
        question: Will the delay end at 5 hours or less?
        resolves: {measure: delay, at_most: 5}
      - id: how-much
        question: Where will trust end?
        resolves: {measure: trust}
      - id: treaty
        question: In the real world, will there be a treaty by the end of July 2001?
        resolves: {event: 2001-treaty, by: "2001-07-31"}
      - id: gauge-soon
        question: In the real world, will there be a new gauge by the end of 2001?
        resolves: {event: 2005-gauge, by: "2001-12-31"}
    choices:
      sharing:
"""
TEXT = tiny.edited(("    choices:\n      sharing:\n", ASKED))
PLAY = {
    "sharing": "live",
    "gauge": "keep",
    "leak": "leaked",
    "rain": "dry",
    "reply": "accept",
    "warn": "loud",
    "flood": "no",
}  # trust ends at 10 + 2 + 2 - 3 = 11 points, delay at 6 - 2 = 4 h


@pytest.fixture
def river():
    return tiny.parsed(TEXT)


@pytest.fixture
def record(monkeypatch):
    """The record the tiny scenario cites; returns a list that counts how often it is read."""
    days = tiny.KNOWN_ON
    read = []

    def evidence():
        read.append(1)
        return {
            name: tables.Evidence(
                name, "event", name, date(1999, 1, 1), date.fromisoformat(day), "", ()
            )
            for name, day in days.items()
        }

    monkeypatch.setattr(tables, "evidence", evidence)
    return read


def said(*answers, first=2):
    """Return predict events for (prediction, value) pairs."""
    return tuple(
        Event(seq, "predict", name, value, seal=f"seal-{seq}", salt="s", at="2026-01-01T10:00:00Z")
        for seq, (name, value) in enumerate(answers, first)
    )


def state_of(values):
    entries = tuple(engine.Entry(n, *item) for n, item in enumerate(values.items(), 20))
    return engine.State(("alfa", "bravo"), 1, entries, 40)


def told(river, *answers, values=PLAY, over=True, **options):
    return calibration.forecasts(river, said(*answers), state_of(values), over=over, **options)


def test_an_answer_keeps_what_was_said_where_and_its_seal(river):
    (found,) = told(river, ("leaked", "70"), values={}, over=False)
    assert (found.prediction.id, found.move) == ("leaked", "spring")
    assert (found.low, found.high, found.passed, found.is_range) == (70, 70, False, False)
    assert (found.seal, found.seq, found.at) == ("seal-2", 2, "2026-01-01T10:00:00Z")
    assert (found.resolved, found.outcome, found.score, found.counts) == (False, None, None, False)


def test_a_variable_settles_as_soon_as_it_is_known(river):
    before = {"sharing": "live", "gauge": "keep"}
    (open_,) = told(river, ("leaked", "70"), values=before, over=False)
    assert not open_.resolved
    (came,) = told(river, ("leaked", "70"), values={**before, "leak": "leaked"}, over=False)
    assert (came.resolved, came.outcome) == (True, True)
    assert came.score == pytest.approx(0.09)
    (not_,) = told(river, ("leaked", "70"), values={**before, "leak": "kept"}, over=False)
    assert not_.outcome is False
    assert not_.score == pytest.approx(0.49)


@pytest.mark.parametrize(("reply", "came"), [("accept", True), ("build", True), ("refuse", False)])
def test_several_values_of_a_variable_may_mean_yes(river, reply, came):
    (found,) = told(river, ("any-reply", "50"), values={**PLAY, "reply": reply})
    assert found.outcome is came


def test_measures_settle_only_at_the_end(river):
    answers = (("trusting", "90"), ("quick", "20"), ("how-much", "8..12"))
    early = told(river, *answers, over=False)
    assert [f.resolved for f in early] == [False] * 3
    trusting, quick, how_much = told(river, *answers)
    assert (trusting.outcome, quick.outcome, how_much.outcome) == (True, True, 11)
    assert trusting.score == pytest.approx(0.01)
    assert quick.score == pytest.approx(0.64)
    assert (how_much.score, how_much.inside) == (4, True)


def test_a_bound_is_met_at_the_bound_itself(river):
    at_ten = {**PLAY, "sharing": "daily", "leak": "kept", "reply": "refuse"}
    (found,) = told(river, ("trusting", "50"), values=at_ten)  # trust 10, delay 5
    assert found.outcome is True
    (found,) = told(river, ("quick", "50"), values=at_ten)
    assert found.outcome is True
    late = {**at_ten, "sharing": "none"}  # delay 6
    (found,) = told(river, ("quick", "50"), values=late)
    assert found.outcome is False


@pytest.mark.parametrize(
    ("value", "score", "inside"),
    [("8..12", 4, True), ("11..11", 0, True), ("12..14", 12, False), ("-3..10", 23, False)],
)
def test_a_range_pays_for_its_width_and_ten_times_for_missing(river, value, score, inside):
    (found,) = told(river, ("how-much", value))
    assert found.is_range
    assert found.score == pytest.approx(score)
    assert found.inside is inside


def test_a_real_event_settles_from_the_record_only_when_the_play_is_over(river, record):
    (early,) = told(river, ("treaty", "80"), over=False)
    assert (early.resolved, early.outcome) == (False, None)
    assert record == []
    (found,) = told(river, ("treaty", "80"))
    assert (found.resolved, found.outcome) == (True, True)


def test_an_event_that_came_too_late_did_not_come(river, record):
    (found,) = told(river, ("gauge-soon", "80"))  # known in 2005, asked by the end of 2001
    assert found.outcome is False
    assert found.score == pytest.approx(0.64)


def test_an_event_on_the_last_day_came_and_one_a_day_later_did_not(river, record, monkeypatch):
    monkeypatch.setitem(tiny.KNOWN_ON, "2001-treaty", "2001-07-31")
    (found,) = told(river, ("treaty", "80"))
    assert found.outcome is True
    monkeypatch.setitem(tiny.KNOWN_ON, "2001-treaty", "2001-08-01")
    (found,) = told(river, ("treaty", "80"))
    assert found.outcome is False


def test_an_event_the_record_no_longer_has_stays_open(river, record, monkeypatch):
    monkeypatch.delitem(tiny.KNOWN_ON, "2001-treaty")
    (found,) = told(river, ("treaty", "80"))
    assert (found.resolved, found.score) == (False, None)


def test_the_record_is_read_once_and_only_if_an_event_was_asked_about(river, record):
    told(river, ("leaked", "10"), ("trusting", "10"))
    assert record == []
    told(river, ("treaty", "80"), ("gauge-soon", "1"))
    assert record == [1]


def test_a_question_passed_over_is_told_but_not_scored(river):
    (found,) = told(river, ("leaked", ""))
    assert (found.passed, found.resolved, found.outcome, found.score) == (True, True, True, None)


def test_an_answer_in_a_second_future_does_not_count(river):
    answers = (("leaked", "70"), ("trusting", "90"))  # events 2 and 3
    first, second = told(river, *answers, forked=2)
    assert (first.late, first.score is None) == (False, False)
    assert (second.late, second.resolved, second.outcome) == (True, True, True)
    assert (second.score, second.counts) == (None, False)
    assert calibration.calibration([first, second]).late == 1


def test_a_second_answer_to_the_same_question_does_not_count(river):
    first, second = told(river, ("leaked", "10"), ("leaked", "99"))
    assert (first.late, second.late) == (False, True)
    found = calibration.calibration([first, second])
    assert (found.n, found.brier) == (1, pytest.approx(0.81))


def test_other_events_are_no_answers(river):
    log = (Event(1, "start", roles=("alfa",), seed=1), *said(("leaked", "5")), Event(3, "note"))
    found = calibration.forecasts(river, log, state_of(PLAY), over=True)
    assert [f.prediction.id for f in found] == ["leaked"]


# --- many answers ----------------------------------------------------------------------------


def answers(river, *pairs):
    """Return forecasts on one variable, each with its own luck: (percent, came) pairs."""
    return [
        told(
            river,
            ("leaked", f"{percent}"),
            values={**PLAY, "leak": "leaked" if came else "kept"},
        )[0]
        for percent, came in pairs
    ]


def test_the_mean_brier_score_by_hand(river):
    found = calibration.calibration(answers(river, (70, True), (20, True), (50, False)))
    assert (found.n, found.came, found.outcomes) == (3, 2, 3)
    assert found.brier == pytest.approx((0.09 + 0.64 + 0.25) / 3)
    assert found.mean == pytest.approx(1.4 / 3)


def test_few_different_answers_make_a_bin_each(river):
    found = calibration.calibration(
        answers(river, (70, True), (70, False), (10, False), (70, True))
    )
    ten, seventy = found.bins
    assert (ten.low, ten.high, ten.count, ten.came) == (0.1, 0.1, 1, 0)
    assert (seventy.mean, seventy.count, seventy.came) == (pytest.approx(0.7), 3, 2)
    assert seventy.share == pytest.approx(2 / 3)
    # Wilson's interval of 2 in 3, computed by hand from his formula.
    assert (seventy.least, seventy.most) == (
        pytest.approx(0.2077, abs=5e-4),
        pytest.approx(0.9385, abs=5e-4),
    )


def test_many_different_answers_share_five_bins_and_an_edge_belongs_above(river):
    percents = (0, 19, 20, 39, 40, 60, 79, 80, 100)
    found = calibration.calibration(answers(river, *((p, p >= 50) for p in percents)))
    assert [(b.low, b.high, b.count, b.came) for b in found.bins] == [
        (0.0, 0.2, 2, 0),
        (0.2, 0.4, 2, 0),
        (0.4, 0.6, 1, 0),
        (0.6, 0.8, 2, 2),
        (0.8, 1.0, 2, 2),
    ]
    assert sum(b.count for b in found.bins) == found.n


def test_what_does_not_count_is_counted_apart(river):
    found = calibration.calibration(
        [
            *told(river, ("leaked", ""), ("how-much", "8..12"), ("trusting", "5")),
            *told(river, ("how-much", "0..1")),
            *told(river, ("leaked", "30"), ("trusting", "30"), values={}, over=False),
            *told(river, ("leaked", "30"), forked=1),
        ]
    )
    assert (found.n, found.ranges, found.inside) == (1, 2, 1)
    assert (found.passed, found.waiting, found.late) == (1, 2, 1)


def test_many_plays_on_one_real_event_are_one_outcome(river, record):
    plays = [told(river, ("treaty", f"{p}"), ("leaked", "50")) for p in (60, 70, 80)]
    found = calibration.calibration(f for play in plays for f in play)
    assert (found.n, found.outcomes) == (6, 4)
    assert "settled by 4 different outcomes" in calibration.verdict(found)


def test_nothing_scored_says_so(river):
    found = calibration.calibration(told(river, ("leaked", "")))
    assert (found.brier, found.mean, found.bins) == (None, None, ())
    assert calibration.verdict(found) == "No prediction can be scored yet."


def test_few_answers_conclude_nothing_and_state_the_interval(river):
    words = calibration.verdict(calibration.calibration(answers(river, (70, True), (70, False))))
    assert "2 probabilities were scored, 70 % on average, and 50 % came true" in words
    assert "(95 % interval 9 to 91 %)" in words
    assert "too few to conclude anything about skill" in words
    one = calibration.verdict(calibration.calibration(answers(river, (70, True))))
    assert one.startswith("1 probability was scored")


@pytest.mark.parametrize(
    ("percent", "hits", "words"),
    [
        (50, 15, "no lean shows"),
        (95, 15, "it was too high"),
        (5, 15, "it was too low"),
    ],
)
def test_many_answers_say_whether_they_lean(river, percent, hits, words):
    found = calibration.calibration(answers(river, *((percent, n < hits) for n in range(30))))
    told_ = calibration.verdict(found)
    assert words in told_
    assert "too few" not in told_


def test_ranges_are_told_apart_from_probabilities(river):
    found = calibration.calibration(told(river, ("how-much", "8..12")))
    words = calibration.verdict(found)
    assert words.startswith("1 range was scored, and 1 held what came (95 % interval 21 to 100 %)")
    assert "too few to tell luck from judgement" in words


# --- in words and drawn ----------------------------------------------------------------------


def test_a_score_says_why_there_is_none(river):
    (passed,) = told(river, ("leaked", ""))
    (late,) = told(river, ("leaked", "70"), forked=1)
    (waiting,) = told(river, ("leaked", "70"), values={}, over=False)
    (missed,) = told(river, ("how-much", "12..14"))
    assert [scored(river, f) for f in (passed, late, waiting, missed)] == [
        "none: no answer",
        "none: made in a second future",
        "not known yet",
        "12 points (missed)",
    ]


def test_the_figure_puts_what_was_said_across_and_what_came_upward(river):
    found = calibration.calibration(answers(river, (70, True), (70, False), (10, False)))
    picture = diagram(found)
    line, marks = picture.figure["data"]
    assert (line["x"], line["y"]) == ([0, 100], [0, 100])
    assert (marks["x"], marks["y"]) == ([10, 70], [0, 50])
    ends = [
        (y - down, y + up)
        for y, up, down in zip(
            marks["y"], marks["error_y"]["array"], marks["error_y"]["arrayminus"], strict=True
        )
    ]
    wilson = [(100 * b.least, 100 * b.most) for b in found.bins]
    assert [end for pair in ends for end in pair] == pytest.approx(
        [end for pair in wilson for end in pair], abs=0.1
    )
    few, many = marks["marker"]["size"]
    assert few < many
    assert picture.rows == (
        ("10 %", "1", "10 %", "0 of 1", "0 to 79 %"),
        ("70 %", "2", "70 %", "1 of 2", "9 to 91 %"),
    )
    assert picture.summary == calibration.verdict(found)


def test_the_figure_speaks_of_probabilities_only_and_stands_empty_too(river):
    ranges = calibration.calibration(told(river, ("how-much", "8..12")))
    picture = diagram(ranges)
    assert picture.summary == "No prediction can be scored yet."
    assert (len(picture.figure["data"]), picture.rows) == (1, ())
    assert "<circle" not in reliability(ranges)


def test_a_bin_of_some_width_names_both_ends(river):
    found = calibration.calibration(answers(river, *((p, True) for p in (1, 25, 45, 65, 85, 99))))
    assert [row[0] for row in diagram(found).rows] == [
        "0 to 20 %",
        "20 to 40 %",
        "40 to 60 %",
        "60 to 80 %",
        "80 to 100 %",
    ]


def test_the_drawing_for_pages_shows_the_same_marks_in_the_same_places(river):
    found = calibration.calibration(answers(river, (0, False), (100, True), (50, True)))
    drawn = reliability(found)
    places = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', drawn)
    low, middle, high = [(float(x), float(y)) for x, y in places]
    line = re.search(r'class="even" x1="(\d+)" y1="(\d+)" x2="(\d+)" y2="(\d+)"', drawn)
    x1, y1, x2, y2 = map(float, line.groups())
    assert (low, high) == ((x1, y1), (x2, y2))
    assert middle == ((x1 + x2) / 2, y2)
    assert f"<title>{diagram(found).title}. " in drawn
    assert drawn.count("<line") == 12 + 1 + 3


@pytest.mark.parametrize(
    ("name", "prediction", "came"),
    [
        ("launch-day", "p4-link", True),
        ("launch-day", "p6-rocket", True),
        ("seoul-tokyo", "p1", True),
    ],
)
def test_real_events_settle_by_the_record_that_is_shipped(name, prediction, came):
    exercise = scenario.load(name)
    end = engine.State(entries=tuple(
        engine.Entry(n, v.id, v.domain[0])
        for n, v in enumerate(exercise.variables.values(), 2)))  # fmt: skip
    (found,) = calibration.forecasts(exercise, said((prediction, "60")), end, over=True)
    assert found.outcome is came
    assert found.score == pytest.approx(0.16)
