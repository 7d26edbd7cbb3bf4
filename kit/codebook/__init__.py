"""The codebook of the data package, as one page of Markdown, generated so that it cannot drift."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from kit import files, tables
from kit.codebook import prose
from kit.codebook.about import (
    citation,
    key_of,
    kind,
    license_of,
    meanings,
    package,
    rules,
)
from kit.codebook.kappa import Agreement, of_events, of_obligations
from kit.errors import DataError
from kit.tables import Field, Record, Table

__all__ = ["build", "write"]

PAGE = "codebook.md"

Rows = dict[str, tuple[Record, ...]]


def build() -> str:
    """Return the codebook of the data package in use.

    Raises
    ------
    DataError
        The package or a table has problems; all of them are listed.
    """
    if found := tables.problems():
        raise DataError(found)
    raw = package()
    every = [tables.describe(name) for name in tables.names()]
    rows: Rows = {table.name: tables.records(table.name) for table in every}
    parts = [
        f"# Codebook: {raw.get('title', raw['name'])}",
        prose.GENERATED,
        raw.get("description", ""),
        _facts(raw),
        "## The tables",
        _overview(every, rows),
        _others(raw),
        *(part for table in every for part in _table(table, rows[table.name])),
        *_coding(rows),
        *_reliability(rows),
        *_status(rows),
        *_checked(rows),
        "## Limits",
        prose.LIMITS,
        "## How to cite",
        prose.CITE.format(citation=citation(raw)),
        "## How to correct a row",
        prose.CORRECT,
    ]
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def write(path: str | Path | None = None) -> Path:
    """Write the codebook and return where it is.

    Parameters
    ----------
    path
        File to write; ``docs/codebook.md`` of the checkout when absent.

    Raises
    ------
    DataError, ExportError
        The data have problems, or the file cannot be written.
    """
    return files.write_page(PAGE, build(), path)


def _cell(text: object) -> str:
    """Return a text as it can stand in a Markdown table."""
    return " ".join(str(text).split()).replace("|", r"\|").replace("<", "&lt;")


def grid(header: Sequence[str], rows: Iterable[Sequence[object]], numbers: str = "") -> str:
    """Return a Markdown table; ``numbers`` names the columns, as letters, to set to the right."""
    marks = ["--:" if chr(ord("a") + i) in numbers else "---" for i in range(len(header))]
    lines = [header, marks, *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _facts(raw: Record) -> str:
    items = (("Version", raw.get("version", "")), ("License", license_of(raw)))
    return "\n".join(f"- {name}: {text}" for name, text in items if text)


def _overview(every: Sequence[Table], rows: Rows) -> str:
    return grid(
        ("Table", "What a row is", "Rows", "Columns", "Key"),
        (
            (f"[`{t.name}`](#{t.name})", t.title, len(rows[t.name]), len(t.fields), key_of(t))
            for t in every
        ),
        numbers="cd",
    )


def _others(raw: Record) -> str:
    """Return what the package lists besides its tables."""
    found = [item for item in raw["resources"] if item.get("type", "table") != "table"]
    lines = [f"- `data/{item['path']}`: {item['description']}" for item in found]
    return "\n".join(["Besides the tables:", "", *lines]) if lines else ""


def _table(table: Table, rows: Sequence[Record]) -> Iterable[str]:
    """Yield the section of one table."""
    yield f"### {table.name}"
    yield f"**{table.title}.** {table.description}"
    yield f"{len(rows)} rows in `data/{table.file}`; key: {key_of(table)}."
    if table.exactly_one:
        yield f"Each row fills exactly one of {', '.join(table.exactly_one)}."
    filled = {f.name: sum(r[f.name] not in (None, ()) for r in rows) for f in table.fields}
    yield grid(
        ("Field", "Type and rules", "Filled", "Meaning"),
        ((f"`{f.name}`", _type(f), filled[f.name], _meaning(f)) for f in table.fields),
        numbers="c",
    )
    yield "\n".join(
        f"- `{f.name}`: {_counts(f, rows)}" for f in table.fields if f.enum or f.type == "boolean"
    )


def _type(field: Field) -> str:
    return "; ".join([kind(field), *rules(field)])


def _meaning(field: Field) -> str:
    example = f" Example: `{field.example}`." if field.example else ""
    form = f" Form: `{field.pattern}`." if field.pattern else ""
    return f"**{field.title}.** {field.description}{example}{form}"


def _counts(field: Field, rows: Sequence[Record]) -> str:
    """Return the codes of a column with the number of rows that have them, none left out."""
    found = Counter(str(row[field.name]).lower() if field.type == "boolean" else row[field.name]
                    for row in rows if row[field.name] is not None)  # fmt: skip
    codes = field.enum or ("true", "false")
    empty = len(rows) - found.total()
    counts = [f"`{code}` {found[code]}" for code in codes]
    return ", ".join([*counts, *([f"empty {empty}"] if empty else [])])


def _coding(rows: Rows) -> Iterable[str]:
    """Yield the coding rules, and the codes in use with what is to be said about them."""
    if not {"codes", "event_codings"} <= rows.keys():
        return
    yield "## Coding rules in brief"
    yield prose.CODING
    codes = rows["codes"]
    for scheme in dict.fromkeys(row["scheme"] for row in codes):
        used = [(row, _uses(row, rows["events"])) for row in codes if row["scheme"] == scheme]
        yield f"### {scheme.upper()} codes in use"
        yield grid(
            ("Code", "Kind", "Name", "Value", "Events"),
            ((_code(r), r["kind"], r["name"], _value(r), count) for r, count in used if count),
            numbers="de",
        )
    if noted := [r for r in codes if r["note"]]:
        yield "### Traps in the code lists"
        yield prose.TRAPS
        yield "\n".join(f"- {r['scheme'].upper()} {_code(r)}: {r['note']}" for r in noted)


def _code(row: Record) -> str:
    """Return a code as it is written; a mode stands after its category."""
    return f"`{row['parent']} {row['code']}`" if row["kind"] == "mode" else f"`{row['code']}`"


def _uses(code: Record, events: Sequence[Record]) -> int:
    """Return how many events have a code."""
    if code["kind"] == "mode":
        mine = (code["parent"], code["code"])
        return sum((row["plover"], row["plover_mode"]) == mine for row in events)
    return sum(row[code["scheme"]] == code["code"] for row in events)


def _value(row: Record) -> str:
    if row["value"] is None:
        return "none"
    return f"{row['value']:g}{' (imputed)' if row['value_imputed'] else ''}"


def _reliability(rows: Rows) -> Iterable[str]:
    """Yield how far the two coders agree."""
    found: list[tuple[str, list[Agreement]]] = []
    if "event_codings" in rows:
        found.append(("Events", of_events(rows["event_codings"])))
    if "obligation_codings" in rows:
        coded = rows["obligation_codings"]
        field = next(
            f for f in tables.describe("obligation_codings").fields if f.name == "obligation"
        )
        words = field.enum or tuple(sorted({r["obligation"] for r in coded}))
        ids = [row["agreement_id"] for row in rows["agreements"]]
        found.append(("Obligations of agreements", of_obligations(coded, ids, words)))
    if not found:
        return
    yield "## Agreement between the two coders"
    yield prose.RELIABILITY
    for title, results in found:
        yield f"### {title}"
        yield grid(
            ("Question", "n", "Alike", "Percent", "Cohen's kappa"),
            ((r.what, r.n, r.same, _number(r.percent, 1), _number(r.kappa, 2)) for r in results),
            numbers="bcde",
        )
    yield prose.UNDEFINED


def _number(value: float | None, digits: int) -> str:
    return "not defined" if value is None else f"{value:.{digits}f}".replace("-", "−")


def _status(rows: Rows) -> Iterable[str]:
    """Yield the legend of the status of agreements."""
    if "agreements" not in rows:
        return
    columns = {field.name: field for field in tables.describe("agreements").fields}
    if "status" not in columns:
        return
    field = columns["status"]
    counts = Counter(row["status"] for row in rows["agreements"])
    told = meanings(field)
    yield "## Reading the status of an agreement"
    yield prose.STATUS
    yield grid(
        ("Status", "Agreements", "Meaning"),
        ((f"`{code}`", counts[code], told.get(code, "")) for code in field.enum),
        numbers="b",
    )


def _checked(rows: Rows) -> Iterable[str]:
    """Yield how the sources were checked, in numbers."""
    if not {"sources", "citations", "events", "agreements"} <= rows.keys():
        return
    yield "## How the sources were checked"
    yield prose.CHECKED
    sources, citations = rows["sources"], rows["citations"]
    for_row = Counter(r["event_id"] or r["agreement_id"] for r in citations)
    several = sum(count > 1 for count in for_row.values())
    days = sorted({r["accessed"].isoformat() for r in sources})
    kinds = Counter(r["kind"] for r in sources)
    tongues = Counter(r["language"] for r in sources)
    archived = sum(r["archived_copy_seen"] for r in sources)
    lines = [
        f"{len(citations)} citations link {len(for_row)} events and agreements to "
        f"{len(sources)} sources; {several} of them rest on two sources or more.",
        f"All sources were read from {days[0]} to {days[-1]}."
        if len(days) > 1 else f"All sources were read on {days[0]}.",
        f"An archived copy was seen of {archived} of {len(sources)} sources.",
        f"By kind: {_listed(kinds)}.",
        f"By language: {_listed(tongues)}.",
    ]  # fmt: skip
    yield "\n".join(f"- {line}" for line in lines)


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())
