"""What may come next: the choices and options that are open, and the odds of everything else."""

from __future__ import annotations

import math

from kit.engine.state import State, is_played
from kit.errors import DecisionError, Problem, ScenarioError, suggestion
from kit.scenario import Assignment, Choice, Option, Scenario, Variable


def open_choices(scenario: Scenario, state: State) -> tuple[Choice, ...]:
    """Return the choices that may be taken now, in file order."""
    known = state.known
    found: list[Choice] = []
    for name, variable in scenario.variables.items():
        if name in known:
            continue
        if not (isinstance(variable, Choice) and is_played(state, variable)):
            break
        if found and variable.move != found[0].move:
            break
        if all(parent in known for parent in variable.parents):
            found.append(variable)
    return tuple(found)


def find_choice(
    scenario: Scenario, state: State, name: str | None = None, option: str = ""
) -> Choice:
    """Return the open choice of this name; without a name, the one that can be meant.

    Raises
    ------
    DecisionError
        No such choice is open, or several could be meant; says which are open.
    """
    choices = {choice.id: choice for choice in open_choices(scenario, state)}
    if name is None and not choices:
        raise DecisionError("Nothing is left to decide; the exercise is over.")
    if name is None:
        meant = [c for c in choices.values() if option in c.options] or list(choices.values())
        if len(meant) > 1:
            raise DecisionError(f"Say which choice you mean: {', '.join(choices)}.")
        return meant[0]
    if name in choices:
        return choices[name]
    allowed = f"Open now: {', '.join(choices)}." if choices else "Nothing is open now."
    if name in scenario.choices:
        raise DecisionError(f"'{name}' cannot be decided now. {allowed}")
    hint = suggestion(name, scenario.choices)
    raise DecisionError(f"No choice is called '{name}'. {hint} {allowed}")


def open_options(choice: Choice, known: Assignment) -> tuple[Option, ...]:
    """Return the options of a choice whose condition holds.

    Raises
    ------
    ScenarioError
        No option is open: the scenario has a dead end here.
    """
    found = tuple(option for option in choice.options.values() if option.when.holds(known))
    if not found:
        cause = f"Choice '{choice.id}' has no open option."
        remedy = "Let at least one option have no `when`."
        raise ScenarioError([Problem("scenario", cause, remedy)])
    return found


def odds(variable: Variable, known: Assignment) -> dict[str, float]:
    """Return the odds of a variable's values, given what is known.

    The first ``given`` rule that holds wins. Closed options get nothing; the rest is rescaled to
    add up to 1, evenly where their odds are all zero.
    """
    rule = next((rule for rule in variable.given if rule.when.holds(known)), None)
    plain = dict(rule.odds if rule else variable.odds)
    if isinstance(variable, Choice):
        options = [option.id for option in open_options(variable, known)]
    else:
        options = list(variable.domain)
    total = math.fsum(plain[option] for option in options)
    even = 1 / len(options)
    return {
        value: 0.0 if value not in options else plain[value] / total if total else even
        for value in variable.domain
    }
