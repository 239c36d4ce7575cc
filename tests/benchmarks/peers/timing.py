"""Fair timing: blocks of all sides in turn, so that a busy machine is as busy for each."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from peers.workload import Run, Side

ROUNDS = 15
WARM_UP = 0.2
"""Seconds."""
SETTLE = 0.06
"""Seconds of rest between blocks with several threads: idle ones of the side before go on spinning."""


@dataclass
class Times:
    """Seconds a step, one number a round: by the clock on the wall, and of the process's CPU time.

    CPU time does not count what other programs take; with several threads it says nothing.
    """

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def interleaved(sides: Mapping[str, Side], seconds: float, *, rest: bool) -> dict[str, Times]:
    """The times of each side."""
    block = seconds / ROUNDS / max(1, len(sides))
    steps = {name: _steps(each, block) for name, each in sides.items()}
    found = {name: Times() for name in sides}
    gc.collect()
    gc.disable()
    try:
        for _ in range(ROUNDS):
            for name, each in sides.items():
                if rest:
                    time.sleep(SETTLE)
                    each.run(each.least)
                cpu = time.process_time()
                found[name].wall.append(_timed(each.run, steps[name]))
                found[name].cpu.append((time.process_time() - cpu) / steps[name])
    finally:
        gc.enable()
    return found


def _steps(side: Side, block: float) -> int:
    """How many steps fill a block; warms the side up on the way."""
    steps, start = side.least, time.perf_counter()
    taken = _timed(side.run, steps)
    while time.perf_counter() - start < WARM_UP:
        taken = min(taken, _timed(side.run, steps))
        if taken * steps < WARM_UP / 20:
            steps *= 2
    return side.least * max(1, round(block / taken / side.least))


def _timed(run: Run, steps: int) -> float:
    start = time.perf_counter()
    run(steps)
    return (time.perf_counter() - start) / steps


def summary(times: Times, batch: int) -> dict[str, float]:
    """Microseconds a step and examples a second."""
    median, best = statistics.median(times.wall), min(times.wall)
    return {
        "median_us": _rounded(1e6 * median),
        "best_us": _rounded(1e6 * best),
        "median_cpu_us": _rounded(1e6 * statistics.median(times.cpu)),
        "samples_a_second": round(batch / median),
    }


def paired(above: Sequence[float], below: Sequence[float]) -> dict[str, float]:
    """The ratio of two sides round by round: its median and its quartiles."""
    ratios = [one / two for one, two in zip(above, below, strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4)
    return {"median": round(middle, 3), "low": round(low, 3), "high": round(high, 3)}


def _rounded(value: float) -> float:
    return round(value, 2 if value < 100 else 1)
