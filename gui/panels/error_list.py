"""The gallery of errors: examples that were predicted wrong, the surest first, with their pictures."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from engine.core.plan import Array
from engine.datasets import Data
from engine.decisions import Decisions
from gui.theme import Theme
from gui.widgets.numbers import format_number

MOST = 60


class ErrorList(QListWidget):
    """A click, or Enter, looks at the example."""

    picked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: object = None
        self.setAccessibleName(self.tr("Examples"))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(self._pick)
        self.itemActivated.connect(self._pick)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Other colours or sizes."""
        self._theme = theme
        self.setFont(theme.fonts.ui)
        self.setIconSize(QSize(theme.px(28), theme.px(28)))

    def show_examples(self, numbers: Array, found: Decisions, data: Data) -> None:
        """These examples, if they are others than before."""
        sure = None if found.sure is None else tuple(np.round(found.sure[numbers[:MOST]], 3))
        shown = (tuple(numbers[:MOST]), tuple(found.predicted[numbers[:MOST]]), sure, id(data))
        if shown == self._shown:
            return
        self._shown = shown
        self.clear()
        for number in numbers[:MOST]:
            true, predicted = found.classes[found.true[number]], found.classes[found.predicted[number]]
            share = "" if found.sure is None else f" ({format_number(float(found.sure[number]), 2)})"
            said = self.tr("Example {0}: target y {1}, prediction {2}{3}").format(
                number + 1, true, predicted, share
            )
            item = QListWidgetItem(f"{number + 1} · {true} → {predicted}{share}")
            item.setData(Qt.ItemDataRole.UserRole, int(number))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            item.setToolTip(said)
            if (picture := _picture(data, int(number))) is not None:
                item.setIcon(QIcon(picture.scaled(self.iconSize(), Qt.AspectRatioMode.KeepAspectRatio)))
            self.addItem(item)

    def _pick(self, item: QListWidgetItem) -> None:
        self.picked.emit(int(item.data(Qt.ItemDataRole.UserRole)))


def _picture(data: Data, number: int) -> QPixmap | None:
    """A small picture of an example that is one: grey, or in colours where it has three channels."""
    if len(data.shape) != 3 or data.shape[0] not in {1, 3}:
        return None
    low, high = float(data.X.min()), float(data.X.max())
    image = (data.X[:, number].reshape(data.shape) - low) / ((high - low) or 1.0)
    pixels = np.repeat(image, 3, axis=0) if data.shape[0] == 1 else image
    shown = np.ascontiguousarray((255 * pixels).clip(0, 255).astype(np.uint8).transpose(1, 2, 0))
    height, width, _ = shown.shape
    made = QImage(shown.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
    return QPixmap.fromImage(made)
