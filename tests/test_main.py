"""The kit in a terminal: everything a learner can do without widgets."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest
import tiny

import kit
from kit.__main__ import main

PLAYABLE = tiny.TEXT.replace("1999-flood", "npt-1968").replace(
    "2001-treaty", "us-japan-security-treaty-1960"
)
TABLE = "If assumptions differ"


@pytest.fixture(autouse=True)
def capsules(tmp_path, monkeypatch):
    """The folder of saved plays of this test, empty at first."""
    folder = tmp_path / "capsules"
    monkeypatch.setenv("KIT_CAPSULES", str(folder))
    return folder


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "tiny.yaml"
    path.write_text(PLAYABLE, "utf-8")
    return str(path)


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command with typed lines; return exit code, output and error output."""

    def run(arguments, *typed):
        lines = iter(typed)

        def answer(prompt=""):
            print(prompt, end="")
            try:
                line = next(lines)
            except StopIteration:
                raise EOFError from None
            if line is KeyboardInterrupt:
                raise KeyboardInterrupt
            return line

        monkeypatch.setattr("builtins.input", answer)
        code = main(arguments)
        assert next(lines, None) is None, "not every line was read"
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def test_check_prints_counts_and_ends_well(run):
    code, out, err = run(["check"])
    assert code == 0
    assert "events" in out
    assert re.search(r"events +[1-9]", out)
    assert "No problems found." in out
    assert err == ""


def test_check_fails_on_a_broken_table_as_a_command(root, tmp_path):
    """As a real command, because shells and CI see the exit code only."""
    data = tmp_path / "data"
    shutil.copytree(root / "data", data)
    path = data / "events.csv"
    path.write_text(path.read_text("utf-8").replace(",2006-10-09,", ",2006-13-09,", 1), "utf-8")
    command = [sys.executable, "-m", "kit", "check"]
    environment = {**os.environ, "KIT_DATA": str(data), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, timeout=120)
    out = done.stdout.decode()
    assert done.returncode == 1
    assert "events.csv has" in out
    assert "column date" in out
    assert b"Traceback" not in done.stderr


def test_a_whole_play_by_keyboard(run, file):
    typed = ["live", "Trust first.", "npt-1968", "80", "", "loud", "", "", "", ""]
    code, out, err = run(["play", file, "--role", "alfa", "--seed", "7"], *typed)
    assert code == 0
    assert err == ""
    assert out.index("Snow melts") < out.index("Alfa decides") < out.index(TABLE)
    assert out.index(TABLE) < out.index("The river is low")
    assert "The exercise is over." in out
    assert "Trade-off: Visible to all." in out
    assert out.index("For Alfa, the mayor only") < out.index("You own the gauge.")
    assert "You live downstream." not in out  # the brief of another role
    session = kit.resume(file)
    assert session.over
    assert session.seed == 7
    taken = [event for event in session.log if event.kind == "decide"]
    assert [(e.value, e.note, e.confidence, e.evidence) for e in taken] == [
        ("live", "Trust first.", 80, ("npt-1968",)),
        ("loud", "", None, ()),
    ]


def test_no_outcomes_are_shown_before_the_first_decision(run, file):
    _, out, _ = run(["play", file, "--role", "alfa", "--seed", "7"], "quit")
    assert TABLE not in out


def test_the_role_is_asked_for_when_it_is_not_given(run, file):
    code, out, _ = run(["play", file], "bravo", "quit")
    assert code == 0
    assert "alfa, bravo" in out
    assert kit.resume(file).state.roles == ("bravo",)


def test_two_roles_are_played_from_one_keyboard(run, file):
    typed = ["live", "", "", "", "", "loud", "", "", "", "", "build", "", "", "", ""]
    code, out, _ = run(["play", file, "--role", "alfa", "--role", "bravo"], *typed)
    assert code == 0
    known = kit.resume(file).state.known
    assert (known["sharing"], known["warn"], known["reply"]) == ("live", "loud", "build")
    assert "How do you warn in a flood? By siren." in out  # what one is about to decide


def test_a_play_that_was_left_goes_on_with_the_same_command(run, file):
    command = ["play", file, "--role", "alfa", "--seed", "7"]
    _, out, _ = run(command, "daily", "", "", "", "", "quit")
    assert "Saved." in out
    left = kit.resume(file)
    code, out, _ = run(command, "quiet", "", "", "", "")
    assert code == 0
    assert "Continuing the saved play" in out
    session = kit.resume(file)
    assert session.log[: len(left.log)] == left.log
    assert session.over


