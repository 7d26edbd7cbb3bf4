"""The warning model against textbooks, published flights and another program."""

from __future__ import annotations

import numpy as np
import pytest

from kit import tables
from kit.warning import cases, tracking, validation

# Known misses, named in the page with their plausible causes; a fourth would be news.
MISSED = {"V05", "V09", "V15"}
ELSEWHERE = {"X01", "X02"}


@pytest.fixture(scope="module")
def results():
    return {result.id: result for result in cases.results()}


def test_every_case_of_the_table_is_judged(results):
    assert list(results) == [row["case_id"] for row in tables.records("warning_cases")]
    assert len(results) == 43
    compared = {r.id for r in results.values() if r.met is None and r.values}
    assert compared == {r["case_id"] for r in tables.records("warning_cases")
                        if r["tolerance"] == cases.REPORT_ONLY}  # fmt: skip
    assert {r.id for r in results.values() if r.met is None} == compared | ELSEWHERE


@pytest.mark.parametrize(
    "case", [row["case_id"] for row in tables.records("warning_cases")
             if row["case_id"] not in MISSED | ELSEWHERE]
)  # fmt: skip
def test_a_case_is_inside_its_tolerance(results, case):
    assert results[case].met is not False, results[case].words


def test_no_more_flights_miss_than_are_known(results):
    assert {r.id for r in results.values() if r.met is False} == MISSED
    primary = [r for r in results.values() if r.case["basis"] == "primary record"]
    assert len(primary) == 9
    assert sum(r.met for r in primary) >= validation.BAR_WITHIN


def test_half_the_flight_times_are_within_the_bar_and_the_bare_ellipse_is_not(results):
    scores = {score.name: score for score in validation.scores(tuple(results.values()))}
    model = scores["with rotation and half-burn (the model)"]
    assert model.median <= validation.BAR_MEDIAN == 0.035
    assert model.worst < 0.09
    assert scores["bare ellipse"].median > validation.BAR_MEDIAN
    assert scores["bare ellipse"].worst > 0.15
    assert all(error < 0 for error in scores["bare ellipse"].errors), "it is always too short"


def test_the_published_seconds_are_met_closely(results):
    in_seconds = [r for r in results.values() if r.case["tolerance"] == "max(3%, 1 s)"]
    assert len(in_seconds) == 3
    for result in in_seconds:
        assert result.values[0] == pytest.approx(cases.expected(result.case)[0], rel=0.008)


def test_a_time_that_contradicts_its_own_apogee_stands_out(results):
    contradicted, fitting = results["V17"], results["V16"]
    assert contradicted.values[0] / cases.expected(contradicted.case)[0] - 1 > 0.04
    assert abs(fitting.values[0] / cases.expected(fitting.case)[0] - 1) < 0.01


def test_the_page_is_up_to_date(root):
    page = (root / "docs" / "validation.md").read_text("utf-8")
    assert page == validation.build(), "run kit.warning.validation.write()"


def test_the_page_predicts_every_flight_and_says_which_times_are_withheld():
    found = validation.predictions()
    assert len(found) == 91
    assert {p.row["dynamics"] for p in found if p.launch is None} == {"slv"}
    assert all(p.reason for p in found if p.launch is None)
    withheld = [p for p in found if p.row["flight_time_check"] == "yes" and not p.reported]
    assert len(withheld) == 9
    assert all(p.time_s > p.bare_s > 0 for p in withheld)
    page = validation.build()
    assert all(f"| {p.row['flight_id']} |" in page for p in found if p.launch)
    assert all(f"- {p.row['flight_id']} (" in page for p in found if p.launch is None)


def test_one_bad_row_leaves_the_other_predictions_alone():
    rows = list(tables.records("flights")[:5])
    before = {p.row["flight_id"]: p.time_s for p in validation.predictions(rows)}
    rows[2] = {**rows[2], "apogee_km_kcna": float("nan")}
    after = validation.predictions(rows)
    assert after[2].launch is None
    assert "nan" in after[2].reason
    for p in (*after[:2], *after[3:]):
        np.testing.assert_equal(p.time_s, before[p.row["flight_id"]])


