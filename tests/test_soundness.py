"""The audit finds each kind of flaw, names it the same way every time, and nothing else."""

from __future__ import annotations

import json
import re

import pytest
import small_editions
from sound import CLEAN, audited, found
from tiny import KNOWN_ON, line

import kit
from kit import documents, scenario, soundness
from kit.__main__ import main
from kit.errors import ScenarioError
from kit.soundness import CODES, Audit, audit
from kit.soundness.codes import GROUPS, page

SHARING = "      sharing:\n"
CLOSED = ", when: {rain: wet}}"
KEEP = "keep: {text: Leave it., tradeoff: It sees you., odds: 0.5}"
BREAK = "break: {text: Break it., tradeoff: You are blamed., odds: 0.5}"
QUIET = "quiet: {text: By telephone., tradeoff: Slow., odds: 0.5}"
LOUD = "loud: {text: By siren., tradeoff: It frightens., odds: 0.5}"
DRY = ("odds: {dry: 0.6, wet: 0.4}", "odds: {dry: 1, wet: 0}")
UNWET = "    given:\n      - {when: {rain: wet}, odds: {no: 0.5, yes: 0.5}}\n"
LONG = "The mayor of the upper town and the clerk of the lower town talk. "
HARD = (
    "Notwithstanding considerable institutional reservations, administrative representatives "
    "unanimously recommended comprehensive interdisciplinary collaboration regarding "
    "environmental observation, meteorological documentation and operational communication "
    "infrastructure throughout neighboring jurisdictions, municipalities and intergovernmental "
    "organizations, anticipating extraordinary precipitation variability and unprecedented "
    "hydrological circumstances, subsequently necessitating sophisticated interpretation; "
    "nevertheless, disagreement over financial responsibilities continued."
)
PREDICTION = "    choices:\n" + SHARING


def effect(when, change):
    """An effect added to the clean scenario."""
    return ("base_case: {", f"  - {{when: {when}, change: {change}, why: So.}}\nbase_case: {{")


def without(words):
    """The change that removes the only line with these words."""
    (row,) = [row for row in CLEAN.split("\n") if words in row]
    return (row + "\n", "")


def predicted(resolves):
    asked = f"    predictions: [{{id: p1, question: What then?, resolves: {resolves}}}]\n"
    return (PREDICTION, asked + PREDICTION)


def silenced(code, at):
    return ("hot_wash:", f"silence: [{{code: {code}, at: {at}, reason: It is meant.}}]\nhot_wash:")


# --- codes 3 to 6 and the author's tests: the change, and all that it leads to ------------------

