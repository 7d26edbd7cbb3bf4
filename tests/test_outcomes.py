"""Outcomes: a case worked by hand, and the exact result against brute force in fractions."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import outcomes
from kit import scenario as scenarios
from kit.errors import DecisionError, ScenarioError
from kit.outcomes import asked, compare, evaluate, exact, measures_of, sample, worlds
from kit.scenario import When
from kit.scenario.build import when

NEAR = 1e-9


@pytest.fixture(scope="module")
def play():
    return tiny.parsed()


def force(way, monkeypatch):
    """Make every distribution in one way."""
    monkeypatch.setattr(exact, "JOINT_CELLS", exact.JOINT_CELLS if way == "joint table" else 0)
    monkeypatch.setattr(exact, "GRID_POINTS", 0 if way == "samples" else exact.GRID_POINTS)


# --- a case worked by hand ----------------------------------------------------------------------
#
# Alfa shares live and warns quietly; Bravo decides by its odds.
#   leaked: 0.5.  flood: 0.6 × 0.1 + 0.4 × 0.5 = 0.26.
#   accept: 0.7 when kept; when leaked 0.2. Together 0.45.
#   trust: 10 + 2 (live) + 2 × 0.45 − 3 × 0.5 − 5 × 0.26 = 10.1
#   delay: 6 − 2 + 1.5 × 0.26 = 4.39

LIVE = {"sharing": "live", "warn": "quiet"}


@pytest.fixture(scope="module")
def live(play):
    return evaluate(play, LIVE, roles=["alfa"])


def test_means_by_hand(live):
    assert live["trust"].mean == pytest.approx(10.1, abs=NEAR)
    assert live["delay"].mean == pytest.approx(4.39, abs=NEAR)


def test_the_distribution_by_hand(live):
    trust = live["trust"]
    assert trust.values.tolist() == [4, 6, 7, 9, 11, 12, 14]
    hand = [0.104, 0.026, 0.039, 0.387, 0.074, 0.111, 0.259]
    assert trust.weights == pytest.approx(hand, abs=1e-12)
    assert (trust.p10, trust.p50, trust.p90) == (4, 9, 14)
    assert trust.sd == pytest.approx(math.sqrt(111.56 - 10.1**2), abs=NEAR)
    assert (trust.method, trust.samples, trust.standard_error) == ("exact", 0, 0.0)


def test_ranges_by_hand(live):
    """Habit lies between 1 and 4 and counts 1.45 times; saved between −3 and −1, once."""
    assert (live["trust"].low, live["trust"].high) == pytest.approx((8.65, 13.0), abs=NEAR)
    assert (live["delay"].low, live["delay"].high) == pytest.approx((3.39, 5.39), abs=NEAR)


def test_parts_by_hand(live):
    found = [(p.effect, p.assumption, p.probability, p.mean, p.low, p.high)
             for p in live["trust"].parts]  # fmt: skip
    hand = [
        (0, "habit", 1.0, 2.0, 1.0, 4.0),
        (2, "habit", 0.45, 0.9, 0.45, 1.8),
        (3, None, 0.5, -1.5, -1.5, -1.5),
        (4, None, 0.26, -1.3, -1.3, -1.3),
    ]
    for mine, wanted in zip(found, hand, strict=True):
        assert mine[:2] == wanted[:2]
        assert mine[2:] == pytest.approx(wanted[2:], abs=NEAR)


def test_what_was_seen_teaches_about_what_was_not(play):
    """Bayes: after a flood the summer was probably wet: 0.2 of 0.26."""
    rains = {}
    for world, weight in worlds(play, {"flood": "yes"}):
        rains[world["rain"]] = rains.get(world["rain"], 0.0) + weight
    assert rains == pytest.approx({"dry": 0.06, "wet": 0.2}, abs=NEAR)
    known = {**LIVE, "reply": "accept"}
    leaked = 0.5 * 0.2 / (0.5 * 0.2 + 0.5 * 0.7)
    found = evaluate(play, known, roles=["alfa"])["trust"]
    assert found.mean == pytest.approx(10 + 2 + 2 - 3 * leaked - 5 * 0.26, abs=NEAR)


def test_what_a_role_decided_teaches_nothing(play):
    """Set, not observed: had Bravo been played, accepting says nothing about the press."""
    found = evaluate(play, {**LIVE, "reply": "accept"}, roles=["alfa", "bravo"])["trust"]
    assert found.mean == pytest.approx(10 + 2 + 2 - 3 * 0.5 - 5 * 0.26, abs=NEAR)


def test_a_plan_stands_in_for_later_decisions(play):
    quiet = evaluate(play, {"sharing": "live"}, roles=["alfa"])["trust"].mean
    loud = evaluate(play, {"sharing": "live"}, roles=["alfa"], plan={"warn": "loud"})["trust"].mean
    assert loud - quiet == pytest.approx(5 * 0.26, abs=NEAR)


def test_a_plan_that_is_closed_gives_way_to_the_odds(play):
    known = {"sharing": "none", "warn": "loud", "leak": "kept"}
    planned = evaluate(play, known, roles=["alfa", "bravo"], plan={"reply": "build"})["trust"]
    assert planned.mean == pytest.approx(10 + 2 * 0.7, abs=NEAR)


def test_the_authors_own_test_holds(play):
    (written,) = play.plays
    found = evaluate(play, written.assign, roles=play.roles)
    assert found["delay"].mean == pytest.approx(written.expect["delay"], abs=NEAR)


# --- against brute force ------------------------------------------------------------------------


def approximately(fraction):
    return pytest.approx(float(fraction), abs=NEAR)


def check(outcome, values, weighed, total):
    """Compare one outcome with every world and its exact weight."""
    measure = outcome.measure
    mass = {}
    for world, weight in weighed:
        value = tiny.brute_measures(values, world)[measure]
        mass[value] = mass.get(value, 0) + weight / total
    points = sorted(mass)
    assert outcome.values.tolist() == pytest.approx([float(v) for v in points], abs=NEAR)
    assert outcome.weights.tolist() == pytest.approx([float(mass[v]) for v in points], abs=NEAR)
    assert outcome.weights.sum() == pytest.approx(1, abs=1e-12)
    mean = sum(value * mass[value] for value in points)
    variance = sum((value - mean) ** 2 * mass[value] for value in points)
    assert outcome.mean == approximately(mean)
    assert outcome.sd**2 == approximately(variance)
    assert outcome.low - NEAR <= outcome.mean <= outcome.high + NEAR
    for share in ("0.1", "0.5", "0.9", "0.25", "1"):
        reached = Fraction(0)
        for point in points:
            reached += mass[point]
            if reached >= Fraction(share):
                break
        assert outcome.quantile(float(share)) == approximately(point)
    start = tiny.brute_measures({**values, "effects": []}, {})[measure]
    assert start + sum(Fraction(part.mean) for part in outcome.parts) == approximately(mean)
    check_parts(outcome, values, weighed, total)
    check_range(outcome, values, weighed, total)


def check_parts(outcome, values, weighed, total):
    touching = [i for i, e in enumerate(values["effects"]) if outcome.measure in e["change"]]
    assert [part.effect for part in outcome.parts] == touching
    for part in outcome.parts:
        effect = values["effects"][part.effect]
        chance = sum(w for world, w in weighed if tiny.holds(effect["when"], world)) / total
        assert part.probability == approximately(chance)
        assert part.low - NEAR <= part.mean <= part.high + NEAR
        size = effect["change"][outcome.measure]
        assert part.assumption == (size if isinstance(size, str) else None)


def check_range(outcome, values, weighed, total):
    """Push every assumption to its ends, all combinations: the extremes are the bounds."""
    means = []
    for ends in itertools.product(("low", "high"), repeat=len(values["assumptions"])):
        chosen = dict(zip(values["assumptions"], ends, strict=True))
        means.append(
            sum(
                tiny.brute_measures(values, world, chosen)[outcome.measure] * weight
                for world, weight in weighed
            )
            / total
        )
    assert outcome.low == approximately(min(means))
    assert outcome.high == approximately(max(means))


@pytest.fixture(scope="module", params=["joint table", "waves"])
def way(request):
    with pytest.MonkeyPatch.context() as monkeypatch:
        force(request.param, monkeypatch)
        yield request.param


@settings(tiny.TOUGH, max_examples=200)
@given(data=st.data())
def test_the_exact_result_is_that_of_brute_force(way, data):
    values = data.draw(tiny.raws())
    known, roles, plan, condition = data.draw(tiny.queries(values))
    made = tiny.built(values)
    weighed = list(tiny.brute_worlds(values, known, roles, plan, condition))
    total = sum(weight for _, weight in weighed)
    asked = {"roles": roles, "plan": plan, "given": when(condition)}
    if not total:
        with pytest.raises(DecisionError, match="cannot happen"):
            evaluate(made, known, **asked)
        return
    found = evaluate(made, known, **asked)
    assert list(found) == list(values["measures"])
    for outcome in found.values():
        assert outcome.method == "exact"
        check(outcome, values, weighed, total)


@settings(tiny.TOUGH, max_examples=100)
@given(st.data())
def test_the_list_of_worlds_is_that_of_brute_force(data):
    values = data.draw(tiny.raws())
    known, roles, plan, _ = data.draw(tiny.queries(values))
    made = tiny.built(values)
    mine = {tuple(w.items()): weight for w, weight in worlds(made, known, roles=roles, plan=plan)}
    brute = {tuple(w.items()): float(weight)
             for w, weight in tiny.brute_worlds(values, known, roles, plan)}  # fmt: skip
    assert mine == pytest.approx(brute, abs=1e-12)
    for world, _ in itertools.islice(worlds(made), 5):
        by_hand = tiny.brute_measures(values, world)
        assert measures_of(made, world) == pytest.approx(
            {name: float(value) for name, value in by_hand.items()}, abs=NEAR
        )


def test_measures_of_a_world_at_the_ends_of_the_assumptions(play):
    world = {"sharing": "live", "gauge": "keep", "leak": "kept", "rain": "dry", "reply": "accept",
             "warn": "loud", "flood": "no"}  # fmt: skip
    assert measures_of(play, world) == {"trust": 14, "delay": 4}
    assert measures_of(play, world, "low") == {"trust": 12, "delay": 3}
    assert measures_of(play, world, "high") == {"trust": 18, "delay": 5}


# --- comparing options --------------------------------------------------------------------------


@settings(tiny.TOUGH, max_examples=100)
@given(st.data())
def test_compare_covers_exactly_the_options_that_can_be_open(data):
    values = data.draw(tiny.raws())
    known, roles, plan, _ = data.draw(tiny.queries(values))
    made = tiny.built(values)
    name = data.draw(st.sampled_from(list(made.choices)))
    known.pop(name, None)
    played = [*roles, made.choices[name].role]
    if not any(w for _, w in tiny.brute_worlds(values, known, played, plan)):
        return
    brute = {}
    for option, part in made.choices[name].options.items():
        condition = {n: sorted(v) for n, v in part.when.terms}
        weighed = list(tiny.brute_worlds(values, {**known, name: option}, played, plan, condition))
        total = sum(weight for _, weight in weighed)
        if total:
            brute[option] = (weighed, total)
    found = compare(made, known, name, roles=roles, plan=plan)
    assert list(found) == list(brute)
    for option, (weighed, total) in brute.items():
        for outcome in found[option].values():
            check(outcome, values, weighed, total)


def test_compare_leaves_out_what_is_closed(play):
    known = {"sharing": "none", "gauge": "keep", "leak": "kept", "rain": "dry"}
    assert list(compare(play, known, "reply", roles=["bravo"])) == ["accept", "refuse"]
    open_ = compare(play, {**known, "sharing": "daily"}, "reply", roles=["bravo"])
    assert list(open_) == ["accept", "refuse", "build"]


def test_an_option_that_waits_is_judged_where_it_is_open(play):
    """Building needs daily or live sharing, which are left to Alfa's odds: 1 to 2."""
    build = compare(play, {}, "reply")["build"]
    assert build["delay"].mean == pytest.approx(
        6 + (1 / 3) * -1 + (2 / 3) * -2 + 1.5 * 0.26, abs=NEAR
    )


