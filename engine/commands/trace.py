"""``trace``: one update step by step, with every formula in symbols and in numbers."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import numpy as np

from engine.batches import Position
from engine.commands.base import Command, Options, aligned, file_argument, finite, json_option, nested, say
from engine.core.expressions import Expression
from engine.core.notation import as_latex, as_text, operator, row
from engine.core.plan import Phase
from engine.core.printing import full_digits, in_numbers, in_symbols, plain_digits, symbol
from engine.core.problems import DataError
from engine.core.steps import Step
from engine.data_of import data_of
from engine.feeding import Feeding
from engine.files import open_project
from engine.fit import fit_problem
from engine.layout import Layout
from engine.procedures import procedures
from engine.trace import Trace


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options."""
    file_argument(parser)
    parser.add_argument(
        "--example",
        type=int,
        metavar="I",
        help="only this example, counted from 1, as a batch of one (default: the next batch)",
    )
    json_option(parser)


def run(options: Options) -> None:
    """Trace the next update of the project."""
    project = open_project(options.file)
    document, learned = project.document, project.learned
    data = data_of(document)
    problem = fit_problem(Layout(document), procedures.make(document.training.procedure).wanted(data))
    if problem is not None:
        raise problem
    position: Position | None = None
    if options.example is None:
        batches = Feeding(document, data).batches
        position, examples = batches.position(learned.step), batches.examples(learned.step)
    elif 1 <= options.example <= data.m:
        examples = np.array([options.example - 1])
    else:
        raise DataError(f"There is no example {options.example}: the data has examples 1 to {data.m}.")
    trace = Trace(document, data, learned, examples, position)
    if options.json:
        _print_json(trace, header(trace, options.file))
    else:
        _print(trace)


def header(trace: Trace, file: str) -> dict[str, Any]:
    """What is traced, and the weights before and after."""
    slots = trace.layout.slots.values()
    position = trace.position
    return {
        "command": "trace",
        "file": file,
        "update": trace.step_number + 1,
        "epoch": None if position is None else position.epoch,
        "batch": None if position is None else position.batch,
        "batches": None if position is None else position.batches,
        "examples": [example + 1 for example in trace.examples],
        "J": finite(trace.J),
        "parameters": {each.key: nested(trace.arrays[each.layer, each.part.name]) for each in slots},
        "parameters_after": {
            each.key: nested(trace.arrays[each.layer, f"new {each.part.name}"]) for each in slots
        },
        "count": len(trace),
    }


def step_entry(trace: Trace, number: int, step: Step) -> dict[str, Any]:
    """One step for JSON; ``number`` counts from 0."""
    target, several = step.target, trace.m > 1
    node = trace.layout.nodes.get(target.owner)
    name = symbol(target, several)
    formula = in_symbols(step.expression, several)
    entry: dict[str, Any] = {
        "number": number + 1,
        "phase": step.phase.value,
        "kind": step.kind,
        "layer": None if node is None else target.owner,
        "layer_number": None if node is None else node.number,
        "example": _number(trace, step),
        "array": target.array,
        "index": list(target.index),
        "target": as_text(name),
        "symbol": as_text(symbol(target)),
        "sign": step.sign,
        "symbols": as_text(formula),
        "numbers": as_text(in_numbers(step.expression, trace.lookup, full_digits)),
        "numbers_short": as_text(in_numbers(step.expression, trace.lookup)),
        "term": _in_symbols(trace, step.term),
        "term_numbers": _in_numbers(trace, step.term),
        "latex": as_latex(row(name, operator(step.sign), formula)),
        "value": finite(step.value),
        "running": None if step.running is None else finite(step.running),
        "final": step.final,
        "equation": step.equation,
        "code": step.code,
    }
    if entry["value"] is None:
        entry["value_text"] = str(step.value)
    if step.running is not None and entry["running"] is None:
        entry["running_text"] = str(step.running)
    return entry


def _in_symbols(trace: Trace, term: Expression | None) -> str | None:
    return None if term is None else as_text(in_symbols(term, trace.m > 1))


def _in_numbers(trace: Trace, term: Expression | None) -> str | None:
    return None if term is None else as_text(in_numbers(term, trace.lookup, full_digits))


def _print_json(trace: Trace, head: dict[str, Any]) -> None:
    """One object, a step a line, written while it is made: a long trace takes no memory."""
    words = json.dumps(head, ensure_ascii=False, allow_nan=False)
    sys.stdout.write(words[:-1] + ', "steps": [')
    for number, step in enumerate(trace):
        entry = json.dumps(step_entry(trace, number, step), ensure_ascii=False, allow_nan=False)
        sys.stdout.write((",\n" if number else "\n") + entry)
    sys.stdout.write("\n]}\n")


# -------------------------------------------------------------------- for people

_PHASES = {
    Phase.FORWARD: "Forward",
    Phase.LOSS: "Loss",
    Phase.BACKWARD: "Backward",
    Phase.UPDATE: "Update",
}


def _print(trace: Trace) -> None:
    examples = ", ".join(str(example + 1) for example in trace.examples[:20])
    more = ", ..." if trace.m > 20 else ""
    where = str(trace.position) if trace.position is not None else f"update {trace.step_number + 1}"
    say(
        f"{where[:1].upper()}{where[1:]}: example{'s' * (trace.m > 1)} {examples}{more}", f"J = {trace.J:.6f}"
    )
    for _, group in groupby(enumerate(trace), lambda pair: trace.section_of(pair[0])[0]):
        steps = [step for _, step in group]
        say("", _title(trace, steps[0]), *aligned(_lines(trace, steps)))


def _number(trace: Trace, step: Step) -> int | None:
    """Which example of the data a step is about, counted from 1; ``None`` for all, or a made-up one."""
    number = None if step.example is None else trace.number_in_data(step.example)
    return None if number is None else number + 1


def _title(trace: Trace, step: Step) -> str:
    node = trace.layout.nodes.get(step.target.owner)
    words = [_PHASES[step.phase]]
    if node is not None:
        words.append(f"layer {node.label} {node.layer.name or node.layer.id}")
    if step.example is not None and trace.m > 1:
        number = _number(trace, step)
        words.append(f"example {number}" if number else f"made-up example {step.example + 1}")
    return ", ".join(words) + (f":  {step.equation}" if node is None else "")


def _lines(trace: Trace, steps: list[Step]) -> Iterator[tuple[str, ...]]:
    """Products and sums as they add up, everything else as formula = numbers = value."""
    several = trace.m > 1
    for step in steps:
        name, value = as_text(symbol(step.target, several)), plain_digits(step.value)
        if step.term is not None and not step.final:
            term = as_text(in_symbols(step.term, several))
            numbers = as_text(in_numbers(step.term, trace.lookup))
            so_far = plain_digits(step.running if step.running is not None else step.value)
            yield (
                "",
                f"  {term}",
                f"= {numbers}",
                f"= {value}" if step.kind == "product" else "",
                f"Σ {so_far}",
            )
        elif step.kind == "sum" and not step.final:
            continue
        else:
            formula = as_text(in_symbols(step.expression, several))
            numbers = as_text(in_numbers(step.expression, trace.lookup))
            yield (name, f"{step.sign} {formula}", f"= {numbers}", f"= {value}", "")


command = Command("show one update step by step, with every number explained", arguments, run)