FLAWS = {
    "TTX220": [(("{sharing: live, warn: quiet}, e", "{sharing: none, reply: build}, e"),),
               [("TTX220", "live")]],
    "TTX221": [(("{trust: 9.2,", "{trust: 99,"),), [("TTX221", "live")]],
    "TTX222": [(silenced("TTX401", "sharing=hub"),), [("TTX222", "TTX401 sharing=hub")]],
    "TTX301": [((KEEP, KEEP[:-1] + ", when: {sharing: live}}"),
                (BREAK, BREAK[:-1] + ", when: {sharing: live}}"),
                ("  sharing:\n        role: alfa\n", "  sharing:\n        role: charlie\n"),
                ("        role: charlie\n        question: Do you leave",
                 "        role: alfa\n        question: Do you leave"),
                ("odds: 0.5\n            codes", "odds: 0\n            codes"),
                ("Bravo stays blind., odds: 0.25", "Bravo stays blind., odds: 0.75")), None],
    "TTX302": [((QUIET, QUIET[:-1] + CLOSED), (LOUD, LOUD[:-1] + CLOSED)),
               [("TTX302", "warn"), ("TTX311", "warn=quiet")]],
    "TTX303": [(("when: {sharing: [daily, live]}", "when: {sharing: live, rain: wet}"), DRY),
               None],
    "TTX304": [(DRY, (UNWET, "")), [("TTX407", "rain"), ("TTX304", "rain=wet")]],
    "TTX305": [(("when: {leak: leaked}\n        evidence", "when: {rain: wet}\n        evidence"),
                DRY, (UNWET, "")), [("TTX304", "rain=wet"), ("TTX305", "paper")]],
    "TTX306": [(effect("{reply: build, sharing: none}", "{trust: 1}"),),
               [("TTX306", "effect reply=build, sharing=none")]],
    "TTX307": [(DRY,), [("TTX304", "rain=wet"), ("TTX307", "flood given rain=wet")]],
    "TTX308": [(("      - when: {sharing: live}\n        odds: {kept: 0.5, leaked: 0.5}\n",
                 "      - {when: {sharing: live}, odds: {kept: 0.5, leaked: 0.5}}\n"
                 "      - {when: {sharing: live, gauge: keep}, odds: {kept: 1, leaked: 0}}\n"),),
               [("TTX308", "leak given sharing=live, gauge=keep")]],
    "TTX310": [(("reply: refuse, warn: quiet}", "reply: build, warn: quiet}"),), None],
    "TTX311": [(("when: {sharing: [daily, live]}", "when: {rain: wet}"),
                ("reply: refuse, warn: quiet}", "reply: build, warn: quiet}")), None],
    "TTX312": [(("Keep them., tradeoff: Bravo stays blind., odds: 0.25",
                 "Keep them., tradeoff: Bravo stays blind., odds: 0.25, history: true"),
                ("odds: 0.25, history: true}\n          live", "odds: 0.25}\n          live"),
                ("odds: 0.7, history: true", "odds: 0.7"),
                ("            when: {sharing: [daily, live]}",
                 "            history: true\n            when: {sharing: [daily, live]}")),
               [("TTX312", "reply=build")]],
    "TTX401": [(without("{reply: refuse}, change"),), [("TTX401", "reply=refuse")]],
    "TTX402": [(("{sharing: none}, change: {trust: 3}", "{sharing: none}, change: {trust: 4}"),),
               [("TTX402", "sharing=live")]],
    "TTX403": [(without("{gauge: break}"),), [("TTX403", "gauge")]],
    "TTX404": [(("{gauge: break}", "{gauge: [keep, break]}"),), [("TTX404", "gauge=break")]],
    "TTX405": [(("  delay: {label", "  mood: {label: Mood, unit: x, better: high, start: 1, "
                 "description: Invented.}\n  delay: {label"),), [("TTX405", "mood")]],
    "TTX406": [(("  saved: {text", "  idle: {text: So., low: 1, base: 2, high: 3, unit: h, "
                 "basis: assumed, dissent: No.}\n  saved: {text"),), [("TTX406", "idle")]],
    "TTX407": [(("  flood:\n    question", "  mist:\n    question: Mist?\n    resolves: end\n"
                 "    values: {no: No., yes: Yes.}\n    odds: {no: 0.5, yes: 0.5}\n"
                 "    basis: assumed\n    why: It may be.\n    dissent: No.\n"
                 "  flood:\n    question"),), [("TTX407", "mist")]],
    "TTX408": [(("  charlie: {name", "  delta: {name: Delta, brief: You.}\n  charlie: {name"),),
               [("TTX408", "delta")]],
    "TTX501": [(("  - {id: o2, bloom", "  - {id: o3, bloom: apply, text: Rest., criteria: "
                 "[takes a rest]}\n  - {id: o2, bloom"),), [("TTX501", "o3")]],
    "TTX502": [(("[cites an event, dates the event]", "[cites]"),), [("TTX502", "o2")]],
    "TTX503": [(("to: [alfa]", "to: [bravo]"),), [("TTX503", "alfa")]],
    "TTX504": [(("basis: modelled", "basis: sourced"),), [("TTX504", "saved")]],
    "TTX505": [((", dissent: No.}", "}"),), [("TTX505", "saved")]],
    "TTX506": [(("low: -3, base: -2, high: -1", "low: -2, base: -2, high: -2"),),
               [("TTX506", "saved")]],
    "TTX507": [(predicted("{variable: flood, value: [no, yes]}"),), [("TTX507", "p1")]],
    "TTX508": [(("The gauge works. Bravo asks for its readings.", HARD),),
               [("TTX508", "level"), ("TTX508", "spring")]],
    "TTX509": [(("May we have the readings, please?", LONG * 7),), [("TTX509", "ask")]],
    "TTX510": [(("minutes: 40", "minutes: 39"),), [("TTX510", "minutes")]],
    "TTX511": [(("minutes: 40", "minutes: 41"), ("as_of: 2001-07-01\n    minutes: 20",
                 "as_of: 2001-07-01\n    minutes: 2")), [("TTX511", "summer")]],
    "TTX604": [(('cameo: "064"', 'cameo: "999"'),), [("TTX604", "sharing=live")]],
}  # fmt: skip


