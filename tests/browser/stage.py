"""A panel in a plain page with JupyterLab's colors: quick to open, for what needs no JupyterLab.

The page holds the panel's own JavaScript and style, a stand-in for the widget's model, and a line
to the panel in this process. What depends on JupyterLab itself (its keys, its kernel, saved
notebooks) is tested in a real one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jupyterlab.commands import get_app_dir

from kit import api
from kit.widgets.plotlyjs import PlotlyJs

ADDRESS = "http://panel.test/"
WIDTH = 1200  # of a cell, in pixels
EXERCISE = "launch-day"
MODES = {"solo": "One government", "hot-seat": "Hot seat", "room": "A room with a projector"}
THEMES = Path(get_app_dir()) / "themes" / "@jupyterlab"
THEME_NAMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
OWN = {"_esm", "_css", "_anywidget_id", "plotly", "layout", "tabbable", "tooltip"}

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>stage</title>
<style>{theme}</style><style>{css}</style>
<style>
  body {{ margin: 0; padding: 16px; background: var(--jp-layout-color0); }}
  main {{ max-width: {width}px; padding: 12px; background: var(--jp-layout-color1); }}
</style></head>
<body data-jp-theme-name="{name}" data-jp-theme-light="{light}"><h1 class="kit-hidden">Stage</h1>
<main></main>
<script type="module">
import panel from "/panel.js";
const values = {state};
const heard = new Map();
const on = (name, call) => heard.set(name, [...(heard.get(name) ?? []), call]);
const off = (name, call) => heard.set(name, (heard.get(name) ?? []).filter((one) => one !== call));
const tell = (name, ...what) => {{ for (const call of heard.get(name) ?? []) call(...what); }};
const library = async () => new DataView(await (await fetch("/plotly.gz")).arrayBuffer());
const code = await library();
const shared = {{ version: "stage", code }};
const model = {{
  on, off,
  get: (name) => values[name],
  set: (name, value) => {{ values[name] = value; }},
  save_changes() {{}},
  widget_manager: {{ get_model: async () => ({{ get: (name) => shared[name] }}) }},
  async send(message) {{
    const answer = await globalThis.kitSend(JSON.stringify(message));
    const {{ state, messages }} = JSON.parse(answer);
    Object.assign(values, state);
    for (const name of Object.keys(state)) tell(`change:${{name}}`);
    for (const one of messages) tell("msg:custom", one);
  }},
}};
globalThis.kitUpdate = () => model.send({{ kind: "" }});
panel.render({{ model, el: document.querySelector("main") }});
globalThis.kitReady = true;
</script></body></html>"""


