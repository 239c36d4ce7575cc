"""The worker in its thread: a flood of updates, and an end without a trace."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from engine.samples import first_light
from engine.session import Advance, Open, Pause, Play, Session
from engine.trainer import Trainer


@pytest.fixture
def session():
    made = Session()
    yield made
    assert made.close()
    assert not [each for each in threading.enumerate() if each.name == "axon-worker"]


@pytest.mark.slow
def test_a_flood_of_updates_loses_no_loss_value_and_does_not_flood_the_mailbox(session: Session) -> None:
    session.send(Open(1, first_light()))
    session.send(Play())
    taken, curve, end = 0, [], time.monotonic() + 1.5
    while time.monotonic() < end:
        snapshot, _, _ = session.take()
        if snapshot is not None:
            taken += 1
            assert snapshot.curve_from == len(curve)
            curve.extend(snapshot.curve)
        time.sleep(0.001)
    session.send(Pause())
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        snapshot, _, _ = session.take()
        if snapshot is not None:
            assert snapshot.curve_from == len(curve)
            curve.extend(snapshot.curve)
            if not snapshot.running:
                break
        time.sleep(0.001)
    assert len(curve) == snapshot.step > 500
    assert taken <= 1.5 * 60 + 10
    again = Trainer(first_light(), snapshot.data, _fresh())
    again.advance(len(curve))
    assert np.array_equal(again.curve.values, curve)


def _fresh():
    from engine.learned import fresh

    return fresh(first_light())


def test_a_mistake_in_the_program_becomes_a_notice(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    session.send(Open(1, first_light()))
    session.send("nonsense")  # type: ignore[arg-type]
    session.send(Advance("many"))  # type: ignore[arg-type]
    session.send(Advance(2))
    deadline, notices, step = time.monotonic() + 5, [], 0
    while time.monotonic() < deadline and step < 2:
        snapshot, _, more = session.take()
        notices += more
        step = snapshot.step if snapshot is not None else step
        time.sleep(0.002)
    assert step == 2 and len(notices) == 1
    assert notices[0].startswith("Training was stopped by an error in Axon (TypeError")
    assert "Traceback" in capsys.readouterr().err
