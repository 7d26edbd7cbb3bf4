"""Means without distributions, sampling by the block, histograms: what large scenarios need."""

from __future__ import annotations

import itertools

import large
import numpy as np
import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import outcomes
from kit.errors import DecisionError
from kit.outcomes import asked, compare, draws, evaluate, means, net, order, sample, sample_options

NEAR = 1e-9


@pytest.fixture(scope="module")
def play():
    return tiny.parsed()


# --- means --------------------------------------------------------------------------------------


@settings(tiny.TOUGH, max_examples=150)
@given(st.data())
def test_means_are_those_of_the_distributions_and_of_brute_force(data):
    values = data.draw(tiny.raws())
    known, roles, plan, _ = data.draw(tiny.queries(values))
    made = tiny.built(values)
    name = data.draw(st.sampled_from(list(made.choices)))
    known.pop(name, None)
    try:
        full = compare(made, known, name, roles=roles, plan=plan)
    except DecisionError:
        with pytest.raises(DecisionError):
            means(made, known, name, roles=roles, plan=plan)
        return
    found = means(made, known, name, roles=roles, plan=plan)
    assert list(found) == list(full)
    played = [*roles, made.choices[name].role]
    for option, measures in found.items():
        condition = {n: sorted(v) for n, v in made.choices[name].options[option].when.terms}
        asks = ({**known, name: option}, played, plan, condition)
        weighed = list(tiny.brute_worlds(values, *asks))
        total = sum(weight for _, weight in weighed)
        for measure, mine in measures.items():
            brute = sum(tiny.brute_measures(values, w)[measure] * p for w, p in weighed) / total
            other = full[option][measure]
            assert (mine.measure, mine.method, mine.samples) == (measure, "exact", 0)
            assert mine.mean == pytest.approx(float(brute), abs=NEAR)
            for end in ("mean", "low", "high"):
                assert getattr(mine, end) == pytest.approx(getattr(other, end), abs=NEAR)


@settings(tiny.TOUGH, max_examples=150)
@given(st.data())
def test_all_options_in_one_pass_are_the_options_one_by_one(data):
    values = data.draw(tiny.raws())
    known, roles, plan, _ = data.draw(tiny.queries(values))
    made = tiny.built(values)
    name = data.draw(st.sampled_from(list(made.choices)))
    known.pop(name, None)
    played = [*roles, made.choices[name].role]
    try:
        found = compare(made, known, name, roles=roles, plan=plan)
    except DecisionError:
        return
    for option, measures in found.items():
        when = made.choices[name].options[option].when
        settled = {**known, name: option}
        single = evaluate(made, settled, roles=played, plan=plan, given=when)
        for measure, mine in measures.items():
            other = single[measure]
            assert mine.values.tolist() == pytest.approx(other.values.tolist(), abs=NEAR)
            assert mine.weights.tolist() == pytest.approx(other.weights.tolist(), abs=NEAR)
            assert (mine.sd, mine.low, mine.high) == pytest.approx(
                (other.sd, other.low, other.high), abs=NEAR
            )
            for one, two in zip(mine.parts, other.parts, strict=True):
                assert one[:2] == two[:2]
                assert one[2:] == pytest.approx(two[2:], abs=NEAR)


@pytest.mark.parametrize("seed", range(3))
def test_means_of_a_scenario_beyond_listing_are_exact(seed):
    """Over ten to the fifteenth worlds; draws of them lie where they must."""
    made = large.made(seed)
    sizes = [len(variable.domain) for variable in made.variables.values()]
    assert len(made.choices) == 12
    assert len(made.uncertainties) == 20
    assert np.prod(sizes, dtype=float) > 1e15
    looks = [len({n, *v.parents}) for n, v in made.variables.items()]
    looks += [len(effect.when.terms) for effect in made.effects]
    assert max(looks) == 3
    name = list(made.choices)[seed]
    role = made.choices[name].role
    for option, measures in means(made, {}, name).items():
        rng = np.random.default_rng(seed)
        drawn = sample(made, {name: option}, n=20_000, rng=rng, roles=[role])
        for measure, mine in measures.items():
            other = drawn[measure]
            assert mine.method == "exact"
            assert abs(other.mean - mine.mean) < 5 * other.standard_error


