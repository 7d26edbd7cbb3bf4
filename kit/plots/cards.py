"""What the record knows about one event or agreement, in words, with its sources."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from kit import tables
from kit.errors import suggestion
from kit.plots import record
from kit.tables import Record

WIDTH = 88


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
    """An event or agreement in words.

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
    """Return the card of an event or agreement.

    Parameters
    ----------
    key
        Id of the event or agreement.

    Raises
    ------
    ValueError
        The record has neither an event nor an agreement of that id.
    """
    events = {row["event_id"]: row for row in tables.records("events")}
    agreements = {row["agreement_id"]: row for row in tables.records("agreements")}
    if key in events:
        return _event(events[key], agreements)
    if key in agreements:
        return _agreement(
            agreements[key], [e for e in events.values() if e["agreement_id"] == key]
        )
    raise ValueError(f"The record has no '{key}'. {suggestion(key, [*events, *agreements])}")


def card_text(key: str) -> str:
    """Return the card of an event or agreement as plain text; see :func:`card`."""
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
        ("In the article", _place(row)),
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


def _agreement(row: Record, events: Sequence[Record]) -> Card:
    since = row["entered_into_force"]
    facts = (
        ("Parties", record.named(row["parties"])),
        ("Type", row["type"].replace("-", " ")),
        ("Legally binding", row["legally_binding"]),
        ("In force since", record.day(since) if since else ""),
        ("Status", f"{row['status'].replace('-', ' ')}, as of {record.day(row['status_asof'])}"),
        ("What the parties undertake", "; ".join(row["obligations"])),
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
    safe = urlsplit(row["url"] or "").scheme in ("https", "http")
    url = row["url"] if safe else ""
    return Source(row["title"], row["publisher"], date, url, "; ".join(filter(None, supports)))


def _wrap(text: str) -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent="  ", break_long_words=False,
                         break_on_hyphens=False)  # fmt: skip
