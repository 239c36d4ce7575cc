"""What the walkthrough says in words: where it is, what happens, where a given number comes from."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from engine.core.expressions import Ref
from engine.core.plan import Phase
from engine.core.steps import Step
from engine.losses.base import OWNER as LOSS
from engine.optimizers import optimizers
from engine.trace import Trace

STEPS: Final[dict[tuple[str, str], Any]] = {
    ("product", "z"): QT_TRANSLATE_NOOP("walkthrough", "multiply weight and {input}"),
    ("sum", "z"): QT_TRANSLATE_NOOP("walkthrough", "add the products"),
    ("bias", "z"): QT_TRANSLATE_NOOP("walkthrough", "add the bias"),
    ("value", "z"): QT_TRANSLATE_NOOP("walkthrough", "the weighted sum"),
    ("product", "da"): QT_TRANSLATE_NOOP("walkthrough", "blame from the layer after, one part of it"),
    ("sum", "da"): QT_TRANSLATE_NOOP("walkthrough", "add up the blame from the layer after"),
    ("blame", "da"): QT_TRANSLATE_NOOP("walkthrough", "blame from the layer after"),
    ("activation", "a"): QT_TRANSLATE_NOOP("walkthrough", "apply {function}"),
    ("slope", "slope"): QT_TRANSLATE_NOOP("walkthrough", "slope of the activation {function}"),
    ("delta", "dz"): QT_TRANSLATE_NOOP("walkthrough", "blame times slope"),
    ("gradient", "dW"): QT_TRANSLATE_NOOP("walkthrough", "share of this example in the gradient"),
    ("gradient", "db"): QT_TRANSLATE_NOOP("walkthrough", "share of this example in the gradient of the bias"),
    ("gradient", ""): QT_TRANSLATE_NOOP("walkthrough", "share of this example in the gradient"),
    ("blame", ""): QT_TRANSLATE_NOOP("walkthrough", "blame from what comes after"),
    ("product", ""): QT_TRANSLATE_NOOP("walkthrough", "multiply"),
    ("sum", ""): QT_TRANSLATE_NOOP("walkthrough", "add the products"),
    ("bias", ""): QT_TRANSLATE_NOOP("walkthrough", "add one more term"),
    ("value", ""): QT_TRANSLATE_NOOP("walkthrough", "calculate {name}"),
    ("activation", ""): QT_TRANSLATE_NOOP("walkthrough", "the output of the layer"),
    ("regularizer", ""): QT_TRANSLATE_NOOP("walkthrough", "add what a large {parameter} costs"),
    ("clipping", ""): QT_TRANSLATE_NOOP("walkthrough", "bound the gradient"),
    ("average", ""): QT_TRANSLATE_NOOP("walkthrough", "mean over the examples"),
    ("memory", ""): QT_TRANSLATE_NOOP("walkthrough", "the optimizer remembers: {memory}"),
    ("update", ""): QT_TRANSLATE_NOOP("walkthrough", "update the {parameter}"),
    ("loss", "L"): QT_TRANSLATE_NOOP("walkthrough", "How wrong is this example?"),
    ("cost", "J"): QT_TRANSLATE_NOOP("walkthrough", "How wrong on the whole? The mean loss"),
}
"""By kind of step and array: what happens; without an array for layers of any kind."""

ANYWHERE: Final = frozenset({("delta", "dz"), ("slope", "slope"), ("gradient", "dW"), ("gradient", "db")})
"""What is true of these arrays in layers of any kind."""
OUTPUT_BLAME: Final[Any] = QT_TRANSLATE_NOOP("walkthrough", "how the loss changes with this prediction")
FUSED_DELTA: Final[Any] = QT_TRANSLATE_NOOP("walkthrough", "the error: prediction minus target")

NUMBERS: Final[dict[str, Any]] = {
    "z": QT_TRANSLATE_NOOP("walkthrough", "the weighted sum z"),
    "a": QT_TRANSLATE_NOOP("walkthrough", "the activation a"),
    "da": QT_TRANSLATE_NOOP("walkthrough", "da, the change of the loss with a"),
    "slope": QT_TRANSLATE_NOOP("walkthrough", "the slope of {function} at z"),
    "dz": QT_TRANSLATE_NOOP("walkthrough", "dz, the change of the loss with z"),
    "dW": QT_TRANSLATE_NOOP("walkthrough", "dw, the change of the loss with the weight"),
    "db": QT_TRANSLATE_NOOP("walkthrough", "db, the change of the loss with the bias"),
    "W": QT_TRANSLATE_NOOP("walkthrough", "a weight"),
    "b": QT_TRANSLATE_NOOP("walkthrough", "the bias"),
    "L": QT_TRANSLATE_NOOP("walkthrough", "The loss of this example"),
    "J": QT_TRANSLATE_NOOP("walkthrough", "The mean loss of the examples"),
    "y": QT_TRANSLATE_NOOP("walkthrough", "The target y"),
}
"""By array: what a number is."""

PHASES: Final[dict[Phase, Any]] = {
    Phase.FORWARD: QT_TRANSLATE_NOOP("walkthrough", "Forward"),
    Phase.LOSS: QT_TRANSLATE_NOOP("walkthrough", "Loss"),
    Phase.BACKWARD: QT_TRANSLATE_NOOP("walkthrough", "Backward"),
    Phase.UPDATE: QT_TRANSLATE_NOOP("walkthrough", "Update"),
}


def tr(text: str, **values: object) -> str:
    """A sentence of the walkthrough in the user's language, with values put in."""
    said = QCoreApplication.translate("walkthrough", text)
    # a text given on the spot is entered by lupdate without a context
    return (said if said != text else QCoreApplication.translate("", text)).format(**values)


