"""The machine: what it is, and how fast it multiplies matrices at the most."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import numpy as np

SIDE = 1024


def described() -> dict[str, object]:
    """Processor, load and versions."""
    versions = {}
    for name in ("numpy", "torch", "scikit-learn"):
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = None
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **versions,
        "blas": _blas(),
        "load": load(),
    }


def load() -> float | None:
    """Processes that wanted to run in the last minute."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


class Gemm:
    """Multiply-adds a second of a product of 1024 x 1024 matrices, the best of all tries, in 10^9."""

    def __init__(self, dtype: type, torch: bool) -> None:
        one = np.random.default_rng(1).normal(size=(SIDE, SIDE)).astype(dtype)
        out = np.empty_like(one)
        self._ways: dict[str, Callable[[], object]] = {"numpy": lambda: np.dot(one, one, out)}
        if torch:
            import torch as library

            left = library.from_numpy(one)
            right = library.empty_like(left)
            self._ways["torch"] = lambda: library.mm(left, left, out=right)
        self.rates = dict.fromkeys(self._ways, 0.0)

    @property
    def best(self) -> float:
        """The faster of the libraries."""
        return max(self.rates.values())

    def measure(self, tries: int = 10) -> None:
        """Try again: a busy machine is seldom busy all the time."""
        for _ in range(tries):
            for name, multiply in self._ways.items():
                start = time.perf_counter()
                multiply()
                rate = SIDE**3 / (time.perf_counter() - start) / 1e9
                self.rates[name] = max(self.rates[name], round(rate, 1))


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _blas() -> str:
    found = np.show_config(mode="dicts")
    blas = (found or {}).get("Build Dependencies", {}).get("blas", {})
    return f"{blas.get('name', '')} {blas.get('version', '')}".strip()
