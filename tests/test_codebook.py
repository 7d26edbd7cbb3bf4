"""The codebook is what the data are, and the kappa in it is Cohen's."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from shingles import shared

from kit import codebook, tables
from kit.__main__ import main
from kit.codebook import about, grid, kappa
from kit.errors import DataError, ExportError
from kit.tables import Field


@pytest.fixture
def shipped(root, monkeypatch):
    monkeypatch.setenv("KIT_DATA", str(root / "data"))
    return root / "data"


@pytest.fixture
def package(shipped):
    return json.loads((shipped / "datapackage.json").read_text("utf-8"))


@pytest.fixture
def text(shipped):
    return codebook.build()


def section(text, title):
    """Return the text under a heading, up to the next one of the same or a higher level."""
    (start,) = re.finditer(rf"^(#+) {re.escape(title)}$", text, re.M)
    rest = text[start.end() :]
    end = re.search(rf"^#{{1,{len(start[1])}}} ", rest, re.M)
    return rest[: end.start()] if end else rest


def cells(text):
    """Return the rows of all tables in a text, by their first cell."""
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    split = [[c.strip() for c in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]
    return {row[0].strip("`"): row[1:] for row in split}


# --- the page


def test_the_page_is_what_the_data_are(root, text):
    """After a change of the data: python -m kit codebook --write."""
    stored = (root / "docs" / "codebook.md").read_text("utf-8")
    assert stored == text, "docs/codebook.md is old: run python -m kit codebook --write"


def test_every_table_and_field_is_there_with_its_words_and_counts(text):
    for name in tables.names():
        table, rows = tables.describe(name), tables.records(name)
        part = section(text, name)
        assert table.description in part
        assert f"{len(rows)} rows in `data/{table.file}`" in part
        found = cells(part)
        assert list(found)[2:] == [field.name for field in table.fields]
        for field in table.fields:
            kind, filled, meaning = found[field.name]
            assert int(filled) == sum(row[field.name] not in (None, ()) for row in rows)
            assert kind.startswith(about.kind(field))
            assert field.title in meaning
            assert field.description.replace("|", r"\|").replace("<", "&lt;") in meaning


def test_every_code_has_its_count_and_they_add_up(text):
    for name in tables.names():
        rows = tables.records(name)
        for field in tables.describe(name).fields:
            if not field.enum:
                continue
            (line,) = re.findall(rf"^- `{field.name}`: (.+)$", section(text, name), re.M)
            counts = dict(re.findall(r"`([^`]+)` (\d+)", line))
            assert tuple(counts) == field.enum
            empty = int((re.findall(r"empty (\d+)", line) or [0])[0])
            assert sum(map(int, counts.values())) + empty == len(rows), (name, field.name)
            for code, count in counts.items():
                assert int(count) == sum(row[field.name] == code for row in rows)


def test_units_are_told_for_every_column_that_names_one(text):
    found = cells(section(text, "flights"))
    assert "km" in found["range_km_jcs"][0]
    assert "min" in found["flight_time_min_mod"][0]
    assert "degrees north" in found["launch_lat_deg"][0]
    with_units = {
        f.name for n in tables.names() for f in tables.describe(n).fields if about.unit(f)
    }
    looks_like_one = {
        f.name
        for n in tables.names()
        for f in tables.describe(n).fields
        if f.type == "number" and re.search(r"_(km|m|s|min|deg|mrad)(_|$)", f.name)
    }
    assert looks_like_one <= with_units


@pytest.mark.parametrize(
    ("name", "kind", "unit"),
    [
        ("range_km_published_min", "number", "km"),
        ("flight_time_min_mod", "number", "min"),
        ("lat_deg", "number", "degrees north"),
        ("azimuth_deg", "number", "degrees"),
        ("angle_error_mrad_default", "number", "mrad"),
        ("paragraph", "integer", ""),
        ("launch_time_s", "string", ""),
    ],
)
def test_a_unit_is_read_from_the_name(name, kind, unit):
    assert about.unit(Field(name, kind, "Title", "Words.")) == unit


def test_the_page_answers_what_a_user_of_data_asks(text, package):
    for title in (
        "Limits",
        "How the sources were checked",
        "How to cite",
        "How to correct a row",
        "Reading the status of an agreement",
        "Coding rules in brief",
        "Agreement between the two coders",
    ):
        assert section(text, title).strip(), title
    cite = section(text, "How to cite")
    assert package["title"] in cite
    assert f"version {package['version']}" in cite
    assert "no DOI" in cite
    assert not re.search(r"\b10\.\d{4,}/", text), "a DOI that nobody gave"
    assert "outside" in section(text, "Agreement between the two coders")


def test_the_status_legend_explains_every_status(text):
    field = next(f for f in tables.describe("agreements").fields if f.name == "status")
    legend = cells(section(text, "Reading the status of an agreement"))
    assert list(legend)[2:] == list(field.enum)
    for code, (count, meaning) in list(legend.items())[2:]:
        assert f"{code}: {meaning}" in field.description
        assert len(meaning) > 4
        assert int(count) == sum(r["status"] == code for r in tables.records("agreements"))
    assert "nullified" in legend


def test_codes_in_use_are_text_with_their_values(text):
    found = cells(section(text, "CAMEO codes in use"))
    used = [row["cameo"] for row in tables.records("events") if row["cameo"]]
    assert {**dict.fromkeys(used, None)}.keys() == found.keys() - {"Code", "---"}
    assert all(int(found[code][-1]) == used.count(code) for code in {*used})
    assert found["1214"][2] == "-4 (imputed)"
    assert "0314" in found
    assert "314" not in found
    modes = cells(section(text, "PLOVER codes in use"))
    assert "MOBILIZE weapons" in modes


def test_words_of_the_codebook_are_its_own(text):
    assert shared(text) == []


def test_links_inside_the_page_lead_somewhere(text):
    targets = re.findall(r"\]\(#([^)]+)\)", text)
    headings = re.findall(r"^#+ (\S+)$", text, re.M)
    assert targets
    assert [t for t in targets if t not in headings] == []


def test_a_table_keeps_its_columns_whatever_a_text_holds():
    assert grid(("A", "B"), [("x|y\nz", "<b>")], "b") == (
        "| A | B |\n| --- | --: |\n| x\\|y z | &lt;b> |"
    )


def test_meanings_are_taken_from_a_description():
    words = "Kind. yes; no: not at all; so-so: a bit, in part. Empty when unknown."
    field = Field("x", "string", "X", words, enum=("yes", "no", "so-so"))
    assert about.meanings(field) == {"no": "not at all", "so-so": "a bit, in part"}


# --- any package, not only ours


@pytest.fixture
def small(tmp_path, monkeypatch):
    fields = [
        {"name": "place", "type": "string"},
        {"name": "height_m", "type": "number"},
    ]
    for field in fields:
        field |= {"title": "Title", "description": "Words that explain it."}
    package = {
        "name": "hills",
        "resources": [
            {
                "name": "hills",
                "path": "hills.csv",
                "title": "Hills",
                "description": "Words.",
                "schema": {"fields": fields, "primaryKey": "place"},
            }
        ],
    }
    (tmp_path / "datapackage.json").write_text(json.dumps(package), "utf-8")
    (tmp_path / "hills.csv").write_text("place,height_m\n남산,270\nGun,\n", "utf-8")
    monkeypatch.setenv("KIT_DATA", str(tmp_path))
    return tmp_path


def test_a_package_without_codings_has_a_codebook_too(small):
    text = codebook.build()
    assert cells(section(text, "hills"))["height_m"][:2] == ["number, m", "1"]
    assert "Cohen" not in text
    assert "status" not in text
    assert "hills [data set]" in text


def test_broken_tables_have_no_codebook(small):
    (small / "hills.csv").write_text("place,height_m\nGun,high\n", "utf-8")
    with pytest.raises(DataError, match="is not a number"):
        codebook.build()


# --- Cohen's kappa


def test_kappa_of_an_example_worked_by_hand():
    """50 units: both yes 20, first only 5, second only 10, neither 15.

    Observed (20 + 15) / 50 = 0.7. Expected: yes 25/50 × 30/50 = 0.3, no 25/50 × 20/50 = 0.2,
    together 0.5. Kappa (0.7 - 0.5) / (1 - 0.5) = 0.4.
    """
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert kappa.kappa(pairs) == 0.4
    found = kappa.agreement("x", pairs)
    assert (found.n, found.same, found.percent, found.kappa) == (50, 35, 70.0, 0.4)


def test_kappa_of_three_categories_worked_by_hand():
    """Six units; the first coder uses a 3, b 2, c 1 times, the second a 2, b 3, c 1; alike 3.

    Expected (3×2 + 2×3 + 1×1) / 36 = 13/36; kappa (18/36 - 13/36) / (36/36 - 13/36) = 5/23.
    """
    pairs = list(zip("aaabbc", "aabcbb", strict=True))
    assert kappa.kappa(pairs) == pytest.approx(5 / 23)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], None),
        ([("a", "a")] * 9, None),  # one category: agreement by chance is certain
        ([("a", "a"), ("b", "b")], 1.0),
        ([("a", "b"), ("b", "a")], -1.0),
        ([("a", "a"), ("a", "b")], 0.0),
        ([("a", "b")] * 4, 0.0),
        ([(None, None), ("010", "10")], 1 / 3),  # nothing is a code; 010 is not 10
    ],
)
def test_kappa_at_its_edges(pairs, expected):
    found = kappa.kappa(pairs)
    assert found == (None if expected is None else pytest.approx(expected))


CODES = st.sampled_from(["a", "b", "c", None])


@given(st.lists(st.tuples(CODES, CODES), max_size=30))
def test_kappa_is_symmetric_at_most_one_and_knows_perfection(pairs):
    found = kappa.kappa(pairs)
    assert found == kappa.kappa([(b, a) for a, b in pairs])
    if found is not None:
        assert found <= 1
        assert (found == 1) == all(a == b for a, b in pairs)


def test_percent_of_nothing_is_not_defined():
    assert kappa.agreement("x", []).percent is None


def test_kappa_agrees_with_its_definition_on_the_shipped_codings(shipped):
    """The formula in fractions of one, written out once more from the paper."""
    by_event = {}
    for row in tables.records("event_codings"):
        by_event.setdefault(row["event_id"], {})[row["coder"]] = row["cameo"] or "none"
    pairs = [(codes["first"], codes["second"]) for codes in by_event.values()]
    n = len(pairs)
    observed = sum(a == b for a, b in pairs) / n
    codes = {code for pair in pairs for code in pair}
    share = [{c: sum(pair[i] == c for pair in pairs) / n for c in codes} for i in (0, 1)]
    expected = sum(share[0][c] * share[1][c] for c in codes)
    found = {item.what: item for item in kappa.of_events(tables.records("event_codings"))}
    assert found["CAMEO code"].n == n == len(tables.records("events"))
    assert found["CAMEO code"].kappa == pytest.approx((observed - expected) / (1 - expected))


def coding(event, coder, cameo=None, plover=None, mode=None, contexts=("military",)):
    return {
        "event_id": event,
        "coder": coder,
        "cameo": cameo,
        "plover": plover,
        "plover_mode": mode,
        "contexts": contexts,
    }


def test_events_are_paired_by_id_and_only_where_both_coded():
    rows = [
        coding("e1", "first", "010", "AGREE"),
        coding("e2", "first", "0312", "AGREE"),
        coding("e3", "first"),
        coding("e4", "first", "057", "SUPPORT"),
        coding("e3", "second", "040", "CONSULT"),
        coding("e2", "second", "0314", "AGREE", contexts=("military", "legal")),
        coding("e1", "second", "010", "AGREE"),
    ]
    found = {item.what: (item.same, item.n) for item in kappa.of_events(rows)}
    assert found == {
        "Scored or not": (2, 3),
        "CAMEO code": (1, 3),
        "CAMEO root": (2, 3),
        "PLOVER category": (2, 3),
        "PLOVER category and mode": (2, 3),
        "Contexts, as a whole": (2, 3),
        "All of these at once": (1, 3),
        "CAMEO code, where both scored": (1, 2),
        "CAMEO root, where both scored": (2, 2),
        "PLOVER category, where both scored": (2, 2),
    }


def test_obligations_count_where_they_are_absent_too():
    marked = [
        ("t1", "defend", "first", "binding"),
        ("t1", "defend", "second", "political"),
        ("t1", "consult", "first", "binding"),
        ("t2", "defend", "second", "binding"),
    ]
    names = ("agreement_id", "obligation", "coder", "force")
    rows = [dict(zip(names, row, strict=True)) for row in marked]
    found = kappa.of_obligations(rows, ["t1", "t2", "t3"], ["defend", "consult", "host"])
    assert [(item.what, item.same, item.n) for item in found] == [
        ("Any obligation, all cells", 7, 9),
        ("Force, where both saw the obligation", 0, 1),
        ("`defend`", 2, 3),
        ("`consult`", 2, 3),
        ("`host`", 3, 3),
    ]
    assert found[-1].kappa is None, "nobody saw it anywhere: not defined"
    assert found[2].kappa == pytest.approx(0.4)


def test_the_page_shows_the_kappa_it_computed(text):
    found = cells(section(text, "Events"))
    for item in kappa.of_events(tables.records("event_codings")):
        n, same, percent, value = found[item.what]
        assert (int(n), int(same)) == (item.n, item.same)
        assert percent == f"{100 * item.same / item.n:.1f}"
        assert value == f"{item.kappa:.2f}"
    vocabulary = next(
        f.enum for f in tables.describe("obligation_codings").fields if f.name == "obligation"
    )
    found = cells(section(text, "Obligations of agreements"))
    assert set(vocabulary) <= found.keys()
    cases = len(vocabulary) * len(tables.records("agreements"))
    assert int(found["Any obligation, all cells"][0]) == cases


def test_a_negative_kappa_has_a_minus_sign():
    assert codebook._number(-0.25, 2) == "−0.25"
    assert codebook._number(None, 2) == "not defined"


# --- in a terminal


def test_the_command_prints_or_writes_it(shipped, tmp_path, capsys, text):
    assert main(["codebook"]) == 0
    assert capsys.readouterr().out == text
    path = tmp_path / "new" / "book.md"
    assert main(["codebook", "--write", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}\n"
    assert path.read_text("utf-8") == text


def test_a_place_that_cannot_be_written_is_reported(shipped, tmp_path, capsys):
    (tmp_path / "file").write_text("mine", "utf-8")
    assert main(["codebook", "--write", str(tmp_path / "file" / "book.md")]) == 1
    assert "book.md is not written" in capsys.readouterr().err
    with pytest.raises(ExportError):
        codebook.write(tmp_path)


def test_without_a_checkout_a_file_must_be_named(shipped, monkeypatch, tmp_path):
    monkeypatch.setattr("kit.codebook.PAGE", tmp_path / "absent" / "codebook.md")
    with pytest.raises(ExportError, match="say which file"):
        codebook.write()


# --- how to cite


def test_citation_file_is_sound_and_says_the_same(root, package):
    cited = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    assert cited["cff-version"] == "1.2.0"
    assert {"authors", "message", "title", "abstract", "keywords"} <= cited.keys()
    assert (cited["type"], cited["license"]) == ("software", "BSD-3-Clause")
    (data,) = cited["references"]
    assert data["type"] == "data"
    assert data["title"] == package["title"]
    assert str(data["version"]) == package["version"]
    assert [data["license"]] == [item["name"] for item in package["licenses"]]
    assert [a["name"] for a in data["authors"]] == [c["title"] for c in package["contributors"]]
    assert data["keywords"] == package["keywords"]
    assert "doi" not in cited
    assert "doi" not in data
    assert "no DOI" in cited["message"]
    for part in (cited, data):
        assert isinstance(part["date-released"], dt.date)


def test_the_data_are_not_released_before_their_sources_were_read(root, shipped):
    cited = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    last = max(row["accessed"] for row in tables.records("sources"))
    assert cited["references"][0]["date-released"] >= last
    assert str(last.year) in about.citation(about.package())
