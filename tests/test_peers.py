"""Other programs find the same: pyAgrum on the influence diagram, Gambit on the game."""

from __future__ import annotations

import itertools

import large
import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import engine
from kit import scenario as scenarios
from kit.errors import DecisionError, ExportError
from kit.export.diagram import PLAN, to_bifxml
from kit.export.efg import to_efg
from kit.outcomes import compare, evaluate, means, reach
from kit.outcomes.tables import Query, chances_of

NEAR = 1e-9

# Both are compiled for other versions of Python too, and warn about it while they load. Made into
# an error in the middle of loading, such a warning would end the whole process.
pytestmark = pytest.mark.filterwarnings("ignore")


# --- pyAgrum ------------------------------------------------------------------------------------


def solved(made, folder, **asked):
    """Return a function from what is settled to the mean of every measure, found by pyAgrum.

    One diagram for each measure: pyAgrum adds up all utilities. Version 3.3 also gives a mean for
    a single utility node, but on the small scenario those do not add up to its own sum.
    """
    pyagrum = pytest.importorskip("pyagrum")
    diagrams = {}
    for measure in made.measures:
        file = folder / f"{measure}.bifxml"
        file.write_text(to_bifxml(made, measures=[measure], **asked), encoding="utf-8")
        diagrams[measure] = pyagrum.InfluenceDiagram()
        diagrams[measure].loadBIFXML(str(file))
        assert all(name in diagrams[measure].names() for name in made.variables)

    def found(settled):
        means = {}
        for measure, diagram in diagrams.items():
            inference = pyagrum.ShaferShenoyLIMIDInference(diagram)
            inference.setEvidence(dict(settled))
            inference.makeInference()
            means[measure] = inference.MEU()["mean"]
        return means

    return found


def agrees(found, mine):
    assert found == pytest.approx({name: part.mean for name, part in mine.items()}, abs=NEAR)


def test_pyagrum_agrees_on_every_option_of_the_small_scenario(tmp_path):
    made = tiny.parsed()
    for name, choice in made.choices.items():
        asking = solved(made, tmp_path, roles=[choice.role], decisions=[name])
        for option, mine in compare(made, {}, name).items():
            if waits(choice):
                mine = evaluate(made, roles=[choice.role], plan={name: option})
            agrees(asking({node(choice): option}), mine)


def waits(choice):
    """Return whether some option may be closed; such a choice has a node for what is planned."""
    return any(option.when.terms for option in choice.options.values())


def node(choice):
    return choice.id + PLAN if waits(choice) else choice.id


@settings(tiny.TOUGH, max_examples=100)
@given(st.data())
def test_pyagrum_agrees_on_random_scenarios_also_under_conditioning(tmp_path, data):
    values = data.draw(tiny.raws())
    known, roles, plan, _ = data.draw(tiny.queries(values))
    made = tiny.built(values)
    asked = data.draw(st.sampled_from(list(made.choices.values())))
    option = data.draw(st.sampled_from(asked.domain))
    roles = [*roles, asked.role]
    # What is decided and known is set and not seen: a plan without evidence.
    seen = {n: v for n, v in known.items() if n[0] == "u" or made.choices[n].role not in roles}
    plan |= {n: v for n, v in known.items() if n not in seen} | {asked.id: option}
    try:
        mine = evaluate(made, seen, roles=roles, plan=plan)
    except DecisionError:
        return  # what cannot happen has no mean
    asking = solved(made, tmp_path, roles=roles, plan=plan, decisions=[asked.id])
    agrees(asking({**seen, node(asked): option}), mine)


@pytest.mark.parametrize("name", scenarios.names())
def test_pyagrum_agrees_on_what_ships(name, tmp_path):
    made = scenarios.load(name)
    for roles in (made.playable[:1], made.playable):
        asked = next(c for c in made.choices.values() if c.role in roles and not waits(c))
        asking = solved(made, tmp_path, roles=roles, decisions=[asked.id])
        full, short = (way(made, {}, asked.id, roles=roles) for way in (compare, means))
        for option in full:
            found = asking({asked.id: option})
            agrees(found, full[option])
            agrees(found, short[option])


def test_pyagrum_agrees_on_a_scenario_of_some_size(tmp_path):
    made = large.made(2, choices=6, uncertainties=8)
    asked = list(made.choices)[2]
    role = made.choices[asked].role
    asking = solved(made, tmp_path, roles=[role], decisions=[asked])
    for option, mine in means(made, {}, asked).items():
        assert {part.method for part in mine.values()} == {"exact"}
        agrees(asking({asked: option}), mine)


