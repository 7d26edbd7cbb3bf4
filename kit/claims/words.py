"""A claim, what bears on it, and its verdict as plain text: the way to read without widgets."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping

from kit import tables
from kit.claims.marks import Entry
from kit.claims.record import VERDICTS, Claim

WIDTH = 88  # characters of a line


def claim_words(claim: Claim, held: Entry | None) -> str:
    """Return a claim with what may be opened before marking it, and the mark held, if any."""
    known = tables.evidence()
    number = len(claim.sources)
    lines = [f"Claim {claim.number} ({claim.id}), paragraph {claim.paragraph} of the article"]
    lines += [_wrap(claim.text), "", f"Evidence: read it with evidence({claim.number})"]
    lines += [_wrap(f"- {known[key].title}", "  ") for key in claim.evidence]
    lines += [f"- {number} source{'' if number == 1 else 's'} used in the check", ""]
    return "\n".join(
        [*lines, f"You marked it: {_said(held)}" if held else f"Verdicts: {', '.join(VERDICTS)}"]
    )


def evidence_words(claim: Claim) -> str:
    """Return the events and agreements that bear on a claim, and its sources with addresses."""
    known = tables.evidence()
    lines = [f"What bears on claim {claim.number}", ""]
    for key in claim.evidence:
        item = known[key]
        lines += [_wrap(f"{item.date.isoformat()}  {item.title}"), _wrap(item.summary or ""), ""]
    lines += ["Sources used in the check"]
    for source in claim.sources:
        about = ", ".join(filter(None, (source.title, source.publisher, source.date)))
        lines += [_wrap(f"- {about}", "  "), *([f"  {source.url}"] if source.url else [])]
    return "\n".join(lines)


def reveal_words(claim: Claim, held: Entry | None) -> str:
    """Return the mark held beside the record's verdict, finding and sources."""
    publishers = dict.fromkeys(source.publisher for source in claim.sources)
    lines = [
        _wrap(f"Claim {claim.number}: {claim.text}"),
        f"You: {_said(held) if held else 'your mark is withdrawn'}",
        f"The record: {VERDICTS[claim.verdict].label}",
        "",
        _wrap(claim.finding),
        "",
        _wrap(f"Sources: {'; '.join(publishers)}"),
    ]
    return "\n".join(lines)


def debrief_words(claims: Iterable[Claim], standing: Mapping[str, Entry]) -> str:
    """Return the claims as a table: your mark, how sure, and the record's verdict."""
    rows = [("Claim", "You", "Sure", "The record", "")]
    found: Counter[str] = Counter()
    for claim in claims:
        held, verdict = standing[claim.id], VERDICTS[claim.verdict].label
        sign = "✓" if held.verdict == claim.verdict else "≠"
        said = VERDICTS[held.verdict].label
        rows.append((str(claim.number), said, f"{held.sure} %", verdict, sign))
        found[verdict.lower()] += 1
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    count = ", ".join(f"{number} {verdict}" for verdict, number in found.most_common())
    return "\n".join([*lines, "", _wrap(f"The record finds of these {len(rows) - 1}: {count}.")])


def _said(entry: Entry) -> str:
    return f"{VERDICTS[entry.verdict].label}, {entry.sure} % sure"


def _wrap(text: str, indent: str = "") -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent=indent, break_on_hyphens=False)
