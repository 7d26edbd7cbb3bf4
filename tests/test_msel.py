"""The list of injects as a sheet: out, back, and in from the sheets of others."""

from __future__ import annotations

import copy
import csv
import datetime as dt
import io
import itertools
import json
import zipfile

import pytest
import tiny
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from kit import celltext, documents, scenario
from kit.__main__ import main
from kit.authoring import cells, columns, emit, msel, sheet, source, splice
from kit.authoring.fresh import fresh
from kit.errors import DataError, ExportError, ScenarioError
from kit.scenario import Scenario
from kit.scenario.build import build
from kit.scenario.structure import schema
from kit.text import EXERCISE_MARK

FORMS = ("csv", "xlsx")


def content(raw):
    """Return everything that a scenario says, to compare."""
    made = build(raw, "")
    return {name: getattr(made, name) for name in Scenario.__slots__}


def write(path, made):
    sheet.write(path, msel.title(made), msel.table(made), force=True)
    return path


def import_into(path, text, **options):
    return msel.into(sheet.read(path), source.parse(text, "tiny.yaml"), **options)


def csv_of(*rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


@pytest.fixture
def put(tmp_path):
    """Write a sheet of others as CSV and return where it is."""

    def put(*rows, name="theirs.csv"):
        path = tmp_path / name
        path.write_text(csv_of(*rows), "utf-8")
        return path

    return put


def table(path):
    """Return the cells of a sheet as a spreadsheet shows them."""
    if path.suffix == ".csv":
        return [row for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))]
    return [list(row) for row in load_workbook(path)["MSEL"].iter_rows(values_only=True)]


# --- cells


TEXTS = st.text(st.characters(codec="utf-8"), max_size=60) | st.text(
    "'=+-@\\u{}x005F_\t\n\r \"a;,|\x85\xa0", max_size=20
)


@given(TEXTS)
@example("\\u{41}")
@example("_x000D_")
@example("'=1")
@example(" ")
@settings(parent=tiny.TOUGH, max_examples=200)
def test_every_text_comes_back_from_a_cell(text):
    cell = celltext.write_text(text)
    assert celltext.read_text(cell) == text
    assert cell == cell.strip()
    assert not any(mark in cell for mark in "\0\r\x1b\ufeff")
    guarded = celltext.guard(cell)
    assert not guarded.startswith(("=", "+", "-", "@"))
    assert celltext.unguard(guarded) == cell
    assert celltext.unguard(celltext.guard_again(cell)) == cell


def test_ordinary_texts_are_written_as_they_are():
    for text in ("Two lines\nof it", "C:\\new", "a_b", '50 % more; less, "so"', "日本海 / 동해"):
        assert celltext.guard(celltext.write_text(text)) == text


@given(st.lists(TEXTS, max_size=4))
@settings(parent=tiny.TOUGH, max_examples=200)
def test_every_list_comes_back(items):
    assert cells.read_list(cells.write_list(items)) == items


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("", []),
        (" ; , ", []),
        ("Fire, Police;Mayor\nPress", ["Fire", "Police", "Mayor", "Press"]),
        ('"a;b"; c', ["a;b", "c"]),
        ('"open', ['"open']),
        ('a "quoted" one', ['a "quoted" one']),
    ],
)
def test_lists_of_others_are_read(cell, names):
    if "quoted" in cell:
        assert " ".join(cells.read_list(cell)) == cell
    else:
        assert cells.read_list(cell) == names


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,3})?", fullmatch=True),
                       st.lists(st.from_regex(r"[a-z][a-z0-9]{0,4}", fullmatch=True),
                                min_size=1, max_size=3, unique=True), max_size=3))  # fmt: skip
def test_every_condition_comes_back(raw):
    back = cells.read_condition(cells.write_condition(raw))
    assert {name: [v] if isinstance(v, str) else v for name, v in back.items()} == raw


@pytest.mark.parametrize(
    "cell", ["rain", "rain =", "= wet", "rain = wet; rain = dry", "a = b = c"]
)
def test_what_is_no_condition_is_refused(cell):
    with pytest.raises(ValueError, match=r".+"):
        cells.read_condition(cell)


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("0:05", 5),
        ("00:00", 0),
        ("101:30", 6090),
        ("01:30:00", 90),
        ("H+0:45", 45),
        ("T + 45 min", 45),
        ("15 minutes", 15),
        ("9:05 am", 545),
        ("12:00 a.m.", 0),
        ("12:30 PM", 750),
        ("0915", 555),
        ("0915h", 555),
        ("1400Z", 840),
        ("13h45", 825),
        (dt.time(9, 30), 570),
        (dt.timedelta(hours=26), 1560),
        ("2001-03-01 10:00", dt.date(2001, 3, 1).toordinal() * 1440 + 600),
        (dt.datetime(2001, 3, 1, 10), dt.date(2001, 3, 1).toordinal() * 1440 + 600),
    ],
)
def test_times_are_read(cell, minutes):
    assert cells.read_time(cell) == minutes


