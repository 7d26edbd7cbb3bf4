"""What a learner is told about an answer: what is right, or where to look again.

Feedback never gives the answer away: it names what the given answer is, in the words of the
record, and what the question asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kit import tables
from kit.errors import suggestion
from kit.tables import Record
from kit.tasks.query import Query, cell, key_of, plain, unmet
from kit.tasks.spec import Task, titles

Given = str | int | Iterable[str]
SENTENCE = re.compile(r"[^.!?…。！？\n]*\w[^.!?…。！？\n]*")  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Feedback:
    """What is said about an answer; ``right`` is None where nothing was judged."""

    right: bool | None
    text: str

    def __str__(self) -> str:
        """Return the verdict in a word, and what to look at."""
        verdict = {True: "Right. ", False: "Not yet. ", None: ""}[self.right]
        return verdict + self.text

    __repr__ = __str__


def judge(task: Task, given: Given) -> Feedback:
    """Return feedback on an answer; one that cannot be read is not judged."""
    if task.kind == "several":
        items = [given] if isinstance(given, str | int) else list(given)
        return _several(task, [plain(item).strip() for item in items])
    text = plain(given).strip() if isinstance(given, str | int) else " ".join(map(str, given))
    if task.kind == "text":
        return _written(task, text)
    if not text:
        return Feedback(None, "There is no answer yet.")
    return {"choice": _choice, "number": _number, "row": _row}[task.kind](task, text)


def _choice(task: Task, given: str) -> Feedback:
    named = {word: o for o in task.options for word in (o.text.casefold(), o.value.casefold())}
    option = named.get(given.casefold())
    if option is None:
        known = [o.value for o in task.options]
        return Feedback(None, f"'{given}' is not among the options. {suggestion(given, known)}")
    if option.value == plain(task.wanted()):
        return Feedback(True, task.filled(task.right))
    return Feedback(False, task.filled(option.say))


def _several(task: Task, given: list[str]) -> Feedback:
    options = {o.value: o for o in task.options}
    if strange := [value for value in given if value not in options]:
        found = suggestion(strange[0], options)
        return Feedback(None, f"'{strange[0]}' is not among the options. {found}")
    if not given:
        return Feedback(None, "Nothing is ticked yet.")
    asked = task.wanted()
    wanted = set(asked if isinstance(asked, tuple) else (plain(asked),)) & {*options}
    if {*given} == wanted:
        return Feedback(True, task.filled(task.right))
    hit, extra = wanted & {*given}, [o for o in task.options if o.value in {*given} - wanted]
    said = [f"{len(hit)} of your {len({*given})} ticks hold."]
    said += [task.filled(option.say) for option in extra]
    if len(hit) < len(wanted):
        said.append("Something that holds is not ticked yet.")
    return Feedback(False, " ".join(said))


def _number(task: Task, given: str) -> Feedback:
    digits = re.sub(r"(?<=\d)[\s,](?=\d{3}\b)", "", given)
    if not re.fullmatch(r"-?\d{1,12}", digits, re.ASCII):
        return Feedback(None, "Write a whole number in digits, for example 12.")
    number, wanted = int(digits), task.wanted()
    if not isinstance(wanted, int):
        raise ValueError(f"The answer of '{task.id}' is no number.")
    if number == wanted:
        return Feedback(True, task.filled(task.right))
    for slip in task.wrong:
        leads_to = slip.answer.answer() if isinstance(slip.answer, Query) else slip.answer
        if leads_to == number:
            return Feedback(False, task.filled(slip.say))
    return Feedback(False, task.filled(task.low if number < wanted else task.high))


def _row(task: Task, given: str) -> Feedback:
    if not isinstance(task.answer, Query):
        raise ValueError(f"The answer of '{task.id}' is no row.")
    table = task.answer.table
    key = key_of(table)
    rows = {str(row[key]): row for row in tables.records(table)}
    name = next((k for k, label in titles(table) if given in (k, label)), given)
    if name not in rows:
        return Feedback(None, f"The record has no '{given}'. {suggestion(given, rows)}")
    row = rows[name]
    if not (missed := unmet(row, task.answer.where)):
        return Feedback(True, task.filled(task.right))
    for slip in task.wrong:
        if isinstance(slip.answer, Query) and not unmet(row, slip.answer.where):
            return Feedback(False, task.filled(slip.say))
    return Feedback(False, _differs(row, table, missed, task.answer.where))


def _differs(row: Record, table: str, missed: Iterable[str], where: Mapping[str, Any]) -> str:
    """Return how the row that was chosen differs from what is asked, without naming the answer."""
    title = row.get("short_name") or row["title"]
    labels = {f.name: f.title for f in tables.describe(table).fields} | {"year": "Year"}
    said = []
    for name in missed:
        if name == key_of(table):
            continue
        value = cell(row, name)
        shown = ", ".join(value) if isinstance(value, tuple) else plain(value)
        said.append(f"{labels[name]}: {shown or 'none'}; {_asked(where[name])}")
    facts = ". ".join(said) or "It meets the description in part; read the question once more"
    return f"You chose “{title}”. {facts}."


def _asked(condition: Any) -> str:
    if isinstance(condition, Mapping) and ("from" in condition or "to" in condition):
        return "that lies outside the time asked for"
    if isinstance(condition, Mapping) and "missing" in condition:
        return "there should be none" if condition["missing"] else "there should be one"
    return "the question asks for another"


def _written(task: Task, text: str) -> Feedback:
    """Return what can be said of the learner's own words: that they are kept, and what to ask."""
    if not text:
        return Feedback(None, "There is no text yet. Begin with one sentence; you can change it.")
    many = sum(1 for found in SENTENCE.findall(text) if len(found.split()) > 1)
    said = "1 sentence" if many == 1 else f"{many} sentences"
    checks = " ".join(f"({n}) {check}" for n, check in enumerate(task.checks, 1))
    return Feedback(None, f"Kept, with {said}. Read it again and ask: {task.filled(checks)}")
