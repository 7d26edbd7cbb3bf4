"""Codes in the terminal: printed at the end of a play, and continued on another machine."""

from __future__ import annotations

import re

import pytest
from test_main import capsules as capsules
from test_main import file as file
from test_main import run as run

import kit

PRINTED = re.compile(r"Code of this play: (\S+)")


def test_the_code_of_a_finished_play_is_printed_and_leads_to_the_same_state(
    run, file, monkeypatch, tmp_path
):
    typed = ["daily", "Why.", "", "80", "", "quiet", "", "", "", ""]
    _, out, _ = run(["play", file, "--role", "alfa", "--seed", "7"], *typed)
    (code,) = PRINTED.findall(out)
    assert "no predictions, reasons" in out
    first = kit.resume(file)
    monkeypatch.setenv("KIT_CAPSULES", str(tmp_path / "elsewhere"))
    status, out, err = run(["play", file, "--code", code.lower()])
    assert (status, err) == (0, "")
    assert "Continuing the play of this code" in out
    assert PRINTED.findall(out) == [code]
    second = kit.resume(file)
    assert second.hash == first.hash
    assert [e.confidence for e in second.log if e.kind == "decide"] == [80, None]


def test_a_play_that_was_left_goes_on_by_its_code_and_the_one_here_is_set_aside(
    run, file, capsules
):
    command = ["play", file, "--role", "alfa", "--seed", "7"]
    _, out, _ = run(command, "daily", "", "", "", "", "quit")
    (code,) = PRINTED.findall(out)
    kept = (capsules / "tiny.json").read_bytes()
    _, out, _ = run(["play", file, "--code", code], "quiet", "", "", "", "")
    assert (capsules / "tiny.1.json").read_bytes() == kept
    assert sorted(path.name for path in capsules.iterdir()) == ["tiny.1.json", "tiny.json"]
    assert "kept as" not in out
    assert kit.resume(file).over


@pytest.mark.parametrize("code", ["", "ABCD", "<b>", "A" * 5_000])
def test_a_bad_code_leaves_the_saved_play_as_it_is(run, file, capsules, code):
    run(["play", file, "--role", "alfa", "--seed", "7"], "daily", "", "", "", "", "quit")
    kept = (capsules / "tiny.json").read_bytes()
    status, _, err = run(["play", file, "--code", code])
    assert status != 0
    assert "code" in err
    assert "Traceback" not in err
    assert [path.name for path in capsules.iterdir()] == ["tiny.json"]
    assert (capsules / "tiny.json").read_bytes() == kept
