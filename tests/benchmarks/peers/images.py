"""W5: a small convolutional network on pictures of 28 x 28."""

from __future__ import annotations

from collections.abc import Mapping

from peers import assumed, axon
from peers.workload import FED_BATCHES, Setting, Side, Workload, labels, noise, one_hot, trained

BATCH = 32


def _m(setting: Setting) -> int:
    return BATCH * (FED_BATCHES if setting.fed else 1)


def _axon(setting: Setting) -> Side:
    m = _m(setting)
    X = noise(setting, 784, m)
    document = assumed.images(BATCH if setting.fed else None)
    axon.available(document)
    return axon.trainer(document, assumed.image_data(X, one_hot(labels(10, m), 10)), setting)


def _torch(setting: Setting) -> Mapping[str, Side]:
    from peers import torch_models, torch_peer

    m = _m(setting)
    X = noise(setting, 784, m).T.reshape(m, 1, 28, 28)
    return torch_peer.variants(
        torch_models.images,
        torch_peer.cross_entropy,
        (X, labels(10, m)),
        "adam",
        1e-5,
        BATCH,
        setting,
        layouts=("", torch_peer.CHANNELS_LAST),
    )


PRODUCTS = (BATCH * 784 * 8 * 9, BATCH * 196 * 16 * 9 * 8, BATCH * 784 * 10)

WORKLOADS = (
    Workload(
        "W5",
        "CNN 1x28x28, conv 8, pool, conv 16, pool, 10 classes, batch 32, Adam",
        BATCH,
        trained(*PRODUCTS),
        2.3,
        3.0,
        _axon,
        _torch,
    ),
)
