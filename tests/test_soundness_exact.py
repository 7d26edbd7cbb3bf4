"""The audit's exact answers against brute force on random scenarios, and what they are made of."""

from __future__ import annotations

import copy
import itertools
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sound import CLEAN
from tiny import TOUGH, built, domains_of, holds, raws, whens

from kit import documents, outcomes
from kit.scenario.build import when as condition
from kit.soundness import Audit, audit, elimination, options, plays, reading, worth
from kit.soundness import game as games
from kit.soundness.case import Case
from kit.soundness.elimination import COUNT, HIGHEST, LOWEST, POSSIBLE, Table, TooLargeError

SOME = settings(TOUGH, max_examples=40)
FEW = settings(TOUGH, max_examples=20)


def case_of(values):
    """Return the case of plain values that are known to be valid."""
    document = documents.Document(f"{values['id']}.yaml", values, {})
    return Case(document, built(values))


@st.composite
def blocked(draw):
    """Plain values of a scenario with a choice whose every option waits for the same thing."""
    values = draw(raws(dead_ends=True))
    domains = domains_of(values)
    names = list(domains)
    able = [n for n in names[1:] if n not in values["uncertainties"]]
    if able:
        name = draw(st.sampled_from(able))
        wait = draw(whens({n: domains[n] for n in names[: names.index(name)]}, max_terms=1))
        choice = next(m["choices"][name] for m in values["moves"] if name in m["choices"])
        for body in choice["options"].values():
            body["when"] = copy.deepcopy(wait)  # YAML would name what stands twice
    return values


# --- everything that can happen, by listing it --------------------------------------------------


def parts_of(values):
    """Return each choice and uncertainty by name."""
    choices = {n: c for m in values["moves"] for n, c in m["choices"].items()}
    return {**values["uncertainties"], **choices}


def playable(values):
    parts = parts_of(values)
    blue = {n for n, role in values["roles"].items() if role.get("cell", "blue") == "blue"}
    return {name for name, part in parts.items() if part.get("role") in blue}


def next_values(values, name, world):
    """Return what a variable may become: any open option if played, else what has odds."""
    part = parts_of(values)[name]
    rules = [rule["odds"] for rule in part.get("given", []) if holds(rule["when"], world)]
    if "options" not in part:
        return [v for v, chance in (rules[0] if rules else part["odds"]).items() if chance > 0]
    opened = [o for o, body in part["options"].items() if holds(body.get("when"), world)]
    if name in playable(values):
        return opened
    odds = rules[0] if rules else {o: body["odds"] for o, body in part["options"].items()}
    return [o for o in opened if odds[o] > 0] or opened


def histories(values):
    """Yield (what is settled, variable that comes next or None) for every stop of every play."""
    names = list(domains_of(values))

    def walk(world):
        name = names[len(world)] if len(world) < len(names) else None
        yield world, name
        if name is not None:
            for value in next_values(values, name, world):
                yield from walk({**world, name: value})

    yield from walk({})


def brute_worlds(values):
    return [world for world, name in histories(values) if name is None]


def brute_reach(values):
    """Return what some play meets, and the choices at which some play is stuck."""
    met, stuck = set(), set()
    for world, name in histories(values):
        met |= {("value", n, v) for n, v in world.items()}
        if name is None:
            found = enumerate(values["effects"])
            met |= {("effect", k) for k, effect in found if holds(effect["when"], world)}
            continue
        part = parts_of(values)[name]
        if "options" in part and not next_values(values, name, world):
            stuck.add(name)
        rules = enumerate(part.get("given", []))
        first = next((k for k, rule in rules if holds(rule["when"], world)), None)
        if first is not None:
            met.add(("rule", name, first))
        for move in values["moves"]:
            here = {*move["choices"]}
            here |= {n for n, u in values["uncertainties"].items() if u["resolves"] == move["id"]}
            if name in here:
                met.add(("move", move["id"]))
    return met, stuck


@SOME
@given(blocked())
def test_reach_is_what_listing_every_play_finds(values):
    from kit.soundness import reach

    case = case_of(values)
    met, stuck = brute_reach(values)
    found = reach.check(case, {}, 0)
    assert {key for key, reached in found.items() if reached} == met
    ends = {f.subject for f in case.findings if f.code == "TTX302"}
    assert ends == stuck


@SOME
@given(blocked())
def test_the_way_to_a_dead_end_leads_there(values):
    case = case_of(values)
    support = case.support
    for name, alive in support.alive.items():
        closed = [Table(alive.names, ~alive.cells)]
        upto = support.rank[name] - 1
        if not support.possible(closed, upto):
            continue
        way = support.example(closed, upto)
        stops = [world for world, at in histories(values) if at == name]
        matching = [world for world in stops if way.items() <= world.items()]
        assert matching
        assert all(not next_values(values, name, world) for world in matching)


