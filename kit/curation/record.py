"""What the record promises about itself, proved row by row: sources, dates and codings.

The tables have been checked one by one before; here they are held against each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from kit import tables
from kit.curation.codings import codes, codings, obligations
from kit.curation.rows import ON_PAGES, Rows, read
from kit.errors import DataError, Problem
from kit.tables import Record

ARTICLE = "washtimes-2023-11-12"
ITEMS = {"events": "event_id", "agreements": "agreement_id"}


def problems() -> list[Problem]:
    """Return every broken promise of the record; of tables that are sound, as far as they go."""
    try:
        tables.names()
    except DataError:
        return []  # reported with the tables
    try:
        rows = read()
    except DataError as error:
        return list(error.problems)
    return [
        problem for check, needs in CHECKS if rows.keys() >= set(needs) for problem in check(rows)
    ]


def _sourced(rows: Rows) -> Iterator[Problem]:
    """Every event and agreement has a source; what the article reports, one beside the article."""
    for name, key in ITEMS.items():
        cited = defaultdict(set)
        for _, row in rows["citations"].rows:
            cited[row[key]].add(row["source_id"])
        for line, row in rows[name].rows:
            if not cited[row[key]]:
                cause = f"No row of citations.csv gives a source for '{row[key]}'."
                yield rows[name].problem(line, key, cause, "Add one, or remove this row.")
            elif row["in_article"] == "explicit" and cited[row[key]] <= {ARTICLE}:
                cause = f"The only source for '{row[key]}' is the article under study."
                remedy = "Cite an independent source in citations.csv."
                yield rows[name].problem(line, "in_article", cause, remedy)


def _on_pages(rows: Rows) -> Iterator[Problem]:
    for name in ON_PAGES:
        for line, row in rows[name].rows:
            if not row["page_ids"]:
                cause = "The row names no page from which it was taken."
                yield rows[name].problem(line, "page_ids", cause, "Add an id of pages.csv.")


# --- dates


def _in_order(rows: Rows) -> Iterator[Problem]:
    """No later date lies before an earlier one, and events stand in the order of their dates."""
    for name, first, later in (
        ("events", "date", "known_on"),
        ("agreements", "signed_or_announced", "entered_into_force"),
        ("agreements", "signed_or_announced", "status_asof"),
        ("sources", "published", "accessed"),
    ):
        for line, row in rows[name].rows:
            if row[first] and row[later] and row[later] < row[first]:
                cause = f"{row[later]} is before {row[first]}, the day in {first}."
                yield rows[name].problem(line, later, cause, "Correct one of the two dates.")
    last = None
    for line, row in rows["events"].rows:
        if last and row["date"] < last:
            cause = f"{row['date']} stands after {last}, the date of the row before."
            yield rows["events"].problem(line, "date", cause, "Put the row in order of date.")
        last = row["date"]


def _standings(rows: Rows) -> Iterator[Problem]:
    """Every agreement has its history, in order, and the last of it is its status."""
    table, latest = rows["agreement_status"], dict[str, tuple[int, Record]]()
    for line, row in table.rows:
        name = row["agreement_id"]
        if name in latest and row["since"] < latest[name][1]["since"]:
            cause = f"{row['since']} stands after {latest[name][1]['since']}."
            yield table.problem(line, "since", cause, "Put the changes in order of time.")
        latest[name] = (line, row)
    for line, row in rows["agreements"].rows:
        if row["agreement_id"] not in latest:
            cause = f"agreement_status.csv does not say how '{row['agreement_id']}' stood."
            yield rows["agreements"].problem(line, "agreement_id", cause, "Add its changes there.")
            continue
        place, last = latest[row["agreement_id"]]
        if last["standing"] not in STANDINGS.get(row["status"], (row["status"],)):
            cause = f"It ends as {last['standing']}, but agreements.csv says {row['status']}."
            yield table.problem(place, "standing", cause, "Correct one of the two.")


# What the last change of an agreement may be, where its status has another word for it.
STANDINGS = {"in-force": ("in-force", "signed", "revised"), "political-commitment": ("signed",)}

CHECKS: tuple[tuple[Callable[[Rows], Iterator[Problem]], tuple[str, ...]], ...] = (
    (_sourced, ("events", "agreements", "citations")),
    (_on_pages, ON_PAGES),
    (_in_order, ("events", "agreements", "sources")),
    (_standings, ("agreements", "agreement_status")),
    (codes, ("codes", "events", "event_codings")),
    (codings, ("events", "event_codings")),
    (obligations, ("agreements", "obligations", "obligation_codings")),
)
