"""The structure trees of several PDFs under one Document (ISO 32000-1, 14.7), each as a Part with its own language.

Parent tree keys, cell identifiers, roles and classes are made unique; a page that has no tags gets one element
for all it holds, so that a screen reader at least comes by.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from handouts.pdf_copying import Copier, Number, reparsed
from handouts.pdf_output import Output
from handouts.pdf_syntax import Ref, text, written

_IDENTIFIED = re.compile(rb"/(?:ID|Headers)\b")


@dataclass
class Tree:
    """The tree of the whole pack while it grows."""

    output: Output
    root: Ref
    document: Ref
    parts: list[Ref] = field(default_factory=list)
    parents: list[tuple[int, Any]] = field(default_factory=list)
    """The parent tree: a key, and the element or the page's elements in the order of their numbers."""
    roles: dict[str, Any] = field(default_factory=dict)
    classes: dict[str, Any] = field(default_factory=dict)
    identified: list[tuple[bytes, Any]] = field(default_factory=list)
    namespaces: list[Any] = field(default_factory=list)

    @classmethod
    def planted(cls, output: Output) -> "Tree":
        """A tree without parts."""
        return cls(output, Ref(output.reserve()), Ref(output.reserve()))

    def key(self) -> int:
        """The next key of the parent tree, with nothing behind it yet."""
        self.parents.append((len(self.parents), None))
        return len(self.parents) - 1

    def reserve(self, copier: Copier) -> None:
        """Give every parent tree key of a tagged source its new number; pages and annotations can be written after that."""
        for old, value in sorted(
            copier.source.leaves(_root(copier).get("ParentTree"), "Nums"), key=lambda entry: int(entry[0])
        ):
            copier.keys[old] = self.key()
            self.parents[copier.keys[old]] = (copier.keys[old], value)

    def graft(self, copier: Copier, number: int, title: str, language: str) -> None:
        """Hang a tagged source's tree under the Document as the part of this number."""
        root = _root(copier)
        roles = self._merged(self.roles, _resolved(copier.source.dictionary(root.get("RoleMap"))))
        classes = self._merged(self.classes, copier.value(copier.source.dictionary(root.get("ClassMap"))))
        prefix = b"%d-" % number

        def mended(raw: bytes) -> bytes:
            if _IDENTIFIED.search(raw) or roles or classes:
                return reparsed(raw, lambda value: _unique(value, prefix, roles, classes))
            return raw

        downward = copier.down(mended)
        copier.numbers[copier.source.catalog["StructTreeRoot"].number] = self.root.number
        self.namespaces += copier.value(copier.source.array(root.get("Namespaces")), downward)
        top = copier.source.array(root.get("K"))
        first = copier.source.dictionary(top[0]) if len(top) == 1 else {}
        if first.get("S") == "Document" and isinstance(top[0], Ref):
            part, element = Ref(copier.claim(top[0])), dict(first)
        else:
            part, element = Ref(self.output.reserve()), {"K": top}
            for child in top:
                if isinstance(child, Ref):
                    mine = copier.source.dictionary(child) | {"P": None}
                    self.output.put(copier.claim(child), self._own(copier, mine, downward, part, prefix, roles, classes))
        element |= {"Type": "StructElem", "S": "Part", "T": text(title), "Lang": text(language)}
        element.pop("NS", None)
        self.output.put(part.number, self._own(copier, element, downward, self.document, prefix, roles, classes))
        for key in copier.keys.values():
            self.parents[key] = (
                key,
                self._parent(copier.source.get(self.parents[key][1]), self.parents[key][1], copier, downward),
            )
        copier.settle(downward)
        self._identify(copier, prefix)
        self.parts.append(part)

    def _own(
        self, copier: Copier, element: Any, downward: Number, parent: Ref, prefix: bytes, roles: Any, classes: Any
    ) -> bytes:
        return written(copier.value(_unique(element, prefix, roles, classes), downward) | {"P": parent})

    def _parent(self, value: Any, ref: Any, copier: Copier, downward: Number) -> Any:
        return self.output.add(copier.value(value, downward)) if isinstance(value, list) else copier.value(ref, downward)

    def _merged(self, known: dict[str, Any], more: dict[str, Any]) -> dict[str, str]:
        """Take over what is not yet known; the new names of those that mean something else here."""
        renamed = {}
        for name, meaning in more.items():
            free = name
            while known.setdefault(free, meaning) != meaning:
                free += "-"
            if free != name:
                renamed[name] = free
        return renamed

    def _identify(self, copier: Copier, prefix: bytes) -> None:
        """Remember the elements with an identifier, for the ID tree."""
        for old, new in copier.numbers.items():
            raw = copier.source.bodies.get(old, b"")
            if b"/ID" in raw and new:
                value = copier.source.get(Ref(old))
                if _element(value) and isinstance(value.get("ID"), bytes):
                    self.identified.append((prefix + value["ID"], Ref(new)))

    def stand_in(self, pages: list["Untagged"], title: str, language: str) -> None:
        """A Part for a source without tags: one paragraph a page, with its links and fields."""
        part = Ref(self.output.reserve())
        paragraphs = [self._paragraph(page, part) for page in pages]
        self.output.put(
            part.number,
            written(
                {
                    "Type": "StructElem", "S": "Part", "P": self.document, "K": paragraphs,
                    "T": text(title), "Lang": text(language),
                }
            ),
        )  # fmt: skip
        self.parts.append(part)

    def _paragraph(self, page: "Untagged", part: Ref) -> Ref:
        paragraph = Ref(self.output.reserve())
        kids: list[Any] = [page.mark]
        for key, annotation, role in page.annotations:
            whole = {"Type": "OBJR", "Obj": annotation, "Pg": page.page}
            element = self.output.add({"Type": "StructElem", "S": role, "P": paragraph, "Pg": page.page, "K": [whole]})
            kids.append(element)
            self.parents[key] = (key, element)
        self.parents[page.key] = (page.key, self.output.add([None] * page.mark + [paragraph]))
        entries = {"Type": "StructElem", "S": "P", "P": part, "Pg": page.page, "K": kids}
        self.output.put(paragraph.number, written(entries))
        return paragraph

    def finish(self, language: str) -> Ref:
        """Write the root and the Document; returns the root."""
        self.output.put(
            self.document.number,
            written({"Type": "StructElem", "S": "Document", "P": self.root, "K": self.parts, "Lang": text(language)}),
        )
        root: dict[str, Any] = {
            "Type": "StructTreeRoot",
            "K": [self.document],
            "ParentTree": self.output.tree("Nums", self.parents),
            "ParentTreeNextKey": len(self.parents),
        }
        if self.roles:
            root["RoleMap"] = self.roles
        if self.classes:
            root["ClassMap"] = self.classes
        if self.identified:
            root["IDTree"] = self.output.tree("Names", sorted(self.identified))
        if self.namespaces:
            root["Namespaces"] = list(dict.fromkeys(self.namespaces))
        self.output.put(self.root.number, written(root))
        return self.root


