"""Small signs by which blocks are told apart: in the palette, and on a block that shows no picture."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from engine.layers import layers

Glyph = Callable[[QRectF], QPainterPath]
"""Lines within a square."""


def glyph_of(kind: str) -> Glyph:
    """The sign of a kind; that of its group if it has none of its own."""
    found = _glyphs.get(kind)
    if found is not None:
        return found
    words = kind.split("_")
    for name, glyph in _glyphs.items():
        if name in words or any(word.startswith(name) for word in words):
            return glyph
    group = layers[kind].group if kind in layers else ""
    return _of_groups.get(group, _box)


def register_glyph(name: str, glyph: Glyph) -> None:
    """A sign for a kind of layer, or for all whose names have a word that begins so."""
    _glyphs[name] = glyph


def _lines(*strokes: tuple[tuple[float, float], ...]) -> Glyph:
    """Polygonal lines on a square from 0 to 1."""

    def draw(square: QRectF) -> QPainterPath:
        path = QPainterPath()
        for stroke in strokes:
            points = [
                QPointF(square.left() + x * square.width(), square.top() + y * square.height())
                for x, y in stroke
            ]
            path.moveTo(points[0])
            for point in points[1:]:
                path.lineTo(point)
        return path

    return draw


def _rect(x: float, y: float, wide: float, high: float) -> tuple[tuple[float, float], ...]:
    return ((x, y), (x + wide, y), (x + wide, y + high), (x, y + high), (x, y))


def _curve(start: tuple[float, float], *points: tuple[float, float]) -> Glyph:
    """A chain of cubic curves on a square from 0 to 1."""

    def draw(square: QRectF) -> QPainterPath:
        def at(point: tuple[float, float]) -> QPointF:
            x, y = point
            return QPointF(square.left() + x * square.width(), square.top() + y * square.height())

        path = QPainterPath(at(start))
        for one, two, three in zip(points[::3], points[1::3], points[2::3], strict=True):
            path.cubicTo(at(one), at(two), at(three))
        return path

    return draw


def _both(*glyphs: Glyph) -> Glyph:
    def draw(square: QRectF) -> QPainterPath:
        path = QPainterPath()
        for each in glyphs:
            path.addPath(each(square))
        return path

    return draw


def _circle(x: float, y: float, r: float) -> Glyph:
    def draw(square: QRectF) -> QPainterPath:
        path = QPainterPath()
        centre = QPointF(square.left() + x * square.width(), square.top() + y * square.height())
        path.addEllipse(centre, r * square.width(), r * square.height())
        return path

    return draw


_box = _lines(_rect(0.1, 0.1, 0.8, 0.8))
_grid = _lines(
    _rect(0, 0, 1, 1), ((1 / 3, 0), (1 / 3, 1)), ((2 / 3, 0), (2 / 3, 1)),
    ((0, 1 / 3), (1, 1 / 3)), ((0, 2 / 3), (1, 2 / 3)),
)  # fmt: skip
_window = _both(_lines(_rect(0, 0, 1, 1)), _lines(_rect(0.15, 0.15, 0.42, 0.42)), _circle(0.36, 0.36, 0.05))
_funnel = _lines(((0, 0), (0.62, 0.3), (0.62, 0.7), (0, 1), (0, 0)), ((0.62, 0.5), (1, 0.5)))
_widen = _lines(((1, 0), (0.38, 0.3), (0.38, 0.7), (1, 1), (1, 0)), ((0.38, 0.5), (0, 0.5)))
_flat = _lines(_rect(0, 0.22, 0.42, 0.56), ((0.55, 0.5), (0.75, 0.5)), _rect(0.86, 0, 0.14, 1))
_loop = _both(
    _curve((0.2, 0.62), (-0.12, 0.0), (1.12, 0.0), (0.8, 0.62)),
    _lines(((0.93, 0.42), (0.8, 0.62), (0.6, 0.5)), _rect(0.2, 0.62, 0.6, 0.36)),
)
_crossing = _both(
    _circle(0.1, 0.15, 0.09), _circle(0.1, 0.85, 0.09), _circle(0.9, 0.15, 0.09), _circle(0.9, 0.85, 0.09),
    _lines(((0.2, 0.15), (0.8, 0.15)), ((0.2, 0.2), (0.82, 0.8)),
           ((0.2, 0.85), (0.8, 0.85)), ((0.2, 0.8), (0.82, 0.2))),
)  # fmt: skip
_rows = _both(_lines(_rect(0, 0, 1, 1), ((0, 0.33), (1, 0.33)), ((0, 0.67), (1, 0.67))),
              _lines(((0.32, 0), (0.32, 1))))  # fmt: skip
_bell = _both(
    _curve((0, 0.92), (0.38, 0.92), (0.34, 0.1), (0.5, 0.1), (0.66, 0.1), (0.62, 0.92), (1, 0.92)),
    _lines(((0, 1), (1, 1))),
)
_crossed = _both(_circle(0.22, 0.5, 0.2), _circle(0.78, 0.5, 0.2), _lines(((0.6, 0.2), (0.96, 0.8))))
_dots = _both(*(_circle(x, y, 0.07) for x, y in ((0.15, 0.3), (0.4, 0.75), (0.55, 0.2), (0.8, 0.55),
                                                 (0.2, 0.9), (0.9, 0.15), (0.85, 0.92))))  # fmt: skip
_plus = _both(_circle(0.5, 0.5, 0.45), _lines(((0.5, 0.25), (0.5, 0.75)), ((0.25, 0.5), (0.75, 0.5))))
_times = _both(_circle(0.5, 0.5, 0.45), _lines(((0.32, 0.32), (0.68, 0.68)), ((0.32, 0.68), (0.68, 0.32))))
_joined = _lines(_rect(0.1, 0, 0.36, 0.44), _rect(0.1, 0.56, 0.36, 0.44), ((0.58, 0.5), (0.9, 0.5)),
                 ((0.78, 0.38), (0.9, 0.5), (0.78, 0.62)))  # fmt: skip
_bend = _lines(((0, 0.8), (0.5, 0.8), (0.95, 0.1)), ((0, 0.8), (1, 0.8)))
_wave = _curve((0, 0.5), (0.25, -0.2), (0.25, -0.2), (0.5, 0.5), (0.75, 1.2), (0.75, 1.2), (1, 0.5))
_last = _lines(_rect(0, 0.3, 0.2, 0.4), _rect(0.27, 0.3, 0.2, 0.4), _rect(0.54, 0.3, 0.2, 0.4),
               _rect(0.8, 0.1, 0.2, 0.8))  # fmt: skip
_swap = _lines(((0.1, 0.35), (0.9, 0.35)), ((0.7, 0.15), (0.9, 0.35)),
               ((0.9, 0.7), (0.1, 0.7)), ((0.3, 0.9), (0.1, 0.7)))  # fmt: skip

_glyphs: dict[str, Glyph] = {
    "conv": _window, "max": _funnel, "average": _funnel, "pool": _funnel, "upsample": _widen,
    "flatten": _flat, "reshape": _swap, "rnn": _loop, "lstm": _loop, "gru": _loop, "recurrent": _loop,
    "attention": _crossing, "embedding": _rows, "position": _wave, "norm": _bell, "batch": _bell,
    "layer": _bell, "dropout": _crossed, "noise": _dots, "add": _plus, "multiply": _times,
    "concat": _joined, "activation": _bend, "last": _last, "mean": _funnel, "time": _wave,
    "input": _grid,
}  # fmt: skip
_of_groups: dict[str, Glyph] = {
    "Images": _window, "Sequences": _loop, "Text": _rows, "Regularization": _crossed, "Merging": _joined,
}  # fmt: skip
