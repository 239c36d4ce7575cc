"""Numbers as people write and read them: typed text to a float, and a float to text.

Reading is generous (0.5, 0,5, 1/3, ½, 25 %, 1e-3, either minus sign) but never guesses: what could mean two
numbers is refused with one sentence. Writing is for people: four significant digits or as many decimals as
were chosen (``Writing``, one for the whole window), a real minus sign, no 0.30000000000000004; the full value
is for the hover. The decimal sign is that of Qt's default locale.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Final, SupportsFloat

import numpy as np
from PySide6.QtCore import QCoreApplication, QLocale

MINUS: Final = "\u2212"
"""The minus sign of mathematics: as wide as a plus, which a hyphen is not."""
LONGEST: Final = 60
"""Characters of a number that is still read; more is a slip of the clipboard."""
COARSE: Final = 2
"""With no more significant digits than this a place has no room for chosen decimals."""
NOISE: Final = 1e-12
"""Below this, ``near_zero`` takes a value for the rounding error of a sum that is really 0."""

_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?")
_THOUSANDS: Final = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_LIKE_MINUS: Final = str.maketrans(dict.fromkeys("\u2212\u2013\u2010\u2011\ufe63\uff0d", "-"))
_LIKE_SLASH: Final = str.maketrans(dict.fromkeys("\u2044\u2215\uff0f", "/"))
_VULGAR: Final = re.compile(r"([+-]?)(\d*)\s?([\u00bc-\u00be\u2150-\u215e\u2189])")


# ---------------------------------------------------------------- reading


def parse_number(text: str, locale: QLocale | None = None) -> float:
    """The number that a person typed; raises ``ValueError`` with one sentence that can be shown as it is.

    The locale's decimal sign and the point are both decimal signs. Where the locale has a point, a comma is
    taken for one too unless it could separate thousands (1,234). No sign for thousands is understood.
    """
    shown = text.strip()
    if not shown:
        raise ValueError(_tr("Type a number, for example 0.5, 1/3 or 1e-3."))
    if len(shown) > LONGEST:
        raise ValueError(_tr("This text is too long for a number: write 0.5, 1/3 or 1e-3."))
    plain = shown.translate(_LIKE_MINUS).translate(_LIKE_SLASH).lower()
    percent = plain.endswith("%")
    plain = plain.removesuffix("%").strip()
    if vulgar := _VULGAR.fullmatch(plain):
        sign, whole, part = vulgar.groups()
        value = int(whole or "0") + _vulgar(part)
        value = -value if sign == "-" else value
    elif plain.count("/") == 1:
        top, bottom = (_decimal(part.strip(), shown, locale) for part in plain.split("/"))
        if bottom == 0:
            raise ValueError(_tr("'{text}' divides by zero: write a number other than 0 after the /.", shown))
        value = top / bottom
    else:
        value = _decimal(plain, shown, locale)
    value = value / 100 if percent else value
    if not math.isfinite(value):
        raise ValueError(_tr("'{text}' is too large: the largest number is about 1e308.", shown))
    return value


def _decimal(plain: str, shown: str, locale: QLocale | None) -> float:
    """One decimal number without blanks; ``shown`` is the whole text, for the sentence."""
    point = (locale or QLocale()).decimalPoint()
    if "," in plain and point != ",":
        if _THOUSANDS.fullmatch(plain):
            meanings = plain.replace(",", "."), plain.replace(",", "")
            raise ValueError(_tr("'{text}' can mean two numbers: write {0} or {1}.", shown, *meanings))
        point = ","
    plain = plain if plain.count(point) > 1 else plain.replace(point, ".")
    if plain.lstrip("+-") in ("nan", "inf", "infinity", "\u221e"):
        raise ValueError(_tr("'{text}' cannot be calculated with: write a finite number such as 0.5.", shown))
    if not _NUMBER.fullmatch(plain):
        raise ValueError(_tr("'{text}' is not a number: write 0.5, 1/3 or 1e-3.", shown))
    value = float(plain)
    if math.isinf(value):
        raise ValueError(_tr("'{text}' is too large: the largest number is about 1e308.", shown))
    return value


def _vulgar(character: str) -> float:
    """1/3 for ⅓, exactly as if it had been typed with a slash; Unicode's own table is rounded."""
    parts = unicodedata.normalize("NFKC", character).split("\u2044")
    return int(parts[0]) / int(parts[1])


def _tr(sentence: str, text: str = "", *meanings: str) -> str:
    translated: str = QCoreApplication.translate("numbers", sentence)
    short = text if len(text) <= 24 else text[:23] + "…"
    return translated.format(*meanings, text=short)


# ---------------------------------------------------------------- writing


@dataclass(frozen=True, slots=True)
class Writing:
    """How numbers are written in the whole window."""

    decimals: int | None = None
    """Digits after the decimal sign; ``None`` for as many significant digits as the place has room for."""
    fractions: bool = False
    """Whether 1/3 is written for what is exactly that."""


_writing = Writing()
_locale_before: QLocale | None = None
"""Qt's default locale, while another decimal sign than its own is chosen."""


def writing() -> Writing:
    """How numbers are written now."""
    return _writing


def write_as(chosen: Writing) -> None:
    """Write numbers in another way from now on; whoever shows some must be told to show them anew."""
    global _writing  # noqa: PLW0603
    _writing = chosen


