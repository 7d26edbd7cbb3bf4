"""Check the meaning of a well-formed scenario file: names, odds, dates, order, evidence.

Every problem is returned at once, in the order of the file.
"""

from __future__ import annotations

from collections.abc import Mapping

from kit.documents import Document, Key
from kit.errors import Problem, shorten
from kit.scenario.checker import Checker, Value, is_day
from kit.scenario.conditions import END


def meaning(document: Document, known_on: Mapping[str, str] | None = None) -> list[Problem]:
    """Return what is wrong with names, odds, dates and references of a well-formed file."""
    checker = _Meaning(document, known_on)
    checker.run()
    return sorted(checker.problems, key=lambda problem: problem.line or 0)


class _Meaning(Checker):
    """Checks one kind of part with each method."""

    def run(self) -> None:
        """Check everything; names first, because later checks lean on them."""
        self._identity()
        self._moves()
        self.name_variables()
        for name, part in self.raw["uncertainties"].items():
            path: Key = ("uncertainties", name)
            self.odds((*path, "odds"), name, part["odds"], part["values"], "values")
            self.given(path, name, part, part["values"])
            self.evidence(path, part, self.raw["as_of"])
        for i, move in enumerate(self.raw["moves"]):
            for name, choice in move["choices"].items():
                self._choice(("moves", i, "choices", name), name, choice, move["as_of"])
            for j, inject in enumerate(move.get("injects", [])):
                self._inject(("moves", i, "injects", j), inject, move, i)
            for j, prediction in enumerate(move.get("predictions", [])):
                self._prediction(("moves", i, "predictions", j), prediction, move, i)
        for name, part in self.raw["assumptions"].items():
            self._assumption(("assumptions", name), part)
        for i, effect in enumerate(self.raw["effects"]):
            self._effect(("effects", i), effect)
        self._plan(("base_case",), self.raw["base_case"])
        for i, play in enumerate(self.raw.get("plays", [])):
            self._play(("plays", i), play)
        for i, part in enumerate(self.raw.get("misconceptions", [])):
            for j, name in enumerate(part.get("evidence", [])):  # read afterwards: no hindsight
                self.recorded(("misconceptions", i, "evidence", j), name)

    def _identity(self) -> None:
        stem = self.document.file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        if self.raw["id"] != stem:
            cause = f"The id is '{self.raw['id']}' but the file is called '{stem}'."
            self.report(("id",), "TTX201", cause, "Give both the same name.")
        self.day(("as_of",), self.raw["as_of"])
        for kind in ("objectives", "moves"):
            self.unique(((kind, i, "id"), p["id"]) for i, p in enumerate(self.raw[kind]))
        for kind in ("injects", "predictions"):
            self.unique(
                (("moves", i, kind, j, "id"), part["id"])
                for i, move in enumerate(self.raw["moves"])
                for j, part in enumerate(move.get(kind, []))
            )

    def _moves(self) -> None:
        before = self.raw["as_of"] if is_day(self.raw["as_of"]) else ""
        for i, move in enumerate(self.raw["moves"]):
            path = ("moves", i)
            if move["id"] == END:
                cause = "A move cannot be called 'end'."
                self.report((*path, "id"), "TTX211", cause, "Rename it.")
            if self.day((*path, "as_of"), move["as_of"]):
                if move["as_of"] < before:
                    cause = f"Move '{move['id']}' is set on {move['as_of']}, before {before}."
                    remedy = "Put the moves in order of time."
                    self.report((*path, "as_of"), "TTX210", cause, remedy)
                before = max(before, move["as_of"])

    def _choice(self, path: Key, name: str, part: Value, as_of: str) -> None:
        cause = f"Choice '{name}': no role is called '{part['role']}'."
        if self.defined((*path, "role"), cause, part["role"], self.raw["roles"]):
            self._decider((*path, "role"), name, part["role"])
        odds = {option: body["odds"] for option, body in part["options"].items()}
        self.odds((*path, "options"), name, odds, odds, "options")
        self.given(path, name, part, odds)
        taken = [option for option, body in part["options"].items() if body.get("history")]
        if len(taken) > 1:
            cause = f"Choice '{name}' marks {len(taken)} options as history."
            self.report((*path, "options"), "TTX214", cause, "Mark the one that was taken.")
        for option, body in part["options"].items():
            where = (*path, "options", option)
            if "when" in body:
                self.when((*where, "when"), body["when"], before=name)
            if isinstance(body.get("history"), str):
                self.recorded((*where, "history"), body["history"])
        self.evidence(path, part, as_of)

    def _decider(self, path: Key, name: str, role: str) -> None:
        """Report a decision in the hands of somebody who only looks on."""
        if self.raw["roles"][role].get("cell") == "observer":
            cause = f"Choice '{name}' is for '{role}' to decide, an observer."
            self.report(path, "TTX224", cause, "Give the choice to another role or cell.")

    def _inject(self, path: Key, part: Value, move: Value, here: int) -> None:
        label = f"Inject '{part['id']}'"
        for k, role in enumerate(part["to"]):
            cause = f"{label} goes to '{role}', which is no role."
            self.defined((*path, "to", k), cause, role, self.raw["roles"])
        cause = f"{label} serves '{part['objective']}', which is no objective."
        self.defined((*path, "objective"), cause, part["objective"], self.objectives)
        if part["minute"] > move["minutes"]:
            cause = f"{label} comes at minute {part['minute']} of {move['minutes']}."
            remedy = "Let it come before the move ends."
            self.report((*path, "minute"), "TTX216", cause, remedy)
        if "when" in part:
            self.when((*path, "when"), part["when"])
            for name in part["when"]:
                if self.place.get(name, here) > here:
                    cause = f"{label} looks at '{name}', which becomes known later."
                    remedy = "Move it to a later move."
                    self.report((*path, "when", name), "TTX208", cause, remedy)
        self.evidence(path, part, move["as_of"])

    def _prediction(self, path: Key, part: Value, move: Value, here: int) -> None:
        settled, where = part["resolves"], (*path, "resolves")
        kinds = [kind for kind in ("event", "variable", "measure") if kind in settled]
        allowed = {"event": {"by"}, "variable": {"value"}, "measure": {"at_least", "at_most"}}
        rest = settled.keys() - set(kinds)
        if len(kinds) != 1 or not rest <= allowed[kinds[0]]:
            cause = "It must be settled by one thing: an event, a variable or a measure."
            remedy = "Give `event` and `by`, or `variable` and `value`, or `measure`."
        elif kinds == ["event"]:
            cause, remedy = self._event(where, settled, move["as_of"])
        elif kinds == ["variable"]:
            cause, remedy = self._later(where, settled, here)
        else:
            cause = f"No measure is called '{settled['measure']}'."
            self.defined((*where, "measure"), cause, settled["measure"], self.raw["measures"])
            cause = "A measure can have one bound." if len(rest) == 2 else ""
            remedy = "Keep `at_least` or `at_most`."
        if cause:
            label = f"Prediction '{part['id']}' cannot resolve."
            self.report(where, "TTX217", f"{label} {cause}", remedy)

    def _event(self, path: Key, settled: Value, as_of: str) -> tuple[str, str]:
        """Return why an event cannot settle a prediction, or nothing."""
        name = settled["event"]
        if "by" not in settled:
            return "There is no day by which.", "Say `by` when the event counts."
        if not self.day((*path, "by"), settled["by"]):
            return "", ""
        if not self.recorded((*path, "event"), name) and self.known_on is not None:
            return "", ""
        if self.known_on and is_day(as_of) and self.known_on[name] <= as_of:
            return f"'{name}' was known on {as_of}.", "Ask about something still open."
        if is_day(as_of) and settled["by"] <= as_of:
            return f"The day {settled['by']} is not after {as_of}.", "Choose a later day."
        return "", ""

    def _later(self, path: Key, settled: Value, here: int) -> tuple[str, str]:
        """Return why a variable cannot settle a prediction, or nothing."""
        name = settled["variable"]
        if "value" not in settled:
            return f"Which value of '{name}' means yes?", "Say so with `value`."
        if not self.values((*path, "variable"), name, settled["value"]):
            return "", ""
        opening = name in self.raw["uncertainties"]  # a choice comes after the question is asked
        if self.place.get(name, here + 1) < here + opening:
            return f"'{name}' is known when the question is asked.", "Ask in an earlier move."
        return "", ""

    def _assumption(self, path: Key, part: Value) -> None:
        sizes = ("low", "base", "high")
        stated = [key for key in sizes if key in part]
        self.evidence(path, part, self.raw["as_of"])
        if "model" in part:
            if stated or part["basis"] != "modelled":
                cause = f"'{path[-1]}' has a model, so its sizes are computed."
                remedy = "Leave out low, base and high, and write `basis: modelled`."
                self.report(path, "TTX223", cause, remedy)
        elif missing := [key for key in sizes if key not in part]:
            for key in missing:
                cause = f"assumptions > {path[-1]}: '{key}' is missing."
                self.report(path, "TTX102", cause, "Add it, or name a `model` that computes it.")
        elif not part["low"] <= part["base"] <= part["high"]:
            cause = f"'{path[-1]}': low {part['low']}, base {part['base']}, high {part['high']}."
            self.report(path, "TTX213", cause, "Put them in rising order.")

    def _effect(self, path: Key, part: Value) -> None:
        self.when((*path, "when"), part["when"])
        measures, assumptions = self.raw["measures"], self.raw["assumptions"]
        for measure, amount in part["change"].items():
            where = (*path, "change", measure)
            cause = f"No measure is called '{measure}'."
            found = self.defined(where, cause, measure, measures)
            if not isinstance(amount, str):
                continue
            cause = f"No assumption is called '{amount}'."
            if not self.defined(where, cause, amount, assumptions) or not found:
                continue
            if assumptions[amount]["unit"] != measures[measure]["unit"]:
                cause = (
                    f"'{amount}' is in {assumptions[amount]['unit']}, "
                    f"'{measure}' in {measures[measure]['unit']}."
                )
                self.report(where, "TTX212", cause, "Use an assumption in the measure's unit.")

    def _plan(self, path: Key, plan: Mapping[str, str]) -> None:
        choices: dict[str, Value] = {}
        for move in self.raw["moves"]:
            for name, choice in move["choices"].items():
                choices.setdefault(name, choice["options"])
        for name, value in plan.items():
            cause = f"The base case names '{name}', which is no choice."
            if self.defined((*path, name), cause, name, choices):
                self.value((*path, name), name, value, choices[name])
        if missing := [name for name in choices if name not in plan]:
            cause = f"The base case leaves out {', '.join(missing)}."
            remedy = "Name the option of every choice that changes least."
            self.report(path, "TTX215", cause, remedy)

    def _play(self, path: Key, part: Value) -> None:
        self.when((*path, "assign"), part["assign"])
        for measure in part["expect"]:
            cause = f"Play '{shorten(part['name'])}': no measure is called '{shorten(measure)}'."
            self.defined((*path, "expect", measure), cause, measure, self.raw["measures"])
