"""A real JupyterLab and a real Chromium for the tests of this folder.

Fixtures: ``lab`` (a running server), ``page`` (an empty browser page that is watched), ``watch``
(what the page did: errors, requests that left the machine, bytes received) and ``open_notebook``.
A test fails when its page logs an error, throws, or asks for anything outside this machine.
It starts without saved plays and with the settings as they were written at first.

Both the server and the browser belong to this package only: Playwright's loop would otherwise
still be running when a later test starts one of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest

from browser.stage import ADDRESS, WIDTH, Stage

REPOSITORY = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name but this machine's has an address, so nothing can leave even when a test is wrong.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
LOCAL = ("data:", "blob:", "about:", "chrome-error:")
# Console errors that JupyterLab itself cannot avoid. None is known for 4.6; give a reason each.
ALLOWED_ERRORS: tuple[str, ...] = ()
SECOND = 1000  # Playwright counts milliseconds


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, so that none is run without a browser by accident."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


def _unavailable(reason: str) -> None:
    """Skip on a laptop; fail where the tests must not be missed."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} CI=true, so the browser tests must run.", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """Yield a Chromium, or skip (fail when CI=true) if there is none."""
    try:
        from playwright.sync_api import expect, sync_playwright
    except ImportError:
        _unavailable("Playwright is not installed (pip install playwright).")
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        _unavailable("There is no Chromium (Debian: apt-get install chromium).")
    expect.set_options(timeout=60 * SECOND)  # five seconds are few on a busy machine
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        yield chromium
        chromium.close()


@dataclass(frozen=True, slots=True)
class Lab:
    """A running JupyterLab: its address, the folder it shows, where plays and settings are."""

    url: str
    root: Path
    capsules: Path
    settings: Path


def _environment(home: Path) -> dict[str, str]:
    """Return an environment in which JupyterLab sees nothing of the user's own configuration."""
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
        "KIT_CAPSULES": "capsules",
    }
    paths = {name: str(home / folder) for name, folder in folders.items()}
    for path in paths.values():
        Path(path).mkdir(parents=True, exist_ok=True)
    search = os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH"))))
    return {**os.environ, **paths, "PYTHONPATH": search}


def _write_settings(folder: Path) -> None:
    """Switch off the news and draw cells that are out of sight, so that tests can find them."""
    settings = {
        "notebook-extension/tracker": {"windowingMode": "none"},
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    }
    for name, values in settings.items():
        path = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")