@pytest.mark.parametrize(
    "cell",
    ["", "soon", "9", "9.30", "0:60", "01:30:20", "13:00 pm", "2560", "approx. 09:00", "-0:05",
     dt.time(9, 30, 5), dt.timedelta(seconds=-60)],
)  # fmt: skip
def test_what_is_no_time_is_refused(cell):
    with pytest.raises(ValueError, match=r".*"):
        cells.read_time(cell)


@given(st.integers(0, 6000))
def test_every_time_comes_back(minutes):
    assert cells.read_time(cells.write_time(minutes)) == minutes


def test_times_go_on_after_midnight():
    assert cells.rolled([1430, None, 10, 0, 20]) == [1430, None, 1450, 1440, 1460]
    assert cells.rolled([30, 20, 700]) == [30, 20, 700], "a sheet out of order stays as it is"


def test_headers_of_exercise_staff_are_known():
    theirs = ["Event #", "Event  time", "Recipient Player(s)", "Delivery method",
              "EVENT DESCRIPTION", "Expected Outcome(s)", "Objective(s)", "Controller_Notes",
              "Weather", None]  # fmt: skip
    assert columns.match(theirs) == {
        "number": 0, "time": 1, "to": 2, "channel": 3, "text": 4, "expected_action": 5,
        "objective": 6, "notes": 7,
    }  # fmt: skip


def test_no_header_means_two_columns():
    names = [
        columns.plain(n)
        for c in columns.COLUMNS
        for n in {columns.plain(c.header), columns.plain(c.key), *c.others}
    ]
    twice = {name for name in names if names.count(name) > 1}
    assert twice <= {"text"}, twice


# --- YAML


YAML_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], include_characters="\n\t\x85"),
    min_size=1,
    max_size=300,
).filter(lambda text: text.strip() and not documents.ODD.search(text))


@given(YAML_TEXTS | st.sampled_from(["yes", "null", "true", "12", "1.5", "~", "a: b", "a #b",
       "- a", "? a", "Note: so", "word " * 60 + "end", "a\n\nb", "a\n b\nc", " a", "a\n", "\ta",
       "[x]", "2001-01-01", "x" * 200, "'q'", '"q"', "@a", "%a", "`a", "e\u2028f",
       "|", ">-"]))  # fmt: skip
@settings(parent=tiny.TOUGH, max_examples=200)
def test_every_text_comes_back_from_yaml(text):
    for key, value in (("text", text), ("evidence", [text, "b"])):
        rows = list(emit.lines(key, value, 4))
        whole = "top:\n" + "\n".join(rows) + "\n    after: 1\n"
        assert documents.parse(whole, "x.yaml").value == {"top": {key: value, "after": 1}}


def test_long_texts_are_folded_as_in_the_shipped_files():
    rows = list(emit.lines("text", "word " * 40 + "end", 8))
    assert rows[0] == "        text: >-"
    assert max(map(len, rows)) <= emit.WIDTH
    assert [*emit.lines("text", "One\nTwo", 0)] == ["text: |-", "  One", "  Two"]


def test_the_order_of_keys_is_that_of_the_format():
    inject = schema()["properties"]["moves"]["items"]["properties"]["injects"]["items"]
    assert {*emit.ORDER} == {*inject["properties"]}


# --- out


@pytest.mark.parametrize("form", FORMS)
def test_the_sheet_is_what_exercise_staff_expect(tmp_path, form):
    rows = table(write(tmp_path / f"out.{form}", tiny.parsed()))
    assert rows[0][0].startswith(EXERCISE_MARK)
    assert not any(rows[0][1:])
    assert rows[1][:9] == ["Number", "Time", "From", "To", "Channel", "Inject", "Expected action",
                           "Objective", "Notes"]  # fmt: skip
    found = [dict(zip(rows[1], row, strict=True)) for row in rows[2:]]
    assert [(r["Number"], r["Time"], r["Id"], r["Move"], r["Minute"]) for r in found] == [
        ("1", "00:00", "wait", "spring", "0"),
        ("2", "00:05", "ask", "spring", "5"),
        ("3", "00:20", "paper", "summer", "0"),
    ]
    assert found[2]["To"] == "alfa; bravo"
    assert found[2]["When"] == "leak = leaked"


def test_a_sheet_may_tell_the_time_of_day():
    assert [row["time"] for row in msel.table(tiny.parsed(), start=23 * 60 + 50)] == [
        "23:50",
        "23:55",
        "00:10",
    ]


FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "'=quoted", "=cmd|' /C calc'!A0")


def test_no_program_evaluates_a_text(tmp_path):
    text = tiny.edited(
        ("text: Alfa has been asked.", f'text: "{FORMULAS[5]}"'),
        ("from: Town hall", 'from: "=1+1"'),
        ("expected_action: Bravo waits.", 'expected_action: "@SUM(A1)"'),
    )
    made = tiny.parsed(text)
    cells_csv = [cell for row in table(write(tmp_path / "x.csv", made)) for cell in row]
    assert not [cell for cell in cells_csv if cell.startswith(("=", "+", "-", "@"))]
    assert "'=1+1" in cells_csv
    book = load_workbook(write(tmp_path / "x.xlsx", made))
    found = [cell for row in book["MSEL"].iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in found} == {"s"}
    marked = [cell for cell in found if cell.value.startswith(("=", "+", "-", "@"))]
    assert len(marked) == 3
    assert all(cell.quotePrefix for cell in marked)
    for name in ("x.csv", "x.xlsx"):
        found = import_into(tmp_path / name, text)
        assert found.source.text == text


