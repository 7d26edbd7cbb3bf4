"""What a task is, and how it is read from ``data/tasks/*.yaml``.

Five kinds: ``choice`` (one of several options), ``several`` (tick what holds), ``number``,
``row`` (find an event or agreement in its table) and ``text`` (the learner's own words, kept and
never judged). The answer of the first four is a question to the tables, or a plain value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kit import documents, files, tables
from kit.documents import Document, Key
from kit.errors import DataError, Problem, suggestion
from kit.tasks.query import Query, faults

KINDS = ("choice", "several", "number", "row", "text")
FORM = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z")
PLACE = re.compile(r"\{([^{}]*)\}")
MOST_HINTS = 3
NEEDED = {
    "choice": {"options", "answer", "right"},
    "several": {"options", "answer", "right"},
    "number": {"answer", "low", "high", "right"},
    "row": {"answer", "right"},
    "text": {"checks"},
}
KEYS = {"id", "kind", "title", "question", "hints", "solution", "facts", "unit", "wrong"}
KEYS |= {key for keys in NEEDED.values() for key in keys}


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to tick; ``say`` is what a learner who ticks it wrongly should look at."""

    value: str
    text: str
    say: str


@dataclass(frozen=True, slots=True)
class Slip:
    """A wrong answer with a known cause: the answer it leads to, or the rows, and what to say."""

    answer: Query | int | str
    say: str


@dataclass(frozen=True, slots=True)
class Task:
    """A question about the record with its feedback.

    ``facts`` are the values that stand in the texts as ``{name}``. ``low`` and ``high`` are said
    of numbers that no slip explains; ``checks`` are what a learner asks of their own text.
    """

    id: str
    kind: str
    title: str
    question: str
    answer: Query | int | str | tuple[str, ...]
    options: tuple[Option, ...]
    wrong: tuple[Slip, ...]
    low: str
    high: str
    unit: str
    checks: tuple[str, ...]
    hints: tuple[str, ...]
    right: str
    solution: str
    facts: Mapping[str, Query]

    def filled(self, text: str) -> str:
        """Return a text with its ``{name}`` replaced by what the tables say now."""
        return PLACE.sub(lambda found: fact(self.facts[found[1]]), text)

    def wanted(self) -> int | str | tuple[str, ...]:
        """Return the right answer: a number, one value, or several (rows or options)."""
        asked = self.answer
        return asked.answer() if isinstance(asked, Query) else asked


def fact(query: Query) -> str:
    """Return the answer to a question as it stands in a text; ids as titles."""
    found = query.answer()
    if not isinstance(found, tuple):
        return str(found)
    titles = [row.get("short_name") or row.get("title") or "" for row in query.rows()]
    return "; ".join(title or key for title, key in zip(titles, found, strict=True))


def names() -> tuple[str, ...]:
    """Return the ids of all tasks, in the order of their files."""
    return tuple(_all())


def load(name: str) -> Task:
    """Return a task by id.

    Raises
    ------
    ValueError
        There is no such task.
    DataError
        A file of tasks is missing, unreadable or wrong; the error lists all problems.
    """
    found = _all()
    if name not in found:
        raise ValueError(f"There is no task '{name}'. {suggestion(str(name), found)}")
    return found[name]


def _all() -> Mapping[str, Task]:
    paths = sorted((files.data_dir() / "tasks").glob("*.yaml"))
    return _read(tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths))


@lru_cache(maxsize=2)
def _read(stamps: tuple[tuple[Path, int, int], ...]) -> Mapping[str, Task]:
    found: dict[str, Task] = {}
    problems: list[Problem] = []
    for path, _, _ in stamps:
        try:
            for task in parse(files.read_text(path), path.name):
                if task.id in found:
                    cause = f"The task '{task.id}' is there twice."
                    problems.append(Problem(path.name, cause, "Rename one."))
                found[task.id] = task
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(problems)
    return found


def parse(text: str, file: str = "tasks.yaml") -> tuple[Task, ...]:
    """Return the tasks of a YAML text.

    Raises
    ------
    DataError
        With every problem of the text: file, line, cause and remedy.
    """
    document = documents.parse(text, file)
    listed = document.value.get("tasks") if isinstance(document.value, dict) else None
    if not isinstance(listed, list) or not all(isinstance(raw, dict) for raw in listed):
        raise DataError([Problem(file, "There is no list 'tasks'.", "Begin with 'tasks:'.", 1)])
    reader = _Reader(document)
    built = [reader.task(raw, ("tasks", number)) for number, raw in enumerate(listed)]
    if reader.problems:
        raise DataError(reader.problems)
    return tuple(task for task in built if task)


