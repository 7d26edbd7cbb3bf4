"""The views of the warning model: what they draw, what they say, and the panel's answers."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kit
from kit import tables, warning
from kit.errors import DecisionError, WarningModelError
from kit.plots import map as maps
from kit.plots import (
    record,
    warning_alerts,
    warning_check,
    warning_cities,
    warning_labels,
    warning_map,
    warning_time,
)
from kit.plots.warning import COUNTRIES, POLICIES, clock, kilometers
from kit.widgets import warning_choices as choices
from kit.widgets.panel import HINT
from kit.widgets.warning_predict import GAINS, Prediction

FLIGHTS = ("F075", "F055", "F020")


@pytest.fixture(scope="module")
def studies():
    return {name: warning.study(warning.launch(name)) for name in FLIGHTS}


@pytest.fixture(scope="module")
def reaches(studies):
    return {name: warning_map.Reach.of(study) for name, study in studies.items()}


@pytest.fixture
def panel():
    made = kit.explore_warning(save=False)
    yield made
    made.close()


def send(panel, **message):
    panel._receive(panel, message, [])


def texts(picture):
    return record.picture_text(picture)


def whole(picture):
    """Check what every picture owes: JSON, one sentence, a cell for each column."""
    json.dumps(picture.figure, allow_nan=False)
    assert picture.summary.endswith(".")
    assert {len(row) for row in picture.rows} == {len(picture.columns)}
    assert all(isinstance(cell, str) for row in picture.rows for cell in row)


# --- the map -------------------------------------------------------------------------------------


def test_the_coast_is_whole_and_inside_the_region():
    rings = maps.rings()
    assert len(rings) > 100
    assert all(len(ring) > 2 for ring in rings)
    lons, lats = zip(*(point for ring in rings for point in ring), strict=True)
    assert 95 <= min(lons) <= max(lons) <= 180
    assert 5 <= min(lats) <= max(lats) <= 60
    rows = tables.records("coastline")
    assert [r["part"] for r in rows if r["ring"] == 1] == list(
        range(1, sum(r["ring"] == 1 for r in rows) + 1)
    )


def test_the_coast_runs_the_way_that_fills_land_and_not_the_sea():
    def area(ring):
        around = [*ring[1:], ring[0]]
        return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, around, strict=True))

    assert all(area(ring) < 0 for ring in maps.rings())


def test_cities_of_the_model_lie_at_or_in_a_ring_of_land():
    rings = maps.rings()
    for place in tables.records("places"):
        far = min(
            abs(lon - place["lon_deg"]) + abs(lat - place["lat_deg"])
            for ring in rings
            for lon, lat in ring
        )
        assert far < 1.0, place["name"]


def test_the_map_needs_no_network_and_names_the_sea_twice():
    layout = maps.layout()
    assert layout["geo"]["visible"] is False
    words = json.dumps(maps.base_traces())
    assert "Sea of Japan" in words
    assert "East Sea" in words
    for row in tables.records("places"):
        assert row["name"] in words


def test_lines_leave_a_gap_between_two_lines():
    found = maps.lines([[(1, 2), (3, 4)], [(5, 6)]])
    assert found == {"lon": [1, 3, None, 5], "lat": [2, 4, None, 6]}
    assert maps.lines([]) == {"lon": [], "lat": []}


def test_a_far_point_widens_the_window_and_a_near_one_does_not():
    assert maps.window([(130.0, 38.0)]) == maps.VIEW
    (_, east), (south, _) = maps.window([(178.0, 12.0)])
    assert east >= 178
    assert south <= 12


# --- one flight ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FLIGHTS)
@pytest.mark.parametrize("policy", POLICIES)
def test_every_view_of_a_flight_is_whole(studies, reaches, name, policy):
    study = studies[name]
    for time in (0.0, 70.0, study.path.flight_time_s):
        whole(warning_map.flight_map(study, reaches[name], time, policy))
    for all_of_it in (False, True):
        whole(warning_time.over_time(study, policy, 60.0, all_of_it))


@pytest.mark.parametrize("name", FLIGHTS)
def test_a_moment_fills_the_traces_in_their_order(studies, reaches, name):
    study = studies[name]
    patch = warning_map.moment(study, reaches[name], 100.0, "real-time")["traces"]
    drawn = warning_map.flight_map(study, reaches[name], 100.0, "real-time").figure["data"]
    assert len(drawn) == len(patch) + 1  # launch and impact stay where they are
    for trace, positions in zip(drawn, patch.values(), strict=False):
        assert {key: trace[key] for key in positions} == positions


@pytest.mark.parametrize("name", FLIGHTS)
def test_the_map_marks_those_and_only_those_who_see(studies, reaches, name):
    study = studies[name]
    for time in (20.0, 60.0, 90.0, 250.0):
        now = warning_map.at(study, time)
        patch = warning_map.moment(study, reaches[name], time, "nothing")["traces"]
        for place, country in enumerate(COUNTRIES):
            radars = study.sensors.owned_by(country) & ~study.sensors.infrared
            seeing = int((study.looks.visible[:, now] & radars).sum())
            assert len(patch[f"seeing {country}"]["lon"]) == seeing
            assert len(patch[f"blind {country}"]["lon"]) == int(radars.sum()) - seeing
            rows = warning_map.rows(study, time, "nothing")
            assert rows[place][1].startswith(
                str(int((study.looks.visible[:, now] & study.sensors.owned_by(country)).sum()))
            )


@settings(max_examples=25, deadline=None)
@given(low=st.floats(0, 1500), more=st.floats(0, 500))
def test_only_its_range_stops_a_radar_from_seeing_a_higher_missile_farther_out(low, more):
    study = warning.study(warning.launch("F055"))
    reach = warning_map.Reach.of(study)
    far = replace(reach, range_km=reach.range_km * 1000)
    assert (far.radius_km(low + more) >= far.radius_km(low)).all()
    assert (reach.radius_km(low) <= far.radius_km(low)).all()
    assert (reach.radius_km(low)[reach.range_km < low - 1] == 0).all()


def test_coverage_agrees_with_who_sees(studies, reaches):
    """A missile inside the outline of a radar is seen by it, one far outside is not."""
    study, reach = studies["F055"], reaches["F055"]
    for time in (60, 100, 150, 200):
        now = warning_map.at(study, time)
        radius = reach.radius_km(float(study.path.height_km[now]))
        for row, key in enumerate(reach.sensors.ids):
            if reach.sensors.sector_deg[row] < 360:
                continue
            far, _ = warning.earth.distance_and_bearing(
                float(reach.sensors.lat_deg[row]), float(reach.sensors.lon_deg[row]),
                float(study.path.lat_deg[now]), float(study.path.lon_deg[now]),
            )  # fmt: skip
            if abs(far - radius[row]) > 25:
                visible = study.looks.visible[study.sensors.ids.index(key), now]
                assert bool(visible) is bool(far < radius[row]), (key, time)


def test_the_summary_says_who_sees_and_who_only_knows(studies):
    study = studies["F075"]
    said = warning_map.summary(study, 60.0, "real-time")
    assert said.startswith("1 min after launch the missile is 46 km high")
    assert "South Korea and United States see it" in said
    assert "Japan knows of it from others" in said
    assert "knows" not in warning_map.summary(study, 60.0, "nothing")
    assert "nobody sees it" in warning_map.summary(study, 0.0, "real-time")


def test_sharing_fills_the_ribbon_of_the_one_who_is_blind(studies):
    study = studies["F020"]
    alone = warning_time.over_time(study, "nothing", 0.0).rows
    shared = warning_time.over_time(study, "real-time", 0.0).rows
    assert [row[2] for row in alone] == ["never"] * 3
    assert "never" not in [row[2] for row in shared]


def test_a_doubtful_path_has_no_area_and_says_so(studies):
    picture = warning_time.over_time(studies["F020"], "real-time", 0.0)
    assert "No area: this path is no free flight." in json.dumps(picture.figure)
    assert {row[-1] for row in picture.rows} == {"none"}


@pytest.mark.parametrize("name", FLIGHTS)
@pytest.mark.parametrize("until", [420.0, 9000.0])
def test_every_line_has_its_name_inside_the_picture(studies, name, until):
    found = warning_labels.names(studies[name], until)
    assert [note["text"] for note in found] == [
        "South Korean line", "Japanese line", "American line", "The missile",
    ]  # fmt: skip
    assert all(0 < note["x"] * 60 < studies[name].path.flight_time_s for note in found)
    spots = {(round(note["x"], 2), round(note["y"], 1)) for note in found}
    assert len(spots) == len(found)


def test_a_long_flight_opens_on_its_first_minutes(studies):
    assert warning_time.span(studies["F075"], False)[1] < 8
    assert warning_time.span(studies["F075"], True)[1] > 74
    assert warning_time.span(studies["F020"], False) == warning_time.span(studies["F020"], True)


# --- cities, trade, alerts, check ----------------------------------------------------------------


@pytest.mark.parametrize("name", FLIGHTS)
def test_bars_of_cities_hold_what_the_model_says(studies, name):
    study = studies[name]
    picture = warning_cities.cities(study)
    whole(picture)
    found = study.cities_aimed
    for place, row in enumerate(picture.rows):
        for column, policy in enumerate(POLICIES, 2):
            seconds = found.warning_s[policy][place]
            assert row[column] == (f"{seconds:.0f} s" if np.isfinite(seconds) else "none")
        assert bool(row[-1]) is not bool(np.isfinite(found.flight_s[place]))
    assert (np.nan_to_num(warning_cities.gain(found, "real-time")) >= 0).all()


def test_waiting_for_a_smaller_area_never_warns_sooner():
    found = warning.trade(warning.launch("F055"), "tokyo", "real-time", [100, 20, 5])
    picture = warning_cities.trade(found, "Tokyo", "real-time")
    whole(picture)
    assert picture.rows[0][0] == "at the first track"
    seconds = [float(row[1].split()[0]) for row in picture.rows]
    assert seconds == sorted(seconds, reverse=True)


def test_eleven_alerts_with_what_was_published():
    rows = tables.records("alerts")
    picture = warning_alerts.alerts(rows)
    whole(picture)
    assert len(picture.rows) == 11
    assert "false alarm: 3" in picture.summary
    drawn = [trace for trace in picture.figure["data"] if trace["mode"] == "markers"]
    minutes = sorted(x for trace in drawn for x in trace["x"])
    assert minutes == [3, 3, 3, 4, 5, 6, 7, 11, 12.5, 13, 29, 33]


def test_the_bare_ellipse_fails_and_the_model_passes():
    found = warning_check.cases()
    off = warning_check.errors(found)
    assert off["bare"] > warning_check.BAR_PERCENT >= off["both"]
    picture = warning_check.check(found)
    whole(picture)
    assert "fails the bar" in picture.summary
    assert picture.summary.endswith("which passes.")


def test_the_time_that_cannot_be_is_the_one_of_the_task():
    to_the_second = [c for c in warning_check.cases()
                     if c.reporter == "North Korea's agency" and c.published_s % 60]  # fmt: skip
    worst = max(to_the_second, key=lambda case: abs(case.error("both")))
    assert "(F046)" in worst.vehicle
    others = [abs(c.error("both")) for c in to_the_second if c is not worst]
    assert max(others) < 1 < abs(worst.error("both"))
    assert kit.task("warning-2", save=False).answer("F046").right


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59.6, "1 min"), (-21, "−21 s"), (-61, "−1 min 1 s"), (None, "never")],
)
def test_times_in_words(seconds, words):
    assert clock(seconds) == words


def test_lengths_in_words():
    assert kilometers(float("nan")) == "not known"
    assert kilometers(0.0) == "0 km"


# --- what is chosen ------------------------------------------------------------------------------


def test_a_flight_brings_its_path_and_a_change_makes_it_ones_own():
    start = choices.opening(flight="F055")
    assert (start.range_km, start.apogee_km) == (4600.0, 1000.0)
    assert start.launch.flight_id == "F055"
    moved = choices.chosen(start, range_km=1500.0)
    assert moved.flight == choices.OWN
    assert moved.launch.range_km == 1500.0
    assert moved.launch.lat_deg == start.launch.lat_deg
    back = choices.chosen(moved, flight="F020")
    assert back.range_km == 600.0
    assert choices.chosen(start, range_km=4600.0).flight == "F055"


@pytest.mark.parametrize(
    ("setting", "error"),
    [
        ({"flight": "F999"}, "There is no flight"),
        ({"flight": "F001"}, "satellite"),
        ({"view": "globe"}, "There is no view"),
        ({"policy": "telepathy"}, "There is no way of sharing"),
        ({"city": "paris"}, "There is no city"),
        ({"pad": "0,0"}, "There is no launch site"),
        ({"range_km": "far"}, "must be a number"),
        ({"range_km": True}, "must be a number"),
        ({"whole": "yes"}, "must be true or false"),
        ({"colour": "red"}, "The panel has no 'colour'"),
        ({"range_km": -5.0}, "range"),
        ({"range_km": float("nan")}, "range"),
        ({"hub_s": -1.0}, "delay"),
        ({"ellipse_km": -1.0}, "ellipse"),
        ({"refraction": "mirror"}, "refraction"),
        ({"range_km": 5000.0, "apogee_km": 30.0}, "apogee"),
    ],
)
def test_what_cannot_be_chosen_is_refused_and_changes_nothing(panel, setting, error):
    before = dict(panel.chosen), panel.study
    with pytest.raises((DecisionError, WarningModelError), match=error):
        panel.choose(**setting)
    assert (dict(panel.chosen), panel.study) == before


def test_the_flights_of_the_notebook_stand_first_and_all_can_be_opened():
    listed = [key for key, _ in choices.flights()]
    assert tuple(listed[:3]) == FLIGHTS
    assert sorted(listed) == sorted(warning.launches().items)
    for key in listed:
        opened = choices.opening(flight=key)
        assert opened.pad in choices.pads(), key


# --- the panel -----------------------------------------------------------------------------------


def test_the_panel_reads_well_before_it_is_run(panel):
    assert repr(panel) == f"{HINT}: “One flight” (Hwasong-18, 2023-07-12)"
    assert repr(panel) == repr(kit.explore_warning(save=False))


def test_the_panel_says_what_it_is_and_what_it_is_not(panel):
    assert "no equipment performance data" in panel.view["notice"]
    assert "no equipment performance data" in " ".join(panel.text().split())


def test_nothing_is_open_before_a_prediction_or_a_skip(panel):
    assert panel.view["predicted"] is False
    assert panel.view["feedback"] == []
    send(panel, kind="predict", who="KOR", seconds="")
    assert "Answer both questions" in panel.error
    assert panel.view["predicted"] is False
    send(panel, kind="predict", who="KOR", seconds="half-minute")
    assert panel.error == ""
    assert panel.view["predicted"] is True
    assert panel.view["feedback"][0].startswith("As you said.")


def test_a_skip_tells_without_judging(panel):
    send(panel, kind="skip")
    assert panel.view["predicted"] is True
    assert not any("You said" in line or "As you said" in line for line in panel.view["feedback"])


@pytest.mark.parametrize("view", choices.VIEWS)
def test_only_views_that_would_answer_ask_first(view):
    shown = kit.explore_warning("F075", view, save=False)
    assert shown.view["predicted"] is (view not in ("flight", "cities"))


def test_feedback_follows_the_model(studies):
    asked = Prediction(studies["F075"], save=False)
    first = studies["F075"].first_known_s["nothing"]
    asked.answer("JPN", "more")
    who, seconds = asked.feedback()
    earliest = list(COUNTRIES)[int(np.nanargmin(first))]
    assert f"You said Japan. By their own sensors: {COUNTRIES[earliest].name}" in who
    assert seconds.startswith("You said more than 5 minutes; it is less.")
    asked.answer("KOR", "none")
    assert "it is more" in asked.feedback()[1]


def test_a_city_within_reach_is_asked_about(studies):
    assert Prediction(studies["F075"], save=False).city == "Tokyo"
    assert Prediction(studies["F020"], save=False).city == "Fukuoka"


def test_the_bands_of_answers_leave_no_gap():
    bands = [(low, high) for _, low, high in GAINS.values()]
    assert all(a[1] == b[0] for a, b in itertools.pairwise(bands))
    assert bands[-1][1] == float("inf")


def test_a_prediction_survives_a_second_run_and_belongs_to_its_flight(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_CAPSULES", str(tmp_path))
    first = kit.explore_warning("F055")
    assert first.predict("KOR", "half-minute").startswith("As you said.")
    again, other = kit.explore_warning("F055"), kit.explore_warning("F075")
    assert again.view["predicted"] is True
    assert again.view["feedback"] == first.view["feedback"]
    assert other.view["predicted"] is False


def test_moving_along_a_flight_sends_positions_only(panel):
    charts = panel.charts
    send(panel, kind="choose", chosen={"time_s": 90}, token="a")
    assert panel.charts is charts
    assert panel.answered == "a"
    assert panel.moment["minute"] == 1.5
    assert len(panel.moment["traces"]) == len(charts["map"]["figure"]["data"]) - 1
    assert panel.moment["summary"].startswith("1 min 30 s after launch")
    json.dumps(panel.moment, allow_nan=False)


def test_another_way_of_sharing_redraws_and_keeps_the_study(panel):
    study = panel.study
    send(panel, kind="choose", chosen={"policy": "nothing"}, token="b")
    assert panel.study is study
    assert panel.charts["time"]["title"].endswith("with nothing shared")
    assert panel.moment == {}
    send(panel, kind="choose", chosen={"hub_s": 0}, token="c")
    assert panel.study is not study


@pytest.mark.parametrize("view", choices.VIEWS)
def test_every_view_has_its_charts_and_the_same_as_text(panel, view):
    panel.choose(view=view)
    assert panel.charts
    said = panel.text()
    for chart in panel.charts.values():
        json.dumps(chart, allow_nan=False)
        assert chart["title"] in said
        assert chart["summary"] in said
        for row in chart["table"]["rows"]:
            for cell in row:
                assert cell in said
    assert panel.error == ""


def test_a_moment_after_the_end_is_the_end(panel):
    panel.choose(time_s=4000)
    panel.choose(flight="F020")
    assert panel.chosen["time_s"] == pytest.approx(panel.study.path.flight_time_s)


def test_what_the_model_cannot_answer_is_said_and_the_next_view_works(panel):
    send(panel, kind="choose", chosen={"flight": "F020", "view": "sure"}, token="d")
    assert "out of reach" in panel.error
    assert panel.charts == {}
    send(panel, kind="choose", chosen={"view": "cities"}, token="e")
    assert panel.error == ""
    assert set(panel.charts) == {"cities"}


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "choose", "chosen": {"range_km": 5000, "apogee_km": 30}, "token": "x"},
        {"kind": "choose", "chosen": {"flight": "F999"}, "token": "x"},
        {"kind": "choose", "chosen": {"nonsense": 1}, "token": "x"},
        {"kind": "choose", "chosen": [], "token": "x"},
    ],
)
def test_a_bad_message_is_answered_with_words(panel, message):
    charts = panel.charts
    send(panel, **message)
    assert panel.error
    assert panel.answered == "x"
    assert panel.charts is charts


def test_other_messages_are_ignored(panel):
    for message in ("choose", {"kind": "dance"}, None, {"kind": ["choose"]}):
        panel._receive(panel, message, [])
    assert panel.error == ""


def test_a_learner_of_the_terminal_reaches_everything(panel):
    panel.choose(policy="hub", time_s=75, flight="F055")
    assert "through the American hub" in panel.text()
    panel.choose(view="sure", city="sapporo", ellipse_km=20)
    assert "Sapporo" in panel.text()


# --- tasks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("task", "right"),
    [
        ("warning-1", "below-horizon"),
        ("warning-2", "F046"),
        ("warning-3", "later"),
        ("warning-4", "separate"),
    ],
)
def test_the_tasks_have_one_right_answer_and_words_for_the_others(task, right):
    from kit import tasks

    opened = tasks.open_task(task, save=False)
    for option in opened.task.options:
        feedback = opened.answer(option.value)
        assert feedback.right is (option.value == right)
        assert feedback.text