def test_a_printed_workbook_is_marked(tmp_path):
    page = load_workbook(write(tmp_path / "x.xlsx", tiny.parsed()))["MSEL"]
    assert page.oddHeader.center.text == page.oddFooter.center.text == EXERCISE_MARK
    assert page.print_title_rows == "$1:$2"


def test_nothing_is_written_over_unless_asked(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("mine", "utf-8")
    with pytest.raises(ExportError, match="already there"):
        sheet.write(path, "t", [])
    assert path.read_text("utf-8") == "mine"
    sheet.write(path, "t", [], force=True)
    assert path.read_text("utf-8") != "mine"
    with pytest.raises(ExportError, match=r"neither \.csv nor \.xlsx"):
        sheet.write(tmp_path / "x.ods", "t", [])
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(ExportError, match="not written"):
        sheet.write(tmp_path / "file" / "x.csv", "t", [])


def test_without_the_library_the_message_says_what_to_install(tmp_path, monkeypatch):
    path = write(tmp_path / "x.xlsx", tiny.parsed())
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DataError, match=r'pip install --editable "\.\[xlsx\]"'):
        sheet.read(path)
    with pytest.raises(ExportError, match=r'pip install --editable "\.\[xlsx\]"'):
        sheet.write(tmp_path / "y.xlsx", "t", [])


# --- out and back


@st.composite
def scenarios_with_injects(draw):
    """Plain values of a valid scenario with injects of every kind in its moves."""
    values = draw(tiny.raws())
    values["objectives"].append({**values["objectives"][0], "id": "o-2"})
    domains = tiny.domains_of(values)
    names = (f"i{n}" for n in itertools.count())
    known = {}
    for move in values["moves"]:
        known |= {
            n: domains[n]
            for n, u in values["uncertainties"].items()
            if u["resolves"] == move["id"]
        }
        known |= {n: domains[n] for n in move["choices"]}
        if draw(st.integers(0, 4)) == 0:
            continue
        move["injects"] = []
        for _ in range(draw(st.integers(0, 3))):
            raw = {
                "id": next(names),
                "minute": draw(st.integers(0, move["minutes"])),
                "from": draw(YAML_TEXTS),
                "to": draw(st.lists(st.sampled_from(sorted(tiny.ROLES)), min_size=1, unique=True)),
                "channel": draw(st.sampled_from(["cable", "press", "phone", "sensor"])),
                "text": draw(YAML_TEXTS),
                "objective": draw(st.sampled_from(["o", "o-2"])),
                "expected_action": draw(YAML_TEXTS),
            }
            if draw(st.booleans()):
                raw["when"] = draw(tiny.whens(known))
            if draw(st.booleans()):
                raw["evidence"] = draw(st.lists(YAML_TEXTS, unique=True, max_size=3))
            if draw(st.booleans()):
                raw["notes"] = draw(YAML_TEXTS)
            move["injects"].append(raw)
    return values


def as_text(values):
    return "\n".join(emit.tree(values)) + "\n"


@pytest.mark.parametrize("form", FORMS)
@given(values=scenarios_with_injects())
@settings(parent=tiny.TOUGH, max_examples=25)
def test_nothing_is_lost_on_the_way_out_and_back(tmp_path, form, values):
    """Into the same scenario: not one byte changes. Into one without injects: all come back."""
    text = as_text(values)
    assert documents.parse(text, "random.yaml").value == values
    made = scenario.parse(text, "random.yaml")
    read = sheet.read(write(tmp_path / f"x.{form}", made))
    same = msel.into(read, source.parse(text, "random.yaml"))
    assert same.source.text == text
    assert same.told == ()

    bare = copy.deepcopy(values)
    for move in bare["moves"]:
        move.pop("injects", None)
    filled = msel.into(read, source.parse(as_text(bare), "random.yaml"))
    assert content(filled.source.document().value) == content(values)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", scenario.names())
def test_a_shipped_exercise_comes_back_byte_by_byte(tmp_path, name, form):
    old = source.read(scenario.path_of(name))
    path = write(tmp_path / f"x.{form}", scenario.load(name))
    assert len(table(path)) > 12
    assert msel.into(sheet.read(path), old).source == old


@given(values=scenarios_with_injects(), other=scenarios_with_injects(), data=st.data())
@settings(parent=tiny.TOUGH, max_examples=25)
def test_any_injects_can_take_the_place_of_any_others(values, other, data):
    """Whatever is put in is there afterwards, and every line outside the injects is as it was."""
    assume(len(values["moves"]) == len(other["moves"]))
    text = as_text(values)
    new = [list(move.get("injects", [])) for move in other["moves"]]
    for place, move in enumerate(values["moves"]):
        kept = [raw for raw in move.get("injects", []) if data.draw(st.booleans())]
        new[place] = [*kept, *({**raw, "id": f"n-{raw['id']}"} for raw in new[place])]
    found = splice.put(source.parse(text, "random.yaml"), new).document().value
    for place, move in enumerate(found["moves"]):
        assert splice.alike(move.get("injects", []), new[place])
        move["injects"] = []
    rest = copy.deepcopy(values)
    for move in rest["moves"]:
        move["injects"] = []
    assert found == rest


