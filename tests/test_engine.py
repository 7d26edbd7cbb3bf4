"""The rules of play: replay, refusal, undo, luck, and the hash that ties them together."""

from __future__ import annotations

import json
import random
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import engine, scenario, store
from kit.errors import DecisionError, ScenarioError
from kit.log import KINDS, Event

GOLDEN = Path(__file__).with_name("golden")


@pytest.fixture(scope="module")
def play():
    return tiny.parsed()


@pytest.fixture(params=[tiny.as_made, tiny.through_json], ids=["as made", "through JSON"])
def kept(request):
    """How a log gets from the player to the reader; nothing may depend on it."""
    return request.param


class Table:
    """Plays by hand, event by event."""

    def __init__(self, scenario_, roles=("alfa", "bravo"), seed=1):
        self.scenario = scenario_
        self.log = [Event(1, "start", roles=tuple(roles), seed=seed)]
        self.state = engine.replay(scenario_, self.log)

    def add(self, kind, name="", value="", **more):
        event = Event(self.state.seq + 1, kind, name, value, **more)
        self.state = engine.apply(self.scenario, self.state, event)
        self.log.append(event)
        return event.seq

    def refuses(self, kind, name="", value="", **more):
        before, log = self.state, list(self.log)
        with pytest.raises(DecisionError) as caught:
            self.add(kind, name, value, **more)
        assert self.state is before
        assert self.log == log
        return str(caught.value)

    def draw_all(self):
        while (due := engine.pending(self.scenario, self.state)) is not None:
            if engine.is_played(self.state, due):
                return
            rng = engine.luck(self.state.seed, due.id)
            self.add("draw", due.id, engine.draw(due, self.state.known, rng))

    @property
    def open(self):
        return [choice.id for choice in engine.open_choices(self.scenario, self.state)]


@pytest.fixture
def table(play):
    return Table(play)


def to_summer(table, leak="kept"):
    table.add("decide", "sharing", "live")
    table.add("draw", "gauge", "keep")
    table.add("draw", "leak", leak)
    table.add("draw", "rain", "wet")
    return table


# --- the order of play --------------------------------------------------------------------------


def test_a_new_play_has_nothing_settled(table, play):
    assert table.state == engine.State(("alfa", "bravo"), 1, (), 1)
    assert table.open == ["sharing"]
    assert engine.current_move(play, table.state).id == "spring"
    assert engine.pending(play, table.state).id == "sharing"


def test_what_nobody_plays_must_be_drawn_before_play_goes_on(table):
    table.add("decide", "sharing", "none")
    assert table.open == []
    assert "Nothing is open now" in table.refuses("decide", "reply", "accept")
    table.add("draw", "gauge", "break")
    assert table.open == []
    assert engine.current_move(table.scenario, table.state).id == "summer"
    table.add("draw", "leak", "kept")
    table.add("draw", "rain", "dry")
    assert table.open == ["reply", "warn"]


def test_choices_of_one_move_may_be_taken_in_any_order(play, kept):
    one, other = to_summer(Table(play)), to_summer(Table(play))
    one.add("decide", "reply", "accept")
    one.add("decide", "warn", "loud")
    other.add("decide", "warn", "loud")
    assert other.open == ["reply"]
    other.add("decide", "reply", "accept")
    for table in (one, other):
        assert engine.replay(play, kept(table.log)) == table.state
    assert one.state.known == other.state.known


def test_a_choice_that_looks_at_another_waits_for_it():
    text = tiny.edited(
        ("loud: {text: By siren., tradeoff: It frightens., odds: 0.5}",
         "loud: {text: By siren., tradeoff: It frightens., odds: 0.5, when: {reply: build}}"),
    )  # fmt: skip
    table = to_summer(Table(tiny.parsed(text)))
    assert table.open == ["reply"]
    assert "Open now: reply" in table.refuses("decide", "warn", "quiet")
    table.add("decide", "reply", "accept")
    assert table.open == ["warn"]
    assert "'loud' is closed here. Open options: quiet." in table.refuses("decide", "warn", "loud")


def test_the_end_is_drawn_and_then_it_is_over(play, kept):
    table = to_summer(Table(play))
    table.add("decide", "warn", "quiet")
    table.add("decide", "reply", "refuse")
    assert engine.pending(play, table.state).id == "flood"
    assert engine.current_move(play, table.state) is None
    table.add("draw", "flood", "yes")
    assert engine.pending(play, table.state) is None
    assert table.open == []
    assert "Nothing is open now" in table.refuses("decide", "warn", "quiet")
    assert engine.replay(play, kept(table.log)) == table.state
    assert list(engine.reached_moves(play, table.state)) == list(play.moves.values())


