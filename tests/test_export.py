"""Exports: what other programs read is what the kit holds, and nothing is overwritten unasked."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import sqlite3
import tempfile
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from kit import tables
from kit.__main__ import main
from kit.errors import DataError, ExportError
from kit.export import FORMATS, export_data

EXTRA = ("about", "fields")
NAMES = {"sqlite": "missile-warning-record.sqlite", "xlsx": "missile-warning-record.xlsx"}

PACKAGE = {
    "name": "small",
    "title": "A small package",
    "version": "2.0.0",
    "licenses": [{"name": "CC-BY-4.0"}],
    "contributors": [{"title": "Ann"}],
    "resources": [
        {
            "name": "codes",
            "path": "codes.csv",
            "title": "Codes",
            "description": "Words.",
            "schema": {
                "fields": [
                    {"name": "code", "type": "string"},
                    {"name": "parent", "type": "string"},
                    {"name": "day", "type": "date"},
                    {"name": "range_km", "type": "number", "constraints": {"minimum": 0}},
                    {"name": "count", "type": "integer", "constraints": {"maximum": 9}},
                    {"name": "known", "type": "boolean"},
                    {"name": "tags", "type": "string", "kit:list": ";"},
                    {"name": "sort", "type": "string", "constraints": {"enum": ["it's", "b"]}},
                    {"name": "note", "type": "string"},
                    {"name": "empty", "type": "number"},
                ],
                "primaryKey": "code",
                "foreignKeys": [
                    {"fields": "parent", "reference": {"resource": "codes", "fields": "code"}}
                ],
                "kit:uniqueTogether": ["day", "range_km"],
                "kit:exactlyOne": ["count", "known"],
            },
        }
    ],
}
for _field in PACKAGE["resources"][0]["schema"]["fields"]:
    _field |= {"title": _field["name"].title(), "description": "Words of explanation."}
HEADER = "code,parent,day,range_km,count,known,tags,sort,note,empty"
ROWS = """010,,2023-08-18,4.5,,true,a;b,it's,동해 / 日本海 – “both”,
10,010,1899-12-31,,3,,a,b,=1+1,
0314,10,,1e3,,false,,,"two
lines, one |",
1,,,7,9,,,,#N/A,
2,,,8,9,,,,@SUM(A1),
3,,,9,9,,,,-5,
4,,,10,9,,,,+82 2,
5,,,11,9,,,,2023-01-01,
"""


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A small data package with every type, in use."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "datapackage.json").write_text(json.dumps(PACKAGE), "utf-8")
    (folder / "codes.csv").write_text(f"{HEADER}\n{ROWS}", "utf-8")
    monkeypatch.setenv("KIT_DATA", str(folder))
    assert tables.problems() == []
    return folder


@pytest.fixture
def shipped(root, monkeypatch):
    monkeypatch.setenv("KIT_DATA", str(root / "data"))
    return root / "data"


@pytest.fixture
def target(tmp_path):
    return tmp_path / "copies" / "today"


def missing(value):
    return value is None or value == () or value == ""


def records(name):
    """Return the rows of a table as the kit has them, with one way to say missing."""
    return [{k: None if missing(v) else v for k, v in r.items()} for r in tables.records(name)]


def from_csv(folder, name):
    """Read with the kit itself, from the copy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIT_DATA", str(folder))
        return records(name)


def from_parquet(folder, name):
    rows = pq.read_table(folder / f"{name}.parquet").to_pylist()
    return [
        {k: (tuple(v) or None) if isinstance(v, list) else v for k, v in r.items()} for r in rows
    ]


def typed(name, rows):
    """Turn texts, 0 and 1 back into lists, dates and booleans, as the schema says."""
    fields = {field.name: field for field in tables.describe(name).fields}

    def back(field, value):
        if value is None:
            return None
        if field.separator:
            return tuple(value.split(field.separator))
        if field.type == "date":
            day = value.date() if isinstance(value, dt.datetime) else value
            return dt.date.fromisoformat(day) if isinstance(day, str) else day
        return bool(value) if field.type == "boolean" else value

    return [{key: back(fields[key], value) for key, value in row.items()} for row in rows]


def database(folder):
    (path,) = folder.glob("*.sqlite")
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    return contextlib.closing(connection)


def from_sqlite(folder, name):
    with database(folder) as found:
        rows = found.execute(f'SELECT * FROM "{name}" ORDER BY rowid').fetchall()
    return typed(name, [dict(row) for row in rows])


