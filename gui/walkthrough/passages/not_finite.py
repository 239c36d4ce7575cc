"""A number beyond all numbers, and what may be wrong."""

from __future__ import annotations

import math

from gui.walkthrough.page import Part, Remark
from gui.walkthrough.told import Told
from gui.walkthrough.words import tr

RANK = 40


def passage(told: Told) -> list[Part]:
    if told.value is None or math.isfinite(told.value):
        return []
    return [Remark(tr("Too large, or not a number: the learning rate may be too high."))]
