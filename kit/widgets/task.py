"""A task as a widget: question, answer, feedback, hints, and a solution that stays folded.

The widget holds nothing of its own: it shows what :class:`kit.tasks.OpenTask` keeps. The same
methods work as plain text. The browser side is ``js/task.js``.
"""

from __future__ import annotations

from typing import Any, ClassVar

import traitlets

from kit.errors import DecisionError
from kit.savefile import storable
from kit.tasks import Feedback, OpenTask, Query, judge, open_task, titles
from kit.tasks.judge import Given
from kit.widgets.panel import Handler, Message, Panel
from kit.widgets.plotlyjs import css, esm


class TaskView(Panel):
    """One task with its feedback. Make one with :func:`task`.

    Parameters
    ----------
    opened
        The task and the learner's log of it.
    """

    _esm: ClassVar[str] = esm("plot", "parts", "task")
    _css: ClassVar[str] = css("kit", "task")

    view = traitlets.Dict().tag(sync=True)

    def __init__(self, opened: OpenTask) -> None:
        self._opened = opened
        self._serial = 0
        super().__init__(view=self._shown())

    def answer(self, given: Given) -> Feedback:
        """Return feedback on an answer and keep the attempt.

        Parameters
        ----------
        given
            An option, several options, a number, an id, or your own words.

        Raises
        ------
        DecisionError
            The answer is too long to be kept.
        """
        feedback = self._opened.answer(given)
        self._refresh(feedback, fill=True)
        return feedback

    def hint(self) -> str:
        """Return the next hint."""
        told = self._opened.hint()
        self._refresh()
        return told

    def solution(self) -> str:
        """Return the solution, or what to do before it opens."""
        return self._opened.solution()

    def text(self) -> str:
        """Return the task as plain text, with how to answer."""
        return self._opened.text()

    def about(self) -> str:
        """Return what running the cell shows."""
        return repr(self._opened)

    def _refresh(self, feedback: Feedback | None = None, *, fill: bool = False) -> None:
        """Show what is kept now; ``fill`` also puts the kept answer into the answer field."""
        self._serial += 1
        self.view = self._shown(feedback) | {"serial": self._serial, "fill": fill}

    def _shown(self, feedback: Feedback | None = None) -> dict[str, Any]:
        opened, now = self._opened, self._opened.progress
        task = opened.task
        if feedback is None and now.attempts:
            feedback = judge(task, now.attempts[-1]["answer"])
        table = task.answer.table if task.kind == "row" and isinstance(task.answer, Query) else ""
        return {
            "id": task.id,
            "kind": task.kind,
            "title": task.title,
            "question": task.filled(task.question),
            "unit": task.unit,
            "options": [{"value": o.value, "text": o.text} for o in task.options],
            "rows": [{"id": key, "label": label} for key, label in titles(table)] if table else [],
            "noun": table,
            "attempts": len(now.attempts),
            "solved": opened.solved,
            "feedback": _told(feedback),
            "hints": [task.filled(hint) for hint in task.hints[: now.hints]],
            "hints_left": len(task.hints) - min(now.hints, len(task.hints)),
            "open": opened.may_see_solution,
            "solution": opened.solution(),
            "current": opened.current(),
            "notice": opened.notice,
            "serial": self._serial,
            "fill": False,
        }

    def refused(self, words: str) -> None:
        """Show the learner why something was not done, where feedback stands."""
        self._refresh(Feedback(None, words))

    def handlers(self) -> dict[str, Handler]:
        """Return what to do with answers, drafts and the wish for a hint."""
        return {
            "answer": self._on_answer,
            "hint": lambda _message: self.hint(),
            "draft": self._on_draft,
        }

    def _on_answer(self, message: Message) -> None:
        if "answer" in message:
            self._refresh(self._opened.answer(_clean(message["answer"])))

    def _on_draft(self, message: Message) -> None:
        if "answer" in message:
            self._opened.keep_draft(_clean(message["answer"]))
            # In place: a reloaded page finds it, and nobody's typing is drawn anew.
            self.view["current"] = self._opened.current()


def _told(feedback: Feedback | None) -> dict[str, Any]:
    return {} if feedback is None else {"right": feedback.right, "text": feedback.text}


def _clean(given: object) -> str | list[str]:
    """Return an answer of the browser without what no file can hold."""
    if isinstance(given, list) and all(isinstance(item, str) for item in given):
        return [storable(item) for item in given]
    if not isinstance(given, str):
        raise DecisionError("An answer must be text.")
    return storable(given)


def task(name: str, *, save: bool = True) -> TaskView:
    """Return a task about the record, with feedback on each answer and hints on request.

    Parameters
    ----------
    name
        Id of the task, for example ``record-1``.
    save
        Whether to keep attempts and text in a file beside the saved plays.

    Raises
    ------
    ValueError
        There is no such task.
    DataError
        A file of tasks is wrong.
    """
    return TaskView(open_task(name, save=save))
