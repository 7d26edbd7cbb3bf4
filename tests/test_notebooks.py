"""Guards on the notebooks as files: what nbval does not look at, or would let pass.

Each guard yields what is wrong with one notebook, and each is shown bad notebooks too.
"""

from __future__ import annotations

import ast
import copy
import itertools
import json
import re
from pathlib import Path

import nbformat
import pytest
from shingles import shared, shingles

ROOT = Path(__file__).resolve().parents[1]
ALT_SIGNS = 40  # fewer cannot say what a drawing shows
NOTEBOOKS = sorted(
    path
    for path in (ROOT / "notebooks").rglob("*.ipynb")
    if ".ipynb_checkpoints" not in path.parts
)
MAX_BYTES = 300_000
MAX_LINES = 5
HINT = "▶ Run this cell"
NOT_STRICT = {"nbval-skip", "nbval-ignore-output", "nbval-raises-exception", "raises-exception"}
UNSEEN_BY_NBVAL = {"Output", "interact", "interactive", "clear_output", "display_id", "HTML"}
LINK = re.compile(r"\]\(([^)\s]+)\)")
URL = re.compile(r"\b(?:https?|wss?|ftp)://|\bwww\.", re.I)
FULL_PATH = re.compile(
    r"(?<![\w.:/])(?:/(?:home|root|tmp|usr|work|Users|mnt|opt|var)/|[A-Z]:\\|~/)"
)


def source(cell):
    return "".join(cell["source"])


