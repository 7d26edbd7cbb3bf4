"""A whole class side by side: what is used, what is refused, what is counted; all of it safe."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
import tiny
from test_calibration import TEXT as ASKED

import kit
from kit import curation, debrief, engine, outcomes, plays, scenario, tables
from kit.__main__ import main
from kit.errors import StoreError
from kit.session import Session

HOSTILE = "<script>alert(1)</script><img src=x onerror=f()> =1+1 {{ 7*7 }} مرحبا 🙂"


@pytest.fixture
def exercise(tmp_path, monkeypatch):
    """The small scenario as a file, with evidence of its own."""
    path = tmp_path / "tiny.yaml"
    path.write_text(tiny.TEXT, "utf-8")
    monkeypatch.setattr(curation, "known_on", lambda: tiny.KNOWN_ON)
    return path


@pytest.fixture
def folder(tmp_path):
    found = tmp_path / "class"
    found.mkdir()
    return found


def play(exercise, folder, name, *, sharing="live", seed=1, finish=True, alias=None, note=""):
    """Save a play; both deciding roles are played."""
    built = scenario.load(exercise, tiny.KNOWN_ON)
    session = Session(built, ["alfa", "bravo"], seed=seed, path=folder / f"{name}.json",
                      alias=name if alias is None else alias)  # fmt: skip
    session.decide(sharing, "sharing", note=note, confidence=70)
    while finish and session.open:
        choice = session.open[0]
        session.decide(engine.open_options(choice, session.state.known)[0].id, choice.id)
    return session


def test_plays_are_laid_side_by_side(exercise, folder):
    plays = [play(exercise, folder, "a"), play(exercise, folder, "b", seed=2),
             play(exercise, folder, "c", sharing="none", seed=3),
             play(exercise, folder, "d", sharing="none", finish=False)]  # fmt: skip
    found = debrief.class_debrief(folder, exercise)
    assert [team.name for team in found.teams] == ["a", "b", "c", "d"]
    assert [team.over for team in found.teams] == [True, True, True, False]
    assert found.refused == ()
    tally = next(t for t in found.tallies if t.choice.id == "sharing")
    assert {v.option.id: [t.name for t in v.teams] for v in tally.votes} == {
        "none": ["c", "d"], "daily": [], "live": ["a", "b"]}  # fmt: skip
    assert (tally.decided, tally.share) == (4, 0.5)
    assert tally.low < 0.5 < tally.high
    built = plays[0].scenario
    for team, session in zip(found.teams[:3], plays, strict=False):
        assert team.reached == outcomes.measures_of(built, session.state.known)
    ahead = outcomes.evaluate(built, plays[3].state.known, roles=plays[3].state.roles)
    assert found.teams[3].reached == {name: o.mean for name, o in ahead.items()}
    base = outcomes.evaluate(built, roles=built.playable)
    for spread in found.spreads:
        assert spread.base == base[spread.measure.id].mean
        assert sorted(spread.values)[1] <= spread.middle <= sorted(spread.values)[2]


def test_what_does_not_fit_is_left_out_one_by_one_with_its_reason(exercise, folder):
    play(exercise, folder, "good")
    play(exercise, folder, "other", sharing="daily", seed=9)
    whole = (folder / "good.json").read_text("utf-8")
    (folder / "copy.json").write_text(whole, "utf-8")
    (folder / "cut.json").write_text(whole[: len(whole) // 2], "utf-8")
    (folder / "edited.json").write_text(whole.replace('"live"', '"lively"', 1), "utf-8")
    (folder / "foreign.json").write_text(whole.replace('"tiny"', '"giant"', 1), "utf-8")
    (folder / "version.json").write_text(whole.replace("1.0.0", "9.9.9", 1), "utf-8")
    (folder / "changed.json").write_text(
        whole.replace('"fingerprint": "', '"fingerprint": "0', 1), "utf-8"
    )
    (folder / "array.json").write_text("[1]", "utf-8")
    (folder / "bytes.json").write_bytes(b"\xff\xfe\x00")
    (folder / "huge.json").write_bytes(b" " * 5_000_000)
    (folder / "folder.json").mkdir()
    (folder / "notes.txt").write_text("not looked at", "utf-8")
    (folder / ".hidden.json").write_text("not looked at", "utf-8")
    raw = json.loads(whole)
    early = {**raw, "log": raw["log"][:2]}
    (folder / "early.json").write_text(json.dumps(early), "utf-8")
    (folder / "empty.json").write_text(json.dumps({**raw, "log": []}), "utf-8")
    found = debrief.class_debrief(folder, exercise)
    assert [team.file for team in found.teams] == ["copy.json", "other.json"]
    reasons = {item.file: item.reason for item in found.refused}
    assert set(reasons) == {"good.json", "cut.json", "edited.json", "foreign.json", "version.json",
                            "changed.json", "array.json", "bytes.json", "huge.json",
                            "folder.json", "early.json", "empty.json"}  # fmt: skip
    assert reasons["good.json"] == "This is the same play as copy.json."
    assert reasons["early.json"] == "This is an earlier stand of copy.json."
    assert "'giant'" in reasons["foreign.json"]
    assert all(len(reason) > 15 for reason in reasons.values())
    assert [item.file for item in found.refused] == sorted(reasons)
    for file, reason in reasons.items():
        assert file in str(found)
        assert reason.split("\n")[0] in str(found)


def test_a_shared_alias_is_told_apart_by_its_file(exercise, folder):
    play(exercise, folder, "x", alias="Team")
    play(exercise, folder, "y", alias="Team", seed=5)
    play(exercise, folder, "z", alias="", seed=6)
    names = [team.name for team in debrief.class_debrief(folder, exercise).teams]
    assert names == ["Team (x)", "Team (y)", "z"]


@pytest.mark.parametrize("bad", ["missing", "empty", "useless", "file"])
def test_a_folder_without_a_play_says_so(exercise, folder, bad):
    if bad == "missing":
        folder.rmdir()
    elif bad == "useless":
        (folder / "a.json").write_text("{}", "utf-8")
    elif bad == "file":
        folder.rmdir()
        folder.write_text("", "utf-8")
    with pytest.raises(StoreError) as caught:
        debrief.class_debrief(folder, exercise)
    assert str(folder) in str(caught.value)
    assert ("a.json" in str(caught.value)) == (bad == "useless")


def test_the_exercise_is_the_one_most_plays_are_of(tmp_path, monkeypatch, root):
    monkeypatch.setenv("KIT_DATA", str(root / "data"))
    folder = tmp_path / "class"
    for seed in (1, 2):
        session = Session(plays.load_scenario("shared-warning"), ["kor"], seed=seed,
                          path=folder / f"{seed}.json")  # fmt: skip
        session.follow({})
    other = json.loads((folder / "1.json").read_text("utf-8"))
    (folder / "3.json").write_text(json.dumps({**other, "scenario": "a-foreign-one"}), "utf-8")
    found = kit.class_debrief(folder)
    assert found.scenario.id == "shared-warning"
    assert len(found.teams) == 2
    assert [item.file for item in found.refused] == ["3.json"]


def test_what_was_typed_stays_text(exercise, folder):
    play(exercise, folder, "a", alias=HOSTILE, note=HOSTILE)
    found = debrief.class_debrief(folder, exercise)
    for page in (debrief.to_html(found), found._repr_html_()):
        assert "<script" not in page
        assert "<img" not in page
        assert "{{ 7*7 }}" in page
        assert "مرحبا 🙂" in page
    assert HOSTILE in str(found)


def test_the_page_is_whole_and_loads_nothing(exercise, folder, tmp_path):
    play(exercise, folder, "a", note="Because.")
    found = debrief.class_debrief(folder, exercise)
    page = debrief.write(found, tmp_path / "out" / "page.html").read_text("utf-8")
    assert "EXERCISE ONLY" in page
    assert "Because." in page
    assert "not a forecast" in page
    assert not re.search(r"(src|href)=\"(?!#)", page)
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


# --- predictions and ratings -------------------------------------------------------------------


@pytest.fixture
def asked(exercise, monkeypatch):
    """The small scenario with predictions, and the record that settles them."""
    exercise.write_text(ASKED, "utf-8")
    days = {name: date.fromisoformat(day) for name, day in tiny.KNOWN_ON.items()}
    found = {n: tables.Evidence(n, "event", n, day, day, "", ()) for n, day in days.items()}
    monkeypatch.setattr(tables, "evidence", lambda: found)
    return exercise


def foretell(asked, folder, name, percent, *, seed=1, mode="", change_mind=""):
    """Save a whole play in which the treaty was given these percent."""
    session = Session(scenario.load(asked, tiny.KNOWN_ON), ["alfa", "bravo"], seed=seed,
                      path=folder / f"{name}.json", alias=name, mode=mode)  # fmt: skip
    session.predict("treaty", percent)
    session.predict("how-much", low=-50, high=50)
    session.pass_predictions()
    session.decide("live", "sharing", change_mind=change_mind, votes={"live": 5, "none": 2})
    session.follow({})
    assert session.over
    return session


def test_the_answers_of_a_class_are_scored_together_and_by_play(asked, folder):
    for seed, (name, percent) in enumerate([("a", 60), ("b", 70), ("c", 90)]):
        foretell(asked, folder, name, percent, seed=seed)
    found = debrief.class_debrief(folder, asked)
    assert (found.fit.n, found.fit.came, found.fit.outcomes) == (3, 3, 1)
    assert found.fit.brier == pytest.approx((0.16 + 0.09 + 0.01) / 3)
    assert (found.fit.ranges, found.fit.inside, found.same_luck) == (3, 3, False)
    assert [t.fit.brier for t in found.teams] == pytest.approx([0.16, 0.09, 0.01])
    for told in (str(found), debrief.to_html(found), found._repr_html_()):
        assert "they were settled by one outcome" in told
        assert "too few to conclude anything about skill" in told
    page = debrief.to_html(found)
    assert page.count("<circle") == 3
    assert re.findall(r"<td>(\d\d %)</td><td>yes</td>", page) == ["60 %", "70 %", "90 %"]
    seals = [f.seal[:12] for t in found.teams for f in t.forecasts]
    assert all(page.count(seal) == 1 for seal in seals)
    assert not any(seal in found._repr_html_() for seal in seals)
    assert "  a: 1 scored, Brier score 0.16; 1 of 1 ranges held" in str(found)
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_a_play_with_a_changed_prediction_is_left_out_with_the_reason(asked, folder):
    foretell(asked, folder, "honest", 60)
    foretell(asked, folder, "edited", 60, seed=2)
    path = folder / "edited.json"
    text = path.read_text("utf-8")
    path.write_text(re.sub(r'("name": ?"treaty", ?"value": ?)"60"', r'\1"99"', text), "utf-8")
    assert path.read_text("utf-8") != text
    found = debrief.class_debrief(folder, asked)
    assert [team.name for team in found.teams] == ["honest"]
    (refused,) = found.refused
    assert refused.file == "edited.json"
    assert "'treaty' does not fit its seal" in refused.reason
    assert found.fit.n == 1


def test_an_answer_that_two_futures_share_counts_once(asked, folder):
    session = foretell(asked, folder, "a", 60)
    second = session.fork("sharing", folder / "0.json")
    second.decide("none", "sharing")
    second.follow({})
    found = debrief.class_debrief(folder, asked)
    assert len(found.teams) == 2
    assert (found.fit.n, found.fit.ranges, found.same_luck) == (1, 1, True)
    assert "Some plays share a seed" in debrief.to_html(found)


def test_ratings_stand_side_by_side_and_are_never_averaged(asked, folder):
    one, other = foretell(asked, folder, "a", 60), foretell(asked, folder, "b", 70, seed=2)
    foretell(asked, folder, "c", 70, seed=3)
    one.rate("o1", "P")
    one.rate("o1", "U", "Nobody spoke.")
    other.rate("o1", "P")
    found = debrief.class_debrief(folder, asked)
    assert [{k: e.value for k, e in t.ratings.items()} for t in found.teams] == [
        {"o1": "U"}, {"o1": "P"}, {}]  # fmt: skip
    page = debrief.to_html(found)
    row = re.search(r"Weigh speed against trust\.</th>(.*?)</tr>", page)[1]
    cells = [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<td>(.*?)</td>", row)]
    assert cells == ["b", "nobody", "nobody", "aNobody spoke.", "c"]
    part = page.split('id="ratings"')[1].split("<h2 id")[0]
    assert not re.search(r"\d", re.sub("<[^>]+>", "", part)), "a rating became a number"


def test_what_would_change_minds_and_how_the_room_voted_stand_side_by_side(asked, folder):
    foretell(asked, folder, "a", 60, mode="room", change_mind="A dry year.")
    foretell(asked, folder, "b", 70, seed=2, change_mind=HOSTILE)
    page = debrief.to_html(debrief.class_debrief(folder, asked))
    assert "A dry year." in page
    assert "<script" not in page
    assert "<img" not in page
    assert "5 for <bdi>Connect the gauge.</bdi>" in page
    assert "a room that votes, one operator" in page


def test_evidence_that_no_team_cited_is_named(exercise, folder):
    def cite(name, seed, *evidence):
        built = scenario.load(exercise, tiny.KNOWN_ON)
        session = Session(built, ["alfa", "bravo"], seed=seed, path=folder / f"{name}.json")
        session.decide("daily", "sharing", note=name, evidence=evidence)
        return session

    cite("a", 1)
    found = debrief.class_debrief(folder, exercise)
    assert found.unused == ("1999-flood",)
    part = debrief.to_html(found).split('id="evidence"')[1].split("<h2 id")[0]
    assert "1999-flood" in part
    cite("b", 1, "1999-flood").withdraw()
    assert debrief.class_debrief(folder, exercise).unused == ("1999-flood",)
    cite("c", 1, "1999-flood")
    found = debrief.class_debrief(folder, exercise)
    assert found.unused == ()
    assert "Every piece of evidence" in debrief.to_html(found)


def test_a_class_without_predictions_says_so(exercise, folder):
    play(exercise, folder, "a")
    found = debrief.class_debrief(folder, exercise)
    assert "No play holds a prediction." in debrief.to_html(found)
    assert "No prediction can be scored yet." in str(found)


def test_the_command_prints_or_writes(exercise, folder, tmp_path, capsys):
    play(exercise, folder, "a")
    asked = ["debrief", str(folder), "--scenario", str(exercise)]
    assert main(asked) == 0
    assert "1 plays, 1 of them over" in capsys.readouterr().out
    assert main([*asked, "--out", str(tmp_path / "page.html")]) == 0
    assert (tmp_path / "page.html").is_file()
    assert main([*asked, "--out", str(exercise / "page.html")]) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert main(["debrief", str(tmp_path / "nowhere")]) == 1
