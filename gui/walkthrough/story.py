"""The story of a number: the page for a step of the walkthrough, and for any number that is clicked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.core.expressions import Expression, Number, Product, Ref, Sum, evaluate, references
from engine.core.notation import Notation, Row, Text, operator, row
from engine.core.plan import Phase
from engine.core.printing import in_symbols
from engine.core.steps import Step
from engine.trace import Trace
from gui.walkthrough.arrangement import Arrangement
from gui.walkthrough.page import Heading, Line, Lines, Page, Remark
from gui.walkthrough.passages import passages
from gui.walkthrough.spelling import spelled_out
from gui.walkthrough.sums import MOST_TERMS, printed
from gui.walkthrough.told import Told
from gui.walkthrough.tones import coloured
from gui.walkthrough.unfolding import Unfolding
from gui.walkthrough.words import example_name, happening, meaning, origin, phase_name
from gui.walkthrough.writer import HIDDEN, Writer

LARGE = 1.45
"""Size of the value of a step."""


@dataclass(frozen=True, slots=True)
class Story:
    """Tells of one trace. ``most`` is how many terms of a sum are written.

    ``done`` is the last step whose number may be seen, ``None`` for all: a later one reads "?".
    """

    trace: Trace
    most: int = MOST_TERMS
    done: int | None = None
    arranged: Arrangement = Arrangement()
    opened: Mapping[str, int] = field(default_factory=dict)
    """How far every folded part is open."""
    unfolding: Unfolding | None = None
    """What of the expression tree is unfolded."""

    @property
    def writer(self) -> Writer:
        """How its symbols and numbers are written."""
        return Writer(self.trace, self.most, self.done, self.arranged)

    def of_step(self, number: int) -> Page:
        """What step ``number`` does."""
        trace, step = self.trace, self.trace[number]
        hidden = self.done is not None and number > self.done
        where = " · ".join(filter(None, (phase_name(step.phase), example_name(trace, step.example))))
        value = step.value if step.final and not hidden else None
        told = Told(
            self.writer, step.target, step.expression, step, number - hidden, value, True, self.opened
        )
        parts = (Heading(happening(trace, step), where), self._lines(told), *passages(told))
        return Page(tuple(coloured(part) for part in parts))

    def of_number(self, ref: Ref, at: int | None = None) -> Page:
        """Where a number comes from; ``at`` is the last step that was done."""
        trace, writer = self.trace, self.writer
        value, hidden = trace.lookup(ref), writer.hides(ref)
        heading = Heading(meaning(trace, ref), example_name(trace, ref.example))
        try:
            expression = trace.cell(ref)
        except KeyError:
            shown = Line(writer.symbol(ref), "=", writer.value(value, ref), LARGE)
            return Page((heading, Lines((shown,)), Remark(origin(trace, ref))))
        number = trace.number_of(*ref.key)
        step = trace[number] if number is not None else None
        here, seen = self.done if hidden else at, None if hidden else value
        told = Told(writer, ref, expression, step, here, seen, opened=self.opened, unfolding=self.unfolding)
        return Page(tuple(coloured(part) for part in (heading, self._lines(told), *passages(told))))

    # ---------------------------------------------------------------- lines

    def _lines(self, told: Told) -> Lines:
        """The formula in symbols, with the numbers put in, and as far as it is calculated."""
        trace, writer, target = self.trace, told.writer, told.target
        step = told.step if told.stepping else None
        active, reached = (None, None) if step is None else _standing(step)
        expression = self._opened(told.expression)
        examples = len({ref.example for ref in references(expression)} - {None}) > 1
        symbols = printed(
            expression,
            lambda node: in_symbols(spelled_out(node, trace, target), examples),
            active=active,
            reached=reached,
            most=self.most,
        )
        numbers = printed(expression, writer.put_in(target), active=active, reached=reached, most=self.most)
        sign = ":=" if target.array.startswith("new ") else "="
        rows = [Line(writer.symbol(target), sign, symbols)]
        put_in: tuple[Expression | float, ...] = () if isinstance(expression, Ref) else (expression,)
        if put_in:
            rows.append(Line(None, writer.relation(target, *put_in), numbers))
        reserve: tuple[Notation, ...] = ()
        if step is not None and step.phase is not Phase.UPDATE:
            reserve = (in_symbols(_first_product(expression)),) if step.of > 1 else ()
            if not step.final:
                return Lines((*rows, *self._running(step)), reserve)
        value = trace.lookup(target)
        if step is not None and step.kind == "bias" and step.running is not None:
            rows += self._added(step)
        if writer.hides(target):
            return Lines((*rows, Line(None, "=", HIDDEN, LARGE)), reserve)
        rows.append(Line(None, writer.relation(target, *put_in, value), writer.value(value, target), LARGE))
        return Lines(tuple(rows), reserve)

    def _opened(self, expression: Expression) -> Expression:
        """A mean of a gradient with the shares of the examples instead of their finished sum."""
        match expression:
            case Product(factors=(Number() as share, Ref(array=array, example=None) as ref)) if (
                array.startswith(("dW", "db")) and self.trace.m > 1
            ):
                return Product((share, Sum(tuple(replace(ref, example=k) for k in range(self.trace.m)))))
        return expression

    def _running(self, step: Step) -> list[Line]:
        """The product of this step and the sum so far; what is to be predicted is not given away."""
        if self._asks(step):
            if step.kind == "product" and step.term is not None:
                return [Line(in_symbols(step.term), "=", HIDDEN, LARGE)]
            return self._added(step) if step.term is not None else [Line(Text("Σ"), "=", HIDDEN, LARGE)]
        if step.kind == "sum" or step.term is None:
            total = step.value if step.running is None else step.running
            return [self._so_far(total, step.target, LARGE)]
        rows = []
        if step.kind == "product":
            product = self.writer.plain(step.value, step.target)
            sign = self.writer.relation(step.target, step.value)
            rows.append(Line(in_symbols(step.term), sign, product, LARGE))
        return rows + self._added(step)

    def _added(self, step: Step) -> list[Line]:
        """The sum before this term, the term, and the sum with it."""
        assert step.running is not None and isinstance(step.expression, Sum)
        active, _ = _standing(step)
        if not active:
            return [self._so_far(step.running, step.target)]
        before = step.before
        added = evaluate(step.expression.terms[active], self.trace.lookup)
        numbers = (before, abs(added), step.running)
        so_far, size, after = (self.writer.plain(each, step.target) for each in numbers)
        first = self.writer.relation(step.target, *numbers[:2])
        second = first if self._asks(step) else self.writer.relation(step.target, *numbers)
        adding = row(so_far, operator("−" if added < 0 else "+"), size, operator(second))
        result = HIDDEN if self._asks(step) else after
        return [Line(Text("Σ"), first, Row((*adding.items, result)))]

    def _so_far(self, total: float, target: Ref, size: float = 1.0) -> Line:
        """The sum of the terms that are added already."""
        return Line(Text("Σ"), self.writer.relation(target, total), self.writer.plain(total, target), size)

    def _asks(self, step: Step) -> bool:
        """Whether the number of a step is."""
        coming = None if self.done is None else self.done + 1
        return coming is not None and coming < len(self.trace) and self.trace[coming] is step


def _standing(step: Step) -> tuple[int | None, int | None]:
    """The term that a step adds and the number of those that stand after it."""
    if step.of == 1 or step.phase is Phase.UPDATE or not isinstance(step.expression, Sum):
        return None, None
    terms = step.expression.terms
    if step.term is None:
        return None, sum(isinstance(term, Product) for term in terms)
    active = next((n for n, term in enumerate(terms) if term is step.term), None)
    return active, None if active is None else active + 1


def _first_product(expression: Expression) -> Expression:
    terms = expression.terms if isinstance(expression, Sum) else (expression,)
    return next((term for term in terms if isinstance(term, Product)), Number(0.0))
