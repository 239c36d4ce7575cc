"""One layer alone: the numbers of a notebook are those of the formulas, and of a network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.alone import LayerRun, run_layer
from engine.core.expressions import evaluate
from engine.core.plan import Array
from engine.core.problems import DocumentError, KnobError, UnknownKindError
from engine.core.spec import Spec
from engine.document import Connection, Document, Layer
from engine.layers import LayerKind, layers
from engine.layout import Layout
from engine.learned import fresh, frozen
from engine.network import Network
from engine.parameters import ParameterStore

RNG = np.random.default_rng(2)
X, W, B, DA = (
    RNG.normal(0, 1, (3, 5)),
    RNG.normal(0, 1, (2, 3)),
    RNG.normal(0, 1, (2, 1)),
    RNG.normal(0, 1, (2, 5)),
)


def test_a_dense_layer_by_hand() -> None:
    run = run_layer("dense", X, units=2, parameters={"W.x": W, "b": B}, da=DA)
    z = W @ X + B
    dz = DA * (1 - np.tanh(z) ** 2)
    (da_prev,) = run.da_prev
    assert da_prev is not None
    close = {"rtol": 0, "atol": 1e-13}
    assert np.allclose(run.a, np.tanh(z), **close)
    assert np.allclose(da_prev, W.T @ dz, **close)
    assert np.allclose(run.gradients["W.x"], dz @ X.T, **close)
    assert np.allclose(run.gradients["b"], dz.sum(axis=1, keepdims=True), **close)
    for name, expected in {"z": z, "dz": dz, "slope": 1 - np.tanh(z) ** 2, "a": np.tanh(z), "da": DA}.items():
        assert np.allclose(run.arrays[name], expected, **close), name
    assert np.array_equal(run.parameters["W.x"], W)
    assert np.array_equal(run.arrays["dW.x"], run.gradients["W.x"])


def test_two_inputs_have_a_matrix_each() -> None:
    other, V = RNG.normal(0, 1, (4, 5)), RNG.normal(0, 1, (2, 4))
    spec = Spec.of("dense", activation=Spec("identity"))
    run = run_layer(spec, X, other, units=2, parameters={"W.x1": W, "W.x2": V, "b": B}, da=DA)
    assert np.allclose(run.a, W @ X + V @ other + B, rtol=0, atol=1e-13)
    first, second = run.da_prev
    assert first is not None and second is not None
    assert np.allclose(first, W.T @ DA, rtol=0, atol=1e-13)
    assert np.allclose(second, V.T @ DA, rtol=0, atol=1e-13)


def test_without_da_only_the_forward_phase_runs() -> None:
    run = run_layer("dense", X, units=2, parameters={"W.x": W, "b": B})
    assert np.allclose(run.a, np.tanh(W @ X + B), rtol=0, atol=1e-13)
    assert run.da_prev == ()
    assert not {"dz", "da", "slope"} & run.arrays.keys()


def test_what_is_given_stays_as_it_is() -> None:
    x, w, da = X.copy(), W.copy(), DA.copy()
    run_layer("dense", x, units=2, parameters={"W.x": w}, da=da)
    assert np.array_equal(x, X) and np.array_equal(w, W) and np.array_equal(da, DA)


def test_parameters_are_drawn_from_the_seed() -> None:
    one, two, three = (run_layer("dense", X, units=2, seed=seed) for seed in (4, 4, 5))
    assert one.a.tobytes() == two.a.tobytes() != three.a.tobytes()
    assert (one.parameters["b"] == 0).all()
    given = run_layer("dense", X, units=2, seed=4, parameters={"b": B})
    assert np.array_equal(given.parameters["W.x"], one.parameters["W.x"])
    ones = run_layer(Spec.of("dense", initializer=Spec.of("constant", value=1.0)), X, units=2)
    assert (ones.parameters["W.x"] == 1.0).all()


def test_a_list_is_as_good_as_an_array_and_single_precision_stays_single() -> None:
    run = run_layer("dense", [[1], [2]], units=1, parameters={"W.x": [[3, 4]], "b": [5]})  # type: ignore[arg-type, dict-item, list-item]
    assert run.arrays["z"] == 16.0
    single = run_layer("dense", X, units=2, parameters={"W.x": W, "b": B}, da=DA, dtype=np.float32)
    assert {each.dtype for each in single.arrays.values()} == {np.dtype(np.float32)}


def test_what_does_not_fit_is_a_sentence() -> None:
    with pytest.raises(KeyError, match="no parameter called V"):
        run_layer("dense", X, parameters={"V": W})
    with pytest.raises(DocumentError, match="as many examples"):
        run_layer("dense", X, X[:, :2])
    with pytest.raises(DocumentError, match="cannot run on 2 inputs"):
        run_layer("activation", X, X)
    with pytest.raises(DocumentError, match="flatten"):
        run_layer("dense", np.zeros((1, 4, 4, 2)))
    with pytest.raises(UnknownKindError):
        run_layer("nonsense", X)
    with pytest.raises(KnobError):
        run_layer(Spec.of("dense", bias=3), X)


def test_the_cells_say_how_the_numbers_came_about() -> None:
    run = run_layer("dense", X, units=2, parameters={"W.x": W, "b": B}, da=DA)
    checked = 0
    for array in ("z", "a", "slope", "dz"):
        for i, example in np.ndindex(2, 5):
            said = evaluate(run.cell(array, i, example=example), run.lookup)
            assert said == pytest.approx(run.arrays[array][i, example], abs=1e-13)
            checked += 1
    for index in np.ndindex(2, 3):
        shares = [evaluate(run.cell("dW.x", *index, example=k), run.lookup) for k in range(5)]
        assert sum(shares) == pytest.approx(run.gradients["W.x"][index], abs=1e-13)
        refs = [replace(run.place.ref("dW.x", index), example=k) for k in range(5)]
        assert [run.lookup(ref) for ref in refs] == shares
    assert checked == 40


# ---------------------------------------------------------------- all kinds


SHAPES: list[tuple[int, ...]] = [(4,), (4, 4), (2, 4, 4)]
"""Of a vector, a sequence and an image."""


def runs(cls: type[LayerKind], **more: object) -> list[tuple[tuple[int, ...], LayerRun]]:
    """The kind run on every shape that it takes."""
    rng, found = np.random.default_rng(8), []
    kind, count = cls(), max(1, cls.takes[0])
    for shape in SHAPES:
        x = [rng.integers(0, 3, (*shape, 3)) if cls.symbolic else rng.normal(0, 1, (*shape, 3))] * count
        try:
            ahead = run_layer(kind, *x, units=3)
        except DocumentError:
            continue
        da = np.random.default_rng(9).normal(0, 1, ahead.a.shape)
        found.append((shape, run_layer(kind, *x, units=3, da=da, **more)))  # type: ignore[arg-type]
    return found


KINDS = [pytest.param(cls, id=cls.kind) for cls in layers if cls.role == "hidden" and cls.takes[1] != 0]


@pytest.mark.parametrize("cls", KINDS)
def test_every_kind_runs_alone_with_true_gradients(cls: type[LayerKind]) -> None:
    """``Σ da ⊙ a`` changes with every parameter and input as the gradients say."""
    tried = runs(cls)
    assert tried
    for shape, run in tried:
        da, x = run.arrays["da"], [port.a for port in run.place.inputs]

        def total(
            inputs: list[Array], parameters: dict[str, Array], run: LayerRun = run, da: Array = da
        ) -> float:
            again = run_layer(run.kind, *inputs, units=3, parameters=parameters)
            return float((again.a * da).sum())

        numbers = {name: each.copy() for name, each in run.parameters.items()}
        rng = np.random.default_rng(1)
        slopes = [(numbers[name], slope, name) for name, slope in run.gradients.items()]
        given = [each.copy() for each in x]
        if not cls.symbolic:
            slopes += [
                (values, slope, "da_prev")
                for values, slope in zip(given, run.da_prev, strict=True)
                if slope is not None
            ]
        for values, slope, name in slopes:
            for flat in rng.choice(values.size, min(4, values.size), replace=False):
                index = np.unravel_index(flat, values.shape)
                old, sides = values[index], []
                for nudge in (1e-5, -1e-5):
                    values[index] = old + nudge
                    sides.append(total(given, numbers))
                values[index] = old
                numeric = (sides[0] - sides[1]) / 2e-5
                assert slope[index] == pytest.approx(numeric, rel=1e-5, abs=1e-6), (name, shape, index)


@pytest.mark.parametrize("cls", KINDS)
def test_every_kind_alone_is_the_kind_in_a_network(cls: type[LayerKind]) -> None:
    for shape, run in runs(cls):
        count = len(run.place.inputs)
        n = int(np.prod(shape))
        written = Spec.of("input", shape="x".join(map(str, shape)) if len(shape) > 1 else "")
        ends = [Layer(f"x{i}" if count > 1 else "x", written, tuple(range(n))) for i in range(1, count + 1)]
        it = Layer("layer", run.kind.spec, (0, 1, 2))
        flat = Layer("flat", Spec("flatten"), (0,))
        output = Layer("output", Spec("output"), (0,))
        wires = [Connection(each.id, "layer") for each in ends]
        middle = [flat] if len(run.place.shape) > 1 else []
        wires += [
            Connection(one.id, two.id) for one, two in zip([it, *middle], [*middle, output], strict=True)
        ]
        document = Document(layers=(*ends, it, *middle, output), connections=tuple(wires))
        start = fresh(document)
        drawn = {f"layer.{name}": frozen(values) for name, values in run.parameters.items()}
        store = ParameterStore(Layout(document))
        store.load(replace(start, parameters={**start.parameters, **drawn}))
        network = Network(store, 3)
        network.feed(np.concatenate([port.a.reshape(n, 3) for port in run.place.inputs]))
        network.forward()
        if network.plan.random:
            continue
        assert np.allclose(network.places["layer"].a, run.a, rtol=0, atol=1e-13), shape
