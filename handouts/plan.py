"""Content, translations and a selection to the jobs of a build. Pure: reads nothing but templates and fonts.

A document that is not completely translated becomes a `Blocked` with the reason, never a page
with English on it.
"""

import datetime
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, TypeVar, cast

from handouts import signoffs, translations
from handouts.approval import Approval
from handouts.content import REFERENCES, SHARED, SOURCE_LANGUAGE
from handouts.keys import Keys, hashed
from handouts.material import Material
from handouts.model import EVERYDAY, Consent, Document, Edition, Handout, Language, Reference
from handouts.packs import Pack, PackEdition
from handouts.page import Page, cited, web_path
from handouts.problems import HandoutsError, Place, Problem, warning
from handouts.signoffs import Digests, external
from handouts.translations import SHARED_DOMAIN, UI, Wording
from handouts.values import Value

V = TypeVar("V", bound=Value)


@dataclass(frozen=True)
class Selection:
    """What to build: empty tuples mean everything."""

    languages: tuple[str, ...] = ()
    handouts: tuple[str, ...] = ()
    editions: tuple[Edition | PackEdition, ...] = ()
    packs: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    today: datetime.date = datetime.date.min
    """The day on which it is printed: a document whose review date has passed says so."""

    def sheet_editions(self) -> tuple[Edition, ...]:
        """The editions of handouts and forms that are made."""
        return tuple(e for e in self.editions if isinstance(e, Edition)) if self.editions else EVERYDAY

    @property
    def whole(self) -> bool:
        """Whether nothing was left out."""
        return not (self.languages or self.handouts or self.editions or self.packs or self.sites)


