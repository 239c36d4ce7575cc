"""The worker runs every ready-made network, and its probes are answered whatever it takes in."""

from __future__ import annotations

import numpy as np
import pytest

from engine.architectures import architectures
from engine.session import Advance, Mailbox, Open, Seek, Watch
from engine.session.probes import OnData, UnitsOfExample
from engine.session.worker import Worker


@pytest.mark.parametrize("kind", [pytest.param(each, id=each.kind) for each in architectures])
def test_training_probes_and_the_way_back(kind: type) -> None:
    worker = Worker(Mailbox())
    worker.obey(Open(1, kind().document()))
    worker.obey(Watch("units", UnitsOfExample(1)))
    worker.obey(Watch("data", OnData(limit=3)))
    worker.obey(Advance(3))
    worker.publish(force=True)
    found, _, notices = worker.mailbox.take()
    assert found.step == 3 and not found.problem and not notices
    assert np.isfinite(found.curve).all() and len(found.curve) == 3
    layout = worker.trainer.layout
    for node in layout.active:
        assert found.answers["units"][node.layer.id]["a"].shape == node.shape
        assert found.answers["data"][node.layer.id, "a"].shape == (*node.shape, 3)
    after = worker.now.learned
    worker.obey(Seek(1))
    worker.obey(Seek(3))
    assert worker.now.learned.same_bits(after)
