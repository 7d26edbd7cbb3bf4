"""The contents page, the teacher's notebook and the one on outcomes keep what they promise."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

import kit
from kit import handouts, scenario

sys.path.insert(0, str(Path(__file__).parent / "tools"))
import write_contents

FOLDER = write_contents.NOTEBOOKS
FIRST = json.loads(write_contents.FIRST.read_text("utf-8"))
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def source(cell):
    return "".join(cell["source"])


def prose(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return "\n\n".join(source(cell) for cell in cells if cell["cell_type"] == "markdown")


def printed(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    made = [output for cell in cells for output in cell.get("outputs", [])]
    return "\n".join("".join(output.get("text", "")) for output in made)


@pytest.fixture(autouse=True, scope="module")
def shipped(root):
    """Read the checkout's own data, whatever KIT_DATA says outside."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIT_DATA", str(root / "data"))
        yield


@pytest.fixture(scope="module")
def entries():
    return {entry.path.name[:2]: entry for entry in write_contents.entries()}


@pytest.fixture(scope="module")
def launch():
    return kit.load_scenario("launch-day")


# --- the contents page -------------------------------------------------------------------------


def test_the_contents_are_what_notebooks_and_scenarios_say():
    remedy = "Run tests/tools/write_contents.py."
    assert source(write_contents.cell_of(FIRST)) == write_contents.in_notebook(), remedy
    readme = write_contents.README.read_text("utf-8")
    assert readme == write_contents.in_readme(readme), remedy


def test_the_contents_would_notice_a_wrong_number():
    readme = write_contents.README.read_text("utf-8")
    wrong = re.sub(r"\| \d+ \|", "| 999 |", readme, count=1)
    assert wrong != readme
    assert write_contents.in_readme(wrong) == readme


def test_every_notebook_is_in_the_contents_and_every_link_leads_to_a_file():
    links = LINK.findall(source(write_contents.cell_of(FIRST)))
    assert len(links) == len(set(links))
    found = {p.relative_to(FOLDER).as_posix() for p in FOLDER.rglob("*.ipynb")
             if not any(part.startswith(".") for part in p.relative_to(FOLDER).parts)}  # fmt: skip
    assert {*links} == found - {write_contents.FIRST.name}
    for page in (write_contents.FIRST, FOLDER / "facilitator" / "20_run_a_class.ipynb"):
        for link in LINK.findall(prose(page)):
            if not link.startswith("#"):
                assert (page.parent / link.partition("#")[0]).is_file(), f"{page.name}: {link}"


def test_every_exercise_has_a_notebook_which_states_its_minutes(entries):
    about = {entry.exercise.id: entry for entry in entries.values() if entry.exercise}
    assert {*about} == {*scenario.names()}
    stated = {name: entry.to_play for name, entry in about.items()}
    assert stated == {name: kit.load_scenario(name).minutes for name in about}
    assert all(entry.to_play <= entry.minutes for entry in about.values())


def test_the_link_to_the_table_leads_to_its_heading():
    text = prose(write_contents.FIRST)
    anchors = {h.replace(" ", "-") for h in re.findall(r"^#+ (.+)$", text, re.M)}
    assert {link[1:] for link in LINK.findall(text) if link.startswith("#")} <= anchors


def test_the_suggested_paths_fit_their_time(entries):
    (paths,) = [c for c in FIRST["cells"] if "Three suggested paths" in source(c)]
    rows = [row for row in source(paths).splitlines() if row.startswith("| **")]
    hours = {row.split("**")[1]: row for row in rows}
    assert [*hours] == ["one class hour", "one week", "self-study"]
    play, talk = map(int, re.findall(r"(\d+) minutes;.* (\d+)\.", hours["one class hour"])[0])
    assert play == entries["06"].to_play
    assert play + talk <= 45
    assert entries["01"].minutes + entries["03"].minutes <= 45  # the first hour of the week
    assert entries["05"].to_play <= 2 * 45
    assert "three moves in each hour" in hours["one week"]
    assert len(entries["05"].exercise.moves) == 6
    whole = sum(e.minutes for number, e in entries.items() if number < "12")
    assert "about eight hours" in hours["self-study"]
    assert round(whole / 60) == 8


