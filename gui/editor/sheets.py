"""The outputs of neurons over the plane of inputs, as pictures: one buffer of pixels a layer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage

from engine.session.surfaces import Surfaces
from gui.theme import Theme, lut_values

Floats = NDArray[np.floating]


class Sheet:
    """All units of one layer; the pixels are made when they are first painted."""

    def __init__(
        self,
        values: Floats,
        ranges: tuple[tuple[float, float], ...],
        spot: tuple[float, ...],
        *,
        tight: bool = False,
    ) -> None:
        """``tight`` has the shades go from the lowest to the highest value, as fits an input."""
        self.values, self.ranges, self.spot = values, ranges, spot
        every = tuple(range(1, values.ndim))
        with np.errstate(all="ignore"):
            finite = np.where(np.isfinite(values), values, 0.0)
            low, high = finite.min(axis=every), finite.max(axis=every)
        self.flat = high - low <= 1e-9 * np.maximum(1.0, np.abs(high))
        # As in the panel of the boundary: from 0, or from -1 where there are negative values, to 1 at least.
        self.low, self.high = np.where(low >= 0, 0.0, np.minimum(low, -1.0)), np.maximum(high, 1.0)
        if tight:
            self.low, self.high = low, np.where(self.flat, low + 1.0, high)
        self._theme: Theme | None = None
        self._pixels = np.zeros((0, 0, 0, 4), np.uint8)

    def image(self, unit: int, theme: Theme) -> QImage:
        """The picture of one unit."""
        if theme is not self._theme:
            self._theme, self._pixels = theme, self._coloured(theme)
        pixels = self._pixels[unit]
        rows, columns = pixels.shape[:2]
        return QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)

    def _coloured(self, theme: Theme) -> NDArray[np.uint8]:
        low, high = (each.reshape(-1, 1, 1) for each in (self.low, self.high))
        with np.errstate(all="ignore"):
            places = np.nan_to_num((self.values - low) * (255.0 / (high - low)))
        pixels = np.take(lut_values(theme), np.clip(places, 0, 255).astype(np.uint8), axis=0)
        wrong = ~np.isfinite(self.values)
        if wrong.any():
            pixels[wrong] = theme.colour("error").getRgb()
        return np.ascontiguousarray(pixels)


class Surface:
    """The output of one neuron over the plane, or over its only input. Equal only to itself."""

    __slots__ = ("sheet", "unit")

    def __init__(self, sheet: Sheet, unit: int) -> None:
        self.sheet, self.unit = sheet, unit

    @property
    def is_curve(self) -> bool:
        """Whether there is one input only."""
        return self.sheet.values.ndim == 2

    @property
    def values(self) -> Floats:
        """(rows, columns), the first row at the top; (points,) of a curve."""
        found: Floats = self.sheet.values[self.unit]
        return found

    @property
    def ranges(self) -> tuple[tuple[float, float], ...]:
        """From where to where the inputs go."""
        return self.sheet.ranges

    @property
    def low(self) -> float:
        """The value of no ink."""
        return float(self.sheet.low[self.unit])

    @property
    def high(self) -> float:
        """The value of full ink."""
        return float(self.sheet.high[self.unit])

    @property
    def flat(self) -> bool:
        """Whether it is the same everywhere."""
        return bool(self.sheet.flat[self.unit])

    @property
    def spot(self) -> QPointF:
        """Where the present example lies, from 0 to 1 rightward and downward."""
        shares = [
            min(1.0, max(0.0, (at - low) / (high - low)))
            for at, (low, high) in zip(self.sheet.spot, self.ranges, strict=True)
        ]
        if len(shares) == 2:
            return QPointF(shares[0], 1.0 - shares[1])
        column = min(len(self.values) - 1, int(shares[0] * len(self.values)))
        return QPointF(shares[0], 1.0 - self.share(float(self.values[column])))

    def share(self, value: float) -> float:
        """How far a value lies from no ink to full ink."""
        if not np.isfinite(value) or self.high <= self.low:
            return 0.0
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    def image(self, theme: Theme) -> QImage:
        """Its picture; of a plane only."""
        return self.sheet.image(self.unit, theme)


class Sheets:
    """All surfaces of one answer of the worker's."""

    def __init__(self, answer: Surfaces | None) -> None:
        self.answer = answer
        self._units: dict[str, tuple[Surface, ...]] = {}
        for layer, values in answer.values.items() if answer is not None else ():
            if answer is not None and values.size:
                sheet = Sheet(values, answer.ranges, answer.spot, tight=layer in answer.inputs)
                self._units[layer] = tuple(Surface(sheet, unit) for unit in range(len(values)))

    def of(self, layer: str, unit: int) -> Surface | None:
        """The surface of a unit, if there is one."""
        units = self._units.get(layer, ())
        return units[unit] if unit < len(units) else None


NO_SHEETS = Sheets(None)
