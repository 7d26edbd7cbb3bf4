"""One question about outcomes, prepared once for all measures and all options."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from kit.outcomes.draws import draw
from kit.outcomes.effects import Shifts, chances_of_effects, open_groups, sizes_of
from kit.outcomes.exact import distribution
from kit.outcomes.net import net_of
from kit.outcomes.results import outcomes_of
from kit.outcomes.tables import Query, settled_by_plan
from kit.outcomes.types import Array, Outcome
from kit.scenario import Scenario

SAMPLES = 40_000


class Asked:
    """A query with its net, and the chance of each effect.

    ``rows`` gives, for each option that can be taken, its row in ``chances``; a query about no
    choice has one row under no name. Chances are not numbers where tables would be too large.
    """

    def __init__(self, scenario: Scenario, query: Query) -> None:
        self.scenario = scenario
        self.query = query
        self.net, weights = net_of(scenario, query)
        self.groups = open_groups(scenario, settled_by_plan(scenario, query))
        every = chances_of_effects(self.net, self.groups, len(scenario.effects))
        possible = np.flatnonzero(weights > 0).tolist()
        options = scenario.choices[query.choice].domain if query.choice else ("",)
        self.rows: Mapping[str, int] = {options[row]: row for row in possible}
        self.chances: Array = every[possible]
        self._drawn: dict[str, Mapping[str, Outcome]] = {}

    @functools.cached_property
    def possible(self) -> NDArray[np.bool_]:
        """Return, for each effect, whether it has a chance, or none that is known."""
        return np.asarray((self.chances != 0).any(axis=0))

    @functools.cached_property
    def shifts(self) -> Shifts:
        """Return what combinations of values add to the measures."""
        return Shifts.of(self.scenario, self.net, self.groups, self.possible)

    @functools.cached_property
    def columns(self) -> Mapping[str, int]:
        """Return the place of each measure."""
        return {measure: column for column, measure in enumerate(self.scenario.measures)}

    def knows(self, measure: str) -> bool:
        """Return whether the chances of all effects on a measure are known."""
        own = sizes_of(self.scenario)[measure].effects
        return not np.isnan(self.chances[:, own]).any()

    def outcomes(self, measure: str) -> list[Outcome] | None:
        """Return the exact outcomes of a measure by row, or None where tables are too large."""
        if not self.knows(measure):
            return None
        sizes = sizes_of(self.scenario)[measure]
        possible = self.possible.tolist()
        moved = [w for e, w in zip(sizes.effects, sizes.whole, strict=False) if possible[e]]
        unit = math.gcd(*moved) or int(len(sizes.whole) == len(sizes.effects))
        column = self.columns[measure]
        spread = distribution(self.net, self.shifts, column, sizes, unit)
        if spread is None:
            return None
        rows = list(self.rows.values())
        values, weights = spread.values[rows], spread.weights[rows]
        return outcomes_of(self.scenario, measure, values, weights, self.chances)

    def sampled(self, option: str) -> Mapping[str, Outcome]:
        """Return sampled outcomes, from the same draws every time so that they do not flicker."""
        if option not in self._drawn:
            query = self.query.take(self.scenario, option)
            rng = np.random.default_rng(0)
            self._drawn[option] = draw(self.scenario, query, SAMPLES, rng)
        return self._drawn[option]
