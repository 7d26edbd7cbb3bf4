"""What authors start from and look up: the scaffold, the format page, the schema, drafts."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest
import tiny

import kit
from kit import curation, documents, scenario, soundness
from kit.__main__ import main
from kit.authoring import page, scaffold, source
from kit.authoring.draft import draft
from kit.authoring.scaffold import new
from kit.errors import DecisionError, ExportError, ScenarioError
from kit.scenario.structure import FORMAT, schema

MODELINE = "# yaml-language-server: $schema="


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """An empty folder to work in, and one for plays in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KIT_CAPSULES", str(tmp_path / "capsules"))
    return tmp_path


def blocks(part):
    """Yield every part of a schema that has keys."""
    if isinstance(part, dict):
        if "properties" in part and isinstance(part["properties"], dict):
            yield part
        for inner in part.values():
            yield from blocks(inner)


# --- the scaffold


def test_a_new_scenario_loads_plays_and_has_nothing_to_mend(here, capsys, monkeypatch):
    assert main(["new", "our-storm"]) == 0
    told = capsys.readouterr().out
    assert "our-storm.yaml" in told
    assert "python -m kit play our-storm.yaml" in told
    assert main(["audit", "our-storm.yaml"]) == 0
    assert "0 errors, 0 pieces of advice" in capsys.readouterr().out
    lines = iter(["mayor", "early", "Better now.", "60", "short", "", "", "quit"])
    monkeypatch.setattr("builtins.input", lambda prompt="": next(lines))
    assert main(["play", "our-storm.yaml"]) == 0
    told = capsys.readouterr().out
    assert "EXERCISE ONLY · The fair and the storm" in told
    assert (here / "capsules" / "our-storm.json").is_file()


def test_the_scaffold_shows_every_block_that_a_scenario_may_have():
    made = scenario.parse(scaffold.text("x"), "x.yaml", curation.known_on())
    assert made.plays
    assert made.hot_wash
    assert all(m.injects for m in made.moves.values())
    assert any(m.predictions for m in made.moves.values())
    assert {c.cell for c in made.roles.values()} == {"blue", "control"}
    assert any(i.when.terms for m in made.moves.values() for i in m.injects)
    assert any(o.when.terms for c in made.choices.values() for o in c.options.values())
    assert all(a.dissent for a in made.assumptions.values())
    assert all(u.dissent for u in made.uncertainties.values())
    shown = set(re.findall(r"[a-z_]+(?=:)", scaffold.text("x")))
    every = {key for block in blocks(schema()) for key in block["properties"]}
    left = {"codes", "cameo", "plover", "history", "event", "by", "at_least", "at_most",
            "country", "policy"}  # fmt: skip
    assert every - shown == left


def test_the_scaffold_cites_nothing_because_it_is_invented():
    made = scenario.parse(scaffold.text("x"), "x.yaml")
    assert not any(i.evidence for m in made.moves.values() for i in m.injects)
    assert not any(v.evidence for v in made.variables.values())
    assert not any(a.evidence for a in made.assumptions.values())
    assert not made.history
    (example,) = re.findall(r"evidence: \[(\S+)\]", scaffold.text("x"))
    assert example in curation.known_on(), "the example in the remark is a row of the record"


def test_the_advice_shown_as_silenced_is_advice_that_exists():
    (code,) = re.findall(r"#   - code: (TTX\d+)", scaffold.text("x"))
    assert soundness.CODES[code].severity == "review"


def test_editors_find_the_schema_beside_the_scaffold(here):
    written = new("a", here / "deep" / "folder")
    assert [path.name for path in written] == ["a.yaml", "scenario.schema.json"]
    first = written[0].read_text("utf-8").splitlines()[0]
    assert first == f"{MODELINE}{written[1].name}"
    assert json.loads(written[1].read_text("utf-8")) == schema()


