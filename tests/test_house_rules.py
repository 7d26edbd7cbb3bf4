"""House rules no other tool checks."""

from __future__ import annotations

import ast
import re

import pytest

MODULE_LINES = 300
FUNCTION_LINES = 60
BROAD = {"Exception", "BaseException"}
# A folder or file not in this list needs a reason: the tool that demands it at the top.
TOP_LEVEL = {
    ".ci",
    ".gitattributes",
    ".github",
    ".gitignore",
    "CHANGELOG.md",
    "CITATION.cff",
    "CONTRIBUTING.md",
    "LICENSE",
    "LICENSE-CC-BY-4.0.md",
    "Makefile",
    "README.md",
    "data",
    "docs",
    "environment.yml",
    "kit",
    "notebooks",
    "postBuild",
    "pyproject.toml",
    "tests",
}
TEXT = {".cff", ".cfg", ".css", ".ipynb", ".js", ".json", ".md", ".py", ".toml", ".yaml", ".yml"}
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME)\b")
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@pytest.fixture(scope="module")
def sources(root):
    """Path inside the checkout → text, for every module of the kit."""
    found = {p.relative_to(root).as_posix(): p for p in sorted((root / "kit").rglob("*.py"))}
    assert found, "there is no module to look at"
    return {name: path.read_text("utf-8") for name, path in found.items()}


def undocumented(tree, prefix=""):
    """Yield public classes, functions and methods without a docstring, with their line."""
    for node in tree.body:
        if not isinstance(node, DEFINITIONS) or node.name.startswith("_"):
            continue
        overloaded = any("overload" in ast.unparse(d) for d in node.decorator_list)
        if not ast.get_docstring(node) and not overloaded:
            yield f"line {node.lineno}: {prefix}{node.name} has no docstring"
        if isinstance(node, ast.ClassDef):
            yield from undocumented(node, f"{node.name}.")


def long_functions(tree):
    """Yield functions longer than the limit."""
    for node in ast.walk(tree):
        if isinstance(node, DEFINITIONS[:2]):
            length = node.end_lineno - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f"line {node.lineno}: {node.name} has {length} lines"


def broad_excepts(tree):
    """Yield ``except:``, ``except Exception``, ``suppress(Exception)`` and the like.

    A handler that cleans up and ends in a bare ``raise`` catches nothing.
    """
    for node in ast.walk(tree):
        caught = None
        if isinstance(node, ast.ExceptHandler):
            if not (isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None):
                caught = node.type or ast.Name("BaseException")
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
            caught = ast.Tuple(node.args)
        if caught and BROAD & {n.id for n in ast.walk(caught) if isinstance(n, ast.Name)}:
            yield f"line {node.lineno}: catches everything"


def prints(tree):
    """Yield calls of print."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "print":
            yield f"line {node.lineno}: prints"


def broken(rule, sources, except_for=()):
    return [
        f"{name}, {sentence}"
        for name, source in sources.items()
        if name not in except_for
        for sentence in rule(ast.parse(source))
    ]


def test_public_things_have_docstrings(sources):
    assert [
        name for name, source in sources.items() if not ast.get_docstring(ast.parse(source))
    ] == []
    assert broken(undocumented, sources) == []


def test_modules_and_functions_stay_short(sources):
    lengths = {name: len(source.splitlines()) for name, source in sources.items()}
    assert {name: n for name, n in lengths.items() if n > MODULE_LINES} == {}
    assert broken(long_functions, sources) == []


def test_nothing_catches_everything(sources):
    assert broken(broad_excepts, sources) == []


def test_only_the_command_line_prints(sources):
    terminal = {name for name in sources if name.startswith(("kit/__main__", "kit/commands/"))}
    assert broken(prints, sources, except_for=terminal) == []


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (undocumented, "def f(): pass"),
        (undocumented, "class C:\n    'Doc.'\n    def f(self): pass"),
        (long_functions, "def f():\n" + "    pass\n" * FUNCTION_LINES),
        (broad_excepts, "try: f()\nexcept: g()"),
        (broad_excepts, "try: f()\nexcept (OSError, Exception): g()"),
        (broad_excepts, "with contextlib.suppress(Exception): f()"),
        (prints, "def f():\n    print(1)"),
    ],
)
def test_each_rule_finds_what_it_forbids(rule, source):
    assert len(list(rule(ast.parse(source)))) == 1


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (undocumented, "def _f(): pass\ndef g():\n    'Doc.'\n    def inner(): pass"),
        (broad_excepts, "try: f()\nexcept OSError: g()"),
        (broad_excepts, "try: f()\nexcept BaseException:\n    g()\n    raise"),
        (prints, "pprint(1)"),
    ],
)
def test_each_rule_lets_the_rest_through(rule, source):
    assert list(rule(ast.parse(source))) == []


def test_the_top_level_holds_only_what_it_must(repository_files, root):
    found = {path.relative_to(root).parts[0] for path in repository_files}
    assert sorted(found - TOP_LEVEL) == []


def test_nothing_is_left_unfinished(repository_files, root):
    found = [
        f"{path.relative_to(root)}:{number}"
        for path in repository_files
        if path.suffix in TEXT or path.name == "Makefile"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert found == []
