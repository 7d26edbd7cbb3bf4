"""The pictures of the record: what is drawn, said and listed, and how events are filtered."""

from __future__ import annotations

import datetime as dt
import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import tables
from kit.plots import (
    agreements,
    cards,
    launches,
    network,
    obligations,
    record,
    scales,
    sources,
    standing,
    timeline,
)
from tests.tiny import TOUGH

EVENTS = tables.records("events")
AGREEMENTS = tables.records("agreements")
CATEGORIES = next(f.enum for f in tables.describe("events").fields if f.name == "category")
CODED = tables.records("obligations")
FLIGHTS = tables.records("flights")
KINDS = record.source_kinds("event_id")
CODES = [row["actor_id"] for row in tables.records("actors")]


def event(name, date, category="exercise", **more):
    """Return an event with nothing in it but what a test is about."""
    empty = dict.fromkeys((f.name for f in tables.describe("events").fields), None)
    given_ = {"event_id": name, "title": name.title(), "date": dt.date.fromisoformat(date)}
    plain = {"date_precision": "day", "in_article": "context", "initiators": ("KOR",)}
    return {**empty, **given_, **plain, "category": category, "targets": (), **more}


def ids_drawn(picture):
    """Return every customdata of a picture, in the order of drawing."""
    return [key for trace in picture.figure["data"] for key in trace.get("customdata", ())]


def ids_listed(picture):
    return [row[-1] for row in picture.rows]


def marks(picture):
    """Return (x, y) of every event drawn, by id."""
    return {
        key: (dt.date.fromisoformat(x), y)
        for trace in picture.figure["data"]
        for key, x, y in zip(trace.get("customdata", ()), trace["x"], trace["y"], strict=False)
    }


# --- signs -----------------------------------------------------------------------------------


def test_every_category_has_a_label_and_a_shape_of_its_own():
    assert set(record.SIGNS) == set(CATEGORIES)
    signs = record.SIGNS.values()
    for value in ("label", "symbol", "glyph"):
        assert len({getattr(s, value) for s in signs}) == len(signs)


def test_a_category_without_a_sign_is_shown_all_the_same():
    picture = timeline.timeline([event("a", "2023-01-01", "cyber-attack")])
    assert picture.figure["layout"]["yaxis"]["ticktext"] == ["Cyber attack (1)"]


def test_every_legal_force_has_a_pattern_and_a_shape_of_its_own():
    column = next(f for f in tables.describe("agreements").fields if f.name == "legally_binding")
    assert set(agreements.FORCES) == set(column.enum)
    for value in ("label", "pattern", "symbol", "color"):
        assert len({getattr(f, value) for f in agreements.FORCES.values()}) == 3


# --- filters ---------------------------------------------------------------------------------


def test_no_filter_lets_everything_through_in_order_of_time():
    found = record.filter_events(EVENTS, record.Filters())
    assert len(found) == len(EVENTS)
    assert [e["date"] for e in found] == sorted(e["date"] for e in EVENTS)


@pytest.mark.parametrize(
    ("given", "passes"),
    [
        ({"category": "sanctions"}, lambda e: e["category"] == "sanctions"),
        ({"category": ["nuclear", "exercise"]},
         lambda e: e["category"] in ("nuclear", "exercise")),
        ({"actor": "JPN"}, lambda e: "JPN" in e["initiators"] or "JPN" in e["targets"]),
        ({"actor": "south korea"}, lambda e: "KOR" in e["initiators"] or "KOR" in e["targets"]),
        ({"years": 2023}, lambda e: e["date"].year == 2023),
        ({"years": (2019, 2017)}, lambda e: 2017 <= e["date"].year <= 2019),
        ({"article": True}, lambda e: e["in_article"] != "context"),
        ({"article": False}, lambda e: e["in_article"] == "context"),
        ({"category": "diplomacy", "actor": "USA", "years": (2023, 2024), "article": True},
         lambda e: e["category"] == "diplomacy" and "USA" in (*e["initiators"], *e["targets"])
         and e["date"].year in (2023, 2024) and e["in_article"] != "context"),
        ({"code": "05"}, lambda e: (e["cameo"] or "").startswith("05")),
        ({"code": "057"}, lambda e: e["cameo"] == "057"),
        ({"code": "COOPERATE"}, lambda e: e["plover"] == "COOPERATE"),
        ({"kinds": "reference"}, lambda e: "reference" in KINDS[e["event_id"]]),
        ({"kinds": ["think-tank", "wire"]},
         lambda e: KINDS[e["event_id"]] & {"think-tank", "wire"}),
    ],
)  # fmt: skip
def test_each_filter_keeps_what_it_says(given, passes):
    expected = {e["event_id"] for e in EVENTS if passes(e)}
    assert 0 < len(expected) < len(EVENTS)
    assert {e["event_id"] for e in record.events(**given)} == expected


