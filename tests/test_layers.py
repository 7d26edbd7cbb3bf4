"""Imports go strictly downward, and each heavy library has one door."""

from __future__ import annotations

import ast
import graphlib
import importlib
import inspect
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

# One row a layer, lowest first. A new module gets its place here; a folder counts as one module.
LAYERS = [
    "errors",
    "celltext documents files intervals savefile",
    "log tables",
    "warning",
    "scenario",
    "codebook engine",
    "outcomes",
    "calibration",
    "text",
    "plots store export soundness",
    "curation playcode",
    "pages",
    "authoring claims debrief handouts report tasks",
    "session",
    "plays",
    "widgets",
    "api",
    "__init__",
    "commands",
    "__main__",
]
RANK = {module: rank for rank, row in enumerate(LAYERS) for module in row.split()}
TOP = len(LAYERS)

# Which modules may import a package that is not part of Python; nothing else may.
DOORS = {
    "IPython": {"widgets"},
    "anywidget": {"widgets"},
    "geographiclib": {"warning"},
    "ipywidgets": {"widgets"},
    "jinja2": {"pages"},
    "jsonschema": {"scenario"},
    "numpy": {"outcomes", "plots", "soundness", "tables", "warning"},
    "openpyxl": {"authoring", "export"},
    "pandas": {"tables", "plots"},
    "plotly": {"plots"},
    "pyarrow": {"export"},
    "pymap3d": {"warning"},
    "traitlets": {"widgets"},
    "yaml": {"documents"},
}


@dataclass(frozen=True)
class Import:
    """One imported name: where it stands, what it names, whether only type checkers see it."""

    line: int
    target: str
    for_types: bool


def imports_of(source, module, is_package=False):
    """Yield every import of a module, at its top or inside a function, as absolute names."""
    tree = ast.parse(source)
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for statement in node.body
        for inner in ast.walk(statement)
    }
    package = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*start, *([node.module] if node.module else [])])
            targets = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        for target in targets:
            yield Import(node.lineno, target, id(node) in typing_only)


def unit(name, units):
    """Return the part of the kit a name belongs to, for example kit.plots.view → plots."""
    second = name.split(".")[1:2]
    return second[0] if second and second[0] in units else "__init__"


def violations(module, source, units, is_package=False):
    """Return one sentence for each import of ``module`` that the rules forbid."""
    here = unit(module, units)
    for found in imports_of(source, module, is_package):
        top = found.target.split(".")[0]
        place = f"{module}, line {found.line}"
        if top == "kit":
            there = unit(found.target, units)
            if there != here and RANK.get(there, TOP) >= RANK.get(here, TOP):
                yield f"{place}: {here} may not import {there}, which is not below it"
        elif top not in sys.stdlib_module_names and not found.for_types:
            doors = DOORS.get(top, set())
            if here not in doors:
                names = " and ".join(sorted(doors)) or "no module"
                yield f"{place}: only {names} may import {top}"


def module_name(path, root):
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts)


@pytest.fixture(scope="module")
def modules(root):
    """Every module of the kit: dotted name → path."""
    paths = sorted((root / "kit").rglob("*.py"))
    assert paths, "there is no module to look at"
    return {module_name(path, root): path for path in paths}


@pytest.fixture(scope="module")
def units(modules):
    return {name.split(".")[1] for name in modules}


def test_every_module_has_a_layer(units):
    assert units <= set(RANK), "give each new module its row in LAYERS"


def test_imports_go_strictly_downward_and_heavy_libraries_have_one_door(modules, units):
    broken = {
        sentence: None
        for name, path in modules.items()
        for sentence in violations(name, path.read_text("utf-8"), units, path.stem == "__init__")
    }
    assert list(broken) == []


