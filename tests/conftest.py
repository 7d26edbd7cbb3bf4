"""What every test shares: folders of its own, and the strictness that nbval lacks."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell

ROOT = Path(__file__).resolve().parents[1]
MADE_BY_TOOLS = {
    ".git",
    ".hypothesis",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".venv",
    "__pycache__",
    "build",
    "dist",
}


class IsolatedNotebooks:
    """Runs each notebook among empty user folders, and fails what nbval would let pass.

    The user's saved sessions are neither used nor touched. A notebook that timed out fails as a
    whole: nbval marks the cells after a time-out as expected failures, and when the slow cell is
    tagged `raises-exception`, even that one passes; the run would be green over a dead kernel.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kit-tests-")
        os.environ["IPYTHONDIR"] = self._folder.name
        os.environ.pop("KIT_DATA", None)
        self._new_capsules()

    def _new_capsules(self) -> None:
        os.environ["KIT_CAPSULES"] = tempfile.mkdtemp(dir=self._folder.name)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if isinstance(item, IPyNbCell) and item.parent.kernel is None:
            self._new_capsules()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Iterator[pytest.TestReport, pytest.TestReport, pytest.TestReport]:
        report = yield
        late = isinstance(item, IPyNbCell) and item.parent.timed_out and report.when == "call"
        if late and not report.failed:
            report.outcome = "failed"
            report.longrepr = "The kernel did not answer in time, in this cell or before it."
            report.__dict__.pop("wasxfail", None)
        return report

    def pytest_unconfigure(self) -> None:
        self._folder.cleanup()


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(IsolatedNotebooks())


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that drive a browser: last, one worker would wait for the other."""
    items.sort(key=lambda item: item.path.parent.name != "browser")


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def repository_files() -> tuple[Path, ...]:
    """Every file that is, or would be, committed; without git, every file nobody's tool made."""
    listing = [
        "git",
        "-c",
        f"safe.directory={ROOT}",
        "ls-files",
        "-z",
        "-co",
        "--exclude-standard",
    ]
    try:
        names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        everything = ROOT.rglob("*")
        found = (p for p in everything if not MADE_BY_TOOLS & {*p.relative_to(ROOT).parts})
    else:
        found = (ROOT / name for name in names.stdout.split("\0") if name)
    return tuple(sorted(path for path in found if path.is_file()))
