"""An address as a QR code: an SVG that a printer and a phone's camera both manage.

Black on white, with the quiet zone of four modules that the standard asks for (ISO/IEC 18004).
"""

QUIET = 4
"""Modules of white around a code."""


def svg(address: str) -> str:
    """The code of an address, at least error level M: 15 % of it may be dirt. Rows of dark modules are one path."""
    import segno  # late: most clinics have no codes

    code = segno.make_qr(address, error="m")
    side = len(code.matrix) + 2 * QUIET
    runs = "".join(_runs(code.matrix))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side}" height="{side}">'
        f'<rect width="{side}" height="{side}" fill="#ffffff"/><path d="{runs}" fill="#000000"/></svg>'
    )


def _runs(matrix: tuple[bytearray, ...]) -> list[str]:
    """Each run of dark modules in a row as a rectangle."""
    found = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            width = next((i for i, module in enumerate(row[x:]) if not module), len(row) - x)
            if width:
                found.append(f"M{x + QUIET} {y + QUIET}h{width}v1h-{width}z")
            x += width + 1
    return found
