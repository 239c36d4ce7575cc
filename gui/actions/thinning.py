"""Drawing fewer or more of the weak synapses, as the slider beside the legend does."""

from __future__ import annotations

from gui.actions.table import Row
from gui.translate import QT_TRANSLATE_NOOP

STEP = 5
"""Per cent of the largest weight."""

THINNING = (
    Row(
        "fewer-synapses",
        QT_TRANSLATE_NOOP("actions", "Dra&w fewer of the weak synapses"),
        lambda w: w.canvas.thin_out(STEP),
        ("Alt+-",),
        "minimize",
        QT_TRANSLATE_NOOP("actions", "Synapses below a share of the largest weight are not drawn"),
        enabled=lambda w: bool(w.workspace.showing.weakest < 0.95),
        repeats=True,
    ),
    Row(
        "more-synapses",
        QT_TRANSLATE_NOOP("actions", "Draw more of the wea&k synapses"),
        lambda w: w.canvas.thin_out(-STEP),
        ("Alt++", "Alt+="),
        "maximize",
        enabled=lambda w: bool(w.workspace.showing.weakest > 0.0),
        repeats=True,
    ),
)
"""For the menu of the view."""
