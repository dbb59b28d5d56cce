"""The pages of a part as pages of the pack: numbered, stamped, their annotations led anew, untagged content marked."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from handouts.form_fields import Joined
from handouts.navigation import Target, begin, led
from handouts.page_forms import Box, box, contents, drawing, fitted, form, only, size, turn
from handouts.pdf_copying import Copier
from handouts.pdf_output import Output
from handouts.pdf_source import Source
from handouts.pdf_syntax import MalformedError, Ref, written
from handouts.structure_tree import Tree, Untagged

_LEFT_OUT = frozenset({"Parent", "Annots", "Contents", "Resources", "B", "AA", "Thumb", "PieceInfo", "StructParents", "Tabs"})
_FOOTER = b"/Artifact <</Type /Pagination /Subtype /Footer /Attached [/Bottom]>> BDC "
_BLANK = b"/Artifact <</Type /Layout>> BDC "


@dataclass(frozen=True)
class Page:
    """A page of a part: its place in the pack, what the part says of it, and its annotations with theirs."""

    ref: Ref
    old: dict[str, Any]
    seen: Box
    quarters: int
    annotations: list[tuple[Any, Ref]]
    """Each annotation as the part has it, and its place in the pack."""


def pages(copier: Copier) -> list[Page]:
    """Reserve the places of a part's pages and annotations."""
    source, found = copier.source, []
    copier.numbers[source.trailer["Root"].number] = 0
    for number, old in source.pages():
        if not old:
            copier.numbers[number] = 0
            continue
        annotations = [
            (annotation, Ref(copier.claim(annotation) if isinstance(annotation, Ref) else copier.output.reserve()))
            for annotation in source.array(old.get("Annots"))
            if source.dictionary(annotation)
        ]
        found.append(Page(Ref(copier.claim(Ref(number))), old, box(source, old), turn(source, old), annotations))
    if not found:
        raise MalformedError("no page")
    return found


@dataclass
class Stamps:
    """What is drawn over the pages of a pack: one form for each, one for all, or none."""

    forms: list[tuple[Ref, tuple[float, float]]] = field(default_factory=list)

    @classmethod
    def read(cls, output: Output, source: Source | None) -> "Stamps":
        """The pages of a PDF as stamps."""
        if source is None:
            return cls()
        copier = Copier(source, output)
        return cls([(form(copier, page, bare=True), size(box(source, page), turn(source, page))) for page in only(copier)])

    def over(self, index: int, seen: Box, quarters: int, name: str) -> tuple[dict[str, Ref], bytes]:
        """The form drawn over the page of this index, and the operators that draw it."""
        if not self.forms:
            return {}, b""
        stamp, shown = self.forms[index if len(self.forms) > 1 else 0]
        return {name: stamp}, _FOOTER + drawing(name, fitted(shown, seen, quarters)) + b" EMC"


