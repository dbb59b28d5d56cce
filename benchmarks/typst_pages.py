"""A page's HTML to the source of the same page in Typst: the same words, headings, lists, tables and pictures in order.

`handout.typ` says how they look; here each element becomes a call of the function of its name. What is left out is
told in `LEFT_OUT`.
"""

import base64
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes
from xml.etree.ElementTree import Element

import tinyhtml5

from handouts.model import Clinic, Language

LEFT_OUT = (
    "the second, tighter layout of a document whose last page is nearly empty; most rules of what stays together on a page; "
    "the page numbers in the list of contents of large print; the outdent of tables, which are narrower"
)
TEMPLATE = Path(__file__).with_name("handout.typ")
FUNCTIONS = ("h1", "h2", "h3", "h4", "p", "span", "picture", "ul", "ol", "cell", "table-of", "box-of")
"""What the template's `kit` gives, in its order."""
IMAGES = "images"


def prepare(folder: Path) -> None:
    """Put the template beside the pages."""
    shutil.copyfile(TEMPLATE, folder / TEMPLATE.name)


def source(html: str, language: Language, clinic: Clinic, folder: Path) -> str:
    """The Typst source of a page; its pictures are written into the folder, each once."""
    document = _plain(tinyhtml5.parse(html))
    head, body = document.find("head"), document.find("body")
    if head is None or body is None:
        raise ValueError("the page has no head or no body")
    footer = next(element for element in body if _class(element) == ["footer"])
    facts = {
        "lang": language.code.split("-")[0],
        "region": language.locale.split("_")[-1] if "_" in language.locale else None,
        "rtl": language.direction == "rtl",
        "fonts": list(language.fonts),
        "leading": language.leading,
        "paper": "a4" if clinic.paper == "A4" else "us-letter",
        "large": document.get("class") == "large-print",
        "title": head.findtext("title"),
        "author": clinic.name,
    }
    for box in (box for box in body.iter("div") if box.get("class") in ("call-emergency", "call-today")):
        for element in box:
            element.set("class", {"h2": "white", "ul": "two"}.get(element.tag, ""))
    writer = _Writer(folder)
    parts = [writer.block(element) for element in body if element is not footer]
    identity, number = (writer.inline(element) for element in footer)
    options = ", ".join(f"{name}: {_value(value)}" for name, value in facts.items())
    look = f'rgb("{clinic.brand_colour}"), rgb("{clinic.accent_colour}"), {_value(facts["large"])}, {_value(facts["rtl"])}'
    return (
        f'#import "/{TEMPLATE.name}": *\n#let ({", ".join(FUNCTIONS)}) = kit({look})\n'
        f"#show: page-of.with({options}, footer: ({identity}, {number}))\n"
        + "".join(f"#{part}\n" for part in parts if part != "none")
    )


class _Writer:
    """Elements to Typst code; remembers where pictures go."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def block(self, element: Element) -> str:
        """A call that makes a block: a heading, a paragraph, a list, a table, a section."""
        name, classes = element.tag, _class(element)
        picture = self._background(element)
        if name in ("h1", "h2", "h3", "h4", "p"):
            return self._call(name, [self.inline(element)], classes, icon=picture)
        if name in ("ul", "ol"):
            return self._call(name, [self.flow(item) for item in element if item.tag == "li"], classes)
        if name == "table":
            return self._table(element, classes)
        if name == "img":
            return self._image(element, classes)
        if name in ("div", "section"):
            return self._call("box-of", [self.block(child) for child in element], classes)
        raise ValueError(f"the page has an element that the Typst template does not know: {name}")

    def flow(self, element: Element) -> str:
        """What stands in a list item or a table cell: words, or blocks."""
        if any(child.tag in ("p", "ul", "ol", "h3", "div") for child in element):
            return "{ " + "; ".join(self.block(child) for child in element) + " }"
        return self.inline(element)

    def inline(self, element: Element) -> str:
        """The words of an element and of the elements in it, as one block of code."""
        parts = [_words(element.text)]
        for child in element:
            parts += [self._span(child), _words(child.tail)]
        parts = [part for part in parts if part]
        if parts and parts[0].startswith('" '):
            parts[0] = '"' + parts[0][2:]
        if parts and parts[-1].endswith(' "') and parts[-1] != '" "':
            parts[-1] = parts[-1][:-2] + '"'
        return "{ " + "; ".join(parts) + " }" if parts else "[]"

    def _span(self, element: Element) -> str:
        classes = _class(element)
        if element.tag == "br":
            return "linebreak()"
        if element.tag == "img":
            return self._image(element, classes)
        if element.tag == "strong":
            return f"strong({self._inner(element)})"
        if element.tag in ("a", "span"):
            picture = self._background(element)
            return self._call("span", [self._inner(element)], classes, icon=picture)
        raise ValueError(f"the page has an element that the Typst template does not know: {element.tag}")

    def _inner(self, element: Element) -> str:
        """The words of an element within a line: spaces at its ends count."""
        parts = [_words(element.text)]
        for child in element:
            parts += [self._span(child), _words(child.tail)]
        return "{ " + "; ".join(part for part in parts if part) + " }" if any(parts) else "[]"

    def _table(self, element: Element, classes: list[str]) -> str:
        rows = [
            [self._call("cell", [self.flow(cell)], ["head" if cell.tag == "th" else "body"]) for cell in row]
            for row in element.iter("tr")
        ]
        lines = ", ".join(f"({', '.join(row)},)" for row in rows)
        return f"table-of(({json.dumps(classes[0])},), ({lines},))"

    def _image(self, element: Element, classes: list[str]) -> str:
        return self._call("picture", [_string(self._saved(element.get("src", ""))), _string(element.get("alt", ""))], classes)

    def _background(self, element: Element) -> str | None:
        style = element.get("style", "")
        return self._saved(style.partition("url(")[2].rpartition(")")[0]) if "url(" in style else None

    def _saved(self, address: str) -> str:
        """The path of a picture, from its `data:` address."""
        kind, _, data = address.strip("\"'").partition(",")
        content = base64.b64decode(data) if kind.endswith(";base64") else unquote_to_bytes(data)
        path = Path(IMAGES) / f"{hashlib.sha256(content).hexdigest()[:16]}.{'svg' if 'svg' in kind else 'png'}"
        target = self.folder / path
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(content)
        return f"/{path.as_posix()}"

    def _call(self, name: str, arguments: list[str], classes: list[str], icon: str | None = None) -> str:
        kinds = "(" + "".join(f"{_string(kind)}, " for kind in classes) + ")"
        named = f", icon: {_string(icon)}" if icon else ""
        return f"{name}({', '.join([kinds, *arguments])}{named})"


def _plain(root: Any) -> Element:
    """The tree without name spaces and comments."""
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
        for child in list(element):
            if not isinstance(child.tag, str):
                element.remove(child)
    return root  # type: ignore[no-any-return]  # an element tree


def _class(element: Element) -> list[str]:
    return element.get("class", "").split()


def _words(text: str | None) -> str:
    """Text as HTML means it: one space for any run of spaces and line ends."""
    if not text:
        return ""
    collapsed = " ".join(text.replace("\n", " ").replace("\t", " ").split(" "))
    while "  " in collapsed:
        collapsed = collapsed.replace("  ", " ")
    return _string(collapsed)


def _string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _value(value: object) -> str:
    """A fact as Typst writes it."""
    match value:
        case None:
            return "none"
        case bool():
            return str(value).lower()
        case list():
            return "(" + "".join(f"{_value(each)}, " for each in value) + ")"
        case str():
            return _string(value)
        case _:
            return str(value)
