"""Which evidence a report names, in what order, with the sources behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kit import engine, tables
from kit.log import Event
from kit.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that supports a piece of evidence."""

    id: str
    title: str
    publisher: str
    published: str
    url: str


@dataclass(frozen=True, slots=True)
class Citation:
    """An event or agreement with its sources; ``label`` (E1, E2 …) is its name in this report.

    ``date`` and ``sources`` are empty when the record does not know the id.
    """

    label: str
    id: str
    title: str
    date: str
    summary: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """The evidence of a report in three groups, each id in the first group that names it."""

    cited: tuple[Citation, ...]
    uncited: tuple[Citation, ...]
    others: tuple[Citation, ...]

    def of(self, ids: Iterable[str]) -> tuple[Citation, ...]:
        """Return the citations with these ids, each once, in the order given.

        What was cited in a play of the real edition is not known in a masked one.
        """
        known = {c.id: c for c in (*self.cited, *self.uncited, *self.others)}
        return tuple(known[name] for name in dict.fromkeys(ids) if name in known)


def named(scenario: Scenario, log: Iterable[Event], state: engine.State) -> Named:
    """Return what the learner cited, what injects offered beyond that, and what else is behind.

    Raises
    ------
    DataError
        The record's tables have problems.
    """
    cited = [] if scenario.masked else [name for event in log for name in event.evidence]
    offered = [n for _, i in engine.visible_injects(scenario, state) for n in i.evidence]
    behind = [
        name
        for part in (*scenario.assumptions.values(), *scenario.variables.values())
        for name in part.evidence
    ]
    seen: set[str] = set()
    groups: list[list[str]] = []
    for names in (cited, offered, behind):
        groups.append([name for name in dict.fromkeys(names) if name not in seen])
        seen.update(names)
    found = _resolved([name for group in groups for name in group])
    first, second, third = ([found[name] for name in group] for group in groups)
    return Named(tuple(first), tuple(second), tuple(third))


def _resolved(ids: Sequence[str]) -> dict[str, Citation]:
    record = tables.evidence()
    sources = {str(row["source_id"]): _source(row) for row in tables.records("sources")}
    found = {}
    for place, name in enumerate(ids, 1):
        item = record.get(name)
        if item is None:  # the log of a play may be older than the record
            found[name] = Citation(f"E{place}", name, name, "", "", ())
            continue
        backed = tuple(sources[source] for source in item.source_ids)
        day = item.date.isoformat()
        found[name] = Citation(f"E{place}", name, item.title, day, item.summary, backed)
    return found


def _source(row: Mapping[str, object]) -> Source:
    values = [row[key] for key in ("source_id", "title", "publisher", "published", "url")]
    return Source(*("" if value is None else str(value) for value in values))
