"""The rules of clear print, asked of finished pages: what the paper shows, not what a style promised.

Each rule is a function of one printed page, its docstring the manual; those about type and lines are in `print_type`.
`print_layout` reads the PDF. What is in no element of the page, as its footer, is called the margin here. Sources:
UKAAF G003 (2019), *Creating clear print and large print documents*; RNIB, *Clear print guidelines*; WCAG 2.2.
"""

from collections.abc import Iterator
from contextlib import closing

from handouts.model import Edition, Language
from handouts.print_finding import Paper, Printed, quoted, short
from handouts.print_layout import sheets
from handouts.print_type import contrast, italics, justified, measure, size
from handouts.problems import Problem
from handouts.sheets import Box, Run, Sheet

MILLIMETRE = 72 / 25.4
"""Points in a millimetre."""

EDGE = 5 * MILLIMETRE
"""The rim of a sheet on which office printers may not print."""

CLASH = 0.06
"""Ink in common, as a share of the square of the type's size, from which two texts are on each other."""

HEADINGS = frozenset({"H1", "H2", "H3", "H4", "H5", "H6", "THead"})

SHEETS = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}
"""Width and height in millimetres."""


def edge(sheet: Sheet, printed: Printed) -> Iterator[Problem]:
    """All words are at least 5 mm inside the paper.

    Office printers leave a rim of 4 to 5 mm white; what stands there is lost, and on a photocopy more is. This holds for
    the footer too: a document's number and date are how a clinic knows which sheet a patient has. Panels may bleed.
    """

    def distance(run: Run) -> float:
        return min(run.box.left, run.box.bottom, sheet.width - run.box.right, sheet.height - run.box.top)

    out = sorted((run for run in sheet.runs if distance(run) < EDGE - 0.1), key=distance)
    if out:
        yield printed.problem(
            sheet, "edge", f"{distance(out[0]) / MILLIMETRE:.1f} mm from the edge of the paper: {quoted(out)}",
            "keep 5 mm free: wider margins in @page, or fewer words in a footer",
        )  # fmt: skip


def stranded(sheet: Sheet, printed: Printed) -> Iterator[Problem]:
    """No heading is the last thing on its page.

    A heading belongs to what it heads (UKAAF G003: a layout that is easy to follow). Read from the tags: if the last
    thing that is read on a page is a heading (H1 to H6) or a table's head, it is stranded, unless fields or lines to
    write on follow it, which no tag tells of. The margins do not count.
    """
    if not sheet.order or sheet.order[-1][1] not in HEADINGS:
        return
    last = [run for run in sheet.runs if run.mark == sheet.order[-1][0]]
    if last and not _followed(last[0], sheet):
        whole = [run for run in sheet.runs if run.block == last[0].block]
        yield printed.problem(
            sheet, "stranded", f'the heading "{short(" ".join(run.text for run in whole))}" is the last thing on the page',
            "break-after: avoid on the heading, or break-inside: avoid on what follows",
        )  # fmt: skip


def _followed(heading: Run, sheet: Sheet) -> bool:
    """Whether something is painted below a heading and above the footer: at the distance of a line to write on, or a field."""
    footer = max((run.box.top for run in sheet.runs if run.in_margin and run.box.top < heading.box.bottom), default=0)
    return any(footer + heading.size < shape.bottom < heading.box.bottom - heading.size for shape in sheet.shapes)


def overlap(sheet: Sheet, printed: Printed) -> Iterator[Problem]:
    """No words are printed on other words, are cut off, or stand out of their box.

    UKAAF G003: no text over text or pictures. Where the boxes of two lines meet, the ink of both is compared, so that
    Nastaliq, which leans into its neighbours, and letters with marks above and below may come as close as they do in
    books. An upright line or edge of a panel that passes through words, half a letter's height from their ends or more
    (kafs of Nastaliq reach that far), is the edge of a box they stand out of.
    """
    hint = "look at the page: give the words more room, a longer break, or a smaller share of the row"
    for first, second, common in sheet.clashes:
        if common >= CLASH:
            yield printed.problem(
                sheet, "overlap", f'"{short(first.text)}" and "{short(second.text)}" are printed on each other', hint
            )
    for run in sheet.runs:
        if run.cut > 1:
            yield printed.problem(sheet, "overlap", f'{run.cut:.0f} pt are cut off: "{short(run.text)}"', hint)
    out = [run for run in sheet.runs if any(_crosses(shape, run) for shape in sheet.shapes)]
    if out:
        yield printed.problem(sheet, "overlap", f"words stand out of their box: {quoted(out)}", hint)


def _crosses(shape: Box, run: Run) -> bool:
    """Whether an upright edge of a shape passes through the words."""
    box, slack = run.box, 0.5 * run.size
    meeting = min(box.top, shape.top) - max(box.bottom, shape.bottom)
    return meeting > 0.5 * box.height and any(box.left + slack < x < box.right - slack for x in (shape.left, shape.right))


def paper(sheet: Sheet, printed: Printed) -> Iterator[Problem]:
    """Every page has the size of the clinic's paper.

    UKAAF G003 asks for A4, the paper of the place; a page of another size is shrunk or cut by the printer, and 12 pt are
    then no longer 12 pt. The bilingual edition lies on its side.
    """
    width, height = SHEETS[printed.paper]
    lying = printed.edition is Edition.BILINGUAL
    wanted = (height, width) if lying else (width, height)
    real = (sheet.width / MILLIMETRE, sheet.height / MILLIMETRE)
    if any(abs(one - other) > 0.5 for one, other in zip(real, wanted, strict=True)):
        yield printed.problem(
            sheet, "paper", f"the page is {real[0]:.0f} x {real[1]:.0f} mm,"
            f" where {printed.paper}{' lying' if lying else ''} is {wanted[0]:.0f} x {wanted[1]:.0f} mm",
            "the size is set by @page in templates/settings.css.j2, from paper in content/clinic.yaml",
        )  # fmt: skip


RULES = (size, italics, justified, measure, contrast, edge, stranded, overlap, paper)
"""Every rule; their names are the second half of their ids."""


def check(pdf: bytes, name: str, edition: Edition, language: Language, paper: Paper) -> tuple[Problem, ...]:
    """What is wrong on the printed pages of a finished file; `name` is what problems call it."""
    printed = Printed(name, edition, language, paper)
    with closing(sheets(pdf)) as pages:
        return tuple(problem for sheet in pages for rule in RULES for problem in rule(sheet, printed))
