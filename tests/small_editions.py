"""Editions of the small scenario in tiny.py: what the tests of editions change."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import tiny

from kit import documents, scenario
from kit.errors import ScenarioError

ADVANCED = """\
# Invented, as the scenario is.
format: 1
scenario: tiny
version: 1.0.0
edition: advanced
texts:
  summary: A gauge upstream confers an informational advantage on Alfa.
  roles.alfa.brief: The hydrometric station is your property.
  roles.bravo.brief: As the lower riparian you bear the inundation risk.
  roles.charlie.brief: Upstream riparian rights are yours by custom.
  moves.spring.situation: The station is operational; disclosure has been requested.
  injects.ask.text: We hereby request disclosure of the readings.
  injects.wait.text: The request is under consideration.
  choices.sharing.question: "="
  choices.sharing.context: "="
  choices.sharing.options.none.text: "="
  choices.sharing.options.none.tradeoff: "="
  choices.sharing.options.daily.text: Transmit a daily bulletin.
  choices.sharing.options.daily.tradeoff: "="
  choices.sharing.options.live.text: "="
  choices.sharing.options.live.tradeoff: "="
  choices.gauge.question: "="
  choices.gauge.options.keep.text: "="
  choices.gauge.options.keep.tradeoff: "="
  choices.gauge.options.break.text: "="
  choices.gauge.options.break.tradeoff: "="
  moves.summer.situation: A riparian treaty was concluded today.
  injects.paper.text: Disclosure of the readings is reported.
  choices.reply.question: "="
  choices.reply.options.accept.text: "="
  choices.reply.options.accept.tradeoff: "="
  choices.reply.options.refuse.text: "="
  choices.reply.options.refuse.tradeoff: "="
  choices.reply.options.build.text: "="
  choices.reply.options.build.tradeoff: "="
  choices.warn.question: "="
  choices.warn.options.quiet.text: "="
  choices.warn.options.quiet.tradeoff: "="
  choices.warn.options.loud.text: "="
  choices.warn.options.loud.tradeoff: "="
"""

MASKED = """\
# Invented twice.
format: 1
scenario: tiny
version: 1.0.0
edition: masked
names: {Alfa: Arnwick, Bravo: Dorwick}
days:
  spring: In spring
  summer: Four months later
texts:
  hot_wash.1: What would you do in a dry month?
"""

TEXTS = {"advanced": ADVANCED, "masked": MASKED}


def edition(text, file):
    """Return the document of an edition."""
    return documents.parse(text, file, ScenarioError)


def loaded(kind, text=None, base=tiny.TEXT):
    """Return the small scenario in the words of an edition."""
    document = documents.parse(base, "tiny.yaml", ScenarioError)
    words = edition(text or TEXTS[kind], f"tiny.{kind}.yaml")
    return scenario.assemble(document, tiny.KNOWN_ON, words)


def every_text(part):
    """Yield every text inside a scenario or a part of it."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for value in part.values():
            yield from every_text(value)
    elif isinstance(part, tuple | list | frozenset):
        for value in part:
            yield from every_text(value)
    elif dataclasses.is_dataclass(part):
        for field in dataclasses.fields(part):
            yield from every_text(getattr(part, field.name))
