"""Projects to save and open."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.core.spec import Spec
from engine.data_of import data_of
from engine.datasets.arrays import read_only
from engine.datasets.base import Data, Task
from engine.document import edits
from engine.files import Project
from engine.learned import fresh
from engine.samples import mlp
from engine.trainer import Trainer


@pytest.fixture(scope="session")
def trained() -> Project:
    """2-3-4-1 with a skip connection, cut and locked synapses, odd keys and Adam, in mid training."""
    document = mlp(
        2, 3, 4, 1, hidden="tanh", name="Skipping “ünder” 网络", optimizer=Spec.of("adam", beta1=0.8)
    )
    document = edits.connect(document, source="hidden", target="output")
    document = edits.add_unit(document, layer="hidden", at=1)
    document = edits.remove_units(document, layer="hidden", keys=[0])
    document = edits.cut_synapse(document, source="hidden", sender=3, target="hidden2", receiver=2)
    document = edits.lock_synapse(document, source="input", sender=1, target="hidden", receiver=1)
    document = edits.rename_layer(document, layer="hidden", name="Первый")
    document = edits.add_layer(document, spec=Spec("dense"), units=2, x=-3.5, y=1e-3)
    training = replace(document.training, batch_size=3, shuffle=True, seed=11)
    document = replace(document, table=table(), data=Spec("table"), training=training)
    trainer = Trainer(document, data_of(document), fresh(document))
    trainer.advance(25)
    view = {"camera": [0.5, -1.25, 2], "docks": {"left": None}, "theme": "dark", "π": True}
    return Project(document, trainer.learned, view, trainer.curve.values, 0, 17)


def table() -> Data:
    """Seven examples with numbers that have no short digits."""
    rng = np.random.Generator(np.random.Philox(3))
    X, Y = rng.normal(size=(2, 7)), rng.integers(0, 2, size=(1, 7))
    X[0, 0] = -0.0
    return Data(read_only(X), read_only(Y), ("länge", "b"), ("y",), Task.BINARY, ("no", "yes"), "Own data.")
