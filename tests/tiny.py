"""A small scenario written by hand, and random ones: what the tests of the core play with.

Everything in it is invented: two towns on a river, a gauge, and a third party upstream.
"""

from __future__ import annotations

import copy
import functools
import json
from fractions import Fraction

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from kit import documents, scenario
from kit.errors import ScenarioError
from kit.log import Event
from kit.scenario.build import build
from kit.scenario.meaning import meaning
from kit.scenario.structure import structure

# The same examples on every machine; how long one takes says nothing about the kit.
TOUGH = settings(
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.data_too_large,
    ],
)

KNOWN_ON = {"1999-flood": "1999-05-01", "2001-treaty": "2001-07-01", "2005-gauge": "2005-01-01"}

TEXT = """\
# Two towns on one river. Invented.
schema: 2
id: tiny
version: 1.0.0
title: Two towns, one river
summary: Alfa has a gauge upstream. Bravo lies downstream and would like its readings.
as_of: 2001-03-01
minutes: 40
level: basic
objectives:
  - {id: o1, bloom: evaluate, text: Weigh speed against trust., criteria: [names a cost]}
  - {id: o2, bloom: apply, text: Use the record., criteria: [cites evidence, dates it]}
roles:
  alfa: {name: Alfa, office: the mayor, brief: You own the gauge.}
  bravo: {name: Bravo, brief: You live downstream.}
  charlie: {name: Charlie, cell: red, brief: You live upstream.}
measures:
  trust: {label: Trust, unit: points, better: high, start: 10, description: Invented scale.}
  delay: {label: Delay, unit: h, better: low, start: 6, description: From reading to siren.}
assumptions:
  habit:
    text: Sharing builds habits.
    low: 1
    base: 2
    high: 4
    unit: points
    basis: assumed
    evidence: [1999-flood]
    dissent: Habits break.
  saved: {text: A live feed saves hours., low: -3, base: -2, high: -1, unit: h, basis: modelled}
uncertainties:
  leak:
    question: Does the press learn of it?
    resolves: summer
    values: {kept: Nobody writes about it., leaked: The paper prints it.}
    odds: {kept: 0.8, leaked: 0.2}
    given:
      - when: {sharing: live}
        odds: {kept: 0.5, leaked: 0.5}
    basis: assumed
    why: A live feed is hard to hide.
    evidence: [1999-flood]
  rain:
    question: Is it a wet summer?
    resolves: summer
    values: {dry: It stays dry., wet: It rains for weeks.}
    odds: {dry: 0.6, wet: 0.4}
    basis: sourced
    why: Two summers in five were wet.
  flood:
    question: Does the river rise?
    resolves: end
    values: {no: It does not., yes: It does.}
    odds: {no: 0.9, yes: 0.1}
    given:
      - {when: {rain: wet}, odds: {no: 0.5, yes: 0.5}}
    basis: assumed
    why: Rain fills rivers.
    dissent: The dam may hold.
moves:
  - id: spring
    title: Snow melts
    as_of: 2001-03-01
    minutes: 20
    situation: The gauge works. Bravo asks for its readings.
    injects:
      - id: ask
        minute: 5
        from: Bravo's clerk
        to: [alfa]
        channel: phone
        text: May we have the readings, please?
        evidence: [1999-flood]
        objective: o1
        expected_action: Alfa weighs what the request costs.
      - id: wait
        minute: 0
        from: Town hall
        to: [bravo]
        channel: cable
        text: Alfa has been asked.
        objective: o1
        expected_action: Bravo waits.
    choices:
      sharing:
        role: alfa
        question: How do you share the readings?
        context: A line exists.
        basis: assumed
        why: Alfa is known to be open.
        evidence: [1999-flood]
        options:
          none: {text: Keep them., tradeoff: Bravo stays blind., odds: 0.25}
          daily: {text: Send a note a day., tradeoff: A day is long., odds: 0.25, history: true}
          live:
            text: Connect the gauge.
            tradeoff: Visible to all.
            odds: 0.5
            codes: {cameo: "064", plover: COOP}
      gauge:
        role: charlie
        question: Do you leave the gauge alone?
        basis: assumed
        why: Nobody knows.
        options:
          keep: {text: Leave it., tradeoff: It sees you., odds: 0.5}
          break: {text: Break it., tradeoff: You are blamed., odds: 0.5}
  - id: summer
    title: The river is low
    as_of: 2001-07-01
    minutes: 20
    situation: A treaty was signed today.
    injects:
      - id: paper
        minute: 0
        from: The paper
        to: [alfa, bravo]
        channel: press
        text: The readings are shared, we hear.
        when: {leak: leaked}
        evidence: [2001-treaty]
        objective: o2
        expected_action: Both say the same.
    choices:
      reply:
        role: bravo
        question: What do you answer?
        basis: assumed
        why: Bravo dislikes the press.
        given:
          - {when: {leak: leaked}, odds: {accept: 0.2, refuse: 0.6, build: 0.2}}
        options:
          accept: {text: Thank them., tradeoff: You depend on them., odds: 0.7, history: true}
          refuse: {text: Say no., tradeoff: You stay blind., odds: 0.3}
          build:
            text: Build a siren too.
            tradeoff: It costs.
            odds: 0
            when: {sharing: [daily, live]}
      warn:
        role: alfa
        question: How do you warn in a flood?
        basis: assumed
        why: Nobody knows.
        options:
          quiet: {text: By telephone., tradeoff: Slow., odds: 0.5}
          loud: {text: By siren., tradeoff: It frightens., odds: 0.5}
effects:
  - {when: {sharing: live}, change: {trust: habit, delay: saved}, why: Seeing is believing.}
  - {when: {sharing: daily}, change: {delay: -1}, why: A note is better than none.}
  - {when: {reply: accept}, change: {trust: habit}, why: Thanks are remembered.}
  - {when: {leak: leaked}, change: {trust: -3}, why: Nobody likes to read of it.}
  - {when: {flood: yes, warn: quiet}, change: {trust: -5}, why: Slow warnings are not forgiven.}
  - {when: {flood: yes}, change: {delay: 1.5}, why: Lines are busy in a flood.}
base_case: {sharing: none, gauge: keep, reply: refuse, warn: quiet}
plays:
  - {name: live, assign: {sharing: live, warn: quiet}, expect: {trust: 10.1, delay: 4.39}}
hot_wash: ["What would you do in a dry year?"]
"""


