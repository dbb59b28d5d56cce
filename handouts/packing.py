"""A pack's sheets to one PDF: its own leaves are set, its parts are fetched from the cache, `assembly` joins them.

The contents are set last: only then is known on which page each part begins.
"""

import hashlib
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from handouts import archive, assembly, foreign, imposition, markup, navigation
from handouts.assembly import Layout, Part
from handouts.cache import Cache, MissingError
from handouts.pack_plan import File, PackJob, Piece
from handouts.packs import PackEdition
from handouts.page import Details, Entry, Leaf, Page
from handouts.pdf import srgb
from handouts.plan import Job
from handouts.printing import checked, printed
from handouts.problems import Problem


@dataclass(frozen=True)
class Packed:
    """A finished pack: its bytes, its pages, and the parts for whose sake it does not claim to be accessible."""

    pdf: bytes
    pages: int
    accessible: bool
    """Whether it claims PDF/UA-1; a booklet, for printing only, never does."""
    unfit: tuple[str, ...]
    removed: tuple[tuple[str, str, int], ...]
    """What was taken out of PDFs from elsewhere: the file, what, how often."""
    found: tuple[Problem, ...] = ()
    """What the rules of clear print warn of in its own leaves."""


CHECKED = "checked"
"""How a leaf is made that is held against the rules of clear print."""

_Leaf = tuple[bytes, tuple[Problem, ...]]

Leaves = MutableMapping[str, _Leaf]
"""Leaves that were set before, by what they say: for whoever makes one pack after another."""


def packed(job: PackJob, templates: Path, cache: Cache, folder: Path, leaves: Leaves | None = None) -> Packed:
    """The pack of a job whose sheets are in the cache; raises `HandoutsError`.

    `leaves` gives and takes leaves that are set already. A cover with details of a consultation is set each time.
    """
    return _Packing(job, templates, cache, folder, leaves).packed()


def copied(file: File, cache: Cache, folder: Path) -> tuple[bytes, Sequence[tuple[str, int]]]:
    """The clean copy of a PDF from elsewhere, and what was taken out of it; kept in the cache, as reading one takes time.

    Raises `HandoutsError`.
    """
    key = copy_key(file)
    try:
        pdf, facts = cache.entry(key)
        return pdf, facts["removed"]
    except LookupError:  # not made before, or gone again
        copy = foreign.cleaned(folder / file.path, file.path, file.password)
        cache.put(key, copy.pdf, {"removed": copy.removed})
        return copy.pdf, copy.removed


