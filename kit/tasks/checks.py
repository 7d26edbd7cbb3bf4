"""Whether every shipped task can be solved with the tables as they are now."""

from __future__ import annotations

from collections.abc import Iterator

from kit.errors import DataError, Problem
from kit.tasks.judge import judge
from kit.tasks.query import Query
from kit.tasks.spec import Task, fact, load, names

REMEDY = "The record may have changed; write the task anew."


def problems() -> list[Problem]:
    """Return what is wrong with the shipped tasks: their files, and answers that do not exist."""
    try:
        listed = [load(name) for name in names()]
    except DataError as error:
        return list(error.problems)
    return [Problem("tasks", f"Task '{task.id}': {cause}", REMEDY)
            for task in listed for cause in faults(task)]  # fmt: skip


def faults(task: Task) -> Iterator[str]:
    """Yield what makes a task impossible, or its feedback wrong, with the tables as they are."""
    try:
        wanted = task.wanted()
        for query in task.facts.values():
            fact(query)
    except (ValueError, DataError) as cause:
        yield str(cause)
        return
    if task.kind == "text":
        return
    if isinstance(wanted, tuple) and not wanted:
        yield "no row of the record is the answer."
    elif task.kind == "several":
        right = set(wanted if isinstance(wanted, tuple) else (str(wanted),))
        right &= {option.value for option in task.options}
        if judge(task, sorted(right)).right is not True:
            yield "none of its options is right."
    elif judge(task, wanted[0] if isinstance(wanted, tuple) else wanted).right is not True:
        yield f"its own answer, {wanted}, is not among what can be answered."
    for option in task.options:
        right_one = option.value in (wanted if isinstance(wanted, tuple) else (str(wanted),))
        if not option.say.strip() and not right_one:
            yield f"nothing is said of the wrong option '{option.value}'."
    for slip in task.wrong:
        found = slip.answer.answer() if isinstance(slip.answer, Query) else slip.answer
        for given in found if isinstance(found, tuple) else (found,):
            if judge(task, given).right:
                yield f"a right answer, {given}, is listed as wrong."
