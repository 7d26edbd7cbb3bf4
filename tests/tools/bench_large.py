"""Measure exact means on large scenarios made by rule: one size and seed, in a process of its own.

Prints JSON: for every choice, the seconds until the means of all options are there, nothing worked
out beforehand; the most memory that the process ever held, in MB; how many means are exact.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import large  # noqa: E402

from kit import outcomes  # noqa: E402
from kit.outcomes import effects, elimination, order, tables  # noqa: E402


def forget():
    """Drop everything that an earlier question worked out."""
    for cached in (
        effects._changes,
        effects.base_changes,
        effects.groups_of,
        effects.sizes_of,
        elimination.program,
        order._order_of,
        tables.compiled,
    ):
        cached.cache_clear()


def main():
    """Measure the scenario of a seed with so many choices and uncertainties."""
    seed, choices, uncertainties, asked = map(int, sys.argv[1:])
    scenario = large.made(seed, choices, uncertainties)
    took, exact, every = [], 0, 0
    for name in list(scenario.choices)[:asked]:
        forget()
        start = time.perf_counter()
        found = outcomes.means(scenario, {}, name)
        took.append(time.perf_counter() - start)
        methods = [mean.method for option in found.values() for mean in option.values()]
        exact, every = exact + methods.count("exact"), every + len(methods)
    # What the process held at most, in kB, also before the work began: the interpreter included.
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps({"seconds": took, "megabytes": memory, "exact": exact, "means": every}))


if __name__ == "__main__":
    main()