def workbook(folder):
    (path,) = folder.glob("*.xlsx")
    return openpyxl.load_workbook(path)


def from_xlsx(folder, name):
    header, *lines = workbook(folder)[name].iter_rows(values_only=True)
    return typed(name, [dict(zip(header, line, strict=True)) for line in lines])


READ = {"csv": from_csv, "parquet": from_parquet, "sqlite": from_sqlite, "xlsx": from_xlsx}


def test_every_format_is_tested():
    assert READ.keys() == FORMATS.keys()


# --- what comes out is what went in


@pytest.mark.parametrize("form", FORMATS)
def test_the_small_package_comes_back_unchanged(form, data, target):
    written = export_data(target, form)
    assert sorted(written) == sorted(target.iterdir())
    rows = READ[form](target, "codes")
    assert rows == records("codes")
    assert [type(v) for r in rows for v in r.values()] == [
        type(v) for r in records("codes") for v in r.values()
    ] or form == "xlsx"  # a workbook has one kind of number
    assert [row["code"] for row in rows[:3]] == ["010", "10", "0314"]
    assert rows[0]["note"] == "동해 / 日本海 – “both”"


@pytest.mark.parametrize("form", FORMATS)
def test_the_shipped_package_comes_back_unchanged(form, shipped, target):
    export_data(target, form)
    for name in tables.names():
        assert READ[form](target, name) == records(name), name


@pytest.mark.parametrize("form", ["parquet", "sqlite"])
def test_pandas_reads_what_kit_load_gives(form, shipped, target):
    """As a user without the kit would: one call of pandas a table."""
    export_data(target, form)
    for name in tables.names():
        expected = tables.load(name)
        if form == "parquet":
            found = pd.read_parquet(target / f"{name}.parquet")
        else:
            with database(target) as connection:
                found = pd.read_sql_query(f'SELECT * FROM "{name}"', connection)
        assert list(found.columns) == list(expected.columns)
        assert len(found) == len(expected)
        for field in tables.describe(name).fields:
            if field.type == "string" and not field.separator:
                have = found[field.name].astype("object").where(found[field.name].notna(), None)
                want = expected[field.name].astype("object")
                want = want.where(expected[field.name].notna(), None)
                assert have.tolist() == want.tolist(), (name, field.name)


# --- CSV


def test_csv_is_the_package_byte_by_byte(shipped, target):
    written = export_data(target, "csv")
    listed = json.loads((target / "datapackage.json").read_text("utf-8"))["resources"]
    assert {p.name for p in written} == {"datapackage.json", *(item["path"] for item in listed)}
    assert {tables.describe(name).file for name in tables.names()} <= {p.name for p in written}
    for path in written:
        assert path.read_bytes() == (shipped / path.name).read_bytes()


def test_csv_is_the_default(data, target):
    assert {path.suffix for path in export_data(target)} == {".csv", ".json"}


# --- Parquet


def test_parquet_has_types_and_descriptions(data, target):
    export_data(target, "parquet")
    schema = pq.read_schema(target / "codes.parquet")
    assert {field.name: str(field.type) for field in schema} == {
        "code": "string",
        "parent": "string",
        "day": "date32[day]",
        "range_km": "double",
        "count": "int64",
        "known": "bool",
        "tags": "list<element: string>",
        "sort": "string",
        "note": "string",
        "empty": "double",
    }
    assert schema.field("code").metadata[b"description"] == b"Words of explanation."
    assert schema.metadata[b"title"] == b"Codes"
    assert not schema.field("code").nullable


# --- SQLite


def keys(connection, name):
    return {
        (row["from"], row["table"], row["to"])
        for row in connection.execute(f'PRAGMA foreign_key_list("{name}")')
    }


