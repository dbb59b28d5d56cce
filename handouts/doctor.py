"""What the machine must have, whether it has it, and what to do when it has not.

Standard library only, and no newer syntax than old Pythons know: this runs before anything is
installed. `setup` installs what is missing here; the `doctor` command prints it.
"""

import ctypes
import importlib.util
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Tuple

OLDEST_PYTHON = (3, 11)
NOTO = Path("/usr/share/fonts/truetype/noto")
NOTO_CJK = Path("/usr/share/fonts/opentype/noto")


@dataclass(frozen=True)
class Requirement:
    """One thing the machine must have: its Debian package, why, and how to see that it is there."""

    package: str
    why: str
    present: Callable[[], bool]
    elsewhere: str
    tests_only: bool = False


def _library(name: str) -> Callable[[], bool]:
    def present() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return present


def _file(*paths: Path) -> Callable[[], bool]:
    return lambda: all(path.exists() for path in paths)


def _module(*names: str) -> Callable[[], bool]:
    return lambda: all(importlib.util.find_spec(name) is not None for name in names)


def _command(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name) is not None


REQUIREMENTS: Tuple[Requirement, ...] = (
    Requirement("python3-venv", "makes the project's own Python environment", _module("venv", "ensurepip"),
                "the venv and ensurepip modules of Python"),
    Requirement("libpango-1.0-0", "lays out text in every script", _library("libpango-1.0.so.0"), "Pango 1.44 or newer"),
    Requirement("libpangoft2-1.0-0", "finds fonts for Pango", _library("libpangoft2-1.0.so.0"), "PangoFT2"),
    Requirement("libharfbuzz-subset0", "puts only the needed letters into a PDF; without it Chinese takes 40 times longer",
                _library("libharfbuzz-subset.so.0"), "HarfBuzz with hb-subset"),
    Requirement("fonts-noto-core", "the letters of most languages",
                _file(NOTO / "NotoSans-Regular.ttf", NOTO / "NotoSans-Bold.ttf", NOTO / "NotoSansArabic-Bold.ttf"),
                "Noto Sans and Noto Sans Arabic, static, in /usr/share/fonts/truetype/noto"),
    Requirement("fonts-noto-cjk", "the characters of Chinese, Japanese and Korean",
                _file(NOTO_CJK / "NotoSansCJK-Regular.ttc", NOTO_CJK / "NotoSansCJK-Bold.ttc"),
                "Noto Sans CJK, static, in /usr/share/fonts/opentype/noto"),
    Requirement("poppler-utils", "the tests read finished PDFs with it", _command("pdftotext"), "poppler's tools", True),
    Requirement("gettext", "the tests compare our catalog reader with it", _command("msgfmt"), "GNU gettext", True),
)  # fmt: skip


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
    """The command, or the list of things, that mends what is missing."""
    if shutil.which("apt-get"):
        prefix = "" if os.geteuid() == 0 else "sudo "
        return "{}apt-get install --no-install-recommends {}".format(prefix, " ".join(r.package for r in requirements))
    return "install with your system's packages: {}".format("; ".join(r.elsewhere for r in requirements))
