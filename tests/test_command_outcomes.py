"""``python -m kit outcomes``: what is printed, what is refused, and what JSON readers rely on."""

from __future__ import annotations

import argparse
import json

import pytest
import tiny

from kit.commands import outcomes as command
from kit.errors import DataError, DecisionError
from kit.outcomes import compare, reach

NEAR = 1e-9


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command on the small scenario; return the exit code and what was printed."""
    made = tiny.parsed()
    monkeypatch.setattr(command.plays, "load_scenario", lambda name: made)
    parser = argparse.ArgumentParser()
    command.register(parser.add_subparsers())

    def call(*words):
        options = parser.parse_args(["outcomes", "tiny", *map(str, words)])
        code = options.run(options)
        return code, capsys.readouterr().out

    return call


def test_every_option_has_its_table(run):
    code, out = run("--choice", "sharing")
    assert code == 0
    assert "EXERCISE ONLY · Two towns, one river" in out
    for words in ("none: Keep them.", "daily: Send a note a day.", "live: Connect the gauge."):
        assert words in out
    live = out[out.index("live:") :].splitlines()
    assert live[1].split() == command_head()
    trust = next(line for line in live if line.startswith("Trust (points)"))
    cells = [cell for cell in trust.split("  ") if cell]
    assert [c.strip() for c in cells] == [
        "Trust (points)", "10.1", "4", "9", "14", "8.7 to 13", "10.1 to 11.4", "higher",
    ]  # fmt: skip
    assert "Exact: every possible world is counted" in out
    assert "not a forecast" in out


def command_head():
    return " ".join(command.HEAD).split()


def test_the_first_choice_left_is_meant(run):
    assert "[sharing]" in run()[1]
    assert "[gauge]" in run("--known", "sharing=live")[1]
    assert "[reply]" in run("--role", "bravo")[1]


def test_what_is_known_counts(run):
    _, out = run("--choice", "warn", "--known", "sharing=live", "flood=yes", "--json")
    found = json.loads(out)
    assert found["known"] == {"sharing": "live", "flood": "yes"}
    mine = compare(tiny.parsed(), found["known"], "warn")
    for option, measures in mine.items():
        for name, outcome in measures.items():
            shown = found["options"][option]["measures"][name]
            assert shown["mean"] == pytest.approx(outcome.mean, abs=NEAR)
            assert shown["values"] == outcome.values.tolist()


def test_json_keeps_its_keys(run):
    """Readers rely on these names; a new format number goes with every name that leaves."""
    code, out = run("--choice", "sharing", "--role", "bravo", "--json")
    found = json.loads(out)
    assert code == 0
    assert set(found) == {
        "format", "scenario", "choice", "roles", "known", "plan", "n", "seed", "options",
    }  # fmt: skip
    assert (found["format"], found["choice"], found["roles"]) == (1, "sharing", ["bravo", "alfa"])
    assert (found["n"], found["seed"]) == (None, None)
    assert set(found["scenario"]) == {"id", "version", "fingerprint"}
    assert list(found["options"]) == ["none", "daily", "live"]
    measure = found["options"]["live"]["measures"]["trust"]
    assert set(measure) == {
        "label", "unit", "better", "start", "mean", "sd", "p10", "p50", "p90", "low", "high",
        "method", "samples", "standard_error", "values", "weights", "reach",
    }  # fmt: skip
    for key in measure:
        assert f'"{key}"' in command.JSON_HELP
    assert measure["method"] == "exact"
    assert sum(measure["weights"]) == pytest.approx(1, abs=NEAR)
    ends = reach(tiny.parsed(), {}, "sharing", roles=["bravo"])["live"]["trust"]
    assert measure["reach"] == {"low": ends.low, "high": ends.high, "plans": 6, "reason": ""}


def test_a_plan_comes_from_a_file_in_yaml_or_json(run, tmp_path):
    means = []
    for name, text in (("plan.yaml", "warn: loud\n"), ("plan.json", '{"warn": "loud"}')):
        (tmp_path / name).write_text(text, encoding="utf-8")
        _, out = run("--choice", "sharing", "--plan", tmp_path / name, "--json")
        found = json.loads(out)
        assert found["plan"]["warn"] == "loud"
        means.append(found["options"]["live"]["measures"]["trust"]["mean"])
    assert means == pytest.approx([11.4, 11.4], abs=NEAR)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("warn: loud\nwrn: loud\n", ["plan.yaml", "line 2", "no choice 'wrn'", "'warn'"]),
        ("# mine\nwarn: aloud\n", ["plan.yaml", "line 2", "no option 'aloud'", "'loud'"]),
        ("warn: 3\n", ["line 1", "no option '3'"]),
        ("warn: [loud]\n", ["line 1", "no option"]),
        ("- warn\n", ["line 1", "maps choices to options"]),
        ("warn: loud\nwarn: quiet\n", ["line 2", "twice"]),
        ("warn: &a loud\n", ["line 1"]),
        ("", ["plan.yaml", "empty"]),
    ],
)
def test_a_plan_that_is_none_is_refused_with_its_place(run, tmp_path, text, words):
    file = tmp_path / "plan.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        run("--plan", file)
    for word in words:
        assert word in str(caught.value)


def test_a_plan_that_is_not_there_is_refused(run, tmp_path):
    with pytest.raises(DataError, match=r"none\.yaml"):
        run("--plan", tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--known", "sharing"], "not of the form"),
        (["--known", "shring=live"], "Did you mean 'sharing'"),
        (["--known", "sharing=alive"], "Did you mean 'live'"),
        (["--known", "sharing=live", "sharing=none"], "settled twice"),
        (["--choice", "share"], "Did you mean 'sharing'"),
        (["--role", "charlie"], "Nobody can play"),
        (["--known", "sharing=none", "reply=build", "--choice", "warn"], "cannot happen"),
        (["--role", "bravo", "--known", "reply=accept"], "Every choice"),
    ],
)
def test_what_cannot_be_asked_is_refused(run, words, message):
    with pytest.raises(DecisionError, match=message):
        run(*words)


def test_samples_say_so_and_come_again_with_their_seed(run):
    first, again = (run("--choice", "sharing", "--n", 500, "--seed", 3)[1] for _ in range(2))
    assert first == again
    assert "All are sampled: 500 draws for each option" in first
    assert "±" in first
    found = json.loads(run("--choice", "sharing", "--n", 500, "--seed", 3, "--json")[1])
    assert (found["n"], found["seed"]) == (500, 3)
    measure = found["options"]["live"]["measures"]["trust"]
    assert (measure["method"], measure["samples"]) == ("sampled", 500)
    right = compare(tiny.parsed(), {}, "sharing")["live"]["trust"].mean
    assert abs(measure["mean"] - right) < 4 * measure["standard_error"]


@pytest.mark.parametrize("number", ["0", "-1", "many"])
def test_a_number_of_draws_is_at_least_one(run, number):
    with pytest.raises(SystemExit):
        run("--n", number)


def test_an_option_that_waits_is_sampled_where_it_is_open(run):
    found = json.loads(run("--choice", "reply", "--n", 2000, "--json")[1])
    assert list(found["options"]) == ["accept", "refuse", "build"]
    found = json.loads(run("--choice", "reply", "--known", "sharing=none", "--n", 50, "--json")[1])
    assert list(found["options"]) == ["accept", "refuse"]