@dataclass(frozen=True)
class Untagged:
    """A page without tags as the pack marks it."""

    page: Ref
    key: int
    mark: int
    """The number under which all its content is marked."""
    annotations: tuple[tuple[int, Ref, str], ...] = ()
    """Parent tree key, annotation and role of each link and field."""


def tagged(copier: Copier) -> bool:
    """Whether the source has a structure tree that a reader can use."""
    catalog = copier.source.catalog
    marked = copier.source.dictionary(catalog.get("MarkInfo")).get("Marked") is True
    return marked and isinstance(catalog.get("StructTreeRoot"), Ref) and {"K", "ParentTree"} <= _root(copier).keys()


def _root(copier: Copier) -> dict[str, Any]:
    return copier.source.dictionary(copier.source.catalog.get("StructTreeRoot"))


def _resolved(roles: dict[str, Any]) -> dict[str, Any]:
    """A role map in which every role names what it is in the end, so that its roles can be renamed one by one."""
    whole = {}
    for name, meaning in roles.items():
        final, seen = meaning, {name}
        while final in roles and final not in seen:
            seen.add(final)
            final = roles[final]
        whole[name] = final
    return whole


def _element(value: Any) -> bool:
    return isinstance(value, dict) and "S" in value and value.get("Type", "StructElem") == "StructElem" and "P" in value


def _unique(value: Any, prefix: bytes, roles: dict[str, str], classes: dict[str, str]) -> Any:
    """An element or an attribute object with identifiers, roles and classes as they are in the pack."""
    if isinstance(value, list):
        return [_unique(entry, prefix, roles, classes) for entry in value]
    if not isinstance(value, dict):
        return value
    changed = {
        key: _unique(entry, prefix, roles, classes) if isinstance(entry, dict | list) else entry for key, entry in value.items()
    }
    if _element(value):
        changed["S"] = roles.get(value["S"], value["S"])
        if isinstance(value.get("ID"), bytes):
            changed["ID"] = prefix + value["ID"]
        if "C" in value:
            changed["C"] = _renamed(value["C"], classes)
    if isinstance(value.get("Headers"), list):
        changed["Headers"] = [prefix + header if isinstance(header, bytes) else header for header in value["Headers"]]
    return changed


def _renamed(names: Any, classes: dict[str, str]) -> Any:
    if isinstance(names, list):
        return [classes.get(name, name) if isinstance(name, str) else name for name in names]
    return classes.get(names, names)