def test_writing_the_page_elsewhere(tmp_path):
    target = validation.write(tmp_path / "page.md")
    assert target.read_text("utf-8") == validation.build()


# A target that flies straight, and a radar at the origin: the case X01.
STATE = np.array([200e3, 1500, 100e3, 800, 60e3, 900.0])
ERRORS = {"elevation": 2e-3, "bearing": 2e-3, "range": 100.0}
PRIOR = np.diag([50e3**2, 300.0**2] * 3)
UPDATES, STEP_S, NOISE = 60, 2.0, 1e-10
PLACES, RATES = [0, 2, 4], [1, 3, 5]


def straight_flight():
    move = np.kron(np.eye(3), np.array([[1, STEP_S], [0, 1]]))
    states = [STATE]
    for _ in range(UPDATES):
        states.append(move @ states[-1])
    return move, np.stack(states[1:])


def bound_of_x01():
    move, states = straight_flight()
    told = np.zeros((UPDATES, 6, 6))
    told[np.ix_(range(UPDATES), PLACES, PLACES)] = tracking.measurement_information(
        states[:, PLACES], ERRORS["range"], ERRORS["bearing"], ERRORS["elevation"]
    )
    added = np.array([[STEP_S**3 / 3, STEP_S**2 / 2], [STEP_S**2 / 2, STEP_S]]) * NOISE
    found = tracking.posterior_bound(PRIOR, move, np.kron(np.eye(3), added), told)
    spread = np.diagonal(found, axis1=1, axis2=2)
    return np.sqrt(spread[:, PLACES].sum(axis=1)), np.sqrt(spread[:, RATES].sum(axis=1))


def test_the_bound_of_a_straight_flight_is_the_published_one():
    place, rate = bound_of_x01()
    (case,) = (row for row in tables.records("warning_cases") if row["case_id"] == "X01")
    assert (place[-1], rate[-1]) == pytest.approx(cases.expected(case), rel=1e-5)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of another program, which is not ours to mend
def test_stone_soup_finds_the_same_bound():
    import datetime as dt

    from stonesoup.metricgenerator.pcrbmetric import PCRBMetric
    from stonesoup.models.measurement.nonlinear import CartesianToElevationBearingRange
    from stonesoup.models.transition.linear import (
        CombinedLinearGaussianTransitionModel,
        ConstantVelocity,
    )
    from stonesoup.types.groundtruth import GroundTruthPath, GroundTruthState
    from stonesoup.types.state import GaussianState

    class Here:
        """One sensor at the origin, as a column: with NumPy 2.4 the metric slices it wrongly."""

        shape = (3, 1)

        def __getitem__(self, at):
            return np.zeros((3, 1))

    start = dt.datetime(2024, 1, 1)
    _, states = straight_flight()
    truth = GroundTruthPath([
        GroundTruthState(state, timestamp=start + dt.timedelta(seconds=STEP_S * i))
        for i, state in enumerate([STATE, *states])
    ])  # fmt: skip
    measures = CartesianToElevationBearingRange(
        ndim_state=6, mapping=PLACES, noise_covar=np.diag(np.square(list(ERRORS.values())))
    )
    moves = CombinedLinearGaussianTransitionModel([ConstantVelocity(NOISE)] * 3)
    found = PCRBMetric._compute_pcrb_single(
        GaussianState(STATE, PRIOR, timestamp=start), moves, measures, truth, Here(), 1.0, PLACES,
        RATES,
    )  # fmt: skip
    place, rate = bound_of_x01()
    np.testing.assert_allclose(found["position_RMSE"][1:], place, rtol=1e-6)
    np.testing.assert_allclose(found["velocity_RMSE"][1:], rate, rtol=1e-6)
