"""``train``: train a project's network from where it stands."""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.commands.base import (
    Command,
    Options,
    counted_word,
    file_argument,
    finite,
    json_option,
    nested,
    say,
    say_json,
    whole_number,
)
from engine.core.plan import Array, Phase
from engine.core.problems import DivergenceError, FileError
from engine.data_of import data_of
from engine.datasets import Data
from engine.datasets.base import Task
from engine.files import Project, open_project, save_project
from engine.learned import fresh, frozen
from engine.trainer import Trainer

EPOCHS = 1000
MOST_EPOCHS = 10_000_000
LINES = 10
"""Lines of progress."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options."""
    file_argument(parser)
    parser.add_argument(
        "--epochs",
        type=whole_number(1, MOST_EPOCHS),
        default=EPOCHS,
        metavar="N",
        help=f"how often every example is seen (default {EPOCHS})",
    )
    parser.add_argument(
        "--seed",
        type=whole_number(0, 2**32 - 1),
        metavar="S",
        help="draw new first weights from this seed and begin with update 1",
    )
    parser.add_argument(
        "--output", metavar="FILE", help="save the trained project (plain JSON if it ends in .json)"
    )
    json_option(parser)


def run(options: Options) -> None:
    """Train, report, save."""
    project = open_project(options.file)
    if options.output is not None:
        check_output(options.output)
    if options.seed is not None:
        project = _anew(project, options.seed)
    document = project.document
    data = data_of(document)
    trainer = Trainer(document, data, project.learned)
    first = cost(trainer)
    start, updates = trainer.step, options.epochs * trainer.batches.count
    seconds = 0.0
    for epochs in _portions(options.epochs):
        began = time.perf_counter()
        trainer.advance(epochs * trainer.batches.count)
        seconds += time.perf_counter() - began
        if not options.json:
            done = (trainer.step - start) // trainer.batches.count
            say(f"epoch {done:>{len(str(options.epochs))}}   J = {cost(trainer):.6f}")
    last, share = cost(trainer), accuracy(trainer)
    if not math.isfinite(last):
        raise DivergenceError(
            f"After update {trainer.step} the loss J is not a finite number: try a smaller learning rate."
        )
    if options.output is not None:
        save_project(_trained(project, trainer), options.output)
    if options.json:
        say_json(
            {
                "command": "train",
                "file": options.file,
                "epochs": options.epochs,
                "updates": updates,
                "seed": document.training.seed,
                "loss_first": finite(first),
                "loss": finite(last),
                "accuracy": share,
                "parameters": {key: nested(value) for key, value in trainer.learned.parameters.items()},
                "seconds": seconds,
                "updates_per_second": updates / max(seconds, 1e-9),
                "output": options.output,
            }
        )
        return
    say(f"{counted_word(updates, 'update')} in {seconds:.2f} s: J from {first:.6f} to {last:.6f}")
    if share is not None:
        say(f"accuracy {share:.1%} of {counted_word(data.m, 'example')}")
    if options.output is not None:
        say(f"saved in {options.output}")


def cost(trainer: Trainer) -> float:
    """J over all the data with the present weights, which stay as they are."""
    network = trainer.network(trainer.data.m)
    network.feed(trainer.data.X, trainer.data.Y)
    for call in network.calls(Phase.FORWARD, Phase.LOSS):
        call()
    return network.J


def accuracy(trainer: Trainer) -> float | None:
    """The share of examples whose class is predicted; call after ``cost``. ``None`` for regression."""
    data = trainer.data
    if data.task is Task.REGRESSION:
        return None
    return share_right(trainer.network(data.m).a, data)


def share_right(a: Array, data: Data) -> float:
    """The share of the columns of ``a``, (k, m), that say the right class; 0.5 counts as class 1."""
    if data.task is Task.BINARY:
        right = (a[0] >= 0.5) == (data.Y[0] >= 0.5)
    else:
        right = a.argmax(axis=0) == data.Y.argmax(axis=0)
    return float(right.mean())


def check_output(path: str) -> None:
    """Notice before a long training that its result could not be saved."""
    target = Path(path)
    if not path or target.is_dir():
        raise FileError(f"'{path}' cannot be saved: there is a folder of that name.")
    if not target.parent.is_dir():
        raise FileError(f"'{target.name}' cannot be saved: the folder does not exist.")


def _anew(project: Project, seed: int) -> Project:
    document = replace(project.document, training=replace(project.document.training, seed=seed))
    return Project(document, fresh(document), project.view)


def _portions(epochs: int) -> Iterator[int]:
    """The epochs in about ``LINES`` equal portions."""
    portion = max(1, epochs // LINES)
    while epochs > 0:
        yield min(portion, epochs)
        epochs -= portion


def _trained(project: Project, trainer: Trainer) -> Project:
    """The project after training, its loss curve continued."""
    start, past = project.curve_start, project.curve
    kept = past[: max(0, trainer.curve.start - start)]
    if start > trainer.curve.start or start + len(kept) < trainer.curve.start:
        start, kept = trainer.curve.start, kept[:0]
    curve = frozen(np.concatenate([kept, trainer.curve.values]))
    back_to = project.back_to if project.learned.step else 0
    return Project(project.document, trainer.learned, project.view, curve, start, None, back_to)


command = Command("train the network and report loss and accuracy", arguments, run)