def test_an_option_that_never_opens_under_the_plan_is_left_out(play):
    """Alfa's plan is to keep the readings, so that building is never open."""
    assert list(compare(play, {}, "reply", roles=["alfa"])) == ["accept", "refuse"]
    found = compare(play, {}, "reply", roles=["alfa"], plan={"sharing": "live"})
    assert list(found) == ["accept", "refuse", "build"]


def test_compare_refuses_what_cannot_be_known(play):
    with pytest.raises(DecisionError, match="cannot happen"):
        compare(play, {"sharing": "none", "reply": "build"}, "warn")


# --- what cannot be -----------------------------------------------------------------------------


@pytest.mark.parametrize("known", [{"rain": "damp"}, {"rian": "dry"}, {"sharing": ""}])
def test_what_does_not_exist_cannot_be_known(play, known):
    with pytest.raises(DecisionError, match="There is no"):
        evaluate(play, known)


@pytest.mark.parametrize("plan", [{"sharing": "lives"}, {"shares": "live"}])
def test_what_does_not_exist_cannot_be_planned(play, plan):
    with pytest.raises(DecisionError, match="There is no"):
        evaluate(play, roles=["alfa"], plan=plan)


def test_what_has_no_chance_cannot_be_known(play):
    with pytest.raises(DecisionError, match="cannot happen"):
        evaluate(play, {"sharing": "none", "reply": "build"})
    with pytest.raises(DecisionError, match="cannot happen"):
        evaluate(play, {"sharing": "none"}, given=when({"sharing": "live"}))
    with pytest.raises(DecisionError):
        sample(play, {"sharing": "none", "reply": "build"}, n=50, rng=np.random.default_rng(1))


