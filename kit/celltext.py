r"""Texts as they can stand in a cell of a sheet, and be read back exactly.

A text that a spreadsheet would take for a formula gets an apostrophe in front, and what no sheet
can hold, or would change, is written as ``\u{…}``.
"""

from __future__ import annotations

import re

# Control characters, halves of characters, blanks at the ends, and what programs take for escapes.
_ODD = re.compile(
    r"\\(?=u\{)|[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|[\ud800-\udfff]"
    r"|_(?=x[0-9A-Fa-f]{4}_)|x(?=005F_)|\A\s|\s\Z"
)
_WRITTEN = re.compile(r"\\u\{([0-9a-f]{1,5}|10[0-9a-f]{4})\}")
_FORMULA = re.compile(r"'*[=+\-@]")
_GUARDED = re.compile(r"'+[=+\-@]")


def write_text(text: str) -> str:
    """Return a text as it can stand in any cell."""
    return _ODD.sub(lambda found: f"\\u{{{ord(found[0]):x}}}", text)


def read_text(cell: str) -> str:
    """Return the text of a cell; see :func:`write_text`."""
    return _WRITTEN.sub(lambda found: chr(int(found[1], 16)), cell.strip())


def guard(cell: str) -> str:
    """Return a cell of a CSV file that no spreadsheet evaluates."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def guard_again(cell: str) -> str:
    """Return a cell of a workbook, where text is marked as text, so that reading gives it back."""
    return f"'{cell}" if _GUARDED.match(cell) else cell


def unguard(cell: str) -> str:
    """Return a cell without the apostrophe that guards it."""
    return cell[1:] if _GUARDED.match(cell) else cell
