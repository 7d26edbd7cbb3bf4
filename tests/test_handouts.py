"""The papers of an exercise: complete, apart, safe to print, and written with care."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
import tiny
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit import handouts, plays, scenario, tables
from kit.__main__ import main
from kit.errors import ExportError
from kit.handouts.schedule import plan

GUIDE = "facilitator/facilitator-guide.html"
HOSTILE = "</p><script>alert(1)</script><img src=x onerror=f()> {{ 7*7 }} {% x %}"


class Page(HTMLParser):
    """What a browser would see of a page: its words, tags, ids and links."""

    def __init__(self, page):
        super().__init__()
        self.words, self.tags, self.ids, self.links, self.open = [], [], [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.append(tag)
        self.open.append(tag)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if "href" in found else []

    def handle_endtag(self, tag):
        self.open.pop()

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def flagship(root):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIT_DATA", str(root / "data"))
        exercise = plays.load_scenario("shared-warning")
        yield exercise, handouts.build(exercise)


def text(page):
    return Page(page).text


def plain(words):
    return " ".join(words.split())


def test_every_role_has_its_own_brief_and_no_other(flagship):
    exercise, papers = flagship
    briefs = {n: text(p) for n, p in papers.items() if "/brief-" in n}
    assert {n.split("brief-")[1][:-5] for n in briefs} == set(exercise.roles)
    for name, page in briefs.items():
        held = [r.id for r in exercise.roles.values() if plain(r.brief) in page]
        assert held == [name.split("brief-")[1][:-5]]
    assert {n for n in briefs if n.startswith("players/")} == {
        f"players/brief-{role}.html" for role in exercise.playable
    }


def test_players_papers_tell_nothing_of_what_comes_later(flagship):
    exercise, papers = flagship
    moves = list(exercise.moves.values())
    later = [m.situation for m in moves[1:]]
    secrets = [*later, *(i.text for m in moves for i in m.injects),
               *(o.text for c in exercise.choices.values() for o in c.options.values()),
               *(label for u in exercise.uncertainties.values() for label in u.values.values()),
               *(i.expected_action for m in moves for i in m.injects)]  # fmt: skip
    for name, page in papers.items():
        if name.startswith("players/"):
            shown = text(page)
            assert [secret for secret in secrets if plain(secret) in shown] == []
            assert "what governments did" not in shown
    manual = text(papers["players/situation-manual.html"])
    assert plain(moves[0].situation) in manual
    assert all(plain(m.description) in manual for m in exercise.measures.values())
    assert all(plain(o.text) in manual for o in exercise.objectives.values())


def test_the_facilitator_guide_is_complete(flagship):
    exercise, papers = flagship
    guide = text(papers[GUIDE])
    for move in exercise.moves.values():
        assert plain(move.situation) in guide
        assert all(plain(i.expected_action) in guide for i in move.injects)
    for choice in exercise.choices.values():
        assert plain(choice.question) in guide
        assert all(plain(o.tradeoff) in guide for o in choice.options.values())
    assert all(plain(effect.why) in guide for effect in exercise.effects)
    assert all(plain(a.text) in guide for a in exercise.assumptions.values())
    assert all(plain(u.why) in guide for u in exercise.uncertainties.values())
    assert all(plain(c) in guide for o in exercise.objectives.values() for c in o.criteria)
    assert all(plain(question) in guide for question in exercise.hot_wash)
    taken = re.findall(r'<span class="tag">([^<]*)', papers[GUIDE])
    assert taken == ["what governments did"] * len(exercise.history)


@pytest.mark.parametrize("name", scenario.names())
def test_the_guide_carries_the_talk_after_the_play(name, root, monkeypatch):
    monkeypatch.setenv("KIT_DATA", str(root / "data"))
    exercise = plays.load_scenario(name)
    papers = handouts.build(exercise)
    guide = text(papers[GUIDE])
    sources = {row["source_id"]: row for row in tables.records("sources")}
    record = tables.evidence()
    assert exercise.debrief
    assert exercise.misconceptions
    assert exercise.further_reading
    assert all(plain(point) in guide for point in exercise.debrief)
    for item in exercise.misconceptions:
        assert plain(item.belief) in guide
        assert plain(item.answer) in guide
        assert all(plain(record[e].title) in guide and e in guide for e in item.evidence)
    for item in exercise.further_reading:
        row = sources[item.source]
        for shown in (row["title"], row["publisher"], str(row["published"] or ""), item.why):
            assert plain(shown) in guide
        assert not row["url"] or f'href="{html.escape(row["url"])}"' in papers[GUIDE]
    observers = [r for r in exercise.roles.values() if r.cell == "observer"]
    assert all(plain(role.brief) in guide for role in observers)
    told = [*exercise.debrief, *(m.answer for m in exercise.misconceptions),
            *(r.brief for r in observers)]  # fmt: skip
    for path, page in papers.items():
        if path.startswith("players/"):
            assert [words for words in told if plain(words) in text(page)] == []


def test_what_an_exercise_lacks_leaves_no_empty_part_in_the_guide():
    guide = handouts.build(tiny.parsed())[GUIDE]
    for heading in ("Debrief", "Likely misconceptions", "Briefs of the observers", "Further"):
        assert heading not in text(guide)


def test_a_source_the_record_has_lost_keeps_its_name(monkeypatch):
    values = tiny.raw()
    values["further_reading"] = [{"source": "a-lost-source", "why": "It told <b>all</b>."}]
    guide = handouts.build(tiny.built(values))[GUIDE]
    assert "a-lost-source" in text(guide)
    assert "<b>all" not in guide


def test_move_sheets_hold_every_inject_and_cards_every_playable_option(flagship):
    exercise, papers = flagship
    sheets = text(papers["facilitator/move-sheets.html"])
    injects = [i for m in exercise.moves.values() for i in m.injects]
    assert all(plain(i.text) in sheets for i in injects)
    assert sheets.count("EXERCISE ONLY") == len(injects) + 2
    cards = text(papers["facilitator/option-cards.html"])
    options = [o for c in exercise.choices.values() if c.role in exercise.playable
               for o in c.options.values()]  # fmt: skip
    assert all(plain(o.text) in cards and plain(o.tradeoff) in cards for o in options)
    assert cards.count("We would change our mind if") == len(options)


def test_every_page_is_whole_and_loads_nothing(flagship):
    for name, page in flagship[1].items():
        seen = Page(page)
        assert not {"script", "img", "iframe", "link"} & set(seen.tags), name
        assert len(seen.ids) == len(set(seen.ids)), name
        inside = {link[1:] for link in seen.links if link.startswith("#")}
        assert inside <= set(seen.ids), name
        outside = [link for link in seen.links if not link.startswith("#")]
        assert all(link.startswith(("https://", "http://")) for link in outside)
        assert not outside or name == GUIDE, "only the further reading leads out"
        assert seen.tags.count("h1") == 1
        assert "EXERCISE ONLY" in seen.text
        assert "not a forecast" in seen.text
        assert 'lang="en"' in page


def test_what_an_author_wrote_cannot_become_structure():
    values = tiny.raw()
    values["title"] = values["summary"] = HOSTILE
    for role in values["roles"].values():
        role["name"] = role["brief"] = HOSTILE
    for move in values["moves"]:
        move["situation"] = HOSTILE
        for inject in move["injects"]:
            inject["text"] = inject["from"] = inject["expected_action"] = HOSTILE
        for choice in move["choices"].values():
            for option in choice["options"].values():
                option["text"] = option["tradeoff"] = HOSTILE
    tags = set()
    for page in handouts.build(tiny.built(values)).values():
        seen = Page(page)
        tags |= set(seen.tags)
        assert plain(HOSTILE) in seen.text
    assert not {"script", "img"} & tags


def test_the_plan_counts_minutes_from_the_start():
    values = tiny.raw()
    values["minutes"] = sum(move["minutes"] for move in values["moves"]) + 15
    exercise = tiny.built(values)
    steps = plan(exercise)
    assert [step.clock for step in steps][:2] == ["0:00", "0:05"]
    assert steps[-1].minute == values["minutes"] - 10
    assert [s.minute for s in steps] == sorted(s.minute for s in steps)
    assert {s.inject.id for s in steps if s.inject} == {
        i.id for m in exercise.moves.values() for i in m.injects
    }
    values["minutes"] = 1
    assert plan(tiny.built(values))[0].move is not None


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_scenario_can_be_printed(data):
    exercise = tiny.built(data.draw(tiny.raws()))
    papers = handouts.build(exercise)
    assert len(papers) == 4 + len(exercise.roles)
    for page in papers.values():
        assert not re.search("{[{%]", page)


def test_papers_are_written_once_and_never_over_something(tmp_path):
    exercise = tiny.parsed()
    written = handouts.write(exercise, tmp_path / "out")
    assert sorted(written) == sorted(p for p in (tmp_path / "out").rglob("*") if p.is_file())
    kept = tmp_path / "out" / "players" / "situation-manual.html"
    kept.write_text("mine", "utf-8")
    with pytest.raises(ExportError, match=r"Nothing was written.*--force"):
        handouts.write(exercise, tmp_path / "out")
    assert kept.read_text("utf-8") == "mine"
    handouts.write(exercise, tmp_path / "out", force=True)
    assert "Situation manual" in kept.read_text("utf-8")
    blocked = tmp_path / "file"
    blocked.write_text("", "utf-8")
    with pytest.raises(ExportError, match="cannot be written"):
        handouts.write(exercise, blocked)


def test_the_command_prints_where_the_papers_are(tmp_path, capsys):
    assert main(["documents", "shared-warning", str(tmp_path / "a")]) == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 4 + len(scenario.load("shared-warning").roles)
    assert main(["documents", "shared-warning", str(tmp_path / "a")]) == 1
    assert main(["documents", "nowhere", str(tmp_path / "b")]) == 1
    assert "No scenario is called 'nowhere'" in capsys.readouterr().err
