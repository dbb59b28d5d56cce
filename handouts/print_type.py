"""The rules of clear print about type and lines: how large, how upright, how ragged, how long, how dark.

Each rule is a function of one printed page, its docstring the manual; `clear_print` names them all, and their sources.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from handouts import colours
from handouts.model import Edition
from handouts.print_finding import Printed, by, quoted
from handouts.print_layout import THIN
from handouts.problems import Problem, Severity
from handouts.sheets import Box, Run, Sheet, around, lines

SMALLEST = {edition: (18.0, 16.0) if edition is Edition.LARGE_PRINT else (12.0, 10.0) for edition in Edition}
"""The smallest type in points of each edition: of what is read, and of the margins."""

LINE, LINE_WIDTH = 85, 41
"""The most places in a line, of which a character of full width (Chinese, Japanese, Korean) takes two; their width in ems."""

FULL_WIDTH = frozenset({"Hans", "Hant", "Hani", "Jpan", "Kore"})
"""The scripts whose characters take the room of two; on their pages too, sources are told in Latin letters."""

LEAST, AIM = 4.5, 7.0
"""Contrasts: below the first is an error, below the second a warning."""

LARGE, LARGE_BOLD = 18.0, 14.0
"""The sizes from which WCAG calls type large."""


def size(sheet: Sheet, printed: Printed) -> Iterator[Problem]:
    """No type is smaller than its edition allows.

    UKAAF G003 and RNIB: clear print is 12 pt or more (14 is better), large print 16 pt or more (18 is better), never a
    photocopier's enlargement. Here large print keeps to the 18 pt that its readers are promised. The margins (document
    number, date, page number) may have 10 pt, in large print 16 pt: the project's look asks for a quiet footer, and
    departs from G003 there, which wants page numbers as large as the text.
    """
    text, margin = SMALLEST[printed.edition]
    small = [run for run in sheet.runs if run.size < (margin if run.in_margin else text) - 0.05]
    for points, runs in by(small, lambda run: round(run.size, 1)):
        least = margin if runs[0].in_margin else text
        yield printed.problem(
            sheet, "size", f"type of {points:g} pt, where {least:g} pt is the least: {quoted(runs)}",
            "give it its size in the edition's style; if it does not fit, the sheet needs fewer words or another page",
        )  # fmt: skip


def italics(sheet: Sheet, printed: Printed) -> Iterator[Problem]:
    """Nothing is set in italics, and nothing is underlined or struck out.

    UKAAF G003 and RNIB: slanted letters and lines through the tails of letters hide the shapes of words; bold type does
    what they are for. A ruled line under a heading or a cell is as long as its box, not as its words, and is left alone.
    """
    hint = "say it in bold (** in a text), or in other words"
    for font, runs in by((run for run in sheet.runs if run.leaning), lambda run: run.fonts[0]):
        yield printed.problem(sheet, "italics", f"leaning type ({font}): {quoted(runs)}", hint)
    thin = [shape for shape in sheet.shapes if shape.height < THIN and shape.width > 4]
    lined = [run for run in sheet.runs if any(_underlines(shape, run) for shape in thin)]
    if lined:
        yield printed.problem(sheet, "italics", f"a line under or through the words: {quoted(lined)}", hint)


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
    for _, runs in by((run for run in sheet.runs if not run.in_margin), lambda run: run.block):
        *full, last = lines(runs)
        if len(full) < 3:
            continue
        boxes = [around(line) for line in full]
        if _spread(box.left for box in boxes) > 1.5 or _spread(box.right for box in boxes) > 1.5:
            continue
        gaps = [run.spacing for line in (*full, last) for run in line if run.spacing and run.fonts[0] == full[0][0].fonts[0]]
        if gaps and max(gaps) > 1.05 * min(gaps):
            yield printed.problem(
                sheet, "justified", f"a justified paragraph: {quoted(full[0][:1])}", "set it with text-align: start"
            )


def measure(sheet: Sheet, printed: Printed) -> Iterator[Problem]:
    """No line is too long for the eye to find the next one.

    RNIB asks for 60 to 70 characters, which is what the styles aim at; WCAG 2.2, 1.4.8 for 80 at most, 40 in Chinese,
    Japanese and Korean. The limit here is 85 and 42, as a line of narrow letters holds some more; and 41 times the size
    of the type, the room that 85 letters of a sans serif take: Arabic and Nastaliq have more letters in the same room,
    and what the eye must travel back is the room. Marks above and below letters do not count; margins are left alone.
    """
    long = []
    for _, runs in by((run for run in sheet.runs if not run.in_margin), lambda run: run.block):
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
            f"a line of {count // share} characters, where {LINE // share} are the most: {quoted(line[:1])}{more}",
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
            f" {quoted(runs if low else small)}",
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


def _spread(numbers: Iterable[float]) -> float:
    values = list(numbers)
    return max(values) - min(values)
