"""Large scenarios made by rule from a seed: for tests, and for the bench, which adds no others.

Everything depends on the seed alone, through :mod:`random`, whose stream is the same on every
machine. Each odds and each effect looks at no more than three variables, any three that come
before: nothing is arranged so that the tables stay small.
"""

from __future__ import annotations

import random

import tiny

MEASURES = 6
MOVES = 4
EFFECTS_EACH = 2  # effects to each variable


def raw(seed, choices=12, uncertainties=20, values=3):
    """Return the plain values of a scenario of this size."""
    rng = random.Random(seed)
    kinds = ["c"] * choices + ["u"] * uncertainties
    rng.shuffle(kinds)
    moves = [{"id": f"m{n}", **tiny.MOVE, "choices": {}} for n in range(MOVES)]
    found, uncertain = {}, {}
    for move in range(MOVES):
        # Within a move, what chance settles comes first, as in every scenario.
        for kind in sorted(kinds[move::MOVES], reverse=True):
            name = f"{kind}{len(found):02d}"
            domain = [f"v{n}" for n in range(values)]
            part = {**tiny.REASON, **_given(rng, found, domain)}
            if kind == "c":
                part["role"] = rng.choice(["ann", "bob", "red"])
                part["options"] = {
                    value: {"text": "Do.", "tradeoff": "Cost.", "odds": odds}
                    for value, odds in _odds(rng, domain).items()
                }
                moves[move]["choices"][name] = part
            else:
                part |= {"resolves": f"m{move}", "odds": _odds(rng, domain)}
                part["values"] = {value: "So." for value in domain}
                uncertain[name] = part
            found[name] = domain
    measures = {
        f"m{n}": {**tiny.MEASURES["up"], "label": f"M{n}", "start": n} for n in range(MEASURES)
    }
    effects = [_effect(rng, found) for _ in range(EFFECTS_EACH * len(found))]
    return {
        **tiny.FRAME,
        "id": f"large-{seed}",
        "measures": measures,
        "assumptions": {},
        "uncertainties": uncertain,
        "moves": moves,
        "effects": effects,
        "base_case": {name: rng.choice(found[name]) for name in found if name[0] == "c"},
    }


def made(seed, choices=12, uncertainties=20, values=3):
    """Return the scenario of this size."""
    return tiny.built(raw(seed, choices, uncertainties, values))


def _odds(rng, domain):
    """Return odds in twentieths, none of them zero."""
    cuts = sorted(rng.sample(range(1, 20), len(domain) - 1))
    parts = [b - a for a, b in zip([0, *cuts], [*cuts, 20], strict=True)]
    return {value: part / 20 for value, part in zip(domain, parts, strict=True)}


def _given(rng, found, domain):
    """Return rules over up to two variables that come before: with its own, three at most."""
    names = sorted(rng.sample(sorted(found), min(rng.choice([1, 2, 2]), len(found))))
    rules = []
    for _ in range(3 if names else 0):
        when = {name: rng.sample(found[name], rng.choice([1, 2])) for name in names}
        rules.append({"when": when, "odds": _odds(rng, domain)})
    return {"given": rules} if rules else {}


def _effect(rng, found):
    """Return an effect that looks at one to three variables and moves one to three measures."""
    names = sorted(rng.sample(sorted(found), rng.choice([1, 2, 3])))
    when = {name: rng.sample(found[name], rng.choice([1, 2])) for name in names}
    moved = rng.sample([f"m{n}" for n in range(MEASURES)], rng.choice([1, 2, 3]))
    change = {measure: rng.choice([-1, 1]) * rng.randint(1, 40) / 10 for measure in moved}
    return {"when": when, "change": change, "why": "Because."}
