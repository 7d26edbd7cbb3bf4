"""A scenario in which the audit finds nothing, made from the small one; tests break it again."""

from __future__ import annotations

import functools

from tiny import KNOWN_ON, edited

from kit.soundness import audit

CLEAN = edited(
    ("criteria: [cites evidence, dates it]", "criteria: [cites an event, dates the event]"),
    ("high: -1, unit: h, basis: modelled}", "high: -1, unit: h, basis: modelled, dissent: No.}"),
    (
        "    why: A live feed is hard to hide.\n    evidence: [1999-flood]\n",
        "    why: A live feed is hard to hide.\n    evidence: [1999-flood]\n    dissent: No.\n",
    ),
    (
        "    why: Two summers in five were wet.\n",
        "    why: Two summers in five were wet.\n    evidence: [1999-flood]\n    dissent: No.\n",
    ),
    ("change: {delay: -1}, why: A note", "change: {delay: -3}, why: A note"),
    (
        "base_case: {sharing",
        """\
  - {when: {sharing: none}, change: {trust: 3}, why: Nobody is bothered.}
  - {when: {gauge: break}, change: {trust: -1, delay: 1}, why: Readings are lost.}
  - {when: {reply: refuse}, change: {delay: -1}, why: Bravo looks for itself.}
  - {when: {reply: build}, change: {delay: -2, trust: -1}, why: A siren of its own.}
  - {when: {warn: loud}, change: {delay: 0.5}, why: Somebody has to climb up.}
base_case: {sharing""",
    ),
    ("expect: {trust: 10.1, delay: 4.39}", "expect: {trust: 9.2, delay: 3.39}"),
)


@functools.cache
def _audit(text, plays, seed):
    return audit(text, plays, seed, KNOWN_ON)


def audited(*changes, text=CLEAN, plays=300, seed=0):
    """Return the audit of the clean scenario with some changes."""
    return _audit(edited(*changes, text=text), plays, seed)


def found(*changes, text=CLEAN, plays=300):
    """Return the codes and subjects that the audit finds, in the order of the file."""
    return [(f.code, f.subject) for f in audited(*changes, text=text, plays=plays).findings]