# Alfa cannot warn in a wet summer: both ways are closed.
DEAD = tiny.edited(
    ("tradeoff: Slow., odds: 0.5}", "tradeoff: Slow., odds: 0.5, when: {rain: dry}}"),
    ("tradeoff: It frightens., odds: 0.5}", "tradeoff: No., odds: 0.5, when: {rain: dry}}"),
)


@pytest.mark.parametrize(
    ("known", "roles"),
    [
        ({}, ()),
        ({}, ("alfa",)),
        ({"rain": "wet"}, ()),
        ({"leak": "kept"}, ("alfa",)),
        ({"flood": "no"}, ()),
    ],
)
@pytest.mark.parametrize("way", ["joint table", "waves", "samples"])
def test_a_dead_end_that_can_be_reached_is_an_error(known, roles, way, monkeypatch):
    force(way, monkeypatch)
    with pytest.raises(ScenarioError, match="without an open option"):
        evaluate(tiny.parsed(DEAD), known, roles=roles)


@pytest.mark.parametrize("known", [{}, {"flood": "no"}])
def test_samples_do_not_run_over_a_dead_end_either(known):
    with pytest.raises(ScenarioError, match="without an open option"):
        sample(tiny.parsed(DEAD), known, n=100, rng=np.random.default_rng(1))


