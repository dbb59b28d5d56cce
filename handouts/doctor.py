"""What the machine must have, whether it has it, and what to do when it has not.

Standard library only, and no newer syntax than old Pythons know: this runs before anything is
installed. `setup` installs what is missing here; the `doctor` command prints it.
"""

import ctypes
import importlib.metadata
import importlib.util
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, List, Mapping, Tuple

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)
NOTO = Path("/usr/share/fonts/truetype/noto")
NOTO_CJK = Path("/usr/share/fonts/opentype/noto")


@dataclass(frozen=True)
class Requirement:
    """One thing the machine must have: its Debian package, why, and how to see that it is there."""

    package: str
    why: str
    present: Callable[[], bool]
    elsewhere: Mapping[str, str]
    by_hand: str = ""
    tests_only: bool = False


def _library(name: str) -> Callable[[], bool]:
    def present() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return present


def _fonts(folder: Path, *names: str) -> Callable[[], bool]:
    """Fonts in the system's folder, or copied into the checkout's templates/fonts/."""
    places = (folder, ROOT / "templates" / "fonts")
    return lambda: any(all((place / name).exists() for name in names) for place in places)


def _module(*names: str) -> Callable[[], bool]:
    return lambda: all(importlib.util.find_spec(name) is not None for name in names)


def _command(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name) is not None


REQUIREMENTS: Tuple[Requirement, ...] = (
    Requirement("python3-venv", "makes the project's own Python environment", _module("venv", "ensurepip"),
                {"dnf": "python3", "pacman": "python", "brew": "python@3.12"}),
    Requirement("libpango-1.0-0", "lays out text in every script", _library("libpango-1.0.so.0"),
                {"dnf": "pango", "pacman": "pango", "brew": "pango"}),
    Requirement("libpangoft2-1.0-0", "finds fonts for Pango", _library("libpangoft2-1.0.so.0"),
                {"dnf": "pango", "pacman": "pango", "brew": "pango"}),
    Requirement("libharfbuzz-subset0", "puts only the needed letters into a PDF; without it Chinese takes 40 times longer",
                _library("libharfbuzz-subset.so.0"), {"dnf": "harfbuzz", "pacman": "harfbuzz", "brew": "harfbuzz"}),
    Requirement("fonts-noto-core", "the letters of most languages",
                _fonts(NOTO, "NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSansArabic-Regular.ttf", "NotoSansArabic-Bold.ttf"),
                {}, "NotoSans and NotoSansArabic, Regular and Bold .ttf, copied into templates/fonts/"),
    Requirement("fonts-noto-cjk", "the characters of Chinese, Japanese and Korean",
                _fonts(NOTO_CJK, "NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"),
                {}, "NotoSansCJK-Regular.ttc and NotoSansCJK-Bold.ttc copied into templates/fonts/"),
    Requirement("poppler-utils", "the tests read finished PDFs with it", _command("pdftotext"),
                {"dnf": "poppler-utils", "pacman": "poppler", "brew": "poppler"}, tests_only=True),
    Requirement("gettext", "the tests compare our catalog reader with it", _command("msgfmt"),
                {"dnf": "gettext", "pacman": "gettext", "brew": "gettext"}, tests_only=True),
    Requirement("chromium", "the tests open the catalogue and the other screens in it", _command("chromium"),
                {"dnf": "chromium", "pacman": "chromium", "brew": "chromium"}, tests_only=True),
    Requirement("libatomic1", "what steers that browser needs it", lambda: sys.platform != "linux" or _library("libatomic.so.1")(),
                {"dnf": "libatomic", "pacman": "gcc-libs"}, tests_only=True),
)  # fmt: skip
"""Everything the machine must have, and the Debian package that brings it."""


def missing(tests: bool) -> Tuple[Requirement, ...]:
    """The requirements the machine does not meet; those of the tests only when asked for."""
    return tuple(r for r in REQUIREMENTS if (tests or not r.tests_only) and not r.present())


def python_fault() -> str:
    """Why this Python will not do, in words; empty when it will."""
    if sys.version_info < OLDEST_PYTHON:
        return "Python {}.{} is too old: Python 3.11 or newer is needed".format(*sys.version_info[:2])
    return ""


def installs_itself() -> bool:
    """Whether set-up can install packages here: Debian, Ubuntu and their kin."""
    return shutil.which("apt-get") is not None and (os.geteuid() == 0 or shutil.which("sudo") is not None)


def remedy(requirements: Tuple[Requirement, ...]) -> str:
    """The commands, or the things to do by hand, that mend what is missing on this system."""
    if shutil.which("apt-get"):
        prefix = "" if os.geteuid() == 0 else "sudo "
        return "{}apt-get install --no-install-recommends {}".format(prefix, " ".join(r.package for r in requirements))
    steps = [r.by_hand for r in requirements if r.by_hand]
    for manager, command in (("dnf", "sudo dnf install"), ("pacman", "sudo pacman -S"), ("brew", "brew install")):
        if shutil.which(manager):
            names = dict.fromkeys(r.elsewhere[manager] for r in requirements if manager in r.elsewhere)
            return "; ".join(([f"{command} {' '.join(names)}"] if names else []) + steps)
    return "install what these Debian packages bring: {}".format(" ".join(r.package for r in requirements))


def unpinned(lock: Path) -> List[Tuple[str, str, str]]:
    """Python packages that are not installed as the lock file pins them: name, pinned, installed (or "").

    Pins that hold only under a condition (another system, another Python) are passed over.
    """
    wrong = []
    for name, pinned in re.findall(r"(?m)^([\w.-]+)==(\S+) \\\\?$", lock.read_text(encoding="utf-8")):
        try:
            installed = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            installed = ""
        if installed != pinned:
            wrong.append((name, pinned, installed))
    return wrong
