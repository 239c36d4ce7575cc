"""The formulas of an update without its steps: for explaining single numbers of networks of any size."""

from __future__ import annotations

from collections.abc import Iterable

from engine.core.expressions import Ref
from engine.sections import Section
from engine.trace import Trace
from engine.update_cells import STAGES


class Formulas(Trace):
    """A trace in which nobody walks.

    A walk needs the list of all steps, one or more for every weight and every pixel; to say where
    a number comes from only the arrays are needed. So this is made as fast as one update, however
    many weights there are. It has no steps, and ``number_of`` knows of none.
    """

    def _sections(self) -> Iterable[Section]:
        return ()

    def words_of(self, ref: Ref) -> tuple[str, str]:
        """The general equation of a number and its line of NumPy, as a step would say them."""
        if not ref.array.startswith(("new ", *STAGES)):
            _, equation, code = self._words(ref.owner, ref.array)
            return equation, code
        if not self._learned(ref):
            _, equation, code = self._words(ref.owner, ref.array)
            return equation, code
        for link in self._links(ref):
            if link.target.key == ref.key:
                return link.equation, link.code
        return "", ""
