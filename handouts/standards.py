"""Standards as data: what each asks, which rules hold it, what only a person can judge, and the judgements given.

A standard is a file of content/standards/. Its items say in our own words what is asked; `rules` names the checks that
hold an item, `human` that a named person must rate it. Ratings are in content/ratings.yaml. Reading is `content`'s
work; whether names point somewhere is judged in `checks.standards`.
"""

import enum
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from handouts.model import Consent, Document, Handout, Profile
from handouts.values import Date, Line, Slug, Value

RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$")]
ItemId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class Item(Value):
    """One thing a standard asks: held by rules, rated by a person, or both."""

    id: ItemId
    says: Line
    rules: tuple[RuleId, ...] = ()
    human: bool = False

    @model_validator(mode="after")
    def _held(self) -> Self:
        if not self.rules and not self.human:
            raise PydanticCustomError("item", "nothing holds this item: name rules, or say human: yes")
        return self


class Standard(Value):
    """A checklist: where it comes from, which documents it is for, its items.

    With `profile` the items are the elements of that profile, and only documents that name it are meant.
    """

    id: Slug
    name: Line
    source: Line
    applies: Literal["handouts", "decision-aids", "consents", "all"]
    profile: Slug | None = None
    items: tuple[Item, ...] = ()

    @model_validator(mode="after")
    def _one_list(self) -> Self:
        if bool(self.items) == bool(self.profile):
            raise PydanticCustomError("item", "a standard has either items or a profile")
        return self

    def item(self, name: str) -> Item | None:
        """The item of a name."""
        return next((item for item in self.items if item.id == name), None)

    def concerns(self, document: Document) -> bool:
        """Whether a document is to meet this standard; a handout that names a profile is a decision aid."""
        if not isinstance(document, Handout | Consent):
            return False
        right = {
            "handouts": isinstance(document, Handout),
            "decision-aids": isinstance(document, Handout) and bool(document.profiles),
            "consents": isinstance(document, Consent),
            "all": True,
        }[self.applies]
        return right and (self.profile is None or self.profile in document.profiles)


class Verdict(enum.StrEnum):
    """What a person found of an item."""

    AGREE = "agree"
    DISAGREE = "disagree"
    NOT_APPLICABLE = "not-applicable"


class Rating(Value):
    """One judgement: who, when, of which item of which standard, of which text.

    `digest` is what the footer of the rated page shows, 8 hexadecimal digits or more: a rating is of that text and of
    no later one.
    """

    document: Slug
    standard: Slug
    item: ItemId
    rating: Verdict
    name: Line
    credential: Line
    date: Date
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8,64}$")]
    note: Line | None = None


def resolved(standard: Standard, profiles: Mapping[str, Profile], rule: str) -> Standard:
    """A standard with the elements of its profile as its items, each held by a rule."""
    profile = profiles.get(standard.profile or "")
    if not profile:
        return standard
    items = tuple(Item(id=element.id, says=element.says, rules=(rule,)) for element in profile.elements)
    return standard.model_copy(update={"items": items})
