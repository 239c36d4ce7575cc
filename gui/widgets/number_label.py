"""A number in a label: rounded as everywhere, and in full where the mouse rests on it."""

from __future__ import annotations

from typing import SupportsFloat

from PySide6.QtWidgets import QLabel

from gui.widgets.numbers import format_full, format_number


def show_number(
    label: QLabel, value: SupportsFloat | None, before: str = "", near_zero: bool = False, empty: str = "–"
) -> None:
    """Write a number into a label with a text before it; ``empty`` where there is none."""
    label.setText(empty if value is None else f"{before}{format_number(value, near_zero=near_zero)}")
    label.setToolTip("" if value is None else f"{before}{format_full(value)}")
