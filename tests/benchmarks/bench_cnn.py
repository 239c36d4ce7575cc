"""Where the time of one training step of the convolutional network W5 goes, line by line.

    python tests/benchmarks/bench_cnn.py [--runs 300] [--dtype double]

prints one JSON object: for every line of the plan the microseconds (median and best), and of a
product of matrices the 10^9 multiply-adds a second that it reaches at best. ``gemm`` is what one large
product reaches on this machine, with one thread.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from peers import assumed
from peers.images import BATCH
from peers.machine import Gemm
from peers.workload import labels, one_hot

from engine.core.plan import Line
from engine.learned import fresh
from engine.network import Network
from engine.trainer import Trainer

PRODUCTS = ("z = W", "dW = dz", "dWᵀ = columns", "da_prev = Wᵀ", "da_prev = turned W")
"""How the equations of lines begin that are products with weights, or for the weights."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--dtype", choices=("single", "double"), default="single")
    options = parser.parse_args()
    dtype = np.float32 if options.dtype == "single" else np.float64
    gemm = Gemm(dtype, False)
    gemm.measure()
    X, Y = np.random.default_rng(1).normal(size=(784, BATCH)), one_hot(labels(10, BATCH), 10)
    document = assumed.images(None)
    trainer = Trainer(document, assumed.image_data(X, Y), fresh(document), dtype=dtype)
    trainer.advance(20)
    lines = profile(trainer.network(BATCH), options.runs)
    gemm.measure()
    total = sum(each["median_us"] for each in lines)
    products = [each for each in lines if each["multiply_adds"]]
    print(
        json.dumps(
            {
                "benchmark": "cnn",
                "precision": options.dtype,
                "gemm_1e9_multiply_adds_a_second": gemm.rates,
                "median_us": round(total, 1),
                "best_us": round(sum(each["best_us"] for each in lines), 1),
                "products_median_us": round(sum(each["median_us"] for each in products), 1),
                "products_best_us": round(sum(each["best_us"] for each in products), 1),
                "lines": sorted(lines, key=lambda each: -each["median_us"]),
            },
            indent=2,
            ensure_ascii=False,
        )
    )


def profile(network: Network, runs: int) -> list[dict[str, Any]]:
    """Every line's own time, over that many runs of the whole plan."""
    lines = network.plan.lines
    times: list[list[int]] = [[] for _ in lines]
    for _ in range(runs):
        for line, spent in zip(lines, times, strict=True):
            start = time.perf_counter_ns()
            line.call()
            spent.append(time.perf_counter_ns() - start)
    found = []
    for line, spent in zip(lines, times, strict=True):
        median, adds = statistics.median(spent) / 1e3, multiply_adds(network, line)
        each: dict[str, Any] = {
            "layer": line.owner,
            "phase": str(line.phase),
            "equation": line.equation,
            "median_us": round(median, 1),
            "best_us": round(min(spent) / 1e3, 1),
            "multiply_adds": adds,
        }
        if adds:
            each["1e9_a_second"] = round(adds / min(spent), 1)
        found.append(each)
    return found


def multiply_adds(network: Network, line: Line) -> int:
    """Of a line that multiplies matrices: every weight times every position and example."""
    if not line.equation.startswith(PRODUCTS):
        return 0
    place = network.places[line.owner]
    weights = sum(each.size for name, each in place.parameters.items() if name.startswith("W."))
    return weights * math.prod(place.shape[1:]) * network.m


if __name__ == "__main__":
    main()
