"""Explanations that go across layers: what arrives as da, and what the loss hands over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.core.expressions import Expression, Number, Product, Sum, minus, total
from engine.core.place import Index, Place, Port, steps_of_sum
from engine.losses import losses
from engine.losses.base import OWNER as LOSS

if TYPE_CHECKING:
    from engine.network import Network


@dataclass(frozen=True, slots=True)
class NetworkCells:
    """Every cell of a network's arrays, asked of the layer or the loss that calculated it."""

    of: Network

    def cell(self, owner: str, array: str, index: tuple[int, ...], example: int) -> Expression:
        """How a cell of a layer's or the loss's array came about.

        Raises ``KeyError`` for a cell that is given (a parameter, the data).
        """
        if owner == LOSS:
            return self._loss_cell(array, index, example)
        place = self.of.places[owner]
        if array == "da":
            return self._da_cell(place, index, example)
        if array == "dz" and place.dz_given:
            return self._from_loss(array, index, example)
        return self.of.layout.nodes[owner].kind.cell(place, array, index, example)

    def _da_cell(self, place: Place, index: tuple[int, ...], example: int) -> Expression:
        if place.id == self.of.output.layer.id:
            return self._from_loss("da", index, example)
        terms: list[Expression] = []
        for consumer, port in self._after(place):
            sent = self.of.layout.nodes[consumer.id].kind.sent(consumer, port, index, example)
            terms += sent.terms if isinstance(sent, Sum) else [sent]
        terms = [each for each in terms if not isinstance(each, Number)]
        return total(*terms)

    def _from_loss(self, array: str, index: Index, example: int) -> Expression:
        """What the loss hands to a cell of the output: da, or dz = a − y where the two are fused."""
        loss, of = losses.make(self.of.layout.document.loss), self.of.loss_place
        i, at = of.column(index)
        a, y = of.refs(example, at)
        if array == "da":
            change = loss.slope(a, y, i)
        else:
            change = minus(a[i], y[i]) if self.of.procedure.rule else loss.error_cell(a, y, i)
        return Product((of.ref_share(example, at), change)) if at else change

    def da_steps(self, place: Place) -> Callable[[Index], int | None]:
        """In how many steps the da of a unit is calculated; ``None``: that must be counted."""
        if place.id == self.of.output.layer.id:
            return lambda index: 1
        kinds = self.of.layout.nodes
        after = [(kinds[consumer.id].kind.sends, consumer, port) for consumer, port in self._after(place)]

        def steps(index: Index) -> int | None:
            products, others, whole = 0, 0, False
            for sends, consumer, port in after:
                terms = sends(consumer, port, index)
                if terms is None:
                    return None
                products, others = products + terms.products, others + terms.others
                whole = whole or terms.whole
            return 1 if whole else steps_of_sum(products, others)

        return steps

    def _after(self, place: Place) -> Iterator[tuple[Place, Port]]:
        """The layers that read a layer, each with the input at which they do."""
        for consumer in self.of.places.values():
            yield from ((consumer, port) for port in consumer.inputs if port.source == place.id)

    def _loss_cell(self, array: str, index: Index, example: int) -> Expression:
        loss, place = losses.make(self.of.layout.document.loss), self.of.loss_place
        if array == "L" and place.share is not None:
            every = np.ndindex(place.positions)
            return total(*(Product((place.ref_share(example, at), place.ref_L(example, at))) for at in every))
        if array in {"L", "l"}:
            at = index if array == "l" else ()
            a, y = place.refs(example, at)
            z = [place.ref_z(i, example, at) for i in range(len(y))] if place.fused else ()
            return loss.cell(a, y, z)
        if array == "J":
            return loss.cost_cell(place)
        raise KeyError(array)
