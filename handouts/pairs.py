"""Each translation beside its English, as the checks compare them.

A translator silences one rule on one entry with a comment of their own that names it:
`# allow: wording/negation`. Such an entry is then told nothing by that rule.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from handouts.material import Material
from handouts.model import Language
from handouts.po import Entry
from handouts.problems import Place, Problem, Severity
from handouts.translations import Catalog


@dataclass(frozen=True)
class Pair:
    """One form of a message in English and in another language."""

    language: Language
    catalog: Catalog
    entry: Entry
    english: str
    string: str

    def problem(self, rule: str, message: str, hint: str, severity: Severity = Severity.ERROR) -> Iterator[Problem]:
        """The problem at the line of the translation, unless its translator allows it."""
        if not any(comment.split() == ["allow:", rule] for comment in self.entry.comments):
            yield Problem(Place(self.catalog.path, self.entry.string_line), rule, message, hint, severity)

    def warning(self, rule: str, message: str, hint: str) -> Iterator[Problem]:
        """The same, as a warning."""
        return self.problem(rule, message, hint, Severity.WARNING)


def pairs(material: Material) -> Iterator[Pair]:
    """Every complete translation that is still wanted, plural forms one by one."""
    for (code, domain), catalog in material.catalogs.items():
        wanted = {entry.key for entry in material.entries[domain]}
        for key, entry in catalog.messages.items():
            if key in wanted and entry.complete:
                for index, string in enumerate(entry.strings):
                    many = index > 0 or len(entry.strings) == 1  # a single form speaks of any number
                    english = entry.plural if entry.plural and many else entry.id
                    yield Pair(material.library.languages[code], catalog, entry, english, string)


def difference(
    wanted: Counter[str], found: Counter[str], lost: str = "not here: {}", extra: str = "not in the English: {}"
) -> str:
    """What of the English a translation lacks, and what it has besides, in words."""
    sides = ((lost, wanted - found), (extra, found - wanted))
    return "; ".join(said.format(", ".join(sorted(which.elements()))) for said, which in sides if which)
