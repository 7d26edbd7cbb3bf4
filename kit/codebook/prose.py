"""What the codebook says that no table and no schema holds."""

from __future__ import annotations

GENERATED = (
    "*Generated from `data/datapackage.json` and the tables by `python -m kit codebook --write`. "
    "Do not edit this page: correct the data or their description, and write it again.*"
)

CODING = """\
- A code is text: `010` and `10` are different codes. Read the files so that no program makes
  numbers of them.
- An event has one CAMEO code at most: the most specific one for what its `initiators` did towards
  its `targets`. An event that is no act between actors (an election, a court ruling at home) has
  none, and `coding_basis` says so.
- PLOVER is coded for the same act by PLOVER's own rules, not looked up from the CAMEO code. So
  signing is SUPPORT, a promise is AGREE, sharing intelligence or a joint exercise is COOPERATE,
  an exercise or missile test of one country is MOBILIZE, and economic sanctions are SANCTION.
- A Goldstein value belongs to the code, not to the event: every event with the same code has the
  same value, whatever its weight in the world. Where no published list has a value for a code,
  that of its parent is used and marked as imputed.
- `coding_basis` says whether both coders chose the same throughout (`agreed`), or the choice was
  decided afterwards, with a reason (`adjudicated`). Both codings are kept in `event_codings`, so
  that anyone may decide otherwise.
- Obligations have a closed vocabulary. Each was coded where `agreements` names it, with its force:
  a duty under law, a political promise, or the working practice of a mechanism.
- Scores order acts by type. They measure neither importance nor effect, and the two scales
  differ in steps: do not average one with the other."""

TRAPS = "The published lists have gaps, and contradict one another. What was done about each:"

RELIABILITY = """\
All rows were coded twice, neither coder seeing the other's codes. Both passes belong to this
project, were made with the help of a language model, worked from the same rules and the same
summaries, and read them alike; nobody outside the project has coded these rows. The figures
therefore show how far the written rules settle a choice. They do not show that it is the right
choice, and a stranger would probably agree less often.
This holds most of all for obligations: they were coded from this project's own short phrases in
`agreements`, not from the treaty texts, and there is little in a short phrase to differ about.
Both codings, with the notes of each coder, are in the tables.

*Percent* is the share coded alike. *Cohen's kappa* corrects it for the agreement that chance
would bring: (observed − expected) / (1 − expected), where expected follows from how often each
coder used each code (Cohen 1960). It is 1 when both agree throughout, and 0 when they agree no
more than chance would have it. Leaving an event without a code, or an obligation unmarked, counts
as a choice."""

UNDEFINED = (
    "Kappa is *not defined* where both coders used one and the same code throughout, or coded "
    "nothing. Where a code is rare, one difference moves kappa far: read it beside the counts."
)

STATUS = """\
`status` holds for `status_asof`, the latest day for which a source supports it; later changes are
possible. For a political document, a standing body or a working mechanism, neither `status` nor
`entered_into_force` means legal force: there, entry into force is the launch or the start."""

CHECKED = """\
Facts were read in the sources that are cited for them, as a rule in an archived copy, and
`citations.supports` says what each source supports. Titles, summaries and findings are in our own
words. The article under study counts as a source of what it says, and never as evidence that it is
so: what it reports rests on at least one other source, and `claims` gives the result claim by
claim. The pages behind flights, sensors and alerts were read as archived excerpts, not as whole
pages. `python -m kit check` proves again, at any time, that every row has a source and that every
link between tables leads somewhere."""

LIMITS = """\
- The record is a choice made for teaching: events that bear on one question. It is not a sample.
  That something is missing here does not mean that it did not happen.
- It holds only what was public, and mostly what was published in English.
- Dates are those of the sources, and a launch at night has two dates. Where sources differ, the
  notes say so.
- `known_on` follows a rule, given with the field, from the dates of the cited sources. The public
  may have known earlier, from a source that is not here.
- Ranges, heights and times of launches are rounded public announcements, and governments differ.
  Sensor data are public descriptions and teaching assumptions, marked as such; nothing here is
  performance data of equipment.
- An event has one code, so an event of many acts is coded by one of them."""

CITE = """\
> {citation}

There is no DOI. Name the version and the license as above, the address of the copy you used, and
the commit if you took it from a repository. `CITATION.cff` holds the same in a form that programs
read. For a single fact, cite the source that `citations` names for it, not this data set."""

CORRECT = """\
1. Correct the row in its file in `data/`. Ids never change.
2. Add your source to `sources.csv`, and say in `citations.csv` which row it supports and in what.
3. If you change a code, change it in the table itself and give your reason in its note. The two
   original codings stay as they are.
4. Run `python -m kit check`, then `python -m kit codebook --write`.

`CONTRIBUTING.md` has the details."""