def line(words, text=TEXT):
    """Return the number of the only line that holds these words."""
    (found,) = [n for n, row in enumerate(text.split("\n"), 1) if words in row]
    return found


def edited(*changes, text=TEXT):
    """Return the text with each (old, new) replaced; every old must be there exactly once."""
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        text = text.replace(old, new)
    return text


def parsed(text=TEXT, file="tiny.yaml", known_on=KNOWN_ON):
    """Return the scenario of a text."""
    return scenario.parse(text, file, known_on)


def raw():
    """Return the plain values of the text; the caller may change them."""
    return copy.deepcopy(_raw())


@functools.cache
def _raw():
    return documents.parse(TEXT, "tiny.yaml").value


def problems(text, known_on=KNOWN_ON, file="tiny.yaml"):
    """Return the problems of a text that must have some."""
    try:
        scenario.parse(text, file, known_on)
    except ScenarioError as error:
        return list(error.problems)
    raise AssertionError("the text was accepted")


def built(values):
    """Return the scenario of plain values; they are known to be valid."""
    return build(values, scenario.fingerprint(values))


def checked(values):
    """Return what the kit finds wrong with plain values, as if they came from a file."""
    document = documents.Document(f"{values['id']}.yaml", values, {})
    return structure(document) or meaning(document)


def as_made(events):
    """Return a log unchanged."""
    return tuple(events)


def through_json(events):
    """Return a log as it comes back from a file."""
    return tuple(Event.from_json(json.loads(json.dumps(event.to_json()))) for event in events)


# --- random scenarios -----------------------------------------------------------------------

