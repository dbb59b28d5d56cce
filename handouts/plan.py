"""Content, translations and a selection to the jobs of a build. Pure: reads nothing but templates and fonts.

A handout that is not completely translated becomes a `Blocked` with the reason, never a page
with English on it.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from handouts import fonts, pdf, translations
from handouts.content import SOURCE_LANGUAGE
from handouts.material import Material
from handouts.model import EVERYDAY, Edition, Handout, Language, SharedContent
from handouts.page import Page, cited
from handouts.problems import Place, Problem, warning
from handouts.translations import SHARED_DOMAIN, UI, Wording

OWN = ("bilingual", "colours", "figures", "markup", "page", "pdf", "plurals", "translations", "values")
"""The modules of the engine whose code decides how a page looks."""


@dataclass(frozen=True)
class Selection:
    """What to build: empty tuples mean everything."""

    languages: tuple[str, ...] = ()
    handouts: tuple[str, ...] = ()
    editions: tuple[Edition, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing was left out."""
        return not (self.languages or self.handouts or self.editions)


@dataclass(frozen=True)
class Job:
    """One file to make: where it goes, what it is made of, and the hash of all of that."""

    output: PurePosixPath
    page: Page
    key: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Blocked:
    """A file that cannot be made, and why."""

    output: PurePosixPath
    problem: Problem


@dataclass(frozen=True)
class Plan:
    """The jobs of a build, and what cannot be built."""

    jobs: tuple[Job, ...]
    blocked: tuple[Blocked, ...]


def plan(material: Material, selection: Selection) -> Plan:
    """The jobs for a selection, in order of language, edition and document."""
    library = material.library
    jobs: list[Job] = []
    blocked: list[Blocked] = []
    engine = _engine_digest(material)
    for code in selection.languages or library.clinic.languages:
        if code not in library.languages:  # told by the check of the clinic's file
            continue
        language = library.languages[code]
        wording, untold = translations.wording(language, material.catalogs.get((code, UI)), material.entries[UI])
        shared, gap = _localised_shared(material, language)
        if untold:
            gap = _gap(material, language, UI, len(untold))
        for handout in library.handouts:
            if selection.handouts and handout.id not in selection.handouts:
                continue
            local, missing = _localised(material, handout, language)
            problem = gap or (_gap(material, language, handout.id, missing) if missing else None)
            for edition in selection.editions or EVERYDAY:
                if edition is Edition.BILINGUAL and code == SOURCE_LANGUAGE:
                    continue
                output = output_path(code, edition, handout.id)
                if problem:
                    blocked.append(Blocked(output, problem))
                else:
                    jobs.append(_job(material, local, shared, language, edition, wording, engine, output))
    return Plan(tuple(jobs), tuple(blocked))


def output_path(language: str, edition: Edition, handout: str) -> PurePosixPath:
    """Where a page goes, from the output folder."""
    folder = PurePosixPath(language) if edition is Edition.STANDARD else PurePosixPath(language, edition)
    return folder / f"{handout}.pdf"


def _job(
    material: Material,
    handout: Handout,
    shared: SharedContent,
    language: Language,
    edition: Edition,
    wording: Wording,
    engine: str,
    output: PurePosixPath,
) -> Job:
    library = material.library
    text = hashlib.sha256(f"{handout.model_dump_json()}{shared.model_dump_json()}".encode()).hexdigest()
    page = Page(handout, shared, language, edition, library.clinic, material.logo, {}, wording, text[:8])
    keys = dict.fromkeys(key for section in page.sections() for key in cited(section))
    references = {key: library.references[key] for key in keys}
    page = replace(page, references=references)
    if edition is Edition.BILINGUAL:
        page = replace(page, beside=_english(material, page))
    parts = [
        *(_texts(page.beside) if page.beside else ()),
        engine,
        text,
        edition,
        language.model_dump_json(),
        library.clinic.model_dump_json(),
        hashlib.sha256(material.logo).hexdigest(),
        *(f"{key}{reference.model_dump_json()}" for key, reference in references.items()),
        wording.plural,
        *(f"{key}{strings}" for key, strings in sorted(wording.strings.items(), key=str)),
        fonts.digest(language.fonts, material.project.templates),
    ]
    key = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return Job(output, page, key, tuple(_sources(material, handout, language)))


def _english(material: Material, page: Page) -> Page:
    """The same document in English."""
    library = material.library
    language = library.languages[SOURCE_LANGUAGE]
    source = next(handout for handout in library.handouts if handout.id == page.handout.id)
    wording, _ = translations.wording(language, None, ())
    return replace(page, handout=source, shared=library.shared, language=language, wording=wording)


def _texts(page: Page) -> tuple[str, ...]:
    """What a page beside another adds to what it is made of."""
    return page.handout.model_dump_json(), page.shared.model_dump_json(), page.language.model_dump_json()


def _sources(material: Material, handout: Handout, language: Language) -> Iterator[str]:
    yield material.library.path(handout)
    yield from ("content/shared.yaml", "content/references.yaml", "content/clinic.yaml")
    if language.code != SOURCE_LANGUAGE:
        catalogs = (material.catalogs.get((language.code, d)) for d in (handout.id, SHARED_DOMAIN, UI))
        yield from (catalog.path for catalog in catalogs if catalog and catalog.path)


def _localised(material: Material, handout: Handout, language: Language) -> tuple[Handout, int]:
    """The handout in a language, and how many of its texts are missing."""
    if language.code == SOURCE_LANGUAGE:
        return handout, 0
    catalog = material.catalogs.get((language.code, handout.id))
    if catalog is None:
        return handout, len(material.entries[handout.id])
    local, missing = translations.localise(handout, handout.id, catalog)
    return local, len(missing)


def _localised_shared(material: Material, language: Language) -> tuple[SharedContent, Problem | None]:
    shared = material.library.shared
    if language.code == SOURCE_LANGUAGE:
        return shared, None
    catalog = material.catalogs.get((language.code, SHARED_DOMAIN))
    if catalog is None:
        return shared, _gap(material, language, SHARED_DOMAIN, len(material.entries[SHARED_DOMAIN]))
    local, missing = translations.localise(shared, SHARED_DOMAIN, catalog)
    return local, _gap(material, language, SHARED_DOMAIN, len(missing)) if missing else None


def _gap(material: Material, language: Language, domain: str, missing: int) -> Problem:
    """Why a handout is not printed in a language."""
    path = translations.catalog_path(language.code, domain)
    total = len(material.entries[domain])
    return warning(
        Place(path),
        "translation/incomplete",
        f"{missing} of {total} texts are not translated into {language.name}, so nothing that needs them is printed",
        "translate them (an entry marked fuzzy counts as not translated); English never takes their place",
    )


def _engine_digest(material: Material) -> str:
    """A hash of what all pages share: templates, styles, pictograms, library versions."""
    total = hashlib.sha256(pdf.version().encode())
    templates = material.project.templates
    for path in sorted(p for p in templates.rglob("*") if p.is_file() and "fonts" not in p.relative_to(templates).parts):
        total.update(path.relative_to(templates).as_posix().encode())
        total.update(path.read_bytes())
    own = [path for path in sorted(Path(__file__).parent.glob("*.py")) if path.stem in OWN]
    for path in own:
        total.update(path.read_bytes())
    return total.hexdigest()
