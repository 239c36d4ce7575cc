"""What a trained network makes: points of a GAN, pictures of a diffusion, texts of a language model.

    predict = Predictor(document, learned)
    points = generated(predict, 500)
    *way, last = denoised(predict, 500, seed=1)
    print(text(predict, data.symbols, ".", 40))

Everything drawn depends on the seed alone: the same seed, the same samples.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from engine.core.plan import Array
from engine.core.problems import AxonError
from engine.datasets import Data
from engine.losses import losses
from engine.losses.logits import Logits
from engine.predict import Predictor
from engine.procedures import procedures
from engine.procedures.denoising import Denoising, Frame
from engine.procedures.gan_parts import parts_of
from engine.procedures.writing import next_shares, prompt_numbers, written

APART = 1 << 40
"""The draws of samples are those of updates so late that no training comes there."""
PORTION = 256
"""Texts that are measured at once."""


# ---------------------------------------------------------------- GAN


def generated(predict: Predictor, count: int, seed: int = 0) -> Array:
    """``count`` examples (n, count) of a GAN's generator; the discriminator does not run."""
    fake = parts_of(predict.layout).fake
    return predict.run({}, fake, examples=count, draw=APART + seed).reshape(-1, count)


def judged(predict: Predictor, X: Array) -> Array:
    """The discriminator's answer (1, m) for points (n, m): near 1 it takes them for real."""
    return predict(np.concatenate([X, np.ones((1, X.shape[1]))]))


# ---------------------------------------------------------------- diffusion


def denoised(
    predict: Predictor, count: int, seed: int = 0, classes: Sequence[int] | Array | None = None
) -> Iterator[Frame]:
    """The way of a diffusion from noise to ``count`` samples, frame by frame; the last has t = 0.

    ``classes`` are the numbers of the classes to ask for, one a sample, where the network is told
    the class.
    """
    procedure = procedures.make(predict.document.training.procedure)
    if not isinstance(procedure, Denoising):
        raise AxonError("Samples are made step by step by a network that learned with diffusion.")
    inputs = predict.layout.inputs
    n = math.prod(inputs[0].shape)
    rows = None
    if procedure.conditional:
        if classes is None or len(classes) != count:
            raise AxonError("Say for every sample of which class it should be.")
        rows = class_rows(np.asarray(classes, int), math.prod(inputs[2].shape))
    return procedure.sampled(predict, n, count, seed, rows)


def samples(
    predict: Predictor, count: int, seed: int = 0, classes: Sequence[int] | Array | None = None
) -> Array:
    """The last frame of ``denoised``: (n, count)."""
    for frame in denoised(predict, count, seed, classes):
        last = frame.x
    return last


def class_rows(classes: Array, k: int) -> Array:
    """Classes as the targets of the data have them: one row of 0 and 1, or k rows one-hot."""
    if k == 1:
        return classes[np.newaxis].astype(float)
    if classes.min(initial=0) < 0 or classes.max(initial=0) >= k:
        raise AxonError(f"The classes are numbered from 0 to {k - 1}.")
    return np.eye(k)[:, classes]


# ---------------------------------------------------------------- texts


def next_symbol(
    predict: Predictor, symbols: tuple[str, ...], prompt: Sequence[str], temperature: float = 1.0
) -> Array:
    """How likely each symbol is to come next after a prompt, (V,)."""
    start = np.array(prompt_numbers(prompt, symbols))[:, np.newaxis]
    return next_shares(probabilities(predict), predict.features, start, temperature)[:, 0]


def texts(
    predict: Predictor,
    symbols: tuple[str, ...],
    prompt: Sequence[str],
    length: int,
    temperature: float = 1.0,
    seed: int = 0,
    count: int = 1,
) -> list[str]:
    """Texts that go on from a prompt by ``length`` symbols; at temperature 0 always with the likeliest.

    A prompt is a string or a list of words; words are written with spaces between them.
    """
    start = prompt_numbers(prompt, symbols)
    made = written(probabilities(predict), predict.features, start, length, temperature, seed, count)
    space = " " if any(len(each) > 1 for each in symbols) else ""
    return [space.join(symbols[number] for number in column) for column in made.T]


def text(
    predict: Predictor,
    symbols: tuple[str, ...],
    prompt: Sequence[str],
    length: int,
    temperature: float = 1.0,
    seed: int = 0,
) -> str:
    """One text that goes on from a prompt."""
    return texts(predict, symbols, prompt, length, temperature, seed)[0]


def bits_per_symbol(predict: Predictor, data: Data) -> float:
    """``−1/N Σ log₂ p(true symbol)`` over the N positions of the data at which something is asked."""
    shares, total, asked = probabilities(predict), 0.0, 0
    for start in range(0, data.m, PORTION):
        Y = data.Y[:, start : start + PORTION].astype(int)
        p = shares(data.X[:, start : start + PORTION])
        t, i = np.nonzero(Y >= 0)
        with np.errstate(divide="ignore"):
            total -= float(np.log2(p[Y[t, i], t, i].astype(float)).sum())
        asked += len(t)
    return total / asked if asked else math.nan


def looks_ahead(predict: Predictor, data: Data, texts: int = 8) -> bool:
    """Whether a prediction depends on symbols behind it, where the answer stands.

    The first texts of the data are read twice, the second time with another second half.
    """
    X = data.X[:, :texts].astype(float)
    half = len(X) // 2
    other = X.copy()
    other[half:] = (other[half:] + 1) % len(data.symbols)
    return bool((predict(X)[:, :half] != predict(other)[:, :half]).any())


def probabilities(predict: Predictor) -> Callable[[Array], Array]:
    """The predictor, with the softmax after it where the loss takes logits."""
    if not isinstance(losses.make(predict.document.loss), Logits):
        return predict

    def softmaxed(X: Array) -> Array:
        z = predict(X)
        e = np.exp(z - z.max(axis=0))
        made: Array = e / e.sum(axis=0)
        return made

    return softmaxed
