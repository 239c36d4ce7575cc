"""The neuron of 1943 (lesson L02): logic without learning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.notation import as_text
from engine.core.plan import Array
from engine.core.printing import in_symbols
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.datasets import Data
from engine.document import Connection, Document, Layer
from engine.layers import layers
from engine.learned import fresh, with_weight
from engine.network import Network
from engine.trainer import Trainer

TWO = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])
THREE = np.array(list(product([0.0, 1.0], repeat=3))).T


def fires(signs: list[float], threshold: int, x: Array) -> list[float]:
    kind = layers.make(Spec.of("mcp", threshold=threshold))
    return run_layer(kind, x, units=1, parameters={"W.x": np.array([signs])}).a[0].tolist()  # type: ignore[no-any-return]


def test_the_gates_of_the_lesson() -> None:
    assert fires([1, 1], 2, TWO) == [0, 0, 0, 1], "AND"
    assert fires([1, 1], 1, TWO) == [0, 1, 1, 1], "OR"
    assert fires([-1], 0, np.array([[0.0, 1.0]])) == [1, 0], "NOT"
    assert fires([1, 1, 1], 2, THREE) == [0, 0, 0, 1, 0, 1, 1, 1], "majority of three"
    assert fires([-1, -1], 0, TWO) == [1, 0, 0, 0], "NOR"


def test_inhibition_is_absolute() -> None:
    """One active inhibitory input is stronger than any number of excitatory ones."""
    assert fires([1, 1, 1, -1], 1, np.ones((4, 1))) == [0]
    assert fires([1, 1, 1, -1], 1, np.array([[0.0], [0.0], [1.0], [0.0]])) == [1]


def test_it_is_what_the_paper_says() -> None:
    """Against the definition in words, for every sign, threshold and pattern of three inputs."""
    for signs in product([-1.0, 0.0, 1.0], repeat=3):
        for threshold in range(5):
            expected = []
            for x in THREE.T:
                on = [sign for sign, value in zip(signs, x, strict=True) if value == 1.0]
                expected.append(float(-1.0 not in on and on.count(1.0) >= threshold))
            assert fires(list(signs), threshold, THREE) == expected


def test_no_threshold_gives_xor() -> None:
    """Of the 16 gates of two inputs those that depend on nothing else than counting and forbidding."""
    found = {
        tuple(fires(list(signs), threshold, TWO))
        for signs in product([-1.0, 0.0, 1.0], repeat=2)
        for threshold in range(4)
    }
    assert (0, 1, 1, 0) not in found and (1, 0, 0, 1) not in found
    assert {(0, 0, 0, 1), (0, 1, 1, 1), (0, 0, 1, 0), (0, 1, 0, 0), (1, 0, 0, 0)} <= found


def test_two_layers_give_xor() -> None:
    first = run_layer(
        layers.make(Spec.of("mcp", threshold=1)), TWO, units=2, parameters={"W.x": [[1, -1], [-1, 1]]}  # type: ignore[dict-item]
    )  # fmt: skip
    assert first.a.tolist() == [[0, 0, 1, 0], [0, 1, 0, 0]]
    assert fires([1, 1], 1, first.a) == [0, 1, 1, 0]


def test_only_the_sign_counts_and_what_is_on() -> None:
    assert fires([0.3, 7.0], 2, np.array([[0.6, 0.5, -3.0], [9.0, 9.0, 9.0]])) == [1, 0, 0]
    assert fires([-0.01, 1.0], 1, np.array([[1.0, 0.0], [1.0, 1.0]])) == [0, 1]


def network(spec: Spec, **settings: object) -> Document:
    return Document(
        layers=(Layer("input", Spec("input"), (0, 1)), Layer("output", spec, (0,))),
        connections=(Connection("input", "output"),),
        loss=Spec("mse"),
        **settings,  # type: ignore[arg-type]
    )


def test_starts_with_exciting_synapses_and_can_be_set(
    running: Callable[..., Network], make_data: Callable[..., Data]
) -> None:
    document = network(Spec.of("mcp_output", threshold=1))
    start = fresh(document)
    assert start.parameters["output.W.input"].tolist() == [[1.0, 1.0]]
    data = make_data(TWO, [[0, 1, 1, 0]])  # type: ignore[arg-type]
    assert running(document, data, start).forward().tolist() == [[0, 1, 1, 1]]
    inhibited = with_weight(start, key="output.W.input", index=(0, 1), value=-1.0)
    assert running(document, data, inhibited).forward().tolist() == [[0, 0, 1, 0]]
    cut = replace(document, connections=(Connection("input", "output", cut=frozenset({(0, 0)})),))
    assert running(cut, data, start).forward().tolist() == [[0, 1, 0, 1]]


def test_nothing_is_learned(make_data: Callable[..., Data]) -> None:
    """Training runs, measures the loss, and leaves every sign as it is."""
    document = network(Spec.of("mcp_output", threshold=1))
    start = fresh(document)
    trainer = Trainer(document, make_data(TWO, [[0, 1, 1, 0]]), start)  # type: ignore[arg-type]
    trainer.advance(5)
    assert trainer.layout.size == 0
    assert trainer.learned.parameters["output.W.input"].tobytes() == np.ones((1, 2)).tobytes()
    assert trainer.curve.since(0).tolist() == [0.125] * 5, "half of one mistake in four examples"


def test_no_gradient_passes() -> None:
    run = run_layer(layers.make("mcp"), TWO, TWO, units=2, da=np.ones((2, 4)))
    assert all(not each.any() for each in run.da_prev)  # type: ignore[union-attr]
    assert run.gradients == {}


def test_several_inputs_count_together() -> None:
    kind = layers.make(Spec.of("mcp", threshold=2))
    parameters = {"W.x1": np.array([[1.0]]), "W.x2": np.array([[1.0, -1.0]])}
    for a, b, c in product([0.0, 1.0], repeat=3):
        run = run_layer(kind, np.array([[a]]), np.array([[b], [c]]), units=1, parameters=parameters)
        assert run.a[0, 0] == float(a + b >= 2 and not c)
        assert run.arrays["z"][0, 0] == a + b
        assert run.arrays["inhibition"][0, 0] == c


def test_the_explanation_names_synapses_and_threshold() -> None:
    run = run_layer(layers.make(Spec.of("mcp", threshold=2)), TWO, units=1)
    said = as_text(in_symbols(run.cell("a", 0)))
    assert "≥ 2" in said and "= 0" in said
    counted = as_text(in_symbols(run.cell("z", 0)))
    assert "> 0]" in counted and "> ½]" in counted


def test_only_vectors() -> None:
    with pytest.raises(DocumentError, match="flatten"):
        layers.make("mcp").output_shape(1, [(2, 3)])
