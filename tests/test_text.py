"""The way to play without widgets: what each text must tell, and what marks it must bear."""

from __future__ import annotations

import dataclasses

import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import engine, text
from kit.log import Event
from kit.outcomes import evaluate, sample
from kit.scenario import load as load_scenario
from kit.scenario import names
from kit.session import Session


@pytest.fixture(scope="module")
def play():
    return tiny.parsed()


def state_of(play, roles, *settled):
    """Return the state after (kind, name, value) events."""
    log = [Event(1, "start", roles=tuple(roles), seed=1)]
    log += [Event(seq, *event) for seq, event in enumerate(settled, 2)]
    return engine.replay(play, log)


SUMMER = [
    ("decide", "sharing", "live"),
    ("draw", "gauge", "break"),
    ("draw", "leak", "leaked"),
    ("draw", "rain", "dry"),
]


# --- the situation ------------------------------------------------------------------------------


def test_the_situation_tells_where_and_when_and_what(play):
    told = text.situation(play, state_of(play, ["alfa"]))
    for words in (
        "Two towns, one river",
        "Move 1 of 2: Snow melts (2001-03-01)",
        "The gauge works. Bravo asks for its readings.",
        "Phone from Bravo's clerk to Alfa",
        "May we have the readings, please?",
        "Evidence: 1999-flood",
    ):
        assert words in told


def test_the_situation_of_one_role_hides_what_others_were_told(play):
    assert "Alfa has been asked" not in text.situation(play, state_of(play, ["alfa"]))
    told = text.situation(play, state_of(play, ["bravo"], ("draw", "sharing", "none"),
                                         ("draw", "gauge", "keep"), ("draw", "leak", "kept"),
                                         ("draw", "rain", "wet")))  # fmt: skip
    assert "May we have" not in told
    assert "The paper" not in told


def test_the_situation_tells_what_chance_brought(play):
    told = text.situation(play, state_of(play, ["alfa", "bravo"], *SUMMER))
    assert "Move 2 of 2: The river is low (2001-07-01)" in told
    assert "The paper prints it." in told
    assert "It stays dry." in told
    assert "Charlie: Break it." in told
    assert "Press from The paper to Alfa, Bravo" in told
    assert "May we have" not in told  # that was the move before


def test_the_end_tells_what_became_known_last(play):
    events = [*SUMMER, ("decide", "reply", "accept"), ("decide", "warn", "loud"),
              ("draw", "flood", "yes")]  # fmt: skip
    told = text.situation(play, state_of(play, ["alfa", "bravo"], *events))
    assert "The exercise is over." in told
    assert "It does." in told


@pytest.mark.parametrize("roles", [("alfa",), ("bravo",), ("alfa", "bravo")])
def test_every_inject_and_every_situation_is_marked(play, roles):
    session = Session(play, roles, seed=5)
    while True:
        told = session.situation()
        assert told.startswith("EXERCISE ONLY")
        shown = [i for m, i in engine.visible_injects(play, session.state) if m is session.move]
        assert told.count("[EXERCISE ONLY]") == len(shown)
        if not session.open:
            break
        session.decide(next(iter(session.open[0].options)), session.open[0].id)


def test_every_shipped_inject_is_marked_in_every_channel():
    for name in names():
        shipped = load_scenario(name)
        for move in shipped.moves.values():
            for inject in move.injects:
                told = text.inject_text(shipped, inject)
                assert told.startswith("[EXERCISE ONLY] ")
                assert all(role in told for role in (shipped.roles[r].name for r in inject.to))
                assert all(cited in told for cited in inject.evidence)


# --- the decisions ------------------------------------------------------------------------------


def test_decisions_tell_every_option_and_its_price(play):
    told = text.decisions(play, state_of(play, ["alfa"]))
    assert "Alfa decides: How do you share the readings?  [sharing]" in told
    assert "A line exists." in told
    for option in play.choices["sharing"].options.values():
        assert f"{option.id}: {option.text}" in told
        assert f"Trade-off: {option.tradeoff}" in told
    assert "reply" not in told


def test_decisions_leave_out_closed_options_and_odds(play):
    none = [("decide", "sharing", "none"), *SUMMER[1:]]
    told = text.decisions(play, state_of(play, ["alfa", "bravo"], *none))
    assert "[reply]" in told
    assert "[warn]" in told
    assert "build" not in told
    assert "build: Build a siren too." in text.decisions(
        play, state_of(play, ["alfa", "bravo"], *SUMMER)
    )
    assert "0.5" not in told


def test_when_nothing_is_open_decisions_say_so(play):
    assert "Nothing is left to decide" in text.decisions(play, Session(play, seed=1).state)


# --- the results --------------------------------------------------------------------------------


