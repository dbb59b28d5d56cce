"""Templates of the project folder: found, compiled once and run in a sandbox that reaches nothing else.

Templates run in Jinja2's sandbox with autoescape and without undefined names. Nothing outside
templates/ is read. What a template does wrong is a problem at its line.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from handouts.problems import HandoutsError, Place, Problem

TEMPLATE = "handout.html.j2"
"""The template that is blamed when no line of one is in the traceback."""


@contextmanager
def mistakes_told(templates: Path) -> Iterator[None]:
    """Turn whatever a template can do wrong (it may fail as any expression fails) into a problem at its line."""
    try:
        yield
    except Exception as fault:
        raise HandoutsError(
            Problem(_template_place(fault, templates), "templates/jinja", _mistake(fault),
                    "see https://jinja.palletsprojects.com for the template language")
        ) from fault  # fmt: skip


def _mistake(fault: Exception) -> str:
    if isinstance(fault, SecurityError):
        return f"the template reaches for something that templates may not touch: {fault.message}"
    if isinstance(fault, TemplateNotFound):
        return f'there is no template "{fault.name}" in templates/'
    said = str(fault.message) if isinstance(fault, TemplateError) else f"{type(fault).__name__}: {fault}"
    return "the template has a mistake: " + re.sub(r"'handouts[.][a-z.]+([A-Z][A-Za-z]*) object'", r"\1", said)


def _template_place(fault: Exception, templates: Path) -> Place:
    """The last line of a template in the traceback of an error that happened while it was read or ran."""
    path, line, step = templates / TEMPLATE, 0, fault.__traceback__
    while step:
        name = Path(step.tb_frame.f_code.co_filename)
        if name.is_relative_to(templates):
            path, line = name, step.tb_lineno
        step = step.tb_next
    if isinstance(fault, TemplateSyntaxError) and fault.filename:
        path, line = Path(fault.filename), fault.lineno
    return Place((templates.name / path.relative_to(templates)).as_posix(), line)


class _WalledLoader(FileSystemLoader):
    """Loads templates of the folder only: a symbolic link that leads out of it is refused."""

    def get_source(self, environment: Any, template: str) -> tuple[str, str, Callable[[], bool]]:
        """As FileSystemLoader, with the wall."""
        source, name, fresh = super().get_source(environment, template)
        root = Path(self.searchpath[0]).resolve()
        if not Path(name).resolve().is_relative_to(root):
            raise SecurityError(f"{template} lies outside the templates folder")
        return source, name, fresh


_environments: dict[Path, ImmutableSandboxedEnvironment] = {}


def environment(templates: Path) -> ImmutableSandboxedEnvironment:
    """One environment a process and folder: compiled templates are kept in it."""
    if templates not in _environments:
        _environments[templates] = ImmutableSandboxedEnvironment(
            loader=_WalledLoader(templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
        )
    return _environments[templates]
