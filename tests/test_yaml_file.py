"""YAML as plain strings with line numbers: nothing is typed, repeated or followed."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts import yaml_file
from handouts.problems import HandoutsError, Problem
from handouts.project import LARGEST_FILE, Project
from handouts.yaml_file import YamlFile

SAMPLE = """\
# about the title
# in two lines
title: No
dose: 010
time: 12:30
empty:
nothing: ~
words: "null"

# lost: an empty line follows

steps:
  - name: one  # behind
    # about the points
    points: [a, "b"]
  - name: two
"""


def read(folder: Path, text: str | bytes) -> YamlFile:
    """The file of a project that holds only this text."""
    (folder / "x.yaml").write_bytes(text.encode() if isinstance(text, str) else text)
    return yaml_file.read(Project(folder), "x.yaml")


def problems(folder: Path, text: str | bytes) -> tuple[Problem, ...]:
    """What is wrong with a text."""
    with pytest.raises(HandoutsError) as caught:
        read(folder, text)
    return caught.value.problems


def test_scalars_stay_strings(tmp_path: Path) -> None:
    """No text turns into a truth value, a number or a time; only an empty value is None."""
    assert read(tmp_path, SAMPLE).data == {
        "title": "No",
        "dose": "010",
        "time": "12:30",
        "empty": None,
        "nothing": None,
        "words": "null",
        "steps": [{"name": "one", "points": ["a", "b"]}, {"name": "two"}],
    }


def test_lines(tmp_path: Path) -> None:
    """Every field knows its line; a field that is not there is placed at the nearest around it."""
    file = read(tmp_path, SAMPLE)
    assert str(file.place(("title",))) == "x.yaml:3"
    assert str(file.place(("steps", 0, "points", 1))) == "x.yaml:15"
    assert str(file.place(("steps", 1, "points", 7))) == "x.yaml:16"
    assert str(file.place(("nowhere",))) == "x.yaml:3"


def test_notes(tmp_path: Path) -> None:
    """The comment directly above a line belongs to it; behind a line or above an empty one it does not."""
    assert read(tmp_path, SAMPLE).notes == {3: "about the title in two lines", 15: "about the points"}


def test_byte_order_mark(tmp_path: Path) -> None:
    """The invisible mark that some editors put first is no part of the text."""
    assert read(tmp_path, b"\xef\xbb\xbftitle: x\n").data == {"title": "x"}


def test_windows_lines(tmp_path: Path) -> None:
    """Line ends of Windows change neither values nor line numbers."""
    file = read(tmp_path, SAMPLE.replace("\n", "\r\n"))
    assert file.data == read(tmp_path, SAMPLE).data
    assert file.place(("words",)).line == 8


def test_all_duplicates_at_once(tmp_path: Path) -> None:
    """Each key that stands twice is told, with the line of the first."""
    found = problems(tmp_path, "a: 1\nb: 2\na: 3\nc:\n  d: 1\n  d: 2\n")
    assert [(p.place.line, p.rule) for p in found] == [(3, "content/duplicate-key"), (6, "content/duplicate-key")]
    assert "first on line 1" in found[0].message


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: &x 1\n", 1, "anchors, aliases and tags are not used here"),
        ("a: 1\nb: *x\n", 2, "anchors, aliases and tags are not used here"),
        ("a: !!int 1\n", 1, "anchors, aliases and tags are not used here"),
        ("a: 1\n[b]: 2\n", 2, "a key must be a word"),
        ("a: 'x\n", 2, "this is not valid YAML: found unexpected end of stream"),
        ("a: 1\n---\nb: 2\n", 2, "this is not valid YAML: but found another document"),
        ("", 0, "the file is empty"),
        (b"a: caf\xe9\n", 1, "this line is not UTF-8 text"),
        ("a: x\x07\n", 0, "this is not valid YAML: "),
        ("a:\n" + "- " * 100 + "x\n", 2, "the file is nested too deeply"),
        ("a: " + "[" * 100_000 + "]" * 100_000 + "\n", 1, "the file is nested too deeply"),
    ],
)
def test_refused(text: str | bytes, line: int, message: str, tmp_path: Path) -> None:
    """What the content does not need is refused, at its line, before anything can follow or expand it."""
    (problem,) = problems(tmp_path, text)
    assert (problem.place.line, problem.message[: len(message)]) == (line, message)
    assert problem.hint


def test_too_large(tmp_path: Path) -> None:
    """A file that no person wrote by hand is not even read."""
    (problem,) = problems(tmp_path, b"#" * (LARGEST_FILE + 1))
    assert problem.rule == "project/size"


def test_link_out_of_the_project(tmp_path: Path) -> None:
    """A link that leads out of the project folder is refused."""
    (tmp_path / "secret.yaml").write_text("a: 1\n", encoding="utf-8")
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "x.yaml").symlink_to(tmp_path / "secret.yaml")
    with pytest.raises(HandoutsError) as caught:
        yaml_file.read(Project(folder), "x.yaml")
    assert caught.value.problems[0].rule == "project/outside"


@given(st.binary(max_size=60) | st.text("ab:-[]{}&*!|>'\"#%@?, \n", max_size=40))
def test_never_a_crash(tmp_path_factory: pytest.TempPathFactory, text: bytes | str) -> None:
    """Whatever bytes a file holds, it is read or refused with a problem."""
    folder = tmp_path_factory.getbasetemp()
    with suppress(HandoutsError):
        read(folder, text)
