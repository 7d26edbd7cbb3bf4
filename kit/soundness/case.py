"""One scenario under audit: the file with its lines, the exercise, and what was found so far."""

from __future__ import annotations

from collections.abc import Iterable

from kit.documents import Document, Key
from kit.scenario import Choice, Scenario, When
from kit.soundness.codes import CODES
from kit.soundness.elimination import TooLargeError
from kit.soundness.findings import Finding
from kit.soundness.support import Support


class Case:
    """The scenario, where each of its parts stands in the file, and the findings.

    Raises
    ------
    TooLargeError
        A variable looks at so much that its table cannot be written down.
    """

    def __init__(self, document: Document, scenario: Scenario) -> None:
        self.document = document
        self.scenario = scenario
        self.support = Support(scenario)
        self.findings: list[Finding] = []
        self.undecided = 0
        self._move_at = {move: place for place, move in enumerate(scenario.moves)}

    def report(
        self, code: str, subject: str, path: Key, cause: str, remedy: str | None = None
    ) -> None:
        """Note a finding; the remedy is that of its code unless a better one is known."""
        self.findings.append(self.finding(code, subject, path, cause, remedy))

    def finding(
        self, code: str, subject: str, path: Key, cause: str, remedy: str | None = None
    ) -> Finding:
        """Return a finding at a path of the file."""
        about = CODES[code]
        line = self.document.line(path)
        said = remedy or about.remedy
        return Finding(code, about.severity, self.document.file, line, subject, cause, said)

    def possible(self, when: When, upto: int) -> bool | None:
        """Return whether a condition can be met in play; None where that is too large."""
        try:
            return self.support.possible(self.support.terms(when), upto)
        except TooLargeError:
            self.undecided += 1
            return None

    def variable(self, name: str) -> Key:
        """Return the path of a choice or uncertainty."""
        variable = self.scenario.variables[name]
        if isinstance(variable, Choice):
            return (*self.move(variable.move), "choices", name)
        return ("uncertainties", name)

    def value(self, name: str, value: str) -> Key:
        """Return the path of an option or value."""
        inner = "options" if name in self.scenario.choices else "values"
        return (*self.variable(name), inner, value)

    def move(self, name: str) -> Key:
        """Return the path of a move."""
        return ("moves", self._move_at[name])

    def inject(self, name: str) -> Key:
        """Return the path of an inject; the file may hold them in another order than play."""
        for place, move in enumerate(self.document.value["moves"]):
            for index, inject in enumerate(move.get("injects", [])):
                if inject["id"] == name:
                    return ("moves", place, "injects", index)
        return ("moves",)

    def objective(self, name: str) -> Key:
        """Return the path of an objective."""
        return ("objectives", list(self.scenario.objectives).index(name))

    def effects(self) -> Iterable[tuple[int, str]]:
        """Yield the number of each effect and a name that stays when others are added."""
        seen: dict[str, int] = {}
        for place, effect in enumerate(self.scenario.effects):
            name = f"effect {spelled(effect.when)}"
            seen[name] = seen.get(name, 0) + 1
            yield place, name if seen[name] == 1 else f"{name} ({seen[name]})"


def spelled(when: When) -> str:
    """Return a condition as an author may write it behind ``at``: ``link=hub, rain=dry|wet``."""
    return ", ".join(f"{name}={'|'.join(sorted(values))}" for name, values in when.terms)
