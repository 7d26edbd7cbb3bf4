"""What the decisions changed, by which effects, and on which assumptions that rests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kit import outcomes, text
from kit.outcomes import Outcome
from kit.report.cite import Named
from kit.report.parts import Assumed, Band, Basis, Cause, Gap, Result
from kit.scenario import Assignment, Measure, Scenario

CAUSES = 3
SAME = 1e-9  # chances closer than this differ only by rounding

Outcomes = Mapping[str, Outcome]
Own = Mapping[str, tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class _Shift:
    """One effect on one measure: its size, and how often it holds before and after."""

    effect: int
    amount: float | str
    before: float
    after: float

    @property
    def chance(self) -> float:
        return self.after - self.before


def gap(scenario: Scenario, after: Outcome, before: Outcome) -> Gap:
    """Return how much the mean of a measure differs, with the range that the assumptions leave.

    Effects of one assumption move together, so the range is narrower than that of two separate
    outcomes.
    """
    measure = scenario.measures[after.measure]
    return _sum(scenario, measure, _shifts(scenario, after, before))


def own_values(scenario: Scenario, world: Assignment) -> dict[str, tuple[float, float, float]]:
    """Return (value, low, high) of every measure in one complete course of events."""
    base = outcomes.measures_of(scenario, world)
    ends = [outcomes.measures_of(scenario, world, which) for which in ("low", "high")]
    return {
        name: (value, min(end[name] for end in ends), max(end[name] for end in ends))
        for name, value in base.items()
    }


def results(
    scenario: Scenario, mine: Outcomes, base: Outcomes, own: Own, assumed: Mapping[str, Assumed]
) -> tuple[Result, ...]:
    """Return every measure with its largest causes; ``own`` is empty until the play is over."""
    found = []
    for name, measure in scenario.measures.items():
        shifts = _shifts(scenario, mine[name], base[name])
        sized = [(s, _sum(scenario, measure, [s])) for s in shifts]
        moved = [(s, g) for s, g in sized if g.direction != "same"]
        top = sorted(moved, key=lambda item: -abs(item[1].mean))[:CAUSES]
        shown = {s.effect for s, _ in top}
        found.append(
            Result(
                id=name,
                label=measure.label,
                unit=measure.unit,
                better=measure.better,
                description=measure.description,
                mine=_band(mine[name]),
                base=_band(base[name]),
                own=own.get(name),
                gap=_sum(scenario, measure, shifts),
                causes=tuple(_cause(scenario, s, g, assumed) for s, g in top),
                rest=_sum(scenario, measure, [s for s in shifts if s.effect not in shown]),
                sentence=text.change(measure, mine[name], base[name]),
            )
        )
    return tuple(found)


def assumptions(
    scenario: Scenario, mine: Outcomes, base: Outcomes, world: Assignment, evidence: Named
) -> dict[str, Assumed]:
    """Return the assumptions that count in any of the outcomes, or in the play itself."""
    held = {e for e, effect in enumerate(scenario.effects) if effect.when.holds(world)}
    apart: set[str] = set()
    for name in scenario.measures:
        for shift in _shifts(scenario, mine[name], base[name]):
            if shift.before > 0 or shift.after > 0:
                held.add(shift.effect)
            if abs(shift.chance) > SAME and isinstance(shift.amount, str):
                apart.add(shift.amount)
    moved: dict[str, dict[str, None]] = {name: {} for name in scenario.assumptions}
    for index in sorted(held):
        for measure, amount in scenario.effects[index].change.items():
            if isinstance(amount, str):
                moved[amount][scenario.measures[measure].label] = None
    used = [a for name, a in scenario.assumptions.items() if moved[name]]
    used.sort(key=lambda a: a.id not in apart)  # those behind the differences come first
    return {
        a.id: Assumed(
            f"A{place}",
            a.id,
            a.text,
            a.unit,
            a.low,
            a.base,
            a.high,
            Basis(a.basis, text.computed(a), a.dissent, evidence.of(a.evidence)),
            tuple(moved[a.id]),
            a.id in apart,
        )
        for place, a in enumerate(used, 1)
    }


def _shifts(scenario: Scenario, after: Outcome, before: Outcome) -> list[_Shift]:
    """Return the effects on a measure; both outcomes list them in the scenario's order."""
    return [
        _Shift(
            new.effect,
            scenario.effects[new.effect].change[after.measure],
            old.probability,
            new.probability,
        )
        for old, new in zip(before.parts, after.parts, strict=True)
    ]


def _sum(scenario: Scenario, measure: Measure, shifts: Sequence[_Shift]) -> Gap:
    """Return the joint size of some effects; those of one assumption share its value."""
    chances: dict[float | str, float] = {}
    for shift in shifts:
        chances[shift.amount] = chances.get(shift.amount, 0.0) + shift.chance
    mean = low = high = 0.0
    for amount, chance in chances.items():
        ends = [chance * scenario.size(amount, which) for which in ("low", "high")]
        mean += chance * scenario.size(amount)
        low += min(ends)
        high += max(ends)
    return Gap(measure.label, measure.unit, measure.better, mean, low, high)


def _cause(scenario: Scenario, shift: _Shift, size: Gap, assumed: Mapping[str, Assumed]) -> Cause:
    rests_on = assumed[shift.amount] if isinstance(shift.amount, str) else None
    why = scenario.effects[shift.effect].why
    return Cause(why, size, shift.before, shift.after, rests_on)


def _band(outcome: Outcome) -> Band:
    return Band(outcome.mean, outcome.p10, outcome.p90, outcome.low, outcome.high)
