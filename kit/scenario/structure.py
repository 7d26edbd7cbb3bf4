"""Check the structure of a scenario file, key by key, against the JSON Schema.

Every problem is returned at once, in the order of the file, in words of the file.
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kit import files
from kit.documents import MAX_MESSAGE, Document, Key
from kit.errors import MAX_SHOWN, Problem, shorten, suggestion

FORMAT = 2
SCENARIO = "schema"  # the file of the schema of a scenario
MAX_FOUND = 15_000  # problems of structure; who has more has not written an exercise
OF_KEYS = {"additionalProperties", "required"}
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
BLANK = "\\S"  # the pattern of every text: something besides spaces
NAMES = "Use lower-case letters, digits, - and _; start with a letter; at most 60 characters."


@functools.cache
def schema(name: str = SCENARIO) -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, or of another kind of file beside it."""
    value: dict[str, Any] = files.read_json(Path(__file__).with_name(f"{name}.json"))
    return value


@functools.cache
def _validator(name: str) -> Any:
    """Return the validator of a schema.

    The library would also build a grammar of internationalized addresses, which takes longer
    than all the rest of the kit and checks a format that the schema does not use; while it is
    imported, that optional package counts as not installed.
    """
    modules: dict[str, Any] = dict.fromkeys(IRI_GRAMMARS - sys.modules.keys())
    sys.modules.update(modules)
    try:
        import jsonschema
    finally:
        for module in modules:
            del sys.modules[module]

    def required(validator: Any, names: list[str], instance: Any, part: Any) -> Iterator[Any]:
        """Report all missing keys at once, where the library reports each by itself."""
        if validator.is_type(instance, "object") and not instance.keys() >= set(names):
            yield jsonschema.ValidationError("keys are missing")

    def unique(validator: Any, wanted: bool, instance: Any, part: Any) -> Iterator[Any]:
        """Compare entries by their text: the library compares each with each."""
        if validator.is_type(instance, "array") and twice(instance) is not None:
            yield jsonschema.ValidationError("an entry is there twice")

    # The library takes 2.0 for a whole number; in a scenario it would be shown and hashed as 2.0.
    kinds = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: type(value) is int
    )
    checks = {"required": required, "uniqueItems": unique}
    extend: Any = jsonschema.validators.extend
    return extend(jsonschema.Draft202012Validator, checks, None, kinds)(schema(name))


def twice(items: Iterable[object]) -> str | None:
    """Return the first entry that is there a second time, as JSON; None if there is none."""
    seen: set[str] = set()
    for item in items:
        text = json.dumps(item, sort_keys=True, default=str)
        if text in seen:
            return text
        seen.add(text)
    return None


class Hints:
    """Looks for near names in the first problems of a file only: each search takes a while."""

    def __init__(self) -> None:
        self._left = MAX_SHOWN

    def near(self, name: str, known: Collection[str]) -> str:
        """Return a remedy that names the nearest known name, or some of those known."""
        self._left -= 1
        if self._left < 0:
            return "Use a name that is known."
        return suggestion(name, known)


def structure(document: Document, name: str = SCENARIO) -> list[Problem]:
    """Return what is wrong with the keys and the kinds of values, against a JSON Schema."""
    if name == SCENARIO and (other := _other_format(document)):
        return [other]  # the rest would be measured against the wrong list of keys
    found: dict[Problem, None] = {}
    values: set[Key] = set()
    hints = Hints()
    for error in _validator(name).iter_errors(document.value):
        path = tuple(error.absolute_path)
        if error.validator not in OF_KEYS and "propertyNames" not in error.absolute_schema_path:
            if path in values:
                continue  # what is of the wrong kind is also too small, and not as it must be
            values.add(path)
        found |= dict.fromkeys(_structural(document, path, error, hints))
        if len(found) > MAX_FOUND:
            break
    return sorted(found, key=lambda problem: problem.line or 0)


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


def _structural(document: Document, path: Key, error: Any, hints: Hints) -> Iterator[Problem]:
    """Yield the problems behind one schema error, in words of the file."""
    where = spell(path)
    if error.validator == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        for key in error.instance:
            if key not in known:
                cause = f"{where}: the key '{shorten(key)}' is not known here."
                yield at(document, (*path, key), "TTX101", cause, hints.near(key, known))
    elif error.validator == "required":
        for key in error.validator_value:
            if key not in error.instance:
                about = _about(error.schema, key)
                cause = f"{where}: '{key}' is missing."
                yield at(document, path, "TTX102", cause, f"Add it. {about}".rstrip())
    elif "propertyNames" in error.absolute_schema_path:
        name = error.instance
        cause = f"{where}: '{shorten(name)}' cannot be a name."
        yield at(document, (*path, name), "TTX103", cause, NAMES)
    else:
        kind = "minLength" if error.validator_value == BLANK else error.validator
        code = CODES.get(kind, "TTX109")
        yield at(document, path, code, *_plain(where, kind, error.validator_value, error.instance))


def _plain(where: str, kind: str, wanted: Any, got: Any) -> tuple[str, str]:
    """Return cause and remedy of a schema error about one value."""
    shown = _short(got)
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
    if kind in ("minItems", "minProperties"):
        return f"{where}: there are too few entries.", f"Give at least {wanted}."
    if kind == "minLength":
        return f"{where}: the text is empty.", "Write something, or leave the key out."
    if kind == "maxLength":
        cause = f"{where}: the text is too long: {len(got):,} characters."
        return cause, f"Shorten it to {wanted:,} at most."
    if kind == "uniqueItems":
        return f"{where}: an entry is there twice: {shorten(twice(got) or '')}.", "Keep one."
    return f"{where}: {shown} is out of range ({kind} {wanted}).", "Change the value."


def _pattern_remedy(pattern: str) -> str:
    if pattern.startswith("^[0-9]{4}-"):
        return "Write the day as YYYY-MM-DD."
    if pattern.startswith("^[0-9]+\\."):
        return "Write three numbers with dots, such as 1.0.0, in quotes."
    if pattern.startswith("^[a-z][a-z0-9]*"):
        return NAMES
    return f"It must match {pattern}; codes go in quotes."


def _about(part: Mapping[str, Any], key: str) -> str:
    about = part.get("properties", {}).get(key, {}).get("description", "")
    return str(about)


def at(document: Document, path: Key, code: str, cause: str, remedy: str) -> Problem:
    """Return a problem at a path of the document."""
    cause, remedy = shorten(cause, MAX_MESSAGE), shorten(remedy, MAX_MESSAGE)
    return Problem(document.file, cause, remedy, document.line(path), code=code)


def spell(path: Key) -> str:
    """Return a path in words: ``moves 2 > choices > sharing``; the whole file when empty."""
    words: list[str] = []
    for part in path:
        if isinstance(part, int) and words:
            words[-1] += f" {part + 1}"
        else:
            words.append(shorten(str(part)))
    return " > ".join(words) or "the file"


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else text[:37] + "…"
