"""The layout of a document, made once however many parts of the window ask for it."""

from __future__ import annotations

from engine.document import Document
from engine.layout import Layout

KEPT = 4
"""Documents whose layouts are kept: the present one, and those of previews."""

_known: list[Layout] = []


def layout_of(document: Document) -> Layout:
    """Order, shapes and parameters of a document; to be read only.

    Raises ``DocumentError`` or another ``AxonError`` with one sentence where layers do not fit.
    """
    for layout in _known:
        if layout.document is document:
            return layout
    layout = Layout(document)
    _known.append(layout)
    del _known[:-KEPT]
    return layout