REMARKED = tiny.edited(
    ("    injects:\n      - id: ask",
     "    injects:   # the first list\n      # why we ask\n      - id: ask"),
    ("      - id: wait\n", "\n      # nobody likes to wait\n      - id: wait   # short\n"),
    ("        expected_action: Bravo waits.\n",
     "        expected_action: Bravo waits.\n      # left out:\n      # - id: old\n\n"
     "    # now decide\n"),
)  # fmt: skip


def change(path, place, key, value):
    """Change one cell of a CSV sheet."""
    rows = table(path)
    rows[place][rows[1].index(key)] = value
    path.write_text("\ufeff" + csv_of(*rows), "utf-8")
    return path


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_one_changed_cell_changes_one_inject_and_no_other_byte(tmp_path, end, mark):
    text = mark + REMARKED.replace("\n", end)
    path = change(write(tmp_path / "x.csv", tiny.parsed(REMARKED)), 2, "Inject", "Alfa thinks.")
    found = import_into(path, text).source
    assert found.mark + found.text == text.replace("Alfa has been asked.", "Alfa thinks.").replace(
        "- id: wait   # short", "- id: wait"
    )


def test_an_inject_more_and_one_less(tmp_path):
    path = write(tmp_path / "x.csv", tiny.parsed(REMARKED))
    rows = table(path)
    rows[4][rows[1].index("Id")] = "radio"
    rows[3][rows[1].index("Move")] = "summer"
    path.write_text(csv_of(*rows), "utf-8")
    with pytest.raises(
        DataError, match="The time is not minute 5 of move 'summer', which is 00:25"
    ):
        import_into(path, REMARKED)
    rows[3][rows[1].index("Time")] = ""
    path.write_text(csv_of(*rows), "utf-8")
    found = import_into(path, REMARKED)
    assert found.told == ("Not on the sheet, so removed: paper.",)
    moves = found.source.document().value["moves"]
    assert [[raw["id"] for raw in move["injects"]] for move in moves] == [
        ["wait"],
        ["radio", "ask"],
    ]
    assert "# nobody likes to wait\n      - id: wait   # short\n" in found.source.text
    assert (
        "      # left out:\n      # - id: old\n\n    # now decide\n    choices:"
        in found.source.text
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    injects:\n      - id: paper", '    "injects" :\n    - id: paper'),
        ("      - id: paper\n        minute: 0\n", "      - minute: 0\n        id: paper\n"),
    ],
)
def test_other_ways_to_lay_out_a_list(tmp_path, old, new):
    if "    - id" in new:
        start, stop = tiny.TEXT.index(old), tiny.TEXT.index("    choices:\n      reply")
        body = tiny.TEXT[start:stop].replace(old, new)
        body = "\n".join(
            row[2:] if row.startswith("        ") else row for row in body.split("\n")
        )
        text = tiny.TEXT[:start] + body + tiny.TEXT[stop:]
    else:
        text = tiny.edited((old, new))
    path = change(write(tmp_path / "x.csv", tiny.parsed(text)), 4, "From", "Another paper")
    found = import_into(path, text).source
    assert found.document().value["moves"][1]["injects"][0]["from"] == "Another paper"


def test_a_list_in_brackets_is_written_anew_and_one_inside_brackets_is_refused(tmp_path):
    values = tiny.raw()
    flow = documents.parse(tiny.TEXT, "tiny.yaml").value["moves"][1]["injects"]
    start = tiny.TEXT.index("    injects:\n      - id: paper")
    stop = tiny.TEXT.index("    choices:\n      reply")
    text = f"{tiny.TEXT[:start]}    injects: {json.dumps(flow)}   # one\n{tiny.TEXT[stop:]}"
    assert documents.parse(text, "tiny.yaml").value == values
    path = change(write(tmp_path / "x.csv", tiny.parsed(text)), 4, "From", "Another paper")
    found = import_into(path, text).source
    assert found.document().value["moves"][1]["injects"][0]["from"] == "Another paper"
    assert found.text[: start - 1] == tiny.TEXT[: start - 1]

    start, stop = tiny.TEXT.index("moves:\n"), tiny.TEXT.index("effects:\n")
    text = f"{tiny.TEXT[:start]}moves: {json.dumps(values['moves'])}\n{tiny.TEXT[stop:]}"
    with pytest.raises(ScenarioError, match="on a line of its own"):
        import_into(path, text)


def test_what_the_sheet_has_no_column_for_stays(tmp_path):
    path = write(tmp_path / "x.csv", tiny.parsed())
    rows = table(path)
    keep = [rows[1].index(key) for key in ("Time", "To", "Inject", "Id", "Move", "Minute")]
    path.write_text(csv_of(*([row[i] for i in keep] for row in rows[1:])), "utf-8")
    assert import_into(path, tiny.TEXT).source.text == tiny.TEXT


# --- sheets of others, into a scenario


