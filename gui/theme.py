"""Colours, fonts and the look of the standard widgets.

A theme is a small table of named colours (``resources/themes/*.json``) and a scale. Projector mode is the
same colours at a larger scale, never a colour set of its own. Everything that paints asks the theme by name,
so that one colour means one thing in the whole program: blue and orange are signs, the class colours are
classes of data, violet is "look here".
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QDir, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QToolTip

import resources
from gui.colours import blend, contrast, luminance

BASE_POINTS: Final = 13.0 if sys.platform == "darwin" else 10.0
"""Size of ordinary text at scale 1; macOS counts 72 points to the inch, the others 96."""
MATH_SIZE: Final = 1.2
"""The serif of the mathematics looks smaller than the sans beside it, and formulas are what is read."""
UNIT: Final = 8
"""The rhythm of margins and gaps, in pixels at scale 1."""
CLASS_MARKERS: Final = ("o", "s", "t1", "d", "p", "star")
"""Marker shape of each data class, in pyqtgraph's names: the second cue beside the class colours."""
COLOUR_NAMES: Final = frozenset({
    "window", "panel", "raised", "border", "outline", "text", "text-muted", "accent", "accent-text",
    "canvas", "canvas-grid", "positive", "negative", "zero", "neuron-fill-low", "neuron-fill-high",
    "neuron-outline", "active", "dimmed", "gradient", "step",
    "class-0", "class-1", "class-2", "class-3", "class-4", "class-5", "error", "warning", "success",
})  # fmt: skip
"""Every theme has exactly these colours; a test holds the files to it."""

_FONT_FILES: Final = (
    "Inter-Regular.otf", "Inter-Italic.otf", "Inter-SemiBold.otf",
    "AxonMath-Regular.ttf", "AxonMath-Italic.ttf", "JetBrainsMono-Regular.ttf",
)  # fmt: skip
_UI, _MATH, _MONO = "Inter", "Axon Math", "JetBrains Mono"


@dataclass(frozen=True)
class Fonts:
    """The six fonts of the program, at one scale. All have digits of equal width."""

    ui: QFont
    strong: QFont
    small: QFont
    math: QFont
    math_italic: QFont
    mono: QFont


@dataclass(frozen=True)
class Theme:
    """Named colours at a scale. Immutable: ask ``load_theme`` for another one."""

    name: str
    colours: Mapping[str, QColor] = field(hash=False)
    scale: float = 1.0

    def colour(self, name: str, alpha: float = 1.0) -> QColor:
        """A fresh copy of a named colour, see-through if asked; an unknown name says which there are."""
        try:
            colour = QColor(self.colours[name])
        except KeyError:
            known = ", ".join(sorted(self.colours))
            raise KeyError(f"theme {self.name!r} has no colour {name!r}; it has {known}") from None
        if alpha < 1.0:
            colour.setAlphaF(max(0.0, alpha))
        return colour

    def css(self, name: str) -> str:
        """A named colour as ``#rrggbb``, for rich text and style sheets."""
        return self.colours[name].name()

    def class_colour(self, index: int) -> QColor:
        """Colour of a data class; beyond six they come round again, the markers with them."""
        return self.colour(f"class-{index % len(CLASS_MARKERS)}")

    def ink_on(self, background: QColor) -> QColor:
        """Whichever of black-like and white-like text reads better on this background."""
        inks = (self.colour("text"), self.colour("canvas"))
        return max(inks, key=lambda ink: contrast(ink, background))

    @property
    def dark(self) -> bool:
        """Whether text is light on dark."""
        return luminance(self.colours["window"]) < 0.2

    @property
    def fonts(self) -> Fonts:
        """The fonts at this theme's scale; needs an application object."""
        return _fonts(self.scale)

    def px(self, pixels: float) -> int:
        """A length given for scale 1, at this scale, at least one pixel."""
        return max(1, round(pixels * self.scale))

    def space(self, units: float = 1.0) -> int:
        """A multiple of the 8-pixel rhythm at this scale."""
        return round(UNIT * units * self.scale)

    def palette(self) -> QPalette:
        """The colours of the standard widgets, muted ones for what is disabled included."""
        c, role = self.colour, QPalette.ColorRole
        # On dark the accent is a light colour: as a whole selected row it would outshine the network.
        selected, on_selected = c("accent"), c("accent-text")
        if self.dark:
            selected, on_selected = blend(selected, c("canvas"), 0.55), c("text")
        palette = QPalette()
        for target, colour in (
            (role.Window, c("window")), (role.WindowText, c("text")), (role.Base, c("panel")),
            (role.AlternateBase, blend(c("panel"), c("window"), 0.6)), (role.Text, c("text")),
            (role.Button, c("raised")), (role.ButtonText, c("text")), (role.BrightText, c("error")),
            (role.PlaceholderText, c("text-muted")), (role.Highlight, selected),
            (role.HighlightedText, on_selected), (role.Accent, c("accent")), (role.Link, c("accent")),
            (role.LinkVisited, c("accent")), (role.ToolTipBase, c("raised")), (role.ToolTipText, c("text")),
            (role.Light, blend(c("raised"), c("panel"), 0.5)), (role.Midlight, c("raised")),
            (role.Mid, c("border")), (role.Dark, c("outline")), (role.Shadow, c("outline")),
        ):  # fmt: skip
            palette.setColor(target, colour)
        disabled = blend(c("text-muted"), c("window"), 0.35)
        group = QPalette.ColorGroup.Disabled
        for target in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText, role.ToolTipText):
            palette.setColor(group, target, disabled)
        palette.setColor(group, role.Base, c("window"))
        palette.setColor(group, role.Button, blend(c("raised"), c("window"), 0.6))
        palette.setColor(group, role.Highlight, c("border"))
        palette.setColor(group, role.Accent, c("border"))
        return palette

    def style_sheet(self) -> str:
        """What a palette cannot say: boxes to tick that show on dark, quiet tool bars, room in tool tips."""
        return _style_sheet(self)