@pytest.mark.parametrize("page", ["00_start_here", "facilitator/20_run_a_class"])
def test_every_edition_that_is_named_exists(page):
    calls = re.findall(r'kit\.play\("(.+?)", edition="(.+?)"\)', prose(FOLDER / f"{page}.ipynb"))
    assert {edition for _, edition in calls} == {*scenario.editions.KINDS}
    for name, edition in calls:
        assert kit.load_scenario(name, edition).edition == edition


def test_each_exercise_can_be_had_at_two_levels(entries):
    about = [entry for entry in entries.values() if entry.exercise]
    assert {entry.exercise.id for entry in about if "advanced" not in entry.levels} == set()


# --- the teacher's notebook --------------------------------------------------------------------

TEACHER = FOLDER / "facilitator" / "20_run_a_class.ipynb"


def test_the_papers_to_print_are_those_that_are_written(launch):
    written = {re.sub(r"brief-\w+", "brief-…", name) for name in handouts.build(launch)}
    assert {*re.findall(r"`((?:players|facilitator)/.+?)`", prose(TEACHER))} == written


def test_the_teacher_sees_all_five_exercises_with_their_own_numbers():
    told = printed(TEACHER)
    for name in scenario.names():
        exercise = kit.load_scenario(name)
        row = rf"{name} +{exercise.title} +{exercise.minutes} minutes +{len(exercise.moves)} moves"
        assert re.search(row, told)


def test_the_teams_of_the_example_differ_by_decision_and_by_luck():
    ends = dict(re.findall(r"^(\w+) (over|sea|unclear)$", printed(TEACHER), re.M))
    assert len(ends) == 4
    assert ends["Birch"] != ends["Elm"]  # the prose sets these two side by side


# --- outcomes and assumptions ------------------------------------------------------------------


@pytest.fixture(scope="module")
def options(launch):
    play = kit.start("launch-day", launch.playable, seed=10, save=False)
    play.pass_predictions()
    play.decide("hub", "relay")
    return play.compare("tokyo_alert")


def moved(outcome, name, end):
    """Return a mean with one assumption at one end of its range."""
    parts = [part for part in outcome.parts if part.assumption == name]
    return outcome.mean + sum(getattr(part, end) - part.mean for part in parts)


def order(options, name, end, measure="trust"):
    means = {option: moved(found[measure], name, end) for option, found in options.items()}
    return sorted(means, key=lambda option: -means[option])


def test_the_average_is_a_value_at_which_hardly_any_world_ends(launch):
    trust = kit.start("launch-day", launch.playable, seed=10, save=False).prospects()["trust"]
    near = abs(trust.values - trust.mean) <= 1
    assert trust.weights[near].sum() < 0.05
    assert trust.p90 - trust.p10 > 10


def test_one_assumption_turns_the_order_and_another_does_not(options):
    means = [found["trust"].mean for found in options.values()]
    assert max(means) - min(means) < 2
    assert order(options, "false_trust", "low")[0] == "second-look"
    assert order(options, "false_trust", "mean")[0] == "narrow"
    ends = {tuple(order(options, "first_trust", end)) for end in ("low", "mean", "high")}
    assert len(ends) == 1


def test_by_seconds_the_wide_alert_is_best_wherever_an_assumption_lies(launch, options):
    best = {order(options, name, end, "lead_s")[0]
            for name in launch.assumptions for end in ("low", "high")}  # fmt: skip
    assert best == {"wide"}


def worth(options, price):
    return {o: e["lead_s"].mean - price * e["needless"].mean for o, e in options.items()}


def test_each_option_wins_at_some_price_and_the_compromise_at_none(options):
    best = [max(found, key=found.get) for found in (worth(options, p) for p in (2, 6, 12))]
    assert best == ["wide", "narrow", "second-look"]
    assert all(max(worth(options, p / 10).values()) > 10 - p / 10 * 33 for p in range(1000))
    beats = [o for o, e in options.items() if e["lead_s"].mean >= 10 and e["needless"].mean <= 33]
    assert beats == []
