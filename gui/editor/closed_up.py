"""The columns of the document that stand empty while groups are folded: the canvas closes up there."""

from __future__ import annotations

from collections.abc import Mapping

from engine.document import Document

STEP = 220.0
"""What stays free beside a layer that is drawn, in units of the document."""


def closed_ranges(document: Document, inside: Mapping[str, str]) -> list[tuple[float, float]]:
    """From where to where nothing is drawn; ``inside`` says which folded group each hidden layer is in.

    The document keeps every place: what is unfolded stands again where it stood.
    """
    if not inside:
        return []
    shown = [(each.x - STEP, each.x + STEP) for each in document.layers if each.id not in inside]
    shown += [(each.x, each.x + each.width) for each in document.notes if not each.layer]
    ranges: list[tuple[float, float]] = []
    for path in dict.fromkeys(inside.values()):
        xs = [each.x for each in document.layers if inside.get(each.id) == path]
        ranges += _free(min(xs), max(xs), shown)
    return _united(ranges)


def _free(left: float, right: float, shown: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The parts of a stretch in which nothing stands that is drawn."""
    parts, start = [], left
    for first, last in sorted(shown):
        if last > left and first < right:
            parts.append((start, first))
            start = max(start, last)
    parts.append((start, right))
    return [(one, two) for one, two in parts if two - one > 1.0]


def _united(ranges: list[tuple[float, float]]) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for left, right in sorted(ranges):
        if found and left <= found[-1][1]:
            found[-1] = found[-1][0], max(right, found[-1][1])
        else:
            found.append((left, right))
    return found
