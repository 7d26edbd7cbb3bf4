"""Proof that the shipped exercises play to the end, stay in their bounds, and know no hindsight.

The short exercise is walked in full; the others are too large for that and are played 10,000
times, each time where the plays before have not been.
"""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

import kit
from kit import documents, engine, scenario, soundness
from kit import report as reports
from kit.handouts.build import build as papers_of
from kit.log import Event
from kit.scenario import END, Choice, editions, masking
from kit.soundness import plays
from kit.soundness.case import Case
from kit.soundness.history import Band, bands, line_of
from kit.soundness.worth import ends
from kit.widgets import payload, results

SMALL = "launch-day"
PLAYS = 10_000
TAG = "outside-band"


@pytest.fixture(autouse=True, scope="module")
def shipped(root):
    """Read the checkout's own data, whatever KIT_DATA says outside."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIT_DATA", str(root / "data"))
        yield


@pytest.fixture(scope="module")
def evidence():
    return soundness.known_on()


@pytest.fixture(scope="module")
def cases(evidence):
    """Every shipped exercise with its tables, by id."""
    found = {}
    for name in scenario.names():
        path = scenario.path_of(name)
        document = documents.parse(path.read_text("utf-8"), path.name)
        found[name] = Case(document, scenario.assemble(document, evidence))
    return found


# --- the short exercise, every course of it ----------------------------------------------------


@pytest.fixture(scope="module")
def courses(cases):
    """Value codes of shape (variables, courses): every course of the short exercise."""
    support = cases[SMALL].support
    codes = np.zeros((0, 1), dtype=np.int8)
    for name in support.names:
        rows = support.rows[name]
        index = tuple(codes[support.rank[parent]] for parent in rows.parents)
        able = np.broadcast_to(rows.support[index], (codes.shape[1], rows.support.shape[-1]))
        before, value = np.nonzero(able)
        codes = np.vstack([codes[:, before], value.astype(np.int8)])
    return codes


def held(case, when, codes):
    """Return in which courses a condition holds."""
    found = np.ones(codes.shape[1], dtype=bool)
    for name, values in when.terms:
        domain = case.scenario.variables[name].domain
        wanted = np.array([value in values for value in domain])
        found &= wanted[codes[case.support.rank[name]]]
    return found


def totals(case, codes, which):
    """Return every measure at the end of every course, all assumptions at one end or at base."""
    found = {
        name: np.full(codes.shape[1], measure.start)
        for name, measure in case.scenario.measures.items()
    }
    for effect in case.scenario.effects:
        holds = held(case, effect.when, codes)
        for name, amount in effect.change.items():
            found[name] += holds * case.scenario.size(amount, which)
    return found


def test_every_course_of_the_short_exercise_is_there_once(cases, courses):
    assert courses.shape[1] == cases[SMALL].support.worlds()
    numbers = np.ravel_multi_index(courses, [*cases[SMALL].support.sizes.values()])
    assert len(np.unique(numbers)) == courses.shape[1]


def test_the_engine_follows_every_course_of_the_short_exercise_to_the_end(cases, courses):
    """Every decision and draw of the moves in all courses; the end itself from every tenth."""
    exercise, support = cases[SMALL].scenario, cases[SMALL].support
    state = engine.apply(
        exercise, engine.State(), Event(1, "start", roles=exercise.playable, seed=0)
    )
    stack, walked = [state], set()
    while stack:
        state = stack.pop()
        variable = engine.pending(exercise, state)
        if exercise.move_of(variable.id) == END:
            walked.add(tuple(state.known.values()))
            assert len(walked) % 10 or ended(exercise, state)
            continue
        if engine.is_played(state, variable):
            kind, values = "decide", [o.id for o in engine.open_options(variable, state.known)]
        else:
            odds = engine.odds(variable, state.known)
            kind, values = "draw", [value for value, chance in odds.items() if chance > 0]
        assert values, f"no play can go on at {variable.id}"
        for value in values:
            event = Event(state.seq + 1, kind, variable.id, value)
            stack.append(engine.apply(exercise, state, event))
    before = [n for n in support.names if exercise.move_of(n) != END]
    domains = [exercise.variables[name].domain for name in before]
    listed = np.unique(courses[: len(before)], axis=1)
    assert walked == {
        tuple(domain[code] for domain, code in zip(domains, column, strict=True))
        for column in listed.T
    }


def ended(exercise, state):
    """Return whether a play is over after the likeliest draws that are left to it."""
    while variable := engine.pending(exercise, state):
        odds = engine.odds(variable, state.known)
        value = max(odds, key=odds.__getitem__)
        state = engine.apply(exercise, state, Event(state.seq + 1, "draw", variable.id, value))
    return engine.current_move(exercise, state) is None


@pytest.mark.parametrize("which", ["low", "base", "high"])
def test_no_course_of_the_short_exercise_leaves_the_exact_envelope(cases, courses, which):
    case = cases[SMALL]
    for name, values in totals(case, courses, which).items():
        least, most = ends(case, name, which, which)
        assert (values.min(), values.max()) == pytest.approx((least, most), abs=1e-9)
        widest = ends(case, name, "low", "high")
        assert widest[0] - 1e-9 <= least <= most <= widest[1] + 1e-9


def test_every_inject_of_the_short_exercise_comes_in_some_course_and_not_too_early(cases, courses):
    case = cases[SMALL]
    moves = list(case.scenario.moves)
    for place, move in enumerate(case.scenario.moves.values()):
        for inject in move.injects:
            assert held(case, inject.when, courses).any(), inject.id
            for name in inject.when.names:
                variable = case.scenario.variables[name]
                known = moves.index(case.scenario.move_of(name))
                later = isinstance(variable, Choice) and known == place
                assert known <= place or later, inject.id


# --- the others, by many plays -----------------------------------------------------------------


@pytest.mark.parametrize("name", scenario.names())
def test_many_plays_take_every_option_and_see_every_inject(cases, name):
    case = cases[name]
    played = plays.play(case.scenario, case.support, PLAYS, seed=7)
    wanted = {
        ("value", choice.id, option)
        for choice in case.scenario.choices.values()
        for option in choice.options
    }
    wanted |= {("inject", i.id) for move in case.scenario.moves.values() for i in move.injects}
    assert {key for key in wanted if not played.met[key]} == set()
    assert played.replayed == plays.REPLAYS
    assert played.lines > min(500, case.support.lines() / 2)


@pytest.mark.parametrize("name", scenario.names())
def test_nothing_that_a_move_cites_became_known_after_its_day(cases, evidence, name):
    exercise = cases[name].scenario
    for move in exercise.moves.values():
        told = [*move.injects, *(exercise.choices[choice] for choice in move.choices)]
        late = {n: evidence[n] for part in told for n in part.evidence if evidence[n] > move.as_of}
        assert late == {}, move.id
    parts = [*exercise.assumptions.values(), *exercise.uncertainties.values()]
    late = {n for part in parts for n in part.evidence if evidence[n] > exercise.as_of}
    assert late == set()


# --- editions ----------------------------------------------------------------------------------


def shipped_editions():
    """Return scenario and edition of every edition file."""
    return [
        pytest.param(name, kind, id=f"{name}.{kind}")
        for name in scenario.names()
        for kind in editions.of(scenario.path_of(name))
    ]


@pytest.mark.parametrize(("name", "kind"), shipped_editions())
def test_a_shipped_edition_is_sound_and_fits_its_level(name, kind):
    found = soundness.audit(name, edition=kind)
    assert [str(finding) for finding in found.findings] == []


@pytest.mark.parametrize(("name", "kind"), shipped_editions())
def test_a_shipped_edition_plays_as_its_scenario(cases, evidence, name, kind):
    plain, other = cases[name].scenario, scenario.load(name, evidence, kind)
    assert other.fingerprint == plain.fingerprint
    log = plain.plays[-1].assign
    states = []
    for exercise in (plain, other):
        event = Event(1, "start", roles=exercise.playable, seed=0)
        state = engine.apply(exercise, engine.State(), event)
        while variable := engine.pending(exercise, state):
            value = log.get(variable.id, exercise.base_case.get(variable.id))
            how = "decide" if engine.is_played(state, variable) else "draw"
            event = Event(state.seq + 1, how, variable.id, value)
            state = engine.apply(exercise, state, event)
        states.append(state)
    assert states[0] == states[1]


# --- the line of the record --------------------------------------------------------------------


def notebook_of(root, name):
    """Return the cells of the notebook that plays an exercise."""
    played = re.compile(rf'kit\.play\(\s*"{name}"\s*\)')
    found = []
    for path in sorted((root / "notebooks").glob("[0-9]*.ipynb")):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        if any(c["cell_type"] == "code" and played.search("".join(c["source"])) for c in cells):
            found.append(cells)
    assert len(found) == 1, f"one notebook plays {name}, not {len(found)}"
    return found[0]


def told_outside(cells):
    """Return the measures that a notebook names in bold as outside of their band."""
    tagged = ["".join(c["source"]) for c in cells if TAG in c["metadata"].get("tags", [])]
    bold = re.findall(r"\*\*(.+?)\*\*", "\n".join(tagged), re.S)
    return [" ".join(words.split()) for words in bold]


@pytest.mark.parametrize("name", scenario.names())
def test_the_record_ends_in_the_band_or_the_notebook_says_where_not(cases, root, name):
    outside = [band.label for band in bands(cases[name].scenario) if band.outside]
    assert {*told_outside(notebook_of(root, name))} == {*outside}


@pytest.mark.parametrize("name", [name for name in scenario.names() if name != SMALL])
def test_an_exercise_about_the_past_has_a_line_of_the_record(cases, name):
    exercise = cases[name].scenario
    line = line_of(exercise)
    assert line is not None
    assert exercise.history.items() <= line.assign.items()


def test_an_exercise_that_never_happened_has_no_line_of_the_record(cases):
    assert line_of(cases[SMALL].scenario) is None
    assert {band.past for band in bands(cases[SMALL].scenario)} == {None}


@pytest.mark.parametrize(
    ("past", "outside"), [(2.0, False), (8.0, False), (1.9, True), (8.1, True), (None, False)]
)
def test_a_band_holds_its_ends(past, outside):
    assert Band("m", "M", "points", 5.0, 2.0, 8.0, past).outside == outside


def test_bold_words_of_tagged_cells_are_what_a_notebook_tells():
    tagged = {"metadata": {"tags": [TAG]}, "source": ["**Tension\n", "with Bravo**, not *Trust*."]}
    other = {"metadata": {}, "source": ["**Trust**"]}
    assert told_outside([tagged, other]) == ["Tension with Bravo"]


# --- behind the mask ---------------------------------------------------------------------------


def shown_texts(session):
    """Yield what a player or facilitator gets to see of a play, and what it was taken from."""
    exercise = session.scenario
    yield "start", json.dumps(payload.start_view(exercise), ensure_ascii=False)
    for stage in ("play", "over"):
        yield f"panel, {stage}", json.dumps(payload.play_view(session), ensure_ascii=False)
        yield f"graph, {stage}", json.dumps(payload.paths_view(session), ensure_ascii=False)
        session.follow(exercise.base_case)
    report = reports.build(exercise, session.log)
    yield "report", reports.to_markdown(report)
    yield "report as a page", reports.to_html(report).partition("</style>")[2]
    for name, page in papers_of(exercise).items():
        # What settles a prediction stands in the guide, for the facilitator alone.
        key = r'<span class="soft">Settled by the record.*?</span>'
        yield name, re.sub(key, "", page.partition("</style>")[2], flags=re.S)
    hot_wash = results.hot_wash_view(session)
    assert results.HIDDEN in {row["history"] for row in hot_wash["decisions"]}
    yield "hot wash", json.dumps(hot_wash, ensure_ascii=False)
    yield "review", session.review()
    yield "results", session.results()


MASKED = [found.values[0] for found in shipped_editions() if "masked" in found.values]


@pytest.mark.parametrize("name", MASKED)
def test_nothing_real_shows_through_the_mask(name):
    session = kit.start(
        name, kit.load_scenario(name).playable, seed=3, save=False, edition="masked"
    )
    assert session.scenario.masked
    names = masking.real_names()
    days = {session.scenario.as_of} | {m.as_of for m in session.scenario.moves.values()}
    found = list(shown_texts(session))
    assert len(found) > 12
    for where, text in found:
        assert "Governments' decisions" not in text, where
        told = [word for word in masking.telling(text, names) if not word.startswith("20")]
        assert told == [], where
        assert [day for day in days if day in text] == [], where
        known = re.findall(r"\b\d{4}-\d\d-\d\d-[a-z][a-z0-9-]+", text)  # ids of the record
        assert known == [], where
