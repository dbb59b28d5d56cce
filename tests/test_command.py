"""The command as the shell starts it: what it says arrives whole, its exit code too, whatever became of its reader."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from handouts import pdf

TODAY = ("--today", "2025-01-01")


def started(*words: str, stdout: int = subprocess.PIPE) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own, its output a pipe unless told otherwise."""
    command = [sys.executable, "-m", "handouts", *words]
    return subprocess.run(command, text=True, check=False, stdout=stdout, stderr=subprocess.PIPE)


def test_all_is_said_before_it_ends(project_folder: Path) -> None:
    """Exit code and output of a command in a pipe are those of its last line: nothing is left in a buffer."""
    (project_folder / "content/clinic.yaml").write_text("name: [", encoding="utf-8")
    done = started("check", "--project", str(project_folder), *TODAY)
    assert done.returncode == 1
    assert done.stderr.startswith("content/clinic.yaml:")
    done = started("check", "--project", str(project_folder), "--format", "prose")
    assert done.returncode == 2
    assert "invalid choice: 'prose'" in done.stderr
    done = started("build", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "--explain" in done.stdout


def test_a_reader_that_has_gone(project_folder: Path) -> None:
    """Where nobody reads any more the command ends with 1, and no traceback."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = started("check", "--project", str(project_folder), *TODAY, stdout=writer)
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.slow
def test_who_hands_out_pages_sets_none(project_folder: Path) -> None:
    """The process of a build imports nothing that sets or draws pages: its workers do, beside it."""
    script = (
        "import sys; from handouts.cli import main\n"
        "if __name__ == '__main__':\n"
        "    code = main(sys.argv[1:])\n"
        "    print(sorted({'weasyprint', 'pypdf', 'pypdfium2', 'PIL'} & set(sys.modules)), code)\n"
    )
    path = project_folder / "it.py"
    path.write_text(script, encoding="utf-8")
    words = ("build", "--project", str(project_folder), *TODAY, "-l", "en", "--edition", "standard")
    done = subprocess.run([sys.executable, str(path), *words], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[] 0"
    assert (project_folder / "output/en/tea.pdf").exists()


def test_the_version_of_pango_is_weasyprints() -> None:
    """What keys say of Pango is what the library that sets pages says of it."""
    from weasyprint.text.ffi import pango

    assert pdf.version().endswith(f", pango {pango.pango_version()}")
