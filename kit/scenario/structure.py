"""Check the structure of a scenario file, key by key, against the JSON Schema.

Every problem is returned at once, in the order of the file, in words of the file.
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kit import files
from kit.documents import Document, Key
from kit.errors import Problem, suggestion

FORMAT = 2
IRI_GRAMMARS = {"rfc3987", "rfc3987_syntax"}
CODES = {
    "enum": "TTX105",
    "pattern": "TTX106",
    "minItems": "TTX107",
    "minProperties": "TTX107",
    "minLength": "TTX107",
    "uniqueItems": "TTX108",
    "type": "TTX104",
    "anyOf": "TTX104",
}


@functools.cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file."""
    value: dict[str, Any] = files.read_json(Path(__file__).with_name("schema.json"))
    return value


@functools.cache
def _validator() -> Any:
    """Return the validator of the schema.

    The library would also build a grammar of internationalized addresses, which takes longer
    than all the rest of the kit and checks a format that the schema does not use; while it is
    imported, that optional package counts as not installed.
    """
    modules: dict[str, Any] = dict.fromkeys(IRI_GRAMMARS - sys.modules.keys())
    sys.modules.update(modules)
    try:
        import jsonschema
    finally:
        for name in modules:
            del sys.modules[name]
    return jsonschema.Draft202012Validator(schema())


def structure(document: Document) -> list[Problem]:
    """Return what is wrong with the keys and the kinds of values, against the JSON Schema."""
    if other := _other_format(document):
        return [other]  # the rest would be measured against the wrong list of keys
    found = []
    for error in _validator().iter_errors(document.value):
        path = tuple(error.absolute_path)
        found += list(_structural(document, path, error))
    # The schema reports each missing key by itself, and every report lists all of them.
    return sorted(dict.fromkeys(found), key=lambda problem: problem.line or 0)


def _other_format(document: Document) -> Problem | None:
    """Return the problem of a file that says it is of an older or newer format."""
    stated = document.value.get("schema") if isinstance(document.value, dict) else None
    if type(stated) is not int or stated == FORMAT:
        return None
    if 0 < stated < FORMAT:
        cause = f"schema: the file is of format {stated}, this kit reads format {FORMAT}."
        remedy = "Bring it up to date with `python -m kit upgrade FILE`."
        return at(document, ("schema",), "TTX110", cause, remedy)
    cause = f"schema: there is no format {stated} that this kit knows."
    return at(document, ("schema",), "TTX111", cause, f"This kit reads schema: {FORMAT}.")


def _structural(document: Document, path: Key, error: Any) -> Iterator[Problem]:
    """Yield the problems behind one schema error, in words of the file."""
    where = spell(path)
    if error.validator == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        for key in error.instance:
            if key not in known:
                cause = f"{where}: the key '{key}' is not known here."
                yield at(document, (*path, key), "TTX101", cause, suggestion(key, known))
    elif error.validator == "required":
        for key in error.validator_value:
            if key not in error.instance:
                about = _about(error.schema, key)
                cause = f"{where}: '{key}' is missing."
                yield at(document, path, "TTX102", cause, f"Add it. {about}".rstrip())
    elif "propertyNames" in error.absolute_schema_path:
        name = error.instance
        cause = f"{where}: '{name}' cannot be a name."
        remedy = "Use lower-case letters, digits, - and _; start with a letter."
        yield at(document, (*path, name), "TTX103", cause, remedy)
    else:
        code = CODES.get(error.validator, "TTX109")
        yield at(document, path, code, *_plain(where, error))


def _plain(where: str, error: Any) -> tuple[str, str]:
    """Return cause and remedy of a schema error about one value."""
    wanted, got = error.validator_value, error.instance
    shown = _short(got)
    kind = error.validator
    if kind == "type":
        names = {"object": "a block of keys", "array": "a list", "string": "text"}
        names |= {"integer": "a whole number", "boolean": "true or false"}
        kinds = [wanted] if isinstance(wanted, str) else wanted
        words = " or ".join(names.get(k, f"a {k}") for k in kinds)
        hint = (
            "Put it in quotes." if "string" in kinds and not isinstance(got, (dict, list)) else ""
        )
        return f"{where}: {shown} is not {words}.", hint or f"Write {words}."
    if kind == "enum":
        return f"{where}: {shown} is not allowed.", suggestion(str(got), map(str, wanted))
    if kind == "pattern":
        return f"{where}: {shown} is not written as it must be.", _pattern_remedy(wanted)
    if kind == "anyOf":
        return f"{where}: {shown} is neither one name nor a list of names.", "Write one of them."
    if kind in ("minItems", "minProperties", "minLength"):
        return f"{where}: there are too few entries.", f"Give at least {wanted}."
    if kind == "uniqueItems":
        return f"{where}: an entry is there twice.", "Keep one."
    return f"{where}: {shown} is out of range ({kind} {wanted}).", "Change the value."


def _pattern_remedy(pattern: str) -> str:
    if pattern.startswith("^[0-9]{4}-"):
        return "Write the day as YYYY-MM-DD."
    if pattern.startswith("^[0-9]+\\."):
        return "Write three numbers with dots, such as 1.0.0, in quotes."
    if pattern.startswith("^[a-z][a-z0-9]*"):
        return "Use lower-case letters, digits, - and _; start with a letter."
    return f"It must match {pattern}; codes go in quotes."


def _about(part: Mapping[str, Any], key: str) -> str:
    about = part.get("properties", {}).get(key, {}).get("description", "")
    return str(about)


def at(document: Document, path: Key, code: str, cause: str, remedy: str) -> Problem:
    """Return a problem at a path of the document."""
    return Problem(document.file, cause, remedy, document.line(path), code=code)


def spell(path: Key) -> str:
    """Return a path in words: ``moves 2 > choices > sharing``; the whole file when empty."""
    words: list[str] = []
    for part in path:
        if isinstance(part, int) and words:
            words[-1] += f" {part + 1}"
        else:
            words.append(str(part))
    return " > ".join(words) or "the file"


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else text[:37] + "…"
