"""Which branches of a number's expression tree are unfolded, and the rows that this gives."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from engine.core.expressions import Expression, Function, Number, Ref, Sum, evaluate, references
from engine.core.notation import Text
from engine.core.printing import in_symbols, symbol
from engine.losses.base import OWNER as LOSS
from engine.trace import Trace
from gui.walkthrough.spelling import mapped
from gui.walkthrough.sums import shortened
from gui.walkthrough.tree import Branch, Fold, More, Path, Tree
from gui.walkthrough.words import tr
from gui.walkthrough.writer import Writer
from gui.widgets.numbers import format_number

FEW_TERMS = 4
"""Terms of a sum that stand in one row: the others are in the rows below it."""
CHILDREN = 12
"""Rows below one number before the rest hides behind one row."""
MOST_ROWS = 100
"""Rows that "down to the inputs" unfolds at the most."""
MOST_COUNTED = 8_000
"""Numbers and references that are looked through to say how many more there are."""


class Unfolding:
    """The tree below one number of a trace."""

    def __init__(self, trace: Trace, root: Ref) -> None:
        self.trace, self.root = trace, root
        self._open: set[Path] = set()
        self._shown: dict[Path, int] = {}
        self._children: dict[tuple[object, ...], tuple[Ref, ...]] = {}
        self._expressions: dict[tuple[object, ...], Expression | None] = {}
        """Those of the rows: a sum of a thousand products is made once."""
        self._more: tuple[int, bool] | None = None

    # ---------------------------------------------------------------- folding

    def turn(self, path: Path, open: bool | None = None) -> None:
        """Unfold a row that is folded, and the other way round."""
        wanted = path not in self._open if open is None else open
        if wanted:
            self._open.add(path)
        else:
            self._open = {each for each in self._open if each[: len(path)] != path}
        self._more = None

    def show_more(self, path: Path) -> None:
        """Four times as many of what lies below a row."""
        self._shown[path] = 4 * self._shown.get(path, CHILDREN)

    def down(self) -> None:
        """Unfold all, level by level, as far as it can be looked at; the rest is counted."""
        self._open.clear()
        rows = 0
        waiting: deque[tuple[Path, Ref]] = deque([((), self.root)])
        while waiting and rows < MOST_ROWS:
            path, ref = waiting.popleft()
            if path:
                self._open.add(path)
            for number, child in self._visible(path, ref):
                rows += 1
                if self.children(child):
                    waiting.append(((*path, number), child))
        self._more = self._left()

    @property
    def folded(self) -> bool:
        """Whether no row is unfolded."""
        return not self._open

    def up(self) -> None:
        """Fold all."""
        self._open.clear()
        self._more = None

    # ---------------------------------------------------------------- what is there

    def children(self, ref: Ref) -> tuple[Ref, ...]:
        """What a number is made of, each once; nothing for what is given."""
        found = self._children.get(ref.key)
        if found is None:
            found = self._children[ref.key] = _made_of(self.trace, self._expression(ref))
        return found

    def _expression(self, ref: Ref) -> Expression | None:
        """How a number came about; ``None`` for what is given."""
        if ref.key not in self._expressions:
            try:
                self._expressions[ref.key] = self.trace.cell(ref)
            except KeyError:
                self._expressions[ref.key] = None
        return self._expressions[ref.key]

    def _visible(self, path: Path, ref: Ref) -> Iterator[tuple[int, Ref]]:
        count = self._shown.get(path, CHILDREN)
        return enumerate(self.children(ref)[:count])

    def _left(self) -> tuple[int, bool]:
        """How many different numbers below the root no row shows; and whether that is all of them."""
        shown, work = {self.root.key, *(ref.key for _, ref, _ in self._walk())}, 0
        seen, waiting = {self.root.key}, [self.root]
        while waiting and work < MOST_COUNTED:
            children = self.children(waiting.pop())
            work += 1 + len(children)
            for each in children:
                if each.key not in seen:
                    seen.add(each.key)
                    waiting.append(each)
        return len(seen - shown), not waiting

    def _walk(self) -> Iterator[tuple[Path, Ref, int]]:
        """Every row that is unfolded: where it hangs, its number, and how many children are left out."""

        def below(path: Path, ref: Ref) -> Iterator[tuple[Path, Ref, int]]:
            for number, child in self._visible(path, ref):
                here = (*path, number)
                hidden = len(self.children(child)) - self._shown.get(here, CHILDREN)
                opened = here in self._open
                yield here, child, hidden if opened else 0
                if opened:
                    yield from below(here, child)

        return below((), self.root)

    # ---------------------------------------------------------------- rows

    def tree(self, writer: Writer) -> Tree | None:
        """The rows as the writer writes them; ``None`` for a number that is given."""
        if not self.children(self.root):
            return None
        rows: list[Branch] = []
        waiting: list[tuple[Path, int]] = []
        for path, ref, hidden in self._walk():
            rows += self._ended(waiting, path)
            rows.append(self._row(path, ref, writer))
            if hidden > 0:
                waiting.append((path, hidden))
        rows += self._ended(waiting, ())
        rest = len(self.children(self.root)) - self._shown.get((), CHILDREN)
        rows += [_more_row((), rest)] if rest > 0 else []
        return Tree(tuple(rows), self._said())

    def _ended(self, waiting: list[tuple[Path, int]], path: Path) -> list[Branch]:
        """The rows for what is left out, below branches that end before ``path``."""
        rows = []
        while waiting and path[: len(waiting[-1][0])] != waiting[-1][0]:
            rows.append(_more_row(*waiting.pop()))
        return rows

    def _said(self) -> str:
        if self._more is None:
            return ""
        count, all_of_them = self._more
        if not count:
            return tr("This is all of it, down to the inputs, weights and targets.")
        shown = format_number(count)
        if all_of_them:
            return tr("{count} more numbers lie deeper or behind … more.", count=shown)
        return tr("More than {count} further numbers lie deeper or behind … more.", count=shown)

    def _row(self, path: Path, ref: Ref, writer: Writer) -> Branch:
        name = symbol(ref, examples=self.trace.m > 1 and self.root.example is None)
        value, depth = writer.value(self.trace.lookup(ref), ref), len(path) - 1
        expression, press = self._expression(ref), Fold.of(path, path in self._open)
        if expression is None or not self.children(ref):
            return Branch(depth, name, None, value, None, leaf_word(self.trace, ref), ref)
        if isinstance(expression, Ref):
            return Branch(depth, name, in_symbols(expression), value, press, "", ref)
        inner = self._with_sums_done(expression, writer)
        numbers = writer.put_in(ref)(shortened(inner, FEW_TERMS))
        known = "=" if writer.hides(ref) else writer.relation(ref, inner, self.trace.lookup(ref))
        signs = writer.relation(ref, inner), known
        return Branch(depth, name, numbers, value, press, "", ref, signs)

    def _with_sums_done(self, expression: Expression, writer: Writer) -> Expression:
        """The expression with every long sum within a fraction or a function as the number that it gives:
        a row is one line, and the terms stand in the rows below."""

        def done(part: Expression) -> Expression | None:
            if part is expression or not isinstance(part, Sum) or len(part.terms) <= FEW_TERMS:
                return None
            if any(writer.hides(ref) for ref in references(part)):
                return Number(0.0, "?")
            return Number(evaluate(part, self.trace.lookup))

        return mapped(expression, done)


def _made_of(trace: Trace, expression: Expression | None) -> tuple[Ref, ...]:
    if expression is None:
        return ()
    found = {each.key: each for each in references(expression)}
    if isinstance(expression, Function) and expression.definition is not None:
        found |= {each.key: each for each in references(expression.definition)}
    return tuple(each for each in found.values() if (each.owner, each.array) in trace.arrays)


def _more_row(path: Path, count: int) -> Branch:
    text = Text(tr("… {count} more", count=format_number(count)))
    return Branch(len(path), text, None, None, More.of(path))


def leaf_word(trace: Trace, ref: Ref) -> str:
    """What a number is that nothing in the update calculates, in a word."""
    if ref.owner == LOSS:
        return tr("target") if ref.array == "y" else tr("given")
    node = trace.layout.nodes.get(ref.owner)
    if node is not None and node.kind.role == "input":
        return tr("input")
    slot = trace.layout.slots.get(f"{ref.owner}.{ref.array}")
    if slot is not None:
        return tr("bias") if slot.part.bias else tr("weight")
    return tr("memory") if " " in ref.array else tr("given")
