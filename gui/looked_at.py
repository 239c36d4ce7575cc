"""Which single parameter the user looks at: chosen in a table, selected, or the one of the walk."""

from __future__ import annotations

from engine.core.problems import AxonError
from engine.layout import Layout
from engine.nudging import Parameter
from engine.symbols import bare
from gui.laid_out import layout_of
from gui.workspace import Workspace


def parameter_looked_at(workspace: Workspace) -> Parameter | None:
    """The parameter, of a neuron its bias; ``None`` where nothing is chosen or the network does not fit."""
    try:
        layout = layout_of(workspace.document)
    except AxonError:
        return None
    for found in (_chosen(workspace), _selected(workspace), _walked(workspace)):
        if found is not None and _there(layout, found):
            return found
    return None


def _chosen(workspace: Workspace) -> Parameter | None:
    for owner, array, index, _ in workspace.chosen_cells[:1]:
        return Parameter(f"{owner}.{bare(array)}", index)
    return None


def _selected(workspace: Workspace) -> Parameter | None:
    document, selection = workspace.document, workspace.selection
    for source, sender, target, receiver in sorted(selection.synapses):
        index = (document.layer(target).unit(receiver), document.layer(source).unit(sender))
        return Parameter(f"{target}.W.{source}", index)
    for layer, key in sorted(selection.units):
        return Parameter(f"{layer}.b", (document.layer(layer).unit(key), 0))
    return None


def _walked(workspace: Workspace) -> Parameter | None:
    """The weight whose gradient or update the walkthrough is at."""
    step = workspace.walk.step if workspace.walk is not None else None
    return (
        None
        if step is None
        else Parameter(f"{step.target.owner}.{bare(step.target.array)}", step.target.index)
    )


def _there(layout: Layout, parameter: Parameter) -> bool:
    slot = layout.slots.get(parameter.key)
    if slot is None or len(slot.shape) != len(parameter.index):
        return False
    return all(0 <= i < side for i, side in zip(parameter.index, slot.shape, strict=True))
