"""The rules of clear print, asked of finished pages: what the paper shows, not what a style promised.

Each rule is a function of one printed page, its docstring the manual. `print_layout` reads the PDF. What is in no
element of the page, as its footer, is called the margin here. Sources: UKAAF G003 (2019), *Creating clear print and
large print documents*; RNIB, *Clear print guidelines*; WCAG 2.2.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeVar

from handouts import colours
from handouts.model import Edition, Language
from handouts.print_layout import THIN, sheets
from handouts.problems import Place, Problem, Severity
from handouts.sheets import Box, Run, Sheet, around, lines

Paper = Literal["A4", "Letter"]
Key = TypeVar("Key")

MILLIMETRE = 72 / 25.4
"""Points in a millimetre."""

SMALLEST = {edition: (18.0, 16.0) if edition is Edition.LARGE_PRINT else (12.0, 10.0) for edition in Edition}
"""The smallest type in points of each edition: of what is read, and of the margins."""

LINE, LINE_WIDTH = 85, 41
"""The most places in a line, of which a character of full width (Chinese, Japanese, Korean) takes two; their width in ems."""

FULL_WIDTH = frozenset({"Hans", "Hant", "Hani", "Jpan", "Kore"})
"""The scripts whose characters take the room of two; on their pages too, sources are told in Latin letters."""

EDGE = 5 * MILLIMETRE
"""The rim of a sheet on which office printers may not print."""

LEAST, AIM = 4.5, 7.0
"""Contrasts: below the first is an error, below the second a warning."""

LARGE, LARGE_BOLD = 18.0, 14.0
"""The sizes from which WCAG calls type large."""

CLASH = 0.06
"""Ink in common, as a share of the square of the type's size, from which two texts are on each other."""

HEADINGS = frozenset({"H1", "H2", "H3", "H4", "H5", "H6", "THead"})

SHEETS = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}
"""Width and height in millimetres."""


@dataclass(frozen=True)
class Printed:
    """What a file should be: its name for messages, its edition, language and paper."""

    name: str
    edition: Edition
    language: Language
    paper: Paper

    def problem(self, sheet: Sheet, rule: str, message: str, hint: str, severity: Severity = Severity.ERROR) -> Problem:
        """A finding on a page."""
        return Problem(Place(self.name), f"print/{rule}", f"page {sheet.number}: {message}", hint, severity)


def size(sheet: Sheet, printed: Printed) -> Iterator[Problem]:
    """No type is smaller than its edition allows.

    UKAAF G003 and RNIB: clear print is 12 pt or more (14 is better), large print 16 pt or more (18 is better), never a
    photocopier's enlargement. Here large print keeps to the 18 pt that its readers are promised. The margins (document
    number, date, page number) may have 10 pt, in large print 16 pt: the project's look asks for a quiet footer, and
    departs from G003 there, which wants page numbers as large as the text.
    """
    text, margin = SMALLEST[printed.edition]
    small = [run for run in sheet.runs if run.size < (margin if run.in_margin else text) - 0.05]
    for points, runs in _by(small, lambda run: round(run.size, 1)):
        least = margin if runs[0].in_margin else text
        yield printed.problem(
            sheet, "size", f"type of {points:g} pt, where {least:g} pt is the least: {_quoted(runs)}",
            "give it its size in the edition's style; if it does not fit, the sheet needs fewer words or another page",
        )  # fmt: skip


def italics(sheet: Sheet, printed: Printed) -> Iterator[Problem]:
    """Nothing is set in italics, and nothing is underlined or struck out.

    UKAAF G003 and RNIB: slanted letters and lines through the tails of letters hide the shapes of words; bold type does
    what they are for. A ruled line under a heading or a cell is as long as its box, not as its words, and is left alone.
    """
    hint = "say it in bold (** in a text), or in other words"
    for font, runs in _by((run for run in sheet.runs if run.leaning), lambda run: run.fonts[0]):
        yield printed.problem(sheet, "italics", f"leaning type ({font}): {_quoted(runs)}", hint)
    thin = [shape for shape in sheet.shapes if shape.height < THIN and shape.width > 4]
    lined = [run for run in sheet.runs if any(_underlines(shape, run) for shape in thin)]
    if lined:
        yield printed.problem(sheet, "italics", f"a line under or through the words: {_quoted(lined)}", hint)


def _underlines(shape: Box, run: Run) -> bool:
    """Whether a line is as long as the words and passes through them or close below."""
    slack, middle = 0.4 * run.size, (shape.bottom + shape.top) / 2
    return (
        abs(shape.left - run.box.left) < slack
        and abs(shape.right - run.box.right) < slack
        and run.box.bottom - 0.25 * run.size < middle < run.box.bottom + 0.75 * run.box.height
    )


def justified(sheet: Sheet, printed: Printed) -> Iterator[Problem]:
    """Lines begin at one edge and end where their words end.

    UKAAF G003 and RNIB: even gaps between words; justified text makes rivers of white, and readers lose their line.
    A paragraph is justified if three or more of its lines, without its last, begin at one edge, end at one edge, and
    have gaps of different widths between words: lines that only happen to be equal, as of Chinese characters, have none.
    """
    for _, runs in _by((run for run in sheet.runs if not run.in_margin), lambda run: run.block):
        *full, last = lines(runs)
        if len(full) < 3:
            continue
        boxes = [around(line) for line in full]
        if _spread(box.left for box in boxes) > 1.5 or _spread(box.right for box in boxes) > 1.5:
            continue
        gaps = [run.spacing for line in (*full, last) for run in line if run.spacing and run.fonts[0] == full[0][0].fonts[0]]
        if gaps and max(gaps) > 1.05 * min(gaps):
            yield printed.problem(
                sheet, "justified", f"a justified paragraph: {_quoted(full[0][:1])}", "set it with text-align: start"
            )