@pytest.mark.parametrize("known", [{"rain": "dry"}, {"rain": "dry", "flood": "yes"}])
@pytest.mark.parametrize("way", ["joint table", "waves", "samples"])
def test_a_dead_end_out_of_reach_is_none(known, way, monkeypatch):
    force(way, monkeypatch)
    assert evaluate(tiny.parsed(DEAD), known)["trust"].mean


@settings(tiny.TOUGH, max_examples=150)
@given(st.data())
def test_dead_ends_are_never_averaged_over(data):
    values = data.draw(tiny.raws(dead_ends=True))
    known, roles, plan, condition = data.draw(tiny.queries(values))
    made = tiny.built(values)
    asked = {"roles": roles, "plan": plan}
    try:
        weighed = list(tiny.brute_worlds(values, known, roles, plan, condition))
    except tiny.DeadEnd:
        with pytest.raises(ScenarioError):
            list(worlds(made, known, **asked))
        return  # the exact result may be right where the dead end touches no measure
    total = sum(weight for _, weight in weighed)
    if total:
        for outcome in evaluate(made, known, **asked, given=when(condition)).values():
            check(outcome, values, weighed, total)


# --- sampling -----------------------------------------------------------------------------------

# Seeds chosen once. A failure is a bug, not bad luck: do not choose again.
SAMPLED = [
    (11, {}, ()),
    (12, LIVE, ("alfa",)),
    (13, {"reply": "accept"}, ("alfa",)),
    (14, {"flood": "yes"}, ()),
    (15, {"flood": "yes", "reply": "refuse"}, ("alfa",)),
]


@pytest.mark.parametrize(("seed", "known", "roles"), SAMPLED)
def test_samples_agree_with_the_exact_result(play, seed, known, roles):
    right = evaluate(play, known, roles=roles)
    drawn = sample(play, known, n=20_000, rng=np.random.default_rng(seed), roles=roles)
    for name, outcome in drawn.items():
        assert outcome.method == "sampled"
        assert outcome.samples == 20_000
        assert outcome.standard_error < 0.1
        assert abs(outcome.mean - right[name].mean) < 4 * outcome.standard_error + NEAR
        assert outcome.sd == pytest.approx(right[name].sd, rel=0.1, abs=NEAR)
        assert set(outcome.values) <= set(right[name].values)
        assert outcome.weights.sum() == pytest.approx(1, abs=1e-9)
        for mine, other in zip(outcome.parts, right[name].parts, strict=True):
            assert mine.probability == pytest.approx(other.probability, abs=0.05)


