"""What a person reads when something is wrong: one folder of tests/bad for each failure, with the exact message.

A folder holds the files that differ from the minimal project, and expected.txt. Failures of templates are those of
`build`, all others of `check`. `{icons}` in expected.txt stands for the names of the pictograms in templates/icons/.
"""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

BAD = Path(__file__).parent / "bad"
CASES = sorted(path.name for path in BAD.iterdir())
ONE_PAGE = ("--language", "en", "--edition", "standard")

Run = Callable[..., tuple[int, str, str]]


def lay_over(project_folder: Path, case: str) -> str:
    """Put the files of a case over the project; returns the message that is expected."""
    shutil.copytree(BAD / case, project_folder, dirs_exist_ok=True)
    expected = (project_folder / "expected.txt").read_text(encoding="utf-8")
    icons = ", ".join(sorted(path.stem for path in (project_folder / "templates" / "icons").glob("*.svg")))
    return expected.replace("{icons}", icons)


def without_progress(err: str) -> str:
    """What stands on stderr besides the line for each page, which holds a time."""
    return re.sub(r"^(made|failed): .* \(\d+\.\d s\)\n", "", err, flags=re.MULTILINE)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_good_project(run: Run) -> None:
    """The project that the cases start from has no problem at all."""
    assert run("check") == (0, "0 errors, 0 warnings\n", "")


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize("case", CASES)
def test_message(case: str, project_folder: Path, run: Run) -> None:
    """Bad input ends with exactly the expected message and exit code 1 (0 for warnings alone), never with a traceback."""
    expected = lay_over(project_folder, case)
    code, _, err = run("build", *ONE_PAGE) if case.startswith("template-") else run("check")
    assert without_progress(err) == expected
    assert code == (": error: " in expected)
    assert "Traceback" not in err


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize("case", ["broken-yaml", "po-wrong-number", "missing-logo", "template-undefined-name"])
def test_output_untouched(case: str, project_folder: Path, run: Run) -> None:
    """A build that fails leaves the output of the build before as it was, byte for byte."""
    output = project_folder / "output"
    (output / "en").mkdir(parents=True)
    (output / "en" / "tea.pdf").write_bytes(b"%PDF of yesterday")
    (output / "manifest.json").write_text('{"files": [{"file": "en/tea.pdf"}]}', encoding="utf-8")
    before = contents(output)
    lay_over(project_folder, case)
    code, _, err = run("build")
    assert code == 1
    assert "Traceback" not in err
    assert contents(output) == before


def test_problems_sorted(project_folder: Path, run: Run) -> None:
    """The problems of one run are told all at once, sorted by file and line."""
    lay_over(project_folder, "several-files")
    _, _, err = run("check")
    places = [(match[1], int(match[2])) for match in re.finditer(r"^(\S+):(\d+): error: ", err, re.MULTILINE)]
    assert places == sorted(places)
    assert {path for path, _ in places} == {"content/clinic.yaml", "content/handouts/tea.yaml", "content/shared.yaml"}


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--language", "xx"),
            '--language: error: "xx" is not a known language [usage/language]\n    hint: use one of: en, es\n',
        ),
        (
            ("--handout", "nope"),
            '--handout: error: there is no handout "nope" [usage/handout]\n    hint: use one of: tea\n',
        ),
    ],
)
def test_unknown_name(arguments: tuple[str, str], message: str, run: Run) -> None:
    """A language or handout that is not there is refused, with the names that are."""
    assert run("build", *arguments) == (1, "", message)


def test_update_unknown_language(run: Run) -> None:
    """Catalogs are only brought up to date in languages to translate into."""
    code, _, err = run("update", "--language", "en")
    assert code == 1
    assert err.startswith(
        '--language: error: "en" is not a language to translate into [usage/language]\n    hint: use one of: es'
    )


@pytest.mark.parametrize(
    ("command", "arguments", "message"),
    [
        ("build", ("--jobs", "0"), 'argument --jobs: "0" is not a whole number of 1 or more'),
        ("build", ("--jobs", "many"), 'argument --jobs: "many" is not a whole number of 1 or more'),
        ("build", ("--edition", "tiny"), "argument --edition: invalid choice: 'tiny'"),
        ("check", ("--today", "tomorrow"), 'argument --today: "tomorrow" is not a date such as 2026-03-31'),
        ("check", ("--nonsense",), "unrecognized arguments: --nonsense"),
        ("polish", (), "argument COMMAND: invalid choice: 'polish'"),
    ],
)
def test_usage(command: str, arguments: tuple[str, ...], message: str, run: Run) -> None:
    """Arguments that make no sense end with exit code 2 and one sentence that says which."""
    code, out, err = run(command, *arguments)
    assert (code, out) == (2, "")
    assert message in err.splitlines()[-1]


def test_no_project(tmp_path: Path, run: Run) -> None:
    """A folder without a project is named, with the ways out."""
    code, _, err = run("check", "--project", str(tmp_path))
    assert code == 1
    assert 'content/clinic.yaml: error: there is no file "content/clinic.yaml" [project/missing]' in err
    assert "hint: run this in a project folder, name one with --project, or make one with: handouts init DIR" in err


def test_no_folder(tmp_path: Path, run: Run) -> None:
    """A project folder that does not exist is told as such."""
    code, _, err = run("check", "--project", str(tmp_path / "nowhere"))
    assert code == 1
    assert "error: there is no such folder [project/missing]" in err
