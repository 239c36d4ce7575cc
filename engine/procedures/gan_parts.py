"""The parts of a GAN within one network. This module holds no kind."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.core.problems import DocumentError
from engine.layout import Layout, Node

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
