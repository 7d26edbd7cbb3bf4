"""The run over the notebooks is as strict as it claims, and storing results is repeatable."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import nbformat
import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def write(tmp_path):
    """Write a notebook whose first cells were run and gave nothing."""

    def write(name, *cells):
        made = [
            nbformat.v4.new_code_cell(source, execution_count=1, metadata={"tags": tags})
            for source, tags in cells
        ]
        path = tmp_path / name
        nbformat.write(nbformat.v4.new_notebook(cells=made), path)
        return path

    return write


def run_nbval(folder, root, *paths):
    shutil.copy(root / "tests" / "conftest.py", folder)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--nbval", "--color=no"]
    command += ["--nbval-current-env", "--nbval-cell-timeout=2", *map(str, paths)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


def test_a_notebook_that_timed_out_fails_even_where_an_error_is_expected(write, root, tmp_path):
    path = write(
        "slow.ipynb",
        ("import time; time.sleep(30)", ["raises-exception", "nbval-ignore-output"]),
        ("_ = 1", []),
    )
    run = run_nbval(tmp_path, root, path)
    assert run.returncode == 1, run.stdout
    assert "2 failed" in run.stdout.splitlines()[-1]


def test_each_notebook_starts_without_saved_sessions(write, root, tmp_path):
    cell = (
        "import os; from pathlib import Path; folder = Path(os.environ['KIT_CAPSULES'])\n"
        "assert not any(folder.iterdir()); _ = (folder / 'a.json').write_text('x')"
    )
    paths = [write(name, (cell, [])) for name in ("a.ipynb", "b.ipynb")]
    run = run_nbval(tmp_path, root, *paths)
    assert run.returncode == 0, run.stdout
    assert "2 passed" in run.stdout.splitlines()[-1]


def store_results(root, path):
    command = [sys.executable, str(root / "tests" / "tools" / "execute_notebooks.py"), str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_storing_results_twice_gives_the_same_file_without_widget_state(write, root):
    path = write("widget.ipynb", ("import ipywidgets\nipywidgets.IntSlider()", []), ("6 * 7", []))
    assert store_results(root, path).returncode == 0
    once = path.read_bytes()
    assert store_results(root, path).returncode == 0
    assert path.read_bytes() == once
    notebook = nbformat.read(path, as_version=4)
    assert "widgets" not in notebook.metadata
    assert [list(cell.outputs[0].data) for cell in notebook.cells] == [["text/plain"]] * 2


def test_a_notebook_that_fails_is_left_as_it_was(write, root):
    path = write("broken.ipynb", ("1 / 0", []))
    before = path.read_bytes()
    run = store_results(root, path)
    assert run.returncode == 1
    assert "ZeroDivisionError" in run.stderr
    assert path.read_bytes() == before


def test_a_learner_s_saved_sessions_are_not_used(write, root, tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_CAPSULES", str(tmp_path / "mine"))
    path = write("where.ipynb", ("import os\nassert 'mine' not in os.environ['KIT_CAPSULES']", []))
    run = store_results(root, path)
    assert run.returncode == 0, run.stderr
    assert os.environ["KIT_CAPSULES"].endswith("mine")
