"""The band chart: drawing, sentence and table agree, and color is never the only sign."""

from __future__ import annotations

import json
from dataclasses import replace

import plotly.graph_objects as go
import pytest
from tiny import edited, parsed

from kit import outcomes, text
from kit.plots.bands import bands, summary

PLAYED = ("alfa", "bravo")
LIVE = {"sharing": "live", "gauge": "keep", "reply": "accept", "warn": "loud"}


@pytest.fixture(scope="module")
def scenario():
    return parsed()


@pytest.fixture(scope="module")
def base(scenario):
    return outcomes.evaluate(scenario, roles=PLAYED)


@pytest.fixture(scope="module")
def live(scenario):
    return outcomes.evaluate(scenario, roles=PLAYED, plan=LIVE)


@pytest.fixture(scope="module")
def lines(scenario, live, base):
    """Outcomes by the name of their line, in the order of the table."""
    past = outcomes.evaluate(
        scenario, roles=PLAYED, plan={**scenario.base_case, "reply": "accept"}
    )
    return {"Mine": live, "Past": past, "Base case": base}


@pytest.fixture(scope="module")
def picture(scenario, lines):
    return bands(scenario, lines["Mine"], lines["Base case"], "Mine", {"Past": lines["Past"]})


def of_line(picture, name):
    return [trace for trace in picture.figure["data"] if trace["name"] == name]


def test_plotly_accepts_the_figure(picture):
    figure = go.Figure(picture.figure)  # refuses unknown names and values of the wrong kind
    assert len(figure.data) == 3 * 3 * 2  # band, range and mean of three lines and two measures
    json.dumps(picture.figure, allow_nan=False)


def test_what_is_plotted_is_what_was_computed(scenario, picture, lines):
    for name, results in lines.items():
        traces = iter(of_line(picture, name))
        for measure in scenario.measures:
            found = results[measure]
            assert next(traces)["x"] == [found.low, found.high]
            assert next(traces)["x"] == [found.p10, found.p90]
            assert next(traces)["x"] == [found.mean]


def test_each_line_of_a_measure_has_a_height_of_its_own_inside_its_axes(scenario, picture, lines):
    layout = picture.figure["layout"]
    for number in range(1, len(scenario.measures) + 1):
        axis = "" if number == 1 else str(number)
        drawn = [t for t in picture.figure["data"] if t["xaxis"] == f"x{axis}"]
        heights = {t["name"]: set(t["y"]) for t in drawn}
        assert heights.keys() == lines.keys()
        assert len(set.union(*heights.values())) == len(lines)
        assert {t["yaxis"] for t in drawn} == {f"y{axis}"}
        for trace in drawn:
            for which, values in (("x", trace["x"]), ("y", trace["y"])):
                low, high = layout[f"{which}axis{axis}"]["range"]
                assert low < min(values) <= max(values) < high


def test_the_rows_of_the_chart_do_not_overlap(scenario, picture):
    layout = picture.figure["layout"]
    names = ["yaxis" if n == 0 else f"yaxis{n + 1}" for n in range(len(scenario.measures))]
    ends = [edge for name in reversed(names) for edge in layout[name]["domain"]]
    assert ends == sorted(ends)
    assert ends[0] >= 0
    assert ends[-1] <= 1


def test_color_is_never_the_only_sign(picture, lines):
    symbols, dashes, colors = [], [], []
    for name in lines:
        thin, _, mark = of_line(picture, name)[:3]
        symbols.append(mark["marker"]["symbol"])
        dashes.append(thin["line"]["dash"])
        colors.append(mark["marker"]["color"])
    for signs in (symbols, dashes, colors):
        assert len(set(signs)) == len(lines)


def test_the_legend_names_each_line_once(picture, lines):
    shown = [trace["name"] for trace in picture.figure["data"] if trace["showlegend"]]
    assert sorted(shown) == sorted(lines)


def test_the_chart_has_no_colors_of_its_own_for_text_and_background(picture):
    layout = picture.figure["layout"]
    assert not {"template", "paper_bgcolor", "plot_bgcolor", "font"} & layout.keys()


