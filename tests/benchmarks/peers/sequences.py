"""W6, W6g, W6r and W7: texts of 32 symbols, one of 50 at every time."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from engine.document import Document
from peers import assumed, axon
from peers.workload import FED_BATCHES, Array, Setting, Side, Workload, labels, trained

TIME, SYMBOLS, D, UNITS = 32, 50, 64, 64
HEADS, BLOCKS = 4, 2
GATES = {"lstm": 4, "gru": 3, "rnn": 1}


def _texts(batch: int, setting: Setting) -> tuple[Array, Array]:
    """Symbols (time, m) and those asked."""
    m = batch * (FED_BATCHES if setting.fed else 1)
    return labels(SYMBOLS, TIME, m, seed=5), labels(SYMBOLS, TIME, m, seed=6)


def _axon(document: Document, batch: int, setting: Setting) -> Side:
    axon.available(document)
    X, Y = _texts(batch, setting)
    return axon.trainer(document, assumed.text_data(X, Y, SYMBOLS), setting)


def _recurrent_axon(kind: str, setting: Setting) -> Side:
    batch = 32 if setting.fed else None
    return _axon(
        assumed.recurrent(kind, time=TIME, symbols=SYMBOLS, d=D, units=UNITS, batch=batch), 32, setting
    )


def _recurrent_torch(kind: str, setting: Setting) -> Mapping[str, Side]:
    from peers import torch_models, torch_peer

    X, Y = _texts(32, setting)
    found: dict[str, Side] = {}
    for time_first in (False, True):
        made = torch_peer.variants(
            partial(torch_models.Recurrent, kind, SYMBOLS, D, UNITS, time_first),
            _time_first if time_first else torch_peer.cross_entropy_each,
            (X.T, Y.T),
            "adam",
            1e-5,
            32,
            setting,
        )
        found |= {f"{name}, time first" if time_first else name: each for name, each in made.items()}
    return found


def _time_first(z, y):  # type: ignore[no-untyped-def]
    from peers import torch_peer

    return torch_peer.cross_entropy_each(z, y.t())


def _transformer_axon(setting: Setting) -> Side:
    batch = 16 if setting.fed else None
    document = assumed.transformer(time=TIME, symbols=SYMBOLS, d=D, heads=HEADS, blocks=BLOCKS, batch=batch)
    return _axon(document, 16, setting)


def _transformer_torch(setting: Setting) -> Mapping[str, Side]:
    from peers import torch_models, torch_peer

    X, Y = _texts(16, setting)
    return torch_peer.variants(
        partial(torch_models.Transformer, TIME, SYMBOLS, D, HEADS, BLOCKS),
        torch_peer.cross_entropy_each,
        (X.T, Y.T),
        "adam",
        1e-5,
        16,
        setting,
    )


def _recurrent(name: str, kind: str, floor: float, goal: float) -> Workload:
    # the embedding is no product, but its output learns
    products = (TIME * 32 * GATES[kind] * UNITS * (D + UNITS), TIME * 32 * UNITS * SYMBOLS)
    return Workload(
        name,
        f"{kind.upper()} 64, 32 steps, batch 32, vocabulary 50, embedding 64, Adam",
        32,
        trained(*products, first=0),
        floor,
        goal,
        partial(_recurrent_axon, kind),
        partial(_recurrent_torch, kind),
    )


def _transformer() -> Workload:
    tokens = TIME * 16
    block = [tokens * D * 3 * D, 2 * tokens * TIME * D, tokens * D * D, 2 * tokens * D * 4 * D]
    return Workload(
        "W7",
        "2 transformer blocks d 64, 4 heads, 32 steps, batch 16, vocabulary 50, Adam",
        16,
        trained(*block * BLOCKS, tokens * D * SYMBOLS, first=0),
        0.95,
        1.1,
        _transformer_axon,
        _transformer_torch,
    )


WORKLOADS = (
    _recurrent("W6", "lstm", 0.85, 1.05),
    _recurrent("W6g", "gru", 1.7, 2.0),
    _recurrent("W6r", "rnn", 1.7, 2.0),
    _transformer(),
)
