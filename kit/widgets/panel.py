"""What every widget shares: its line in a saved notebook, and how it answers the browser.

A panel declares which messages it answers; what arrives is checked here. Nothing that goes wrong
is swallowed: the learner reads it in the panel, and an error the kit did not foresee goes on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any, ClassVar

import anywidget
import traitlets

from kit.errors import DecisionError, KitError
from kit.savefile import storable

HINT = "▶ Run this cell (Shift+Enter) to see"
MIME = "application/vnd.jupyter.widget-view+json"
LONGEST = 120_000  # characters of one text: a saved file must stay small enough to be read again

Message = Mapping[str, Any]
Handler = Callable[[Message], object]


class Panel(anywidget.AnyWidget):
    """A widget that answers messages and reads well in a notebook that has not been run.

    Subclasses override :meth:`about` and :meth:`handlers`. ``at_once`` says whether the browser
    gets everything that one message changes together; else each change goes out as it happens.
    """

    at_once: ClassVar[bool] = True

    error = traitlets.Unicode().tag(sync=True)

    def __init__(self, **state: object) -> None:
        super().__init__(**state)
        self.on_msg(self._receive)

    def about(self) -> str:
        """Return in a few words what running the cell shows, the same on every run."""
        return "the chart"

    def handlers(self) -> dict[str, Handler]:
        """Return what to do for each kind of message; other messages are not ours."""
        return {}

    def refused(self, words: str) -> None:
        """Show the learner why something was not done."""
        self.error = words

    def __repr__(self) -> str:
        """Return one friendly line: saved notebooks show it."""
        return f"{HINT}: {self.about()}"

    def _repr_mimebundle_(self, **_kwargs: object) -> tuple[dict[str, Any], dict[str, Any]]:
        # Written out because ipywidgets cuts the text at 110 characters.
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {"text/plain": repr(self), MIME: view}, {}

    def _receive(self, _widget: object, message: object, _buffers: object) -> None:
        """Do what the browser asks for, and say what went wrong."""
        if not isinstance(message, dict):
            return
        handler = self.handlers().get(str(message.get("kind")))
        if handler is None:
            return
        with self.hold_sync() if self.at_once else nullcontext():
            self.error = ""
            try:
                handler(message)
            except KitError as problem:
                self.refused(str(problem))
            except Exception as problem:
                # Jupyter would only log it, where no learner looks.
                self.refused(f"This did not work: {problem} ({type(problem).__name__})")
                raise


def text(message: Message, key: str) -> str:
    """Return a text of a message, cleaned; a missing one is empty.

    Raises
    ------
    DecisionError
        It is no text, or longer than a saved file should hold.
    """
    value = message.get(key, "")
    if not isinstance(value, str):
        raise DecisionError(f"'{key}' must be text.")
    if len(value) > LONGEST:
        raise DecisionError(f"'{key}' has {len(value):,} characters; at most {LONGEST:,} fit.")
    return storable(value)


def texts(message: Message, key: str) -> list[str]:
    """Return a list of texts of a message, each cleaned and once; a missing one is empty.

    Raises
    ------
    DecisionError
        It is no list of texts.
    """
    value = message.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise DecisionError(f"'{key}' must be a list of texts.")
    return list(dict.fromkeys(map(storable, value)))


def percent(message: Message, key: str) -> int | None:
    """Return a whole number of a message, or None; its range is for the rules to check.

    Raises
    ------
    DecisionError
        It is something else.
    """
    value = message.get(key)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise DecisionError(f"{key.capitalize()} must be a whole number from 0 to 100 percent.")
    return value


def number(message: Message, key: str) -> float | None:
    """Return a number of a message, or None where it is missing.

    Raises
    ------
    DecisionError
        It is something else, or larger than can be saved.
    """
    value = message.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not _finite(value):
        raise DecisionError(f"'{key}' must be a number.")
    return float(value)


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond every float
        return False