def test_the_clean_scenario_is_clean():
    assert found() == []
    assert audited().ok
    assert audited().silenced == ()


@pytest.mark.parametrize("code", FLAWS)
def test_each_flaw_is_found(code):
    changes, expected = FLAWS[code]
    seen = found(*changes)
    assert code in {c for c, _ in seen}
    if expected is not None:  # what the author's play expects shifts with the odds and effects
        aside = set() if code.startswith("TTX2") else {("TTX221", "live")}
        assert {*seen} - aside == {*expected}


@pytest.mark.parametrize("code", FLAWS)
def test_without_plays_the_same_is_found(code):
    """What cannot be reached is decided exactly, not by luck."""
    changes, _ = FLAWS[code]
    assert found(*changes, plays=0) == found(*changes)


@pytest.mark.parametrize("code", FLAWS)
def test_each_finding_says_where_what_and_how(code):
    result = audited(*FLAWS[code][0])
    for finding in result.findings:
        assert finding.severity == CODES[finding.code].severity
        assert finding.file == "tiny.yaml"
        assert finding.line
        assert finding.cause.endswith((".", ":", ")")), finding.cause
        assert finding.remedy.endswith(".")
        assert finding.code in str(result)
    assert result.ok == (not any(CODES[c].severity == "lint" for c, _ in found(*FLAWS[code][0])))
    lines = [finding.line for finding in result.findings]
    assert lines == sorted(lines)


def test_lines_are_those_of_the_thing_itself():
    text = CLEAN.replace(without("{reply: refuse}, change")[0], "")
    finding = audited(without("{reply: refuse}, change")).findings[0]
    assert finding.line == line("refuse: {text: Say no.", text)
    (finding,) = audited(("[cites an event, dates the event]", "[cites]")).findings
    assert finding.line == line("bloom: apply, text: Use the record.")
    (finding,) = audited(("{trust: 9.2,", "{trust: 99,")).findings
    assert finding.line == line("{name: live, assign", CLEAN)


# --- reach --------------------------------------------------------------------------------------


def test_a_dead_end_is_shown_with_the_way_that_leads_there():
    changes = FLAWS["TTX302"][0]
    finding = audited(*changes).findings[0]
    assert "no open option after rain=dry." in finding.cause
    assert "Options were not compared" in str(audited(*changes))


def test_what_lies_behind_a_dead_end_is_not_reached():
    """On dry days every play is stuck at `warn`, so that nothing dry is left at the end."""
    changes = FLAWS["TTX302"][0]
    assert ("TTX306", "effect rain=dry") in found(*changes, effect("{rain: dry}", "{trust: 1}"))
    assert ("TTX306", "effect rain=wet") not in found(
        *changes, effect("{rain: wet}", "{trust: 1}")
    )
    assert not any(code in ("TTX304", "TTX305") for code, _ in found(*changes))


def test_after_a_move_that_nobody_reaches_its_parts_are_not_listed():
    codes = [code for code, _ in found(*FLAWS["TTX301"][0])]
    assert codes.count("TTX301") == 1
    assert "TTX302" in codes
    assert not {"TTX304", "TTX305", "TTX306"} & {*codes}


