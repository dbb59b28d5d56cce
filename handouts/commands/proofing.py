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
    problems = list(terminal.unknown("--language", "usage/language", [code], known, "{} is not a language to translate into"))
    if not (problems or read.catalogs):
        problems.append(Problem(Place(catalog_path(code, "*")), "translation/not-begun",
                                f"there is no catalog of {read.library.languages[code].name}",
                                f"begin one with: handouts add-language {code}"))  # fmt: skip
    handouts = {handout.id: handout for handout in read.library.sheets}
    problems += terminal.unknown("--handout", "usage/handout", options.handout, handouts, "there is no handout {}")
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
        terminal.write(output / path, data, project)
    return 0
