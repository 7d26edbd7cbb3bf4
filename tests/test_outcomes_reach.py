"""How far later decisions can move a mean, against every plan tried one by one."""

from __future__ import annotations

import itertools

import large
import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.errors import DecisionError
from kit.outcomes import compare, envelope, reach

NEAR = 1e-9


def brute_reach(values, made, known, name, roles):
    """Return option → measure → (lowest, highest) mean over all plans, by listing worlds."""
    role_of = {n: c.role for n, c in made.choices.items()}
    played = {*roles, role_of[name]}
    free = [n for n in made.choices if role_of[n] in played and n not in known and n != name]
    found = {}
    for picks in itertools.product(*(made.choices[n].domain for n in free)):
        plan = dict(zip(free, picks, strict=True))
        for option, part in made.choices[name].options.items():
            condition = {n: sorted(v) for n, v in part.when.terms}
            asked = ({**known, name: option}, played, plan, condition)
            weighed = list(tiny.brute_worlds(values, *asked))
            total = sum(weight for _, weight in weighed)
            if not total:
                continue
            for measure in made.measures:
                mean = sum(tiny.brute_measures(values, w)[measure] * p for w, p in weighed) / total
                low, high = found.setdefault(option, {}).get(measure, (mean, mean))
                found[option][measure] = (min(low, mean), max(high, mean))
    return found, len(list(itertools.product(*(made.choices[n].domain for n in free))))


@settings(tiny.TOUGH, max_examples=120)
@given(st.data())
def test_reach_is_that_of_every_plan_tried(data):
    values = data.draw(tiny.raws())
    known, roles, _, _ = data.draw(tiny.queries(values))
    made = tiny.built(values)
    name = data.draw(st.sampled_from(list(made.choices)))
    known.pop(name, None)
    brute, plans = brute_reach(values, made, known, name, roles)
    if not brute:
        with pytest.raises(DecisionError, match="cannot happen"):
            reach(made, known, name, roles=roles)
        return
    found = reach(made, known, name, roles=roles)
    assert list(found) == [o for o in made.choices[name].domain if o in brute]
    for option, measures in brute.items():
        for measure, (low, high) in measures.items():
            mine = found[option][measure]
            assert (mine.measure, mine.plans, mine.reason) == (measure, plans, "")
            assert mine.low == pytest.approx(float(low), abs=NEAR)
            assert mine.high == pytest.approx(float(high), abs=NEAR)


@settings(tiny.TOUGH, max_examples=60)
@given(st.data())
def test_every_plan_lies_within_reach(data):
    """Also where what was seen lies later than an open choice: nothing seen is left out."""
    values = data.draw(tiny.raws())
    known, roles, plan, _ = data.draw(tiny.queries(values))
    made = tiny.built(values)
    name = data.draw(st.sampled_from(list(made.choices)))
    known.pop(name, None)
    try:
        found = compare(made, known, name, roles=roles, plan=plan)
    except DecisionError:
        return
    ends = reach(made, known, name, roles=roles) if found else {}
    for option, measures in found.items():
        for measure, outcome in measures.items():
            end = ends[option][measure]
            assert end.low - NEAR <= outcome.mean <= end.high + NEAR


def test_reach_by_hand():
    """After a live feed Alfa can still warn by siren: no quiet flood, five points more."""
    made = tiny.parsed()
    found = reach(made, {}, "sharing", roles=["alfa"])["live"]
    assert found["trust"].plans == 2
    assert (found["trust"].low, found["trust"].high) == pytest.approx((10.1, 11.4), abs=NEAR)
    assert found["delay"].low == found["delay"].high == pytest.approx(4.39, abs=NEAR)


def test_a_later_choice_that_may_be_closed_follows_its_odds_there():
    """Bravo plans to build: closed while nothing is shared, so that the odds of 7 to 3 count."""
    made = tiny.parsed()
    found = reach(made, {"leak": "kept"}, "sharing", roles=["alfa", "bravo"])["none"]["trust"]
    accepts, refuses = 10 + 2, 10
    assert (found.low, found.high) == pytest.approx((refuses - 5 * 0.26, accepts), abs=NEAR)


def test_nothing_is_left_to_decide():
    made = tiny.parsed()
    found = reach(made, {"sharing": "live"}, "warn")["loud"]["trust"]
    mean = compare(made, {"sharing": "live"}, "warn")["loud"]["trust"].mean
    assert found.plans == 1
    assert found.low == found.high == pytest.approx(mean, abs=NEAR)


def test_what_is_too_large_says_so(monkeypatch):
    monkeypatch.setattr(envelope, "PEAK_CELLS", 3)
    found = reach(tiny.parsed(), {}, "sharing", roles=["alfa"])["live"]["trust"]
    assert (found.low, found.high, found.reason) == (None, None, envelope.TOO_LARGE)


def test_a_plan_that_may_end_in_a_dead_end_says_so():
    text = tiny.edited(
        ("tradeoff: Slow., odds: 0.5}", "tradeoff: Slow., odds: 0.5, when: {gauge: keep}}"),
        ("tradeoff: It frightens., odds: 0.5}", "tradeoff: No., odds: 0.5, when: {gauge: keep}}"),
    )
    found = reach(tiny.parsed(text), {}, "sharing", roles=["alfa"])["live"]["trust"]
    assert (found.low, found.reason) == (None, envelope.DEAD_END)


def test_what_does_not_exist_is_refused():
    with pytest.raises(DecisionError, match="There is no"):
        reach(tiny.parsed(), {}, "shares")
    with pytest.raises(DecisionError, match="There is no"):
        reach(tiny.parsed(), {"rain": "damp"}, "sharing")


def test_reach_holds_on_a_large_scenario():
    made = large.made(1, choices=6, uncertainties=8)
    name = next(iter(made.choices))
    roles = ("ann", "bob", "red")
    ends = reach(made, {}, name, roles=roles)
    later = [n for n in made.choices if n != name]
    seen = {}
    for picks in itertools.product(("v0", "v2"), repeat=len(later)):
        plan = dict(zip(later, picks, strict=True))
        for measure, outcome in compare(made, {}, name, roles=roles, plan=plan)["v1"].items():
            seen.setdefault(measure, []).append(outcome.mean)
    for measure, means in seen.items():
        end = ends["v1"][measure]
        assert end.plans == 3**5
        assert end.low - NEAR <= min(means)
        assert max(means) <= end.high + NEAR