def problems(path, text=tiny.TEXT, **options):
    with pytest.raises(DataError) as caught:
        import_into(path, text, **options)
    return [(p.line, p.column, f"{p.cause} {p.remedy}") for p in caught.value.problems]


HEADER = ["No.", "Event time", "Sender", "Recipients", "Method", "Message", "Expected response",
          "Objective", "Remarks", "Weather"]  # fmt: skip


def test_every_problem_of_a_sheet_is_told_at_once_with_row_and_column(put):
    path = put(
        ["Exercise TWO TOWNS"],
        HEADER,
        ["1", "soon", "Clerk", "alfa", "phone", "One", "Act.", "o1", "", ""],
        ["2", "00:10", "Clerk", "Alpha; bravo", "phone", "Two", "Act.", "o1", "", ""],
        [],
        ["3", "00:15", "Clerk", "alfa", "drum", "Three", "Act.", "o9", "", ""],
        ["4", "09:00", "", "", "", "Four", "", "o1", "", ""],
        ["5", "00:25", "Clerk", "bravo", "tv", "", "Act.", "o2", "", "rain"],
        ["5", "00:26", "Clerk", "bravo", "tv", "Five", "Act.", "o2", "", "rain"],
    )
    found = problems(path)
    assert [(line, column) for line, column, _ in found] == [
        (3, "Event time"),
        (4, "Recipients"),
        (6, "Method"),
        (6, "Objective"),
        (7, "Event time"),
        (7, "Sender"),
        (7, "Recipients"),
        (7, "Method"),
        (7, "Expected response"),
        (8, "Message"),
    ]
    words = [said for *_, said in found]
    assert "'soon' cannot be read as a time. Write hours and minutes, such as 01:30." in words
    assert "No role is called 'Alpha'. Did you mean 'alfa'?" in words
    assert "09:00 lies outside the move." in words[4]
    assert "spring 00:00 to 00:20, summer 00:20 to 00:40" in words[4]
    assert "Known: cable, press, phone, sensor." in words[2]


def test_what_the_kit_itself_refuses_is_told_in_rows_and_columns(put):
    header = [*HEADER[:8], "Id", "When", "Minute", "Phase"]
    row = ["1", "", "Clerk", "alfa", "phone", "One", "Act.", "o1"]
    path = put(
        header,
        [*row, "Bad Id", "", "0", "spring"],
        [*row, "two", "leak = leaked", "0", "spring"],
        [*row, "three", "rain = snow", "0", "summer"],
        [*row, "three", "nonsense", "x", "autumn"],
    )
    assert [(line, column) for line, column, _ in problems(path)] == [
        (5, "When"),
        (5, "Minute"),
        (5, "Phase"),
    ]
    path = put(
        header,
        [*row, "one", "", "21", "spring"],
        [*row, "two", "leak = leaked", "0", "spring"],
        [*row, "three", "rain = snow", "0", "summer"],
        [*row, "three", "rain = wet", "0", "summer"],
    )
    found = problems(path)
    assert [(line, column) for line, column, _ in found] == [
        (2, "Minute"),
        (3, "When"),
        (4, "When"),
        (5, "Id"),
    ]
    assert "minute 21 of 20" in found[0][2]
    assert "becomes known later" in found[1][2]
    assert "used twice" in found[3][2]


def test_evidence_is_held_against_the_record(put):
    path = put(
        [*HEADER[:8], "Id", "Evidence"],
        ["", "0:01", "A", "alfa", "tv", "One", "Act.", "o1", "one", "2001-treaty, 1999-flood, no"],
    )
    found = problems(path, known_on=tiny.KNOWN_ON)
    assert [(line, column) for line, column, _ in found] == [(2, "Evidence")] * 2
    assert "Hindsight" in found[0][2]
    assert "called 'no'" in found[1][2]


def test_words_of_others_are_understood_and_what_is_not_is_kept(put):
    path = put(
        HEADER,
        ["A 1", "0:05", "The mayor", "ALFA, Bravo", "E-Mail", "One", "Act.", "Use the record.",
         "Mine.", "rain"],
        ["A 2", "0:25", "Clerk", "all players", "TV", "Two", "Act.", "o1; o2", "", ""],
    )  # fmt: skip
    found = import_into(path, tiny.TEXT)
    first, second = [
        raw for move in found.source.document().value["moves"] for raw in move["injects"]
    ]
    assert first == {
        "id": "a-1", "minute": 5, "from": "The mayor", "to": ["alfa", "bravo"], "channel": "cable",
        "text": "One", "objective": "o2", "expected_action": "Act.",
        "notes": "Mine.\nWeather: rain",
    }  # fmt: skip
    assert (second["minute"], second["to"], second["objective"]) == (5, ["alfa", "bravo"], "o1")
    assert second["notes"] == "Objective: o1; o2"
    assert found.told == (
        "Not known, kept in the notes: Weather.",
        "Method 'E-Mail' is read as cable.",
        "Method 'TV' is read as press.",
        "Not on the sheet, so removed: ask, paper, wait.",
    )