def test_an_option_of_a_played_role_may_have_no_odds_at_all():
    """A learner can take it all the same."""
    zero = ("tradeoff: It frightens., odds: 0.5", "tradeoff: It frightens., odds: 0")
    one = ("tradeoff: Slow., odds: 0.5", "tradeoff: Slow., odds: 1")
    assert found(zero, one) == []
    red = (KEEP, KEEP.replace("0.5", "1")), (BREAK, BREAK.replace("0.5", "0"))
    assert ("TTX304", "gauge=break") in found(*red)


def test_where_only_options_without_odds_are_open_they_share_the_chance():
    """As in the engine: without a feed the gauge is left alone, though the odds say never."""
    keep = (KEEP, KEEP.replace("0.5", "0"))
    only = (BREAK, BREAK.replace("0.5}", "1, when: {sharing: live}}"))
    seen = found(keep, only, plays=0)
    assert not {"TTX302", "TTX304"} & {code for code, _ in seen}


def test_a_condition_that_only_luck_would_miss_is_not_called_unreachable():
    rare = ("odds: {no: 0.9, yes: 0.1}", "odds: {no: 0.999999, yes: 0.000001}")
    assert not any(code.startswith("TTX3") for code, _ in found(rare, plays=0))


def test_a_rule_is_hidden_only_if_the_earlier_ones_together_cover_it():
    covered = (
        "      - when: {sharing: live}\n        odds: {kept: 0.5, leaked: 0.5}\n",
        "      - {when: {sharing: live, gauge: keep}, odds: {kept: 0.5, leaked: 0.5}}\n"
        "      - {when: {sharing: live, gauge: break}, odds: {kept: 0.4, leaked: 0.6}}\n"
        "      - {when: {sharing: live}, odds: {kept: 0.3, leaked: 0.7}}\n",
    )
    assert ("TTX308", "leak given sharing=live") in found(covered)
    part = (covered[0], covered[1].replace("gauge: break}, odds", "gauge: keep}, odds"))
    assert ("TTX308", "leak given sharing=live") not in found(part)


def test_history_that_can_be_followed_is_fine_even_off_the_base_case():
    marked = ("            when: {sharing: [daily, live]}",
              "            history: true\n            when: {sharing: [daily, live]}")  # fmt: skip
    assert found(marked, ("odds: 0.7, history: true", "odds: 0.7")) == []


# --- worth --------------------------------------------------------------------------------------


def test_what_is_better_in_one_corner_of_a_range_is_not_dominated():
    """`accept` is worth 1 to 4; an option worth 1.5 for certain beats its lower end."""
    plain = ("{reply: refuse}, change: {delay: -1}", "{reply: refuse}, change: {trust: 1.5}")
    assert ("TTX401", "reply=refuse") not in found(plain)
    weak = (plain[0], "{reply: refuse}, change: {trust: 1}")
    assert ("TTX401", "reply=refuse") in found(weak)


def test_a_dominated_option_is_not_also_called_best_for_nobody():
    codes = [code for code, _ in found(without("{reply: refuse}, change"))]
    assert codes == ["TTX401", "TTX221"]


def test_an_option_that_is_not_always_open_dominates_nothing():
    """`build` would beat `refuse`, but without a feed it is closed."""
    strong = (
        "{reply: build}, change: {delay: -2, trust: -1}",
        "{reply: build}, change: {delay: -9}",
    )
    assert ("TTX401", "reply=refuse") not in found(strong)
    opened = ("            when: {sharing: [daily, live]}\n", "")
    assert ("TTX401", "reply=refuse") in found(strong, opened)


def test_options_that_differ_only_in_the_story_are_not_the_same():
    twins = ("{gauge: break}", "{gauge: [keep, break]}")
    told = ("when: {leak: leaked}\n        evidence", "when: {gauge: keep}\n        evidence")
    assert ("TTX404", "gauge=break") in found(twins)
    assert ("TTX404", "gauge=break") not in found(twins, told)


