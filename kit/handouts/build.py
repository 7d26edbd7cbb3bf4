"""Turn a scenario into the papers of an exercise: what players get, what the facilitator keeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit import pages, tables, text
from kit.handouts.schedule import plan
from kit.scenario import Assumption, Choice, Effect, Move, Role, Scenario, Variable, When

HERE = Path(__file__).parent
CELLS = {
    "blue": "plays",
    "red": "exercise control, red cell",
    "control": "exercise control",
    "observer": "observer, decides nothing",
}


@dataclass(frozen=True, slots=True)
class Cited:
    """Evidence as it is named on paper: id, title and day."""

    id: str
    title: str
    day: str


@dataclass(frozen=True, slots=True)
class Further:
    """A publication to go on with, and what one finds in it; empty where the record has none."""

    title: str
    publisher: str
    published: str
    url: str
    why: str


@dataclass(frozen=True, slots=True)
class Amount:
    """What an effect adds to one measure, at the lowest, base and highest assumption."""

    label: str
    low: float
    base: float
    high: float
    unit: str


def build(scenario: Scenario) -> dict[str, str]:
    """Return every paper of an exercise: path below the folder → HTML page.

    Nothing under ``players/`` says what comes later, what other roles were told in private, what
    chance may bring, or what governments did.

    Raises
    ------
    DataError
        The record's tables, which name the evidence, have problems.
    """
    words = Words(scenario)
    playing = [role for name, role in scenario.roles.items() if name in scenario.playable]
    control = [role for role in scenario.roles.values() if role not in playing]
    shared: dict[str, Any] = {"s": scenario, "words": words, "playing": playing}
    observers = [role for role in control if role.cell == "observer"]
    shared |= {"control": control, "observers": observers, "cells": CELLS}
    first = next(iter(scenario.moves.values()))
    papers = {
        "players/situation-manual.html": _page("manual", **shared, move=first),
        "facilitator/facilitator-guide.html": _page("guide", **shared, plan=plan(scenario)),
        "facilitator/move-sheets.html": _page("sheets", **shared),
        "facilitator/option-cards.html": _page("cards", **shared),
    }
    for role in playing:
        papers[f"players/brief-{role.id}.html"] = _page("brief", **shared, role=role)
    for role in control:
        papers[f"facilitator/brief-{role.id}.html"] = _page("brief", **shared, role=role)
    return papers


def _page(template: str, **values: Any) -> str:
    page = pages.environment(HERE).get_template(f"{template}.html.j2")
    return page.render(**values) + "\n"


class Words:
    """Says parts of a scenario in words for paper, where ids would mean nothing."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.record = tables.evidence()

    def condition(self, when: When) -> str:
        """Return a condition in questions and answers instead of ids; empty for none."""
        return "; and ".join(
            f"“{self.scenario.variables[name].question}” is answered: {self._labels(name, values)}"
            for name, values in when.terms
        )

    def answers(self, when: When) -> str:
        """Return the answers of a condition without their questions, for a narrow column."""
        return "; and ".join(self._labels(name, values) for name, values in when.terms)

    def _labels(self, name: str, values: Iterable[str]) -> str:
        variable = self.scenario.variables[name]
        labels = [variable.label(value) for value in variable.domain if value in values]
        return " or: ".join(label.rstrip(".") for label in labels)

    def names(self, roles: Iterable[str]) -> str:
        """Return the names of roles, in the order given."""
        return ", ".join(self.scenario.roles[role].name for role in roles)

    def objective(self, name: str) -> str:
        """Return the number of an objective, as the lists on paper count them."""
        return f"Objective {list(self.scenario.objectives).index(name) + 1}"

    def cited(self, names: Iterable[str]) -> list[Cited]:
        """Return evidence with its title and day; its id alone where the record has none."""
        found = []
        for name in names:
            item = self.record.get(name)
            day = item.date.isoformat() if item else ""
            found.append(Cited(name, item.title if item else name, day))
        return found

    def readings(self) -> list[Further]:
        """Return the further reading, each with its publication as the record has it."""
        keys = ("title", "publisher", "published", "url")
        sources = {row["source_id"]: row for row in tables.records("sources")}
        found = []
        for item in self.scenario.further_reading:
            row = sources.get(item.source, {"title": item.source})
            told = {key: str(row.get(key) or "") for key in keys}
            found.append(Further(**told, why=item.why))
        return found

    def settled(self, move: str) -> list[Any]:
        """Return the uncertainties that become known when a move opens, or at the ``end``."""
        return [u for u in self.scenario.uncertainties.values() if u.resolves == move]

    def effects(self, variable: Variable, value: str) -> list[Effect]:
        """Return the effects that look at one value of a variable, in the order of the file."""
        return [
            effect
            for effect in self.scenario.effects
            if any(name == variable.id and value in values for name, values in effect.when.terms)
        ]

    def computed(self, assumption: Assumption) -> str:
        """Return how a modelled size was computed."""
        return text.computed(assumption)

    def deciding(self, move: Move) -> list[str]:
        """Return the roles that decide in a move, each once, in the order of the choices."""
        return list(dict.fromkeys(self.scenario.choices[name].role for name in move.choices))

    def role(self, choice: Choice) -> Role:
        """Return the role that decides."""
        return self.scenario.roles[choice.role]

    def amounts(self, effect: Effect) -> list[Amount]:
        """Return what an effect changes, in the order of the file."""
        size, measures = self.scenario.size, self.scenario.measures
        return [
            Amount(
                measures[name].label,
                size(amount, "low"),
                size(amount),
                size(amount, "high"),
                measures[name].unit,
            )
            for name, amount in effect.change.items()
        ]