def test_times_of_day_are_recognized_stated_or_learned_from_complete_rows(put, tmp_path):
    rows = [["", "09:00", "A", "alfa", "tv", "One", "Act.", "o1", "", ""],
            ["", "09:21", "A", "alfa", "tv", "Two", "Act.", "o1", "", ""]]  # fmt: skip
    found = import_into(put(HEADER, *rows), tiny.TEXT)
    assert (
        "Times are read as times of day; the exercise starts at 09:00, the earliest." in found.told
    )
    minutes = [[r["minute"] for r in m["injects"]] for m in found.source.document().value["moves"]]
    assert minutes == [[0], [1]]
    found = import_into(put(HEADER, *rows), tiny.TEXT, start=8 * 60 + 55)
    minutes = [[r["minute"] for r in m["injects"]] for m in found.source.document().value["moves"]]
    assert minutes == [[5], [6]]
    path = tmp_path / "clock.csv"
    sheet.write(path, "t", msel.table(tiny.parsed(), 23 * 60 + 50))
    assert import_into(path, tiny.TEXT).source.text == tiny.TEXT
    assert len(problems(path, start=0)) == 3


def test_an_empty_move_goes_on_and_a_move_has_several_names(put):
    header = ["Phase", "Min", "To", "Text"]
    path = put(header, ["Move 1", 0, "alfa", "a"], ["", 3, "alfa", "b"],
               ["the river is LOW", 4, "bravo", "c"], ["2", 5, "bravo", "d"])  # fmt: skip
    found = import_into(path, tiny.TEXT)
    moves = found.source.document().value["moves"]
    assert [[(r["minute"], r["text"]) for r in m["injects"]] for m in moves] == [
        [(0, "a"), (3, "b")],
        [(4, "c"), (5, "d")],
    ]
    assert [r["id"] for m in moves for r in m["injects"]] == [
        f"inject-row-{n}" for n in (2, 3, 4, 5)
    ]
    assert "The sheet has no column From: “Exercise control”." in found.told


def test_a_row_must_say_when_and_where(put):
    path = put(["Phase", "Time", "Minute", "To", "Text"], ["", "", "3", "alfa", "a"],
               ["spring", "", "", "alfa", "b"])  # fmt: skip
    assert [(line, column, said.split(".")[0]) for line, column, said in problems(path)] == [
        (2, "Phase", "The row names no move"),
        (3, "Time", "The row says no time"),
    ]


def test_a_scenario_with_problems_is_refused_as_it_is(put):
    path = put(HEADER, ["1", "0:00", "A", "alfa", "tv", "One", "Act.", "o1", "", ""])
    with pytest.raises(ScenarioError, match=r"tiny\.yaml has 1 problem"):
        import_into(path, tiny.edited(("minutes: 40", "minutes: forty")))


# --- sheets of others, as a new scenario


def test_a_sheet_becomes_a_scenario_that_loads(put):
    path = put(
        ["MASTER SCENARIO EVENTS LIST", "", ""],
        [*HEADER, "Phase", "When"],
        ["1", "09:00", "Desk", "Fire & Rescue, Police", "E-mail", "=SUM(A1)", "Act.",
         "Warn early", "", "rain", "Onset", ""],
        ["2", "09:12", "", "Police/Mayor", "semaphore", "Zwei: “ü”\nLine", "", "Warn early",
         "mine", "", "", "x = y"],
        ["3", "10:00", "Desk", "消防", "", "Three", "Act.", "", "", "", "Response", ""],
        ["5", "10:40", "Desk", "All players", "", "Five", "Act.", "", "", "", "Response", ""],
        ["4", "10:47", "Desk", "police", "", "Four", "Act.", "", "", "", "Response", ""],
    )  # fmt: skip
    found = fresh(sheet.read(path), "storm-night")
    made = scenario.parse(found.source.text, "storm-night.yaml")
    assert [(m.id, m.title, m.minutes) for m in made.moves.values()] == [
        ("onset", "Onset", 15),
        ("response", "Response", 50),
    ]
    injects = [inject for move in made.moves.values() for inject in move.injects]
    assert [(i.id, i.minute, i.channel) for i in injects] == [
        ("inject-1", 0, "cable"),
        ("inject-2", 12, "cable"),
        ("inject-3", 0, "cable"),
        ("inject-5", 40, "cable"),
        ("inject-4", 47, "cable"),
    ]
    assert [i.to for i in injects] == [
        ("fire-rescue", "police"),
        ("police", "mayor"),
        ("role",),
        ("fire-rescue", "police", "mayor", "role"),
        ("police",),
    ]
    assert injects[0].text == "=SUM(A1)"
    assert injects[0].notes == "Weather: rain"
    assert injects[1].notes == "mine\nMethod: semaphore\nWhen: x = y"
    assert {i.objective for i in injects} == {"o1", "o2"}
    assert made.objectives["o1"].text == "Warn early"
    assert made.roles["role"].name == "消防"
    assert any("Weather" in said for said in found.told)
    assert any("semaphore" in said for said in found.told)
    assert "To be written" in found.source.text


