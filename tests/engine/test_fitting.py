"""Fitting a network to other data keeps what it can."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.datasets import Data, datasets
from engine.datasets.base import Task
from engine.document import Document
from engine.document.edits import add_layer, connect, remove_layer, set_knob, set_loss
from engine.fitting import advice, choose_data, fitted, suits
from engine.learned import carried, fresh
from engine.samples import mlp
from engine.trainer import Trainer


def data(n: int, k: int, task: Task, low: float = 0.0, high: float = 1.0) -> Data:
    Y = np.zeros((k, 6)) + low
    Y[0, :3] = high
    return Data(
        np.arange(n * 6.0).reshape(n, 6),
        Y,
        tuple(f"x{i}" for i in range(n)),
        tuple(f"y{i}" for i in range(k)),
        task,
    )


def activation_of(document: Document) -> str:
    spec = document.layer("output").spec.get("activation", Spec("sigmoid"))
    assert isinstance(spec, Spec)
    return spec.kind


@pytest.mark.parametrize(
    ("task", "k", "activation", "loss"),
    [
        (Task.BINARY, 1, "sigmoid", "bce"),
        (Task.CLASSES, 3, "softmax", "cross_entropy"),
        (Task.REGRESSION, 2, "identity", "mse"),
    ],
)
def test_a_task_proposes_output_and_loss(task: Task, k: int, activation: str, loss: str) -> None:
    start = mlp(2, 4, 1, output="softmax", loss=Spec("cross_entropy"))
    made = fitted(start, data(4, k, task, -3.0, 7.0) if task is Task.REGRESSION else data(4, k, task))
    assert made.layer("input").size == 4
    assert made.layer("output").size == k
    assert (activation_of(made), made.loss.kind) == (activation, loss)


@pytest.mark.parametrize(
    ("task", "activation", "loss", "kept"),
    [
        (Task.BINARY, "sigmoid", "bce", True),
        (Task.BINARY, "sigmoid", "mse", True),
        (Task.BINARY, "tanh", "mse", True),
        (Task.BINARY, "tanh", "bce", False),
        (Task.BINARY, "softmax", "cross_entropy", False),
        (Task.CLASSES, "softmax", "cross_entropy", True),
        (Task.CLASSES, "sigmoid", "mse", True),
        (Task.CLASSES, "sigmoid", "bce", False),
        (Task.CLASSES, "softmax", "bce", False),
        (Task.BINARY, "identity", "mse", False),
        (Task.REGRESSION, "identity", "mse", True),
        (Task.REGRESSION, "sigmoid", "bce", False),
    ],
)
def test_what_suits_stays(task: Task, activation: str, loss: str, kept: bool) -> None:
    given = data(2, 3 if task is Task.CLASSES else 1, task)
    assert suits(given, Spec(activation), Spec(loss)) is kept
    start = mlp(2, 4, 1, output=activation, loss=Spec(loss))
    made = fitted(start, given)
    assert ((activation_of(made), made.loss.kind) == (activation, loss)) is kept


def test_squared_error_needs_an_output_that_reaches_the_targets() -> None:
    wide = data(1, 1, Task.REGRESSION, -2.0, 2.0)
    assert not suits(wide, Spec("sigmoid"), Spec("mse"))
    assert not suits(wide, Spec("relu"), Spec("mse"))
    assert suits(wide, Spec.of("leaky_relu", leak=0.1), Spec("mse"))
    assert activation_of(fitted(mlp(1, 3, 1, loss=Spec("mse")), wide)) == "identity"


def test_settings_of_a_loss_that_stays_are_kept() -> None:
    start = mlp(2, 4, 1, loss=Spec.of("mse", form="sum"))
    assert fitted(start, data(2, 1, Task.BINARY)).loss == Spec.of("mse", form="sum")


def test_nothing_changes_where_all_fits() -> None:
    start = mlp(2, 4, 1)
    assert fitted(start, data(2, 1, Task.BINARY)) is not None
    assert fitted(start, data(2, 1, Task.BINARY)) == start


def test_every_weight_between_units_that_stay_is_kept() -> None:
    start = mlp(2, 4, 3, 1)
    learned = fresh(start)
    after = choose_data(start, Spec("iris"))
    kept = carried(start, learned, after).parameters
    assert np.array_equal(kept["hidden.W.input"][:, :2], learned.parameters["hidden.W.input"])
    assert np.array_equal(kept["hidden2.W.hidden"], learned.parameters["hidden2.W.hidden"])
    assert np.array_equal(kept["output.W.hidden2"][:1], learned.parameters["output.W.hidden2"])
    back = choose_data(after, Spec("xor"))
    assert [each.units for each in back.layers] == [each.units for each in start.layers]


@pytest.mark.parametrize("kind", [each.kind for each in datasets if each.group != "Own"])
def test_every_data_set_that_is_shipped_can_be_trained_at_once(kind: str) -> None:
    """With a perceptron of vectors; where one answer a position is asked for, a sentence says so."""
    document = choose_data(mlp(2, 4, 1), Spec(kind))
    data = datasets.make(document.data).load(1)
    try:
        trainer = Trainer(document, data, fresh(document))
    except DocumentError as error:
        assert data.target_shape
        assert "are wanted" in str(error)
    else:
        trainer.advance(2)
        assert np.isfinite(trainer.curve.since(0)).all()


def test_own_data() -> None:
    own = data(5, 1, Task.BINARY)
    document = choose_data(mlp(2, 4, 1), Spec("table"), own)
    assert document.table is own
    assert document.layer("input").size == 5


def test_several_inputs_share_the_features() -> None:
    start = add_layer(mlp(2, 3, 1), spec=Spec("input"), id="more", units=1)
    start = connect(start, source="more", target="hidden")
    assert [fitted(start, data(5, 1, Task.BINARY)).layer(id).size for id in ("input", "more")] == [2, 3]
    assert [fitted(start, data(2, 1, Task.BINARY)).layer(id).size for id in ("input", "more")] == [1, 1]
    with pytest.raises(DocumentError, match="2 inputs but the data only 1 feature"):
        fitted(start, data(1, 1, Task.BINARY))


def test_without_input_or_output_only_the_data_is_chosen() -> None:
    for gone in ("input", "output"):
        start = remove_layer(mlp(2, 3, 1), layer=gone)
        with pytest.raises(DocumentError, match=f"no {gone}"):
            fitted(start, data(2, 1, Task.BINARY))
        assert choose_data(start, Spec("moons")).data == Spec("moons")
    two = add_layer(mlp(2, 3, 1), spec=Spec("output"))
    with pytest.raises(DocumentError, match="two outputs"):
        fitted(two, data(2, 1, Task.BINARY))


def test_a_spec_with_settings_survives() -> None:
    start = set_knob(mlp(2, 4, 1), layer="output", name="bias", value=False)
    made = fitted(set_loss(start, spec=Spec("mse")), data(2, 3, Task.CLASSES, -1.0, 1.0))
    assert made.layer("output").spec.get("bias") is False


def test_the_same_task_keeps_what_was_chosen_on_purpose() -> None:
    adaline = mlp(2, 1, output="identity", loss=Spec("mse"), data=Spec("and"))
    after = choose_data(adaline, Spec("or"))
    assert (activation_of(after), after.loss.kind) == ("identity", "mse")
    other = choose_data(adaline, Spec("iris"))
    assert (activation_of(other), other.loss.kind) == ("softmax", "cross_entropy")


def test_advice_where_a_loss_meets_outputs_that_are_no_probabilities() -> None:
    assert advice(mlp(2, 3, 1)) == ""
    assert advice(mlp(2, 3, 1, output="tanh", loss=Spec("mse"))) == ""
    assert advice(mlp(2, 3, 2, output="softmax")) == ""
    said = advice(mlp(2, 3, 1, output="tanh"))
    assert "between 0 and 1" in said
    assert "Sigmoid" in said
    assert advice(remove_layer(mlp(2, 3, 1), layer="output")) == ""
