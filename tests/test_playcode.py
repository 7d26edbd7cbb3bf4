"""Codes of a play: the same state hash on the other machine, and no slip goes unnoticed."""

from __future__ import annotations

import itertools

import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st
from test_fork import _play

from kit import engine, playcode, store
from kit.errors import StoreError
from kit.log import Event
from kit.playcode import ALPHABET, from_code, to_code
from kit.session import Session


@pytest.fixture(scope="module")
def play():
    return tiny.parsed()


def made(play, seed=7, roles=("alfa",), sure=80):
    session = Session(play, roles, seed=seed)
    while session.open:
        choice = session.open[0]
        session.decide(engine.open_options(choice, session.state.known)[-1].id, choice.id,
                       note="A reason.", confidence=sure)  # fmt: skip
    return session


def refused(text, play):
    with pytest.raises(StoreError) as caught:
        from_code(text, play)
    return str(caught.value)


def decisions(log):
    return [(e.name, e.value, e.role, e.confidence) for e in log if e.kind == "decide"]


# --- there and back -----------------------------------------------------------------------------


def test_a_code_leads_to_the_same_play_without_the_words(play):
    session = made(play)
    code = to_code(session.capsule, play)
    again = Session.opened(play, from_code(code, play), None)
    assert again.hash == session.hash
    assert again.seed == 7
    assert [row[:2] + row[3:] for row in decisions(again.log)] == [
        row[:2] + row[3:] for row in decisions(session.log)
    ]
    assert {event.note for event in again.log} == {""}
    assert to_code(again.capsule, play) == code


def test_a_code_is_short_and_has_no_signs_that_look_alike(play):
    code = to_code(made(play).capsule, play)
    assert len(code) < 30
    assert {*code} <= {*ALPHABET, "-"}
    assert not {*ALPHABET} & {*"01ILO"}
    assert all(len(group) == 4 for group in code.split("-")[:-1])


def test_a_play_without_confidence_has_a_shorter_code(play):
    stated, silent = (to_code(made(play, sure=sure).capsule, play) for sure in (80, None))
    assert len(silent) < len(stated)
    assert [row[3] for row in decisions(from_code(silent, play).log)] == [None, None]


@pytest.mark.parametrize("seed", [0, 1, 999_999, 1_000_000, -1, -(10**30), 2**200])
def test_any_seed_comes_back(play, seed):
    session = made(play, seed)
    assert from_code(to_code(session.capsule, play), play).log[0].seed == seed


def test_a_play_under_way_goes_on_where_it_stood(play):
    session = Session(play, ["alfa"], seed=3)
    for _ in range(2):
        again = Session.opened(play, from_code(to_code(session.capsule, play), play), None)
        assert [choice.id for choice in again.open] == [choice.id for choice in session.open]
        assert again.hash == session.hash
        session.decide(session.open[0].domain[0])


@settings(tiny.TOUGH, max_examples=150)
@given(st.data())
def test_any_play_of_any_scenario_comes_back_with_its_hash(data):
    scenario = tiny.built(data.draw(tiny.raws()))
    roles = [role for role in scenario.playable if data.draw(st.booleans())]
    seed = data.draw(st.one_of(st.integers(0, 999_999), st.integers(-(2**70), 2**70)))
    session = Session(scenario, roles, seed=seed)
    _play(data, session)
    code = to_code(session.capsule, scenario)
    again = Session.opened(scenario, from_code(code, scenario), None)
    assert again.hash == session.hash
    assert {*again.state.roles} == {*session.state.roles}
    assert again.state.known == session.state.known
    assert list(again.state.known) == list(session.state.known)
    taken = {entry.seq for entry in session.state.entries}
    stand = [e for e in session.log if e.kind == "decide" and e.seq in taken]
    assert [row[:2] for row in decisions(again.log)] == [row[:2] for row in decisions(stand)]


@pytest.mark.parametrize(
    "change",
    [str.lower, lambda c: c.replace("-", ""), lambda c: c.replace("-", " \n"),
     lambda c: c.replace("-", "\u2013"), lambda c: f"  {c}\u200b\t",
     lambda c: "".join(chr(ord(x) + 0xFEE0) for x in c)],
)  # fmt: skip
def test_how_a_code_is_typed_does_not_matter(play, change):
    code = to_code(made(play).capsule, play)
    assert from_code(change(code), play) == from_code(code, play)


