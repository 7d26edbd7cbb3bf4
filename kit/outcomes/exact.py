"""Exact distributions: a joint table where it is small, elimination where it is not.

The distribution of a sum of effects is found in the frequency domain. An effect that adds ``k``
steps to a measure multiplies the world's weight by a phase; summing the product of all chances and
phases over all worlds (by elimination, for all frequencies at once) gives the Fourier transform of
the distribution, and the inverse transform gives its weights, exact to about 1e-14.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from kit.outcomes.elimination import Factor, Names, Order, Table, marginals, order_of, total
from kit.outcomes.types import Array

JOINT_CELLS = 4_096
PEAK_CELLS = 8_000_000  # cells times frequencies of the largest product, about 128 MB
GRID_POINTS = 20_000
_NOISE = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Net:
    """The chances that matter: tables of the open variables, and what weighs them.

    ``sizes`` holds the number of values of each open variable, in the scenario's order.
    """

    sizes: dict[str, int]
    chances: dict[str, Factor]
    evidence: tuple[Factor, ...]

    @property
    def rank(self) -> dict[str, int]:
        """Return the place of each variable in the order of the scenario."""
        return {name: place for place, name in enumerate(self.sizes)}

    def reaching(self, wanted: Iterable[str]) -> tuple[str, ...]:
        """Return the open variables that reach the wanted ones or the evidence, in order."""
        todo = [*wanted, *(name for factor in self.evidence for name in factor.names)]
        found: set[str] = set()
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo += [other for other in self.chances[name].names if other != name]
        return tuple(name for name in self.sizes if name in found)

    def factors(self, names: Iterable[str]) -> list[Factor]:
        """Return the tables of these variables and the evidence."""
        return [*(self.chances[name] for name in names), *self.evidence]

    def order(self, scopes: Sequence[Names]) -> Order:
        """Return the order of elimination for factors of these scopes."""
        named = sorted({name for scope in scopes for name in scope}, key=self.rank.__getitem__)
        return order_of(tuple(scopes), tuple((name, self.sizes[name]) for name in named))


def mass(net: Net) -> float:
    """Return the sum of the weights of all worlds: 1, or the chance of what is known."""
    factors = net.factors(net.reaching(()))
    if not factors:
        return 1.0
    order = net.order([factor.names for factor in factors])
    return float(total(factors, order, net.rank)[0])


def cell_chances(net: Net, scopes: Sequence[Names]) -> dict[Names, Table]:
    """Return the joint chances of the variables of each scope, adding up to 1.

    All scopes are found in one pass where their common products stay small, else one by one.
    """
    wanted = list(dict.fromkeys(scope for scope in scopes if scope))
    found: dict[Names, Table] = {(): np.ones(())}
    if not wanted:
        return found
    together = net.reaching({name for scope in wanted for name in scope})
    factors = net.factors(together)
    asked = [Factor(scope, np.ones([*(net.sizes[n] for n in scope), 1])) for scope in wanted]
    everything = [*asked, *factors]
    order = net.order([factor.names for factor in everything])
    if order.peak > PEAK_CELLS // 8 and len(wanted) > 1:
        for scope in wanted:
            found |= cell_chances(net, [scope])
        return found
    for scope, table in zip(wanted, marginals(everything, order, net.rank), strict=False):
        found[scope] = table[..., 0] / table.sum()
    return found


def distribution(net: Net, shifts: Sequence[Factor]) -> tuple[Array, Array] | None:
    """Return the values (from 0) and weights of a sum of shifts, or None where it is too large.

    Parameters
    ----------
    net
        The chances.
    shifts
        What each cell of some variables adds to the sum; tables without a batch axis.
    """
    names = net.reaching({name for shift in shifts for name in shift.names})
    if math.prod(net.sizes[name] for name in names) <= JOINT_CELLS:
        return _joint(net, names, shifts)
    lowest = math.fsum(float(shift.table.min()) for shift in shifts)
    step = _step(shifts)
    points = 1 + round(math.fsum(float(np.ptp(shift.table)) for shift in shifts) / step)
    factors = net.factors(names)
    order = net.order([factor.names for factor in (*factors, *shifts)])
    if points > GRID_POINTS or order.peak * (points // 2 + 1) > PEAK_CELLS:
        return None
    waves = -2j * np.pi / points * np.arange(points // 2 + 1)
    phases = [
        Factor(s.names, np.exp(np.rint((s.table - s.table.min()) / step)[..., None] * waves))
        for s in shifts
    ]
    transform = total([*factors, *phases], order, net.rank)
    weights = np.asarray(np.fft.irfft(transform, points), dtype=np.float64)
    weights[weights < _NOISE * weights.sum()] = 0.0
    values = lowest + step * np.arange(points, dtype=np.float64)
    kept = weights > 0
    return values[kept], weights[kept] / float(weights.sum())


def _joint(net: Net, names: Names, shifts: Sequence[Factor]) -> tuple[Array, Array]:
    """Return values and weights from the table of all combinations."""
    sizes = [net.sizes[name] for name in names]
    weights: Table = np.ones([*sizes, 1])
    for factor in net.factors(names):
        weights = weights * _spread(factor.table, factor.names, names)
    values: Table = np.zeros([*sizes, 1])
    for shift in shifts:
        values = values + _spread(shift.table[..., None], shift.names, names)
    return values.ravel(), weights.ravel() / weights.sum()


def _spread(table: Table, own: Names, names: Names) -> Table:
    sizes = iter(table.shape)
    return table.reshape([*(next(sizes) if name in own else 1 for name in names), 1])


def _step(shifts: Sequence[Factor]) -> float:
    """Return the largest step of which every shift is a multiple (decimals up to 1e-6)."""
    step = Fraction(0)
    for value in {float(v) for shift in shifts for v in (shift.table - shift.table.min()).ravel()}:
        size = _fraction(value)
        step = Fraction(
            math.gcd(step.numerator * size.denominator, size.numerator * step.denominator),
            step.denominator * size.denominator,
        )
    return float(step) or 1.0


@functools.lru_cache(maxsize=4096)
def _fraction(value: float) -> Fraction:
    return Fraction(value).limit_denominator(1_000_000)
