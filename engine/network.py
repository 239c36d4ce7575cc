"""The network: a document compiled to a plan for one number of examples."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property

import numpy as np

from engine.core.expressions import Expression
from engine.core.memory import Memory
from engine.core.place import Index, Place, Port, Shape, flat
from engine.core.plan import Array, Phase, Plan
from engine.core.problems import DataError
from engine.layout import Layout, Node
from engine.losses import LossPlace, losses
from engine.losses.base import OWNER as LOSS
from engine.network_cells import NetworkCells
from engine.network_update import NetworkUpdate
from engine.parameters import ParameterStore
from engine.procedures import procedures
from engine.regularizers import regularizers


class Network:
    """Forward, loss, backward and update over the graph as one plan.

    Several networks (for batches of other sizes, for predicting, for explaining) share one
    ``ParameterStore``. ``learns=False`` compiles the forward phase only,
    and with ``measures`` the loss too. ``turn`` is the number of
    the procedure's turn whose layers learn.

    A network to learn with, where nobody looks on, is compiled twice: first to see which passing
    arrays are in use when, then with those in one place that never meet (``engine.core.memory``).
    """

    def __init__(
        self,
        store: ParameterStore,
        examples: int,
        *,
        learns: bool = True,
        explains: bool = False,
        measures: bool = False,
        turn: int = 0,
    ) -> None:
        self.store = store
        self.layout = store.layout
        training = self.layout.document.training
        self.learns = learns
        self.output = self.layout.output
        self.procedure = procedures.make(training.procedure)
        self.turn = turn
        self.learners = self._learners() if learns else frozenset()
        self._wanted = _downstream(self.layout, self.learners)
        self.memory = Memory()
        if learns and not explains:
            self._compile(examples, explains, measures)
            self.plan.forget()
            self.memory = self.memory.laid_out()
        self._compile(examples, explains, measures)
        self.ahead = self.procedure.shortened(self) if learns else None
        """What its calls do for the update after."""
        self._forward = self.plan.calls(Phase.FORWARD)
        self.measure = self.plan.calls(Phase.FORWARD, Phase.LOSS)
        """The calls up to J."""
        self.learn = self.plan.calls(Phase.BACKWARD, Phase.UPDATE)
        """The calls that change the weights, once J is there."""

    # ---------------------------------------------------------------- use

    @property
    def m(self) -> int:
        """The number of examples."""
        return self.plan.examples

    @property
    def a(self) -> Array:
        """The prediction, (k, m), or (k, ..., m) where it is made at many positions."""
        return self.places[self.output.layer.id].a

    @property
    def J(self) -> float:
        """The mean loss of the batch, as the last run found it."""
        return self.loss_place.J.item()  # type: ignore[no-any-return]

    def feed(self, X: Array, Y: Array | None = None) -> None:
        """Put examples in: X is (features, m), Y is (k, m).

        Y may hold class numbers instead, one a position: there is 1 row for every position, or a
        single one.
        """
        if len(self._feeds) == 1:
            self._feeds[0][0][...] = X
        else:
            for array, rows in self._feeds:
                array[...] = X[rows]
        if Y is None:
            return
        if Y.shape == self._targets.shape:
            self._targets[...] = Y
        else:
            self._feed_codes(self.loss_place, Y)

    def _feed_codes(self, place: LossPlace, codes: Array) -> None:
        numbers = codes.reshape(-1).astype(np.intp)
        asked = np.flatnonzero(numbers >= 0)
        if place.whole and len(asked) < len(numbers):
            raise DataError(
                "This loss looks at every position, and at some nothing is asked: choose another."
            )
        y = place.y.reshape(self.output.shape[0], -1)
        y.fill(0.0)
        y[numbers[asked], asked] = 1.0
        if place.share is not None:
            there = (numbers >= 0).reshape(-1, self.m)
            count = np.maximum(there.sum(axis=0, keepdims=True), 1)
            np.divide(there, count, place.share.reshape(-1, self.m))

    def forward(self) -> Array:
        """Run the forward phase; the prediction."""
        for call in self._forward:
            call()
        return self.a

    def calls(self, *phases: Phase) -> tuple[Callable[[], object], ...]:
        """The bare calls of some phases (of all four if none is named)."""
        return self.plan.calls(*(phases or tuple(Phase)))

    # ---------------------------------------------------------------- explanation

    def cell(self, owner: str, array: str, index: Index, example: int) -> Expression:
        """How a cell of a layer's or the loss's array came about.

        Raises ``KeyError`` for a cell that is given (a parameter, the data).
        """
        return NetworkCells(self).cell(owner, array, index, example)

    def da_steps(self, owner: str) -> Callable[[Index], int | None]:
        """In how many steps the da of a unit of a layer is calculated; ``None``: that must be counted."""
        return NetworkCells(self).da_steps(self.places[owner])

    def for_turn(self, examples: int, turn: int) -> Network:
        """A network of the same parameters for another turn, to learn or to explain as this one."""
        return Network(self.store, examples, turn=turn, explains=self.plan.explains)

    # ---------------------------------------------------------------- building

    def _compile(self, examples: int, explains: bool, measures: bool) -> None:
        self.plan = Plan(
            examples, self.store.dtype, explains, training=self.learns,
            seed=self.layout.document.training.seed,
            memory=self.memory if self.learns and not explains else None,
        )  # fmt: skip
        self.places: dict[str, Place] = {}
        """The layers that take part."""
        self.idle: dict[str, Place] = {}
        """Those that do not; what they hand on is 0."""
        self._outputs: dict[str, tuple[Array, Array, Array | None]] = {}
        self._build_forward()
        self._feeds = self._input_rows()
        if self.learns or measures:
            self.loss_place = self._loss_place()
            self._targets = self.loss_place.y.reshape(-1, examples)
            self._build_loss()
        if self.learns:
            self._build_learning()
        self._outputs.clear()

    def _learners(self) -> frozenset[str]:
        turn = self.procedure.turns(self.layout)[self.turn]
        learners = self.layout.learners
        return learners if turn.learners is None else learners & turn.learners

    def _build_forward(self) -> None:
        for node in self.layout.nodes.values():
            self.memory.step()
            place = self._place(node)
            (self.places if node.active else self.idle)[node.layer.id] = place
            if node.active:
                node.kind.forward(place)

    def _input_rows(self) -> list[tuple[Array, slice]]:
        """The input layers' arrays, as (features, m), with the rows of X that each takes."""
        found, start = [], 0
        for node in self.layout.inputs:
            end = start + math.prod(node.shape)
            found.append((self.places[node.layer.id].a.reshape(-1, self.m), slice(start, end)))
            start = end
        return found

    def _place(self, node: Node) -> Place:
        id, m = node.layer.id, self.m
        pooled, wants_da = self._pooled(node), self._wants_da(node)
        shape = (node.shape[0] + 1, *node.shape[1:], m)
        if pooled > 1 and self.plan.memory is not None:
            a1 = np.broadcast_to(self.plan.constant(0.0), shape)
            a = a1[:-1]
            da = a if wants_da else None
        else:
            a1 = np.zeros(shape, self.store.dtype)
            a1[-1] = 1.0
            a = a1[:-1]
            da = self._awaited(id, "da", a.shape) if wants_da else None
        self._outputs[id] = (a, a1, da)
        self.plan.arrays[id, "a"] = a
        parameters = _of(id, self.store.parameters)
        for name, view in parameters.items():
            self.plan.arrays[id, name] = view
        return Place(
            id=id,
            label=node.label,
            shape=node.shape,
            plan=self.plan,
            inputs=tuple(self._port(node, source) for source in node.inputs),
            a=a,
            a1=a1,
            da=da,
            start=self._start(id),
            letter=node.kind.letter,
            letters=node.kind.letters,
            timed=node.kind.timed,
            learns=id in self.learners or self.plan.explains,
            parameters=parameters,
            blocks=self.store.blocks_of(id),
            gradients=_of(id, self.store.gradients),
            gradient_blocks=self.store.gradient_blocks_of(id),
            pooled=pooled,
        )

    def _wants_da(self, node: Node) -> bool:
        """Whether da of a layer must be calculated; where the loss gives dz at once, only to show it."""
        if not self.learns or not node.active:
            return False
        at_once = node is self.output and self._fused
        return self.plan.explains or (node.layer.id in self._wanted and not at_once)

    def _awaited(self, id: str, name: str, shape: Shape) -> Array:
        """An array of a layer that the backward of those behind it writes."""
        if self.plan.memory is None:
            return self.plan.array(id, name, shape)
        made = self.plan.arrays[id, name] = self.memory.awaited(shape, self.store.dtype, id)
        return made

    def _port(self, node: Node, source: str) -> Port:
        a, a1, da = self._outputs[source]
        behind = self.layout.nodes[source]
        return Port(
            source,
            behind.label,
            behind.shape,
            a,
            a1,
            da,
            first=True,
            mask=self.store.masks.get(f"{node.layer.id}.W.{source}"),
            start=self._start(source),
            letter=behind.kind.letter,
            behind=self.places.get(source),
        )

    def _pooled(self, node: Node) -> int:
        """How wide the windows are whose largest z the only layer behind can take; 1 if it cannot."""
        readers = [each for each in self.layout.active if node.layer.id in each.inputs]
        if len(readers) != 1 or not node.kind.hands_on_z([self.layout.nodes[id].shape for id in node.inputs]):
            return 1
        return readers[0].kind.pools_largest(node.shape[1:])

    def _start(self, id: str) -> int:
        """How many features the input layers before this one take."""
        inputs = self.layout.inputs
        names = [node.layer.id for node in inputs]
        return sum(node.shape[0] for node in inputs[: names.index(id)]) if id in names else 0

    def _loss_place(self) -> LossPlace:
        node, plan, m = self.output, self.plan, self.m
        place, k, at = self.places[node.layer.id], node.shape[0], node.shape[1:]
        loss = losses.make(self.layout.document.loss)
        fused = place.dz_given = self._fused
        dz = self._awaited(node.layer.id, "dz", place.a.shape) if fused else None
        da = place.da if dz is None or place.da is not None else dz
        if da is None:
            da = plan.array(node.layer.id, "da", place.a.shape)
        z = plan.arrays.get((node.layer.id, "z"))
        share = L = of_example = plan.array(LOSS, "L", (1, m))
        whole = node.shape if at and loss.whole else ()
        if at and not whole:
            share, L = plan.array(LOSS, "share", (*at, m)), plan.array(LOSS, "l", (*at, m))
            share.fill(1.0 / math.prod(at))

        def columns(array: Array) -> Array:
            return array.reshape(-1, m) if whole else flat(array)

        return LossPlace(
            plan=plan,
            z=None if z is None else columns(z),
            a=columns(place.a),
            y=columns(plan.array(LOSS, "y", (k, *at, m))),
            L=L.reshape(1, -1),
            J=plan.array(LOSS, "J", (1, 1)),
            da=columns(da),
            dz=None if dz is None else columns(dz),
            output=node.layer.id,
            label=node.label,
            fused=fused,
            positions=() if whole else at,
            share=share.reshape(1, -1) if at and not whole else None,
            of_example=of_example,
            whole=whole,
        )

    @property
    def _fused(self) -> bool:
        """Whether loss and activation of the output together give dz at once."""
        activation = getattr(self.output.kind, "activation", None)
        loss = losses.make(self.layout.document.loss)
        return activation is not None and (activation.kind in loss.fuses or self.procedure.rule)

    def _build_loss(self) -> None:
        self.memory.step()
        loss = losses.make(self.layout.document.loss)
        loss.forward(self.loss_place)
        loss.cost(self.loss_place)

    def _build_learning(self) -> None:
        loss = losses.make(self.layout.document.loss)
        self.memory.step()
        self.memory.begin(self.output.layer.id)
        loss.backward(self.loss_place)
        loss.spread(self.loss_place)
        begun: set[str] = set()
        for node in reversed(self.layout.active):
            place = self.places[node.layer.id]
            self.memory.step()
            if place.da is not None or place.dz_given:
                for port in place.inputs:
                    port.first = port.source not in begun
                    begun.add(port.source)
                    self.memory.begin(port.source)
                node.kind.backward(place)
            self.memory.end(place.id)
        for key, view in self.store.gradients.items():
            layer, name = key.split(".", 1)
            self.plan.arrays[layer, f"d{name}"] = view
        NetworkUpdate(self).build()

    @cached_property
    def penalised(self) -> Array:
        """1 for every parameter that the regularizer penalises, 0 for the others, as a flat vector."""
        regularizer = regularizers.make(self.layout.document.training.regularizer)
        flat = np.zeros(self.layout.size, self.store.dtype)
        for key, view in self.store.views(flat).items():
            view[...] = float(getattr(regularizer, "biases", True) or not self.layout.slots[key].part.bias)
        return flat


def _downstream(layout: Layout, learners: frozenset[str]) -> frozenset[str]:
    """The layers whose da is needed: those that learn and all that come after one that learns."""
    found: set[str] = set()
    for node in layout.active:
        if node.layer.id in learners or any(source in found for source in node.inputs):
            found.add(node.layer.id)
    return frozenset(found)


def _of(layer: str, named: dict[str, Array]) -> dict[str, Array]:
    start = f"{layer}."
    return {key[len(start) :]: view for key, view in named.items() if key.startswith(start)}
