"""Scenario files: what is accepted, what is refused and in which words, and what comes of it."""

from __future__ import annotations

import dataclasses
import itertools
from types import MappingProxyType

import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import scenario
from kit.errors import ScenarioError


@pytest.fixture(scope="module")
def play():
    return tiny.parsed()


def causes(text, **options):
    return [str(problem) for problem in tiny.problems(text, **options)]


# --- what is refused; one defect at a time: test_broken.py ---------------------------------------


def test_all_problems_are_reported_at_once_in_the_order_of_the_file():
    text = tiny.edited(
        ("odds: {dry: 0.6, wet: 0.4}", "odds: {dry: 0.7, wet: 0.4}"),
        ("role: bravo", "role: brava"),
        ("low: -3", "low: 3"),
        ("gauge: keep", "gauge: kept"),
        ("{reply: accept}, change: {trust: habit}", "{reply: accept}, change: {trust: saved}"),
        ("        evidence: [2001-treaty]", "        evidence: [2005-gauge]"),
    )
    lines = [problem.line for problem in tiny.problems(text)]
    assert len(lines) == 6
    assert lines == sorted(lines)


def test_all_missing_and_unknown_keys_are_reported_once_each():
    found = causes("schema: 2\ntitel: x\nid: tiny\n", file="tiny.yaml")
    assert len(found) == len(set(found)) == 15
    assert sum("is missing" in cause for cause in found) == 14
    assert any("'titel' is not known here. Did you mean 'title'?" in cause for cause in found)


@pytest.mark.parametrize("text", ["- a\n", "just words\n", "3\n", "---\n", "null\n"])
def test_what_is_no_block_of_keys_is_one_problem(text):
    (cause,) = causes(text)
    assert "is not a block of keys" in cause


def test_the_same_mistake_has_the_same_words_every_time():
    text = tiny.edited(("base_case: {sharing: none", "base_case: {zzz: a, sharing: none"))
    (cause,) = causes(text)
    assert "Known: sharing, gauge, reply, warn." in cause


def test_without_a_record_evidence_is_not_judged():
    text = tiny.edited(("        evidence: [2001-treaty]", "        evidence: [never-was]"))
    assert tiny.parsed(text, known_on=None).moves["summer"].injects[0].evidence == ("never-was",)


def test_evidence_of_the_day_itself_is_not_hindsight(play):
    assert play.moves["summer"].injects[0].evidence == ("2001-treaty",)
    with pytest.raises(ScenarioError, match="Hindsight"):
        tiny.parsed(known_on={**tiny.KNOWN_ON, "2001-treaty": "2001-07-02"})


def test_odds_of_thirds_are_near_enough():
    third = ("odds: {dry: 0.6, wet: 0.4}", "odds: {dry: 0.3333333, wet: 0.6666666}")
    assert tiny.parsed(tiny.edited(third)).uncertainties["rain"].odds["dry"] == 0.3333333


# --- what comes of a sound file -----------------------------------------------------------------


def test_the_parts_are_read_as_written(play):
    assert (play.id, play.version, play.as_of, play.minutes) == ("tiny", "1.0.0", "2001-03-01", 40)
    assert play.language == "en"
    assert play.playable == ("alfa", "bravo")
    assert play.history == {"sharing": "daily", "reply": "accept"}
    assert play.roles["alfa"].office == "the mayor"
    assert play.roles["charlie"].cell == "red"
    assert play.choices["sharing"].options["live"].codes == {"cameo": "064", "plover": "COOP"}
    assert play.assumptions["saved"].low == -3.0
    assert play.assumptions["habit"].dissent == "Habits break."
    assert play.uncertainties["flood"].dissent == "The dam may hold."
    assert play.uncertainties["flood"].values["no"] == "It does not."
    assert play.hot_wash == ("What would you do in a dry year?",)
    assert play.plays[0].expect == {"trust": 10.1, "delay": 4.39}
    assert play.effects[4].change == {"trust": -5}


def test_variables_stand_in_the_order_in_which_they_become_known(play):
    assert tuple(play.variables) == ("sharing", "gauge", "leak", "rain", "reply", "warn", "flood")
    assert [play.move_of(name) for name in play.variables] == [
        "spring", "spring", "summer", "summer", "summer", "summer", "end",
    ]  # fmt: skip
    assert tuple(play.choices) == ("sharing", "gauge", "reply", "warn")
    assert tuple(play.uncertainties) == ("leak", "rain", "flood")


def test_injects_stand_in_the_order_of_their_minutes(play):
    assert [inject.id for inject in play.moves["spring"].injects] == ["wait", "ask"]


def test_variables_know_what_they_look_at(play):
    assert play.variables["reply"].parents == ("leak", "sharing")
    assert play.variables["flood"].parents == ("rain",)
    assert play.variables["warn"].parents == ()


