"""The claims of the article, what bears on each of them, and the two paths through them.

Claims are paraphrases; the verdict and the finding of each stay here until a mark is committed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from kit import tables
from kit.errors import DecisionError, suggestion
from kit.plots import record

LONGEST_EVIDENCE = 6  # more would be the whole record again
# The short path: eight claims in the order of the article. Their verdicts are mixed about as all
# thirty are: two plainly confirmed (c08, c22), four with a nuance (a system already decided c02,
# a visit that is no basing c12, a group that had met c14, a reaffirmed duty c17), the one
# inaccurate claim (c09) and the one that cannot be verified (c19).
SHORT = ("c02", "c08", "c09", "c12", "c14", "c17", "c19", "c22")
PATHS = ("short", "full")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict in words: what it is called and when it is given."""

    label: str
    meaning: str


VERDICTS: Mapping[str, Verdict] = {
    "confirmed": Verdict("Confirmed", "Independent sources agree."),
    "confirmed-with-nuance": Verdict(
        "Confirmed with a nuance",
        "True in substance, but a detail, a word or something left out can mislead.",
    ),
    "inaccurate": Verdict("Inaccurate", "Sources contradict it."),
    "cannot-verify": Verdict("Cannot verify", "No source that was found settles it."),
}


@dataclass(frozen=True, slots=True)
class Source:
    """A source that the check of a claim used; ``url`` is empty when it is no web address."""

    title: str
    publisher: str
    date: str
    url: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim with all that is known about it; ``verdict`` and ``finding`` are the answer.

    ``evidence`` holds ids of events and agreements, in the order of their dates.
    """

    id: str
    paragraph: int
    text: str
    evidence: tuple[str, ...]
    sources: tuple[Source, ...]
    verdict: str
    finding: str

    @property
    def number(self) -> int:
        """Return the number of the claim in the article, from 1."""
        return int(self.id[1:])


def claims() -> dict[str, Claim]:
    """Return all claims by id, in the order of the article.

    Raises
    ------
    DataError
        One of the tables needed has problems.
    """
    cited: dict[str, list[str]] = defaultdict(list)
    for row in tables.records("claim_sources"):
        cited[row["claim_id"]].append(row["source_id"])
    known = {row["source_id"]: _source(row) for row in tables.records("sources")}
    near = _Near.read()
    return {
        row["claim_id"]: Claim(
            row["claim_id"],
            row["paragraph"],
            row["claim"],
            near.bearing(row["paragraph"], {*cited[row["claim_id"]]}),
            tuple(known[name] for name in cited[row["claim_id"]]),
            row["verdict"],
            row["finding"],
        )
        for row in tables.records("claims")
    }


def on_path(found: Mapping[str, Claim], path: str) -> tuple[str, ...]:
    """Return the ids of the claims of a path: ``short`` (eight) or ``full`` (all).

    Raises
    ------
    DecisionError
        There is no such path.
    """
    if path not in PATHS:
        raise DecisionError(f"There is no path {path!r}. {suggestion(str(path), PATHS)}")
    return tuple(found) if path == "full" else tuple(name for name in SHORT if name in found)


def find(found: Mapping[str, Claim], wanted: str | int) -> Claim:
    """Return a claim by id (``"c03"``) or number (``3``).

    Raises
    ------
    DecisionError
        There is no such claim.
    """
    text = str(wanted).strip().lower()
    name = f"c{int(text):02d}" if text.isascii() and text.isdigit() else text
    if name not in found or isinstance(wanted, bool):
        first, *_, last = found
        raise DecisionError(f"There is no claim {wanted!r}. Claims are called {first} to {last}.")
    return found[name]


@dataclass(frozen=True, slots=True)
class _Near:
    """What is needed to find the evidence on a claim, read once for all of them.

    ``placed`` gives the article's paragraph of what it reports or implies; ``signings`` the event
    of the day on which an agreement was signed or announced.
    """

    known: Mapping[str, tables.Evidence]
    placed: Mapping[str, int]
    signings: Mapping[str, str]

    @classmethod
    def read(cls) -> _Near:
        known, events = tables.evidence(), tables.records("events")
        rows = [(row["event_id"], row) for row in events]
        rows += [(row["agreement_id"], row) for row in tables.records("agreements")]
        signings = {
            row["agreement_id"]: row["event_id"]
            for row in events
            if row["agreement_id"] and row["date"] == known[row["agreement_id"]].date
        }
        placed = {key: row["article_paragraph"] for key, row in rows if row["article_paragraph"]}
        return cls(known, placed, signings)

    def bearing(self, paragraph: int, sources: set[str]) -> tuple[str, ...]:
        """Return what bears on a claim: of the same paragraph, or known from the same sources.

        The closest ones only: those that share most sources with the claim, and those the article
        itself speaks of in that paragraph. Of an agreement and the event of its signing, the
        event is enough.
        """
        weights: dict[str, int] = {}
        shared = sources - {record.ARTICLE_SOURCE}
        for key, item in self.known.items():
            same = 3 * (self.placed.get(key) == paragraph)
            if weight := same + 2 * len(shared.intersection(item.source_ids)):
                weights[key] = weight
        once = [key for key in weights if self.signings.get(key) not in weights]
        best = sorted(once, key=lambda key: (-weights[key], self.known[key].date, key))
        chosen = best[:LONGEST_EVIDENCE]
        return tuple(sorted(chosen, key=lambda key: (self.known[key].date, key)))


def _source(row: tables.Record) -> Source:
    published, precision = row["published"], row["published_precision"] or "day"
    url = row["url"] or ""
    return Source(
        row["title"],
        row["publisher"],
        record.day(published, precision) if published else "",
        url if url.startswith(("https://", "http://")) else "",
    )