def code_cells(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def prose(notebook):
    return "\n\n".join(source(c) for c in notebook["cells"] if c["cell_type"] == "markdown")


def outputs(notebook):
    return [output for cell in code_cells(notebook) for output in cell["outputs"]]


def bundles(notebook):
    """Return the data of all rich outputs: type → content."""
    return [output["data"] for output in outputs(notebook) if "data" in output]


def told(cell):
    """Return the plain text that nbval compares for a cell, hints of widgets left out."""
    found = []
    for output in cell["outputs"]:
        text = output.get("text", output.get("data", {}).get("text/plain", ""))
        found.append("".join(text))
    return [text for text in found if text.strip() and not text.startswith(HINT)]


# --- guards ------------------------------------------------------------------------------------


def executed(notebook, _path):
    counts = [cell["execution_count"] for cell in code_cells(notebook)]
    if counts != list(range(1, len(counts) + 1)):
        yield f"cells were not run once from top to bottom: {counts}"


def without_errors(notebook, _path):
    yield from (o["evalue"] for o in outputs(notebook) if o["output_type"] == "error")
    yield from ("stderr" for o in outputs(notebook) if o.get("name") == "stderr")


def without_widget_state(notebook, _path):
    if "widgets" in notebook["metadata"]:
        yield "the state of widgets is saved"
    yield from (mime for data in bundles(notebook) for mime in data if "jupyter.widget" in mime)


def small(_notebook, path):
    if path.stat().st_size > MAX_BYTES:
        yield f"the file has {path.stat().st_size:,} bytes"


def short_cells(notebook, _path):
    for cell in code_cells(notebook):
        lines = [line for line in source(cell).splitlines() if line.strip()]
        if len(lines) > MAX_LINES:
            yield f"a cell has {len(lines)} lines: {lines[0]}"
        if not lines:
            yield "a cell is empty"


def only_calls(notebook, _path):
    """No definitions; the first cell is folded and imports the kit, nothing else is imported."""
    for number, cell in enumerate(code_cells(notebook)):
        for node in ast.walk(ast.parse(source(cell))):
            if isinstance(
                node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
            ):
                yield f"a definition: {ast.unparse(node)[:40]}"
            if isinstance(node, ast.Import | ast.ImportFrom) and (
                number or ast.unparse(node) != "import kit"
            ):
                yield f"an import: {ast.unparse(node)}"
            if isinstance(node, ast.Try | ast.Raise | ast.Assert):
                yield f"a statement that prose cannot explain: {ast.unparse(node)[:40]}"
    first = code_cells(notebook)[0]
    if "import kit" not in source(first):
        yield "the first cell does not import the kit"
    if not first["metadata"].get("jupyter", {}).get("source_hidden"):
        yield "the set-up cell is not folded"


def visible_to_nbval(notebook, _path):
    for cell in code_cells(notebook):
        text = source(cell)
        names = {getattr(n, "id", getattr(n, "attr", getattr(n, "arg", None)))
                 for n in ast.walk(ast.parse(text))}  # fmt: skip
        yield from (f"nbval does not see {name}" for name in names & UNSEEN_BY_NBVAL)
        if text.rstrip().endswith(";"):
            yield f"a trailing semicolon hides an output: {text}"
        if re.search(r"^\s*[%!]|^\s*\?|\?\s*$", text, re.M):
            yield f"a magic: {text}"
        yield from NOT_STRICT & {*cell["metadata"].get("tags", ())}
    yield from (o["output_type"] for o in outputs(notebook) if "update" in o["output_type"])


def parsable(notebook, _path):
    for cell in code_cells(notebook):
        try:
            ast.parse(source(cell))
        except SyntaxError:
            yield f"this is not plain Python: {source(cell)[:60]}"


def portable(notebook, _path):
    texts = [source(cell) for cell in notebook["cells"]] + [json.dumps(outputs(notebook))]
    for text in texts:
        yield from (f"a path of one machine: {match[0]}" for match in FULL_PATH.finditer(text))
    told = json.dumps(outputs(notebook), ensure_ascii=False)
    yield from (f"an address in an output: {match[0]}" for match in URL.finditer(told))
    yield from (f"an address in code: {source(c)}" for c in code_cells(notebook)
                if URL.search(source(c)))  # fmt: skip
    if re.search(r"0x[0-9a-f]{6,}", told):
        yield "the address of an object in an output"


def without_scripts(notebook, _path):
    for data in bundles(notebook):
        html = "".join(data.get("text/html", ""))
        if re.search(r"<\s*(script|iframe|object|embed)|\son\w+\s*=|javascript:", html, re.I):
            yield f"active HTML in an output: {html[:60]}"
        yield from (mime for mime in data if "javascript" in mime)
    if re.search(r"<\s*(script|iframe|object|embed|img|style)\b", prose(notebook), re.I):
        yield "raw HTML in the prose"


def with_header(notebook, _path):
    first = notebook["cells"][0]
    text = source(first)
    if first["cell_type"] != "markdown" or not text.startswith("# "):
        yield "the first cell is no title"
    if not re.search(r"\*\*Minutes\*\*\s*\|\s*\d+", text):
        yield "the header does not say how many minutes it takes"
    if not re.search(r"You need|Before you start|Prerequisites", text):
        yield "the header does not say what is needed"
    if not re.search(r"You will (?:practice|be able to)|Objectives", text):
        yield "the header does not say what is learned"
    titles = re.findall(r"^# .*", prose(notebook), re.M)
    if len(titles) != 1:
        yield f"there is not one title: {titles}"


def with_a_picture(notebook, path):
    """Who cannot see the picture in the header is told what it shows."""
    found = re.search(r"!\[([^\]]*)\]\(([^)]+)\)", source(notebook["cells"][0]))
    if not found:
        yield "the header has no picture"
    elif len(found[1]) < ALT_SIGNS:
        yield f"the picture in the header is not told in words: {found[1]!r}"
    elif not (path.parent / found[2]).is_file():
        yield f"there is no picture {found[2]}"


def headings_in_order(notebook, _path):
    """Screen readers walk by headings: none may be skipped on the way down."""
    levels = [len(mark) for mark in re.findall(r"^(#+) ", prose(notebook), re.M)]
    for before, level in itertools.pairwise(levels):
        if level > before + 1:
            yield f"a heading of level {level} follows one of level {before}"


def with_checkpoints(notebook, _path):
    """Beside widgets, of which nbval sees one constant line, numbers that it compares."""
    shows = [cell for cell in code_cells(notebook) if HINT in json.dumps(
        cell["outputs"], ensure_ascii=False)]  # fmt: skip
    if shows and not any(told(cell) for cell in code_cells(notebook)):
        yield f"{len(shows)} widgets and no text that nbval could compare"
    views = "play|hot_wash|timeline|agreements|explore|read_article|task|build_obligations"
    calls = re.compile(rf"^kit\.(?:{views})\(.*\)\s*$", re.M)
    for cell in code_cells(notebook):
        if calls.search(source(cell)) and cell not in shows:
            yield f"the hint of a widget is missing: {source(cell)}"


def every_cell_tells_something(notebook, _path):
    for number, cell in enumerate(code_cells(notebook)):
        if number and not cell["outputs"]:
            yield f"nothing to compare: {source(cell)[:60]}"


def of_any_python(notebook, _path):
    if notebook["metadata"].get("kernelspec", {}).get("name") != "python3":
        yield "the kernel is not python3"
    if notebook["metadata"].keys() - {"kernelspec", "language_info"}:
        yield f"metadata of one machine: {sorted(notebook['metadata'])}"
    if {*notebook["metadata"].get("language_info", {})} - {"name"}:
        yield "the version of one machine's Python"


def in_its_own_words(notebook, _path):
    yield from shared(prose(notebook))


def with_links_that_work(notebook, path):
    for target in LINK.findall(prose(notebook)):
        if target.startswith("#"):
            continue
        if URL.match(target):
            continue
        file = path.parent / target.partition("#")[0]
        if not file.is_file():
            yield f"a link to nowhere: {target}"


def with_both_names(notebook, _path):
    text = " ".join(prose(notebook).split()).replace("Sea of Japan / East Sea", "")
    yield from (name for name in ("Sea of Japan", "East Sea") if name in text)


def valid(notebook, _path):
    ids = [cell.get("id") for cell in notebook["cells"]]
    if None in ids or len(set(ids)) != len(ids):
        yield "a cell has no id of its own"
        return
    try:
        nbformat.validate(nbformat.from_dict(copy.deepcopy(notebook)))
    except nbformat.ValidationError as error:
        yield str(error).splitlines()[0]


GUARDS = (
    executed,
    without_errors,
    without_widget_state,
    small,
    short_cells,
    parsable,
    only_calls,
    visible_to_nbval,
    portable,
    without_scripts,
    with_header,
    with_a_picture,
    headings_in_order,
    with_checkpoints,
    every_cell_tells_something,
    of_any_python,
    in_its_own_words,
    with_links_that_work,
    with_both_names,
    valid,
)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.__name__)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is(path, guard):
    assert list(guard(json.loads(path.read_text("utf-8")), path)) == []


