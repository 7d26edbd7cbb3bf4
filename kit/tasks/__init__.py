"""Tasks about the record: a question, feedback that says where to look, hints, then a solution.

:func:`open_task` gives a task with the learner's log; everything works as plain text. The texts
are in ``data/tasks/*.yaml``; answers are computed from the tables when they are asked for.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kit.errors import DecisionError
from kit.tasks.checks import problems
from kit.tasks.judge import Feedback, Given, judge
from kit.tasks.progress import Keeper, Progress, path_for
from kit.tasks.query import Query
from kit.tasks.spec import Option, Slip, Task, load, names, parse, titles

__all__ = [
    "Feedback",
    "OpenTask",
    "Option",
    "Query",
    "Slip",
    "Task",
    "judge",
    "load",
    "names",
    "open_task",
    "parse",
    "problems",
    "titles",
]

LONGEST = 10_000  # characters of one text: a log must stay small enough to be read again
WIDTH = 88


def open_task(name: str, *, save: bool = True) -> OpenTask:
    """Return a task with what the learner did on it so far.

    Parameters
    ----------
    name
        Id of the task.
    save
        Whether to keep attempts in a file beside the saved plays.

    Raises
    ------
    ValueError
        There is no such task.
    DataError
        A file of tasks is wrong.
    """
    return OpenTask(load(name), Keeper(name, path_for(name) if save else None))


class OpenTask:
    """One task in front of one learner.

    Parameters
    ----------
    task
        The task.
    keeper
        Where attempts, hints and text are kept.
    """

    def __init__(self, task: Task, keeper: Keeper) -> None:
        self.task = task
        self._keeper = keeper

    @property
    def progress(self) -> Progress:
        """What was done so far, as the file has it now."""
        return self._keeper.now()

    @property
    def notice(self) -> str:
        """What could not be kept, in a sentence; empty when all is well."""
        return self._keeper.notice

    @property
    def solved(self) -> bool:
        """Whether some attempt was right, judged by the record as it is now."""
        return any(judge(self.task, a["answer"]).right for a in self.progress.attempts)

    def answer(self, given: Given) -> Feedback:
        """Return feedback on an answer, and keep it as an attempt if it could be judged.

        Raises
        ------
        DecisionError
            The answer is too long to be kept.
        """
        answer = given if isinstance(given, str | int) else list(given)
        _check_length(answer)
        feedback = judge(self.task, answer)
        written = self.task.kind == "text" and str(answer).strip()
        if feedback.right is not None or written:
            attempt = {"answer": answer, "right": feedback.right}
            now = self.progress
            if not (written and now.attempts and now.attempts[-1]["answer"] == answer):
                now = replace(now, attempts=(*now.attempts, attempt))
            self._keeper.keep(replace(now, draft={}))
        return feedback

    def hint(self) -> str:
        """Return the next hint; the last one again when there are no more."""
        hints, now = self.task.hints, self.progress
        if not hints:
            return "This task has no hints."
        taken = min(now.hints + 1, len(hints))
        if taken != now.hints:
            self._keeper.keep(replace(now, hints=taken))
        return f"Hint {taken} of {len(hints)}: {self.task.filled(hints[taken - 1])}"

    @property
    def may_see_solution(self) -> bool:
        """Whether an answer was tried or every hint read."""
        now = self.progress
        read = bool(self.task.hints) and now.hints >= len(self.task.hints)
        return bool(now.attempts) or (read and self.task.kind != "text")

    def solution(self) -> str:
        """Return the solution, or what to do before it opens."""
        if self.may_see_solution:
            return self.task.filled(self.task.solution)
        if self.task.kind == "text":
            return "One possible text opens after you have written your own."
        return "The solution opens after your first answer, or after the last hint."

    def keep_draft(self, answer: Any) -> None:
        """Keep what is typed or ticked but not handed in yet.

        Raises
        ------
        DecisionError
            It is too long to be kept.
        """
        _check_length(answer)
        self._keeper.keep(replace(self.progress, draft={"answer": answer}))

    def current(self) -> Any:
        """Return what stands in the answer field: the draft, or else the last answer."""
        now = self.progress
        if "answer" in now.draft:
            return now.draft["answer"]
        return now.attempts[-1]["answer"] if now.attempts else None

    def text(self) -> str:
        """Return the task as plain text, with options and how to answer."""
        task = self.task
        lines = [task.title, _wrap(task.filled(task.question))]
        lines += [_wrap(f"{option.value}: {option.text}", "  ") for option in task.options]
        lines.append({
            "choice": "Answer with one of these: task.answer(\"…\")",
            "several": "Answer with all that hold: task.answer([\"…\", \"…\"])",
            "number": "Answer with a number: task.answer(12)",
            "row": "Answer with an id of the record: task.answer(\"…\")",
            "text": "Answer in your own words: task.answer(\"…\")",
        }[task.kind])  # fmt: skip
        if task.kind == "text" and (kept := self.current()):
            lines += ["", "Your text:", str(kept)]
        return "\n".join(lines) + "\n"

    def __repr__(self) -> str:
        """Return one line, the same on every run."""
        return f"the task “{self.task.title}”"


def _check_length(answer: Given | Mapping[str, Any] | None) -> None:
    items = [answer] if isinstance(answer, str) else answer if isinstance(answer, list) else []
    if (length := sum(len(str(item)) for item in items)) > LONGEST:
        raise DecisionError(f"The answer has {length:,} characters; at most {LONGEST:,} fit.")


def _wrap(text: str, indent: str = "") -> str:
    return textwrap.fill(
        " ".join(text.split()), WIDTH, initial_indent=indent, subsequent_indent=indent + "  "
    )
