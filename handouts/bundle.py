"""What a page needs of this machine, so that another makes it byte for byte.

The project's templates travel as one value, unpacked once for a process; what cannot travel, the
versions of code, libraries and system fonts, is compared by name.
"""

import ctypes
import functools
import hashlib
import importlib.metadata
import io
import platform
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from handouts import fonts, pdf

LIBRARIES = ("babel", "fonttools", "jinja2", "markupsafe", "pillow", "pydantic", "pyphen", "segno", "tinyhtml5")
"""Libraries that decide how a page looks, besides those that `pdf.version` tells."""

FONT = "font "
"""What the name of a font family begins with among versions."""

OWN_FONTS = "templates/fonts"
"""What the project's own fonts are called among versions: Pango reads them once in the life of a process."""

KEPT = 4
"""How many bundles a process keeps unpacked."""

ABSENT = "nothing"


def _code() -> str:
    total = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        total.update(path.relative_to(Path(__file__).parent).as_posix().encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


CODE = _code()
"""A hash of the package as it was when this process began: values and functions travel by name."""


@dataclass(frozen=True)
class Bundle:
    """The files of a templates folder in one value; equal folders give equal bytes."""

    data: bytes

    @property
    def digest(self) -> str:
        """What tells it from others."""
        return hashlib.sha256(self.data).hexdigest()


def bundled(templates: Path) -> Bundle:
    """The templates of a project; a link that leads out of the folder is left behind."""
    root, data = templates.resolve(), io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(templates.rglob("*")):
            if path.is_file() and path.resolve().is_relative_to(root):
                entry = zipfile.ZipInfo(path.relative_to(templates).as_posix())  # of the year 1980, whenever it is packed
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
    return Bundle(data.getvalue())


class Shelf:
    """The bundles that a process has unpacked in a folder of its own."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._opened: dict[str, Path] = {}

    def templates(self, bundle: Bundle) -> Path:
        """The folder in which a bundle lies unpacked; the first one decides the project's own fonts."""
        digest = bundle.digest
        if digest not in self._opened:
            folder = self.place / digest
            with zipfile.ZipFile(io.BytesIO(bundle.data)) as archive:
                archive.extractall(folder)
            if not self._opened:
                if (folder / "fonts").is_dir():
                    shutil.copytree(folder / "fonts", self.fonts / "fonts")
                fonts.configure(self.fonts, self.place / "cache")
            while len(self._opened) >= KEPT:
                shutil.rmtree(self._opened.pop(next(iter(self._opened))))
            self._opened[digest] = folder
        return self._opened[digest]

    @property
    def fonts(self) -> Path:
        """The folder whose fonts/ this process sets pages with."""
        return self.place / "own"


def versions(families: Iterable[str], templates: Path) -> dict[str, str]:
    """All that must be the same where a page is made: code, libraries, fonts."""
    return {
        **_engine(),
        OWN_FONTS: _own_fonts(templates / "fonts"),
        **{FONT + family: _font(family, templates) for family in families},
    }


def differences(wanted: Mapping[str, str], found: Mapping[str, str]) -> Iterator[str]:
    """What is not as wanted, each in a few words."""
    for name, version in wanted.items():
        if found.get(name, ABSENT) != version:
            yield f"{name} {found.get(name, ABSENT)} instead of {version}"


def families(wanted: Mapping[str, str]) -> tuple[str, ...]:
    """The font families that versions name."""
    return tuple(name.removeprefix(FONT) for name in wanted if name.startswith(FONT))


@functools.cache
def _engine() -> dict[str, str]:
    """What stays the same as long as a process lives."""
    return {
        "handouts": CODE[:12],
        "python": ".".join(platform.python_version_tuple()[:2]),
        **dict(part.rsplit(" ", 1) for part in pdf.version().split(", ")),
        **{name: _installed(name) for name in LIBRARIES},
        "harfbuzz": _harfbuzz(),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
    }


def _installed(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ABSENT


def _harfbuzz() -> str:
    """The version of the library that shapes text, which WeasyPrint has loaded."""
    for name in ("libharfbuzz.so.0", "libharfbuzz.0.dylib"):
        with suppress(OSError):
            told = ctypes.CDLL(name).hb_version_string
            told.restype = ctypes.c_char_p
            return str(told().decode())
    return ABSENT


def _font(family: str, templates: Path) -> str:
    return fonts.digest((family,), templates)[:12] if fonts.files(family, templates) else ABSENT


def _own_fonts(folder: Path) -> str:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    total = hashlib.sha256()
    for path in found:
        total.update(path.relative_to(folder).as_posix().encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:12] if found else ABSENT
