"""Print what each option of a choice leads to."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kit import documents, engine, files, outcomes, plays, text
from kit.errors import DataError, DecisionError, Problem, shorten, suggestion
from kit.outcomes import Outcome, Reach
from kit.scenario import Scenario

FORMAT = 1
HEAD = (
    "Measure", "Mean", "10 %", "50 %", "90 %", "If assumptions differ", "Later choices", "Better",
)  # fmt: skip
JSON_HELP = """\
With --json: one object. "format" is 1; it changes only when a key is renamed or removed. "options"
holds, for each option that can be taken, "text" and "measures"; each measure has "label", "unit",
"better", "start", "mean", "sd", "p10", "p50", "p90", "low" and "high" (of the mean, while the
assumptions range), "values" and "weights" (the distribution), "method" (exact or sampled),
"samples", "standard_error" (of the mean), and "reach": "low" and "high" (of the mean, over all
"plans" for later choices of the played roles), null with a "reason" where they are not known.
"""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked on the command line, checked against the scenario."""

    scenario: Scenario
    choice: str
    roles: tuple[str, ...]
    known: Mapping[str, str]
    plan: Mapping[str, str]
    draws: int | None = None
    seed: int = 0
    found: dict[str, dict[str, Outcome]] = field(default_factory=dict)
    ends: dict[str, dict[str, Reach]] = field(default_factory=dict)


