"""A text symbol by symbol: the prompt, and behind it what was sampled; each symbol can be chosen."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme


class Written(QWidget):
    """A click chooses a sampled symbol, as do Up and Down; beside the text nothing is chosen."""

    chosen = Signal(object)
    """The number of a sampled symbol, counted from 0, or ``None``."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._prompt: tuple[str, ...] = ()
        self._sampled: tuple[str, ...] = ()
        self._boxes: list[QRectF] = []
        self.choice: int | None = None
        self.setAccessibleName(self.tr("The text"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self.setToolTip(
            self.tr("A symbol that was sampled shows what it was drawn from: click, or Up and Down.")
        )

    def show_text(self, prompt: tuple[str, ...], sampled: tuple[str, ...]) -> None:
        """Another text; words are given with the blanks between them."""
        self._prompt, self._sampled = prompt, sampled
        if self.choice is not None and self.choice >= len(sampled):
            self.choose(None)
        self.setAccessibleDescription("".join(prompt + sampled))
        self._lay_out()

    def choose(self, number: int | None) -> None:
        """Look at one sampled symbol, or at none."""
        if number != self.choice:
            self.choice = number
            self.chosen.emit(number)
            self.update()

    def box_of(self, number: int) -> QRectF:
        """Where a sampled symbol stands."""
        return self._boxes[len(self._prompt) + number]

    def set_theme(self, theme: Theme) -> None:
        """Other colours or sizes."""
        self._theme = theme
        self._lay_out()

    def _lay_out(self) -> None:
        """The boxes of the symbols, line by line; a word is not parted."""
        theme = self._theme
        metrics, gap = QFontMetricsF(theme.fonts.mono), float(theme.space())
        line = 1.35 * metrics.height()
        symbols = self._prompt + self._sampled
        x, y, self._boxes = gap, 0.5 * gap, []
        for number, symbol in enumerate(symbols):
            wide = metrics.horizontalAdvance(_ink(symbol))
            word = wide
            if number and symbols[number - 1].endswith(" "):
                for each in symbols[number + 1 :]:
                    if each[:1] in {" ", "\n"}:
                        break
                    word += metrics.horizontalAdvance(each)
            if x > gap and x + (word if word < self.width() / 2 else wide) > self.width() - gap:
                x, y = gap, y + line
            self._boxes.append(QRectF(x, y, wide, line))
            x += wide
            if symbol == "\n":
                x, y = gap, y + line
        self.setMinimumHeight(round(y + line + gap))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), theme.colour("panel"))
            painter.setFont(theme.fonts.mono)
            for number, box in enumerate(self._boxes):
                if not box.intersects(QRectF(event.rect())):
                    continue
                place = number - len(self._prompt)
                if place < 0:
                    painter.fillRect(box, theme.colour("window"))
                elif place == self.choice:
                    painter.fillRect(box, theme.colour("accent"))
                inked = "accent-text" if place == self.choice else "text-muted" if place < 0 else "text"
                painter.setPen(theme.colour(inked))
                symbol = (*self._prompt, *self._sampled)[number]
                painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), _ink(symbol))
            if self._boxes and self.choice is None:
                last = self._boxes[-1]
                x = last.right() + theme.px(1)
                painter.setPen(QPen(theme.colour("accent"), theme.px(2)))
                painter.drawLine(QPointF(x, last.top()), QPointF(x, last.bottom()))
            if self.hasFocus():
                painter.setPen(QPen(theme.colour("accent"), theme.px(1)))
                painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = [number for number, box in enumerate(self._boxes) if box.contains(event.position())]
        place = found[0] - len(self._prompt) if found else -1
        self.choose(place if place >= 0 else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        many = len(self._sampled)
        match event.key():
            case Qt.Key.Key_Up if many:
                self.choose(many - 1 if self.choice is None else max(0, self.choice - 1))
            case Qt.Key.Key_Down if self.choice is not None:
                self.choose(self.choice + 1 if self.choice + 1 < many else None)
            case _:
                super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(320), self.minimumHeight())


def _ink(symbol: str) -> str:
    return "↵" if symbol == "\n" else symbol
