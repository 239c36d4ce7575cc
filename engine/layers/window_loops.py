"""How windows that slide over positions are written in un-vectorised loops. This module holds no kind."""

from __future__ import annotations

from dataclasses import dataclass

from engine.layers.windows import Windows


@dataclass(frozen=True)
class Sliding:
    """The parts of an equation with windows, as ``engine.core.loops`` reads them."""

    out: str
    """The position of a window: ``y, x``."""
    taps: str
    """The places within it: ``j, k``."""
    ranges: str
    """The same with how many there are: ``j:3, k:3``."""
    place: str
    """What a tap reads: ``y * 2 + j - 1, x * 2 + k - 1``."""
    inside: str
    """That this is no padding; empty where there is none."""

    @property
    def where(self) -> str:
        """For a sum over taps."""
        return f", where={self.inside}" if self.inside else ""

    @property
    def only(self) -> str:
        """For what is added to a cell."""
        return f" if {self.inside} else 0.0" if self.inside else ""


def sliding(windows: Windows) -> Sliding:
    """The names for windows over a sequence (t, k) or an image (y, x, j, k)."""
    out, taps = (("t",), ("k",)) if len(windows.sizes) == 1 else (("y", "x"), ("j", "k"))
    places = [
        f"{o} * {windows.stride} + {k} * {windows.dilation} - {windows.before}"
        for o, k in zip(out, taps, strict=True)
    ]
    padded = windows.before or windows.after
    inside = [f"0 <= {place} < {n}" for place, n in zip(places, windows.sizes, strict=True) if padded]
    ranges = [f"{k}:{windows.kernel}" for k in taps]
    return Sliding(
        ", ".join(out), ", ".join(taps), ", ".join(ranges), ", ".join(places), " and ".join(inside)
    )


def winners(outer: dict[str, int], inner: dict[str, int], place: str, won: str, inside: str = "") -> str:
    """The loops that hand da back to the first largest cell of every window."""
    lines = ["da_prev[:] = 0.0"]
    for name, count in outer.items():
        lines.append(f"{'    ' * (len(lines) - 1)}for {name} in range({count}):")
    deep = len(outer)
    lines.append(f"{'    ' * deep}free = True")
    for name, count in inner.items():
        lines.append(f"{'    ' * deep}for {name} in range({count}):")
        deep += 1
    test = " and ".join(filter(None, ("free", inside, f"a_prev[{place}] == a[{won}]")))
    lines += [f"{'    ' * deep}if {test}:", f"{'    ' * (deep + 1)}da_prev[{place}] += da[{won}]"]
    return "\n".join([*lines, f"{'    ' * (deep + 1)}free = False"])
