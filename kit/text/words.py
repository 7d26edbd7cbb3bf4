"""Numbers, tables and paragraphs as plain text, and the marks that every page carries."""

from __future__ import annotations

import textwrap

EXERCISE_MARK = "EXERCISE ONLY"
MODEL_MARK = "A teaching model with stated assumptions, not a forecast."
CHANNELS = {"cable": "Cable", "press": "Press", "phone": "Phone", "sensor": "Sensor feed"}
BASES = {
    "sourced": "read from cited sources",
    "modelled": "computed by the kit's model",
    "assumed": "the author's judgement",
}
RATINGS = {
    "P": "performed without challenges",
    "S": "performed with some challenges",
    "M": "performed with major challenges",
    "U": "unable to be performed",
}
MODES = {
    "solo": "one player",
    "hot-seat": "hot seat, the roles in turn at one screen",
    "room": "a room that votes, one operator",
}
WIDTH = 88


def number(value: float, unit: str = "") -> str:
    """Return a number with at most one decimal, a true minus sign, and its unit.

    Examples
    --------
    >>> number(-2.04, "points")
    '−2 points'
    >>> number(12.26)
    '12.3'
    """
    rounded = round(value, 1) + 0.0
    text = f"{abs(rounded):.0f}" if rounded == int(rounded) else f"{abs(rounded):.1f}"
    sign = "−" if rounded < 0 else ""
    return f"{sign}{text}{' ' + unit if unit else ''}"


def signed(value: float, unit: str = "") -> str:
    """Return a number as a change, with its sign; ``no change`` when it rounds to zero."""
    if round(value, 1) == 0:
        return "no change"
    return ("+" if value > 0 else "") + number(value, unit)


def table(rows: list[tuple[str, ...]]) -> str:
    """Return rows of cells in columns as wide as their widest cell; the first row is the head."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def wrap(text: str, indent: str = "") -> str:
    """Return a paragraph in lines of at most 88 characters, all after the first indented."""
    later = " " * len(indent)
    return textwrap.fill(
        " ".join(text.split()), WIDTH, initial_indent=indent, subsequent_indent=later
    )
