"""The scenario graph: what depends on what, the path taken, and where everything stands."""

from __future__ import annotations

import itertools

import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

import kit
from kit import engine, scenario
from kit.plots.paths import graph, paths_figure, places
from kit.scenario import Choice
from kit.session import Session

MOVES = ("spring", "summer", "end")


@pytest.fixture(scope="module")
def play():
    return tiny.parsed()


@pytest.fixture(scope="module")
def shipped():
    return scenario.load("shared-warning")


def state_of(play, *values, roles=("alfa", "bravo")):
    """Return the state in which these variables, in order, are known."""
    entries = zip(play.variables, values, strict=False)
    made = tuple(engine.Entry(n, name, value) for n, (name, value) in enumerate(entries, 2))
    return engine.State(roles, 1, made, len(made) + 1)


def summer(play):
    """Return a play in the second move: not shared, so that a siren cannot be built."""
    return state_of(play, "none", "keep", "leaked", "dry")


def named(picture, name):
    """Return the words at the marks of one entry of the legend."""
    found = [t for t in picture.figure["data"] if t.get("name") == name and t["x"] != [None]]
    return [
        words.replace("<b>", "").replace("</b>", "").replace("<i>", "").replace("</i>", "").strip()
        for trace in found
        for words in trace["text"]
    ]


# --- what depends on what -----------------------------------------------------------------------


def test_every_condition_of_the_file_is_a_link(play):
    found = {(x.source, x.target, x.kind): x for x in graph.links(play)}
    for name, variable in play.variables.items():
        for rule in variable.given:
            for source in rule.when.names:
                assert rule.when in found[source, name, graph.ODDS].whens
        for option in variable.options.values() if isinstance(variable, Choice) else ():
            for source in option.when.names:
                assert option.id in found[source, name, graph.OPTION].options
    for move in play.moves.values():
        for inject in move.injects:
            for source in inject.when.names:
                assert inject.when in found[source, move.id, graph.MESSAGE].whens
    assert ("sharing", "reply", graph.OPTION) in found
    assert ("leak", "reply", graph.ODDS) in found
    assert ("leak", "summer", graph.MESSAGE) in found
    assert len(found) == len(graph.links(play))


@pytest.mark.parametrize(
    ("values", "standing"),
    [((), graph.AHEAD), (("none",), graph.UNMET), (("live",), graph.MET)],
)
def test_a_link_stands_as_its_conditions_do(play, values, standing):
    (link,) = [x for x in graph.links(play) if x.kind == graph.OPTION]
    assert graph.link_standing(play, link, state_of(play, *values).known) == standing


@pytest.mark.parametrize(
    ("known", "standings"),
    [
        ({}, "open open open"),
        ({"sharing": "none"}, "open open closed"),
        ({"sharing": "live"}, "open open open"),
        ({"sharing": "live", "reply": "accept"}, "taken left left"),
        ({"sharing": "none", "reply": "refuse"}, "left taken closed"),
    ],
)
def test_an_option_is_taken_left_closed_or_open(play, known, standings):
    reply = play.variables["reply"]
    found = [graph.option_standing(reply, value, known) for value in reply.domain]
    assert found == standings.split()


def test_an_option_without_odds_is_still_open_and_a_value_without_odds_is_not():
    text = tiny.edited(("odds: {dry: 0.6, wet: 0.4}", "odds: {dry: 1, wet: 0}"))
    changed = tiny.parsed(text)
    rain, reply = changed.variables["rain"], changed.variables["reply"]
    assert graph.option_standing(rain, "wet", {}) == graph.CLOSED
    known = {"sharing": "live", "leak": "kept"}
    assert graph.option_standing(reply, "build", known) == graph.OPEN


@pytest.mark.parametrize(("leak", "standing"), [("leaked", graph.MET), ("kept", graph.UNMET)])
def test_a_message_comes_only_on_its_condition(play, leak, standing):
    (paper,) = play.moves["summer"].injects
    state = state_of(play, "none", "keep", leak, "dry")
    assert graph.message_standing(play, paper, state, "summer") == standing
    assert graph.message_standing(play, paper, state_of(play), "summer") == graph.AHEAD


# --- where everything stands --------------------------------------------------------------------


def test_nothing_overlaps_and_every_line_ends_at_a_box(play, shipped):
    for exercise in (play, shipped):
        layout = places.layout(exercise)
        for one, other in itertools.combinations(layout.boxes.values(), 2):
            if one.column == other.column:
                assert one.bottom < other.top or other.bottom < one.top
        assert max(box.bottom for box in layout.boxes.values()) < layout.height
        for link, line in layout.lines:
            source = layout.boxes[link.source]
            assert line[0][0] in (source.left, source.right)
            assert source.top < line[0][1] < source.bottom