def test_words_must_all_occur_in_any_order_and_case():
    assert record.events(text="SUBMARINE")
    assert record.events(text="summit camp DAVID") == record.events(text="david  camp summit ")
    assert "2023-08-18-camp-david-summit" in {
        e["event_id"] for e in record.events(text="camp david")
    }
    assert record.events(text="camp david zeppelin") == ()


@TOUGH
@given(
    st.lists(st.sampled_from(CATEGORIES), max_size=3),
    st.sampled_from(["", *CODES]),
    st.one_of(st.none(), st.tuples(st.integers(1950, 2030), st.integers(1950, 2030))),
    st.sampled_from([None, True, False]),
)
def test_filters_together_keep_what_each_alone_keeps(category, actor, years, article):
    alone = [
        {e["event_id"] for e in record.events(**{name: value})}
        for name, value in
        {"category": category, "actor": actor, "years": years, "article": article}.items()
    ]  # fmt: skip
    found = {e["event_id"] for e in record.events(category, actor, years, article)}
    assert found == set.intersection(*alone)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"category": "sanction"}, "There is no category 'sanction'. Did you mean 'sanctions'?"),
        ({"actor": "North Corea"}, "no actor 'North Corea'. Did you mean 'North Korea'"),
        ({"years": (2020,)}, r"\(2020,\) is no period. Write one year"),
        ({"years": "2020"}, "'2020' is no period"),
        ({"years": (2020, 20245)}, "Years lie between 1900 and 2100"),
        ({"kinds": "newspapers"}, "no kind of publisher 'newspapers'. Did you mean 'newspaper'"),
        ({"code": "0577"}, "There is no code '0577'. Did you mean '057'"),
    ],
)
def test_a_wrong_filter_is_refused_with_what_is_allowed(given, message):
    with pytest.raises(ValueError, match=message):
        record.filters(**given)


# --- timeline --------------------------------------------------------------------------------


@pytest.mark.parametrize("years", [None, (2022, 2024), 2023])
def test_each_event_is_drawn_once_and_listed_once(years):
    found = record.events(years=years)
    picture = timeline.timeline(found, record.filters(years=years).years)
    names = sorted(e["event_id"] for e in found)
    assert sorted(ids_drawn(picture)) == sorted(ids_listed(picture)) == names
    json.dumps(picture.figure)


def test_by_actor_an_event_stands_in_the_lane_of_each_who_acted():
    rows = [event("a", "2023-01-01", initiators=("KOR", "USA"), targets=("PRK",)),
            event("b", "2023-02-01", initiators=("PRK",))]  # fmt: skip
    picture = timeline.timeline(rows, lanes="actor")
    lanes = picture.figure["layout"]["yaxis"]["ticktext"]
    assert lanes == ["South Korea (1)", "United States (1)", "North Korea (1)"]
    assert sorted(ids_drawn(picture)) == ["a", "a", "b"]
    assert ids_listed(picture) == ["a", "b"]


def test_marks_of_one_lane_do_not_cover_one_another():
    for years in ((2022, 2024), (2006, 2026)):
        picture = timeline.timeline(record.events(years=years), years)
        placed = list(marks(picture).values())
        assert len(set(placed)) == len(placed)
        assert picture.figure["layout"]["height"] <= 720


def test_marks_stay_inside_their_lane():
    picture = timeline.timeline(EVENTS)
    borders = [0.0, *(s["y0"] for s in picture.figure["layout"]["shapes"] if s["y0"] == s["y1"])]
    lanes = dict(zip(picture.figure["layout"]["yaxis"]["ticktext"],
                     itertools.pairwise(borders), strict=True))  # fmt: skip
    labels = {label.rpartition(" (")[0]: ends for label, ends in lanes.items()}
    for trace in picture.figure["data"]:
        if "customdata" in trace:
            top, floor = labels[trace["name"]]
            assert all(top < y < floor for y in trace["y"])


