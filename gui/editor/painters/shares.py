"""The shares of an attention: for each head a matrix, a row for each query, a column for each key."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF
from PySide6.QtGui import QPainter

from gui.editor.block_face import BlockFace
from gui.editor.items.text import CENTRE, LEGIBLE, RIGHT, scaled, width_of, write, zoom_of
from gui.editor.painters.pictures import Cells, draw, scale_of, tiles
from gui.theme import Theme

ROOM_FOR_A_LABEL = 8.5
"""A row of at least this height has the symbol of its position beside it."""
ARRAYS = frozenset({"A", "S", "dA", "dS"})


def shares(painter: QPainter, room: QRectF, face: BlockFace, theme: Theme) -> Cells:
    """All heads; with one head, or large ones, the symbols stand beside rows and columns."""
    values = face.values
    assert values is not None
    heads, queries, keys = values.shape
    scale, count = theme.scale, min(heads, 16)
    font = scaled(theme.fonts.small, 0.8)
    margin = _margin(face, theme, min(room.width() / keys, room.height() / queries)) if heads == 1 else 0.0
    areas = tiles(count, room.adjusted(margin, margin, 0, 0), keys, queries, 6.0 * scale)
    table, span = scale_of(values, face.slope, theme)
    cells = Cells()
    for head, area in enumerate(areas):
        known = None if face.known is None else face.known[head]
        draw(painter, area, values[head], known, table, span, theme)
        cells.maps.append((area, queries, keys))
    if margin and zoom_of(painter) * 8 * scale >= LEGIBLE:
        ink, area = theme.colour("text-muted"), areas[0]
        high, wide = area.height() / queries, area.width() / keys
        for row, token in enumerate(face.tokens[:queries]):
            beside = QRectF(area.left() - margin, area.top() + row * high, margin - 3 * scale, high)
            write(painter, beside, token, font, ink, RIGHT)
        for column, token in enumerate(face.tokens[:keys]):
            above = QRectF(area.left() + column * wide, area.top() - margin, wide, margin - 2 * scale)
            write(painter, above, token, font, ink, CENTRE)
    return cells


def share_note(face: BlockFace) -> str:
    """What the matrix is."""
    words = {
        "S": QCoreApplication.translate("Canvas", "scores S"),
        "dA": QCoreApplication.translate("Canvas", "slopes dA"),
        "dS": QCoreApplication.translate("Canvas", "slopes dS"),
    }
    return words.get(face.array, QCoreApplication.translate("Canvas", "query ↓  key →"))


def _margin(face: BlockFace, theme: Theme, side: float) -> float:
    """Room beside and above for the symbols; none if they do not fit."""
    if not face.tokens or side < ROOM_FOR_A_LABEL * theme.scale:
        return 0.0
    widest = max(width_of(scaled(theme.fonts.small, 0.8), token) for token in face.tokens)
    return 15.0 * theme.scale if widest <= 12.0 * theme.scale else 0.0
