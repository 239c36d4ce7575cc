"""Breakpoints of walks leave training alone; a number that is no longer finite stops it, J or not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.breakpoints import breakpoints
from engine.core.spec import Spec
from engine.document import Document
from engine.learned import fresh, frozen
from engine.samples import first_light, mlp
from engine.session.messages import Advance, Open, Seek, SetBreakpoints
from engine.session.snapshot import Mailbox
from engine.session.worker import Worker


def wild(rate: float) -> Document:
    """A network that diverges."""
    return mlp(
        2, 4, 1, hidden="relu", output="identity", loss=Spec("mse"),
        optimizer=Spec.of("gradient_descent", learning_rate=rate),
    )  # fmt: skip


def opened(document: Document, *specs: Spec) -> Worker:
    worker = Worker(Mailbox())
    worker.obey(Open(1, document))
    worker.obey(SetBreakpoints(specs))
    return worker


def test_a_breakpoint_of_walks_never_stops_training() -> None:
    worker = opened(first_light(), Spec.of("reached", layer="hidden", unit=2))
    worker.obey(Advance(50))
    assert worker.trainer.step == 50 and worker.watching.hit is None


def test_what_can_be_reached_is_calculated() -> None:
    worker = opened(first_light())
    layout, data = worker.trainer.layout, worker.trainer.data

    def unfit(**at: object) -> str:
        return breakpoints.make(Spec.of("reached", **at)).unfit(layout, data)

    assert not unfit(layer="hidden") and not unfit(layer="output", unit=0)
    assert not unfit(layer="input")  # backwards
    assert "no longer" in unfit(layer="gone")
    assert "no longer" in unfit(layer="hidden", unit=99) and "Choose" in unfit()


def test_divergence_offers_the_state_in_which_J_was_lowest() -> None:
    worker = opened(wild(1000.0))
    with np.errstate(all="ignore"):
        worker.obey(Advance(5000))
    hit = worker.watching.hit
    assert hit is not None and hit.sentence.startswith("Training stopped at update")
    J = worker.trainer.curve.values
    best = min(range(worker.trainer.step), key=lambda update: (J[update], -update))
    assert hit.step == best + 1
    worker.obey(Seek(hit.step - 1))
    assert worker.trainer.step == best


def test_nan_is_seen_right_after_the_update_that_made_it() -> None:
    document = mlp(2, 2, 2, 1, hidden="identity", output="identity", loss=Spec("mae"))
    start = fresh(document)
    sizes = {"hidden.W.input": 1e-200, "hidden2.W.hidden": 1e200, "output.W.hidden2": 1e200}
    huge = {key: frozen(np.full(each.shape, sizes.get(key, 0.0))) for key, each in start.parameters.items()}
    worker = Worker(Mailbox())  # J is about 1e200, but the gradient of the first layer beyond 1e308
    worker.obey(Open(1, document, replace(start, parameters=huge)))
    worker.obey(SetBreakpoints((Spec("not_finite"),)))
    with np.errstate(all="ignore"):
        worker.obey(Advance(5000))
    hit, parameters = worker.watching.hit, worker.trainer.store.parameters
    assert hit is not None and [each.kind for each in hit.specs] == ["not_finite"]
    assert worker.trainer.step == hit.step
    gradients = worker.trainer.store.gradients
    assert not all(np.isfinite(each).all() for each in (*parameters.values(), *gradients.values()))
    worker.obey(Seek(hit.step - 1))
    assert all(np.isfinite(each).all() for each in parameters.values())
