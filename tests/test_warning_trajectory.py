"""Paths of the warning model: closed forms, where they end, what they refuse."""

from __future__ import annotations

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import tables, warning
from kit.errors import KitError, WarningModelError
from kit.warning import earth, orbit, records, tracking, trajectory
from kit.warning.flight import timings

SUNAN = (39.20, 125.67)
shares = st.floats(0.5, 4.0)
ranges = st.floats(100.0, 6000.0)
azimuths = st.floats(0.0, 360.0)


def launch(range_km=1000.0, apogee_km=400.0, azimuth_deg=80.0, **more):
    return warning.Launch("a launch", *SUNAN, range_km, apogee_km, azimuth_deg, **more)


@st.composite
def launches(draw):
    distance = draw(ranges)
    apogee = draw(shares) * float(warning.minimum_energy_apogee_km(distance))
    return launch(distance, apogee, draw(azimuths))


@given(launches())
@settings(max_examples=40, deadline=None)
def test_a_path_starts_at_the_pad_reaches_its_apogee_and_ends_at_its_range(given_launch):
    path = warning.fly(given_launch)
    assert path.height_km[0] == pytest.approx(0, abs=1e-6)
    assert path.position_km[0] == pytest.approx(earth.positions_km(*SUNAN), abs=1e-6)
    falls = np.diff(path.height_km).min() * 1.01
    assert path.height_km.max() == pytest.approx(given_launch.apogee_km, abs=0.01 + -falls * 0.05)
    assert path.height_km[-1] <= 0.02 - falls, "less than a step is left"
    end = earth.positions_km(path.impact_lat_deg, path.impact_lon_deg)
    last = path.flight_time_s - path.half_burn_s
    place = earth.turned(path.arc.positions_km(np.array([last])), -earth.OMEGA_RAD_S * last)[0]
    assert place == pytest.approx(end, abs=1e-3)
    line = Geodesic.WGS84.Inverse(*SUNAN, path.impact_lat_deg, path.impact_lon_deg)
    assert line["s12"] / 1e3 == pytest.approx(given_launch.range_km, abs=1e-3)


@given(launches())
@settings(max_examples=40, deadline=None)
def test_a_path_is_smooth_and_its_free_part_keeps_its_energy(given_launch):
    path = warning.fly(given_launch)
    free = path.time_s[~path.burning] - path.half_burn_s
    place, motion = path.arc.positions_km(free), path.arc.velocities_km_s(free)
    energy = (motion**2).sum(axis=1) / 2 - earth.MU_KM3_S2 / np.linalg.norm(place, axis=1)
    assert np.ptp(energy) < 1e-9 * np.abs(energy).max()
    steps = np.linalg.norm(np.diff(path.position_km, axis=0), axis=1)
    assert steps.max() < 1.1 * path.speed_km_s + 0.5, "it jumps"


@given(st.lists(st.tuples(ranges, shares, azimuths), min_size=1, max_size=6), st.booleans())
@settings(max_examples=30, deadline=None)
def test_flight_times_broadcast_and_agree_with_one_at_a_time(rows, directed):
    distance, share, azimuth = (np.array(column) for column in zip(*rows, strict=True))
    apogee = share * warning.minimum_energy_apogee_km(distance)
    way = azimuth if directed else None
    together = warning.flight_time_s(distance, apogee, *SUNAN, way)
    assert together.shape == distance.shape
    for i, time in enumerate(together):
        alone = warning.flight_time_s(distance[i], apogee[i], *SUNAN, azimuth[i] if directed
                                      else None)  # fmt: skip
        assert time == pytest.approx(float(alone), abs=1e-5)


def test_flight_times_broadcast_over_two_axes():
    apogee = np.array([[300.0], [900.0]])
    times = warning.flight_time_s(np.array([800.0, 1000.0, 1200.0]), apogee, *SUNAN, 90.0)
    assert times.shape == (2, 3)
    assert (times[1] > times[0]).all()
    assert (np.diff(times, axis=1) > 0).all()


def test_the_turning_earth_lengthens_flights_to_the_east_and_shortens_those_to_the_west():
    still = float(warning.flight_time_s(3000, 700, *SUNAN))
    assert float(warning.flight_time_s(3000, 700, *SUNAN, 90)) > still
    assert float(warning.flight_time_s(3000, 700, *SUNAN, 270)) < still
    assert float(warning.flight_time_s(3000, 700, *SUNAN, 90, rotation=False)) == still


def test_without_a_direction_the_assumption_is_said_and_no_track_is_drawn():
    aimless = launch(azimuth_deg=None)
    assert trajectory.NO_DIRECTION in aimless.assumptions
    with pytest.raises(WarningModelError, match=r"no direction.*azimuth_deg"):
        warning.fly(aimless)


