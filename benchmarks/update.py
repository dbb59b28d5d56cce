"""How long an update of a catalog takes, beside GNU msgmerge and Babel.

Run: python benchmarks/update.py [TEXTS CHANGED]. Three shapes of the same catalog: each text in a
context of its own (as handouts have it), all in one context, none in any. Ours and msgmerge keep the
old translation of a changed text; Babel is run without guessing, since its guesses take minutes.
"""

import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from babel.messages.pofile import read_po, write_po

from handouts import catalogs, po_reader
from handouts.model import Language
from handouts.po import Entry

SPANISH = Language(
    code="es", name="Spanish", autonym="Español", locale="es", script="Latn", direction="ltr", fonts=("Noto Sans",), leading=1.5
)
SHAPES = {"own context": "leaf.{}", "one context": "leaf", "no context": None}
WORDS = "black green white cup pot leaf water milk sugar warm cold morning evening small large sweet bitter slow quick"


def text(number: int) -> str:
    """A sentence of about ten words, each one different."""
    words = WORDS.split()
    chosen = [words[number * step % len(words)] for step in (1, 3, 5, 7, 11, 13)]
    return f"Put {' '.join(chosen)} into pot {number}, and wait {number % 7} minutes."


def timed(work: Callable[[], str]) -> tuple[float, str]:
    """The seconds a piece of work takes, and the catalog it makes."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def compare(name: str, shape: str | None, texts: int, changed: int, folder: Path) -> None:
    """Print one line for each tool."""
    entries = tuple(Entry(text(n), ("",), context=shape and shape.format(n)) for n in range(texts))
    blank = catalogs.merged(None, entries, SPANISH, "tea")
    filled = replace(blank, entries=tuple(replace(e, strings=(f"«{e.id}»",)) if e.id else e for e in blank.entries))
    step = texts // changed
    wanted = tuple(replace(e, id=f"{e.id} Then drink.") if n % step == 0 else e for n, e in enumerate(entries))
    old, new = folder / "es.po", folder / "tea.pot"
    old.write_text(filled.text(), encoding="utf-8")
    new.write_text(catalogs.merged(None, wanted, SPANISH, "tea").text(), encoding="utf-8")

    def ours() -> str:
        return catalogs.merged(po_reader.parse(old.read_bytes(), "es.po"), wanted, SPANISH, "tea").text()

    def msgmerge() -> str:
        command = ["msgmerge", "--quiet", "--previous", "--no-wrap", "--output-file", folder / "merged.po", old, new]
        subprocess.run(command, check=True)
        return (folder / "merged.po").read_text(encoding="utf-8")

    def babel() -> str:
        with old.open("rb") as before, new.open("rb") as template:
            catalog = read_po(before)
            catalog.update(read_po(template), no_fuzzy_matching=True)
        out = io.BytesIO()
        write_po(out, catalog, width=0)
        return out.getvalue().decode()

    before = set(old.read_text(encoding="utf-8").splitlines())
    for tool, work in {"handouts update": ours, "msgmerge --previous": msgmerge, "babel, no guessing": babel}.items():
        seconds, result = timed(work)
        kept = result.count("\n#, fuzzy\n")
        lost = len(before - set(result.splitlines()) - {f'msgid "{e.id}"' for e in entries})
        print(f"{name:12} {tool:20} {seconds:8.2f} s {kept:6} suggestions {lost:6} other lines lost")


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]] or [5000, 500]
    with tempfile.TemporaryDirectory() as scratch:
        for one, context in SHAPES.items():
            compare(one, context, *numbers, Path(scratch))
