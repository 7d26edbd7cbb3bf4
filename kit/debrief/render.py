"""Write a class debrief out: a page to project and print, the same in a notebook, plain text."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from kit import pages, text
from kit.calibration import Forecast, verdict
from kit.debrief.merge import answers, rated, reasons
from kit.debrief.parts import Merged, Tally, Team
from kit.pages.reliability import reliability
from kit.plots.calibration import scored
from kit.scenario import Scenario
from kit.tables import evidence

HERE = Path(__file__).parent


def to_html(merged: Merged) -> str:
    """Return the debrief as one HTML page without scripts or anything loaded from elsewhere."""
    return _rendered("debrief.html.j2", merged, seals=True) + "\n"


def to_fragment(merged: Merged) -> str:
    """Return the debrief as a piece of a notebook page, the same for plays that are the same.

    Seals are random, so they stand on the page only.
    """
    return _rendered("fragment.html.j2", merged, seals=False)


def _rendered(template: str, merged: Merged, *, seals: bool) -> str:
    record = evidence()

    def cited(names: Iterable[str]) -> str:
        return "; ".join(record[name].title if name in record else name for name in names)

    values: dict[str, Any] = {"d": merged, "cited": cited, "seals": seals}
    values["reasons"] = lambda choice: reasons(merged, choice)
    values |= {"answers": answers(merged), "rated": rated(merged), "verdict": verdict}
    values |= {"reliability": reliability, "said": _said(text.spoken, merged)}
    values |= {"came": _said(text.came, merged), "scored": _said(scored, merged)}
    return pages.environment(HERE).get_template(template).render(**values)


def _said(words: Callable[[Scenario, Forecast], str], merged: Merged) -> Callable[[Forecast], str]:
    """Return a function that puts a part of an answer into words."""
    return functools.partial(words, merged.scenario)


def to_text(merged: Merged) -> str:
    """Return the debrief as plain text."""
    parts = [f"{text.EXERCISE_MARK} · {merged.scenario.title}: class debrief", _heads(merged)]
    parts += [_tally(tally) for tally in merged.tallies]
    parts.append("Measures reached")
    for spread in merged.spreads:
        unit = spread.measure.unit
        low, high = min(spread.values), max(spread.values)
        parts.append(
            f"  {spread.measure.label}: {text.number(low)} to {text.number(high, unit)}, "
            f"middle {text.number(spread.middle)}; base case {text.number(spread.base)}"
        )
    parts += ["", "Predictions", f"  {verdict(merged.fit)}"]
    parts += [_fit(team) for team in merged.teams if team.forecasts]
    return "\n".join([*parts, "", text.MODEL_MARK])


def _heads(merged: Merged) -> str:
    over = sum(team.over for team in merged.teams)
    lines = [f"{len(merged.teams)} plays, {over} of them over."]
    lines += [f"  Left out: {item.file}. {item.reason}" for item in merged.refused]
    return "\n".join([*lines, ""])


def _fit(team: Team) -> str:
    fit = team.fit
    brier = "" if fit.brier is None else f", Brier score {fit.brier:.2f}"
    return f"  {team.name}: {fit.n} scored{brier}; {fit.inside} of {fit.ranges} ranges held"


def _tally(tally: Tally) -> str:
    lines = [tally.choice.question]
    lines += [
        f"  {len(vote.teams)} of {tally.decided}: {vote.option.text}"
        + (f" ({', '.join(team.name for team in vote.teams)})" if vote.teams else "")
        for vote in tally.votes
    ]
    share, low, high = (pages.percent(x) for x in (tally.share, tally.low, tally.high))
    lines.append(f"  Most frequent: {share} of the plays (95 % interval {low} to {high})")
    return "\n".join([*lines, ""])
