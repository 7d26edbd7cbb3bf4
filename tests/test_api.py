"""The front door: what a notebook calls by name."""

from __future__ import annotations

import json

import pytest
from tiny import TEXT

import kit
from kit import plays, store, tables
from kit.errors import DecisionError, KitError, ScenarioError, StoreError
from kit.widgets.exercise import ExercisePanel
from kit.widgets.hotwash import HotWash
from kit.widgets.record import RecordView, TimelineView

PLAYABLE = TEXT.replace("1999-flood", "npt-1968").replace(
    "2001-treaty", "us-japan-security-treaty-1960"
)


@pytest.fixture(autouse=True)
def capsules(tmp_path, monkeypatch):
    """The folder of saved plays of this test, empty at first."""
    folder = tmp_path / "capsules"
    monkeypatch.setenv("KIT_CAPSULES", str(folder))
    return folder


@pytest.fixture
def file(tmp_path):
    """The invented scenario as a file."""
    path = tmp_path / "tiny.yaml"
    path.write_text(PLAYABLE, "utf-8")
    return path


def names(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_every_public_name_can_be_had_and_is_documented():
    for name in kit.__all__:
        assert getattr(kit, name).__doc__
    assert {*kit.__all__} <= {*dir(kit)}
    with pytest.raises(AttributeError, match="no attribute 'plya'"):
        _ = kit.plya


# --- reading scenarios ------------------------------------------------------------------------


def test_a_scenario_is_found_by_id_and_by_file(file):
    assert kit.load_scenario("shared-warning").id == "shared-warning"
    assert kit.load_scenario(file).id == "tiny"
    assert kit.load_scenario(str(file)).id == "tiny"


def test_a_scenario_is_read_once_and_again_after_a_change(file):
    first = kit.load_scenario(file)
    assert kit.load_scenario(file) is first
    file.write_text(PLAYABLE.replace("Two towns, one river", "Two towns, two rivers"), "utf-8")
    assert kit.load_scenario(file).title == "Two towns, two rivers"


def test_evidence_of_a_scenario_is_checked_against_the_record(file):
    file.write_text(PLAYABLE.replace("npt-1968", "npt-1969"), "utf-8")
    with pytest.raises(ScenarioError, match="npt-1969"):
        kit.load_scenario(file)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("shared-waring", "Did you mean 'shared-warning'"),
        ("missing.yaml", "does not exist"),
        ("../shared-warning", "No scenario is called"),
        ("", "No scenario is called"),
    ],
)
def test_a_scenario_that_is_not_there_is_named(name, told):
    with pytest.raises(ScenarioError, match=told):
        kit.load_scenario(name)


# --- starting -----------------------------------------------------------------------------------


def test_a_play_starts_saves_and_is_resumed_where_it_stopped(file, capsules):
    session = kit.start(file, "alfa", seed=5, alias="Team 3")
    assert names(capsules) == ["tiny.json"]
    session.decide("live", note="Once.")
    again = kit.resume(file)
    assert again.hash == session.hash
    assert again.log == session.log
    assert again.alias == "Team 3"
    assert again.seed == 5
    assert again.path == session.path


def test_a_play_in_memory_leaves_no_file(file, capsules):
    session = kit.start(file, ["alfa", "bravo"], seed=5, save=False)
    session.follow(session.scenario.base_case)
    assert session.over
    assert names(capsules) == []


def test_a_seed_decides_the_luck_and_is_drawn_when_absent(file):
    one, same = (kit.start(file, "bravo", seed=3, save=False) for _ in range(2))
    assert one.hash == same.hash
    assert len({kit.start(file, "bravo", save=False).seed for _ in range(8)}) > 1


def test_starting_again_keeps_every_earlier_play(file, capsules):
    logs = []
    for seed in (1, 2, 3):
        session = kit.start(file, "alfa", seed=seed)
        session.decide("live")
        logs.append(session.log)
    assert names(capsules) == ["tiny.1.json", "tiny.2.json", "tiny.json"]
    kept = [kit.resume(file, capsules / name).log for name in names(capsules)]
    assert kept == logs


@pytest.mark.parametrize("role", ["charlie", "delta", "", ["alfa", "delta"]])
def test_a_role_that_cannot_be_played_is_refused_before_anything_is_touched(file, capsules, role):
    kit.start(file, "alfa", seed=1).decide("live")
    before = (capsules / "tiny.json").read_bytes()
    for call in (kit.start, kit.play):
        with pytest.raises(DecisionError, match="Nobody can play"):
            call(file, role)
    assert names(capsules) == ["tiny.json"]
    assert (capsules / "tiny.json").read_bytes() == before


def test_a_role_named_twice_is_played_once(file):
    assert kit.start(file, ["alfa", "alfa"], save=False).state.roles == ("alfa",)


def test_without_a_saved_play_resuming_says_so(file):
    with pytest.raises(StoreError, match="does not exist"):
        kit.resume(file)
    assert plays.saved(file) is None


