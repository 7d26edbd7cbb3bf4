"""Editions: other words for one scenario, by address, with the same ids and the same logic.

``advanced`` is a second reading level, ``masked`` the same exercise with invented names and no
dates. An edition has the fingerprint of its scenario, so that a play of one replays in the other.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit.documents import Document, Key
from kit.errors import Problem, ScenarioError, shorten, suggestion
from kit.scenario import masking
from kit.scenario.structure import Hints, at, structure
from kit.scenario.words import LEVELED, WORDS, addresses, fits, text_at, words

FOLDER = "editions"
ADVANCED, MASKED = "advanced", "masked"
KINDS = (ADVANCED, MASKED)
SAME = "="
DIFFER = ("roles.*.brief", "moves.*.situation", "injects.*.text")  # one text cannot serve both
SCHEMA = "edition"
SHOWN = 3  # real names quoted in one message

Value = Mapping[str, Any]


def path_of(scenario: Path, edition: str) -> Path:
    """Return the file of an edition of the scenario in a file.

    Raises
    ------
    ScenarioError
        There is no such edition.
    """
    if edition not in KINDS:
        cause = f"No edition is called '{shorten(edition)}'."
        raise ScenarioError(
            [Problem(scenario.name, cause, suggestion(edition, KINDS), code="TTX225")]
        )
    path = scenario.parent / FOLDER / f"{scenario.stem}.{edition}.yaml"
    if not path.is_file():
        cause = f"'{scenario.stem}' has no edition '{edition}'."
        there = ", ".join(of(scenario))
        remedy = f"It has: {there}." if there else "Play it without an edition."
        raise ScenarioError([Problem(scenario.name, cause, remedy, code="TTX225")])
    return path


def of(scenario: Path) -> tuple[str, ...]:
    """Return the editions that the scenario in a file has."""
    folder = scenario.parent / FOLDER
    return tuple(kind for kind in KINDS if (folder / f"{scenario.stem}.{kind}.yaml").is_file())


def overlaid(value: Value, edition: Document) -> dict[str, Any]:
    """Return the content of a sound scenario in the words of an edition.

    Raises
    ------
    ScenarioError
        With every problem of the edition at once.
    """
    problems = structure(edition, SCHEMA) or _Check(value, edition).problems()
    if problems:
        raise ScenarioError(problems)
    return _applied(value, edition.value)


def _applied(value: Value, edition: Value) -> dict[str, Any]:
    """Return a copy of the content with the words of an edition in place."""
    changed: dict[str, Any] = copy.deepcopy(dict(value))
    given, names = edition.get("texts", {}), edition.get("names", {})
    for address, path in words(value).items():
        text = given.get(address, SAME)
        if text == SAME:
            text = text_at(value, path)
            text = masking.replaced(text, names) if names else text
        text_at(changed, path[:-1])[path[-1]] = text
    if edition["edition"] == ADVANCED:
        changed["level"] = ADVANCED
        return changed
    for move in changed["moves"]:
        move["label"] = edition["days"][move["id"]]
    return masking.without_record(changed)


class _Check:
    """Finds what is wrong with a well-formed edition of one sound scenario."""

    def __init__(self, base: Value, edition: Document) -> None:
        self.base = base
        self.edition = edition
        self.raw: Value = edition.value
        self.masked = self.raw["edition"] == MASKED
        self.places = addresses(base)
        self.allowed = words(base, WORDS if self.masked else LEVELED)
        self.real = masking.real_names() if self.masked else ()
        self.hints = Hints()
        self.found: list[Problem] = []

    def report(self, path: Key, code: str, cause: str, remedy: str) -> None:
        """Note one problem at a path of the edition."""
        self.found.append(at(self.edition, path, code, cause, remedy))

    def problems(self) -> list[Problem]:
        """Return all of them, in the order of the file."""
        if self._identity():
            self._parts()
            for address, text in self.raw.get("texts", {}).items():
                self._text(address, text)
            if self.masked:
                self._days()
                if not self.found:
                    self._survivors()
            else:
                self._complete(("texts",), self.raw.get("texts", {}), self.allowed, "line")
        return sorted(self.found, key=lambda problem: problem.line or 0)

    def _identity(self) -> bool:
        """Report whose edition it is; False where the rest would be held against another."""
        stem = self.edition.file.rsplit("/", 1)[-1].removesuffix(".yaml")
        name, kind = self.raw["scenario"], self.raw["edition"]
        if stem != f"{name}.{kind}":
            cause = f"It is the edition '{kind}' of '{name}', but the file is called '{stem}'."
            self.report(("scenario",), "TTX225", cause, f"Call the file {name}.{kind}.yaml.")
        elif name != self.base["id"]:
            cause = f"It belongs to '{name}', but was opened with '{self.base['id']}'."
            self.report(("scenario",), "TTX225", cause, "Give both the same name.")
        if name != self.base["id"]:
            return False
        mine, theirs = self.raw["version"], self.base["version"]
        if mine != theirs:
            cause = f"The edition is for version {mine}, '{name}' is of version {theirs}."
            remedy = "Read the changes, mend the words, then give both the same version."
            self.report(("version",), "TTX226", cause, remedy)
        return True

    def _parts(self) -> None:
        """Report blocks that this kind of edition needs or cannot have."""
        needed = ("names", "days") if self.masked else ("texts",)
        for key in needed:
            if key not in self.raw:
                cause = f"the file: '{key}' is missing."
                self.report((), "TTX102", cause, f"A {self.raw['edition']} edition needs it.")
        for key in () if self.masked else ("names", "days"):
            if key in self.raw:
                cause = f"the file: the key '{key}' is not known here."
                self.report((key,), "TTX101", cause, "Only a masked edition has it.")

    def _text(self, address: str, text: str) -> None:
        """Report an address that holds no words, or words that say nothing new."""
        path = ("texts", address)
        if address not in self.allowed:
            self._address(path, address)
            return
        plain = " ".join(text.split())
        if plain == SAME and (self.masked or fits(address, DIFFER)):
            cause = f"{address}: '=' stands for the same words."
            remedy = "Leave the line out." if self.masked else "Write it for advanced readers."
            self.report(path, "TTX231", cause, remedy)
        elif plain == " ".join(text_at(self.base, self.allowed[address]).split()):
            cause = f"{address}: these are the words of the scenario itself."
            remedy = "Write '=' for the same words at both levels."
            if self.masked or fits(address, DIFFER):
                remedy = "Use other words."
            self.report(path, "TTX230", cause, remedy)

    def _address(self, path: Key, address: str) -> None:
        """Report an address at which no words can be changed."""
        shown = shorten(address)
        if fits(address, WORDS) and address in self.places:
            cause = f"{shown}: an advanced edition has no such line; it is the same at all levels."
            self.report(path, "TTX228", cause, "Remove the line.")
        elif address in self.places or self._logic(address):
            cause = f"{shown}: this is logic, and an overlay may only change words."
            self.report(path, "TTX229", cause, "Remove the line.")
        else:
            cause = f"No text has the address '{shown}'."
            self.report(path, "TTX228", cause, self.hints.near(address, self.allowed))

    def _logic(self, address: str) -> bool:
        """Return whether an address would add a key that is logic to a part that is there."""
        above, _, key = address.rpartition(".")
        return above in self.places and key in LOGIC

    def _complete(self, path: Key, got: Value, wanted: Mapping[str, object], what: str) -> None:
        """Report each line that is missing."""
        for address in wanted:
            if address not in got:
                cause = f"The {what} '{address}' is missing."
                self.report(path, "TTX227", cause, "Add it.")

    def _days(self) -> None:
        """Report moves without a label for their day, and labels without a move."""
        days, moves = self.raw.get("days", {}), {move["id"]: move for move in self.base["moves"]}
        if "days" in self.raw:
            self._complete(("days",), days, moves, "day of move")
        for name in days:
            if name not in moves:
                cause = f"No move is called '{shorten(name)}'."
                self.report(("days", name), "TTX228", cause, self.hints.near(name, moves))

    def _survivors(self) -> None:
        """Report the texts in which a real name or date is left."""
        changed, given = _applied(self.base, self.raw), self.raw.get("texts", {})
        for address, path in self.allowed.items():
            if path[0] not in masking.UNMASKED:
                where = ("texts", address) if address in given else ("names",)
                self._survivor(where, address, text_at(changed, path))
        for move, text in self.raw["days"].items():
            self._survivor(("days", move), f"days.{move}", text)

    def _survivor(self, path: Key, address: str, text: str) -> None:
        if left := masking.telling(text, self.real):
            quoted = ", ".join(f"'{name}'" for name in left[:SHOWN])
            cause = f"{address}: {quoted} can still be read."
            remedy = "Give it another name under `names`, or other words under `texts`."
            self.report(path, "TTX232", cause, remedy)


# Keys of the format that a part may lack, and that would change what happens.
LOGIC = frozenset({
    "when", "given", "odds", "history", "codes", "evidence", "minutes", "minute", "as_of", "by",
    "unit", "low", "base", "high", "model", "basis", "start", "better", "role", "cell", "to",
    "channel", "objective", "resolves", "id", "change", "value", "level", "version", "language",
    "schema",
})  # fmt: skip
