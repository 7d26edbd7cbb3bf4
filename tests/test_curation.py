"""The check of everything the kit ships: silent on good data, complete on broken data."""

from __future__ import annotations

import json
import shutil

import pytest
from tiny import KNOWN_ON, edited

from kit import curation, scenario, soundness, tables
from kit.__main__ import main


@pytest.fixture
def data(root, tmp_path, monkeypatch):
    """A copy of the data with one exercise, that a test may break."""
    folder = tmp_path / "data"
    shutil.copytree(root / "data", folder)
    for path in (folder / "scenarios").rglob("*.yaml"):
        if not path.name.startswith("shared-warning."):
            path.unlink()  # checked as shipped; again in each broken copy would take a minute
    monkeypatch.setenv("KIT_DATA", str(folder))
    return folder


@pytest.fixture(autouse=True)
def shipped(root, monkeypatch):
    monkeypatch.setenv("KIT_DATA", str(root / "data"))


def replace(path, old, new, count=1):
    text = path.read_text("utf-8")
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, count), "utf-8")


def spoil_table(data):
    """Break two rows of one table and return what must be said about it."""
    replace(data / "events.csv", ",2006-10-09,", ",2006-13-09,")
    return "events.csv"


def spoil_scenario(data):
    replace(data / "scenarios" / "shared-warning.yaml", "level: basic", "level: bassic")
    return "shared-warning.yaml"


def test_the_shipped_data_are_clean():
    findings = curation.check()
    assert findings.problems == ()
    assert findings.ok
    assert findings.counts["scenarios"] == len(scenario.names()) >= 1
    assert all(findings.counts.values())


def test_the_findings_read_as_counts_and_a_verdict():
    shown = str(curation.check()).splitlines()
    assert any(line.split() == ["events", str(len(tables.records("events")))] for line in shown)
    assert any(line.split() == ["scenarios", str(len(scenario.names()))] for line in shown)
    assert shown[-1] == "No problems found."


def test_a_broken_table_and_a_broken_scenario_are_reported_together(data, capsys):
    files = {spoil_table(data), spoil_scenario(data)}
    replace(data / "sources.csv", "https://", "htp//", 1)
    findings = curation.check()
    assert files <= {problem.file for problem in findings.problems}
    assert not findings.ok
    assert findings.counts["events"] == 0
    assert findings.counts["agreements"] == 40  # the good tables are counted all the same
    assert findings.counts["scenarios"] == len(scenario.names()) - 1
    assert main(["check"]) == 1
    told = capsys.readouterr().out
    for problem in findings.problems:
        assert problem.cause in told
        assert problem.remedy in told
    for file in files:
        assert f"{file} has" in told


def test_all_problems_of_a_table_are_listed_with_row_and_column(data):
    replace(data / "events.csv", ",2006-10-09,", ",2006-13-09,")
    replace(data / "events.csv", ",2017-12-22,", ",22.12.2017,")
    found = [p for p in curation.check().problems if p.file == "events.csv"]
    dates = [p for p in found if p.column == "date"]
    assert len(dates) == 2
    assert len({p.line for p in dates}) == 2
    assert all(p.line and p.cause and p.remedy for p in found)


def test_a_problem_in_a_table_without_evidence_does_not_hide_hindsight(data):
    """Scenarios are checked against the record whenever the record itself can be read."""
    path = data / "claims.csv"
    path.write_text(path.read_text("utf-8") + "too,few,cells\n", "utf-8")
    scenarios = data / "scenarios" / "shared-warning.yaml"
    replace(scenarios, "evidence: [tisa-2014, gsomia-2016]", "evidence: [tisa-2015, gsomia-2016]")
    found = {problem.file: problem for problem in curation.check().problems}
    assert "claims.csv" in found
    assert "tisa-2015" in found["shared-warning.yaml"].cause


@pytest.mark.parametrize("name", ["events.csv", "citations.csv", "datapackage.json"])
def test_a_missing_file_is_one_problem_and_not_a_crash(data, name):
    (data / name).unlink()
    findings = curation.check()
    assert not findings.ok
    assert any(name in str(problem) or problem.file == name for problem in findings.problems)
    # A size that is computed from the tables cannot be had without them, and the file says so.
    computed = {p.file for p in findings.problems if p.code == "TTX223"}
    assert findings.counts["scenarios"] + len(computed) == len(scenario.names())
    assert bool(computed) == (name != "citations.csv")


def test_a_broken_package_is_reported_with_the_scenarios_problems(data):
    path = data / "datapackage.json"
    path.write_text(path.read_text("utf-8")[:-40], "utf-8")
    file = spoil_scenario(data)
    # Without tables no size can be computed, and each exercise that needs one says so.
    paths = [scenario.path_of(name) for name in scenario.names()]
    computed = {path.name for path in paths if "model: {" in path.read_text("utf-8")}
    assert {p.file for p in curation.check().problems} == {"datapackage.json", file, *computed}