@pytest.mark.parametrize(
    "typed",
    [
        (),
        ("daily",),
        ("daily", "Because."),
        (KeyboardInterrupt,),
        ("daily", KeyboardInterrupt),
        ("daily", "Because.", KeyboardInterrupt),
        ("daily", "Because.", "npt-1968", "60"),
    ],
)
def test_leaving_in_the_middle_of_a_question_loses_nothing_and_decides_nothing(run, file, typed):
    code, out, err = run(["play", file, "--role", "alfa"], *typed)  # then the input ends
    assert code == 0
    assert "Saved." in out
    assert err == ""
    assert not [event for event in kit.resume(file).log if event.kind == "decide"]


def test_starting_anew_keeps_the_old_play(run, file, capsules):
    run(["play", file, "--role", "alfa"], "daily", "", "", "", "", "quit")
    run(["play", file, "--role", "bravo", "--new"], "quit")
    assert kit.resume(file).state.roles == ("bravo",)
    assert kit.resume(file, capsules / "tiny.1.json").state.known["sharing"] == "daily"


def test_the_results_are_told_once_at_the_end(run, file):
    typed = ["live", "", "", "", "", "loud", "", "", "", ""]
    code, out, _ = run(["play", file, "--role", "alfa", "--seed", "7"], *typed)
    assert code == 0
    assert out.count(TABLE) == 2  # after the first decision, and at the end
    assert out.index("The exercise is over") < out.rindex(TABLE)
    code, out, _ = run(["play", file])
    assert out.count(TABLE) == 1


def test_a_second_future_is_played_and_put_beside_the_first(run, file, capsules):
    typed = ["live", "", "", "", "", "fork", "none", "", "", "", "", "loud", "", "", "", ""]
    code, out, err = run(["play", file, "--role", "alfa", "--seed", "7"], *typed)
    assert (code, err) == (0, "")
    assert "tiny-fork-1.json" in out
    assert "First:  Connect the gauge." in out
    assert "Second: Keep them." in out
    assert kit.resume(file).state.known["sharing"] == "live"
    second = kit.resume(file, capsules / "tiny-fork-1.json")
    assert second.state.known["sharing"] == "none"
    assert second.over
    code, out, _ = run(["play", file, "--file", str(capsules / "tiny-fork-1.json")])
    assert "The exercise is over" in out


@pytest.mark.parametrize("words", ["fork", "fork sharing"])
def test_without_a_decision_there_is_no_second_future(run, file, capsules, words):
    code, out, _ = run(["play", file, "--role", "alfa"], words, "quit")
    assert code == 0
    assert "to begin again from" in out
    assert [path.name for path in capsules.iterdir()] == ["tiny.json"]


ASKED = """\
    predictions:
      - {id: soaked, question: Is it wet?, resolves: {variable: rain, value: wet}}
      - {id: held, question: Where does trust end?, resolves: {measure: trust}}
    choices:
      sharing:
"""


def test_predictions_come_first_and_are_told_at_the_end(run, tmp_path, capsules):
    path = tmp_path / "tiny.yaml"
    path.write_text(tiny.edited(("    choices:\n      sharing:\n", ASKED), text=PLAYABLE), "utf-8")
    command = ["play", str(path), "--role", "alfa", "--seed", "7"]
    typed = ["often", "120", "70 %", "12", "20 10", "8 14", "live", "", "", "", "", "predictions"]
    code, out, err = run(command, *typed, "loud", "", "", "", "")
    assert (code, err) == (0, "")
    assert "'often' is not one number" in out
    assert "'120' is not a number from 0 to 100" in out
    assert "'12' is not two numbers" in out
    assert "'20..10' is not a range" in out
    assert out.index("Sealed: ") < out.index("Alfa decides")
    assert out.count("You said: 70 %") == 2  # when asked for, and at the end
    assert out.count("You said: 8 to 14 points") == 2
    said = [e.value for e in kit.resume(str(path)).log if e.kind == "predict"]
    assert said == ["70", "8..14"]


def test_an_empty_answer_passes_a_prediction(run, tmp_path, capsules):
    path = tmp_path / "tiny.yaml"
    path.write_text(tiny.edited(("    choices:\n      sharing:\n", ASKED), text=PLAYABLE), "utf-8")
    code, out, _ = run(["play", str(path), "--role", "alfa"], "", "", "quit")
    assert code == 0
    assert out.count("Passed.") == 2


