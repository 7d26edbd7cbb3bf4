"""The whole data package in the forms that other programs read: CSV, Parquet, SQLite and Excel.

Every form holds the same tables. All but CSV, which has ``datapackage.json``, add two more:
``about`` (license, how to cite) and ``fields`` (what every column means).
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kit import files
from kit.errors import ExportError, suggestion
from kit.export import arrow, content, database, sheets
from kit.export.content import Content
from kit.tables.schema import PACKAGE

__all__ = ["FORMATS", "export_data"]


def _csv_names(whole: Content) -> list[str]:
    return [*whole.files, PACKAGE]


def _csv(whole: Content, folder: Path) -> None:
    for name in _csv_names(whole):
        shutil.copyfile(files.data_dir() / name, folder / name)


# format: (the library it needs, the names of its files, what writes them)
FORMATS: dict[
    str, tuple[str | None, Callable[[Content], list[str]], Callable[[Content, Path], None]]
] = {
    "csv": (None, _csv_names, _csv),
    "parquet": ("pyarrow", arrow.names, arrow.write),
    "sqlite": (None, database.names, database.write),
    "xlsx": ("openpyxl", sheets.names, sheets.write),
}


def export_data(folder: str | Path, form: str = "csv", *, force: bool = False) -> tuple[Path, ...]:
    """Write the whole data package into a folder and return the files written.

    All files are written in full first and then moved to their places, so that none is ever half
    written. Other files in the folder are left alone.

    Parameters
    ----------
    folder
        Where to write; made when it does not exist.
    form
        ``csv``, ``parquet``, ``sqlite`` or ``xlsx``.
    force
        Whether to overwrite files of the same names.

    Raises
    ------
    DataError
        The package or a table has problems; all of them are listed.
    ExportError
        A library is not installed, files would be overwritten, or the folder cannot be written.
    ValueError
        There is no such form.
    """
    if form not in FORMATS:
        raise ValueError(f"There is no format '{form}'. {suggestion(form, FORMATS)}")
    library, names, write = FORMATS[form]
    if library and importlib.util.find_spec(library) is None:
        raise ExportError(
            f"Writing {form} needs {library}, which is not installed; it comes with the extra "
            f"'{form}'. In the kit's folder: python -m pip install --editable \".[{form}]\""
        )
    whole = content.read()
    target, wanted = Path(folder), names(whole)
    try:
        _refuse(target, wanted, force)
        return _write(target, wanted, lambda stage: write(whole, stage), force)
    except (OSError, sqlite3.Error) as cause:
        why = getattr(cause, "strerror", None) or cause
        raise ExportError(
            f"{target} cannot be written ({why}). Choose a folder that is yours, with room in it."
        ) from cause


def _refuse(target: Path, names: list[str], force: bool) -> None:
    """Refuse to write over anything that nobody asked to be written over."""
    way = next(p for p in (target, *target.parents) if os.path.lexists(p) or p == p.parent)
    if not way.is_dir():
        raise ExportError(f"{way} is not a folder. Name a folder to write into.")
    if target.resolve() == files.data_dir().resolve():
        raise ExportError(f"{target} holds the kit's own data. Choose another folder.")
    there = [name for name in names if os.path.lexists(target / name)]
    if taken := [name for name in there if (target / name).is_dir()]:
        raise ExportError(f"In {target}, {', '.join(taken)} is a folder. Move it away.")
    if there and not force:
        raise ExportError(
            f"{target} already holds {', '.join(there)}. Nothing was written. Choose another "
            "folder, or add --force to overwrite them (in Python: force=True)."
        )


def _write(
    target: Path, names: list[str], write: Callable[[Path], None], force: bool
) -> tuple[Path, ...]:
    """Write beside the place, then move; a folder made for nothing is removed again."""
    new = [path for path in (target, *target.parents) if not path.exists()]
    try:
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target, prefix=".export-") as stage:
            write(Path(stage))
            _refuse(target, names, force)  # somebody else may have written meanwhile
            for name in names:
                (Path(stage) / name).replace(target / name)
    except BaseException:
        for path in new:
            with suppress(OSError):  # it is not empty: somebody else uses it
                path.rmdir()
        raise
    return tuple(target / name for name in names)
