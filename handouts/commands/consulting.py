"""`handouts desk`: the consultation desk, a web application of this machine."""

import argparse
import os
import resource
import sys
import threading
from concurrent.futures import BrokenExecutor, CancelledError
from contextlib import suppress
from typing import TYPE_CHECKING

from handouts.commands import terminal
from handouts.problems import HandoutsError, Place, Problem
from handouts.project import Project

if TYPE_CHECKING:  # imported late where they are used: a machine without the desk's packages has all other commands
    from handouts.desk import Desk
    from handouts.desk_pages import Offer
    from handouts.serving import Door


def run_desk(options: argparse.Namespace) -> int:
    """`handouts desk`: serve the desk until Ctrl-C."""
    terminal.web_packages("handouts desk")
    from handouts import build, desk_pages, fonts, serving
    from handouts.desk import Desk

    project = terminal.project(options)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash leaves no picture of the memory on the disk
    listener = serving.listening(options.host, [options.port])
    fonts.configure(project.templates, project.cache)
    workers = os.cpu_count() or 1
    with listener, build.pool(project, workers) as pool:
        desk = Desk(project, pool, _site(options, project), workers)
        desk.reading()  # what is wrong with the folder is told here and not in the browser
        door = serving.Door(listener.getsockname()[1], options.host, tuple(options.name))
        _tell(door, options)
        listener.listen()  # the browser may ask before all is up
        threading.Thread(target=_warmed, args=(desk,), name="warm", daemon=True).start()
        if not options.no_browser:
            terminal.browse(door.address)
        pages = desk_pages.Pages(project.templates, lambda: _offer(desk), desk.made)
        with suppress(KeyboardInterrupt):
            serving.serve(listener, lambda _: pages.application(), door.names)
        desk.closed = True
        pool.kill()
    print("\nThe desk is closed. Nothing about a patient was kept.", flush=True)
    return 0


def _site(options: argparse.Namespace, project: Project) -> str:
    """The clinic that the desk is of; raises `HandoutsError` when there are several and none is named."""
    from handouts import content

    library = content.load(project)
    if not library.sites or options.site:
        return library.at(options.site).site if options.site else ""
    if len(library.sites) == 1:
        return next(iter(library.sites))
    raise HandoutsError(
        Problem(Place("--site"), "usage/site", "the desk is of one clinic, and there are several",
                f"use one of: {', '.join(library.sites)}")
    )  # fmt: skip


def _offer(desk: "Desk") -> "Offer":
    from handouts.desk_pages import Offer

    reading = desk.reading()
    return Offer(reading.planner.material.library.clinic, reading.menu, desk.waiting(), reading.fault)


def _warmed(desk: "Desk") -> None:
    """Make what is missing; a page that cannot be made is told to whoever asks for it."""
    with suppress(HandoutsError, CancelledError, BrokenExecutor, RuntimeError):
        desk.warm()


def _tell(door: "Door", options: argparse.Namespace) -> None:
    """Where the desk is, and what to know where it is open to others."""
    print(f"The desk is open: {door.address}\nClose it with Ctrl-C.", flush=True)
    if options.host not in ("127.0.0.1", "localhost", "::1"):
        name = (
            "" if door.names else " Browsers elsewhere are refused until you say with --name under which name they ask for it."
        )
        print(
            f"warning: at {options.host} the desk is open to every machine that reaches this one, without a password, and what "
            f"is typed travels unencrypted. Do this only inside a network that you trust.{name}",
            file=sys.stderr,
        )
