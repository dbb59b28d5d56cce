"""The watch sees every change of a file that pages are made of, once, and nothing else."""

from pathlib import Path

import pytest

from handouts import watching
from handouts.watching import Watch

CATALOG = "locales/es/LC_MESSAGES/tea.po"


def test_nothing_has_changed(project_folder: Path) -> None:
    """A folder that stands still has no changes."""
    assert Watch(project_folder).changed() == frozenset()


def test_each_change_is_told_once(project_folder: Path) -> None:
    """A file that is changed, new or gone is named, and only the first time."""
    watch = Watch(project_folder)
    (project_folder / CATALOG).write_text("x", encoding="utf-8")
    (project_folder / "content/handouts/new.yaml").write_text("id: new", encoding="utf-8")
    (project_folder / "templates/tight.css").unlink()
    assert watch.changed() == {CATALOG, "content/handouts/new.yaml", "templates/tight.css"}
    assert watch.changed() == frozenset()


def test_editors_own_files_are_let_be(project_folder: Path) -> None:
    """Swap files, the output and the cache are no pages."""
    watch = Watch(project_folder)
    for name in ("content/handouts/.tea.yaml.swp", "output/x.pdf", ".cache/x.json", "locales/pot/tea.pot"):
        (project_folder / name).parent.mkdir(parents=True, exist_ok=True)
        (project_folder / name).write_text("x", encoding="utf-8")
    assert watch.changed() == frozenset()


def test_a_file_that_is_replaced(project_folder: Path) -> None:
    """A file that an editor puts in the place of another counts, also when size and time are the same."""
    watch = Watch(project_folder)
    path = project_folder / CATALOG
    copy = path.with_name("copy")
    copy.write_bytes(path.read_bytes())
    import os

    stat = path.stat()
    os.utime(copy, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    copy.replace(path)
    assert watch.changed() == {CATALOG}


def test_a_file_elsewhere(project_folder: Path) -> None:
    """A logo outside the three folders is watched when it is named."""
    watch = Watch(project_folder)
    (project_folder / "art").mkdir()
    logo = project_folder / "art/logo.svg"
    logo.write_text("<svg/>", encoding="utf-8")
    watch.also(["art/logo.svg"])
    assert watch.changed() == frozenset()
    logo.write_text("<svg></svg>", encoding="utf-8")
    assert watch.changed() == {"art/logo.svg"}


def test_what_is_being_written_is_waited_for(project_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that an editor empties before it writes it is read when it stands still."""
    watch = Watch(project_folder)
    path = project_folder / CATALOG
    path.write_text("", encoding="utf-8")
    written = iter(["half", "whole"])

    def pause(_: float) -> None:
        path.write_text(next(written, "whole"), encoding="utf-8") if watch_goes_on.pop() else None

    watch_goes_on = [False, False, True, True]
    monkeypatch.setattr(watching.time, "sleep", pause)
    assert watch.changed() == {CATALOG}
    assert path.read_text(encoding="utf-8") == "whole"
    assert watch_goes_on == [False]
