"""The parameters of a running network: one flat vector each for θ, its gradient and the memory."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.core.plan import Array
from engine.document import Document
from engine.layout import Layout
from engine.learned import Learned, frozen
from engine.optimizers import optimizers


class ParameterStore:
    """Flat vectors and the named views into them.

    ``theta`` and ``gradient`` have one number a parameter that is learned; ``kept`` has what is
    kept with them without being learned, such as a running mean. ``clocks`` count the updates that
    the optimizer has done, one a turn of the procedure. ``masks`` has for every connection with
    cut synapses a matrix of 0 and 1.
    """

    def __init__(
        self, layout: Layout, dtype: np.dtype[np.floating] | type = np.float64, turns: int = 1
    ) -> None:
        self.layout = layout
        self.dtype = np.dtype(dtype)
        self._whole_vector = np.zeros(layout.whole, self.dtype)
        self.theta = self._whole_vector[: layout.size]
        self.kept = self._whole_vector[layout.size :]
        self.gradient = np.zeros(layout.size, self.dtype)
        self.memory = {
            name: np.zeros(layout.size, self.dtype)
            for name in optimizers.make(layout.document.optimizer).memories
        }
        self.clocks = tuple(np.zeros((), self.dtype) for _ in range(turns))
        """Updates done by the optimizer, as far as it counts them (one without a memory does not)."""
        self.parameters = self.views(self._whole_vector)
        self.gradients = self.views(self.gradient)
        self.masks = _masks(layout)
        self._behind_cuts: dict[str, Array] = {}

    def views(self, flat: Array) -> dict[str, Array]:
        """The named parts of a flat vector: those that are learned, or all of the whole one."""
        whole = flat.size > self.layout.size
        return {
            key: slot.part.seen_in(self.block(flat, slot.block))
            for key, slot in self.layout.slots.items()
            if whole or slot.learned
        }

    def block(self, flat: Array, number: int) -> Array:
        """One block of a flat vector in its shape."""
        stretch = self.layout.stretches[number]
        return flat[stretch.offset : stretch.offset + stretch.size].reshape(stretch.block.shape)

    def blocks_of(self, layer: str) -> tuple[Array, ...]:
        """The blocks of one layer, learned or not."""
        return tuple(
            self.block(self._whole_vector, number)
            for number, each in enumerate(self.layout.stretches)
            if each.layer == layer
        )

    def gradient_blocks_of(self, layer: str) -> tuple[Array, ...]:
        """The gradients of those blocks of one layer that are learned."""
        return tuple(
            self.block(self.gradient, number)
            for number, each in enumerate(self.layout.stretches)
            if each.layer == layer and each.block.learned
        )

    def load(self, learned: Learned) -> None:
        """Take over what was learned; cut synapses weigh 0 whatever is stored for them.

        What is stored is kept for the day they heal.
        """
        for key, view in self.parameters.items():
            np.copyto(view, learned.parameters[key])
            if key in self.masks:
                self._behind_cuts[key] = learned.parameters[key].astype(self.dtype)
                view[self.masks[key] == 0.0] = 0.0
        for name, flat in self.memory.items():
            kept = learned.memory.get(name)
            flat[:] = 0.0
            if kept is not None:
                for key, view in self.views(flat).items():
                    if key in kept:
                        np.copyto(view, kept[key])
        free = self.free()
        if free is not None:
            for flat in self.memory.values():
                flat[free == 0.0] = 0.0
        for turn, clock in enumerate(self.clocks):
            clock[()] = len(range(first_of(turn, learned, len(self.clocks)), learned.step, len(self.clocks)))

    def learned(self, initial: Mapping[str, Array], step: int) -> Learned:
        """A frozen copy of the present state."""
        return Learned(
            parameters={key: frozen(self._whole(key, view)) for key, view in self.parameters.items()},
            initial=initial,
            memory={
                name: {key: frozen(view) for key, view in self.views(flat).items()}
                for name, flat in self.memory.items()
            },
            step=step,
            clock=sum(int(each) for each in self.clocks),
        )

    def _whole(self, key: str, view: Array) -> Array:
        """A parameter with what is stored behind its cuts."""
        behind = self._behind_cuts.get(key)
        return view if behind is None else np.where(self.masks[key] == 0.0, behind, view)

    def free(self) -> Array | None:
        """1 for every parameter that may learn; 0 for one that is locked, cut, of a frozen or idle layer.

        ``None`` if all may.
        """
        document = self.layout.document
        idle = [
            each
            for each in self.layout.stretches
            if each.block.learned and each.layer not in self.layout.learners
        ]
        if not idle and not any(each.cut or each.locked for each in document.connections):
            return None
        flat = np.ones(self.layout.size, self.dtype)
        for stretch in idle:
            flat[stretch.offset : stretch.offset + stretch.size] = 0.0
        views = self.views(flat)
        for connection in document.connections:
            view = views.get(f"{connection.target}.W.{connection.source}")
            if view is not None:
                target, source = document.layer(connection.target), document.layer(connection.source)
                for receiver, sender in connection.cut | connection.locked:
                    view[target.unit(receiver), source.unit(sender)] = 0.0
        return flat


def precision(document: Document) -> type[np.floating]:
    """The type of numbers that a document calculates with."""
    return np.float32 if document.training.precision == "single" else np.float64


def first_of(turn: int, learned: Learned, turns: int) -> int:
    """The number of the first update of a turn that this optimizer has done.

    Turns take updates by their number: update 5 of two turns belongs to the second.
    """
    begin = learned.step - learned.clock
    return begin + (turn - begin) % turns


def _masks(layout: Layout) -> dict[str, Array]:
    document, made = layout.document, {}
    for connection in document.connections:
        key = f"{connection.target}.W.{connection.source}"
        if connection.cut and key in layout.slots:
            target, source = document.layer(connection.target), document.layer(connection.source)
            mask = np.ones(layout.slots[key].shape)
            for receiver, sender in connection.cut:
                mask[target.unit(receiver), source.unit(sender)] = 0.0
            made[key] = mask
    return made
