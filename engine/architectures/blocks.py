"""The block of a transformer, which several networks are made of. This module holds no kind."""

from __future__ import annotations

from engine.architectures.builder import Builder
from engine.core.spec import Spec


def transformer_block(
    draw: Builder, name: str, d: int, *, heads: int, wide: int, causal: bool, norm_first: bool
) -> None:
    """Attention and a dense part of two layers, each with a shortcut around it.

    With the norm first: ``x := x + attention(norm x)``, ``x := x + dense(norm x)``; after:
    ``x := norm(x + attention x)``, ``x := norm(x + dense x)``. The shortcuts run along row 0.
    """
    here = draw.last
    with draw.group(name):
        for part in ("attention", "dense"):
            if norm_first:
                draw.add("layer_norm", after=here, row=-1, name="Norm")
            branch = here if not norm_first else draw.last
            if part == "attention":
                draw.add("attention", after=branch, row=-1, heads=heads, causal=causal)
            else:
                draw.add("dense", wide, after=branch, row=-1, activation=Spec("relu"), name="Wider")
                draw.add("dense", d, row=-1, activation=Spec("identity"), name="Back to d")
            here = draw.add("add", after=(here, draw.last))
            if not norm_first:
                here = draw.add("layer_norm", name="Norm")
