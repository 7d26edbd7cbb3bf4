"""A whole class side by side: what is used, what is refused, what is counted; all of it safe."""

from __future__ import annotations

import json
import re

import pytest
import tiny

import kit
from kit import api, curation, debrief, engine, outcomes, scenario
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
        session = Session(api.load_scenario("shared-warning"), ["kor"], seed=seed,
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
