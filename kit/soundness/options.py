"""Codes 4xx, second part: report what the comparisons of options and of measures show."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import numpy as np

from kit import outcomes
from kit.outcomes import Mean
from kit.scenario import Choice, Scenario, When
from kit.soundness.case import Case
from kit.soundness.elimination import POSSIBLE, Ring, Table, TooLargeError, joined
from kit.soundness.game import best_for_someone
from kit.soundness.plays import Item
from kit.soundness.support import Support
from kit.soundness.worth import TOLERANCE, Rivals, influenced, sign

LINES = 24
_SUM = Ring(np.add, np.add)
_ONE = Table((), np.array(True))

Means = Mapping[str, Mapping[str, Mean]]
Line = Mapping[str, str]


def lines_of(scenario: Scenario, seed: int) -> list[dict[str, str]]:
    """Return lines of decisions to try: base case, history, the author's plays, then random."""
    choices = scenario.choices
    base = dict(scenario.base_case)
    found = [base, {**base, **scenario.history}]
    for play in scenario.plays:
        found.append({**base, **{n: v for n, v in play.assign.items() if n in choices}})
    rng = random.Random(seed)
    while len(found) < LINES:
        found.append({name: rng.choice(choice.domain) for name, choice in choices.items()})
    unique = {tuple(line.items()): line for line in found}
    return list(unique.values())


def check(case: Case, reach: Mapping[Item, bool | None], lines: Sequence[Line]) -> None:
    """Report choices without consequences, and options that nobody should take."""
    scenario = case.scenario
    for name, choice in scenario.choices.items():
        if not _matters(case, name):
            cause = f"No effect depends on '{name}', directly or through odds and conditions."
            case.report("TTX403", name, case.variable(name), cause)
            continue
        same = _same(case, choice)
        if case.support.may(choice):
            able = [o for o in choice.options if reach["value", name, o] is not False]
            _rivals(case, choice, [o for o in able if o not in same], lines)


def _matters(case: Case, name: str) -> bool:
    """Return whether an effect looks at a variable, or at something that looks at it."""
    named = {other for effect in case.scenario.effects for other in effect.when.names}
    return bool(named & {name, *influenced(case.support, name)})


def _same(case: Case, choice: Choice) -> set[str]:
    """Report options that do what an earlier option does; return them."""
    places = {option: place for place, option in enumerate(choice.options)}
    found: set[str] = set()
    for option in choice.options:
        for earlier in choice.options:
            if earlier == option:
                break
            if earlier not in found and _alike(case, choice, places[earlier], places[option]):
                found.add(option)
                cause = (
                    f"Options '{earlier}' and '{option}' of '{choice.id}' have the same effects, "
                )
                cause += "odds, injects and later options."
                path = case.value(choice.id, option)
                case.report("TTX404", f"{choice.id}={option}", path, cause)
                break
    return found


def _alike(case: Case, choice: Choice, one: int, other: int) -> bool:
    """Return whether nothing in the model or the story tells two options apart."""
    options = list(choice.options.values())
    if options[one].when != options[other].when:
        return False
    scenario, support, name = case.scenario, case.support, choice.id
    pair = {options[one].id, options[other].id}
    for move in scenario.moves.values():
        for inject in move.injects:
            if any(n == name and len(pair & values) == 1 for n, values in inject.when.terms):
                return False
    for later, rows in support.rows.items():
        for cells in (rows.odds, rows.support):
            table = Table((*rows.parents, later), cells)
            if later != name and not np.array_equal(
                table.at(name, one).cells, table.at(name, other).cells
            ):
                return False
    return _same_effects(scenario, support, name, one, other)


def _same_effects(scenario: Scenario, support: Support, name: str, one: int, other: int) -> bool:
    """Return whether two values of a variable lead to the same changes of every measure."""
    gaps: dict[tuple[str, str], list[tuple[float, When]]] = {}
    domain = scenario.variables[name].domain
    for effect in scenario.effects:
        terms = dict(effect.when.terms)
        values = terms.pop(name, frozenset(domain))
        weight = float(domain[one] in values) - float(domain[other] in values)
        if weight:
            for measure, amount in effect.change.items():
                key = (measure, amount) if isinstance(amount, str) else (measure, "")
                size = weight if isinstance(amount, str) else weight * amount
                gaps.setdefault(key, []).append((size, When(tuple(terms.items()))))
    return all(_cancels(support, parts) for parts in gaps.values())


def _cancels(support: Support, parts: list[tuple[float, When]]) -> bool:
    """Return whether conditional amounts add up to nothing wherever they hold."""
    tables = []
    for size, when in parts:
        held = joined([_ONE, *support.terms(when)], POSSIBLE, support.sizes)
        tables.append(Table(held.names, held.cells * size))
    try:
        summed = joined(tables, _SUM, support.sizes)
    except TooLargeError:
        return False
    return bool((np.abs(summed.cells) <= TOLERANCE).all())


def _rivals(case: Case, choice: Choice, options: list[str], lines: Sequence[Line]) -> None:
    """Report options of a choice that are dominated, or never best on any of the lines."""
    if len(options) < 2:
        return
    first = outcomes.means(
        case.scenario, {}, choice.id, roles=case.scenario.playable, plan=lines[0]
    )
    rivals = Rivals(case, choice.id)
    left = []
    for option in options:
        path, subject = case.value(choice.id, option), f"{choice.id}={option}"
        others = [other for other in options if other != option]
        better = next((o for o in others if _dominates(case, rivals, first, o, option)), None)
        if better is None:
            left.append(option)
        else:
            cause = f"Option '{option}' of '{choice.id}' is never better than '{better}' on any "
            cause += "measure, whatever else happens and wherever the assumptions lie."
            case.report("TTX401", subject, path, cause)
    never = _never_best(case, choice, left, first, lines)
    for option in never:
        cause = f"Option '{option}' of '{choice.id}' is best for nobody: on none of {len(lines)} "
        cause += "lines of other decisions tried do any weights of the measures put it first."
        path = case.value(choice.id, option)
        case.report("TTX402", f"{choice.id}={option}", path, cause)


def _dominates(case: Case, rivals: Rivals, means: Means, better: str, worse: str) -> bool:
    """Return whether an option dominates another; means that say no are proof enough."""
    plain = not any(rivals.choice.options[o].when.terms for o in (better, worse))
    if plain and better in means and worse in means:
        for name, mine in means[better].items():
            other = means[worse][name]
            exact = mine.method == other.method == "exact"
            if exact and (mine.mean - other.mean) * sign(case.scenario, name) < -TOLERANCE:
                return False
    try:
        return rivals.at_least_as_good(better, worse) and rivals.ever_better(better, worse)
    except TooLargeError:
        case.undecided += 1
        return False


def _never_best(
    case: Case, choice: Choice, options: list[str], first: Means, lines: Sequence[Line]
) -> list[str]:
    """Return the options that no weighting of the measures puts first on any line."""
    scenario, means = case.scenario, first
    left = [option for option in options if option in means]
    for line in lines:
        if line is not lines[0]:
            means = outcomes.means(scenario, {}, choice.id, roles=scenario.playable, plan=line)
        figures = {
            option: np.array([o.mean * sign(scenario, m) for m, o in found.items()])
            for option, found in means.items()
        }
        left = [o for o in left if o not in figures or not _best(o, figures)]
        if not left or len(figures) < 2:
            break
    return left


def _best(option: str, figures: Mapping[str, np.ndarray]) -> bool:
    others = [row for other, row in figures.items() if other != option]
    return not others or best_for_someone(figures[option], np.array(others))
