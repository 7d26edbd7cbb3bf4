"""What the page about the scenario format says that no schema holds."""

from __future__ import annotations

GENERATED = (
    "*Generated from `kit/scenario/schema.json` and `kit/authoring/scaffold.yaml` by "
    "`python -m kit format --write`. Do not edit this page: correct those, and write it again.*"
)

INTRODUCTION = """\
A scenario is one text file in YAML. It holds no program and no formula: names, texts, odds, and
what follows from what. A file that is accepted plays.

| To | Run |
| --- | --- |
| start one that already plays | `python -m kit new my-scenario` |
| find every flaw, with line, cause and remedy | `python -m kit audit my-scenario.yaml` |
| play it in a terminal | `python -m kit play my-scenario.yaml` |
| exchange injects with a spreadsheet | `python -m kit msel export my-scenario.yaml msel.xlsx` |
| bring an older file up to date | `python -m kit upgrade my-scenario.yaml` |

With the line `# yaml-language-server: $schema=scenario.schema.json` at its top, editors that know
JSON Schema complete keys, explain them and mark mistakes while you type. `python -m kit new`
writes that line, and the schema beside the file."""

CONVENTIONS = """\
**Order.** Variables are choices and uncertainties; they share one list of names. They become known
move by move: first the uncertainties that resolve in the move, in the order of `uncertainties`,
then its choices, in the order of the file. Uncertainties that resolve at `end` come last. `given`,
and `when` of an option, may look only at what is known by then; an inject at anything known in its
move or before; an effect at everything.

**Conditions.** `when: {launch: lofted, sharing: [hub, live]}` holds when every variable named has
the value, or one of the values, given. A variable that is not known yet meets no condition.

**Options with `when`** are open only when it holds, and are judged over the plays in which they
are open. Where an option is closed, the odds of the others are scaled up to add up to 1.

**Odds** add up to 1, every value once; 0 is allowed. Under `given` the first rule that holds
replaces the plain odds; the rules below it are not looked at. The odds of a choice count when
nobody plays its role. Red and control roles are never played.

**Effects** are added up, all that hold, and never multiplied. The size is a number, or the name of
an assumption in the unit of the measure. Results are computed with assumptions at `base`, and
shown with what their ranges allow. Measures keep their units and are never averaged.

**Base case.** One option of every choice: nobody decides anything new. It should be
open whatever chance brings. Results are compared with it.

**Plays** are tests. `assign` names what is decided and what chance brings; choices left out follow
the base case, uncertainties left out keep their odds. `expect` holds means with all assumptions at
`base`, right to 0.05. `python -m kit check` runs those of the shipped scenarios,
`python -m kit audit` those of any.

**Hindsight.** A move may cite only what was known on its `as_of`, and so may the choices in it;
assumptions and uncertainties only what was known on the `as_of` of the whole file. What counts is
the day on which the public could know (`known_on` in the tables), not the day of the event.

**History.** An option with `history` is what governments took. Give the id of the event or
agreement that shows it; `true` says that the record has none. It stays hidden until the exercise
is over.

**Predictions** are asked before the decisions of their move. They are settled by an event of the
record (`event` and `by`), by the value of a variable that becomes known later (`variable` and
`value`), or by a measure at the end (`measure`, with `at_least` or `at_most` for a yes or no, with
neither for a range).

**Silence.** Advice of the audit can be answered: `code` and `at` as the audit prints them, and a
reason. Errors cannot be silenced. What the codes mean stands in [audit-codes.md](audit-codes.md).

**Text stays text.** `yes`, `no`, dates and codes with a leading zero are not turned into anything
else. Unknown keys, keys that are there twice, tags, anchors and aliases are errors. Ids consist of
lower-case letters, digits, `-` and `_`, and start with a letter; they never change once plays are
saved."""

CHANGES = """\
| Format | What is new |
| --- | --- |
| 2 | `predictions` of moves, `notes` of injects, `silence`; `history` may name the event; \
`discussion` is called `hot_wash` |
| 1 | the first |

`python -m kit upgrade FILE` shows what has to change in an older file, and `--write` changes it.
Comments and layout stay as they are."""

EDITIONS = """\
An edition tells a scenario in other words, with the same ids and the same logic. It is a file
`editions/SCENARIO.EDITION.yaml` in the folder of the scenario, and keeps the scenario's
fingerprint: a play of one edition replays in the other. It may change nothing but words, so any
other address is refused, and so is a version that is not the scenario's.

An **address** names a text by ids, with dots between them: `roles.kor.brief`,
`moves.court.situation`, `injects.c1-ruling.text`, `choices.reply.options.talks.tradeoff`. What has
no id is counted from 1: `hot_wash.2`.

- `advanced` is a second reading level. It must have a line for the summary, every brief,
  situation, inject and prediction, and for question, context, options and trade-offs of every
  choice; `=` stands for the same words at both levels, except in briefs, situations and injects.
- `masked` hides whose case it is, for a lesson that compares. `names` are replaced in every text,
  whole words and phrases, the longest first; `texts` may give single addresses other words; `days`
  are shown in place of dates. Evidence, codes and marks of history are not shown. It is refused
  while a real name or date of the record can still be read. Ids stay as they are, and a terminal
  shows them.

`python -m kit audit SCENARIO --edition advanced` holds the words against their level."""

MSEL = """\
`python -m kit msel export SCENARIO SHEET` writes the injects as exercise staff list them (a
master scenario events list), as `.csv` or `.xlsx`. `python -m kit msel import SHEET --into FILE`
puts them back: comments and everything but the injects stay as they are, byte for byte. Without
`--into`, the sheet becomes a new scenario with one move for each phase it names, and placeholders
for the rest.

- The header may stand below titles, within the first 20 rows. Case, spaces and punctuation of its
  names do not matter.
- A column that nobody knows is reported, and its contents go to the notes. Nothing is dropped.
- The time is elapsed time, hours and minutes since the exercise began. With `--start 09:00`, or
  where the earliest inject comes after the first hour, it is the time of day.
- An empty cell under *Move* goes on with the move above it.
- A text that a spreadsheet would take for a formula has an apostrophe in front in CSV files, which
  import takes off again. What no cell can hold is written as `\\u{…}`.
- What a sheet has no column for stays as it is in injects that are already there. An inject that
  is not on the sheet is removed."""
