"""PyTorch's side, eager, with the plain and with the fused optimizer.

Written for speed: gradients set to None, batches that are views, no reading of the loss, which
Axon reads and records in every step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from peers.workload import Array, Setting, Side

LossFunction = Callable[[Tensor, Tensor], Tensor]
CHANNELS_LAST = "channels last"


def bce(z: Tensor, y: Tensor) -> Tensor:
    """Binary cross-entropy from z."""
    return functional.binary_cross_entropy_with_logits(z, y)


def cross_entropy(z: Tensor, y: Tensor) -> Tensor:
    """Cross-entropy from z, (m, k), and the class numbers, (m,)."""
    return functional.cross_entropy(z, y)


def cross_entropy_each(z: Tensor, y: Tensor) -> Tensor:
    """Cross-entropy at every time: z is (m, time, k) or (time, m, k), y as z without k."""
    return functional.cross_entropy(z.flatten(0, 1), y.flatten())


def optimizer_of(name: str, parameters: Iterator[nn.Parameter], rate: float, fused: bool) -> Any:
    """The optimizer of a workload."""
    if name == "adam":
        return torch.optim.Adam(parameters, lr=rate, fused=fused)
    return torch.optim.SGD(parameters, lr=rate, momentum=0.9 * (name == "momentum"), fused=fused)


def variants(
    model: Callable[[], nn.Module],
    loss: LossFunction,
    data: tuple[Array, Array],
    optimizer: str,
    rate: float,
    batch: int,
    setting: Setting,
    *,
    layouts: tuple[str, ...] = ("",),
) -> Mapping[str, Side]:
    """Plain and fused optimizer; with several ``layouts`` each further one with the fused only."""
    found = {}
    for layout in layouts:
        for fused in (True, False) if not layout else (True,):
            name = ("fused" if fused else "eager") + (f", {layout}" if layout else "")
            net = model().to(kind(setting))
            if layout == CHANNELS_LAST:
                net = net.to(memory_format=torch.channels_last)
            stepper = optimizer_of(optimizer, net.parameters(), rate, fused)
            X, y = tensor(data[0], setting), tensor(data[1], setting)
            run = trained(net, loss, stepper, batches(X, y, batch, layout))
            found[name] = Side(run, size(net))
    return found


def trained(
    model: nn.Module, loss: LossFunction, optimizer: Any, feed: Iterator[tuple[Tensor, ...]]
) -> Callable[[int], None]:
    """Training steps."""

    def run(steps: int) -> None:
        for _ in range(steps):
            x, y = next(feed)
            optimizer.zero_grad(set_to_none=True)
            loss(model(x), y).backward()
            optimizer.step()

    return run


def predictor(model: nn.Module, x: Array, setting: Setting) -> Side:
    """Forward passes with softmax."""
    model = model.to(kind(setting)).eval()
    given = tensor(x, setting)

    def run(steps: int) -> None:
        with torch.inference_mode():
            for _ in range(steps):
                torch.softmax(model(given), 1)

    return Side(run, size(model))


def batches(X: Tensor, y: Tensor, batch: int, layout: str = "") -> Iterator[tuple[Tensor, ...]]:
    """Batches for ever; several of them are shuffled anew every epoch, in one gather."""
    if layout == CHANNELS_LAST:
        X = X.contiguous(memory_format=torch.channels_last)
    if len(X) == batch:
        while True:
            yield X, y
    while True:
        order = torch.randperm(len(X))
        yield from zip(X[order].split(batch), y[order].split(batch), strict=True)


def kind(setting: Setting) -> torch.dtype:
    """The precision."""
    return torch.float32 if setting.dtype is np.float32 else torch.float64


def tensor(values: Array, setting: Setting) -> Tensor:
    """Numbers in the run's precision, class and symbol numbers as they are."""
    given = torch.from_numpy(np.ascontiguousarray(values))
    return given if given.dtype == torch.int64 else given.to(kind(setting))


def size(*models: nn.Module) -> int:
    """How many numbers learn."""
    return sum(each.numel() for model in models for each in model.parameters())
