"""The only door to the disk: strict reading, atomic writing, and messages that help."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kit import files
from kit.errors import DataError, ScenarioError


def refused(call, *args):
    with pytest.raises(DataError) as caught:
        call(*args)
    return caught.value.problems


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.txt"

    def write(content):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_text_is_read_as_it_is(file):
    assert files.read_text(file("서울 – 東京\n\tno 007\n")) == "서울 – 東京\n\tno 007\n"


def test_a_byte_order_mark_and_foreign_line_ends_are_taken_off(file):
    assert files.read_text(file(b"\xef\xbb\xbfa\r\nb\rc\n")) == "a\nb\nc\n"


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("é\n\nPeña".encode("latin-1"), 1, "not UTF-8"),
        (b"a\nb\ncaf\xe9\n", 3, "0xe9"),
        (b"a\n\x00", 2, "U+0000"),
        (b"a\r\nb\r\n\x1b[0m", 3, "U+001B"),
        (b"a\x7f", 1, "U+007F"),
        (b"\xff\xfea\x00", 1, "0xff"),
    ],
)
def test_what_is_not_text_is_refused_with_its_line(file, content, line, words):
    (problem,) = refused(files.read_text, file(content))
    assert (problem.file, problem.line) == ("a.txt", line)
    assert words in problem.cause
    assert problem.remedy


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    (problem,) = refused(files.read_text, tmp_path / "b.txt")
    assert "does not exist" in problem.cause
    (problem,) = refused(files.read_text, tmp_path)
    assert "folder" in problem.cause


def test_a_file_that_is_too_large_is_refused_unread(file):
    (problem,) = refused(files.read_text, file(b"\xff" * (files.MAX_BYTES + 1)))
    assert "MB" in problem.cause
    assert files.read_text(file(b"a" * files.MAX_BYTES))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_and_nobody_waits_for_it(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (problem,) = refused(files.read_text, tmp_path / "pipe.txt")
    assert "pipe or a device" in problem.cause


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no endless file")
def test_a_device_is_refused_even_behind_a_link(tmp_path):
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    (problem,) = refused(files.read_text, tmp_path / "zero.txt")
    assert "pipe or a device" in problem.cause


def test_a_file_that_grows_while_it_is_read_is_refused(file, monkeypatch):
    """Some files of the system have no size until they are read."""
    path = file(b"a" * 20)
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    found = path.stat()
    monkeypatch.setattr(Path, "stat", lambda _: os.stat_result((*found[:6], 0, *found[7:])))
    (problem,) = refused(files.read_text, path)
    assert "MB" in problem.cause


def test_a_circle_of_links_is_refused(tmp_path):
    (tmp_path / "a.txt").symlink_to("b.txt")
    (tmp_path / "b.txt").symlink_to("a.txt")
    (problem,) = refused(files.read_text, tmp_path / "a.txt")
    assert "cannot be read" in problem.cause


def test_a_file_that_may_not_be_read_is_refused(file, monkeypatch):
    path = file("a")

    def denied(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    (problem,) = refused(files.read_text, path)
    assert "Permission denied" in problem.cause


@pytest.mark.parametrize("name", ["a\0.txt", "\ud800.txt", "a" * 5000])
def test_a_name_that_no_file_can_have_is_refused(tmp_path, name):
    (problem,) = refused(files.read_text, tmp_path / name)
    assert len(str(problem)) < 200
    assert len(problem.file) <= 100
    assert files.stamp(tmp_path / name) is None


def test_only_files_have_a_stamp(file, tmp_path):
    assert files.stamp(tmp_path) is None
    assert files.stamp(tmp_path / "b.txt") is None
    before = files.stamp(file("a"))
    assert before is not None
    assert files.stamp(file("ab")) != before


def test_the_error_is_of_the_kind_asked_for(tmp_path):
    with pytest.raises(ScenarioError):
        files.read_text(tmp_path / "b.txt", ScenarioError)


def test_no_message_tells_where_on_the_machine_a_file_lies(tmp_path):
    (problem,) = refused(files.read_text, tmp_path / "b.txt")
    assert str(tmp_path.parent) not in str(problem)


def test_csv_cells_stay_text_and_know_their_line(file):
    table = files.read_csv(file('a,b\r\n010,"x\ny"\r\n\r\n no , \n'))
    assert table.header == ("a", "b")
    assert table.rows == (("010", "x\ny"), (" no ", " "))
    assert table.lines == (2, 5)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ('a,b\n1,"2\n', 2, "Not CSV"),
        ('a,b\n1,"2"3\n', 2, "Not CSV"),
        ("", None, "empty"),
    ],
)
def test_broken_csv_is_refused_with_its_line(file, content, line, words):
    (problem,) = refused(files.read_csv, file(content))
    assert problem.line == line
    assert words in problem.cause


def test_rows_of_another_length_are_left_out_and_all_reported(file):
    table = files.read_csv(file("a\n1,2\n3\n4,5\n"))
    assert (table.rows, table.lines) == ((("3",),), (3,))
    assert [problem.line for problem in table.problems] == [2, 4]
    assert "2 cells" in table.problems[0].cause


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ('{"a": 1,\n "b": }', 2, "Not JSON"),
        ('{"a": 1, "a": 2}', None, "'a' is there twice"),
        ('{"b": [{"a": 1, "a": 2}]}', None, "'a' is there twice"),
        ("[" * 200_000, None, "nested"),
        ("", 1, "Not JSON"),
        ("[NaN]", None, "NaN is not a number"),
        ('{"a": -Infinity}', None, "-Infinity is not a number"),
        ("[" + "9" * 5000 + "]", None, "too many digits"),
        ('{"' + "k" * 5000 + '": 1, "' + "k" * 5000 + '": 2}', None, "kkk…' is there twice"),
    ],
)
def test_broken_json_is_refused(file, content, line, words):
    (problem,) = refused(files.read_json, file(content))
    assert problem.line == line
    assert words in problem.cause


def test_many_keys_of_json_are_compared_once_each(file):
    """A list would be searched once for each key: as often as the square of their number."""
    keys = {f"k{n}": n for n in range(100_000)}
    assert files.read_json(file(json.dumps(keys))) == keys


def test_writing_makes_the_folder_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "deep" / "er" / "a.json"
    files.write_atomic(path, "1\r\n서울\n")
    files.write_atomic(path, "2\r\n서울\n")
    assert path.read_bytes() == "2\r\n서울\n".encode()
    assert list(path.parent.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    files.write_atomic(path, "old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.write_atomic(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_in_the_way_is_an_error_and_stays(tmp_path):
    path = tmp_path / "a.json"
    path.mkdir()
    with pytest.raises(OSError, match=r"a\.json"):
        files.write_atomic(path, "new")
    assert list(tmp_path.iterdir()) == [path]


def test_the_data_folder_can_be_chosen(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_DATA", str(tmp_path))
    assert files.data_dir() == tmp_path
    monkeypatch.delenv("KIT_DATA")
    assert (files.data_dir() / "datapackage.json").is_file()
