"""What is done to the numbers of a sheet: each call is one undo entry."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QCoreApplication

from engine.core.plan import Array
from engine.document import Connection, Document
from engine.learned import Learned
from engine.weights import as_initials, back_to_initials, with_initials, with_weights
from gui.panels.weighing.sheet import Sheet
from gui.workspace import Workspace

translate = QCoreApplication.translate


def set_values(workspace: Workspace, sheet: Sheet, values: Array, *, initial: bool = False) -> None:
    """Numbers into cells: a matrix of the sheet's shape, NaN where a cell stays as it is.

    A cut synapse that gets a number is drawn. ``initial`` sets the initial values.
    """
    wanted = ~np.isnan(values)
    count = int(wanted.sum())
    if not count:
        return
    if not np.isfinite(values[wanted]).all():
        workspace.say(translate("WeightsPanel", "A weight must be a finite number."))
        return
    healed = wanted & sheet.cut
    document = _drawn(workspace.document, sheet, healed) if healed.any() else workspace.document
    arrays, new = sheet.arrays(values), sheet.arrays(np.where(healed, values, np.nan))

    def change(_: Document, learned: Learned) -> Learned:
        if initial:
            return with_initials(with_weights(learned, values=new), values=arrays)
        return with_weights(learned, values=arrays)

    name = sheet.symbol_at(*np.argwhere(wanted)[0].tolist()).text
    workspace.editing.edit(_text(name, count, initial), document, change=change)


def go_back(workspace: Workspace, sheet: Sheet, chosen: Array) -> None:
    """The chosen weights (True in a matrix of the sheet's shape) get their initial values again."""
    arrays = sheet.arrays(np.where(chosen, 0.0, np.nan))
    text = translate("WeightsPanel", "Weights back to their initial values")

    def change(_: Document, learned: Learned) -> Learned:
        return back_to_initials(learned, chosen=arrays)

    workspace.editing.edit(text, workspace.document, change=change)


def take_as_initial(workspace: Workspace, sheet: Sheet | None = None, chosen: Array | None = None) -> None:
    """The present weights become the initial ones: all of the network's, or the chosen ones of a sheet."""
    arrays = None
    if sheet is not None and chosen is not None:
        arrays = sheet.arrays(np.where(chosen, 0.0, np.nan))
    text = translate("WeightsPanel", "Take the present weights as the initial ones")

    def change(_: Document, learned: Learned) -> Learned:
        return as_initials(learned, chosen=arrays)

    workspace.editing.edit(text, workspace.document, change=change)


def lock(workspace: Workspace, sheet: Sheet, chosen: Array, locked: bool) -> None:
    """Training leaves the chosen weights as they are, or may change them again."""

    def done(document: Document) -> Document:
        wire = document.connection(sheet.source, sheet.layer)
        if wire is None:
            return document
        cells = _cells(sheet, chosen & ~sheet.cut)
        return _with_wire(
            document, replace(wire, locked=wire.locked | cells if locked else wire.locked - cells)
        )

    text = (
        translate("WeightsPanel", "Lock weights") if locked else translate("WeightsPanel", "Unlock weights")
    )
    workspace.editing.attempt(text, done)


def _drawn(document: Document, sheet: Sheet, healed: Array) -> Document:
    """The document with these cut synapses drawn, all at once."""
    wire = document.connection(sheet.source, sheet.layer)
    if wire is None:
        return document
    return _with_wire(document, replace(wire, cut=wire.cut - _cells(sheet, healed)))


def _cells(sheet: Sheet, chosen: Array) -> frozenset[tuple[int, int]]:
    """The synapses (receiving key, sending key) of cells."""
    if sheet.wire is None:
        return frozenset()
    receivers, senders = sheet.document.layer(sheet.layer).units, sheet.document.layer(sheet.source).units
    rows, columns = np.nonzero(chosen[:, : sheet.weights])
    return frozenset(
        (receivers[row], senders[at]) for row, at in zip(rows.tolist(), columns.tolist(), strict=True)
    )


def _with_wire(document: Document, wire: Connection) -> Document:
    wires = tuple(wire if each.id == wire.id else each for each in document.connections)
    return replace(document, connections=wires)


def _text(name: str, count: int, initial: bool) -> str:
    """What the undo entry is called."""
    if count == 1:
        if initial:
            return translate("WeightsPanel", "Set the initial value of {0}").format(name)
        return translate("WeightsPanel", "Set {0}").format(name)
    if initial:
        return translate("WeightsPanel", "Set {0} initial values").format(count)
    return translate("WeightsPanel", "Set {0} weights").format(count)