def test_options_are_the_same_however_their_effects_are_written():
    split = (
        "{gauge: break}, change: {trust: -1, delay: 1}",
        "{gauge: keep}, change: {trust: 1, delay: 1}",
    )
    rest = effect("{gauge: break, rain: dry}", "{trust: 1, delay: 1}")
    assert ("TTX404", "gauge=break") not in found(split, rest)
    both = (
        "base_case: {",
        "  - {when: {gauge: break, rain: dry}, change: {trust: 1, delay: 1}, why: So.}\n"
        "  - {when: {gauge: break, rain: wet}, change: {trust: 1, delay: 1}, why: So.}\n"
        "base_case: {",
    )
    assert ("TTX404", "gauge=break") in found(split, both)


# --- teaching -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("resolves", "answer"),
    [
        ("{measure: trust, at_least: -50}", "yes"),
        ("{measure: trust, at_least: 500}", "no"),
        ("{measure: trust, at_most: 500}", "yes"),
        ("{measure: trust, at_most: -50}", "no"),
        ("{measure: trust, at_least: 10}", None),
        ("{measure: trust, at_most: 0}", None),
        ("{measure: trust}", None),
        ("{variable: flood, value: yes}", None),
        ("{event: 2005-gauge, by: 2006-01-01}", None),
    ],
)
def test_a_prediction_must_be_able_to_go_either_way(resolves, answer):
    findings = audited(predicted(resolves)).findings
    assert [f.cause.rsplit(" ", 1)[1] for f in findings] == ([f"{answer}."] if answer else [])


def test_an_inject_that_waits_for_the_decision_prepares_nobody_for_it():
    late = (
        "        text: May we have",
        "        when: {sharing: live}\n        text: May we have",
    )
    assert ("TTX503", "alfa") in found(late)


def test_reading_level_is_left_alone_in_other_languages():
    hard = FLAWS["TTX508"][0][0]
    other = ("level: basic", "level: basic\nlanguage: ko")
    assert found(hard, other) == []
    assert audited(other).summary.grade is None


def test_advanced_readers_may_be_asked_for_more():
    long = ("May we have the readings, please?", LONG * 7)
    assert found(long, ("level: basic", "level: advanced")) == []


# --- the record ---------------------------------------------------------------------------------


@pytest.fixture
def shipped(root, monkeypatch):
    monkeypatch.setenv("KIT_DATA", str(root / "data"))
    return (root / "data" / "scenarios" / "shared-warning.yaml").read_text("utf-8")


def recorded(text, old, new):
    assert text.count(old) == 1
    return [
        (f.code, f.subject)
        for f in audit(text.replace(old, new), plays=100).findings
        if f.code.startswith("TTX6")
    ]


CMA = "history: 2023-11-22-cma-partial-suspension"


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ("2023-11-22-cma-partial-suspension", None),
        ("cma-2018", "TTX601"),
        ("2023-11-23-dprk-scraps-cma", "TTX602"),
        ("2024-07-11-nuclear-guidelines-adopted", "TTX603"),
    ],
)
def test_marks_of_history_are_held_against_the_record(shipped, event, code):
    assert recorded(shipped, CMA, f"history: {event}") == ([(code, "border=part")] if code else [])


def test_a_mark_without_a_row_is_found_even_where_evidence_is_not_checked(shipped):
    text = shipped.replace(CMA, "history: 2023-11-22-no-such-event")
    refused = audit(text, plays=0)
    assert [finding.code for finding in refused.findings] == ["TTX218"]
    free = audit(text, plays=0, known_on={**soundness.known_on(), "2023-11-22-no-such-event": ""})
    assert [finding.code for finding in free.findings] == ["TTX605"]


def test_further_reading_without_a_row_is_found(shipped):
    text = shipped.replace("  - source: dod-tmm-2023-11-12\n", "  - source: no-such-source\n")
    (finding,) = [f for f in audit(text, plays=0).findings if f.code == "TTX606"]
    assert (finding.subject, finding.severity) == ("no-such-source", "lint")