def sign_as(chosen: str) -> None:
    """The decimal sign: ``point``, ``comma``, or that of the ``system``. It is Qt's default locale's."""
    global _locale_before  # noqa: PLW0603
    if chosen == "system":
        if _locale_before is not None:
            QLocale.setDefault(_locale_before)
        _locale_before = None
        return
    _locale_before = _locale_before or QLocale()
    QLocale.setDefault(QLocale.c() if chosen == "point" else QLocale(QLocale.Language.German))


def format_number(
    value: SupportsFloat,
    digits: int = 4,
    locale: QLocale | None = None,
    fractions: bool = False,
    near_zero: bool = False,
    chosen: bool = True,
) -> str:
    """The value to so many significant digits, without zeros at the end: 0.3, −1.235, 12346, 1.2e−5.

    Digits before the decimal sign are never dropped below a million. Where decimals are chosen it has those,
    unless ``digits`` are but one or two (per cent, scales), and its zeros at the end tell that it is rounded:
    0.5 is a half, 0.5000 is near it. ``chosen=False`` leaves that choice out: for settings and scales.
    ``fractions`` writes 1/3 for what is one. ``near_zero`` writes 0 for the rounding error of a sum such as
    −2.8e−17: right for z and for weights, wrong for gradients, which may vanish honestly.
    """
    number, style = float(value), _writing if chosen and digits > COARSE else Writing()
    if special := _special(number):
        return special
    if near_zero and abs(number) < NOISE:
        return "0"
    if (fractions or style.fractions) and (fraction := as_fraction(number)):
        return fraction
    return _dress(_rounded(number, digits, style), locale)


def is_exact(value: SupportsFloat, digits: int = 4, near_zero: bool = False) -> bool:
    """Whether ``format_number`` writes this very number, the rounding error of its calculation aside."""
    number = float(value)
    if _special(number) or (near_zero and abs(number) < NOISE):
        return True
    if _writing.fractions and as_fraction(number):
        return True
    return _same(float(_rounded(number, digits, _writing)), number)


def _rounded(number: float, digits: int, style: Writing) -> str:
    """The number in Python's notation, as many digits of it as are shown."""
    size = abs(number)
    if style.decimals is not None and size < 1e6:
        text = f"{number:.{style.decimals}f}"
        return _without_end_zeros(text) if _same(float(text), number) else _unsigned_zero(text)
    if style.decimals is not None:
        digits = style.decimals + 1
    exponent = int(f"{number:.{digits - 1}e}".split("e")[1])
    if -4 <= exponent < 6:
        return _without_end_zeros(f"{number:.{max(0, digits - 1 - exponent)}f}")
    mantissa = f"{number:.{digits - 1}e}".split("e")[0]
    return f"{_without_end_zeros(mantissa)}e{exponent}"


def _same(shown: float, number: float) -> bool:
    """Whether two numbers differ by no more than the rounding error of a calculation."""
    return abs(shown - number) <= NOISE * abs(number)


def format_fixed(value: SupportsFloat, decimals: int, locale: QLocale | None = None) -> str:
    """The value with exactly so many decimals, for columns of numbers; what rounds to zero has no sign."""
    number = float(value)
    if not math.isfinite(number):
        return _special(number)
    return _dress(_unsigned_zero(f"{number:.{decimals}f}"), locale)


def format_full(value: SupportsFloat, locale: QLocale | None = None) -> str:
    """The shortest text that is read back as exactly this value (of its own precision), for the hover."""
    number = float(value)
    if special := _special(number):
        return special
    text = str(value) if isinstance(value, np.floating) else repr(number)
    mantissa, e, exponent = text.partition("e")
    return _dress(_without_end_zeros(mantissa) + (f"e{int(exponent)}" if e else ""), locale)


def as_fraction(value: SupportsFloat, limit: int = 100) -> str | None:
    """'1/3', '−5/2' or '4' if the value is a fraction with a denominator up to ``limit``, else None.

    By continued fractions: what is that near to a number is one of the fractions that they give, and for
    most numbers three or four of them say that there is none.
    """
    number = float(value)
    if not math.isfinite(number) or abs(number) > 1e6 or 0 < abs(number) < 0.5 / limit:
        return None
    above, below, above_before, below_before = 1, 0, 0, 1
    rest = abs(number)
    while True:
        whole = math.floor(rest)
        above, above_before = whole * above + above_before, above
        below, below_before = whole * below + below_before, below
        if below > limit:
            return None
        if _same(above / below, abs(number)):
            sign = MINUS if number < 0 else ""
            return f"{sign}{above}/{below}" if below > 1 else f"{sign}{above}"
        if rest == whole:
            return None
        rest = 1 / (rest - whole)


def _special(number: float) -> str:
    """What is not written in digits, and zero, which has no sign."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "∞" if number > 0 else f"{MINUS}∞"
    return "" if number else "0"


def _unsigned_zero(text: str) -> str:
    """What was rounded to zero has no sign."""
    return text if text.strip("-0.") else text.lstrip("-")


def _without_end_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _dress(text: str, locale: QLocale | None) -> str:
    """Python's notation in the reader's: the real minus sign and the locale's decimal sign."""
    return text.replace("-", MINUS).replace(".", (locale or QLocale()).decimalPoint())
