"""What sharing changes in the warning model, as theorems and in examples."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import tables, warning
from kit.errors import WarningModelError
from kit.warning import civil_warning, detection, records, sharing, tracking

POLICIES = list(warning.POLICIES)
COUNTRIES = warning.COUNTRIES
DELAYS = [name for name in warning.Delays.__slots__ if name != "after_s"]
STEP_S = 2.0


@st.composite
def delays(draw):
    return warning.Delays(**{name: draw(st.floats(0, 400)) for name in DELAYS})


@st.composite
def launches(draw):
    distance = draw(st.floats(300, 3000))
    apogee = draw(st.floats(0.6, 3.0)) * float(warning.minimum_energy_apogee_km(distance))
    return warning.Launch("a launch", 39.2, 125.67, distance, max(apogee, 90.0),
                          draw(st.floats(30, 130)))  # fmt: skip


@st.composite
def fleets(draw):
    every = warning.sensors()
    kept = draw(st.lists(st.integers(0, len(every) - 1), min_size=1, max_size=9, unique=True))
    return every.rows(kept)


def late(times):
    return np.where(np.isnan(times), np.inf, times)


@given(launches(), fleets(), delays(), st.sampled_from([None, 5.0, 50.0]))
@settings(max_examples=40, deadline=None)
def test_sharing_never_enlarges_the_ellipse_nor_delays_a_warning(launch, fleet, late_by, limit):
    found = warning.study(launch, fleet, delays=late_by, step_s=STEP_S,
                          civil=warning.Civil(ellipse_km=limit))  # fmt: skip
    for less, more in (("nothing", "after"), ("after", "hub"), ("hub", "real-time")):
        for times in (found.first_known_s, found.track_s, found.alert_s):
            assert (late(times[more]) <= late(times[less]) + 1e-6).all(), (less, more)
        so_far = [np.logical_or.accumulate(found.known[p], axis=1) for p in (less, more)]
        assert (so_far[0] <= so_far[1]).all()
        small, large = found.ellipse.long_km[more], found.ellipse.long_km[less]
        assert not (np.isnan(small) & ~np.isnan(large)).any()
        both = ~np.isnan(large)
        assert (small[both] <= large[both] * (1 + 1e-9)).all()
        area = [found.ellipse.long_km[p] * found.ellipse.short_km[p] for p in (more, less)]
        assert (area[0][both] <= area[1][both] * (1 + 1e-9)).all()


@given(launches(), fleets())
@settings(max_examples=25, deadline=None)
def test_at_the_same_age_shared_data_bound_at_least_as_well_as_any_country_alone(launch, fleet):
    path = warning.fly(launch, STEP_S)
    looks = detection.look(path, fleet, warning.Sight())
    told = tracking.knowledge(path, looks, fleet, COUNTRIES)
    time = np.linspace(0, path.flight_time_s, 12)
    shared, _ = told.at(time, np.zeros(3))
    whole = tracking.impact_covariance(shared, told.gradient)
    for country in range(3):
        alone = np.where(np.arange(3) == country, 0.0, np.inf)
        own, _ = told.at(time, alone)
        gap = tracking.impact_covariance(own, told.gradient) - whole
        scale = np.abs(whole).max(axis=(1, 2)) + np.abs(gap).max(axis=(1, 2))
        assert (np.linalg.eigvalsh(gap)[:, 0] >= -1e-9 * scale).all()


@given(launches(), fleets(), delays(), st.sampled_from(DELAYS), st.floats(0, 300),
       st.sampled_from([None, 20.0]))  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_more_latency_never_warns_earlier(launch, fleet, before, name, more, limit):
    after = replace(before, **{name: getattr(before, name) + more})
    found = [warning.study(launch, fleet, delays=given_delays, step_s=STEP_S,
                           civil=warning.Civil(ellipse_km=limit))
             for given_delays in (before, after)]  # fmt: skip
    for policy in POLICIES:
        for what in ("first_known_s", "track_s", "alert_s"):
            quick, slow = (late(getattr(study, what)[policy]) for study in found)
            assert (slow >= quick - 1e-6).all(), (what, policy)


@given(launches(), fleets(), st.sampled_from(["confirm_s", "decide_s", "disseminate_s"]),
       st.floats(0, 300))  # fmt: skip
@settings(max_examples=15, deadline=None)
def test_slower_officials_never_warn_earlier(launch, fleet, name, more):
    civil = warning.Civil()
    slower = replace(civil, **{name: getattr(civil, name) + more})
    quick, slow = (warning.study(launch, fleet, civil=c, step_s=STEP_S) for c in (civil, slower))
    for policy in POLICIES:
        np.testing.assert_allclose(slow.alert_s[policy] - quick.alert_s[policy], np.where(
            np.isnan(quick.alert_s[policy]), np.nan, more), atol=1e-9)  # fmt: skip


@given(launches(), fleets())
@settings(max_examples=20, deadline=None)
def test_an_ellipse_only_shrinks_and_never_comes_before_three_looks(launch, fleet):
    found = warning.study(launch, fleet, step_s=STEP_S)
    for policy in POLICIES:
        delay = warning.delay_s(policy, found.delays)
        for row, country in enumerate(COUNTRIES):
            long = found.ellipse.long_km[policy][row]
            there = ~np.isnan(long)
            assert (np.diff(long[there]) <= 1e-6 * long[there][:-1]).all()
            _, looks = found.knowledge.at(found.ellipse.time_s, delay[:, row])
            assert (there == (looks >= 3)).all(), country
            assert (found.ellipse.time_s[there] > found.path.burn_s).all()


def test_a_country_without_sensors_knows_only_what_it_is_told():
    korea = warning.sensors().of("KOR")
    found = warning.study(warning.launch("F055"), korea)
    japan = COUNTRIES.index("JPN")
    assert not found.seen[japan].any()
    assert np.isnan(found.first_known_s["nothing"][japan])
    assert found.intervals("JPN", "nothing") == warning.Ribbon((), ())
    told = found.intervals("JPN", "real-time").shared
    seen = found.intervals("KOR", "real-time").seen
    extra = found.delays.own_s + found.delays.real_time_s
    assert told[0][0] >= seen[0][0] + extra
    assert found.first_known_s["hub"][japan] - found.first_known_s["real-time"][japan] == (
        found.delays.hub_s + found.delays.release_s - found.delays.real_time_s
    )


def test_delays_by_policy_are_the_sum_of_their_parts():
    late_by = warning.Delays(1, 2, 4, 8, 16, 32, 64, 128)
    kor, jpn, usa = range(3)
    nothing, after, hub, direct = (warning.delay_s(policy, late_by) for policy in POLICIES)
    assert (np.diag(nothing) == 7).all()
    assert np.isinf(nothing[kor, jpn])
    np.testing.assert_array_equal(after, nothing)
    assert (hub[kor, jpn], hub[usa, jpn], hub[kor, usa]) == (7 + 48, 7 + 8, 7 + 8)
    assert direct[kor, jpn] == 7 + 48, "the quickest open way counts"
    quick = warning.delay_s("real-time", replace(late_by, real_time_s=3))
    assert (quick[kor, jpn], quick[usa, jpn]) == (10, 10)
    assert sharing.known_after_s("after", late_by, 1000) == 1128


@pytest.mark.parametrize("name", [*DELAYS, "after_s"])
@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf"), 1e6, "soon"])
def test_impossible_delays_are_refused(name, value):
    with pytest.raises(WarningModelError, match=f"delay {name} is .*"):
        warning.Delays(**{name: value})


def test_a_negative_delay_says_what_is_possible():
    with pytest.raises(WarningModelError, match="hub_s is -5 s; possible is 0 to 86,400 s"):
        warning.Delays(hub_s=-5)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"confirm_s": -1}, "confirm_s is -1 s"),
        ({"ellipse_km": 0}, "ellipse to wait for is 0 km; possible is more than 0"),
        ({"danger_km": float("nan")}, "danger around an ellipse is nan"),
    ],
)
def test_impossible_civil_settings_are_refused(values, message):
    with pytest.raises(WarningModelError, match=message):
        warning.Civil(**values)


def test_an_unknown_policy_gets_a_suggestion():
    with pytest.raises(WarningModelError, match=r"'realtime'\. Did you mean 'real-time'"):
        warning.delay_s("realtime", warning.Delays())


def test_default_alerts_come_as_quickly_as_the_real_ones():
    # Three to seven minutes from launch to alert in the correct alerts of the record.
    real = [row["warning_min"] for row in tables.records("alerts") if row["outcome"] == "correct"]
    found = warning.study(warning.launch("F016"))
    minutes = found.alert_s["hub"][COUNTRIES.index("JPN")] / 60
    known = [minute for minute in real if minute is not None]
    assert min(known) <= np.ceil(minutes) <= max(known) + 1


def test_a_flagged_path_has_looks_but_no_ellipse_and_says_so():
    found = warning.study(warning.launch("F020"))
    assert found.looks.visible.any()
    assert all(np.isnan(long).all() for long in found.ellipse.long_km.values())
    assert found.ellipse.outline("real-time", "JPN", 200) is None
    assert any("pulled up" in text for text in found.banners)
    waiting = warning.study(warning.launch("F020"), civil=warning.Civil(ellipse_km=50))
    assert np.isnan(waiting.alert_s["real-time"]).all()
    bars = warning.city_warnings(warning.launch("F020"), civil=warning.Civil(ellipse_km=50))
    assert "There is no ellipse" in bars.reason[0]


def test_an_outline_has_the_axes_of_its_ellipse():
    from kit.warning.earth import distance_and_bearing

    found = warning.study(warning.launch("F055")).ellipse
    at = len(found.time_s) - 1
    lats, lons = found.outline("real-time", "JPN", float(found.time_s[at]), factor=10)
    far = [distance_and_bearing(found.lat_deg, found.lon_deg, a, b)[0]
           for a, b in zip(lats, lons, strict=True)]  # fmt: skip
    assert max(far) == pytest.approx(10 * found.long_km["real-time"][1, at], rel=1e-6)
    assert min(far) == pytest.approx(10 * found.short_km["real-time"][1, at], rel=0.02)
    assert (lats[0], lons[0]) == pytest.approx((lats[-1], lons[-1]))
    assert found.outline("real-time", "JPN", 10.0) is None


def test_ribbons_cover_what_is_seen_and_told():
    found = warning.study(warning.launch("F075"))
    for policy in POLICIES:
        for row, country in enumerate(COUNTRIES):
            ribbon = found.intervals(country, policy)
            seen = sum(b - a for a, b in ribbon.seen)
            assert seen == pytest.approx(found.seen[row].sum(), abs=1.5)
            spans = sorted([*ribbon.seen, *ribbon.shared])
            assert all(b <= c for (_, b), (c, _) in pairwise(spans))


def test_city_bars_are_the_flight_time_less_the_alert():
    launch, fleet = warning.launch("F055"), warning.sensors().switched_on()
    bars = warning.city_warnings(launch)
    for place, city in enumerate(bars.ids):
        user = COUNTRIES.index(bars.countries[place])
        alone = warning.study(warning.aim(launch, city), fleet)
        assert bars.flight_s[place] == pytest.approx(alone.path.flight_time_s, abs=1e-6)
        for policy in POLICIES:
            wanted = alone.path.flight_time_s - alone.alert_s[policy][user]
            assert bars.warning_s[policy][place] == pytest.approx(wanted, abs=1e-6)
    assert set(bars.reason) == {""}


def test_following_a_flight_in_parts_decides_as_following_it_whole(monkeypatch):
    launch = warning.launch("F044")
    civil = warning.Civil(ellipse_km=8.0)
    parts = warning.city_warnings(launch, civil=civil)
    monkeypatch.setattr(civil_warning, "WINDOWS_S", (np.inf,))
    whole = warning.city_warnings(launch, civil=civil)
    for policy in POLICIES:
        np.testing.assert_allclose(parts.warning_s[policy], whole.warning_s[policy])


def test_a_city_out_of_reach_says_so_and_the_others_have_their_seconds():
    bars = warning.city_warnings(warning.launch("F021"))
    reached = ~np.isnan(bars.flight_s)
    assert reached[0]
    assert not reached[-1]
    assert "out of reach" in bars.reason[-1]


def test_passages_are_the_nearest_moments_of_the_flight_as_flown():
    found = warning.study(warning.launch("F055"))
    near = found.passages
    sapporo = near.ids.index("sapporo")
    assert 50 < near.nearest_km[sapporo] < 150
    assert 6 < near.nearest_s[sapporo] / 60 < 8
    alert = found.alert_s["hub"][1]
    assert near.warning_s["hub"][sapporo] == near.nearest_s[sapporo] - alert


def test_waiting_for_a_smaller_ellipse_warns_later_and_fewer():
    found = warning.trade(warning.launch("F055"), "tokyo", "real-time", [5, 200, 50, 1e-4])
    np.testing.assert_array_equal(found.threshold_km, [np.inf, 200, 50, 5, 1e-4])
    seconds, areas = found.warning_s[:4], found.warned_km2[:4]
    assert (np.diff(seconds) <= 0).all()
    assert seconds[-1] < seconds[0]
    assert np.isnan(areas[0])
    assert (np.diff(areas[1:]) < 0).all()
    assert len(found.in_vain[0]) > 0
    assert all(set(b) <= set(a) for a, b in pairwise(found.in_vain))
    assert np.isnan(found.warning_s[-1]), "so sure nobody ever is"
    with pytest.raises(WarningModelError, match="no ellipse for KN-23"):
        warning.trade(warning.launch("F020"), "seoul", "hub", [10])
    with pytest.raises(WarningModelError, match="ellipse to wait for is -1 km"):
        warning.trade(warning.launch("F055"), "seoul", "hub", [-1])


def test_one_bad_city_is_reported():
    good, bad = tables.records("places")[:2]
    found = records.read_cities([{**bad, "lat_deg": float("nan")}, good, {**bad, "country": "X"}])
    assert list(found.items) == [good["place_id"]]
    assert [p.line for p in found.problems] == [2, 4]
    assert "latitude is nan" in found.problems[0].cause
    assert "no warning by 'X'" in found.problems[1].cause


# ------------------------------------------------------------------ numbers for scenarios


def test_a_modeled_number_has_its_range_its_call_and_what_was_varied():
    gain = warning.modelled("warning_gain", target="tokyo", flight="F075", from_="hub",
                            to="real-time")  # fmt: skip
    assert 0 < gain.low < gain.base < gain.high
    assert gain.unit == "s"
    assert gain.ranges["hub_s"] == (60.0, 150.0, 240.0)
    assert "not equipment data" in gain.note
    assert eval(gain.call, {"warning": warning}) is gain, "the call is exact, and cached"


def test_the_base_is_what_a_study_gives():
    flight = warning.aim(warning.launch("F055"), "tokyo")
    found = warning.study(flight)
    gain = warning.modelled("warning_gain", target="tokyo", flight="F055", from_="nothing",
                            to="real-time")  # fmt: skip
    assert gain.base == found.alert_s["nothing"][1] - found.alert_s["real-time"][1]
    time = warning.modelled("warning_time", target="tokyo", flight="F055", policy="hub")
    assert time.base == pytest.approx(found.path.flight_time_s - found.alert_s["hub"][1])
    track = warning.modelled("track_gain", country="JPN", flight="F055", from_="hub",
                             to="real-time")  # fmt: skip
    flown = warning.study(warning.launch("F055"))
    assert track.base == flown.track_s["hub"][1] - flown.track_s["real-time"][1]


def test_the_base_ranges_are_the_default_settings():
    from kit.warning.modelled import RANGES

    defaults = {
        **vars_of(warning.Delays()),
        **vars_of(warning.Civil()),
        **vars_of(warning.Sight()),
    }
    assert {name: defaults[name] for name in RANGES} == {n: r[1] for n, r in RANGES.items()}
    assert all(low < base < high for low, base, high in RANGES.values())


def vars_of(settings_):
    return {name: getattr(settings_, name) for name in settings_.__slots__}


def test_from_may_be_written_as_in_a_scenario():
    words = {"target": "tokyo", "flight": "F075", "to": "real-time"}
    one = warning.modelled("warning_gain", **{"from": "hub"}, **words)
    assert one is warning.modelled("warning_gain", from_="hub", **words)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        ("warning_gian", {}, "Did you mean 'warning_gain'"),
        ("warning_gain", {"target": "tokyo"}, "'flight' is missing"),
        ("warning_time", {"targte": "tokyo"}, "no argument 'targte'. Did you mean 'target'"),
        ("warning_time", {"target": "x", "flight": "F075", "policy": "hub"}, "no city 'x'"),
        ("warning_time", {"target": "tokyo", "flight": "F1", "policy": "hub"}, "no flight 'F1'"),
        ("warning_time", {"target": "tokyo", "flight": "F075", "policy": "x"}, "no way of"),
        ("warning_time", {"target": "guam", "flight": "F021", "policy": "hub"}, "out of reach"),
        ("track_gain", {"country": "JAP", "flight": "F075", "from": "hub", "to": "hub"},
         "no country 'JAP'. Did you mean 'JPN'"),
        ("track_gain", {"country": "JPN", "flight": "F042", "from": "nothing", "to": "hub"},
         "has no number"),
    ],
)  # fmt: skip
def test_wrong_calls_of_models_are_refused(function, arguments, message):
    with pytest.raises(WarningModelError, match=message):
        warning.modelled(function, **arguments)


# ------------------------------------------------------------------ the package as a whole


def test_every_result_says_what_it_is():
    assert "no equipment performance data" in warning.NOTICE
    assert "no equipment performance data" in " ".join(warning.__doc__.split())
    assert warning.study(warning.launch("F055")).notice == warning.NOTICE


def test_the_public_names_are_there_and_sorted():
    assert all(hasattr(warning, name) for name in warning.__all__)
    assert sorted(warning.__all__, key=lambda n: (not n.isupper(), not n[0].isupper(), n)) == (
        warning.__all__
    )
