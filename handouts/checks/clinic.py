"""Rules about content/clinic.yaml: what every page of this clinic carries."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from handouts import colours, pseudo
from handouts.content import CLINIC
from handouts.material import Material
from handouts.problems import Problem, warning

LEAST_CONTRAST = 4.5
"""WCAG 2.2 success criterion 1.4.3 (AA, normal text)."""


def sample(material: Material) -> Iterator[Problem]:
    """The clinic that comes with the project is not a real one: its name and numbers must be changed before use.

    A patient who calls a number from the sample reaches nobody. The line `sample: yes` is all that is looked at; no
    number is tried.
    """
    if material.library.clinic.sample:
        yield warning(
            material.library.place(CLINIC, "sample"),
            "clinic/sample",
            "this is the sample clinic, with phone numbers that reach nobody",
            'write your clinic\'s name, address and numbers into content/clinic.yaml and delete the line "sample: yes"',
        )


def _contrast_of(colour: str) -> float:
    """The contrast of a colour with white paper and with white text on it (they are the same)."""
    return colours.contrast(colour, "#ffffff")


def contrast(material: Material) -> Iterator[Problem]:
    """Brand colours stand against white, as text and as ground: contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3, AA).

    People with poor sight read headings in these colours and white words on them. The colours of the logo are let be.
    """
    clinic = material.library.clinic
    for field in ("brand_colour", "accent_colour"):
        colour = getattr(clinic, field)
        ratio = _contrast_of(colour)
        if ratio < LEAST_CONTRAST:
            yield Problem(
                material.library.place(CLINIC, field),
                "clinic/contrast",
                f'{field} "{colour}" has a contrast of {ratio:.1f} to 1 with white; at least {LEAST_CONTRAST} is needed',
                "choose a darker shade of it: people with poor sight must be able to read it",
            )


def logo(material: Material) -> Iterator[Problem]:
    """The logo is an SVG or PNG picture that can be read, without scripts, links to files or foreign parts.

    Nothing is fetched or run while a page is made, so that it looks the same on every machine. How the logo looks is
    left to the clinic.
    """
    place = material.library.place(CLINIC, "logo")
    path, data = material.library.clinic.logo, material.logo
    if path.suffix == ".png":
        if not data.startswith(b"\x89PNG\r\n\x1a\n"):
            yield Problem(place, "clinic/logo", f'"{path}" is not a PNG picture', "export the logo again as PNG or SVG")
    elif path.suffix == ".svg":
        yield from _svg_problems(material)
    else:
        yield Problem(place, "clinic/logo", f'"{path}" is neither .svg nor .png', "export the logo as SVG or PNG")


def _svg_problems(material: Material) -> Iterator[Problem]:
    place = material.library.place(CLINIC, "logo")
    path = material.library.clinic.logo
    if b"<!ENTITY" in material.logo or b"<!DOCTYPE" in material.logo:
        yield Problem(place, "clinic/logo", f'"{path}" has a DOCTYPE', "export it as plain SVG")
        return
    try:
        root = ET.fromstring(material.logo)  # noqa: S314  # entities were refused above
    except ET.ParseError as fault:
        yield Problem(place, "clinic/logo", f'"{path}" is not a readable SVG picture: {fault}', "export it again")
        return
    if not root.tag.endswith("svg"):
        yield Problem(place, "clinic/logo", f'"{path}" is not an SVG picture', "export the logo as SVG or PNG")
    for element in root.iter():
        name = str(element.tag).rsplit("}", 1)[-1]
        links = [v for k, v in element.attrib.items() if k.rsplit("}", 1)[-1] == "href"]
        if name in ("script", "foreignObject"):
            yield Problem(
                place, "clinic/logo", f'"{path}" holds a <{name}>, which a logo may not have', "export it as plain SVG"
            )
        for link in links:
            if not link.startswith(("#", "data:")):
                yield Problem(place, "clinic/logo", f'"{path}" holds a <{name}> that fetches "{link}"',
                              "export it as plain SVG, with pictures embedded")  # fmt: skip


def languages(material: Material) -> Iterator[Problem]:
    """Every language the clinic prints has a file of facts in locales/; a pseudo-language is never one of them.

    The file names the fonts and the direction, without which no page can be set; pseudo-languages try out layouts and
    say nothing to a patient. A language with facts that the clinic does not print is let be.
    """
    known = material.library.languages
    for index, code in enumerate(material.library.clinic.languages):
        if code in pseudo.PSEUDO:
            yield pseudo.refused(material.library.place(CLINIC, "languages", index), code)
        elif code not in known:
            yield Problem(
                material.library.place(CLINIC, "languages", index),
                "clinic/language",
                f'"{code}" is not a known language',
                f"use one of: {', '.join(sorted(known))}; a new one needs locales/{code}/language.yaml",
            )