def phase_name(phase: Phase) -> str:
    """The phase as it is called on the screen."""
    return tr(PHASES[phase])


def layer_name(trace: Trace, owner: str) -> str:
    """``Layer 1``, with the name that the user gave it."""
    if owner == LOSS:
        return tr("Loss")
    node = trace.layout.nodes[owner]
    plain = tr("Input") if node.number == 0 else tr("Layer {number}", number=node.number)
    return f"{plain} ({node.layer.name})" if node.layer.name else plain


def unit_name(trace: Trace, owner: str, index: tuple[int, ...]) -> str:
    """``Layer 1, neuron 3``; an input has no neurons but features, an image channels, rows and columns."""
    if owner == LOSS:
        return tr("Loss")
    node = trace.layout.nodes[owner]
    layer, places = layer_name(trace, owner), [each + 1 for each in index]
    if len(node.shape) == 3 and len(index) == 3:
        channel, row, column = places
        said = tr("{layer}, channel {channel}, row {row}, column {column}",
                  layer=layer, channel=channel, row=row, column=column)  # fmt: skip
        return said
    if len(node.shape) == 2 and len(index) == 2:
        return tr("{layer}, unit {number} at time {time}", layer=layer, number=places[0], time=places[1])
    if len(node.shape) > 1 or not index:
        return layer
    if node.number == 0 and node.kind.role == "input":
        return tr("Input {number}", number=places[0])
    if not is_dense(trace, owner):
        return tr("{layer}, unit {number}", layer=layer, number=places[0])
    return tr("{layer}, neuron {number}", layer=layer, number=places[0])


def is_dense(trace: Trace, owner: str) -> bool:
    """Whether a layer is a vector of neurons whose z is a weighted sum of vectors."""
    node, place = trace.layout.nodes.get(owner), trace.network.places.get(owner)
    if node is None or place is None or not node.kind.synapses or len(node.shape) != 1:
        return False
    return all(len(port.shape) == 1 and (owner, f"W.{port.source}") in trace.arrays for port in place.inputs)


def example_name(trace: Trace, example: int | None) -> str:
    """``Example 2 of 4``; with its number in the data where that is another."""
    if example is None:
        return ""
    number = trace.number_in_data(example)
    if number is None:
        return tr("example {here} of {all}, made up", here=example + 1, all=trace.m)
    number += 1
    if trace.m == 1:
        return tr("example {number}", number=number)
    plain = tr("example {here} of {all}", here=example + 1, all=trace.m)
    if number != example + 1:
        return tr("{example} (number {number} of the data)", example=plain, number=number)
    return plain


