"""Rules about the standards and the ratings themselves: what they name exists, so that a scoreboard cannot flatter."""

from collections.abc import Iterator

from handouts.content import RATINGS, STANDARDS
from handouts.material import Material
from handouts.problems import Problem
from handouts.rules import RULES


def rules(material: Material) -> Iterator[Problem]:
    """Every rule and profile that a standard names exists, and no item stands there twice.

    An item that a misspelt rule "holds" would always count as met. The rules there are stand in handouts/rules.py, which
    a test holds against the source.
    """
    library = material.library
    for standard in library.standards.values():
        path = f"{STANDARDS}/{standard.id}.yaml"
        if standard.profile and standard.profile not in library.profiles:
            yield Problem(library.place(path, "profile"), "standards/profile", f'"{standard.profile}" is not a profile',
                          f"write content/profiles/{standard.profile}.yaml, or use one of: {', '.join(sorted(library.profiles)) or 'none yet'}")  # fmt: skip
        for index, item in enumerate(standard.items if not standard.profile else ()):
            if any(other.id == item.id for other in standard.items[:index]):
                yield Problem(library.place(path, "items", index, "id"), "standards/item",
                              f'the item "{item.id}" stands here a second time', "give each item its own id")  # fmt: skip
            for number, rule in enumerate(item.rules):
                if rule not in RULES:
                    family = rule.partition("/")[0]
                    near = sorted(name for name in RULES if name.startswith(f"{family}/")) or sorted(RULES)
                    yield Problem(library.place(path, "items", index, "rules", number), "standards/rules",
                                  f'there is no rule "{rule}"', f"use one of: {', '.join(near)}")  # fmt: skip


def ratings(material: Material) -> Iterator[Problem]:
    """A rating is of a document, a standard and an item that exist, and of an item that a person is to rate.

    What a rule holds is not put to a vote; and the standard must be meant for the kind of document. Whether the text has
    changed since is told where the ratings are shown.
    """
    library = material.library
    sheets = {sheet.id: sheet for sheet in library.sheets}
    for index, rating in enumerate(library.ratings):
        standard = library.standards.get(rating.standard)
        item = standard.item(rating.item) if standard else None
        sheet = sheets.get(rating.document)
        fault = ("document", f'there is no document "{rating.document}"', f"use one of: {', '.join(sorted(sheets))}")
        if sheet and not standard:
            fault = (
                "standard",
                f'there is no standard "{rating.standard}"',
                f"use one of: {', '.join(sorted(library.standards))}",
            )
        elif sheet and standard and not standard.concerns(sheet):
            fault = (
                "standard",
                f'"{rating.standard}" is not for "{rating.document}"',
                f"it is for {standard.applies.replace('-', ' ')}",
            )
        elif sheet and standard and not item:
            fault = (
                "item",
                f'{rating.standard} has no item "{rating.item}"',
                f"use one of: {', '.join(i.id for i in standard.items)}",
            )
        elif sheet and standard and item and not item.human:
            fault = (
                "item",
                f'item "{rating.item}" of {rating.standard} is held by a rule',
                f"delete the rating; see {', '.join(item.rules)}",
            )
        elif sheet:
            continue
        yield Problem(library.place(RATINGS, index, fault[0]), "standards/ratings", fault[1], fault[2])