def test_the_article_s_events_wear_a_ring_and_the_article_a_line():
    rows = [event("a", "2023-10-01", in_article="explicit"), event("b", "2023-12-01"),
            event("c", "2023-11-20", in_article="implied")]  # fmt: skip
    picture = timeline.timeline(rows)
    rings = [t for t in picture.figure["data"] if t["marker"]["symbol"] == "circle-open"]
    assert [t["x"] for t in rings if t["x"] != [None]] == [["2023-11-20"], ["2023-10-01"]]
    assert [t["name"] for t in rings if t["x"] == [None]] == [
        "Implied by the article", "Named in the article",
    ]  # fmt: skip
    assert picture.figure["layout"]["annotations"][0]["x"] == "2023-11-12"


def test_the_axis_covers_the_years_asked_for_with_or_without_events():
    picture = timeline.timeline(record.events(years=(2010, 2012)), (2010, 2012))
    start, end = picture.figure["layout"]["xaxis"]["range"]
    assert start < "2010-01-01" < "2012-12-31" < end


def test_the_sentence_counts():
    rows = [event("a", "2020-01-02", "nuclear"), event("b", "2021-02-03", in_article="explicit"),
            event("c", "2021-03-04", in_article="implied")]  # fmt: skip
    assert timeline.timeline(rows).summary == (
        "3 events from 2 January 2020 to 4 March 2021; largest category: exercises (2); busiest"
        " year: 2021 (2); the article names 1 of them and implies 1."
    )


def test_the_sentence_names_no_winner_where_there_is_none():
    rows = [event("a", "2020-01-02"), event("b", "2021-02-03", "nuclear")]
    assert timeline.summary(rows) == (
        "2 events from 2 January 2020 to 3 February 2021; the article names 0 of them and"
        " implies 0."
    )


def test_one_event_and_none():
    one = timeline.timeline([event("a", "2020-01-02")])
    assert one.summary == "1 event, on 2 January 2020: A."
    none = timeline.timeline([])
    assert none.summary == timeline.NOTHING
    assert none.rows == ()
    json.dumps(none.figure)


def test_unknown_lanes_are_refused():
    with pytest.raises(ValueError, match="Known: category, actor"):
        timeline.timeline([], lanes="place")


def test_a_title_cannot_become_markup():
    picture = timeline.timeline([event("a", "2020-01-02", title="<a href='x'>A & B</a>")])
    (told,) = picture.figure["data"][0]["hovertext"]
    assert "&lt;a href='x'&gt;A &amp; B&lt;/a&gt;" in told


# --- two scales ------------------------------------------------------------------------------


def coded(name, cameo, goldstein, plover, score, date="2023-01-01"):
    return event(name, date, cameo=cameo, goldstein=goldstein, plover=plover, plover_score=score,
                 goldstein_imputed=False, contexts=())  # fmt: skip


SIGNING = ("057", 8.0, "SUPPORT", 5.0)
SHARING = ("064", 7.0, "COOPERATE", 9.5)
LAUNCH = ("150", -7.2, "MOBILIZE", -6.5)


def test_signing_and_sharing_are_ranked_the_other_way_round():
    rows = [coded("a", *SIGNING), coded("b", *SIGNING), coded("c", *SHARING), coded("d", *LAUNCH)]
    found = scales.compare(rows)
    assert (found.events, found.alike, found.reverse) == (4, 3, 2)
    ((first),) = found.reversals
    assert (first.upper.cameo, first.lower.cameo, first.pairs) == ("057", "064", 2)
    assert {scales.kind(e).cameo: found.often(scales.kind(e)) for e in rows} == {
        "057": True, "064": True, "150": False,
    }  # fmt: skip


@TOUGH
@given(st.lists(st.sampled_from([SIGNING, SHARING, LAUNCH, ("042", 1.9, "CONSULT", 4.0),
                                 ("0312", 5.2, "AGREE", 2.5)]), max_size=8))  # fmt: skip