def test_an_observer_need_not_hear_anything_to_have_a_part():
    for cell, codes in (("control", [("TTX408", "delta")]), ("observer", [])):
        seat = f"  delta: {{name: Delta, cell: {cell}, brief: You look on.}}\n"
        assert found(("  charlie: {name", seat + "  charlie: {name")) == codes


def test_a_broken_record_does_not_stop_the_audit(root, tmp_path, monkeypatch):
    (tmp_path / "datapackage.json").write_text("{", "utf-8")
    monkeypatch.setenv("KIT_DATA", str(tmp_path))
    assert audit(CLEAN, plays=10).ok


# --- silence ------------------------------------------------------------------------------------


def test_silenced_advice_is_kept_apart_with_its_reason():
    result = audited(without("{gauge: break}"), silenced("TTX403", "gauge"))
    assert result.findings == ()
    ((finding, reason),) = result.silenced
    assert (finding.code, finding.subject, reason) == ("TTX403", "gauge", "It is meant.")
    assert "1 silenced" in str(result)


@pytest.mark.parametrize(
    ("code", "at", "words"),
    [
        ("TTX403", "gauge", "matches no advice"),
        ("TTX999", "gauge", "There is no code"),
        ("TTX221", "live", "cannot be silenced"),
    ],
)
def test_a_silence_that_silences_nothing_is_reported(code, at, words):
    (finding,) = audited(silenced(code, at)).findings
    assert finding.code == "TTX222"
    assert words in finding.cause


def test_an_error_stays_an_error():
    wrong = ("{trust: 9.2,", "{trust: 99,")
    assert ("TTX221", "live") in found(wrong, silenced("TTX221", "live"))


# --- files that cannot be read ------------------------------------------------------------------

BROKEN = {
    "TTX002": "title: a: b\n",
    "TTX003": "# nothing\n",
    "TTX004": CLEAN + "id: tiny\n",
    "TTX005": CLEAN + "extra: &a b\n",
    "TTX006": CLEAN + "extra: !!str b\n",
    "TTX007": "\n".join(" " * k + "a:" for k in range(60)) + " 1\n",
    "TTX008": CLEAN.replace("start: 10", "start: 1234567890123456789"),
    "TTX009": CLEAN + "? [a]\n: b\n",
    "TTX101": CLEAN + "extra: b\n",
    "TTX102": CLEAN.replace("title: Two towns, one river\n", ""),
    "TTX103": CLEAN.replace("  charlie: {", "  Charlie X: {"),
    "TTX104": CLEAN.replace("minutes: 40", "minutes: an hour"),
    "TTX105": CLEAN.replace("level: basic", "level: bassic"),
    "TTX106": CLEAN.replace("version: 1.0.0", "version: one"),
    "TTX107": CLEAN.replace("to: [bravo]", "to: []"),
    "TTX108": CLEAN.replace("evidence: [2001-treaty]", "evidence: [2001-treaty, 2001-treaty]"),
    "TTX109": CLEAN.replace("minutes: 40", "minutes: 0"),
    "TTX110": CLEAN.replace("schema: 2", "schema: 1"),
    "TTX111": CLEAN.replace("schema: 2", "schema: 9"),
    "TTX202": CLEAN.replace("id: o2, bloom", "id: o1, bloom"),
    "TTX203": CLEAN.replace("      gauge:\n", "      rain:\n"),
    "TTX204": CLEAN.replace("role: bravo", "role: bravoo"),
    "TTX205": CLEAN.replace("{gauge: break}", "{gauge: breaks}"),
    "TTX206": CLEAN.replace("odds: {dry: 0.6,", "odds: {dry: 0.7,"),
    "TTX207": CLEAN.replace("odds: {dry: 0.6, wet: 0.4}", "odds: {dry: 1}"),
    "TTX208": CLEAN.replace("{sharing: live}\n        odds", "{reply: accept}\n        odds"),
    "TTX209": CLEAN.replace("as_of: 2001-07-01", "as_of: 2001-07-32"),
    "TTX210": CLEAN.replace("as_of: 2001-07-01", "as_of: 1999-07-01"),
    "TTX211": CLEAN.replace("id: spring", "id: end"),
    "TTX212": CLEAN.replace("delay: saved", "delay: habit"),
    "TTX213": CLEAN.replace("low: -3, base", "low: 3, base"),
    "TTX214": CLEAN.replace("refuse: {text: Say no.,", "refuse: {text: Say no., history: true,"),
    "TTX215": CLEAN.replace("base_case: {sharing: none, ", "base_case: {"),
    "TTX216": CLEAN.replace("minute: 5", "minute: 50"),
    "TTX217": CLEAN.replace(*predicted("{variable: leak}")),
    "TTX218": CLEAN.replace("[2001-treaty]", "[2001-treat]"),
    "TTX219": CLEAN.replace("[2001-treaty]", "[2005-gauge]"),
    "TTX223": CLEAN.replace("basis: modelled", "model: {function: warning_gain}, basis: modelled"),
    "TTX224": CLEAN.replace("Charlie, cell: red,", "Charlie, cell: observer,"),
}  # fmt: skip


