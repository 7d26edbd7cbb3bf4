"""The exercises that the kit ships: sound, complete, in their own words, and computed rightly."""

from __future__ import annotations

import math
import random
import re
from collections import Counter

import numpy as np
import pytest
import yaml
from shingles import article, shared, words
from tiny import brute_measures, brute_worlds

from kit import curation, engine, outcomes, scenario, soundness
from kit.log import Event
from kit.scenario import ALWAYS, Choice

NAMES = scenario.names()
PLAYS = 600
SAMPLES = 20_000


@pytest.fixture(autouse=True, scope="module")
def shipped(root):
    """Read the checkout's own data, whatever KIT_DATA says outside."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIT_DATA", str(root / "data"))
        yield


@pytest.fixture(scope="module", params=NAMES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def source(name):
    """The YAML text of an exercise."""
    return scenario.path_of(name).read_text("utf-8")


@pytest.fixture(scope="module")
def prose(source):
    """The text of the file with folded lines joined, so that a phrase is found across them."""
    return " ".join(source.split())


@pytest.fixture(scope="module")
def exercise(name):
    return scenario.load(name, curation.known_on())


@pytest.fixture(scope="module")
def met(exercise):
    """What many plays come across; every value that is possible is as likely as any other.

    Odds are left aside on purpose: the question is what can happen, not how often.
    """
    rng, found = random.Random(0), Counter()
    for _ in range(PLAYS):
        state = engine.apply(
            exercise, engine.State(), Event(1, "start", roles=exercise.playable, seed=0)
        )
        while variable := engine.pending(exercise, state):
            if engine.is_played(state, variable):
                values = [o.id for o in engine.open_options(variable, state.known)]
                found.update(("option", variable.id, value) for value in values)
                kind = "decide"
            else:
                chances = engine.odds(variable, state.known)
                values, kind = [v for v, chance in chances.items() if chance > 0], "draw"
            value = rng.choice(values)
            found["value", variable.id, value] += 1
            event = Event(state.seq + 1, kind, variable.id, value)
            state = engine.apply(exercise, state, event)
        found.update(("inject", i.id) for _, i in engine.visible_injects(exercise, state))
        effects = enumerate(exercise.effects)
        found.update(("effect", n) for n, effect in effects if effect.when.holds(state.known))
        for variable in exercise.variables.values():
            rules = enumerate(variable.given)
            first = next((n for n, rule in rules if rule.when.holds(state.known)), None)
            found["given", variable.id, first] += 1
    return found


# --- sound -------------------------------------------------------------------------------------


def test_there_is_an_exercise():
    assert "shared-warning" in NAMES


def test_the_author_s_plays_hold(exercise, name):
    assert exercise.plays
    assert soundness.errors(name, curation.known_on()) == []


def test_every_option_can_be_taken(exercise, met):
    every = {("option", c.id, o) for c in exercise.choices.values() if c.role in exercise.playable
             for o in c.options}  # fmt: skip
    assert every - met.keys() == set()


def test_every_value_of_every_variable_can_come(exercise, met):
    every = {("value", v.id, value) for v in exercise.variables.values() for value in v.domain}
    assert every - met.keys() == set()


def test_every_value_has_a_chance_when_nobody_plays(exercise):
    """Computed exactly: what is impossible cannot be known."""
    for variable in exercise.variables.values():
        for value in variable.domain:
            found = outcomes.evaluate(exercise, {variable.id: value})
            assert all(math.isfinite(outcome.mean) for outcome in found.values())


def test_every_inject_can_be_seen(exercise, met):
    every = {("inject", i.id) for move in exercise.moves.values() for i in move.injects}
    assert every - met.keys() == set()


def test_every_effect_and_every_rule_of_odds_can_hold(exercise, met):
    every = {("effect", number) for number in range(len(exercise.effects))}
    every |= {("given", v.id, n) for v in exercise.variables.values() for n in range(len(v.given))}
    assert every - met.keys() == set()


def test_every_assumption_is_used_and_every_measure_is_moved(exercise):
    changes = [change for effect in exercise.effects for change in effect.change.items()]
    used = {amount for _, amount in changes if isinstance(amount, str)}
    assert exercise.assumptions.keys() - used == set()
    assert exercise.measures.keys() - {measure for measure, _ in changes} == set()


def test_every_assumption_has_a_range_and_someone_who_disagrees(exercise):
    for assumption in exercise.assumptions.values():
        assert assumption.low < assumption.high, assumption.id
        assert assumption.low <= assumption.base <= assumption.high
        assert assumption.dissent, assumption.id
        assert assumption.evidence or assumption.basis != "sourced"


def test_every_option_has_a_price(exercise):
    for choice in exercise.choices.values():
        tradeoffs = [option.tradeoff for option in choice.options.values()]
        assert all(tradeoffs)
        assert len(set(tradeoffs)) == len(tradeoffs)


def test_history_is_marked_at_most_once_in_a_choice_and_can_be_followed(exercise):
    for choice in exercise.choices.values():
        assert sum(option.history for option in choice.options.values()) <= 1
    line = {**exercise.base_case, **exercise.history}
    for name, value in line.items():
        when = exercise.choices[name].options[value].when
        assert {*when.names} - line.keys() or when.holds(line)


def test_the_base_case_is_complete_and_open(exercise):
    assert exercise.base_case.keys() == exercise.choices.keys()
    for name, value in exercise.base_case.items():
        when = exercise.choices[name].options[value].when
        assert when == ALWAYS or when.holds(exercise.base_case)


def test_no_options_of_one_choice_are_the_same_in_the_model(exercise):
    """A decision that changes nothing teaches nothing."""
    for choice in exercise.choices.values():
        found = outcomes.compare(exercise, {}, choice.id, roles=exercise.playable)
        means = [tuple(round(o.mean, 6) for o in results.values()) for results in found.values()]
        assert len(set(means)) == len(means), choice.id


def test_no_option_is_best_in_everything(exercise):
    """Every option of every choice is worse than another one in some measure."""
    for choice in exercise.choices.values():
        found = outcomes.compare(exercise, {}, choice.id, roles=exercise.playable)
        for option, mine in found.items():
            worse = [
                name
                for name, measure in exercise.measures.items()
                for other in found.values()
                if (mine[name].mean - other[name].mean) * (1 if measure.better == "high" else -1)
                < -1e-9
            ]
            assert worse, f"{choice.id}: nothing speaks against '{option}'"


# --- complete ----------------------------------------------------------------------------------


def test_the_first_exercise_is_as_large_as_it_was_asked_for():
    exercise = scenario.load("shared-warning", curation.known_on())
    assert len(exercise.moves) >= 6
    assert len(exercise.measures) >= 6
    assert exercise.playable == ("kor", "jpn", "usa")
    assert exercise.roles["prk"].cell == "red"
    assert {exercise.roles[name].cell for name in ("chn", "rus")} == {"observer"}
    asked = [move.predictions for move in exercise.moves.values()]
    assert all(asked)
    assert sum(bool(p.event) for predictions in asked for p in predictions) >= 3
    assert exercise.debrief
    assert exercise.misconceptions
    assert exercise.further_reading
    channels = {inject.channel for move in exercise.moves.values() for inject in move.injects}
    assert channels == {"cable", "press", "phone", "sensor"}
    assert all(len(choice.options) >= 3 for choice in exercise.choices.values())
    for move in exercise.moves.values():
        assert move.injects
        assert {exercise.choices[c].role for c in move.choices} == {"kor", "jpn", "usa"}
        for role in exercise.playable:
            assert any(role in inject.to for inject in move.injects)
    assert sum(bool(i.evidence) for m in exercise.moves.values() for i in m.injects) >= 10
    assert exercise.uncertainties
    assert exercise.history
    assert exercise.hot_wash
    assert exercise.as_of == "2023-11-12"
    assert sum(move.minutes for move in exercise.moves.values()) == exercise.minutes


@pytest.mark.parametrize(
    "phrase",
    [
        r"Washington Declaration",
        r"submarine",
        r"Nuclear Consultative Group",
        r"pledge",
        r"will not seek nuclear weapons",
        r"Hwasong-18",
        r"satellite",
        r"arsenal",
        r"Security Council",
        r"joint drill",
        r"plan for (?:several years of )?joint drills",
        r"real.time|live data|live link",
        r"Japan and America share data as treaty allies",
        r"Washington shares live data with each ally",
        r"relations have warmed",
        r"Japan will not join the group",
    ],
)
def test_every_system_of_the_article_is_in_the_first_exercise(phrase):
    text = " ".join(scenario.path_of("shared-warning").read_text("utf-8").split())
    assert re.search(phrase, text)


def test_the_injects_of_the_first_exercise_cite_what_the_article_is_about():
    exercise = scenario.load("shared-warning", curation.known_on())
    cited = {n for m in exercise.moves.values() for i in m.injects for n in i.evidence}
    assert {
        "2023-04-26-washington-declaration",
        "2023-07-18-uss-kentucky-busan",
        "2023-07-18-ncg-first-meeting",
        "2023-12-18-hwasong-18-third-flight",
        "2023-12-19-warning-mechanism-activated",
        "2023-12-19-multi-year-exercise-plan",
    } <= cited


# --- in its own words --------------------------------------------------------------------------


def test_no_seven_words_are_the_article_s(source):
    assert len(words(source)) > 3_000
    assert article()
    assert shared(source) == []


def test_both_names_of_a_disputed_sea_or_place_are_used(prose):
    text = prose.replace("Sea of Japan / East Sea", "")
    for name in ("Sea of Japan", "East Sea", "Takeshima", "Dokdo"):
        assert name not in text
    assert "Sea of Japan / East Sea" in prose


def test_the_text_is_plain_text(prose):
    assert not re.search(r"</?[a-z]+[ >]|&[a-z]+;|\]\(|https?://", prose)


def test_injects_and_situations_are_short_enough_to_read_in_the_time(exercise):
    """A move is read at 120 words a minute in at most half of its time."""
    for move in exercise.moves.values():
        told = [move.situation, *(inject.text for inject in move.injects)]
        assert len(words(" ".join(told))) <= 60 * move.minutes, move.id


def test_the_day_of_a_move_is_not_before_the_one_before(exercise):
    days = [move.as_of for move in exercise.moves.values()]
    assert days == sorted(days)
    assert days[0] == exercise.as_of
    for move in exercise.moves.values():
        minutes = [inject.minute for inject in move.injects]
        assert max(minutes, default=0) < move.minutes


# --- computed rightly --------------------------------------------------------------------------


def states_of(exercise):
    """Return what is known and who plays at the start, half way and after what history took."""
    history = {**exercise.base_case, **exercise.history}
    half = {}
    for name in list(exercise.variables)[: len(exercise.variables) // 2]:
        variable = exercise.variables[name]
        odds = engine.odds(variable, half)
        likely = max(odds, key=odds.__getitem__)
        half[name] = history[name] if isinstance(variable, Choice) else likely
    return [({}, (), {}), ({}, exercise.playable, {}), (half, exercise.playable, history)]


@pytest.mark.parametrize("which", [0, 1, 2])
def test_exact_outcomes_are_what_sampling_finds(exercise, which):
    known, roles, plan = states_of(exercise)[which]
    exact = outcomes.evaluate(exercise, known, roles=roles, plan=plan)
    rng = np.random.default_rng(20231112)
    drawn = outcomes.sample(exercise, known, n=SAMPLES, rng=rng, roles=roles, plan=plan)
    for name, found in exact.items():
        assert found.method == "exact"
        assert abs(found.mean - drawn[name].mean) <= 4 * drawn[name].standard_error + 1e-9, name
        assert found.low <= found.mean <= found.high
        share = float(drawn[name].weights[drawn[name].values <= found.p10].sum())
        assert share >= 0.1 - 4 * math.sqrt(0.09 / SAMPLES), name
        for mine, other in zip(found.parts, drawn[name].parts, strict=True):
            error = math.sqrt(mine.probability * (1 - mine.probability) / SAMPLES)
            assert abs(mine.probability - other.probability) <= 5 * error + 1e-9


def test_exact_outcomes_are_what_listing_every_world_gives(exercise, source):
    """Late in a play, by a second implementation in fractions that shares nothing with the kit.

    The last value to come is known and an earlier one is not, so that Bayes' rule is at work.
    """
    raw = yaml.safe_load(source)
    for name, part in raw["assumptions"].items():  # a modeled size has no base in the file
        part.setdefault("base", exercise.assumptions[name].base)
    names = list(exercise.variables)
    free = {names[-2], *names[-7:-2]}
    world, known, rng = {}, {}, random.Random(5)
    for name, variable in exercise.variables.items():
        odds = engine.odds(variable, world)
        world[name] = rng.choice([value for value, chance in odds.items() if chance > 0])
        if name not in free:
            known[name] = world[name]
    for roles in ((), exercise.playable):
        plan = {c: world[c] for c in exercise.choices}
        exact = outcomes.evaluate(exercise, known, roles=roles, plan=plan)
        listed = Counter()
        for full, weight in brute_worlds(raw, known, roles, plan):
            measures = brute_measures(raw, full)
            for name, value in measures.items():
                listed[name, float(value)] += weight
        assert listed
        for name, found in exact.items():
            values = sorted(value for key, value in listed if key == name)
            total = sum(listed[name, value] for value in values)
            weights = [float(listed[name, value] / total) for value in values]
            assert found.values == pytest.approx(values, abs=1e-9)
            assert found.weights == pytest.approx(weights, abs=1e-9)
            assert found.mean == pytest.approx(np.dot(values, weights), abs=1e-9)