def test_the_heading_of_a_row_says_unit_and_which_way_is_better(picture):
    told = [note["text"] for note in picture.figure["layout"]["annotations"]]
    assert len(told) == 2
    assert all(part in told[0] for part in ("Trust", "points", "higher is better"))
    assert all(part in told[1] for part in ("Delay", "(h", "lower is better"))


def test_the_table_has_a_row_for_each_measure_and_line(scenario, picture, lines):
    rows = iter(picture.rows)
    assert len(picture.rows) == len(scenario.measures) * len(lines)
    for name, measure in scenario.measures.items():
        for line, results in lines.items():
            found = results[name]
            row = dict(zip(picture.columns, next(rows), strict=True))
            assert measure.label in row["Measure"]
            assert measure.unit in row["Measure"]
            assert row["Line"] == line
            assert row["Mean"] == text.number(found.mean)
            assert row["10 to 90 %"] == f"{text.number(found.p10)} to {text.number(found.p90)}"
            ends = f"{text.number(found.low)} to {text.number(found.high)}"
            assert row["If assumptions differ"] == ends
            assert row["Better"] == {"high": "higher", "low": "lower"}[measure.better]
    table = picture.table
    assert table["columns"] == list(picture.columns)
    assert table["rows"] == [list(row) for row in picture.rows]


def moved(scenario, base, **by):
    """Return the base case with some means moved."""
    return {n: replace(o, mean=o.mean + by.get(n, 0)) for n, o in base.items()}


@pytest.mark.parametrize(
    ("by", "better", "worse"),
    [
        ({"trust": 3, "delay": 2}, "Trust (+3 points)", "Delay (+2 h)"),
        ({"trust": -3, "delay": -2}, "Delay (−2 h)", "Trust (−3 points)"),
        ({"trust": 3}, "Trust (+3 points)", ""),
        ({"delay": 2}, "", "Delay (+2 h)"),
        ({"trust": 3, "delay": -2}, "Delay (−2 h)", ""),
    ],
)
def test_the_sentence_names_what_is_better_and_what_is_worse(scenario, base, by, better, worse):
    sentence = summary(scenario, moved(scenario, base, **by), base)
    first, _, second = sentence.partition("worse")
    assert better in first
    assert worse in second
    assert ("better" in first) == bool(better)
    assert ("worse" in sentence) == bool(worse)
    assert sentence.endswith(".")


def test_the_sentence_says_when_nothing_moves(scenario, base):
    for sentence in (
        summary(scenario, base, base),
        summary(scenario, moved(scenario, base, trust=0.04), base),
    ):
        assert "base case" in sentence
        assert "better" not in sentence
        assert "worse" not in sentence


def test_the_sentence_names_the_largest_moves_first():
    """Among many measures the two largest in either direction are named, not all of them."""
    many = edited(
        (
            "  delay: {label: Delay",
            "  calm: {label: Calm, unit: points, better: high, start: 0, description: Made up.}\n"
            "  noise: {label: Noise, unit: points, better: low, start: 0, description: Made up.}\n"
            "  delay: {label: Delay",
        ),
    )
    scenario = parsed(many)
    base = outcomes.evaluate(scenario, roles=PLAYED)
    now = moved(scenario, base, trust=9, calm=0.2, noise=-5, delay=-60)
    sentence = summary(scenario, now, base)
    assert sentence.index("Delay") < sentence.index("Noise")
    assert "Calm" not in sentence


def test_a_measure_that_cannot_vary_is_drawn_all_the_same(scenario):
    """At the end of a play every band is a point; an axis still has some width."""
    known = {**scenario.base_case, "leak": "kept", "rain": "dry", "flood": "no"}
    now = outcomes.evaluate(scenario, known, roles=PLAYED)
    picture = bands(scenario, now, now)
    for name in ("xaxis", "xaxis2"):
        low, high = picture.figure["layout"][name]["range"]
        assert high - low > 1
