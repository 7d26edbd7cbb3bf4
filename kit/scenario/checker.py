"""What every check of a scenario's meaning leans on: names, values, order, odds, evidence."""

from __future__ import annotations

import datetime
import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from kit.documents import Document, Key
from kit.errors import Problem, shorten
from kit.scenario.conditions import END
from kit.scenario.structure import Hints, at

ODDS_TOLERANCE = 1e-6

Value = Mapping[str, Any]


def is_day(text: str) -> bool:
    """Return whether the calendar has a day."""
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


class Checker:
    """The names of one well-formed document, and the problems found in it so far.

    ``domains`` holds the values of each choice and uncertainty, ``place`` the number of the move
    in which it becomes known, ``rank`` its place in the order in which all become known; a
    variable that resolves in no move has neither place nor rank. Of two that share a name the
    first counts.
    """

    def __init__(self, document: Document, known_on: Mapping[str, str] | None) -> None:
        self.document = document
        self.raw: Value = document.value
        self.known_on = known_on
        self.problems: list[Problem] = []
        self.objectives = dict.fromkeys(part["id"] for part in self.raw["objectives"])
        self.hints = Hints()
        self.domains: dict[str, Collection[str]] = {}
        self.place: dict[str, int] = {}
        self.rank: dict[str, int] = {}
        self.move_rank: dict[str, int] = {}
        for i, move in enumerate(self.raw["moves"]):
            self.move_rank.setdefault(move["id"], i)

    def report(self, path: Key, code: str, cause: str, remedy: str) -> None:
        """Note one problem at a path."""
        self.problems.append(at(self.document, path, code, cause, remedy))

    def unique(self, named: Iterable[tuple[Key, str]]) -> None:
        """Report each id that is there a second time."""
        seen: set[str] = set()
        for path, name in named:
            if name in seen:
                cause = f"The id '{name}' is used twice."
                self.report(path, "TTX202", cause, "Rename one of them.")
            seen.add(name)

    def defined(self, path: Key, cause: str, name: str, known: Collection[str]) -> bool:
        """Report a name that nothing has, with the nearest that something has."""
        if name in known:
            return True
        self.report(path, "TTX204", cause, self.hints.near(name, known))
        return False

    def value(self, path: Key, name: str, value: str, domain: Collection[str]) -> None:
        """Report a value that a variable does not have."""
        if value not in domain:
            cause = f"'{name}' has no value '{value}'."
            self.report(path, "TTX205", cause, self.hints.near(value, domain))

    def day(self, path: Key, text: str) -> bool:
        """Report a day that no calendar has."""
        if is_day(text):
            return True
        cause = f"'{text}' is not a day of the calendar."
        self.report(path, "TTX209", cause, "Use YYYY-MM-DD.")
        return False

    def name_variables(self) -> None:
        """Fill ``domains`` and ``rank``; report names used twice and moves that do not exist."""
        ranked: list[tuple[tuple[int, int, int], str]] = []
        moments = {**self.move_rank, END: len(self.raw["moves"])}
        for k, (name, part) in enumerate(self.raw["uncertainties"].items()):
            resolves = part["resolves"]
            cause = f"Uncertainty '{name}' resolves in '{resolves}', which is no move."
            self.domains[name] = part["values"]
            if self.defined(("uncertainties", name, "resolves"), cause, resolves, moments):
                self.place[name] = moments[resolves]
                ranked.append(((moments[resolves], 0, k), name))
        for i, move in enumerate(self.raw["moves"]):
            for k, (name, choice) in enumerate(move["choices"].items()):
                if name in self.domains:
                    cause = f"The name '{name}' is used for two choices or uncertainties."
                    path = ("moves", i, "choices", name)
                    self.report(path, "TTX203", cause, "Rename one of them.")
                    continue
                self.domains[name] = choice["options"]
                self.place[name] = i
                ranked.append(((i, 1, k), name))
        self.rank = {name: place for place, (_, name) in enumerate(sorted(ranked))}

    def values(self, path: Key, name: str, values: str | Iterable[str]) -> bool:
        """Report a variable that does not exist, or values that it does not have."""
        cause = f"No choice or uncertainty is called '{shorten(name)}'."
        if not self.defined(path, cause, name, self.domains):
            return False
        for value in [values] if isinstance(values, str) else values:
            self.value(path, name, value, self.domains[name])
        return True

    def when(self, path: Key, raw: Mapping[str, Any], before: str | None = None) -> None:
        """Check a condition; ``before`` names the variable that has to come after it."""
        for name, values in raw.items():
            if not self.values((*path, name), name, values):
                continue
            if before is None or not {name, before} <= self.rank.keys():
                continue
            if self.rank[name] >= self.rank[before]:
                cause = f"'{before}' looks at '{name}', which becomes known later."
                self.report((*path, name), "TTX208", cause, "Look only at what is known by then.")

    def odds(
        self, path: Key, name: str, odds: Mapping[str, float], domain: Collection[str], what: str
    ) -> None:
        """Check that odds name every value once and add up to 1."""
        for value in odds:
            self.value((*path, value), name, value, domain)
        if missing := [value for value in domain if value not in odds]:
            cause = f"'{name}': no odds for {', '.join(missing)}."
            self.report(path, "TTX207", cause, "Give odds for every value; 0 is allowed.")
        total = math.fsum(odds.values())
        if abs(total - 1) > ODDS_TOLERANCE:
            cause = f"'{name}': the odds of the {what} add up to {total:g}."
            self.report(path, "TTX206", cause, "Make them add up to 1.")

    def given(self, path: Key, name: str, part: Value, domain: Collection[str]) -> None:
        """Check the rules that replace the plain odds."""
        for i, rule in enumerate(part.get("given", [])):
            self.when((*path, "given", i, "when"), rule["when"], before=name)
            self.odds((*path, "given", i, "odds"), name, rule["odds"], domain, "values")

    def recorded(self, path: Key, name: str) -> bool:
        """Report an id that no event or agreement of the record has."""
        if self.known_on is None:
            return False
        if name in self.known_on:
            return True
        cause = f"No event or agreement is called '{shorten(name)}'."
        self.report(path, "TTX218", cause, self.hints.near(name, self.known_on))
        return False

    def evidence(self, path: Key, part: Value, as_of: str) -> None:
        """Check that what is cited exists and was known on the day."""
        for i, name in enumerate(part.get("evidence", [])):
            where = (*path, "evidence", i)
            if not (self.recorded(where, name) and self.known_on and is_day(as_of)):
                continue
            if self.known_on[name] > as_of:
                cause = f"'{name}' became known on {self.known_on[name]}, after {as_of}."
                remedy = "Cite only what was known on the day; see `as_of`."
                self.report(where, "TTX219", f"Hindsight: {cause}", remedy)
