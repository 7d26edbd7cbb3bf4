"""The course of a play, read from its log: decisions, chance, timeline, branches not taken."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kit import engine, outcomes
from kit.log import Event
from kit.report import people
from kit.report.cite import Named
from kit.report.effects import gap
from kit.report.parts import Basis, Branch, Chance, Decision, Happening, Stage
from kit.scenario import END, Choice, Option, Scenario, Variable

CHANCE = "Chance"


@dataclass(frozen=True, slots=True)
class Step:
    """One event with the state just before it, and the event that took it back later, if any."""

    event: Event
    before: engine.State
    withdrawn: int | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """A replayed log: its steps in order and the state they lead to."""

    scenario: Scenario
    steps: tuple[Step, ...]
    state: engine.State

    @property
    def decided(self) -> dict[str, str]:
        """Return the decisions of played roles that stand, by choice."""
        variables = self.scenario.variables
        return {n: v for n, v in self.state.known.items() if self.is_played(variables[n])}

    def is_played(self, variable: Variable) -> bool:
        """Return whether a learner sets this variable in this play."""
        return engine.is_played(self.state, variable)


def replayed(scenario: Scenario, log: Iterable[Event]) -> Course:
    """Return the course of a log.

    Raises
    ------
    DecisionError
        An event of the log is not possible at its place.
    """
    state = engine.State()
    walked: list[tuple[Event, engine.State]] = []
    back: dict[int, int] = {}
    for event in log:
        after = engine.apply(scenario, state, event)
        kept = {entry.seq for entry in after.entries}
        back |= {entry.seq: event.seq for entry in state.entries if entry.seq not in kept}
        walked.append((event, state))
        state = after
    steps = tuple(Step(event, before, back.get(event.seq)) for event, before in walked)
    return Course(scenario, steps, state)


def decisions(course: Course, evidence: Named) -> tuple[Decision, ...]:
    """Return every decision of the log in order, the withdrawn ones too."""
    return tuple(_decision(course, s, evidence) for s in course.steps if s.event.kind == "decide")


def _decision(course: Course, step: Step, evidence: Named) -> Decision:
    scenario, event = course.scenario, step.event
    choice = scenario.choices[event.name]
    option = choice.options[event.value]
    past = next((o for o in choice.options.values() if o.history), None)
    return Decision(
        seq=event.seq,
        at=event.at,
        move=scenario.moves[choice.move].title,
        role=scenario.roles[choice.role].name,
        choice=choice.id,
        question=choice.question,
        option=option.id,
        text=option.text,
        tradeoff=option.tradeoff,
        odds=engine.odds(choice, step.before.known)[option.id],
        followed=option.history,
        history=past.text if past else "",
        note=event.note,
        confidence=event.confidence,
        evidence=evidence.of(event.evidence),
        change_mind=event.change_mind,
        votes=tuple((choice.label(name), count) for name, count in event.votes.items()),
        branches=_branches(course, step, choice) if step.withdrawn is None else (),
        withdrawn=step.withdrawn,
    )


def _branches(course: Course, step: Step, choice: Choice) -> tuple[Branch, ...]:
    """Return the options not taken; every other decision stands as far as it stays open."""
    scenario, known = course.scenario, step.before.known
    taken, roles, plan = step.event.value, course.state.roles, course.decided
    odds = engine.odds(choice, known)
    mine = outcomes.evaluate(scenario, {choice.id: taken}, roles=roles, plan=plan)

    def branch(option: Option) -> Branch:
        is_open = option.when.holds(known)
        gaps = []
        if is_open:
            other = outcomes.evaluate(scenario, {choice.id: option.id}, roles=roles, plan=plan)
            gaps = [gap(scenario, other[name], mine[name]) for name in scenario.measures]
        return Branch(
            option.id,
            option.text,
            option.tradeoff,
            odds[option.id],
            option.history,
            is_open,
            tuple(g for g in gaps if not g.none),
        )

    return tuple(branch(option) for option in choice.options.values() if option.id != taken)


def chance(course: Course, evidence: Named) -> tuple[Chance, ...]:
    """Return everything that was left to odds, in order, what was taken back too."""
    found = []
    for step in course.steps:
        if step.event.kind != "draw":
            continue
        event, variable = step.event, course.scenario.variables[step.event.name]
        odds = engine.odds(variable, step.before.known)
        rest = ((variable.label(v), p) for v, p in odds.items() if v != event.value and p > 0)
        found.append(
            Chance(
                seq=event.seq,
                at=event.at,
                move=_heading(course.scenario, _move(course.scenario, step))[0],
                who=who(course.scenario, variable),
                name=variable.id,
                question=variable.question,
                value=event.value,
                text=variable.label(event.value),
                odds=odds[event.value],
                others=tuple(rest),
                basis=basis_of(variable, evidence),
                withdrawn=step.withdrawn,
            )
        )
    return tuple(found)


def who(scenario: Scenario, variable: Variable) -> str:
    """Return who settles a variable that no learner sets: chance, or a role by its odds."""
    return scenario.roles[variable.role].name if isinstance(variable, Choice) else CHANCE


def basis_of(variable: Variable, evidence: Named) -> Basis:
    """Return what the odds of a variable rest on."""
    dissent = "" if isinstance(variable, Choice) else variable.dissent
    return Basis(variable.basis, variable.why, dissent, evidence.of(variable.evidence))


def stages(course: Course) -> tuple[Stage, ...]:
    """Return the timeline: the log in order, cut wherever the move changes."""
    scenario = course.scenario
    injects = Counter(move.id for move, _ in engine.visible_injects(scenario, course.state))
    found = []
    for name, steps in itertools.groupby(course.steps, key=lambda s: _move(scenario, s)):
        title, day = _heading(scenario, name)
        # A withdrawal leads back to a move whose injects were counted where it first came up.
        found.append(Stage(title, day, injects.pop(name, 0), _happenings(scenario, steps)))
    return tuple(found)


def _move(scenario: Scenario, step: Step) -> str:
    """Return the id of the move an event belongs to, or ``end``."""
    if step.event.kind in ("decide", "draw"):
        return scenario.move_of(step.event.name)
    move = engine.current_move(scenario, step.before)
    return move.id if move else END


def _heading(scenario: Scenario, move: str) -> tuple[str, str]:
    """Return title and day of a move, or of the end."""
    found = scenario.moves.get(move)
    return (found.title, found.day) if found else ("The end", "")


def _happenings(scenario: Scenario, steps: Iterable[Step]) -> tuple[Happening, ...]:
    return tuple(
        Happening(step.event.seq, step.event.at, step.event.kind, *_told(scenario, step.event),
                  step.withdrawn)
        for step in steps
    )  # fmt: skip


def _told(scenario: Scenario, event: Event) -> tuple[str, str]:
    """Return who did what in an event."""
    roles = scenario.roles
    if event.kind == "start":
        names = ", ".join(roles[role].name for role in event.roles)
        return names or "Nobody", "The exercise starts."
    if event.kind == "withdraw":
        return "", f"Event {event.ref} and what followed from it were taken back."
    if event.kind in ("predict", "note", "rate", "plan"):
        return people.speaker(scenario, event), people.told(scenario, event)
    variable = scenario.variables[event.name]
    asked = "" if isinstance(variable, Choice) else f"{variable.question} "
    return who(scenario, variable), f"{asked}{variable.label(event.value)}"