def test_a_condition_holds_only_when_every_variable_is_known(play):
    when = play.effects[4].when
    assert str(when) == "flood is yes and warn is quiet"
    assert when.holds({"flood": "yes", "warn": "quiet", "rain": "dry"})
    assert not when.holds({"flood": "yes"})
    assert not when.holds({"flood": "yes", "warn": "loud"})
    assert scenario.ALWAYS.holds({})


def test_one_value_and_a_list_of_one_mean_the_same(play):
    text = tiny.edited(("{reply: accept}, change", "{reply: [accept]}, change"))
    assert tiny.parsed(text).effects[2].when == play.effects[2].when


def test_ids_are_those_of_the_file(play):
    values = tiny.raw()
    assert tuple(play.measures) == tuple(values["measures"])
    assert tuple(play.assumptions) == tuple(values["assumptions"])
    assert tuple(play.moves) == ("spring", "summer")
    for name, domain in tiny.domains_of(values).items():
        assert play.variables[name].id == name
        assert play.variables[name].domain == tuple(domain)
    for kind in (play.roles, play.measures, play.assumptions, play.objectives, play.moves):
        assert all(part.id == name for name, part in kind.items())


def frozen(value, seen):
    """Yield whatever inside a value could be changed."""
    if id(value) in seen or isinstance(value, (str, int, float, frozenset, type(None))):
        return
    seen.add(id(value))
    if isinstance(value, MappingProxyType):
        inner = list(value.values())
    elif isinstance(value, tuple):
        inner = list(value)
    elif dataclasses.is_dataclass(value) and value.__dataclass_params__.frozen:
        inner = [getattr(value, field.name) for field in dataclasses.fields(value)]
    else:
        yield value
        return
    for part in inner:
        yield from frozen(part, seen)


def test_nothing_in_a_scenario_can_be_changed(play):
    assert list(frozen(play, set())) == []


@settings(tiny.TOUGH, max_examples=40)
@given(tiny.raws(dead_ends=True))
def test_random_scenarios_are_valid_and_keep_their_order(values):
    assert tiny.checked(values) == []
    made = tiny.built(values)
    assert {n: list(v.domain) for n, v in made.variables.items()} == tiny.domains_of(values)
    assert list(made.variables) == list(tiny.domains_of(values))


# --- fingerprints -------------------------------------------------------------------------------


def test_layout_and_comments_do_not_change_the_fingerprint(play):
    rows = [f"{row}   # said {n}" if row.endswith("}") else row
            for n, row in enumerate(tiny.TEXT.split("\n"))]  # fmt: skip
    assert tiny.parsed("\n\n".join(rows)).fingerprint == play.fingerprint
    quoted = tiny.edited(
        ("title: Snow melts", 'title: "Snow melts"'), ("odds: {dry: 0.6, ", "odds: {dry: 0.60, ")
    )
    assert tiny.parsed(quoted).fingerprint == play.fingerprint


def test_the_order_of_what_comes_up_changes_the_fingerprint(play):
    """A log made in one order cannot be replayed in another."""
    first = "          keep: {text: Leave it., tradeoff: It sees you., odds: 0.5}\n"
    second = "          break: {text: Break it., tradeoff: You are blamed., odds: 0.5}\n"
    text = tiny.edited((first + second, second + first))
    assert tiny.parsed(text).fingerprint != play.fingerprint


def leaves(value, path=()):
    if isinstance(value, dict):
        found = [leaves(part, (*path, key)) for key, part in value.items()]
    elif isinstance(value, list):
        found = [leaves(part, (*path, place)) for place, part in enumerate(value)]
    else:
        return [path]
    return list(itertools.chain.from_iterable(found))


@settings(tiny.TOUGH, max_examples=50)
@given(st.sampled_from(leaves(tiny.raw())))
def test_any_changed_word_or_number_changes_the_fingerprint(path):
    values = tiny.raw()
    inner = values
    for key in path[:-1]:
        inner = inner[key]
    old = inner[path[-1]]
    inner[path[-1]] = (
        old + "!" if isinstance(old, str) else not old if isinstance(old, bool) else old + 0.001
    )
    assert scenario.fingerprint(values) != scenario.fingerprint(tiny.raw())


# --- by name ------------------------------------------------------------------------------------


def test_an_unknown_name_is_refused_with_the_nearest(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_DATA", str(tmp_path))
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "tiny.yaml").write_text(tiny.TEXT)
    assert scenario.names() == ("tiny",)
    assert scenario.load("tiny").title == "Two towns, one river"
    with pytest.raises(ScenarioError, match="Did you mean 'tiny'"):
        scenario.load("tinny")
    with pytest.raises(ScenarioError, match="No scenario is called"):
        scenario.load("../tiny")


def test_a_missing_file_is_a_scenario_error(tmp_path):
    with pytest.raises(ScenarioError, match="does not exist"):
        scenario.load(tmp_path / "nowhere.yaml")
