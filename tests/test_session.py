"""One play from first decision to last: saved after every event, resumed where it stopped."""

from __future__ import annotations

import json

import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import curation, engine, plays, store
from kit.errors import DecisionError, ScenarioError, StoreError
from kit.log import Event
from kit.outcomes import evaluate
from kit.session import Session


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
    return Session(play, ["alfa"], seed=7, path=path)


def resumed(play, path):
    capsule = store.read(path)
    store.check(play, capsule)
    return Session(play, path=path, alias=capsule.alias, log=capsule.log, draft=capsule.draft)


def to_the_end(session):
    while session.open:
        choice = session.open[0]
        options = engine.open_options(choice, session.state.known)
        session.decide(options[-1].id, choice.id)


# --- playing ------------------------------------------------------------------------------------


def test_a_play_goes_from_decision_to_decision(session):
    assert [choice.id for choice in session.open] == ["sharing"]
    session.decide("live", note="Fast.", confidence=80, evidence=["1999-flood"])
    assert list(session.state.known) == ["sharing", "gauge", "leak", "rain", "reply"]
    assert [choice.id for choice in session.open] == ["warn"]
    assert session.move.id == "summer"
    session.decide("loud", "warn", role="alfa")
    assert session.over
    assert session.move is None
    assert session.open == ()
    assert len(session.state.known) == 7
    with pytest.raises(DecisionError, match="exercise is over"):
        session.decide("loud")


def test_the_log_tells_everything(session):
    session.decide("live", note="Fast.", confidence=0, evidence=["1999-flood"])
    start, decision, *draws = session.log
    assert (start.kind, start.roles, start.seed) == ("start", ("alfa",), 7)
    assert (decision.name, decision.value, decision.role) == ("sharing", "live", "alfa")
    assert (decision.note, decision.confidence) == ("Fast.", 0)
    assert decision.evidence == ("1999-flood",)
    assert decision.at.endswith("Z")
    assert {event.kind for event in draws} == {"draw"}
    assert engine.replay(session.scenario, session.log) == session.state


def test_nobody_at_the_table_means_that_all_is_drawn(play):
    session = Session(play, seed=3)
    assert session.over
    assert "nobody, over" in repr(session)


def test_the_same_seed_plays_the_same(play):
    one, other = Session(play, ["alfa"], seed=9), Session(play, ["alfa"], seed=9)
    for session in (one, other):
        to_the_end(session)
    assert one.hash == other.hash
    assert one.state.known == other.state.known


def test_a_seed_is_drawn_and_shown_when_none_is_given(play):
    seeds = {Session(play, ["alfa"]).seed for _ in range(5)}
    assert len(seeds) > 1
    assert all(0 <= seed < 1_000_000 for seed in seeds)
    assert Session(play, ["alfa"], seed=0).seed == 0


def test_a_session_says_where_it_stands(session):
    assert repr(session) == "Session of 'tiny' as Alfa, move 'spring'"
    session.decide("none")
    assert repr(session) == "Session of 'tiny' as Alfa, move 'summer'"