def test_results_bear_ranges_and_the_mark_of_a_model(play):
    known = {"sharing": "live", "warn": "quiet"}
    now, base = evaluate(play, known, roles=["alfa"]), evaluate(play, roles=["alfa"])
    told = text.results(play, now, base)
    (trust,) = [row for row in told.split("\n") if row.startswith("Trust")]
    cells = [cell for cell in trust.split("  ") if cell]
    assert [cell.strip() for cell in cells] == [
        "Trust (points)", "10.1", "4 to 14", f"{text.number(now['trust'].low)} to 13",
        text.number(base["trust"].mean), "higher",
    ]  # fmt: skip
    assert text.MODEL_MARK in told
    assert "not a forecast" in text.MODEL_MARK
    assert "exactly" in told
    assert "Delay (h)" in told


def test_sampled_results_say_so(play):
    import numpy as np

    exact = evaluate(play)
    drawn = sample(play, n=1500, rng=np.random.default_rng(2))
    told = text.results(play, {**exact, "trust": drawn["trust"]}, exact)
    assert "Estimated from 1,500 seeded samples: trust; the rest is exact." in told
    assert text.MODEL_MARK in told


def test_a_change_is_told_in_words_with_its_direction_and_range(play):
    measure = play.measures["trust"]
    now = evaluate(play, {"sharing": "live", "warn": "quiet"}, roles=["alfa"])["trust"]
    worse = dataclasses.replace(now, mean=now.mean - 2)
    told = text.change(measure, now, worse)
    assert told == (
        "Trust: 10.1 points on average, +2 points against the base case, the better direction; "
        "80 % of courses fall between 4 and 14."
    )
    assert "−2 points against the base case, the worse direction" in text.change(
        measure, worse, now
    )
    assert "as in the base case" in text.change(measure, now, now)
    delay = evaluate(play)["delay"]
    slower = dataclasses.replace(delay, mean=delay.mean + 1)
    assert "+1 h against the base case, the worse direction" in text.change(
        play.measures["delay"], slower, delay
    )


# --- the review ---------------------------------------------------------------------------------


def test_the_review_tells_decisions_reasons_and_history_only_at_the_end(play):
    session = Session(play, ["alfa"], seed=5)
    assert "No decision yet" in session.review()
    session.decide("live", note="It is fast.", confidence=0)
    told = session.review()
    for words in ("Snow melts: How do you share", "Connect the gauge. (0 % sure)", "It is fast."):
        assert words in told
    assert "Governments" not in told
    assert "Send a note a day" not in told
    session.decide("loud")
    assert "Governments: Send a note a day." in session.review()


def test_the_review_leaves_out_what_was_withdrawn(play):
    session = Session(play, ["alfa"], seed=5)
    session.decide("none", note="Too early.")
    session.withdraw()
    session.decide("live")
    assert "Too early." not in session.review()
    assert "Connect the gauge." in session.review()


# --- numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "told"),
    [(0, "0"), (-0.0, "0"), (-0.04, "0"), (0.05, "0.1"), (2.0, "2"), (2.04, "2"), (-3.25, "−3.2"),
     (1234567.89, "1234567.9"), (99.96, "100")],
)  # fmt: skip
def test_numbers_have_one_decimal_at_most_and_a_true_minus(value, told):
    assert text.number(value) == told
    assert text.number(value, "s") == f"{told} s"


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.04, "no change"), (-0.04, "no change"), (0.06, "+0.1 s"), (-2, "−2 s"), (2, "+2 s")],
)
def test_changes_have_a_sign(value, told):
    assert text.signed(value, "s") == told


@settings(tiny.TOUGH, max_examples=200)
@given(st.floats(-1e9, 1e9))
def test_a_number_reads_back_as_itself(value):
    told = text.number(value)
    assert abs(float(told.replace("−", "-")) - value) <= 0.0500001
    assert told not in ("−0", "-0")


# --- any scenario, any point --------------------------------------------------------------------


@settings(tiny.TOUGH, max_examples=60)
@given(st.data())
def test_every_point_of_every_play_can_be_told(data):
    made = tiny.built(data.draw(tiny.raws()))
    session = Session(made, made.playable, seed=data.draw(st.integers(0, 9)))
    while True:
        assert session.situation().startswith(text.EXERCISE_MARK)
        assert session.review()
        results = session.results()
        assert text.MODEL_MARK in results
        assert all(measure.label in results for measure in made.measures.values())
        told = session.decisions()
        for choice in session.open:
            assert f"[{choice.id}]" in told
        for row in (*session.situation().split("\n"), *told.split("\n")):
            assert len(row) <= 100
        if not session.open:
            break
        choice = data.draw(st.sampled_from(session.open))
        options = engine.open_options(choice, session.state.known)
        session.decide(data.draw(st.sampled_from([o.id for o in options])), choice.id)
