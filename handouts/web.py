"""The web edition of a handout: one HTML file, held to what it promises before it is kept.

It needs no network and no script: all style and all pictures are inside the file, and every picture
says in words what it shows. What a template does against that is a problem, and the page is not made.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import tinyhtml5

from handouts.problems import HandoutsError, Place, Problem

ACTIVE = frozenset({"script", "iframe", "frame", "object", "embed", "applet", "base", "form"})
"""Elements that run, fetch or send something."""

FETCHED = frozenset({"src", "srcset", "poster", "data", "background", "ping", "manifest", "action", "formaction"})
"""Attributes whose address a browser opens by itself."""

_OPENED = re.compile(r"url\(\s*[\"']?(?!data:)([^\"')]*)|@import\s*([^;]*)|image-set\(\s*[\"'](?!data:)([^\"']*)")
"""What a style fetches that is not inside the file."""

_KEYWORDS = re.compile(rb"<meta name=\"keywords\" content=\"([^\"<>]*)\">")


def checked(html: str, name: str) -> bytes:
    """The bytes of the file; raises `HandoutsError` when it reaches outside itself, or a picture has no words."""
    document = tinyhtml5.parse(html, namespace_html_elements=False)
    problems = [
        *(Problem(Place(name), "web/external", f"the page reaches outside itself: {what}",
                  "a web edition is one file: put pictures in as data: addresses, styles into templates/web.css, no scripts")
          for what in dict.fromkeys(_outside(document))),
        *(Problem(Place(name), "web/alt", f"a picture says nothing to a person who cannot see it: {what}",
                  'write alt="…" into the template; alt="" if it is only decoration')
          for what in dict.fromkeys(_silent(document))),
    ]  # fmt: skip
    if problems:
        raise HandoutsError(*problems)
    return html.encode()


def keywords(data: bytes) -> str:
    """What a file that looks like a web edition says it is; empty when it says nothing."""
    found = _KEYWORDS.search(data)
    return found[1].decode("utf-8", "replace") if found else ""


def is_html(data: bytes) -> bool:
    """Whether a file is an HTML page, by how it begins."""
    return data[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<!doctype html", b"<html"))


def _outside(document: Element) -> Iterator[str]:
    """What a browser would run, fetch or send."""
    for element in document.iter():
        tag = str(element.tag)  # that of a comment is a function
        if tag in ACTIVE:
            yield f"<{tag}>"
        for key, value in element.attrib.items():
            yield from _of_attribute(tag, str(key), str(value).strip())
        if tag == "meta" and (element.get("http-equiv") or "").lower() == "refresh":
            yield "a page that moves on by itself"
        if tag == "style":
            yield from _of_style(element.text or "")


def _of_attribute(tag: str, key: str, value: str) -> Iterator[str]:
    name = key.rsplit("}", 1)[-1].lower()
    if name.startswith("on"):
        yield f"{name} in <{tag}>"
    elif name == "style":
        yield from _of_style(value)
    elif _leads_outside(tag, name, re.sub(r"[\x00-\x20]", "", value).lower()):
        yield f'"{value}" in <{tag}>'


def _leads_outside(tag: str, name: str, address: str) -> bool:
    """Whether a browser opens an address by itself, or would run it; links that a person follows are let be."""
    if name == "href" and tag in ("a", "area"):
        return address.startswith(("javascript:", "data:", "vbscript:"))
    return (name in FETCHED or name == "href") and not address.startswith(("data:", "#"))


def _of_style(text: str) -> Iterator[str]:
    for match in _OPENED.finditer(text):
        yield f'"{(match[1] or match[2] or match[3] or "").strip()}" in a style'


def _silent(document: Element) -> Iterator[str]:
    """The pictures without words."""
    for image in document.iter("img"):
        if image.get("alt") is None:
            yield f'<img class="{image.get("class") or ""}">'