def test_modules_inside_a_folder_do_not_import_one_another_in_a_circle(modules):
    edges = {}
    for name, path in modules.items():
        found = imports_of(path.read_text("utf-8"), name, path.stem == "__init__")
        names = [i.target for i in found if not i.for_types]
        # `from kit.a import b` needs the module kit.a.b where there is one, else kit.a.
        targets = {n if n in modules else n.rpartition(".")[0] for n in names}
        edges[name] = {t for t in targets if t in modules and t != name}

    # Raises CycleError, with the circle, when there is one.
    order = list(graphlib.TopologicalSorter(edges).static_order())
    assert set(order) == set(modules)


@pytest.mark.parametrize(
    ("module", "source", "sentence"),
    [
        ("kit.engine", "from kit import session", "engine may not import session"),
        ("kit.engine", "from kit import load", "engine may not import __init__"),
        ("kit.engine", "from . import session", "engine may not import session"),
        ("kit.plots.view", "from ..widgets import panel", "plots may not import widgets"),
        ("kit.plots.view", "import kit.store", "plots may not import store"),
        (
            "kit.engine",
            "def f():\n    import pandas as pd",
            "only plots and tables may import pandas",
        ),
        ("kit.engine", "import requests", "no module may import requests"),
    ],
)
def test_a_forbidden_import_is_found(module, source, sentence, units):
    (found,) = violations(module, source, units | {"session", "widgets", "store", "plots"})
    assert sentence in found


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("kit.session", "from kit import engine\nfrom kit.files import read_text"),
        ("kit.plots.view", "from kit.plots.figure import bands\nimport pandas as pd, json"),
        ("kit.engine", "if TYPE_CHECKING:\n    import pandas as pd"),
        ("kit.__main__", "import kit"),
    ],
)
def test_an_allowed_import_is_let_through(module, source, units):
    assert list(violations(module, source, units | {"session", "plots"})) == []


WATCH = """
import atexit, json, logging, os, random, signal, sys, threading, warnings

def snapshot():
    return {
        "environment variables": dict(os.environ),
        "import path": list(sys.path),
        "working folder": os.getcwd(),
        "warning filters": [str(f) for f in warnings.filters],
        "log handlers": [str(h) for h in logging.getLogger().handlers],
        "hooks": [str(h) for h in (sys.excepthook, sys.displayhook, signal.getsignal(2))],
        "threads": threading.active_count(),
        "exit functions": atexit._ncallbacks(),
        "random state": str(hash(random.getstate())),
    }

sys.path.insert(0, sys.argv[1])
modules, before = set(sys.modules), snapshot()
import kit
after, heavy = snapshot(), json.loads(sys.argv[2])
new = {name.split(".")[0] for name in set(sys.modules) - modules}
changed = [name for name in before if before[name] != after[name]]
print(json.dumps({"file": kit.__file__, "heavy": sorted(new & set(heavy)), "changed": changed}))
"""


def test_importing_the_kit_is_light_and_changes_nothing(root, tmp_path):
    command = [
        sys.executable,
        "-B",
        "-W",
        "error",
        "-c",
        WATCH,
        str(root),
        json.dumps(list(DOORS)),
    ]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    assert len(run.stdout.splitlines()) == 1, "import kit printed something"
    report = json.loads(run.stdout)
    assert Path(report["file"]) == root / "kit" / "__init__.py"
    assert report["heavy"] == []
    assert report["changed"] == []
    assert list(tmp_path.iterdir()) == []


def test_no_public_name_is_hidden_by_a_module_of_the_same_name(units):
    # Importing kit.x sets the attribute x of kit; a function kit.x would be gone from then on.
    kit = importlib.import_module("kit")
    assert sorted(set(kit.__all__) & units) == []


def test_public_names_are_sorted_few_and_documented():
    kit = importlib.import_module("kit")
    assert kit.__doc__
    assert list(kit.__all__) == sorted(set(kit.__all__))
    assert len(kit.__all__) <= 24
    for name in kit.__all__:
        value = getattr(kit, name)
        own = inspect.isroutine(value) or inspect.isclass(value) or inspect.ismodule(value)
        documented = inspect.getdoc(value) if own else name in kit.__doc__
        assert documented, f"kit.{name} has no description"