def test_the_way_through_is_complete():
    names = {path.name for path in NOTEBOOKS}
    assert {
        "00_start_here.ipynb",
        "01_the_record.ipynb",
        "05_exercise_shared_warning.ipynb",
        "11_hot_wash.ipynb",
    } <= names


def test_every_notebook_can_be_reached_from_the_first():
    todo, reached = [ROOT / "notebooks" / "00_start_here.ipynb"], set()
    while todo:
        path = todo.pop()
        if path not in reached:
            reached.add(path)
            found = LINK.findall(prose(json.loads(path.read_text("utf-8"))))
            links = [path.parent / t.partition("#")[0] for t in found if not URL.match(t)]
            todo += [link.resolve() for link in links if link.suffix == ".ipynb"]
    assert {path.resolve() for path in NOTEBOOKS} - reached == set()


# --- the guards notice -------------------------------------------------------------------------

PICTURE = "![Drawing: two doors in a wall that learners walk through](next.ipynb)"
HEADER = (
    f"# A title\n\n{PICTURE}\n\n| | |\n|---|---|\n| **You will practice** | this |\n"
    "| **You need** | nothing |\n"
    "| **Minutes** | 10 |\n"
)


def markdown(text):
    return {"cell_type": "markdown", "id": f"m{len(text)}", "metadata": {}, "source": [text]}


