"""What was measured, as Markdown: the aims beside it first, then each table. No clock, no machine name, no path."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks import typst_pages
from benchmarks.contests import PREVIEWED, Edit, Entry, Unchanged

NOT_MEASURED = "not measured"
LARGEST = 10_000
"""Outputs of the project on which the aim beside ninja is set."""


@dataclass
class Report:
    """What has been measured so far."""

    date: str
    machine: str
    versions: Sequence[str]
    missing: Mapping[str, str] = field(default_factory=dict)
    rounds: int = 0
    full: tuple[Entry, ...] = ()
    sizes: list[Entry] = field(default_factory=list)
    small: list[Entry] = field(default_factory=list)
    still: list[Unchanged] = field(default_factory=list)
    edit: Edit | None = None

    def text(self) -> str:
        """The whole page."""
        parts = [
            "# Benchmarks",
            "Written by `make bench`; the numbers are ratios of one run on one machine, and that is what they are good for.",
            f"Measured on {self.date} on {self.machine}, with {', '.join(self.versions)}.",
            *(f"Left out: {name}, because {why}." for name, why in self.missing.items()),
            "## The aims, and what was measured",
            table(("what", "aim", "measured"), self._aims()),
            *self._full(),
            *self._growth(),
            *self._still(),
            *self._edit(),
        ]
        return "\n\n".join(parts) + "\n"

    def _aims(self) -> list[tuple[str, ...]]:
        """The aims, each with what was measured."""
        ours = self.full[0] if self.full else None
        cold = {"weasyprint": "full build against the `weasyprint` command loop, two at a time",
                "Chromium, a process": "full build against Chromium, two at a time"}  # fmt: skip
        rows = []
        for start, what in cold.items():
            peer = next((e for e in self.full[1:] if start in e.name), None)
            told = f"{peer.each / ours.each:.1f} times faster" if peer and ours else NOT_MEASURED
            rows.append((what, "4 times faster or better", told))
        typst = next((e for e in self.full[1:] if "Typst" in e.name), None)
        told = f"{ours.each / typst.each:.1f} times Typst's time" if typst and ours else NOT_MEASURED
        rows.append(("full build against Typst, warm, two processes", "as near to 1 as can be reached", told))
        shipped = next((s for s in self.still if s.name == "shipped"), None)
        rows.append(
            ("no-op build of the shipped project", "under 0.25 s", f"{shipped.ours:.2f} s" if shipped else NOT_MEASURED)
        )
        huge = next((s for s in self.still if s.files >= LARGEST and s.ninja), None)
        told = (
            f"{huge.ours / huge.ninja:.1f} times ({huge.ours:.2f} s against {huge.ninja:.2f} s)"
            if huge and huge.ninja
            else NOT_MEASURED
        )
        rows.append((f"no-op build at {LARGEST:,} outputs", "within 3 times `ninja`'s", told))
        edit = self.edit
        told = f"{edit.whole:.2f} s (everything), {edit.narrow:.2f} s (that page)" if edit else NOT_MEASURED
        rows.append(("one msgstr edited, cold command to finished PDF", "under 1.2 s", told))
        told = f"{edit.shown:.2f} s (the page), {edit.printed:.2f} s (its PDF)" if edit else NOT_MEASURED
        rows.append(("the same, warm (preview)", "under 0.4 s", told))
        ratios = [_growth(*pair) for pair in _tens(self.sizes)] + [
            f"{_growth(*pair)} (small pages)" for pair in _tens(self.small)
        ]
        rows.append(("10 times the documents: time", "at most 10.5 times", "; ".join(ratios) or NOT_MEASURED))
        peaks = "; ".join(f"{e.worker:.0f} MB at {e.name}" for e in (*self.sizes, *self.small)) or NOT_MEASURED
        rows.append(("10 times the documents: peak memory of a worker", "the same, under 350 MB", peaks))
        return rows

    def _full(self) -> Iterable[str]:
        if not self.full:
            return
        ours = self.full[0]
        yield "## Full builds"
        yield (
            f"Cold: no finished page is kept, fontconfig's own cache is. Medians of {self.rounds} interleaved rounds. The pages are the shipped "
            "handouts in English, Spanish, Russian, Arabic and Chinese, standard and large print; the web editions, which a build makes besides, "
            "are in our time and not counted. `handouts build` reads and checks "
            "content and catalogs, makes the HTML, lays out, puts tags right, looks at every finished page by the rules of clear "
            "print, and publishes; the peers are given the finished HTML and CSS (Typst: the same words in its own language) and do the "
            "layout alone. Times of Typst and of the browsers kept open leave out their start; ours and the others hold it. "
            f"Where peers print {self.full[1].documents if len(self.full) > 1 else 0} documents and we {ours.documents}, theirs "
            "are chosen evenly among ours, and ratios are of seconds for a document."
        )
        rows = [
            (
                entry.name, entry.version or "this checkout", f"{entry.documents:,}", f"{entry.pages:,}", f"{entry.seconds:.1f}",
                f"{entry.documents / entry.seconds:.2f}", f"{entry.pages / entry.seconds:.2f}",
                f"{entry.parent:.0f}", f"{entry.worker:.0f}", f"{entry.each / ours.each:.2f}",
            )
            for entry in self.full
        ]  # fmt: skip
        yield table(("what", "version", "documents", "pages", "s", "documents/s", "pages/s", "MB, first process",
                      "MB, largest other", "time against ours"), rows)  # fmt: skip
        yield (
            "Chromium does not know running footers: its pages have none (the words stand once, at the top, and on Arabic pages "
            "push the first page aside), so it lays out less. "
            f"The Typst template leaves out: {typst_pages.LEFT_OUT}. Typst also remembers paragraphs that come again in a process. "
            "Neither checks a page afterwards. Memory is the high-water mark of single processes, as Linux tells it; "
            "a shell loop's first process is the shell."
        )

    def _growth(self) -> Iterable[str]:
        if not self.sizes and not self.small:
            return
        yield "## More documents"
        yield (
            "One full build of each, two workers. More than a hundred outputs are copies of the shipped handouts with ids and document "
            "numbers of their own; small pages are handouts cut down to a few lines, so that thousands can be made in the time there is."
        )
        rows = [
            (
                kind,
                f"{e.documents:,}",
                f"{e.pages:,}",
                f"{e.seconds:.1f}",
                f"{e.pages / e.seconds:.2f}",
                f"{e.parent:.0f}",
                f"{e.worker:.0f}",
            )
            for kind, entries in (("whole handouts", self.sizes), ("small pages", self.small))
            for e in entries
        ]
        yield table(("what", "documents", "pages", "s", "pages/s", "MB, command", "MB, largest worker"), rows)

    def _still(self) -> Iterable[str]:
        if not self.still:
            return
        yield "## Nothing changed"
        yield (
            "Medians of five builds of which each finds everything made, beside `ninja` with a build.ninja of as many outputs, each with the "
            "inputs that the manifest names for it and all templates; `python` is starting the interpreter alone."
        )
        rows = [
            (s.name, f"{s.files:,}", f"{s.inputs:,}", f"{s.ours:.3f}", f"{s.ninja:.3f}" if s.ninja else NOT_MEASURED,
             f"{s.ours / s.ninja:.1f}" if s.ninja else NOT_MEASURED, f"{s.python:.3f}")
            for s in self.still
        ]  # fmt: skip
        yield table(("project", "outputs", "inputs", "handouts s", "ninja s", "handouts / ninja", "python s"), rows)

    def _edit(self) -> Iterable[str]:
        if self.edit:
            yield "## One text changed"
            yield (
                f"One msgstr of an Arabic catalog, in the project that the peers printed too. `handouts build` made {self.edit.files} files (the editions of that "
                f"handout) in {self.edit.whole:.2f} s; `handouts build -l ar --handout … --edition standard` made that page in "
                f"{self.edit.narrow:.2f} s. Both are whole commands, from the start of Python to the published file. In `handouts preview`, "
                f"which has read everything, the page as HTML was ready for the browser {self.edit.shown:.2f} s after the catalog was saved, "
                f"and the PDF with pictures of its pages after {self.edit.printed:.2f} s (medians of {PREVIEWED}; the browser's own time, "
                "some 0.02 s, is left out)."
            )


def _tens(entries: Sequence[Entry]) -> Iterable[tuple[Entry, Entry]]:
    """Pairs of entries of which the second has ten times the documents."""
    return [(a, b) for a in entries for b in entries if b.documents == 10 * a.documents]


def _growth(few: Entry, many: Entry) -> str:
    return f"{many.seconds / few.seconds:.1f} times from {few.documents:,} to {many.documents:,}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, its columns as wide as they must be, so that it can be read as it is."""
    lines = [list(head), *map(list, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    shown = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines]
    return "\n".join([shown[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *shown[1:]])