def test_following_a_plan_takes_every_decision(play):
    session = Session(play, ["alfa", "bravo"], seed=1)
    session.follow({**play.history, "warn": "nonsense"}, note="as it was")
    assert session.over
    known = session.state.known
    assert (known["sharing"], known["reply"], known["warn"]) == ("daily", "accept", "quiet")
    assert {e.note for e in session.log if e.kind == "decide"} == {"as it was"}


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda s: s.decide("lives"), "Open options: none, daily, live"),
        (lambda s: s.decide(""), "Open options"),
        (lambda s: s.decide("live", "warn"), "Open now: sharing"),
        (lambda s: s.decide("live", "shares"), "Did you mean 'sharing'"),
        (lambda s: s.decide("keep", "gauge"), "Open now: sharing"),
        (lambda s: s.decide("live", role="bravo"), "for Alfa"),
        (lambda s: s.decide("live", confidence=101), "0 to 100"),
        (lambda s: s.decide("live", confidence=-1), "0 to 100"),
        (lambda s: s.decide("live", confidence=50.0), "whole number"),
        (lambda s: s.decide("live", confidence=True), "whole number"),
        (lambda s: s.decide("live", confidence="80"), "whole number"),
        (lambda s: s.decide("live", evidence=["1999-floods"]), "Did you mean '1999-flood'"),
        (lambda s: s.decide("live", evidence=["2001-treaty"]), "2001-07-01, after 2001-03-01"),
        (lambda s: s.decide("live", evidence="1999-flood"), "No evidence is called '1'"),
        (lambda s: s.decide("live", note=3), "'note'"),
        (lambda s: s.note(3), "'note'"),
        (lambda s: s.withdraw(), "no decision to take back"),
        (lambda s: s.compare("warn"), "Open now: sharing"),
    ],
)
def test_a_refusal_says_what_is_allowed_and_changes_nothing(session, path, call, words):
    calls = []
    session.attach("panel", lambda: calls.append(1))
    session.keep_draft({"note": "half a thou"})
    state, log, file = session.state, session.log, path.read_bytes()
    with pytest.raises(DecisionError) as caught:
        call(session)
    assert words in str(caught.value)
    assert session.state is state
    assert session.log is log
    assert session.draft == {"note": "half a thou"}
    assert path.read_bytes() == file
    assert calls == []


@pytest.mark.parametrize("roles", [["charlie"], ["delta"], "alfa"])
def test_wrong_roles_are_refused_before_anything_is_written(play, path, roles):
    with pytest.raises(DecisionError, match="Nobody can play"):
        Session(play, roles, path=path)
    assert not path.exists()


@pytest.mark.parametrize("seed", ["7", 7.5, True])
def test_a_seed_that_could_not_be_read_back_is_refused(play, path, seed):
    with pytest.raises(DecisionError, match="'seed'"):
        Session(play, ["alfa"], seed=seed, path=path)
    assert not path.exists()


def test_with_two_choices_open_one_must_say_which_or_be_clear(play):
    session = Session(play, ["alfa", "bravo"], seed=1)
    session.decide("live")
    assert [choice.id for choice in session.open] == ["reply", "warn"]
    with pytest.raises(DecisionError, match="reply, warn"):
        session.decide("nonsense")
    session.decide("loud")
    assert session.state.known["warn"] == "loud"
    assert [choice.id for choice in session.open] == ["reply"]


# --- undo ---------------------------------------------------------------------------------------


def test_withdrawing_takes_back_the_last_decision_and_its_consequences(session, path):
    fresh = session.hash
    session.decide("live")
    met = session.state.known
    session.withdraw()
    assert session.hash == fresh
    assert session.state.known == {}
    assert store.read(path).log == session.log
    session.decide("live")
    assert session.state.known == met
    session.decide("loud")
    session.withdraw()
    assert session.state.known == met
    assert [event.kind for event in session.log].count("withdraw") == 2


def test_everything_can_be_withdrawn_and_then_no_more(play):
    session = Session(play, ["alfa", "bravo"], seed=4)
    fresh = session.hash
    to_the_end(session)
    for _ in range(3):
        session.withdraw()
    assert session.hash == fresh
    with pytest.raises(DecisionError):
        session.withdraw()


# --- views --------------------------------------------------------------------------------------


def test_views_are_called_once_per_change_and_replaced_by_name(session):
    calls = []
    session.attach("panel", lambda: calls.append("old"))
    session.attach("panel", lambda: calls.append("panel"))
    session.attach("plot", lambda: calls.append("plot"))
    for change in (
        lambda: session.decide("live"),
        lambda: session.note("Hm."),
        lambda: session.withdraw(),
    ):
        calls.clear()
        change()
        assert calls == ["panel", "plot"]
    calls.clear()
    session.keep_draft({"note": "x"})
    assert calls == []


