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
        play,
        scenario_graph,
        timeline,
        write_report,
    )
    from kit.authoring.draft import draft
    from kit.claims import trial
    from kit.debrief import class_debrief
    from kit.errors import KitError
    from kit.plays import latest, load_scenario, resume, start
    from kit.soundness import audit
    from kit.tables import load
    from kit.widgets.coding import build_obligations
    from kit.widgets.explorer import explore
    from kit.widgets.task import task
    from kit.widgets.trial import read_article
    from kit.widgets.warning import explore_warning

_HOMES = {
    "KitError": "kit.errors",
    "agreements": "kit.api",
    "audit": "kit.soundness",
    "build_obligations": "kit.widgets.coding",
    "check": "kit.api",
    "class_debrief": "kit.debrief",
    "draft": "kit.authoring.draft",
    "explore": "kit.widgets.explorer",
    "explore_warning": "kit.widgets.warning",
    "hot_wash": "kit.api",
    "latest": "kit.plays",
    "load": "kit.tables",
    "load_scenario": "kit.plays",
    "play": "kit.api",
    "read_article": "kit.widgets.trial",
    "resume": "kit.plays",
    "scenario_graph": "kit.api",
    "start": "kit.plays",
    "task": "kit.widgets.task",
    "timeline": "kit.api",
    "trial": "kit.claims",
    "write_report": "kit.api",
}

__all__ = [
    "KitError",
    "agreements",
    "audit",
    "build_obligations",
    "check",
    "class_debrief",
    "draft",
    "explore",
    "explore_warning",
    "hot_wash",
    "latest",
    "load",
    "load_scenario",
    "play",
    "read_article",
    "resume",
    "scenario_graph",
    "start",
    "task",
    "timeline",
    "trial",
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
