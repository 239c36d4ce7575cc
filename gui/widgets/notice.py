"""A notice: one sentence over the canvas that stays long enough to be read and blocks nothing."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from gui import icons
from gui.theme import Theme

Button = tuple[str, Callable[[], None]]
"""A button's text and what it does; the notice closes when it is pressed."""


class Tone(StrEnum):
    """What a notice is about; it chooses icon and edge."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


_LOOKS = {
    Tone.INFO: ("info", "accent"),
    Tone.WARNING: ("triangle-alert", "warning"),
    Tone.ERROR: ("circle-alert", "error"),
}


def reading_time(sentence: str) -> int:
    """Milliseconds in which also a slow reader is done: four seconds and 70 for every character."""
    return 4000 + 70 * len(sentence)


class Notice(QWidget):
    """A card with an icon, a sentence, buttons if there is something to do, and a cross.

    It goes by itself after the reading time, unless ``stays`` or the mouse is over it.
    """

    closed = Signal()

    def __init__(
        self,
        sentence: str,
        theme: Theme,
        *,
        tone: Tone = Tone.INFO,
        buttons: tuple[Button, ...] = (),
        stays: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.sentence, self.tone = sentence, tone
        self.setObjectName("notice")
        self.setAccessibleName(sentence)
        self._sign = QLabel()
        self._text = QLabel(sentence)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
        self._cross = QToolButton()
        self._cross.setAutoRaise(True)
        self._cross.setAccessibleName(self.tr("Close this message"))
        self._cross.setToolTip(self.tr("Close this message (Esc)"))
        self._cross.clicked.connect(self.dismiss)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self._text, 1)
        for text, run in buttons:
            self._row.addWidget(self._button(text, run))
        self._row.addWidget(self._cross, 0, Qt.AlignmentFlag.AlignTop)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(reading_time(sentence))
        self._timer.timeout.connect(self.dismiss)
        self.stays = stays
        self.restyle(theme)
        self.wait_again()

    def wait_again(self) -> None:
        """Begin the reading time anew."""
        if not self.stays:
            self._timer.start()

    def dismiss(self) -> None:
        """Go away."""
        self._timer.stop()
        self.hide()
        self.closed.emit()

    def restyle(self, theme: Theme) -> None:
        """Take over colours and sizes."""
        self._theme = theme
        icon, colour = _LOOKS[self.tone]
        self.setFont(theme.fonts.ui)
        self._sign.setPixmap(icons.pixmap(icon, theme, 18, colour, self.devicePixelRatioF()))
        self._cross.setIcon(icons.icon("x", theme, size=16))
        side = theme.px(16)
        self._cross.setIconSize(QSize(side, side))
        edge = theme.space(1)
        self._row.setContentsMargins(edge + theme.px(5), edge, edge, edge)
        self._row.setSpacing(edge)
        self.update()

    def size_within(self, width: int) -> QSize:
        """The size that shows the whole sentence, at most so wide."""
        fixed = self._row.contentsMargins().left() + self._row.contentsMargins().right()
        for widget in (self._sign, self._cross, *self.findChildren(QPushButton)):
            fixed += widget.sizeHint().width() + self._row.spacing()
        wanted = self._text.fontMetrics().horizontalAdvance(self.sentence) + self._theme.px(6)
        text = max(self._theme.px(120), min(wanted, width - fixed))
        heights = [self._text.heightForWidth(text)]
        heights += [button.sizeHint().height() for button in self.findChildren(QPushButton)]
        heights.append(self._cross.sizeHint().height())
        margins = self._row.contentsMargins().top() + self._row.contentsMargins().bottom()
        return QSize(text + fixed, max(heights) + margins)

    def _button(self, text: str, run: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)

        def pressed() -> None:
            self.dismiss()
            run()

        button.clicked.connect(pressed)
        return button

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            radius = theme.px(6)
            painter.setPen(QPen(theme.colour("outline"), 1))
            painter.setBrush(theme.colour("panel"))
            painter.drawRoundedRect(box, radius, radius)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(_LOOKS[self.tone][1]))
            bar = QRectF(box.left(), box.top(), 2 * radius, box.height())
            painter.setClipRect(QRectF(box.left(), box.top(), theme.px(5), box.height()))
            painter.drawRoundedRect(bar, radius, radius)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.wait_again()
        super().leaveEvent(event)
