"""`content/*.yaml` and the language facts to a `Library`, with a line number for every field.

What comes in is text a clinic wrote; what goes out has passed the schema. Whether the content is
good (references known, contrast enough, words plain) is judged in `checks`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import TypeVar

from pydantic import ValidationError

from handouts import schema, yaml_file
from handouts.approval import SignOff
from handouts.model import Clinic, Consent, Document, Group, Handout, Language, Profile, Reference, SharedContent, Site, branded
from handouts.packs import Pack
from handouts.problems import HandoutsError, Place, Problem
from handouts.project import Project
from handouts.standards import Rating, Standard, resolved
from handouts.values import Value
from handouts.yaml_file import Steps, YamlFile

CLINIC = "content/clinic.yaml"
SITES = "content/sites"
REFERENCES = "content/references.yaml"
SHARED = "content/shared.yaml"
SOURCE_LANGUAGE = "en"
FOLDERS: Mapping[str, type[Document]] = {"content/handouts": Handout, "content/consent": Consent, "content/packs": Pack}
PROFILES = "content/profiles"
JARGON = "content/jargon.yaml"
SIGNOFFS = "content/signoffs.yaml"
STANDARDS = "content/standards"
DESK = "content/desk.yaml"
RATINGS = "content/ratings.yaml"

V = TypeVar("V", bound=Value)
D = TypeVar("D", bound=Document)


@dataclass(frozen=True)
class Library:
    """Everything the content says, in English, and the files it came from."""

    clinic: Clinic
    """The clinic whose pages are made: that of content/clinic.yaml, or that as a site changes it."""
    languages: Mapping[str, Language]
    references: Mapping[str, Reference]
    shared: SharedContent
    handouts: tuple[Handout, ...]
    consents: tuple[Consent, ...]
    packs: tuple[Pack, ...]
    profiles: Mapping[str, Profile]
    signoffs: tuple[SignOff, ...]
    jargon: Mapping[str, str]
    """Hard words, each with a plain word for it."""
    standards: Mapping[str, Standard]
    ratings: tuple[Rating, ...]
    files: Mapping[str, YamlFile]
    groups: tuple[Group, ...] = ()
    """How the consultation desk groups documents; what no group names stands last."""
    sites: Mapping[str, Clinic] = field(default_factory=dict)
    """The clinics of a group, by the names of their files: those whose pages are asked for."""
    site: str = ""
    """The site that `clinic` is; empty: it is that of content/clinic.yaml."""
    apart: bool = False
    """Whether each site has a folder of its own in the output: where there is more than one."""

    def path(self, document: Document) -> str:
        """The file a document came from."""
        folder = next(name for name, kind in FOLDERS.items() if isinstance(document, kind))
        return f"{folder}/{document.id}.yaml"

    @property
    def sheets(self) -> tuple[Handout | Consent, ...]:
        """The documents that are printed by themselves: handouts, then consent forms."""
        return self.handouts + self.consents

    def sheet(self, name: str) -> Handout | Consent:
        """The handout or form of an id; raises `LookupError`."""
        found = next((sheet for sheet in self.sheets if sheet.id == name), None)
        if found is None:
            raise LookupError(f'there is no handout or form "{name}"')
        return found

    def documents(self) -> Iterator[tuple[str, Handout | Consent | SharedContent]]:
        """What is made of sections, each with its file: the shared content, then handouts and consent forms."""
        yield SHARED, self.shared
        for sheet in self.sheets:
            yield self.path(sheet), sheet

    def translated(self) -> Iterator[Handout | Consent | Pack]:
        """What has a catalog of its own."""
        yield from self.sheets
        yield from self.packs

    def place(self, path: str, *steps: str | int) -> Place:
        """Where a field of a content file stands."""
        return self.files[path].place(steps)

    def at(self, site: str) -> "Library":
        """The same content for a site; raises `HandoutsError` when there is none of that name."""
        return replace(self.only((site,)), clinic=self.sites[site], site=site)

    def only(self, sites: Sequence[str]) -> "Library":
        """The same content for some of the sites, for all when none is named; raises `HandoutsError` for unknown names."""
        unknown = [site for site in sites if site not in self.sites]
        known = ", ".join(self.sites)
        hint = f"use one of: {known}" if known else f"put its file there: {SITES}/{unknown[0] if unknown else 'ID'}.yaml"
        if unknown:
            raise HandoutsError(
                *(Problem(Place("--site"), "usage/site", f'there is no site "{site}"', hint) for site in unknown)
            )
        return replace(self, sites={site: clinic for site, clinic in self.sites.items() if site in sites}) if sites else self

    def each(self) -> "tuple[Library, ...]":
        """The content for each clinic whose pages are made: for every site, or for the one clinic there is."""
        return tuple(self.at(site) for site in self.sites) if self.grouped else (self,)

    @property
    def grouped(self) -> bool:
        """Whether it is for several clinics, none of them chosen yet."""
        return bool(self.sites) and not self.site

    @property
    def printed(self) -> tuple[str, ...]:
        """The languages that at least one of those clinics prints."""
        return tuple(dict.fromkeys(code for library in self.each() for code in library.clinic.languages))

    @property
    def clinic_files(self) -> tuple[str, ...]:
        """The files that the clinic's fields stand in, the site's own first."""
        return (*((f"{SITES}/{self.site}.yaml",) if self.site else ()), CLINIC)

    def clinic_place(self, field: str, *steps: str | int) -> Place:
        """Where a field of the clinic stands: in the site's file, or where it is taken from when that leaves it out."""
        path = next((p for p in self.clinic_files if (field,) in self.files[p].lines), CLINIC)
        return self.place(path, field, *steps)