def test_pairs_are_counted_as_by_looking_at_each(kinds):
    rows = [coded(f"e{i}", *kind) for i, kind in enumerate(kinds)]
    found = scales.compare(rows)
    signs = [(a["goldstein"] - b["goldstein"]) * (a["plover_score"] - b["plover_score"])
             for a, b in itertools.combinations(rows, 2)]  # fmt: skip
    assert found.alike == sum(sign > 0 for sign in signs)
    assert found.reverse == sum(sign < 0 for sign in signs)
    for row in rows:
        with_others = sum(
            (row["goldstein"] - b["goldstein"]) * (row["plover_score"] - b["plover_score"]) < 0
            for b in rows
        )
        assert found.reversed_with.get(scales.kind(row), 0) == with_others


def test_every_scored_event_stands_on_both_scales_with_its_values():
    picture = scales.scales(EVENTS)
    shown = {axis: {} for axis in ("y", "y2")}
    for trace in picture.figure["data"]:
        keys = trace.get("customdata", ())
        shown[trace["yaxis"]] |= dict(zip(keys, trace["y"], strict=False))
    scored = scales.scored(EVENTS)
    assert 100 < len(scored) < len(EVENTS)
    assert shown["y"] == {e["event_id"]: e["goldstein"] for e in scored}
    assert shown["y2"] == {e["event_id"]: e["plover_score"] for e in scored}
    assert sorted(ids_listed(picture)) == sorted(shown["y"])
    assert f"({len(EVENTS) - len(scored)} without a value are left out)" in picture.summary
    json.dumps(picture.figure)


def test_the_list_begins_where_the_scales_disagree_most():
    counts = [int(row[6]) for row in scales.scales(EVENTS).rows]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 0


def test_what_is_ringed_is_what_disagrees_often():
    rows = [coded("a", *SIGNING), coded("c", *SHARING), coded("d", *LAUNCH)]
    rings = [t for t in scales.scales(rows).figure["data"]
             if t["marker"]["symbol"] == "circle-open"]  # fmt: skip
    assert [t["y"] for t in rings] == [[8.0, 7.0], [5.0, 9.5]]
    calm = scales.scales([coded("a", *SIGNING), coded("d", *LAUNCH)])
    assert all(t["marker"]["symbol"] != "circle-open" for t in calm.figure["data"])
    assert "none of them the other way round" in calm.summary


def test_no_coded_event_is_said_so():
    assert scales.scales([]).summary == scales.NOTHING
    assert scales.scales([]).rows == ()


# --- standing, obligations, network ------------------------------------------------------------


CHANGES = tables.records("agreement_status")


def agreement(name):
    return next(row for row in AGREEMENTS if row["agreement_id"] == name)


def test_a_suspension_counts_from_its_first_day():
    row = agreement("cma-2018")
    end = standing.ends(row, CHANGES)
    assert end == dt.date(2023, 11, 22) < row["status_asof"]
    days = [dt.date(2018, 10, 1), dt.date(2020, 1, 1), dt.date(2023, 11, 22)]
    assert [standing.state(row, d, end) for d in days] == ["before", "stands", "paused"]


def test_what_is_replaced_is_over_and_what_stands_has_no_end():
    row = agreement("us-japan-security-treaty-1951")
    end = standing.ends(row, CHANGES)
    assert standing.state(row, dt.date(1960, 6, 23), end) == "over"
    assert standing.ends(agreement("gsomia-2016"), CHANGES) is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"actor": "Russia"}, {"npt-1968", "prk-rus-csp-2024"}),
        ({"text": "gsomia"}, {"gsomia-2016"}),
        ({"years": 1955, "actor": "Japan"}, {"us-japan-security-treaty-1951"}),
    ],
)
def test_agreements_are_filtered_where_it_makes_sense(given, kept):
    found = standing.filter_agreements(AGREEMENTS, record.filters(**given))
    assert {row["agreement_id"] for row in found} == kept


def test_every_obligation_and_force_has_its_column_and_sign():
    fields = {f.name: f.enum for f in tables.describe("obligations").fields}
    assert set(fields["obligation"]) == set(obligations.LABELS)
    assert set(fields["force"]) == set(obligations.FORCES)
    families = [name for family in network.FAMILIES for name in family.obligations]
    assert sorted(families) == sorted(obligations.LABELS)


