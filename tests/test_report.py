"""The after-action report: what it derives from a log, and that nobody's text can break it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from mistune import create_markdown

from kit import engine, outcomes, report, text
from kit import scenario as scenarios
from kit.errors import DecisionError
from kit.log import Event
from kit.report.parts import Band
from kit.report.strips import lines, scale, strip
from kit.session import Session

HEADINGS = [
    "Exercise overview",
    "Objectives and ratings",
    "Timeline",
    "Decisions and rationale",
    "Predictions and calibration",
    "Outcomes",
    "Branches not taken",
    "Assumptions and their basis",
    "Evidence",
    "Strengths",
    "Areas for improvement",
    "Improvement plan",
    "Hot wash questions",
    "How this was computed",
]
CITED = "2023-12-19-warning-mechanism-activated"
OFFERED = "2023-04-26-washington-declaration"
BEHIND = "2023-08-18-camp-david-summit"
HOSTILE = "</p><script>alert(1)</script> <img src=x onerror=f()> \"a\" & 'b' {{ 7*7 }} {% x %}"

TINY = """
schema: 2
id: tiny
version: 1.2.3
title: Two steps
summary: A small exercise.
as_of: 2024-01-01
minutes: 20
level: basic
objectives:
  - {id: o1, bloom: evaluate, text: Weigh speed against cost., criteria: [Names a cost.]}
  - {id: o2, bloom: apply, text: Say what is known., criteria: [Separates fact and guess.]}
roles:
  ana: {name: Ana, brief: PRIVATE BRIEF, office: An office}
  bo: {name: Bo, brief: PRIVATE BRIEF}
  red: {name: Red, brief: PRIVATE BRIEF, cell: red}
measures:
  trust: {label: Trust, unit: points, better: high, start: 10, description: How much trust.}
  cost: {label: Cost, unit: points, better: low, start: 5, description: How much it costs.}
assumptions:
  gain: {text: Sharing builds trust., low: 2, base: 4, high: 9, unit: points, basis: assumed,
         evidence: [BEHIND], dissent: It may not.}
  storm: {text: A storm costs., low: 1, base: 3, high: 4, unit: points, basis: assumed}
uncertainties:
  weather:
    question: How is the weather?
    resolves: second
    values: {calm: Calm air., storm: A storm.}
    odds: {calm: 0.6, storm: 0.4}
    given: [{when: {link: fast}, odds: {calm: 0.25, storm: 0.75}}]
    basis: assumed
    why: A guess.
    dissent: Others guess better.
  press:
    question: What does the press say?
    resolves: end
    values: {kind: Kind words., harsh: Harsh words.}
    odds: {kind: 0.5, harsh: 0.5}
    basis: assumed
    why: A coin.
moves:
  - id: first
    title: The first move
    as_of: 2024-01-01
    minutes: 10
    situation: It begins.
    injects:
      - {id: i1, minute: 0, from: Desk, to: [ana], channel: cable, text: Read this.,
         evidence: [CITED, OFFERED], objective: o1, expected_action: Ask for the cost.}
      - {id: i2, minute: 1, from: Elsewhere, to: [bo], channel: cable, text: Not for Ana.,
         objective: o2, expected_action: SECRET ACTION}
    choices:
      link:
        role: ana
        question: Which link?
        basis: assumed
        why: Habit.
        options:
          slow: {text: Slow link., tradeoff: Late., odds: 0.5}
          fast: {text: Fast link., tradeoff: Dear., odds: 0.3, history: true}
          none: {text: No link., tradeoff: Blind., odds: 0.2}
  - id: second
    title: The second move
    as_of: 2024-02-01
    minutes: 10
    situation: It goes on.
    choices:
      reply:
        role: bo
        question: What does Bo reply?
        basis: assumed
        why: Manners.
        options:
          thanks: {text: Thanks., tradeoff: Cheap., odds: 0.7}
          silence: {text: Silence., tradeoff: Rude., odds: 0.3}
      follow:
        role: ana
        question: What follows?
        basis: assumed
        why: Duty.
        options:
          rest: {text: Rest., tradeoff: Idle., odds: 0.5}
          drill: {text: Drill., tradeoff: Tiring., odds: 0.5, when: {link: [slow, fast]}}
