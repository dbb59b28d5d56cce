"""Rules about time: how long a text may stand before it is checked against new evidence."""

import datetime
from collections.abc import Iterator

from handouts.material import Material
from handouts.model import Document
from handouts.problems import Place, Problem, counted, warning

LONGEST = 3
"""Years between publication and review (PIF TICK: at most three)."""
NOTICE = datetime.timedelta(days=90)
"""How long before the review date it is told that it comes near."""


def period(material: Material) -> Iterator[Problem]:
    """A document is reviewed three years after publication at the latest; sooner is always right (PIF TICK, criterion 7).

    What is known changes, and a text that nobody has looked at for years misleads. How old its sources are is left to
    whoever reviews it.
    """
    for document in material.library.translated():
        latest = _years_later(document.published, LONGEST)
        if document.review > latest:
            yield Problem(_place(material, document), "currency/period",
                          f"the review date {document.review} is more than {LONGEST} years after publication ({document.published})",
                          f"set a review date of {latest} or earlier")  # fmt: skip


def due(material: Material, today: datetime.date) -> Iterator[Problem]:
    """A document is not past its review date; 90 days before, it is told that the date comes near (IPDAS: update policy).

    Past its date a page says that it is out of date, and no release prints it.
    """
    for document in material.library.translated():
        left = (document.review - today).days
        if left < 0:
            yield warning(_place(material, document), "currency/expired", f"the review date {document.review} has passed",
                          "check the text against new evidence, then set new published and review dates")  # fmt: skip
        elif left <= NOTICE.days:
            yield warning(_place(material, document), "currency/due",
                          f"the review date {document.review} is {counted(left, 'day')} away",
                          "begin to check the text against new evidence; after that date no release prints it")  # fmt: skip


def unchanged_until(material: Material, today: datetime.date) -> datetime.date:
    """The last day on which pages and messages are those of today."""
    days = [datetime.date.max]
    for document in material.library.translated():
        left = document.review - today
        if left > NOTICE:
            days.append(document.review - NOTICE - datetime.timedelta(days=1))
        elif left >= datetime.timedelta():
            days.append(today)
    return min(days)


def _place(material: Material, document: Document) -> Place:
    return material.library.place(material.library.path(document), "review")


def _years_later(date: datetime.date, years: int) -> datetime.date:
    try:
        return date.replace(year=date.year + years)
    except ValueError:  # the 29th of February
        return date.replace(year=date.year + years, day=28)
