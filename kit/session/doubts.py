"""What a saved play cites, checked again against the record as it is now."""

from __future__ import annotations

from collections.abc import Iterable

from kit import curation
from kit.errors import DataError, DecisionError
from kit.log import Event
from kit.scenario import Scenario


def evidence_doubts(scenario: Scenario, log: Iterable[Event]) -> str:
    """Return what is wrong with the evidence that the decisions of a log cite, or nothing.

    Nothing is refused: the record may have been corrected since the play was saved.
    """
    found: dict[str, None] = {}
    for event in log:
        if event.kind != "decide" or not event.evidence:
            continue
        as_of = scenario.moves[scenario.choices[event.name].move].as_of
        try:
            curation.check_cited(event.evidence, as_of)
        except (DataError, DecisionError) as cause:
            found[str(cause)] = None
    if not found:
        return ""
    return f"The record does not bear out all that this play cites. {' '.join(found)}"