def test_nothing_is_written_over(here, capsys):
    (here / "mine.yaml").write_text("mine", "utf-8")
    with pytest.raises(ExportError, match="already there"):
        new("mine")
    assert (here / "mine.yaml").read_text("utf-8") == "mine"
    (here / "scenario.schema.json").write_text("{}", "utf-8")
    assert main(["new", "other"]) == 0
    assert "scenario.schema.json there is of another version" in capsys.readouterr().out
    assert (here / "scenario.schema.json").read_text("utf-8") == "{}"
    (here / "link.yaml").symlink_to(here / "nowhere.yaml")
    with pytest.raises(ExportError, match="already there"):
        new("link")


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("My Storm", "For example: my-storm"),
        ("my-storm.yaml", "For example: my-storm"),
        ("../up", "For example: up"),
        ("", "start with a letter"),
        ("2001", "start with a letter"),
        ("sturm-über", "For example: sturm-ber"),
        ("x" * 61, "up to 60"),
        ("a\n", "For example: a"),
        ("shared-warning", "Choose another"),
    ],
)
def test_a_bad_name_is_refused_with_a_better_one(here, name, remedy):
    with pytest.raises(ExportError, match=re.escape(remedy)):
        new(name)
    assert [*here.iterdir()] == []


def test_a_folder_that_cannot_be_written_is_reported(here, capsys):
    (here / "file").write_text("", "utf-8")
    assert main(["new", "a", "--folder", "file"]) == 1
    assert "cannot be written" in capsys.readouterr().err


# --- a path works wherever an id works


def test_a_forgotten_suffix_is_pointed_out(here):
    new("mine")
    with pytest.raises(ScenarioError, match=r"Did you mean the file mine\.yaml\?"):
        scenario.path_of("mine")
    assert scenario.load("mine.yaml").id == "mine"
    assert scenario.load(here / "mine.yaml").id == "mine"
    (here / "mine.yaml").rename(here / "mine.YML")
    assert scenario.load("mine.YML").id == "mine"


# --- schema and page


def test_the_schema_is_sound_and_explains_every_key():
    jsonschema.Draft202012Validator.check_schema(schema())
    found = list(blocks(schema()))
    assert len(found) > 12
    for block in found:
        assert block.get("title"), [*block["properties"]]
        for key, part in block["properties"].items():
            assert part.get("description"), f"{block['title']}: {key}"
    assert all(part.get("description") for part in schema()["$defs"].values())


def test_the_scaffold_and_the_shipped_files_follow_the_schema():
    validator = jsonschema.Draft202012Validator(schema())
    texts = [scaffold.text("x"), *(scenario.read(scenario.path_of(n)) for n in scenario.names())]
    for text in texts:
        assert list(validator.iter_errors(documents.parse(text, "x.yaml").value)) == []


def test_the_shipped_files_name_the_schema_for_editors(root):
    for name in scenario.names():
        path = root / "data" / "scenarios" / f"{name}.yaml"
        first = path.read_text("utf-8").splitlines()[0]
        assert first.startswith(MODELINE), name
        target = (path.parent / first.removeprefix(MODELINE)).resolve()
        assert target == root / "kit" / "scenario" / "schema.json"


def test_the_page_is_what_the_schema_says(root):
    """After a change of schema or scaffold: python -m kit format --write."""
    stored = (root / "docs" / "scenario-format.md").read_text("utf-8")
    assert stored == page.build(), "docs/scenario-format.md is old: python -m kit format --write"


def test_every_key_is_on_the_page_with_its_words():
    text = page.build()
    for block in blocks(schema()):
        for key, part in block["properties"].items():
            words = part["description"].replace("|", r"\|")
            assert re.search(
                rf"^\| `{key}` \| [^|]+ \| (yes|no) \| {re.escape(words)}", text, re.M
            )
    for title in page.EXAMPLES:
        part = re.split(r"^## ", text.partition(f"\n## {title}\n")[2], flags=re.M)[0]
        assert "```yaml\n" in part, title
    for words in ("hindsight", "first rule", "odds of the others", "Silence", "Base case"):
        assert words.lower() in text.lower()


@pytest.mark.parametrize("title", page.EXAMPLES)
def test_every_example_is_a_part_of_the_scaffold(title):
    shown = page.example(page.EXAMPLES[title])
    assert [row.strip() for row in shown.splitlines()]
    whole = " ".join(scaffold.text(scaffold.TEMPLATE_ID).split())
    assert " ".join(shown.split()) in whole
    assert documents.parse(shown, "x.yaml").value


def test_links_of_the_page_lead_somewhere(root):
    for target in re.findall(r"\]\(([^)]+)\)", page.build()):
        assert (root / "docs" / target).is_file(), target


def test_the_command_prints_or_writes_the_page(here, capsys):
    assert main(["format"]) == 0
    assert capsys.readouterr().out == page.build()
    assert main(["format", "--write", "new/page.md"]) == 0
    assert (here / "new" / "page.md").read_text("utf-8") == page.build()
    (here / "file").write_text("", "utf-8")
    assert main(["format", "--write", "file/page.md"]) == 1
    assert "page.md is not written" in capsys.readouterr().err


