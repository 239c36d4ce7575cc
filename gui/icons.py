"""Icons: the bundled Lucide drawings in the theme's colours."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

import resources
from gui.theme import Theme


class _Engine(QIconEngine):
    """Draws an icon when it is first seen, at exactly the size and pixel ratio that are wanted.

    Drawing ahead for menus, tool bars and every screen would cost a quarter of a second at the start.
    """

    def __init__(self, drawing: str, ink: QColor, disabled: QColor, side: int) -> None:
        super().__init__()
        self._drawing, self._ink, self._disabled, self._side = drawing, ink, disabled, side
        self._pixmaps: dict[tuple[int, bool], QPixmap] = {}

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(rect).center())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._renderer(mode).render(painter, square)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """``size`` is in device pixels, so this serves every pixel ratio."""
        side = min(size.width(), size.height())
        key = side, mode == QIcon.Mode.Disabled
        if key not in self._pixmaps:
            self._pixmaps[key] = _render(self._renderer(mode), side)
        return self._pixmaps[key]

    def availableSizes(
        self, mode: QIcon.Mode = QIcon.Mode.Normal, state: QIcon.State = QIcon.State.Off
    ) -> list[QSize]:
        return [QSize(self._side, self._side)]

    def clone(self) -> QIconEngine:
        twin = _Engine(self._drawing, self._ink, self._disabled, self._side)
        _twins.append(twin)  # Qt takes the copy without telling Python, which would collect it
        return twin

    def _renderer(self, mode: QIcon.Mode) -> QSvgRenderer:
        return _renderer(self._drawing, self._disabled if mode == QIcon.Mode.Disabled else self._ink)


_twins: list[_Engine] = []


@lru_cache(maxsize=1)
def available_icons() -> tuple[str, ...]:
    """Names of the bundled icons, sorted."""
    return tuple(sorted(file.stem for file in resources.path("icons").glob("*.svg")))


@lru_cache(maxsize=512)
def icon(name: str, theme: Theme, size: int = 20, colour: str = "text") -> QIcon:
    """The named icon in a named colour of the theme, crisp at any size; cached.

    Disabled, it takes the colour of disabled text. ``size`` (for scale 1) is what it measures where no widget
    asks for a size of its own.
    """
    return QIcon(_Engine(_drawing(name), theme.colour(colour), _disabled(theme), theme.px(size)))


@lru_cache(maxsize=8)
def _disabled(theme: Theme) -> QColor:
    return theme.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText)


@lru_cache(maxsize=512)
def pixmap(name: str, theme: Theme, size: int = 20, colour: str = "text", ratio: float = 1.0) -> QPixmap:
    """One picture of an icon, ``size`` given for scale 1, for labels and the canvas."""
    picture = _render(_renderer(_drawing(name), theme.colour(colour)), round(theme.px(size) * ratio))
    picture.setDevicePixelRatio(ratio)
    return picture


@lru_cache(maxsize=256)
def _drawing(name: str) -> str:
    if name not in available_icons():
        raise ValueError(f"There is no icon {name!r} in resources/icons.")
    return resources.read_text("icons", f"{name}.svg")


def _renderer(drawing: str, ink: QColor) -> QSvgRenderer:
    # Qt's SVG module knows no style of an enclosing page and would paint currentColor black.
    return QSvgRenderer(QByteArray(drawing.replace("currentColor", ink.name()).encode()))


def _render(renderer: QSvgRenderer, side: int) -> QPixmap:
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    return picture