def happening(trace: Trace, step: Step) -> str:
    """The headline of a step."""
    target = step.target
    head = target.array.partition(".")[0]
    dense = is_dense(trace, target.owner) or target.owner == LOSS
    if target.array.startswith("new ") or step.kind in {"average", "regularizer", "clipping"}:
        head = ""
    node = trace.layout.nodes.get(target.owner)
    applied = (step.kind, head) == ("activation", "a") and hasattr(getattr(node, "kind", None), "g")
    known = STEPS.get((step.kind, head)) if dense or applied or (step.kind, head) in ANYWHERE else None
    sentence = known or STEPS.get((step.kind, ""))
    if fused(trace, target):
        sentence = FUSED_DELTA
    if head == "da" and target.owner == trace.network.output.layer.id:
        sentence = OUTPUT_BLAME
    said = step.kind if sentence is None else tr(sentence, **_values(trace, target))
    if target.owner == LOSS:
        return said
    return f"{unit_name(trace, target.owner, target.index)}: {said}"


def meaning(trace: Trace, ref: Ref) -> str:
    """What a number is: the headline of its explanation."""
    array = ref.array.removeprefix("new ")
    node = trace.layout.nodes.get(ref.owner)
    if node is not None and node.number == 0 and array == "a":
        return tr("{unit}: a feature of the example", unit=unit_name(trace, ref.owner, ref.index))
    words = array.split(" ")
    head = array.partition(".")[0]
    if array.startswith("mean d"):
        said = tr("the gradient, a mean over the examples")
    elif array.startswith("whole d"):
        said = tr("the gradient with what a large weight costs")
    elif array.startswith("clipped d"):
        said = tr("the gradient within its bounds")
    elif len(words) > 1:
        said = tr("the optimizer's memory {memory}", memory=words[0])
    elif head in NUMBERS and (head != "z" or is_dense(trace, ref.owner)):
        said = tr(NUMBERS[head], **_values(trace, ref))
    else:
        said = ref.letter or head
    if ref.array.startswith("new ") and len(words) == 1:
        said = tr("{number} after the update", number=said)
    return said if ref.owner == LOSS else f"{unit_name(trace, ref.owner, ref.index)}: {said}"


def origin(trace: Trace, ref: Ref) -> str:
    """Where a number comes from that nothing in this update calculates."""
    if ref.array == "y":
        return tr("Given: the target in the data.")
    node = trace.layout.nodes.get(ref.owner)
    if ref.array == "a" and (node is None or node.kind.role == "input"):
        return tr("Given: the data.")
    slot = trace.layout.slots.get(f"{ref.owner}.{ref.array.rpartition(' ')[2]}")
    if slot is None:
        return tr("Given: no step of this update calculates it.")
    if not slot.learned:
        return tr("Kept by the layer; training does not learn it.")
    if " " in ref.array:
        if trace.step_number == 0:
            return tr("The optimizer's memory is empty before the first update.")
        return tr("The optimizer's memory, left by the last update.")
    bias = ref.array.partition(".")[0] == "b"
    if trace.step_number == 0:
        return tr("A bias, at its first value.") if bias else tr("A weight, at its first value.")
    return tr("A bias, set by the last update.") if bias else tr("A weight, set by the last update.")


def fused(trace: Trace, ref: Ref) -> bool:
    """Whether dz = a − y came out of loss and activation together."""
    place = trace.network.places.get(ref.owner)
    return ref.array == "dz" and place is not None and place.dz_given


def function_name(trace: Trace, owner: str) -> str:
    """The activation of a layer, as it is written in a formula: tanh, σ."""
    g = getattr(trace.layout.nodes[owner].kind, "g", None) if owner in trace.layout.nodes else None
    return str(g.letter) if g is not None else "g"


def _values(trace: Trace, ref: Ref) -> dict[str, str]:
    node = trace.layout.nodes.get(ref.owner)
    from_data = node is not None and all(trace.layout.nodes[each].number == 0 for each in node.inputs)
    words = ref.array.removeprefix("new ").split(" ")
    slot = trace.layout.slots.get(f"{ref.owner}.{words[-1]}")
    bias = words[-1].partition(".")[0] in {"b", "db"} or (slot is not None and slot.part.bias)
    title = str(getattr(getattr(node.kind, "g", None), "title", "g")) if node is not None else "g"
    function = title.partition(" (")[0]
    return {
        "input": tr("input") if from_data else tr("activation"),
        "function": function.lower() if function.istitle() else function,
        "name": ref.letter or words[0],
        "memory": words[0] if words[0] in optimizers.make(trace.document.optimizer).memories else "",
        "parameter": tr("bias") if bias else tr("weight"),
    }
