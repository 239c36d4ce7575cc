"""The networks of the workloads as PyTorch modules."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

HIDDEN = {"relu": lambda: nn.ReLU(inplace=True), "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}


def perceptron(sizes: tuple[int, ...], hidden: str) -> nn.Sequential:
    """Linear layers; the output gives z."""
    parts: list[nn.Module] = []
    for one, two in pairwise(sizes):
        parts += [nn.Linear(one, two), HIDDEN[hidden]()]
    return nn.Sequential(*parts[:-1])


def images() -> nn.Sequential:
    """1x28x28, twice convolution 3x3 and max-pooling, and ten classes.

    ReLU comes after the pooling: they commute, and there is a quarter of the pixels left.
    """
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1),
        nn.MaxPool2d(2),
        nn.ReLU(inplace=True),
        nn.Conv2d(8, 16, 3, padding=1),
        nn.MaxPool2d(2),
        nn.ReLU(inplace=True),
        nn.Flatten(),
        nn.Linear(784, 10),
    )


class Recurrent(nn.Module):
    """Embedding, one recurrent layer, and z at every time."""

    def __init__(self, kind: str, symbols: int, d: int, units: int, time_first: bool) -> None:
        super().__init__()
        cell = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[kind]
        self.time_first = time_first
        self.embedding = nn.Embedding(symbols, d)
        self.cell = cell(d, units, batch_first=not time_first)
        self.output = nn.Linear(units, symbols)

    def forward(self, x: Tensor) -> Tensor:
        """x is (m, time); z is (time, m, k) with time first, else (m, time, k)."""
        h, _ = self.cell(self.embedding(x.t() if self.time_first else x))
        return self.output(h)


class Block(nn.Module):
    """x + attention(norm x), then x + dense(dense(norm x))."""

    def __init__(self, d: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.wide, self.narrow = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

    def forward(self, x: Tensor) -> Tensor:
        """x is (m, time, d)."""
        m, time, d = x.shape
        parts = self.qkv(self.norm1(x)).view(m, time, 3, self.heads, d // self.heads)
        q, k, v = parts.permute(2, 0, 3, 1, 4).unbind(0)
        a = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(a.transpose(1, 2).reshape(m, time, d))
        return x + self.narrow(functional.gelu(self.wide(self.norm2(x)), approximate="tanh"))


class Transformer(nn.Module):
    """Embedding, fixed positions, blocks, norm, and z at every time."""

    def __init__(self, time: int, symbols: int, d: int, heads: int, blocks: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(symbols, d)
        self.blocks = nn.Sequential(*(Block(d, heads) for _ in range(blocks)))
        self.norm, self.output = nn.LayerNorm(d), nn.Linear(d, symbols)
        turns = torch.arange(time)[:, None] / 10000 ** (torch.arange(0, d, 2) / d)
        self.register_buffer("positions", torch.stack((turns.sin(), turns.cos()), 2).flatten(1))

    def forward(self, x: Tensor) -> Tensor:
        """x is (m, time), z (m, time, k)."""
        return self.output(self.norm(self.blocks(self.embedding(x) + self.positions)))
