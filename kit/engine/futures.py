"""Two futures of one play: how a second one begins, and where two of them differ.

A second future keeps every event before the decision it begins again from, so that both logs
tell where they split. Luck depends on the seed and the variable alone: what is drawn in both
futures by the same odds comes out the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from kit.engine.state import State, is_played
from kit.errors import DecisionError
from kit.log import Event
from kit.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Difference:
    """A variable that two futures settle unlike; a value is empty where it is not yet known."""

    name: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Futures:
    """Two states side by side, each variable in the order of the scenario.

    ``decided`` are the decisions that differ, ``drawn`` what chance and unplayed roles brought
    unlike, ``alike`` the variables that both settled the same way.
    """

    decided: tuple[Difference, ...]
    drawn: tuple[Difference, ...]
    alike: tuple[str, ...]


def fork(scenario: Scenario, log: Iterable[Event], seq: int) -> tuple[Event, ...]:
    """Return the log of a second future, which begins just before a past decision.

    Parameters
    ----------
    scenario
        The exercise.
    log
        The log of the first future; it is not changed.
    seq
        Number of the decision, whether it stands or was taken back; or one more than the last
        event, for a future that has everything in common with the first so far.

    Raises
    ------
    DecisionError
        There is no such decision; says which there are.
    """
    events = tuple(log)
    places = {event.seq: place for place, event in enumerate(events) if event.kind == "decide"}
    if events and seq == events[-1].seq + 1:
        return events
    if seq not in places:
        found = [
            f"{event.seq} ({scenario.choices[event.name].id})"
            for event in events
            if event.kind == "decide"
        ]
        allowed = f"Decisions: {', '.join(found)}." if found else "Nothing was decided yet."
        raise DecisionError(f"No future can begin again from event {seq}. {allowed}")
    return events[: places[seq]]


def shared(first: Sequence[Event], second: Sequence[Event]) -> int:
    """Return how many events two logs have in common before they split; 0 for separate plays."""
    pairs = zip(first, second, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def compare(scenario: Scenario, first: State, second: State) -> Futures:
    """Return where two plays of one exercise differ.

    A choice counts as decided where a learner set it in either play.
    """
    one, other = first.known, second.known
    decided, drawn, alike = list[Difference](), list[Difference](), list[str]()
    for name, variable in scenario.variables.items():
        if name not in one and name not in other:
            continue
        if one.get(name) == other.get(name):
            alike.append(name)
            continue
        played = is_played(first, variable) or is_played(second, variable)
        found = Difference(name, one.get(name, ""), other.get(name, ""))
        (decided if played else drawn).append(found)
    return Futures(tuple(decided), tuple(drawn), tuple(alike))
