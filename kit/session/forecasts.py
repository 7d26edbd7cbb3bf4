"""The outcomes that a play asks for again and again, each computed once."""

from __future__ import annotations

from collections.abc import Mapping

from kit import engine, outcomes
from kit.errors import DecisionError
from kit.outcomes import Outcome
from kit.scenario import Scenario

KEPT = 16  # a view asks for four at a time; undo and fork come back to earlier ones

Results = dict[str, Outcome]


class Forecasts:
    """Outcomes of one exercise for one set of played roles, the latest ones kept.

    What is asked depends only on what is known, so that undo and two futures of one play share
    what was computed.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._kept: dict[frozenset[tuple[str, str]], Results] = {}

    def now(self, state: engine.State) -> Results:
        """Return where every measure ends, given all that is known."""
        return self._given(state, state.known)

    def base(self, state: engine.State) -> Results:
        """Return the base case: the same luck so far, but no new decision by the played roles."""
        try:
            return self._given(state, engine.split(self.scenario, state)[1])
        except DecisionError:  # what happened cannot happen without the learner's decisions
            return self.plain_base(state)

    def plain_base(self, state: engine.State) -> Results:
        """Return the base case seen from the start, with nothing known."""
        return self._given(state, {})

    def prospects(self, state: engine.State) -> Results:
        """Return what the decisions alone lead to, averaged over everything chance could do."""
        return self._given(state, engine.split(self.scenario, state)[0])

    def _given(self, state: engine.State, known: Mapping[str, str]) -> Results:
        """Return outcomes given what is known; later played choices follow the base case."""
        key = frozenset(known.items())
        found = self._kept.pop(key, None)
        if found is None:
            found = outcomes.evaluate(self.scenario, known, roles=state.roles)
        self._kept[key] = found  # last: the next to go is the one asked for longest ago
        while len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]
        return found
