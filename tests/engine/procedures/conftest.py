"""Networks for the ways of training, and what every way must keep to."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.core.spec import Spec
from engine.datasets.base import Data
from engine.document import Connection, Document, Layer, Training
from engine.learned import fresh
from engine.timeline import Timeline
from engine.trainer import Trainer


def _layer(id: str, kind: str, units: int, **knobs: object) -> Layer:
    return Layer(id, Spec.of(kind, **knobs), tuple(range(units)))  # type: ignore[arg-type]


def _dense(id: str, units: int, activation: str = "tanh") -> Layer:
    return _layer(id, "dense", units, activation=Spec(activation))


def _wires(*pairs: str) -> tuple[Connection, ...]:
    return tuple(Connection(*pair.split(">")) for pair in pairs)


def _gan(
    *, n: int = 2, width: int = 3, blur: float = 0.0, fades: int | None = None, **chosen: object
) -> Document:
    behind = "blur" if blur else "switch"
    fading = {} if fades is None else {"fades": fades}
    noisy = (_layer("blur", "gaussian_noise", n, deviation=blur, **fading),) if blur else ()
    return Document(
        "GAN",
        (
            _layer("noise", "noise", 2),
            _dense("make", width),
            _dense("fake", n, "identity"),
            _layer("real", "input", n),
            _layer("which", "input", 1),
            _layer("switch", "choice", n),
            *noisy,
            _dense("judge", width),
            _layer("verdict", "output", 1, activation=Spec("sigmoid")),
        ),
        _wires(
            "noise>make",
            "make>fake",
            "real>switch",
            "fake>switch",
            "which>switch",
            *(["switch>blur"] if blur else []),
            f"{behind}>judge",
            "judge>verdict",
        ),
        **{"loss": Spec("bce"), "training": Training(procedure=Spec("gan")), **chosen},  # type: ignore[arg-type]
    )


def _diffusion(*, n: int = 2, classes: int = 0, width: int = 5, **chosen: object) -> Document:
    third = (_layer("class", "input", classes),) if classes else ()
    return Document(
        "Diffusion",
        (
            _layer("x", "input", n),
            _layer("t", "input", 1),
            *third,
            _layer("time", "time_embedding", 4),
            _dense("hidden", width),
            _layer("output", "output", n, activation=Spec("identity")),
        ),
        _wires("t>time", "x>hidden", "time>hidden", *(["class>hidden"] if classes else []), "hidden>output"),
        **{"loss": Spec("mse"), "training": Training(procedure=Spec("diffusion")), **chosen},  # type: ignore[arg-type]
    )


@pytest.fixture
def gan() -> Callable[..., Document]:
    """A GAN: noise, make, fake; real and which; switch; judge, verdict."""
    return _gan


@pytest.fixture
def diffusion() -> Callable[..., Document]:
    """A noise predictor: x and t (and class), time embedding, hidden, output."""
    return _diffusion


def _same_on_every_way(document: Document, data: Data, updates: int = 200) -> None:
    straight = Trainer(document, data, fresh(document))
    half = None
    for _ in range(updates):
        if straight.step == updates // 2 + 1:
            half = straight.learned
        straight.advance()
    goal = straight.learned
    assert any(goal.parameters[key].tobytes() != each.tobytes() for key, each in goal.initial.items())

    at_once = Trainer(document, data, fresh(document))
    at_once.advance(updates)
    assert at_once.learned.same_bits(goal)

    timeline = Timeline(Trainer(document, data, fresh(document)), budget=20 * straight.store.theta.nbytes)
    timeline.advance(updates)
    assert timeline.trainer.learned.same_bits(goal)
    for back in (updates - 1, 7, updates // 2 + 1, 0, updates // 2):
        timeline.seek(back)
        assert timeline.trainer.step == back
    timeline.seek(updates)
    assert timeline.trainer.learned.same_bits(goal)

    assert half is not None
    resumed = Trainer(document, data, half)
    resumed.advance(updates - half.step)
    assert resumed.learned.same_bits(goal)
    assert resumed.curve.values.tobytes() == straight.curve.values[half.step :].tobytes()
    assert np.isfinite(straight.curve.values).all()


@pytest.fixture
def same_on_every_way() -> Callable[..., None]:
    """Trains update by update, all at once, with seeks back, and on from a saved state: the same bits."""
    return _same_on_every_way
