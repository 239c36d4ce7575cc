"""The two fading means that most optimizers with a memory keep: of the gradient and of its square.

A fading mean begins at 0 and forgets: ``m := β m + (1 − β) g``. Lines for the plan, and the same
as an expression.
"""

from __future__ import annotations

import numpy as np

from engine.core.expressions import Expression, Number, Power, Product, Quotient, Ref, Sum, minus
from engine.core.plan import Array
from engine.optimizers.base import UpdatePlace


def mean(p: UpdatePlace, name: str, beta: float, step: Array, letter: str = "β") -> None:
    """``m := β m + (1 − β) g`` for the vector called ``name``; ``step`` is written over."""
    m, g = p.memory[name], p.gradient
    p.line(f"(1 − {letter}) g", "step", np.multiply, g, p.plan.constant(1.0 - beta), step)
    p.line(f"{letter} {name}", name, np.multiply, m, p.plan.constant(beta), m)
    p.line(f"{name} := {letter} {name} + (1 − {letter}) g", name, np.add, m, step, m)


def square(p: UpdatePlace, name: str, beta: float, step: Array, letter: str = "β") -> None:
    """``v := β v + (1 − β) g²`` for the vector called ``name``; ``step`` is written over."""
    v, g = p.memory[name], p.gradient
    p.line("g²", "step", np.multiply, g, g, step)
    p.line(f"(1 − {letter}) g²", "step", np.multiply, step, p.plan.constant(1.0 - beta), step)
    p.line(f"{letter} {name}", name, np.multiply, v, p.plan.constant(beta), v)
    p.line(f"{name} := {letter} {name} + (1 − {letter}) g²", name, np.add, v, step, v)


def fading(before: Ref, beta: float, share: Expression) -> Expression:
    """``β m + (1 − β) share``."""
    return Sum((Product((Number(beta), before)), Product((Number(1.0 - beta), share))))


def fading_square(before: Ref, beta: float, g: Ref) -> Expression:
    """``β v + (1 − β) g²``."""
    return fading(before, beta, Power(g, 2))


def corrected(moment: Ref, beta: float, t: int) -> Expression:
    """``m / (1 − βᵗ)``: the mean as if it had not begun at 0."""
    return Quotient(moment, minus(Number(1.0), Power(Number(beta), t)))
