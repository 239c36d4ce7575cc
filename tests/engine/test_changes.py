"""What was changed, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.changes import in_words
from engine.core.spec import Spec
from engine.document import Document, edits
from engine.learned import carried, fresh, frozen, with_weight
from engine.samples import first_light, mlp


def trained_otherwise(**settings: object) -> Callable[[Document], Document]:
    return lambda document: replace(document, training=replace(document.training, **settings))


def rate(value: float) -> Callable[[Document], Document]:
    spec = Spec.of("gradient_descent", learning_rate=value)
    return lambda document: edits.set_optimizer(document, spec=spec)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (rate(0.05), "learning rate 0.5 → 0.05"),
        (lambda d: edits.set_optimizer(d, spec=Spec("adam")), "optimizer Gradient descent → Adam"),
        (lambda d: replace(d, loss=Spec("mse")), "loss Binary cross-entropy → Squared error"),
        (lambda d: replace(d, data=Spec("and")), "data set XOR → AND"),
        (trained_otherwise(seed=7), "seed 1 → 7"),
        (trained_otherwise(batch_size=2), "batch size all examples → 2"),
        (trained_otherwise(shuffle=True), "shuffle off → on"),
        (trained_otherwise(held_out=0.25), "held out 0 → 0.25"),
        (trained_otherwise(schedule=Spec("cosine")), "schedule Constant → Cosine"),
        (lambda d: edits.add_unit(d, layer="hidden"), "hidden 4 → 5 units"),
        (lambda d: edits.remove_units(d, layer="hidden", keys=[0]), "hidden 4 → 3 units"),
        (
            lambda d: d.with_layer(replace(d.layer("hidden"), frozen=True, name="Middle")),
            "Middle frozen",
        ),
        (
            lambda d: d.with_layer(
                replace(d.layer("hidden"), spec=d.layer("hidden").spec.with_(activation=Spec("relu")))
            ),
            "hidden: activation tanh → ReLU",
        ),
        (
            lambda d: replace(
                d, connections=tuple(replace(each, cut=frozenset({(0, 0)})) for each in d.connections)
            ),
            "2 synapses cut",
        ),
        (lambda d: replace(d, name="Other", notes=()), ""),
    ],
)  # fmt: skip
def test_of_documents(edit: Callable[[Document], Document], words: str) -> None:
    before = first_light()
    learned = fresh(before)
    after = edit(before)
    said = in_words((before, learned), (after, carried(before, learned, after)))
    assert said.lower() == words.lower()


def test_a_layer_in_between_is_one_change() -> None:
    before, after = mlp(2, 3, 1), mlp(2, 3, 3, 1)
    said = in_words((before, fresh(before)), (after, fresh(after)))
    assert said == "hidden2 added; connection hidden → output removed"


def test_more_than_three_are_counted() -> None:
    before = first_light()
    after = trained_otherwise(batch_size=2, shuffle=True, seed=3)(rate(0.1)(before))
    said = in_words((before, fresh(before)), (after, fresh(before)))
    assert said == "learning rate 0.5 → 0.1; batch size all examples → 2; shuffle off → on; 1 more"


def test_of_weights() -> None:
    document = first_light()
    learned = fresh(document)
    one = with_weight(learned, key="hidden.W.input", index=(1, 0), value=-0.3)
    assert in_words((document, learned), (document, one)) == "w[1]_{2,1} set to −0.3"
    two = with_weight(one, key="output.b", index=(0, 0), value=1 / 3)
    assert in_words((document, learned), (document, two)) == "2 weights set by hand"
    assert in_words((document, learned), (document, learned)) == ""
    anew = {key: frozen(np.asarray(value) + 1.0) for key, value in learned.parameters.items()}
    assert (
        in_words((document, learned), (document, replace(learned, parameters=anew))) == "all weights set anew"
    )
