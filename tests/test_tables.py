"""The loader: what a sound package gives, and what a broken one is told."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import string
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import tables
from kit.errors import DataError


def column(name, kind="string", **more):
    return {"name": name, "type": kind, "title": name.title(), "description": "Words.", **more}


def resource(name, fields, **schema):
    about = {"name": name, "path": f"{name}.csv", "title": name.title(), "description": "Words."}
    return {**about, "schema": {"fields": fields, **schema}}


def package():
    """Return a small data package with one column of every sort the kit understands."""
    actors = [
        column("actor_id", example="KOR", constraints={"pattern": "[A-Z]{3}"}),
        column("label", constraints={"unique": True}),
    ]
    talks = [
        column("talk_id"),
        column("day", "date", constraints={"required": True, "minimum": "1950-01-01"}),
        column("kind", constraints={"enum": ["summit", "phone call"]}),
        column("host", constraints={"required": True}),
        column("guests", **{"kit:list": ";", "kit:references": "actors.actor_id"}),
        column("rooms", "integer", constraints={"minimum": 1, "maximum": 9}),
        column("hours", "number", constraints={"maximum": 24}),
        column("public", "boolean"),
        column("written"),
        column("spoken"),
    ]
    link = {"fields": "host", "reference": {"resource": "actors", "fields": "actor_id"}}
    more = {"kit:exactlyOne": ["written", "spoken"], "kit:uniqueTogether": ["day", "host"]}
    return {
        "name": "small",
        "resources": [
            resource("talks", talks, primaryKey=["talk_id"], foreignKeys=[link], **more),
            resource("actors", actors, primaryKey="actor_id"),
        ],
    }


ACTORS = "actor_id,label\nKOR,South Korea\nJPN,Japan\nUSA,\n"
TALKS = """talk_id,day,kind,host,guests,rooms,hours,public,written,spoken
t1,2023-08-18,summit,USA,KOR;JPN,3,6.5,true,text,
t2,2023-11-12,,KOR,,,,,,"words, and
more words"
t3,2024-01-05,phone call,JPN,USA,1,0.5,false,text,
"""


def write(folder, talks=TALKS, actors=ACTORS, schema=None):
    described = json.dumps(package() if schema is None else schema)
    for name, text in (("talks.csv", talks), ("actors.csv", actors)):
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    (folder / "datapackage.json").write_text(described, "utf-8")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_DATA", str(tmp_path))
    write(tmp_path)
    return tmp_path


def problems_of(name):
    with pytest.raises(DataError) as caught:
        tables.load(name)
    return caught.value.problems


def only_problem(name="talks"):
    (found,) = problems_of(name)
    return found


# --- a sound package


def test_a_sound_package_has_no_problems(folder):
    assert tables.problems() == []
    assert tables.names() == ("talks", "actors")


def test_each_column_gets_its_type(folder):
    frame = tables.load("talks")
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        "talk_id": "str", "day": "datetime64[us]", "kind": "str", "host": "str",
        "guests": "object", "rooms": "Int64", "hours": "float64", "public": "boolean",
        "written": "str", "spoken": "str",
    }  # fmt: skip
    assert list(frame.index) == [0, 1, 2]
    assert frame["guests"].tolist() == [("KOR", "JPN"), (), ("USA",)]
    assert frame["rooms"].sum() == 4
    assert frame["public"].fillna(False).tolist() == [True, False, False]
    assert frame.loc[1].isna().sum() == 5
    assert frame["day"].dt.year.tolist() == [2023, 2023, 2024]


def test_records_hold_plain_python_values(folder):
    first, second, _ = tables.records("talks")
    assert first["day"] == dt.date(2023, 8, 18)
    assert first["guests"] == ("KOR", "JPN")
    assert (first["rooms"], first["hours"], first["public"]) == (3, 6.5, True)
    assert second["spoken"] == "words, and\nmore words"
    assert (second["kind"], second["guests"], second["rooms"]) == (None, (), None)


def test_a_table_without_rows_is_sound(folder):
    write(folder, talks=TALKS.splitlines()[0] + "\n")
    frame = tables.load("talks")
    assert len(frame) == 0
    assert str(frame["day"].dtype) == "datetime64[us]"


def test_what_a_caller_changes_stays_with_the_caller(folder):
    frame = tables.load("actors")
    frame.loc[0, "label"] = "changed"
    tables.records("actors")[0]["label"] = "changed"
    assert tables.load("actors").loc[0, "label"] == "South Korea"
    assert tables.records("actors")[0]["label"] == "South Korea"


def test_a_changed_file_is_read_again(folder):
    assert len(tables.load("actors")) == 3
    (folder / "actors.csv").write_text(ACTORS + "PRK,North Korea\n", "utf-8")
    assert len(tables.load("actors")) == 4


def test_a_change_that_keeps_the_size_is_noticed_by_its_time(folder):
    tables.load("actors")
    path = folder / "actors.csv"
    path.write_text(ACTORS.replace("Japan", "Nihon"), "utf-8")
    os.utime(path, (1, 1))
    assert tables.load("actors").loc[1, "label"] == "Nihon"


def test_the_folder_is_looked_up_at_each_call(folder, tmp_path_factory, monkeypatch):
    other = tmp_path_factory.mktemp("other")
    write(other, actors=ACTORS + "PRK,North Korea\n")
    assert len(tables.load("actors")) == 3
    monkeypatch.setenv("KIT_DATA", str(other))
    assert len(tables.load("actors")) == 4


def test_ids_and_descriptions(folder):
    assert tables.ids("actors") == {"KOR", "JPN", "USA"}
    about = tables.describe("talks")
    assert (about.title, about.primary_key) == ("Talks", ("talk_id",))
    assert about.fields[3].references == ("actors", "actor_id")
    assert about.fields[0].required


def test_ids_of_rows_without_an_id_are_a_wrong_call(folder):
    schema = package()
    schema["resources"][0]["schema"]["primaryKey"] = ["day", "host"]
    write(folder, schema=schema)
    with pytest.raises(ValueError, match="no id of their own"):
        tables.ids("talks")


def test_reading_needs_no_pandas(folder):
    code = "import sys; from kit import tables; tables.records('talks'); tables.problems()"
    check = f"{code}; sys.exit('pandas' in sys.modules)"
    root = Path(tables.__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", check], cwd=root, check=False).returncode == 0


def test_a_file_that_is_no_table_is_left_alone(folder):
    schema = package()
    about = {"name": "notes", "type": "text", "path": "notes.txt", "title": "Notes"}
    schema["resources"].append({**about, "description": "Words."})
    write(folder, schema=schema)
    assert tables.problems() == []
    assert tables.names() == ("talks", "actors")


def test_a_table_without_a_schema_is_refused(folder):
    schema = package()
    del schema["resources"][1]["schema"]
    write(folder, schema=schema)
    (found,) = tables.problems()
    assert found.cause == "actors: The property 'schema' is missing."
    assert "Describe its columns" in found.remedy


def test_evidence_of_a_foreign_package_is_refused(folder):
    """A package may be sound and yet have nothing that a scenario could cite."""
    schema = package()
    schema["resources"][0]["name"] = "citations"
    write(folder, schema=schema)
    with pytest.raises(DataError, match=r"the column 'event_id' is missing, which the kit needs"):
        tables.evidence()


# --- broken cells: what to replace in the table, where the problem is, words of cause and remedy

CELLS = {
    "day that does not exist": ("2023-11-12", "2023-11-31", 3, "day", "not a date", "YYYY-MM-DD"),
    "day in another style": ("2023-11-12", "12.11.2023", 3, "day", "'12.11.2023'", "YYYY-MM-DD"),
    "day without hyphens": ("2023-11-12", "20231112", 3, "day", "not a date", "YYYY-MM-DD"),
    "day too early": ("2023-11-12", "1949-12-31", 3, "day", "too small", "1950-01-01"),
    "value not listed": ("phone call", "phonecall", 5, "kind", "'phonecall'", "'phone call'"),
    "unknown id": (",USA,KOR", ",USB,KOR", 2, "host", "'USB' in actors.actor_id", "'USA'"),
    "unknown id in a list": ("KOR;JPN", "KOR;JPM", 2, "guests", "'JPM' in actors", "'JPN'"),
    "empty item": ("KOR;JPN", "KOR;", 2, "guests", "empty item", "';' between"),
    "space in a list": ("KOR;JPN", "KOR; JPN", 2, "guests", "stray spaces", "';' between"),
    "item twice": ("KOR;JPN", "KOR;KOR", 2, "guests", "twice", "once"),
    "required cell": (",USA,KOR", ",,KOR", 2, "host", "empty", "Fill it in"),
    "empty id": ("\nt1,", "\n,", 2, "talk_id", "empty", "Fill it in"),
    "whole number": (",3,6.5", ",3.0,6.5", 2, "rooms", "not a whole number", "digits"),
    "leading zero": (",3,6.5", ",03,6.5", 2, "rooms", "not a whole number", "digits"),
    "huge number": (",3,6.5", ",9999999999999999999,6.5", 2, "rooms", "whole", "digits"),
    "number too large": (",3,6.5", ",12,6.5", 2, "rooms", "too large", "is 9"),
    "number": (",3,6.5", ",3,six", 2, "hours", "'six' is not a number", "4.5"),
    "no infinity": (",3,6.5", ",3,inf", 2, "hours", "not a number", "4.5"),
    "boolean": ("true", "True", 2, "public", "neither true nor false", "true or false"),
    "white space": ("summit", " summit", 2, "kind", "white space", "Remove"),
    "both filled": ("true,text,", "true,text,more", 2, "written, spoken", "2 of", "exactly one"),
    "none filled": ("true,text,", "true,,", 2, "written, spoken", "0 of", "exactly one"),
    "id twice": ("\nt3", "\nt1", 5, "talk_id", "'t1' is already on line 2", "Change"),
    "pair twice": ("2024-01-05,phone call,JPN", "2023-08-18,,USA", 5, "day, host", "line 2", "r"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line", "where", "cause", "remedy"), CELLS.values(), ids=list(CELLS)
)
def test_a_broken_cell_is_named(folder, old, new, line, where, cause, remedy):
    assert TALKS.count(old) == 1, "the test no longer changes exactly one place"
    write(folder, talks=TALKS.replace(old, new))
    found = only_problem()
    assert (found.file, found.line, found.column) == ("talks.csv", line, where)
    assert cause in found.cause
    assert remedy in found.remedy
    assert tables.problems() == [found]


def test_a_value_of_the_wrong_form_is_told_the_right_one(folder):
    write(folder, actors=ACTORS + "Prk,North Korea\n")
    found = only_problem("actors")
    assert (found.line, found.column) == (5, "actor_id")
    assert "'Prk' does not have the right form" in found.cause
    assert "like 'KOR'" in found.remedy


def test_a_unique_column_may_be_empty_but_not_repeat(folder):
    write(folder, actors=ACTORS + "PRK,\n")
    assert tables.problems() == []
    write(folder, actors=ACTORS + "PRK,Japan\n")
    found = only_problem("actors")
    assert "The value 'Japan' is already on line 3" in found.cause


def test_all_problems_of_a_table_come_at_once_and_in_order(folder):
    broken = TALKS.replace("2024-01-05", "soon").replace("KOR;JPN", "KOR;XXX;JPM")
    write(folder, talks=broken.replace("3,6.5", "x,y"))
    places = [(p.line, p.column) for p in problems_of("talks")]
    assert places == [(2, "guests"), (2, "guests"), (2, "rooms"), (2, "hours"), (5, "day")]


def test_a_long_text_is_shortened_in_the_message(folder):
    write(folder, talks=TALKS.replace("summit", "summit " * 50 + "end"))
    assert len(only_problem().cause) < 100


# --- broken headers


HEADER = TALKS.splitlines()[0]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            HEADER.replace("kind", "kinds"),
            {("kind", "missing", "Add it"), ("kinds", "unknown", "mean 'kind'")},
        ),
        (
            HEADER.replace("rooms,hours", "hours,rooms"),
            {("rooms", "not in its place", "column 6")},
        ),
        (
            HEADER.replace("kind", "host"),
            {("kind", "missing", "Add it"), ("host", "twice", "Keep one")},
        ),
    ],
)
def test_a_broken_header_is_named(folder, header, expected):
    write(folder, talks=header + "\n")
    found = problems_of("talks")
    assert {p.line for p in found} == {1}
    assert len(found) == len(expected)
    for where, cause, remedy in expected:
        (problem,) = [p for p in found if p.column == where]
        assert cause in problem.cause
        assert remedy in problem.remedy


def test_cells_are_still_checked_below_a_broken_header(folder):
    write(folder, talks=TALKS.replace("kind", "sort", 1).replace("2024-01-05", "soon"))
    assert (5, "day") in [(p.line, p.column) for p in problems_of("talks")]


# --- broken files


def test_an_unknown_table_is_answered_with_the_nearest(folder):
    found = only_problem("talk")
    assert "no table 'talk'" in found.cause
    assert found.remedy == "Did you mean 'talks'?"


def test_a_missing_file(folder):
    (folder / "talks.csv").unlink()
    found = only_problem()
    assert (found.file, found.line) == ("talks.csv", None)
    assert "does not exist" in found.cause
    assert folder.name in found.remedy
    assert len(tables.load("actors")) == 3


def test_a_wrong_encoding(folder):
    write(folder, talks=TALKS.replace("phone call", "télé").encode("latin-1"))
    found = only_problem()
    assert (found.file, found.line) == ("talks.csv", 5)
    assert "not UTF-8" in found.cause
    assert "UTF-8" in found.remedy


def test_a_row_with_a_cell_too_many(folder):
    write(folder, talks=TALKS.replace("summit", "summit,"))
    found = only_problem()
    assert found.line == 2
    assert "11 cells" in found.cause
    assert "double quotes" in found.remedy


def test_links_to_a_table_that_cannot_be_read_are_one_problem_each(folder):
    (folder / "actors.csv").unlink()
    found = problems_of("talks")
    assert {(p.line, p.column) for p in found} == {(1, "host"), (1, "guests")}
    assert all("actors.actor_id cannot be read" in p.cause for p in found)
    assert all("Mend that table first" in p.remedy for p in found)


def test_links_to_a_table_without_its_id_column(folder):
    write(folder, actors=ACTORS.replace("actor_id", "code"))
    assert len(problems_of("talks")) == 2


def test_a_removed_row_breaks_the_rows_that_refer_to_it(folder):
    write(folder, actors=ACTORS.replace("USA,\n", ""))
    assert {(p.file, p.line, p.column) for p in tables.problems()} == {
        ("talks.csv", 2, "host"),
        ("talks.csv", 5, "guests"),
    }
    with pytest.raises(DataError, match="2 problems"):
        tables.load_all()


def test_a_table_that_the_package_does_not_list(folder):
    (folder / "extra.csv").write_text("a\n", "utf-8")
    (folder / ".extra.csv").write_text("an editor's own file\n", "utf-8")
    (found,) = tables.problems()
    assert found.file == "extra.csv"
    assert "not in datapackage.json" in found.cause
    assert "remove it" in found.remedy
    assert len(tables.load("actors")) == 3


# --- a broken package


def test_no_package_at_all(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_DATA", str(tmp_path / "nowhere"))
    (found,) = tables.problems()
    assert found.file == "datapackage.json"
    assert "does not exist" in found.cause
    for call in (tables.names, tables.load_all, tables.evidence):
        with pytest.raises(DataError, match="does not exist"):
            call()


def test_a_package_that_is_not_json(folder):
    (folder / "datapackage.json").write_text('{"resources": [}', "utf-8")
    (found,) = tables.problems()
    assert "Not JSON" in found.cause


def talks_schema(schema):
    return schema["resources"][0]["schema"]


def change_field(at, **more):
    return lambda schema: talks_schema(schema)["fields"][at].update(more)


def change_schema(**more):
    return lambda schema: talks_schema(schema).update(more)


LINK = {"resource": "actors", "fields": ["actor_id", "label"]}
SCHEMAS = {
    "type": (change_field(1, type="datetime"), "talks.day: The kit does not know the type", "da"),
    "constraint": (change_field(1, constraints={"minLength": 3}), "'minLength'", "Known: requ"),
    "property": (change_field(1, format="any"), "does not know the property 'format'", "Known"),
    "wrong type": (change_field(1, title=3), "fields[1].title: The value has", "in quotes"),
    "not a number": (change_field(5, constraints={"minimum": True}), "wrong type", "number"),
    "not a flag": (change_field(5, constraints={"required": 1}), "wrong type", "true or false"),
    "empty enum": (change_field(2, constraints={"enum": []}), "empty", "square brackets"),
    "edge": (change_field(1, constraints={"minimum": "1950"}), "minimum '1950' is not", "YYYY"),
    "pattern": (change_field(0, constraints={"pattern": "("}), "not a regular expr", "Mend"),
    "list": (change_field(5, **{"kit:list": ";"}), "must have the type string", "kit:list"),
    "target": (change_field(4, **{"kit:references": "actor.actor_id"}), "does not ex", "actors."),
    "key": (change_schema(primaryKey="talk"), "no column 'talk'", "'talk_id'"),
    "two columns": (change_schema(foreignKeys=[{"fields": "host", "reference": LINK}]), "spans",
                    "own"),
    "same name": (change_field(1, name="talk_id"), "same name", "Rename"),
    "no object": (change_schema(fields=["day"]), "not an object", "braces"),
    "no fields": (lambda s: talks_schema(s).pop("fields"), "'fields' is missing", "Add it"),
    "path": (lambda s: s["resources"][0].update(path="../talks.csv"), "not a file beside", ".csv"),
    "same table": (lambda s: s["resources"].append(s["resources"][0]), "same name or", "Rename"),
    "no tables": (lambda s: s.pop("resources"), "'resources' is missing", "Add it"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "cause", "remedy"), SCHEMAS.values(), ids=list(SCHEMAS))
def test_a_schema_that_the_kit_cannot_follow_is_refused(folder, change, cause, remedy):
    schema = package()
    change(schema)
    write(folder, schema=schema)
    found = tables.problems()
    assert {p.file for p in found} == {"datapackage.json"}
    assert any(cause in p.cause and remedy in p.remedy for p in found), found
    with pytest.raises(DataError, match=r"datapackage\.json"):
        tables.load("talks")


# --- any cell may hold anything

ROWS = list(csv.reader(io.StringIO(TALKS)))
LINES = [1, 2, 3, 5]
TRICKY = [
    "",
    " ",
    ";",
    "KOR",
    "t1",
    "true",
    "-1",
    "1e5",
    "0000-01-01",
    "9999-12-31",
    "\N{ARABIC-INDIC DIGIT ONE}",
    '"',
    "\n",
]
ANYTHING = st.one_of(
    st.sampled_from(TRICKY),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.text(string.digits + "-.eE;", max_size=24),
)


@given(row=st.integers(0, 3), at=st.integers(0, 9), text=ANYTHING)
@settings(max_examples=150, deadline=None)
def test_any_cell_either_loads_or_is_named(row, at, text):
    rows = [list(cells) for cells in ROWS]
    rows[row][at] = text
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIT_DATA", name)
        write(Path(name), talks=out.getvalue())
        try:
            frame = tables.load("talks")
        except DataError as error:
            for problem in error.problems:
                assert names_the_cell(problem, row, at, text), problem
            return
    assert len(frame) == 3


def names_the_cell(problem, row, at, text):
    """Whether a problem points at the changed cell, or at the row it now repeats."""
    unreadable = problem.column is None  # a control character: the file has no cells yet
    last = LINES[row] + ROWS[row][at].count("\n") + text.count("\n") + text.count("\r")
    on_line = problem.line is not None and LINES[row] <= problem.line <= max(last, LINES[row])
    repeats = f"on line {LINES[row]}." in problem.cause
    columns = (problem.column or "").split(", ")
    header = row == 0 and problem.line == 1
    return (on_line or repeats) and (unreadable or header or ROWS[0][at] in columns)
