"""Fill in the sizes of assumptions that the warning model computes.

A scenario names a model function and its arguments; it holds no expressions. The numbers become
part of the scenario's content, and so of its fingerprint: they are rounded to whole units, which
makes them the same on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kit.documents import Document
from kit.errors import DataError, Problem, WarningModelError
from kit.scenario.structure import at


def with_models(document: Document) -> tuple[dict[str, Any], list[Problem]]:
    """Return a document's content with modelled sizes filled in, and what cannot be computed."""
    value: dict[str, Any] = document.value
    filled = dict(value["assumptions"])
    problems = []
    for name, part in value["assumptions"].items():
        if "model" not in part:
            continue
        try:
            filled[name] = {**part, **_computed(part["model"], part["unit"])}
        except (WarningModelError, DataError) as cause:
            path = ("assumptions", name, "model")
            remedy = "See `function` in docs/scenario-format.md."
            why = f"'{name}' cannot be computed. {cause}"
            problems.append(at(document, path, "TTX223", why, remedy))
    return {**value, "assumptions": filled}, problems


def _computed(model: Mapping[str, str], unit: str) -> dict[str, Any]:
    """Return low, base and high, the exact call, and the ranges it was taken over."""
    from kit import warning  # heavy, and most scenarios never need it

    arguments = {key: value for key, value in model.items() if key != "function"}
    found = warning.modelled(model["function"], **arguments)
    if found.unit != unit:
        raise WarningModelError(f"The model gives {found.unit}, the assumption is in {unit}.")
    ranges = {name: list(ends) for name, ends in found.ranges.items()}
    sizes = {key: float(round(getattr(found, key))) for key in ("low", "base", "high")}
    return {**sizes, "model": {"call": found.call, "ranges": ranges}}
