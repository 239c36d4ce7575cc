"""The submenu that says how numbers are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gui.actions.table import Row, Submenu
from gui.settings import DECIMALS, FRACTIONS, Choice
from gui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.main_window import MainWindow


def _choice(choice: Choice) -> Row:
    return Row(
        f"decimals-{choice.value}",
        choice.title,
        lambda w: w.settings.set(DECIMALS, choice.value),
        icon="sigma",
        checked=lambda w: bool(w.settings.get(DECIMALS) == choice.value),
        caption=lambda w: QCoreApplication.translate("settings", choice.title),
        section=choice is DECIMALS.choices[0],
    )


FIXED = (
    Row(
        "more-decimals",
        QT_TRANSLATE_NOOP("actions", "&More decimals"),
        lambda w: w.digits.more(1),
        ("Alt+.",),
        "plus",
        QT_TRANSLATE_NOOP("actions", "In the whole window; the full number is one hover away"),
        repeats=True,
    ),
    Row(
        "fewer-decimals",
        QT_TRANSLATE_NOOP("actions", "&Fewer decimals"),
        lambda w: w.digits.more(-1),
        ("Alt+,",),
        "minus",
        repeats=True,
    ),
    Row(
        "fractions",
        QT_TRANSLATE_NOOP("actions", "F&ractions where they are exact"),
        lambda w: w.settings.set(FRACTIONS, not w.settings.get(FRACTIONS)),
        ("Alt+/",),
        "split",
        QT_TRANSLATE_NOOP("actions", "1/3 instead of 0.3333"),
        checked=lambda w: bool(w.settings.get(FRACTIONS)),
    ),
)


def digits(window: MainWindow) -> tuple[Row, ...]:
    """More, fewer, and every number of decimals."""
    return (*FIXED, *(_choice(each) for each in DECIMALS.choices))


DIGITS = Submenu("digits", QT_TRANSLATE_NOOP("actions", "&Digits of numbers"), digits, "sigma", fixed=FIXED)
"""For the menu of the view."""
