"""The page of figures about all exercises is what the exercises say."""

from __future__ import annotations

import re

import pytest
import tiny

from kit import scenario
from kit.__main__ import main
from kit.authoring import exercises
from kit.soundness.elimination import TooLargeError
from kit.soundness.reading import WORD, ease, syllables


@pytest.fixture(autouse=True, scope="module")
def shipped(root):
    """Read the checkout's own data, whatever KIT_DATA says outside."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIT_DATA", str(root / "data"))
        yield


@pytest.fixture(scope="module")
def page():
    return exercises.build()


def test_the_page_is_up_to_date(root, page):
    written = (root / "docs" / "exercises.md").read_text("utf-8")
    assert written == page, "run `python -m kit exercises --write`"


def test_every_exercise_and_every_measure_is_on_it(page):
    for name in scenario.names():
        exercise = scenario.load(name)
        assert page.count(f"| `{name}` |") == 1
        assert f"### {exercise.title}\n" in page
        (row,) = [line for line in page.splitlines() if f"(`{name}`)" in line]
        assert f"| {exercise.minutes} | {len(exercise.moves)} |" in row
        for measure in exercise.measures.values():
            assert f"| {measure.label} ({measure.unit}) |" in page


def test_figures_of_the_short_exercise_are_what_is_counted_by_hand():
    found = exercises.figures("launch-day")
    exercise = found.scenario
    read = [exercise.summary, *(role.brief for role in exercise.roles.values())]
    for move in exercise.moves.values():
        read += [move.situation, *(i.text for i in move.injects)]
        read += [p.question for p in move.predictions]
    for choice in exercise.choices.values():
        read += [choice.question, choice.context]
        read += [part for o in choice.options.values() for part in (o.text, o.tradeoff)]
    assert found.words[0] == sum(len(WORD.findall(text)) for text in read)
    assert found.words[1] > found.words[0]
    assert found.ease[1] < found.ease[0]
    assert found.paths == 3**6
    assert found.sources > 20


def test_reading_ease_follows_its_formula():
    text = "The dam may hold. Nobody knows whether it will."
    found = WORD.findall(text)
    spoken = sum(map(syllables, found))
    assert ease(text) == round(206.835 - 1.015 * len(found) / 2 - 84.6 * spoken / len(found), 1)
    assert ease("...") == 0.0
    assert ease("Responsibility necessitates consideration.") < 0 < ease("We can see it.")


def test_the_command_prints_or_writes_the_page(page, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(exercises, "build", lambda: page)  # building it takes seconds
    assert main(["exercises"]) == 0
    assert capsys.readouterr().out == page
    assert main(["exercises", "--write", str(tmp_path / "page.md")]) == 0
    assert (tmp_path / "page.md").read_text("utf-8") == page


def test_an_exercise_without_an_advanced_edition_shows_a_dash(tmp_path, monkeypatch, root):
    (tmp_path / "scenarios").mkdir()
    for path in (root / "data").glob("*.*"):
        (tmp_path / path.name).symlink_to(path)
    text = re.sub(r"\n *evidence: .*", "", tiny.TEXT)
    (tmp_path / "scenarios" / "tiny.yaml").write_text(text)
    monkeypatch.setenv("KIT_DATA", str(tmp_path))
    found = exercises.figures("tiny")
    assert (found.words[1], found.ease[1], found.sources) == (None, None, 0)
    assert " / –" in exercises.build()


def test_what_is_too_large_to_count_is_not_guessed(monkeypatch):
    def too_large(_):
        raise TooLargeError

    monkeypatch.setattr("kit.soundness.support.Support.worlds", too_large)
    monkeypatch.setattr(scenario, "names", lambda: ("launch-day",))
    assert exercises.figures("launch-day").worlds is None
    assert "| `launch-day` | too many to count | too many to count |" in exercises.build()
