"""Check the meaning of a well-formed scenario file: names, odds, dates, order, evidence.

Every problem is returned at once, in the order of the file.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from typing import Any

from kit.documents import Document, Key
from kit.errors import Problem, suggestion
from kit.scenario.structure import at
from kit.scenario.types import END

ODDS_TOLERANCE = 1e-6

Value = Mapping[str, Any]


def meaning(document: Document, known_on: Mapping[str, str] | None = None) -> list[Problem]:
    """Return what is wrong with names, odds, dates and references of a well-formed file."""
    checker = _Meaning(document, known_on)
    checker.run()
    return sorted(checker.problems, key=lambda problem: problem.line or 0)


class _Meaning:
    """Collects the problems of one document; each method checks one kind of part."""

    def __init__(self, document: Document, known_on: Mapping[str, str] | None) -> None:
        self.document = document
        self.raw: Value = document.value
        self.known_on = known_on
        self.problems: list[Problem] = []
        self.domains: dict[str, tuple[str, ...]] = {}
        self.rank: dict[str, int] = {}
        self.move_rank = {move["id"]: i for i, move in enumerate(self.raw["moves"])}

    def run(self) -> None:
        """Check everything; names first, because later checks lean on them."""
        self._identity()
        self._moves()
        self._variables()
        for name, part in self.raw["uncertainties"].items():
            self._uncertainty(name, part)
        for i, move in enumerate(self.raw["moves"]):
            for name, choice in move["choices"].items():
                self._choice(("moves", i, "choices", name), name, choice, move["as_of"])
            for j, inject in enumerate(move.get("injects", [])):
                self._inject(("moves", i, "injects", j), inject, move)
        for name, part in self.raw["assumptions"].items():
            self._assumption(("assumptions", name), part)
        for i, effect in enumerate(self.raw["effects"]):
            self._effect(("effects", i), effect)
        self._plan(("base_case",), self.raw["base_case"])
        for i, play in enumerate(self.raw.get("plays", [])):
            self._play(("plays", i), play)

    def report(self, path: Key, cause: str, remedy: str) -> None:
        """Note one problem at a path."""
        self.problems.append(at(self.document, path, cause, remedy))

    def _identity(self) -> None:
        stem = self.document.file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        if self.raw["id"] != stem:
            cause = f"The id is '{self.raw['id']}' but the file is called '{stem}'."
            self.report(("id",), cause, "Give both the same name.")
        self._day(("as_of",), self.raw["as_of"])
        for kind in ("objectives", "moves"):
            self._unique([((kind, i, "id"), p["id"]) for i, p in enumerate(self.raw[kind])])
        self._unique(
            [
                (("moves", i, "injects", j, "id"), inject["id"])
                for i, move in enumerate(self.raw["moves"])
                for j, inject in enumerate(move.get("injects", []))
            ]
        )

    def _unique(self, named: list[tuple[Key, str]]) -> None:
        seen: set[str] = set()
        for path, name in named:
            if name in seen:
                self.report(path, f"The id '{name}' is used twice.", "Rename one of them.")
            seen.add(name)

    def _moves(self) -> None:
        before = self.raw["as_of"]
        for i, move in enumerate(self.raw["moves"]):
            path = ("moves", i)
            if move["id"] == END:
                self.report((*path, "id"), "A move cannot be called 'end'.", "Rename it.")
            if self._day((*path, "as_of"), move["as_of"]):
                if move["as_of"] < before:
                    cause = f"Move '{move['id']}' is set on {move['as_of']}, before {before}."
                    self.report((*path, "as_of"), cause, "Put the moves in order of time.")
                before = max(before, move["as_of"])

    def _variables(self) -> None:
        """Fill ``domains`` and ``rank``: which values each name has, and when it is known."""
        ranked: list[tuple[tuple[int, int, int], str]] = []
        last = len(self.raw["moves"])
        for k, (name, part) in enumerate(self.raw["uncertainties"].items()):
            resolves = part["resolves"]
            if resolves != END and resolves not in self.move_rank:
                cause = f"Uncertainty '{name}' resolves in '{resolves}', which is no move."
                remedy = suggestion(resolves, [*self.move_rank, END])
                self.report(("uncertainties", name, "resolves"), cause, remedy)
            ranked.append(((self.move_rank.get(resolves, last), 0, k), name))
            self.domains[name] = tuple(part["values"])
        for i, move in enumerate(self.raw["moves"]):
            for k, (name, choice) in enumerate(move["choices"].items()):
                if name in self.domains:
                    cause = f"The name '{name}' is used for two choices or uncertainties."
                    self.report(("moves", i, "choices", name), cause, "Rename one of them.")
                ranked.append(((i, 1, k), name))
                self.domains[name] = tuple(choice["options"])
        self.rank = {name: place for place, (_, name) in enumerate(sorted(ranked))}

    def _uncertainty(self, name: str, part: Value) -> None:
        path: Key = ("uncertainties", name)
        self._odds((*path, "odds"), name, part["odds"], "values")
        self._given(path, name, part)
        self._evidence(path, part, self.raw["as_of"])

    def _choice(self, path: Key, name: str, part: Value, as_of: str) -> None:
        if part["role"] not in self.raw["roles"]:
            cause = f"Choice '{name}': no role is called '{part['role']}'."
            self.report((*path, "role"), cause, suggestion(part["role"], self.raw["roles"]))
        odds = {option: body["odds"] for option, body in part["options"].items()}
        self._odds((*path, "options"), name, odds, "options")
        self._given(path, name, part)
        taken = [option for option, body in part["options"].items() if body.get("history")]
        if len(taken) > 1:
            cause = f"Choice '{name}' marks {len(taken)} options as history."
            self.report((*path, "options"), cause, "Mark the one that was taken.")
        for option, body in part["options"].items():
            if "when" in body:
                self._when((*path, "options", option, "when"), body["when"], before=name)
        self._evidence(path, part, as_of)

    def _given(self, path: Key, name: str, part: Value) -> None:
        for i, rule in enumerate(part.get("given", [])):
            self._when((*path, "given", i, "when"), rule["when"], before=name)
            self._odds((*path, "given", i, "odds"), name, rule["odds"], "values")

    def _odds(self, path: Key, name: str, odds: Mapping[str, float], what: str) -> None:
        domain = self.domains.get(name, ())
        for value in odds:
            if value not in domain:
                cause = f"'{name}' has no value '{value}'."
                self.report((*path, value), cause, suggestion(value, domain))
        if missing := [value for value in domain if value not in odds]:
            cause = f"'{name}': no odds for {', '.join(missing)}."
            self.report(path, cause, "Give odds for every value; 0 is allowed.")
        total = math.fsum(odds.values())
        if abs(total - 1) > ODDS_TOLERANCE:
            cause = f"'{name}': the odds of the {what} add up to {total:g}."
            self.report(path, cause, "Make them add up to 1.")

    def _when(self, path: Key, raw: Mapping[str, Any], before: str | None = None) -> None:
        for name, values in raw.items():
            if name not in self.domains:
                cause = f"No choice or uncertainty is called '{name}'."
                self.report((*path, name), cause, suggestion(name, self.domains))
                continue
            for value in [values] if isinstance(values, str) else values:
                if value not in self.domains[name]:
                    cause = f"'{name}' has no value '{value}'."
                    self.report((*path, name), cause, suggestion(value, self.domains[name]))
            if before is not None and self.rank[name] >= self.rank[before]:
                cause = f"'{before}' looks at '{name}', which becomes known later."
                self.report((*path, name), cause, "Look only at what is known by then.")

    def _inject(self, path: Key, part: Value, move: Value) -> None:
        label = f"Inject '{part['id']}'"
        for role in part["to"]:
            if role not in self.raw["roles"]:
                cause = f"{label} goes to '{role}', which is no role."
                self.report((*path, "to"), cause, suggestion(role, self.raw["roles"]))
        objectives = [objective["id"] for objective in self.raw["objectives"]]
        if part["objective"] not in objectives:
            cause = f"{label} serves '{part['objective']}', which is no objective."
            self.report((*path, "objective"), cause, suggestion(part["objective"], objectives))
        if part["minute"] > move["minutes"]:
            cause = f"{label} comes at minute {part['minute']} of {move['minutes']}."
            self.report((*path, "minute"), cause, "Let it come before the move ends.")
        if "when" in part:
            self._when((*path, "when"), part["when"])
            self._inject_order(path, part, move["id"])
        self._evidence(path, part, move["as_of"])

    def _inject_order(self, path: Key, part: Value, move: str) -> None:
        for name in part["when"]:
            place = self._move_of(name)
            if place is not None and place > self.move_rank[move]:
                cause = f"Inject '{part['id']}' looks at '{name}', which becomes known later."
                self.report((*path, "when", name), cause, "Move it to a later move.")

    def _move_of(self, name: str) -> int | None:
        """Return the place of the move in which a variable becomes known; None if unknown."""
        if name in self.raw["uncertainties"]:
            resolves = self.raw["uncertainties"][name]["resolves"]
            return len(self.move_rank) if resolves == END else self.move_rank.get(resolves)
        for i, move in enumerate(self.raw["moves"]):
            if name in move["choices"]:
                return i
        return None

    def _assumption(self, path: Key, part: Value) -> None:
        if not part["low"] <= part["base"] <= part["high"]:
            cause = f"'{path[-1]}': low {part['low']}, base {part['base']}, high {part['high']}."
            self.report(path, cause, "Put them in rising order.")
        self._evidence(path, part, self.raw["as_of"])

    def _effect(self, path: Key, part: Value) -> None:
        self._when((*path, "when"), part["when"])
        measures, assumptions = self.raw["measures"], self.raw["assumptions"]
        for measure, amount in part["change"].items():
            where = (*path, "change", measure)
            if measure not in measures:
                cause = f"No measure is called '{measure}'."
                self.report(where, cause, suggestion(measure, measures))
            if not isinstance(amount, str):
                continue
            if amount not in assumptions:
                cause = f"No assumption is called '{amount}'."
                self.report(where, cause, suggestion(amount, assumptions))
            elif measure in measures and assumptions[amount]["unit"] != measures[measure]["unit"]:
                cause = (
                    f"'{amount}' is in {assumptions[amount]['unit']}, "
                    f"'{measure}' in {measures[measure]['unit']}."
                )
                self.report(where, cause, "Use an assumption in the measure's unit.")

    def _plan(self, path: Key, plan: Mapping[str, str]) -> None:
        choices = dict.fromkeys(n for move in self.raw["moves"] for n in move["choices"])
        for name, value in plan.items():
            if name not in choices:
                cause = f"The base case names '{name}', which is no choice."
                self.report((*path, name), cause, suggestion(name, choices))
            elif value not in self.domains[name]:
                cause = f"'{name}' has no option '{value}'."
                self.report((*path, name), cause, suggestion(value, self.domains[name]))
        if missing := [name for name in choices if name not in plan]:
            cause = f"The base case leaves out {', '.join(missing)}."
            self.report(path, cause, "Name the option of every choice that changes least.")

    def _play(self, path: Key, part: Value) -> None:
        self._when((*path, "assign"), part["assign"])
        for measure in part["expect"]:
            if measure not in self.raw["measures"]:
                cause = f"Play '{part['name']}': no measure is called '{measure}'."
                remedy = suggestion(measure, self.raw["measures"])
                self.report((*path, "expect", measure), cause, remedy)

    def _evidence(self, path: Key, part: Value, as_of: str) -> None:
        if self.known_on is None:
            return
        for i, name in enumerate(part.get("evidence", [])):
            where = (*path, "evidence", i)
            if name not in self.known_on:
                cause = f"No event or agreement is called '{name}'."
                self.report(where, cause, suggestion(name, self.known_on))
            elif self.known_on[name] > as_of:
                cause = f"'{name}' became known on {self.known_on[name]}, after {as_of}."
                remedy = "Cite only what was known on the day; see `as_of`."
                self.report(where, f"Hindsight: {cause}", remedy)

    def _day(self, path: Key, text: str) -> bool:
        try:
            datetime.date.fromisoformat(text)
        except ValueError:
            self.report(path, f"'{text}' is not a day of the calendar.", "Use YYYY-MM-DD.")
            return False
        return True
