"""What translators use: `handouts extract`, `update` and `add-language`."""

import argparse
import sys

from handouts.commands import terminal
from handouts.problems import HandoutsError, Place, Problem


def run_extract(options: argparse.Namespace) -> int:
    """`handouts extract`: write the templates of the catalogs, or tell that they are out of date."""
    from handouts import catalogs, material

    read = material.read(terminal.project(options))
    if options.check:
        stale = catalogs.stale(read.project, read.entries)
        for path in stale:
            print(
                f"{path}: error: the template is out of date [translation/template]\n    hint: run: handouts extract",
                file=sys.stderr,
            )
        return 1 if stale else 0
    for path in catalogs.extract(read.project, read.entries):
        print(f"written: {path}")
    return 0


def run_update(options: argparse.Namespace) -> int:
    """`handouts update`: bring catalogs up to date with the English."""
    from handouts import catalogs, material, pseudo
    from handouts.content import SOURCE_LANGUAGE

    read = material.read(terminal.project(options))
    wanted = options.language or [code for code in read.library.printed if code != SOURCE_LANGUAGE]
    known = sorted(read.library.languages.keys() - {SOURCE_LANGUAGE})
    for code in wanted:
        if code in pseudo.PSEUDO:
            raise HandoutsError(pseudo.refused(Place("--language"), code))
        problems = tuple(
            terminal.unknown("--language", "usage/language", [code], known, "{} is not a language to translate into")
        )
        if problems:
            raise HandoutsError(*problems)
        for path in catalogs.update(read.project, read.library.languages[code], read.entries):
            print(f"written: {path}")
    return 0


def run_add_language(options: argparse.Namespace) -> int:
    """`handouts add-language`: begin the catalogs of a language."""
    from handouts import catalogs, material, pseudo
    from handouts.content import SOURCE_LANGUAGE

    read = material.read(terminal.project(options))
    code = options.language
    if code in pseudo.PSEUDO:
        raise HandoutsError(pseudo.refused(Place(code), code))
    if code not in read.library.languages or code == SOURCE_LANGUAGE:
        known = ", ".join(sorted(read.library.languages.keys() - {SOURCE_LANGUAGE}))
        raise HandoutsError(
            Problem(Place(code), "usage/language", f'there is no file of facts locales/{code}/language.yaml',
                    f"copy one of another language and correct it; there are: {known}")
        )  # fmt: skip
    for path in catalogs.update(read.project, read.library.languages[code], read.entries):
        print(f"written: {path}")
    if code not in read.library.printed:
        print(f"next: translate them, then add {code} to the languages in content/clinic.yaml")
    return 0