def test_views_see_the_new_state_already_saved(session, path):
    seen = []
    session.attach("panel", lambda: seen.append((session.hash, len(store.read(path).log))))
    session.decide("live")
    assert seen == [(session.hash, len(session.log))]


def test_a_view_may_attach_another(session):
    session.attach("panel", lambda: session.attach("plot", lambda: None))
    session.decide("live")


# --- outcomes -----------------------------------------------------------------------------------


def test_outcomes_follow_what_is_known(session, play):
    before = session.outcomes()
    assert before["trust"].mean == evaluate(play, {}, roles=["alfa"])["trust"].mean
    assert session.outcomes() is before  # computed once
    session.decide("live")
    after = session.outcomes()
    assert after["trust"].mean == evaluate(play, session.state.known, roles=["alfa"])["trust"].mean
    session.withdraw()
    assert session.outcomes()["trust"].mean == before["trust"].mean


def by_hand(play, reply):
    """A play in which Alfa shared live, and chance did the rest as told."""
    log = [Event(1, "start", roles=("alfa",), seed=1), Event(2, "decide", "sharing", "live")]
    drawn = {"gauge": "keep", "leak": "leaked", "rain": "dry", "reply": reply}
    for seq, (name, value) in enumerate(drawn.items(), 3):
        log.append(Event(seq, "draw", name, value))
    return Session(play, log=log)


def test_the_base_case_meets_the_same_luck_without_the_decisions(play):
    session = by_hand(play, "refuse")
    luck = {n: v for n, v in session.state.known.items() if n != "sharing"}
    base = evaluate(play, luck, roles=["alfa"])
    assert session.base()["trust"].mean == pytest.approx(base["trust"].mean)
    decided = evaluate(play, {"sharing": "live"}, roles=["alfa"])
    assert session.prospects()["trust"].mean == pytest.approx(decided["trust"].mean)


def test_a_base_case_that_the_luck_rules_out_is_seen_from_the_start(play):
    """Bravo built a siren, which it can only when readings are shared."""
    session = by_hand(play, "build")
    assert session.base()["trust"].mean == session.plain_base()["trust"].mean
    assert session.results()


def test_options_are_compared_given_what_is_known(session):
    assert list(session.compare()) == ["none", "daily", "live"]
    session.decide("none")
    assert list(session.compare("warn")) == ["quiet", "loud"]


def test_a_finished_play_has_one_outcome_left(session):
    to_the_end(session)
    for outcome in session.outcomes().values():
        assert outcome.sd == 0
        assert outcome.values.shape == (1,)


# --- saving -------------------------------------------------------------------------------------


def test_every_event_is_saved_at_once(session, path, play):
    steps = [
        lambda: session.decide("live", note="Fast."),
        lambda: session.note("They hesitated."),
        lambda: session.withdraw(),
        lambda: session.decide("daily"),
        lambda: session.decide("loud"),
    ]
    assert store.read(path).log == session.log
    for step in steps:
        step()
        assert session.warning == ""
        assert store.read(path).log == session.log
        assert engine.state_hash(play, store.check(play, store.read(path))) == session.hash
    assert [p.name for p in path.parent.iterdir()] == ["tiny.json"]


def test_a_play_goes_on_exactly_where_it_stopped(session, path, play):
    session.decide("live", note="Fast.", confidence=70)
    session.keep_draft({"choice": "warn", "note": "half a thou"})
    again = resumed(play, path)
    assert again.hash == session.hash
    assert again.state == session.state
    assert again.log == session.log
    assert again.draft == {"choice": "warn", "note": "half a thou"}
    assert again.seed == 7
    assert [choice.id for choice in again.open] == ["warn"]
    again.decide("loud")
    session.decide("loud")
    assert again.hash == session.hash  # the same luck, too


def test_reading_a_play_does_not_write(session, path, play):
    session.decide("live")
    before = path.stat().st_mtime_ns, path.read_bytes()
    again = resumed(play, path)
    again.outcomes(), again.situation(), again.results(), repr(again)
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before