def test_the_matrix_has_a_mark_for_each_coded_obligation():
    picture = obligations.obligations(AGREEMENTS, CODED)
    names = list(obligations.LABELS)
    ticks = picture.figure["layout"]["yaxis"]
    labels = dict(zip(ticks["tickvals"], ticks["ticktext"], strict=True))
    drawn = sorted(
        (key, names[x]) for t in picture.figure["data"] if "customdata" in t
        for key, x in zip(t["customdata"], t["x"], strict=True)
    )  # fmt: skip
    assert drawn == sorted((row["agreement_id"], row["obligation"]) for row in CODED)
    for trace in picture.figure["data"]:
        for key, y in zip(trace.get("customdata", ()), trace["y"], strict=False):
            assert agreement(key)["short_name"].replace("&", "&amp;") in labels[y]
    assert sorted(ids_listed(picture)) == sorted(a["agreement_id"] for a in AGREEMENTS)
    json.dumps(picture.figure)


def test_marks_of_what_has_fallen_are_open():
    picture = obligations.obligations(AGREEMENTS, CODED)
    for trace in picture.figure["data"]:
        for key in trace.get("customdata", ()):
            fallen = agreement(key)["status"] in standing.FALLEN
            assert trace["marker"]["symbol"].endswith("-open") == fallen


def test_the_network_shows_who_is_bound_on_the_last_day_of_a_year():
    def held(year):
        return {row[-1] for row in network.network(AGREEMENTS, CODED, year).rows}

    assert held(1953) == {"korean-armistice-1953", "us-japan-security-treaty-1951"}
    assert "us-japan-security-treaty-1951" not in held(1960)
    assert "missile-warning-mechanism-2023" in held(2023) - held(2022)
    picture = network.network(AGREEMENTS, CODED, 1950)
    assert picture.rows == ()
    assert picture.summary.startswith("No agreement that matches these filters stands")


@pytest.mark.parametrize("year", [2016, 2022, 2023])
def test_only_what_is_suspended_or_void_is_dashed(year):
    picture = network.network(AGREEMENTS, CODED, year)
    dashes = {t["line"]["dash"] for t in picture.figure["data"]
              if t["mode"] == "lines" and t["x"] != [None]}  # fmt: skip
    assert dashes == {"solid", "dash"}
    paused = {row[-1]: row[4] for row in picture.rows if row[4] != "stands"}
    expected = {"rok-dprk-denuclearization-1992": "declared void by one side since 2003-05-12"}
    if year == 2023:
        expected["cma-2018"] = "suspended since 2023-11-22"
    assert paused == expected


def test_places_never_move_and_one_obligation_can_be_looked_at():
    def nodes(picture):
        return picture.figure["data"][-1]

    early, late = (network.network(AGREEMENTS, CODED, year) for year in (1960, 2024))
    assert nodes(early) == nodes(late)
    assert set(network.PLACES) == set(CODES)
    some = network.network(AGREEMENTS, CODED, 2024, "share-information")
    expected = {r["agreement_id"] for r in CODED if r["obligation"] == "share-information"}
    assert set(ids_listed(some)) <= expected
    assert "gsomia-2016" in ids_listed(some)


# --- launches and sources ----------------------------------------------------------------------


def flight(**published):
    empty = {f"{what}_{who}_published": None
             for what in ("range", "apogee") for who in launches.REPORTERS}  # fmt: skip
    return {**FLIGHTS[2], **empty, **published}


@pytest.mark.parametrize(
    ("published", "middle", "low", "high", "salvo", "differ"),
    [
        ({"range_jcs_published": "800"}, 800, 800, 800, False, False),
        ({"range_jcs_published": "400", "range_mod_published": "500"}, 450, 400, 500, False, True),
        ({"range_jcs_published": "1000+", "range_kcna_published": "1001.2"},
         1000.6, 1000, 1001.2, False, False),
        ({"range_jcs_published": "420; 270"}, 345, 270, 420, True, False),
        ({"range_jcs_published": "110-670", "range_mod_published": "<400"},
         395, 110, 670, True, False),
    ],
)  # fmt: skip
def test_what_reporters_published_becomes_a_middle_with_whiskers(
    published, middle, low, high, salvo, differ
):
    found = launches.reported(flight(**published), "range")
    assert (found.middle, found.low, found.high) == pytest.approx((middle, low, high))
    assert (found.salvo, found.differ) == (salvo, differ)


