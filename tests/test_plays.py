"""An exercise in other words: begun, saved apart, and taken up again as it was."""

from __future__ import annotations

import json

import pytest
import small_editions
import tiny

import kit
from kit import curation, plays, store
from kit.errors import ScenarioError, StoreError


@pytest.fixture(autouse=True)
def capsules(tmp_path, monkeypatch):
    """The folder of saved plays of this test; the record is that of the small exercise."""
    monkeypatch.setenv("KIT_CAPSULES", str(tmp_path / "capsules"))
    monkeypatch.setattr(curation, "known_on", lambda: tiny.KNOWN_ON)
    return tmp_path / "capsules"


@pytest.fixture
def file(tmp_path):
    folder = tmp_path / "editions"
    folder.mkdir()
    (folder / "tiny.advanced.yaml").write_text(small_editions.ADVANCED, "utf-8")
    path = tmp_path / "tiny.yaml"
    path.write_text(tiny.TEXT, "utf-8")
    return path


def test_an_edition_has_the_same_rules_in_other_words(file):
    plain, other = kit.load_scenario(file), kit.load_scenario(file, "advanced")
    assert other.fingerprint == plain.fingerprint
    assert (plain.level, other.level) == ("basic", "advanced")
    assert other.summary != plain.summary
    assert kit.load_scenario(file, "advanced") is other  # read once


def test_a_changed_edition_is_read_again(file):
    before = kit.load_scenario(file, "advanced").summary
    path = file.parent / "editions" / "tiny.advanced.yaml"
    path.write_text(path.read_text("utf-8").replace(before, "A station upstream."), "utf-8")
    assert kit.load_scenario(file, "advanced").summary == "A station upstream."


def test_editions_are_saved_apart_and_taken_up_again(file, capsules):
    kit.start(file, "alfa", seed=7).decide("daily")
    kit.start(file, "alfa", seed=7, edition="advanced").decide("live")
    assert sorted(path.name for path in capsules.iterdir()) == ["tiny-advanced.json", "tiny.json"]
    assert kit.resume(file).state.known["sharing"] == "daily"
    again = kit.resume(file, edition="advanced")
    assert again.state.known["sharing"] == "live"
    assert again.scenario.edition == "advanced"
    assert json.loads(again.path.read_text("utf-8"))["edition"] == "advanced"
    by_path = kit.resume(file, capsules / "tiny-advanced.json")
    assert by_path.scenario.edition == "advanced"  # as the file says
    assert plays.saved(file, "advanced").hash == again.hash


def test_the_same_play_leads_to_the_same_state_in_every_edition(file):
    plain = kit.start(file, "alfa", seed=7, save=False)
    other = kit.start(file, "alfa", seed=7, save=False, edition="advanced")
    assert plain.decide("live") == other.decide("live")
    assert plain.hash == other.hash
    store.check(plain.scenario, other.capsule)


def test_an_edition_that_there_is_not_is_refused(file, capsules):
    with pytest.raises(ScenarioError, match="masked"):
        kit.start(file, "alfa", edition="masked")
    kit.start(file, "alfa", edition="advanced")
    path = capsules / "tiny-advanced.json"
    path.write_text(path.read_text("utf-8").replace('"edition": "advanced"', '"edition": 7'))
    with pytest.raises(StoreError, match="'edition' is of the wrong kind"):
        kit.resume(file, path)