def load(project: Project, kept: Mapping[str, YamlFile] | None = None) -> Library:
    """Read all content; raises `HandoutsError` with the problems of all files.

    `kept` are files, by their paths, that have not changed since they were read.
    """
    loader = _Loader(project, kept or {})
    clinic = loader.one(CLINIC, Clinic)
    sites = {path.stem: loader.one(project.relative(path), Site) for path in project.files(f"{SITES}/*.yaml")}
    shared = loader.one(SHARED, SharedContent)
    references = loader.many(REFERENCES, Reference)
    languages = {
        path.parent.name: loader.one(project.relative(path), Language) for path in project.files("locales/*/language.yaml")
    }
    handouts = loader.folder("content/handouts", Handout)
    consents = loader.folder("content/consent", Consent)
    packs = loader.folder("content/packs", Pack)
    profiles = loader.folder(PROFILES, Profile)
    signoffs = loader.listed(SIGNOFFS, SignOff)
    jargon = loader.words(JARGON)
    standards = loader.folder(STANDARDS, Standard)
    ratings = loader.listed(RATINGS, Rating)
    groups = loader.listed(DESK, Group)
    if loader.problems or not clinic or not shared:
        raise HandoutsError(*loader.problems)
    if not handouts:
        raise HandoutsError(Problem(Place("content/handouts"), "content/empty", "there is no handout", "put a YAML file there"))
    held = {profile.id: profile for profile in profiles}
    return Library(
        clinic=clinic,
        languages={code: language for code, language in languages.items() if language},
        references=references,
        shared=shared,
        handouts=_sorted(handouts),
        consents=_sorted(consents),
        packs=_sorted(packs),
        profiles=held,
        signoffs=tuple(signoffs),
        jargon=jargon,
        standards={standard.id: resolved(standard, held, "consent/element") for standard in standards},
        ratings=tuple(ratings),
        files=loader.files,
        groups=tuple(groups),
        sites={name: branded(clinic, _led(name, clinic, site, len(sites) > 1)) for name, site in sites.items() if site},
        apart=len(sites) > 1,
    )


def _led(name: str, clinic: Clinic, site: Value, apart: bool) -> Value:
    """The site, with the web address of its folder in the group's where it gives none of its own."""
    if "handouts_address" in site.model_fields_set or not (apart and clinic.handouts_address):
        return site
    return site.model_copy(update={"handouts_address": f"{clinic.handouts_address.rstrip('/')}/{name}"})


