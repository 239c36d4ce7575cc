"""Where the frames around groups of layers stand. Numbers only, no widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from engine.document import Document
from gui.editor.geometry import Geometry, LayerPlace

SIDE, BELOW = 10.0, 12.0
"""What is left free between the layers of a group and its frame."""
STRIP = 26.0
"""The height of the strip in which a group's title stands."""
WIDEST = 106.0
"""A caption widens the frame up to this far from its layer's middle: half of the usual step and no more."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The frame of one group: ``path`` is the group's name with those around it, Encoder/Block 1."""

    path: str
    layers: frozenset[str]
    rect: QRectF
    strip: QRectF
    """Where the title stands, along the upper edge."""

    @property
    def title(self) -> str:
        """What the group is called within the one around it."""
        return self.path.rpartition("/")[2]


def members(document: Document, path: str) -> frozenset[str]:
    """The layers of a group, those of the groups within it included."""
    return frozenset(each.id for each in document.layers if _within(each.group, path))


def enclosures(geometry: Geometry, captions: float = 1.0, titles: float = 1.0) -> tuple[Enclosure, ...]:
    """The frames that can be drawn, outer ones first; ``captions`` and ``titles`` say how much larger
    than usual those are.

    A frame that would lie over a layer of another group, or cross another frame, is left out.
    """
    paths = sorted({part for each in geometry.places.values() for part in _parts(each.layer.group)})
    if not paths:
        return ()
    best: list[Enclosure] = []
    for narrow in (False, True):
        found: dict[str, Enclosure] = {}
        for path in sorted(paths, key=lambda each: -each.count("/")):
            found[path] = _around(geometry, path, found, captions, titles, narrow)
        clear = _clear(found.values(), geometry)
        best = max(best, clear, key=len)
        if len(clear) == len(found):
            break
    return tuple(sorted(best, key=lambda each: each.path.count("/")))


def _parts(group: str) -> list[str]:
    """The group itself and those around it."""
    names = [name for name in group.split("/") if name]
    return ["/".join(names[:count]) for count in range(1, len(names) + 1)]


def _within(group: str, path: str) -> bool:
    return path in _parts(group)


def _around(
    geometry: Geometry,
    path: str,
    inner: dict[str, Enclosure],
    captions: float,
    titles: float,
    narrow: bool,
) -> Enclosure:
    scale = geometry.sizes.scale
    layers = members(geometry.document, path)
    reach = _reach(geometry, captions, narrow)
    rect = QRectF()
    for id in layers:
        rect = rect.united(reach(geometry.places[id]))
    for each in inner.values():
        if each.path.startswith(f"{path}/"):
            rect = rect.united(each.rect)
    side, strip = SIDE * scale, STRIP * scale * titles
    rect = rect.adjusted(-side, -strip, side, BELOW * scale)
    return Enclosure(path, layers, rect, QRectF(rect.left(), rect.top(), rect.width(), strip))


def _reach(geometry: Geometry, captions: float, narrow: bool) -> Callable[[LayerPlace], QRectF]:
    """What a layer takes up with its caption, which grows upwards."""

    def reach(place: LayerPlace) -> QRectF:
        half = place.frame.width() / 2
        if not narrow:
            text = geometry.titles.get(place.id, place.caption.width()) * captions / 2
            half = max(half, min(text, (WIDEST - SIDE) * geometry.sizes.across))
        middle, top = place.frame.center().x(), place.caption.bottom() - place.caption.height() * captions
        return QRectF(middle - half, top, 2 * half, place.frame.bottom() - top)

    return reach


def _clear(found: Iterable[Enclosure], geometry: Geometry) -> list[Enclosure]:
    """The frames that have nothing in them but what belongs there and cross no other one."""
    clear: list[Enclosure] = []
    for one in found:
        strange = (place for id, place in geometry.places.items() if id not in one.layers)
        apart = (each for each in clear if not (_within(each.path, one.path) or _within(one.path, each.path)))
        if not any(one.rect.intersects(place.frame) for place in strange) and not any(
            one.rect.intersects(each.rect) for each in apart
        ):
            clear.append(one)
    return clear