def test_every_scenario_is_checked_even_after_a_broken_one(data):
    folder = data / "scenarios"
    spoil_scenario(data)
    (folder / "aaa.yaml").write_text("schema: 2\n", "utf-8")
    (folder / "zzz.yaml").write_bytes(b"title: \xff\n")
    files = {problem.file for problem in curation.check().problems}
    assert files == {"aaa.yaml", "shared-warning.yaml", "zzz.yaml"}


def test_a_wrong_expectation_in_a_shipped_play_is_reported(data):
    path = data / "scenarios" / "shared-warning.yaml"
    package = json.loads((data / "datapackage.json").read_text("utf-8"))
    assert package["resources"]
    play = scenario.load("shared-warning").plays[1]
    right = int(play.expect["tension"])
    replace(path, f"      tension: {right}\n", f"      tension: {right + 1}\n")
    (problem,) = curation.check().problems
    assert problem.file == "shared-warning.yaml"
    assert str(right) in problem.cause
    assert str(right + 1) in problem.cause
    assert "tension" in problem.cause


def test_what_only_the_audit_finds_is_reported_too(data):
    path = data / "scenarios" / "shared-warning.yaml"
    replace(path, "history: 2023-11-22-cma-partial-suspension", "history: cma-2018")
    replace(path, "minutes: 60\n", "minutes: 45\n")
    found = {problem.code: problem for problem in curation.check().problems}
    assert found.keys() == {"TTX510", "TTX601"}
    assert {problem.file for problem in found.values()} == {"shared-warning.yaml"}
    assert all(problem.line and problem.remedy for problem in found.values())


def test_advice_alone_is_no_problem(data):
    replace(data / "scenarios" / "shared-warning.yaml", "- code: TTX408", "- code: TTX407")
    assert {f.code for f in soundness.audit("shared-warning", plays=0).findings} == {
        "TTX222",
        "TTX408",
    }
    assert curation.check().ok


# --- plays ------------------------------------------------------------------------------------


# Decisions that a play does not name follow the base case, chance follows its odds. By hand, with
# a chance of 0.26 that the river rises and an even chance that the press learns of it:
#   trust: 10 + 2 (live) - 3 * 0.5 (leak) - 5 * 0.26 (quiet in a flood) = 9.2
#   delay: 6 - 2 (live) + 1.5 * 0.26 (flood) = 4.39
HOLDS = edited(("trust: 10.1, delay: 4.39", "trust: 9.2, delay: 4.39"))


def play_problems(*changes):
    found = soundness.audit(edited(*changes, text=HOLDS), plays=0, known_on=KNOWN_ON)
    return [finding for finding in found.findings if finding.code in ("TTX220", "TTX221")]


def test_a_play_with_the_right_expectations_is_no_problem():
    assert play_problems() == []


def test_every_wrong_expectation_is_a_problem_of_its_own():
    found = play_problems(("trust: 9.2, delay: 4.39", "trust: 11.1, delay: 5.39"))
    assert [problem.file for problem in found] == ["tiny.yaml"] * 2
    assert "trust is 9.20, expected 11.1" in found[0].cause
    assert "delay is 4.39, expected 5.39" in found[1].cause


@pytest.mark.parametrize(("expected", "count"), [("9.24", 0), ("9.16", 0), ("9.3", 1), ("9", 1)])
def test_expectations_are_held_to_one_decimal(expected, count):
    assert len(play_problems(("trust: 9.2,", f"trust: {expected},"))) == count


def test_a_play_that_cannot_happen_is_a_problem_and_not_a_crash():
    dry = ("odds: {dry: 0.6, wet: 0.4}", "odds: {dry: 1, wet: 0}")
    wet = ("assign: {sharing: live, warn: quiet}", "assign: {sharing: live, rain: wet}")
    (problem,) = play_problems(dry, wet)
    assert "Play 'live' fails" in problem.cause
    assert problem.file == "tiny.yaml"


@pytest.mark.parametrize("assign", ["{sharing: none, reply: build}", "{reply: build}"])
def test_a_play_that_takes_a_closed_option_is_a_problem(assign):
    """Also when it is closed by the base case, which the play follows where it says nothing."""
    (problem,) = play_problems(("{sharing: live, warn: quiet}", assign))
    assert "Play 'live' takes 'build'" in problem.cause
    assert "sharing is daily or live" in problem.cause


def test_a_play_may_take_an_option_that_chance_may_open():
    opened = ("when: {sharing: [daily, live]}", "when: {leak: leaked}")
    found = play_problems(opened, ("{sharing: live, warn: quiet}", "{reply: build}"))
    assert not any("takes" in problem.cause for problem in found)


def test_every_play_is_tried():
    two = "plays:\n  - {name: second, assign: {sharing: none}, expect: {trust: 99}}\n"
    found = play_problems(("plays:\n", two), ("trust: 9.2,", "trust: 77,"))
    assert ["second" in p.cause for p in found] == [True, False]
