"""The values of a sweep as they are typed: ``1-200``, or ``0.01 0.1 1`` with fractions and either comma."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

from engine.sweep import MOST_RUNS
from gui.widgets.numbers import parse_number

_RANGE = re.compile(r"(\d{1,9})\s*[-–…]\s*(\d{1,9})")


def parse_values(text: str, whole: bool) -> tuple[float, ...]:
    """The values; raises ``ValueError`` with one sentence that can be shown as it is."""
    if whole and (match := _RANGE.fullmatch(text.strip())):
        first, last = int(match[1]), int(match[2])
        if last < first:
            raise ValueError(_tr("The range begins above its end: write 1-200."))
        if last - first >= MOST_RUNS:
            raise ValueError(_tr("A sweep has at most {0} runs.").format(MOST_RUNS))
        return tuple(float(each) for each in range(first, last + 1))
    pieces = [each for each in re.split(r"[\s;]+", text.strip()) if each]
    if not pieces:
        raise ValueError(_tr("Type the values, for example 1-200, or 0.01 0.1 1."))
    if len(pieces) > MOST_RUNS:
        raise ValueError(_tr("A sweep has at most {0} runs.").format(MOST_RUNS))
    values = tuple(parse_number(each) for each in pieces)
    if whole and any(not each.is_integer() for each in values):
        raise ValueError(_tr("These must be whole numbers."))
    return values


def _tr(text: str) -> str:
    return QCoreApplication.translate("SweepPanel", text)
