"""The page about the scenario format, generated from the schema so that it cannot drift."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kit import documents, files
from kit.authoring import prose, scaffold
from kit.authoring.columns import COLUMNS
from kit.codebook import grid
from kit.scenario.editions import SCHEMA as EDITION
from kit.scenario.structure import FORMAT, schema

PAGE = "scenario-format.md"

Part = Mapping[str, Any]

# Block → the part of the scaffold that shows it.
EXAMPLES: dict[str, tuple[str | int, ...]] = {
    "Objective": ("objectives", 0),
    "Role": ("roles", "mayor"),
    "Measure": ("measures", "safety"),
    "Assumption": ("assumptions", "crowd_in_storm"),
    "Uncertainty": ("uncertainties", "storm"),
    "Move": ("moves", 1),
    "Inject": ("moves", 1, "injects", 0),
    "Prediction": ("moves", 0, "predictions"),
    "Choice": ("moves", 1, "choices", "headline"),
    "Option": ("moves", 1, "choices", "tents", "options", "remove"),
    "Rule": ("moves", 1, "choices", "headline", "given"),
    "Effect": ("effects", 10),
    "Play": ("plays", 0),
    "Misconception": ("misconceptions", 0),
}


def build() -> str:
    """Return the page."""
    root = schema()
    parts = [
        f"# The scenario format, version {FORMAT}",
        prose.GENERATED,
        prose.INTRODUCTION,
        "## The whole file",
        root["description"],
        _table(root, root),
        _example_of_top(),
        *(part for title, where, block in _blocks(root) for part in _section(title, where, block)),
        "## Kinds of values",
        _kinds(root),
        "## Conventions",
        prose.CONVENTIONS,
        "## Editions: the same exercise in other words",
        prose.EDITIONS,
        _table(schema(EDITION), schema(EDITION)),
        "## Injects as a spreadsheet",
        prose.MSEL,
        _columns(),
        "## Older formats",
        prose.CHANGES,
    ]
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def write(path: str | Path | None = None) -> Path:
    """Write the page and return where it is.

    Parameters
    ----------
    path
        File to write; ``docs/scenario-format.md`` of the checkout when absent.

    Raises
    ------
    ExportError
        The file cannot be written, or there is no checkout and none was named.
    """
    return files.write_page(PAGE, build(), path)


def resolved(root: Part, part: Part) -> dict[str, Any]:
    """Return a part of the schema with what it refers to; its own words win."""
    reference = part.get("$ref")
    if reference is None:
        return dict(part)
    target: Part = root
    for step in reference.removeprefix("#/").split("/"):
        target = target[step]
    return {**resolved(root, target), **{k: v for k, v in part.items() if k != "$ref"}}


def inner(root: Part, part: Part) -> dict[str, Any]:
    """Return what a list or a block of names holds; empty when it is neither."""
    for key in ("items", "additionalProperties"):
        if isinstance(found := part.get(key), dict):
            return resolved(root, found)
    return {}


def _blocks(root: Part) -> Iterator[tuple[str, str, Part]]:
    """Yield every block of keys below the whole file: its title, where it stands, the block."""
    seen: set[str] = set()

    def below(where: str, part: Part) -> Iterator[tuple[str, str, Part]]:
        for key, value in part["properties"].items():
            whole = resolved(root, value)
            path = f"{where} > {key}" if where else key
            for block, mark in ((whole, ""), (inner(root, whole), " > …")):
                name = block.get("title", key.capitalize())
                if "properties" in block and name not in seen:
                    seen.add(name)
                    yield name, path + mark, block
                    yield from below(path + mark, block)

    yield from below("", root)


def _section(title: str, where: str, block: Part) -> Iterator[str]:
    yield f"## {title}"
    yield f"At `{where}`. {block.get('description', '')}"
    yield _table(schema(), block)
    if title in EXAMPLES:
        yield f"```yaml\n{example(EXAMPLES[title])}\n```"


def _table(root: Part, block: Part) -> str:
    required = block.get("required", ())
    return grid(
        ("Key", "Kind", "Needed", "Meaning"),
        (
            (
                f"`{key}`",
                kind(root, part),
                "yes" if key in required else "no",
                _meaning(root, part),
            )
            for key, part in block["properties"].items()
        ),
    )


def _meaning(root: Part, part: Part) -> str:
    whole = resolved(root, part)
    codes = ", ".join(f"`{value}`" for value in whole.get("enum", ()))
    return f"{whole['description']}{f' One of {codes}.' if codes else ''}"


def kind(root: Part, part: Part) -> str:
    """Return in words what values a key takes."""
    name = str(part.get("$ref", "")).rpartition("/")[2]
    if name in NAMES:
        return NAMES[name]
    whole = resolved(root, part)
    if "enum" in whole:
        return "one word of a list"
    if "anyOf" in whole:
        return " or ".join(kind(root, one) for one in whole["anyOf"])
    types = whole.get("type", "text")
    if types == "array":
        return f"list of {_several(kind(root, whole['items']))}{_bounds(whole)}"
    if types == "object" and "properties" not in whole:
        return f"names, each with {kind(root, whole['additionalProperties'])}"
    one = [types] if isinstance(types, str) else types
    return " or ".join(WORDS[item] for item in one) + _bounds(whole)


WORDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true",
    "object": "keys",
}
NAMES = {
    "id": "id",
    "text": "text",
    "date": "day",
    "probability": "chance, 0 to 1",
    "odds": "odds",
    "when": "condition",
    "given": "list of rules",
    "evidence": "list of ids of the record",
}


def _several(words: str) -> str:
    return {"text": "texts", "keys": "blocks of keys", "id": "ids"}.get(words, words)


def _bounds(part: Part) -> str:
    low, high = part.get("minimum"), part.get("maximum")
    if low == high:
        return f", {low}" if low is not None else ""
    if high is not None:
        return f", {low} to {high}"
    return f", at least {low}" if low is not None else ""


def _kinds(root: Part) -> str:
    """Return what the kinds of values mean that many keys share."""
    rows = []
    for name, words in NAMES.items():
        part = root["$defs"][name]
        most = f" At most {part['maxLength']} characters." if "maxLength" in part else ""
        rows.append((words, f"{part['description']}{most}"))
    return grid(("Kind", "Meaning"), rows)


def _columns() -> str:
    return grid(
        ("Column", "Meaning", "Needed", "Also understood"),
        (
            (c.header, c.about, "yes" if c.needed else _or(c.key), ", ".join(c.others))
            for c in COLUMNS
        ),
    )


def _or(key: str) -> str:
    return "one of the two" if key in ("time", "minute") else "no"


def _example_of_top() -> str:
    text = files.read_text(scaffold.TEMPLATE)
    first = text.index("schema:")
    return f"```yaml\n{text[first : text.index('# What learners practice')].rstrip()}\n```"


def example(path: tuple[str | int, ...]) -> str:
    """Return the lines of the scaffold at a path, moved to the left edge."""
    text = files.read_text(scaffold.TEMPLATE)
    document = documents.parse(text, scaffold.TEMPLATE.name)
    first = document.lines[path]
    beyond = [
        line
        for other, line in document.lines.items()
        if line > first and other[: len(path)] != path
    ]
    if path[:-1] == ("moves",):  # the rest of a move has examples of its own
        beyond.append(document.lines[(*path, "injects")])
    rows = text.splitlines()[first - 1 : min(beyond, default=first + len(text)) - 1]
    while rows and (not rows[-1].strip() or rows[-1].lstrip().startswith("#")):
        rows.pop()
    margin = len(rows[0]) - len(rows[0].lstrip())
    return "\n".join(row[margin:].rstrip() for row in rows)