# --- slips --------------------------------------------------------------------------------------


@pytest.mark.parametrize("roles", [("alfa",), ("alfa", "bravo")])
def test_one_wrong_letter_is_always_noticed(play, roles):
    for seed in (1, 2**200):  # also in a code that is longer than the alphabet
        code = to_code(made(play, seed, roles).capsule, play)
        for place, right in enumerate(code):
            for wrong in ALPHABET.replace(right, "") if right != "-" else "":
                assert "wrong, missing" in refused(code[:place] + wrong + code[place + 1 :], play)


def test_two_neighbors_in_the_wrong_order_are_always_noticed(play):
    letters = to_code(made(play).capsule, play).replace("-", "")
    for place, (one, other) in enumerate(itertools.pairwise(letters)):
        if one != other:
            assert "wrong" in refused(letters[:place] + other + one + letters[place + 2 :], play)


def test_a_letter_too_few_or_too_many_is_noticed(play):
    letters = to_code(made(play).capsule, play).replace("-", "")
    for place in range(len(letters)):
        refused(letters[:place] + letters[place + 1 :], play)
        for extra in ALPHABET:
            if extra not in (letters[place], letters[place - 1]):
                refused(letters[:place] + extra + letters[place:], play)
    for end in range(len(letters)):
        refused(letters[:end], play)
        refused(letters + letters[: end + 1], play)
    for zeros in range(1, 70):
        refused(ALPHABET[0] * zeros, play)
        refused(ALPHABET[0] * zeros + letters, play)


@settings(tiny.TOUGH, max_examples=200)
@given(st.text(max_size=60) | st.text(ALPHABET, max_size=60))
def test_any_other_text_is_refused_in_words(text):
    assert len(refused(text, tiny.parsed())) < 300


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Type or paste a code first"),
        (" - \n", "Type or paste a code first"),
        ("ABCO", "“O” is in no code"),
        ("<script>", "“<” is in no code"),
        ("A" * 5000, "5,000 characters"),
        ("AAAA", "wrong, missing"),
    ],
)
def test_what_is_no_code_is_named(play, text, words):
    assert words in refused(text, play)


def test_a_code_of_another_exercise_or_version_is_refused(play):
    code = to_code(made(play).capsule, play)
    newer = tiny.parsed(tiny.edited(("version: 1.0.0", "version: 1.0.1")))
    edited = tiny.parsed(tiny.edited(("title: Snow melts", "title: Snow falls")))
    assert "another version" in refused(code, newer)
    assert "1.0.1" in refused(code, newer)
    assert "another version" in refused(code, edited)


# --- what no code can carry ---------------------------------------------------------------------


def test_a_play_whose_chance_is_not_of_its_seed_has_no_code(play):
    """A log that was edited so that chance brought something else is possible, but has no code."""
    session = made(play)
    drawn = next(e for e in session.log if e.kind == "draw" and e.name == "flood")
    other = "no" if drawn.value == "yes" else "yes"
    log = tuple(
        Event(e.seq, "draw", e.name, other, at=e.at) if e is drawn else e for e in session.log
    )
    capsule = store.Capsule(play.id, play.version, play.fingerprint, log)
    store.check(play, capsule)
    with pytest.raises(StoreError, match="Download it as a file"):
        to_code(capsule, play)


def test_a_seed_without_end_has_no_code(play):
    session = Session(play, ["alfa"], seed=10**4000)
    with pytest.raises(StoreError, match="Download it as a file"):
        to_code(session.capsule, play)


def test_a_foreign_capsule_has_no_code_here(play):
    capsule = store.Capsule("other", "1", "0" * 16, made(play).log)
    with pytest.raises(StoreError, match="of 'other'"):
        to_code(capsule, play)


def test_every_number_is_a_play_or_refused(play):
    """Even a code whose guards fit by accident never breaks anything."""
    for number in range(0, 60_000, 7):
        code = playcode._sealed(playcode._signs(number), play)
        try:
            log = from_code(code, play).log
        except StoreError:
            continue
        assert engine.replay(play, log)