def test_a_time_found_before_can_be_handed_on():
    both = [launch(), launch(2000.0, 500.0)]
    for one, found in zip(both, timings(both), strict=True):
        again = warning.fly(one, found=found)
        assert again.flight_time_s == pytest.approx(warning.fly(one).flight_time_s, abs=1e-6)


@given(st.floats(0.0, 0.999), st.lists(st.floats(-np.pi, np.pi), min_size=1, max_size=20))
def test_kepler_is_solved_for_every_ellipse(eccentricity, anomalies):
    wanted = np.array(anomalies)
    found = orbit.anomalies_rad(wanted + eccentricity * np.sin(wanted), eccentricity)
    np.testing.assert_allclose(
        found + eccentricity * np.sin(found), wanted + eccentricity * np.sin(wanted), atol=1e-9
    )


def test_the_steep_path_on_which_a_bare_newton_step_diverged():
    path = warning.fly(warning.launch("F069"))
    assert path.launch.apogee_km == 6045
    assert path.height_km.max() == pytest.approx(6045, abs=0.01)
    assert np.diff(np.sign(np.diff(path.height_km[path.time_s > path.burn_s]))).sum() == -2


@given(st.floats(0.05, 2.5), st.floats(0.2, 3.0))
def test_the_closed_form_and_the_free_flight_equations_agree(psi, share):
    apogee = share * orbit.minimum_energy(psi)[0]
    found = orbit.fit(psi, apogee)
    back = orbit.range_angle_rad(earth.RADIUS_KM, found.speed, found.angle_rad)
    assert float(back) == pytest.approx(psi, rel=1e-5)
    top = orbit.apogee_of(earth.RADIUS_KM, found.speed, found.angle_rad)
    assert float(top) == pytest.approx(float(apogee), rel=1e-5)
    low, high = orbit.burnout_angles_rad(
        orbit.energy_ratio(earth.RADIUS_KM, found.speed), psi)  # fmt: skip
    nearest = min(abs(low - found.angle_rad), abs(high - found.angle_rad))
    assert nearest < 1e-3
    assert found.speed >= orbit.minimum_energy(psi)[1] * (1 - 1e-12)


@pytest.mark.parametrize(
    ("share", "word"), [(0.5, "depressed"), (1.0, "near minimum energy"), (1.5, "lofted")]
)
def test_paths_are_classified_by_the_path_of_least_energy(share, word):
    apogee = share * float(warning.minimum_energy_apogee_km(1000))
    assert launch(1000, apogee).shape == word


def test_the_transition_matrix_is_that_of_the_ellipse():
    path = warning.fly(launch(2000.0, 900.0))
    start_s = path.half_burn_s
    end = np.array([path.flight_time_s])
    place = path.arc.positions_km(np.array([start_s]))[0]
    motion = path.arc.velocities_km_s(np.array([start_s]))[0]

    def fall(state):
        # Classical fourth-order Runge-Kutta, which knows no ellipse.
        def rate(x):
            return np.concatenate([x[3:], -earth.MU_KM3_S2 * x[:3] / np.linalg.norm(x[:3]) ** 3])

        step = (float(end[0]) - 2 * start_s) / 4000
        for _ in range(4000):
            a = rate(state)
            b = rate(state + step / 2 * a)
            c = rate(state + step / 2 * b)
            d = rate(state + step * c)
            state = state + step / 6 * (a + 2 * b + 2 * c + d)
        return state[:3]

    state = np.concatenate([place, motion])
    turn = -earth.OMEGA_RAD_S * (float(end[0]) - start_s)
    for column, step in ((0, 1e-2), (4, 1e-5)):
        shift = np.eye(6)[column] * step
        slope = (fall(state + shift) - fall(state - shift)) / (2 * step)
        matrix = tracking.transitions(path, end)[0][:, column]
        np.testing.assert_allclose(earth.turned(slope, turn), matrix, rtol=1e-5, atol=1e-4)


def test_geodesics_of_both_libraries_agree():
    lat, lon = earth.destination([39.2, 10.0], [125.67, 170.0], [90.0, 60.0], [1000.0, 4000.0])
    for i, (start, way, far) in enumerate([(SUNAN, 90.0, 1000.0), ((10.0, 170.0), 60.0, 4000.0)]):
        one = earth.destination(*start, way, far)
        assert (lat[i], lon[i]) == pytest.approx((float(one[0]), float(one[1])), abs=1e-8)


