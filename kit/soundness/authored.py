"""The author's own tests (``plays``), and the author's own exceptions (``silence``)."""

from __future__ import annotations

import math
from collections.abc import Iterable

from kit import outcomes
from kit.errors import KitError
from kit.scenario import Play
from kit.soundness.case import Case
from kit.soundness.codes import CODES, LINT
from kit.soundness.findings import Finding

PLAY_TOLERANCE = 0.05  # expectations are written with one decimal


def check_plays(case: Case) -> None:
    """Report the plays that cannot be followed, and the means they expect and do not get."""
    for place, play in enumerate(case.scenario.plays):
        try:
            _play(case, play, place)
        except KitError as cause:
            said = " ".join(str(cause).split())
            case.report("TTX220", play.name, ("plays", place), f"Play '{play.name}' fails: {said}")


def _play(case: Case, play: Play, place: int) -> None:
    """Report each closed option taken, else each expected mean that is off."""
    scenario = case.scenario
    line = {**scenario.base_case, **play.assign}
    taken = [c.options[line[name]] for name, c in scenario.choices.items() if name in play.assign]
    closed = [o for o in taken if {*o.when.names} <= {*line} and not o.when.holds(line)]
    for option in closed:
        cause = f"Play '{play.name}' takes '{option.id}', which is open only when {option.when}."
        case.report("TTX220", play.name, ("plays", place, "assign"), cause)
    if closed:
        return
    results = outcomes.evaluate(scenario, play.assign, roles=scenario.roles)
    for name, expected in play.expect.items():
        mean = results[name].mean
        if not math.isclose(mean, expected, abs_tol=PLAY_TOLERANCE):
            cause = f"Play '{play.name}': {name} is {mean:.2f}, expected {expected:g}."
            case.report("TTX221", play.name, ("plays", place, "expect", name), cause)


def silence(
    case: Case, findings: Iterable[Finding]
) -> tuple[list[Finding], list[tuple[Finding, str]]]:
    """Return the findings that remain, and those that the author silenced, with the reasons.

    Errors stay, silenced or not; a silence that matches no advice is advice itself.
    """
    silences = {(s.code, s.at): s.reason for s in case.scenario.silenced}
    left, quiet = [], []
    for finding in findings:
        reason = silences.get((finding.code, finding.subject))
        if reason is None or finding.severity == LINT:
            left.append(finding)
        else:
            quiet.append((finding, reason))
    used = {(finding.code, finding.subject) for finding, _ in quiet}
    for place, silenced in enumerate(case.scenario.silenced):
        if (silenced.code, silenced.at) in used:
            continue
        known = CODES.get(silenced.code)
        cause = f"The silence of {silenced.code} at '{silenced.at}' matches no advice."
        if known is None:
            cause = f"There is no code {silenced.code}."
        elif known.severity == LINT:
            cause = f"{silenced.code} is an error and cannot be silenced."
        subject = f"{silenced.code} {silenced.at}"
        left.append(case.finding("TTX222", subject, ("silence", place), cause))
    return left, quiet