@SOME
@given(blocked(), st.data())
def test_a_condition_is_possible_exactly_when_some_world_meets_it(values, data):
    case = case_of(values)
    wanted = data.draw(whens(domains_of(values), max_terms=3))
    upto = len(case.support.names) - 1
    expected = any(holds(wanted, world) for world in brute_worlds(values))
    assert case.possible(condition(wanted), upto) == expected


@SOME
@given(blocked())
def test_worlds_and_lines_are_counted_exactly(values):
    case = case_of(values)
    found = brute_worlds(values)
    lines = {tuple(w[n] for n in w if n in playable(values)) for w in found}
    assert case.support.worlds() == len(found)
    assert case.support.lines() == len(lines)


@FEW
@given(blocked(), st.integers(0, 3))
def test_plays_meet_only_what_can_be_met(values, seed):
    case = case_of(values)
    met, _ = brute_reach(values)
    played = plays.play(case.scenario, case.support, 300, seed)
    seen = {key for key, count in played.met.items() if count}
    assert seen <= met
    found = brute_worlds(values)
    lines = {tuple(w[n] for n in w if n in playable(values)) for w in found}
    assert played.lines <= len(lines)
    assert played.replayed == min(300, plays.REPLAYS)
    assert played.met == plays.play(case.scenario, case.support, 300, seed).met


@FEW
@given(raws())
def test_rarely_seen_values_come_first(values):
    """Within two batches every value that can come has come, however small its odds."""
    case = case_of(values)
    met, _ = brute_reach(values)
    played = plays.play(case.scenario, case.support, 2 * plays.BATCH, 0)
    wanted = {key for key in met if key[0] == "value"}
    assert {key for key in wanted if not played.met.get(key)} == set()


# --- dominance ----------------------------------------------------------------------------------


def corners(values):
    """Yield every choice of an end for every assumption."""
    names = sorted(values["assumptions"])
    for ends in itertools.product(("low", "high"), repeat=len(names)):
        yield dict(zip(names, ends, strict=True))


def signed(values, world, ends):
    """Return the measures of a world, more being better."""
    totals = Counter()
    for effect in values["effects"]:
        if holds(effect["when"], world):
            for measure, size in effect["change"].items():
                number = values["assumptions"][size][ends[size]] if isinstance(size, str) else size
                totals[measure] += number
    return {
        name: totals[name] * (1 if part["better"] == "high" else -1)
        for name, part in values["measures"].items()
    }


def brute_dominates(values, choice, later, better, worse):
    """Return whether an option dominates another, by comparing all pairs of worlds."""
    found = brute_worlds(values)
    body = parts_of(values)[choice]["options"]
    for world, name in histories(values):
        opened = [holds(body[o].get("when"), world) for o in (better, worse)]
        if name == choice and opened == [False, True]:
            return False

    def shared(world):
        return tuple(v for n, v in world.items() if n != choice and n not in later)

    ahead = False
    mine = [w for w in found if w[choice] == better]
    other = [w for w in found if w[choice] == worse]
    for ends in corners(values):
        scores = {id(w): signed(values, w, ends) for w in (*mine, *other)}
        by_shared = {}
        for world in other:
            by_shared.setdefault(shared(world), []).append(world)
        for one in mine:
            for two in by_shared.get(shared(one), []):
                for measure, score in scores[id(one)].items():
                    gap = score - scores[id(two)][measure]
                    if gap < -1e-9:
                        return False
                    ahead |= gap > 1e-9
    return ahead


@SOME
@given(raws())
def test_dominance_is_what_comparing_all_pairs_of_worlds_finds(values):
    case = case_of(values)
    for name in sorted(playable(values)):
        later = worth.influenced(case.support, name)
        rivals = worth.Rivals(case, name)
        able = {world[name] for world in brute_worlds(values)}
        for better, worse in itertools.permutations(sorted(able), 2):
            exact = rivals.at_least_as_good(better, worse) and rivals.ever_better(better, worse)
            assert exact == brute_dominates(values, name, later, better, worse), (better, worse)


@SOME
@given(raws())
def test_a_quick_look_at_means_never_changes_the_verdict(values):
    case = case_of(values)
    for name in sorted(playable(values)):
        rivals = worth.Rivals(case, name)
        able = sorted({world[name] for world in brute_worlds(values)})
        played = case.scenario.playable
        means = outcomes.means(case.scenario, {}, name, roles=played)
        for better, worse in itertools.permutations(able, 2):
            quick = options._dominates(case, rivals, means, better, worse)
            slow = rivals.at_least_as_good(better, worse) and rivals.ever_better(better, worse)
            assert quick == slow


