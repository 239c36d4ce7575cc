"""Decoding against the decoder by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.architectures import architectures
from engine.core.problems import DocumentError
from engine.decoding import decodable, decoded, moved
from engine.document import Document
from engine.layout import Layout
from engine.learned import Learned
from engine.predict import Predictor
from engine.samples import mlp


def test_only_what_lies_behind_the_code_is_run(some_learned: Callable[..., Learned]) -> None:
    document = mlp(3, 4, 2, 3, output="identity")
    learned = some_learned(document)
    p, codes = learned.parameters, np.array([[0.5, -1.0, 2.0], [0.25, 0.0, 1.0]])
    expected = p["output.W.hidden2"] @ codes + p["output.b"]
    assert decoded(Predictor(document, learned), "hidden2", codes) == pytest.approx(expected)


def test_the_code_of_an_example_decodes_to_its_prediction(some_learned: Callable[..., Learned]) -> None:
    document = mlp(3, 4, 2, 5, 3)
    predict, X = Predictor(document, some_learned(document)), np.array([[0.1, 1.0], [-0.4, 0.0], [2.0, -1.0]])
    expected = predict(X)
    codes = predict.network(2).places["hidden2"].a.copy()
    assert decoded(predict, "hidden2", codes).tobytes() == expected.tobytes()


def test_the_narrowest_layer_comes_first() -> None:
    assert [node.layer.id for node in decodable(Layout(mlp(3, 4, 2, 5, 3)))] == [
        "hidden2",
        "hidden",
        "hidden3",
    ]
    code = decodable(Layout(architectures["autoencoder"]().document()))[0]
    assert code.layer.name == "Code" and code.shape == (2,)
    assert decodable(Layout(mlp(2, 1, 1))) == ()


def test_a_layer_that_data_can_pass_by_is_no_code(shapes_of_networks: dict[str, Document]) -> None:
    assert decodable(Layout(shapes_of_networks["skips"])) == ()
    assert [each.layer.id for each in decodable(Layout(shapes_of_networks["two inputs"]))] == ["hidden"]
    gan = Layout(architectures["gan"]().document())
    hidden = {each.layer.id for each in decodable(gan)}
    assert hidden and hidden <= {each.target for each in gan.document.connections}
    made = next(each.id for each in gan.document.layers if each.name == "Made up")
    assert made not in hidden  # the real examples pass it by


def test_two_numbers_of_a_code_are_moved() -> None:
    codes = moved(np.array([1.0, 2.0, 3.0]), (2, 0), np.array([[7.0, 8.0], [5.0, 6.0]]))
    assert codes.tolist() == [[5.0, 6.0], [2.0, 2.0], [7.0, 8.0]]


def test_an_unknown_layer_is_refused(some_learned: Callable[..., Learned]) -> None:
    document = mlp(2, 2, 1)
    with pytest.raises(DocumentError, match="No layer"):
        decoded(Predictor(document, some_learned(document)), "nowhere", np.zeros((2, 1)))
