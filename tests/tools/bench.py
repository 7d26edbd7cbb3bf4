"""Measure how quick the kit is: ``python tests/tools/bench.py [--no-browser] [--write]``.

Prints tables; ``--write`` also puts them into ``docs/performance.md``. Nothing here fails because
a machine is slow: the bars are shown beside what was found. See ``bench_browser.py`` for what is
measured in a browser, ``bench_peers.py`` for what is measured beside other programs (the optional
extra ``bench``), and ``bench_large.py`` for scenarios made by rule.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # also where the kit is not installed

import bench_warning  # noqa: E402

from kit import engine  # noqa: E402
from kit.plays import load_scenario  # noqa: E402
from kit.session import Session  # noqa: E402

DOCUMENT = ROOT / "docs" / "performance.md"
MARKS = ("<!-- figures: written by bench.py -->", "<!-- end of figures -->")
EXERCISE = "shared-warning"
ALL_ROLES = ("kor", "jpn", "usa")
PROCESSES = 9  # fresh interpreters for each measurement
PLAYS = 9  # plays from start to end for each measurement
SIZES = (8, 16, 24, 32, 48, 64, 96)  # variables of scenarios made by rule
CURVE = """\
Time against the number of variables: exact means of every measure for all options of a choice, on
scenarios made by rule (three values each; every odds and every effect looks at up to three
variables, any three that come before). Two choices of each of nine seeds, nothing worked out
beforehand."""
CLOCK = "import time; start = time.perf_counter(); "
STOP = "; print(time.perf_counter() - start)"
FIRST_DECISION = f"""
import time
from kit.plays import load_scenario
from kit.session import Session
play = Session(load_scenario("{EXERCISE}"), ["kor"], seed=2023)
play.pass_predictions()
start = time.perf_counter()
play.decide("real-time")
play.outcomes(), play.base()
print(time.perf_counter() - start)
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what, the figures in their unit, and the bar where there is one.

    The bar is the most that a figure may be, or with ``more`` the least.
    """

    what: str
    unit: str
    figures: tuple[float, ...]
    bar: float | None = None
    more: bool = False

    def cells(self) -> list[str]:
        """Return the line as text; whether the bar is met goes by the median."""
        middle = statistics.median(self.figures)
        shown = [f"{x:.{_digits(x)}f}" for x in (middle, min(self.figures), max(self.figures))]
        if self.bar is None:
            bar = met = ""
        else:
            bar = f"≥ {self.bar:g}" if self.more else f"{self.bar:g}"
            good = middle >= self.bar if self.more else middle <= self.bar
            met = "yes" if good else "**no**"
        return [self.what, self.unit, *shown, str(len(self.figures)), bar, met]


def _digits(value: float) -> int:
    return 0 if value >= 100 else 1 if value >= 10 else 2


def fresh(code: str) -> float:
    """Return the seconds that a piece of code prints in an interpreter of its own."""
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(run.stdout)


def whole(code: str) -> float:
    """Return the seconds that an interpreter takes from its start to its end."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    return time.perf_counter() - start


