"""The codings, proved: codes that fit each other, values of the codes, two coders, a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from kit.curation.rows import CHOICE, CODE, Rows
from kit.errors import Problem
from kit.tables.schema import Record


def codes(rows: Rows) -> Iterator[Problem]:
    """Codes and modes fit each other, and values are those of the codes."""
    known = {(r["scheme"], r["parent"], r["code"]): r for _, r in rows["codes"].rows}
    cameo = {r["code"]: r for _, r in rows["codes"].rows if r["scheme"] == "cameo"}
    for line, row in rows["codes"].rows:
        if wrong := _misplaced(row, known):
            yield rows["codes"].problem(line, *wrong)
    for name in ("events", "event_codings"):
        for line, row in rows[name].rows:
            for column, cause, remedy in _unfit(row, cameo, known):
                yield rows[name].problem(line, column, cause, remedy)
    for line, row in rows["events"].rows:
        for column, value, of in _values(row, cameo, known):
            if row[column] != value:
                cause = f"{_shown(row[column])} is not the value of {of}, {_shown(value)}."
                remedy = f"Write {_shown(value)}, as in codes.csv."
                yield rows["events"].problem(line, column, cause, remedy)


def _misplaced(row: Record, codes: dict[tuple[Any, ...], Record]) -> tuple[str, str, str] | None:
    """Return what is wrong with a row of ``codes``: its kind, or what it stands under."""
    scheme, kind, code, parent = row["scheme"], row["kind"], row["code"], row["parent"]
    if kind not in {"cameo": ("root", "sub"), "plover": ("category", "mode")}[scheme]:
        return "kind", f"'{kind}' is no kind of code in {scheme}.", "Correct kind or scheme."
    wanted = code[:2] if kind == "sub" else parent if kind == "mode" else None
    if parent != wanted or (kind in ("sub", "mode") and (scheme, None, wanted) not in codes):
        cause = f"'{parent or ''}' is not what the {kind} '{code}' stands under."
        return "parent", cause, f"Write '{wanted}'." if wanted else "Correct or empty it."
    return None


def _unfit(row: Record, cameo: Any, codes: Any) -> Iterator[tuple[str, str, str]]:
    """Yield (column, cause, remedy) for codes of the wrong scheme or that do not fit."""
    code, category, mode = (row[name] for name in CODE)
    if code and code not in cameo:
        yield "cameo", f"'{code}' is no CAMEO code in codes.csv.", "Correct it, or add the code."
    if category and ("plover", None, category) not in codes:
        cause = f"'{category}' is no PLOVER category in codes.csv."
        yield "plover", cause, "Correct it, or add the category."
    if mode and ("plover", category, mode) not in codes:
        cause = f"'{mode}' is no mode of {category or 'an empty category'}."
        modes = [c for s, p, c in codes if s == "plover" and p is not None and p == category]
        remedy = f"Allowed are: {', '.join(modes)}." if modes else "Leave it empty."
        yield "plover_mode", cause, remedy
    if bool(code) != bool(category):
        cause = "Only one of cameo and plover is filled."
        yield "plover" if code else "cameo", cause, "Fill both, or neither."


def _values(row: Record, cameo: Any, codes: Any) -> Iterator[tuple[str, Any, str]]:
    """Yield (column, the value it must have, the code that gives it) of one event."""
    code, category, mode = (row[name] for name in CODE)
    of_code = cameo.get(code)
    name = f"CAMEO {code}" if code else "an event without a code"
    yield "goldstein", of_code["value"] if of_code else None, name
    yield "goldstein_imputed", of_code["value_imputed"] if of_code else False, name
    score = codes.get(("plover", category, mode) if mode else ("plover", None, category))
    name = f"PLOVER {category} {mode or ''}".rstrip() if category else name
    yield "plover_score", score["value"] if score else None, name


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    return str(value).lower() if isinstance(value, bool) else f"{value}"


def codings(rows: Rows) -> Iterator[Problem]:
    """Every event was coded twice, and its basis says truly what became of the two codings."""
    coded: dict[str, dict[str, Record]] = defaultdict(dict)
    for _, row in rows["event_codings"].rows:
        coded[row["event_id"]][row["coder"]] = row
    for line, row in rows["events"].rows:
        for column, cause, remedy in _basis(row, coded[row["event_id"]]):
            yield rows["events"].problem(line, column, cause, remedy)


def _basis(row: Record, coded: dict[str, Record]) -> Iterator[tuple[str, str, str]]:
    basis = row["coding_basis"]
    if len(coded) != 2:
        yield "event_id", "event_codings.csv has not two codings of this event.", "Add what lacks."
        return
    choices = [tuple(_choice(item)) for item in coded.values()]
    same = choices[0] == choices[1]
    if not row["cameo"] and not row["plover"]:
        right = ("uncoded",)
    else:
        right = ("agreed",) if same else ("adjudicated",)
    if basis not in right:
        cause = f"'{basis}' is not how these codes came about."
        yield "coding_basis", cause, f"Write '{right[0]}', or correct the codes."
    if same and tuple(_choice(row)) != choices[0]:
        cause = "The codes are not those on which both coders agree."
        yield "cameo", cause, "Take over theirs; see event_codings.csv."
    if not same and not row["coding_note"]:
        cause = "The coders differed, and no reason is given for what stands here."
        yield "coding_note", cause, "Give the reason in a few words."


def _choice(row: Record) -> Iterator[Any]:
    for name in CHOICE:
        yield frozenset(row[name]) if name == "contexts" else row[name]


def obligations(rows: Rows) -> Iterator[Problem]:
    """Every agreement obliges to something; what both coders saw stands, with their force."""
    seen: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    lines: dict[tuple[str, str], int] = {}
    for line, row in rows["obligation_codings"].rows:
        key = (row["agreement_id"], row["obligation"])
        seen[key][row["coder"]] = row["force"]
        lines.setdefault(key, line)
    stands = {(r["agreement_id"], r["obligation"]) for _, r in rows["obligations"].rows}
    for line, row in rows["obligations"].rows:
        found = seen.get((row["agreement_id"], row["obligation"]), {})
        if len(found) == 2 and len(set(found.values())) == 1:
            if row["force"] not in found.values():
                cause = f"'{row['force']}' is not the force on which both coders agree."
                remedy = f"Write '{found['first']}'."
                yield rows["obligations"].problem(line, "force", cause, remedy)
        elif not row["note"]:
            cause = "The coders differed on this, and no reason is given for what stands here."
            yield rows["obligations"].problem(line, "note", cause, "Give it in a few words.")
    for key, found in seen.items():
        if len(found) == 2 and key not in stands:
            cause = f"Both coders saw '{key[1]}' in '{key[0]}'; obligations.csv lacks it."
            yield rows["obligation_codings"].problem(
                lines[key], "obligation", cause, "Add the row there."
            )
    for line, row in rows["agreements"].rows:
        if row["agreement_id"] not in {agreement for agreement, _ in stands}:
            cause = f"No row of obligations.csv says what '{row['agreement_id']}' asks for."
            yield rows["agreements"].problem(line, "agreement_id", cause, "Add at least one.")
