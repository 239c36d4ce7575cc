"""The game between generator and discriminator at one moment: what is made, and where it is pulled.

The pull on a generated example g is ``−∂L/∂g``, the way in which the generator's loss L falls fastest
(``L = −ln D(g)`` with cross-entropy). The engine's own backward phase finds it as da of the generator's
last layer. Noise and dropout within the discriminator are left out, as where it judges.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.core.plan import Array, Phase
from engine.document import Document
from engine.layout import Layout
from engine.learned import Learned
from engine.network import Network
from engine.parameters import ParameterStore, precision
from engine.procedures.gan_parts import parts_of
from engine.sampling import APART

SILENT = {"gaussian_noise": "deviation", "dropout": "rate"}
"""Kinds of layers that disturb only what learns, with the setting that stops it at 0."""


class Adversary:
    """The generator's turn, for ``count`` examples, on numbers of its own; nothing is learned in it."""

    def __init__(self, document: Document, count: int, *, dtype: type | None = None) -> None:
        silent = _silent(document)
        self.layout = Layout(silent)
        self.parts = parts_of(self.layout)
        self.store = ParameterStore(self.layout, dtype or precision(document), turns=2)
        self.network = Network(self.store, count, explains=True, turn=1)
        procedure = self.network.procedure
        n = sum(int(np.prod(node.shape)) for node in self.layout.inputs) - 1
        fed = procedure.prepared(np.zeros((n, count)), np.zeros((1, count)), 1, 0)
        self.network.feed(fed.X, fed.Y)

    def look(self, learned: Learned, seed: int = 0) -> tuple[Array, Array, Array]:
        """Generated examples (n, count), the discriminator's answers (count,), and the pulls (n, count).

        They are the examples that ``generated`` gives for the same seed.
        """
        self.store.load(learned)
        network = self.network
        network.plan.step = APART + seed
        with np.errstate(all="ignore"):
            for call in network.calls(Phase.FORWARD, Phase.LOSS, Phase.BACKWARD):
                call()
        made = network.places[self.parts.fake]
        assert made.da is not None
        count = network.m
        verdict = network.a.reshape(-1, count)[0].copy()
        return made.a.reshape(-1, count).copy(), verdict, -made.da.reshape(-1, count)


def _silent(document: Document) -> Document:
    """The document without what disturbs learning."""
    layers = tuple(
        replace(each, spec=each.spec.with_(**{SILENT[each.spec.kind]: 0.0}))
        if each.spec.kind in SILENT
        else each
        for each in document.layers
    )
    return replace(document, layers=layers)
