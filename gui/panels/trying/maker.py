"""What all ways of making an example have in common."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.core.plan import Array
from engine.datasets import Data
from gui.theme import Theme


class Maker(QWidget):
    """Makes one example for data of a certain sort."""

    changed = Signal()
    """It is another example now."""

    def __init__(self, data: Data, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)

    @classmethod
    def suits(cls, data: Data) -> bool:
        """Whether examples of that data can be made in this way."""
        raise TypeError(f"{cls.__name__} suits nothing")

    def vector(self) -> Array:
        """The example as a column of the data: (n,)."""
        raise TypeError(f"{type(self).__name__} makes nothing")

    def take(self, vector: Array) -> None:
        """Go on from an example of the data."""
        raise TypeError(f"{type(self).__name__} takes nothing")

    def restyle(self, theme: Theme) -> None:
        """Take over colours and sizes."""
