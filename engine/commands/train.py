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
from engine.core.problems import DivergenceError, FileError
from engine.data_of import data_of
from engine.evaluation import Evaluation, Evaluator
from engine.files import Project, open_project, save_project
from engine.learned import fresh, frozen
from engine.stopping import EarlyStopping, Report, fit
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
    trainer = Trainer(project.document, data_of(project.document), project.learned)
    learning = Evaluator(replace(trainer.data, Y=trainer.feeding.Y), trainer.store)
    chosen, held_out = trainer.batches.chosen, trainer.batches.held_out
    first = learning.of(chosen, ()).J
    updates, seconds, report = _train(trainer, learning, options)
    last = learning.of(chosen)
    if not math.isfinite(last.J):
        raise DivergenceError(
            f"After update {trainer.step} the loss J is not a finite number: try a smaller learning rate."
        )
    validation = Evaluator(trainer.data, trainer.store).of(held_out) if len(held_out) else None
    if options.output is not None:
        save_project(_trained(project, trainer), options.output)
    share, turns = last.metrics.get("accuracy"), _turns(trainer)
    if options.json:
        found = {
            "command": "train",
            "file": options.file,
            "epochs": options.epochs,
            "updates": updates,
            "seed": project.document.training.seed,
            "loss_first": finite(first),
            "loss": finite(last.J),
            "accuracy": share,
            "parameters": {key: nested(value) for key, value in trainer.learned.parameters.items()},
            "seconds": seconds,
            "updates_per_second": updates / max(seconds, 1e-9),
            "output": options.output,
        }
        if validation is not None:
            found["validation"] = _in_json(validation, trainer, report)
        if turns:
            found["turns"] = {
                name: {"loss_first": finite(begin), "loss": finite(end)}
                for name, (begin, end) in turns.items()
            }
        say_json(found)
        return
    if report is not None and report.early:
        say(report.reason)
    done = f"{counted_word(updates, 'update')} in {seconds:.2f} s"
    if turns:
        say(f"{done}, J as the mean over the first and the last epoch:")
        for name, (begin, end) in turns.items():
            say(f"J of the {name} from {begin:.6f} to {end:.6f}")
    else:
        say(f"{done}: J from {first:.6f} to {last.J:.6f}")
    if share is not None and turns:
        say(f"accuracy of the {next(iter(turns))} {share:.1%}")
    elif share is not None:
        say(f"accuracy {share:.1%} of {counted_word(len(chosen), 'example')}")
    if validation is not None:
        say(f"held out {counted_word(len(held_out), 'example')}: {validation}")
    if options.output is not None:
        say(f"saved in {options.output}")


def _train(trainer: Trainer, learning: Evaluator, options: Options) -> tuple[int, float, Report | None]:
    """Train with lines of progress: updates, seconds, and the last report if examples are held out."""
    updates, seconds, report = 0, 0.0, None
    patience = trainer.document.training.patience
    stopping = None if patience is None else EarlyStopping(patience)
    watched = stopping is not None or len(trainer.batches.held_out) > 0
    for epochs in _portions(options.epochs):
        began, start = time.perf_counter(), trainer.step
        if watched:
            report = fit(trainer, epochs=epochs, stopping=stopping)
        else:
            trainer.advance(epochs * trainer.batches.count)
        updates += trainer.step - start if report is None else report.updates
        seconds += time.perf_counter() - began
        if report is not None and report.early:
            break
        if not options.json:
            done = updates // trainer.batches.count
            beside = "" if report is None else f"   validation {report.curve[1][-1]:.6f}"
            say(f"epoch {done:>{len(str(options.epochs))}}   {_progress(trainer, learning)}{beside}")
    return updates, seconds, report


def _progress(trainer: Trainer, learning: Evaluator) -> str:
    """J as it stands; of every turn where there are several."""
    turns = _turns(trainer)
    if turns:
        return "   ".join(f"{name} J = {end:.6f}" for name, (_, end) in turns.items())
    return f"J = {learning.of(trainer.batches.chosen, ()).J:.6f}"


def _turns(trainer: Trainer) -> dict[str, tuple[float, float]]:
    """J of every turn where a procedure has several: the mean over the first epoch, and over the last.

    The two of a GAN cannot be added: what one of them wins the other loses. They are those of
    training, with its noise.
    """
    turns, start = trainer.feeding.turns, trainer.curve.start
    if len(turns) < 2:
        return {}
    values, rounds = trainer.curve.values[: trainer.step - start], trainer.batches.count // len(turns)
    found = {}
    for number, turn in enumerate(turns):
        own = values[(number - start) % len(turns) :: len(turns)]
        if len(own):
            found[turn.name] = float(own[:rounds].mean()), float(own[-rounds:].mean())
    return found


def _in_json(validation: Evaluation, trainer: Trainer, report: Report | None) -> dict[str, object]:
    """The loss and metrics of the held-out examples, and whether training stopped early."""
    early = report is not None and report.early
    return {
        "examples": validation.examples,
        "loss": finite(validation.J),
        "metrics": {
            name: finite(value) if isinstance(value, float) else nested(value)
            for name, value in validation.metrics.items()
        },
        "stopped_early": early,
        "epoch": trainer.step // trainer.batches.count,
    }


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
    """The project after training, its loss curve continued up to where the training stands."""
    start, past = project.curve_start, project.curve
    values = trainer.curve.values[: trainer.step - trainer.curve.start]
    kept = past[: max(0, trainer.curve.start - start)]
    if start > trainer.curve.start or start + len(kept) < trainer.curve.start:
        start, kept = trainer.curve.start, kept[:0]
    curve = frozen(np.concatenate([kept, values]))
    back_to = project.back_to if project.learned.step else 0
    return Project(project.document, trainer.learned, project.view, curve, start, None, back_to)


command = Command("train the network and report loss and accuracy", arguments, run)