def test_samples_under_a_condition_agree_too(play):
    condition = when({"sharing": ["daily", "live"], "leak": "leaked"})
    right = evaluate(play, given=condition)
    drawn = sample(play, n=20_000, rng=np.random.default_rng(16), given=condition)
    for name, outcome in drawn.items():
        assert abs(outcome.mean - right[name].mean) < 4 * outcome.standard_error + NEAR


def test_standard_errors_mean_what_they_say(play):
    """Over 200 seeds about 95 in 100 estimates lie within two standard errors."""
    right = evaluate(play, {"flood": "yes"})["trust"].mean
    near = 0
    for seed in range(200):
        drawn = sample(play, {"flood": "yes"}, n=500, rng=np.random.default_rng(seed))["trust"]
        near += abs(drawn.mean - right) < 2 * drawn.standard_error
    assert 180 <= near <= 200


def test_the_same_seed_draws_the_same(play):
    one, other = (sample(play, n=200, rng=np.random.default_rng(5)) for _ in range(2))
    assert one["trust"].mean == other["trust"].mean


def test_what_is_too_large_is_sampled_and_says_so(play, monkeypatch):
    right = evaluate(play, LIVE, roles=["alfa"])
    force("samples", monkeypatch)
    first, again = (evaluate(play, LIVE, roles=["alfa"]) for _ in range(2))
    for name, outcome in first.items():
        assert outcome.method == "sampled"
        assert outcome.samples == asked.SAMPLES
        assert outcome.standard_error > 0
        assert outcome.mean == again[name].mean  # results do not flicker
        assert abs(outcome.mean - right[name].mean) < 4 * outcome.standard_error + NEAR


def test_only_what_is_too_large_is_sampled(play, monkeypatch):
    """Delay moves by halves over a small grid, trust by whole points over a larger one."""
    monkeypatch.setattr(exact, "JOINT_CELLS", 0)
    monkeypatch.setattr(exact, "GRID_POINTS", 9)
    found = evaluate(play, LIVE, roles=["alfa"])
    assert {name: outcome.method for name, outcome in found.items()} == {
        "trust": "sampled",
        "delay": "exact",
    }


# --- percentiles --------------------------------------------------------------------------------


def test_percentiles_are_the_smallest_value_that_reaches_them(live):
    trust = live["trust"]
    cumulative = np.cumsum(trust.weights)
    for share in np.linspace(0.001, 0.999, 333):
        wanted = trust.values[np.nonzero(cumulative >= share - 1e-12)[0][0]]
        assert trust.quantile(share) == wanted
    assert trust.quantile(0) == trust.values[0]
    assert trust.quantile(1) == trust.values[-1]


def test_the_last_percentile_is_the_highest_value_in_spite_of_rounding(live):
    """Ten thousand weights need not add up to 1 to the last digit."""
    trust = live["trust"]
    short = outcomes.Outcome(
        "trust", 0, 0, 0, 0, np.arange(3.0), np.array([0.5, 0.25, 0.25 - 1e-10]), (), "sampled"
    )
    assert short.quantile(1) == 2
    assert trust.quantile(0.104) == 4
    assert trust.quantile(0.105) == 6


def test_an_empty_condition_is_no_condition(play):
    assert evaluate(play, given=When())["trust"].mean == evaluate(play)["trust"].mean


# --- the scenarios that ship --------------------------------------------------------------------


@pytest.mark.parametrize("name", scenarios.names())
def test_shipped_outcomes_are_exact_ordered_and_whole(name):
    shipped = scenarios.load(name)
    for roles in ((), shipped.playable[:1], shipped.playable):
        for outcome in evaluate(shipped, roles=roles).values():
            assert outcome.method == "exact"
            assert outcome.weights.sum() == pytest.approx(1, abs=NEAR)
            assert (np.diff(outcome.values) > 0).all()
            assert outcome.low - NEAR <= outcome.mean <= outcome.high + NEAR
            assert outcome.values[0] <= outcome.p10 <= outcome.p50 <= outcome.p90
            drawn = sample(shipped, n=4000, rng=np.random.default_rng(17), roles=roles)
            error = drawn[outcome.measure].standard_error
            assert abs(drawn[outcome.measure].mean - outcome.mean) <= 4 * error + NEAR
