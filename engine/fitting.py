"""Fitting: the network is made to go with other data, and keeps all it can of what it learned.

Pure functions from a document to the next one. Units come and go at the end of a layer, so that
every weight between units that stay is kept (``engine.learned.carried``).
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from engine.activations import activations
from engine.core.place import Shape
from engine.core.problems import AxonError, DocumentError
from engine.core.shapes import spoken
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.datasets import Data
from engine.datasets.base import Task
from engine.document import Document, Layer
from engine.document.edits import set_data, set_knob, set_loss, set_units
from engine.fit import fit_problem
from engine.layers import layers
from engine.layout import Layout
from engine.losses import losses
from engine.procedures import Wanted, procedures

PROPOSED: dict[Task, tuple[str, str]] = {
    Task.BINARY: ("sigmoid", "bce"),
    Task.CLASSES: ("softmax", "cross_entropy"),
    Task.REGRESSION: ("identity", "mse"),
}
"""Activation of the output and loss that go with a task."""
FAR = 1e9
"""A z so far out that g shows the ends of its range."""


def fitted(document: Document, data: Data, *, keep_output: bool = False) -> Document:
    """The document with as many inputs and outputs as the data has, and an output that suits the task.

    With several input layers the last one takes the difference, as long as each keeps a unit.
    Activation and loss are replaced only if they do not suit the task, and never with
    ``keep_output``. Raises ``DocumentError`` where there is no input or not exactly one output.
    """
    wanted = procedures.make(document.training.procedure).wanted(data)
    units = wanted.shape_for(_shape(document))[0]
    document = _with_inputs(document, wanted)
    output = _output(document)
    document = set_units(document, layer=output.id, units=units)
    document = _shaped(document, wanted, data.shape)
    kind = layers.make(output.spec)
    activation = getattr(kind, "activation", None)
    asked = data if wanted.task is data.task else replace(data, task=wanted.task, Y=data.X)
    if activation is None or keep_output or suits(asked, activation, document.loss):
        return document
    proposed, loss = PROPOSED[wanted.task]
    if activation.kind != proposed:
        document = set_knob(document, layer=output.id, name="activation", value=Spec(proposed))
    if document.loss.kind != loss:
        document = set_loss(document, spec=Spec(loss))
    return document


def choose_data(document: Document, spec: Spec, table: Data | None = None) -> Document:
    """Another data set, with the network fitted to it.

    ``table`` is the user's own data, which may be kept at hand while another set is chosen. Where
    there is no network to fit yet, only the data is chosen. Raises an ``AxonError`` with one
    sentence if the data cannot be loaded. The output stays as it was chosen as long as the task
    is the same: going from AND to OR replaces nobody's squared error.
    """
    chosen = set_data(document, spec=spec, table=table)
    data = data_of(chosen)
    try:
        return fitted(chosen, data, keep_output=_task(document) is data.task)
    except DocumentError:
        return chosen


def suits(data: Data, activation: Spec, loss: Spec) -> bool:
    """Whether an output with that activation and loss can learn the targets of the data."""
    if (activation.kind, loss.kind) == PROPOSED[data.task]:
        return True
    if loss.kind != "mse":
        return False
    g = activations.make(activation)
    if not g.elementwise:
        return data.task is Task.CLASSES
    reach = g.value(np.array([-FAR, 0.0, FAR]))
    bounded = bool(np.abs(reach).max() < FAR / 2) or data.task is Task.REGRESSION
    return bounded and bool(reach.min() <= data.Y.min() and data.Y.max() <= reach.max())


def advice(document: Document) -> str:
    """A warning where training can be tried but hardly works: what the procedure has to say, and a loss
    that takes the logarithm of outputs that are no probabilities. Empty if there is nothing to say."""
    try:
        said = procedures.make(document.training.procedure).advice(Layout(document))
        if said:
            return said
        loss = losses.make(document.loss)
        activation = getattr(layers.make(_output(document).spec), "activation", None)
        if activation is None or not loss.fuses or activation.kind in loss.fuses:
            return ""
        g = activations.make(activation)
        reach = g.value(np.array([-FAR, 0.0, FAR])) if g.elementwise else np.array([0.0, 1.0])
    except AxonError:
        return ""
    if reach.min() >= 0.0 and reach.max() <= 1.0:
        return ""
    right = " or ".join(sorted(activations[kind].title for kind in loss.fuses))
    return (
        f"{loss.title} needs outputs between 0 and 1, and {g.title} gives others:"
        f" choose {right} for the output, or another loss."
    )


def _task(document: Document) -> Task | None:
    try:
        return data_of(document).task
    except AxonError:
        return None


def _with_inputs(document: Document, wanted: Wanted) -> Document:
    n = wanted.features
    found = [each for each in document.layers if layers.make(each.spec).role == "input"]
    if not found:
        raise DocumentError("The network has no input: drop one on the canvas and connect it.")
    if len(found) == len(wanted.inputs):
        for layer, size in zip(found, wanted.inputs, strict=True):
            document = set_units(document, layer=layer.id, units=size)
        return document
    units = [each.size for each in found]
    for place in reversed(range(len(units))):
        units[place] = max(1, units[place] + n - sum(units))
    if sum(units) != n:
        raise DocumentError(
            f"The network has {len(units)} inputs but the data only {n} feature{'s' * (n != 1)}:"
            " remove an input.",
            found[-1].id,
        )
    for layer, size in zip(found, units, strict=True):
        document = set_units(document, layer=layer.id, units=size)
    return document


def _shaped(document: Document, wanted: Wanted, shape: Shape) -> Document:
    """The first input read in the shape of the data where the network can use it so, else as a vector."""
    first = next(each for each in document.layers if layers.make(each.spec).role == "input")
    tries = [spoken(shape)] if shape and math.prod(shape) == first.size else []
    for written in (*tries, ""):
        if first.spec.get("shape", "") == written:
            tried = document
        else:
            tried = set_knob(document, layer=first.id, name="shape", value=written)
        try:
            if fit_problem(Layout(tried), wanted) is None:
                return tried
        except AxonError:
            continue
    return tried


def _shape(document: Document) -> Shape:
    """The shape of the output as it is drawn; () if it cannot be said."""
    try:
        return Layout(document).output.shape
    except AxonError:
        return ()


def _output(document: Document) -> Layer:
    found = [each for each in document.layers if layers.make(each.spec).role == "output"]
    if not found:
        raise DocumentError("The network has no output: drop one on the canvas and connect it.")
    if len(found) > 1:
        raise DocumentError("The network has two outputs: remove one of them.", found[1].id)
    return found[0]