@SOME
@given(raws())
def test_what_a_choice_cannot_influence_does_not_change_with_it(values):
    """Variables outside the influence have the same chances whatever is chosen."""
    case = case_of(values)
    for name in sorted(playable(values)):
        later = worth.influenced(case.support, name)
        for other, rows in case.support.rows.items():
            if other in later or other == name or name not in rows.parents:
                continue
            table = Table((*rows.parents, other), rows.odds)
            for place in range(1, case.support.sizes[name]):
                assert np.array_equal(table.at(name, 0).cells, table.at(name, place).cells)


@SOME
@given(raws())
def test_ends_of_measures_are_those_of_all_worlds(values):
    case = case_of(values)
    found = brute_worlds(values)
    for name, part in values["measures"].items():
        towards = 1 if part["better"] == "high" else -1
        for low, high in (("base", "base"), ("low", "high")):
            least = min(
                signed(values, w, dict.fromkeys(values["assumptions"], low))[name] * towards
                for w in found
            )
            most = max(
                signed(values, w, dict.fromkeys(values["assumptions"], high))[name] * towards
                for w in found
            )
            expected = (part["start"] + least, part["start"] + most)
            assert worth.ends(case, name, low, high) == pytest.approx(expected, abs=1e-9)


@SOME
@given(raws())
def test_same_consequences_are_the_same_in_every_pair_of_worlds(values):
    """Where either can be taken, options called the same lead to the same worlds and measures."""
    case = case_of(values)
    for name, choice in case.scenario.choices.items():
        for later in options._same(case, choice):
            finding = next(f for f in case.findings if f.subject == f"{name}={later}")
            earlier = finding.cause.split("'")[1]
            for ends in corners(values):
                first, second = (followed(values, name, o, ends) for o in (earlier, later))
                for before in first.keys() & second.keys():
                    assert first[before] == second[before]


def followed(values, name, option, ends):
    """Return what was settled before a choice → what may follow an option, with the measures."""
    found = {}
    for world in brute_worlds(values):
        if world[name] == option:
            place = list(world).index(name)
            names = list(world.values())
            scores = [round(score, 6) + 0.0 for score in signed(values, world, ends).values()]
            after = (*names[place + 1 :], *scores)
            found.setdefault(tuple(names[:place]), set()).add(after)
    return found


# --- the whole ----------------------------------------------------------------------------------


@FEW
@given(blocked(), st.integers(0, 5))
def test_the_audit_never_fails_on_a_valid_scenario(values, seed):
    import yaml

    text = yaml.safe_dump(values, sort_keys=False)
    result = audit(text, 60, seed, {})
    assert isinstance(result, Audit)
    assert str(result)
    assert all(finding.code >= "TTX220" for finding in result.findings)
    assert result.summary.paths is not None
    assert result.to_json()["ok"] == result.ok


# --- too large ----------------------------------------------------------------------------------


def test_what_is_too_large_is_said_and_not_guessed(monkeypatch):
    """With tiny tables nothing can be decided; plays still prove what they meet."""
    never = CLEAN.replace("when: {sharing: [daily, live]}", "when: {sharing: live, leak: kept}")
    assert never != CLEAN
    monkeypatch.setattr(elimination, "LIMIT", 8)
    result = audit(never, 0, known_on={k: "" for k in ("1999-flood", "2001-treaty")})
    codes = {finding.code for finding in result.findings}
    assert "TTX309" in codes
    assert not codes & {"TTX303", "TTX304", "TTX305", "TTX306", "TTX307", "TTX308"}
    assert "Not decided: " in str(result)
    shown = audit(never, 400, known_on={k: "" for k in ("1999-flood", "2001-treaty")})
    assert "TTX309" not in {finding.code for finding in shown.findings}


def test_odds_that_look_at_too_much_are_said_to(monkeypatch):
    from kit.soundness import support

    monkeypatch.setattr(support, "LIMIT", 3)
    result = audit(CLEAN, 10, known_on={k: "" for k in ("1999-flood", "2001-treaty")})
    assert [finding.code for finding in result.findings] == ["TTX309"]
    assert result.ok


# --- elimination --------------------------------------------------------------------------------

SIZES = {"a": 2, "b": 3, "c": 2, "d": 3}