class _Reader:
    """Builds tasks and collects what is wrong with them."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.problems: list[Problem] = []

    def _refuse(self, path: Key, cause: str, remedy: str = "") -> None:
        line = self._document.line(path)
        self.problems.append(Problem(self._document.file, cause, remedy, line))

    def task(self, raw: dict[str, Any], at: Key) -> Task | None:
        """Return a task, or None when it is wrong."""
        before = len(self.problems)
        self._keys(raw, at)
        if len(self.problems) > before:
            return None
        facts = {name: self._query(value, (*at, "facts", name))
                 for name, value in raw.get("facts", {}).items()}  # fmt: skip
        answer = self._value(raw.get("answer", ""), (*at, "answer"))
        wrong = [Slip(self._value(slip.get("answer", ""), (*at, "wrong", n)), slip.get("say", ""))
                 for n, slip in enumerate(raw.get("wrong", ()))]  # fmt: skip
        options = [Option(str(o.get("value", "")), str(o.get("text", "")), o.get("say", ""))
                   for o in raw.get("options", ())]  # fmt: skip
        texts = {key: str(raw.get(key, "")).strip()
                 for key in ("low", "high", "unit", "right", "solution", "question")}  # fmt: skip
        task = Task(
            raw["id"], raw["kind"], raw["title"], answer=answer, options=tuple(options),
            wrong=tuple(wrong), checks=tuple(raw.get("checks", ())),
            hints=tuple(raw.get("hints", ())), facts=facts, **texts,
        )  # fmt: skip
        self._texts(task, at)
        return task if len(self.problems) == before else None

    def _keys(self, raw: dict[str, Any], at: Key) -> None:
        for key in raw.keys() - KEYS:
            self._refuse((*at, key), f"A task has no '{key}'.", suggestion(key, KEYS))
        if raw.get("kind") not in KINDS:
            said = f"'{raw.get('kind')}' is no kind of task."
            self._refuse(at, said, suggestion(str(raw.get("kind")), KINDS))
            return
        needed = {"id", "title", "question", "solution", *NEEDED[raw["kind"]]}
        for key in sorted(needed - raw.keys()):
            self._refuse(at, f"The task has no '{key}'.", "Add it.")
        if not FORM.match(str(raw.get("id"))):
            self._refuse(at, f"'{raw.get('id')}' is no id.", "Use a-z, 0-9 and hyphens.")
        for key in ("options", "wrong", "hints", "checks"):
            if not isinstance(raw.get(key, []), list):
                self._refuse((*at, key), f"'{key}' must be a list.", "Put '- ' before each.")
        if len(raw.get("hints", ())) > MOST_HINTS:
            self._refuse((*at, "hints"), f"More than {MOST_HINTS} hints.", "Keep the best.")

    def _value(self, raw: Any, at: Key) -> Any:
        if isinstance(raw, dict):
            return self._query(raw, at)
        return tuple(map(str, raw)) if isinstance(raw, list) else raw

    def _query(self, raw: Any, at: Key) -> Query:
        raw = raw if isinstance(raw, dict) else {}
        for key in raw.keys() - {"table", "where", "ask", "field"}:
            self._refuse(
                (*at, key), f"A question has no '{key}'.", "Use table, where, ask, field."
            )
        query = Query(str(raw.get("table")), raw.get("where", {}), raw.get("ask", "ids"),
                      raw.get("field", ""))  # fmt: skip
        for fault in faults(query):
            self._refuse(at, fault)
        return query

    def _texts(self, task: Task, at: Key) -> None:
        said: Sequence[str] = [
            task.question, task.right, task.solution, task.low, task.high, *task.hints,
            *task.checks, *(o.say for o in task.options), *(slip.say for slip in task.wrong),
        ]  # fmt: skip
        for name in sorted(
            {name for text in said for name in PLACE.findall(text)} - {*task.facts}
        ):
            self._refuse(at, f"'{{{name}}}' is no fact.", suggestion(name, task.facts))


def titles(table: str) -> tuple[tuple[str, str], ...]:
    """Return id and label of every row of events or agreements, oldest first."""
    date = "date" if table == "events" else "signed_or_announced"
    key, title = tables.describe(table).primary_key[0], "title" if table == "events" else "name"
    rows = sorted(tables.records(table), key=lambda row: (row[date], row[key]))
    return tuple((row[key], f"{row[date].isoformat()} · {row[title]}") for row in rows)
