"""Which layer is the code, and which two of its units are the axes of the plane."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from engine.layout import Node
from gui.theme import Theme


class CodeChoice(QWidget):
    """Three boxes in a row; what was chosen stays where it can."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._nodes: tuple[Node, ...] = ()
        self._offered: object = None
        self.layer = self._box(self.tr("Layer whose code it is"))
        self.across = self._box(self.tr("Unit along the horizontal axis"))
        self.up = self._box(self.tr("Unit along the vertical axis"))
        self.layer.activated.connect(self._layer_chosen)
        for box in (self.across, self.up):
            box.activated.connect(lambda _: self.changed.emit())
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        for box in (self.layer, self.across, self.up):
            self._row.addWidget(box)

    def _box(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setToolTip(name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        return box

    def set_theme(self, theme: Theme) -> None:
        """Other sizes."""
        self._row.setSpacing(theme.space(0.5))
        for box in (self.layer, self.across, self.up):
            box.setFont(theme.fonts.ui)

    def offer(self, nodes: tuple[Node, ...]) -> bool:
        """The layers there are; whether they are others than before."""
        self._nodes = nodes
        offered = tuple((node.layer.id, node.layer.name, node.label, node.shape) for node in nodes)
        if offered == self._offered:
            return False
        self._offered = offered
        chosen = self.layer.currentData()
        self.layer.clear()
        for node in nodes:
            self.layer.addItem(f"{node.layer.name or node.kind.title} {node.label}", node.layer.id)
        self.layer.setCurrentIndex(max(0, self.layer.findData(chosen)) if nodes else -1)
        self._fill()
        return True

    @property
    def node(self) -> Node | None:
        """The chosen layer."""
        return next((node for node in self._nodes if node.layer.id == self.layer.currentData()), None)

    @property
    def axes(self) -> tuple[int, int]:
        """The chosen units, counted from 0."""
        return max(0, self.across.currentIndex()), max(0, self.up.currentIndex())

    def _layer_chosen(self, *_: object) -> None:
        self._fill()
        self.changed.emit()

    def _fill(self) -> None:
        node = self.node
        count = node.shape[0] if node is not None else 0
        for place, box in enumerate((self.across, self.up)):
            box.clear()
            box.addItems([f"a{node.label}_{unit + 1}" for unit in range(count)] if node is not None else [])
            box.setCurrentIndex(min(place, count - 1))
