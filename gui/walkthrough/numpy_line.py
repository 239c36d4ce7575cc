"""The line of NumPy that calculates a number together with all those like it."""

from __future__ import annotations

from engine.activations import Activation
from engine.core.expressions import Expression, Function, Ref, references
from engine.trace import Trace
from engine.update_cells import STAGES
from gui.walkthrough.spelling import as_code, spelled_out
from gui.walkthrough.words import fused


def numpy_line(trace: Trace, ref: Ref, code: str = "") -> str:
    """The line for a cell; ``code`` is what its step says, which stands where nothing more exact is known."""
    array = ref.array
    head = array.partition(".")[0]
    if array.startswith("mean "):
        return f"{parameter_name(ref)} /= m"
    if array.startswith(STAGES):
        return code
    if array.startswith("new "):
        if not _learned(trace, ref):
            return code
        expression = spelled_out(trace.cell(ref), trace, ref)
        return f"{parameter_name(ref)} = {as_code(expression, parameter_name)}"
    if fused(trace, ref) and len(ref.index) == 1:
        return "dz = a - y"
    activation = _activation(trace, ref)
    if activation is not None and head in {"a", "slope"} and ref.example is not None:
        expression = trace.cell(ref)
        others = {each.index for each in references(expression)}
        if others <= {ref.index} and _plain(expression):
            return f"{'g_prime' if head == 'slope' else 'a'} = {as_code(expression, lambda each: each.array)}"
        if head == "a" and not activation.elementwise:
            return "a = np.exp(z) / np.exp(z).sum(axis=0)"
    if head == "dz" and activation is not None and not activation.elementwise:
        return "dz = a * (da - (a * da).sum(axis=0))"
    if head == "da" and ref.owner == trace.network.output.layer.id:
        expression = trace.cell(ref)
        if len({each.index for each in references(expression)}) == 1:
            return f"da = {as_code(expression, lambda each: each.array)}"
    return code


def _activation(trace: Trace, ref: Ref) -> Activation | None:
    """The activation function of the layer, if that is what makes a of z there."""
    node = trace.layout.nodes.get(ref.owner)
    g = getattr(node.kind, "g", None) if node is not None and len(node.shape) == 1 else None
    return g if isinstance(g, Activation) and (ref.owner, "z") in trace.arrays else None


def _learned(trace: Trace, ref: Ref) -> bool:
    slot = trace.layout.slots.get(f"{ref.owner}.{ref.array.rpartition(' ')[2]}")
    return slot is None or slot.learned


def _plain(expression: Expression) -> bool:
    return isinstance(expression, Function) or bool(list(references(expression)))


def parameter_name(ref: Ref) -> str:
    """``mean dW.input`` is dW once 1/m is in it; the optimizer's vectors keep their letter: m_W."""
    array = ref.array.removeprefix("new ")
    for stage in STAGES:
        array = array.removeprefix(stage)
    words = array.split(" ")
    name = words[-1].partition(".")[0]
    return name if len(words) == 1 else f"{words[0]}_{name}"