def test_without_a_checkout_a_file_must_be_named(here, monkeypatch):
    monkeypatch.setattr("kit.authoring.page.PAGE", here / "absent" / "page.md")
    with pytest.raises(ExportError, match="say which file"):
        page.write()


# --- drafts, for notebooks


def test_a_draft_is_the_scaffold_and_is_kept(here):
    mine = draft("our-storm")
    assert mine.path == here / "capsules" / "drafts" / "our-storm.yaml"
    assert kit.load_scenario(mine.path).id == "our-storm"
    assert repr(mine) == f"our-storm.yaml: {len(mine.text.splitlines())} lines, in drafts/"
    assert "-    odds: {passes" in mine.change("odds: {passes: 0.8, hits: 0.2}",
                                               "odds: {passes: 0.5, hits: 0.5}")  # fmt: skip
    again = draft("our-storm")
    assert "passes: 0.5" in again.text
    said = again.change("odds: {passes: 0.8, hits: 0.2}", "odds: {passes: 0.5, hits: 0.5}")
    assert said == "our-storm.yaml already says so."


def test_lines_can_be_added_once(here):
    mine = draft("our-storm")
    told = mine.add("  - Who paid for the caution, and who would have paid for the lack of it?",
                    "  - What would you tell the teacher now?")  # fmt: skip
    assert [row for row in told.splitlines() if row.startswith(("+ ", "- "))] == [
        "+  - What would you tell the teacher now?"
    ]
    once = mine.text
    said = mine.add("  - Who paid for the caution, and who would have paid for the lack of it?",
                    "  - What would you tell the teacher now?")  # fmt: skip
    assert "already says so" in said
    assert mine.text == once
    assert len(scenario.load(mine.path).hot_wash) == 4


@pytest.mark.parametrize(
    ("old", "words"), [("basis: assumed", "Take more"), ("nowhere", "Copy it")]
)
def test_a_change_that_is_not_clear_is_refused(here, old, words):
    mine = draft("our-storm")
    before = mine.text
    with pytest.raises(DecisionError, match=words):
        mine.change(old, "basis: sourced")
    assert mine.text == before


def test_a_part_of_a_draft_is_shown_with_line_numbers(here):
    mine = draft("our-storm")
    shown = mine.show("  storm:", 3)
    line = tiny.line("  storm:", mine.text)
    assert shown.splitlines()[0] == f"{line:>4}    storm:"
    assert len(shown.splitlines()) == 3
    with pytest.raises(DecisionError, match="stands nowhere"):
        mine.show("snow")


def test_a_draft_keeps_its_line_ends(here):
    mine = draft("our-storm")
    mine.path.write_text(mine.text, "utf-8", newline="\r\n")
    mine.change("minutes: 45", "minutes: 50")
    for _ in range(2):
        said = mine.add(
            "effects:", "  - when: {tents: leave}\n    change: {trust: 1}\n    why: So."
        )
    assert "already says so" in said
    raw = mine.path.read_bytes()
    assert b"minutes: 50 " in raw
    assert raw.count(b"\r\n") == raw.count(b"\n")


def test_findings_are_the_audit_without_its_figures(here):
    mine = kit.draft("our-storm")
    assert mine.findings() == "our-storm.yaml: 0 errors, 0 pieces of advice"
    mine.change("to: [mayor]", "to: [major]")
    first, second = mine.findings().splitlines()
    assert first == "our-storm.yaml: 1 error, 0 pieces of advice"
    assert "Did you mean 'mayor'?" in second


def test_the_notebook_for_authors_can_be_run_again(root, here, capsys):
    """All cells, twice: what is changed already is not changed again, and it ends sound."""
    path = root / "notebooks" / "authors" / "30_write_a_scenario.ipynb"
    cells = json.loads(path.read_text("utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert len(sources) > 10
    texts = []
    for _ in range(2):
        names = {}
        for text in sources:
            if "kit.play(" not in text:
                exec(text, names)
        texts.append(names["mine"].text)
    assert texts[0] == texts[1]
    assert names["mine"].findings().endswith("0 errors, 0 pieces of advice")
    assert "already says so" in capsys.readouterr().out


def test_the_format_is_the_one_of_the_kit():
    assert f"schema: {FORMAT} " in scaffold.text("x")
    assert source.parse(scaffold.text("x"), "x.yaml").document().value["schema"] == FORMAT
