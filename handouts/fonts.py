"""The fonts a page may use: where they are, what they hold, and a fontconfig that knows no others.

Pango takes any installed font when a glyph is missing, without a word. So WeasyPrint is shown
only the folders named here, and every character that is printed is looked up beforehand.
"""

import functools
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from xml.sax.saxutils import escape

from handouts.cache import replace, unwritable

SYSTEM_FOLDERS = (Path("/usr/share/fonts/truetype/noto"), Path("/usr/share/fonts/opentype/noto"))
"""Where Debian's and Ubuntu's fonts-noto-core and fonts-noto-cjk put their files."""

INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\ufeff")
"""Characters that steer line breaking and direction and need no glyph."""

HEAVIER = """\
  <match target="scan">
    <test name="style"><string>Bold</string></test>
    <test name="weight" compare="less"><const>bold</const></test>
    <edit name="weight" mode="assign"><const>bold</const></edit>
  </match>
"""
"""Debian's Noto Nastaliq Urdu Bold says that it is of regular weight: without this, Urdu is set in one weight."""


def configure(templates: Path, cache: Path) -> None:
    """Point fontconfig at the system's Noto folders and the project's own templates/fonts/, and at nothing else.

    Must run before the first page is laid out: the configuration is read once per process. Raises `HandoutsError`.
    """
    folders = "".join(f"  <dir>{escape(str(f))}</dir>\n" for f in (*SYSTEM_FOLDERS, templates / "fonts"))
    text = (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        f"{folders}{HEAVIER}  <cachedir>{escape(str(cache / 'fontconfig-by-style'))}</cachedir>\n</fontconfig>\n"
    )
    # its name says what is in it: checkouts that share a cache folder have templates/fonts/ of their own
    path = cache / f"fonts-{hashlib.sha256(text.encode()).hexdigest()[:16]}.conf"
    try:
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            replace(path, text.encode())
    except OSError as fault:
        raise unwritable(cache, fault) from None
    os.environ["FONTCONFIG_FILE"] = str(path)


@functools.cache
def _index(templates: Path) -> dict[str, tuple[tuple[Path, int], ...]]:
    """Family name to its files (and the number of the face in a collection)."""
    families: dict[str, list[tuple[Path, int]]] = {}
    for folder in (*SYSTEM_FOLDERS, templates / "fonts"):
        for path in sorted(folder.rglob("*.[to]t[fc]")):
            if "Regular" in path.name or "Bold" in path.name or folder == templates / "fonts":
                families.setdefault(path.stem.split("-")[0], []).append((path, 0))
    return {name: tuple(files) for name, files in families.items()}


def files(family: str, templates: Path) -> tuple[Path, ...]:
    """The regular and bold files of a family; empty when it is not installed."""
    stem = family.replace(" ", "")
    index = _index(templates)
    if stem in index:
        wanted = {f"{stem}-Regular", f"{stem}-Bold", stem}
        return tuple(path for path, _ in index[stem] if path.stem in wanted)
    if stem[:-2] in index and stem.startswith("NotoSansCJK"):
        return tuple(path for path, _ in index[stem[:-2]])
    return ()


@dataclass(frozen=True)
class _Facts:
    """What is known of one face of a font file: the digest of the file, and the code points it has a glyph for."""

    digest: str
    held: frozenset[int]


@functools.cache
def _facts(path: Path, family: str) -> _Facts:
    """The facts of a face, kept beside the configuration of fontconfig by the file's size and times: reading them takes long."""
    stat = path.stat()
    seen = json.dumps([str(path), family, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns])
    configured = os.environ.get("FONTCONFIG_FILE")
    kept = (
        Path(configured).parent / "fonts-held" / f"{hashlib.sha256(seen.encode()).hexdigest()[:32]}.json"
        if configured
        else None
    )
    with suppress(OSError, ValueError, KeyError, TypeError):
        if kept:
            known = json.loads(kept.read_bytes())
            return _Facts(known["digest"], frozenset(chain.from_iterable(range(a, b + 1) for a, b in known["held"])))
    facts = _Facts(hashlib.sha256(path.read_bytes()).hexdigest(), _drawn(path, family))
    with suppress(OSError):
        if kept:
            known = {"digest": facts.digest, "held": list(_ranges(sorted(facts.held)))}
            replace(kept, json.dumps(known, separators=(",", ":")).encode())
    return facts


def _ranges(points: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of numbers that follow each other."""
    for _, run in groupby(enumerate(points), key=lambda each: each[1] - each[0]):
        members = [point for _, point in run]
        yield members[0], members[-1]


@functools.cache
def characters(family: str, templates: Path) -> frozenset[int]:
    """The code points that every file of a family has a glyph for; empty when it is not installed."""
    found: frozenset[int] | None = None
    for path in files(family, templates):
        held = _facts(path, family).held
        found = held if found is None else found & held
    return found or frozenset()


def _drawn(path: Path, family: str) -> frozenset[int]:
    """The code points one file has a glyph for; in a collection, those of the face of the family."""
    from fontTools.ttLib import TTCollection, TTFont

    if path.suffix != ".ttc":
        with TTFont(path, lazy=True) as face:
            return frozenset(face.getBestCmap())
    with TTCollection(path, lazy=True) as collection:
        named = (face for face in collection.fonts if face["name"].getDebugName(1).startswith(family))
        return frozenset(next(named, collection.fonts[0]).getBestCmap())


@functools.cache
def _held(families: tuple[str, ...], templates: Path) -> frozenset[int]:
    return frozenset().union(*(characters(family, templates) for family in families))


def missing(text: str, families: Iterable[str], templates: Path) -> tuple[str, ...]:
    """The characters of a text that no font of the stack can draw, each once, in order."""
    held = _held(tuple(families), templates)
    return tuple(dict.fromkeys(c for c in text if ord(c) not in held and c not in INVISIBLE and not c.isspace()))


@functools.cache
def digest(families: tuple[str, ...], templates: Path) -> str:
    """A hash of the font files of a stack: another font release makes other pages."""
    total = hashlib.sha256()
    for family in families:
        for path in files(family, templates):
            total.update(path.name.encode())
            total.update(_facts(path, family).digest.encode())
    return total.hexdigest()