def measure(sheet: Sheet, printed: Printed) -> Iterator[Problem]:
    """No line is too long for the eye to find the next one.

    RNIB asks for 60 to 70 characters, which is what the styles aim at; WCAG 2.2, 1.4.8 for 80 at most, 40 in Chinese,
    Japanese and Korean. The limit here is 85 and 42, as a line of narrow letters holds some more; and 41 times the size
    of the type, the room that 85 letters of a sans serif take: Arabic and Nastaliq have more letters in the same room,
    and what the eye must travel back is the room. Marks above and below letters do not count; margins are left alone.
    """
    long = []
    for _, runs in _by((run for run in sheet.runs if not run.in_margin), lambda run: run.block):
        for line in lines(runs):
            count = sum(_characters(run.text) + 1 for run in line) - 1
            if count > LINE and around(line).width > LINE_WIDTH * line[0].size:
                long.append((count, line))
    if long:
        count, line = max(long, key=lambda pair: pair[0])
        wide = printed.language.script in FULL_WIDTH and count > 1.5 * sum(len(run.text) for run in line)
        share = 2 if wide else 1
        more = f" (and {len(long) - 1} more)" if len(long) > 1 else ""
        yield printed.problem(
            sheet, "measure",
            f"a line of {count // share} characters, where {LINE // share} are the most: {_quoted(line[:1])}{more}",
            "make the column narrower or the type larger",
        )  # fmt: skip


@cache
def _room(character: str) -> int:
    """How many places a character takes in a line: marks on letters none, full width two."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _characters(text: str) -> int:
    return sum(map(_room, text))


def contrast(sheet: Sheet, printed: Printed) -> Iterator[Problem]:
    """Text stands out from what is behind it, in colour and on a printer without colours.

    UKAAF G003 and RNIB ask for strong contrast and name no number; WCAG 2.2, 1.4.3 asks for 4.5 to 1, and 1.4.6 for
    7 to 1, with 4.5 for large type (18 pt, bold 14 pt): below the first is an error, below the second a warning. Grey
    is as printers make it (ISO 32000-1, 10.3.3). A colour that is behind less than a quarter of the words is left alone.
    """
    hint = "make the text darker or the ground lighter; a clinic's own colours are in content/clinic.yaml"
    for (ink, ground), runs in _pairs(sheet.runs):
        in_colour, in_grey = colours.contrast(ink, ground), colours.contrast(_grey(ink), _grey(ground))
        ratio = min(in_colour, in_grey)
        small = [run for run in runs if run.size < (LARGE_BOLD if "Bold" in run.fonts[0] else LARGE) - 0.05]
        if ratio >= LEAST and (ratio >= AIM or not small):
            continue
        low = ratio < LEAST
        how = "in grey " if in_grey < in_colour else ""
        yield printed.problem(
            sheet, "contrast",
            f"contrast {how}of {ratio:.1f} to 1, where {LEAST if low else AIM:g} is asked, {ink} on {ground}:"
            f" {_quoted(runs if low else small)}",
            hint, Severity.ERROR if low else Severity.WARNING,
        )  # fmt: skip


def _pairs(runs: Iterable[Run]) -> Iterator[tuple[tuple[str, str], list[Run]]]:
    """The runs of each pair of colours."""
    found: dict[tuple[str, str], list[Run]] = {}
    for run in runs:
        for pair in run.paint:
            found.setdefault(pair, []).append(run)
    return iter(found.items())


def _grey(colour: str) -> str:
    """The grey that a printer without colours prints."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + f"{round(0.3 * red + 0.59 * green + 0.11 * blue):02x}" * 3


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
            sheet, "edge", f"{distance(out[0]) / MILLIMETRE:.1f} mm from the edge of the paper: {_quoted(out)}",
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
            sheet, "stranded", f'the heading "{_short(" ".join(run.text for run in whole))}" is the last thing on the page',
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
                sheet, "overlap", f'"{_short(first.text)}" and "{_short(second.text)}" are printed on each other', hint
            )
    for run in sheet.runs:
        if run.cut > 1:
            yield printed.problem(sheet, "overlap", f'{run.cut:.0f} pt are cut off: "{_short(run.text)}"', hint)
    out = [run for run in sheet.runs if any(_crosses(shape, run) for shape in sheet.shapes)]
    if out:
        yield printed.problem(sheet, "overlap", f"words stand out of their box: {_quoted(out)}", hint)


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


def _by(runs: Iterable[Run], key: Callable[[Run], Key]) -> Iterable[tuple[Key, list[Run]]]:
    """The runs of each kind, in the order in which the kinds are met."""
    found: dict[Key, list[Run]] = {}
    for run in runs:
        found.setdefault(key(run), []).append(run)
    return found.items()


def _spread(numbers: Iterable[float]) -> float:
    values = list(numbers)
    return max(values) - min(values)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39].rstrip() + "…"


def _quoted(runs: list[Run]) -> str:
    """The first text, and how many more there are."""
    return f'"{_short(runs[0].text)}"' + (f" (and {len(runs) - 1} more)" if len(runs) > 1 else "")