effects:
  - {when: {link: fast}, change: {trust: gain, cost: 2}, why: A fast link is used daily.}
  - {when: {weather: storm}, change: {cost: storm}, why: Storms break things.}
  - {when: {follow: drill, weather: calm}, change: {trust: gain}, why: Drills in calm air help.}
  - {when: {reply: silence}, change: {trust: -1}, why: Silence hurts.}
base_case: {link: slow, reply: thanks, follow: rest}
hot_wash: ["What would you do again?", "What surprised you?"]
"""


@pytest.fixture(scope="module")
def tiny():
    names = {"CITED": CITED, "OFFERED": OFFERED, "BEHIND": BEHIND}
    source = re.sub("|".join(f"(?<!-){name}" for name in names), lambda m: names[m[0]], TINY)
    return scenarios.parse(source, "tiny.yaml")


def play(tiny, *steps, **more):
    """Return a session in which Ana has taken the given (option, further arguments)."""
    session = Session(tiny, ("ana",), seed=3, **more)
    for option, arguments in steps:
        session.decide(option, **arguments)
    return session


def of(session, **more):
    return report.build(session.scenario, session.log, **more)


@pytest.fixture(scope="module")
def finished(tiny):
    told = {"note": "Speed first.", "confidence": 70, "evidence": [CITED]}
    return play(tiny, ("fast", told), ("drill", {}), alias="Team One")


class Page(HTMLParser):
    """Collects what a page is made of; complains about tags that do not nest."""

    VOID = frozenset({"meta", "br", "img", "link", "input", "hr"})

    def __init__(self, source):
        super().__init__()
        self.tags, self.stack, self.words, self.headings = [], [], [], []
        self.feed(source)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.stack.append(tag)
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append([int(tag[1]), ""])

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag

    def handle_data(self, data):
        if "style" in self.stack:
            return
        self.words.append(data)
        if self.stack and any(tag in self.stack for tag in ("h1", "h2", "h3")):
            self.headings[-1][1] += data

    def named(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


# --- what the report holds ---------------------------------------------------------------


def test_decisions_carry_what_was_thought_and_the_odds_as_they_were(finished):
    first, second = of(finished).decisions
    assert (first.move, first.role, first.question) == ("The first move", "Ana", "Which link?")
    assert (first.text, first.tradeoff) == ("Fast link.", "Dear.")
    assert (first.note, first.confidence) == ("Speed first.", 70)
    assert (first.odds, first.followed, first.history) == (0.3, True, "Fast link.")
    (evidence,) = first.evidence
    assert (evidence.id, evidence.date) == (CITED, "2023-12-19")
    assert evidence.title
    assert all(source.title and source.url for source in evidence.sources)
    assert evidence.sources
    assert (second.note, second.confidence, second.evidence) == ("", None, ())
    assert (second.followed, second.history) == (False, "")


def test_odds_of_chance_are_those_given_what_was_known_just_before(finished):
    weather, reply, press = of(finished).chance
    assert weather.name == "weather"
    plain, after_fast = {"calm": 0.6, "storm": 0.4}, {"calm": 0.25, "storm": 0.75}
    assert weather.odds == after_fast[weather.value] != plain[weather.value]
    assert [odds for _, odds in weather.others] == [1 - weather.odds]
    assert (weather.who, weather.basis.dissent) == ("Chance", "Others guess better.")
    assert (reply.who, reply.move) == ("Bo", "The second move")
    assert press.move == "The end"


def test_odds_leave_out_what_was_closed(tiny):
    built = of(play(tiny, ("none", {}), ("rest", {})))
    follow = built.decisions[1]
    assert follow.odds == 1.0
    (drill,) = follow.branches
    assert (drill.option, drill.open, drill.odds, drill.gaps) == ("drill", False, 0.0, ())


def test_a_withdrawn_decision_keeps_the_odds_of_its_own_past(tiny):
    session = play(tiny, ("none", {}), ("rest", {}))
    session.withdraw()
    session.withdraw()
    session.decide("fast")
    assert {d.option: d.odds for d in of(session).withdrawn} == {"none": 0.2, "rest": 1.0}


def test_outcomes_are_those_of_the_decisions_alone_beside_the_base_case(tiny, finished):
    built = of(finished)
    decided = {"link": "fast", "follow": "drill"}
    mine = outcomes.evaluate(tiny, decided, roles=("ana",))
    base = outcomes.evaluate(tiny, {}, roles=("ana",))
    assert [r.id for r in built.results] == ["trust", "cost"]
    for result in built.results:
        for band, outcome in ((result.mine, mine[result.id]), (result.base, base[result.id])):
            assert band == Band(outcome.mean, outcome.p10, outcome.p90, outcome.low, outcome.high)
        assert result.gap.mean == pytest.approx(mine[result.id].mean - base[result.id].mean)
    trust, cost = built.results
    # By hand: fast brings 4, a drill 4 in a quarter of the courses, silence −1 in 30 %.
    assert (trust.mine.mean, trust.base.mean) == pytest.approx((14.7, 9.7))
    assert (trust.gap.low, trust.gap.high) == pytest.approx((2.5, 11.25))
    assert (cost.mine.mean, cost.base.mean) == pytest.approx((9.25, 6.2))
    assert (trust.gap.direction, cost.gap.direction) == ("better", "worse")


def test_the_causes_of_a_difference_add_up_to_it(finished):
    for result in of(finished).results:
        total = sum(cause.gap.mean for cause in result.causes) + result.rest.mean
        assert total == pytest.approx(result.gap.mean)
    trust, cost = of(finished).results
    assert [c.why for c in trust.causes] == [
        "A fast link is used daily.",
        "Drills in calm air help.",
    ]
    first = trust.causes[0]
    assert (first.before, first.after) == (0.0, 1.0)
    assert (first.gap.mean, first.gap.low, first.gap.high) == (4, 2, 9)
    assert (first.assumption.id, first.assumption.low, first.assumption.high) == ("gain", 2, 9)
    assert [cause.assumption and cause.assumption.id for cause in cost.causes] == [None, "storm"]


def test_this_play_is_the_sum_of_its_effects_and_only_there_at_the_end(tiny, finished):
    known = finished.state.known
    ends = [outcomes.measures_of(tiny, known, which) for which in ("base", "low", "high")]
    for result in of(finished).results:
        assert result.own == tuple(end[result.id] for end in ends)
    assert {r.own for r in of(play(tiny, ("fast", {}))).results} == {None}


def test_a_branch_changes_one_decision_and_keeps_the_others(tiny, finished):
    slow, none = of(finished).decisions[0].branches
    assert (slow.option, slow.odds, none.option, none.odds) == ("slow", 0.5, "none", 0.2)
    plan = {"follow": "drill"}
    worlds = [
        outcomes.evaluate(tiny, {"link": link}, roles=("ana",), plan=plan)["trust"].mean
        for link in ("fast", "slow", "none")
    ]
    gaps = [next(g.mean for g in b.gaps if g.label == "Trust") for b in (slow, none)]
    assert gaps == pytest.approx([worlds[1] - worlds[0], worlds[2] - worlds[0]])


def test_evidence_is_told_apart_by_who_named_it(finished):
    built = of(finished)
    assert [c.id for c in built.cited] == [CITED]
    assert [c.id for c in built.uncited] == [OFFERED]
    assert [c.id for c in built.others] == [BEHIND]
    labels = [c.label for c in (*built.cited, *built.uncited, *built.others)]
    assert labels == ["E1", "E2", "E3"]


def test_evidence_that_the_record_no_longer_holds_keeps_its_name(tiny):
    log = [
        Event(1, "start", roles=("ana",), seed=1),
        Event(2, "decide", "link", "slow", evidence=("<b>gone</b>",)),
    ]
    built = report.build(tiny, log)
    (gone,) = built.cited
    assert (gone.title, gone.date, gone.sources) == ("<b>gone</b>", "", ())
    assert "<b>gone" not in report.to_html(built)


def test_withdrawn_decisions_are_kept_apart_and_count_in_nothing(tiny, finished):
    session = play(tiny, ("slow", {"note": "First thought."}))
    session.withdraw()
    session.decide("fast", note="Speed first.", confidence=70, evidence=[CITED])
    session.decide("drill")
    built = of(session)
    (back,) = built.withdrawn
    withdrawal = next(event for event in session.log if event.kind == "withdraw")
    assert (back.option, back.note, back.branches) == ("slow", "First thought.", ())
    assert back.withdrawn == withdrawal.seq
    assert [d.option for d in built.decisions] == ["fast", "drill"]
    assert built.results == of(finished).results
    rows = [row for stage in built.stages for row in stage.happenings]
    assert [row.seq for row in rows] == [event.seq for event in session.log]
    assert {row.withdrawn for row in rows if row.seq in range(2, withdrawal.seq)} == {
        withdrawal.seq
    }
    page = Page(report.to_html(built)).text
    assert "Withdrawn decisions" in page
    assert "First thought." in page
    assert "First thought." in report.to_markdown(built)


def test_objectives_name_what_the_played_roles_were_expected_to_do(finished):
    first, second = of(finished).objectives
    assert first.expected == (("Desk", "Ask for the cost."),)
    assert second.expected == ()
    page = report.to_html(of(finished))
    assert "SECRET ACTION" not in page
    assert "PRIVATE BRIEF" not in page


def test_assumptions_that_cancel_out_are_told_apart(tiny):
    built = of(play(tiny, ("slow", {})))
    assert {(a.id, a.differs) for a in built.assumptions} == {("storm", False)}
    built = of(play(tiny, ("fast", {})))
    assert {(a.id, a.differs) for a in built.assumptions} == {("gain", True), ("storm", True)}


def test_the_same_log_gives_the_same_report_after_a_round_trip(finished):
    told = json.loads(json.dumps([event.to_json() for event in finished.log]))
    again = report.build(finished.scenario, [Event.from_json(raw) for raw in told], alias="X")
    first = of(finished, alias="X", state=finished.state)
    assert again == first
    assert report.to_html(again) == report.to_html(first)
    assert again.origin.state == finished.hash
    assert (again.origin.seed, again.origin.version) == (3, "1.2.3")
    assert again.origin.fingerprint == finished.scenario.fingerprint


def test_a_log_that_leads_elsewhere_is_refused(tiny, finished):
    with pytest.raises(DecisionError, match="does not lead"):
        report.build(tiny, finished.log[:2], state=finished.state)
    with pytest.raises(DecisionError, match="cannot be decided now"):
        report.build(
            tiny,
            [Event(1, "start", roles=("ana",), seed=1), Event(2, "decide", "follow", "rest")],
        )


@pytest.mark.parametrize("name", scenarios.names())
def test_every_shipped_exercise_makes_a_report(name):
    exercise = scenarios.load(name)
    session = Session(exercise, exercise.playable, seed=7)
    while not session.over:
        for asked in session.unpredicted:
            said = {"low": -5, "high": 5} if asked.asks_range else {"probability": 40}
            session.predict(asked.id, **said)
        choice = session.open[0]
        option = engine.open_options(choice, session.state.known)[-1]
        session.decide(option.id, choice.id, evidence=choice.evidence[:1])
    built = of(session)
    assert built.over
    assert built.decided == built.decisions_total == len(built.decisions)
    assert all(c.sources for c in (*built.cited, *built.uncited, *built.others))
    every = [p.id for move in exercise.moves.values() for p in move.predictions]
    assert [p.id for p in built.predictions] == every
    assert all(p.points is not None for p in built.predictions)
    for result in built.results:
        total = sum(cause.gap.mean for cause in result.causes) + result.rest.mean
        assert total == pytest.approx(result.gap.mean, abs=1e-6)
    page = Page(report.to_html(built))
    assert [words for level, words in page.headings if level == 2] == HEADINGS
    assert re.findall("^## (.*)$", report.to_markdown(built), re.MULTILINE) == HEADINGS


# --- the page ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plays(tiny, finished):
    noted = play(tiny, ("fast", {}))
    noted.note(HOSTILE)
    return {
        "empty log": report.build(tiny, []),
        "nothing decided": of(play(tiny)),
        "under way": of(noted),
        "finished": of(finished, alias="Team One"),
        "nobody plays": of(Session(tiny, (), seed=1)),
    }


KINDS = ["empty log", "nothing decided", "under way", "finished", "nobody plays"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_has_all_headings_in_order_and_skips_no_level(plays, kind):
    page = Page(report.to_html(plays[kind]))
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert [name for level, name in page.headings if level == 2] == HEADINGS


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing(plays, kind):
    source = report.to_html(plays[kind])
    page = Page(source)
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
    ids = {attributes["id"] for _, attributes in page.tags if attributes.get("id")}
    for tag, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes)
        assert not {"src", "srcset", "poster", "background", "xlink:href"} & set(attributes)
        if href := attributes.get("href"):
            assert tag == "a"
            assert href[1:] in ids if href.startswith("#") else href.startswith("http")
    assert "url(" not in source
    assert "@import" not in source
    policy = next(m for m in page.named("meta") if m.get("http-equiv"))
    assert policy["content"].startswith("default-src 'none'; style-src 'unsafe-inline'")


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_accessible_where_a_parser_can_tell(plays, kind):
    page = Page(report.to_html(plays[kind]))
    assert page.named("html")[0]["lang"] == "en"
    assert all(cell["scope"] in {"col", "row", "rowgroup"} for cell in page.named("th"))
    ids = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    charts = [a for a in page.named("svg") if a.get("class") == "strip"]
    assert len(charts) == 2
    assert {a["role"] for a in charts} == {"img"}
    assert page.text.count("EXERCISE ONLY") >= 2
    assert text.MODEL_MARK in page.text


def test_every_chart_says_in_words_what_it_shows(finished):
    for result in of(finished).results:
        drawn = Page(strip(result))
        title = "".join(drawn.words)
        assert result.sentence in title
        assert [name for _, name in lines(result)] == [
            "Your decisions",
            "Base case",
            "This play",
        ]
        places = [float(v) for v in re.findall(r' x[12]?="([\d.]+)%"', strip(result))]
        assert all(0 <= place <= 100 for place in places)


@pytest.mark.parametrize("value", [0.0, -3.2, 1e6, 0.04])
def test_an_axis_has_room_even_around_one_value(value):
    low, high, step = scale([("mine", Band(value, value, value, value, value))])
    assert low <= value <= high
    assert high > low
    assert step > 0


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("empty log", "The log is empty."),
        ("empty log", "no time recorded"),
        ("nothing decided", "No decision stands yet."),
        ("nothing decided", "0 of 2 decisions of the played roles are taken"),
        ("nothing decided", "No decision cited evidence."),
        ("nothing decided", "Options appear here once one of them has been decided on."),
        ("under way", "No rationale was written."),
        ("under way", "Where this play itself ends is shown once the exercise is over."),
        ("nobody plays", "Nobody: every choice followed its odds"),
        ("finished", "one course out of many"),
    ],
)
def test_an_empty_part_says_why_and_what_to_do(plays, kind, sentence):
    assert sentence in Page(report.to_html(plays[kind])).text
    assert sentence in " ".join(report.to_markdown(plays[kind]).split())


def test_ratings_and_plans_are_left_to_people(finished):
    page = Page(report.to_html(of(finished)))
    boxes = [a for a in page.named("span") if a.get("class") == "box"]
    assert len(boxes) == 4 * 2
    markdown = report.to_markdown(of(finished))
    assert markdown.count("| P | S | M | U |\n|---|---|---|---|\n|   |   |   |   |") == 2
    assert "| Action | Owner | Due date |" in markdown


# --- nobody's text breaks it ---------------------------------------------------------------


@pytest.mark.parametrize("words", [HOSTILE, "<!--", "]]>", "</title></style></svg>", "&lt;b&gt;"])
def test_typed_text_reads_as_typed_and_never_becomes_structure(tiny, words):
    plain = Page(report.to_html(of(play(tiny, ("fast", {"note": "x"})), alias="x")))
    session = play(tiny, ("fast", {"note": words}))
    page = Page(report.to_html(of(session, alias=words)))
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in plain.tags]
    assert page.text.count(" ".join(words.split())) == 2


def test_an_authors_text_is_escaped_too(tiny):
    label = "<b>Trust</b>"
    measures = {**tiny.measures, "trust": replace(tiny.measures["trust"], label=label)}
    page = report.to_html(of(play(replace(tiny, measures=measures, title="<i>T</i>"))))
    assert label not in page
    assert "<i>T" not in page
    assert label in Page(page).text


def test_other_scripts_emoji_and_damaged_text_survive(tiny, tmp_path):
    greeting = "\u05e9\u05dc\u05d5\u05dd"
    words = f"{greeting} 🚀 한국어 日本語 \u202eturned \ud800 \x00 \x1b[31m"
    built = of(play(tiny, ("fast", {"note": words})))
    path = report.write(built, tmp_path / "aar.html")
    source = path.read_text("utf-8")
    assert f"{greeting} 🚀 한국어 日本語" in source
    assert not re.search("[\x00\x1b\ud800]", source)
    (quote,) = [a for a in Page(source).named("blockquote")]
    assert quote["dir"] == "auto"
    markdown = report.write(built, tmp_path / "aar.md").read_text("utf-8")
    assert "\u202e" not in markdown
    assert f"\u2068{greeting}" in markdown


MARKDOWN = [
    HOSTILE,
    "# Heading",
    "- item\n- item\n\n1. one",
    "1. one",
    "---",
    "===",
    "> quote\n```\ncode\n```",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "*bold* _it_ `code` ~~gone~~ $x$ \\ [link](http://x.y) ![i](http://x.y)",
    "[ref]: http://x.y",
    "a\n\n## Improvement plan\n\nb",
    "<details><summary>x</summary>",
    "    indented",
    "+ plus",
    "12) twelve",
]


@pytest.mark.parametrize("words", MARKDOWN)
def test_typed_text_cannot_break_the_markdown(tiny, words):
    render = create_markdown(escape=False, plugins=["table", "strikethrough", "math"])

    def page(note):
        session = play(tiny, ("fast", {"note": note}))
        session.note(note)
        return Page(render(report.to_markdown(of(session, alias=note))))

    plain, found = page("x"), page(words)
    assert [tag for tag, _ in found.tags] == [tag for tag, _ in plain.tags]
    assert found.text.count(" ".join(words.split())) >= 3


@pytest.mark.parametrize("kind", KINDS)
def test_the_markdown_has_the_same_headings(plays, kind):
    markdown = report.to_markdown(plays[kind])
    assert re.findall("^## (.*)$", markdown, re.MULTILINE) == HEADINGS
    for block in re.findall(r"(?:^\|.*\|\n)+", markdown, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(widths) == 1


def test_both_forms_tell_the_same_numbers(finished):
    built = of(finished)
    page, markdown = Page(report.to_html(built)).text, report.to_markdown(built)
    for result in built.results:
        assert result.sentence in page
        assert result.sentence in markdown
    for told in (page, markdown):
        assert engine.state_hash(finished.scenario, finished.state) in told
        assert built.origin.method in told


# --- saving ------------------------------------------------------------------------------


def test_writing_makes_the_folder_and_returns_the_file(finished, tmp_path):
    built = of(finished)
    path = report.write(built, tmp_path / "new" / "aar.html")
    assert path.read_text("utf-8") == report.to_html(built)
    assert report.write(built, str(tmp_path / "AAR.MD")).read_text("utf-8").startswith("# After")


def test_another_kind_of_file_is_refused_before_anything_is_written(finished, tmp_path):
    with pytest.raises(ValueError, match=r"\.html or \.md"):
        report.write(of(finished), tmp_path / "aar.docx")
    assert list(tmp_path.iterdir()) == []