def processes() -> Iterable[Row]:
    """Measure what a fresh process pays: importing, loading, the first decision."""
    whole("import kit")  # writes the byte code
    pairs = [(whole("pass"), whole("import kit")) for _ in range(PROCESSES)]
    yield Row("`import kit`, beyond the interpreter", "s", tuple(b - a for a, b in pairs), 0.3)
    load = "from kit import tables; tables.load_all()"
    # Each first run is left out: it brings files into the machine's memory.
    alone = [fresh(f"import pandas; {CLOCK}{load}{STOP}") for _ in range(PROCESSES + 1)]
    yield Row("`kit.load` of all tables", "s", tuple(alone[1:]), 0.5)
    both = [fresh(f"{CLOCK}import pandas; {load}{STOP}") for _ in range(PROCESSES + 1)]
    yield Row("the same with `import pandas`", "s", tuple(both[1:]))
    exercise = f"from kit.plays import load_scenario; load_scenario('{EXERCISE}')"
    read = [fresh(f"{CLOCK}{exercise}{STOP}") for _ in range(PROCESSES + 1)]
    yield Row("reading and checking the exercise, imports included", "s", tuple(read[1:]))
    sound = f"from kit.soundness import audit; audit('{EXERCISE}')"
    audited = [fresh(f"{CLOCK}{sound}{STOP}") for _ in range(PLAYS // 3 + 1)]
    yield Row("audit of the exercise with 10,000 plays, imports included", "s",
              tuple(audited[1:]), 5)  # fmt: skip
    first = [1000 * fresh(FIRST_DECISION) for _ in range(PROCESSES + 1)]
    yield Row("first decision of a process to new outcomes", "ms", tuple(first[1:]))


class Stopwatch:
    """Milliseconds by what was done and at which choice."""

    def __init__(self) -> None:
        self.times: dict[str, dict[str, list[float]]] = {}

    def take(self, what: str, choice: str, action: Callable[[], object]) -> None:
        """Do something and note how long it took."""
        start = time.perf_counter()
        action()
        took = 1000 * (time.perf_counter() - start)
        self.times.setdefault(what, {}).setdefault(choice, []).append(took)

    def slowest(self, what: str) -> tuple[float, ...]:
        """Return the times at the choice whose median is the highest."""
        return tuple(max(self.times[what].values(), key=statistics.median))


def play_through(watch: Stopwatch, roles: tuple[str, ...], folder: Path) -> None:
    """Play an exercise as governments did, and note what each decision costs."""
    from kit.widgets import payload

    scenario = load_scenario(EXERCISE)
    play = Session(scenario, roles, seed=2023, path=folder / "play.json")
    while play.open:
        play.pass_predictions()
        choice = play.open[0]
        options = [option.id for option in engine.open_options(choice, play.state.known)]
        taken = scenario.history.get(choice.id, options[0])
        option = taken if taken in options else options[0]

        def decide(option: str = option, choice: str = choice.id) -> None:
            play.decide(option, choice)
            play.outcomes(), play.base()

        watch.take("compare", choice.id, lambda name=choice.id: play.compare(name))
        watch.take("decide", choice.id, decide)
        watch.take("view", choice.id, lambda: payload.play_view(play))


def decisions() -> Iterable[Row]:
    """Measure decisions in a warm kernel; each row is the slowest choice of a whole play."""
    for roles, words in ((ALL_ROLES[:1], "one role"), (ALL_ROLES, "three roles")):
        watch = Stopwatch()
        with tempfile.TemporaryDirectory(prefix="kit-bench-") as folder:
            play_through(Stopwatch(), roles, Path(folder))
            for number in range(PLAYS):
                place = Path(folder) / str(number)
                place.mkdir()
                play_through(watch, roles, place)
        for what, label, bar in (
            ("decide", "decision to new exact outcomes and base case", 20),
            ("view", "what the panel shows after it, as JSON values", None),
            ("compare", "exact outcomes of every option of a choice", 10),
        ):
            yield Row(f"{label}, {words}", "ms", watch.slowest(what), bar)


def peers(python: str) -> Iterable[Row]:
    """Measure beside other programs; rows of those that are absent are left out, with a word."""
    command = [python, "-W", "ignore", str(Path(__file__).with_name("bench_peers.py"))]
    run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(run.stdout)
    for name in found["absent"]:
        print(f"Not installed for Python {found['python']}: {name}.", file=sys.stderr)
    versions = found["versions"]
    if rates := found.get("workbench"):
        theirs = f"EMA Workbench {versions['ema-workbench']}"
        yield Row("worlds drawn and counted", "1/s", tuple(rates["kit"]))
        yield Row(
            f"the same scenario in {theirs}, one after the other", "1/s", tuple(rates["peer"])
        )
        yield ratio(
            "the two in turns: worlds a second", rates["kit"], rates["peer"], 400, more=True
        )
    for words in ("one role", "three roles"):
        if times := found.get(words):
            theirs = f"pyAgrum {versions['pyagrum']}"
            what = f"every option of the first choice, {words}"
            yield Row(f"{what}: exact distributions", "ms", tuple(times["kit"]), 10)
            yield Row(f"{what}: exact means alone", "ms", tuple(times["means"]))
            yield Row(f"{what}: exact means by {theirs}", "ms", tuple(times["peer"]))
            yield ratio(f"distributions to {theirs}, {words}", times["kit"], times["peer"], 1)


def made_by_rule(seed: int, choices: int, uncertainties: int, asked: int) -> dict[str, Any]:
    """Return what it takes to find exact means on a scenario made by rule."""
    script = Path(__file__).with_name("bench_large.py")
    numbers = map(str, (seed, choices, uncertainties, asked))
    command = [sys.executable, str(script), *numbers]
    run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(run.stdout))


def large() -> Iterable[Row]:
    """Measure the largest scenario that was promised: of each seed, the slowest of its choices."""
    found = [made_by_rule(seed, 12, 20, 12) for seed in range(PROCESSES)]
    if any(one["exact"] < one["means"] for one in found):
        print("Not all means of the large scenarios are exact.", file=sys.stderr)
    what = "12 choices × 3, 20 uncertainties × 3: exact means of every option"
    yield Row(what, "s", tuple(max(one["seconds"]) for one in found), 1)
    yield Row("the same: most memory held", "MB", tuple(one["megabytes"] for one in found), 500)


def curve() -> str:
    """Return a table of the time it takes against the number of variables."""
    lines = [["variables", "worlds", "median s", "max s", "exact means"], ["---:"] * 5]
    for number in SIZES:
        choices = round(number * 12 / 32)
        found = [made_by_rule(seed, choices, number - choices, 2) for seed in range(PROCESSES)]
        took = [second for one in found for second in one["seconds"]]
        exact = sum(one["exact"] for one in found) / sum(one["means"] for one in found)
        worlds = f"10^{number * math.log10(3):.0f}"
        middle, most = statistics.median(took), max(took)
        lines.append([str(number), worlds, f"{middle:.3f}", f"{most:.3f}", f"{exact:.0%}"])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def browser(pairs: int) -> Iterable[Row]:
    """Measure in a real JupyterLab; without a browser there are no rows."""
    with tempfile.TemporaryDirectory(prefix="kit-bench-") as folder:
        found = Path(folder) / "found.json"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.browser.conftest"]
        command += ["-p", "no:cacheprovider", str(Path(__file__).with_name("bench_browser.py"))]
        set_up = {"KIT_BENCH": str(found), "KIT_BENCH_PAIRS": str(pairs)}
        set_up["PYTHONPATH"] = str(ROOT / "tests")  # the fixtures import their neighbors
        run = subprocess.run(command, cwd=ROOT, env={**os.environ, **set_up}, stdout=sys.stderr)
        lists = json.loads(found.read_text(encoding="utf-8")) if found.is_file() else {}
    if run.returncode or not lists:
        print("The browser was not measured; pytest says why.", file=sys.stderr)
        return
    seconds = {name: tuple(ms / 1000 for ms in took) for name, took in lists.items()}
    megabytes = {name: tuple(size / 1e6 for size in sizes) for name, sizes in lists.items()}
    yield Row("notebook 05: run-all until the panel can be used", "s", seconds["own panel"])
    yield Row("notebook 05: run-all to first plot", "s", seconds["own plot"])
    yield Row("one bare `FigureWidget`: run-all to plot", "s", seconds["bare plot"])
    yield ratio("the two side by side: 05 to the widget", lists["own plot"], lists["bare plot"], 1)
    yield Row("notebook 05: over the web socket", "MB", megabytes["own bytes"], 6)
    yield Row("one bare `FigureWidget`: over the web socket", "MB", megabytes["bare bytes"])
    yield Row("five charts in a notebook: over the web socket", "MB", megabytes["five bytes"], 6)
    yield Row("commit until the outcomes are drawn anew", "ms", tuple(lists["commit"]))
    yield Row("a chart of that size redrawn by the kernel", "ms", tuple(lists["redraw"]))
    yield ratio("the two side by side: commit to redraw", lists["commit"], lists["redraw"], 2)
    most = tuple(size / 1000 for size in lists["kernel"])
    yield Row("most memory of a kernel in a full play of the exercise", "MB", most, 350)
    yield Row("all events: filter to redraw", "ms", tuple(lists["filter"]), 150)
    yield Row("the same timeline, bare, redrawn by the kernel", "ms", tuple(lists["bare filter"]))
    yield ratio("the two side by side: filter to redraw", lists["filter"], lists["bare filter"])
    yield Row("warning model: slider move to redraw", "ms", tuple(lists["slider"]))
    yield Row("its second chart, bare, redrawn by the kernel", "ms", tuple(lists["bare slider"]))
    what = "the two side by side: slider to redraw"
    yield ratio(what, lists["slider"], lists["bare slider"], 1.5)


def ratio(
    what: str,
    ours: list[float],
    theirs: list[float],
    bar: float | None = None,
    *,
    more: bool = False,
) -> Row:
    """Return the ratios of measurements that took turns, pair by pair."""
    figures = tuple(a / b for a, b in zip(ours, theirs, strict=True))
    return Row(what, "ratio", figures, bar, more)


def machine() -> str:
    """Return the class of machine and what is installed, without a name or a place."""
    names = ("jupyterlab", "plotly", "pandas", "numpy")
    tools = ", ".join(f"{name} {version(name)}" for name in names)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}, {tools}"
    )


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table below a line on the machine."""
    head = ["what", "unit", "median", "min", "max", "runs", "bar", "met"]
    lines = [head, ["---", "---", *["---:"] * 5, "---"], *(row.cells() for row in rows)]
    return "\n".join([f"Machine: {machine()}.", "", *(f"| {' | '.join(x)} |" for x in lines)])


def write(content: str) -> None:
    """Replace the generated part of the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, rest = text.split(MARKS[0], maxsplit=1)
    after = rest.split(MARKS[1], maxsplit=1)[1]
    DOCUMENT.write_text(f"{before}{MARKS[0]}\n\n{content}\n\n{MARKS[1]}{after}", encoding="utf-8")


def main() -> int:
    """Measure, print, and with ``--write`` keep."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0].partition(":")[0] + ".")
    parser.add_argument("--write", action="store_true", help="put it into docs/performance.md")
    parser.add_argument("--no-browser", action="store_true", help="measure in the kernel only")
    parser.add_argument("--pairs", type=int, default=5, help="pairs of runs in the browser")
    parser.add_argument(
        "--peers", metavar="PYTHON", default=sys.executable,
        help="interpreter with the kit's needs and the extra `bench`, when it is another one",
    )  # fmt: skip
    options = parser.parse_args()
    if options.write and options.no_browser:
        parser.error("--write keeps whole runs only; leave out --no-browser")
    models = [Row(f"warning model: {what}", *rest) for what, *rest in bench_warning.rows()]
    rows = [*processes(), *decisions(), *peers(options.peers), *large(), *models]
    growth = curve()
    in_browser = [] if options.no_browser else list(browser(options.pairs))
    content = f"{table([*rows, *in_browser])}\n\n{CURVE}\n\n{growth}"
    print(content)
    if options.write and not in_browser:
        print("docs/performance.md is left as it was.", file=sys.stderr)
        return 1
    if options.write:
        write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
