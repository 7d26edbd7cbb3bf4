"""The only module that opens files: strict reading of text, CSV and JSON, atomic writing.

Every reader raises the error class it is given, with file, line, cause and remedy, so that a
broken file never travels further than this module.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.errors import DataError, ExportError, FileProblems, Problem, shorten

MAX_BYTES = 4_000_000


def data_dir() -> Path:
    """Return the folder that holds the data package.

    ``KIT_DATA`` wins when set; then the ``data`` folder beside the package (a checkout or an
    editable install); then the copy inside an installed wheel.
    """
    if chosen := os.environ.get("KIT_DATA"):
        return Path(chosen)
    package = Path(__file__).resolve().parent
    beside = package.parent / "data"
    return beside if (beside / "datapackage.json").is_file() else package / "_data"


def read_bytes(path: Path, error: type[FileProblems] = DataError) -> bytes:
    """Return the content of a file.

    Raises
    ------
    FileProblems
        As ``error``: the file is missing, is a folder, cannot be read, or is larger than
        ``MAX_BYTES``.
    """

    def refuse(cause: str, remedy: str) -> FileProblems:
        return error([Problem(shorten(path.name, 100), cause, remedy)])

    try:
        return _read_bytes(path, refuse)
    except FileNotFoundError:
        raise refuse(
            "The file does not exist.", f"Looked in {shorten(path.parent.name, 100) or '.'}/."
        ) from None
    except IsADirectoryError:
        raise refuse("This is a folder, not a file.", "Name a file inside it.") from None
    except OSError as cause:
        remedy = "Check its name and its permissions."
        raise refuse(f"The file cannot be read ({cause.strerror}).", remedy) from None
    except ValueError:  # NUL or half a character: nothing on a disk is called so
        raise refuse("No file can have this name.", "Rename it.") from None


def read_text(path: Path, error: type[FileProblems] = DataError, *, as_is: bool = False) -> str:
    r"""Return the text of a UTF-8 file, with line ends made ``\n`` and no byte-order mark.

    ``as_is`` keeps line ends and byte-order mark, for whoever writes the text back.

    Raises
    ------
    FileProblems
        As ``error``: the file is missing, is a folder, a pipe or a device, cannot be read, is
        larger than ``MAX_BYTES``, is not UTF-8, or holds NUL or other control characters.
    """

    def refuse(cause: str, remedy: str, line: int | None = None) -> FileProblems:
        return error([Problem(shorten(path.name, 100), cause, remedy, line)])

    raw = read_bytes(path, error)
    try:
        text = raw.decode("utf-8" if as_is else "utf-8-sig")
    except UnicodeDecodeError as cause:
        line = raw[: cause.start].count(b"\n") + 1
        raise refuse(
            f"Byte 0x{raw[cause.start]:02x} is not UTF-8.",
            "Save the file with the encoding UTF-8 (in Excel: 'CSV UTF-8').",
            line,
        ) from None
    if not as_is:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
        raise refuse(
            f"There is a control character (U+{ord(found[0]):04X}).",
            "Remove it; the file may be binary or damaged.",
            text[: found.start()].count("\n") + 1,
        )
    return text


def stamp(path: Path) -> tuple[int, int] | None:
    """Return when a file was changed, in ns, and its size; None if there is no such file."""
    try:
        found = path.stat()
    except (OSError, ValueError):  # not there, out of reach, or a name that no file can have
        return None
    return (found.st_mtime_ns, found.st_size) if stat.S_ISREG(found.st_mode) else None


def _read_bytes(path: Path, refuse: Callable[[str, str], FileProblems]) -> bytes:
    """Return the bytes of a file of bounded size; nothing is opened that could keep us waiting."""
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError
    if not stat.S_ISREG(found.st_mode):
        raise refuse("This is a pipe or a device, not a file.", "Save the text in a file first.")
    size = found.st_size
    if size <= MAX_BYTES:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)  # the size of some system files is not what stat says
        size = len(raw)
    if size > MAX_BYTES:
        raise refuse(
            f"The file has {size / 1e6:.1f} MB.",
            f"The kit reads at most {MAX_BYTES / 1e6:.0f} MB; split the file.",
        )
    return raw


@dataclass(frozen=True, slots=True)
class CsvTable:
    """The cells of a CSV file as text: one header, rows, and the line each row starts on.

    ``problems`` are the rows left out, because they have another number of cells than the header.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    problems: tuple[Problem, ...] = ()


