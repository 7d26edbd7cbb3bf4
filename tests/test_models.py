"""Assumptions whose size the warning model computes: right numbers, and the call is shown."""

from __future__ import annotations

import pytest
import tiny

from kit import handouts, plays, report, scenario, text, warning
from kit.errors import ScenarioError
from kit.session import Session
from kit.widgets import results

MODEL = "{function: warning_gain, target: tokyo, flight: F028, from: hub, to: real-time}"
HOURS = "low: -3, base: -2, high: -1, unit: h, basis: modelled}"


@pytest.fixture(autouse=True)
def shipped(root, monkeypatch):
    """Compute from the checkout's own tables, whatever KIT_DATA says outside."""
    monkeypatch.setenv("KIT_DATA", str(root / "data"))


@pytest.fixture
def computed():
    """The small scenario with its delay in seconds, computed."""
    return tiny.parsed(
        tiny.edited(
            (HOURS, f"unit: s, basis: modelled, model: {MODEL}}}"),
            ("delay: {label: Delay, unit: h", "delay: {label: Delay, unit: s"),
        )
    )


def test_the_sizes_are_the_model_s_in_whole_units(computed):
    found = warning.modelled(
        "warning_gain", target="tokyo", flight="F028", from_="hub", to="real-time"
    )
    saved = computed.assumptions["saved"]
    assert (saved.low, saved.base, saved.high) == tuple(
        round(size) for size in (found.low, found.base, found.high)
    )
    assert 0 < saved.low < saved.base < saved.high
    assert saved.call == found.call
    assert dict(saved.ranges) == {name: tuple(ends) for name, ends in found.ranges.items()}
    assert computed.size("saved") == saved.base


def test_the_computed_sizes_are_part_of_the_fingerprint(computed, monkeypatch):
    other = warning.Modelled(1.0, 2.0, 3.0, "s", "another call", {"hub_s": (1.0, 2.0, 3.0)})
    monkeypatch.setattr(warning, "modelled", lambda *_, **__: other)
    text_ = tiny.edited(
        (HOURS, f"unit: s, basis: modelled, model: {MODEL}}}"),
        ("delay: {label: Delay, unit: h", "delay: {label: Delay, unit: s"),
    )
    assert tiny.parsed(text_).fingerprint != computed.fingerprint


def test_stated_sizes_have_no_call():
    assert text.computed(tiny.parsed().assumptions["saved"]) == ""


def test_learners_see_the_exact_call(computed):
    call = computed.assumptions["saved"].call
    assert call.startswith("warning.modelled(")
    assert call in text.computed(computed.assumptions["saved"])
    assert "hub_s 60 to 240 (150)" in text.computed(computed.assumptions["saved"])
    exercise = plays.load_scenario("shared-warning")
    play = Session(exercise, ["kor"], seed=1)
    play.pass_predictions()
    play.decide("real-time")
    play.follow({})
    shown = exercise.assumptions["rt_tokyo_s"].call
    assert shown
    assert shown.replace('"', "&#34;") in report.to_html(report.build(exercise, play.log))
    papers = handouts.build(exercise)
    assert shown.replace('"', "&#34;") in papers["facilitator/facilitator-guide.html"]
    assert shown in str(results.outcomes_view(play))


def test_a_model_that_fails_refuses_the_file():
    with pytest.raises(ScenarioError, match=r"TTX223"):
        scenario.parse(tiny.edited((HOURS, f"unit: h, basis: modelled, model: {MODEL}}}")),
                       "tiny.yaml")  # fmt: skip
