"""The cache: what is damaged or gone counts as never made, what was used longest ago goes first."""

import os
from contextlib import suppress
from pathlib import Path

import pytest

from handouts import cache
from handouts.cache import Cache, MissingError, replace, sweep
from handouts.problems import HandoutsError
from tests.conftest import Run

KEYS = tuple(f"{number:02x}" * 32 for number in range(5))
PAGE = b"%PDF-1.7 " + bytes(range(256)) * 40


@pytest.fixture
def kept(tmp_path: Path) -> Cache:
    """A cache of five pages, used one after the other."""
    made = Cache(tmp_path / ".cache")
    for age, key in enumerate(reversed(KEYS)):
        made.put(key, PAGE, {"found": [], "pages": 3})
        os.utime(made.path(key), (1000 - age, 1000 - age))
    return made


def _keys(kept: Cache) -> set[str]:
    return {path.stem for _, _, path in kept.entries()}


def test_a_page_and_its_facts_come_back(kept: Cache) -> None:
    """What was put under a key comes back, bytes and facts."""
    assert kept.holds(KEYS[0])
    assert kept.entry(KEYS[0]) == (PAGE, {"found": [], "pages": 3})
    assert kept.facts(KEYS[0]) == {"found": [], "pages": 3}


@pytest.mark.parametrize("share", [0.0, 0.001, 0.01, 0.015, 0.02, 0.5, 0.9999])
def test_a_truncated_entry_is_absent(kept: Cache, share: float) -> None:
    """An entry cut off anywhere, as a full disk or a power cut leaves it, is not held and never given."""
    path = kept.path(KEYS[0])
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    assert not kept.holds(KEYS[0])
    with pytest.raises(MissingError):
        kept.get(KEYS[0])


def test_a_damaged_entry_is_never_given(kept: Cache) -> None:
    """One bit changed anywhere: neither a page nor facts that were not put there come out."""
    path = kept.path(KEYS[0])
    data = path.read_bytes()
    beginning = len(data) - len(PAGE)
    for at in (*range(beginning), beginning + 3, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        given = None
        with suppress(MissingError):
            given = kept.get(KEYS[0])
        assert given in ((None, PAGE) if at < beginning else (None,)), at
        assert kept.facts(KEYS[0]) in ({}, {"found": [], "pages": 3})
    path.write_bytes(data + b"%")
    assert not kept.holds(KEYS[0])


def test_what_was_used_longest_ago_goes_first(kept: Cache) -> None:
    """Trimmed to the size of three pages, the two that were used longest ago are gone."""
    assert kept.holds(KEYS[4])  # used again
    size = kept.path(KEYS[0]).stat().st_size
    kept.trim(3 * size, ())
    assert _keys(kept) == {KEYS[4], KEYS[3], KEYS[2]}


def test_what_a_build_needs_stays(kept: Cache) -> None:
    """No limit is so small that the pages of the build that has just ended go."""
    kept.trim(0, {KEYS[0], KEYS[2]})
    assert _keys(kept) == {KEYS[0], KEYS[2]}


def test_a_cache_within_its_limit_is_left_alone(kept: Cache) -> None:
    """Nothing goes as long as there is room."""
    kept.trim(5 * kept.path(KEYS[0]).stat().st_size, ())
    assert _keys(kept) == set(KEYS)


def test_pages_of_earlier_versions_go_too(kept: Cache) -> None:
    """Files that an earlier version put among the pages count, and are the first to go."""
    old = kept.path(KEYS[0]).with_suffix(".pdf")
    old.write_bytes(PAGE)
    os.utime(old, (1, 1))
    kept.trim(5 * kept.path(KEYS[0]).stat().st_size, set(KEYS))
    assert not old.exists()
    assert len(_keys(kept)) == len(KEYS)


def test_abandoned_files_are_swept(tmp_path: Path) -> None:
    """A temporary file is taken away when its writer is gone, and left while it is written."""
    (tmp_path / ".tea.pdf.01ab.new").write_bytes(b"half")
    written = cache.beside(tmp_path / "tea.pdf")
    seen = []

    def sweeping(_descriptor: int) -> None:
        sweep(tmp_path)
        seen.extend(path.name for path in tmp_path.iterdir())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", sweeping)
        cache.stored(written, b"whole", then=tmp_path / "tea.pdf")
    assert seen == [written.name]
    assert [path.name for path in tmp_path.iterdir()] == ["tea.pdf"]


def test_a_folder_deleted_while_a_page_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the cache is deleted between the beginning and the end of a page, the page is written again."""
    path = tmp_path / "pages" / "tea.page"
    real = Path.replace
    deleted = []

    def vanishing(self: Path, target: Path) -> Path:
        if not deleted:
            deleted.append(self)
            self.unlink()
            self.parent.rmdir()
        return real(self, target)

    monkeypatch.setattr(Path, "replace", vanishing)
    replace(path, b"page")
    assert deleted
    assert path.read_bytes() == b"page"


@pytest.mark.parametrize(
    ("text", "size"), [("2G", 2 << 30), ("500 MB", 500 << 20), ("1GiB", 1 << 30), ("10k", 10 << 10), ("7", 7)]
)
def test_a_limit_is_a_size(text: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sizes are written as people write them."""
    monkeypatch.setenv("HANDOUTS_CACHE_LIMIT", text)
    assert cache.limit() == size


def test_the_limit_is_two_gibibytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing said, it is 2 GiB."""
    monkeypatch.setenv("HANDOUTS_CACHE_LIMIT", "")
    assert cache.limit() == 2 << 30


def test_message_of_a_limit_that_is_no_size(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit nobody can read is told before anything is done."""
    monkeypatch.setenv("HANDOUTS_CACHE_LIMIT", "much")
    assert run("build") == (
        1, "", 'HANDOUTS_CACHE_LIMIT: error: "much" is not a size [usage/cache]\n    hint: write a size such as 500M or 2G\n'
    )  # fmt: skip


def test_message_of_a_full_cache(tmp_path: Path) -> None:
    """A page that cannot be kept is told with what makes room."""
    (tmp_path / ".cache").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(HandoutsError) as caught:
        Cache(tmp_path / ".cache").put(KEYS[0], PAGE, {})
    assert str(caught.value) == (
        ".cache: error: cannot write: Not a directory [build/cache]\n"
        "    hint: check free space and the permissions of the folder; handouts cache --clear makes room"
    )


def test_the_command_tells_and_empties(run: Run, project_folder: Path) -> None:
    """`handouts cache` says where it is, how many pages and how large; `--clear` empties it and nothing else."""
    kept = Cache(project_folder / ".cache")
    for key in KEYS:
        kept.put(key, PAGE, {})
    mine = project_folder / ".cache" / "mine.txt"
    mine.write_text("mine", encoding="utf-8")
    said = f"{project_folder}/.cache: 5 pages, 50.9 KiB (at most 2.0 GiB after a build, or what that build needs)\n"
    assert run("cache") == (0, said, "")
    assert run("cache", "--clear") == (0, f"emptied {project_folder}/.cache: 5 pages, 50.9 KiB\n", "")
    assert list((project_folder / ".cache").iterdir()) == [mine]
    assert run("cache")[1].startswith(f"{project_folder}/.cache: 0 pages, 0 bytes")
