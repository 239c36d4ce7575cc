"""The story of a number: the page for a step of the walkthrough, and for any number that is clicked."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.core.expressions import (
    Expression,
    Function,
    Number,
    Product,
    Quotient,
    Ref,
    Sum,
    evaluate,
    references,
)
from engine.core.notation import Notation, Row, Text, as_text, operator, row
from engine.core.plan import Phase
from engine.core.printing import in_numbers, in_symbols, symbol
from engine.core.steps import Step
from engine.trace import Trace
from gui.walkthrough.equations import Teller
from gui.walkthrough.numpy_line import numpy_line
from gui.walkthrough.page import Code, Heading, Line, Lines, Page, Part, Remark
from gui.walkthrough.spelling import mapped, spelled_out
from gui.walkthrough.sums import MOST_TERMS, printed
from gui.walkthrough.words import example_name, fused, happening, meaning, origin, phase_name, tr
from gui.widgets.numbers import format_number
from gui.widgets.typeset import Tone

_HIDDEN = Text("?", "number")
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

    def of_step(self, number: int) -> Page:
        """What step ``number`` does."""
        trace, step = self.trace, self.trace[number]
        target, expression = step.target, step.expression
        active, reached = _standing(step)
        lines = self._lines(target, expression, step.sign, active, reached, step)
        where = " · ".join(filter(None, (phase_name(step.phase), example_name(trace, step.example))))
        parts: list[Part] = [Heading(happening(trace, step), where), lines]
        hidden = self.done is not None and number > self.done
        parts += self._remarks(target, expression, step.value if step.final and not hidden else None)
        equation = Teller(trace, number - hidden).equation(target, step.term, step.equation)
        parts += [equation] if equation is not None else []
        code = numpy_line(trace, target, step.code)
        return Page((*parts, Code(code))) if code else Page(tuple(parts))

    def of_number(self, ref: Ref, at: int | None = None) -> Page:
        """Where a number comes from; ``at`` is the last step that was done."""
        trace = self.trace
        value = trace.lookup(ref)
        if self.hides(ref):
            at = self.done
        heading = Heading(meaning(trace, ref), example_name(trace, ref.example))
        try:
            expression = trace.cell(ref)
        except KeyError:
            shown = Line(self._symbol(ref), "=", self._value(value, ref), LARGE)
            return Page((heading, Lines((shown,)), Remark(origin(trace, ref))))
        sign = ":=" if ref.array.startswith("new ") else "="
        parts: list[Part] = [heading, self._lines(ref, expression, sign, None, None, None)]
        parts += self._remarks(ref, expression, None if self.hides(ref) else value)
        number = trace.number_of(*ref.key)
        step = trace[number] if number is not None else None
        equation = Teller(trace, at).equation(ref, said=step.equation if step is not None else "")
        parts += [equation] if equation is not None else []
        code = numpy_line(trace, ref, step.code if step is not None else "")
        return Page((*parts, Code(code))) if code else Page(tuple(parts))

    # ---------------------------------------------------------------- lines

    def _lines(
        self, target: Ref, expression: Expression, sign: str, active: int | None, reached: int | None,
        step: Step | None,
    ) -> Lines:  # fmt: skip
        trace = self.trace
        expression = self._opened(expression)
        examples = len({ref.example for ref in references(expression)} - {None}) > 1
        said = spelled_out(expression, trace, target)
        symbols = printed(
            said, lambda node: in_symbols(node, examples), active=active, reached=reached, most=self.most
        )
        numbers = printed(expression, self._numbers(target), active=active, reached=reached, most=self.most)
        rows = [Line(self._symbol(target), sign, symbols)]
        if not isinstance(expression, Ref):
            rows.append(Line(None, "=", numbers))
        reserve: tuple[Notation, ...] = ()
        if step is not None and step.of > 1 and step.phase is not Phase.UPDATE:
            reserve = (in_symbols(_first_product(expression)),)
        if step is not None and not step.final and step.phase is not Phase.UPDATE:
            return Lines((*rows, *self._running(step)), reserve)
        value = trace.lookup(target)
        if step is not None and step.kind == "bias" and step.running is not None:
            rows += self._added(step)
        if self.hides(target):
            return Lines((*rows, Line(None, "=", _HIDDEN, LARGE)), reserve)
        rows.append(Line(None, "=", self._value(value, target), LARGE))
        rows += self._change(target, value)
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
                return [Line(in_symbols(step.term), "=", _HIDDEN, LARGE)]
            return self._added(step) if step.term is not None else [Line(Text("Σ"), "=", _HIDDEN, LARGE)]
        if step.kind == "sum" or step.term is None:
            total = step.value if step.running is None else step.running
            return [Line(Text("Σ"), "=", self._plain(total, step), LARGE)]
        rows = []
        if step.kind == "product":
            product = self._plain(step.value, step)
            rows.append(Line(in_symbols(step.term), "=", product, LARGE))
        return rows + self._added(step)

    def _added(self, step: Step) -> list[Line]:
        """The sum before this term, the term, and the sum with it."""
        assert step.running is not None and isinstance(step.expression, Sum)
        active, _ = _standing(step)
        if not active:
            return [Line(Text("Σ"), "=", self._plain(step.running, step))]
        before = evaluate(Sum(step.expression.terms[:active]), self.trace.lookup)
        added = evaluate(step.expression.terms[active], self.trace.lookup)
        sign, size = ("−", -added) if added < 0 else ("+", added)
        adding = row(self._plain(before, step), operator(sign), self._plain(size, step), operator("="))
        result = _HIDDEN if self._asks(step) else self._plain(step.running, step)
        return [Line(Text("Σ"), "=", Row((*adding.items, result)))]

    def _change(self, target: Ref, value: float) -> list[Line]:
        """Old and new value of what an update sets."""
        words = target.array.split(" ")
        if words[0] != "new":
            return []
        old_ref = self.trace.ref(target.owner, " ".join(words[1:]), target.index, None)
        old = self.trace.lookup(old_ref)
        change = value - old
        sign = "−" if change < 0 else "+"
        new = Text(format_number(value), "number", target)
        items = (Text(format_number(old), "number", old_ref), operator("→"), new)
        said = f"{sign}{format_number(abs(change))}" if change else tr("no change")
        note = Row((Text(f"    ({said})"),), Tone.MUTED)
        return [Line(None, "", Row((*items, note)))]

    def _symbol(self, ref: Ref) -> Notation:
        return symbol(ref, examples=ref.owner == "loss" and self.trace.m > 1)

    def _value(self, value: float, ref: Ref) -> Notation:
        if self.hides(ref):
            return _HIDDEN
        return Text(self.digits(ref)(value), "number", ref)

    def _plain(self, value: float, step: Step) -> Notation:
        return Text(self.digits(step.target)(value), "number")

    def _numbers(self, target: Ref) -> Callable[[Expression], Notation]:
        digits = self.digits(target)
        share = f"1/{self.trace.m}"

        def fraction(part: Expression) -> Expression | None:
            if isinstance(part, Number) and part.text == share and self.trace.m > 1:
                return Quotient(Number(1.0), Number(float(self.trace.m)))
            if isinstance(part, Ref) and self.hides(part):
                return Number(0.0, "?")
            return None

        return lambda node: in_numbers(mapped(node, fraction), self.trace.lookup, digits)

    @staticmethod
    def digits(ref: Ref) -> Callable[[float], str]:
        """How numbers are written: in z and its like the rounding error of a sum that is 0 reads 0."""
        near_zero = ref.array in {"z", "a", "L", "J"}
        return lambda value: format_number(value, near_zero=near_zero)

    def hides(self, ref: Ref) -> bool:
        """Whether a number is still to be predicted."""
        if self.done is None:
            return False
        number = self.trace.number_of(*ref.key)
        return number is not None and number > self.done

    def _asks(self, step: Step) -> bool:
        """Whether the number of a step is."""
        coming = None if self.done is None else self.done + 1
        return coming is not None and coming < len(self.trace) and self.trace[coming] is step

    # ---------------------------------------------------------------- remarks

    def _remarks(self, target: Ref, expression: Expression, value: float | None) -> list[Part]:
        parts: list[Part] = []
        if fused(self.trace, target):
            parts += self._unfused(target)
        if isinstance(expression, Function) and expression.definition is not None:
            opened = in_symbols(expression.definition)
            name = row(Text(expression.name), Text("("), in_symbols(expression.argument), Text(")"))
            numbers = self._numbers(target)(expression.definition)
            parts.append(Lines((Line(name, "=", opened), Line(None, "=", numbers))))
        if value == 0.0 and (reason := self._why_zero(expression)):
            parts.append(Remark(reason))
        if value is not None and not math.isfinite(value):
            sentence = tr("Too large, or not a number: the learning rate may be too high.")
            parts.append(Remark(sentence))
        return parts

    def _unfused(self, target: Ref) -> list[Part]:
        """How dz = a − y grows out of da and the activation's slope, with the numbers of both."""
        trace, example = self.trace, target.example or 0
        kind, place = trace.layout.nodes[target.owner].kind, trace.network.places[target.owner]
        long = kind.cell(place, "dz", target.index, example)
        if not all(math.isfinite(trace.lookup(ref)) for ref in references(long)):
            return [Remark(tr("The slope is so flat here that da is beyond all numbers; a − y stays exact."))]
        short = self._numbers(target)
        rows = (
            Line(self._symbol(target), "=", printed(long, in_symbols, most=self.most)),
            Line(None, "=", printed(long, short, most=self.most)),
            Line(None, "=", self._value(evaluate(long, trace.lookup), target)),
        )
        if isinstance(long, Product) and len(long.factors) == 2 and isinstance(long.factors[1], Ref):
            return [Remark(tr("Where does a − y come from? The chain rule says da · g′(z):")), Lines(rows),
                    Remark(tr("The same number: the a(1 − a) of the slope cancels."))]  # fmt: skip
        return [Remark(tr("Where does a − y come from? The chain rule through softmax says:")), Lines(rows),
                Remark(tr("The same number: the shares cancel, since the targets add up to 1."))]  # fmt: skip

    def _why_zero(self, expression: Expression) -> str:
        """Which factor makes a product 0."""
        if not isinstance(expression, Product):
            return ""
        for each in expression.factors:
            if isinstance(each, Ref) and self.trace.lookup(each) == 0.0:
                return tr("Why 0? Because {name} is 0.", name=as_text(symbol(each)))
        return ""


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
