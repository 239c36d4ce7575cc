"""Where the frames around groups of layers stand. Numbers only, no widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from engine.document.grouping import members, parts, title_of, within
from gui.editor.geometry import Geometry, Place

__all__ = ["Enclosure", "enclosures", "members"]

Floats = NDArray[np.float64]

SIDE, BELOW = 10.0, 12.0
"""What is left free between the layers of a group and its frame."""
STRIP = 26.0
"""The height of the strip in which a group's title stands."""
WIDEST = 106.0
"""A caption widens the frame up to this far from its layer's middle: half of the usual step and no more."""
TIGHT = 6.0
"""What is left free around a layer for which there is no room for a frame with a title."""
FARTHEST_BRIDGE = 40.0
"""Frames of a group are joined over no more than so many times that."""
MOST_PIECES = 40
"""A group of more layers than this is not framed in parts: it would take too long to find them."""
MANY = 60
"""With more groups than this the frames are narrow at once."""
MOST_LOOKS = 3000
"""After so many looks at what is in the way no more parts are sought, in however tangled a network."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A frame of a group: ``path`` is the group's name with those around it, Encoder/Block 1.

    A frame goes round strange layers, so that it may consist of several rectangles that meet; where
    that is not possible the group has several frames.
    """

    path: str
    layers: frozenset[str]
    """All layers of the group, whichever of its frames they stand in."""
    rects: tuple[QRectF, ...]
    strip: QRectF
    """Where the title stands, along the upper or the lower edge; empty where there is no room for it."""

    @property
    def rect(self) -> QRectF:
        """What it takes up as a whole."""
        return _union(self.rects)

    @property
    def title(self) -> str:
        """What the group is called within the one around it."""
        return title_of(self.path)


def enclosures(geometry: Geometry, captions: float = 1.0, titles: float = 1.0) -> tuple[Enclosure, ...]:
    """The frames that can be drawn, outer ones first; ``captions`` and ``titles`` say how much larger
    than usual those are.

    No frame lies over a layer of another group or crosses another frame: it goes round, or it is
    drawn in parts.
    """
    nodes: list[tuple[str, Place]] = [(each.layer.group, each) for each in geometry.places.values()]
    nodes += [(each.path.rpartition("/")[0], each) for each in geometry.folds.values()]
    known = {part for group, _ in nodes for part in parts(group)}
    paths = sorted(known, key=lambda each: (-each.count("/"), each))
    if not paths:
        return ()
    best: list[Enclosure] = []
    for narrow in (False, True) if len(paths) <= MANY else (True,):
        found = _Framing(geometry, nodes, captions, titles, narrow).all(paths)
        if not _loose(found) and len(found) == len(paths):
            best = found
            break
        if not best or _loose(found) < _loose(best):
            best = found
    return tuple(sorted(best, key=lambda each: (each.path.count("/"), each.path, each.rect.left())))


def _loose(found: list[Enclosure]) -> int:
    """How many rectangles there are beyond one a group."""
    return sum(len(each.rects) for each in found) - len({each.path for each in found})