def test_titles_between_the_rows_are_phases_where_no_column_names_them(put):
    path = put(HEADER[:6], ["PHASE 1: ONSET"], ["1", "0:05", "A", "b", "", "One"],
               ["Phase 2"], ["2", "0:50", "A", "b", "", "Two"])  # fmt: skip
    made = scenario.parse(fresh(sheet.read(path), "x").source.text, "x.yaml")
    assert [(m.id, m.title) for m in made.moves.values()] == [
        ("phase-1-onset", "PHASE 1: ONSET"),
        ("phase-2", "Phase 2"),
    ]
    assert [i.minute for m in made.moves.values() for i in m.injects] == [5, 0]


def test_rows_before_the_first_title_have_a_move_of_their_own(put):
    path = put(HEADER[:6], ["1", "0:05", "A", "b", "", "One"], ["Move 1"],
               ["2", "0:50", "A", "b", "", "Two"])  # fmt: skip
    made = scenario.parse(fresh(sheet.read(path), "x").source.text, "x.yaml")
    assert [(m.id, m.title) for m in made.moves.values()] == [
        ("move-1", "Move 1"),
        ("move-1-2", "Move 1"),
    ]


def test_problems_of_a_new_scenario_are_told_at_once(put):
    path = put(
        HEADER[:6],
        ["7", "0:05", "A", "b", "", "One"],
        ["7", "5:05", "A", "b", "", "Two"],
        ["8", "later", "A", "", "", ""],
        ["9", "", "A", "b" * 4001, "", "x" * 4001],
    )
    with pytest.raises(DataError) as caught:
        fresh(sheet.read(path), "x")
    assert [(p.line, p.column) for p in caught.value.problems] == [
        (3, "No."),
        (3, "Event time"),
        (4, "Event time"),
        (4, "Recipients"),
        (4, "Message"),
        (5, "Event time"),
        (5, "Recipients"),
        (5, "Message"),
    ]


CELL = st.text(st.characters(codec="utf-8"), max_size=12)


@given(st.lists(st.tuples(st.integers(0, 200), CELL, CELL, CELL, CELL, CELL, CELL), min_size=1,
                max_size=5))  # fmt: skip
@settings(parent=tiny.TOUGH, max_examples=60)
def test_any_sheet_is_read_or_refused_in_words(tmp_path, rows):
    header = ["Time", "To", "Message", "Phase", "Channel", "Objective", "Weather"]
    path = tmp_path / "any.csv"
    path.write_text(
        csv_of(header, *([cells.write_time(t), *rest] for t, *rest in rows)), "utf-8", newline=""
    )
    try:
        found = fresh(sheet.read(path), "x")
    except DataError as error:
        mute = [problem for problem in error.problems if not (problem.cause and problem.remedy)]
        assert mute == []
        return
    made = scenario.parse(found.source.text, "x.yaml")
    assert sum(len(move.injects) for move in made.moves.values()) == found.injects
    told = " ".join(i.text + i.notes for m in made.moves.values() for i in m.injects)
    for _, to, text, *_, weather in rows:
        if text.strip() and to.strip():
            assert celltext.read_text(celltext.unguard(weather)) in told or not weather.strip()


# --- the files


def test_a_sheet_without_the_needed_columns_says_which(put):
    with pytest.raises(DataError) as caught:
        sheet.read(put(["Number", "Message", "Notes"], ["1", "One", ""]))
    (problem,) = caught.value.problems
    assert problem.cause == "Columns are missing: To, Time or Minute."
    assert "Found: Number, Inject, Notes." in problem.remedy


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_separators_are_recognized(tmp_path, mark):
    path = tmp_path / "x.csv"
    rows = [["Time", "To", "Text"], ["0:05", "alfa", "One, and two"]]
    path.write_text("\n".join(mark.join(row) for row in rows), "utf-8")
    found = sheet.read(path)
    assert found.header == ("Time", "To", "Text")
    assert found.rows == ((2, ("0:05", "alfa", "One, and two")),)


def test_cells_beyond_the_header_are_not_lost(put):
    path = put(["Time", "To", "Text"], ["0:05", "alfa", "One", "", "more"])
    found = import_into(path, tiny.TEXT)
    assert found.source.document().value["moves"][0]["injects"][0]["notes"] == "column E: more"
    assert "Not known, kept in the notes: column E." in found.told


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.csv", b"", "Columns are missing"),
        ("x.csv", b'Time,To,Text\n"open', "Not CSV"),
        ("x.csv", b"Time,To,Text\n0:05,alfa,\xff", "not UTF-8"),
        ("x.csv", b"Time,To,Text\n0:05,alfa,a\x00b", "control character"),
        ("x.csv", None, "does not exist"),
        ("x.xlsx", None, "does not exist"),
        ("x.xlsx", b"not a workbook", "cannot be read as a workbook"),
        ("x.xlsx", b"PK\x03\x04broken", "cannot be read as a workbook"),
        ("x.ods", b"x", "neither .csv nor .xlsx"),
    ],
)
def test_what_is_no_sheet_is_refused(tmp_path, name, data, words):
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(DataError) as caught:
        sheet.read(path)
    assert words in str(caught.value)


