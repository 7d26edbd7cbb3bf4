"""What the data package says about itself in words: used by the codebook and by every export."""

from __future__ import annotations

import re

from kit import files, tables
from kit.tables import Field, Record, Table
from kit.tables.schema import PACKAGE

TYPE_WORDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "date": "date",
}
# The part of a column's name that tells its unit. `min` is also the word minimum: it comes last.
UNITS = {
    "lat": "degrees north",
    "lon": "degrees east",
    "km": "km",
    "m": "m",
    "deg": "degrees",
    "mrad": "mrad",
    "s": "s",
    "minutes": "min",
    "min": "min",
}
CORRECTIONS = (
    "Correct the row in its CSV file, add the source to sources.csv, say in citations.csv what it "
    "supports, and run `python -m kit check`; CONTRIBUTING.md in the repository has the steps."
)
FACTS = "For a fact, cite the source that the tables name for it."


def package() -> Record:
    """Return ``datapackage.json`` as it stands.

    Raises
    ------
    DataError
        It is missing or unreadable.
    """
    raw: Record = files.read_json(files.data_dir() / PACKAGE)
    return raw


def unit(field: Field) -> str:
    """Return the unit of a column of numbers, as its name tells it; empty for none.

    Examples
    --------
    >>> unit(Field("range_km_published_min", "number", "Range", "How far."))
    'km'
    """
    if field.type not in ("integer", "number"):
        return ""
    words = field.name.split("_")
    return next((text for word, text in UNITS.items() if word in words), "")


def kind(field: Field) -> str:
    """Return the type of a column in words, with its unit or the separator of its list."""
    if field.separator:
        return f"list of text, joined by '{field.separator}'"
    return ", ".join(filter(None, (TYPE_WORDS[field.type], unit(field))))


def rules(field: Field) -> list[str]:
    """Return what the cells of a column must fulfill, besides being of its type."""
    low, high = (
        f"{edge:g}" if isinstance(edge, float) else edge for edge in (field.minimum, field.maximum)
    )
    bounds = {
        (True, True): f"{low} to {high}",
        (True, False): f"at least {low}",
        (False, True): f"at most {high}",
    }.get((low is not None, high is not None))
    said = [
        "required" if field.required else None,
        "unique" if field.unique else None,
        bounds,
        f"one of {len(field.enum)} codes" if field.enum else None,
        f"found in {'.'.join(field.references)}" if field.references else None,
    ]
    return [text for text in said if text]


def meanings(field: Field) -> dict[str, str]:
    """Return what each code of a column means, as far as its description has "code: meaning".

    Examples
    --------
    >>> meanings(Field("s", "string", "S", "State. on: it runs; off: it rests.", enum=("on",)))
    {'on': 'it runs'}
    """
    found = {}
    for code in field.enum:
        told = rf"(?<![\w-]){re.escape(code)}: (.+?)(?=; [\w-]+(?:: |; )|\.(?:\s|$)|$)"
        match = re.search(told, field.description)
        found[code] = match[1] if match else ""
    return {code: text for code, text in found.items() if text}


def license_of(raw: Record) -> str:
    """Return the names and addresses of the package's licenses, in one line."""
    found = raw.get("licenses", ())
    return "; ".join(
        " ".join(filter(None, (item.get("title") or item.get("name"), item.get("path"))))
        for item in found
    )


def citation(raw: Record) -> str:
    """Return the line by which to cite the data set; it needs no DOI, because it has none.

    The year is that in which the sources were last read.
    """
    years = [row["accessed"].year for row in _sources()]
    who = ", ".join(item["title"] for item in raw.get("contributors", ())) or raw["name"]
    year = f" ({max(years)})" if years else ""
    names = ", ".join(item["name"] for item in raw.get("licenses", ()) if "name" in item)
    version = f", version {raw['version']}" if "version" in raw else ""
    return f"{who}{year}. {raw.get('title', raw['name'])}{version} [data set]. {names}".rstrip()


def _sources() -> tuple[Record, ...]:
    if "sources" not in tables.names():
        return ()
    return tables.records("sources")


def summary(raw: Record) -> dict[str, str]:
    """Return what a reader of a copy must know, by item: title, license, how to cite and so on."""
    items = {
        "Title": raw.get("title", raw["name"]),
        "Version": raw.get("version", ""),
        "Description": raw.get("description", ""),
        "License": license_of(raw),
        "Cite as": f"{citation(raw)}. {FACTS}",
        "Corrections": CORRECTIONS,
    }
    return {item: text for item, text in items.items() if text}


def key_of(table: Table) -> str:
    """Return the columns that name a row of a table, or what takes their place."""
    return ", ".join(table.primary_key or table.unique_together) or "none"