@dataclass
class Writer:
    """Writes the pages of one part; `index` is how many pages the pack has before it."""

    copier: Copier
    number: int
    targets: list[Target]
    tree: Tree
    stamps: Stamps
    root: Ref
    joined: Joined
    index: int
    tagged: bool

    def write(self, own: list[Page]) -> list[Untagged]:
        """Write all pages; tells what was marked on those without tags."""
        marked = [self._page(page, self.index + offset) for offset, page in enumerate(own)]
        drawn = {annotation for page in own for annotation, _ in page.annotations if isinstance(annotation, Ref)}
        for ref, entries in self.joined.entries.items():
            if ref not in drawn:
                self._put(Ref(self.copier.claim(ref)), self._parented(ref, self.copier.value(entries)))
        return [each for each in marked if each]

    def _page(self, page: Page, index: int) -> Untagged | None:
        copier, output, old = self.copier, self.copier.output, page.old
        entries = copier.value({key: value for key, value in old.items() if key not in _LEFT_OUT})
        streams = [Ref(copier.resource(ref.number)) for ref in copier.source.array(old.get("Contents")) if isinstance(ref, Ref)]
        marked = None if self.tagged else self._marked(page)
        name = "Stamp"
        while name in self._forms(old):
            name += "-"
        stamp, over = self.stamps.over(index, page.seen, page.quarters, name)
        before, after = b"q", b"Q"
        if marked:
            before, after = b"/P <</MCID %d>> BDC q" % marked.mark, b"Q EMC"
        if marked or over:
            streams = [output.stream({}, before + b"\n"), *streams, output.stream({}, b"\n" + after + b"\n" + over)]
        key = marked.key if marked else copier.keys.get(old.get("StructParents", -1))
        entries |= {
            "Type": "Page",
            "Parent": self.root,
            "Contents": streams,
            "Resources": self._resources(old, stamp),
            "Tabs": "S",
        }
        if key is not None:
            entries["StructParents"] = key
        if page.annotations:
            entries["Annots"] = [ref for _, ref in page.annotations]
        roles = {ref: key for key, ref, _ in marked.annotations} if marked else {}
        for annotation, ref in page.annotations:
            self._annotation(annotation, ref, page.ref, roles.get(ref))
        self._put(page.ref, entries)
        return marked

    def _forms(self, page: dict[str, Any]) -> dict[str, Any]:
        source = self.copier.source
        return source.dictionary(source.dictionary(page.get("Resources")).get("XObject"))

    def _resources(self, page: dict[str, Any], stamp: dict[str, Ref]) -> Any:
        """The page's resources, which it may have in common with others, and its stamp."""
        copier = self.copier
        if not stamp:
            return copier.value(page.get("Resources", {}))
        whole = copier.source.dictionary(page.get("Resources"))
        shared = {
            key: Ref(copier.output.share(written(value))) if isinstance(value, dict) else value
            for key, value in copier.value({key: value for key, value in whole.items() if key != "XObject"}).items()
        }
        return shared | {"XObject": copier.value(self._forms(page)) | stamp}

    def _marked(self, page: Page) -> Untagged:
        try:
            taken = [int(mark) for mark in re.findall(rb"/MCID\s+(\d{1,6})\b", contents(self.copier.source, page.old))]
        except MalformedError:
            taken = []
        roles = {"Link": "Link", "Widget": "Form"}
        inside = []
        for annotation, ref in page.annotations:
            role = roles.get(str(self.copier.source.dictionary(annotation).get("Subtype")))
            if role:
                inside.append((self.tree.key(), ref, role))
        return Untagged(page.ref, self.tree.key(), max(taken, default=-1) + 1, tuple(inside))

    def _annotation(self, old: Any, ref: Ref, page: Ref, key: int | None) -> None:
        copier = self.copier
        own = self.joined.entries.get(old) if isinstance(old, Ref) else None
        entries, goal = led(own or copier.source.dictionary(old), copier.source, self.number, self.targets)
        new = self._parented(old, copier.value(entries))
        if goal is not None:
            new["Dest"] = goal
        if key is not None:
            new["StructParent"] = key
        if "P" in new:
            new["P"] = page
        self._put(ref, new)

    def _parented(self, old: Any, entries: dict[str, Any]) -> dict[str, Any]:
        parent = self.joined.parents.get(old) if isinstance(old, Ref) else None
        return entries | {"Parent": parent} if parent else entries

    def _put(self, ref: Ref, entries: dict[str, Any]) -> None:
        self.copier.output.put_value(ref, entries)


@dataclass(frozen=True)
class Filler:
    """The page that stands where the back of a sheet stays blank; none of it is content."""

    output: Output
    source: Source | None

    @cached_property
    def _form(self) -> tuple[Ref, tuple[float, float]] | None:
        return next(iter(Stamps.read(self.output, self.source).forms), None)

    def page(self, root: Ref, before: Page, stamps: Stamps, index: int) -> Ref:
        """A filler page, of the size of the page before it as it is shown."""
        width, height = size(before.seen, before.quarters)
        seen = (0.0, 0.0, width, height)
        named, over = stamps.over(index, seen, 0, "Stamp")
        if self._form:
            named = named | {"Filler": self._form[0]}
            over = _BLANK + drawing("Filler", fitted(self._form[1], seen, 0)) + b" EMC\n" + over
        return self.output.add(
            {
                "Type": "Page", "Parent": root, "MediaBox": list(seen), "Contents": self.output.stream({}, over + b"\n"),
                "Resources": {"XObject": named}, "Tabs": "S",
            }
        )  # fmt: skip


def target(title: str, first: Page) -> Target:
    """What links to a part with this first page need."""
    return Target(title, begin(first.ref, list(first.seen)))
