"""An MSEL out of a scenario, and a sheet of injects back into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kit import celltext
from kit.authoring import cells, clock, emit, rows, splice
from kit.authoring.clock import Slot
from kit.authoring.columns import plain
from kit.authoring.rows import WANTED, Entry, Report
from kit.authoring.sheet import Sheet
from kit.authoring.source import Source
from kit.documents import Document, Key
from kit.errors import Problem, ScenarioError, suggestion
from kit.scenario import Inject, Scenario
from kit.scenario.meaning import meaning
from kit.scenario.structure import structure
from kit.text import EXERCISE_MARK

Raw = dict[str, Any]
CELLS = 1_000  # places in a row, more than a sheet may have


@dataclass(frozen=True, slots=True)
class Imported:
    """A scenario with the injects of a sheet, and what was assumed on the way."""

    source: Source
    injects: int
    told: tuple[str, ...]


# --- out of a scenario


def title(scenario: Scenario) -> str:
    """Return what stands above the sheet."""
    return f"{EXERCISE_MARK} · {scenario.title} · {scenario.id} {scenario.version} · MSEL"


def table(scenario: Scenario, start: int = 0) -> list[dict[str, str]]:
    """Return the rows of the MSEL: column key → text; ``start`` is a time of day in minutes."""
    found: list[dict[str, str]] = []
    before = 0
    for move in scenario.moves.values():
        for inject in move.injects:
            time = cells.write_time((start + before + inject.minute) % (100 * 60))
            if start:
                time = cells.write_time((start + before + inject.minute) % cells.DAY)
            row = {"number": str(len(found) + 1), "time": time, "move": move.id}
            found.append({**row, **_cells(inject)})
        before += move.minutes
    return found


def _cells(inject: Inject) -> dict[str, str]:
    texts = {
        "from": inject.sender,
        "channel": inject.channel,
        "text": inject.text,
        "expected_action": inject.expected_action,
        "objective": inject.objective,
        "notes": inject.notes,
        "id": inject.id,
        "minute": str(inject.minute),
        "to": cells.write_list(inject.to),
        "evidence": cells.write_list(inject.evidence),
        "when": cells.write_condition({n: sorted(v) for n, v in inject.when.terms}),
    }
    return {key: celltext.write_text(text) for key, text in texts.items()}


# --- into a scenario


def into(
    sheet: Sheet,
    source: Source,
    *,
    start: int | None = None,
    known_on: Mapping[str, str] | None = None,
) -> Imported:
    """Return a scenario with the injects of a sheet in place of its own.

    What a sheet has no column for stays as it is in the injects that are already there.

    Parameters
    ----------
    sheet
        The whole MSEL: injects that it does not hold are removed.
    source
        The text of the scenario, which must be without problems.
    start
        Time of day, in minutes, at which the exercise starts; found out when absent.
    known_on
        Day on which each event or agreement became known; evidence is unchecked when absent.

    Raises
    ------
    DataError
        With every problem of the sheet, by row and column.
    ScenarioError
        The scenario has problems, or its injects cannot be told from the rest line by line.
    """
    document = source.document()
    if found := structure(document) or meaning(document, known_on):
        raise ScenarioError(found)
    report = Report(sheet.file)
    reader = _Into(document.value, report)
    found_rows = reader.read(rows.entries(sheet, report), start)
    if not report.problems:
        report.problems += _checked(document, sheet, found_rows, known_on)
    report.refuse(sheet)
    injects: list[list[Raw]] = [[] for _ in document.value["moves"]]
    for _, move, raw in found_rows:
        injects[move].append(raw)
    reader.tell_removed(found_rows)
    return Imported(splice.put(source, injects), len(found_rows), tuple(report.told))


Found = tuple[Entry, int, Raw]


def _checked(
    document: Document, sheet: Sheet, found: Sequence[Found], known_on: Mapping[str, str] | None
) -> list[Problem]:
    """Return what the kit finds wrong with the scenario, in rows and columns of the sheet.

    Each cell counts as a line of its own, so that every check can say where it found something.
    """
    value = dict(document.value)
    value["moves"] = [{**move, "injects": []} for move in value["moves"]]
    lines: dict[Key, int] = {}
    for entry, move, raw in found:
        injects = value["moves"][move]["injects"]
        path: Key = ("moves", move, "injects", len(injects))
        injects.append(raw)
        lines[path] = entry.row * CELLS
        for key in raw:
            lines[(*path, key)] = entry.row * CELLS + 1 + sheet.places.get(key, -1)
    whole = Document(f"{value['id']}.yaml", value, lines)
    problems = structure(whole) or meaning(whole, known_on)
    return [_in_sheet(problem, sheet) for problem in problems]


def _in_sheet(problem: Problem, sheet: Sheet) -> Problem:
    row, place = divmod(problem.line or 0, CELLS)
    column = sheet.header[place - 1] if place else None
    return replace(problem, file=sheet.file, line=row or None, column=column)


class _Names:
    """Ids by themselves and by what else they are called, whatever the case and the spaces."""

    def __init__(self, named: Iterable[tuple[str, Sequence[str]]]) -> None:
        every = list(named)
        self._names = {plain(other): name for name, others in reversed(every) for other in others}
        self._names |= {plain(name): name for name, _ in reversed(every)}
        self._ids = {name for name, _ in every}

    def of(self, text: str) -> str:
        """Return the id that a text means; empty when it means none."""
        return text if text in self._ids else self._names.get(plain(text), "")


class _Into:
    """Reads rows in the words of one scenario."""

    def __init__(self, value: Raw, report: Report) -> None:
        self.value = value
        self.report = report
        self.old = {raw["id"]: raw for m in value["moves"] for raw in m.get("injects", [])}
        self.roles = _Names((n, [role["name"]]) for n, role in value["roles"].items())
        self.objectives = _Names((o["id"], [o["text"]]) for o in value["objectives"])
        self.slots: list[Slot] = []
        for move in value["moves"]:
            before = self.slots[-1].before + self.slots[-1].minutes if self.slots else 0
            self.slots.append(Slot(move["id"], move["title"], before, move["minutes"]))

    def read(self, entries: Sequence[Entry], start: int | None) -> list[Found]:
        """Return each row's entry, move and inject."""
        places = clock.into(entries, self._moves(entries), self.slots, start)
        found = []
        for entry, place in zip(entries, places, strict=True):
            raw = self._inject(entry, place[1] if place else 0)
            if place:
                found.append((entry, place[0], raw))
        return found

    def tell_removed(self, found: Sequence[Found]) -> None:
        """Say which injects of the scenario the sheet does not hold."""
        if gone := sorted(self.old.keys() - {raw["id"] for _, _, raw in found}):
            self.report.tell(f"Not on the sheet, so removed: {', '.join(gone)}.")

    def _moves(self, entries: Sequence[Entry]) -> list[int | None]:
        """Return the move that each row names; an empty cell goes on with the one above."""
        known = _Names(
            (slot.id, [slot.title, str(n), f"move {n}"]) for n, slot in enumerate(self.slots, 1)
        )
        ids = [slot.id for slot in self.slots]
        found: list[int | None] = []
        for entry in entries:
            cell = entry.text("move")
            if not cell:
                found.append(found[-1] if found and "move" in entry.sheet.places else None)
                continue
            name = known.of(cell)
            if not name:
                entry.wrong("move", f"No move is called '{cell}'.", suggestion(cell, ids))
            found.append(ids.index(name) if name else None)
        return found

    def _inject(self, entry: Entry, minute: int) -> Raw:
        name = rows.inject_id(entry)
        old = self.old.get(name, {})
        raw: Raw = {"id": name, "minute": minute, "to": self._to(entry)}
        for key in ("from", "text", "expected_action"):
            raw[key] = entry.text(key)
        raw["channel"] = rows.channel(entry, strict=True)
        raw["objective"] = self._objective(entry)
        raw["when"] = rows.condition(entry)
        raw["evidence"] = cells.read_list(entry.text("evidence"))
        raw["notes"] = rows.notes(entry)
        for key in (
            "from",
            "channel",
            "expected_action",
            "objective",
            "when",
            "evidence",
            "notes",
        ):
            if key not in entry.sheet.places and not raw[key] and key in old:
                raw[key] = old[key]
        self._complete(entry, raw)
        return {key: raw[key] for key in emit.ORDER if raw[key] not in ("", {}, [])}

    def _complete(self, entry: Entry, raw: Raw) -> None:
        """Refuse empty cells that must be filled; fill in what a sheet has no column for."""
        wanted = {**WANTED, "objective": self.value["objectives"][0]["id"]}
        for key in ("to", "from", "channel", "text", "expected_action", "objective"):
            if raw[key]:
                continue
            if key in entry.sheet.places or key not in wanted:
                if key not in entry.values:
                    entry.wrong(key, "The cell is empty.", "Fill it in.")
            else:
                raw[key] = wanted[key]
                self.report.tell(f"The sheet has no column {entry.column(key)}: “{wanted[key]}”.")

    def _to(self, entry: Entry) -> list[str]:
        found = []
        for name in rows.recipients(entry):
            if known_role := self.roles.of(name):
                found.append(known_role)
            elif plain(name) in rows.EVERYBODY:
                every = self.value["roles"].items()
                found += [n for n, role in every if role.get("cell", "blue") == "blue"]
            else:
                known = self.value["roles"]
                entry.wrong("to", f"No role is called '{name}'.", suggestion(name.lower(), known))
        return list(dict.fromkeys(found))

    def _objective(self, entry: Entry) -> str:
        cell = entry.text("objective")
        if not cell:
            return ""
        if known := self.objectives.of(cell):
            return known
        first = self.objectives.of(cells.read_list(cell)[0])
        if first:  # an inject serves one objective; the others are not forgotten
            entry.keep("objective", cell)
        else:
            ids = [objective["id"] for objective in self.value["objectives"]]
            entry.wrong("objective", f"No objective is called '{cell}'.", suggestion(cell, ids))
        return first
