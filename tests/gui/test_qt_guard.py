"""The Qt that is installed must give back the references to None that it takes.

PySide6 6.12.0 does not on Python 3.11: after some thousand redraws the interpreter aborts.
"""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_qt_does_not_keep_references_to_none(qapp) -> None:
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(5000):
        thing.setObjectName("x")
    assert abs(sys.getrefcount(None) - before) < 500
