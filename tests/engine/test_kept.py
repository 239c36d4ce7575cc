"""The cache of a layer: what its backward reads of its forward, found in the explanations."""

from __future__ import annotations

import numpy as np
import pytest

from engine.architectures import architectures
from engine.core.plan import Phase
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.document import Document
from engine.kept import from_cache, kept
from engine.learned import fresh
from engine.samples import mlp
from engine.trace import Trace


def traced(document: Document, m: int = 1) -> Trace:
    return Trace(document, data_of(document), fresh(document), np.arange(m))


def names(trace: Trace, owner: str) -> list[str]:
    return [each.name for each in kept(trace, owner)]


def test_a_dense_layer_keeps_the_three_of_the_lecture() -> None:
    trace = traced(mlp(2, 4, 1, hidden="sigmoid"))
    assert names(trace, "hidden") == ["x", "z[1]", "W[1]"]
    assert names(trace, "output") == ["a[1]", "z[2]", "W[2]"]
    assert names(trace, "input") == []


def test_other_kinds_keep_what_they_read() -> None:
    lstm = traced(architectures.make(Spec.of("sequence_classifier", cell="lstm")).document())
    assert {"a[1]", "i[2]", "f[2]", "o[2]", "g[2]", "c[2]"} <= set(names(lstm, "lstm"))
    cnn = traced(architectures.make(Spec("cnn")).document())
    assert names(cnn, "conv") == ["x", "z[1]", "W[1]"]
    assert names(cnn, "flatten") == []


@pytest.mark.parametrize("m", [1, 3])
def test_it_lies_there_from_the_step_that_makes_it(m: int) -> None:
    trace = traced(mlp(2, 3, 1, hidden="sigmoid"), m)
    for owner in ("hidden", "output"):
        for one in kept(trace, owner):
            assert len(one.since) == m
            for example, step in enumerate(one.since):
                place, section = trace.section_of(step)
                assert (section.phase, section.owner, section.example) == (Phase.FORWARD, owner, example)
                if one.ref.array == "z":
                    last = trace.number_of(owner, "z", (trace.arrays[owner, "z"].shape[0] - 1,), example)
                    assert step == last
                else:
                    assert step == trace.starts[place]


def test_every_number_of_the_forward_pass_that_a_backward_step_reads_is_kept() -> None:
    trace = traced(mlp(2, 3, 2, 1, hidden="tanh", loss=Spec("mse")), 2)
    from engine.core.expressions import references

    read = 0
    for step in trace:
        if step.phase is not Phase.BACKWARD or step.target.owner == trace.network.output.layer.id:
            continue
        for ref in references(step.expression):
            made = trace.number_of(*ref.key)
            forward = made is not None and trace.section_of(made)[1].phase is Phase.FORWARD
            if not forward and ref.array[:1] != "W":
                continue
            reader = ref.owner if ref.array[:1] == "W" else step.target.owner
            assert from_cache(trace, reader, ref) is not None, (step.target, ref)
            read += 1
    assert read > 20
