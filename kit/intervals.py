"""How far a share that was counted may lie from the true one."""

from __future__ import annotations

import math

WIDE = 1.96  # standard errors to each side of a 95 percent interval


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """Return the 95 percent interval of a share, good for small numbers too.

    Source: Wilson (1927), Journal of the American Statistical Association 22.

    Examples
    --------
    >>> [round(end, 2) for end in wilson(5, 8)]
    [0.31, 0.86]
    """
    share, z2 = hits / tries, WIDE**2
    middle = (share + z2 / (2 * tries)) / (1 + z2 / tries)
    spread = share * (1 - share) / tries + z2 / (4 * tries * tries)
    half = WIDE * math.sqrt(spread) / (1 + z2 / tries)
    return max(0.0, middle - half), min(1.0, middle + half)
