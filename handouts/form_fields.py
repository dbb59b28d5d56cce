"""The form fields of several PDFs as one form: below one field a part, so that no two have the same full name.

Names of fonts and styles that mean something else in another part are renamed where fields use them.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from handouts.pdf_copying import Copier
from handouts.pdf_output import Output
from handouts.pdf_syntax import Ref, text

_KINDS = ("Font", "ExtGState", "Encoding")


@dataclass
class Form:
    """The form of the whole pack while it grows."""

    output: Output
    fields: list[Ref] = field(default_factory=list)
    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    order: list[Any] = field(default_factory=list)
    appearances: bool = False
    """Whether the viewer has to draw what is in the fields."""

    def join(self, copier: Copier, number: int, title: str) -> "Joined":
        """Take over a part's fields; what they become is told to those who write them."""
        source = copier.source
        form = source.dictionary(source.catalog.get("AcroForm"))
        fields = {ref: source.dictionary(ref) for ref in source.array(form.get("Fields")) if isinstance(ref, Ref)}
        roots = [ref for ref, entries in fields.items() if entries and "Parent" not in entries]
        if not roots:
            return Joined({}, {})
        members: dict[Ref, dict[str, Any]] = {}
        stack = list(reversed(roots))
        while stack:
            ref = stack.pop()
            if isinstance(ref, Ref) and ref not in members:
                members[ref] = source.dictionary(ref)
                copier.claim(ref)
                stack += reversed(source.array(members[ref].get("Kids")))
        renamed = self._resources(copier, source.dictionary(form.get("DR")), number)
        parent = Ref(self.output.reserve())
        whole: dict[str, Any] = {key: form[key] for key in ("DA", "Q") if key in form}
        entries = copier.value(self._styled(whole, renamed)) | {
            "T": b"part-%d" % number,
            "TU": text(title),
            "Kids": [Ref(copier.numbers[ref.number]) for ref in roots],
        }
        self.output.put_value(parent, entries)
        self.fields.append(parent)
        self.order += copier.value([ref for ref in source.array(form.get("CO")) if ref in members])
        self.appearances |= source.get(form.get("NeedAppearances")) is True
        changed = {}
        for ref, old in members.items():
            new = self._styled(old, renamed)
            above = source.dictionary(old.get("Parent"))
            if old.get("Subtype") == "Widget" and "T" in old and source.get(above.get("T")) == source.get(old["T"]):
                del new["T"]  # a button of a group has no name of its own (ISO 32000-1, 12.7.4.2.4)
            if source.get(old.get("FT")) == "Sig":
                new.pop("V", None)  # a signature says nothing about another file
            changed[ref] = new
        return Joined(changed, dict.fromkeys(roots, parent))

    def _resources(self, copier: Copier, resources: dict[str, Any], number: int) -> dict[str, str]:
        renamed = {}
        for kind in _KINDS:
            known = self.resources.setdefault(kind, {})
            for name, old in copier.source.dictionary(resources.get(kind)).items():
                value = copier.value(old)
                if known.setdefault(name, value) != value:
                    renamed[name] = f"{name}-{number}"
                    known[renamed[name]] = value
        return renamed

    def _styled(self, entries: dict[str, Any], renamed: dict[str, str]) -> dict[str, Any]:
        """A field whose default appearance uses the names of the pack."""
        if not renamed or not isinstance(entries.get("DA"), bytes):
            return dict(entries)

        def name(match: re.Match[bytes]) -> bytes:
            return b"/" + renamed.get(match[1].decode("latin-1"), match[1].decode("latin-1")).encode("latin-1")

        return entries | {"DA": re.sub(rb"/([^\s/()<>\[\]]+)", name, entries["DA"])}

    def entry(self) -> dict[str, Any]:
        """The catalog's AcroForm, or nothing where no part has fields."""
        if not self.fields:
            return {}
        form: dict[str, Any] = {"Fields": self.fields, "DR": {kind: names for kind, names in self.resources.items() if names}}
        if self.order:
            form["CO"] = self.order
        if self.appearances:
            form["NeedAppearances"] = True
        return {"AcroForm": self.output.add(form)}


@dataclass(frozen=True)
class Joined:
    """What became of a part's fields: their entries (references still the source's) and the roots' new parents."""

    entries: dict[Ref, dict[str, Any]]
    parents: dict[Ref, Ref]