def test_sqlite_declares_the_keys_of_the_schema(shipped, target):
    export_data(target, "sqlite")
    with database(target) as found:
        assert ("agreement_id", "agreements", "agreement_id") in keys(found, "events")
        assert ("source_id", "sources", "source_id") in keys(found, "citations")
        for name in tables.names():
            table = tables.describe(name)
            columns = found.execute(f'PRAGMA table_info("{name}")').fetchall()
            key = sorted((c["pk"], c["name"]) for c in columns if c["pk"])
            assert tuple(column for _, column in key) == table.primary_key, name
            needed = {c["name"] for c in columns if c["notnull"]}
            assert needed == {f.name for f in table.fields if f.required}, name
        assert found.execute("PRAGMA foreign_key_check").fetchall() == []
        assert found.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("UPDATE codes SET parent = '999' WHERE code = '10'", "FOREIGN KEY"),
        ("UPDATE codes SET code = '10' WHERE code = '010'", "UNIQUE"),
        ("UPDATE codes SET code = NULL WHERE code = '010'", "NOT NULL"),
        ("UPDATE codes SET sort = 'c' WHERE code = '010'", "CHECK"),
        ("UPDATE codes SET range_km = -1 WHERE code = '010'", "CHECK"),
        ("UPDATE codes SET count = 10 WHERE code = '10'", "CHECK"),
        ("UPDATE codes SET known = 2 WHERE code = '010'", "CHECK"),
        ("UPDATE codes SET count = 1 WHERE code = '010'", "CHECK"),
        ("UPDATE codes SET range_km = 7 WHERE code = '2'", "UNIQUE"),
    ],
)
def test_sqlite_keeps_the_rules_when_somebody_edits_the_copy(change, broken, data, target):
    (path,) = export_data(target, "sqlite")
    with contextlib.closing(sqlite3.connect(path)) as found:
        found.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError, match=broken):
            found.execute(change)


def test_sqlite_allows_a_sound_edit(data, target):
    (path,) = export_data(target, "sqlite")
    with contextlib.closing(sqlite3.connect(path)) as found:
        found.execute("PRAGMA foreign_keys = ON")
        done = found.execute("UPDATE codes SET parent = '0314', sort = 'b' WHERE code = '10'")
        assert done.rowcount == 1


def test_a_code_with_a_leading_zero_joins_only_its_own(data, target):
    export_data(target, "sqlite")
    with database(target) as found:
        rows = found.execute("SELECT code FROM codes WHERE code = '010'").fetchall()
        assert [row["code"] for row in rows] == ["010"]


# --- Excel