def code(text, *made, count, metadata=None):
    return {"cell_type": "code", "id": f"c{count}", "metadata": metadata or {}, "source": [text],
            "execution_count": count, "outputs": list(made)}  # fmt: skip


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": [text]}


def result(data, count=2):
    return {"output_type": "execute_result", "execution_count": count, "metadata": {},
            "data": data}  # fmt: skip


def good():
    """Return a small notebook with which nothing is wrong."""
    cells = [
        markdown(HEADER),
        code("import kit", count=1, metadata={"jupyter": {"source_hidden": True}}),
        code(
            'kit.play("x")', result({"text/plain": [f"{HINT} (Shift+Enter) to see: x"]}), count=2
        ),
        markdown("## See\n\n[Go on](next.ipynb) to the Sea of Japan / East Sea."),
        code("print(1)", stream("1\n"), count=3),
    ]
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": spec, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def cell(number, **changes):
    """Return a breakage that changes one cell."""
    return lambda notebook: notebook["cells"][number].update(changes)


def typed(text):
    return cell(4, source=[text])


def shown(*made):
    return cell(4, outputs=list(made))


def written(text):
    return cell(3, source=[text])


def a_run_of_the_article():
    """Return a text of which the tests know only the hash: as good as copied."""
    return " ".join(["seven", "words", "in", "a", "row", "from", "there"])