@dataclass(frozen=True)
class _Packing:
    job: PackJob
    templates: Path
    cache: Cache
    folder: Path
    leaves: Leaves | None = None
    found: list[Problem] = field(default_factory=list)
    removed: dict[File, Sequence[tuple[str, int]]] = field(default_factory=dict)

    def packed(self) -> Packed:
        """Set the leaves, number the pages, join the parts."""
        job = self.job
        duplex = job.edition is not PackEdition.FILLABLE
        made = [self.made(piece) for piece in job.pieces]
        counts = [assembly.page_count(pdf, piece.title) if pdf else 1 for pdf, piece in zip(made, job.pieces, strict=True)]
        order = self.contents(made, counts, duplex)
        parts = [
            Part(pdf, piece.title, piece.language.code, self.name(piece)) for pdf, piece in zip(made, job.pieces, strict=True)
        ]
        result = assembly.assemble(
            parts,
            title=job.page.handout.title,
            language=job.page.language.code,
            identifier=job.key[:32],
            author=job.page.clinic.name,
            keywords=replace(job.page.identity, edition=job.edition, parts=tuple(self.sheets())).text,
            direction=job.page.language.direction,
            duplex=duplex,
            stamps=self.set(self.own(Leaf("numbers", pages=order.pages)), len(made)),
            filler=self.set(self.own(Leaf("filler")), len(made) + 1) if order.blank else None,
        )
        removed = tuple((file.path, what, count) for file, found in self.removed.items() for what, count in found)
        unfit = tuple(part.name for part in result.unfit)
        accessible = not unfit and job.edition is not PackEdition.BOOKLET
        return Packed(self.finished(result.pdf, bool(unfit)), order.pages, accessible, unfit, removed, tuple(self.found))

    def contents(self, made: list[bytes], counts: list[int], duplex: bool) -> Layout:
        """Set the contents, which nearly always are one page; where they are more, they are set again."""
        order = assembly.layout(counts, duplex=duplex)
        for index, piece in enumerate(self.job.pieces):
            page = piece.made_from
            if not (isinstance(page, Page) and page.leaf and page.leaf.kind == "contents"):
                continue
            known = len(self.found)
            leaf = replace(page.leaf, entries=tuple(self.entries(order.starts)))
            made[index] = self.read(replace(page, leaf=leaf), index)
            pages = assembly.page_count(made[index], piece.title)
            if pages > counts[index]:
                counts[index] = pages
                del self.found[known:]
                return self.contents(made, counts, duplex)
        return order

    def finished(self, pdf: bytes, unfit: bool) -> bytes:
        """The pack in its edition."""
        job, name = self.job, str(self.job.output)
        if job.edition is PackEdition.BOOKLET:
            return imposition.imposed(pdf, job.page.language.direction, name)
        if job.edition is PackEdition.ARCHIVE and not unfit:  # one that is not accessible cannot be kept as if it were
            return archive.archival(pdf, srgb(), name)
        return pdf

    def made(self, piece: Piece) -> bytes:
        """The bytes of a part; nothing yet for the contents, which need all others."""
        match piece.made_from:
            case Job() as job:
                return self.sheet(job)
            case File() as file:
                return self.foreign(file)
            case page:
                return b"" if page.leaf and page.leaf.kind == "contents" else self.read(page, 0)

    def sheet(self, job: Job) -> bytes:
        """A handout or a form, from the cache; made anew when it has been taken away there meanwhile."""
        try:
            return self.cache.get(job.key)
        except MissingError:
            return checked(job.page, self.templates, job.key[:32], str(job.output))[0]

    def foreign(self, file: File) -> bytes:
        """A clean copy of a PDF from elsewhere."""
        pdf, self.removed[file] = copied(file, self.cache, self.folder)
        return pdf

    def set(self, page: Page, number: int) -> bytes:
        """A leaf of the pack as PDF bytes."""
        return self.once(page, number, lambda *given: (printed(*given, fixed=True), ()))[0]

    def read(self, page: Page, number: int) -> bytes:
        """A leaf that is read as a page of its own, held against the rules of clear print."""
        data, found = self.once(page, number, lambda *given: checked(*given, fixed=True), CHECKED)
        self.found.extend(found)
        return data

    def once(self, page: Page, number: int, make: Callable[..., _Leaf], how: str = "") -> _Leaf:
        """A leaf that is made, or was made before for a pack on which it says the same."""
        given = page, self.templates, f"{number:02}{self.job.key}"[:32], str(self.job.output)
        if self.leaves is None or (page.leaf and page.leaf.details != Details()):
            return make(*given)
        key = leaf_key(page, self.templates, how)
        if key not in self.leaves:
            self.leaves[key] = make(*given)
        return self.leaves[key]

    def own(self, leaf: Leaf) -> Page:
        """A leaf that is no part of the pack."""
        return replace(self.job.page, leaf=leaf)

    def entries(self, starts: tuple[int, ...]) -> Iterator[Entry]:
        """The lines of the contents."""
        for number, (piece, start) in enumerate(zip(self.job.pieces, starts, strict=True), 1):
            if piece.listed:
                yield Entry(piece.title, piece.language, piece.staff, navigation.address(number), start)

    def sheets(self) -> Iterator[str]:
        """The handouts and forms in it, as its keywords name them."""
        for job in self.job.sheets:
            identity = job.page.identity
            yield f"{identity.document} {identity.language} {identity.digest}"

    def name(self, piece: Piece) -> str:
        """What problems call a part."""
        match piece.made_from:
            case Job(output=output):
                return str(output)
            case File(path=path):
                return path
            case _:
                return f"{self.job.output}: {piece.title}"


def leaf_key(page: Page, templates: Path, how: str) -> str:
    """The key of a leaf among those that were set before: what it says, without its head, which no pack keeps."""
    body = markup.html(page, templates).partition("<body")[2]
    same = page if "<input" in body else replace(page, edition=page.layout)  # a leaf without fields is one in both editions
    told = (how, same.language.code, same.edition, body, *markup.styles(same, templates))
    return hashlib.sha256("\0".join(told).encode()).hexdigest()


def copy_key(file: File) -> str:
    """The key of the clean copy of a file."""
    return hashlib.sha256(f"clean copy {file.digest} {file.password}".encode()).hexdigest()