def register(commands: Any) -> None:
    """Add the command for people who want the numbers of a scenario."""
    show = commands.add_parser(
        "outcomes",
        help="print what each option of a choice leads to",
        epilog=JSON_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    show.add_argument("scenario", help="id of a shipped scenario, or a YAML file")
    show.add_argument(
        "--choice", metavar="NAME", help="the choice; the first one that is not known when absent"
    )
    show.add_argument("--role", action="append", default=[], help="played role; may be repeated")
    show.add_argument(
        "--known", metavar="NAME=OPTION", nargs="+", action="extend", default=[],
        help="what is settled: choices and uncertainties",
    )  # fmt: skip
    show.add_argument(
        "--plan", metavar="FILE", type=Path,
        help="YAML or JSON file with the option of each later choice; else the base case",
    )  # fmt: skip
    show.add_argument("--n", type=_count, help="draw this many worlds instead of exact results")
    show.add_argument("--seed", type=int, default=0, help="source of chance of the draws")
    show.add_argument("--json", action="store_true", help="print one JSON object; see below")
    show.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the outcomes of every option, as tables or as JSON."""
    asked = _question(options)
    print(json.dumps(_to_json(asked), indent=2, ensure_ascii=False) if options.json
          else _to_text(asked))  # fmt: skip
    return 0


def _count(words: str) -> int:
    """Return a number of draws; argparse turns the error into words."""
    number = int(words)
    if number < 1:
        raise ValueError
    return number


def _question(options: argparse.Namespace) -> Question:
    """Return what is asked, with its answers.

    Raises
    ------
    DecisionError
        Something named does not exist, or cannot happen.
    DataError
        The plan file is not a plan for this scenario.
    """
    scenario = plays.load_scenario(options.scenario)
    engine.check_start(scenario, tuple(options.role))
    known = _known(scenario, options.known)
    choice = _choice(scenario, options.choice, tuple(options.role), known)
    known.pop(choice, None)
    roles = tuple(dict.fromkeys([*options.role, scenario.choices[choice].role]))
    plan = read_plan(options.plan, scenario) if options.plan else {}
    asked = Question(scenario, choice, roles, known, plan, options.n, options.seed)
    if asked.draws is None:
        found = outcomes.compare(scenario, known, choice, roles=roles, plan=plan)
    else:
        found = outcomes.sample_options(
            scenario, known, choice, n=asked.draws, seed=asked.seed, roles=roles, plan=plan
        )
    if not found:
        raise DecisionError(f"No option of '{choice}' can be open here.")
    asked.found.update(found)
    asked.ends.update(outcomes.reach(scenario, known, choice, roles=roles))
    return asked


def _known(scenario: Scenario, words: list[str]) -> dict[str, str]:
    """Return what ``NAME=OPTION`` settles."""
    known: dict[str, str] = {}
    for word in words:
        name, mark, value = word.partition("=")
        if not mark:
            raise DecisionError(f"'{word}' is not of the form name=option.")
        variable = scenario.variables.get(name)
        if variable is None:
            raise DecisionError(
                f"'{name}' is nothing to know. {suggestion(name, scenario.variables)}"
            )
        if value not in variable.domain:
            hint = suggestion(value, variable.domain)
            raise DecisionError(f"'{name}' cannot be '{value}'. {hint}")
        if known.get(name, value) != value:
            raise DecisionError(f"'{name}' is settled twice, as '{known[name]}' and '{value}'.")
        known[name] = value
    return known


def _choice(
    scenario: Scenario, name: str | None, roles: tuple[str, ...], known: Mapping[str, str]
) -> str:
    """Return the choice to compare the options of."""
    if name is None:
        left = [c.id for c in scenario.choices.values() if not roles or c.role in roles]
        left = [choice for choice in left if choice not in known]
        if not left:
            raise DecisionError("Every choice of these roles is settled.")
        return left[0]
    if name not in scenario.choices:
        raise DecisionError(f"No choice is called '{name}'. {suggestion(name, scenario.choices)}")
    return name


def read_plan(path: Path, scenario: Scenario) -> dict[str, str]:
    """Return the plan in a YAML or JSON file: an option for each of some choices.

    Raises
    ------
    DataError
        With every problem of the file and its line.
    """
    document = documents.parse(files.read_text(path), path.name)
    if not isinstance(document.value, dict):
        remedy = "Write one line for each choice, for example 'sharing: live'."
        raise DataError([Problem(path.name, "A plan maps choices to options.", remedy, 1)])
    problems = []
    for name, value in document.value.items():
        choice = scenario.choices.get(name)
        line = document.line((name,))
        if choice is None:
            cause, hint = f"There is no choice '{name}'.", suggestion(name, scenario.choices)
        elif not isinstance(value, str) or value not in choice.options:
            cause = f"'{name}' has no option '{value}'."
            hint = suggestion(str(value), choice.options)
        else:
            continue
        problems.append(Problem(path.name, shorten(cause), hint, line))
    if problems:
        raise DataError(problems)
    return dict(document.value)


def _to_text(asked: Question) -> str:
    """Return one table for each option, and what the columns mean."""
    scenario, choice = asked.scenario, asked.scenario.choices[asked.choice]
    played = ", ".join(scenario.roles[role].name for role in asked.roles)
    settled = ", ".join(f"{n}={v}" for n, v in asked.known.items()) or "nothing"
    parts = [
        f"{text.EXERCISE_MARK} · {scenario.title}",
        f"{scenario.roles[choice.role].name} decides: {choice.question}  [{choice.id}]",
        f"Played: {played}. Settled: {settled}.",
        "",
    ]
    for option, found in asked.found.items():
        rows: list[tuple[str, ...]] = [HEAD]
        rows += [_row(scenario, name, found[name], asked.ends.get(option)) for name in found]
        parts += [f"{option}: {choice.label(option)}", text.table(rows), ""]
    every = [outcome for found in asked.found.values() for outcome in found.values()]
    parts += [
        "If assumptions differ: the mean, while every assumption ranges from low to high.",
        "Later choices: the mean, over all plans for the later choices of the played roles.",
        *_reasons(asked),
        _method(every),
        text.MODEL_MARK,
    ]
    return "\n".join(parts)


def _row(
    scenario: Scenario, name: str, outcome: Outcome, ends: Mapping[str, Reach] | None
) -> tuple[str, ...]:
    measure, number = scenario.measures[name], text.number
    end = ends[name] if ends else None
    mark = "" if outcome.method == "exact" else f" ± {text.number(2 * outcome.standard_error)}"
    far = "not known"
    if end is not None and end.low is not None and end.high is not None:
        far = f"{number(end.low)} to {number(end.high)}"
    return (
        f"{measure.label} ({measure.unit})",
        number(outcome.mean) + mark,
        *(number(value) for value in (outcome.p10, outcome.p50, outcome.p90)),
        f"{number(outcome.low)} to {number(outcome.high)}",
        far,
        "higher" if measure.better == "high" else "lower",
    )


def _reasons(asked: Question) -> list[str]:
    """Return why some ends of later choices are not known, each reason once."""
    every = [end.reason for ends in asked.ends.values() for end in ends.values() if end.reason]
    return [f"Not known: {reason}" for reason in dict.fromkeys(every)]


def _method(results: list[Outcome]) -> str:
    """Return how the numbers were found."""
    drawn = [outcome for outcome in results if outcome.method == "sampled"]
    if not drawn:
        return "Exact: every possible world is counted with its chance."
    which = "All" if len(drawn) == len(results) else "Those with ±"
    return (
        f"{which} are sampled: {drawn[0].samples} draws for each option; ± is two standard errors."
    )


def _to_json(asked: Question) -> dict[str, Any]:
    """Return everything as plain values; see ``JSON_HELP``."""
    scenario, choice = asked.scenario, asked.scenario.choices[asked.choice]
    return {
        "format": FORMAT,
        "scenario": {
            "id": scenario.id,
            "version": scenario.version,
            "fingerprint": scenario.fingerprint,
        },
        "choice": asked.choice,
        "roles": list(asked.roles),
        "known": dict(asked.known),
        "plan": {**scenario.base_case, **asked.plan},
        "n": asked.draws,
        "seed": None if asked.draws is None else asked.seed,
        "options": {
            option: {
                "text": choice.label(option),
                "measures": {
                    name: _measure(scenario, outcome, asked.ends.get(option, {}).get(name))
                    for name, outcome in found.items()
                },
            }
            for option, found in asked.found.items()
        },
    }


def _measure(scenario: Scenario, outcome: Outcome, end: Reach | None) -> dict[str, Any]:
    measure = scenario.measures[outcome.measure]
    keys = ("mean", "sd", "p10", "p50", "p90", "low", "high", "method", "samples")
    reach = asdict(end) if end else {"low": None, "high": None, "plans": 0, "reason": "Sampled."}
    reach.pop("measure", None)
    return {
        **{key: getattr(measure, key) for key in ("label", "unit", "better", "start")},
        **{key: getattr(outcome, key) for key in keys},
        "standard_error": outcome.standard_error,
        "values": outcome.values.tolist(),
        "weights": outcome.weights.tolist(),
        "reach": reach,
    }
