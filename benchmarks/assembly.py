"""How long a pack of ready parts takes to assemble, beside merging that loses the tags: pypdf's `append` and `qpdf --pages`.

Run: python benchmarks/assembly.py PART.pdf ... [--pages 40 200 1000 2000]. The parts given are taken again and again
until the pack has at least as many pages (ours stores their fonts once, however often they come). Times are processor
seconds, the best of three for small packs, so that a busy machine does not matter; qpdf's include starting it.
"""

import argparse
import io
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pypdf

from handouts.assembly import Part, assemble, page_count


def timed(work: Callable[[], bytes], times: int) -> tuple[float, bytes]:
    """The processor seconds that a piece of work and its child processes take at best, and the file it makes."""
    best = float("inf")
    for _ in range(times):
        start = sum(os.times()[:4])
        made = work()
        best = min(best, sum(os.times()[:4]) - start)
    return best, made


def appended(parts: list[Part]) -> bytes:
    """The parts merged by pypdf."""
    writer, whole = pypdf.PdfWriter(), io.BytesIO()
    for part in parts:
        writer.append(io.BytesIO(part.pdf))
    writer.write(whole)
    return whole.getvalue()


def merged(parts: list[Part], folder: Path) -> bytes:
    """The parts merged by qpdf, which must have every file once under its own name."""
    names = []
    for index, part in enumerate(parts):
        names.append(folder / f"{index}.pdf")
        if not names[-1].exists():
            names[-1].write_bytes(part.pdf)
    subprocess.run(["qpdf", "--empty", "--pages", *names, "--", folder / "whole"], check=True)
    return (folder / "whole").read_bytes()


def tags(pdf: bytes) -> str:
    """Whether a file still has tags."""
    return "yes" if "/StructTreeRoot" in pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"] else "no"  # type: ignore[operator]  # the trailer of our own files has a catalog


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="+", type=Path)
    parser.add_argument("--pages", nargs="+", type=int, default=[40, 200, 1000, 2000])
    arguments = parser.parse_args()
    given = [Part(path.read_bytes(), path.stem, "en", path.name) for path in arguments.parts]
    print(f"{'pages':>6} {'parts':>6}  {'way':<14} {'seconds':>8} {'ms/page':>8} {'MB':>7}  tags")
    for wanted in arguments.pages:
        parts: list[Part] = []
        pages = 0
        for part in itertools.cycle(given):
            if pages >= wanted:
                break
            parts.append(part)
            pages += page_count(part.pdf)
        with tempfile.TemporaryDirectory() as name:
            ways: dict[str, Callable[[], bytes]] = {
                "assemble": lambda: assemble(parts, title="Pack", language="en", identifier="pack").pdf,  # noqa: B023  # called within its turn of the loop
                "pypdf append": lambda: appended(parts),  # noqa: B023  # the same
            }
            if shutil.which("qpdf"):
                ways["qpdf --pages"] = lambda: merged(parts, Path(name))  # noqa: B023  # the same
            for way, work in ways.items():
                seconds, pdf = timed(work, 3 if wanted < 1000 else 1)
                row = f"{pages:>6} {len(parts):>6}  {way:<14} {seconds:>8.2f} {1000 * seconds / pages:>8.2f} {len(pdf) / 1e6:>7.2f}"
                print(f"{row}  {tags(pdf)}", flush=True)


if __name__ == "__main__":
    main()
