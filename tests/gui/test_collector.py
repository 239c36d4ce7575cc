"""Cyclic garbage is collected in the window's thread only."""

from __future__ import annotations

import gc
import threading

import pytest
from pytestqt.qtbot import QtBot

from gui.collector import Collector


class Circle:
    """An object that refers to itself and says in which thread it died."""

    died_in: list[threading.Thread] = []

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        self.died_in.append(threading.current_thread())


@pytest.fixture
def collector(qtbot: QtBot):
    before = gc.isenabled()
    made = Collector()
    yield made
    made.end()
    assert gc.isenabled()
    if not before:
        gc.disable()


def test_a_worker_that_allocates_destroys_nothing(collector: Collector) -> None:
    Circle.died_in.clear()

    def work() -> None:
        for _ in range(20):
            Circle()
            [[] for _ in range(5000)]

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert not Circle.died_in
    kept = [[] for _ in range(gc.get_threshold()[0] + 100)]
    assert kept and collector.collect() >= 0
    assert set(Circle.died_in) == {threading.main_thread()}


def test_nothing_to_do(collector: Collector) -> None:
    gc.collect()
    assert collector.collect() == -1
