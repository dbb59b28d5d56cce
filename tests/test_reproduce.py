"""Two builds at two places, in two environments, by one worker and by two: the same bytes."""

from pathlib import Path

import pytest

from benchmarks import reproduce
from benchmarks.reproduce import HERE, THERE


@pytest.mark.slow
def test_builds_do_not_depend_on_circumstances(project_folder: Path) -> None:
    """Path, time zone, language, hash seed, file times and modes, and the number of workers leave no trace in any file."""
    chosen = ("--edition", "standard")
    one, other = reproduce.compared(project_folder, (HERE, THERE), chosen)
    pictures = {"pictures/en/standard/tea.png", "pictures/es/standard/tea.png"}
    assert set(one) == {"manifest.json", "index.html", "en/tea.pdf", "es/tea.pdf", *pictures}
    assert one == other


def test_a_difference_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Files that differ, or that only one build made, are named, and the exit code is 1."""
    made = [{"a.pdf": "1", "b.pdf": "2"}, {"a.pdf": "1", "b.pdf": "3", "c.pdf": "4"}]
    monkeypatch.setattr(reproduce, "compared", lambda *_arguments: made)
    assert reproduce.main([]) == 1
    told = capsys.readouterr().out
    assert "differs: b.pdf: 2 and 3" in told
    assert "differs: c.pdf: absent and 4" in told
    assert "a.pdf" not in told
    assert "2 files, 2 differ" in told
