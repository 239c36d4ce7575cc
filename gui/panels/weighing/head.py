"""What stands above the weight table: which parameter, which slice of it, and which of its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui import icons
from gui.panels.weighing.model import Mode
from gui.theme import Theme
from gui.widgets.switch import switch_style

MOST_AXES = 2


class SheetHead(QWidget):
    """Choices; what comes of them is the panel's."""

    entry_chosen = Signal(int)
    place_chosen = Signal()
    mode_chosen = Signal(object)
    drawn = Signal(int)
    """New initial weights are wanted, with this seed."""
    reset_wanted = Signal()
    menu_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries = QComboBox()
        self.entries.setAccessibleName(self.tr("Which weights"))
        self.entries.setToolTip(self.tr("All weights of the network, layer by layer"))
        self.entries.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.entries.setMinimumContentsLength(8)
        self.entries.activated.connect(self.entry_chosen)
        self.more = QToolButton()
        self.more.setAccessibleName(self.tr("What can be done with these weights"))
        self.more.setToolTip(self.more.accessibleName())
        self.more.clicked.connect(self.menu_wanted)
        self.places: list[QSpinBox] = []
        self._places = QWidget()
        places = QHBoxLayout(self._places)
        places.setContentsMargins(0, 0, 0, 0)
        for _ in range(MOST_AXES):
            spin = QSpinBox()
            spin.setMinimum(1)
            spin.setKeyboardTracking(False)
            spin.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            spin.valueChanged.connect(self.place_chosen)
            self.places.append(spin)
            places.addWidget(spin)
        self.modes: dict[Mode, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._modes = QGridLayout()
        for number, (mode, text, tip) in enumerate((
            (Mode.NOW, self.tr("Now"), self.tr("The weights as they are now; type to change them")),
            (Mode.INITIAL, self.tr("Initial"), self.tr("Where training began; type to change that")),
            (Mode.CHANGE, self.tr("Change"), self.tr("How far each weight has come since the start")),
            (Mode.GRADIENT, self.tr("Gradient"), self.tr("∂J/∂w of the last update")),
        )):  # fmt: skip
            self._modes.addWidget(self._mode_button(mode, text, tip), 0, number)
        self.seed = QSpinBox()
        self.seed.setRange(1, 999_999)
        self.seed.setAccessibleName(self.tr("Seed of the initial weights"))
        self.draw = QPushButton(self.tr("Draw"))
        self.draw.setAccessibleName(self.tr("Draw new initial weights"))
        self.draw.setToolTip(self.tr("Draw new initial weights with this seed, and begin anew"))
        self.draw.clicked.connect(lambda: self.drawn.emit(self.seed.value()))
        self.back = QToolButton()
        self.back.setAccessibleName(self.tr("Back to the initial weights"))
        self.back.setToolTip(self.tr("The whole network back to its initial weights (R)"))
        self.back.clicked.connect(self.reset_wanted)
        self._initial = QWidget()
        row = QHBoxLayout(self._initial)
        row.setContentsMargins(0, 0, 0, 0)
        label = QLabel(self.tr("Seed"))
        label.setBuddy(self.seed)
        for part in (label, self.seed, self.draw):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.back)
        top = QHBoxLayout()
        top.addWidget(self.entries, 1)
        top.addWidget(self.more)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(top)
        self._column.addWidget(self._places)
        self._column.addLayout(self._modes)
        self._column.addWidget(self._initial)
        self.set_mode(Mode.NOW)
        self.show_outer((), ())
        self.restyle(theme)

    def _mode_button(self, mode: Mode, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setAccessibleDescription(tip)
        button.setCheckable(True)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: self.mode_chosen.emit(mode))
        self._group.addButton(button)
        self.modes[mode] = button
        return button

    def restyle(self, theme: Theme) -> None:
        """Icons and room."""
        self.more.setIcon(icons.icon("ellipsis", theme))
        self.draw.setIcon(icons.icon("dices", theme))
        self.back.setIcon(icons.icon("rotate-ccw", theme))
        side = theme.px(16)
        for button in (self.more, self.draw, self.back):
            button.setIconSize(QSize(side, side))
        for button in self.modes.values():
            button.setStyleSheet(switch_style(theme))
        self._column.setSpacing(theme.space(0.5))
        self._modes.setSpacing(0)

    # ---------------------------------------------------------------- showing

    def show_entries(self, texts: Sequence[str], at: int) -> None:
        """All parameters, and which one is shown."""
        known = [self.entries.itemText(place) for place in range(self.entries.count())]
        if known != list(texts):
            self.entries.clear()
            self.entries.addItems(list(texts))
        self.entries.setCurrentIndex(at)

    def show_outer(self, names: Sequence[str], sizes: Sequence[int], chosen: Sequence[int] = ()) -> None:
        """Which filter and channel: only where a parameter has more than two axes."""
        self._places.setVisible(bool(sizes))
        for number, spin in enumerate(self.places):
            spin.setVisible(number < len(sizes))
            if number < len(sizes):
                spin.blockSignals(True)
                spin.setMaximum(sizes[number])
                spin.setValue(chosen[number] + 1 if number < len(chosen) else 1)
                spin.setPrefix(f"{names[number]} ")
                spin.setSuffix(self.tr(" of {0}").format(sizes[number]))
                spin.setAccessibleName(names[number])
                spin.blockSignals(False)

    @property
    def chosen(self) -> tuple[int, ...]:
        """The places on the outer axes, counted from 0."""
        return tuple(spin.value() - 1 for spin in self.places if not spin.isHidden())

    def set_mode(self, mode: Mode) -> None:
        """Which numbers are shown."""
        self.modes[mode].setChecked(True)
        self._initial.setVisible(mode is Mode.INITIAL)
