"""Every initialiser: shape, reproducible, finite, and the spread that its formula promises."""

from __future__ import annotations

import numpy as np
import pytest

from engine.initializers import Initializer, initializers

KINDS = [pytest.param(cls(), id=cls.kind) for cls in initializers]

FAN_IN, FAN_OUT = 30, 20
SPREAD = {
    "glorot": (0.0, np.sqrt(2.0 / (FAN_IN + FAN_OUT))),
    "he": (0.0, np.sqrt(2.0 / FAN_IN)),
    "lecun": (0.0, np.sqrt(1.0 / FAN_IN)),
    "orthogonal": (0.0, 1.0 / np.sqrt(400)),
    "normal": (0.0, 1.0),
    "uniform": (0.0, 1.0 / np.sqrt(3.0)),
    "zeros": (0.0, 0.0),
    "constant": (0.1, 0.0),
}
"""Mean and standard deviation of kinds with their default settings."""


def rng(seed: int = 7) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(1, 1), (4, 2), (3, 1, 5, 5)])
def test_shape_type_and_finite(kind: Initializer, shape: tuple[int, ...]) -> None:
    drawn = kind.draw(rng(), shape, FAN_IN, FAN_OUT)
    assert drawn.shape == shape
    assert drawn.dtype == np.float64
    assert np.isfinite(drawn).all()


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_bits(kind: Initializer) -> None:
    one, two = (kind.draw(rng(), (6, 5), FAN_IN, FAN_OUT) for _ in range(2))
    assert one.tobytes() == two.tobytes()
    other = kind.draw(rng(8), (6, 5), FAN_IN, FAN_OUT)
    assert (np.ptp(one) == 0.0) == (one.tobytes() == other.tobytes())


@pytest.mark.parametrize("kind", KINDS)
def test_one_unit_on_either_side_is_enough(kind: Initializer) -> None:
    assert np.isfinite(kind.draw(rng(), (1, 1), 1, 1)).all()


@pytest.mark.parametrize("kind", KINDS)
def test_the_spread_is_as_promised(kind: Initializer) -> None:
    drawn = kind.draw(rng(), (400, 250), FAN_IN, FAN_OUT)
    assert kind.kind in SPREAD, f"say in SPREAD which mean and deviation {kind.title} promises"
    mean, deviation = SPREAD[kind.kind]
    assert drawn.std() == pytest.approx(deviation, rel=0.05, abs=1e-12)
    assert drawn.mean() == pytest.approx(mean, abs=0.02 * deviation + 1e-12)


def test_settings_count() -> None:
    normal = initializers.make(initializers["normal"](deviation=0.01).spec)  # type: ignore[call-arg]
    assert normal.draw(rng(), (400, 250), 1, 1).std() == pytest.approx(0.01, rel=0.05)
    limit = np.abs(initializers["uniform"](limit=0.2).draw(rng(), (400, 250), 1, 1))  # type: ignore[call-arg]
    assert 0.199 < limit.max() <= 0.2
    glorot = np.abs(initializers.make("glorot").draw(rng(), (400, 250), FAN_IN, FAN_OUT))
    assert glorot.max() <= np.sqrt(6.0 / (FAN_IN + FAN_OUT))
