"""Editions of a scenario: other words, the same logic, and every way in which they may fail."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import small_editions
import tiny

from kit import curation, documents, engine, outcomes, scenario, soundness
from kit.errors import ScenarioError
from kit.log import Event
from kit.scenario import editions, masking
from kit.scenario.words import WORDS, addresses, words
from kit.soundness.elimination import TooLargeError

CASES = documents.parse(
    Path(__file__).with_name("broken").joinpath("editions.yaml").read_text("utf-8"), "editions"
).value
LOG = (
    Event(1, "start", roles=("alfa", "bravo"), seed=1),
    Event(2, "decide", "sharing", "live"),
    Event(3, "draw", "gauge", "keep"),
    Event(4, "draw", "leak", "leaked"),
    Event(5, "draw", "rain", "wet"),
)


@pytest.fixture
def folder(tmp_path):
    """A folder with the small scenario and both of its editions."""
    (tmp_path / "tiny.yaml").write_text(tiny.TEXT)
    (tmp_path / "editions").mkdir()
    for kind, text in small_editions.TEXTS.items():
        (tmp_path / "editions" / f"tiny.{kind}.yaml").write_text(text)
    return tmp_path


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_one_defect_is_one_problem_in_its_words_on_its_line(name):
    case = CASES[name]
    text = tiny.edited(*case["change"].items(), text=small_editions.TEXTS[case["of"]])
    file = case.get("file", f"tiny.{case['of']}.yaml")
    with pytest.raises(ScenarioError) as caught:
        scenario.editions.overlaid(tiny.raw(), small_editions.edition(text, file))
    problem, *others = caught.value.problems
    assert others == [] or case.get("several")
    begins = text.index(case["at"]) if "at" in case else first_difference(case, text)
    assert (problem.code, problem.line) == (case["code"], text.count("\n", 0, begins) + 1)
    assert [found for found in case["cause"] if found not in problem.cause] == []
    assert [found for found in case["remedy"] if found not in problem.remedy] == []
    assert problem.file == file


def first_difference(case, text):
    (new,) = case["change"].values()
    return text.index(new)


def test_every_code_of_editions_has_a_case(root):
    """Except that of an exercise without its advanced edition, which only check can see."""
    source = (root / "kit" / "scenario" / "editions.py").read_text()
    written = set(re.findall("TTX[0-9]{3}", source))
    assert written <= {case["code"] for case in CASES.values()}
    assert written <= soundness.CODES.keys()


def test_all_problems_are_reported_at_once():
    text = tiny.edited(
        ("version: 1.0.0", "version: 2.0.0"),
        ("  roles.alfa.brief:", "  roles.alpha.brief:"),
        ('  choices.gauge.question: "="\n', ""),
        ("  injects.wait.text:", '  injects.wait.minute: "3"\n  injects.wait.text:'),
        text=small_editions.ADVANCED,
    )
    with pytest.raises(ScenarioError) as caught:
        small_editions.loaded("advanced", text)
    assert sorted(problem.code for problem in caught.value.problems) == [
        "TTX226", "TTX227", "TTX227", "TTX228", "TTX229",
    ]  # fmt: skip


def test_a_broken_scenario_is_reported_before_its_edition():
    text = tiny.edited(("cell: red", "cell: pink"))
    with pytest.raises(ScenarioError) as caught:
        small_editions.loaded("advanced", base=text)
    assert {problem.file for problem in caught.value.problems} == {"tiny.yaml"}


@pytest.mark.parametrize(
    ("edition", "words_of"),
    [("advancd", "Did you mean 'advanced'?"), ("../../etc", "Known: advanced, masked")],
)
def test_an_unknown_edition_is_refused(folder, edition, words_of):
    with pytest.raises(ScenarioError, match="No edition is called") as caught:
        scenario.load(folder / "tiny.yaml", tiny.KNOWN_ON, edition)
    assert words_of in str(caught.value)


def test_an_edition_that_is_not_there_is_refused_with_those_that_are(folder):
    (folder / "editions" / "tiny.masked.yaml").unlink()
    with pytest.raises(ScenarioError, match=r"has no edition 'masked'. It has: advanced"):
        scenario.load(folder / "tiny.yaml", tiny.KNOWN_ON, "masked")


# --- what is kept ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", editions.KINDS)
def test_an_edition_has_the_logic_and_the_fingerprint_of_its_scenario(kind):
    plain, other = tiny.parsed(), small_editions.loaded(kind)
    assert (other.edition, plain.edition) == (kind, "")
    assert other.fingerprint == plain.fingerprint
    assert other.base_case == plain.base_case
    assert list(other.variables) == list(plain.variables)
    for name, variable in plain.variables.items():
        assert other.variables[name].domain == variable.domain
        assert other.variables[name].odds == variable.odds
        assert other.variables[name].given == variable.given
    assert [(e.when, e.change) for e in other.effects] == [
        (e.when, e.change) for e in plain.effects
    ]
    mine, theirs = (outcomes.evaluate(one, {"sharing": "live"}) for one in (plain, other))
    assert {n: o.mean for n, o in mine.items()} == {n: o.mean for n, o in theirs.items()}


@pytest.mark.parametrize("kind", editions.KINDS)
def test_a_log_of_one_edition_replays_in_another(kind):
    states = [engine.replay(one, LOG) for one in (tiny.parsed(), small_editions.loaded(kind))]
    assert states[0] == states[1]
    hashes = {
        engine.state_hash(one, states[0]) for one in (tiny.parsed(), small_editions.loaded(kind))
    }
    assert len(hashes) == 1


def test_advanced_words_stand_where_they_belong():
    found = small_editions.loaded("advanced")
    assert found.level == "advanced"
    assert found.summary.startswith("A gauge upstream confers")
    assert found.roles["charlie"].brief == "Upstream riparian rights are yours by custom."
    assert found.roles["alfa"].name == "Alfa"
    sharing = found.choices["sharing"]
    assert sharing.options["daily"].text == "Transmit a daily bulletin."
    assert sharing.options["live"].text == "Connect the gauge."
    assert sharing.options["daily"].history
    assert found.moves["spring"].day == "2001-03-01" == found.day
    assert found.moves["spring"].injects[1].evidence == ("1999-flood",)


def test_a_masked_scenario_shows_no_name_and_nothing_of_the_record():
    found = small_editions.loaded("masked")
    assert found.masked
    assert found.level == "basic"
    assert (found.day, found.moves["summer"].day) == ("In spring", "Four months later")
    assert (found.as_of, found.moves["summer"].as_of) == ("2001-03-01", "2001-07-01")
    shown = " ".join(small_editions.every_text(found))
    assert not re.search(r"\bAlfa\b|\bBravo\b", shown)
    assert "Arnwick" in shown
    assert found.moves["spring"].injects[1].sender == "Dorwick's clerk"
    assert found.hot_wash == ("What would you do in a dry month?",)
    assert found.history == {}
    assert found.choices["sharing"].options["live"].codes == {}
    evidence = [*found.assumptions.values(), *found.variables.values()]
    evidence += [inject for move in found.moves.values() for inject in move.injects]
    assert {part.evidence for part in evidence} == {()}


def test_masking_keeps_ids_that_are_called_like_keys():
    text = tiny.TEXT.replace("  habit:", "  evidence:").replace("trust: habit", "trust: evidence")
    found = small_editions.loaded("masked", base=text)
    assert found.assumptions["evidence"].base == 2


def test_what_an_edition_may_change_is_every_text_and_nothing_else():
    value = tiny.raw()
    texts = words(value)
    assert {"title", "roles.alfa.name", "effects.2.why", "hot_wash.1"} <= texts.keys()
    for address in addresses(value).keys() - texts.keys():
        assert address.rpartition(".")[2] not in {"text", "brief", "why", "tradeoff", "label"}
    assert len(WORDS) == len(set(WORDS))


# --- the words of masking ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("North Korea and Korea", "Ilmen and Arda"),
        ("Korean", "Korean"),
        ("Korea's coast", "Arda's coast"),
        ("North\n  Korea", "Ilmen"),
        ("(Korea)", "(Arda)"),
    ],
)
def test_whole_phrases_are_replaced_once_the_longest_first(text, wanted):
    names = {"Korea": "Arda", "North Korea": "Ilmen", "Ilmen": "never"}
    assert masking.replaced(text, names) == wanted


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Seoul, Tokyo and Seoul", ["Seoul", "Tokyo"]),
        ("the U.S. and us", ["U.S."]),
        ("in 1999, 4 October", ["1999", "4 October"]),
        ("October 4", ["October 4"]),
        ("In October, at 07:22, 1900 km", ["1900"]),
        ("Japan's", ["Japan"]),
        ("Naha", ["Naha"]),
        ("a quiet coast", []),
    ],
)
def test_real_names_and_dates_are_found(text, left):
    assert masking.telling(text, masking.real_names()) == left


# --- check and audit ---------------------------------------------------------------------------


@pytest.fixture
def package(root, tmp_path, monkeypatch):
    """A copy of the data with one scenario, and its editions."""
    data = tmp_path / "data"
    shutil.copytree(root / "data", data, ignore=shutil.ignore_patterns("scenarios"))
    (data / "scenarios" / "editions").mkdir(parents=True)
    (data / "scenarios" / "tiny.yaml").write_text(tiny.TEXT)
    for kind, text in small_editions.TEXTS.items():
        (data / "scenarios" / "editions" / f"tiny.{kind}.yaml").write_text(text)
    monkeypatch.setenv("KIT_DATA", str(data))
    return data / "scenarios" / "editions"


def codes(known_on=tiny.KNOWN_ON):
    return [(p.file, p.code) for p in curation.editions.problems(known_on)]


def test_check_finds_nothing_in_sound_editions(package):
    assert codes() == []
    assert len(curation.editions.files_of()) == 2


def test_check_reports_a_scenario_without_its_advanced_edition(package):
    (package / "tiny.advanced.yaml").unlink()
    assert codes() == [("tiny.yaml", "TTX233")]


@pytest.mark.parametrize("name", ["other.advanced.yaml", "tiny.easy.yaml", "notes.txt"])
def test_check_reports_files_that_are_no_edition(package, name):
    (package / name).write_text(small_editions.ADVANCED)
    assert codes() == [(name, "TTX225")]


def test_check_reports_a_broken_edition_but_not_a_broken_scenario_again(package):
    file = package / "tiny.advanced.yaml"
    file.write_text(small_editions.ADVANCED.replace("version: 1.0.0", "version: 1.0.1"))
    assert codes() == [("tiny.advanced.yaml", "TTX226")]
    (package.parent / "tiny.yaml").write_text(tiny.TEXT.replace("cell: red", "cell: pink"))
    assert codes() == []


def test_the_audit_measures_an_edition_at_its_level(package):
    long = " ".join(["Consideration"] * 241) + "."
    text = small_editions.ADVANCED.replace("Upstream riparian rights are yours by custom.", long)
    (package / "tiny.advanced.yaml").write_text(text)
    found = soundness.audit("tiny", known_on=tiny.KNOWN_ON, edition="advanced")
    assert found.ok
    assert {f.file for f in found.findings} == {"tiny.advanced.yaml"}
    (words_of,) = [f for f in found.findings if f.code == "TTX509"]
    assert words_of.line == small_editions.ADVANCED[: text.index(long)].count("\n") + 1
    assert "240 are enough" in words_of.cause
    sound = soundness.audit("tiny", known_on=tiny.KNOWN_ON, edition="masked")
    assert sound.ok
    assert sound.summary.grade is not None


def test_the_audit_reports_a_broken_edition(package):
    file = package / "tiny.masked.yaml"
    file.write_text(small_editions.MASKED.replace("names:", "name:"))
    found = soundness.audit("tiny", known_on=tiny.KNOWN_ON, edition="masked")
    assert not found.ok
    assert {f.code for f in found.findings} == {"TTX101"}


def test_the_audit_says_so_when_an_edition_is_too_large(package, monkeypatch):
    def too_large(*_):
        raise TooLargeError

    monkeypatch.setattr("kit.soundness.editions.Case", too_large)
    found = soundness.audit("tiny", known_on=tiny.KNOWN_ON, edition="masked")
    assert (found.ok, found.findings) == (True, ())
    assert "too large" in str(found)


def test_a_masked_size_that_a_model_computed_keeps_the_size_and_loses_the_call():
    modelled = scenario.load("launch-day")
    masked = scenario.load("launch-day", edition="masked")
    for name in ("live_long_s", "live_steep_s"):
        size, other = modelled.assumptions[name], masked.assumptions[name]
        assert "JPN" in size.call or "sapporo" in size.call
        assert (other.call, other.ranges) == ("", {})
        assert (other.low, other.base, other.high) == (size.low, size.base, size.high)
