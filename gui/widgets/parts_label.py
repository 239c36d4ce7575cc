"""A label of several statements that shows as many as there is room for, and never a piece of one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

BETWEEN = " · "


class PartsLabel(QLabel):
    """The most important part comes first; what is left out stands in the tool tip."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._parts: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """Everything there is to say."""
        return self._parts

    def show_parts(self, parts: Sequence[str]) -> None:
        """Other statements."""
        if tuple(parts) != self._parts:
            self._parts = tuple(parts)
            self.fit()

    def fit(self) -> None:
        """As many parts as fit; of the first one alone as much as fits, with an ellipsis."""
        metrics, room = QFontMetrics(self.font()), self.contentsRect().width()
        count = min(1, len(self._parts))  # from the front: there may be hundreds, and few have room
        while count < len(self._parts) and (
            metrics.horizontalAdvance(BETWEEN.join(self._parts[: count + 1])) <= room
        ):
            count += 1
        shown = BETWEEN.join(self._parts[:count])
        if count == 1:
            shown = metrics.elidedText(shown, Qt.TextElideMode.ElideRight, room)
        if shown != self.text():
            self.setText(shown)
        whole = BETWEEN.join(self._parts)
        self.setAccessibleDescription(whole)
        self.setToolTip("" if shown == whole else whole)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
