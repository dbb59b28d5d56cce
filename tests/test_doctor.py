"""What the machine must have: seen, and told with a remedy for this system."""

import importlib.metadata
from pathlib import Path

import pytest

from handouts import doctor
from handouts.cli import main


def test_this_machine_has_everything() -> None:
    """Where the tests run, nothing is missing: set-up saw to it."""
    assert doctor.missing(tests=True) == ()
    assert doctor.python_fault() == ""


def test_a_browser_is_for_the_tests_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever only builds needs no Chromium; whoever runs the tests does."""
    monkeypatch.setattr("shutil.which", lambda name: None if name == "chromium" else f"/usr/bin/{name}")
    assert [r.package for r in doctor.missing(tests=True)] == ["chromium"]
    assert doctor.missing(tests=False) == ()


def test_what_steers_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library that the browser's driver needs, which a bare Debian lacks, is asked for where the tests run, on Linux only."""

    def absent(name: str) -> None:
        if "atomic" in name:
            raise OSError(name)

    monkeypatch.setattr("ctypes.CDLL", absent)
    assert [r.package for r in doctor.missing(tests=True)] == ["libatomic1"]
    assert doctor.missing(tests=False) == ()
    monkeypatch.setattr("sys.platform", "darwin")
    assert doctor.missing(tests=True) == ()


def test_fonts_may_lie_in_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fonts copied into templates/fonts/ count as there."""
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    present = doctor._fonts(tmp_path / "nowhere", "A.ttf", "B.ttf")
    assert not present()
    (tmp_path / "templates" / "fonts").mkdir(parents=True)
    for name in ("A.ttf", "B.ttf"):
        (tmp_path / "templates" / "fonts" / name).touch()
    assert present()


@pytest.mark.parametrize(
    ("manager", "expected"),
    [
        ("apt-get", "apt-get install --no-install-recommends libpango-1.0-0 fonts-noto-cjk"),
        ("dnf", "sudo dnf install pango; NotoSansCJK-Regular.ttc and NotoSansCJK-Bold.ttc copied into templates/fonts/"),
        ("brew", "brew install pango; NotoSansCJK-Regular.ttc and NotoSansCJK-Bold.ttc copied into templates/fonts/"),
        ("", "install what these Debian packages bring: libpango-1.0-0 fonts-noto-cjk"),
    ],
)
def test_the_remedy_is_for_this_system(manager: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The remedy is a command of the system's own package manager, or the names of what to find."""
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}" if name == manager else None)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    wanted = tuple(r for r in doctor.REQUIREMENTS if r.package in ("libpango-1.0-0", "fonts-noto-cjk"))
    assert doctor.remedy(wanted) == expected


def test_without_rights_the_remedy_uses_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user who is not root is told the command with sudo, and set-up needs sudo to install."""
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert doctor.remedy(doctor.REQUIREMENTS[:1]).startswith("sudo apt-get install")
    assert not doctor.installs_itself()


def test_a_package_that_differs_from_its_pin_is_named(tmp_path: Path) -> None:
    """A package of another version, or not there, is told; one under a condition is passed over."""
    lock = tmp_path / "requirements.lock"
    version = importlib.metadata.version("jinja2")
    lock.write_text(
        f"jinja2=={version} \\\n    --hash=sha256:00\nbabel==0.0.1 \\\n    --hash=sha256:00\n"
        "no-such-package==1 \\\n    --hash=sha256:00\nother==1 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n",
        encoding="utf-8",
    )
    assert doctor.unpinned(lock) == [
        ("babel", "0.0.1", importlib.metadata.version("babel")),
        ("no-such-package", "1", ""),
    ]


def test_the_command_tells_the_state_of_each(capsys: pytest.CaptureFixture[str]) -> None:
    """`handouts doctor` has a line for every requirement and for the Python environment."""
    main(["doctor"])
    said = capsys.readouterr().out
    for requirement in doctor.REQUIREMENTS:
        assert f"ok       {requirement.package}: " in said
    assert "Python packages as pinned" in said
