"""Turn the plain values of a checked scenario file into frozen objects."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from kit.scenario.conditions import ALWAYS, END, Given, When
from kit.scenario.types import (
    Assumption,
    Effect,
    Inject,
    Measure,
    Misconception,
    Move,
    Objective,
    Play,
    Prediction,
    Reading,
    Role,
    Scenario,
    Silence,
)
from kit.scenario.variables import Choice, Option, Uncertainty, Variable

T = TypeVar("T")


def build(raw: Mapping[str, Any], fingerprint: str, edition: str = "") -> Scenario:
    """Return the scenario; ``raw`` must have passed the checks of :mod:`kit.scenario.meaning`."""
    moves = {m["id"]: _move(m) for m in raw["moves"]}
    choices = [_choice(n, c, m["id"]) for m in raw["moves"] for n, c in m["choices"].items()]
    uncertainties = [_uncertainty(n, u) for n, u in raw["uncertainties"].items()]
    return Scenario(
        id=raw["id"],
        version=raw["version"],
        title=raw["title"],
        summary=raw["summary"],
        as_of=raw["as_of"],
        minutes=raw["minutes"],
        level=raw["level"],
        language=raw.get("language", "en"),
        objectives=_frozen({o["id"]: _objective(o) for o in raw["objectives"]}),
        roles=_frozen({n: Role(id=n, **r) for n, r in raw["roles"].items()}),
        measures=_frozen({n: _measure(n, m) for n, m in raw["measures"].items()}),
        assumptions=_frozen({n: _assumption(n, a) for n, a in raw["assumptions"].items()}),
        variables=_frozen(_ordered(list(moves), choices, uncertainties)),
        moves=_frozen(moves),
        effects=tuple(
            Effect(when(e["when"]), _frozen(e["change"]), e["why"]) for e in raw["effects"]
        ),
        base_case=_frozen(raw["base_case"]),
        plays=tuple(
            Play(p["name"], _frozen(p["assign"]), _frozen(p["expect"]))
            for p in raw.get("plays", [])
        ),
        hot_wash=tuple(raw.get("hot_wash", [])),
        silenced=tuple(Silence(**s) for s in raw.get("silence", [])),
        fingerprint=fingerprint,
        debrief=tuple(raw.get("debrief", [])),
        misconceptions=tuple(
            Misconception(m["belief"], m["answer"], tuple(m.get("evidence", [])))
            for m in raw.get("misconceptions", [])
        ),
        further_reading=tuple(Reading(**r) for r in raw.get("further_reading", [])),
        edition=edition,
    )


def when(raw: Mapping[str, Any] | None) -> When:
    """Return a condition; a single value and a list of one mean the same."""
    if not raw:
        return ALWAYS
    terms = ((n, frozenset([v] if isinstance(v, str) else v)) for n, v in raw.items())
    return When(tuple(terms))


def _ordered(
    moves: list[str], choices: list[Choice], uncertainties: list[Uncertainty]
) -> dict[str, Variable]:
    """Return the variables in the order in which they become known."""
    order: list[Variable] = []
    for move in [*moves, END]:
        order += [u for u in uncertainties if u.resolves == move]
        order += [c for c in choices if c.move == move]
    return {variable.id: variable for variable in order}


def _frozen(mapping: Mapping[str, T]) -> Mapping[str, T]:
    return MappingProxyType(dict(mapping))


def _objective(raw: Mapping[str, Any]) -> Objective:
    return Objective(raw["id"], raw["bloom"], raw["text"], tuple(raw["criteria"]))


def _measure(name: str, raw: Mapping[str, Any]) -> Measure:
    return Measure(id=name, **{**raw, "start": float(raw["start"])})


def _assumption(name: str, raw: Mapping[str, Any]) -> Assumption:
    low, base, high = (float(raw[key]) for key in ("low", "base", "high"))
    model = raw.get("model", {"call": "", "ranges": {}})
    return Assumption(
        name,
        raw["text"],
        low,
        base,
        high,
        raw["unit"],
        raw["basis"],
        evidence=tuple(raw.get("evidence", [])),
        dissent=raw.get("dissent", ""),
        call=model["call"],
        ranges=_frozen({key: tuple(ends) for key, ends in model["ranges"].items()}),
    )


def _given(raw: Mapping[str, Any]) -> tuple[Given, ...]:
    return tuple(Given(when(g["when"]), _odds(g["odds"])) for g in raw.get("given", []))


def _odds(raw: Mapping[str, Any]) -> Mapping[str, float]:
    return _frozen({name: float(value) for name, value in raw.items()})


def _choice(name: str, raw: Mapping[str, Any], move: str) -> Choice:
    options = {
        n: Option(
            id=n,
            text=o["text"],
            tradeoff=o["tradeoff"],
            odds=float(o["odds"]),
            when=when(o.get("when")),
            history=bool(o.get("history", False)),
            record=o["history"] if isinstance(o.get("history"), str) else "",
            codes=_frozen(o.get("codes", {})),
        )
        for n, o in raw["options"].items()
    }
    return Choice(
        id=name,
        move=move,
        role=raw["role"],
        question=raw["question"],
        options=_frozen(options),
        context=raw.get("context", ""),
        given=_given(raw),
        basis=raw["basis"],
        why=raw["why"],
        evidence=tuple(raw.get("evidence", [])),
    )


def _uncertainty(name: str, raw: Mapping[str, Any]) -> Uncertainty:
    return Uncertainty(
        id=name,
        question=raw["question"],
        resolves=raw["resolves"],
        values=_frozen(raw["values"]),
        odds=_odds(raw["odds"]),
        given=_given(raw),
        basis=raw["basis"],
        why=raw["why"],
        evidence=tuple(raw.get("evidence", [])),
        dissent=raw.get("dissent", ""),
    )


def _move(raw: Mapping[str, Any]) -> Move:
    injects = tuple(
        Inject(
            id=i["id"],
            minute=i["minute"],
            sender=i["from"],
            to=tuple(i["to"]),
            channel=i["channel"],
            text=i["text"],
            when=when(i.get("when")),
            evidence=tuple(i.get("evidence", [])),
            objective=i["objective"],
            expected_action=i["expected_action"],
            notes=i.get("notes", ""),
        )
        for i in sorted(raw.get("injects", []), key=lambda i: i["minute"])
    )
    return Move(
        id=raw["id"],
        title=raw["title"],
        as_of=raw["as_of"],
        minutes=raw["minutes"],
        situation=raw["situation"],
        injects=injects,
        choices=tuple(raw["choices"]),
        predictions=tuple(_prediction(p) for p in raw.get("predictions", [])),
        label=raw.get("label", ""),
    )


def _prediction(raw: Mapping[str, Any]) -> Prediction:
    settled = dict(raw["resolves"])
    values = settled.pop("value", ())
    settled["values"] = frozenset([values] if isinstance(values, str) else values)
    return Prediction(id=raw["id"], question=raw["question"], **settled)
