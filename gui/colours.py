"""Mathematics of colours: how light, how different, and what lies between two."""

from __future__ import annotations

import math

from PySide6.QtGui import QColor


def luminance(colour: QColor) -> float:
    """Relative luminance (WCAG), 0 for black to 1 for white."""
    r, g, b = (_to_linear(channel) for channel in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: QColor, b: QColor) -> float:
    """Contrast ratio (WCAG), 1 to 21."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def blend(a: QColor, b: QColor, t: float) -> QColor:
    """The colour a share ``t`` of the way from ``a`` to ``b``, alpha too, evenly for the eye (Oklab)."""
    t = min(1.0, max(0.0, t))
    if t in (0.0, 1.0):
        return QColor(b if t else a)
    lab = [(1 - t) * p + t * q for p, q in zip(_to_oklab(a), _to_oklab(b), strict=True)]
    return _from_oklab(lab, (1 - t) * a.alphaF() + t * b.alphaF())


def _to_linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _from_linear(channel: float) -> float:
    channel = min(1.0, max(0.0, channel))
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def _to_oklab(colour: QColor) -> tuple[float, float, float]:
    r, g, b = (_to_linear(channel) for channel in (colour.redF(), colour.greenF(), colour.blueF()))
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklab(lab: list[float], alpha: float) -> QColor:
    lightness, green_red, blue_yellow = lab
    long = (lightness + 0.3963377774 * green_red + 0.2158037573 * blue_yellow) ** 3
    medium = (lightness - 0.1055613458 * green_red - 0.0638541728 * blue_yellow) ** 3
    short = (lightness - 0.0894841775 * green_red - 1.2914855480 * blue_yellow) ** 3
    return QColor.fromRgbF(
        _from_linear(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _from_linear(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _from_linear(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
        alpha,
    )