def test_launches_are_drawn_inside_their_whiskers_and_all_listed():
    picture = launches.launches(FLIGHTS)
    assert ids_listed(picture) == [row["flight_id"] for row in FLIGHTS]
    drawn = ids_drawn(picture)
    assert len(set(drawn)) == len(drawn) > 70
    for trace in picture.figure["data"]:
        for axis in ("error_x", "error_y") if "customdata" in trace else ():
            assert min([*trace[axis]["array"], *trace[axis]["arrayminus"]]) >= 0
    classes = next(f.enum for f in tables.describe("flights").fields if f.name == "class")
    assert set(classes or {row["class"] for row in FLIGHTS}) <= set(launches.CLASSES)
    json.dumps(picture.figure)


def test_launches_follow_years_and_words():
    found = launches.filter_launches(FLIGHTS, record.filters(years=2023, text="hwasong-18"))
    assert [row["date"].year for row in found] == [2023] * 3
    assert launches.launches([]).summary == launches.NOTHING


def test_sources_are_those_behind_the_events():
    found = record.events("space-launch")
    keys = {e["event_id"] for e in found}
    cited = {r["source_id"] for r in tables.records("citations") if r["event_id"] in keys}
    picture = sources.sources(found)
    assert sum(int(row[2]) for row in picture.rows) == len(cited)
    assert picture.summary.startswith(f"{len(cited)} sources by {len(picture.rows)} publishers")
    one = sources.sources(found, ("newspaper",))
    assert 0 < sum(int(row[2]) for row in one.rows) < len(cited)
    assert all("Newspapers" in row[1] for row in one.rows)


def test_counts_by_kind_are_counts_of_events():
    counts = sources.kind_counts(EVENTS)
    assert set(counts) == set(record.KINDS)
    assert {kind: len(record.events(kinds=kind)) for kind in counts} == counts


# --- agreements ------------------------------------------------------------------------------


def test_each_agreement_is_listed_once_and_drawn():
    picture = agreements.agreements(AGREEMENTS)
    names = sorted(a["agreement_id"] for a in AGREEMENTS)
    assert sorted(ids_listed(picture)) == names
    assert sorted(set(ids_drawn(picture))) == names
    json.dumps(picture.figure)


def test_labels_name_each_agreement_below_its_parties():
    ticks = agreements.agreements(AGREEMENTS).figure["layout"]["yaxis"]["ticktext"]
    assert len(ticks) == len(AGREEMENTS) + 7
    assert ticks[:2] == ["<b>United States, South Korea, Japan</b>", "TISA (2014)"]
    assert ticks.index("GSOMIA (2016)") > ticks.index("<b>Japan and South Korea</b>")


def test_bars_run_from_signature_to_the_last_check_across_both_scales():
    picture = agreements.agreements(AGREEMENTS)
    spans = {}
    for trace in picture.figure["data"]:
        if trace["type"] == "bar":
            for key, base, length in zip(
                trace["customdata"], trace["base"], trace["x"], strict=True
            ):
                start = dt.date.fromisoformat(base)
                end = start + dt.timedelta(milliseconds=length)
                spans.setdefault(key, []).append((start, end))
    for row in AGREEMENTS:
        ends = [end for span in spans.get(row["agreement_id"], ()) for end in span]
        if row["signed_or_announced"] < row["status_asof"]:
            assert (min(ends), max(ends)) == (row["signed_or_announced"], row["status_asof"])
            assert sum((b - a for a, b in spans[row["agreement_id"]]), dt.timedelta()) == (
                row["status_asof"] - row["signed_or_announced"]
            )
        else:
            assert ends == []


def test_each_agreement_has_one_mark_where_it_was_signed():
    picture = agreements.agreements(AGREEMENTS)
    symbols = {force.symbol for force in agreements.FORCES.values()}
    starts = [
        (key, x)
        for trace in picture.figure["data"]
        if trace["type"] == "scatter" and trace["marker"]["symbol"] in symbols
        for key, x in zip(trace["customdata"], trace["x"], strict=True)
    ]
    assert sorted(starts) == sorted(
        (a["agreement_id"], a["signed_or_announced"].isoformat()) for a in AGREEMENTS
    )


def test_the_agreements_sentence_counts():
    summary = agreements.agreements(AGREEMENTS).summary
    force = [a["legally_binding"] for a in AGREEMENTS]
    assert f"{force.count('yes')} legally binding, {force.count('no')} not" in summary
    assert f"{sum(a['status'] not in agreements.STANDS for a in AGREEMENTS)} ended" in summary
    assert agreements.summary([]) == "There are no agreements."


