"""What the checks find in one language of a project that is kept read: asked of a process of its own, language after language."""

import datetime
from dataclasses import dataclass, replace

from handouts import checks
from handouts.content import SOURCE_LANGUAGE
from handouts.material import Material
from handouts.problems import Problem


@dataclass(frozen=True)
class Found:
    """What the checks found in one language; in the English, all that is in no catalog."""

    problems: tuple[Problem, ...] = ()
    current: bool = False


def of_language(material: Material, code: str) -> Material:
    """The material with the catalogs of one language only, and for English of those that are signed: what its checks need."""
    signed = {signature.language for signature in material.library.signoffs} if code == SOURCE_LANGUAGE else set()
    return replace(material, catalogs={at: each for at, each in material.catalogs.items() if at[0] in {code, *signed}})


def found(material: Material, code: str, today: datetime.date) -> tuple[Problem, ...]:
    """The problems of one language: all rules, of what lies in its folder; for English, in no language's folder."""
    own, english = f"locales/{code}/", code == SOURCE_LANGUAGE
    told = sorted(set(checks.run(material, today)))
    return tuple(p for p in told if p.place.path.startswith(own) or (english and not p.place.path.startswith("locales/")))
