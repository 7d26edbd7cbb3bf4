"""The checks of the record: silent on what is shipped, exact about a broken copy."""

from __future__ import annotations

import csv
import io
import json
import shutil

import pytest

from kit import curation, files, tables
from kit.__main__ import main
from kit.curation import record, wording

ARTICLE = "washtimes-2023-11-12"
TISA = "2014-12-29-tisa"
NOTICE = "2019-08-22-rok-gsomia-termination-notice"
TEST = "2006-10-09-dprk-nuclear-test-1"
CONTROLS = "2019-07-01-japan-export-controls"
RULING = "2018-10-30-rok-supreme-court-ruling"


@pytest.fixture
def data(root, tmp_path, monkeypatch):
    """A copy of the data with one exercise, that a test may break."""
    folder = tmp_path / "data"
    shutil.copytree(root / "data", folder)
    for path in (folder / "scenarios").rglob("*.yaml"):
        if not path.name.startswith("shared-warning."):
            path.unlink()  # checked as shipped; again in each broken copy would take a minute
    monkeypatch.setenv("KIT_DATA", str(folder))
    return folder


@pytest.fixture
def shipped(root, monkeypatch):
    monkeypatch.setenv("KIT_DATA", str(root / "data"))


class Copy:
    """One table of the copy, to be changed by row and column."""

    def __init__(self, folder, name):
        self.path = folder / f"{name}.csv"
        self.rows = list(csv.DictReader(io.StringIO(self.path.read_text("utf-8"), newline="")))

    def matching(self, where):
        found = [r for r in self.rows if all(r[name] == text for name, text in where.items())]
        assert found, where
        return found

    def set(self, where, **cells):
        for row in self.matching(where):
            row |= cells
        self.save()

    def drop(self, where):
        gone = self.matching(where)
        self.rows = [row for row in self.rows if row not in gone]
        self.save()

    def save(self):
        with self.path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(self.rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.rows)


def change(table, where, **cells):
    return lambda folder: Copy(folder, table).set(where, **cells)


def drop(table, where):
    return lambda folder: Copy(folder, table).drop(where)


def only_the_article(folder):
    """Leave the core event of the article with the article as its only source."""
    citations = Copy(folder, "citations")
    key = "2023-11-12-trilateral-defence-ministers"
    assert citations.matching({"event_id": key, "source_id": ARTICLE})
    citations.rows = [
        row for row in citations.rows if row["event_id"] != key or row["source_id"] == ARTICLE
    ]
    citations.save()


def out_of_order(folder):
    events = Copy(folder, "events")
    events.rows[0], events.rows[1] = events.rows[1], events.rows[0]
    events.save()


def no_pages(folder):
    path = folder / "datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    flights = next(r for r in package["resources"] if r["name"] == "flights")
    field = next(f for f in flights["schema"]["fields"] if f["name"] == "page_ids")
    field["constraints"].pop("required")
    path.write_text(json.dumps(package), "utf-8")
    change("flights", {"flight_id": "F001"}, page_ids="")(folder)


def event(key):
    return {"event_id": key}


