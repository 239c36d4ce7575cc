"""The un-vectorised loops below the line of NumPy; the line that is done now is lit."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from gui.theme import Theme
from gui.walkthrough.blocks.base import Block, Lit, block_of
from gui.walkthrough.page import Loops

SMALLEST: Final = 0.72
"""To what share of its size the code is made smaller before its long lines are broken."""


@block_of.register(Loops)
class LoopsBlock(Block):
    """Lines of code with their indentation; one that is too long goes on further to the right."""

    def __init__(self, part: Loops, width: float, theme: Theme) -> None:
        super().__init__()
        self._pad = theme.space(0.75)
        room = width - 2 * self._pad
        lines = _narrow(part.text).split("\n")
        self._font = QFont(theme.fonts.mono)
        self._font.setFeature(QFont.Tag("calt"), 0)  # no ligatures: += must not look like another sign
        widest = max(QFontMetricsF(self._font).horizontalAdvance(line) for line in lines)
        shrunk = max(SMALLEST, min(1.0, room / max(widest, 1.0)))
        self._font.setPointSizeF(self._font.pointSizeF() * shrunk)
        metrics = QFontMetricsF(self._font)
        letter = metrics.horizontalAdvance("x")
        self._rows: list[tuple[QRectF, str, bool]] = []
        self.room = room
        """How wide a line may be."""
        self.widths: list[float] = []
        y = float(self._pad)
        for number, line in enumerate(lines):
            lit = number == part.line
            for row in _broken(line, max(16, int(room / letter))):
                self._rows.append((QRectF(self._pad, y, room, metrics.lineSpacing()), row, lit))
                self.widths.append(metrics.horizontalAdvance(row))
                y += metrics.lineSpacing()
        self.height = y + self._pad
        self._rect = QRectF(0, 0, width, self.height)

    def paint(self, painter: QPainter, y: float, theme: Theme, lit: Lit) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(self._rect.translated(0, y), theme.px(4), theme.px(4))
        painter.setFont(self._font)
        for rect, text, now in self._rows:
            row = rect.translated(0, y)
            if now:
                painter.fillRect(
                    row.adjusted(-self._pad / 2, 0, self._pad / 2, 0), theme.colour("active", 0.16)
                )
                painter.fillRect(
                    QRectF(row.left() - self._pad / 2, row.top(), theme.px(3), row.height()),
                    theme.colour("active"),
                )
            code, mark, said = text.partition("  #")
            painter.setPen(theme.colour("text"))
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, code)
            if mark:
                beside = row.adjusted(QFontMetricsF(self._font).horizontalAdvance(code), 0, 0, 0)
                painter.setPen(theme.colour("active"))
                painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter, mark + said)


def _narrow(text: str) -> str:
    """Two blanks a level instead of four: loops are deep and the panel is narrow."""
    lines = []
    for line in text.split("\n"):
        code = line.lstrip(" ")
        lines.append(" " * ((len(line) - len(code)) // 2) + code)
    return "\n".join(lines)


def _broken(line: str, most: int) -> list[str]:
    """A line in pieces of so many characters, broken at blanks, the later ones indented."""
    code = line.lstrip(" ")
    indent = len(line) - len(code)
    rows, here = [], " " * indent
    for word in code.split(" "):
        if len(here.strip()) and len(here) + 1 + len(word) > most:
            rows.append(here)
            here = " " * (indent + 4) + word
        else:
            here = f"{here} {word}" if here.strip() else here + word
    return [*rows, here]
