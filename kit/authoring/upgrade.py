"""Bring a scenario file of an older format up to date, and leave the rest of it alone."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kit.authoring.source import Source, parse, says
from kit.errors import Problem, ScenarioError
from kit.scenario.structure import FORMAT

TRIES = 20  # words like the key that may stand between its line and the key itself


@dataclass(frozen=True, slots=True)
class Change:
    """One change at a key of the whole file: another name, or another number."""

    key: str
    name: str = ""
    number: int | None = None

    def of(self, value: dict[str, Any]) -> dict[str, Any]:
        """Return the values of a file as they are after this change, in the same order."""
        found = {}
        for key, part in value.items():
            mine = key == self.key
            found[self.name if mine and self.name else key] = (
                self.number if mine and self.number is not None else part
            )
        return found

    def texts(self, source: Source, line: int) -> Iterator[Source]:
        """Yield the texts in which one of the places that look like the key is changed."""
        rest = "".join(source.rows[line - 1 :])
        key = rf"(?P<quote>[\"']?){re.escape(self.key)}(?P=quote)"
        if self.number is None:
            pattern, made = rf"{key}(?=\s*:)", rf"\g<quote>{self.name}\g<quote>"
        else:  # the number may stand on a later line, after remarks
            pattern, made = rf"({key}\s*:\s*(?:\#.*\s+)*)\d+\b", rf"\g<1>{self.number}"
        for found in itertools.islice(re.finditer(pattern, rest), TRIES):
            text = rest[: found.start()] + found.expand(made) + rest[found.end() :]
            rows = (*source.rows[: line - 1], *parse(text, source.file).rows)
            yield Source(source.file, rows, source.mark)


# Format → what brings it to the next. A later format adds its row here.
STEPS: dict[int, tuple[Change, ...]] = {
    1: (Change("schema", number=2), Change("discussion", name="hot_wash")),
}


def upgrade(source: Source) -> Source:
    """Return a file in the format of this kit, through all steps between.

    Raises
    ------
    ScenarioError
        The file is not YAML, states no format, is of a newer one, or is written so that a
        key cannot be changed by itself.
    """
    document = source.document()
    value = document.value
    stated = value.get("schema") if isinstance(value, dict) else None
    line = document.line(("schema",))
    if type(stated) is not int:
        cause = "The file does not say of which format it is."
        remedy = "Write `schema: 1` or `schema: 2` on its first line."
        raise ScenarioError([Problem(source.file, cause, remedy, line, code="TTX102")])
    if stated != FORMAT and stated not in STEPS:
        cause = f"schema: there is no format {stated} that this kit knows."
        remedy = f"This kit reads schema: {FORMAT}. A newer kit may read more."
        raise ScenarioError([Problem(source.file, cause, remedy, line, code="TTX111")])
    for step in range(stated, FORMAT):
        for change in STEPS[step]:
            source = _changed(source, change)
    return source


def _changed(source: Source, change: Change) -> Source:
    """Return the text after one change; unchanged when the key is not there."""
    document = source.document()
    line = document.lines.get((change.key,))
    if line is None:
        return source
    if change.name in document.value:
        cause = f"The file has both '{change.key}' and '{change.name}', which are one key now."
        remedy = f"Move what stands under '{change.key}' to '{change.name}'."
        raise ScenarioError([Problem(source.file, cause, remedy, line, code="TTX004")])
    wanted = change.of(document.value)
    for text in change.texts(source, line):
        if says(text, wanted):
            return text
    cause = f"The key '{change.key}' is written in a way that cannot be changed by itself."
    remedy = f"Write `{change.key}:` on a line of its own, and try again."
    raise ScenarioError([Problem(source.file, cause, remedy, line, code="TTX110")])
