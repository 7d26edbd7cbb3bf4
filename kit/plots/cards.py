"""What the record knows about one event, agreement or launch, in words, with its sources."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from kit import tables
from kit.errors import suggestion
from kit.plots import record
from kit.plots.launches import reported
from kit.plots.launches import told as told_km
from kit.plots.obligations import by_force, told
from kit.tables import Record

WIDTH = 88
BASES = {
    "agreed": "Two coders chose this independently",
    "adjudicated": "Two coders differed; decided with a reason",
    "uncoded": "Not coded: no interaction between actors",
}


@dataclass(frozen=True, slots=True)
class Source:
    """One source of a card; ``url`` is empty when it is no web address."""

    title: str
    publisher: str
    date: str
    url: str
    supports: str


@dataclass(frozen=True, slots=True)
class Card:
    """An event, agreement or launch in words.

    ``facts`` are labels with their text; ``links`` are labels with the title and id of another
    card.
    """

    id: str
    kind: str
    title: str
    date: str
    summary: str
    facts: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str, str], ...]
    sources: tuple[Source, ...]


def card(key: str) -> Card:
    """Return the card of an event, agreement or launch.

    Parameters
    ----------
    key
        Id of the event, agreement or launch.

    Raises
    ------
    ValueError
        The record has nothing of that id.
    """
    events = {row["event_id"]: row for row in tables.records("events")}
    agreements = {row["agreement_id"]: row for row in tables.records("agreements")}
    if key in events:
        return _event(events[key], agreements)
    if key in agreements:
        return _agreement(
            agreements[key], [e for e in events.values() if e["agreement_id"] == key]
        )
    flights = {row["flight_id"]: row for row in tables.records("flights")}
    if key in flights:
        return _launch(flights[key], events)
    raise ValueError(f"The record has no '{key}'. {suggestion(key, [*events, *agreements])}")


def card_text(key: str) -> str:
    """Return the card of an event, agreement or launch as plain text; see :func:`card`."""
    shown = card(key)
    lines = [shown.title, shown.date, "", textwrap.fill(shown.summary, WIDTH), ""]
    lines += [_wrap(f"{label}: {text}") for label, text in shown.facts]
    lines += [_wrap(f"{label}: {title} [{to}]") for label, title, to in shown.links]
    lines += ["", "Sources"]
    for source in shown.sources:
        about = ", ".join(filter(None, (source.title, source.publisher, source.date)))
        lines += [_wrap(f"- {about}")]
        lines += [f"  {source.url}"] if source.url else []
    return "\n".join(lines) + "\n"


def _event(row: Record, agreements: dict[str, Record]) -> Card:
    about = agreements.get(row["agreement_id"] or "")
    facts = (
        ("Who acted", record.named(row["initiators"])),
        ("Aimed at or concerning", record.named(row["targets"])),
        ("Place", row["place"]),
        ("Category", record.sign(row["category"]).label),
        ("Known on", record.day(row["known_on"])),
        ("In the article", _place(row)),
        *_codes(row),
        ("Confidence", row["confidence"]),
        ("Notes", row["notes"]),
    )
    return Card(
        row["event_id"],
        "event",
        row["title"],
        record.day(row["date"], row["date_precision"]),
        row["summary"],
        _filled(facts),
        (("Agreement", about["name"], about["agreement_id"]),) if about else (),
        _sources("event_id", row["event_id"]),
    )


def _codes(row: Record) -> list[tuple[str, str | None]]:
    """Return how an event is coded, on what basis, and why where that is arguable."""
    names = {r["code"]: r["name"] for r in tables.records("codes") if r["kind"] != "mode"}
    facts: list[tuple[str, str | None]] = []
    if row["cameo"]:
        imputed = " (imputed)" if row["goldstein_imputed"] else ""
        value = f"; Goldstein value {row['goldstein']:g}{imputed}"
        value = "" if row["goldstein"] is None else value
        facts.append(("CAMEO", f"{row['cameo']} {names.get(row['cameo'], '')}{value}"))
    if row["plover"]:
        mode = f", mode {row['plover_mode']}" if row["plover_mode"] else ""
        score = "" if row["plover_score"] is None else f"; score {row['plover_score']:g}"
        facts.append(("PLOVER", f"{row['plover']}{mode}{score}"))
    contexts = ", ".join(word.replace("_", " ") for word in row["contexts"])
    basis = BASES.get(row["coding_basis"], row["coding_basis"])
    return [*facts, ("Contexts", contexts), ("Coding", basis), ("Coding note", row["coding_note"])]


def _agreement(row: Record, events: Sequence[Record]) -> Card:
    since = row["entered_into_force"]
    coded = told(by_force(row["agreement_id"], tables.records("obligations")))
    facts = (
        ("Parties", record.named(row["parties"])),
        ("Type", row["type"].replace("-", " ")),
        ("Legally binding", row["legally_binding"]),
        ("In force since", record.day(since) if since else ""),
        ("Status", f"{row['status'].replace('-', ' ')}, as of {record.day(row['status_asof'])}"),
        ("What the parties undertake", "; ".join(row["obligations"])),
        ("Obligations as coded", coded),
        ("In the article", _place(row)),
        ("Notes", row["notes"]),
    )
    signed = record.day(row["signed_or_announced"], row["signed_or_announced_precision"])
    return Card(
        row["agreement_id"],
        "agreement",
        row["name"],
        f"Signed or announced: {signed}",
        row["summary"] or "",
        _filled(facts),
        tuple(("Event", f"{e['title']} ({e['date'].isoformat()})", e["event_id"]) for e in events),
        _sources("agreement_id", row["agreement_id"]),
    )


def _launch(row: Record, events: dict[str, Record]) -> Card:
    about = events.get(row["event_id"] or "")
    span = {what: told_km(reported(row, what)) for what in ("range", "apogee")}
    facts = (
        ("Vehicle in North Korea", row["vehicle_dprk"]),
        ("Class", row["class"]),
        ("Launched from", row["launch_area"]),
        ("Range in km", span["range"]),
        ("Apogee in km", span["apogee"]),
        ("Came down", row["splash_area"]),
        ("Outcome", row["outcome"]),
        ("Kind of flight", row["dynamics"]),
        ("Notes", row["notes"]),
    )
    pages = {page["page_id"]: page for page in tables.records("pages")}
    sources = [Source(page["url"].partition("//")[2], "", "", _safe(page["url"]), "")
               for key in row["page_ids"] if (page := pages.get(key))]  # fmt: skip
    name = row["vehicle_common"] or row["vehicle_dprk"] or row["class"]
    return Card(
        row["flight_id"],
        "launch",
        f"Launch {row['flight_id']}: {name}",
        record.day(row["date"]),
        "",
        _filled(facts),
        (("Event", about["title"], about["event_id"]),) if about else (),
        tuple(sources),
    )


def _place(row: Record) -> str:
    paragraph = f", paragraph {row['article_paragraph']}" if row["article_paragraph"] else ""
    return record.PLACES_IN_ARTICLE[row["in_article"]] + paragraph


def _filled(facts: Sequence[tuple[str, str | None]]) -> tuple[tuple[str, str], ...]:
    return tuple((label, text[0].upper() + text[1:]) for label, text in facts if text)


def _sources(column: str, key: str) -> tuple[Source, ...]:
    """Return the sources cited for a row, each once, with all that it supports."""
    known = {row["source_id"]: row for row in tables.records("sources")}
    cited: dict[str, list[str]] = {}
    for row in tables.records("citations"):
        if row[column] == key:
            cited.setdefault(row["source_id"], []).append(row["supports"] or "")
    return tuple(_source(known[name], supports) for name, supports in cited.items())


def _source(row: Record, supports: Sequence[str]) -> Source:
    published = row["published"]
    date = record.day(published, row["published_precision"] or "day") if published else ""
    url = _safe(row["url"])
    return Source(row["title"], row["publisher"], date, url, "; ".join(filter(None, supports)))


def _safe(url: str | None) -> str:
    """Return an address of the web; anything else could run code when followed."""
    return url if url and urlsplit(url).scheme in ("https", "http") else ""


def _wrap(text: str) -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent="  ", break_long_words=False,
                         break_on_hyphens=False)  # fmt: skip