@pytest.fixture(scope="package")
def lab(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Yield a JupyterLab of its own on a free port of 127.0.0.1."""
    home = tmp_path_factory.mktemp("lab")
    root = home / "root"
    root.mkdir()
    environment = _environment(home)
    _write_settings(home / "settings")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": root,
        "ServerApp.disable_check_xsrf": True,
        "IdentityProvider.token": "",
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--{name}={value}" for name, value in options.items()]
    log = home / "lab.log"
    with log.open("wb") as out:
        server = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        _wait_for_server(f"http://127.0.0.1:{port}/api", server, log)
        yield Lab(f"http://127.0.0.1:{port}", root, home / "capsules", home / "settings")
    finally:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(20)
        if server.poll() is None:
            server.kill()
            server.wait()


def _wait_for_server(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server answers; fail with its log when it does not."""
    end = time.monotonic() + 90
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    last = log.read_text(errors="replace")[-3000:]
    pytest.fail(f"JupyterLab did not start:\n{last}", pytrace=False)


@dataclass(slots=True)
class Watch:
    """What a page did: console and page errors, outside requests, bytes over web sockets."""

    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    received: int = 0

    def follow(self, page: Any, home: str) -> None:
        """Record from now on; ``home`` is the server's address."""
        inside = (home, home.replace("http", "ws", 1), *LOCAL)

        def console(message: Any) -> None:
            allowed = any(known in message.text for known in ALLOWED_ERRORS)
            if message.type == "error" and not allowed:
                self.errors.append(f"{message.text} ({message.location.get('url', '')})")

        def request(asked: Any) -> None:
            if not asked.url.startswith(inside):
                self.outside.append(asked.url)

        def frame(data: str | bytes) -> None:
            self.received += len(data.encode() if isinstance(data, str) else data)

        def socket_opened(opened: Any) -> None:
            if not opened.url.startswith(inside):
                self.outside.append(opened.url)
            opened.on("framereceived", frame)

        page.on("console", console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", request)
        page.on("websocket", socket_opened)


@pytest.fixture
def watch() -> Watch:
    """Return the record of the test's page."""
    return Watch()


def _forget(lab: Lab) -> None:
    """Take away what the test before has left: its theme, and all that was saved of its plays."""
    for choice in lab.settings.rglob("themes.jupyterlab-settings"):
        choice.unlink()
    shutil.rmtree(lab.capsules)
    lab.capsules.mkdir()


@pytest.fixture
def page(browser: Any, lab: Lab, watch: Watch) -> Iterator[Any]:
    """Yield a page in a context of its own; fail afterwards if it erred or looked outside."""
    _forget(lab)
    context = browser.new_context(viewport={"width": 1400, "height": 1600}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(60 * SECOND)
    watch.follow(page, lab.url)
    yield page
    context.close()
    assert not watch.outside, "the page asked for something outside this machine"
    assert not watch.errors, "the browser reported errors"


@dataclass(frozen=True, slots=True)
class OpenNotebook:
    """A notebook that is open in JupyterLab."""

    page: Any
    path: Path

    @property
    def cells(self) -> Any:
        """Return a locator of all cells, top to bottom."""
        return self.page.locator(".jp-Notebook .jp-Cell")

    def menu(self, *labels: str) -> None:
        """Choose an entry of the menu bar, for example ``menu("Run", "Run All Cells")``."""
        self.page.locator(f".lm-MenuBar-itemLabel:text-is('{labels[0]}')").click()
        for label in labels[1:]:
            self.page.locator(f".lm-Menu-itemLabel:text-is('{label}')").click()

    def run_all(self, timeout: float = 120) -> None:
        """Run every cell and return when all have run; fail when one raises or the kernel dies.

        Parameters
        ----------
        timeout
            Seconds to wait.
        """
        self.menu("Run", "Run All Cells")
        done = self.page.wait_for_function(
            """() => {
                const failed = document.querySelector(
                    '.jp-Notebook [data-mime-type="application/vnd.jupyter.error"]');
                if (failed) return failed.textContent;
                const dialog = document.querySelector('.jp-Dialog'); // the kernel has died
                if (dialog) return dialog.textContent;
                const text = (cell, part) => cell.querySelector(part)?.textContent.trim() ?? '';
                return [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')]
                    .filter(cell => text(cell, '.cm-content'))
                    .every(cell => /\\d/.test(text(cell, '.jp-InputPrompt')));
            }""",
            timeout=timeout * SECOND,
        ).json_value()
        if done is not True:
            pytest.fail(f"{self.path.name} did not run to its end:\n{done}", pytrace=False)
        self.wait_idle(timeout)

    def wait_open(self, cells: int, timeout: float) -> None:
        """Return when so many cells are there and the kernel is ready; ``timeout`` in seconds."""
        # At first there is an empty cell and a question for the kernel, until the file is read.
        self.cells.nth(cells - 1).wait_for(timeout=timeout * SECOND)
        self.wait_idle(timeout)
        self.page.locator(".jp-Dialog").wait_for(state="detached")

    def wait_idle(self, timeout: float = 60) -> None:
        """Return when no cell is running and the kernel is idle; ``timeout`` in seconds."""
        self.page.wait_for_function(
            """() => {
                const prompts = [...document.querySelectorAll('.jp-Notebook .jp-InputPrompt')];
                const bar = document.querySelector('#jp-main-statusbar')?.textContent ?? '';
                return !prompts.some(p => p.textContent.includes('*')) && bar.includes('| Idle');
            }""",
            timeout=timeout * SECOND,
        )

    def set_theme(self, name: str) -> None:
        """Switch JupyterLab's theme, for example to ``JupyterLab Dark``."""
        self.menu("Settings", "Theme", name)
        body = self.page.locator(f"body[data-jp-theme-name='{name}']")
        body.wait_for(state="attached")


def _as_opened(source: Path | nbformat.NotebookNode, fresh: bool) -> nbformat.NotebookNode:
    """Return a copy of the notebook; without results when ``fresh``."""
    given = nbformat.read(source, as_version=4) if isinstance(source, Path) else source
    notebook = nbformat.from_dict(json.loads(nbformat.writes(given)))
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    for cell in notebook.cells:
        if fresh and cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


@pytest.fixture
def open_notebook(lab: Lab, page: Any) -> Iterator[Callable[..., OpenNotebook]]:
    """Return a function that copies a notebook to the server and opens it in the page.

    Its arguments: a path or a notebook node, and ``fresh``: false keeps the saved results, as a
    learner sees them before anything has run.
    """
    from playwright.sync_api import TimeoutError as LateError

    def open_(source: Path | nbformat.NotebookNode, *, fresh: bool = True) -> OpenNotebook:
        stem = source.stem if isinstance(source, Path) else "test"
        path = lab.root / f"{stem}-{time.monotonic_ns()}.ipynb"
        notebook = _as_opened(source, fresh)
        nbformat.write(notebook, path)
        if isinstance(source, Path) and (images := source.parent / "images").is_dir():
            shutil.copytree(images, lab.root / "images", dirs_exist_ok=True)
        page.goto(f"{lab.url}/lab/workspaces/{path.stem}/tree/{path.name}?reset")
        opened = OpenNotebook(page, path)
        try:
            opened.wait_open(len(notebook.cells), 45)
        except LateError:
            # Where many programs share few cores, JupyterLab can miss the kernel's first word and
            # then waits for ever; a page that is loaded again asks again.
            page.reload()
            opened.wait_open(len(notebook.cells), 90)
        return opened

    yield open_
    _shut_down_kernels(lab)


def _shut_down_kernels(lab: Lab) -> None:
    """End the kernels of the test, so that the next one has the machine for itself."""
    with urllib.request.urlopen(f"{lab.url}/api/sessions", timeout=30) as answer:
        sessions = json.load(answer)
    for session in sessions:
        address = f"{lab.url}/api/sessions/{session['id']}"
        request = urllib.request.Request(address, method="DELETE")
        urllib.request.urlopen(request, timeout=30).close()


@pytest.fixture
def capsules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the test's saved plays, which does not exist yet."""
    folder = tmp_path / "capsules"
    monkeypatch.setenv("KIT_CAPSULES", str(folder))
    return folder


@pytest.fixture
def fresh(browser: Any, watch: Watch, capsules: Path) -> Iterator[Callable[..., Stage]]:
    """Return a function that shows a panel in a plain page of its own; the page must not err.

    It takes what :class:`Stage` takes, without the page. There are no saved plays at first.
    """
    contexts = []

    def open_(panel: Any, **how: Any) -> Stage:
        size = {"width": how.get("width", WIDTH) + 80, "height": 1000}
        contexts.append(browser.new_context(viewport=size, accept_downloads=True))
        page = contexts[-1].new_page()
        page.set_default_timeout(60 * SECOND)
        watch.follow(page, ADDRESS.rstrip("/"))
        return Stage(page, panel, **how)

    yield open_
    for context in contexts:
        context.close()
    assert not watch.outside, "the page asked for something outside"
    assert not watch.errors, "the browser reported errors"