class _Framing:
    """The frames at one size of captions and titles."""

    def __init__(
        self,
        geometry: Geometry,
        nodes: list[tuple[str, Place]],
        captions: float,
        titles: float,
        narrow: bool,
    ) -> None:
        self._geometry, self._titles = geometry, titles
        self._nodes = [node for _, node in nodes]
        self._frames = _array(node.frame for node in self._nodes)
        reach = _reach(geometry, captions, narrow)
        self._reaches = [reach(node) for node in self._nodes]
        self._captions = _array(self._reaches)
        self._inside: dict[str, list[int]] = {}
        for number, (group, _) in enumerate(nodes):
            for path in parts(group):
                self._inside.setdefault(path, []).append(number)
        self._members: dict[str, list[str]] = {}
        for layer in geometry.document.layers:
            for path in parts(layer.group):
                self._members.setdefault(path, []).append(layer.id)
        self._found: dict[str, list[Enclosure]] = {}
        self._looks = 0

    def all(self, paths: list[str]) -> list[Enclosure]:
        """The frames of all groups; inner ones come first, so that outer ones lie around them."""
        for path in paths:
            self._found[path] = self._of(path)
        return [each for path in paths for each in self._found[path]]

    def _of(self, path: str) -> list[Enclosure]:
        nested = [each for each in self._found if each.rpartition("/")[0] == path]
        inner = [frame for each in nested for frame in self._found[each]]
        own = self._inside[path]
        pieces = [frame.rect for frame in inner]
        pieces += [r for r in (self._reaches[n] for n in own) if not any(p.contains(r) for p in pieces)]
        layers = frozenset(self._members[path])
        apart = [each for each in self._found if not (within(each, path) or within(path, each))]
        crossed = _array(rect for each in apart for frame in self._found[each] for rect in frame.rects)
        outside = np.ones(len(self._nodes), dtype=bool)
        outside[own] = False
        strange = np.concatenate([self._frames[outside], crossed])
        captions = self._captions[outside]

        def clear(rect: QRectF) -> bool:
            self._looks += 1
            return not _meets(rect, strange)

        sizes = dict.fromkeys((self._titles, min(self._titles, 1.0)))
        for titles, margin, below in product(sizes, (1.0, 0.25), (False, True)):
            rect, strip = self._framed(_union(pieces), below, margin, titles)
            if clear(rect) and not (below and _meets(strip, captions)):
                return [Enclosure(path, layers, (rect,), strip)]
        if len(pieces) > MOST_PIECES or self._looks > MOST_LOOKS:
            return []
        return self._in_parts(path, layers, pieces, own, clear)

    def _in_parts(
        self,
        path: str,
        layers: frozenset[str],
        pieces: list[QRectF],
        own: list[int],
        clear: Callable[[QRectF], bool],
    ) -> list[Enclosure]:
        """As few frames as are found from left to right, joined where nothing stands between them."""
        kept: list[QRectF] = []
        for piece in sorted(pieces, key=lambda each: (each.left(), each.top())):
            for number, other in enumerate(kept):
                if clear(self._framed(other.united(piece))[0]):
                    kept[number] = other.united(piece)
                    break
            else:
                if clear(self._framed(piece)[0]):
                    kept.append(piece)
        made = [self._framed(each) for each in kept]
        edge = TIGHT * self._geometry.sizes.scale
        left = [n for n in own if not any(rect.contains(self._nodes[n].frame) for rect, _ in made)]
        tight = [self._reaches[n].adjusted(-edge, -edge, edge, edge) for n in left]
        if not all(map(clear, tight)):
            tight = [self._nodes[n].frame.adjusted(-edge, -edge, edge, edge) for n in left]
        made += [(each, QRectF()) for each in tight]
        return [Enclosure(path, layers, tuple(rects), strip) for rects, strip in _joined(made, clear, edge)]

    def _framed(
        self, rect: QRectF, below: bool = False, margin: float = 1.0, titles: float = 0.0
    ) -> tuple[QRectF, QRectF]:
        """The frame around something, and the strip of its title above or below that."""
        scale = self._geometry.sizes.scale
        side, edge, strip = (
            SIDE * scale * margin,
            BELOW * scale * margin,
            STRIP * scale * (titles or self._titles),
        )
        if below:
            whole = rect.adjusted(-side, -edge / 2, side, strip)
            return whole, QRectF(whole.left(), rect.bottom(), whole.width(), strip)
        whole = rect.adjusted(-side, -strip, side, edge)
        return whole, QRectF(whole.left(), whole.top(), whole.width(), strip)


def _joined(
    made: list[tuple[QRectF, QRectF]], clear: Callable[[QRectF], bool], edge: float
) -> list[tuple[list[QRectF], QRectF]]:
    """Parts side by side become one outline where a bridge between them meets nothing strange."""
    found: list[tuple[list[QRectF], QRectF]] = []
    for rect, strip in made:
        for rects, _ in found:
            bridge = next(
                (each for other in rects if (each := _bridge(other, rect, edge)) and clear(each)), None
            )
            if bridge is not None:
                rects += [rect, bridge]
                break
        else:
            found.append(([rect], strip))
    return found


def _bridge(one: QRectF, other: QRectF, edge: float) -> QRectF | None:
    """What lies between two rectangles beside one another, as high as both of them."""
    left, right = sorted((one, other), key=lambda each: each.left())
    top, bottom = max(one.top(), other.top()), min(one.bottom(), other.bottom())
    if bottom - top < 4 * edge or right.left() - left.right() > FARTHEST_BRIDGE * edge:
        return None
    return QRectF(left.right() - edge, top, max(right.left() - left.right(), 0.0) + 2 * edge, bottom - top)


def _array(rects: Iterable[QRectF]) -> Floats:
    """Left, top, right and bottom of each."""
    sides = [(each.left(), each.top(), each.right(), each.bottom()) for each in rects]
    return np.array(sides, dtype=float).reshape(-1, 4)


def _meets(rect: QRectF, others: Floats) -> bool:
    """Whether a rectangle has an area in common with one of the others."""
    across = (others[:, 0] < rect.right()) & (others[:, 2] > rect.left())
    return bool((across & (others[:, 1] < rect.bottom()) & (others[:, 3] > rect.top())).any())


def _union(rects: Iterable[QRectF]) -> QRectF:
    whole = QRectF()
    for each in rects:
        whole = whole.united(each)
    return whole


def _reach(geometry: Geometry, captions: float, narrow: bool) -> Callable[[Place], QRectF]:
    """What a layer takes up with its caption, which grows upwards."""

    def reach(place: Place) -> QRectF:
        half = place.frame.width() / 2
        if not narrow:
            text = geometry.titles.get(place.id, place.caption.width()) * captions / 2
            half = max(half, min(text, (WIDEST - SIDE) * geometry.sizes.across))
        middle, top = place.frame.center().x(), place.caption.bottom() - place.caption.height() * captions
        return QRectF(middle - half, top, 2 * half, place.frame.bottom() - top)

    return reach
