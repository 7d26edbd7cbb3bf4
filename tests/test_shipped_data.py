"""The data that the kit ships: complete, linked, in order, and in its own words."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys

import pytest
from shingles import article, shared, words

from kit import files, tables

ARTICLE = "washtimes-2023-11-12"
COUNTS = {
    "events": 141,
    "agreements": 40,
    "sources": 385,
    "citations": 594,
    "claims": 30,
    "claim_sources": 124,
    "actors": 7,
    "codes": 167,
    "event_codings": 282,
    "agreement_status": 80,
    "obligations": 71,
    "obligation_codings": 141,
    "flights": 91,
    "sensors": 23,
    "alerts": 11,
    "coastline": 208,
    "places": 8,
    "warning_stations": 21,
    "warning_cases": 43,
    "pages": 289,
}
LAUNCHES = {"missile-launch", "space-launch", "nuclear"}


@pytest.fixture(autouse=True, scope="module")
def shipped(root):
    """Read the checkout's own data, whatever KIT_DATA says outside."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIT_DATA", str(root / "data"))
        yield


@pytest.fixture(scope="module")
def rows():
    return {name: tables.records(name) for name in tables.names()}


def last_day(date, precision):
    """Return the last day that a partly known date can mean."""
    if precision == "year":
        return dt.date(date.year, 12, 31)
    if precision == "month":
        return (date.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    return date


def cited_by(rows, column):
    found = {}
    for row in rows["citations"]:
        if row[column]:
            found.setdefault(row[column], set()).add(row["source_id"])
    return found


def test_there_are_no_problems():
    assert tables.problems() == []


def test_every_row_is_there(rows):
    assert {name: len(found) for name, found in rows.items()} == COUNTS
    assert {name: len(frame) for name, frame in tables.load_all().items()} == COUNTS


def test_every_event_and_agreement_has_a_source(rows):
    assert tables.ids("events") - cited_by(rows, "event_id").keys() == set()
    assert tables.ids("agreements") - cited_by(rows, "agreement_id").keys() == set()


def test_what_the_article_says_rests_on_more_than_the_article(rows):
    found = cited_by(rows, "event_id") | cited_by(rows, "agreement_id")
    explicit = [
        row[key]
        for name, key in (("events", "event_id"), ("agreements", "agreement_id"))
        for row in rows[name]
        if row["in_article"] == "explicit"
    ]
    assert len(explicit) == 8
    assert [key for key in explicit if not found[key] - {ARTICLE}] == []


def test_every_claim_was_checked_against_other_sources(rows):
    used = {key: set() for key in tables.ids("claims")}
    for row in rows["claim_sources"]:
        used[row["claim_id"]].add(row["source_id"])
    assert [key for key, sources in used.items() if not sources - {ARTICLE}] == []


def test_claims_are_numbered_in_the_order_of_the_article(rows):
    assert [row["claim_id"] for row in rows["claims"]] == [f"c{n:02d}" for n in range(1, 31)]
    paragraphs = [row["paragraph"] for row in rows["claims"]]
    assert paragraphs == sorted(paragraphs)


def test_verdicts_are_those_of_the_audit(rows):
    verdicts = [row["verdict"] for row in rows["claims"]]
    assert {verdict: verdicts.count(verdict) for verdict in verdicts} == {
        "confirmed": 11,
        "confirmed-with-nuance": 17,
        "inaccurate": 1,
        "cannot-verify": 1,
    }


def test_every_source_is_used(rows):
    used = {row["source_id"] for name in ("citations", "claim_sources") for row in rows[name]}
    assert tables.ids("sources") - used == set()


def test_every_page_is_used(rows):
    used = {
        key
        for name in ("flights", "sensors", "alerts", "warning_cases")
        for r in rows[name]
        for key in r["page_ids"]
    }
    assert tables.ids("pages") - used == set()


def test_every_actor_occurs(rows):
    used = {code for row in rows["events"] for code in row["initiators"] + row["targets"]}
    used |= {code for row in rows["agreements"] for code in row["parties"]}
    assert used == tables.ids("actors")


def test_a_paragraph_is_named_exactly_where_the_article_comes_in(rows):
    for row in rows["events"] + rows["agreements"]:
        assert (row["article_paragraph"] is None) == (row["in_article"] == "context"), row


def test_event_ids_start_with_the_date(rows):
    wrong = []
    for row in rows["events"]:
        written = re.match(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?(?=-)", row["event_id"])[0]
        if not str(row["date"]).startswith(written):
            wrong.append(row["event_id"])
    assert wrong == []


def test_events_are_in_order(rows):
    dates = [row["date"] for row in rows["events"]]
    assert dates == sorted(dates)


def test_an_agreement_is_signed_before_it_takes_effect_and_before_its_status(rows):
    for row in rows["agreements"]:
        for later in (row["entered_into_force"], row["status_asof"]):
            assert later is None or row["signed_or_announced"] <= later, row["agreement_id"]


def test_a_political_document_has_no_entry_into_force(rows):
    for row in rows["agreements"]:
        if row["status"] == "political-commitment":
            assert row["legally_binding"] == "no", row["agreement_id"]
            assert row["entered_into_force"] is None, row["agreement_id"]


def test_a_source_was_read_after_it_was_published(rows):
    for row in rows["sources"]:
        if row["published"]:
            assert row["published"] <= row["accessed"], row["source_id"]


def test_a_partial_date_is_written_as_its_first_day(rows):
    pairs = [(r["published"], r["published_precision"]) for r in rows["sources"]]
    pairs += [
        (r["signed_or_announced"], r["signed_or_announced_precision"]) for r in rows["agreements"]
    ]
    pairs += [(r["date"], r["date_precision"]) for r in rows["events"]]
    for date, precision in pairs:
        assert (date is None) == (precision is None)
        if precision == "year":
            assert (date.month, date.day) == (1, 1)
        elif precision == "month":
            assert date.day == 1
    found = [precision for _, precision in pairs]
    counts = {kind: found.count(kind) for kind in ("day", "month", "year", None)}
    assert counts == {"day": 495, "month": 43, "year": 3, None: 25}


def test_no_event_is_known_only_from_before_it_happened(rows):
    """At least one source of each event may have been published on its day or later."""
    sources = {row["source_id"]: row for row in rows["sources"]}
    cited = cited_by(rows, "event_id")
    for row in rows["events"]:
        published = [sources[key] for key in cited[row["event_id"]]]
        # A day's grace: it is already tomorrow in Seoul when Washington publishes.
        assert any(
            source["published"] is None
            or last_day(source["published"], source["published_precision"])
            >= row["date"] - dt.timedelta(days=1)
            for source in published
        ), row["event_id"]


def test_known_on_follows_its_rule(rows):
    """Earliest report that is not from before the event; see the field's description."""
    sources = {row["source_id"]: row for row in rows["sources"]}
    cited = cited_by(rows, "event_id")
    later = 0
    for row in rows["events"]:
        dated = [sources[key] for key in cited[row["event_id"]]]
        days = [s["published"] for s in dated if s["published_precision"] == "day"]
        first = min((day for day in days if day >= row["date"]), default=row["date"])
        told = row["category"] in LAUNCHES or first - row["date"] > dt.timedelta(days=10)
        assert row["known_on"] == (row["date"] if told else first), row["event_id"]
        later += row["known_on"] > row["date"]
    assert later == 27


def test_evidence_is_known_when_the_table_says(rows):
    found = tables.evidence()
    for row in rows["events"]:
        assert found[row["event_id"]].known_on == row["known_on"]
    for row in rows["agreements"]:
        assert found[row["agreement_id"]].known_on == row["signed_or_announced"]
    speech = found["2024-01-15-kim-hostile-state-speech"]
    assert (speech.date, speech.known_on) == (dt.date(2024, 1, 15), dt.date(2024, 1, 16))


def test_the_declaration_of_1992_is_nullified_and_nothing_else_is(rows):
    found = [r["agreement_id"] for r in rows["agreements"] if r["status"] == "nullified"]
    assert found == ["rok-dprk-denuclearization-1992"]


# --- launches, sensors, alerts


def test_a_number_is_given_only_where_the_published_figure_is_one(rows):
    pairs = [
        (f"{what}_{who}_published", f"{what}_km_{who}")
        for what in ("range", "apogee")
        for who in ("jcs", "mod", "kcna")
    ]
    pairs += [("missiles_published", "missiles")]
    checked = 0
    for row in rows["flights"]:
        for text, number in pairs:
            plain = row[text] and re.fullmatch(r"[0-9]+(\.[0-9]+)?", row[text])
            assert row[number] == (float(row[text]) if plain else None), (row["flight_id"], number)
            checked += bool(plain)
    for row in rows["alerts"]:
        for text, number in (("warning_min_published", "warning_min"),
                             ("lead_min_published", "lead_min")):  # fmt: skip
            plain = row[text] and re.fullmatch(r"-?[0-9]+", row[text])
            assert row[number] == (float(row[text]) if plain else None), (row["alert_id"], number)
            checked += bool(plain)
    assert checked > 300


def test_a_launch_or_alert_is_linked_to_an_event_of_its_day(rows):
    dates = {row["event_id"]: row["date"] for row in rows["events"]}
    linked = [row for name in ("flights", "alerts") for row in rows[name] if row["event_id"]]
    assert len(linked) > 20
    assert [row for row in linked if dates[row["event_id"]] != row["date"]] == []


def test_a_sensor_away_from_home_stands_on_the_land_of_its_host(rows):
    hosted = {(row["operator"], row["host"]) for row in rows["sensors"] if row["host"]}
    assert hosted == {("USA", "JPN"), ("USA", "KOR")}


def test_evidence_is_every_event_and_agreement(rows):
    found = tables.evidence()
    assert found.keys() == tables.ids("events") | tables.ids("agreements")
    assert len(found) == 181, "an event and an agreement share an id"
    activated = found["2023-12-19-warning-mechanism-activated"]
    assert (activated.kind, activated.date) == ("event", dt.date(2023, 12, 19))
    assert "dod-tmm-2023-12-19" in activated.source_ids
    declaration = found["washington-declaration-2023"]
    assert (declaration.kind, declaration.title) == ("agreement", "Washington Declaration")
    assert declaration.date == dt.date(2023, 4, 26)
    assert all(item.source_ids and item.summary for item in found.values())


def test_columns_have_a_title_and_a_sentence():
    for name in tables.names():
        for field in tables.describe(name).fields:
            assert field.title, (name, field.name)
            assert re.fullmatch(r"[A-Z].{15,}\.", field.description), (name, field.name)


def test_each_code_is_explained():
    for name in tables.names():
        for field in tables.describe(name).fields:
            missing = [code for code in field.enum if code not in field.description]
            assert missing == [], (name, field.name)


@pytest.mark.slow
def test_frictionless_agrees(root):
    code = (
        "import sys, frictionless; report = frictionless.validate(sys.argv[1]);"
        "sys.exit(None if report.valid else str(report.flatten()))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, "datapackage.json"],
        cwd=root / "data",
        check=False,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr


# --- in its own words


def test_no_cell_repeats_seven_words_of_the_article():
    found = []
    for name in tables.names():
        file = tables.describe(name).file
        cells = files.read_csv(files.data_dir() / file)
        for row, line in zip(cells.rows, cells.lines, strict=True):
            found += [f"{file}, line {line}: {run}" for cell in row for run in shared(cell)]
    assert found == []


def test_the_package_itself_repeats_nothing():
    assert shared(files.read_text(files.data_dir() / "datapackage.json")) == []


def test_a_copied_passage_would_be_found():
    assert len(article()) > 400
    assert words("The U.S. “real-time” plan; Seoul’s") == [
        "the", "us", "real", "time", "plan", "seouls",
    ]  # fmt: skip
    backwards = ["Japan.", "and", "Korea", "South", "States,", "United", "the", "between"]
    assert shared(" ".join(backwards)) == []
    assert shared(" ".join(backwards[::-1])) == [
        " ".join(words(" ".join(backwards[:0:-1]))),
        " ".join(words(" ".join(backwards[6::-1]))),
    ]
