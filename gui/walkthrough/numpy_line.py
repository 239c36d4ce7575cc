"""The line of NumPy that calculates a number together with all those like it."""

from __future__ import annotations

from engine.core.expressions import Expression, Function, Ref, references
from engine.losses.base import OWNER as LOSS
from engine.trace import Trace
from gui.walkthrough.spelling import as_code, spelled_out
from gui.walkthrough.words import fused


def numpy_line(trace: Trace, ref: Ref, code: str = "") -> str:
    """The line for a cell; ``code`` is what its step says, which stands where nothing more exact is known."""
    array = ref.array
    head = array.partition(".")[0]
    if array.startswith("mean "):
        return f"{_parameter(ref)} /= m"
    if array.startswith("new "):
        expression = spelled_out(trace.cell(ref), trace, ref)
        return f"{_parameter(ref)} = {as_code(expression, _parameter)}"
    if fused(trace, ref):
        return "dz = a - y"
    if head in {"a", "slope"} and ref.owner != LOSS and ref.example is not None:
        expression = trace.cell(ref)
        others = {each.index for each in references(expression)}
        if others <= {ref.index} and _plain(expression):
            return f"{'g_prime' if head == 'slope' else 'a'} = {as_code(expression, lambda each: each.array)}"
        if head == "a":
            return "a = np.exp(z) / np.exp(z).sum(axis=0)"
    if head == "dz" and (ref.owner, "slope") not in trace.arrays:
        return "dz = a * (da - (a * da).sum(axis=0))"
    if head == "da" and ref.owner == trace.network.output.layer.id:
        expression = trace.cell(ref)
        if len({each.index for each in references(expression)}) == 1:
            return f"da = {as_code(expression, lambda each: each.array)}"
    return code


def _plain(expression: Expression) -> bool:
    return isinstance(expression, Function) or bool(list(references(expression)))


def _parameter(ref: Ref) -> str:
    """``mean dW.input`` is dW once 1/m is in it; the optimizer's vectors keep their letter: m_W."""
    words = ref.array.removeprefix("new ").removeprefix("mean ").split(" ")
    name = words[-1].partition(".")[0]
    return name if len(words) == 1 else f"{words[0]}_{name}"
