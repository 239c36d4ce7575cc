"""Predictions and examples as pictures, all on the scale of the data, so that they can be compared."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtGui import QImage

from engine.core.plan import Array
from engine.datasets import Data
from gui.theme import Theme, lut_values


def makes_pictures(data: Data | None) -> bool:
    """Whether an example is a picture."""
    return data is not None and len(data.shape) == 3


def as_pictures(values: Array, data: Data) -> Array | None:
    """Examples (n, m) or (c, h, w, m) as pictures (m, h, w) from 0 to 1; ``None`` if they are none."""
    m = values.shape[-1]
    if not makes_pictures(data) or values.size != math.prod(data.shape) * m:
        return None
    low, high = float(data.X.min()), float(data.X.max())
    grey = values.reshape(*data.shape, m).mean(axis=0, dtype=np.float64)
    scaled: Array = np.moveaxis((grey - low) / ((high - low) or 1.0), -1, 0)
    return np.clip(np.nan_to_num(scaled), 0.0, 1.0)


def mosaic(pictures: Array, columns: int) -> Array:
    """Pictures (m, h, w) side by side, row by row from the top, as one."""
    m, h, w = pictures.shape
    rows = m // columns
    whole: Array = pictures.reshape(rows, columns, h, w).swapaxes(1, 2).reshape(rows * h, columns * w)
    return whole


def inked(picture: Array, theme: Theme, alpha: float = 1.0) -> QImage:
    """A picture (h, w) from 0 to 1 in the theme's ink."""
    colours = lut_values(theme)[(255 * picture).astype(np.uint8)].copy()
    colours[..., 3] = round(255 * alpha)
    pixels = np.ascontiguousarray(colours)
    h, w = picture.shape
    return QImage(pixels.data, w, h, 4 * w, QImage.Format.Format_RGBA8888).copy()
