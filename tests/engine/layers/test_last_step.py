"""The last step of a sequence, with padding and for both directions."""

from __future__ import annotations

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.expressions import evaluate
from engine.core.plan import Array
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.layers import LayerKind, layers

LAST, ENDS = layers.make(Spec("last_step")), layers.make(Spec.of("last_step", both_ends=True))
X = np.arange(24.0).reshape(4, 3, 2) + 1.0
"""4 features, 3 steps, 2 examples: x = 6 feature + 2 step + example + 1."""
DA = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]])


def test_takes_the_last_step_and_hands_back_there() -> None:
    run = run_layer(LAST, X, da=DA)
    assert run.a.tolist() == [[5.0, 6.0], [11.0, 12.0], [17.0, 18.0], [23.0, 24.0]]
    assert run.da_prev[0] is not None
    assert run.da_prev[0][:, 2].tolist() == DA.tolist()
    assert not run.da_prev[0][:, :2].any()


def test_both_ends_takes_the_second_half_from_the_first_step() -> None:
    run = run_layer(ENDS, X, da=DA)
    assert run.a.tolist() == [[5.0, 6.0], [11.0, 12.0], [13.0, 14.0], [19.0, 20.0]]
    wanted = np.zeros((4, 3, 2))
    wanted[:2, 2], wanted[2:, 0] = DA[:2], DA[2:]
    np.testing.assert_array_equal(run.da_prev[0], wanted)


@pytest.mark.parametrize("kind", [LAST, ENDS], ids=["last", "both ends"])
@pytest.mark.parametrize(
    ("marks", "first", "last"),
    [([3, 7, 0], 0, 1), ([0, 0, 5], 2, 2), ([0, -1, 0], 1, 1), ([2, 0, 2], 0, 2), ([0, 0, 0], None, None)],
)
def test_marks_of_padding_choose_the_step(
    kind: LayerKind, marks: list[int], first: int | None, last: int | None
) -> None:
    both = np.array([marks, [1, 1, 1]], float).T
    run = run_layer(kind, X, both, da=DA)
    wanted, back = np.zeros((4, 2)), np.zeros((4, 3, 2))
    for e, (begin, end) in enumerate([(first, last), (0, 2)]):
        for j in range(4):
            t = begin if kind is ENDS and j >= 2 else end
            if t is not None:
                wanted[j, e], back[j, t, e] = X[j, t, e], DA[j, e]
    np.testing.assert_array_equal(run.a, wanted)
    np.testing.assert_array_equal(run.da_prev[0], back)
    np.testing.assert_array_equal(run.da_prev[1], np.zeros((3, 2)))
    check_explanations(kind, X, both, back)


def check_explanations(kind: LayerKind, x: Array, marks: Array, back: Array) -> None:
    run = run_layer(kind, x, marks, da=DA)
    for j, e in np.ndindex(run.a.shape):
        assert evaluate(run.cell("a", j, example=e), run.lookup) == run.a[j, e]
    port, other = run.place.inputs
    for j, t, e in np.ndindex(back.shape):
        assert evaluate(kind.sent(run.place, port, (j, t), e), run.lookup) == back[j, t, e]
        assert evaluate(kind.sent(run.place, other, (t,), e), run.lookup) == 0.0


def test_what_it_cannot_take_is_refused() -> None:
    with pytest.raises(DocumentError, match="takes a sequence"):
        LAST.output_shape(1, [(4,)])
    with pytest.raises(DocumentError, match="takes a sequence"):
        LAST.output_shape(1, [(1, 4, 4)])
    with pytest.raises(DocumentError, match="vector of 5 numbers"):
        LAST.output_shape(1, [(3, 5), (4,)])
    with pytest.raises(DocumentError, match="two halves"):
        ENDS.output_shape(1, [(3, 5)])
    assert LAST.output_shape(1, [(3, 5), (5,)]) == (3,)


def test_both_ends_of_a_bidirectional_layer_have_seen_every_step() -> None:
    """Whatever step changes, both halves of a change."""
    rnn = layers.make(Spec.of("rnn", bidirectional=True))
    x = np.random.default_rng(1).normal(size=(2, 5, 1))
    first = run_layer(rnn, x, units=2)
    for t in range(5):
        moved = x.copy()
        moved[:, t] += 1.0
        changed = run_layer(rnn, moved, units=2, parameters=dict(first.parameters))
        one, two = (run_layer(ENDS, each.a).a for each in (first, changed))
        assert (one != two).all()
