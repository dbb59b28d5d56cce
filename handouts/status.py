"""How far each handout is in each language: what is translated, what is stale, what has problems."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from handouts.content import SOURCE_LANGUAGE
from handouts.material import Material
from handouts.problems import Problem
from handouts.translations import catalog_path


@dataclass(frozen=True)
class State:
    """One domain in one language: counts of texts, and of problems by severity."""

    language: str
    domain: str
    total: int
    translated: int
    stale: int
    """Texts whose English changed: the old translation waits as a suggestion, marked fuzzy."""
    errors: int
    warnings: int
    printed: bool
    """Whether the clinic prints this language."""

    @property
    def missing(self) -> int:
        """Texts without a translation."""
        return self.total - self.translated - self.stale

    @property
    def name(self) -> str:
        """The state in a word: missing, stale, problems or draft (no sign-off makes a translation reviewed yet)."""
        if self.missing:
            return "missing"
        if self.stale:
            return "stale"
        return "problems" if self.errors else "draft"


def states(material: Material, problems: Iterable[Problem]) -> Iterator[State]:
    """The state of every domain in every language that is begun or printed, in order of language."""
    counted = Counter((problem.place.path, str(problem.severity)) for problem in set(problems))
    begun = {code for code, _ in material.catalogs} | set(material.library.clinic.languages) - {SOURCE_LANGUAGE}
    for code in sorted(begun):
        for domain, entries in material.entries.items():
            catalog = material.catalogs.get((code, domain))
            messages = [catalog.messages.get(entry.key) for entry in entries] if catalog else []
            path = catalog_path(code, domain)
            yield State(
                language=code,
                domain=domain,
                total=len(entries),
                translated=sum(bool(m and m.complete) for m in messages),
                stale=sum(bool(m and m.fuzzy and any(m.strings)) for m in messages),
                errors=counted[path, "error"],
                warnings=counted[path, "warning"],
                printed=code in material.library.clinic.languages,
            )


def table(found: Iterable[State]) -> str:
    """The states as a person reads them: a line for each language, then its domains that are not finished."""
    lines = []
    by_language: dict[str, list[State]] = {}
    for state in found:
        by_language.setdefault(state.language, []).append(state)
    for code, rows in by_language.items():
        total, done = sum(s.total for s in rows), sum(s.translated for s in rows)
        use = "printed" if rows[0].printed else "not printed"
        trouble = sum(s.errors for s in rows), sum(s.warnings for s in rows)
        lines.append(f"{code:8} {100 * done // total:3} % of {total} texts, {use}, {trouble[0]} errors, {trouble[1]} warnings")
        for s in rows:
            if s.name != "draft" or s.warnings:
                lines.append(
                    f"         {s.domain}: {s.name} ({s.translated} of {s.total} translated, {s.missing} missing, "
                    f"{s.stale} stale, {s.errors} errors, {s.warnings} warnings)"
                )
    return "\n".join(lines)
