"""Equations with indices written out as loops, compared with loops that were written by hand."""

from __future__ import annotations

from textwrap import dedent

import pytest

from engine.core.loops import written_out

SHAPES = {"z": (4, 5), "W": (4, 2), "x": (2, 5), "b": (4, 1), "c": (4, 3, 5), "f": (4, 3, 5)}
CASES = {
    "z[i, at, e] = sum[j](W[i, j] * x[j, at, e]) + b[i, 0]": """
        for e in range(5):
            for i in range(4):
                z[i, e] = b[i, 0]
                for j in range(2):
                    z[i, e] += W[i, j] * x[j, e]
    """,
    "z[i, e] = sum[j](W[i, j] * x[j, e]) + nothing[i, 0]": """
        for e in range(5):
            for i in range(4):
                z[i, e] = 0.0
                for j in range(2):
                    z[i, e] += W[i, j] * x[j, e]
    """,
    "z[i, e] = exp(z[i, e]) / sum[k](exp(z[k, e]))": """
        for e in range(5):
            for i in range(4):
                total = 0.0
                for k in range(4):
                    total += exp(z[k, e])
                z[i, e] = exp(z[i, e]) / total
    """,
    "z[i, e] = max[j:3](x[s * i + j - p, e], where=0 <= i + j - p < n and i > 0)": """
        for e in range(5):
            for i in range(4):
                most = -inf
                if i > 0:
                    for j in range(3):
                        if 0 <= i + j - 1 < 6:
                            most = max(most, x[i + j - 1, e])
                z[i, e] = most
    """,
    "c[i, t, e] = f[i, t, e] + (c[i, t + 1, e] if t < 2 else 0.0)": """
        for e in range(5):
            for i in range(4):
                for t in reversed(range(3)):
                    c[i, t, e] = f[i, t, e] + (c[i, t + 1, e] if t < 2 else 0.0)
    """,
    "x[:] = 0.0\nx[i // 2, e] += z[i, e] if i > p else 0.0": """
        x[:] = 0.0
        for e in range(5):
            for i in range(4):
                if i > 1:
                    x[i // 2, e] += z[i, e]
    """,
}


@pytest.mark.parametrize("equation", CASES)
def test_an_equation_is_written_out(equation: str) -> None:
    made = written_out(equation, SHAPES, 1, {"s": 1, "p": 1, "n": 6})
    assert made == dedent(CASES[equation]).strip()


def test_positions_of_sequences_and_images() -> None:
    shapes = {"a": (2, 3, 4, 5), "b": (2, 3, 5)}
    assert "a[c, y, x, e] = 1.0" in written_out("a[c, at, e] = 1.0", shapes, 3, {})
    assert "b[c, t, e] = 1.0" in written_out("b[c, at, e] = 1.0", shapes, 2, {})
