"""Second futures: they begin before a decision, meet the same luck, and overwrite nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import curation, engine, plays, store, text
from kit.errors import DecisionError, StoreError
from kit.plots.futures import futures
from kit.session import Session

GOLDEN = Path(__file__).with_name("golden")


@pytest.fixture(scope="module")
def play():
    return tiny.parsed()


@pytest.fixture(autouse=True)
def record(monkeypatch):
    """The evidence that may be cited, without the data package."""
    monkeypatch.setattr(curation, "known_on", lambda: tiny.KNOWN_ON)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "plays" / "tiny.json"


@pytest.fixture
def session(play, path):
    """Alfa has shared live and warned loudly; the play is over."""
    made = Session(play, ["alfa"], seed=7, path=path, alias="Team 1")
    made.decide("live", note="Fast.")
    made.decide("loud")
    return made


def files_in(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# --- the log of a second future -----------------------------------------------------------------


def test_a_second_future_keeps_all_that_went_before_the_decision(session, play):
    second = [event for event in session.log if event.kind == "decide"][1]
    log = engine.fork(play, session.log, second.seq)
    assert log == session.log[: second.seq - 1]
    assert engine.shared(session.log, log) == len(log)
    state = engine.replay(play, log)
    assert [choice.id for choice in engine.open_choices(play, state)] == ["warn"]


def test_a_future_forked_at_the_end_is_the_play(session, play):
    assert engine.fork(play, session.log, len(session.log) + 1) == session.log


def test_a_future_can_begin_before_a_decision_that_was_taken_back(session, play):
    session.withdraw()
    session.decide("quiet")
    loud = next(event for event in session.log if event.value == "loud")
    log = engine.fork(play, session.log, loud.seq)
    assert "loud" not in engine.replay(play, log).known.values()
    assert log[-1].seq == loud.seq - 1


@pytest.mark.parametrize("seq", [0, -1, 1, 3, 99])
def test_what_is_no_decision_begins_no_future(session, play, seq):
    with pytest.raises(DecisionError, match=r"Decisions: 2 \(sharing\), 7 \(warn\)\."):
        engine.fork(play, session.log, seq)


def test_before_the_first_decision_there_is_nothing_to_begin_again_from(play):
    log = Session(play, ["alfa"], seed=7).log
    with pytest.raises(DecisionError, match="Nothing was decided yet"):
        engine.fork(play, log, 7)


def test_separate_plays_share_nothing(play):
    one, other = Session(play, ["alfa"], seed=1), Session(play, ["alfa"], seed=2)
    assert engine.shared(one.log, other.log) == 0
    assert engine.shared(one.log, one.log) == len(one.log)


def test_two_futures_meet_the_same_luck(play):
    """Rain and gauge do not look at sharing; the same seed brings the same."""
    for seed in range(20):
        first = Session(play, ["alfa"], seed=seed)
        first.decide("live")
        second = first.fork()
        second.decide("none")
        for name in ("gauge", "rain"):
            assert first.state.known[name] == second.state.known[name]
        again = first.fork("sharing")
        again.decide("live")
        assert again.hash == first.hash


# --- a second session ---------------------------------------------------------------------------


def test_the_first_play_stays_as_it_is(session, path):
    log, content, calls = session.log, path.read_bytes(), []
    session.attach("panel", lambda: calls.append("told"))
    second = session.fork()
    second.decide("quiet")
    assert session.log is log
    assert path.read_bytes() == content
    assert calls == []
    assert session.forked is None
    assert second.forked == engine.shared(session.log, second.log) == 6


def test_a_second_future_has_a_file_of_its_own_at_once(session, path, play):
    second, third = session.fork(), session.fork("sharing")
    assert [s.path.name for s in (second, third)] == ["tiny-fork-1.json", "tiny-fork-2.json"]
    assert store.read(second.path).log == second.log
    assert second.fork("sharing").path.name == "tiny-fork-3.json"
    assert set(files_in(path.parent)) == {
        "tiny.json", "tiny-fork-1.json", "tiny-fork-2.json", "tiny-fork-3.json",
    }  # fmt: skip
    assert second.warning == third.warning == ""


def test_a_second_future_is_resumed_with_what_it_shares(session, play):
    second = session.fork()
    second.decide("quiet")
    again = Session.opened(play, store.read(second.path), second.path)
    assert (again.hash, again.forked, again.alias) == (second.hash, 6, "Team 1")
    assert again.capsule == second.capsule


def test_a_file_that_is_there_is_not_taken(session, path, tmp_path):
    taken = tmp_path / "other.json"
    taken.write_text("mine")
    for there in (taken, path):
        before = there.read_bytes()
        with pytest.raises(StoreError, match="already there"):
            session.fork(path=there)
        assert there.read_bytes() == before
    new = session.fork(path=tmp_path / "new.json")
    assert store.read(tmp_path / "new.json").log == new.log


def test_without_a_file_the_second_future_has_none(play, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first = Session(play, ["alfa"], seed=1)
    first.decide("live")
    assert first.fork().path is None
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_a_warning(play, tmp_path):
    (tmp_path / "file").write_text("")
    first = Session(play, ["alfa"], seed=1, path=tmp_path / "file" / "tiny.json")
    first.decide("live")
    second = first.fork()
    assert "not saved" in second.warning
    assert second.decide("none").known["sharing"] == "none"


@pytest.mark.parametrize(("decision", "words"), [("nonsense", "'nonsense'"), (99, "Decisions: 2")])
def test_a_future_of_no_decision_is_refused_and_nothing_is_written(session, path, decision, words):
    before = files_in(path.parent)
    with pytest.raises(DecisionError, match=words):
        session.fork(decision)
    assert files_in(path.parent) == before


def test_a_play_without_decisions_has_no_second_future(play):
    with pytest.raises(DecisionError, match="no decision to begin again from"):
        Session(play, ["alfa"], seed=7).fork()


@pytest.mark.parametrize("forked", [0, -1, 99, True, "3", 1.0])
def test_a_capsule_with_an_impossible_fork_is_refused(session, forked):
    raw = json.loads(store.to_text(session.capsule)) | {"forked": forked}
    with pytest.raises(StoreError, match="'forked'"):
        store.parse(json.dumps(raw))


def test_an_ordinary_capsule_does_not_speak_of_forks(session):
    assert "forked" not in store.to_text(session.capsule)


def test_futures_share_what_was_computed(session):
    before = session.fork("sharing").plain_base()
    assert session.plain_base() is before


# --- side by side -------------------------------------------------------------------------------


def test_differences_are_told_apart_by_who_settled_them(play):
    def state(*entries):
        made = tuple(engine.Entry(n, *e) for n, e in enumerate(entries, 2))
        return engine.State(("alfa",), 1, made, 9)

    one = state(("sharing", "live"), ("gauge", "keep"), ("leak", "leaked"), ("rain", "dry"))
    other = state(("sharing", "none"), ("gauge", "keep"), ("leak", "kept"))
    found = engine.compare(play, one, other)
    assert found.decided == (engine.Difference("sharing", "live", "none"),)
    assert found.drawn == (
        engine.Difference("leak", "leaked", "kept"),
        engine.Difference("rain", "dry", ""),
    )
    assert found.alike == ("gauge",)
    assert engine.compare(play, one, one) == engine.Futures(
        (), (), ("sharing", "gauge", "leak", "rain")
    )


def test_side_by_side_tells_decisions_chance_and_every_measure(session, play):
    second = session.fork("sharing")
    second.decide("none")
    told = session.beside(second)
    assert "The two futures part in the move “Snow melts”, by a decision" in told
    assert "First:  Connect the gauge." in told
    assert "Second: Keep them." in told
    assert "not yet known" in told
    assert text.EXERCISE_MARK in told
    assert text.MODEL_MARK in told
    for name, measure in play.measures.items():
        row = next(line for line in told.split("\n") if line.startswith(measure.label))
        assert text.number(session.outcomes()[name].mean) in row
        assert text.number(second.outcomes()[name].mean) in row
    assert session.beside(session).count("no change") == len(play.measures)
    assert "Both plays are alike so far" in session.beside(session)


def test_only_futures_of_one_exercise_stand_side_by_side(session):
    changed = tiny.parsed(tiny.edited(("title: Snow melts", "title: Snow melted")))
    with pytest.raises(DecisionError, match="one exercise"):
        session.beside(Session(changed, ["alfa"], seed=7))


def test_the_figure_of_two_futures_says_what_differs(session, play):
    second = session.fork("sharing")
    second.decide("none")
    states = session.state, second.state
    drawn = futures(play, states, (session.outcomes(), second.outcomes()), session.plain_base())
    assert drawn.summary.startswith("The two futures part in the move “Snow melts”")
    assert "against the first future" in drawn.summary
    lines = [row[1] for row in drawn.rows]
    assert lines == ["First future", "Second future", "Base case"] * len(play.measures)
    means = {(row[0], row[1]): row[2] for row in drawn.rows}
    for name, measure in play.measures.items():
        label = f"{measure.label} ({measure.unit})"
        assert means[label, "Second future"] == text.number(second.outcomes()[name].mean)
        assert means[label, "First future"] == text.number(session.outcomes()[name].mean)


# --- any play of any scenario -------------------------------------------------------------------


@settings(tiny.TOUGH, max_examples=60)
@given(st.data())
def test_any_future_of_any_play_replays_to_itself(data):
    made = tiny.built(data.draw(tiny.raws()))
    roles = list(made.playable)
    first = Session(made, roles, seed=data.draw(st.integers(0, 99)))
    _play(data, first)
    decisions = [event.seq for event in first.log if event.kind == "decide"]
    if not decisions:
        return
    seq = data.draw(st.sampled_from(decisions))
    log = first.log
    second = first.fork(seq)
    assert first.log is log
    assert second.log == log[: seq - 1]
    stepwise = engine.replay(made, log[: seq - 1])
    assert second.state == stepwise
    _play(data, second)
    for kept in (tiny.as_made, tiny.through_json):
        state = engine.replay(made, kept(second.log))
        assert state == second.state
        assert engine.state_hash(made, state) == second.hash
    capsule = store.parse(store.to_text(second.capsule))
    assert capsule == second.capsule
    assert Session.opened(made, capsule, None).hash == second.hash
    _same_luck(made, first, second)


def _play(data, session):
    for _ in range(data.draw(st.integers(0, 5))):
        if session.open and data.draw(st.integers(0, 4)):
            choice = data.draw(st.sampled_from(session.open))
            options = engine.open_options(choice, session.state.known)
            session.decide(data.draw(st.sampled_from([o.id for o in options])), choice.id)
        elif any(event.kind == "decide" for event in session.log):
            try:
                session.withdraw()
            except DecisionError:
                session.note("Nothing stands.")


def _same_luck(made, first, second):
    """What both drew by the same odds came out the same."""
    one, other = first.state.known, second.state.known
    for name, variable in made.variables.items():
        if engine.is_played(first.state, variable) or not {name} <= one.keys() & other.keys():
            continue
        if all(one[parent] == other[parent] for parent in variable.parents):
            assert one[name] == other[name]


@settings(tiny.TOUGH, max_examples=40)
@given(st.data())
def test_taking_the_same_decisions_again_leads_to_the_same_hash(data):
    made = tiny.built(data.draw(tiny.raws()))
    first = Session(made, made.playable, seed=data.draw(st.integers(0, 99)))
    first.follow({})
    taken = [event for event in first.log if event.kind == "decide"]
    if not taken:
        return
    start = data.draw(st.integers(0, len(taken) - 1))
    second = first.fork(taken[start].seq)
    for event in taken[start:]:
        second.decide(event.value, event.name)
    assert second.hash == first.hash
    assert second.state.entries == first.state.entries
    assert engine.fork(made, first.log, len(first.log) + 1) == first.log


# --- the golden future --------------------------------------------------------------------------


def test_the_golden_future_leads_to_the_golden_hash(play):
    """Committed once: forked from a play that had been undone, undone again, played to the end."""
    golden = json.loads((GOLDEN / "expected.json").read_text("utf-8"))["fork"]
    first, capsule = store.read(GOLDEN / "tiny-play.json"), store.read(GOLDEN / "tiny-fork.json")
    assert capsule.forked == golden["shared"] == engine.shared(first.log, capsule.log)
    assert engine.fork(play, first.log, golden["before"]) == capsule.log[: capsule.forked]
    assert "withdraw" in {event.kind for event in capsule.log[capsule.forked :]}
    state = store.check(play, capsule)
    assert state.known == golden["known"]
    assert engine.state_hash(play, state) == golden["state hash"]


def test_the_golden_future_is_drawn_again_by_the_same_luck(play):
    capsule = store.read(GOLDEN / "tiny-fork.json")
    events = capsule.log[: capsule.forked]
    state = engine.replay(play, events)
    log = list(events)
    for event in capsule.log[len(events) :]:
        if event.kind == "draw":
            continue
        state, draws = engine.settle(play, engine.apply(play, state, event), event.at)
        log += [event, *draws]
    assert tuple(log) == capsule.log


# --- resumed plays ------------------------------------------------------------------------------


def test_evidence_that_the_record_lost_is_a_warning_and_the_play_goes_on(play, path, monkeypatch):
    first = Session(play, ["alfa"], seed=7, path=path)
    first.decide("live", evidence=["1999-flood"])
    again = Session.opened(play, store.read(path), path)
    assert again.warning == ""
    monkeypatch.setattr(curation, "known_on", dict)
    lost = Session.opened(play, store.read(path), path)
    assert "does not bear out" in lost.warning
    assert "1999-flood" in lost.warning
    assert lost.hash == first.hash
    monkeypatch.setattr(curation, "known_on", lambda: {"1999-flood": "2001-06-01"})
    assert "hindsight" in Session.opened(play, store.read(path), path).warning


def test_a_log_cut_off_among_the_draws_goes_on(play, path):
    first = Session(play, ["alfa"], seed=7, path=path)
    first.decide("live")
    capsule = store.read(path)
    cut = replace(capsule, log=capsule.log[:3])
    assert Session.opened(play, cut, None).log == first.log


def test_what_is_new_stays_new_until_the_move_is_over(play):
    session = Session(play, ["alfa", "bravo"], seed=1)
    session.decide("live")
    news = text.newly_known(play, session.state)
    assert len(news) == 3
    session.decide("loud", "warn")
    assert text.newly_known(play, session.state) == news
    session.decide("accept", "reply")
    (last,) = text.newly_known(play, session.state)
    assert last.startswith(play.variables["flood"].question)


def test_the_front_door_resumes_a_second_future(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_CAPSULES", str(tmp_path / "plays"))
    file = tmp_path / "tiny.yaml"
    file.write_text(tiny.TEXT)
    session = plays.start(file, "alfa", seed=7)
    session.decide("live")
    second = session.fork()
    second.decide("none")
    assert plays.resume(file, second.path).hash == second.hash
    assert plays.resume(file).hash == session.hash