def test_find_choice_names_what_is_open(play, table):
    assert engine.find_choice(play, table.state, None, "live").id == "sharing"
    assert engine.find_choice(play, table.state, "sharing", "live").id == "sharing"
    with pytest.raises(DecisionError, match=r"'warn' cannot be decided now\. Open now: sharing"):
        engine.find_choice(play, table.state, "warn", "loud")
    with pytest.raises(DecisionError, match="Did you mean 'sharing'"):
        engine.find_choice(play, table.state, "sharin", "live")
    to_summer(table)
    assert engine.find_choice(play, table.state, None, "loud").id == "warn"
    with pytest.raises(DecisionError, match=r"Say which choice you mean: reply, warn\."):
        engine.find_choice(play, table.state, None, "nonsense")


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name", "value", "more", "words"),
    [
        ("decide", "sharing", "lives", {}, "is no option. Open options: none, daily, live."),
        ("decide", "warn", "loud", {}, "'warn' cannot be decided now. Open now: sharing."),
        ("decide", "rain", "dry", {}, "Open now: sharing."),
        ("decide", "gauge", "keep", {}, "Open now: sharing."),
        ("decide", "nonsense", "x", {}, "Open now: sharing."),
        ("decide", "sharing", "live", {"role": "bravo"}, "for Alfa ('alfa') to decide"),
        (
            "decide",
            "sharing",
            "live",
            {"confidence": -1},
            "-1 is not a whole number from 0 to 100",
        ),
        ("decide", "sharing", "live", {"confidence": 101}, "101 is not"),
        ("decide", "sharing", "live", {"confidence": True}, "True is not"),
        ("decide", "sharing", "live", {"confidence": 50.5}, "50.5 is not"),
        ("decide", "sharing", "live", {"confidence": "50"}, "'50' is not"),
        ("draw", "sharing", "live", {}, "not for chance"),
        ("draw", "gauge", "keep", {}, "not for chance"),
        ("draw", "nonsense", "keep", {}, "not for chance"),
        ("withdraw", "", "", {"ref": 1}, "no decision 1"),
        ("withdraw", "", "", {"ref": None}, "no decision None"),
        ("start", "", "", {"roles": ("alfa",)}, "one start event"),
        ("guess", "sharing", "live", {}, "'guess' is not known"),
        ("", "sharing", "live", {}, "is not known"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(table, kind, name, value, more, words):
    assert words in table.refuses(kind, name, value, **more)


@pytest.mark.parametrize("seq", [0, 1, 3, -1])
def test_events_out_of_order_are_refused(play, table, seq):
    with pytest.raises(DecisionError, match=f"Event {seq} cannot follow event 1"):
        engine.apply(play, table.state, Event(seq, "note"))


def test_a_log_must_begin_with_a_start(play):
    with pytest.raises(DecisionError, match="begins with one start"):
        engine.replay(play, [Event(1, "decide", "sharing", "live")])


@pytest.mark.parametrize("roles", [("charlie",), ("delta",), ("alfa", "")])
def test_only_blue_roles_that_decide_can_be_played(play, roles):
    with pytest.raises(DecisionError):
        Table(play, roles)


def test_a_draw_of_no_chance_is_refused(play):
    certain = tiny.edited(("odds: {dry: 0.6, wet: 0.4}", "odds: {dry: 1, wet: 0}"))
    table = Table(tiny.parsed(certain))
    table.add("decide", "sharing", "none")
    table.add("draw", "gauge", "keep")
    table.add("draw", "leak", "kept")
    assert "cannot become 'wet'" in table.refuses("draw", "rain", "wet")
    assert "cannot become 'damp'" in table.refuses("draw", "rain", "damp")


def test_a_closed_option_cannot_be_drawn(play):
    table = Table(play, roles=())
    for name, value in [("sharing", "none"), ("gauge", "keep"), ("leak", "leaked")]:
        table.add("draw", name, value)
    table.add("draw", "rain", "dry")
    assert "cannot become 'build'" in table.refuses("draw", "reply", "build")


@pytest.mark.parametrize(
    "change",
    [
        lambda log: log[1:],
        lambda log: [*log[:2], *log[3:]],
        lambda log: [*log, log[-1]],
        lambda log: [log[0], replace(log[1], value="lives"), *log[2:]],
        lambda log: [log[0], replace(log[1], kind="draw"), *log[2:]],
        lambda log: [replace(log[0], roles=("bravo",)), *log[1:]],
        lambda log: [replace(log[0], roles=("charlie",)), *log[1:]],
        lambda log: [*log[:2], replace(log[2], kind="decide"), *log[3:]],
        lambda log: [*log[:-1], replace(log[-1], value="snow")],
        lambda log: [replace(log[0], seq=0), *log[1:]],
    ],
)
def test_a_log_of_impossible_events_is_refused(play, kept, change):
    log = to_summer(Table(play)).log
    assert engine.replay(play, kept(log)).seq == 5
    with pytest.raises(DecisionError):
        engine.replay(play, kept(change(log)))


def test_a_choice_without_open_options_is_a_dead_end():
    text = tiny.edited(
        ("quiet: {text: By telephone., tradeoff: Slow., odds: 0.5}",
         "quiet: {text: By telephone., tradeoff: Slow., odds: 0.5, when: {rain: dry}}"),
        ("loud: {text: By siren., tradeoff: It frightens., odds: 0.5}",
         "loud: {text: By siren., tradeoff: It frightens., odds: 0.5, when: {rain: dry}}"),
    )  # fmt: skip
    dead = tiny.parsed(text)
    with pytest.raises(ScenarioError, match="'warn' has no open option"):
        engine.open_options(dead.choices["warn"], {"rain": "wet"})
    assert len(engine.open_options(dead.choices["warn"], {"rain": "dry"})) == 2


# --- undo ---------------------------------------------------------------------------------------


def test_withdrawing_restores_what_was(play, kept):
    table = Table(play)
    fresh = engine.state_hash(play, table.state)
    first = table.add("decide", "sharing", "live")
    table.draw_all()
    summer = table.state
    second = table.add("decide", "warn", "loud")
    table.add("withdraw", ref=second)
    assert table.state.entries == summer.entries
    assert engine.state_hash(play, table.state) == engine.state_hash(play, summer)
    table.add("decide", "reply", "accept")
    table.add("withdraw", ref=first)
    assert table.state.known == {}
    assert engine.state_hash(play, table.state) == fresh
    assert "no decision" in table.refuses("withdraw", ref=first)
    table.add("decide", "sharing", "none")
    assert engine.replay(play, kept(table.log)) == table.state
    assert len(table.log) == table.state.seq


def test_chance_cannot_be_withdrawn(table):
    to_summer(table)
    assert "Only a decision can be withdrawn" in table.refuses("withdraw", ref=3)


def test_a_note_changes_nothing_but_the_count(table):
    before = table.state
    table.add("note", note="They hesitated.")
    assert table.state == replace(before, seq=2)
    assert engine.state_hash(table.scenario, table.state) == engine.state_hash(
        table.scenario, before
    )


# --- luck ---------------------------------------------------------------------------------------


def test_luck_depends_on_seed_and_name_only():
    assert engine.luck(7, "rain").random() == engine.luck(7, "rain").random()
    assert engine.luck(7, "rain").random() != engine.luck(8, "rain").random()
    assert engine.luck(7, "rain").random() != engine.luck(7, "leak").random()


def test_the_golden_luck_is_drawn():
    """Committed once: a change here changes every seeded play that a class has planned."""
    golden = json.loads((GOLDEN / "expected.json").read_text("utf-8"))
    assert engine.luck(7, "rain").random() == golden["luck of rain at seed 7"]


def test_a_withdrawn_decision_does_not_reshuffle_luck(play):
    for seed in range(20):
        table = Table(play, seed=seed)
        first = table.add("decide", "sharing", "live")
        table.draw_all()
        met = table.state.known
        table.add("withdraw", ref=first)
        table.add("decide", "sharing", "live")
        table.draw_all()
        assert table.state.known == met


def test_luck_is_the_same_whatever_the_order_of_decisions(play):
    for seed in range(20):
        ends = []
        for order in (["reply", "warn"], ["warn", "reply"]):
            table = Table(play, seed=seed)
            table.add("decide", "sharing", "daily")
            table.draw_all()
            for name in order:
                table.add("decide", name, {"reply": "accept", "warn": "loud"}[name])
            table.draw_all()
            ends.append(table.state.known)
        assert ends[0] == ends[1]


def test_what_does_not_look_at_a_decision_is_not_moved_by_it(play):
    """Rain and the gauge have nothing to do with sharing: the same seed, the same luck."""
    for seed in range(20):
        met = []
        for option in ("none", "daily", "live"):
            table = Table(play, roles=("alfa",), seed=seed)
            table.add("decide", "sharing", option)
            table.draw_all()
            met.append([table.state.known[name] for name in ("gauge", "rain")])
        assert met[0] == met[1] == met[2]


def test_luck_follows_the_odds(play):
    rng = random.Random(3)
    leak = play.variables["leak"]
    for known, chance in (({"sharing": "live"}, 0.5), ({"sharing": "none"}, 0.2)):
        drawn = [engine.draw(leak, known, rng) for _ in range(4000)]
        assert drawn.count("leaked") / 4000 == pytest.approx(chance, abs=0.032)  # 4 errors


# --- odds ---------------------------------------------------------------------------------------


def test_the_first_rule_that_holds_gives_the_odds(play):
    reply = play.variables["reply"]
    assert engine.odds(reply, {"sharing": "live", "leak": "leaked"}) == {
        "accept": 0.2, "refuse": 0.6, "build": 0.2,
    }  # fmt: skip
    assert engine.odds(reply, {"sharing": "live", "leak": "kept"})["accept"] == 0.7


def test_odds_of_closed_options_are_shared_out(play):
    found = engine.odds(play.variables["reply"], {"sharing": "none", "leak": "leaked"})
    assert found == pytest.approx({"accept": 0.25, "refuse": 0.75, "build": 0.0})


def test_odds_of_nothing_are_shared_evenly():
    text = tiny.edited(
        ("tradeoff: You depend on them., odds: 0.7,", "tradeoff: You depend on them., odds: 0,"),
        ("tradeoff: You stay blind., odds: 0.3}", "tradeoff: You stay blind., odds: 0}"),
        ("            odds: 0\n", "            odds: 1\n"),
    )
    reply = tiny.parsed(text).variables["reply"]
    found = engine.odds(reply, {"sharing": "none", "leak": "kept"})
    assert found == {"accept": 0.5, "refuse": 0.5, "build": 0.0}


def test_odds_that_are_nearly_one_are_made_one():
    text = tiny.edited(("odds: {dry: 0.6, wet: 0.4}", "odds: {dry: 0.6000005, wet: 0.4}"))
    assert sum(engine.odds(tiny.parsed(text).variables["rain"], {}).values()) == pytest.approx(
        1, abs=1e-15
    )


# --- who sees what ------------------------------------------------------------------------------


def seen(table, roles=None):
    return [i.id for _, i in engine.visible_injects(table.scenario, table.state, roles)]


def test_injects_reach_only_their_roles(play):
    assert seen(Table(play)) == ["wait", "ask"]
    assert seen(Table(play, roles=("alfa",))) == ["ask"]
    assert seen(Table(play, roles=("bravo",))) == ["wait"]
    assert seen(Table(play), roles=["charlie"]) == []
    assert seen(Table(play, roles=("alfa",)), roles=["bravo"]) == ["wait"]


@pytest.mark.parametrize(("leak", "delivered"), [("leaked", True), ("kept", False)])
def test_injects_come_only_when_their_condition_holds(play, leak, delivered):
    table = to_summer(Table(play), leak)
    assert ("paper" in seen(table)) is delivered


def test_injects_of_later_moves_are_not_seen_early(table):
    table.add("decide", "sharing", "live")
    table.add("draw", "gauge", "keep")
    assert "paper" not in seen(table)
    assert [m.id for m in engine.reached_moves(table.scenario, table.state)] == [
        "spring",
        "summer",
    ]


# --- the hash -----------------------------------------------------------------------------------


def test_the_golden_log_leads_to_the_golden_hash(play, kept):
    """Committed once: the same log gives the same state on every machine and in every version."""
    golden = json.loads((GOLDEN / "expected.json").read_text("utf-8"))
    capsule = store.read(GOLDEN / "tiny-play.json")
    state = engine.replay(play, kept(capsule.log))
    assert play.fingerprint == golden["fingerprint"] == capsule.fingerprint
    assert engine.state_hash(play, state) == golden["state hash"]
    assert state.known == golden["known"]
    assert {event.kind for event in capsule.log} == {*KINDS} - {"predict"}  # see test_foresight


def test_the_hash_tells_states_apart(play):
    states = [Table(play).state, Table(play, roles=("alfa",)).state, to_summer(Table(play)).state,
              to_summer(Table(play), "leaked").state]  # fmt: skip
    hashes = {engine.state_hash(play, state) for state in states}
    other = tiny.parsed(tiny.edited(("title: Snow melts", "title: Snow melted")))
    hashes.add(engine.state_hash(other, states[0]))
    assert len(hashes) == 5


def test_the_hash_knows_no_order_of_roles_and_no_time(play):
    one = engine.replay(play, [Event(1, "start", roles=("alfa", "bravo"), seed=1, at="now")])
    other = engine.replay(play, [Event(1, "start", roles=("bravo", "alfa"), seed=1)])
    assert engine.state_hash(play, one) == engine.state_hash(play, other)


# --- any play of any scenario -------------------------------------------------------------------


@settings(tiny.TOUGH, max_examples=120)
@given(st.data())
def test_replay_is_the_same_as_stepwise_play(data):
    values = data.draw(tiny.raws())
    made = tiny.built(values)
    roles = (
        data.draw(st.lists(st.sampled_from(made.playable), unique=True)) if made.playable else []
    )
    table = Table(made, roles, data.draw(st.integers(0, 99)))
    for _ in range(data.draw(st.integers(1, 12))):
        table.draw_all()
        taken = [e.seq for e in table.state.entries
                 if engine.is_played(table.state, made.variables[e.name])]  # fmt: skip
        if taken and data.draw(st.integers(0, 3)) == 3:
            table.add("withdraw", ref=data.draw(st.sampled_from(taken)))
        elif table.open:
            name = data.draw(st.sampled_from(table.open))
            options = engine.open_options(made.choices[name], table.state.known)
            chosen = data.draw(st.sampled_from([option.id for option in options]))
            table.add("decide", name, chosen, note=data.draw(st.text(max_size=5)))
        else:
            table.add("note", note="x")
    for log in (table.log, tiny.through_json(table.log)):
        state = engine.replay(made, log)
        assert state == table.state
        assert engine.state_hash(made, state) == engine.state_hash(made, table.state)
    known = table.state.known
    assert len(known) == len(table.state.entries)
    for entry in table.state.entries:
        assert entry.value in made.variables[entry.name].domain
    assert [c.id for c in engine.open_choices(made, table.state)] == table.open


# --- events -------------------------------------------------------------------------------------


def test_an_event_leaves_out_what_is_not_set():
    assert Event(1, "note").to_json() == {"seq": 1, "kind": "note"}
    kept = Event(1, "decide", confidence=0, evidence=("a",), ref=0).to_json()
    assert kept == {"seq": 1, "kind": "decide", "confidence": 0, "evidence": ["a"], "ref": 0}


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"seq": 1},
        {"kind": "note"},
        {"seq": 1, "kind": "guess"},
        {"seq": 1, "kind": "note", "color": "red"},
        {"seq": "1", "kind": "note"},
        {"seq": 1.0, "kind": "note"},
        {"seq": True, "kind": "note"},
        {"seq": None, "kind": "note"},
        {"seq": 1, "kind": None},
        {"seq": 1, "kind": "note", "note": None},
        {"seq": 1, "kind": "note", "note": 3},
        {"seq": 1, "kind": "decide", "confidence": 50.5},
        {"seq": 1, "kind": "decide", "confidence": True},
        {"seq": 1, "kind": "decide", "confidence": "50"},
        {"seq": 1, "kind": "decide", "evidence": "abc"},
        {"seq": 1, "kind": "decide", "evidence": [1]},
        {"seq": 1, "kind": "start", "roles": {"alfa": 1}},
        {"seq": 1, "kind": "start", "seed": "7"},
    ],
)
def test_a_damaged_event_is_refused(raw):
    with pytest.raises(DecisionError):
        Event.from_json(raw)


@settings(tiny.TOUGH, max_examples=100)
@given(
    st.builds(
        Event,
        st.integers(),
        st.sampled_from(KINDS),
        *[st.text()] * 4,
        st.none() | st.integers(),
        *[st.lists(st.text()).map(tuple)] * 2,
        *[st.none() | st.integers()] * 2,
        st.text(),
    )
)
def test_any_event_comes_back_from_json_as_it_was(event):
    assert tiny.through_json([event]) == (event,)


def test_states_and_events_cannot_be_changed(table):
    with pytest.raises(FrozenInstanceError):
        table.state.seq = 9
    with pytest.raises(FrozenInstanceError):
        table.log[0].seq = 9


def test_the_scenarios_that_ship_can_be_played_to_the_end():
    assert scenario.names()
    for name in scenario.names():
        shipped = scenario.load(name)
        for plan in (shipped.base_case, shipped.history):
            table = Table(shipped, shipped.playable)
            table.draw_all()
            while table.open:
                choice = shipped.choices[table.open[0]]
                options = [o.id for o in engine.open_options(choice, table.state.known)]
                planned = plan.get(choice.id)
                table.add("decide", choice.id, planned if planned in options else options[0])
                table.draw_all()
            assert engine.pending(shipped, table.state) is None