def test_lines_go_around_the_boxes_between(shipped):
    layout = places.layout(shipped)
    passed = 0
    for link, line in layout.lines:
        for box in layout.boxes.values():
            if box.name in (link.source, link.target, places.post(link.target)):
                continue
            for x, y in line:
                assert not (box.left < x < box.right and box.top < y < box.bottom)
            passed += box.column in range(int(line[0][0]) + 1, int(line[-1][0]))
    assert passed


def test_what_a_variable_looks_at_stands_above_it_or_to_its_left(play, shipped):
    for exercise in (play, shipped):
        boxes = places.layout(exercise).boxes
        for name, variable in exercise.variables.items():
            for parent in variable.parents:
                one, other = boxes[parent], boxes[name]
                assert (one.column, one.top) < (other.column, other.top)


def test_the_order_crosses_less_than_the_file(shipped):
    order = places.ordered(shipped)
    columns = graph.columns(shipped)
    assert {m: sorted(names) for m, names in order.items()} == {
        m: sorted(names) for m, names in columns.items()
    }
    assert places.crossings(shipped, order) < places.crossings(shipped, columns)


def test_the_same_scenario_gets_the_same_places(shipped):
    again = scenario.load("shared-warning")
    assert again is not shipped
    assert places.layout(again) == places.layout(shipped)


def test_a_variable_may_be_called_like_a_move():
    text = tiny.TEXT.replace("rain:", "summer:").replace("rain ", "summer ")
    same = tiny.parsed(text)
    assert {"summer", places.post("summer")} <= places.layout(same).boxes.keys()


# --- the figure ---------------------------------------------------------------------------------


def test_the_graph_of_a_scenario_shows_every_option_once(play):
    picture = paths_figure(play)
    assert sorted(named(picture, "Choice")) == ["Gauge", "Reply", "Sharing", "Warn"]
    assert sorted(named(picture, "Uncertainty")) == ["Flood", "Leak", "Rain"]
    total = sum(len(variable.domain) for variable in play.variables.values())
    assert len(named(picture, "Option")) == total
    assert "2 moves with 4 choices and 3 uncertainties" in picture.summary
    assert "1 option is open and 1 message comes only on a condition" in picture.summary
    assert named(picture, "Taken") == []


def test_in_play_every_option_has_one_of_four_marks(play):
    picture = paths_figure(play, summer(play))
    assert sorted(named(picture, "Taken")) == ["Dry", "Keep", "Leaked", "None"]
    assert sorted(named(picture, "Left")) == ["Break", "Daily", "Kept", "Live", "Wet"]
    assert named(picture, "Closed") == ["Build"]
    assert sorted(named(picture, "Still open")) == [
        "Accept", "Loud", "No", "Quiet", "Refuse", "Yes",
    ]  # fmt: skip
    symbols = {
        trace["marker"]["symbol"]
        for trace in picture.figure["data"]
        if trace.get("name") in ("Taken", "Left", "Closed", "Still open")
    }
    assert len(symbols) == 4  # not by color alone
    assert picture.summary == (
        "Move 2 of 2: 4 of 7 choices and uncertainties are settled, 5 other ways were left, "
        "1 is closed and 6 are still open; 2 conditions met on the path taken."
    )


def test_the_path_goes_through_what_was_taken_and_through_no_words(play):
    state = summer(play)
    picture = paths_figure(play, state)
    drawn = [trace for trace in picture.figure["data"] if trace["mode"] == "lines"]
    (path,) = [t for t in drawn if t["line"]["width"] == 4 and t["x"] != [None]]
    boxes = places.layout(play).boxes
    for name, value in state.known.items():
        assert boxes[name].rows[value] in path["y"]
    for x, y in zip(path["x"], path["y"], strict=True):
        for box in boxes.values():
            assert x is None or not (box.left < x < box.right and box.top < y < box.bottom)


def test_at_the_start_there_is_no_path(play):
    picture = paths_figure(play, state_of(play))
    assert not any(trace.get("name") == "The path" for trace in picture.figure["data"])
    assert "0 of 7" in picture.summary


def test_players_may_be_spared_what_is_ahead(play):
    shown = paths_figure(play, state_of(play), ahead=False)
    everything = paths_figure(play, state_of(play))
    assert "Reply" in named(everything, "Choice")
    assert named(shown, "Choice") == ["Sharing", "Gauge"]
    assert {row[0] for row in shown.rows} == {"Snow melts"}
    told = str(shown.figure) + shown.summary + str(shown.rows)
    for words in ("siren", "The river is low", "leak"):
        assert words in str(everything.figure) + str(everything.rows)
        assert words not in told
    over = Session(play, seed=1).state
    assert paths_figure(play, over, ahead=False) == paths_figure(play, over)


