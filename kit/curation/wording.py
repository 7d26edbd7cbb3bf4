"""How things are said: in our own words, and with both names where a place has two.

The article under study is not part of the kit. ``article_shingles.txt`` holds a hash of each run
of seven consecutive words of its body, which is enough to find a copied passage and too little to
read the article.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from kit import documents, files, tables
from kit.errors import DataError, Problem
from kit.tables.schema import PACKAGE

LENGTH = 7
HASHES = "article_shingles.txt"
TWO_NAMES = (("Sea of Japan", "East Sea"), ("Takeshima", "Dokdo"))
QUOTED = {("sources", "title"), ("sources", "url"), ("pages", "url")}  # as others wrote them


class Text(NamedTuple):
    """A text of the kit's own, with the place where it stands."""

    file: str
    line: int | None
    column: str | None
    text: str
    quoted: bool = False


def words(text: str) -> list[str]:
    """Return the lower-case words of a text, so that `U.S.` is `us` and `real-time` two words."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"['\N{RIGHT SINGLE QUOTATION MARK}]|(?<=\b\w)\.(?=\w\b|\W|$)", "", text)
    return re.findall(r"[^\W_]+", text)


def shingles(text: str) -> dict[str, str]:
    """Return every run of seven words of a text by its hash."""
    found = words(text)
    runs = (" ".join(found[i : i + LENGTH]) for i in range(len(found) - LENGTH + 1))
    return {hashlib.sha256(run.encode()).hexdigest()[:16]: run for run in runs}


def article(folder: Path | None = None) -> frozenset[str]:
    """Return the hashes of the article's runs of seven words, from a folder or the data in use.

    Raises
    ------
    DataError
        The file of hashes cannot be read, or holds something else.
    """
    path = (folder or files.data_dir()) / HASHES
    with suppress(OSError):
        stat = path.stat()
        return _hashes(path, (stat.st_mtime_ns, stat.st_size))
    return _hashes(path, (0, 0))  # reading will say what is wrong


@lru_cache(maxsize=2)
def _hashes(path: Path, stamp: tuple[int, int]) -> frozenset[str]:
    lines = files.read_text(path).split("\n")
    found = [line for line in lines if line]
    for number, line in enumerate(lines, 1):
        if line and not re.fullmatch(r"[0-9a-f]{16}", line):
            cause = "The line is not a hash of 16 hexadecimal digits."
            raise DataError([Problem(path.name, cause, "Restore the file.", number)])
    if not found:
        raise DataError([Problem(path.name, "The file is empty.", "Restore the file.")])
    return frozenset(found)


def shared(text: str, known: frozenset[str]) -> list[str]:
    """Return the runs of seven words of a text whose hashes are known."""
    return [run for key, run in shingles(text).items() if key in known]


def problems() -> list[Problem]:
    """Return every text that repeats the article or gives one name of a place that has two."""
    found = list(texts())
    named = [problem for item in found for problem in _one_name(item)]
    try:
        known = article()
    except DataError as error:
        return named + list(error.problems)
    return named + [problem for item in found for problem in _copied(item, known)]


def texts() -> Iterator[Text]:
    """Yield the text of every readable cell, of every YAML file, and of the package itself."""
    folder = files.data_dir()
    with suppress(DataError):
        for name in tables.names():
            with suppress(DataError):  # reported with the tables
                yield from _cells(name)
    with suppress(DataError):
        for key, text in _strings(files.read_json(folder / PACKAGE)):
            yield Text(PACKAGE, None, key, text)
    for path in sorted(folder.rglob("*.yaml")):
        with suppress(DataError):  # reported with the scenarios
            document = documents.parse(files.read_text(path), path.name)
            for at, text in _leaves(document.value, ()):
                yield Text(path.name, document.line(at), None, text)


def _cells(name: str) -> Iterator[Text]:
    table = tables.describe(name)
    cells = files.read_csv(files.data_dir() / table.file)
    for row, line in zip(cells.rows, cells.lines, strict=True):
        for column, text in zip(cells.header, row, strict=True):
            yield Text(table.file, line, column, text, (name, column) in QUOTED)


def _leaves(value: Any, at: documents.Key) -> Iterator[tuple[documents.Key, str]]:
    """Yield every text inside a value, with the path to it."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from _leaves(item, (*at, key))


def _strings(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the texts of ``datapackage.json``, each with its table, field and property."""
    for path, text in _leaves(value, ()):
        names, here = [], value
        for key in path:
            here = here[key]
            if isinstance(here, dict) and "name" in here:
                names.append(str(here["name"]))
        yield ".".join([*names, str(path[-1])]), text


def _one_name(item: Text) -> Iterator[Problem]:
    if item.quoted:
        return
    for one, other in (*TWO_NAMES, *(pair[::-1] for pair in TWO_NAMES)):
        if re.search(rf"\b{one}\b", item.text) and not re.search(rf"\b{other}\b", item.text):
            cause = f"It says '{one}' without '{other}': the name is disputed."
            remedy = f"Give both names, as '{one} / {other}'."
            yield Problem(item.file, cause, remedy, item.line, item.column)


def _copied(item: Text, known: frozenset[str]) -> Iterator[Problem]:
    if runs := shared(item.text, known):
        cause = f"Seven or more words in a row are the article's: '{runs[0]}'."
        yield Problem(item.file, cause, "Say it in our own words.", item.line, item.column)
