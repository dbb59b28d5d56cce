"""Rules about what can be drawn: fonts that are there, and a glyph for every character."""

from collections.abc import Iterator

from handouts import fonts
from handouts.content import REFERENCES, SOURCE_LANGUAGE
from handouts.material import Material
from handouts.model import Language
from handouts.problems import Place, Problem
from handouts.translations import UI
from handouts.values import leaves, passages


def _printed(material: Material) -> Iterator[Language]:
    known = material.library.languages
    return (known[code] for code in material.library.printed if code in known)


def fonts_installed(material: Material) -> Iterator[Problem]:
    """Every font that a printed language names is installed, regular and bold.

    Otherwise the layout would silently take another font, or draw empty boxes. Languages that the clinic does not print
    are let be.
    """
    for language in _printed(material):
        for family in language.fonts:
            if not fonts.files(family, material.project.templates):
                yield Problem(
                    Place(f"locales/{language.code}/language.yaml"),
                    "layout/font",
                    f'the font "{family}" is not installed',
                    "run: handouts doctor (it names the package), or put its files into templates/fonts/",
                )


def glyphs(material: Material) -> Iterator[Problem]:
    """Every character that is printed has a glyph in the fonts of its language, so that no empty box is on paper.

    Texts of the content, the clinic, the references and the catalogs are looked at, in languages that the clinic prints
    and whose fonts are all installed.
    """
    for language in _printed(material):
        if all(fonts.files(family, material.project.templates) for family in language.fonts):
            for place, text in _texts(material, language):
                lost = fonts.missing(text, language.fonts, material.project.templates)
                if lost:
                    named = ", ".join(f'"{c}" (U+{ord(c):04X})' for c in lost)
                    yield Problem(place, "layout/glyph", f"no font of {language.name} can draw {named}",
                                  f"use another character; the fonts are {', '.join(language.fonts)}")  # fmt: skip


def _texts(material: Material, language: Language) -> Iterator[tuple[Place, str]]:
    library = material.library
    for own in library.each():
        for (field, *steps), value in leaves(own.clinic) if language.code in own.clinic.languages else ():
            yield own.clinic_place(str(field), *steps), str(value)
    for key, reference in library.references.items():
        for field in ("authors", "title", "source"):
            yield library.place(REFERENCES, key, field), getattr(reference, field)
    yield Place(f"locales/{language.code}/language.yaml"), f"{language.name} · {language.autonym}"
    if language.code == SOURCE_LANGUAGE:
        for path, document in library.documents():
            for passage in passages(document, ""):
                yield library.place(path, *passage.steps), passage.text
        for word in material.entries[UI]:
            yield Place(word.references[0]), f"{word.id}{word.plural or ''}"
    else:
        for (code, domain), catalog in material.catalogs.items():
            if code == language.code and domain in material.entries:
                for entry in filter(lambda e: e.complete, catalog.messages.values()):
                    yield Place(catalog.path, entry.string_line), "".join(entry.strings)
