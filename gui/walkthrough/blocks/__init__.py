"""Blocks: the parts of a page laid out for one width, painted from top to bottom by a ``Sheet``.

One file a sort of part; each registers its block with ``block_of``.
"""

from __future__ import annotations

import importlib
import pkgutil

from gui.walkthrough.blocks.base import Block, Lit, block_of, laid_out, spot_at

__all__ = ["Block", "Lit", "block_of", "laid_out", "spot_at"]

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