def test_a_large_sheet_is_refused(tmp_path, put):
    rows = [["0:00", "a", "b"]] * (sheet.MAX_ROWS + 1)
    with pytest.raises(DataError, match="larger than 5,000 rows"):
        sheet.read(put(["Time", "To", "Text"], *rows))
    book = Workbook()
    book.active.append(["Time", "To", "Text"])
    book.active.cell(1_000_000, 1, "x")
    book.save(tmp_path / "far.xlsx")
    with pytest.raises(DataError, match="too large"):
        sheet.read(tmp_path / "far.xlsx")
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * (sheet.MAX_UNPACKED + 1))
    with pytest.raises(DataError, match="too large"):
        sheet.read(tmp_path / "bomb.xlsx")


def test_a_workbook_of_others(tmp_path):
    book = Workbook()
    book.active.title = "Cover"
    book.active["A1"] = "Exercise"
    page = book.create_sheet("MSEL")
    page.append(["Confidential"])
    page.append(["#", "Time", "To", "Text", "Cost"])
    page.append([1.0, dt.time(9, 0), "alfa", "One_x000D_\ntwo", 12.5])
    page.append([2, dt.datetime(2001, 3, 1, 9, 5), "bravo", "Two", None])
    page.append([3, dt.timedelta(minutes=25), "bravo", True, None])
    book.create_sheet("Empty")
    path = tmp_path / "x.xlsx"
    book.save(path)
    found = sheet.read(path)
    assert found.aside == ("Cover",)
    assert found.header == ("#", "Time", "To", "Text", "Cost")
    assert [row[3] for _, row in found.rows] == ["One\ntwo", "Two", True]
    assert [number for number, _ in found.rows] == [3, 4, 5]


def test_a_formula_without_its_result_is_not_taken_for_nothing(tmp_path):
    book = Workbook()
    book.active.append(["Time", "To", "Text"])
    book.active.append(["0:05", "alfa", "=A1&B1"])
    path = tmp_path / "x.xlsx"
    book.save(path)
    with pytest.raises(DataError) as caught:
        sheet.read(path)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (2, "C")
    assert "formula without a result" in problem.cause


# --- in a terminal


@pytest.fixture
def tiny_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = tiny.TEXT.replace("1999-flood", "npt-1968")
    text = text.replace("2001-treaty", "us-japan-security-treaty-1960")
    path = tmp_path / "tiny.yaml"
    path.write_text(text, "utf-8", newline="")
    return path


@pytest.mark.parametrize("form", FORMS)
def test_out_and_back_in_a_terminal(tiny_file, form, capsys):
    before = tiny_file.read_bytes()
    assert main(["msel", "export", "tiny.yaml", f"x.{form}"]) == 0
    assert f"x.{form}: 3 injects" in capsys.readouterr().out
    assert main(["msel", "export", "tiny.yaml", f"x.{form}"]) == 1
    assert "--force" in capsys.readouterr().err
    assert main(["msel", "import", f"x.{form}", "--into", "tiny.yaml"]) == 0
    assert "The injects are the same." in capsys.readouterr().out
    assert tiny_file.read_bytes() == before
    assert main(["msel", "import", f"x.{form}", "--out", "other.yaml"]) == 0
    assert "other.yaml: 3 injects" in capsys.readouterr().out
    assert scenario.load("other.yaml").id == "other"
    assert (tiny_file.parent / "scenario.schema.json").exists()
    assert main(["msel", "import", f"x.{form}", "--out", "other.yaml"]) == 1
    assert "already there" in capsys.readouterr().err


def test_a_changed_sheet_shows_what_it_changes(tiny_file, capsys):
    assert main(["msel", "export", "tiny.yaml", "x.csv", "--start", "10:00"]) == 0
    assert "10:20" in (tiny_file.parent / "x.csv").read_text("utf-8")
    change(tiny_file.parent / "x.csv", 2, "Inject", "Alfa thinks.")
    before = tiny_file.read_text("utf-8")
    assert main(["msel", "import", "x.csv", "--into", "tiny.yaml", "--out", "new/tiny.yaml"]) == 0
    told = capsys.readouterr().out
    assert "-        text: Alfa has been asked." in told
    assert "+        text: Alfa thinks." in told
    assert tiny_file.read_text("utf-8") == before
    assert "Alfa thinks." in (tiny_file.parent / "new" / "tiny.yaml").read_text("utf-8")
    assert main(["msel", "import", "x.csv", "--into", "tiny.yaml", "--out", "new.yaml"]) == 1
    assert "called as its scenario" in capsys.readouterr().err
    assert main(["msel", "import", "x.csv", "--into", "tiny.yaml"]) == 0
    assert tiny_file.read_text("utf-8") == before.replace("Alfa has been asked.", "Alfa thinks.")


def test_problems_of_a_sheet_end_with_1_and_change_nothing(tiny_file, capsys):
    before = tiny_file.read_bytes()
    (tiny_file.parent / "x.csv").write_text("Time,To,Text\nsoon,alfa,One\n", "utf-8")
    assert main(["msel", "import", "x.csv", "--into", "tiny.yaml"]) == 1
    assert "line 2, column Time: 'soon' cannot be read as a time." in capsys.readouterr().err
    assert tiny_file.read_bytes() == before
    with pytest.raises(SystemExit):
        main(["msel", "import", "x.csv", "--start", "soon"])