# ---------------------------------------------------------------- colours


def signed_colour(theme: Theme, value: float) -> QColor:
    """Colour of a signed value in [-1, 1]: orange, neutral, blue. NaN, never silent, has the error's."""
    if math.isnan(value):
        return theme.colour("error")
    return blend(theme.colour("zero"), theme.colour("positive" if value >= 0 else "negative"), abs(value))


def value_colour(theme: Theme, t: float) -> QColor:
    """Colour of a value in [0, 1], empty to full of ink; neurons, pictures and heat maps share it."""
    if math.isnan(t):
        return theme.colour("error")
    return blend(theme.colour("neuron-fill-low"), theme.colour("neuron-fill-high"), t)


@lru_cache(maxsize=16)
def lut_values(theme: Theme) -> NDArray[np.uint8]:
    """256 x 4 table of ``value_colour`` for pyqtgraph's ImageItem (levels 0 to 1); read-only."""
    return _table([value_colour(theme, i / 255) for i in range(256)])


@lru_cache(maxsize=16)
def lut_signed(theme: Theme) -> NDArray[np.uint8]:
    """256 x 4 table of ``signed_colour`` for levels -1 to 1; read-only.

    Rows 127 and 128 are both the neutral colour, so that zero looks the same from either side.
    """
    return _table([signed_colour(theme, (i - 127 - (i > 127)) / 127) for i in range(256)])


def _table(colours: list[QColor]) -> NDArray[np.uint8]:
    table = np.array([colour.getRgb() for colour in colours], dtype=np.uint8)
    table.setflags(write=False)
    return table


# ---------------------------------------------------------------- loading and applying


def available_themes() -> tuple[str, ...]:
    """Names of the themes that come with the program, ``light`` first."""
    names = sorted(file.stem for file in resources.path("themes").glob("*.json"))
    return tuple(sorted(names, key=lambda name: name != "light"))


@lru_cache(maxsize=32)
def load_theme(name: str = "light", scale: float = 1.0) -> Theme:
    """The named theme at a scale; the same object for the same arguments."""
    if name not in available_themes():
        raise ValueError(f"There is no theme {name!r}; there are {', '.join(available_themes())}.")
    table: dict[str, str] = json.loads(resources.read_text("themes", f"{name}.json"))
    return Theme(name, MappingProxyType({key: QColor(text) for key, text in table.items()}), scale)


def projector_scale(window_height: int = 1080) -> float:
    """The scale of projector mode, so that a formula is at least 2.5 % of the window's height.

    What can be read from the last row depends on the share of the screen, not on pixels: an old
    1024 x 768 projector needs 1.3, full HD 1.75.
    """
    line_pixels = 16.0  # what ``Fonts.math`` measures at scale 1
    return max(1.25, math.ceil(20 * (0.0255 * window_height / line_pixels)) / 20)