def test_every_status_either_stands_or_has_ended():
    column = next(f for f in tables.describe("agreements").fields if f.name == "status")
    assert set(column.enum) - set(agreements.STANDS) == {*standing.FALLEN}


# --- cards and text ----------------------------------------------------------------------------


@pytest.mark.parametrize("key", [row["event_id"] for row in EVENTS[::10]])
def test_an_event_s_card_says_what_the_table_says(key):
    row = next(e for e in EVENTS if e["event_id"] == key)
    shown = cards.card(key)
    assert (shown.title, shown.summary) == (row["title"], row["summary"])
    cited = {c["source_id"] for c in tables.records("citations") if c["event_id"] == key}
    assert len(shown.sources) == len(cited) > 0


def test_every_row_of_the_record_has_a_card_with_sources_and_safe_links():
    for key in tables.evidence():
        shown = cards.card(key)
        assert shown.sources
        assert all(s.url.startswith(("https://", "http://")) for s in shown.sources)
        assert all(cards.card(to).id == to for _, _, to in shown.links)


def test_a_source_without_a_web_address_has_no_link():
    row = {**tables.records("sources")[0], "url": "javascript:alert(1)"}
    assert cards._source(row, ()).url == ""


def test_an_agreement_s_card_leads_to_its_events_and_back():
    shown = cards.card("gsomia-2016")
    assert dict(shown.facts)["Legally binding"] == "Yes"
    events = [to for label, _, to in shown.links if label == "Event"]
    assert [e["event_id"] for e in EVENTS if e["agreement_id"] == "gsomia-2016"] == events
    assert ("Agreement", shown.title, "gsomia-2016") in cards.card(events[0]).links


def test_an_unknown_card_names_the_nearest():
    with pytest.raises(ValueError, match="Did you mean 'gsomia-2016'"):
        cards.card("gsomia-2015")


def test_text_holds_what_the_pictures_and_cards_hold():
    text = timeline.timeline_text(category="exercise")
    found = record.events("exercise")
    assert all(e["title"] in text and e["event_id"] in text for e in found)
    assert text.splitlines()[1] == timeline.summary(found)
    assert all(a["short_name"] in agreements.agreements_text() for a in AGREEMENTS)
    card = cards.card_text("2023-08-18-camp-david-summit")
    assert "In the article: Implied, paragraph 4" in card
    assert "https://" in card


def test_an_event_s_card_tells_how_it_is_coded_and_since_when_it_was_known():
    facts = dict(cards.card("2019-08-22-rok-gsomia-termination-notice").facts)
    assert facts["CAMEO"] == "1214 Reject intelligence cooperation; Goldstein value -4 (imputed)"
    assert facts["PLOVER"].startswith("REJECT, mode assist; score ")
    assert facts["Known on"] == "22 August 2019"
    assert {"Contexts", "Coding", "Coding note"} <= facts.keys()
    for row in EVENTS:
        assert ("CAMEO" in dict(cards.card(row["event_id"]).facts)) == bool(row["cameo"])


def test_a_launch_has_a_card_with_every_published_figure_and_its_pages():
    row = next(r for r in FLIGHTS if r["range_jcs_published"] and r["apogee_kcna_published"])
    shown = cards.card(row["flight_id"])
    facts = dict(shown.facts)
    assert f"{row['range_jcs_published']} (JCS" in facts["Range in km"]
    assert row["apogee_kcna_published"] in facts["Apogee in km"]
    assert len(shown.sources) == len(row["page_ids"]) > 0
    assert all(s.url.startswith(("https://", "http://")) for s in shown.sources)


@pytest.mark.parametrize(
    "text",
    [
        lambda: scales.scales_text(years=2023),
        lambda: obligations.obligations_text(actor="JPN"),
        lambda: network.network_text(2023, actor="JPN"),
        lambda: launches.launches_text(years=2023),
        lambda: sources.sources_text(years=2023),
    ],
)
def test_every_picture_has_a_twin_in_text(text):
    title, summary, blank, header, *rows = text().splitlines()
    assert title
    assert summary.endswith(".")
    assert blank == ""
    assert header
    assert rows
