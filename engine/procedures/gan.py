"""The adversarial game: a generator and a discriminator take turns."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.core.problems import DataError, DocumentError
from engine.datasets.base import Data, Task
from engine.layout import Layout, Node
from engine.procedures.base import Batch, Procedure, Turn, Wanted, procedures

CHOICE = "choice"
"""The kind of layer, titled Switch, where real and generated examples meet: ``a = s x + (1 − s) g``."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The ids of the layers by the part that they play."""

    choice: str
    real: str
    """The input of the real examples."""
    fake: str
    """The layer whose output is the generated examples."""
    switch: str
    """The input that is 1 for a real example and 0 for a generated one."""
    generator: frozenset[str]
    """All layers up to ``fake``, the source of noise too."""
    discriminator: frozenset[str]
    """All layers behind the choice."""


@procedures.add("gan")
@dataclass(frozen=True)
class Gan(Procedure):
    """Updates 1, 3, 5, ... are the discriminator's: real examples have the target 1, generated ones
    0, and the generator stays as it is. Updates 2, 4, 6, ... are the generator's: its examples have
    the target 1, and the discriminator stays (the loss ``−ln D(G(z))`` that does not saturate).

    The network is one: a source of noise, the generator, a switch ``a = s x + (1 − s) g`` between
    the real example x and the generated one g (s is an input of one unit), the discriminator, and an output
    with a sigmoid. With B examples a batch the discriminator's turn sees 2 B columns, half of them
    generated. J is the mean over all columns, so a discriminator that can only guess has J = ln 2,
    half of the 2 ln 2 that the paper's sum of the two means has.

    Noise on what the discriminator sees, real and generated alike, is a layer of noise behind the
    switch; it keeps the discriminator from being certain (M. Arjovsky and L. Bottou, ICLR 2017).
    Real targets of 1 − smoothing: T. Salimans and others, NeurIPS 2016.

    Source: I. Goodfellow and others, Generative Adversarial Nets, NeurIPS 2014.
    """

    title = "Adversarial (GAN)"
    summary = "A generator learns to make examples that a discriminator cannot tell from the real ones."
    rank = 60
    plain = False

    smoothing: float = knob(
        0.0,
        "Label smoothing",
        minimum=0.0,
        maximum=0.5,
        help="By how much the target of a real example is below 1.",
    )

    def wanted(self, data: Data) -> Wanted:
        if data.symbols:
            raise DataError("Numbers of symbols cannot be imitated: choose data of measured numbers.")
        return Wanted(data.n + 1, (1,), task=Task.BINARY, inputs=(data.n, 1))

    def refusal(self, layout: Layout) -> str:
        try:
            parts_of(layout)
        except DocumentError as error:
            return str(error)
        return ""

    def turns(self, layout: Layout) -> tuple[Turn, ...]:
        parts = parts_of(layout)
        return Turn("discriminator", parts.discriminator), Turn("generator", parts.generator)

    def prepared(self, X: Array, Y: Array, update: int, seed: int) -> Batch:
        n, B = X.shape
        if update % 2:
            return Batch(np.zeros((n + 1, B), X.dtype), np.ones((1, B), X.dtype))
        fed, target = np.zeros((n + 1, 2 * B), X.dtype), np.zeros((1, 2 * B), X.dtype)
        fed[:n, :B], fed[n, :B], target[0, :B] = X, 1.0, 1.0 - self.smoothing
        return Batch(fed, target)


def parts_of(layout: Layout) -> Parts:
    """Which layer plays which part; raises ``DocumentError`` where one is missing or misplaced."""
    nodes = {node.layer.id: node for node in layout.active}
    found = [node for node in nodes.values() if node.layer.spec.kind == CHOICE]
    if len(found) != 1:
        there = "there are several" if found else "there is none"
        raise DocumentError(
            "A GAN needs one switch, where the real and the generated examples meet before the"
            f" discriminator, and here {there}."
        )
    choice = found[0]
    if len(choice.inputs) != 3:
        raise _order(choice)
    real, fake, switch = (nodes[each] for each in choice.inputs)
    if [node.layer.id for node in layout.inputs] != [real.layer.id, switch.layer.id]:
        if {real.kind.role, switch.kind.role} == {"input"} and len(layout.inputs) == 2:
            raise DocumentError(
                "The input of the real examples must come before the one that says which are real.",
                switch.layer.id,
            )
        raise _order(choice)
    if math.prod(switch.shape) != 1:
        raise _order(choice)
    generator = _behind(nodes, fake)
    if not any(nodes[each].kind.role == "source" for each in generator):
        raise DocumentError("The generator begins with a source of noise: drop one before it.", fake.layer.id)
    if any(nodes[each].kind.role == "input" for each in generator):
        raise DocumentError(
            "The generator must not see the examples: let nothing but noise into it.", fake.layer.id
        )
    judging: set[str] = set()
    for node in layout.active:
        if any(each == choice.layer.id or each in judging for each in node.inputs):
            judging.add(node.layer.id)
    for each in judging:
        if set(nodes[each].inputs) - judging - {choice.layer.id}:
            raise DocumentError("The discriminator must see nothing but what the switch lets through.", each)
    learning = {each.layer for each in layout.stretches if each.block.learned}
    if not learning & generator:
        raise DocumentError(
            "The generator has nothing to learn: put a layer behind the noise.", fake.layer.id
        )
    return Parts(
        choice.layer.id,
        real.layer.id,
        fake.layer.id,
        switch.layer.id,
        frozenset(generator),
        frozenset(judging),
    )


def _order(choice: Node) -> DocumentError:
    return DocumentError(
        "The switch takes three inputs, connected in this order: the input of the real examples,"
        " the generator, and an input with one unit that says which are real.",
        choice.layer.id,
    )


def _behind(nodes: dict[str, Node], last: Node) -> set[str]:
    """A layer and all that lead to it."""
    seen, waiting = {last.layer.id}, [last.layer.id]
    while waiting:
        for each in nodes[waiting.pop()].inputs:
            if each not in seen:
                seen.add(each)
                waiting.append(each)
    return seen


__all__ = ["CHOICE", "Gan", "Parts", "parts_of"]
