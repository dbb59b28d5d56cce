"""The register: one whole line for each pack, in which nothing of a person and no formula can stand."""

import csv
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from handouts import register
from handouts.problems import HandoutsError
from handouts.register import COLUMNS, HEADER, NAME, Line

LINE = Line("2025-01-01T09:30+00:00", "tea-pack", "TEA-01 1.0 TEA-02 1.0", "sha256:0a1b", "es", "en", "standard paper", "draft")


def _rows(folder: Path) -> list[list[str]]:
    with (folder / NAME).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_the_columns_are_as_documented() -> None:
    """The register has these columns and no other: none for a person."""
    assert HEADER == "time,given,versions,digest,patient_language,staff_language,edition,state\n"


def test_one_line_each(tmp_path: Path) -> None:
    """The first line begins the file; a reader of CSV gets back what was put in."""
    register.append(tmp_path, LINE)
    register.append(tmp_path, replace(LINE, state="approved"))
    assert _rows(tmp_path) == [list(COLUMNS), list(astuple(LINE)), list(astuple(replace(LINE, state="approved")))]
    assert (tmp_path / NAME).stat().st_mode & 0o077 == 0


def test_many_at_once(tmp_path: Path) -> None:
    """Packs that are given at the same moment have a whole line each, under one header."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: register.append(tmp_path, LINE), range(100)))
    rows = _rows(tmp_path)
    assert len(rows) == 101
    assert rows.count(list(COLUMNS)) == 1


def test_a_broken_line_is_left_alone(tmp_path: Path) -> None:
    """After a line that a power cut broke off, the next one begins on a line of its own."""
    (tmp_path / NAME).write_text(HEADER + "2025-01-01T09", encoding="utf-8")
    register.append(tmp_path, LINE)
    assert _rows(tmp_path)[-1] == list(astuple(LINE))


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "a,=1", 'a"', "a\n=1", "a;=1", "a|b", "", " =1", "\uff1d1", "é"]


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("value", FORMULAS)
def test_no_formula_can_be_made(column: str, value: str) -> None:
    """A line with what a spreadsheet could run, or what breaks out of its cell, cannot be made in any column."""
    with pytest.raises(ValueError, match=f"{column} cannot stand"):
        replace(LINE, **{column: value})


@given(some.text())
def test_whatever_gets_in_is_harmless(value: str) -> None:
    """Of all texts, only those are taken that begin with a letter or digit and hold no separator, quote or line break."""
    try:
        line = replace(LINE, given=value)
    except ValueError:
        return
    assert line.given[0].isascii()
    assert line.given[0].isalnum()
    assert not set(line.text[:-1]) & set("\"'\r\n\t;=@|")
    assert line.text.count(",") == len(COLUMNS) - 1


def test_message_of_a_register_that_cannot_be_written(tmp_path: Path) -> None:
    """A register that cannot be written is told; then no pack is given."""
    (tmp_path / NAME).mkdir()
    with pytest.raises(HandoutsError) as told:
        register.append(tmp_path, LINE)
    assert str(told.value) == (
        "desk-register.csv: error: cannot write: Is a directory [desk/register]\n"
        "    hint: no pack is given that is not in the register: check free space and the permissions of the file"
    )


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """A register that is a link to another file is refused: nobody can have lines appended elsewhere."""
    (tmp_path / "other.txt").touch()
    (tmp_path / NAME).symlink_to(tmp_path / "other.txt")
    with pytest.raises(HandoutsError, match="desk/register"):
        register.append(tmp_path, LINE)
    assert (tmp_path / "other.txt").read_bytes() == b""
