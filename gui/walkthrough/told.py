"""What is told: one number of a trace, with all that a passage of its page needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.core.expressions import Expression, Ref
from engine.core.steps import Step
from engine.formulas import Formulas
from engine.trace import Trace
from gui.walkthrough.unfolding import Unfolding
from gui.walkthrough.writer import Writer


@dataclass(frozen=True, slots=True)
class Told:
    """The number ``target`` and how it came about.

    ``step`` is the step that ends in it or, while the page follows the walk, the step that is shown.
    ``at`` is the last step that was done; numbers of later ones are not known yet (``None``: all are).
    """

    writer: Writer
    target: Ref
    expression: Expression
    step: Step | None
    at: int | None = None
    value: float | None = None
    """The number; ``None`` while it is not finished or still to be predicted."""
    stepping: bool = False
    """Whether the page follows the walk; else it explains a number that was clicked."""
    opened: Mapping[str, int] = field(default_factory=dict)
    """How far every folded part of the pages is open, by its topic."""
    unfolding: Unfolding | None = None
    """What of its expression tree is unfolded; ``None`` where none is shown."""

    @property
    def said(self) -> tuple[str, str]:
        """The general equation and the code, as the step says them, or the layer where there are no steps."""
        if self.step is not None:
            return self.step.equation, self.step.code
        return self.trace.words_of(self.target) if isinstance(self.trace, Formulas) else ("", "")

    @property
    def trace(self) -> Trace:
        """The trace it is of."""
        return self.writer.trace

    @property
    def term(self) -> Expression | None:
        """The part of the expression that the walk is at."""
        return self.step.term if self.step is not None and self.stepping else None
