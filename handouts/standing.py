"""Where every document stands in every language: approved, a draft, out of date, or not all translated."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from handouts import pack_plan
from handouts.approval import Approval
from handouts.model import Consent, Document, Edition, Handout, Language
from handouts.packs import Pack, PackEdition
from handouts.plan import Planner
from handouts.problems import HandoutsError, counted

UNTRANSLATED = "untranslated"


@dataclass(frozen=True)
class Standing:
    """One document in one language."""

    document: Handout | Consent | Pack
    language: Language
    approval: Approval
    digest: str
    """Of the text; empty where it is not all translated."""

    @property
    def state(self) -> str:
        """approved, draft-translation, draft, expired or untranslated."""
        return self.approval.state if self.digest else UNTRANSLATED


def standings(planner: Planner, languages: Sequence[str]) -> tuple[Standing, ...]:
    """Every document in each of some languages, the one to be reviewed soonest first."""
    library = planner.material.library
    documents = sorted(library.translated(), key=lambda document: (document.review, document.document))
    return tuple(
        _standing(planner, document, library.languages[code])
        for document in documents
        for code in languages
        if code in library.languages
    )


def _standing(planner: Planner, document: Handout | Consent | Pack, language: Language) -> Standing:
    try:
        if isinstance(document, Pack):
            page = pack_plan.page(planner, document, language, PackEdition.PAPER)
        else:
            page = planner.page(document, language, Edition.STANDARD)
    except HandoutsError as fault:
        why = tuple(problem.message for problem in fault.problems)
        return Standing(document, language, Approval(expired=document.review < planner.today, why=why), "")
    return Standing(document, language, page.approval, page.digest)


def due(document: Document, today: date) -> str:
    """When a document is to be reviewed, in words."""
    left = (document.review - today).days
    return f"expired {counted(-left, 'day')} ago" if left < 0 else f"due in {counted(left, 'day')}"


def table(found: Sequence[Standing], today: date) -> str:
    """The standings as a person reads them: a line for each document, soonest first, and what each language needs."""
    return "\n".join(_lines(found, today))


def _lines(found: Sequence[Standing], today: date) -> Iterator[str]:
    groups: dict[str, list[Standing]] = {}
    for each in found:
        groups.setdefault(each.document.id, []).append(each)
    for name, group in groups.items():
        document = group[0].document
        yield f"{document.review}  {name} ({document.document}, version {document.version}): {due(document, today)}"
        needs: dict[str, list[str]] = {}
        for each in group:
            for reason in dict.fromkeys(_shortened(each, groups.keys())):
                needs.setdefault(reason, []).append(each.language.code)
        for reason, codes in needs.items():
            every = len(codes) == len(group) and len(codes) > 1
            yield f"            {'all' if every else ' '.join(codes)}: {reason}"


def _shortened(standing: Standing, names: Collection[str]) -> Iterator[str]:
    """What a document needs in a language; of the sheets in a pack only that they are not approved."""
    if not standing.digest:
        yield UNTRANSLATED
    elif not standing.approval.why:
        yield "approved"
    else:
        for reason in standing.approval.why:
            name = reason.partition(": ")[0]
            yield f"{name} is not approved" if name in names else reason


def as_data(standing: Standing) -> dict[str, object]:
    """A standing as JSON knows it."""
    document, approval = standing.document, standing.approval
    return {
        "handout": document.id,
        "document": document.document,
        "title": document.title,
        "language": standing.language.code,
        "version": document.version,
        "published": document.published.isoformat(),
        "review": document.review.isoformat(),
        "state": standing.state,
        "needs": list(approval.why),
        "digest": standing.digest,
        "signed": [signature.model_dump(mode="json", exclude_none=True) for signature in approval.signed],
    }
