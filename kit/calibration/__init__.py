"""What players predicted, what came, and how far the two fit: pure scoring, from the log alone.

A probability is scored by Brier (1950), Monthly Weather Review 78: the square of its distance
from what came, 0 at best, 1 at worst, 0.25 for saying 50 % every time. A range is asked for as
the one that holds the answer 8 times in 10, and scored by the interval score of Gneiting and
Raftery (2007), Journal of the American Statistical Association 102, in the measure's unit.
"""

from __future__ import annotations

from kit.calibration.answers import Forecast, forecasts, interval_score
from kit.calibration.fit import Bin, Calibration, calibration, verdict

__all__ = [
    "Bin",
    "Calibration",
    "Forecast",
    "calibration",
    "forecasts",
    "interval_score",
    "verdict",
]