def apply(app: QApplication, theme: Theme) -> None:
    """Gives the whole program this look. May be called again at any time, while running too."""
    _set_style(app, theme.scale)
    scheme = Qt.ColorScheme.Dark if theme.dark else Qt.ColorScheme.Light
    app.styleHints().setColorScheme(scheme)  # title bars of Windows and macOS; the rest is the palette's
    palette = theme.palette()
    app.setPalette(palette)
    app.setFont(theme.fonts.ui)
    QToolTip.setPalette(palette)
    QToolTip.setFont(theme.fonts.small)
    QDir.setSearchPaths("axon", [str(resources.path())])
    app.setStyleSheet(theme.style_sheet())
    _applied[:] = [theme]


def _set_style(app: QApplication, scale: float) -> None:
    """Fusion itself at scale 1: a style that asks Python for every metric costs each repaint."""
    if app.property("axon-style") == scale:
        return
    app.setProperty("axon-style", scale)
    if scale == 1.0:
        app.setStyle("Fusion")
        return
    from gui.scaled_fusion import ScaledFusion

    app.setStyle(ScaledFusion(scale))


def current() -> Theme:
    """The theme that was applied last, for small widgets that paint a single colour of their own."""
    return _applied[-1] if _applied else load_theme()


_applied: list[Theme] = []


# ---------------------------------------------------------------- fonts and style sheet


def load_fonts() -> None:
    """Makes the bundled fonts known to Qt; does nothing when they are."""
    if _MATH in QFontDatabase.families():
        return
    for file in _FONT_FILES:
        if QFontDatabase.addApplicationFont(str(resources.path("fonts", file))) < 0:
            raise RuntimeError(f"The bundled font {file} cannot be loaded: install Axon again.")


@lru_cache(maxsize=8)
def _fonts(scale: float) -> Fonts:
    load_fonts()
    points = BASE_POINTS * scale
    strong = _font(_UI, points)
    strong.setWeight(QFont.Weight.DemiBold)
    italic = _font(_MATH, MATH_SIZE * points)
    italic.setItalic(True)
    return Fonts(
        ui=_font(_UI, points),
        strong=strong,
        small=_font(_UI, 0.9 * points),
        math=_font(_MATH, MATH_SIZE * points),
        math_italic=italic,
        mono=_font(_MONO, points),
    )


def _font(family: str, points: float) -> QFont:
    """A font with digits of equal width; signs that the family lacks come from the mathematics font."""
    font = QFont()
    font.setFamilies([family, _MATH])
    font.setPointSizeF(points)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


_STYLE_SHEET: Final = """
QCheckBox::indicator, QRadioButton::indicator, QGroupBox::indicator, QAbstractItemView::indicator {
    width: @markpx; height: @markpx; border: 1px solid @outline; background: @panel; border-radius: 3px; }
QRadioButton::indicator { border-radius: @roundpx; }
QCheckBox::indicator:checked, QGroupBox::indicator:checked, QAbstractItemView::indicator:checked {
    background: @accent; border-color: @accent; image: url(axon:icons/marks/tick-@ink.svg); }
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate {
    background: @accent; border-color: @accent; image: url(axon:icons/marks/dash-@ink.svg); }
QRadioButton::indicator:checked {
    background: @accent; border-color: @accent; image: url(axon:icons/marks/dot-@ink.svg); }
QCheckBox::indicator:hover, QRadioButton::indicator:hover, QGroupBox::indicator:hover {
    border-color: @accent; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled, QGroupBox::indicator:disabled {
    background: @window; border-color: @border; }
QCheckBox::indicator:checked:disabled, QRadioButton::indicator:checked:disabled,
QGroupBox::indicator:checked:disabled { background: @border; }
QToolBar { border: 0; spacing: @halfpx; padding: @halfpx; }
QToolTip { color: @text; background: @raised; border: 1px solid @border; padding: @halfpx; }
"""


def _style_sheet(theme: Theme) -> str:
    mark = theme.px(14)
    words = {name: theme.css(name) for name in COLOUR_NAMES}
    words |= {
        "mark": str(mark),
        "round": str(mark // 2 + 1),
        "half": str(theme.space(0.5)),
        "ink": "dark" if luminance(theme.colour("accent-text")) < 0.2 else "light",
    }
    return re.sub(r"@(mark|round|half|ink|[a-z]+)", lambda found: words[found[1]], _STYLE_SHEET)