@pytest.mark.parametrize("code", BROKEN)
def test_what_reading_finds_is_reported_and_nothing_else_is_looked_at(code):
    text = BROKEN[code]
    assert text != CLEAN
    result = audit(text, plays=10, known_on=KNOWN_ON)
    assert code in {finding.code for finding in result.findings}
    assert not result.ok
    assert all(finding.code < "TTX220" or finding.code == code for finding in result.findings)
    assert "the rest was not looked at" in str(result)
    assert result.summary.coverage is None


def test_a_file_under_another_name_is_found(tmp_path):
    path = tmp_path / "other.yaml"
    path.write_text(CLEAN, "utf-8")
    assert [f.code for f in audit(path, 0, known_on=KNOWN_ON).findings] == ["TTX201"]
    with pytest.raises(ScenarioError, match="TTX001"):
        audit(tmp_path / "none.yaml")


# --- the codes ----------------------------------------------------------------------------------


def test_every_code_in_the_source_is_in_the_catalog_and_the_other_way_round(root):
    sources = [
        path
        for path in (root / "kit").rglob("*.py")
        if path.name not in ("codes.py", "codes_audit.py", "codes_reading.py")
    ]
    used = {
        code
        for path in sources
        for code in re.findall(r'"(TTX[0-9]{3})"', path.read_text("utf-8"))
    }
    assert sorted(used - CODES.keys()) == []
    assert sorted(CODES.keys() - used) == []


def test_every_code_has_a_scenario_that_triggers_it():
    """Codes about files, about size and about the record have tests of their own."""
    own = {"TTX001", "TTX201", "TTX309", "TTX601", "TTX602", "TTX603", "TTX605", "TTX606"}
    own |= {f"TTX{number}" for number in range(225, 234)}  # of editions: see test_editions
    assert {*FLAWS, *BROKEN} | own == {*CODES}


def test_every_code_is_explained():
    assert list(CODES) == sorted(CODES)
    for code, about in CODES.items():
        assert about.severity in ("lint", "review")
        assert code[3] in GROUPS
        assert all([about.title, about.why, about.remedy, about.example])
        assert about.remedy.endswith(".")
        assert about.why.endswith(".")


def test_the_page_of_codes_is_up_to_date(root):
    written = (root / "docs" / "audit-codes.md").read_text("utf-8")
    assert written == page(), "run `python -m kit audit --write-codes`"
    for code in CODES:
        assert f"### {code} · " in written


# --- the front door -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", scenario.names())
def test_shipped_scenarios_are_clean(name, root, monkeypatch):
    monkeypatch.setenv("KIT_DATA", str(root / "data"))
    result = audit(name)
    assert result.findings == ()
    assert soundness.errors(name, soundness.known_on()) == []
    assert result.summary.plays == 10_000
    assert all(
        part.met == part.reachable == part.total for part in result.summary.coverage.values()
    )


def test_the_public_name_is_the_audit():
    assert kit.audit is audit
    assert isinstance(kit.audit(CLEAN, 10, known_on=KNOWN_ON), Audit)


