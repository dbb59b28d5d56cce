"""`handouts preview`: the pages in a browser while they are written and translated."""

import argparse
import os

from handouts.commands import terminal
from handouts.problems import HandoutsError, Place, Problem
from handouts.project import Project

PORT = 8420
TRIES = 10
"""How many ports from there on are tried, unless one is named."""


def run_preview(options: argparse.Namespace) -> int:
    """`handouts preview`: watch the project and show its pages in a browser until Ctrl-C."""
    terminal.web_packages("handouts preview")
    from handouts import build, fonts, preview, serving, workers
    from handouts.session import Session

    project = terminal.project(options)
    if not (project.templates / "preview.html.j2").is_file():
        raise HandoutsError(
            Problem(Place("templates/preview.html.j2"), "preview/templates", "there is no such file: it is what the preview's pages are made with",
                    "copy templates/preview* and templates/screen.css from a new project: handouts init DIR")
        )  # fmt: skip
    _known(project, options.language)
    fonts.configure(project.templates, project.cache)
    ports = (options.port,) if options.port else range(PORT, PORT + TRIES)
    listener = serving.listening("127.0.0.1", ports)
    # checks are in no hurry: the page that is looked at comes first
    with build.pool(project, 1) as printer, workers.Pool(1, os.nice, 10) as inspector:
        try:
            session = Session(project, options.language, options.today, printer, inspector)
            listener.listen()
            address = serving.Door(listener.getsockname()[1]).address
            print(f"The preview is at {address}\nIt shows every file as soon as it is saved. Ctrl-C ends it.", flush=True)
            if not options.no_browser:
                terminal.browse(address)
            serving.serve(listener, preview.Preview(session).application, ending=session.farewell)
        except KeyboardInterrupt:  # Ctrl-C, after everything was closed
            print()
        finally:
            listener.close()
            printer.kill()
            inspector.kill()
    print("The preview has ended.")
    return 0


def _known(project: Project, codes: list[str]) -> None:
    """Raises `HandoutsError` for languages that there are not."""
    names = [path.parent.name for path in project.files("locales/*/language.yaml")]
    unknown = tuple(terminal.unknown("--language", "usage/language", codes, names, "{} is not a known language"))
    if unknown:
        raise HandoutsError(*unknown)
