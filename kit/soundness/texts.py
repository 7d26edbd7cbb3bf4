"""Reading level, length of texts and minutes of moves, held against what the file promises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kit.documents import Key
from kit.scenario import Move
from kit.soundness.case import Case
from kit.soundness.elimination import HIGHEST, POSSIBLE, Table, joined
from kit.soundness.findings import Pace
from kit.soundness.reading import grade, words
from kit.soundness.worth import extreme
from kit.text import number

ENOUGH_WORDS = 40  # below that the grade of a single text says little
DECIDING = 2.0  # minutes for each decision of one role
PREDICTING = 0.5  # minutes for each prediction


@dataclass(frozen=True, slots=True)
class Limits:
    """What readers of one level can be asked: grades, words a minute, words of each kind."""

    grade: float
    overall: float
    pace: int
    words: Mapping[str, int]


_BASIC = {"summary": 80, "brief": 120, "situation": 130, "inject": 80, "context": 45,
          "question": 30, "option": 30, "tradeoff": 30}  # fmt: skip
LEVELS = {
    "basic": Limits(grade=11, overall=9, pace=120, words=_BASIC),
    "advanced": Limits(
        grade=16, overall=13, pace=180, words={k: 2 * n for k, n in _BASIC.items()}
    ),
}


@dataclass(frozen=True, slots=True)
class Text:
    """One text that learners read: its kind, what it belongs to, where it stands."""

    kind: str
    subject: str
    path: Key
    text: str


def texts(case: Case) -> Iterator[Text]:
    """Yield what learners read, in no particular order."""
    scenario = case.scenario
    yield Text("summary", "summary", ("summary",), scenario.summary)
    for name, role in scenario.roles.items():
        yield Text("brief", name, ("roles", name, "brief"), role.brief)
    for move in scenario.moves.values():
        path = case.move(move.id)
        yield Text("situation", move.id, (*path, "situation"), move.situation)
        for inject in move.injects:
            yield Text("inject", inject.id, (*case.inject(inject.id), "text"), inject.text)
        for place, asked in enumerate(move.predictions):
            inner = (*path, "predictions", place, "question")
            yield Text("question", asked.id, inner, asked.question)
    for name, choice in scenario.choices.items():
        path = case.variable(name)
        yield Text("question", name, (*path, "question"), choice.question)
        yield Text("context", name, (*path, "context"), choice.context)
        for option in choice.options.values():
            inner, subject = case.value(name, option.id), f"{name}={option.id}"
            yield Text("option", subject, (*inner, "text"), option.text)
            yield Text("tradeoff", subject, (*inner, "tradeoff"), option.tradeoff)


def read_aloud(case: Case) -> str:
    """Return all that learners read as one text, in which a label counts as a sentence."""
    found = (text.text.rstrip() for text in texts(case))
    return " ".join(text if text.endswith((".", "!", "?")) else f"{text}." for text in found)


def check(case: Case) -> tuple[float | None, dict[str, Pace]]:
    """Report texts that are too hard or too long and moves that overrun; return the figures."""
    paces = _minutes(case)
    if case.scenario.language != "en":
        return None, paces
    limits = LEVELS[case.scenario.level]
    for text in texts(case):
        count, level = words(text.text), grade(text.text)
        if count > limits.words[text.kind]:
            cause = f"The {text.kind} of '{text.subject}' has {count} words; "
            cause += f"at level {case.scenario.level} {limits.words[text.kind]} are enough."
            case.report("TTX509", text.subject, text.path, cause)
        if count >= ENOUGH_WORDS and level > limits.grade:
            cause = f"The {text.kind} of '{text.subject}' reads at grade {number(level)}; "
            cause += f"level {case.scenario.level} stands for {number(limits.grade)} or less."
            case.report("TTX508", text.subject, text.path, cause)
    overall = grade(read_aloud(case))
    if overall > limits.overall:
        cause = f"All texts together read at grade {number(overall)}; "
        cause += f"level {case.scenario.level} stands for {number(limits.overall)} or less."
        case.report("TTX508", "level", ("level",), cause)
    return overall, paces


def _minutes(case: Case) -> dict[str, Pace]:
    """Report minutes that do not add up, and return where those of each move go."""
    scenario = case.scenario
    planned = sum(move.minutes for move in scenario.moves.values())
    if planned > scenario.minutes:
        cause = f"The moves take {planned} minutes, the exercise {scenario.minutes}."
        case.report("TTX510", "minutes", ("minutes",), cause)
    paces = {}
    for move in scenario.moves.values():
        pace = _pace(case, move)
        paces[move.id] = pace
        if pace.talking < 0:
            cause = f"Move '{move.id}' has {move.minutes} minutes, but reading takes "
            cause += f"{number(pace.reading)} and deciding {number(pace.deciding)}."
            case.report("TTX511", move.id, (*case.move(move.id), "minutes"), cause)
    return paces


def _pace(case: Case, move: Move) -> Pace:
    """Return where the minutes of a move go, for the role that has most to read and decide.

    Each role reads the situation, the injects that can come together for it, and the choices it
    takes, with their options.
    """
    scenario = case.scenario
    words_a_minute = LEVELS[scenario.level].pace
    readings, decisions = [0.0], [0]
    for role in scenario.playable:
        own = [scenario.choices[name] for name in move.choices]
        own = [choice for choice in own if choice.role == role]
        told = [move.situation, *(c.question for c in own), *(c.context for c in own)]
        told += [part for c in own for o in c.options.values() for part in (o.text, o.tradeoff)]
        injects = _most_words(case, move, role)
        readings.append((words(" ".join(told)) + injects) / words_a_minute)
        decisions.append(len(own))
    deciding = DECIDING * max(decisions) + PREDICTING * len(move.predictions)
    return Pace(move.title, move.minutes, round(max(readings), 1), deciding)


def _most_words(case: Case, move: Move, role: str) -> float:
    """Return the words of the injects of a move that one role can get in one course of events."""
    always, tables = 0, []
    for inject in move.injects:
        if role not in inject.to:
            continue
        count = words(inject.text)
        if not inject.when.terms:
            always += count
            continue
        held = joined(case.support.terms(inject.when), POSSIBLE, case.support.sizes)
        tables.append(Table(held.names, held.cells * float(count)))
    most = extreme(case, tables, HIGHEST)
    if most is None:  # too large to decide; then all of them, which is never too few
        most = sum(float(table.cells.max()) for table in tables)
    return always + max(most, 0.0)
