"""Pictures made of numbers: icon arrays and bars, as SVG text. Pure functions.

A filled mark differs from an empty one in shape (a large disc, a small ring), so that the
picture reads in grey and for colour-blind people.
"""

import base64

from handouts.sections import Risk

CELL = 10
"""Side of the square that holds one mark, in SVG user units."""


def icon_array(filled: int, total: int, colour: str, right_to_left: bool) -> str:
    """An SVG of `total` marks in rows of ten, `filled` of them filled from the reading side."""
    rows = -(-total // 10)
    marks = []
    for i in range(total):
        column = 9 - i % 10 if right_to_left else i % 10
        x, y = column * CELL + CELL / 2, i // 10 * CELL + CELL / 2
        if i < filled:
            marks.append(f'<circle cx="{x:g}" cy="{y:g}" r="4.1" fill="{colour}"/>')
        else:
            marks.append(f'<circle cx="{x:g}" cy="{y:g}" r="2.6" fill="none" stroke="#555555" stroke-width="0.9"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {10 * CELL} {rows * CELL}" '
        f'width="{10 * CELL}" height="{rows * CELL}">{"".join(marks)}</svg>'
    )


def bar(risk: Risk, colour: str, right_to_left: bool) -> str:
    """An SVG bar of ten squares, filled as the risk is; a part of ten fills part of a square."""
    share = 10 * risk.count / risk.of
    cells = []
    for i in range(10):
        x = (9 - i if right_to_left else i) * 12 + 1
        part = min(max(share - i, 0), 1) * 10
        start = x + 10 - part if right_to_left else x
        cells.append(f'<rect x="{x}" y="1" width="10" height="10" fill="#ffffff" stroke="#555555" stroke-width="1"/>')
        if part:
            cells.append(f'<rect x="{start:g}" y="1" width="{part:g}" height="10" fill="{colour}"/>')
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 12" width="120" height="12">{"".join(cells)}</svg>'


def data_uri(data: bytes | str, media_type: str = "image/svg+xml") -> str:
    """Bytes as a `data:` URI, the only kind of address the renderer opens."""
    raw = data.encode() if isinstance(data, str) else data
    return f"data:{media_type};base64,{base64.b64encode(raw).decode()}"
