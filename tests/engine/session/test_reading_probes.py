"""The probes by which the canvas reads neurons and blocks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.architectures import architectures
from engine.core.spec import Spec
from engine.document import Document
from engine.fitting import choose_data
from engine.samples import first_light, mlp
from engine.session import Advance, Mailbox, Open
from engine.session.block_arrays import BlockArrays
from engine.session.probes import Outputs
from engine.session.surfaces import POINTS_OF_A_LINE, Surfaces, UnitSurfaces, has_plane, range_of
from engine.session.worker import Worker


def worker_of(document: Document) -> Worker:
    made = Worker(Mailbox())
    made.obey(Open(1, document))
    assert made.trainer is not None, made._problem
    return made


def ask(worker: Worker, probe):
    assert worker.trainer is not None
    return probe.answer(worker.trainer, worker._predictor)


class TestSurfaces:
    def test_a_cell_is_what_the_network_says_there(self) -> None:
        worker = worker_of(first_light())
        worker.obey(Advance(50))
        found = ask(worker, UnitSurfaces(2, ("input", "hidden", "output"), side=8))
        assert isinstance(found, Surfaces)
        assert {id: array.shape for id, array in found.values.items()} == {
            "input": (2, 8, 8), "hidden": (4, 8, 8), "output": (1, 8, 8)
        }  # fmt: skip
        (left, right), (below, above) = found.ranges
        row, column = 1, 6
        x1 = left + (column + 0.5) * (right - left) / 8
        x2 = above - (row + 0.5) * (above - below) / 8
        told = ask(worker, Outputs(np.array([[x1], [x2]]), ("hidden",)))
        assert found.values["hidden"][:, row, column] == pytest.approx(told["hidden", "a"][:, 0], abs=1e-6)

    def test_the_first_row_is_the_top_and_the_inputs_are_gradients(self) -> None:
        found = ask(worker_of(first_light()), UnitSurfaces(0, ("input",), side=6))
        x1, x2 = found.values["input"]
        assert (np.diff(x1, axis=1) > 0).all() and np.ptp(x1, axis=0).max() == 0
        assert (np.diff(x2, axis=0) < 0).all(), "the second input grows upwards"

    def test_further_inputs_are_those_of_the_example(self) -> None:
        document = choose_data(mlp(4, 3, 3), Spec("iris"))
        worker = worker_of(document)
        assert worker.trainer is not None
        found = ask(worker, UnitSurfaces(7, ("input",), side=4))
        data = worker.trainer.data
        assert found.spot == tuple(data.X[:2, 7])
        assert np.ptp(found.values["input"][2]) == 0
        assert found.values["input"][2, 0, 0] == pytest.approx(data.X[2, 7])

    def test_one_input_makes_a_curve(self) -> None:
        document = choose_data(mlp(1, 3, 1, output="linear"), Spec("sine"))
        found = ask(worker_of(document), UnitSurfaces(0, ("hidden", "output")))
        assert found.values["hidden"].shape == (3, POINTS_OF_A_LINE)
        assert len(found.ranges) == len(found.spot) == 1

    def test_images_have_no_plane(self) -> None:
        worker = worker_of(architectures.make(Spec.of("cnn")).document())
        assert worker.trainer is not None
        assert ask(worker, UnitSurfaces(0, ("output",))).values == {}
        assert not has_plane(worker.trainer.data, ((64,),))

    def test_a_range_has_a_margin_and_is_never_empty(self) -> None:
        assert range_of(np.array([0.0, 1.0])) == (-0.3, 1.3)
        assert range_of(np.full(5, 2.0)) == (1.0, 3.0)
        assert range_of(np.array([np.nan, 1.0])) == (-1.0, 1.0)


class TestArrays:
    def test_the_shares_of_an_attention_add_up_to_one(self) -> None:
        worker = worker_of(architectures.make(Spec.of("transformer")).document())
        assert worker.trainer is not None
        name = next(
            each.id for each in worker.trainer.document.layers if each.spec.kind == "attention"
        )  # fmt: skip
        found = ask(worker, BlockArrays(3, ((name, ("A", "S", "nonsense")), ("gone", ("A",)))))
        assert set(found) == {name} and set(found[name]) == {"A", "S"}
        heads, queries, keys = found[name]["A"].shape
        assert (heads, queries) == (4, keys)
        assert found[name]["A"].sum(axis=2) == pytest.approx(np.ones((heads, queries)), abs=1e-5)

    def test_gates_and_memory_make_the_state(self) -> None:
        document = architectures.make(Spec.of("sequence_classifier", cell="lstm", units=5)).document()
        document = replace(document, training=replace(document.training, precision="double"))
        cell = next(each.id for each in document.layers if each.spec.kind == "lstm")
        found = ask(worker_of(document), BlockArrays(1, ((cell, ("i", "f", "g", "o", "c", "a")),)))[cell]
        assert found["a"] == pytest.approx(found["o"] * np.tanh(found["c"]))
        before = np.concatenate([np.zeros((5, 1)), found["c"][:, :-1]], axis=1)
        assert found["c"] == pytest.approx(found["f"] * before + found["i"] * found["g"])