def test_what_is_ahead_is_not_told_by_what_decides_about_it(shipped):
    session = Session(shipped, ["kor"], seed=5)
    session.pass_predictions()
    session.decide("real-time")
    ahead = shipped.moves["december"].title
    told = str(paths_figure(shipped, session.state, ahead=False).figure)
    assert f"{ahead}:" not in told
    assert f"{ahead}:" in str(paths_figure(shipped, session.state).figure)


def test_full_text_and_price_are_told_on_hover_and_escaped():
    text = tiny.edited(("text: Thank them.", 'text: "Thank <b onclick=x>them</b> & go."'))
    told = str(paths_figure(tiny.parsed(text)).figure)
    assert "Thank &lt;b onclick=x&gt;them&lt;/b&gt; &amp; go." in told.replace("</b><br><b>", " ")
    assert "onclick=x>" not in told
    assert "Trade-off: You depend on them." in told
    assert "Open only if sharing is daily or live." in told


def test_the_table_tells_conditions_and_standing(play):
    rows = {row[2]: row for row in paths_figure(play, summer(play)).rows}
    reply = rows["Reply: What do you answer?"]
    assert reply[:2] == ("The river is low", "Choice of Bravo")
    assert reply[3] == "closed: Build; open: Accept, Refuse"
    assert reply[4] == (
        "Build: open only if sharing is daily or live. Odds shift if leak is leaked."
    )
    assert rows["The paper"][1:] == (
        "Message", "The paper", "came", "Comes only if leak is leaked.",
    )  # fmt: skip


def test_a_larger_size_scales_type_and_heights_alike(play):
    plain, large = paths_figure(play), paths_figure(play, size=1.5)

    def fonts(picture):
        sizes = [t["textfont"]["size"] for t in picture.figure["data"] if "textfont" in t]
        return [s for size in sizes for s in (size if isinstance(size, list) else [size])]

    assert fonts(large) == pytest.approx([1.5 * size for size in fonts(plain)], abs=0.1)
    heights = [p.figure["layout"]["height"] for p in (plain, large)]
    assert heights[1] == pytest.approx(1.5 * heights[0], rel=0.02)
    assert large.rows == plain.rows


def test_ground_and_text_are_left_to_the_page(shipped):
    layout = paths_figure(shipped).figure["layout"]
    assert not {"paper_bgcolor", "plot_bgcolor", "font"} & layout.keys()
    assert all("color" not in a["font"] for a in layout["annotations"])
    assert all("color" not in shape["line"] for shape in layout["shapes"])


def test_every_label_of_the_shipped_scenario_is_whole(shipped):
    assert "…" not in "".join(str(t.get("text")) for t in paths_figure(shipped).figure["data"]
                              ).replace("if…", "")  # fmt: skip


def test_the_graph_opens_by_name_and_follows_a_play():
    still = kit.scenario_graph("shared-warning")
    assert still.title == "What depends on what"
    assert len(still.table["rows"]) > 20
    session = kit.start("shared-warning", "kor", seed=5, save=False)
    view = kit.scenario_graph(session)
    before = view.summary
    moves, total = len(session.scenario.moves), len(session.scenario.variables)
    assert before.startswith(f"Move 1 of {moves}: 0 of {total}")
    session.pass_predictions()
    session.decide("hub")
    assert view.summary.startswith(f"Move 2 of {moves}: {len(session.state.known)} of {total}")
    assert view.figure["data"] == paths_figure(session.scenario, session.state).figure["data"]
    session.withdraw()
    assert view.summary == before


@settings(tiny.TOUGH, max_examples=60)
@given(st.data())
def test_any_play_of_any_scenario_can_be_drawn(data):
    made = tiny.built(data.draw(tiny.raws()))
    session = Session(made, made.playable, seed=data.draw(st.integers(0, 9)))
    for _ in range(data.draw(st.integers(0, 4))):
        if session.open:
            options = engine.open_options(session.open[0], session.state.known)
            chosen = data.draw(st.sampled_from([option.id for option in options]))
            session.decide(chosen, session.open[0].id)
    picture = paths_figure(made, session.state)
    counts = {n: len(named(picture, n)) for n in ("Taken", "Left", "Closed", "Still open")}
    assert sum(counts.values()) == sum(len(v.domain) for v in made.variables.values())
    assert counts["Taken"] == len(session.state.known)
    assert len(paths_figure(made).rows) == len(picture.rows)
    for choice in session.open:
        for option in engine.open_options(choice, session.state.known):
            standing = graph.option_standing(choice, option.id, session.state.known)
            assert standing == graph.OPEN
