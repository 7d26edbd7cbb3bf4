"""A tabletop-exercise teaching kit for Jupyter.

Data, scenario, play, outcomes and report in one flow::

    data/*.csv ── tables ─▶ DataFrames ──▶ views of the record, evidence
    data/scenarios/*.yaml ── scenario ─▶ Scenario
    log (a capsule file) ── engine.replay ─▶ State
    (Scenario, known) ── outcomes ─▶ distributions ─┬─ plots ─▶ figure + sentence + table
                                                    └─ report ─▶ after-action report
    widgets ── session.decide(...) ─▶ log

Importing this package has no side effects; heavy libraries load when first needed.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.api import (
        agreements,
        check,
        hot_wash,
        latest,
        load_scenario,
        play,
        resume,
        start,
        timeline,
        write_report,
    )
    from kit.errors import DataError, DecisionError, KitError, ScenarioError, StoreError
    from kit.tables import load

_HOMES = {
    "DataError": "kit.errors",
    "DecisionError": "kit.errors",
    "KitError": "kit.errors",
    "ScenarioError": "kit.errors",
    "StoreError": "kit.errors",
    "agreements": "kit.api",
    "check": "kit.api",
    "hot_wash": "kit.api",
    "latest": "kit.api",
    "load": "kit.tables",
    "load_scenario": "kit.api",
    "play": "kit.api",
    "resume": "kit.api",
    "start": "kit.api",
    "timeline": "kit.api",
    "write_report": "kit.api",
}

__all__ = [
    "DataError",
    "DecisionError",
    "KitError",
    "ScenarioError",
    "StoreError",
    "agreements",
    "check",
    "hot_wash",
    "latest",
    "load",
    "load_scenario",
    "play",
    "resume",
    "start",
    "timeline",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("tabletop-kit")
    if name not in _HOMES:
        raise AttributeError(f"module 'kit' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