def test_pyagrum_finds_the_same_reach(tmp_path):
    """The ends of what two decisions can reach are among all ways to set both nodes."""
    made = tiny.parsed()
    asking = solved(made, tmp_path, roles=["alfa"])
    ends = reach(made, {}, "sharing", roles=["alfa"])["live"]
    ways = [asking({"sharing": "live", "warn": option}) for option in ("quiet", "loud")]
    for measure, end in ends.items():
        assert end.low == pytest.approx(min(way[measure] for way in ways), abs=NEAR)
        assert end.high == pytest.approx(max(way[measure] for way in ways), abs=NEAR)


def test_the_diagram_is_plain_text_whatever_the_words_are():
    text = to_bifxml(tiny.parsed(tiny.edited(("Two towns, one river", "Two & three <towns>"))))
    assert "Two &amp; three &lt;towns&gt;" in text
    assert text.count("<VARIABLE") == text.count("<DEFINITION>")


# --- Gambit -------------------------------------------------------------------------------------


def played_out(made, text, folder, roles, plan):
    """Return what each player of the game can expect when a plan is followed."""
    pygambit = pytest.importorskip("pygambit")
    file = folder / "game.efg"
    file.write_text(text, encoding="utf-8")
    game = pygambit.read_efg(str(file))
    query = Query.of(made, None, roles, plan)
    profile = game.mixed_behavior_profile(rational=True)
    for player in game.players:
        for infoset in player.infosets:
            name, _, settled = infoset.label.partition(": ")
            known = dict(part.split("=") for part in settled.split(", ")) if settled else {}
            chances = chances_of(made.variables[name], known, query)
            for action in infoset.actions:
                profile[action] = pygambit.Rational(chances[action.label])
    return [float(profile.payoff(player)) for player in game.players]


def signed(made, outcome):
    return outcome.mean if made.measures[outcome.measure].better == "high" else -outcome.mean


def test_gambit_agrees_on_every_plan_of_the_small_scenario(tmp_path):
    made = tiny.parsed()
    payoffs = {"alfa": "trust", "bravo": "delay"}
    text = to_efg(made, payoffs)
    for sharing, reply, warn in itertools.product(*(made.choices[n].domain for n in PLANNED)):
        plan = {"sharing": sharing, "reply": reply, "warn": warn}
        mine = evaluate(made, roles=payoffs, plan=plan)
        wanted = [signed(made, mine[measure]) for measure in payoffs.values()]
        assert played_out(made, text, tmp_path, payoffs, plan) == pytest.approx(wanted, abs=NEAR)


PLANNED = ("sharing", "reply", "warn")


@settings(tiny.TOUGH, max_examples=60)
@given(st.data())
def test_gambit_agrees_on_random_scenarios(tmp_path, data):
    values = data.draw(tiny.raws())
    _, _, plan, _ = data.draw(tiny.queries(values))
    made = tiny.built(values)
    if not made.playable:
        return
    payoffs = dict(zip(made.playable, itertools.cycle(made.measures), strict=False))
    mine = evaluate(made, roles=payoffs, plan=plan)
    wanted = [signed(made, mine[measure]) for measure in payoffs.values()]
    text = to_efg(made, payoffs)
    assert played_out(made, text, tmp_path, payoffs, plan) == pytest.approx(wanted, abs=NEAR)


def test_gambit_agrees_on_the_end_of_what_ships(tmp_path):
    """The whole tree is too large; from some point on it is not."""
    made = scenarios.load("shared-warning")
    known = {}
    for name, variable in list(made.variables.items())[:-4]:
        odds = engine.odds(variable, known)
        known[name] = max(odds, key=odds.get)
    roles = made.playable
    payoffs = dict(zip(roles, ("support", "cohesion", "alert_errors"), strict=True))
    text = to_efg(made, payoffs, known=known)
    mine = evaluate(made, known, roles=roles)
    wanted = [signed(made, mine[measure]) for measure in payoffs.values()]
    assert played_out(made, text, tmp_path, roles, {}) == pytest.approx(wanted, abs=NEAR)


def test_a_game_that_grows_too_large_is_refused():
    made = scenarios.load("shared-warning")
    with pytest.raises(ExportError, match="more than 50000 nodes"):
        to_efg(made, {"kor": "tension"})
    with pytest.raises(ExportError, match="more than 20 nodes"):
        to_efg(tiny.parsed(), {"alfa": "trust"}, most=20)


def test_a_game_needs_players_and_measures_that_exist():
    made = tiny.parsed()
    with pytest.raises(DecisionError, match="at least one player"):
        to_efg(made, {})
    with pytest.raises(DecisionError, match="Nobody can play"):
        to_efg(made, {"charlie": "trust"})
    with pytest.raises(DecisionError, match="no measure 'joy'"):
        to_efg(made, {"alfa": "joy"})
    with pytest.raises(DecisionError, match="known first"):
        to_efg(made, {"alfa": "trust"}, known={"rain": "wet"})