def read_csv(path: Path) -> CsvTable:
    """Return the cells of a CSV file as text, stripped of nothing and guessed at nowhere.

    Raises
    ------
    DataError
        The file cannot be read, is not CSV, or is empty.
    """
    text = read_text(path)
    reader = csv.reader(io.StringIO(text), strict=True)
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    problems: list[Problem] = []
    header: tuple[str, ...] = ()
    start = 1
    try:
        for cells in reader:
            if not header:
                header = tuple(cells)
            elif cells:
                if len(cells) == len(header):
                    rows.append(tuple(cells))
                    lines.append(start)
                else:
                    problems.append(
                        Problem(
                            path.name,
                            f"The row has {len(cells)} cells where the header has {len(header)}.",
                            "Put text that holds a comma in double quotes.",
                            start,
                        )
                    )
            start = reader.line_num + 1
    except csv.Error as cause:
        remedy = "Check the quotes on this line."
        problems.append(Problem(path.name, f"Not CSV ({cause}).", remedy, start))
        raise DataError(problems) from None
    if not header:
        remedy = "Its first line must name the columns."
        raise DataError([Problem(path.name, "The file is empty.", remedy)])
    return CsvTable(header, tuple(rows), tuple(lines), tuple(problems))


def read_json(path: Path, error: type[FileProblems] = DataError) -> Any:
    """Return the value of a JSON file; duplicate keys are an error, and so are NaN and Infinity.

    Raises
    ------
    FileProblems
        As ``error``: the file cannot be read or is not JSON.
    """

    def refuse(cause: str, remedy: str, line: int | None = None) -> FileProblems:
        return error([Problem(path.name, cause, remedy, line)])

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise refuse(f"The key '{shorten(key)}' is there twice.", "Keep one.")
            found[key] = value
        return found

    def number(word: str) -> Any:
        raise refuse(f"{word} is not a number.", "Write a number, or null.")

    text = read_text(path, error)
    try:
        return json.loads(text, object_pairs_hook=unique, parse_constant=number)
    except json.JSONDecodeError as cause:
        remedy = "Check the punctuation there."
        raise refuse(f"Not JSON ({cause.msg}).", remedy, cause.lineno) from None
    except RecursionError:
        raise refuse("The file is nested too deeply.", "Flatten it.") from None
    except ValueError:  # Python does not read whole numbers of thousands of digits
        raise refuse("A number has too many digits.", "Round it.") from None


def write_atomic(path: Path, text: str) -> None:
    """Write text so that a reader sees the old file or the new one, never half of either.

    Raises
    ------
    OSError
        The folder cannot be created or written, or the disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())  # as any new file: a class may share the folder
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_page(page: str | Path, text: str, path: str | Path | None = None) -> Path:
    """Write a generated page, to its place in ``docs`` of the checkout unless a path is given.

    Raises
    ------
    ExportError
        The kit is not used from a checkout, or the file cannot be written.
    """
    target = Path(path) if path else Path(__file__).resolve().parents[1] / "docs" / page
    if path is None and not target.parent.is_dir():
        raise ExportError("The kit is not used from a checkout: say which file to write.")
    try:
        write_atomic(target, text)
    except OSError as cause:
        raise ExportError(f"{target} is not written ({cause.strerror}).") from cause
    return target


def _umask() -> int:
    """Return the process's mask for new files; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