@st.composite
def tables(draw):
    """Some tables of small whole numbers over a few variables."""
    found = []
    for _ in range(draw(st.integers(1, 4))):
        names = draw(st.lists(st.sampled_from(sorted(SIZES)), unique=True, max_size=3))
        cells = st.integers(-3, 3)
        count = math.prod(SIZES[name] for name in names)
        flat = draw(st.lists(cells, min_size=count, max_size=count))
        shape = [SIZES[name] for name in names]
        found.append(Table(tuple(names), np.array(flat, dtype=np.float64).reshape(shape)))
    return found


@SOME
@given(tables(), st.sampled_from(["count", "high", "low", "possible"]))
def test_elimination_is_the_sum_over_all_combinations(given_tables, kind):
    ring = {"count": COUNT, "high": HIGHEST, "low": LOWEST, "possible": POSSIBLE}[kind]
    if kind == "possible":
        given_tables = [Table(t.names, t.cells > 0) for t in given_tables]
    named = sorted({name for table in given_tables for name in table.names})
    each = []
    for places in itertools.product(*(range(SIZES[name]) for name in named)):
        at = dict(zip(named, places, strict=True))
        cells = [t.cells[tuple(at[name] for name in t.names)] for t in given_tables]
        each.append(ring.join.reduce(cells))
    assert elimination.total(given_tables, ring, SIZES) == pytest.approx(ring.out.reduce(each))


@SOME
@given(tables())
def test_squeezing_leaves_every_number_in_place(given_tables):
    for table in given_tables:
        slim = table.squeezed()
        assert {*slim.names} <= {*table.names}
        for places in itertools.product(*(range(SIZES[name]) for name in table.names)):
            at = dict(zip(table.names, places, strict=True))
            assert slim.cells[tuple(at[name] for name in slim.names)] == table.cells[places]


def test_a_table_too_large_is_refused():
    wide = [Table((f"v{k}",), np.ones(10, dtype=bool)) for k in range(9)]
    with pytest.raises(TooLargeError):
        elimination.joined(wide, POSSIBLE, {f"v{k}": 10 for k in range(9)})


# --- weights ------------------------------------------------------------------------------------

figures = st.integers(-5, 5).map(float)


def rows(width, count):
    """Some rows of figures, all of one width."""
    return st.lists(st.lists(figures, min_size=width, max_size=width), min_size=1, max_size=count)


@SOME
@given(st.integers(1, 3).flatmap(lambda m: st.tuples(rows(m, 1), rows(m, 4))))
def test_best_for_someone_is_what_a_grid_of_weights_finds(found):
    """Weights on a fine grid that put the row first prove it; no mixture may then beat it."""
    mine, others = np.array(found[0][0]), np.array(found[1])
    steps = 60
    cuts = itertools.product(range(steps + 1), repeat=len(mine) - 1)
    grid = [np.array([*cut, steps - sum(cut)]) / steps for cut in cuts if sum(cut) <= steps]
    best = max(float(((mine - others) @ weights).min()) for weights in grid)
    if best >= 0:
        assert games.best_for_someone(mine, others)
    elif best < -0.5:  # a grid this fine is never off by more
        assert not games.best_for_someone(mine, others)


@SOME
@given(st.integers(1, 4).flatmap(lambda n: rows(n, 4)))
def test_a_game_and_its_mirror_have_opposite_values(found):
    payoff = np.array(found)
    assert games.game_value(payoff) == pytest.approx(-games.game_value(-payoff.T), abs=1e-9)


# --- reading level ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "count"),
    [("a", 1), ("gauge", 1), ("siren", 2), ("little", 2), ("missile", 3), ("1994", 1), ("the", 1),
     ("real-time", 2), ("Pyongyang", 2), ("agree", 2), ("eye", 1), ("b", 1)],
)  # fmt: skip
def test_syllables_follow_the_stated_rule(word, count):
    assert reading.syllables(word) == count


def test_the_grade_is_computed_as_stated():
    # 11 words in 2 sentences; syllables 1 1 1 1 1 1 / 2 1 1 1 1
    text = "The cat sat on the mat. Nobody saw it go out."
    spoken = sum(reading.syllables(word) for word in text.replace(".", "").split())
    expected = 0.39 * 11 / 2 + 11.8 * spoken / 11 - 15.59
    assert reading.grade(text) == pytest.approx(expected, abs=0.005)
    assert reading.grade("") == 0.0
    assert reading.grade("...") == 0.0


def test_harder_texts_have_higher_grades():
    easy = "We see the ship. It is late. We call the port."
    hard = "Intergovernmental coordination necessitates comprehensive institutional deliberation."
    assert reading.grade(easy) < 3 < 15 < reading.grade(hard)
    assert reading.grade("No. 5 at 3.5 km is one sentence") == reading.grade(
        "No. 5 at 3.5 km is one sentence."
    )
