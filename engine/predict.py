"""Predicting: a document and what it learned, as a function of the inputs.

    predict = Predictor(document, learned)
    A = predict(X)
    hidden = predict.run({"input": X}, "hidden")
    picture = predict.run({"code": np.array([[0.3], [-1.2]])}, "output")

The last line begins in the middle of the network: it is how a code is decoded, or a generator fed.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.core.plan import Array, Phase
from engine.core.problems import DocumentError
from engine.document import Document
from engine.layout import Layout
from engine.learned import Learned
from engine.network import Network
from engine.parameters import ParameterStore, precision

MOST_NETWORKS = 8
"""So many compiled networks are kept, for so many different numbers of examples."""


class Predictor:
    """X (features, m) to the prediction (k, m), or (k, ..., m) where it is made at many positions.

    The network only predicts: dropout and noise on the way are off. It is compiled once for every
    number of examples; the arrays that come back belong to the caller.
    """

    def __init__(self, document: Document, learned: Learned, *, dtype: type | None = None) -> None:
        self.store = ParameterStore(Layout(document), dtype or precision(document))
        self.store.load(learned)
        self._networks: dict[int, Network] = {}

    @classmethod
    def of(cls, store: ParameterStore) -> Predictor:
        """A predictor of a training that is running: it always has the present weights."""
        made = cls.__new__(cls)
        made.store = store
        made._networks = {}
        return made

    @property
    def document(self) -> Document:
        """The document it predicts for."""
        return self.store.layout.document

    @property
    def layout(self) -> Layout:
        """Its layers in order."""
        return self.store.layout

    @property
    def features(self) -> int:
        """How many rows X has."""
        return sum(int(np.prod(node.shape)) for node in self.layout.inputs)

    def network(self, examples: int) -> Network:
        """The network compiled for a number of examples."""
        if examples not in self._networks:
            if len(self._networks) >= MOST_NETWORKS:
                del self._networks[next(iter(self._networks))]
            self._networks[examples] = Network(self.store, examples, learns=False)
        return self._networks[examples]

    def __call__(self, X: Array) -> Array:
        """The prediction for examples as columns."""
        self._check(X)
        network = self.network(X.shape[1])
        network.feed(X)
        return network.forward().copy()

    def run(
        self, given: Mapping[str, Array], wanted: str, *, examples: int | None = None, draw: int = 0
    ) -> Array:
        """The output of a layer where the outputs of others are given; layers before those do not run.

        Given arrays are (n, m) or of the layer's shape with the examples last. A source that is
        not given draws its numbers, for every ``draw`` others; ``examples`` says how many columns
        if nothing is given. Raises ``DocumentError`` if an input is needed and not given.
        """
        m = examples if examples is not None else next(iter(given.values())).shape[-1]
        network = self.network(m)
        for id, values in given.items():
            place = self._place(network, id)
            np.copyto(place, values.reshape(place.shape))
        needed = self._needed(given, wanted)
        network.plan.step = draw
        for line in network.plan.lines:
            if line.phase is Phase.FORWARD and line.owner in needed:
                line()
        return self._place(network, wanted).copy()

    def _needed(self, given: Mapping[str, Array], wanted: str) -> set[str]:
        """The layers that must run."""
        needed: set[str] = set()
        waiting = [wanted]
        while waiting:
            id = waiting.pop()
            if id in given or id in needed:
                continue
            node = self.layout.nodes.get(id)
            if node is not None and node.kind.role == "input":
                raise DocumentError(f"The input '{node.layer.name or id}' is needed here and not given.", id)
            needed.add(id)
            waiting += node.inputs if node is not None else ()
        return needed

    @staticmethod
    def _place(network: Network, id: str) -> Array:
        if id not in network.places:
            raise DocumentError(f"No layer '{id}' takes part in the calculation.", id)
        return network.places[id].a

    def _check(self, X: Array) -> None:
        if X.ndim != 2 or X.shape[0] != self.features:
            raise DocumentError(
                f"The network takes examples as columns of {self.features} numbers, and this is {X.shape}."
            )