def test_the_same_seed_makes_the_same_scenario():
    assert large.raw(7) == large.raw(7)
    assert large.raw(7) != large.raw(8)
    assert tiny.checked({**large.raw(0), "plays": []}) == []


def test_means_that_would_be_too_large_are_sampled_and_say_so(play, monkeypatch):
    right = means(play, {}, "sharing")["live"]
    monkeypatch.setattr(net, "PEAK_CELLS", 15)
    monkeypatch.setattr(net, "TOGETHER_CELLS", 15)
    first, again = (means(play, {}, "sharing")["live"] for _ in range(2))
    assert first["trust"] == again["trust"]
    assert {m: part.method for m, part in first.items()} == {"trust": "sampled", "delay": "exact"}
    assert first["trust"].samples == asked.SAMPLES
    near = abs(first["trust"].mean - right["trust"].mean)
    assert 0 < near < 4 * first["trust"].standard_error
    full = compare(play, {}, "sharing")["live"]
    assert {m: part.method for m, part in full.items()} == {"trust": "sampled", "delay": "exact"}
    assert full["trust"].mean == first["trust"].mean


def test_scopes_are_split_until_they_fit(play, monkeypatch):
    right = means(play, {}, "sharing")
    monkeypatch.setattr(net, "TOGETHER_CELLS", 0)
    for option, measures in means(play, {}, "sharing").items():
        for name, mine in measures.items():
            assert mine.method == "exact"
            assert mine.mean == pytest.approx(right[option][name].mean, abs=NEAR)


def test_a_choice_that_does_not_exist_is_refused(play):
    for way in (means, compare):
        with pytest.raises(DecisionError, match="no choice 'share'"):
            way(play, {}, "share")


# --- orders of elimination ----------------------------------------------------------------------


@settings(tiny.TOUGH, max_examples=60)
@given(
    scopes=st.lists(st.integers(1, 2**7 - 1), min_size=1, max_size=9),
    sizes=st.lists(st.integers(2, 4), min_size=7, max_size=7),
    kept=st.integers(0, 2**7 - 1),
)
def test_an_order_names_everything_once_and_tells_its_largest_product(scopes, sizes, kept):
    everything = 0
    for scope in scopes:
        everything |= scope
    found, peak = order.order_of(scopes, sizes, kept)
    assert sorted(found) == list(order.bits(everything & ~kept))
    pool, largest = list(scopes), 1
    for place in found:
        union = 0
        for scope in pool:
            union |= scope if scope >> place & 1 else 0
        largest = max(largest, np.prod([sizes[i] for i in order.bits(union)]))
        pool = [s for s in pool if not s >> place & 1] + [union & ~(1 << place)]
    assert peak == largest
    every = (
        max(_products(scopes, sizes, way), default=1)
        for way in itertools.islice(itertools.permutations(found), 24)
    )
    assert peak <= 16 * min(every, default=1)


def _products(scopes, sizes, way):
    pool = list(scopes)
    for place in way:
        union = 0
        for scope in pool:
            union |= scope if scope >> place & 1 else 0
        yield np.prod([sizes[i] for i in order.bits(union)])
        pool = [s for s in pool if not s >> place & 1] + [union & ~(1 << place)]


# --- draws --------------------------------------------------------------------------------------


@settings(tiny.TOUGH, max_examples=60)
@given(data=st.data(), way=st.sampled_from(["packed", "loose"]))
def test_draws_agree_on_random_scenarios_also_under_conditioning(data, way):
    """Within five standard errors; and no value is drawn that cannot be."""
    values = data.draw(tiny.raws())
    known, roles, plan, _ = data.draw(tiny.queries(values))
    made = tiny.built(values)
    try:
        right = evaluate(made, known, roles=roles, plan=plan)
    except DecisionError:
        return
    with pytest.MonkeyPatch.context() as monkeypatch:
        if way == "loose":
            monkeypatch.setattr(draws, "_MOST", 0)
        monkeypatch.setattr(draws, "BLOCK", 700)
        rng = np.random.default_rng(1)
        try:
            drawn = sample(made, known, n=2_000, rng=rng, roles=roles, plan=plan)
        except DecisionError:
            return  # so rare that it did not occur
    for name, outcome in drawn.items():
        assert set(outcome.values) <= set(right[name].values)
        assert outcome.weights.sum() == pytest.approx(1, abs=NEAR)
        # Draws worth only a few even ones say little about their own error.
        spread = max(outcome.standard_error, right[name].sd / 2_000**0.5)
        if outcome.sd and outcome.standard_error < outcome.sd / 10:
            assert abs(outcome.mean - right[name].mean) < 5 * spread + NEAR
            for mine, other in zip(outcome.parts, right[name].parts, strict=True):
                assert mine.probability == pytest.approx(other.probability, abs=0.3)


