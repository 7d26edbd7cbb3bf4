"""The scenario graph in words: short labels, conditions, what is told on hover, the table."""

from __future__ import annotations

import functools
import html
import re
import textwrap
from collections.abc import Iterable

from kit import engine
from kit.plots import record
from kit.plots.paths.graph import (
    CLOSED,
    KINDS,
    LEFT,
    MESSAGE,
    MET,
    ODDS,
    OPEN,
    OPTION,
    TAKEN,
    UNMET,
    Link,
    link_standing,
    links,
    message_standing,
    option_standing,
)
from kit.scenario import END, Assignment, Choice, Inject, Scenario, Variable, When
from kit.scenario.masking import CAPITALS

COLUMNS = ("Move", "What", "Question", "Options", "Depends on")
WIDE = 56
DOES = {OPTION: "Open only if", ODDS: "Odds shift if", MESSAGE: "Comes only if"}
STANDING = {
    TAKEN: "Taken",
    LEFT: "Was open, and was left",
    CLOSED: "Closed by what went before",
    OPEN: "Still open",
}


def label(name: str, longest: int = 99) -> str:
    """Return an id as a short label: words instead of marks, cut where it would not fit.

    Examples
    --------
    >>> label("hub-watch"), label("december_word", 8)
    ('Hub watch', 'Decembe…')
    """
    plain = name.replace("_", " ").replace("-", " ")
    plain = plain[:1].upper() + plain[1:]
    return plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…"


def titled(scenario: Scenario, name: str) -> str:
    """Return the id of a variable as a short label, without a capital that a mask hides."""
    if not scenario.masked:
        return label(name)
    kept = [word for word in re.split("[-_]", name) if word.capitalize() not in CAPITALS]
    return label("-".join(kept) or "choice")


def whose(scenario: Scenario, variable: Variable) -> str:
    """Return the role that decides, short; nothing for an uncertainty."""
    if not isinstance(variable, Choice):
        return ""
    role = variable.role
    return (scenario.roles[role].name[:3] if scenario.masked else role).upper()


def condition(scenario: Scenario, when: When) -> str:
    """Return a condition in short words, values in the order of the file."""
    parts = []
    for name, values in when.terms:
        domain = scenario.variables[name].domain
        found = " or ".join(label(v).lower() for v in domain if v in values)
        parts.append(f"{titled(scenario, name).lower()} is {found}")
    return " and ".join(parts)


def move_title(scenario: Scenario, move: str) -> str:
    """Return the title of a move, or of the end."""
    return "At the end" if move == END else scenario.moves[move].title


def option_told(
    scenario: Scenario, variable: Variable, value: str, known: Assignment | None
) -> str:
    """Return the full text of an option or value for hovering, with how it stands."""
    full = _option_told(scenario, variable.id, value)
    if known is None:
        return full
    return f"{full}<br>{STANDING[option_standing(variable, value, known)]}."


@functools.lru_cache(maxsize=2048)
def _option_told(scenario: Scenario, name: str, value: str) -> str:
    variable = scenario.variables[name]
    lines = _wrapped(f"{label(value)}: {variable.label(value)}", bold=True)
    if isinstance(variable, Choice):
        option = variable.options[value]
        lines += _wrapped(f"Trade-off: {option.tradeoff}")
        if option.when.terms:
            lines += _wrapped(f"{DOES[OPTION]} {condition(scenario, option.when)}.")
    return "<br>".join(lines)


@functools.lru_cache(maxsize=512)
def question_told(scenario: Scenario, name: str) -> str:
    """Return the full question of a variable for hovering, and who or what settles it."""
    variable = scenario.variables[name]
    by = "Chance settles it."
    if isinstance(variable, Choice):
        by = f"{scenario.roles[variable.role].name} decides."
    return "<br>".join([*_wrapped(variable.question, bold=True), by])


@functools.lru_cache(maxsize=512)
def links_told(scenario: Scenario, found: tuple[Link, ...]) -> str:
    """Return the conditions behind the lines that end in one place, for hovering."""
    lines: dict[str, None] = {}
    for link in found:
        for when in link.whens:
            lines |= dict.fromkeys(_wrapped(f"{DOES[link.kind]} {condition(scenario, when)}."))
    return "<br>".join(lines)


def messages(scenario: Scenario, move: str, state: engine.State | None) -> str:
    """Return how many messages a move has, and how many depend on something or, later, came."""
    found = scenario.moves[move].injects
    if state is None or not _reached(scenario, state, move):
        gated = sum(bool(inject.when.terms) for inject in found)
        return f"{len(found)}, {gated} if…" if gated else str(len(found))
    came = sum(message_standing(scenario, i, state, move) == MET for i in found)
    return f"{came} of {len(found)}"


@functools.lru_cache(maxsize=512)
def sends_told(scenario: Scenario, value: str, found: tuple[Link, ...]) -> str:
    """Return for hovering which messages an option decides about."""
    lines: dict[str, None] = {}
    for link in found:
        for inject in scenario.moves[link.target].injects:
            if value in dict(inject.when.terms).get(link.source, ()):
                when = condition(scenario, inject.when)
                words = f"{move_title(scenario, link.target)}: {inject.sender}, if {when}."
                lines |= dict.fromkeys(_wrapped(words))
    return "<br>".join(["<b>Decides about messages</b>", *lines])


