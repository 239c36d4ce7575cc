"""The network: a document compiled to a plan for one number of examples."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property

import numpy as np

from engine.clipping import clippings
from engine.core.expressions import Expression
from engine.core.place import Index, Place, Port, flat
from engine.core.plan import Array, Phase, Plan
from engine.core.problems import DataError, DocumentError
from engine.layout import Layout, Node
from engine.losses import LossPlace, losses
from engine.losses.base import OWNER as LOSS
from engine.network_cells import NetworkCells
from engine.optimizers import UpdatePlace, optimizers
from engine.parameters import ParameterStore
from engine.procedures import procedures
from engine.regularizers import regularizers
from engine.schedules import schedules


class Network:
    """Forward, loss, backward and update over the graph as one plan.

    Several networks (for batches of other sizes, for predicting, for explaining) share one
    ``ParameterStore``. ``learns=False`` compiles the forward phase only,
    and with ``measures`` the loss too. ``turn`` is the number of
    the procedure's turn whose layers learn.
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
        self.plan = Plan(examples, store.dtype, explains, training=learns, seed=training.seed)
        self.learns = learns
        self.output = self.layout.output
        self.procedure = procedures.make(training.procedure)
        self.turn = turn
        self.learners = self._learners() if learns else frozenset()
        self._wanted = _downstream(self.layout, self.learners)
        self.places: dict[str, Place] = {}
        self._outputs: dict[str, tuple[Array, Array, Array | None]] = {}
        self._build_forward()
        self._feeds = self._input_rows()
        if learns or measures:
            self.loss_place = self._loss_place()
            self._targets = self.loss_place.y.reshape(-1, examples)
            self._build_loss()
        if learns:
            self._build_learning()
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

    def da_steps(self, place: Place, index: Index) -> int | None:
        """In how many steps the da of a unit is calculated; ``None`` if that must be counted."""
        return NetworkCells(self).da_steps(place, index)

    # ---------------------------------------------------------------- building

    def _learners(self) -> frozenset[str]:
        turn = self.procedure.turns(self.layout)[self.turn]
        learners = self.layout.learners
        return learners if turn.learners is None else learners & turn.learners

    def _build_forward(self) -> None:
        for node in self.layout.nodes.values():
            place = self._place(node)
            if node.active:
                self.places[node.layer.id] = place
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
        a1 = np.zeros((node.shape[0] + 1, *node.shape[1:], m), self.store.dtype)
        a1[-1] = 1.0
        a = a1[:-1]
        wanted = self.learns and node.active and (self.plan.explains or id in self._wanted)
        da = self.plan.array(id, "da", a.shape) if wanted else None
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
        )

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
        )

    def _start(self, id: str) -> int:
        """How many features the input layers before this one take."""
        inputs = self.layout.inputs
        names = [node.layer.id for node in inputs]
        return sum(node.shape[0] for node in inputs[: names.index(id)]) if id in names else 0

    def _loss_place(self) -> LossPlace:
        node, plan, m = self.output, self.plan, self.m
        place, k, at = self.places[node.layer.id], node.shape[0], node.shape[1:]
        loss = losses.make(self.layout.document.loss)
        activation = getattr(node.kind, "activation", None)
        fused = activation is not None and (activation.kind in loss.fuses or self.procedure.rule)
        place.dz_given = fused
        da = place.da if place.da is not None else plan.array(node.layer.id, "da", place.a.shape)
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
            dz=columns(plan.array(node.layer.id, "dz", (k, *at, m))) if fused else None,
            output=node.layer.id,
            label=node.label,
            fused=fused,
            positions=() if whole else at,
            share=share.reshape(1, -1) if at and not whole else None,
            of_example=of_example,
            whole=whole,
        )

    def _build_loss(self) -> None:
        loss = losses.make(self.layout.document.loss)
        loss.forward(self.loss_place)
        loss.cost(self.loss_place)

    def _build_learning(self) -> None:
        loss = losses.make(self.layout.document.loss)
        loss.backward(self.loss_place)
        loss.spread(self.loss_place)
        begun: set[str] = set()
        for node in reversed(self.layout.active):
            place = self.places[node.layer.id]
            if place.da is None and not place.dz_given:
                continue
            for port in place.inputs:
                port.first = port.source not in begun
                begun.add(port.source)
            node.kind.backward(place)
        for key, view in self.store.gradients.items():
            layer, name = key.split(".", 1)
            self.plan.arrays[layer, f"d{name}"] = view
        self._build_update()

    def _build_update(self) -> None:
        """The update of the layers that learn in this turn: they lie side by side in θ.

        The average over the batch, what large weights cost, what is locked, the bound of the
        gradient, the step; and what the procedure does at the end.
        """
        store, plan, turn = self.store, self.plan, self._stretch()
        training = self.layout.document.training
        gradient, t = store.gradient[turn], store.clocks[self.turn]
        self._keep("sum")
        if self.m > 1:
            plan.line(
                Phase.UPDATE, "optimizer", "∂J/∂θ = 1/m Σ", "gradient",
                np.multiply, gradient, plan.constant(1.0 / self.m), gradient,
            )  # fmt: skip
        free = store.free()
        if store.memory:
            plan.line(Phase.UPDATE, "optimizer", "t := t + 1", "t", np.add, t, plan.constant(1.0), t)
        update = UpdatePlace(
            plan,
            store.theta[turn],
            gradient,
            {name: flat[turn] for name, flat in store.memory.items()},
            t,
            free=None if free is None else free[turn],
            schedule=schedules.make(training.schedule),
            clock=lambda: plan.step,
        )
        if update.free is not None:
            update.line("locked stay", "gradient", np.multiply, gradient, update.free, gradient)
        self._keep("mean")
        if training.regularizer.kind != "none":
            regularizers.make(training.regularizer).lines(update, self.penalised[turn])
        self._keep("whole")
        clippings.make(training.clipping).lines(update)
        optimizers.make(self.layout.document.optimizer).update(update)
        self.procedure.after_update(update)

    @cached_property
    def penalised(self) -> Array:
        """1 for every parameter that the regularizer penalises, 0 for the others, as a flat vector."""
        regularizer = regularizers.make(self.layout.document.training.regularizer)
        flat = np.zeros(self.layout.size, self.store.dtype)
        for key, view in self.store.views(flat).items():
            view[...] = float(getattr(regularizer, "biases", True) or not self.layout.slots[key].part.bias)
        return flat

    def _stretch(self) -> slice:
        """Where the parameters that learn in this turn lie; all of θ if there is but one turn."""
        if len(self.store.clocks) == 1:
            return slice(0, self.layout.size)
        learning = [each for each in self.layout.stretches if each.block.learned]
        mine = [each for each in learning if each.layer in self.learners]
        start = min((each.offset for each in mine), default=0)
        end = max((each.offset + each.size for each in mine), default=0)
        for each in learning:
            if start <= each.offset < end and each not in mine and each.layer in self.layout.learners:
                raise DocumentError(
                    "The layers that learn in turn must follow one another, and here they are mixed.",
                    each.layer,
                )
        return slice(start, end)

    def _keep(self, name: str) -> None:
        """For an explanation: a copy of the gradient as it is between two lines of the update."""
        if self.plan.explains:
            copy = self.plan.array("optimizer", name, self.store.gradient.shape)
            self.plan.line(
                Phase.UPDATE, "optimizer", f"keep {name}", name, np.copyto, copy, self.store.gradient
            )


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
