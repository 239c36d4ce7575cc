"""The network: a document compiled to a plan for one number of examples."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.core.expressions import Expression, Number, Sum, minus, total
from engine.core.place import Place, Port, steps_of_sum
from engine.core.plan import Array, Phase, Plan
from engine.core.problems import DocumentError
from engine.layout import Layout, Node
from engine.losses import LossPlace, losses
from engine.losses.base import OWNER as LOSS
from engine.optimizers import UpdatePlace, optimizers
from engine.parameters import ParameterStore


class Network:
    """Forward, loss, backward and update over the graph as one plan.

    Several networks (for batches of other sizes, for predicting, for explaining) share one
    ``ParameterStore``. ``learns=False`` compiles the forward phase only.
    """

    def __init__(
        self, store: ParameterStore, examples: int, *, learns: bool = True, explains: bool = False
    ) -> None:
        self.store = store
        self.layout = store.layout
        self.plan = Plan(examples, store.dtype, explains)
        self.learns = learns
        self.output = self.layout.output
        self.places: dict[str, Place] = {}
        self._outputs: dict[str, tuple[Array, Array, Array | None]] = {}
        self._build_forward()
        self._feeds = self._input_rows()
        if learns:
            self.loss_place = self._loss_place()
            self._build_learning()

    # ---------------------------------------------------------------- use

    @property
    def m(self) -> int:
        """The number of examples."""
        return self.plan.examples

    @property
    def a(self) -> Array:
        """The prediction, (k, m)."""
        return self.places[self.output.layer.id].a

    @property
    def J(self) -> float:
        """The mean loss of the batch, as the last run found it."""
        return float(self.loss_place.J[0, 0])

    def feed(self, X: Array, Y: Array | None = None) -> None:
        """Put examples in: X is (n, m), Y (k, m)."""
        for array, rows in self._feeds:
            np.copyto(array, X[rows])
        if Y is not None:
            np.copyto(self.loss_place.y, Y)

    def forward(self) -> Array:
        """Run the forward phase; the prediction."""
        for call in self.plan.calls(Phase.FORWARD):
            call()
        return self.a

    def calls(self, *phases: Phase) -> tuple[Callable[[], object], ...]:
        """The bare calls of some phases (of all four if none is named)."""
        return self.plan.calls(*(phases or tuple(Phase)))

    # ---------------------------------------------------------------- explanation

    def cell(self, owner: str, array: str, index: tuple[int, ...], example: int) -> Expression:
        """How a cell of a layer's or the loss's array came about.

        Raises ``KeyError`` for a cell that is given (a parameter, the data).
        """
        if owner == LOSS:
            return self._loss_cell(array, example)
        place = self.places[owner]
        if array == "da":
            return self._da_cell(place, index, example)
        if array == "dz" and place.dz_given:
            loss = self.loss_place
            return minus(loss.ref_a(index[0], example), loss.ref_y(index[0], example))
        return self.layout.nodes[owner].kind.cell(place, array, index, example)

    def _da_cell(self, place: Place, index: tuple[int, ...], example: int) -> Expression:
        if place.id == self.output.layer.id:
            loss = losses.make(self.layout.document.loss)
            i, k = index[0], len(self.loss_place.y)
            return loss.slope(self.loss_place.ref_a(i, example), self.loss_place.ref_y(i, example), k)
        terms: list[Expression] = []
        for consumer in self.places.values():
            for port in consumer.inputs:
                if port.source == place.id:
                    kind = self.layout.nodes[consumer.id].kind
                    sent = kind.sent(consumer, port, index, example)
                    terms += sent.terms if isinstance(sent, Sum) else [sent]
        terms = [each for each in terms if not isinstance(each, Number)]
        return total(*terms)

    def da_steps(self, place: Place, index: tuple[int, ...]) -> int:
        """In how many steps the da of a unit is calculated."""
        if place.id == self.output.layer.id:
            return 1
        products = sum(
            self.layout.nodes[consumer.id].kind.sends(consumer, port, index)
            for consumer in self.places.values()
            for port in consumer.inputs
            if port.source == place.id
        )
        return steps_of_sum(products, 0)

    def _loss_cell(self, array: str, example: int) -> Expression:
        loss, place = losses.make(self.layout.document.loss), self.loss_place
        if array == "L":
            k = range(len(place.y))
            a, y = [place.ref_a(i, example) for i in k], [place.ref_y(i, example) for i in k]
            return loss.cell(a, y, [place.ref_z(i, example) for i in k] if place.fused else ())
        if array == "J":
            return loss.cost_cell(place)
        raise KeyError(array)

    # ---------------------------------------------------------------- building

    def _build_forward(self) -> None:
        for node in self.layout.nodes.values():
            place = self._place(node)
            if node.active:
                self.places[node.layer.id] = place
                node.kind.forward(place)

    def _input_rows(self) -> list[tuple[Array, slice]]:
        """The input layers' arrays with the rows of X that each takes."""
        found, start = [], 0
        for node in self.layout.inputs:
            end = start + node.shape[0]
            found.append((self.places[node.layer.id].a, slice(start, end)))
            start = end
        return found

    def _place(self, node: Node) -> Place:
        id, m = node.layer.id, self.m
        a1 = np.zeros((node.shape[0] + 1, *node.shape[1:], m), self.store.dtype)
        a1[-1] = 1.0
        a = a1[:-1]
        wanted = self.learns and node.active and (node.kind.role != "input" or self.plan.explains)
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
            parameters=parameters,
            blocks=self.store.blocks_of(id, self.store.theta),
            gradients=_of(id, self.store.gradients),
            gradient_blocks=self.store.blocks_of(id, self.store.gradient),
        )

    def _port(self, node: Node, source: str) -> Port:
        a, a1, da = self._outputs[source]
        behind = self.layout.nodes[source]
        mask = self.store.masks.get(f"{node.layer.id}.W.{source}")
        return Port(
            source, behind.label, behind.shape, a, a1, da, first=True, mask=mask, start=self._start(source)
        )

    def _start(self, id: str) -> int:
        """How many features the input layers before this one take."""
        inputs = self.layout.inputs
        names = [node.layer.id for node in inputs]
        return sum(node.shape[0] for node in inputs[: names.index(id)]) if id in names else 0

    def _loss_place(self) -> LossPlace:
        node, plan = self.output, self.plan
        place, k = self.places[node.layer.id], node.shape[0]
        loss = losses.make(self.layout.document.loss)
        activation = getattr(node.kind, "activation", None)
        fused = activation is not None and activation.kind in loss.fuses
        place.dz_given = fused
        assert place.da is not None
        return LossPlace(
            plan=plan,
            z=plan.arrays.get((node.layer.id, "z")),
            a=place.a,
            y=plan.array(LOSS, "y", (k, self.m)),
            L=plan.array(LOSS, "L", (1, self.m)),
            J=plan.array(LOSS, "J", (1, 1)),
            da=place.da,
            dz=plan.array(node.layer.id, "dz", (k, self.m)) if fused else None,
            output=node.layer.id,
            label=node.label,
            fused=fused,
        )

    def _build_learning(self) -> None:
        loss = losses.make(self.layout.document.loss)
        loss.forward(self.loss_place)
        loss.cost(self.loss_place)
        loss.backward(self.loss_place)
        begun: set[str] = set()
        for node in reversed(self.layout.active):
            place = self.places[node.layer.id]
            for port in place.inputs:
                port.first = port.source not in begun
                begun.add(port.source)
            node.kind.backward(place)
        for key, view in self.store.gradients.items():
            layer, name = key.split(".", 1)
            self.plan.arrays[layer, f"d{name}"] = view
        self._build_update()

    def _build_update(self) -> None:
        store, plan = self.store, self.plan
        gradient = store.gradient
        if plan.explains:
            self._keep("sum", gradient)
        if self.m > 1:
            plan.line(
                Phase.UPDATE, "optimizer", "∂J/∂θ = 1/m Σ", "gradient",
                np.multiply, gradient, plan.constant(1.0 / self.m), gradient,
            )  # fmt: skip
        free = store.free()
        if free is not None:
            plan.line(
                Phase.UPDATE, "optimizer", "locked stay", "gradient", np.multiply, gradient, free, gradient
            )
        if store.memory:
            one = plan.constant(1.0)
            plan.line(Phase.UPDATE, "optimizer", "t := t + 1", "t", np.add, store.t, one, store.t)
        update = UpdatePlace(plan, store.theta, gradient, store.memory, store.t)
        optimizers.make(self.layout.document.optimizer).update(update)

    def _keep(self, name: str, flat: Array) -> None:
        """A line that keeps a copy for the explanation before the update goes over it."""
        copy = self.plan.array("optimizer", name, flat.shape)
        self.plan.line(Phase.UPDATE, "optimizer", f"keep {name}", name, np.copyto, copy, flat)


def _of(layer: str, named: dict[str, Array]) -> dict[str, Array]:
    start = f"{layer}."
    return {key[len(start) :]: view for key, view in named.items() if key.startswith(start)}


def fit_problem(layout: Layout, features: int, targets: int) -> DocumentError | None:
    """Why data with so many features and target rows does not fit the network, if it does not."""
    try:
        output = layout.output
    except DocumentError as error:
        return error
    units = sum(node.shape[0] for node in layout.inputs)
    if units != features:
        return DocumentError(
            f"The data has {features} feature{'s' * (features != 1)} but the input has {units}"
            f" unit{'s' * (units != 1)}: change one of them.",
            layout.inputs[0].layer.id,
        )
    if output.shape[0] != targets:
        return DocumentError(
            f"The data has {targets} target{'s' * (targets != 1)} but the output has {output.shape[0]}"
            f" unit{'s' * (output.shape[0] != 1)}: change one of them.",
            output.layer.id,
        )
    activation = getattr(output.kind, "g", None)
    if activation is not None:
        loss = losses.make(layout.document.loss)
        refusal = loss.refusal(activation.title, activation.bounds, targets)
        if refusal:
            return DocumentError(refusal, output.layer.id)
    return None