def test_excel_never_takes_a_text_for_a_formula_or_a_number(data, target):
    export_data(target, "xlsx")
    sheet = workbook(target)["codes"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for line in range(2, sheet.max_row + 1):
        for name in ("code", "note"):
            cell = sheet.cell(line, columns[name])
            assert cell.data_type == "s", cell.value
            assert cell.number_format == "@"
            assert bool(cell.quotePrefix) == (cell.value[0] in "=+-@")
    written = [sheet.cell(line, columns["note"]).value for line in range(3, 8)]
    assert written == ["=1+1", "two\nlines, one |", "#N/A", "@SUM(A1)", "-5"]


def test_excel_has_real_dates_numbers_and_truth(data, target):
    export_data(target, "xlsx")
    sheet = workbook(target)["codes"]
    day, distance, known = (sheet.cell(2, column) for column in (3, 4, 6))
    assert (day.is_date, day.number_format) == (True, "yyyy-mm-dd")
    assert (distance.value, distance.data_type) == (4.5, "n")
    assert (known.value, known.data_type) == (True, "b")
    assert sheet.cell(3, 3).value == "1899-12-31", "Excel has no such day"


def test_excel_has_a_sheet_for_each_table_with_its_header_in_sight(shipped, target):
    export_data(target, "xlsx")
    book = workbook(target)
    assert book.sheetnames == ["README", "Fields", *tables.names()]
    assert {sheet.freeze_panes for sheet in book} == {"A2"}
    assert all(sheet.auto_filter.ref == sheet.dimensions for sheet in book)
    assert all(cell.font.bold for sheet in book for cell in sheet[1])


def test_a_text_too_long_for_a_cell_is_refused_and_not_cut_off(data, target):
    path = data / "codes.csv"
    path.write_text(path.read_text("utf-8").replace("=1+1", "x" * 32_768), "utf-8")
    with pytest.raises(ExportError, match=r"codes.csv, column note, has 32768 characters"):
        export_data(target, "xlsx")
    assert not target.exists()


# --- what the copies say about themselves


@pytest.mark.parametrize("form", ["parquet", "sqlite", "xlsx"])
def test_a_copy_tells_license_citation_and_what_columns_mean(form, shipped, target):
    export_data(target, form)
    if form == "parquet":
        about, fields = (pq.read_table(target / f"{n}.parquet").to_pylist() for n in EXTRA)
    elif form == "sqlite":
        with database(target) as found:
            about, fields = (
                [dict(row) for row in found.execute(f"SELECT * FROM {n}")] for n in EXTRA
            )
    else:
        sheets = [
            list(workbook(target)[n].iter_rows(values_only=True)) for n in ("README", "Fields")
        ]
        about, fields = (
            [dict(zip(rows[0], row, strict=True)) for row in rows[1:]] for rows in sheets
        )
    told = {row["item"]: row["text"] for row in about}
    assert "CC BY 4.0" in told["License"] or "Attribution 4.0" in told["License"]
    assert "missile warning" in told["Cite as"]
    described = {(row["table_name"], row["field"]): row for row in fields}
    every = [(n, f) for n in tables.names() for f in tables.describe(n).fields]
    assert list(described) == [(name, field.name) for name, field in every]
    for name, field in every:
        assert described[name, field.name]["description"] == field.description


# --- nothing is overwritten or half written


@pytest.mark.parametrize("form", FORMATS)
def test_existing_files_are_listed_and_kept(form, data, target):
    written = export_data(target, form)
    written[-1].write_text("mine", "utf-8")
    for path in written[:-1]:
        path.unlink()
    before = sorted(target.iterdir())
    with pytest.raises(ExportError, match=r"--force") as caught:
        export_data(target, form)
    assert written[-1].name in str(caught.value)
    assert sorted(target.iterdir()) == before
    assert written[-1].read_text("utf-8") == "mine"

    export_data(target, form, force=True)
    assert READ[form](target, "codes") == records("codes")


def test_other_files_are_left_alone(data, target):
    target.mkdir(parents=True)
    (target / "diary.txt").write_text("mine", "utf-8")
    for form in FORMATS:
        export_data(target, form)
    assert (target / "diary.txt").read_text("utf-8") == "mine"
    assert len(list(target.iterdir())) == 1 + 2 + 3 + 1 + 1


def test_a_link_that_leads_nowhere_counts_as_a_file(data, target):
    target.mkdir(parents=True)
    (target / "codes.csv").symlink_to(target / "nowhere")
    with pytest.raises(ExportError, match=r"codes\.csv"):
        export_data(target, "csv")


def test_a_file_in_place_of_the_folder_is_refused(data, tmp_path):
    path = tmp_path / "copy"
    path.write_text("mine", "utf-8")
    for folder in (path, path / "inner"):
        with pytest.raises(ExportError, match="is not a folder"):
            export_data(folder, "csv", force=True)
    assert path.read_text("utf-8") == "mine"


def test_a_folder_in_place_of_a_file_is_refused(data, target):
    (target / "small.sqlite").mkdir(parents=True)
    with pytest.raises(ExportError, match=r"small\.sqlite is a folder"):
        export_data(target, "sqlite", force=True)


def test_the_data_are_not_written_over_themselves(data):
    before = {path: path.read_bytes() for path in data.iterdir()}
    for form in FORMATS:
        with pytest.raises(ExportError, match="the kit's own data"):
            export_data(data, form, force=True)
    assert {path: path.read_bytes() for path in data.iterdir()} == before


@contextlib.contextmanager
def somebody_else():
    """Act as a user without rights; root would be let through everywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions of another kind")
@pytest.mark.parametrize("inner", [".", "new/folder"])
def test_a_folder_without_permission_is_reported(inner):
    with (
        tempfile.TemporaryDirectory(prefix="kit-open-") as name,
        pytest.MonkeyPatch.context() as patch,
    ):
        Path(name).chmod(0o755)
        data, closed = Path(name) / "data", Path(name) / "closed"
        for folder in (data, closed):
            folder.mkdir()
        (data / "datapackage.json").write_text(json.dumps(PACKAGE), "utf-8")
        (data / "codes.csv").write_text(f"{HEADER}\n{ROWS}", "utf-8")
        closed.chmod(0o555)
        patch.setenv("KIT_DATA", str(data))
        with somebody_else(), pytest.raises(ExportError, match="Permission denied") as caught:
            export_data(closed / inner, "csv")
        assert "Choose a folder" in str(caught.value)
        assert list(closed.iterdir()) == []
        closed.chmod(0o755)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("there", [True, False])
def test_a_full_disk_leaves_nothing_behind(form, there, data, target, monkeypatch):
    if there:
        target.mkdir(parents=True)

    def full(*arguments, **more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(ExportError, match="No space left on device"):
        export_data(target, form)
    assert target.exists() == target.parent.exists() == there
    assert not there or list(target.iterdir()) == []


def test_a_file_that_appears_meanwhile_is_not_overwritten(data, target, monkeypatch):
    import kit.export

    def slow(whole, folder):
        write(whole, folder)
        (target / "codes.csv").write_text("theirs", "utf-8")

    library, names, write = kit.export.FORMATS["csv"]
    monkeypatch.setitem(kit.export.FORMATS, "csv", (library, names, slow))
    with pytest.raises(ExportError, match=r"codes\.csv"):
        export_data(target, "csv")
    assert [path.name for path in target.iterdir()] == ["codes.csv"]
    assert (target / "codes.csv").read_text("utf-8") == "theirs"


def test_files_can_be_read_by_those_who_may_read_new_files(data, target):
    plain = target.parent.parent / "plain"
    plain.touch()
    for form in FORMATS:
        for path in export_data(target, form):
            assert path.stat().st_mode == plain.stat().st_mode, path


# --- what is missing or wrong


@pytest.mark.parametrize(("form", "library"), [("parquet", "pyarrow"), ("xlsx", "openpyxl")])
def test_a_missing_library_is_named_with_its_extra(form, library, data, target, monkeypatch):
    import importlib.util

    find = importlib.util.find_spec
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name, *a: None if name == library else find(name, *a)
    )
    with pytest.raises(ExportError) as caught:
        export_data(target, form)
    assert library in str(caught.value)
    assert f'".[{form}]"' in str(caught.value)
    assert not target.exists()
    export_data(target, "csv")


def test_extras_are_those_the_message_names(root):
    import tomllib

    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    for form, (library, *_) in FORMATS.items():
        if library:
            (wanted,) = extras[form]
            assert wanted.startswith(library)
            assert wanted in extras["test"]


def test_broken_tables_are_not_exported(data, target):
    path = data / "codes.csv"
    path.write_text(path.read_text("utf-8").replace("2023-08-18", "18.8.23"), "utf-8")
    with pytest.raises(DataError, match="is not a date"):
        export_data(target, "sqlite")
    assert not target.exists()


def test_an_unknown_format_is_a_wrong_call(data, target):
    with pytest.raises(ValueError, match="Did you mean 'xlsx'"):
        export_data(target, "xls")


@pytest.mark.parametrize("name", ["About", "fields", "a/b", "x" * 32, "..", "a b"])
def test_a_table_name_that_is_no_file_name_is_refused(name, data, target):
    text = json.dumps(PACKAGE).replace('"name": "codes"', f'"name": "{name}"')
    text = text.replace('"resource": "codes"', f'"resource": "{name}"')
    (data / "datapackage.json").write_text(text, "utf-8")
    with pytest.raises(ExportError, match="cannot be exported"):
        export_data(target, "parquet")
    assert not target.exists()


@pytest.mark.parametrize("path", ["../notes.txt", "a/b.txt", ".hidden", ""])
def test_a_listed_file_elsewhere_is_refused(path, data, target):
    package = json.loads(json.dumps(PACKAGE))
    other = {"name": "notes", "type": "text", "title": "Notes", "description": "Words."}
    package["resources"].append({**other, "path": path})
    (data / "datapackage.json").write_text(json.dumps(package), "utf-8")
    with pytest.raises(ExportError, match="does not lie beside the tables"):
        export_data(target, "csv")
    assert not target.exists()


def test_a_listed_file_that_is_missing_leaves_nothing_behind(data, target):
    package = json.loads(json.dumps(PACKAGE))
    other = {"name": "notes", "type": "text", "title": "Notes", "description": "Words."}
    package["resources"].append({**other, "path": "notes.txt"})
    (data / "datapackage.json").write_text(json.dumps(package), "utf-8")
    with pytest.raises((ExportError, DataError), match=r"notes\.txt"):
        export_data(target, "csv")
    assert not target.exists()


# --- in a terminal


def test_the_command_lists_what_it_wrote(shipped, target, capsys):
    assert main(["export", "--format", "sqlite", str(target)]) == 0
    assert capsys.readouterr().out == f"{target / NAMES['sqlite']}\n"
    assert main(["export", "--format", "sqlite", str(target)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert NAMES["sqlite"] in told.err
    assert "--force" in told.err
    assert main(["export", "--format", "sqlite", "--force", str(target)]) == 0
    assert main(["export", "--format", "xlsx", str(target)]) == 0
    assert (target / NAMES["xlsx"]).is_file()


def test_the_command_knows_its_formats(target, capsys):
    with pytest.raises(SystemExit):
        main(["export", "--format", "xls", str(target)])
    assert "parquet" in capsys.readouterr().err
