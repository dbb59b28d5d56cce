"""`handouts specimen`: a language on paper before it is added."""

import argparse

from handouts.commands import terminal


def run_specimen(options: argparse.Namespace) -> int:
    """`handouts specimen`: one sheet of real text in each language asked for."""
    from handouts import cache, content, fonts, pdf, specimen

    project = terminal.project(options)
    fonts.configure(project.templates, project.cache)
    library = content.load(project)
    folder = options.output.resolve() if options.output else project.output / "specimen"
    for language in [specimen.chosen(code, library.languages) for code in options.language]:
        html, styles = specimen.sheet(language, library.clinic, project)
        name = f"{language.code}.pdf"
        cache.replace(folder / name, pdf.render(html, styles, "", "0" * 32, str(specimen.path(language))))
        print(f"written: {folder / name}")
    return 0
