"""``info``: what a project is."""

from __future__ import annotations

import argparse
import math
from typing import Any

from engine.batches import Batches
from engine.commands.base import (
    Command,
    Options,
    aligned,
    counted_word,
    file_argument,
    finite,
    json_option,
    say,
    say_json,
)
from engine.core.problems import AxonError
from engine.data_of import TABLE, data_of
from engine.datasets import Data, datasets
from engine.document import Document
from engine.files import open_project
from engine.files.written import plain_value
from engine.fit import fit_problem
from engine.layout import Layout, Node
from engine.losses import losses
from engine.optimizers import optimizers
from engine.procedures import procedures


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options."""
    file_argument(parser)
    json_option(parser)


def _epochs(layout: Layout, data: Data, update: int) -> int | None:
    """How many epochs are done; ``None`` where the procedure does not fit the network."""
    training = layout.document.training
    try:
        turns = procedures.make(training.procedure).turns(layout)
    except AxonError:
        return None
    return Batches(data.m, training, len(turns)).position(update).epoch - 1


def run(options: Options) -> None:
    """Print what is in the file."""
    project = open_project(options.file)
    document, learned = project.document, project.learned
    layout = Layout(document)
    data, problems = _data(document)
    problems += _problems(layout, data)
    L, hidden = counted(layout)
    epochs = None if data is None else _epochs(layout, data, learned.step)
    found: dict[str, Any] = {
        "command": "info",
        "file": options.file,
        "name": document.name,
        "layers": [_layer(layout, node) for node in layout.nodes.values()],
        "L": L,
        "counted": in_words(L, hidden),
        "parameters": sum(math.prod(slot.shape) for slot in layout.slots.values()),
        "loss": plain_value(document.loss),
        "optimizer": plain_value(document.optimizer),
        "data": None if data is None else _facts(document, data),
        "training": {
            "batch_size": document.training.batch_size,
            "shuffle": document.training.shuffle,
            "seed": document.training.seed,
        },
        "updates": learned.step,
        "epochs": epochs,
        "last_loss": finite(project.curve[-1]) if len(project.curve) else None,
        "walk": project.walk,
        "problems": problems,
    }
    if options.json:
        say_json(found)
    else:
        _print(document, found)


def counted(layout: Layout) -> tuple[int, int]:
    """L, the number of layers without the input, and how many of them are hidden."""
    roles = [node.kind.role for node in layout.active if node.kind.role != "input"]
    return len(roles), sum(role != "output" for role in roles)


def in_words(L: int, hidden: int) -> str:
    """``L = 4 (3 hidden + 1 output)``."""
    if L == 0:
        return "L = 0 (the input does not reach an output yet)"
    return f"L = {L} ({hidden} hidden + {L - hidden} output)"


def _layer(layout: Layout, node: Node) -> dict[str, Any]:
    slots = [slot for slot in layout.slots.values() if slot.layer == node.layer.id]
    activation = getattr(node.kind, "activation", None)
    return {
        "label": None if node.number is None else node.label,
        "number": node.number,
        "id": node.layer.id,
        "name": node.layer.name,
        "kind": node.layer.spec.kind,
        "units": node.layer.size,
        "activation": None if activation is None else plain_value(activation),
        "inputs": list(node.inputs),
        "parameters": sum(math.prod(slot.shape) for slot in slots),
    }


def _data(document: Document) -> tuple[Data | None, list[str]]:
    try:
        return data_of(document), []
    except AxonError as error:
        return None, [str(error)]


def _facts(document: Document, data: Data) -> dict[str, Any]:
    return {
        "spec": plain_value(document.data),
        "features": data.n,
        "examples": data.m,
        "targets": data.k,
        "task": data.task.value,
        "classes": list(data.classes),
        "source": data.source,
    }


def _problems(layout: Layout, data: Data | None) -> list[str]:
    """What keeps the network from being trained, and layers that take no part."""
    found = []
    problem: AxonError | None = None
    if data is not None:
        problem = fit_problem(layout, procedures.make(layout.document.training.procedure).wanted(data))
    else:
        try:
            _ = layout.output
        except AxonError as error:
            problem = error
    if problem is not None:
        found.append(str(problem))
    for node in layout.nodes.values():
        if not node.active:
            found.append(
                f"The layer '{node.layer.id}' takes no part: it does not lie between input and output."
            )
    return found


def _print(document: Document, found: dict[str, Any]) -> None:
    say(document.name, "", "Layers")
    rows = [("[l]", "id", "kind", "units", "g", "weights")]
    for each in found["layers"]:
        activation = each["activation"]
        g = activation["kind"] if isinstance(activation, dict) else activation or "-"
        row = (each["label"] or "-", each["id"], each["kind"], str(each["units"]), g, str(each["parameters"]))
        rows.append(row)
    say(*aligned(rows), f"  {found['counted']}, {found['parameters']:,} weights and biases", "")
    say(f"Loss       {losses[document.loss.kind].title}", f"Optimizer  {_with_settings(document)}")
    data = found["data"]
    if data is not None:
        title = "Own table" if document.data.kind == TABLE else datasets[document.data.kind].title
        sizes = ", ".join(
            (counted_word(data["features"], "feature"), counted_word(data["examples"], "example"))
        )
        say(f"Data       {title}: {sizes}, {data['task']}")
    last = "" if found["last_loss"] is None else f", last loss J = {found['last_loss']:.6f}"
    epochs = "" if found["epochs"] is None else f" = {counted_word(found['epochs'], 'epoch')}"
    say(f"Training   {counted_word(found['updates'], 'update')}{epochs} done{last}")
    for problem in found["problems"]:
        say(f"Problem    {problem}")


def _with_settings(document: Document) -> str:
    kind = optimizers.make(document.optimizer)
    settings = ", ".join(
        f"{name} {value:g}" for name, value in kind.spec.settings if isinstance(value, float)
    )
    return f"{kind.title} ({settings})" if settings else kind.title


command = Command("say what is in a project", arguments, run)
