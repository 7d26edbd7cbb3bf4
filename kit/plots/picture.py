"""The one form in which every figure of the kit comes: drawing, sentence and table together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Okabe and Ito (2008), distinct for most forms of color blindness; always paired with a shape,
# a dash or a label, never the only sign.
BLUE, ORANGE, GREEN = "#0072B2", "#E69F00", "#009E73"
VERMILION, PURPLE, SKY = "#D55E00", "#CC79A7", "#56B4E9"
GRAY = "#7A7A7A"
PALETTE = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, GRAY)


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure with what it says in words and in numbers.

    ``figure`` is plotly's JSON form (``data`` and ``layout``) without colors for text, grid and
    background: the front end fills them in from its theme. ``summary`` is one sentence;
    ``columns`` and ``rows`` are the same content as a table of text.
    """

    title: str
    figure: Mapping[str, Any]
    summary: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def table(self) -> dict[str, Sequence[Any]]:
        """Return columns and rows as JSON values."""
        return {"columns": list(self.columns), "rows": [list(row) for row in self.rows]}
