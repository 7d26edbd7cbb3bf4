"""Measure the kit beside other programs, in turns in one process; prints JSON.

``bench.py`` runs this with the interpreter that has the peers, which need not be the kit's own:
EMA Workbench 3 wants a newer Python. What is not installed is named under ``absent``.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import sys
import tempfile
import time
import warnings
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from kit import engine, outcomes  # noqa: E402
from kit.export.diagram import to_bifxml  # noqa: E402
from kit.outcomes.tables import compiled  # noqa: E402
from kit.plays import load_scenario  # noqa: E402

EXERCISE = "shared-warning"
PAIRS = 9
WORLDS = 1_000_000  # drawn by the kit in one turn
EXPERIMENTS = 3_000  # run by the workbench in one turn
NEAR = 1e-9


def seconds(action):
    """Return how long something took, and what it returned."""
    start = time.perf_counter()
    found = action()
    return time.perf_counter() - start, found


def model(scenario):
    """Return the scenario as a plain function from luck to measures, as one would write it.

    Luck is one number from 0 to 1 for each variable. All tables are worked out beforehand, so that
    a call only looks things up.
    """
    steps = []
    for name, variable in scenario.variables.items():
        factor = compiled(scenario, name, None)
        parents = factor.names[:-1]
        rows = factor.table[..., 0].cumsum(axis=-1)
        table = {place: rows[place].tolist() for place in np.ndindex(rows.shape[:-1])}
        steps.append((name, parents, table, len(variable.domain) - 1))
    codes = {n: {v: i for i, v in enumerate(x.domain)} for n, x in scenario.variables.items()}
    effects = [
        (
            [(n, frozenset(codes[n][v] for v in values)) for n, values in effect.when.terms],
            [(m, scenario.size(amount)) for m, amount in effect.change.items()],
        )
        for effect in scenario.effects
    ]
    starts = {name: measure.start for name, measure in scenario.measures.items()}

    def run(**luck):
        world = {}
        for name, parents, table, last in steps:
            row = table[tuple(world[parent] for parent in parents)]
            code, drawn = 0, luck[name]
            while code < last and drawn >= row[code]:
                code += 1
            world[name] = code
        totals = dict(starts)
        for terms, changes in effects:
            if all(world[name] in values for name, values in terms):
                for measure, size in changes:
                    totals[measure] += size
        return totals

    return run


def workbench(scenario):
    """Return worlds a second, drawn by the kit and run by EMA Workbench, in turns."""
    from ema_workbench import Model, RealParameter, ScalarOutcome, SequentialEvaluator, ema_logging

    ema_logging.get_module_logger("").setLevel(logging.ERROR)
    ema = Model("exercise", function=model(scenario))
    ema.uncertainties = [RealParameter(name, 0, 1) for name in scenario.variables]
    ema.outcomes = [ScalarOutcome(measure) for measure in scenario.measures]
    exact = outcomes.evaluate(scenario)

    def theirs():
        with contextlib.redirect_stderr(io.StringIO()), SequentialEvaluator(ema) as evaluator:
            return evaluator.perform_experiments(scenarios=EXPERIMENTS)[1]

    def ours():
        return outcomes.sample(scenario, n=WORLDS, rng=np.random.default_rng(0))

    ours(), theirs()  # the first run is left out
    rates = []
    for _ in range(PAIRS):
        mine, drawn = seconds(ours)
        other, found = seconds(theirs)
        for measure, right in exact.items():  # both must run the same scenario
            error = right.sd / EXPERIMENTS**0.5
            assert abs(np.mean(found[measure]) - right.mean) < 6 * error
            assert abs(drawn[measure].mean - right.mean) < 6 * right.sd / WORLDS**0.5
        rates.append((WORLDS / mine, EXPERIMENTS / other))
    return {"kit": [a for a, _ in rates], "peer": [b for _, b in rates]}


def diagrams(scenario, roles):
    """Return milliseconds for all options of a choice, exactly, by the kit and pyAgrum in turns.

    pyAgrum answers with means; the kit with whole distributions, and with means alone.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyagrum
    asked = engine.open_choices(scenario, engine.State(roles))[0]
    with tempfile.TemporaryDirectory(prefix="kit-bench-") as folder:
        file = Path(folder) / "diagram.bifxml"
        text = to_bifxml(scenario, roles=roles, decisions=[asked.id])
        file.write_text(text, encoding="utf-8")
        diagram = pyagrum.InfluenceDiagram()
        diagram.loadBIFXML(str(file))
    nodes = {m: [n for n in diagram.names() if n.startswith(f"{m}.")] for m in scenario.measures}

    def theirs():
        inference = pyagrum.ShaferShenoyLIMIDInference(diagram)
        found = {}
        for option in asked.domain:
            inference.setEvidence({asked.id: option})
            inference.makeInference()
            found[option] = {
                m: sum(inference.meanVar(node)["mean"] for node in nodes[m]) for m in nodes
            }
        return found

    def whole():
        return outcomes.compare(scenario, {}, asked.id, roles=roles)

    def short():
        return outcomes.means(scenario, {}, asked.id, roles=roles)

    times = {"kit": [], "means": [], "peer": []}
    for turn in range(3 * PAIRS):
        for name, action in (("kit", whole), ("means", short), ("peer", theirs)):
            took, found = seconds(action)
            if name == "kit":
                right = found
            for option in found:
                for measure, value in found[option].items():
                    mean = value if name == "peer" else value.mean
                    assert abs(mean - right[option][measure].mean) < NEAR
            if turn >= 3:  # the first runs are left out
                times[name].append(1000 * took)
    return times


def installed(name, least):
    """Return the version of a package, or None where it is absent or too old."""
    try:
        found = version(name)
    except PackageNotFoundError:
        return None
    return found if int(found.split(".")[0]) >= least else None


def main():
    """Measure what can be measured here and print it."""
    scenario = load_scenario(EXERCISE)
    found = {"python": sys.version.split()[0], "versions": {}, "absent": []}
    for name, least in (("ema-workbench", 3), ("pyagrum", 3)):
        if number := installed(name, least):
            found["versions"][name] = number
        else:
            found["absent"].append(f"{name} {least} or newer")
    if "ema-workbench" in found["versions"]:
        found["workbench"] = workbench(scenario)
    if "pyagrum" in found["versions"]:
        every = scenario.playable
        found["one role"] = diagrams(scenario, every[:1])
        found["three roles"] = diagrams(scenario, every)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