BREAKAGES = [
    (executed, cell(4, execution_count=None)),
    (executed, cell(4, execution_count=4)),
    (executed, cell(1, execution_count=7)),
    (without_errors, shown({"output_type": "error", "ename": "E", "evalue": "e",
                            "traceback": []})),
    (without_errors, shown(stream("a warning", "stderr"))),
    (without_widget_state, lambda n: n["metadata"].update(widgets={})),
    (without_widget_state, shown(result(
        {"text/plain": ["x"], "application/vnd.jupyter.widget-view+json": {}}))),
    (short_cells, typed("a = 1\nb = 2\n\nc = 3\nd = 4\ne = 5\nf = 6")),
    (short_cells, typed(" \n")),
    (parsable, typed("%matplotlib inline")),
    (parsable, typed("print(")),
    (only_calls, typed("def f():\n    return 1")),
    (only_calls, typed("f = lambda: 1")),
    (only_calls, typed("class A: pass")),
    (only_calls, typed("import os")),
    (only_calls, typed("import kit")),
    (only_calls, typed("from kit import play")),
    (only_calls, typed("assert 1")),
    (only_calls, cell(1, source=["import kit, os"])),
    (only_calls, cell(1, source=["import kit as k"])),
    (only_calls, cell(1, source=["print(1)"])),
    (only_calls, cell(1, metadata={})),
    (visible_to_nbval, typed("widgets.Output()")),
    (visible_to_nbval, typed("interact(f)")),
    (visible_to_nbval, typed("clear_output()")),
    (visible_to_nbval, typed("display(x, display_id=True)")),
    (visible_to_nbval, typed("kit.play('x');")),
    (visible_to_nbval, typed("kit.play('x') ;\n")),
    (visible_to_nbval, cell(4, metadata={"tags": ["nbval-ignore-output"]})),
    (visible_to_nbval, cell(4, metadata={"tags": ["nbval-skip"]})),
    (visible_to_nbval, shown({"output_type": "update_display_data", "data": {}, "metadata": {}})),
    (portable, typed("kit.load_scenario('/" "home/me/x.yaml')")),
    (portable, typed("kit.load_scenario('~/x.yaml')")),
    (portable, typed(r"kit.load_scenario(r'C:\\x.yaml')")),
    (portable, shown(stream("saved in /" "root/capsules/x.json"))),
    (portable, shown(stream("see https://example.org"))),
    (portable, shown(result({"text/plain": ["x"], "text/html": ["<img src='http://a.b/c'>"]}))),
    (portable, typed("kit.load_scenario('https://example.org/x.yaml')")),
    (portable, shown(stream("<object at 0x7f001234abcd>"))),
    (without_scripts, shown(result({"text/html": ["<b>x</b><script>1</script>"]}))),
    (without_scripts, shown(result({"text/html": ["<img src=x onerror=alert(1)>"]}))),
    (without_scripts, shown(result({"application/javascript": ["1"]}))),
    (without_scripts, written("<img src='https://example.org/x.png'>")),
    (with_header, cell(0, source=[HEADER.replace("# A", "## A")])),
    (with_header, cell(0, source=[HEADER.replace("| 10 |", "| ten |")])),
    (with_header, cell(0, source=[HEADER.replace("You need", "Nothing")])),
    (with_header, cell(0, source=[HEADER.replace("You will practice", "Hello")])),
    (with_header, written("# Another title")),
    (with_header, lambda n: n["cells"].reverse()),
    (with_a_picture, cell(0, source=[HEADER.replace(PICTURE, "")])),
    (with_a_picture, cell(0, source=[HEADER.replace("that learners walk through", "")])),
    (with_a_picture, cell(0, source=[HEADER.replace("(next.ipynb)", "(gone.svg)")])),
    (headings_in_order, written("### Too deep")),
    (with_checkpoints, cell(4, outputs=[])),
    (with_checkpoints, shown(result({"text/plain": [f"{HINT} to see: y"]}))),
    (with_checkpoints, cell(2, outputs=[])),
    (every_cell_tells_something, cell(4, outputs=[])),
    (of_any_python, lambda n: n["metadata"]["kernelspec"].update(name="my-env")),
    (of_any_python, lambda n: n["metadata"]["language_info"].update(version="3.11.4")),
    (of_any_python, lambda n: n["metadata"].update(vscode={})),
    (of_any_python, lambda n: n["metadata"].clear()),
    (in_its_own_words, written(a_run_of_the_article())),
    (with_links_that_work, written("[x](missing.ipynb)")),
    (with_links_that_work, written("[x](missing.ipynb#part)")),
    (with_links_that_work, written("[x](..)")),
    (with_both_names, written("The Sea of Japan.")),
    (with_both_names, written("The East\nSea.")),
    (valid, cell(4, id="c2")),
    (valid, lambda n: n["cells"][4].pop("id")),
    (valid, cell(4, outputs=[{"output_type": "nonsense"}])),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with the notebook that the good one links to; one run of words is the article's."""
    (tmp_path / "next.ipynb").write_text("{}", "utf-8")
    monkeypatch.setattr("shingles.article", lambda: frozenset(shingles(a_run_of_the_article())))
    return tmp_path


def write(folder, notebook):
    path = folder / "this.ipynb"
    path.write_text(json.dumps(notebook), "utf-8")
    return path


@pytest.mark.parametrize("number", range(len(BREAKAGES)))
def test_a_guard_notices(folder, number):
    guard, spoil = BREAKAGES[number]
    notebook = good()
    assert list(guard(notebook, write(folder, notebook))) == []
    spoil(notebook)
    assert list(guard(notebook, write(folder, notebook))) != []


def test_the_size_guard_notices(folder):
    notebook = good()
    assert list(small(notebook, write(folder, notebook))) == []
    notebook["cells"][4]["outputs"] = [stream("x" * MAX_BYTES)]
    assert list(small(notebook, write(folder, notebook))) != []


def test_every_guard_is_shown_a_bad_notebook():
    assert {*GUARDS} == {guard for guard, _ in BREAKAGES} | {small}
