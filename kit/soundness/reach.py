"""Codes 3xx: what no play can reach, and where a play cannot go on.

Plays are the quick proof that something can be reached; what they did not meet is decided exactly
by elimination, so that nothing is called unreachable because luck did not bring it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kit.scenario import Assignment, Choice, When
from kit.soundness.case import Case, spelled
from kit.soundness.elimination import Table, TooLargeError
from kit.soundness.plays import Item, items


def check(case: Case, met: Mapping[Item, int], plays: int) -> dict[Item, bool | None]:
    """Report all of it and return what can be reached; None where that is undecided."""
    _dead_ends(case)
    found: dict[Item, bool | None] = {}
    for key, when, place in items(case.scenario, case.support):
        found[key] = True if met.get(key) else case.possible(when, place)
    for name, variable in case.scenario.variables.items():
        for place in range(len(variable.given)):
            key = ("rule", name, place)
            found[key] = True if met.get(key) else _first(case, name, place)
    _report(case, found, plays)
    _base_case(case)
    _history(case)
    return found


def _dead_ends(case: Case) -> None:
    """Report each choice that can be left without an open option, with a way that leads there."""
    support = case.support
    for name, alive in support.alive.items():
        conditions = [Table(alive.names, ~alive.cells)]
        try:
            if not support.possible(conditions, support.rank[name] - 1):
                continue
            way = support.example(conditions, support.rank[name] - 1)
        except TooLargeError:
            case.undecided += 1
            continue
        path = ", ".join(f"{n}={value}" for n, value in way.items()) or "any course of events"
        cause = f"Choice '{name}' has no open option after {path}."
        case.report("TTX302", name, case.variable(name), cause)


def _first(case: Case, name: str, place: int) -> bool | None:
    """Return whether a rule of odds can be the first of its variable to hold."""
    rules = case.scenario.variables[name].given
    conditions = case.support.terms(rules[place].when)
    for rule in rules[:place]:
        conditions += case.support.refused(rule.when)
    try:
        return case.support.possible(conditions, case.support.rank[name] - 1)
    except TooLargeError:
        case.undecided += 1
        return None


def _report(case: Case, found: Mapping[Item, bool | None], plays: int) -> None:
    """Report everything that cannot be reached; after an unreachable move only the moves."""
    lost = [key for key, reached in found.items() if reached is False]
    if not _ends(case):
        lost = [key for key in lost if key[0] == "move"]
    for key in lost:
        kind, name = key[0], str(key[1])
        if kind == "move":
            cause = f"No play reaches move '{name}'."
            case.report("TTX301", name, case.move(name), cause)
        elif kind == "value":
            _value(case, name, str(key[2]))
        elif kind == "inject":
            cause = f"Nobody can ever see inject '{name}'; its condition cannot be met."
            case.report("TTX305", name, (*case.inject(name), "when"), cause)
        elif kind == "rule":
            _rule(case, name, int(key[2]))
    names = dict(case.effects())
    for key in lost:
        if key[0] == "effect":
            place = int(key[1])
            when = case.scenario.effects[place].when
            cause = f"This effect never holds: {when} cannot come."
            case.report("TTX306", names[place], ("effects", place), cause)
    for key, reached in found.items():
        if reached is None:
            about = " ".join(map(str, key[1:]))
            cause = (
                f"The {key[0]} '{about}' was met in none of {plays:,} plays, and whether it can "
            )
            cause += "be reached is too large to decide."
            case.report("TTX309", about, (), cause)


def _ends(case: Case) -> bool:
    """Return whether some play comes to the end, as far as that can be decided."""
    return case.possible(When(), len(case.support.names) - 1) is not False


def _value(case: Case, name: str, value: str) -> None:
    """Report a value that cannot come, or an option that cannot be taken."""
    variable, subject, path = (
        case.scenario.variables[name],
        f"{name}={value}",
        case.value(name, value),
    )
    if case.support.may(variable):
        assert isinstance(variable, Choice)
        cause = f"Option '{value}' of '{name}' is never open: {variable.options[value].when} "
        case.report("TTX303", subject, (*path, "when"), cause + "cannot come before it.")
    else:
        case.report("TTX304", subject, path, f"'{name}' can never become '{value}'.")


def _rule(case: Case, name: str, place: int) -> None:
    """Report a rule of odds that is never used, and whether earlier rules are the reason."""
    when = case.scenario.variables[name].given[place].when
    path = (*case.variable(name), "given", place)
    subject = f"{name} given {spelled(when)}"
    if case.possible(when, case.support.rank[name] - 1) is False:
        cause = f"The odds of '{name}' for {when} are never used: that cannot come."
        case.report("TTX307", subject, path, cause)
    else:
        cause = f"The odds of '{name}' for {when} are never used: an earlier rule always holds."
        case.report("TTX308", subject, path, cause)


def _on_line(case: Case, line: Assignment, name: str, opposite: bool = False) -> bool | None:
    """Return whether the option that a line names can be open (or closed), if it is followed."""
    option = case.scenario.choices[name].options[line[name]]
    support = case.support
    before = [
        support.value(other, line[other])
        for other in line
        if support.rank[other] < support.rank[name] and support.may(case.scenario.variables[other])
    ]
    held = support.refused if opposite else support.terms
    upto = support.rank[name] - 1
    try:
        if not support.possible(before, upto):
            return None  # the line ends before; whatever ends it is reported there
        return support.possible([*before, *held(option.when)], upto)
    except TooLargeError:
        case.undecided += 1
        return None


def _gated(case: Case, line: Iterable[str]) -> list[str]:
    """Return the choices of a line in order of play; the first closed one stops the line."""
    return sorted(line, key=case.support.rank.__getitem__)


def _base_case(case: Case) -> None:
    """Report options of the base case that are closed on its own line."""
    line = case.scenario.base_case
    for name in _gated(case, line):
        when = case.scenario.choices[name].options[line[name]].when
        if not when.terms:
            continue
        path, subject = ("base_case", name), f"{name}={line[name]}"
        if _on_line(case, line, name) is False:
            cause = (
                f"The base case takes '{line[name]}' in '{name}', which is open only when {when}."
            )
            case.report("TTX310", subject, path, cause)
            return
        if _on_line(case, line, name, opposite=True):
            cause = f"The base case takes '{line[name]}' in '{name}', which chance may close "
            case.report("TTX311", subject, path, f"{cause}(it needs {when}).")


def _history(case: Case) -> None:
    """Report the first option marked as history that cannot be taken after those before it."""
    line = case.scenario.history
    for name in _gated(case, line):
        when = case.scenario.choices[name].options[line[name]].when
        if when.terms and _on_line(case, line, name) is False:
            cause = f"Governments took '{line[name]}' in '{name}', which is closed after what is "
            cause += f"marked as history before it: it needs {when}."
            case.report("TTX312", f"{name}={line[name]}", case.value(name, line[name]), cause)
            return