def test_undo_results_and_situation(run, file):
    typed = ["undo", "live", "", "", "", "", "results", "situation", "brief", "undo", "quit"]
    code, out, _ = run(["play", file, "--role", "alfa", "--seed", "7"], *typed)
    assert code == 0
    assert "There is no decision to take back." in out
    assert out.count(TABLE) == 2  # after the decision, and when asked for
    assert out.count("The river is low") == 2
    assert out.count("You own the gauge.") == 2  # at first, and when asked for
    assert out.count("Snow melts") == 2  # at first, and after undo
    log = kit.resume(file).log
    assert [event.kind for event in log].count("withdraw") == 1
    assert kit.resume(file).open[0].id == "sharing"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["liv"], "'liv' is not open. Open options: none, daily, live"),
        ([""], "Open options: none, daily, live"),
        (["loud"], "'loud' is not open"),
        (["live", "", "", "101"], "100 percent"),
        (["live", "", "", "-1"], "not a whole number from 0 to 100"),
        (["live", "", "", "abc"], "not a whole number from 0 to 100"),
        (["live", "", "", "5.5"], "not a whole number from 0 to 100"),
        (["live", "", "npt-1969", "", ""], "Did you mean 'npt-1968'"),
    ],
)
def test_what_is_refused_is_asked_again(run, file, typed, told):
    code, out, err = run(["play", file, "--role", "alfa"], *typed, "quit")
    assert code == 0
    assert told in out
    assert err == ""
    assert out.count("Alfa decides") == 2
    assert not [event for event in kit.resume(file).log if event.kind == "decide"]


def test_what_cannot_be_saved_is_said(run, file, tmp_path, monkeypatch):
    blocked = tmp_path / "a-file"
    blocked.write_text("x")
    monkeypatch.setenv("KIT_CAPSULES", str(blocked / "capsules"))
    code, out, _ = run(
        ["play", file, "--role", "alfa"], "live", "", "", "", "", "loud", "", "", "", ""
    )
    assert code == 0
    assert "Your play is not saved" in out


@pytest.mark.parametrize(
    ("arguments", "typed", "told"),
    [
        (["play", "shared-waring"], (), "Did you mean 'shared-warning'"),
        (["play", "FILE", "--role", "charlie"], (), "Nobody can play 'charlie'"),
        (["play", "FILE"], ("delta",), "Nobody can play 'delta'"),
        (["play", "FILE"], (), "Nobody can play ''"),
        (["report", "FILE", "OUT.html"], (), "does not exist"),
    ],
)
def test_what_is_wrong_is_one_message_and_exit_code_one(
    run, file, tmp_path, arguments, typed, told
):
    names = {"FILE": file, "OUT.html": str(tmp_path / "out.html")}
    code, _, err = run([names.get(word, word) for word in arguments], *typed)
    assert code == 1
    assert told in err
    assert "Traceback" not in err
    assert not (tmp_path / "out.html").exists()


def test_a_damaged_saved_play_is_not_played_over(run, file, capsules):
    capsules.mkdir()
    (capsules / "tiny.json").write_text("{", "utf-8")
    code, _, err = run(["play", file, "--role", "alfa"])
    assert code == 1
    assert "tiny.json" in err
    assert "--new" in err
    code, _, _ = run(["play", file, "--role", "alfa", "--new"], "quit")
    assert code == 0
    assert (capsules / "tiny.1.json").read_text("utf-8") == "{"


def test_the_report_of_the_saved_play_is_written(run, file, tmp_path):
    run(["play", file, "--role", "alfa"], "live", "Trust first.", "", "", "", "quit")
    target = tmp_path / "reports" / "mine.html"
    code, out, _ = run(["report", file, str(target)])
    assert code == 0
    assert out.strip() == str(target)
    assert "Trust first." in target.read_text("utf-8")


def test_a_report_that_cannot_be_written_is_one_message(run, file, tmp_path):
    run(["play", file, "--role", "alfa"], "quit")
    (tmp_path / "a-file").write_text("x")
    for target in (tmp_path / "report.pdf", tmp_path / "a-file" / "report.html"):
        code, out, err = run(["report", file, str(target)])
        assert code == 1
        assert out == ""
        assert "The report is not written" in err


@pytest.mark.parametrize("arguments", [[], ["paly"], ["play"], ["play", "x", "--seed", "one"]])
def test_a_command_that_is_none_shows_how_to_use_it(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: python -m kit" in capsys.readouterr().err


def test_the_shipped_exercise_can_be_played_to_its_end(run):
    """By always taking the first option named, whatever the luck."""
    exercise = kit.load_scenario("shared-warning")
    typed = []
    for move in exercise.moves.values():
        own = [exercise.choices[n] for n in move.choices if exercise.choices[n].role == "kor"]
        if own:
            typed += [""] * len(move.predictions)
        typed += [line for choice in own for line in (next(iter(choice.options)), *[""] * 4)]
    code, out, _ = run(["play", "shared-warning", "--role", "kor"], *typed)
    assert code == 0
    assert "The exercise is over." in out
    assert kit.resume("shared-warning").over
