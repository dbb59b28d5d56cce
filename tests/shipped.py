"""The shipped project, read once, for the tests that look at it."""

from functools import cache
from pathlib import Path

from handouts import fonts, material, plan
from handouts.material import Material
from handouts.model import Edition
from handouts.plan import Job
from handouts.project import Project

ROOT = Path(__file__).parent.parent


@cache
def shipped() -> Material:
    """Everything in the repository's content, locales and clinic file."""
    project = Project(ROOT)
    fonts.configure(project.templates, project.cache)
    return material.read(project)


@cache
def jobs() -> tuple[Job, ...]:
    """The jobs of the standard edition, in English and every language that has catalogs, printed by the clinic or not."""
    codes = ("en", *sorted({code for code, _ in shipped().catalogs}))
    return plan.plan(shipped(), plan.Selection(languages=codes, editions=(Edition.STANDARD,))).jobs
