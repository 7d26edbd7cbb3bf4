"""What sensors of the warning model see: horizon, sector, range, looks, infrared."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import tables, warning
from kit.errors import WarningModelError
from kit.warning import detection, earth, horizon, stations

RULES = list(warning.REFRACTION)
rules = st.sampled_from(RULES)
heights, masks = st.floats(0.0, 12.0), st.sampled_from([0.0, 1.0, 2.0, 3.0, 5.0, 10.0])
distances = st.floats(0.0, 5000.0)
FLIGHTS = ("F055", "F020", "F008")


@pytest.fixture(scope="module")
def paths():
    return {flight: warning.fly(warning.launch(flight)) for flight in FLIGHTS}


def rows(**changes):
    """The rows of the Sado radar, with changes to either table."""
    (sensor,) = (r for r in tables.records("sensors") if r["sensor_id"] == "JPN-FPS5-SAD")
    (station,) = (
        r for r in tables.records("warning_stations") if r["sensor_id"] == "JPN-FPS5-SAD"
    )
    mine = {k: v for k, v in changes.items() if k in sensor}
    theirs = {k: v for k, v in changes.items() if k in station}
    assert len(mine) + len(theirs) == len(changes)
    return {**sensor, **mine}, {**station, **theirs}


def sado(**changes):
    sensor, station = rows(**changes)
    found = stations.read_sensors([sensor], [station])
    assert not found.problems
    return found


@given(distances, heights, heights, masks, rules)
@settings(max_examples=80, deadline=None)
def test_a_higher_radar_never_has_a_higher_floor(distance, one, other, mask, rule):
    low, high = sorted([one, other])
    below = warning.floor_km(distance, low, mask, rule)
    assert warning.floor_km(distance, high, mask, rule) <= below + 1e-9


@given(distances, distances, masks, masks, rules)
@settings(max_examples=80, deadline=None)
def test_the_floor_rises_with_distance_and_with_the_mask(one, other, mask, more, rule):
    (near, far), (low, high) = sorted([one, other]), sorted([mask, more])
    assert warning.floor_km(near, 0, low, rule) <= warning.floor_km(far, 0, low, rule) + 1e-9
    assert warning.floor_km(far, 0, low, rule) <= warning.floor_km(far, 0, high, rule) + 1e-6


def test_the_horizon_table_of_the_note():
    found = {rule: warning.floor_km([400, 600, 1000, 1400], refraction=rule) for rule in RULES}
    np.testing.assert_allclose(found["none"], [12.6, 28.4, 79, 157], atol=0.5)
    np.testing.assert_allclose(found["four-thirds"], [9.4, 21.2, 59, 117], atol=0.5)
    np.testing.assert_allclose(found["ray-traced"], [9.6, 22.8, 68, 140], atol=0.5)


def test_a_straight_ray_is_the_closed_form():
    distance = np.linspace(1, 3000, 200)
    angle, mask = distance / earth.RADIUS_KM, np.radians(3)
    wanted = earth.RADIUS_KM * (np.cos(mask) / np.cos(mask + angle) - 1)
    found = warning.floor_km(distance, 0, 3.0, "none")
    np.testing.assert_allclose(found, wanted, rtol=2e-4, atol=2e-4)


def test_a_ray_without_air_is_straight(monkeypatch):
    monkeypatch.setattr(horizon, "SURFACE_N", 0.0)
    monkeypatch.setattr(horizon, "_table", horizon._table.__wrapped__)
    distance = np.linspace(50, 3000, 50)
    straight = warning.floor_km(distance, refraction="none")
    np.testing.assert_allclose(warning.floor_km(distance), straight, rtol=1e-3)


def test_a_mask_of_three_degrees_roughly_doubles_the_floor_at_1000_km():
    share = warning.floor_km(1000, 0, 3.0) / warning.floor_km(1000)
    assert 1.6 < share < 2.4


def test_the_mountain_radar_of_the_note():
    # Sado stands 955 km from the launch of 25 July 2019; the note gives 40.2 km with 4/3 Earth.
    path = warning.fly(warning.launch("F020"))
    place = sado()
    far, _ = earth.distance_and_bearing(
        float(place.lat_deg[0]), float(place.lon_deg[0]), path.launch.lat_deg, path.launch.lon_deg
    )
    assert warning.floor_km(far, 1.0, 0.0, "four-thirds") == pytest.approx(40.2, abs=0.6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: warning.floor_km(-1), "ground distance is -1 km; possible is 0 to 20,015 km"),
        (lambda: warning.floor_km(float("nan")), "ground distance is nan"),
        (lambda: warning.floor_km(100, -1), "height is -1 km"),
        (lambda: warning.floor_km(100, 0, 80), "mask is 80 deg; possible is 0 to 45 deg"),
        (lambda: warning.floor_km(100, refraction="4/3"), "no refraction '4/3'"),
        (lambda: warning.Sight(refraction="nne"), "Did you mean 'none'"),
        (lambda: warning.Sight(hits=4), "hits is 4 hits; possible is 1 to 3 hits"),
        (lambda: warning.Sight(looks=0), "looks is 0 looks"),
        (lambda: warning.Sight(cloud_top_km=-1), "clouds is -1 km"),
        (lambda: warning.Sight(infrared_delay_s=float("nan")), "infrared report is nan"),
        (lambda: warning.Sight(range_factor=0), "factor on ranges is 0 times"),
        (lambda: warning.cross_section_factor(0), "cross-section is 0 m2"),
    ],
)
def test_impossible_settings_are_refused(call, message):
    with pytest.raises(WarningModelError, match=message):
        call()


@given(st.sampled_from(FLIGHTS), heights, heights, masks, st.sampled_from([60, 120, 360]), rules)
@settings(max_examples=30, deadline=None)
def test_a_higher_radar_never_sees_less(paths, flight, one, other, mask, sector, rule):
    low, high = sorted([one, other])
    sight = warning.Sight(refraction=rule)
    # The range is too long to matter: with it, height would change the slant range as well.
    looks = [
        detection.look(paths[flight], sado(
            height_km=height, elevation_deg_min=mask, sector_deg_default=float(sector),
            range_km_default=5000.0), sight)
        for height in (low, high)
    ]  # fmt: skip
    assert not (looks[0].visible & ~looks[1].visible).any()
    assert not looks[1].first_s[0] > looks[0].first_s[0]


@given(st.sampled_from(FLIGHTS), st.floats(0.2, 2.0), st.floats(0.2, 2.0))
@settings(max_examples=20, deadline=None)
def test_a_longer_range_never_sees_less(paths, flight, one, other):
    short, long = sorted([one, other])
    every = warning.sensors()
    looks = [detection.look(paths[flight], every, warning.Sight(range_factor=factor))
             for factor in (short, long)]  # fmt: skip
    assert not (looks[0].visible & ~looks[1].visible).any()


def test_every_rule_of_sight_is_kept_one_by_one(paths):
    path, radar = paths["F055"], sado()
    looks = detection.look(path, radar, warning.Sight())
    lat, lon = float(radar.lat_deg[0]), float(radar.lon_deg[0])
    for step in range(0, len(path.time_s), 37):
        far, way = earth.distance_and_bearing(lat, lon, path.lat_deg[step], path.lon_deg[step])
        place = earth.positions_km(lat, lon, 1.0)
        slant = np.linalg.norm(path.position_km[step] - place)
        assert looks.distance_km[0, step] == pytest.approx(slant, rel=1e-9)
        off = abs((way - radar.facing_deg[0] + 180) % 360 - 180)
        floor = warning.floor_km(far, 1.0, float(radar.mask_deg[0]))
        margins = (radar.range_km[0] - slant, 60 - off, path.height_km[step] - floor)
        if min(map(abs, margins)) > 3:  # the sphere is not the ellipsoid
            assert looks.visible[0, step] == (min(margins) > 0), path.time_s[step]


def test_a_detection_takes_its_hits_in_its_looks(paths):
    path, radar = paths["F055"], sado()
    seen = path.time_s[detection.look(path, radar, warning.Sight()).visible[0]][0]
    revisit = float(radar.revisit_s[0])
    first_look = np.ceil(seen / revisit) * revisit
    for hits, looks in ((1, 1), (2, 3), (3, 3), (4, 6)):
        found = detection.look(path, radar, warning.Sight(hits=hits, looks=looks))
        assert found.first_s[0] == first_look + (hits - 1) * revisit


def test_looks_are_counted_over_a_gap(paths):
    # Two hits in three looks may be the first and the third.
    radar = sado(revisit_s_default=1.0)
    watching = detection.watch(radar, warning.Sight(hits=2, looks=3))
    path = paths["F020"]
    for seen, first in (([5, 7], 7.0), ([5, 8], np.nan), ([5, 8, 9], 9.0)):
        visible = np.zeros((1, len(path.time_s)), dtype=bool)
        visible[0, seen] = True
        hit, found = watching._reports(path, visible)
        np.testing.assert_equal(found, [first])
        assert np.flatnonzero(hit[0]).tolist() == seen


def test_infrared_sees_the_plume_from_the_clouds_to_burnout(paths):
    path = paths["F055"]
    satellite = warning.sensors().pick(["USA-IR-GEO"])
    looks = detection.look(path, satellite, warning.Sight())
    seen = path.time_s[looks.visible[0]]
    assert path.height_km[int(seen[0])] >= 7 > path.height_km[int(seen[0]) - 1]
    assert path.burn_s - 1 <= seen[-1] < path.burn_s
    assert looks.first_s[0] == np.ceil((seen[0] + 30) / 10) * 10
    assert not looks.hit.any(), "it gives no track"
    clouds = detection.look(path, satellite, warning.Sight(cloud_top_km=15))
    assert clouds.first_s[0] > looks.first_s[0]


def test_floors_follow_the_best_radar_of_each_country(paths):
    path = paths["F020"]
    watching = detection.watch(warning.sensors().switched_on(), warning.Sight())
    found = detection.floors(path, watching, warning.COUNTRIES)
    assert found.height_km.shape == (3, len(found.time_s))
    step = np.searchsorted(path.time_s, found.time_s)
    looks = watching.look(path)
    radar = ~watching.infrared
    for row, country in enumerate(warning.COUNTRIES):
        seen = looks.visible[watching.sensors.owned_by(country) & radar][:, step].any(axis=0)
        above = path.height_km[step] >= found.height_km[row]
        assert not (seen & ~above).any()
        assert (seen == above).mean() > 0.9  # the rest is beyond slant range
    # Each country sees the end that is its own: the shadow that was corrected afterwards.
    korea, japan = found.height_km[0], found.height_km[1]
    assert korea[20] < japan[20]
    assert korea[-2] > japan[-2]


def test_on_25_july_2019_two_radars_saw_one_end_each():
    path = warning.fly(warning.launch("F020"))
    two = warning.sensors().pick(["KOR-GP-B1", "JPN-FPS5-SAD"])
    korea, japan = detection.look(path, two, warning.Sight()).visible
    last_seen = path.downrange_km[korea].max()
    assert 380 < last_seen < 480, "some 430 km, as first announced"
    assert path.time_s[korea][0] < path.time_s[japan][0]
    assert path.time_s[japan][-1] > path.time_s[korea][-1]


def test_sensors_that_cannot_be_modeled_are_reported():
    found = warning.sensors()
    assert len(found) == 21
    assert {p.cause.split("'")[1] for p in found.problems} == {"KOR-GP-C2", "USA-OTH-PAL"}
    with pytest.raises(WarningModelError, match=r"KOR-GP-C2.*left out"):
        found.pick(["KOR-GP-C2"])
    with pytest.raises(WarningModelError, match="Did you mean 'KOR-GP-C1'"):
        found.pick(["KOR-GP-C9"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"range_km_default": None}, "has no range; a radar of the model needs one"),
        ({"range_km_default": 0.0}, "range is 0 km; possible is more than 0"),
        ({"range_km_default": float("nan")}, "range is nan"),
        ({"lat_deg": None}, "No place"),
        ({"height_km": -1.0}, "height is -1 km"),
        ({"facing_deg": None}, "no direction is given"),
        ({"revisit_s_default": 0.0}, "revisit time is 0 s"),
        ({"revisit_s_default": None}, "revisit time is"),
        ({"range_error_m_default": 0.0}, "range error is 0 m"),
        ({"angle_error_mrad_default": float("nan")}, "angle error is nan"),
        ({"elevation_deg_min": 60.0}, "least elevation is 60 deg; possible is 0 to 45 deg"),
    ],
)
def test_one_bad_sensor_is_reported_and_the_others_stay(changes, message):
    sensor, station = rows(**changes)
    good, of_good = rows()
    good, of_good = {**good, "sensor_id": "X-1"}, {**of_good, "sensor_id": "X-1"}
    found = stations.read_sensors([sensor, good], [station, of_good])
    assert found.ids == ("X-1",)
    (problem,) = found.problems
    assert (problem.file, problem.line) == ("sensors.csv", 2)
    assert message in problem.cause


def test_columns_of_sensors_can_be_cut():
    every = warning.sensors()
    japan = every.of("JPN")
    assert set(japan.owners) == {"JPN"}
    assert len(japan.lat_deg) == len(japan.ids) == len(japan)
    assert every.switched_on().on.all()
    assert replace(every).ids == every.ids


def test_heights_and_directions_are_those_the_sensors_tell():
    told = {row["sensor_id"]: row for row in tables.records("sensors")}
    directions = {"north": 0, "north-east": 45, "west": 270, "north-west": 315}
    compared = 0
    for station in tables.records("warning_stations"):
        sensor = told[station["sensor_id"]]
        said = re.search(r"assumed ([a-z-]+?)[ -]facing", sensor["sector_basis"] or "")
        if said:
            assert station["facing_deg"] == directions[said[1]], station
        height = re.search(r"height ([0-9.]+) km", sensor["assumptions"] or "")
        if height:
            assert station["height_km"] == pytest.approx(float(height[1]), abs=0.005), station
        compared += bool(said) + bool(height)
    assert compared == 15
