"""The simple recurrent layer: PyTorch's numbers, a plain loop, and differences."""

from __future__ import annotations

import numpy as np
import pytest

from engine.alone import LayerRun, run_layer
from engine.core.plan import Array
from engine.core.spec import Spec
from engine.layers import layers


def wave(start: int, *shape: int) -> Array:
    """Numbers that anybody can make again: sin(start), sin(start + 1), ..."""
    return np.sin(np.arange(start, start + np.prod(shape), dtype=float)).reshape(shape)


def torch_case(**settings: object) -> LayerRun:
    """n = 2, H = 2, T = 3, bidirectional; PyTorch's weights filled with ``wave`` in their order."""
    Wx, Wx_back = wave(1, 2, 2), wave(13, 2, 2)
    b, b_back = wave(9, 2) + wave(11, 2), wave(21, 2) + wave(23, 2)
    parameters = {
        "Wx.x": np.concatenate((Wx, Wx_back)),
        "U": wave(5, 2, 2),
        "V": wave(17, 2, 2),
        "b": np.concatenate((b, b_back))[:, None],
    }
    kind = layers.make(Spec.of("rnn", bidirectional=True, **settings))  # type: ignore[arg-type]
    return run_layer(kind, wave(100, 2, 3, 1), units=2, parameters=parameters, da=wave(200, 4, 3, 1))


def test_agrees_with_pytorch() -> None:
    """torch.nn.RNN(2, 2, bidirectional=True) in double precision."""
    run = torch_case()
    a = [
        [-0.419826808779, 0.159743613407, -0.476001786853],
        [-0.925134893606, -0.961432479758, -0.782564204623],
        [0.448238916166, 0.324048043427, -0.502758346128],
        [-0.952662279175, -0.531592227873, 0.011913857524],
    ]
    dx = [
        [-0.312488877093, -0.003250457828, 0.580087288411],
        [-0.996756341061, -0.590645490585, 1.057061141348],
    ]
    dWx = [
        [0.290748445464, -0.392080705487],
        [-0.36757783202, 0.377648495808],
        [0.838255860869, -0.87292145918],
        [0.290424376288, -0.174112401127],
    ]
    np.testing.assert_allclose(run.a[..., 0], a, atol=2e-12)
    assert run.da_prev[0] is not None
    np.testing.assert_allclose(run.da_prev[0][..., 0], dx, atol=2e-12)
    np.testing.assert_allclose(run.gradients["Wx.x"], dWx, atol=2e-12)
    np.testing.assert_allclose(
        run.gradients["U"], [[0.444113177782, 0.159454208939], [-0.0364413001, 0.283639387057]], atol=2e-12
    )
    np.testing.assert_allclose(
        run.gradients["V"],
        [[-0.443274258856, 0.418537701315], [-0.380138507246, -0.039248454316]],
        atol=2e-12,
    )
    db = [-0.278141523105, -0.13082041888, -0.125445836936, 0.875866845164]
    np.testing.assert_allclose(run.gradients["b"][:, 0], db, atol=2e-12)


def plain(x: Array, q: dict[str, Array], g: str) -> Array:
    """The forward pass unit by unit, as on the blackboard."""
    (n, T, m), H = x.shape, len(q["b"])
    a = np.zeros((H, T, m))
    for e in range(m):
        for t in range(T):
            for i in range(H):
                z = q["b"][i, 0]
                for j in range(n):
                    z += q["Wx.x"][i, j] * x[j, t, e]
                for j in range(H):
                    z += q["U"][i, j] * a[j, t - 1, e] if t else 0.0
                a[i, t, e] = np.tanh(z) if g == "tanh" else max(0.0, z)
    return a


@pytest.mark.parametrize("g", ["tanh", "relu"])
def test_agrees_with_a_plain_loop_and_its_differences(g: str) -> None:
    rng = np.random.default_rng(4)
    x, da = rng.normal(size=(3, 4, 2)), rng.normal(size=(2, 4, 2))
    q = {"Wx.x": rng.normal(size=(2, 3)), "U": rng.normal(size=(2, 2)), "b": rng.normal(size=(2, 1))}
    run = run_layer(layers.make(Spec.of("rnn", activation=g)), x, units=2, parameters=q, da=da)
    np.testing.assert_allclose(run.a, plain(x, q, g), atol=1e-13)
    assert (run.a != 0.0).any() and ((run.a == 0.0).any() == (g == "relu"))
    for name, values in {**q, "x": x}.items():
        slope = np.zeros_like(values)
        for at in np.ndindex(values.shape):
            ends = []
            for step in (1e-6, -1e-6):
                moved = values.copy()
                moved[at] += step
                ends.append((plain(moved if name == "x" else x, {**q, name: moved}, g) * da).sum())
            slope[at] = (ends[0] - ends[1]) / 2e-6
        np.testing.assert_allclose(run.da_prev[0] if name == "x" else run.gradients[name], slope, atol=1e-8)


def test_blame_arrives_from_two_sides() -> None:
    """One unit, W = 1, U = ½, b = 0, ReLU, x = 1 at 3 steps: dh = da + ½ dz⟨t+1⟩, by hand."""
    q = {"Wx.x": np.array([[1.0]]), "U": np.array([[0.5]]), "b": np.array([[0.0]])}
    kind = layers.make(Spec.of("rnn", activation="relu"))
    run = run_layer(kind, np.ones((1, 3, 1)), units=1, parameters=q, da=np.array([[[1.0], [2.0], [4.0]]]))
    assert run.a[0, :, 0].tolist() == [1.0, 1.5, 1.75]
    assert run.arrays["dh"][0, :, 0].tolist() == [3.0, 4.0, 4.0]
    assert run.arrays["dz"][0, :, 0].tolist() == [3.0, 4.0, 4.0]
    assert run.gradients["Wx.x"].tolist() == [[11.0]]
    assert run.gradients["U"].tolist() == [[4.0 * 1.0 + 4.0 * 1.5]]
    assert run.gradients["b"].tolist() == [[11.0]]
