"""What the model refuses, said in one form: the value, and what is possible."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from kit.errors import WarningModelError
from kit.warning.earth import Array


def finite(name: str, value: ArrayLike, unit: str = "") -> Array:
    """Return the values as an array of numbers.

    Raises
    ------
    WarningModelError
        One of them is missing, infinite or no number.
    """
    try:
        found = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise WarningModelError(f"{name} is {value!r}; it must be a number.") from None
    bad = ~np.isfinite(found)
    if bad.any():
        first = found[bad].flat[0] if found.ndim else float(found)
        raise WarningModelError(f"{name} is {first}; it must be a finite number{_of(unit)}.")
    return found


def within(
    name: str, value: ArrayLike, low: ArrayLike, high: ArrayLike, unit: str, why: str = ""
) -> Array:
    """Return the values as an array, all of them from ``low`` to ``high``, which broadcast.

    Raises
    ------
    WarningModelError
        One of them is no number or outside; the message names it and what is possible.
    """
    found = finite(name, value, unit)
    found_, low_, high_ = np.broadcast_arrays(found, low, high)
    outside = (found_ < low_) | (found_ > high_)
    if outside.any():
        x, a, b = (float(part[outside].flat[0]) for part in (found_, low_, high_))
        reason = f" {why}" if why else ""
        raise WarningModelError(
            f"{name} is {x:g} {unit}; possible is {_number(a)} to {_number(b)} {unit}.{reason}"
        )
    return found


def above_zero(name: str, value: ArrayLike, high: float, unit: str, why: str = "") -> Array:
    """Return the values as an array, all of them above zero and at most ``high``.

    Raises
    ------
    WarningModelError
        One of them is no number or outside.
    """
    found = finite(name, value, unit)
    if (found <= 0).any() or (found > high).any():
        first = found[(found <= 0) | (found > high)].flat[0] if found.ndim else float(found)
        reason = f" {why}" if why else ""
        raise WarningModelError(
            f"{name} is {first:g} {unit}; possible is more than 0 and at most "
            f"{_number(high)} {unit}.{reason}"
        )
    return found


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _of(unit: str) -> str:
    return f" of {unit}" if unit else ""
