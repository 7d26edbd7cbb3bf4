"""A new scenario made of somebody else's sheet, with placeholders for what the sheet lacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit import scenario as scenarios
from kit.authoring import cells, clock, emit, rows
from kit.authoring import source as sources
from kit.authoring.columns import plain
from kit.authoring.msel import Imported, Raw
from kit.authoring.rows import EVERYBODY, WANTED, Entry, Report
from kit.authoring.sheet import Sheet
from kit.scenario.structure import FORMAT

LONGEST_MOVE, LONGEST = 240, 600  # minutes, as the format has them
LONGEST_TEXT = 4000  # characters
DAY = "2001-01-01"
WRITE = "To be written"
REMARKS = {
    "schema": "# yaml-language-server: $schema=scenario.schema.json\n"
    "# Made from {sheet}. What the sheet did not hold is marked “To be written”.\n"
    "# After each change run: python -m kit audit {name}.yaml",
    "objectives": "# One for each objective that the sheet names; give each a level and criteria.",
    "roles": "# One for each recipient on the sheet.",
    "measures": "# What is counted at the end.",
    "assumptions": "# How large effects are, as ranges.",
    "uncertainties": "# What chance decides; `python -m kit new` shows how one is written.",
    "moves": "# A sheet of injects holds no decisions: each move has one to be written.",
    "effects": "# What follows from decisions.",
    "base_case": "# One option of every choice: nobody decides anything new.",
}


def fresh(sheet: Sheet, name: str, start: int | None = None) -> Imported:
    """Return a new scenario with the injects of a sheet: one move for each phase it names.

    Parameters
    ----------
    sheet
        The sheet; a row that holds a single cell is taken for the title of a phase where the
        sheet has no column for it.
    name
        Id of the scenario.
    start
        Time of day, in minutes, at which the exercise starts; found out when absent.

    Raises
    ------
    DataError
        With every problem of the sheet, by row and column.
    """
    report = Report(sheet.file)
    maker = _Fresh(name, report)
    value = maker.read(rows.entries(sheet, report), start)
    report.refuse(sheet)
    parts = []
    for key, part in value.items():
        remark = REMARKS.get(key, "").format(sheet=sheet.file, name=name)
        parts.append("\n".join([*([remark] if remark else []), *emit.tree({key: part})]))
    top = "\n".join(parts[: list(value).index("objectives")])
    text = "\n\n".join([top, *parts[list(value).index("objectives") :]]) + "\n"
    scenarios.parse(text, f"{name}.yaml")
    return Imported(sources.parse(text, f"{name}.yaml"), maker.count, tuple(report.told))


class _Fresh:
    """Collects roles, objectives and moves while it reads the rows."""

    def __init__(self, name: str, report: Report) -> None:
        self.name = name
        self.report = report
        self.roles: dict[str, str] = {}
        self.objectives: dict[str, str] = {}
        self.seen: dict[str, int] = {}
        self.count = 0

    def read(self, entries: Sequence[Entry], start: int | None) -> Raw:
        """Return the values of the scenario."""
        phases: dict[str, list[Entry]] = {}
        phase = ""
        for entry in entries:
            if "move" not in entry.sheet.places and (title := rows.heading(entry)):
                phase = title
                continue
            phase = entry.text("move") or phase
            phases.setdefault(phase, []).append(entry)
        if not phases:
            self.report.problem(1, "Inject", "The sheet holds no inject.", "Add a row for each.")
        injects = [entry for group in phases.values() for entry in group]
        named = [name for entry in injects for name in self._recipients(entry)]
        for name in [n for n in named if plain(n) not in EVERYBODY] or named[:1]:
            self._role(name)
        times = dict(
            zip(map(id, injects), cells.rolled([rows.time(e) for e in injects]), strict=True)
        )
        began = clock.first(list(times.values()), self.report) if start is None else start
        moves: list[Raw] = []
        for phase, group in phases.items():
            moves.append(self._move(phase, group, [times[id(e)] for e in group], moves, began))
        total = sum(move["minutes"] for move in moves)
        if total > LONGEST:
            cause = f"The moves take {total} minutes together; an exercise has at most {LONGEST}."
            remedy = "Leave rows out, or shorten the times."
            self.report.problem(entries[0].row, entries[0].column("time"), cause, remedy)
        self.count = len(injects)
        return self._whole(moves, total)

    def _move(
        self,
        phase: str,
        group: Sequence[Entry],
        times: Sequence[int | None],
        before: Sequence[Raw],
        began: int,
    ) -> Raw:
        stated = [time for time in times if time is not None]
        opens = min(stated, default=0) if before else began
        minutes = []
        for entry, time in zip(group, times, strict=True):
            minute = rows.minute(entry)
            if minute is None and time is not None:
                minute = time - opens
            if minute is None and not {"time", "minute"} & entry.values.keys():
                entry.wrong("time", "The row says no time.", "Write hours and minutes.")
            if minute is not None and not 0 <= minute <= LONGEST_MOVE:
                cause = f"The inject comes {minute} minutes after its move opens."
                remedy = f"A move holds 0 to {LONGEST_MOVE}: name more phases, or say --start."
                entry.wrong("time" if time is not None else "minute", cause, remedy)
            minutes.append(minute or 0)
        title = phase or f"Move {len(before) + 1}"
        name = rows.name_of(title, "move", [*(m["id"] for m in before), "end"])
        longest = min(max(10, (max(minutes) // 5 + 1) * 5), LONGEST_MOVE)
        injects = [self._inject(e, m) for e, m in zip(group, minutes, strict=True)]
        return {
            "id": name,
            "title": title,
            "as_of": DAY,
            "minutes": longest,
            "situation": f"{WRITE}: what everybody knows when the move opens.",
            "injects": injects,
        }

    def _inject(self, entry: Entry, minute: int) -> Raw:
        name = rows.inject_id(entry)
        made = rows.name_of(name, "inject")
        if name != made:
            self.report.tell(f"The id '{name}' is written {made}.")
        if made in self.seen:
            cause = f"The id '{made}' is used twice, first in row {self.seen[made]}."
            entry.wrong("id" if "id" in entry.values else "number", cause, "Change one of them.")
        self.seen.setdefault(made, entry.row)
        raw: Raw = {
            "id": made,
            "minute": minute,
            "from": entry.text("from"),
            "to": self._to(entry),
            "channel": rows.channel(entry, strict=False),
            "text": entry.text("text"),
            "objective": self._objective(entry.text("objective")),
            "expected_action": entry.text("expected_action"),
        }
        for key in ("when", "evidence"):
            if entry.text(key):  # they name things that the new scenario does not have
                entry.keep(key, entry.text(key))
                self.report.tell(f"{entry.column(key)} is kept in the notes.")
        for key in ("to", "text"):
            if not raw[key]:
                entry.wrong(key, "The cell is empty.", "Fill it in.")
        for key, words in WANTED.items():
            if not raw[key]:
                raw[key] = words
                self.report.tell(f"Empty cells of {entry.column(key)} are filled: “{words}”.")
        raw["notes"] = rows.notes(entry)
        for key in ("from", "to", "text", "expected_action", "objective", "move", "notes"):
            count = len(raw["notes"] if key == "notes" else entry.text(key))
            if count > LONGEST_TEXT:
                entry.wrong(key, f"The text has {count} characters.", f"Keep to {LONGEST_TEXT}.")
        return {key: part for key, part in raw.items() if part != ""}

    def _recipients(self, entry: Entry) -> list[str]:
        """Return the recipients of a row; a slash may stand between them, too."""
        names = [part.strip() for n in rows.recipients(entry) for part in n.split("/")]
        return list(dict.fromkeys(name for name in names if name))

    def _to(self, entry: Entry) -> list[str]:
        """Return the ids of the recipients; whoever writes to all means every role."""
        names = self._recipients(entry)
        if any(plain(name) in EVERYBODY for name in names):
            return list(self.roles)
        return list(dict.fromkeys(map(self._role, names)))

    def _role(self, name: str) -> str:
        """Return the id of the role that a cell names; a new one gets its name."""
        known = {plain(title): key for key, title in self.roles.items()}
        if plain(name) not in known:
            made = rows.name_of(name, "role", self.roles)
            self.roles[made] = name
            return made
        return known[plain(name)]

    def _objective(self, text: str) -> str:
        """Return the id of the objective that a cell names; a new one gets the next number."""
        text = text or f"{WRITE}: what learners practice."
        known = {plain(words): key for key, words in self.objectives.items()}
        return known.get(plain(text)) or self._new_objective(text)

    def _new_objective(self, text: str) -> str:
        name = f"o{len(self.objectives) + 1}"
        self.objectives[name] = text
        return name

    def _whole(self, moves: list[Raw], total: int) -> Raw:
        """Return all values, with measures, a choice for each move and an effect of each."""
        for number, move in enumerate(moves, 1):
            move["choices"] = {f"decision-{number}": self._choice()}
        criterion = f"{WRITE}: what an evaluator looks for."
        objectives = [
            {"id": name, "bloom": "apply", "text": text, "criteria": [criterion]}
            for name, text in self.objectives.items()
        ]
        brief = f"{WRITE}: what this role wants and fears."
        return {
            "schema": FORMAT,
            "id": self.name,
            "version": "0.1.0",
            "title": f"{WRITE}: the name of the exercise",
            "summary": f"{WRITE}: what the exercise is about, in two or three sentences.",
            "as_of": DAY,
            "minutes": max(min(total, LONGEST), 1),
            "level": "basic",
            "objectives": objectives,
            "roles": {name: {"name": title, "brief": brief} for name, title in self.roles.items()},
            **_frame(),
            "moves": moves,
            "effects": [
                {
                    "when": {name: "act"},
                    "change": {"readiness": "gain", "effort": 1},
                    "why": f"{WRITE}: the mechanism in one sentence.",
                }
                for move in moves
                for name in move["choices"]
            ],
            "base_case": {name: "wait" for move in moves for name in move["choices"]},
        }

    def _choice(self) -> Raw:
        options = {
            name: {"text": f"{WRITE}: {name}.", "tradeoff": f"{WRITE}: its cost.", "odds": 0.5}
            for name in ("wait", "act")
        }
        return {
            "role": next(iter(self.roles), "role"),
            "question": f"{WRITE}: what is decided in this move?",
            "basis": "assumed",
            "why": f"{WRITE}: the reason for the odds.",
            "options": options,
        }


def _frame() -> dict[str, Any]:
    """Return the parts that a sheet of injects says nothing about."""
    meaning = {"unit": "points", "description": f"{WRITE}: what the number means."}
    measures = {
        "readiness": {"label": "Readiness", "better": "high", "start": 50, **meaning},
        "effort": {"label": "Effort", "better": "low", "start": 0, **meaning},
    }
    size = {
        "text": f"{WRITE}: the assumption as a sentence that can be disputed.",
        "low": 1,
        "base": 2,
        "high": 4,
        "unit": "points",
        "basis": "assumed",
        "dissent": f"{WRITE}: why a reasonable person may disagree.",
    }
    return {"measures": measures, "assumptions": {"gain": size}, "uncertainties": {}}