@dataclass(frozen=True)
class Job:
    """One file to make: where it goes, what it is made of, and the hash of all of that."""

    output: PurePosixPath
    page: Page
    key: str
    sources: tuple[str, ...]
    recipe: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What the key is the hash of."""
    site: str = ""


@dataclass(frozen=True)
class Blocked:
    """A file that cannot be made, and why."""

    output: PurePosixPath
    problem: Problem
    language: str
    site: str = ""


@dataclass(frozen=True)
class Plan:
    """The jobs of a build, and what cannot be built."""

    jobs: tuple[Job, ...]
    blocked: tuple[Blocked, ...]


def plan(material: Material, selection: Selection, planner: "Planner | None" = None) -> Plan:
    """The jobs for a selection, in order of language, document and edition."""
    library = material.library
    planner = planner or Planner(material, Keys(material), selection.today)
    jobs: list[Job] = []
    blocked: list[Blocked] = []
    for code in selection.languages or library.clinic.languages:
        if code not in library.languages:  # told by the check of the clinic's file
            continue
        for sheet in library.sheets:
            if (selection.handouts or selection.packs) and sheet.id not in selection.handouts:
                continue
            for edition in selection.sheet_editions():
                if printed(sheet, code, edition):
                    made = planner.sheet(sheet, library.languages[code], edition)
                    (jobs if isinstance(made, Job) else blocked).append(made)  # type: ignore[arg-type]
    return Plan(tuple(jobs), tuple(blocked))


def printed(sheet: Handout | Consent, language: str, edition: Edition) -> bool:
    """Whether there is such an edition: English has no second language, only forms are filled in, and no form is a web page."""
    if edition is Edition.BILINGUAL:
        return language != SOURCE_LANGUAGE
    if edition is Edition.WEB:
        return isinstance(sheet, Handout)
    return edition is not Edition.FILLABLE or isinstance(sheet, Consent)


def output_path(language: str, edition: Edition, handout: str) -> PurePosixPath:
    """Where a page goes, from the output folder."""
    if edition is Edition.WEB:
        return PurePosixPath(web_path(language, handout))
    folder = PurePosixPath(language) if edition is Edition.STANDARD else PurePosixPath(language, edition)
    return folder / f"{handout}.pdf"


@dataclass(frozen=True)
class Planner:
    """Makes the pages and jobs of one material, each once."""

    material: Material
    keys: Keys
    today: datetime.date = datetime.date.min
    _sheets: dict[tuple[str, str, Edition], Job | Blocked] = field(default_factory=dict)
    _local: dict[tuple[str, str], Any] = field(default_factory=dict)
    _said: dict[tuple[str, str], tuple[Wording, int]] = field(default_factory=dict)
    _digests: dict[tuple[str, str, tuple[object, ...]], Digests] = field(default_factory=dict)
    _cited: dict[tuple[str, str], Mapping[str, Reference]] = field(default_factory=dict)
    _elsewhere: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    whole: Material | None = None
    """What it was made for before a site was chosen."""

    def at(self, site: str) -> "Planner":
        """The same for a site; what does not depend on the site is still made once."""
        return replace(self, material=self.material.at(site), whole=self.whole or self.material, _sheets={})

    def each(self) -> "tuple[Planner, ...]":
        """The same for each clinic whose pages are made: for every site, or for the one clinic there is."""
        return tuple(self.at(site) for site in self.material.library.sites) if self.material.library.grouped else (self,)

    def placed(self, path: PurePosixPath) -> PurePosixPath:
        """Where a file goes, from the output folder: sites have folders of their own when there are several."""
        library = self.material.library
        return PurePosixPath(library.site, path) if library.apart and library.site else path

    def sheet(self, sheet: Handout | Consent, language: Language, edition: Edition) -> Job | Blocked:
        """The job of a handout or a form, or why it cannot be printed."""
        at = sheet.id, language.code, edition
        if at not in self._sheets:
            output, site = self.placed(output_path(language.code, edition, sheet.id)), self.material.library.site
            try:
                page = self.page(sheet, language, edition)
                recipe = self.keys.recipe(page)
                self._sheets[at] = Job(output, page, hashed(recipe), tuple(self.sources(sheet, language)), recipe, site)
            except HandoutsError as fault:
                self._sheets[at] = Blocked(output, fault.problems[0], language.code, site)
        return self._sheets[at]

    def page(self, document: Handout | Consent | Pack, language: Language, edition: Edition) -> Page:
        """A document in a language; raises `HandoutsError` with what is not translated."""
        library = self.material.library
        shared = self._localised(library.shared, SHARED_DOMAIN, language)
        local = self._localised(document, document.id, language)
        page = Page(local, shared, language, edition, library.clinic, self.material.logo, {}, Wording(language, {}), "")
        at = document.id, library.clinic.region  # which sections there are, and what they cite, is the same in all languages
        if at not in self._cited:
            keys = dict.fromkeys(key for section in page.sections() for key in cited(section))
            self._cited[at] = {key: library.references[key] for key in keys}
        page = replace(page, references=self._cited[at])
        digests = self.digests(document, language)
        approval = self._approval(document, language)
        page = self.worded(replace(page, digest=digests.page, english=digests.english, approval=approval))
        return replace(page, beside=self._english(page, document)) if edition is Edition.BILINGUAL else page

    def digests(self, document: Document, language: Language) -> Digests:
        """What signatures of a document in a language are bound to; raises `HandoutsError` with what is not translated."""
        library = self.material.library
        at = document.id, language.code, signoffs.hours(library.clinic)
        if at not in self._digests:
            files = {path: hashlib.sha256(self.material.project.read(path)).hexdigest() for path in external(document)}
            english = signoffs.english(document, library, files)
            if language.code == SOURCE_LANGUAGE:
                made = Digests(english)
            else:
                local = self._localised(document, document.id, language)
                shared = self._localised(library.shared, SHARED_DOMAIN, language)
                made = Digests(english, signoffs.translated(english, local, shared), self.words(language))
            self._digests[at] = made
        return self._digests[at]

    def everywhere(self, document: Document, language: Language) -> tuple[Digests, ...]:
        """The same at every clinic whose pages are made, each once: texts that state a clinic's hours differ."""
        return tuple(dict.fromkeys(each.digests(document, language) for each in self.each()))

    def _approval(self, document: Document, language: Language) -> Approval:
        signatures, at = self.material.library.signoffs, (document.id, language.code)
        if at not in self._elsewhere:
            group = replace(self, material=self.whole or self.material, whole=None, _sheets={})
            signed = self.whole and any(s.handout == document.id for s in signatures)
            found = (group.digests(document, language), *group.everywhere(document, language)) if signed else ()
            self._elsewhere[at] = frozenset(digest for each in found for digest in (each.english, each.translated))
        digests = self.digests(document, language)
        return signoffs.approval(document, language, digests, signatures, self.today, self._elsewhere[at])

    def words(self, language: Language) -> str:
        """The digest of the templates' words in a language."""
        catalog = self.material.catalogs.get((language.code, UI))
        return signoffs.words(catalog) if catalog else ""

    def worded(self, page: Page) -> Page:
        """The page with the words of its template; raises `HandoutsError` when some are not translated."""
        wording, untold = self.wording(page.language, page.template)
        if untold:
            raise HandoutsError(self.gap(page.language, UI, untold))
        return replace(page, wording=wording)

    def wording(self, language: Language, template: str) -> tuple[Wording, int]:
        """The words a template needs in a language, and how many of them are not translated."""
        if (language.code, template) in self._said:
            return self._said[language.code, template]
        wanted = self.keys.words(template)
        entries = tuple(entry for entry in self.material.entries[UI] if entry.key in wanted)
        catalog = self.material.catalogs.get((language.code, UI)) or self.material.voices.get(language.code)
        wording, untold = translations.wording(language, catalog, entries)
        self._said[language.code, template] = wording, len(untold)
        return wording, len(untold)

    def sources(self, document: Document, language: Language) -> Iterator[str]:
        """The files a document is made of, from the project folder."""
        yield self.material.library.path(document)
        yield from (SHARED, REFERENCES, *self.material.library.clinic_files)
        if language.code != SOURCE_LANGUAGE:
            catalogs = (self.material.catalogs.get((language.code, d)) for d in (document.id, SHARED_DOMAIN, UI))
            yield from (catalog.path for catalog in catalogs if catalog and catalog.path)

    def _english(self, page: Page, document: Handout | Consent | Pack) -> Page:
        """The same document in English."""
        library = self.material.library
        language = library.languages[SOURCE_LANGUAGE]
        return replace(page, handout=document, shared=library.shared, language=language, wording=Wording(language, {}),
                       approval=self._approval(document, language))  # fmt: skip

    def _localised(self, value: V, domain: str, language: Language) -> V:
        """The value in a language; raises `HandoutsError` when some of its texts are not translated."""
        if language.code == SOURCE_LANGUAGE:
            return value
        if (domain, language.code) in self._local:
            return cast("V", self._local[domain, language.code])
        catalog = self.material.catalogs.get((language.code, domain))
        if catalog is None:
            raise HandoutsError(self.gap(language, domain, len(self.material.entries[domain])))
        local, missing = translations.localise(value, domain, catalog)
        if missing:
            raise HandoutsError(self.gap(language, domain, len(missing)))
        self._local[domain, language.code] = local
        return local

    def gap(self, language: Language, domain: str, missing: int) -> Problem:
        """Why a document is not printed in a language."""
        path = translations.catalog_path(language.code, domain)
        total = len(self.material.entries[domain])
        return warning(
            Place(path),
            "translation/incomplete",
            f"{missing} of {total} texts are not translated into {language.name}, so nothing that needs them is printed",
            "translate them (an entry marked fuzzy counts as not translated); English never takes their place",
        )
