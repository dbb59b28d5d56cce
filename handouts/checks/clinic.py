"""Rules about content/clinic.yaml and content/sites/: what every page of a clinic carries."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from handouts import colours, pseudo
from handouts.content import SITES
from handouts.material import Material
from handouts.problems import Place, Problem, warning

LEAST_CONTRAST = 4.5
"""WCAG 2.2 success criterion 1.4.3 (AA, normal text)."""
RESERVED = frozenset({"packs", "proof", "release", "specimen"})
"""What folders of the output are called besides those of languages."""


def sample(material: Material) -> Iterator[Problem]:
    """The clinic that comes with the project is not a real one: its name and numbers must be changed before use.

    A patient who calls a number from the sample reaches nobody. The line `sample: yes` is all that is looked at; no
    number is tried.
    """
    for library in material.library.each():
        if library.clinic.sample:
            place = library.clinic_place("sample")
            yield warning(
                place,
                "clinic/sample",
                "this is the sample clinic, with phone numbers that reach nobody",
                f'write your clinic\'s name, address and numbers into {place.path} and delete the line "sample: yes"',
            )


def site(material: Material) -> Iterator[Problem]:
    """The name of a site's file makes a folder of the output: small letters, digits, hyphens, no language, no folder there is.

    Otherwise the pages of a site and those of a language, or a release, would lie in one folder. Capital letters and small
    ones are the same here, as they are on many disks. What the site calls itself on paper is free.
    """
    languages = {code.lower() for code in (*material.library.languages, *pseudo.PSEUDO)}
    for name in material.library.sites:
        place = Place(f"{SITES}/{name}.yaml")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
            yield Problem(place, "clinic/site", f'"{name}" cannot be the name of a folder of the output',
                          "rename the file: small letters, digits and single hyphens, such as north-wing.yaml")  # fmt: skip
        elif name in languages | RESERVED:
            what = "a language" if name in languages else "a folder of the output"
            yield Problem(place, "clinic/site", f'"{name}" is the name of {what} already',
                          f"rename the file, such as {name}-clinic.yaml")  # fmt: skip


def _contrast_of(colour: str) -> float:
    """The contrast of a colour with white paper and with white text on it (they are the same)."""
    return colours.contrast(colour, "#ffffff")


def contrast(material: Material) -> Iterator[Problem]:
    """Brand colours stand against white, as text and as ground: contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3, AA).

    People with poor sight read headings in these colours and white words on them. The colours of the logo are let be.
    """
    for library, field in ((each, field) for each in material.library.each() for field in ("brand_colour", "accent_colour")):
        colour = getattr(library.clinic, field)
        ratio = _contrast_of(colour)
        if ratio < LEAST_CONTRAST:
            yield Problem(
                library.clinic_place(field),
                "clinic/contrast",
                f'{field} "{colour}" has a contrast of {ratio:.1f} to 1 with white; at least {LEAST_CONTRAST} is needed',
                "choose a darker shade of it: people with poor sight must be able to read it",
            )


def logo(material: Material) -> Iterator[Problem]:
    """The logo is an SVG or PNG picture that can be read, without scripts, links to files or foreign parts.

    Nothing is fetched or run while a page is made, so that it looks the same on every machine. How the logo looks is
    left to the clinic.
    """
    for each in material.each():
        yield from _logo_problems(each)


def _logo_problems(material: Material) -> Iterator[Problem]:
    place = material.library.clinic_place("logo")
    path, data = material.library.clinic.logo, material.logo
    if path.suffix == ".png":
        if not data.startswith(b"\x89PNG\r\n\x1a\n"):
            yield Problem(place, "clinic/logo", f'"{path}" is not a PNG picture', "export the logo again as PNG or SVG")
    elif path.suffix == ".svg":
        yield from _svg_problems(material)
    else:
        yield Problem(place, "clinic/logo", f'"{path}" is neither .svg nor .png', "export the logo as SVG or PNG")


def _svg_problems(material: Material) -> Iterator[Problem]:
    place = material.library.clinic_place("logo")
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
    named = ((each, *pair) for each in material.library.each() for pair in enumerate(each.clinic.languages))
    for library, index, code in named:
        if code in pseudo.PSEUDO:
            yield pseudo.refused(library.clinic_place("languages", index), code)
        elif code not in known:
            yield Problem(
                library.clinic_place("languages", index),
                "clinic/language",
                f'"{code}" is not a known language',
                f"use one of: {', '.join(sorted(known))}; a new one needs locales/{code}/language.yaml",
            )
