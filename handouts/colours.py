"""Colours as `#rrggbb`: tints for panels and the contrast of two (WCAG 2.2, relative luminance)."""

LEAST_ON_DARK = 0.165
"""The luminance from which a colour stands against the dark ground of screens, 3 to 1."""


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def tint(colour: str, share: float) -> str:
    """The colour thinned with white: `share` of it (0 to 1), the rest white."""
    return "#" + "".join(f"{round(255 - (255 - c) * share):02x}" for c in _channels(colour))


def luminance(colour: str) -> float:
    """Relative luminance from 0 (black) to 1 (white), WCAG 2.2 definition."""
    linear = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def middle(colour: str) -> str:
    """The colour, as light as it must be to be seen on white and on a dark ground alike (3 to 1, WCAG 2.2, 1.4.11)."""
    shares = (1 - step / 50 for step in range(50))
    return next(tint(colour, share) for share in shares if luminance(tint(colour, share)) >= LEAST_ON_DARK)


def properties(brand: str, accent: str) -> str:
    """A clinic's colours as the properties that `screen.css` is written with."""
    return f":root {{ --brand: {brand}; --accent: {accent}; --tint: {tint(brand, 0.08)}; }}\n"


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2 success criterion 1.4.3)."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
