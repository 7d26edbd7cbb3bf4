"""Codes 5xx, and the names nothing uses: what makes a sound scenario teach little."""

from __future__ import annotations

import math
from collections.abc import Mapping

from kit.scenario import Prediction, When
from kit.soundness.case import Case
from kit.soundness.elimination import TooLargeError
from kit.soundness.plays import Item
from kit.soundness.reading import WORD, words
from kit.soundness.worth import TOLERANCE, ends

CRITERION_WORDS = 3

Reach = Mapping[Item, bool | None]


def check(case: Case, reach: Reach) -> None:
    """Report all of it."""
    _objectives(case)
    _roles(case)
    _arguments(case)
    _unused(case, reach)
    _predictions(case)


def _objectives(case: Case) -> None:
    """Report objectives that no inject serves, and criteria by which nobody can judge."""
    scenario = case.scenario
    served = {inject.objective for move in scenario.moves.values() for inject in move.injects}
    for name, objective in scenario.objectives.items():
        path = case.objective(name)
        if name not in served:
            case.report("TTX501", name, path, f"No inject serves objective '{name}'.")
        seen = {_plain(objective.text)}
        for place, criterion in enumerate(objective.criteria):
            short = words(criterion) < CRITERION_WORDS
            if short or _plain(criterion) in seen:
                why = "is too short to judge by" if short else "only repeats other words"
                cause = f"Criterion '{criterion}' of objective '{name}' {why}."
                case.report("TTX502", name, (*path, "criteria", place), cause)
            seen.add(_plain(criterion))


def _plain(text: str) -> str:
    return " ".join(WORD.findall(text.lower()))


def _roles(case: Case) -> None:
    """Report roles that hear nothing before they decide, and roles without any part."""
    scenario, rank = case.scenario, case.support.rank
    for name, role in scenario.roles.items():
        own = [choice.id for choice in scenario.choices.values() if choice.role == name]
        told = [
            (place, inject)
            for place, move in enumerate(scenario.moves.values())
            for inject in move.injects
            if name in inject.to
        ]
        if not own and not told and role.cell != "observer":
            cause = f"Role '{name}' decides nothing and hears nothing."
            case.report("TTX408", name, ("roles", name), cause)
        if name not in scenario.playable:
            continue
        first = min(own, key=rank.__getitem__)
        here = list(scenario.moves).index(scenario.move_of(first))
        before = [
            inject
            for place, inject in told
            if place <= here and case.support.last(inject.when.names) < rank[first]
        ]
        if not before:
            cause = f"Role '{name}' gets no inject before it first decides ('{first}')."
            case.report("TTX503", name, ("roles", name), cause)


def _arguments(case: Case) -> None:
    """Report numbers that nobody can dispute: no evidence, no dissent, no range."""
    scenario = case.scenario
    for name, assumption in scenario.assumptions.items():
        path = ("assumptions", name)
        if assumption.basis == "sourced" and not assumption.evidence:
            _unsourced(case, f"Assumption '{name}'", name)
        if not assumption.dissent:
            cause = f"Assumption '{name}' has no dissenting view."
            case.report("TTX505", name, path, cause)
        if assumption.low == assumption.high:
            cause = f"Assumption '{name}' has no range: it is {assumption.base:g} for certain."
            case.report("TTX506", name, (*path, "low"), cause)
    for name, variable in scenario.variables.items():
        if variable.basis == "sourced" and not variable.evidence:
            _unsourced(case, f"The odds of '{name}'", name)
    for name, uncertainty in scenario.uncertainties.items():
        if not uncertainty.dissent:
            cause = f"Uncertainty '{name}' has no dissenting view."
            case.report("TTX505", name, case.variable(name), cause)


def _unsourced(case: Case, what: str, name: str) -> None:
    path = ("assumptions", name) if name in case.scenario.assumptions else case.variable(name)
    case.report("TTX504", name, (*path, "basis"), f"{what}: 'sourced', but no evidence is named.")


def _unused(case: Case, reach: Reach) -> None:
    """Report measures that nothing moves, and assumptions and uncertainties nothing uses."""
    scenario = case.scenario
    holding = [e for k, e in enumerate(scenario.effects) if reach.get(("effect", k)) is not False]
    holding = holding or list(scenario.effects)  # where no play ends, that is the flaw to mend
    amounts = [(m, amount) for effect in holding for m, amount in effect.change.items()]
    for name in scenario.measures:
        found = [
            scenario.size(amount, which)
            for measure, amount in amounts
            for which in ("low", "high")
            if measure == name
        ]
        if not any(found):
            case.report("TTX405", name, ("measures", name), f"Nothing moves measure '{name}'.")
    named = {a for e in scenario.effects for a in e.change.values() if isinstance(a, str)}
    for name in scenario.assumptions.keys() - named:
        cause = f"No effect uses assumption '{name}'."
        case.report("TTX406", name, ("assumptions", name), cause)
    looked = {parent for v in scenario.variables.values() for parent in v.parents}
    looked |= {name for effect in scenario.effects for name in effect.when.names}
    for move in scenario.moves.values():
        looked |= {name for inject in move.injects for name in inject.when.names}
        looked |= {prediction.variable for prediction in move.predictions}
    for name in scenario.uncertainties.keys() - looked:
        cause = f"Nothing looks at uncertainty '{name}'."
        case.report("TTX407", name, case.variable(name), cause)


def _predictions(case: Case) -> None:
    """Report predictions whose answer is certain, whatever anyone does."""
    for move in case.scenario.moves.values():
        for place, prediction in enumerate(move.predictions):
            answer = _certain(case, prediction)
            if answer is not None:
                cause = f"The answer to prediction '{prediction.id}' is always {answer}."
                path = (*case.move(move.id), "predictions", place)
                case.report("TTX507", prediction.id, path, cause)


def _certain(case: Case, prediction: Prediction) -> str | None:
    """Return the answer that a prediction always has, or None where it can go either way."""
    if prediction.variable:
        wanted = When(((prediction.variable, prediction.values),))
        upto = case.support.rank[prediction.variable]
        try:
            if not case.support.possible(case.support.terms(wanted), upto):
                return "no"
            if not case.support.possible(case.support.refused(wanted), upto):
                return "yes"
        except TooLargeError:
            case.undecided += 1
        return None
    if prediction.at_least is None and prediction.at_most is None:
        return None
    found = ends(case, prediction.measure, "base", "base")
    if found is None:
        case.undecided += 1
        return None
    least, most = found
    if not math.isfinite(least):  # no play comes to the end
        return None
    if prediction.at_least is not None:
        sure, never = least >= prediction.at_least, most < prediction.at_least - TOLERANCE
    else:
        bound = prediction.at_most or 0.0
        sure, never = most <= bound, least > bound + TOLERANCE
    return "yes" if sure else "no" if never else None