BAD = [
    ((0.0, 100.0, 90.0), "range is 0 km; possible is more than 0"),
    ((-5.0, 100.0, 90.0), "range is -5 km"),
    ((20015.0, 500.0, 90.0), "range is 20015 km.*at most 19,500 km.*antipode"),
    ((float("nan"), 100.0, 90.0), "range is nan"),
    ((float("inf"), 100.0, 90.0), "range is inf"),
    ((1000.0, 5.0, 90.0), r"apogee is 5 km; possible is 24 to 20,000 km"),
    ((1000.0, 0.0, 90.0), "apogee is 0 km"),
    ((1000.0, float("nan"), 90.0), "apogee is nan"),
    ((1000.0, 90000.0, 90.0), "apogee is 90000 km"),
    ((1000.0, 100.0, 999.0), "direction is 999 deg; possible is -360 to 360 deg"),
    ((1000.0, 100.0, float("nan")), "direction is nan"),
    (("far", 100.0, 90.0), "range is 'far'; it must be a number"),
]


@pytest.mark.parametrize(("given_values", "message"), BAD)
def test_impossible_launches_are_refused_with_the_value_and_what_is_possible(
    given_values, message
):
    with pytest.raises(WarningModelError, match=message) as caught:
        launch(*given_values)
    assert isinstance(caught.value, KitError)


def test_one_bad_value_among_many_is_named():
    with pytest.raises(WarningModelError, match="range is -1 km"):
        warning.flight_time_s([1000.0, -1.0, 2000.0], 300.0, *SUNAN, 90.0)
    with pytest.raises(WarningModelError, match="latitude is 95 deg"):
        warning.flight_time_s(1000.0, 300.0, [39.0, 95.0], 125.0)


@pytest.mark.parametrize("step", [0.0, -1.0, float("nan"), 1e-9, 1e9])
def test_impossible_time_steps_are_refused(step):
    with pytest.raises(WarningModelError, match="time step is"):
        warning.fly(launch(), step)


def test_what_an_ellipse_cannot_describe_is_flagged_with_the_reason():
    flat = launch(850.0, 50.0)
    assert any("850 km" in flag and "pull up" in flag for flag in flat.flags)
    glider = launch(dynamics="glide")
    assert glider.flags == (trajectory.UNTRUSTED["glide"],)
    assert launch().flags == ()


@pytest.mark.parametrize(
    "flight", [r for r in tables.records("flights")], ids=lambda row: row["flight_id"]
)
def test_every_flight_of_the_table_is_computed_flagged_or_refused_as_it_should_be(flight):
    if flight["dynamics"] == "slv":
        with pytest.raises(WarningModelError, match="satellite launcher"):
            warning.launch(flight["flight_id"])
        return
    found = warning.launch(flight["flight_id"])
    assert bool(found.flags) >= (flight["dynamics"] in ("quasi-ballistic", "glide", "failed"))
    if flight["flight_time_check"] == "yes":
        assert not found.flags
    if flight["flight_time_check"] == "negative-control":
        assert len(found.flags) == 2


def test_the_reporter_with_both_figures_is_used_and_said():
    assert warning.launch("F075").assumptions == ("Range and apogee as published by KCNA.",)
    assumed = warning.launch("F004")
    assert assumed.apogee_km == pytest.approx(float(warning.minimum_energy_apogee_km(1000)))
    assert any("least energy" in text for text in assumed.assumptions)
    assert any("'420; 270'" in text for text in warning.launch("F019").assumptions)


def test_one_bad_row_of_flights_is_reported_and_the_others_stay():
    rows = list(tables.records("flights")[1:6])
    rows[1] = {**rows[1], "launch_lat_deg": float("nan")}
    rows[3] = {"flight_id": "F900"}
    found = records.read_launches(rows)
    assert list(found.items) == [rows[i]["flight_id"] for i in (0, 2, 4)]
    nan, short = found.problems
    assert (nan.file, nan.line) == ("flights.csv", 3)
    assert "latitude is nan" in nan.cause
    assert "'F900' is left out" in short.cause


def test_an_unknown_flight_gets_a_suggestion():
    with pytest.raises(WarningModelError, match=r"no flight 'F75'.*Did you mean"):
        warning.launch("F75")


def test_aiming_keeps_pad_and_apogee_and_hits_the_city():
    aimed = warning.aim(warning.launch("F075"), "tokyo")
    path = warning.fly(aimed)
    at = warning.cities().at("tokyo")
    place = warning.cities().lat_deg[at], warning.cities().lon_deg[at]
    far, _ = earth.distance_and_bearing(path.impact_lat_deg, path.impact_lon_deg, *place)
    assert far < 0.1
    assert (aimed.lat_deg, aimed.lon_deg) == (39.11, 126.00)
    assert path.speed_km_s == pytest.approx(warning.fly(warning.launch("F075")).speed_km_s, 0.02)


def test_a_city_out_of_reach_and_an_unknown_one_are_refused():
    with pytest.raises(WarningModelError, match=r"Guam is 3,\d+ km away .* out of reach"):
        warning.aim(warning.launch("F021"), "guam")
    with pytest.raises(WarningModelError, match=r"no city 'tokio'\. Did you mean 'tokyo'"):
        warning.aim(warning.launch("F075"), "tokio")