ROLES = {
    "ann": {"name": "Ann", "brief": "One."},
    "bob": {"name": "Bob", "brief": "Two."},
    "red": {"name": "Red", "brief": "Three.", "cell": "red"},
}
MEASURES = {
    "up": {"label": "Up", "unit": "x", "better": "high", "start": 1.5, "description": "Up."},
    "down": {"label": "Down", "unit": "x", "better": "low", "start": -2, "description": "Down."},
}
FRAME = {
    "schema": 2,
    "id": "random",
    "version": "0.0.1",
    "title": "Random",
    "summary": "Made by a test.",
    "as_of": "2001-01-01",
    "minutes": 10,
    "level": "basic",
    "objectives": [{"id": "o", "bloom": "apply", "text": "Try.", "criteria": ["tried"]}],
    "roles": ROLES,
    "measures": MEASURES,
}
MOVE = {"title": "Move", "as_of": "2001-01-01", "minutes": 5, "situation": "So it is."}
REASON = {"question": "What?", "basis": "assumed", "why": "Because."}

_tenths = st.integers(-40, 40).map(lambda n: n / 10)


@st.composite
def _odds(draw, values):
    """Odds in twentieths, zeros among them."""
    cuts = sorted(
        draw(st.lists(st.integers(0, 20), min_size=len(values) - 1, max_size=len(values) - 1))
    )
    parts = [b - a for a, b in zip([0, *cuts], [*cuts, 20], strict=True)]
    return {value: part / 20 for value, part in zip(values, parts, strict=True)}


@st.composite
def whens(draw, domains, max_terms=2):
    """A condition over one or two of the variables."""
    count = draw(st.integers(1, min(max_terms, len(domains))))
    names = draw(st.permutations(sorted(domains)))[:count]
    found = {}
    for name in names:
        values = draw(st.lists(st.sampled_from(domains[name]), min_size=1, unique=True))
        single = len(values) == 1 and draw(st.booleans())
        found[name] = values[0] if single else values
    return found


@st.composite
def _givens(draw, domains, values):
    if not domains:
        return {}
    count = draw(st.integers(0, 2))
    rules = [{"when": draw(whens(domains)), "odds": draw(_odds(values))} for _ in range(count)]
    return {"given": rules} if rules else {}


@st.composite
def raws(draw, dead_ends=False):
    """Plain values of a valid scenario with at most six variables.

    The first option of every choice is always open, unless ``dead_ends`` allows otherwise.
    """
    domains, uncertainties, moves = {}, {}, []

    def uncertain(resolves):
        name = f"u{len(domains)}"
        values = [f"v{i}" for i in range(draw(st.integers(2, 3)))]
        uncertainties[name] = {
            **REASON,
            "resolves": resolves,
            "values": {value: f"It is {value}." for value in values},
            "odds": draw(_odds(values)),
            **draw(_givens(dict(domains), values)),
        }
        domains[name] = values

    def choice():
        name = f"c{len(domains)}"
        values = [f"v{i}" for i in range(draw(st.integers(2, 3)))]
        odds = draw(_odds(values))
        options = {v: {"text": "Do.", "tradeoff": "Cost.", "odds": odds[v]} for v in values}
        for place, value in enumerate(values):
            if domains and (place or dead_ends) and draw(st.booleans()):
                options[value]["when"] = draw(whens(dict(domains)))
        role = draw(st.sampled_from(sorted(ROLES)))
        found = {**REASON, "role": role, "options": options}
        found |= draw(_givens(dict(domains), values))
        domains[name] = values
        return name, found

    for number in range(draw(st.integers(1, 2))):
        for _ in range(draw(st.integers(0, 1))):
            uncertain(f"m{number}")
        choices = dict(choice() for _ in range(draw(st.integers(1, 2))))
        moves.append({"id": f"m{number}", **MOVE, "choices": choices})
    for _ in range(draw(st.integers(0, 6 - len(domains) if len(domains) > 4 else 1))):
        uncertain("end")
    assumptions = {}
    for number in range(draw(st.integers(0, 3))):
        low, base, high = sorted(draw(st.tuples(_tenths, _tenths, _tenths)))
        assumptions[f"a{number}"] = {"text": "So.", "low": low, "base": base, "high": high,
                                     "unit": "x", "basis": "assumed"}  # fmt: skip
    amount = st.one_of(_tenths, st.sampled_from(sorted(assumptions))) if assumptions else _tenths
    changes = st.dictionaries(st.sampled_from(sorted(MEASURES)), amount, min_size=1)
    effects = [
        {"when": draw(whens(domains)), "change": draw(changes), "why": "Because."}
        for _ in range(draw(st.integers(1, 5)))
    ]
    base_case = {n: draw(st.sampled_from(d)) for n, d in domains.items() if n[0] == "c"}
    return copy.deepcopy({**FRAME, "assumptions": assumptions, "uncertainties": uncertainties,
                          "moves": moves, "effects": effects, "base_case": base_case})  # fmt: skip


