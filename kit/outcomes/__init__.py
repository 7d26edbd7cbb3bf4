"""What follows from a choice: exact distributions of every measure, given what is known.

Three ways, one meaning. :func:`evaluate` and :func:`compare` are the ones used in play: they sum
over all worlds by eliminating one variable after the other, for all options of a choice at once.
:func:`worlds` lists every complete assignment and :func:`sample` draws them; both exist to check
the first, and ``sample`` also stands in for what would need tables too large. The result always
says which way it was made. :func:`means` leaves distributions out, for large scenarios;
:func:`reach` tells how far later decisions can still move a mean.

A *plan* names the option that each played choice takes later on; where that option is closed, the
odds of the open ones are used. What is known and was left to chance conditions the rest by Bayes'
rule; what a played role decided is set, not observed.
"""

from __future__ import annotations

from collections.abc import Iterable

from kit.outcomes import results
from kit.outcomes.asked import Asked
from kit.outcomes.envelope import Reach, reach
from kit.outcomes.sampling import measures_of, sample, sample_options, worlds
from kit.outcomes.tables import Query
from kit.outcomes.types import Bins, Mean, Outcome, Part
from kit.scenario import ALWAYS, Assignment, Scenario, When

__all__ = [
    "Bins",
    "Mean",
    "Outcome",
    "Part",
    "Reach",
    "compare",
    "evaluate",
    "means",
    "measures_of",
    "reach",
    "sample",
    "sample_options",
    "worlds",
]


def evaluate(
    scenario: Scenario,
    known: Assignment | None = None,
    *,
    roles: Iterable[str] = (),
    plan: Assignment | None = None,
    given: When = ALWAYS,
) -> dict[str, Outcome]:
    """Return the distribution of every measure at the end of the exercise.

    Parameters
    ----------
    scenario
        The exercise.
    known
        Variables that are settled; the rest is left to the plan and to chance.
    roles
        Roles that are played: their later choices follow ``plan``; all others follow their odds.
    plan
        Option of each later choice of a played role; the base case when absent.
    given
        A further condition to average over, for example that an option is open.

    Raises
    ------
    DecisionError
        What is known cannot happen in this scenario.
    ScenarioError
        A choice has no open option in some reachable world.
    """
    return _distributions(scenario, Query.of(scenario, known, roles, plan, given))[""]


def compare(
    scenario: Scenario,
    known: Assignment,
    choice: str,
    *,
    roles: Iterable[str] = (),
    plan: Assignment | None = None,
) -> dict[str, dict[str, Outcome]]:
    """Return the outcomes of each option of a choice: option → measure → distribution.

    An option with a condition that is not settled yet is judged over the worlds in which it is
    open; an option that is closed for certain is left out. Parameters and errors are those of
    :func:`evaluate`; the role that decides counts as played.
    """
    return _distributions(scenario, Query.about(scenario, known, choice, roles, plan))


def means(
    scenario: Scenario,
    known: Assignment,
    choice: str,
    *,
    roles: Iterable[str] = (),
    plan: Assignment | None = None,
) -> dict[str, dict[str, Mean]]:
    """Return the mean of every measure for each option of a choice: option → measure → mean.

    Like :func:`compare` without the distributions, for scenarios in which those are too large: a
    mean needs only the chance of each effect, and so only the variables that reach that effect.
    Where even this is too large, the means of the measures concerned are sampled and say so.
    """
    asked = Asked(scenario, Query.about(scenario, known, choice, roles, plan))
    found: dict[str, dict[str, Mean]] = {option: {} for option in asked.rows}
    for measure in scenario.measures:
        if asked.knows(measure):
            row = results.means(scenario, measure, asked.chances)
        else:
            row = [results.plain(asked.sampled(option)[measure]) for option in asked.rows]
        for option, mean in zip(asked.rows, row, strict=True):
            found[option][measure] = mean
    return found


def _distributions(scenario: Scenario, query: Query) -> dict[str, dict[str, Outcome]]:
    """Return the outcomes of each option of the choice asked about; of none, under no name."""
    asked = Asked(scenario, query)
    found: dict[str, dict[str, Outcome]] = {option: {} for option in asked.rows}
    for measure in scenario.measures:
        row = asked.outcomes(measure) or [asked.sampled(o)[measure] for o in asked.rows]
        for option, outcome in zip(asked.rows, row, strict=True):
            found[option][measure] = outcome
    return found