def _sorted(documents: list[D]) -> tuple[D, ...]:
    return tuple(sorted(documents, key=lambda document: (document.document, document.id)))


class _Loader:
    """Reads file after file and keeps every problem, so that one run tells them all."""

    def __init__(self, project: Project, kept: Mapping[str, YamlFile]) -> None:
        self.project = project
        self.kept = kept
        self.problems: list[Problem] = []
        self.files: dict[str, YamlFile] = {}

    def one(self, path: str, kind: type[V]) -> V | None:
        """The value of a whole file, or nothing when it has problems."""
        source = self._read(path)
        value = self._validated(source, source.data, (), kind) if source else None
        if isinstance(value, Language):
            self._same_name(path, "code", value.code, "folder", PurePosixPath(path).parent.name)
        if isinstance(value, Document | Profile | Standard):
            self._same_name(path, "id", value.id, "file", PurePosixPath(path).stem)
        return value

    def folder(self, folder: str, kind: type[V]) -> list[V]:
        """The values of all files of a folder that have no problems."""
        found = (self.one(self.project.relative(path), kind) for path in self.project.files(f"{folder}/*.yaml"))
        return [value for value in found if value]

    def many(self, path: str, kind: type[V]) -> dict[str, V]:
        """The values of a file that is a mapping from names to values."""
        source = self._read(path)
        if not source:
            return {}
        if not isinstance(source.data, dict):
            self.problems.append(Problem(Place(path, 1), "content/schema", "the file must be a mapping"))
            return {}
        values = {key: self._validated(source, data, (key,), kind) for key, data in source.data.items()}
        return {key: value for key, value in values.items() if value}

    def listed(self, path: str, kind: type[V]) -> list[V]:
        """The values of a file that is a list; none when there is no such file."""
        source = self._read(path) if (self.project.folder / path).exists() else None
        if not source:
            return []
        if not isinstance(source.data, list):
            self.problems.append(Problem(Place(path, 1), "content/schema", "the file must be a list",
                                         'write "- " before the first field of each entry'))  # fmt: skip
            return []
        values = [self._validated(source, data, (index,), kind) for index, data in enumerate(source.data)]
        return [value for value in values if value]

    def words(self, path: str) -> dict[str, str]:
        """A file that gives each word another; none when there is no such file."""
        source = self._read(path) if (self.project.folder / path).exists() else None
        if not source:
            return {}
        data = source.data if isinstance(source.data, dict) else {}
        bad = [word for word, other in data.items() if not isinstance(other, str)]
        self.problems += [Problem(source.place((word,)), "content/schema", f'"{word}" has no plain word beside it',
                                  "write it behind the colon") for word in bad]  # fmt: skip
        if not data:
            self.problems.append(Problem(Place(path, 1), "content/schema", "the file must be a mapping",
                                         'write a hard word, a colon and a plain word on each line'))  # fmt: skip
        return {word: other for word, other in data.items() if isinstance(other, str)}

    def _same_name(self, path: str, field: str, value: str, holder: str, name: str) -> None:
        """A name inside a file is that of the file or folder: that is how people find the file of a page."""
        if value != name:
            self.problems.append(
                Problem(self.files[path].place((field,)), "content/name", f'{field} is "{value}" but the {holder} is "{name}"',
                        f'write "{field}: {name}" or rename the {holder}')
            )  # fmt: skip

    def _read(self, path: str) -> YamlFile | None:
        try:
            self.files[path] = self.kept.get(path) or yaml_file.read(self.project, path)
        except HandoutsError as fault:
            self.problems.extend(fault.problems)
            return None
        return self.files[path]

    def _validated(self, source: YamlFile, data: object, at: Steps, kind: type[V]) -> V | None:
        try:
            return kind.model_validate(data)
        except ValidationError as fault:
            self.problems.extend(schema.problems(source, data, at, fault, kind))
            return None