def test_a_play_of_another_exercise_or_version_is_never_resumed(file, capsules):
    session = kit.start(file, "alfa", seed=1)
    with pytest.raises(StoreError, match="not of 'shared-warning'"):
        kit.resume("shared-warning", session.path)
    file.write_text(PLAYABLE.replace("version: 1.0.0", "version: 1.1.0"), "utf-8")
    with pytest.raises(StoreError, match=r"1\.0\.0.*1\.1\.0"):
        kit.resume(file)
    file.write_text(PLAYABLE.replace("start: 10", "start: 11"), "utf-8")
    with pytest.raises(StoreError, match="edited file of the same version"):
        kit.resume(file)


def test_a_saved_play_without_any_event_is_refused_and_kept(file, capsules):
    path = kit.start(file, "alfa", seed=1).path
    raw = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**raw, "log": []}), "utf-8")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="empty"):
        kit.resume(file)
    assert path.read_bytes() == before


# --- panels -------------------------------------------------------------------------------------


def test_playing_without_a_role_asks_for_one(file, capsules):
    panel = kit.play(file)
    assert isinstance(panel, ExercisePanel)
    assert panel.session is None
    assert panel.view["stage"] == "start"
    assert names(capsules) == []


def test_playing_with_a_role_starts_at_once(file, capsules):
    panel = kit.play(file, ("alfa", "bravo"), seed=4)
    assert panel.session.state.roles == ("alfa", "bravo")
    assert panel.session.seed == 4
    assert panel.notice == ""
    assert names(capsules) == ["tiny.json"]


def test_playing_without_saving_neither_reads_nor_writes_a_file(file, capsules):
    kit.start(file, "alfa", seed=1).decide("live")
    before = (capsules / "tiny.json").read_bytes()
    panel = kit.play(file, "bravo", save=False)
    panel.session.decide("refuse")
    assert panel.session.state.roles == ("bravo",)
    assert panel.view["saved"] == ""
    assert names(capsules) == ["tiny.json"]
    assert (capsules / "tiny.json").read_bytes() == before


def test_playing_continues_the_saved_play_and_says_how_far_it_is(file):
    session = kit.start(file, ["alfa", "bravo"], seed=1)
    session.decide("live")
    assert "1 decision so far" in kit.play(file).notice
    session.decide("accept")
    panel = kit.play(file)
    assert "2 decisions so far" in panel.notice
    assert panel.session.hash == session.hash


def test_the_record_opens_by_name():
    assert isinstance(kit.timeline(category="diplomacy"), TimelineView)
    assert isinstance(kit.agreements(), RecordView)
    with pytest.raises(ValueError, match="diplomcy"):
        kit.timeline(category="diplomcy")
    with pytest.raises(TypeError):
        kit.timeline(catgory="diplomacy")


# --- afterwards ---------------------------------------------------------------------------------


def test_the_latest_play_is_the_saved_one_or_else_an_example_on_no_disk(file, capsules):
    example = kit.latest(file)
    assert example.over
    assert example.alias == plays.EXAMPLE
    assert example.path is None
    author = example.scenario.plays[-1].assign
    assert example.state.roles == ("alfa",)
    assert {name: example.state.known[name] for name in author} == dict(author)
    assert names(capsules) == []
    assert kit.latest(file).hash == example.hash
    mine = kit.start(file, "bravo", seed=2)
    assert kit.latest(file).log == mine.log


def test_a_damaged_saved_play_is_not_passed_over_for_an_example(file, capsules):
    path = kit.start(file, "alfa", seed=1).path
    path.write_text("{", "utf-8")
    with pytest.raises(StoreError):
        kit.latest(file)
    assert path.read_text("utf-8") == "{"


def test_the_hot_wash_says_when_it_shows_an_example(file):
    assert "example" in kit.hot_wash(kit.latest(file)).view["notice"]
    kit.start(file, "alfa", seed=1).decide("live")
    wash = kit.hot_wash(kit.latest(file))
    assert isinstance(wash, HotWash)
    assert wash.view["notice"] == ""
    assert len(wash.view["decisions"]) == 1


def test_a_report_is_written_where_asked_or_beside_the_saved_plays(file, capsules, tmp_path):
    session = kit.start(file, "alfa", seed=1)
    session.decide("live", note="Trust first.")
    wanted = tmp_path / "new folder" / "report.html"
    assert kit.write_report(session, wanted) == wanted
    beside = kit.write_report(session)
    assert beside.parent == capsules
    assert beside.suffix == ".html"
    assert "Trust first." in beside.read_text("utf-8")
    assert kit.resume(file).hash == session.hash  # the report is no saved play
    markdown = kit.write_report(session, str(tmp_path / "report.md"))
    assert "Trust first." in markdown.read_text("utf-8")
    with pytest.raises(ValueError, match=r"\.html or \.md"):
        kit.write_report(session, tmp_path / "report.pdf")


def test_the_check_is_the_audit():
    findings = kit.check()
    assert findings.ok
    assert findings.counts["events"] == len(tables.records("events"))


def test_errors_show_their_message_alone_in_a_notebook(file):
    with pytest.raises(KitError) as caught:
        kit.start(file, "delta")
    assert caught.value._render_traceback_() == [str(caught.value)]
    assert store.path_for("tiny").exists() is False