def test_a_draft_lives_until_the_decision(session, path):
    session.keep_draft({"note": "a"})
    session.keep_draft({"note": "ab"})
    assert store.read(path).draft == {"note": "ab"}
    session.note("An observer speaks.")
    assert store.read(path).draft == {"note": "ab"}
    session.decide("live")
    assert session.draft == {}
    assert store.read(path).draft == {}


def test_without_a_path_nothing_is_written(play, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    session = Session(play, ["alfa"], seed=1)
    session.decide("live")
    session.keep_draft({"note": "x"})
    assert list(tmp_path.iterdir()) == []
    assert session.warning == ""


NASTY = ["<script>alert(1)</script>", "\u202egnihton", "a\r\n\tb\x00\x7f", "\ud800", "x" * 100_000]


@pytest.mark.parametrize("words", NASTY, ids=range(len(NASTY)))
def test_any_words_come_back_unchanged(play, path, words):
    session = Session(play, ["alfa"], seed=7, path=path, alias=words)
    session.decide("live", note=words)
    session.note(words)
    session.keep_draft({"note": words})
    assert session.warning == ""
    again = resumed(play, path)
    assert again.log == session.log
    assert again.log[-1].note == words
    assert (again.alias, again.draft) == (words, {"note": words})
    again.decide("loud")
    assert again.warning == ""
    assert len(list(path.parent.iterdir())) == 1


@settings(tiny.TOUGH, max_examples=60)
@given(data=st.data())
def test_any_play_is_resumed_with_the_same_hash(tmp_path_factory, data):
    values = data.draw(tiny.raws())
    made = tiny.built(values)
    path = tmp_path_factory.mktemp("any") / "random.json"
    session = Session(made, made.playable, seed=data.draw(st.integers(0, 9)), path=path)
    while session.open and data.draw(st.integers(0, 5)):
        choice = data.draw(st.sampled_from(session.open))
        options = [o.id for o in engine.open_options(choice, session.state.known)]
        session.decide(data.draw(st.sampled_from(options)), choice.id, note=data.draw(st.text()))
        if data.draw(st.integers(0, 3)) == 3:
            session.withdraw()
    again = resumed(made, path)
    assert (again.hash, again.state, again.log) == (session.hash, session.state, session.log)


# --- when saving fails --------------------------------------------------------------------------


def test_a_folder_that_cannot_be_made_is_a_warning_and_play_goes_on(play, tmp_path):
    (tmp_path / "file").write_text("in the way")
    session = Session(play, ["alfa"], seed=7, path=tmp_path / "file" / "tiny.json")
    assert "not saved" in session.warning
    session.decide("live")
    assert "not saved" in session.warning
    assert session.state.known["sharing"] == "live"
    assert (tmp_path / "file").read_text() == "in the way"


def test_when_the_disk_is_full_the_last_good_file_stays(session, path, monkeypatch):
    session.decide("live")
    good = path.read_bytes()
    calls = []
    session.attach("panel", lambda: calls.append(session.warning))

    def full(_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("kit.files.os.fsync", full)
        session.decide("loud")
        assert "No space left" in session.warning
        assert calls == [session.warning]  # the views can show it
        assert path.read_bytes() == good
    session.note("More space now.")
    assert session.warning == ""
    assert store.read(path).log == session.log
    assert [p.name for p in path.parent.iterdir()] == ["tiny.json"]


def test_a_folder_in_place_of_the_file_is_kept_and_told(session, path):
    path.unlink()
    path.mkdir()
    (path / "precious").write_text("keep me")
    session.decide("live")
    assert session.warning
    assert session.state.known["sharing"] == "live"
    (kept,) = path.parent.rglob("precious")
    assert kept.read_text() == "keep me"


def test_a_file_that_vanished_is_written_anew(session, path):
    path.unlink()
    session.decide("live")
    assert (session.warning, store.read(path).log) == ("", session.log)


# --- two plays, one file ------------------------------------------------------------------------


def logs_in(folder):
    return [store.read(path).log for path in sorted(folder.iterdir())]


def test_two_plays_on_one_path_never_overwrite_each_other(play, path):
    one = Session(play, ["alfa"], seed=1, path=path)
    one.decide("live")
    other = Session(play, ["bravo"], seed=2, path=path)
    assert "kept as tiny.1.json" in other.warning
    assert set(logs_in(path.parent)) == {one.log, other.log}
    one.decide("loud")
    assert "kept as" in one.warning
    other.decide("accept")
    found = logs_in(path.parent)
    assert one.log in found
    assert other.log in found
    assert store.read(path).log == other.log


def test_two_windows_on_one_play_never_overwrite_each_other(session, path, play):
    session.decide("live")
    window = resumed(play, path)
    window.note("from the other window")
    session.decide("loud")
    found = logs_in(path.parent)
    assert window.log in found
    assert session.log in found


@pytest.mark.parametrize("there", [b"", b"\xff\xfe", b"someone's notes", b"{}"])
def test_a_foreign_file_is_kept(play, path, there):
    path.parent.mkdir()
    path.write_bytes(there)
    session = Session(play, ["alfa"], seed=1, path=path)
    assert "kept as tiny.1.json" in session.warning
    assert path.with_name("tiny.1.json").read_bytes() == there
    assert store.read(path).log == session.log


# --- the front door -----------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A scenario file, a folder for capsules, and the evidence it may cite."""
    monkeypatch.setenv("KIT_CAPSULES", str(tmp_path / "plays"))
    file = tmp_path / "tiny.yaml"
    file.write_text(tiny.TEXT)
    return file


def test_start_and_resume_by_name(file, path):
    session = plays.start(file, "alfa", seed=7, alias="Team 1")
    session.decide("live")
    again = plays.resume(file)
    assert (again.hash, again.alias) == (session.hash, "Team 1")
    assert plays.saved(file).hash == session.hash
    assert plays.resume(file, path).hash == session.hash


def test_a_new_start_sets_the_old_play_aside(file, path):
    first = plays.start(file, "alfa", seed=7)
    first.decide("live")
    second = plays.start(file, ["alfa", "bravo"], seed=8)
    assert logs_in(path.parent) == [first.log, second.log]
    assert second.warning == ""


def test_a_refused_start_leaves_the_old_play_where_it_is(file, path):
    session = plays.start(file, "alfa", seed=7)
    with pytest.raises(DecisionError, match="Nobody can play"):
        plays.start(file, "charlie")
    assert [p.name for p in path.parent.iterdir()] == ["tiny.json"]
    assert plays.resume(file).hash == session.hash


def test_nothing_is_written_when_nothing_is_to_be_saved(file, path):
    plays.start(file, "alfa", save=False).decide("live")
    assert not path.parent.exists()
    assert plays.saved(file) is None
    with pytest.raises(StoreError, match="does not exist"):
        plays.resume(file)


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw | {"scenario": "other"},
        lambda raw: raw | {"fingerprint": "0" * 16},
        lambda raw: raw | {"format_version": 2},
        lambda raw: raw | {"log": raw["log"][1:]},
        lambda raw: raw | {"log": []},
        lambda raw: raw | {"log": [*raw["log"], raw["log"][-1]]},
        lambda raw: {"format": "notebook"},
    ],
)
def test_a_wrong_capsule_is_refused_and_left_as_it_is(file, path, change):
    plays.start(file, "alfa", seed=7).decide("live")
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    before = path.read_bytes()
    with pytest.raises(StoreError):
        plays.resume(file)
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["tiny.json"]


def test_an_edited_scenario_is_read_again_and_refuses_the_old_play(file):
    plays.start(file, "alfa", seed=7).decide("live")
    file.write_text(tiny.edited(("title: Snow melts", "title: The snow melts")))
    with pytest.raises(StoreError, match="edited file of the same version"):
        plays.resume(file)
    file.write_text("broken: [")
    with pytest.raises(ScenarioError, match="line 1"):
        plays.start(file, "alfa")
