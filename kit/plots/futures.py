"""Two futures of one exercise side by side: every measure of both, beside the base case."""

from __future__ import annotations

from dataclasses import replace

from kit import engine, text
from kit.plots.bands import Results, bands
from kit.plots.bands import summary as moved
from kit.plots.picture import Picture
from kit.scenario import Scenario

FIRST, SECOND = "First future", "Second future"


def futures(
    scenario: Scenario,
    states: tuple[engine.State, engine.State],
    results_of: tuple[Results, Results],
    base: Results,
    names: tuple[str, str] = (FIRST, SECOND),
) -> Picture:
    """Return the band chart of two futures.

    Parameters
    ----------
    scenario
        The exercise of both.
    states
        Where the first and the second future stand.
    results_of
        The outcomes of each.
    base
        The outcomes of the base case.
    names
        What the two are called.
    """
    first, second = results_of
    picture = bands(scenario, first, base, names[0], {names[1]: second})
    parted = text.parting(scenario, engine.compare(scenario, *states))
    gains = moved(scenario, second, first, f"the {names[0].lower()}")
    return replace(picture, title="Two futures side by side", summary=f"{parted} {gains}")