class Stage:
    """One panel in one page.

    Parameters
    ----------
    page
        An empty page of Playwright.
    panel
        Any panel of the kit; the page answers as its browser would.
    theme
        ``light`` or ``dark``.
    width
        Width of the cell in pixels.
    """

    def __init__(self, page: Any, panel: Any, theme: str = "light", width: int = WIDTH) -> None:
        self.page, self.panel = page, panel
        self.sent: list[dict[str, Any]] = []
        self._out: list[Any] = []
        panel.send = self._out.append
        self._known = self._state()
        page.expose_function("kitSend", self._answer)
        content = PAGE.format(
            theme=(THEMES / f"theme-{theme}-extension" / "index.css").read_text("utf-8"),
            css=str(panel._css),
            width=width,
            name=THEME_NAMES[theme],
            light=str(theme == "light").lower(),
            state=json.dumps(self._known | {"plotly": "IPY_MODEL_plotly"}).replace("</", "<\\/"),
        )
        served = {
            "": ("text/html; charset=utf-8", content),
            "panel.js": ("text/javascript; charset=utf-8", str(panel._esm)),
            "plotly.gz": ("application/octet-stream", PlotlyJs.shared().code),
        }
        page.route(f"{ADDRESS}**", lambda route: self._serve(route, served))
        page.goto(ADDRESS)
        page.wait_for_function("() => globalThis.kitReady === true")

    def _serve(self, route: Any, served: dict[str, tuple[str, Any]]) -> None:
        kind, body = served.get(route.request.url.removeprefix(ADDRESS), ("", None))
        if body is None:
            route.fulfill(status=204)
        else:
            route.fulfill(content_type=kind, body=body)

    def _state(self) -> dict[str, Any]:
        state = {k: v for k, v in self.panel.get_state().items() if k not in OWN}
        return json.loads(json.dumps({k: v for k, v in state.items() if k[0] != "_"}))

    def _answer(self, message: str) -> str:
        """Give a message to the panel; return what changed and what it sends."""
        self._out.clear()
        self.sent.append(json.loads(message))
        self.tell(self.sent[-1])
        now = self._state()
        changed = {k: v for k, v in now.items() if v != self._known.get(k)}
        self._known = now
        return json.dumps({"state": changed, "messages": self._out})

    # --- what a person does ------------------------------------------------------------------

    @property
    def root(self) -> Any:
        """Return a locator of the panel."""
        return self.page.locator(".kit-exercise")

    def button(self, name: Any) -> Any:
        """Return a locator of a button by its whole name, or by a pattern of it."""
        return self.root.get_by_role("button", name=name, exact=isinstance(name, str))

    def press(self, name: Any) -> None:
        """Press a button."""
        self.button(name).click()

    def radio(self, name: str) -> None:
        """Choose an option whose words begin so."""
        self.root.locator("label.kit-option").filter(has_text=name).locator("input").check()

    def tab_of(self, name: str) -> Any:
        """Return a locator of a tab."""
        return self.root.get_by_role("tab", name=name, exact=True)

    def tab(self, name: str) -> None:
        """Go to a tab."""
        self.tab_of(name).click()

    def shown(self) -> Any:
        """Return a locator of the part that the chosen tab shows."""
        return self.root.locator("[role=tabpanel]:visible")

    def tell(self, message: dict[str, Any]) -> None:
        """Give the panel a message that no control of the page would send."""
        self.panel._receive(self.panel, message, [])

    def update(self) -> None:
        """Show what has changed in the panel without a message of the page."""
        self.page.evaluate("() => globalThis.kitUpdate()")

    def wait(self, condition: Any, seconds: float = 20) -> Any:
        """Return the first true value of ``condition``; the page goes on meanwhile."""
        for _ in range(int(seconds / 0.05)):
            if found := condition():
                return found
            self.page.wait_for_timeout(50)
        raise AssertionError("this did not happen in time")


def begin(stage, mode="solo", role="Tokyo"):
    stage.radio(MODES[mode])
    if mode != "hot-seat":
        stage.radio(role)
    stage.press("Start the exercise")


def new_play(fresh, mode="solo", role="Tokyo", save=True, **how):
    """Return a stage on which a play has begun."""
    stage = fresh(api.play(EXERCISE, seed=7, save=save), **how)
    begin(stage, mode, role)
    return stage


def pass_all(stage):
    """Pass every open prediction in the browser."""
    stage.tab("Decide")
    while any(one["open"] for one in stage.panel.view["predictions"]):
        stage.root.locator(".kit-prediction button").filter(has_text="Pass").first.click()


def decide(stage, option=0, note=""):
    pass_all(stage)
    stage.root.locator(".kit-decide input[type=radio]").nth(option).check()
    if note:
        stage.root.get_by_label("Why?").fill(note)
    stage.press("Commit this decision")
    stage.root.locator("[role=tab][aria-selected=true]").filter(has_text="Outcomes").wait_for()


def serious(page: Any) -> list[tuple[str, list[str]]]:
    """Return what axe-core finds serious or critical, with all tabs and folds open."""
    from axe_playwright_python.sync_playwright import Axe

    page.locator(".kit-exercise").first.evaluate(
        """root => {
            for (const part of root.querySelectorAll('[role=tabpanel]')) part.hidden = false;
            for (const fold of root.querySelectorAll('details')) fold.open = true;
        }"""
    )
    found = Axe().run(page, context=".kit-exercise").response["violations"]
    return [
        (one["id"], [node["html"][:160] for node in one["nodes"]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
