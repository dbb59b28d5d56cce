"""`handouts proof`: pages for the translator, with the catalog in the margin."""

import argparse
import hashlib
import json
from pathlib import PurePosixPath

from handouts.commands import terminal
from handouts.problems import HandoutsError, Place, Problem


def run_proof(options: argparse.Namespace) -> int:
    """`handouts proof`: each handout of a language as it is printed, numbered, beside its catalog."""
    from handouts import cache, checks, fonts, material, pdf, proof, pseudo
    from handouts.content import SOURCE_LANGUAGE
    from handouts.translations import catalog_path

    project = terminal.project(options)
    fonts.configure(project.templates, project.cache)
    code = options.language
    real = material.read(project, [code])
    read = pseudo.added(real, [code])
    known = sorted(read.library.languages.keys() - {SOURCE_LANGUAGE})
    problems = []
    if code not in known:
        problems.append(Problem(Place("--language"), "usage/language", f'"{code}" is not a language to translate into',
                                f"use one of: {', '.join(known)}"))  # fmt: skip
    elif not read.catalogs:
        problems.append(Problem(Place(catalog_path(code, "*")), "translation/not-begun",
                                f"there is no catalog of {read.library.languages[code].name}",
                                f"begin one with: handouts add-language {code}"))  # fmt: skip
    handouts = {handout.id: handout for handout in read.library.sheets}
    problems += [
        Problem(Place("--handout"), "usage/handout", f'there is no handout "{name}"', f"use one of: {', '.join(handouts)}")
        for name in options.handout
        if name not in handouts
    ]
    if problems:
        raise HandoutsError(*problems)
    output = options.output.resolve() if options.output else project.output / "proof"
    kept = cache.Cache(project.cache)
    found = tuple(checks.run(real, options.today))
    for name in dict.fromkeys(options.handout or handouts):
        made = proof.Proof(read, handouts[name], read.library.languages[code], found)
        html, styles = made.html(), made.styles()
        digest = fonts.digest(made.language.fonts, project.templates)
        key = hashlib.sha256(json.dumps([html, styles, pdf.version(), digest, "proof"]).encode()).hexdigest()
        path = PurePosixPath(code, f"{name}.pdf")
        try:
            data = kept.get(key)
        except cache.MissingError:
            data = pdf.render(html, styles, "", key[:32], f"proof/{path}")
            kept.put(key, data, {})
        try:
            cache.replace(output / path, data)
        except OSError as fault:
            raise HandoutsError(
                Problem(Place(str(fault.filename or output)), "build/output", f"cannot write: {fault.strerror}",
                        "check free space and the permissions of the output folder")
            ) from None  # fmt: skip
        place = output / path
        print(f"written: {project.relative(place) if place.is_relative_to(project.folder) else place}")
    return 0
