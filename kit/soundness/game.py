"""Whether some weighting makes one row of figures the best: a small zero-sum game."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

TOLERANCE = 1e-9


def best_for_someone(mine: Array, others: Array) -> bool:
    """Return whether non-negative weights of the columns put a row at least level with all others.

    Equivalent to a game: one side weighs the columns, the other mixes the other rows, and the row
    is never best exactly when some mixture of the others beats it in every column.

    Parameters
    ----------
    mine
        Figures of one row, more is better; shape (m,).
    others
        Figures of the other rows; shape (k, m).
    """
    lead = (mine - others).T
    scale = np.abs(lead).max(axis=1, keepdims=True)
    return game_value(lead / np.where(scale > 0, scale, 1.0)) >= -TOLERANCE


def game_value(payoff: Array) -> float:
    """Return what the side that picks rows can be sure of on average; shape (rows, columns).

    Solved by the simplex method on ``max Σz, Pz ≤ 1, z ≥ 0`` with all payoffs moved above zero;
    the lowest index enters and leaves first (Bland), so that it always ends.

    Examples
    --------
    >>> round(game_value(np.array([[1.0, -1.0], [-1.0, 1.0]])), 12) + 0.0
    0.0
    >>> game_value(np.array([[3.0, 2.0], [1.0, 0.0]]))
    2.0
    """
    rows, columns = payoff.shape
    if not rows or not columns:
        return 0.0
    shift = 1.0 - float(payoff.min())
    tableau = np.zeros((rows + 1, columns + rows + 1))
    tableau[:rows, :columns] = payoff + shift
    tableau[:rows, columns:-1] = np.eye(rows)
    tableau[:rows, -1] = 1.0
    tableau[-1, :columns] = -1.0
    basis = list(range(columns, columns + rows))
    while (entering := np.flatnonzero(tableau[-1, :-1] < -1e-12)).size:
        column = int(entering[0])
        above = tableau[:rows, column] > 1e-12
        ratios = np.where(above, tableau[:rows, -1], np.inf) / np.where(
            above, tableau[:rows, column], 1.0
        )
        level = np.flatnonzero(ratios <= ratios.min() + 1e-15)
        row = min(level, key=lambda r: basis[r])
        tableau[row] /= tableau[row, column]
        for other in range(rows + 1):
            if other != row:
                tableau[other] -= tableau[other, column] * tableau[row]
        basis[row] = column
    return float(1.0 / tableau[-1, -1] - shift)
