"""Axon beside PyTorch, scikit-learn and plain NumPy: microseconds for one step of each workload.

    python tests/benchmarks/bench_peers.py [--only W1,W3] [--seconds 6] [--threads 2] [--dtype double]

prints one JSON object and, on stderr, a table. A step is forward, loss, backward and update; one of
W9 is a forward pass. All sides run in one process, block after block in turn, with one thread for
the matrix products unless told otherwise. ``ratio`` is PyTorch's best way against Axon, round by
round: above 1 Axon is faster; ``CPU`` is the same of CPU time, which other programs disturb less.
``share`` is the part of a step that the matrix products would need at the speed of a large one.
With ``--fed`` every step takes another batch of a data set that is shuffled anew every epoch;
otherwise a workload trains on one batch (W2: 50 of them).

PyTorch and scikit-learn are left out where they are not installed. Learning rates of the larger
workloads are tiny: the work of a step stays the same however many come.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
FAILED = "failed:"
"""How the reason of a side begins that ended in an error; the script then ends with 1."""
UNSET = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""Settings that choose other kernels for NumPy's matrix products; set for one they mislead the other."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Axon beside its peers.")
    parser.add_argument("--only", default="", help="names of workloads, such as W1,W3")
    parser.add_argument("--seconds", type=float, default=6.0, help="for each workload")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--dtype", choices=("single", "double"), default="single")
    parser.add_argument("--fed", action="store_true", help="another batch of a shuffled data set every step")
    options = parser.parse_args()
    wanted = {name: str(options.threads) for name in THREADS}
    if any(name in os.environ for name in UNSET) or any(os.environ.get(n) != v for n, v in wanted.items()):
        kept = {name: value for name, value in os.environ.items() if name not in UNSET}
        command = [sys.executable, str(Path(__file__).resolve()), *sys.argv[1:]]
        sys.exit(subprocess.run(command, env=kept | wanted, check=False).returncode)
    found = measured(options)
    print(json.dumps(found, indent=2))
    sys.exit(int(f'"{FAILED}' in json.dumps(found)))


def measured(options: argparse.Namespace) -> dict[str, object]:
    """All workloads asked for."""
    here = Path(__file__).resolve().parent
    sys.path[:0] = [str(here.parents[1]), str(here)]
    import numpy as np
    from peers import dense, gan, images, machine, sequences
    from peers.workload import Setting

    torch = find_spec("torch") is not None
    if torch:
        import torch as library

        library.set_num_threads(options.threads)
        library.set_num_interop_threads(1)
    setting = Setting(np.float32 if options.dtype == "single" else np.float64, options.fed)
    about = machine.described()
    gemm = machine.Gemm(setting.dtype, torch)
    found = [*dense.WORKLOADS, *images.WORKLOADS, *sequences.WORKLOADS, *gan.WORKLOADS]
    found.sort(key=lambda each: each.name)
    names = {each.name.lower() for each in found}
    only = {name.strip().lower() for name in options.only.split(",") if name.strip()} or names
    if only - names:
        sys.exit(f"There is no workload {', '.join(sorted(only - names))}.")
    results: dict[str, dict[str, Any]] = {}
    for each in found:
        if each.name.lower() in only:
            _say(f"{each.name}: {each.title}")
            gemm.measure()
            results[each.name] = row(each, setting, options, torch)
    for result in results.values():
        share(result, gemm.best)
    _say(f"{about['processor']}, {options.dtype}, {options.threads} thread(s), GEMM {gemm.rates} 10^9/s")
    _say(HEADING)
    for name, result in results.items():
        _say(line(name, result))
    return {
        "unit": "microseconds a step",
        "precision": options.dtype,
        "threads": options.threads,
        "fed": options.fed,
        "machine": about | {"load_after": machine.load()},
        "gemm_1e9_multiply_adds_a_second": gemm.rates,
        "workloads": results,
    }


def share(result: dict[str, Any], rate: float) -> None:
    """Add which part of a step its products would need at ``rate`` 10^9 multiply-adds a second."""
    limit = result["multiply_adds"] / rate / 1e3
    result["gemm_limit_us"] = round(limit, 2)
    for each in result.values():
        if isinstance(each, dict) and "median_us" in each:
            each["share_of_gemm_limit"] = round(limit / each["median_us"], 3)


def row(workload, setting, options, torch: bool) -> dict[str, Any]:  # type: ignore[no-untyped-def]
    """One workload; a side that cannot run has ``None`` and the reason."""
    from peers import timing
    from peers.workload import NotAvailable

    sides, reasons = {}, {}
    makers = {"axon": workload.axon, **workload.others}
    for name, make in makers.items():
        try:
            sides[name] = make(setting)
        except NotAvailable as error:
            reasons[name] = str(error)
        except Exception as error:  # a fault of one side must not end the run
            reasons[name] = f"{FAILED} {type(error).__name__}: {error}"
    if torch:
        sides |= {f"PyTorch {name}": side for name, side in workload.torch(setting).items()}
    else:
        reasons["PyTorch"] = "PyTorch is not installed"
    result: dict[str, Any] = {
        "title": workload.title,
        "multiply_adds": workload.multiply_adds,
        "parameters": {name: side.parameters for name, side in sides.items()},
        "axon": None,
    }
    times = timing.interleaved(sides, options.seconds, rest=options.threads > 1)
    result |= {name: timing.summary(each, workload.batch) for name, each in times.items()}
    result["left_out"] = reasons
    rivals = [name for name in times if name.startswith("PyTorch")]
    if rivals:
        best = min(rivals, key=lambda name: result[name]["median_us"])
        result["best_pytorch"] = best
        result["floor"], result["goal"] = workload.floor, workload.goal
        if "axon" in times:
            ratio = timing.paired(times[best].wall, times["axon"].wall)
            result["ratio"] = ratio
            if options.threads == 1:
                result["ratio_of_cpu_time"] = timing.paired(times[best].cpu, times["axon"].cpu)
            result["verdict"] = verdict(ratio["median"], workload.floor, workload.goal)
    return result


def verdict(ratio: float, floor: float, goal: float) -> str:
    """Where a ratio stands."""
    return "goal" if ratio >= goal else "floor" if ratio >= floor else "below"


HEADING = (
    f"{'':4} {'Axon us':>17} {'share':>6} {'PyTorch us':>17} {'':24} {'ratio':>6} {'(quartiles)':>15}"
    f" {'CPU':>6} {'floor':>6} {'goal':>6} {'':6} others, median us"
)


def line(name: str, found: Mapping[str, Any]) -> str:
    """One row of the table; times are median / best."""
    axon, best = found["axon"], found.get("best_pytorch", "")
    others = [
        f"{key} {value['median_us']}"
        for key, value in found.items()
        if key not in {"axon", best} and isinstance(value, Mapping) and "median_us" in value
    ]
    cells = [f"{name:4}", f"{_times(axon):>17}"]
    cells.append(f"{100 * axon['share_of_gemm_limit']:5.1f}%" if isinstance(axon, Mapping) else f"{'':6}")
    cells += [f"{_times(found.get(str(best))):>17}", f"{str(best).removeprefix('PyTorch '):24}"]
    ratio = found.get("ratio")
    if isinstance(ratio, Mapping):
        spread = f"({ratio['low']:.2f} to {ratio['high']:.2f})"
        cpu = f"{found['ratio_of_cpu_time']['median']:.2f}" if "ratio_of_cpu_time" in found else ""
        cells.append(f"{ratio['median']:6.2f} {spread:>15} {cpu:>6}")
    else:
        cells.append(f"{'':29}")
    cells.append(f"{found.get('floor', ''):>6} {found.get('goal', ''):>6} {found.get('verdict', ''):6}")
    cells.append("; ".join(others))
    left_out = found["left_out"]
    notes = "".join(f"\n     no {key}: {reason}" for key, reason in left_out.items())
    return " ".join(cells).rstrip() + notes


def _times(each: object) -> str:
    return f"{each['median_us']} / {each['best_us']}" if isinstance(each, Mapping) else "-"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
