"""Random plays, many at once, that go where the plays before them have not been.

Every value is drawn with a weight of one over the times it was seen, among those that are possible
where the play stands; odds are left aside, because the question is what can happen and not how
often. A few plays are taken again through the engine, event by event.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kit import engine
from kit.log import Event
from kit.scenario import Scenario, When
from kit.soundness.support import Support

BATCH = 500
REPLAYS = 50

Item = tuple[str | int, ...]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Played:
    """What the plays met: how often each item, how many lines of decisions, how many replayed."""

    met: Mapping[Item, int]
    lines: int
    replayed: int


def items(scenario: Scenario, support: Support) -> Iterator[tuple[Item, When, int]]:
    """Yield what a play may meet: its key, the condition, and the place in play it needs.

    A place of ``n`` means that the variable at place ``n`` became known before it.
    """
    for move in scenario.moves.values():
        opening = min(support.rank[choice] for choice in first_of(scenario, move.id))
        yield ("move", move.id), When(), opening - 1
        for inject in move.injects:
            after = max(opening - 1, support.last(inject.when.names))
            yield ("inject", inject.id), inject.when, after
    for place, effect in enumerate(scenario.effects):
        yield ("effect", place), effect.when, len(support.names) - 1
    for name, variable in scenario.variables.items():
        for value in variable.domain:
            yield ("value", name, value), When(((name, frozenset([value])),)), support.rank[name]


def first_of(scenario: Scenario, move: str) -> list[str]:
    """Return the variables that become known in a move."""
    return [name for name in scenario.variables if scenario.move_of(name) == move]


def play(scenario: Scenario, support: Support, plays: int, seed: int) -> Played:
    """Return what a number of random plays met; the same for the same seed."""
    rng = np.random.default_rng(seed)
    met: Counter[Item] = Counter()
    wanted = [
        (key, *_lookup(support, when), place) for key, when, place in items(scenario, support)
    ]
    lines: set[bytes] = set()
    decided = [support.rank[n] for n, v in scenario.variables.items() if support.may(v)]
    replayed = 0
    for start in range(0, plays, BATCH):
        codes, ended, rules = _batch(support, min(BATCH, plays - start), met, rng)
        for key, names, tables, place in wanted:
            held = ended > place
            for name, table in zip(names, tables, strict=True):
                held &= table[codes[support.rank[name]]]
            met[key] += int(held.sum())
        met.update(rules)
        complete = codes[:, ended == len(support.names)]
        lines |= {row.tobytes() for row in complete[decided].T}
        if not start:
            replayed = sum(
                _replay(scenario, support, codes[:, k], int(ended[k]))
                for k in range(min(REPLAYS, codes.shape[1]))
            )
    return Played(met, len(lines), replayed)


def _lookup(support: Support, when: When) -> tuple[tuple[str, ...], list[Mask]]:
    return when.names, [term.cells for term in support.terms(when)]


def _batch(
    support: Support, n: int, met: Counter[Item], rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64], Counter[Item]]:
    """Return value codes of shape (variables, n), where each play ended, and the rules met."""
    codes = np.zeros((len(support.names), n), dtype=np.int64)
    ended = np.full(n, len(support.names))
    found: Counter[Item] = Counter()
    for place, name in enumerate(support.names):
        rows = support.rows[name]
        index = tuple(codes[support.rank[parent]] for parent in rows.parents)
        domain = support.scenario.variables[name].domain
        seen = np.array([met["value", name, value] for value in domain])
        weights = rows.support[index] / (1.0 + seen)
        sums = np.broadcast_to(weights, (n, len(domain))).cumsum(axis=1)
        stuck = (sums[:, -1] == 0) & (ended > place)
        ended[stuck] = place
        drawn = (rng.random((n, 1)) * sums[:, -1:] >= sums).sum(axis=1)
        codes[place] = np.minimum(drawn, len(domain) - 1)
        first = np.broadcast_to(rows.rule[index], (n,))[ended > place]
        counts = np.bincount(first, minlength=len(support.scenario.variables[name].given) + 1)
        found.update({("rule", name, k): int(c) for k, c in enumerate(counts[:-1])})
    return codes, ended, found


def _replay(scenario: Scenario, support: Support, codes: NDArray[np.int64], ended: int) -> bool:
    """Return True after the engine has followed a play, event by event.

    Raises
    ------
    DecisionError
        The engine refuses what the tables allow; then one of the two is wrong.
    """
    state = engine.apply(
        scenario, engine.State(), Event(1, "start", roles=scenario.playable, seed=0)
    )
    for name, code in zip(support.names[:ended], codes[:ended], strict=True):
        variable = scenario.variables[name]
        kind = "decide" if engine.is_played(state, variable) else "draw"
        event = Event(state.seq + 1, kind, name, variable.domain[int(code)])
        state = engine.apply(scenario, state, event)
    return True