def test_the_same_seed_gives_the_same_audit():
    first, again = (audit(CLEAN, 200, 7, KNOWN_ON) for _ in range(2))
    assert first == again
    assert first.to_json() == again.to_json()
    assert audit(CLEAN, 200, 8, KNOWN_ON).summary != first.summary


def test_json_holds_everything():
    result = audited(without("{gauge: break}"))
    plain = json.loads(json.dumps(result.to_json()))
    assert plain["ok"] is True
    assert plain["findings"][0]["code"] == "TTX403"
    assert plain["findings"][0]["subject"] == "gauge"
    assert plain["summary"]["paths"] == 16
    assert plain["summary"]["spread"]["trust"]["unit"] == "points"
    assert plain["summary"]["coverage"]["injects"]["total"] == 3


def test_plays_cannot_be_negative():
    with pytest.raises(ValueError, match="negative"):
        audit(CLEAN, -1)


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "tiny.yaml"
        path.write_text(text, "utf-8")
        return str(path)

    return write


NOT_CITED = re.sub(r"evidence: \[[^]]*\]", "evidence: []", CLEAN).replace(
    "basis: sourced", "basis: assumed"
)


def test_the_command_fails_on_errors_and_not_on_advice(file, capsys):
    assert main(["audit", file(NOT_CITED), "--plays", "50"]) == 0
    assert "0 errors, 0 pieces of advice" in capsys.readouterr().out
    advice = NOT_CITED.replace(without("{gauge: break}")[0], "")
    assert main(["audit", file(advice), "--plays", "50"]) == 0
    assert "advice TTX403" in capsys.readouterr().out
    wrong = NOT_CITED.replace("{trust: 9.2,", "{trust: 99,")
    assert main(["audit", file(wrong), "--plays", "50"]) == 1
    assert "error TTX221" in capsys.readouterr().out


def test_the_command_prints_json(file, capsys):
    assert main(["audit", file(NOT_CITED), "--plays", "50", "--seed", "3", "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert plain["summary"]["seed"] == 3
    assert plain["findings"] == []


def test_the_command_explains_and_writes_the_codes(tmp_path, capsys):
    assert main(["audit", "--codes"]) == 0
    assert capsys.readouterr().out == page()
    assert main(["audit", "--write-codes", str(tmp_path / "codes.md")]) == 0
    assert (tmp_path / "codes.md").read_text("utf-8") == page()


def test_the_command_needs_a_scenario(capsys):
    assert main(["audit", "--edition", "advanced"]) == 2
    assert "Name the scenario" in capsys.readouterr().err
    assert main(["audit", "--plays", "-1"]) == 2
    assert "cannot be negative" in capsys.readouterr().err
    assert main(["audit", "no-such-scenario"]) == 1


def test_the_command_audits_everything_when_no_scenario_is_named(tmp_path, monkeypatch, capsys):
    """Two scenarios and an edition in a package of their own; one of them has an error."""
    (tmp_path / "scenarios" / "editions").mkdir(parents=True)
    for name in ("small", "tiny"):
        text = CLEAN.replace("id: tiny", f"id: {name}")
        (tmp_path / "scenarios" / f"{name}.yaml").write_text(text)
    edition = small_editions.ADVANCED.replace("edition: advanced", "edition: masked")
    (tmp_path / "scenarios" / "editions" / "tiny.masked.yaml").write_text(edition)
    monkeypatch.setenv("KIT_DATA", str(tmp_path))
    assert main(["audit", "--plays", "10", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [one["file"] for one in found] == ["small.yaml", "tiny.yaml", "tiny.masked.yaml"]
    assert [one["ok"] for one in found] == [True, True, False]
    assert main(["audit", "--plays", "10"]) == 1
    assert capsys.readouterr().out.count(" errors, ") == 3


def test_documents_keep_their_lines():
    document = documents.parse(CLEAN, "tiny.yaml")
    assert document.line(("base_case",)) == line("base_case:", CLEAN)
