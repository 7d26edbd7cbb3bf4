"""Measure how quick the warning model is; `bench.py` prints what is found here.

Everything runs in a warm process; the tables are read once before.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # also where the kit is not installed

from kit import warning  # noqa: E402

RUNS, SLIDES = 5, 25
SHOWN = {"F090": "lofted, 86 min", "F055": "overflight, 22 min", "F020": "short, 5 min"}


def seconds(action: Callable[[], object], runs: int = RUNS) -> tuple[float, ...]:
    """Return how long an action took, run by run; the first run is left out."""
    took = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        action()
        took.append(time.perf_counter() - start)
    return tuple(took[1:])


def every(flights: Iterable[warning.Launch], fleet: warning.Sensors, aimed: bool = False) -> None:
    """Study flights at steps of one second, all policies, all cities."""
    for launch in flights:
        found = warning.study(launch, fleet)
        if aimed:
            assert found.cities_aimed.ids


def slide(launch: warning.Launch, fleet: warning.Sensors, apogee_km: float) -> None:
    """Do what one move of the apogee slider needs: everything that views draw."""
    found = warning.study(replace(launch, apogee_km=apogee_km), fleet)
    assert found.ellipse.time_s.size
    assert found.floors.time_s.size
    assert found.cities_aimed.ids
    assert all(found.intervals(country, policy) for country in warning.COUNTRIES
               for policy in warning.POLICIES)  # fmt: skip


def rows() -> Iterable[tuple[str, str, tuple[float, ...], float | None]]:
    """Yield what, unit, figures and the bar where there is one."""
    flights, fleet = list(warning.launches().items.values()), warning.sensors()
    size = f"{len(flights)} of 91 flights × {len(fleet)} of 23 sensors × 4 policies × 8 cities"
    yield f"{size}, 1 s steps", "s", seconds(lambda: every(flights, fleet)), 1.5
    both = seconds(lambda: every(flights, fleet, True))
    yield "the same, and every launch aimed at every city", "s", both, None
    moves = iter(range(10_000))
    for flight, words in SHOWN.items():
        launch = warning.launch(flight)

        def move(launch: warning.Launch = launch) -> None:
            slide(launch, fleet, launch.apogee_km * (1 + 1e-6 * next(moves)))

        took = tuple(1000 * s for s in seconds(move, SLIDES))
        yield f"one slider move, {flight} ({words}), all views", "ms", took, 30
    for share in (0.25, 0.5, 1.0):
        some = flights[: round(share * len(flights))]
        step = tuple(1000 * s / len(some) for s in seconds(lambda some=some: every(some, fleet)))
        yield f"cost per flight, {len(some)} flights", "ms", step, None
    sample = flights[::3]
    for share in (0.33, 0.67, 1.0, 2.0):
        count = round(share * len(fleet))
        some_sensors = fleet.rows([i % len(fleet) for i in range(count)])
        took = tuple(1000 * s / len(sample)
                     for s in seconds(lambda f=some_sensors: every(sample, f)))  # fmt: skip
        yield f"cost per flight, {count} sensors", "ms", took, None