def messages_told(scenario: Scenario, move: str, state: engine.State | None) -> str:
    """Return the conditional messages of a move for hovering."""
    lines = ["<b>Messages that come only on a condition</b>"]
    for inject in scenario.moves[move].injects:
        if inject.when.terms:
            came = "" if state is None else f"{_message(scenario, inject, state, move)}: "
            words = f"{came}{inject.sender}, if {condition(scenario, inject.when)}"
            lines += _wrapped(words)
    return "<br>".join(lines if len(lines) > 1 else ["Every message of this move comes."])


def summary(scenario: Scenario, state: engine.State | None) -> str:
    """Return what the graph shows in one sentence."""
    many = len(scenario.moves)
    moves = f"{many} moves" if many > 1 else "1 move"
    if state is None:
        found = links(scenario)
        counts = {kind: len({x.target for x in found if x.kind == kind}) for kind in KINDS}
        fed = {s: sum(x.source == s for x in found) for s in scenario.variables}
        most = max(fed, key=lambda name: fed[name])
        gated = sum(len(x.options) for x in found if x.kind == OPTION)
        injects = [i for m in scenario.moves.values() for i in m.injects]
        sometimes = sum(bool(i.when.terms) for i in injects)
        lead = f"; the most depends on “{titled(scenario, most).lower()}”" if fed[most] else ""
        have = "1 message comes" if sometimes == 1 else f"{sometimes} messages come"
        opens = "1 option is open" if gated == 1 else f"{gated} options are open"
        return (
            f"{moves} with {record.count(len(scenario.choices), 'choice')} and "
            f"{len(scenario.uncertainties)} uncertainties: the odds of {counts[ODDS]} of them "
            f"shift with what came before, {opens} and {have} only on a condition{lead}."
        )
    known = state.known
    standing = [
        option_standing(variable, value, known)
        for variable in scenario.variables.values()
        for value in variable.domain
    ]
    here = engine.current_move(scenario, state)
    place = f"Move {list(scenario.moves).index(here.id) + 1} of {many}" if here else "The end"
    met = sum(link_standing(scenario, link, known) == MET for link in links(scenario))
    total = len(scenario.variables)
    settled = f"all {total}" if len(known) == total else f"{len(known)} of {total}"
    left = standing.count(LEFT)
    rest = ["1 other way was left" if left == 1 else f"{left} other ways were left"]
    if closed := standing.count(CLOSED):
        rest.append(f"{closed} {'is' if closed == 1 else 'are'} closed")
    if still := standing.count(OPEN):
        rest.append(f"{still} {'is' if still == 1 else 'are'} still open")
    return (
        f"{place}: {settled} choices and uncertainties are settled, {_listed(rest)}; "
        f"{record.count(met, 'condition')} met on the path taken."
    )


def rows(
    scenario: Scenario, state: engine.State | None, moves: Iterable[str]
) -> tuple[tuple[str, ...], ...]:
    """Return one row for each variable and each conditional message of some moves."""
    found: list[tuple[str, ...]] = []
    shown = set(moves)
    for name, variable in scenario.variables.items():
        if (move := scenario.move_of(name)) in shown:
            found.append(_variable_row(scenario, variable, move_title(scenario, move), state))
    for move, part in scenario.moves.items():
        for inject in part.injects if move in shown else ():
            if inject.when.terms:
                state_ = "" if state is None else _message(scenario, inject, state, move)
                when = f"{DOES[MESSAGE]} {condition(scenario, inject.when)}."
                found.append((part.title, "Message", f"{inject.sender}", state_, when))
    return tuple(found)


def _variable_row(
    scenario: Scenario, variable: Variable, title: str, state: engine.State | None
) -> tuple[str, ...]:
    what = "Uncertainty"
    if isinstance(variable, Choice):
        what = f"Choice of {scenario.roles[variable.role].name}"
    if state is None:
        options = ", ".join(label(value) for value in variable.domain)
    else:
        standing = {v: option_standing(variable, v, state.known) for v in variable.domain}
        groups = {s: [label(v) for v in standing if standing[v] == s] for s in STANDING}
        options = "; ".join(f"{s}: {', '.join(names)}" for s, names in groups.items() if names)
    question = f"{titled(scenario, variable.id)}: {variable.question}"
    return (title, what, question, options, _needs(scenario, variable.id))


@functools.lru_cache(maxsize=512)
def _needs(scenario: Scenario, name: str) -> str:
    """Return what the options and the odds of a variable depend on."""
    variable, needs = scenario.variables[name], list[str]()
    if isinstance(variable, Choice):
        needs = [
            f"{label(o.id)}: {DOES[OPTION].lower()} {condition(scenario, o.when)}."
            for o in variable.options.values()
            if o.when.terms
        ]
    needs += [f"{DOES[ODDS]} {condition(scenario, rule.when)}." for rule in variable.given]
    return " ".join(needs)


def _message(scenario: Scenario, inject: Inject, state: engine.State, move: str) -> str:
    standing = message_standing(scenario, inject, state, move)
    return {MET: "came", UNMET: "did not come"}.get(standing, "may come")


def _reached(scenario: Scenario, state: engine.State, move: str) -> bool:
    return any(move == one.id for one in engine.reached_moves(scenario, state))


def _listed(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _wrapped(words: str, *, bold: bool = False) -> list[str]:
    lines = [html.escape(line, quote=False) for line in textwrap.wrap(words, WIDE)]
    return [f"<b>{line}</b>" for line in lines] if bold else lines