def domains_of(values):
    """Return the values of each variable, in the order in which they become known."""
    found = {}
    for move in [*(m["id"] for m in values["moves"]), "end"]:
        for name, part in values["uncertainties"].items():
            if part["resolves"] == move:
                found[name] = list(part["values"])
        for part in values["moves"]:
            if part["id"] == move:
                found |= {n: list(c["options"]) for n, c in part["choices"].items()}
    return found


@st.composite
def queries(draw, values):
    """What may be asked: (known, roles, plan, given), none of it in any order of play."""
    domains = domains_of(values)
    known = {
        n: draw(st.sampled_from(d)) for n, d in domains.items() if draw(st.integers(0, 2)) == 2
    }
    roles = draw(st.lists(st.sampled_from(["ann", "bob"]), unique=True))
    plan = {
        n: draw(st.sampled_from(d))
        for n, d in domains.items()
        if n[0] == "c" and draw(st.booleans())
    }
    given = draw(whens(domains)) if draw(st.integers(0, 2)) == 2 else {}
    return known, roles, plan, given


# --- the same outcomes by brute force, in fractions, from the plain values --------------------


def holds(when, world):
    """Return whether a condition of the file is met."""
    return all(
        world.get(name) in ([values] if isinstance(values, str) else values)
        for name, values in (when or {}).items()
    )


def _exact(number):
    return Fraction(str(number))


class DeadEnd(Exception):
    """A world of positive weight came to a choice without an open option."""


def _chances(values, name, world, roles, plan):
    """Return the chances of one variable's values in a world that is known up to it."""
    part = values["uncertainties"].get(name)
    choice = part is None
    if choice:
        part = next(m["choices"][name] for m in values["moves"] if name in m["choices"])
    rules = [rule for rule in part.get("given", []) if holds(rule["when"], world)]
    plain = {n: o["odds"] for n, o in part["options"].items()} if choice else part["odds"]
    odds = {n: _exact(p) for n, p in (rules[0]["odds"] if rules else plain).items()}
    if not choice:
        return odds
    options = [n for n, o in part["options"].items() if holds(o.get("when"), world)]
    if not options:
        raise DeadEnd
    if part["role"] in roles and plan[name] in options:
        return {plan[name]: Fraction(1)}
    total = sum(odds[n] for n in options)
    return {n: odds[n] / total if total else Fraction(1, len(options)) for n in options}


def brute_worlds(values, known=None, roles=(), plan=None, given=None):
    """Yield (world, weight) for every complete assignment that agrees with what is known."""
    known, plan = known or {}, {**values["base_case"], **(plan or {})}
    owner = {n: c["role"] for m in values["moves"] for n, c in m["choices"].items()}

    def extend(world, rest, weight):
        if not rest:
            if holds(given, world):
                yield world, weight
            return
        name, *later = rest
        if name in known and owner.get(name) in roles:
            chances = {known[name]: Fraction(1)}
        else:
            chances = _chances(values, name, world, roles, plan)
        for value, chance in chances.items():
            if chance and known.get(name, value) == value:
                yield from extend({**world, name: value}, later, weight * chance)

    yield from extend({}, list(domains_of(values)), Fraction(1))


def brute_measures(values, world, ends=None):
    """Return the measures of a world; ``ends`` says where each assumption lies, else at base."""
    totals = {name: _exact(part["start"]) for name, part in values["measures"].items()}
    for effect in values["effects"]:
        if holds(effect["when"], world):
            for measure, size in effect["change"].items():
                if isinstance(size, str):
                    size = values["assumptions"][size][(ends or {}).get(size, "base")]
                totals[measure] += _exact(size)
    return totals
