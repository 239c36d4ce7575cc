"""Attention against PyTorch's numbers, against plain loops, and what it must never do."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine.alone import LayerRun, run_layer
from engine.core.gradient_check import gradient_check, numeric_gradient
from engine.core.plan import Array
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.document import Connection, Document, Layer
from engine.layers import LayerKind, layers
from engine.trace import Trace


def attention(**knobs: Any) -> LayerKind:
    return layers.make(Spec.of("attention", **knobs))


def wave(shift: float, *shape: int) -> Array:
    """sin(shift), sin(shift + 1), ... in C order."""
    return np.sin(shift + np.arange(math.prod(shape))).reshape(shape)


def weights(d: int, size: int, asks: str = "x", answers: str = "x") -> dict[str, Array]:
    return {
        f"WQ.{asks}": wave(1, d, d), f"WK.{answers}": wave(2, d, size), f"WV.{answers}": wave(3, d, size),
        "WO": wave(4, d, d), "bQ": wave(5, d, 1), "bK": wave(6, d, 1), "bV": wave(7, d, 1),
        "bO": wave(8, d, 1),
    }  # fmt: skip


def by_loops(
    x: Array, y: Array, w: dict[str, Array], heads: int, causal: bool, mask: Array | None
) -> tuple[Array, Array, Array]:
    """S, A and a with one number after the other."""
    (d, t_q, m), t_k = x.shape, y.shape[1]
    S, A, a = np.zeros((heads, t_q, t_k, m)), np.zeros((heads, t_q, t_k, m)), np.zeros((d, t_q, m))
    W = {name.split(".")[0]: each for name, each in w.items()}
    none = np.zeros((d, 1))
    for e in range(m):
        Q = W["WQ"] @ x[:, :, e] + W.get("bQ", none)
        K = W["WK"] @ y[:, :, e] + W.get("bK", none)
        V = W["WV"] @ y[:, :, e] + W.get("bV", none)
        O = np.zeros((d, t_q))
        for h in range(heads):
            rows = range(h * d // heads, (h + 1) * d // heads)
            for i in range(t_q):
                for j in range(t_k):
                    S[h, i, j, e] = sum(Q[r, i] * K[r, j] for r in rows) / math.sqrt(d / heads)
                seen = [
                    j for j in range(t_k)
                    if not (causal and j > i) and (mask is None or mask[j, e] != 0)
                ]  # fmt: skip
                total = sum(math.exp(S[h, i, j, e]) for j in seen)
                for j in seen:
                    A[h, i, j, e] = math.exp(S[h, i, j, e]) / total
                for r in rows:
                    O[r, i] = sum(A[h, i, j, e] * V[r, j] for j in seen)
        a[:, :, e] = W["WO"] @ O + W.get("bO", none)
    return S, A, a


# ---------------------------------------------------------------- PyTorch's numbers


def test_causal_self_attention_has_the_numbers_of_pytorch() -> None:
    x, w = wave(0, 4, 3, 2), weights(4, 4)
    run = run_layer(attention(heads=2, causal=True), x, parameters=w, da=wave(9, 4, 3, 2))
    close(run.arrays["A"][..., 1], [
        [[1, 0, 0], [0.205780529876, 0.794219470124, 0], [0.089376478639, 0.727269210831, 0.18335431053]],
        [[1, 0, 0], [0.897584841155, 0.102415158845, 0], [0.003996310284, 0.033289715995, 0.962713973721]],
    ])  # fmt: skip
    close(run.a[:, :, 1], [
        [-1.408680936252, -0.586955802226, 0.127957915659],
        [2.139834963996, 1.587730253052, -0.042535132065],
        [-0.404603638011, -0.504569327322, 0.911742093385],
        [-2.909965368873, -2.227176787682, -2.448437253168],
    ])  # fmt: skip
    dx = run.da_prev[0]
    assert dx is not None
    close(dx[:, :, 1], [
        [-0.658890234445, 0.416695480622, 0.473486980617],
        [-0.043409975367, 0.157281659541, -0.058545631719],
        [0.611981214868, -0.246736193981, -0.53675166025],
        [0.704719698449, -0.423905928638, -0.521470687704],
    ])  # fmt: skip
    g = run.gradients
    close(g["WQ.x"][0], [0.017040306181, 0.058709669927, 0.095702255026, 0.125071253355])
    close(g["WK.x"][1], [0.091662773755, 0.05096877376, 0.006214630467, -0.039034566726])
    close(g["WV.x"][2], [1.078672829035, 1.099899737333, 1.033509263128, 0.884790033534])
    close(g["WO"][3], [1.976500467654, -1.228212126327, -0.16945300272, 2.365528512147])
    close(g["bQ"][:, 0], [0.109518750419, -0.113310195776, -0.256373870922, -0.15410688595])
    close(g["bK"][:, 0], [0.0, 0.0, 0.0, 0.0])
    close(g["bV"][:, 0], [0.148286034516, 0.271617377603, 0.14522495635, -0.114686620032])
    close(g["bO"][:, 0], [-0.257691357677, -0.287177754769, -0.293787736554, -0.276994755675])


def test_cross_attention_with_padding_has_the_numbers_of_pytorch() -> None:
    x, y = wave(0, 4, 2, 2), wave(10, 3, 4, 2)
    mask = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    w = weights(4, 3, "x1", "x2")
    run = run_layer(attention(heads=2), x, y, mask, parameters=w, da=wave(9, 4, 2, 2))
    close(run.arrays["A"][..., 1], [
        [[0.893895569349, 0, 0.106104430651, 0], [0.629295930616, 0, 0.370704069384, 0]],
        [[0.357174897128, 0, 0.642825102872, 0], [0.40823201997, 0, 0.59176798003, 0]],
    ])  # fmt: skip
    close(run.a[:, :, 1], [
        [-1.407909215901, -1.11639554659], [1.352422107043, 1.620169534167],
        [0.623999423505, -0.017537041291], [-3.467232171041, -2.896307162634],
    ])  # fmt: skip
    dx, dy, dmask = run.da_prev
    assert dx is not None and dy is not None and dmask is not None
    close(dx[:, :, 1], [
        [0.745845543029, -2.861864154276], [-0.392828435002, -3.777797284545],
        [-1.170337761514, -1.220441013608], [-0.871843947379, 2.458983096888],
    ])  # fmt: skip
    close(dy[:, :, 1], [
        [0.039513885516, 0, 0.654809676537, 0],
        [-0.458884453887, 0, -0.350363545401, 0],
        [-0.535386542641, 0, -1.033414139481, 0],
    ])  # fmt: skip
    assert (dmask == 0).all()
    g = run.gradients
    close(g["WQ.x1"][0], [0.107631192359, -1.469541896748, 1.813482180443, -0.901200220845])
    close(g["WK.x2"][1], [0.686788952865, -0.447978603495, -0.556427148957])
    close(g["WV.x2"][2], [0.425746319963, 0.459413785168, -0.559435762511])
    close(g["WO"][3], [-0.28030612736, -1.318832094952, -0.367348173601, 0.468806584219])
    close(g["bQ"][:, 0], [-1.342645283915, 1.275102286862, 1.871701681634, -1.59156554173])
    close(g["bV"][:, 0], [3.631547029261, 2.94608515236, -0.447993827053, -3.430189347903])


def close(there: Array, wanted: object) -> None:
    np.testing.assert_allclose(there, wanted, rtol=0, atol=2e-12)


# ---------------------------------------------------------------- plain loops

CASES = [
    pytest.param({}, False, False, id="one head"),
    pytest.param({"heads": 3}, False, False, id="three heads"),
    pytest.param({"heads": 2, "causal": True}, False, False, id="causal"),
    pytest.param({"heads": 2}, False, True, id="padding"),
    pytest.param({"heads": 2, "causal": True}, False, True, id="causal, padding"),
    pytest.param({"heads": 2, "bias": False}, False, False, id="without bias"),
    pytest.param({"heads": 6}, True, False, id="cross"),
    pytest.param({"heads": 2, "causal": True}, True, True, id="cross, causal, padding"),
    pytest.param({"heads": 3, "bias": False}, True, True, id="cross, padding, without bias"),
]


def inputs(cross: bool, padded: bool, m: int = 3) -> list[Array]:
    rng = np.random.default_rng(5)
    found = [rng.normal(size=(6, 5, m))] + [rng.normal(size=(4, 3, m))] * cross
    keys = found[-1].shape[1]
    mask = np.ones((keys, m))
    mask[keys - 1, 0] = mask[1, 1] = mask[keys - 1, 2] = mask[keys - 2, 2] = 0.0
    return found + [mask] * padded


def run_case(knobs: dict[str, Any], given: list[Array], da: Array | None = None) -> LayerRun:
    return run_layer(attention(**knobs), *given, da=da, seed=8)


@pytest.mark.parametrize(("knobs", "cross", "padded"), CASES)
def test_forward_agrees_with_plain_loops(knobs: dict[str, Any], cross: bool, padded: bool) -> None:
    given = inputs(cross, padded)
    run = run_case(knobs, given)
    mask = given[-1] if padded else None
    heads, causal = knobs.get("heads", 1), knobs.get("causal", False)
    S, A, a = by_loops(given[0], given[1] if cross else given[0], dict(run.parameters), heads, causal, mask)
    np.testing.assert_allclose(run.arrays["S"], S, rtol=0, atol=1e-12)
    np.testing.assert_allclose(run.arrays["A"], A, rtol=0, atol=1e-13)
    np.testing.assert_allclose(run.a, a, rtol=0, atol=1e-12)
    assert np.abs(run.arrays["A"].sum(axis=2) - 1).max() < 1e-12
    assert (run.arrays["A"][A == 0] == 0).all()
    assert run.arrays["A"].shape == (heads, 5, given[1].shape[1] if cross else 5, 3)
    assert all(run.arrays[name].shape == (6, 5, 3) for name in "QO")


@pytest.mark.parametrize(("knobs", "cross", "padded"), CASES)
def test_backward_agrees_with_nudging_the_plain_loops(
    knobs: dict[str, Any], cross: bool, padded: bool
) -> None:
    given = inputs(cross, padded, m=3)
    da = np.random.default_rng(6).normal(size=(6, 5, 3))
    run = run_case(knobs, given, da)
    w = {name: each.copy() for name, each in run.parameters.items()}
    heads, causal, mask = knobs.get("heads", 1), knobs.get("causal", False), given[-1] if padded else None

    def L() -> float:
        found = by_loops(given[0], given[1] if cross else given[0], w, heads, causal, mask)[2]
        return float((da * found).sum())

    for place in range(1 + cross):
        there = run.da_prev[place]
        assert there is not None
        few = np.ones(there.shape, bool)
        few[:2, :, :2] = False
        nudged = numeric_gradient(L, given[place], skip=few)
        np.testing.assert_allclose(there[~few], nudged[~few], rtol=0, atol=1e-7)
    for name, there in run.gradients.items():
        few = np.ones(there.shape, bool)
        few[::2, :2] = False
        nudged = numeric_gradient(L, w[name], skip=few)
        np.testing.assert_allclose(there[~few], nudged[~few], rtol=0, atol=1e-7, err_msg=name)


# ---------------------------------------------------------------- what it must never do


def test_causal_positions_know_nothing_of_later_ones() -> None:
    x = wave(0, 4, 5, 2)
    later = x.copy()
    later[:, 3:] = -7.0
    one, two = (run_layer(attention(heads=2, causal=True), each, seed=4).a for each in (x, later))
    np.testing.assert_array_equal(one[:, :3], two[:, :3])
    assert np.abs(one[:, 3:] - two[:, 3:]).min() > 1e-6


def test_what_padding_holds_changes_nothing() -> None:
    x, mask = wave(0, 4, 5, 1), np.array([[1.0], [1.0], [0.0], [1.0], [0.0]])
    other = x.copy()
    other[:, [2, 4]] = 1e3
    one, two = (run_layer(attention(), each, mask, seed=4).a for each in (x, other))
    np.testing.assert_array_equal(one[:, [0, 1, 3]], two[:, [0, 1, 3]])


def test_a_query_that_sees_nothing_gets_the_bias_alone() -> None:
    x, mask = wave(0, 2, 3, 2), np.array([[0.0, 1.0], [0.0, 1.0], [0.0, 0.0]])
    w = weights(2, 2, "x1", "x1")
    run = run_layer(attention(), x, mask, parameters=w, da=wave(3, 2, 3, 2))
    assert (run.arrays["A"][..., 0] == 0).all()
    np.testing.assert_array_equal(run.a[:, :, 0], np.repeat(w["bO"], 3, axis=1))
    dx = run.da_prev[0]
    assert dx is not None and (dx[..., 0] == 0).all() and np.isfinite(dx).all()
    assert np.abs(run.arrays["A"][..., 1].sum(axis=2) - 1).max() < 1e-12


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [1e-30, 40.0, 3e3, 1e8])
def test_large_scores_neither_overflow_nor_leave_the_precision(dtype: type, size: float) -> None:
    x = size * wave(0, 4, 6, 3)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        run = run_layer(attention(heads=2, causal=True), x, da=wave(2, 4, 6, 3), dtype=dtype)
    A = run.arrays["A"]
    assert np.abs(A.sum(axis=2) - 1).max() < (1e-12 if dtype is np.float64 else 1e-6)
    assert (A[:, np.triu_indices(6, 1)[0], np.triu_indices(6, 1)[1]] == 0).all()
    assert all(np.isfinite(each).all() for each in run.arrays.values())
    assert all(each.dtype == dtype for each in (*run.arrays.values(), *run.gradients.values()))


# ---------------------------------------------------------------- in a network


def network(causal: bool) -> Document:
    """A sequence (4, 2) asks, (2, 3) answers through a dense layer, and 3 numbers are the mask."""
    last = Spec.of("output", activation=Spec("identity"))
    given = (
        Layer("asks", Spec.of("input", shape="4×2"), tuple(range(8))),
        Layer("answers", Spec.of("input", shape="2×3"), tuple(range(6))),
        Layer("mask", Spec("input"), (0, 1, 2)),
        Layer("dense", Spec("dense"), (0, 1, 2)),
        Layer("it", Spec.of("attention", heads=2, causal=causal), (0, 1, 2, 3)),
        Layer("output", last, (0, 1)),
    )
    wires = [("asks", "it"), ("answers", "dense"), ("dense", "it"), ("mask", "it"), ("it", "output")]
    return Document(layers=given, connections=tuple(Connection(*each) for each in wires), loss=Spec("mse"))


@pytest.mark.parametrize("causal", [False, True])
def test_every_number_of_cross_attention_with_padding_explains_itself(
    causal: bool,
    some_data: Callable[..., Any],
    make_data: Callable[..., Any],
    some_learned: Callable[..., Any],
    check_truth: Callable[..., int],
    check_steps: Callable[[Trace], None],
) -> None:
    document = network(causal)
    data = some_data(document, 2)
    X = data.X.copy()
    X[-3:] = [[1.0, 1.0], [0.0, 1.0], [1.0, 0.0]]
    trace = Trace(document, make_data(X, data.Y), some_learned(document), np.arange(2))
    assert (trace.arrays["it", "A"][:, :, 1, 0] == 0).all()
    assert check_truth(trace) > 300
    check_steps(trace)


def test_gradients_of_cross_attention_in_a_network(
    some_data: Callable[..., Any], some_learned: Callable[..., Any], running: Callable[..., Any]
) -> None:
    document = network(False)
    report = gradient_check(running(document, some_data(document, 3), some_learned(document)))
    assert report.agrees(1e-6), report


def test_parameters_and_their_shapes() -> None:
    kind = attention(heads=2)
    alone = kind.blocks("it", (4, 3), [("x", (4, 3))])
    assert [part.name for block in alone for part in block.parts] == [
        "WQ.x", "bQ", "WK.x", "bK", "WV.x", "bV", "WO", "bO"
    ]  # fmt: skip
    assert [block.shape for block in alone] == [(12, 5), (4, 5)]
    cross = kind.blocks("it", (4, 3), [("x", (4, 3)), ("y", (2, 5)), ("mask", (5,))])
    assert [block.shape for block in cross] == [(4, 5), (8, 3), (4, 5)]
    bare = attention(bias=False).blocks("it", (4, 3), [("x", (4, 3))])
    assert [part.name for block in bare for part in block.parts] == ["WQ.x", "WK.x", "WV.x", "WO"]


@pytest.mark.parametrize(
    ("knobs", "shapes", "words"),
    [
        ({"heads": 4}, [(6, 3)], "4 does not divide 6"),
        ({}, [(6,)], "takes sequences"),
        ({}, [(2, 4, 4)], "takes sequences"),
        ({}, [(6, 3), (2, 4), (2, 4)], "two sequences at most"),
        ({}, [(6, 3), (4,)], "3 numbers, not 4"),
        ({}, [(6, 3), (2, 5), (3,)], "5 numbers, not 3"),
        ({}, [(3,), (3,)], "takes sequences"),
        ({}, [(3,), (6, 3)], "takes sequences"),
        ({"heads": 2}, [(2, 1000), (2, 2001)], "more than 4,000,000 shares"),
    ],
)
def test_what_does_not_fit_is_said_in_one_sentence(
    knobs: dict[str, Any], shapes: list[tuple[int, ...]], words: str
) -> None:
    with pytest.raises(DocumentError, match=words):
        attention(**knobs).output_shape(1, shapes)


@pytest.mark.parametrize("shapes", [[(6, 3)], [(6, 3), (3,)], [(6, 3), (2, 5)], [(6, 3), (2, 5), (5,)]])
def test_the_output_has_the_shape_of_what_asks(shapes: list[tuple[int, ...]]) -> None:
    assert attention(heads=3).output_shape(1, shapes) == (6, 3)