# name: (how the copy is broken, file, row by id, column, part of the cause, part of the remedy)
BROKEN = {
    "an agreement without a history": (
        drop("agreement_status", {"agreement_id": "tisa-2014"}),
        "agreements",
        "tisa-2014",
        "agreement_id",
        "does not say how 'tisa-2014' stood",
        "Add its changes",
    ),
    "a last change that is not the status": (
        change(
            "agreement_status",
            {"agreement_id": "cma-2018", "since": "2024-06-04"},
            standing="in-force",
        ),
        "agreement_status",
        "cma-2018",
        "standing",
        "ends as in-force, but agreements.csv says suspended",
        "Correct one",
    ),
    "changes out of order": (
        change(
            "agreement_status",
            {"agreement_id": "gsomia-2016", "standing": "notice-suspended"},
            since="2018-11-22",
        ),
        "agreement_status",
        "gsomia-2016",
        "since",
        "2018-11-22 stands after 2019-08-22",
        "in order of time",
    ),
    "event without a source": (
        drop("citations", event(TEST)),
        "events", TEST, "event_id", f"a source for '{TEST}'", "Add one",
    ),
    "agreement without a source": (
        drop("citations", {"agreement_id": "tisa-2014"}),
        "agreements", "tisa-2014", "agreement_id", "a source for 'tisa-2014'", "Add one",
    ),
    "flight without a page": (
        no_pages, "flights", "F001", "page_ids", "names no page", "pages.csv",
    ),
    "article alone": (
        only_the_article, "events", "2023-11-12-trilateral-defence-ministers", "in_article",
        "is the article under study", "independent source",
    ),
    "known before it happened": (
        change("events", event(TISA), known_on="2014-12-28"),
        "events", TISA, "known_on", "2014-12-28 is before 2014-12-29", "Correct",
    ),
    "in force before it was signed": (
        change("agreements", {"agreement_id": "tscf-2024"}, entered_into_force="2024-07-27"),
        "agreements", "tscf-2024", "entered_into_force", "2024-07-27 is before", "Correct",
    ),
    "status before it was signed": (
        change("agreements", {"agreement_id": "tscf-2024"}, status_asof="2024-07-27"),
        "agreements", "tscf-2024", "status_asof", "2024-07-27 is before", "Correct",
    ),
    "read before it was published": (
        change("sources", {"source_id": ARTICLE}, accessed="2023-11-11"),
        "sources", ARTICLE, "accessed", "2023-11-11 is before 2023-11-12", "Correct",
    ),
    "events out of order": (
        out_of_order, "events", "1953-10-01-us-rok-mutual-defense-treaty", "date",
        "1953-10-01 stands after 1960-01-19", "in order of date",
    ),
    "mode of another category": (
        change("events", event(TEST), plover_mode="discontinue"),
        "events", TEST, "plover_mode", "'discontinue' is no mode of MOBILIZE", "troops, weapons",
    ),
    "mode where there is none": (
        change("event_codings", {"event_id": TISA, "coder": "first"}, plover_mode="visit"),
        "event_codings", TISA, "plover_mode", "'visit' is no mode of SUPPORT", "Leave it empty",
    ),
    "half a code": (
        change("events", event(TISA), plover="", plover_score=""),
        "events", TISA, "plover", "Only one of cameo and plover", "Fill both",
    ),
    "a mode as category code": (
        change("codes", {"code": "weapons"}, parent="COERCE"),
        "events", TEST, "plover_mode", "'weapons' is no mode of MOBILIZE", "troops",
    ),
    "a sub-code under another root": (
        change("codes", {"code": "0314"}, parent="04"),
        "codes", "0314", "parent", "'04' is not what the sub '0314' stands under", "Write '03'",
    ),
    "a kind of the other scheme": (
        change("codes", {"code": "AGREE"}, kind="root"),
        "codes", "AGREE", "kind", "'root' is no kind of code in plover", "Correct",
    ),
    "another Goldstein value": (
        change("events", event(TISA), goldstein="7.0"),
        "events", TISA, "goldstein", "7.0 is not the value of CAMEO 057, 8.0", "Write 8.0",
    ),
    "no Goldstein value": (
        change("events", event(TISA), goldstein=""),
        "events", TISA, "goldstein", "nothing is not the value of CAMEO 057", "Write 8.0",
    ),
    "a value without a code": (
        change("events", event(RULING), goldstein="1.0"),
        "events", RULING, "goldstein", "1.0 is not the value of an event", "Write nothing",
    ),
    "imputed, but not said": (
        change("events", event(NOTICE), goldstein_imputed="false"),
        "events", NOTICE, "goldstein_imputed", "false is not the value of CAMEO 1214",
        "Write true",
    ),
    "the score of the category in place of the mode": (
        change("events", event(TEST), plover_score="-5.5"),
        "events", TEST, "plover_score", "-5.5 is not the value of PLOVER MOBILIZE weapons, -6.5",
        "Write -6.5",
    ),
    "coded, but said to be uncoded": (
        change("events", event(TISA), coding_basis="uncoded"),
        "events", TISA, "coding_basis", "'uncoded' is not how", "Write 'agreed'",
    ),
    "not coded, and not said": (
        change("events", event(RULING), coding_basis="agreed"),
        "events", RULING, "coding_basis", "'agreed' is not how", "Write 'uncoded'",
    ),
    "a difference hidden": (
        change("events", event(CONTROLS), coding_basis="agreed"),
        "events", CONTROLS, "coding_basis", "'agreed' is not how", "Write 'adjudicated'",
    ),
    "a difference without a reason": (
        change("events", event(CONTROLS), coding_note=""),
        "events", CONTROLS, "coding_note", "The coders differed", "Give the reason",
    ),
    "not what both coders chose": (
        change("events", event(TISA), contexts="military"),
        "events", TISA, "cameo", "not those on which both coders agree", "Take over theirs",
    ),
    "coded once": (
        drop("event_codings", {"event_id": TISA, "coder": "second"}),
        "events", TISA, "event_id", "not two codings", "Add what lacks",
    ),
    "an obligation that only one saw, without a reason": (
        change("obligations", {"agreement_id": "unscr-2397", "obligation": "inspect"}, note=""),
        "obligations", "unscr-2397", "note", "The coders differed", "Give it",
    ),
    "another force than both gave": (
        change("obligations", {"agreement_id": "unscr-2397", "obligation": "sanction"},
               force="political"),
        "obligations", "unscr-2397", "force", "'political' is not the force", "Write 'binding'",
    ),
    "an obligation left out": (
        drop("obligations", {"agreement_id": "us-rok-mdt-1953", "obligation": "host"}),
        "obligation_codings", "us-rok-mdt-1953", "obligation", "saw 'host'", "Add the row",
    ),
    "an agreement without obligations": (
        drop("obligations", {"agreement_id": "edd-2010"}),
        "agreements", "edd-2010", "agreement_id", "says what 'edd-2010' asks for", "at least one",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_promise_is_reported_with_its_place_and_its_remedy(data, name):
    spoil, table, key, column, cause, remedy = BROKEN[name]
    spoil(data)
    assert [str(p) for p in tables.problems()] == []  # each table by itself is still sound
    found = [p for p in record.problems() if (p.file, p.column) == (f"{table}.csv", column)]
    problem = next(p for p in found if cause in p.cause)
    assert remedy in problem.remedy
    lines = files.read_text(data / problem.file).split("\n")
    assert key in lines[problem.line - 1].split(",")


def test_the_shipped_record_keeps_its_promises(shipped):
    assert record.problems() == []
    assert wording.problems() == []


def test_a_broken_promise_fails_the_check(data, capsys):
    change("events", event(TISA), goldstein="7.0")(data)
    (problem,) = curation.check().problems
    assert main(["check"]) == 1
    assert str(problem) in capsys.readouterr().out


def test_a_table_with_problems_of_its_own_does_not_hide_other_promises(data):
    change("sources", {"source_id": ARTICLE}, accessed="yesterday")(data)
    change("events", event(TISA), goldstein="7.0")(data)
    assert {p.column for p in record.problems()} == {"goldstein"}
    assert {p.column for p in curation.check().problems} == {"accessed", "goldstein"}


@pytest.mark.parametrize(
    ("table", "column"), [("flights", None), ("codes", None), ("events", "known_on")]
)
def test_a_package_without_what_the_checks_need_is_refused(data, table, column):
    path = data / "datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    about = next(r for r in package["resources"] if r["name"] == table)
    if column:
        fields = about["schema"]["fields"]
        about["schema"]["fields"] = [f for f in fields if f["name"] != column]
        rows = Copy(data, table)
        rows.rows = [{k: v for k, v in row.items() if k != column} for row in rows.rows]
        rows.save()
    else:
        package["resources"].remove(about)
        for other in package["resources"]:
            keys = other.get("schema", {}).get("foreignKeys", [])
            keys[:] = [key for key in keys if key["reference"]["resource"] != table]
    path.write_text(json.dumps(package), "utf-8")
    found = [p for p in record.problems() if p.file == "datapackage.json"]
    assert any(f"'{column or table}' is missing" in p.cause for p in found)
    assert not curation.check().ok


# --- wording


def write_scenario(folder, old, new):
    path = folder / "scenarios" / "shared-warning.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    line = text[: text.index(old)].count("\n") + 1
    return path.name, line


@pytest.mark.parametrize(
    ("text", "cause", "remedy"),
    [
        ("in the Sea of Japan", "'Sea of Japan' without 'East Sea'", "'Sea of Japan / East"),
        ("over the East Sea", "'East Sea' without 'Sea of Japan'", "both names"),
        ("near Takeshima", "'Takeshima' without 'Dokdo'", "'Takeshima / Dokdo'"),
        ("near Dokdo", "'Dokdo' without 'Takeshima'", "both names"),
    ],
)
def test_one_name_for_a_disputed_place_is_refused(data, text, cause, remedy):
    change("events", event(TISA), notes=text)(data)
    (found,) = wording.problems()
    assert (found.file, found.column) == ("events.csv", "notes")
    assert TISA in files.read_text(data / found.file).split("\n")[found.line - 1]
    assert cause in found.cause
    assert remedy in found.remedy


@pytest.mark.parametrize(
    "text", ["the Sea of Japan / East Sea", "the East China Sea", "Dokdo (Takeshima in Japan)"]
)
def test_both_names_and_other_seas_are_fine(data, text):
    change("events", event(TISA), notes=text)(data)
    assert wording.problems() == []


def test_a_title_that_others_gave_may_have_one_name(data):
    change("sources", {"source_id": ARTICLE}, title="Missile falls into Sea of Japan")(data)
    assert wording.problems() == []


def test_one_name_in_a_scenario_is_reported_with_its_line(data):
    file, line = write_scenario(data, "level: basic", 'level: "near Dokdo"')
    (found,) = wording.problems()
    assert (found.file, found.line) == (file, line)
    assert "'Dokdo' without 'Takeshima'" in found.cause


def as_the_article(folder, text):
    """Put a text of seven words among the hashes, as if the article had it."""
    (hashed,) = wording.shingles(text)
    path = folder / wording.HASHES
    path.write_text(path.read_text("ascii") + hashed + "\n", "ascii")


PASSAGE = "Seven words that nobody else put together"


def test_a_copied_passage_is_reported_wherever_it_stands(data):
    as_the_article(data, PASSAGE)
    change("events", event(TISA), notes=f"As they say, “{PASSAGE.upper()}” so.")(data)
    file, line = write_scenario(data, "level: basic", f'level: "{PASSAGE}"')
    package = data / "datapackage.json"
    about = json.loads(package.read_text("utf-8"))
    about["resources"][0]["schema"]["fields"][0]["description"] = PASSAGE
    package.write_text(json.dumps(about), "utf-8")
    found = {p.file: p for p in wording.problems()}
    assert found.keys() == {"events.csv", file, "datapackage.json"}
    assert all(PASSAGE.lower() in p.cause and "own words" in p.remedy for p in found.values())
    assert found["events.csv"].column == "notes"
    assert TISA in files.read_text(data / "events.csv").split("\n")[found["events.csv"].line - 1]
    assert found[file].line == line
    assert found["datapackage.json"].column == "events.event_id.description"


def test_six_words_are_no_passage(data):
    as_the_article(data, PASSAGE)
    change("events", event(TISA), notes=PASSAGE.replace("together", "alone"))(data)
    assert wording.problems() == []


@pytest.mark.parametrize(
    ("text", "cause"),
    [(None, "does not exist"), ("", "is empty"), ("003d0663ab9b1d85\nwords\n", "not a hash")],
)
def test_without_its_hashes_the_check_does_not_pass(data, text, cause):
    path = data / wording.HASHES
    path.unlink()
    if text is not None:
        path.write_text(text, "ascii")
    (found,) = wording.problems()
    assert found.file == wording.HASHES
    assert cause in found.cause
    assert not curation.check().ok


# --- what the codings say


def rows(name):
    return {r["code"]: r for r in tables.records(name) if r["kind"] != "mode"}


def test_codes_keep_their_zeros(shipped):
    codes = rows("codes")
    assert codes["010"]["name"] == "Make statement"
    assert codes["10"]["name"] == "Demand"
    assert codes["0314"]["parent"] == "03"
    assert tables.load("codes")["code"].dtype == "str"


def test_every_trap_of_the_lists_is_told(shipped):
    codes = rows("codes")
    for code, both in {"016": ("-5.0", "-2.0"), "022": ("3.4", "3.2"), "164": ("-6.5", "-7.0"),
                       "165": ("-7.0", "-6.5")}.items():  # fmt: skip
        assert all(value in codes[code]["note"] for value in both)
        assert codes[code]["value"] == float(both[0])
    assert (codes["1214"]["value"], codes["1214"]["value_imputed"]) == (-4.0, True)
    assert codes["1214"]["value"] == codes["121"]["value"]
    assert (codes["ACCUSE"]["value"], codes["ACCUSE"]["value_imputed"]) == (-3.0, True)
    assert [code for code, row in codes.items() if row["value_imputed"]] == ["1214", "ACCUSE"]
    trapped = ("ACCUSE", "SANCTION", "ASSAULT", "COERCE", "PROTEST")
    assert all(codes[code]["note"].startswith("Trap:") for code in trapped)


def test_the_two_scales_reverse_signing_and_sharing(shipped):
    scores = {r["event_id"]: (r["goldstein"], r["plover_score"]) for r in tables.records("events")}
    signing, sharing = scores[TISA], scores["2023-12-19-warning-mechanism-activated"]
    assert signing == (8.0, 5.0)
    assert sharing == (7.0, 9.5)


def test_the_notice_on_gsomia_takes_the_value_of_its_parent(shipped):
    (row,) = [r for r in tables.records("events") if r["event_id"] == NOTICE]
    assert (row["cameo"], row["goldstein"], row["goldstein_imputed"]) == ("1214", -4.0, True)
    assert [r["event_id"] for r in tables.records("events") if r["goldstein_imputed"]] == [NOTICE]


def test_how_many_codings_were_agreed(shipped):
    found = [row["coding_basis"] for row in tables.records("events")]
    assert {basis: found.count(basis) for basis in found} == {
        "agreed": 64,
        "adjudicated": 59,
        "uncoded": 18,
    }
