"""A sentence in which formulas stand, broken into lines between its words."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF, QPainter

from engine.core.notation import Notation, Row
from gui.theme import Theme
from gui.walkthrough.blocks.base import Block, Lit, block_of, laid_out
from gui.walkthrough.folded import Sentence
from gui.widgets.typeset import Spot, Typeset

SIZE = 0.92
"""A formula among words, against one that stands alone."""


@block_of.register(Sentence)
class SentenceBlock(Block):
    """Words and formulas on common base lines; what follows a formula without a space stays with it."""

    def __init__(self, part: Sentence, width: float, theme: Theme) -> None:
        super().__init__()
        self._ink = "text" if part.strong else "text-muted"
        metrics = QFontMetricsF(theme.fonts.ui)
        self._words: list[tuple[str, QPointF]] = []
        self._made: list[tuple[Typeset, QPointF]] = []
        line: list[tuple[str | Typeset, float, float]] = []
        x, y = 0.0, 0.0
        for piece, space in _units(part.pieces):
            made = piece if isinstance(piece, str) else laid_out(piece, theme, None, SIZE)
            wide = metrics.horizontalAdvance(made) if isinstance(made, str) else made.width
            gap = metrics.horizontalAdvance(" ") if space and line else 0.0
            if line and space and x + gap + wide > width:
                y = self._end_line(line, y, metrics)
                line, x, gap = [], 0.0, 0.0
            line.append((made, x + gap, wide))
            x += gap + wide
        self.height = self._end_line(line, y, metrics) if line else y

    def _end_line(
        self, line: list[tuple[str | Typeset, float, float]], top: float, metrics: QFontMetricsF
    ) -> float:
        """Set one line with its upper edge at ``top``; its lower edge."""
        formulas = [made for made, _, _ in line if isinstance(made, Typeset)]
        ascent = max([metrics.ascent(), *(each.ascent for each in formulas)])
        descent = max([metrics.descent(), *(each.descent for each in formulas)])
        for made, x, _ in line:
            if isinstance(made, str):
                self._words.append((made, QPointF(x, top + ascent)))
                continue
            at = QPointF(x, top + ascent - made.ascent)
            self._made.append((made, at))
            self.spots += [Spot(spot.rect.translated(at), spot.ref) for spot in made.spots]
        return top + ascent + descent

    def paint(self, painter: QPainter, y: float, theme: Theme, lit: Lit) -> None:
        painter.setFont(theme.fonts.ui)
        painter.setPen(theme.colour(self._ink))
        for word, at in self._words:
            painter.drawText(at + QPointF(0, y), word)
        for made, at in self._made:
            made.paint(painter, at.x(), y + at.y(), theme, lit)


def _units(pieces: tuple[str | Notation, ...]) -> list[tuple[str | Notation, bool]]:
    """Words and formulas one by one, each with whether a space stands before it."""
    units: list[tuple[str | Notation, bool]] = []
    space = False
    for piece in pieces:
        if not isinstance(piece, str):
            whole = piece if not isinstance(piece, Row) else Row(piece.items)
            units.append((whole, space))
            space = False
            continue
        words = piece.split(" ")
        for number, word in enumerate(words):
            if word:
                units.append((word, space or number > 0))
                space = False
            elif number > 0 or piece.startswith(" "):
                space = True
        space = piece.endswith(" ")
    return units
