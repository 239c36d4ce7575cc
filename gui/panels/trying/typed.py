"""A typed text, symbol by symbol in the alphabet of the data."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from engine.core.plan import Array
from engine.datasets import Data
from gui.panels.trying.maker import Maker
from gui.theme import Theme


class Typed(Maker):
    """What is typed stands at the end of the window; before it stands what stood there already.

    Where the symbols are words they are parted by blanks.
    """

    def __init__(self, data: Data, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(data, theme, parent)
        self._places = {symbol: number for number, symbol in enumerate(data.symbols)}
        self._symbols, self._n = data.symbols, data.n
        self._words = any(len(symbol) > 1 for symbol in data.symbols)
        self._x = data.X[:, 0].copy()
        self.field = QLineEdit()
        self.field.setAccessibleName(self.tr("Text"))
        self.field.setMaxLength(20_000)
        self.field.textEdited.connect(self._typed)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setAccessibleName(self.tr("What cannot be read"))
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.field)
        self._column.addWidget(self.problem)
        self._column.addStretch(1)
        self.take(self._x)
        self.restyle(theme)

    @classmethod
    def suits(cls, data: Data) -> bool:
        return bool(data.symbols)

    def vector(self) -> Array:
        return self._x.copy()

    def take(self, vector: Array) -> None:
        self._x = np.array(vector, np.float64)
        said = [self._symbols[int(each)] for each in self._x if 0 <= each < len(self._symbols)]
        self.field.setText((" " if self._words else "").join(said))
        self.problem.clear()
        self.changed.emit()

    def restyle(self, theme: Theme) -> None:
        self.field.setFont(theme.fonts.mono)
        self.problem.setFont(theme.fonts.ui)
        self.problem.setStyleSheet(f"color: {theme.css('error')}")
        self._column.setContentsMargins(0, 0, theme.space(), 0)

    def _typed(self, text: str) -> None:
        pieces = text.split() if self._words else list(text)
        strange = sorted({each for each in pieces if each not in self._places})
        if strange:
            said = " ".join(strange)[:40]
            self.problem.setText(self.tr("Not in the alphabet of the data, left out: {0}").format(said))
        else:
            self.problem.clear()
        known = [self._places[each] for each in pieces if each in self._places][-self._n :]
        if known:
            self._x = self._x.copy()
            self._x[self._n - len(known) :] = known
            self.changed.emit()
