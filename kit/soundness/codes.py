"""Every code a problem of a scenario can carry: what it means, why it matters, how to mend it.

A code is never used again for something else. ``docs/audit-codes.md`` is made from this catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass

from kit.soundness.codes_audit import AUDIT_CODES
from kit.soundness.codes_reading import READING_CODES

LINT, REVIEW = "lint", "review"

GROUPS = {
    "0": "Reading the file",
    "1": "Structure",
    "2": "Names, odds, dates, tests",
    "3": "What can be reached",
    "4": "What choices are worth",
    "5": "Teaching",
    "6": "The record",
}


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of problem. ``severity`` is ``lint`` for errors and ``review`` for advice."""

    code: str
    severity: str
    title: str
    why: str
    remedy: str
    example: str


CODES = {row[0]: Code(*row) for row in sorted((*READING_CODES, *AUDIT_CODES))}

_HEAD = """\
# Codes of the scenario audit

<!-- Made by `python -m kit audit --write-codes`; edit the catalog in kit/soundness instead. -->

Every problem of a scenario file has a code that stays the same from version to version. **Errors**
(`lint`) make a scenario unfit for a class; codes 0 to 2 refuse the file on reading, except TTX220
to TTX222, which only the audit looks for, and TTX233, which `kit check` looks for. **Advice**
(`review`) is for the author to judge: follow it, or say why not under `silence`, with the code,
what the audit names after *at*, and a reason.

    silence:
      - {code: TTX404, at: sharing=daily, reason: The two differ in the talk they start.}

Run `python -m kit audit SCENARIO` to see all findings at once, in the order of the file.
"""


def page() -> str:
    """Return the whole catalogue as a Markdown page."""
    parts = [_HEAD]
    for digit, title in GROUPS.items():
        parts.append(f"\n## {digit} · {title}\n")
        for code in CODES.values():
            if code.code[3] == digit:
                parts.append(_entry(code))
    return "\n".join(parts)


def _entry(code: Code) -> str:
    kind = "error" if code.severity == LINT else "advice"
    example = "\n".join(f"    {line}" for line in code.example.splitlines())
    return (
        f"### {code.code} · {code.title}\n\n*{kind}*. {code.why} **Remedy:** {code.remedy}\n\n"
        f"{example}\n"
    )