def test_both_ways_to_count_give_the_same(play, monkeypatch):
    first = sample(play, {"flood": "yes"}, n=3_000, rng=np.random.default_rng(4))
    monkeypatch.setattr(draws, "_MOST", 0)
    other = sample(play, {"flood": "yes"}, n=3_000, rng=np.random.default_rng(4))
    for name, outcome in first.items():
        assert outcome.values.tolist() == other[name].values.tolist()
        assert outcome.weights.tolist() == pytest.approx(other[name].weights.tolist(), abs=NEAR)
        assert outcome.standard_error == pytest.approx(other[name].standard_error, abs=NEAR)


def test_the_error_of_even_draws_is_the_textbook_one(play):
    drawn = sample(play, n=2_500, rng=np.random.default_rng(2))["trust"]
    assert drawn.standard_error == pytest.approx(drawn.sd / 50, rel=1e-12)


def test_options_are_sampled_under_the_same_luck(play):
    right = compare(play, {"rain": "wet"}, "warn")
    drawn = sample_options(play, {"rain": "wet"}, "warn", n=5_000, seed=6)
    again = sample_options(play, {"rain": "wet"}, "warn", n=5_000, seed=6)
    assert list(drawn) == list(right)
    for option, measures in drawn.items():
        for name, outcome in measures.items():
            assert outcome.mean == again[option][name].mean
            away = abs(outcome.mean - right[option][name].mean)
            assert away < 4 * outcome.standard_error + NEAR
    # A warning changes trust and not the delay, so that the same luck brings the same delay.
    assert drawn["quiet"]["delay"].mean == drawn["loud"]["delay"].mean


def test_sampled_options_leave_out_what_is_closed_and_refuse_what_cannot_be(play):
    found = sample_options(play, {"sharing": "none"}, "reply", n=50, seed=0)
    assert list(found) == ["accept", "refuse"]
    with pytest.raises(DecisionError):
        sample_options(play, {"sharing": "none", "reply": "build"}, "warn", n=50, seed=0)


# --- histograms ---------------------------------------------------------------------------------


def outcome(values, weights):
    return outcomes.Outcome(
        "m", 0, 0, 0, 0, np.array(values, float), np.array(weights), (), "exact"
    )


def test_a_histogram_counts_every_world_once():
    bins = outcome([0, 1, 2, 4], [0.1, 0.2, 0.3, 0.4]).histogram(4)
    assert bins.edges.tolist() == [0, 1, 2, 3, 4]
    assert bins.weights.tolist() == pytest.approx([0.1, 0.2, 0.3, 0.4])


def test_a_histogram_may_have_ends_of_its_own():
    bins = outcome([0, 1, 2, 4], [0.1, 0.2, 0.3, 0.4]).histogram(2, (1, 3))
    assert bins.edges.tolist() == [1, 2, 3]
    assert bins.weights.tolist() == pytest.approx([0.2, 0.3])


def test_a_histogram_of_one_value_is_one_full_bin():
    bins = outcome([3], [1.0]).histogram(1)
    assert bins.edges.tolist() == [2.5, 3.5]
    assert bins.weights.tolist() == [1]


@settings(tiny.TOUGH, max_examples=50)
@given(
    st.lists(st.integers(-50, 50), min_size=1, max_size=20, unique=True).map(sorted),
    st.integers(1, 30),
)
def test_a_histogram_adds_up_to_one(values, bins):
    found = outcome(values, [1 / len(values)] * len(values)).histogram(bins)
    assert found.weights.sum() == pytest.approx(1, abs=1e-12)
    assert found.edges.shape == (bins + 1,)
    assert (np.diff(found.edges) > 0).all()


def test_a_histogram_of_no_bins_is_refused():
    for bins, ends in ((0, None), (3, (2, 1))):
        with pytest.raises(ValueError, match="at least one bin"):
            outcome([1], [1.0]).histogram(bins, ends)
