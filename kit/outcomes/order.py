"""In which order to sum out variables, so that the tables on the way stay small.

Finding the best order is hard; greedy rules find good ones. Two rules are tried, and where the
tables would still be large, the same rules with ties broken otherwise; the cheapest order counts.
Variables are bits of a number: a set of them is an ``int``, and joining two sets is one ``|``.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator, Sequence
from typing import Final

EASY: Final = 2_048  # products this small are not worth a second try
TRIES: Final = 6


def bits(number: int) -> Iterator[int]:
    """Yield the places of the bits that are set, lowest first."""
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low


def order_of(
    scopes: Sequence[int], sizes: Sequence[int], kept: int = 0
) -> tuple[tuple[int, ...], int]:
    """Return an order of elimination, and the number of cells of its largest product.

    Parameters
    ----------
    scopes
        The variables of each table, as bits.
    sizes
        The number of values of each variable.
    kept
        Variables that are never summed out; they count in every product they are part of.
    """
    return _order_of(tuple(sorted(set(scopes))), tuple(sizes), kept)


@functools.lru_cache(maxsize=2048)
def _order_of(
    scopes: tuple[int, ...], sizes: tuple[int, ...], kept: int
) -> tuple[tuple[int, ...], int]:
    search = _Search(scopes, sizes, kept)
    best = search.greedy(by_fill=False)
    if best[1] > EASY:
        best = min(best, search.greedy(by_fill=True), key=lambda found: found[2])
        for seed in range(TRIES):
            luck = random.Random(seed)  # the same order on every machine and in every run
            found = search.greedy(by_fill=seed % 2 == 0, luck=luck)
            best = min(best, found, key=lambda found: found[2])
    return best[0], best[1]


class _Search:
    """Greedy elimination on the graph in which variables of one table are neighbors."""

    def __init__(self, scopes: tuple[int, ...], sizes: tuple[int, ...], kept: int) -> None:
        self.sizes = sizes
        self.kept = kept
        self.cells: dict[int, int] = {0: 1}
        self.near = dict[int, int]()  # each variable with its neighbors and itself
        for scope in scopes:
            for place in bits(scope):
                self.near[place] = self.near.get(place, 0) | scope

    def product(self, scope: int) -> int:
        """Return the number of cells of a table over these variables."""
        found = self.cells.get(scope)
        if found is None:
            low = scope & -scope
            found = self.cells[scope] = self.sizes[low.bit_length() - 1] * self.product(
                scope ^ low
            )
        return found

    def fill(self, near: dict[int, int], place: int) -> int:
        """Return how many new neighbors summing out a variable makes."""
        scope = near[place]
        return sum((scope & ~near[other]).bit_count() for other in bits(scope ^ (1 << place)))

    def greedy(
        self, *, by_fill: bool, luck: random.Random | None = None
    ) -> tuple[tuple[int, ...], int, int]:
        """Return an order, the cells of its largest product, and the cells of all of them."""
        near = dict(self.near)
        left = {place for place in near if not self.kept >> place & 1}

        def score(place: int) -> tuple[float, float, int]:
            cells = self.product(near[place])
            tie = luck.random() if luck else 0.0
            if by_fill:
                return self.fill(near, place), cells * (1 + tie), place
            return cells, self.fill(near, place) + tie if luck else 0.0, place

        scores = {place: score(place) for place in left}
        order, peak, cost = [], 1, 0
        while left:
            place = min(left, key=scores.__getitem__)
            scope = near.pop(place)
            left.remove(place)
            order.append(place)
            cells = self.product(scope)
            peak, cost = max(peak, cells), cost + cells
            rest = scope ^ (1 << place)
            touched = 0
            for other in bits(rest):
                near[other] = (near[other] | rest) & ~(1 << place)
                touched |= near[other] if by_fill else rest
            for other in bits(touched):
                if other in left:
                    scores[other] = score(other)
        return tuple(order), peak, cost
