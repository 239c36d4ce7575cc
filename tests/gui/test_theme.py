"""Colours that can be read and told apart, fonts that have every sign, icons that are crisp."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections import Counter

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QIcon, QPalette, QPixmap, QRawFont
from PySide6.QtWidgets import QApplication, QCheckBox, QSlider, QWidget

import resources
from gui import icons, theme
from gui.colours import blend, contrast, luminance
from gui.theme import Theme, available_themes, load_theme

THEMES = available_themes()
CLASSES = [f"class-{i}" for i in range(6)]
SIGNS = "σδ∂∑θαβγ∇·×⊙ᵀ−≤≥→←∞′ŷ"
# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB
SIGHT = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    ),
}


@pytest.fixture
def plain_app(qapp: QApplication):
    """The application, given back as it was."""
    yield qapp
    theme.apply(qapp, load_theme())


def seen(colour: QColor, sight: str) -> np.ndarray:
    """Oklab times 100 of what an eye of this kind makes of the colour."""
    rgb = np.array([colour.redF(), colour.greenF(), colour.blueF()])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(SIGHT[sight] @ linear, 0, 1)
    cones = np.cbrt(
        np.array(
            [
                [0.4122214708, 0.5363325363, 0.0514459929],
                [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ]
        )
        @ linear
    )
    to_lab = [
        [0.2104542553, 0.793617785, -0.0040720468],
        [1.9779984951, -2.428592205, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.808675766],
    ]
    return 100 * (np.array(to_lab) @ cones)


def apart(look: Theme, a: str, b: str, sight: str) -> float:
    return float(np.linalg.norm(seen(look.colour(a), sight) - seen(look.colour(b), sight)))


# ---------------------------------------------------------------- colours


def test_light_comes_first_and_there_is_dark_and_high_contrast():
    assert THEMES[0] == "light"
    assert {"dark", "high-contrast"} <= set(THEMES)
    with pytest.raises(ValueError, match="no theme 'blue'"):
        load_theme("blue")


@pytest.mark.parametrize("name", THEMES)
def test_every_theme_has_exactly_the_named_colours(name: str):
    table = json.loads(resources.read_text("themes", f"{name}.json"))
    assert set(table) == theme.COLOUR_NAMES
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in table.values())


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("ground", ["window", "panel", "canvas"])
def test_text_and_signs_can_be_read(name: str, ground: str):
    look = load_theme(name)

    def ratio(ink: str) -> float:
        return contrast(look.colour(ink), look.colour(ground))

    assert ratio("text") >= 7
    assert ratio("text-muted") >= 4.5
    for ink in ("error", "warning", "success", "accent", "gradient", "step"):
        assert ratio(ink) >= 4.5, ink
    for ink in ("positive", "negative", "active", "outline", "neuron-outline"):
        assert ratio(ink) >= 3, ink
    assert contrast(look.colour("accent-text"), look.colour("accent")) >= 4.5


def test_high_contrast_keeps_its_name():
    look = load_theme("high-contrast")
    assert contrast(look.colour("text"), look.colour("canvas")) > 20
    assert all(contrast(look.colour(ink), look.colour("canvas")) >= 4.5 for ink in ("positive", "negative"))


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("name", THEMES)
def test_colours_stay_apart_for_every_eye(name: str, sight: str):
    look = load_theme(name)
    assert apart(look, "positive", "negative", sight) >= 20
    for a, b in itertools.combinations(["positive", "negative", "gradient", "step", "active"], 2):
        assert apart(look, a, b, sight) >= 8, (a, b)
    for a, b in itertools.combinations(CLASSES, 2):
        assert apart(look, a, b, sight) >= (15 if sight == "normal" else 8), (a, b)
    for a, b in itertools.product(CLASSES, ["positive", "negative"]):
        assert apart(look, a, b, sight) >= (15 if sight == "normal" else 8), (a, b)


@pytest.mark.parametrize("name", THEMES)
def test_the_number_in_a_neuron_can_be_read_at_every_fill(name: str):
    look = load_theme(name)
    for t in np.linspace(0, 1, 51):
        fill = theme.value_colour(look, float(t))
        assert contrast(look.ink_on(fill), fill) >= 4


def test_an_unknown_colour_names_those_there_are():
    with pytest.raises(KeyError, match=r"no colour 'blue'.*positive"):
        load_theme().colour("blue")


def test_a_theme_cannot_be_spoilt_by_its_users():
    look = load_theme()
    look.colour("text").setRgb(1, 2, 3)
    assert look.colour("text") == QColor("#1a202b")
    with pytest.raises(TypeError):
        look.colours["text"] = QColor("red")  # type: ignore[index]
    assert look == Theme(look.name, look.colours, look.scale)
    assert hash(look) == hash(Theme(look.name, look.colours, look.scale))
    assert look.colour("text", 0.5).alpha() == 128
    assert look.css("text") == "#1a202b"
    assert look.class_colour(6) == look.colour("class-0")
    assert len(theme.CLASS_MARKERS) == len(set(theme.CLASS_MARKERS)) == 6


def test_blend_goes_from_one_to_the_other():
    a, b = QColor("#1668c7"), QColor("#d9660a")
    assert blend(a, b, 0) == a and blend(a, b, -1) == a
    assert blend(a, b, 1) == b and blend(a, b, 2) == b
    levels = [luminance(blend(QColor("black"), QColor("white"), t / 10)) for t in range(11)]
    assert levels == sorted(levels)
    nearly = blend(a, b, 1e-9)
    assert max(abs(p - q) for p, q in zip(nearly.getRgb(), a.getRgb(), strict=True)) <= 1
    assert blend(QColor(0, 0, 0, 0), QColor(0, 0, 0, 255), 0.5).alpha() == 128


@pytest.mark.parametrize("name", THEMES)
def test_value_colours_and_their_tables_agree(name: str):
    look = load_theme(name)
    assert theme.signed_colour(look, 1) == theme.signed_colour(look, 7) == look.colour("positive")
    assert theme.signed_colour(look, -1) == look.colour("negative")
    assert theme.signed_colour(look, 0) == look.colour("zero")
    assert theme.value_colour(look, 0) == look.colour("neuron-fill-low")
    for not_a_number in (theme.signed_colour(look, math.nan), theme.value_colour(look, math.nan)):
        assert not_a_number == look.colour("error")
    values, signed = theme.lut_values(look), theme.lut_signed(look)
    for table in (values, signed):
        assert table.shape == (256, 4) and table.dtype == np.uint8 and not table.flags.writeable
        assert (table[:, 3] == 255).all()
    assert tuple(values[255]) == look.colour("neuron-fill-high").getRgb()
    assert tuple(signed[0]) == look.colour("negative").getRgb()
    assert tuple(signed[127]) == tuple(signed[128]) == look.colour("zero").getRgb()
    assert tuple(signed[255]) == look.colour("positive").getRgb()


# ---------------------------------------------------------------- fonts


@pytest.mark.parametrize(
    ("which", "family"),
    [
        ("ui", "Inter"), ("strong", "Inter"), ("small", "Inter"),
        ("math", "Axon Math"), ("math_italic", "Axon Math"), ("mono", "JetBrains Mono"),
    ],
)  # fmt: skip
def test_the_bundled_fonts_are_used_and_have_every_sign(qapp: QApplication, which: str, family: str):
    font: QFont = getattr(load_theme().fonts, which)
    assert QFontInfo(font).family() == family
    assert QFontInfo(font).italic() == (which == "math_italic")
    assert font.families()[-1] == "Axon Math"
    own = QRawFont.fromFont(font)
    fallback = QRawFont.fromFont(load_theme().fonts.math)
    for sign in SIGNS + "x\u0302":
        assert own.supportsCharacter(ord(sign)) or fallback.supportsCharacter(ord(sign)), sign
        if family == "Axon Math":
            assert own.supportsCharacter(ord(sign)), sign


def test_digits_are_equally_wide(qapp: QApplication):
    fonts = load_theme().fonts
    for font in (fonts.ui, fonts.strong, fonts.small, fonts.math, fonts.math_italic, fonts.mono):
        metrics = QFontMetricsF(font)
        widths = [metrics.horizontalAdvance(digit * 20) for digit in "0123456789"]
        assert max(widths) - min(widths) < 1, font.family()


def test_projector_text_is_a_fortieth_of_the_window(qapp: QApplication):
    for height in (768, 1080, 1440):
        look = load_theme("light", theme.projector_scale(height))
        assert QFontInfo(look.fonts.math).pixelSize() >= 0.025 * height
        assert look.px(10) > 10 and look.space(2) == round(16 * look.scale)
    assert load_theme().space() == 8 and load_theme().px(0.1) == 1


def test_fonts_come_with_their_licences_and_stay_small():
    folder = resources.path("fonts")
    for font in [*folder.glob("*.ttf"), *folder.glob("*.otf")]:
        licence = folder / f"{font.stem.split('-')[0]}-OFL.txt"
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence.read_text(encoding="utf-8")
    assert sum(file.stat().st_size for file in folder.iterdir()) < 2_500_000
    assert "ISC License" in resources.read_text("icons", "LICENSE.txt")


# ---------------------------------------------------------------- applying


@pytest.mark.parametrize("name", THEMES)
def test_disabled_text_is_muted_but_not_gone(qapp: QApplication, name: str):
    palette = load_theme(name).palette()
    ground = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Window)
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText)
    active = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.WindowText)
    assert 2 <= contrast(disabled, ground) < contrast(active, ground) / 2
    role = QPalette.ColorRole
    assert contrast(palette.color(role.Highlight), palette.color(role.HighlightedText)) >= 4.5


@pytest.mark.parametrize("name", THEMES)
def test_an_unticked_box_shows_and_differs_from_a_ticked_one(plain_app: QApplication, qtbot, name: str):
    look = load_theme(name)
    theme.apply(plain_app, look)
    assert theme.current() is look
    pictures = []
    for ticked in (False, True):
        box = QCheckBox()
        qtbot.addWidget(box)
        box.setChecked(ticked)
        box.resize(40, 30)
        pictures.append(box.grab().toImage())
    window = look.colour("window")
    unticked = {pictures[0].pixelColor(x, 15).name() for x in range(20)}
    assert max(contrast(QColor(colour), window) for colour in unticked) >= 3
    ticked = {pictures[1].pixelColor(x, y).name() for x in range(20) for y in range(30)}
    assert look.css("accent") in ticked
    assert max(contrast(QColor(colour), look.colour("accent")) for colour in ticked) >= 4  # the tick itself


def test_the_look_changes_while_the_program_runs(plain_app: QApplication, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    slider = QSlider(Qt.Orientation.Horizontal, window)
    theme.apply(plain_app, load_theme("light"))
    small = slider.sizeHint().height()
    assert plain_app.font().family() == "Inter"
    theme.apply(plain_app, load_theme("dark", 2.0))
    plain_app.processEvents()
    assert window.palette().color(QPalette.ColorRole.Window) == load_theme("dark").colour("window")
    assert slider.sizeHint().height() > 1.5 * small
    assert QFontInfo(plain_app.font()).pixelSize() == pytest.approx(2 * 13.33, abs=1)
    assert len(load_theme("dark").style_sheet().splitlines()) < 30
    assert "@" not in load_theme("dark").style_sheet()


# ---------------------------------------------------------------- icons


def ink(picture: QPixmap) -> str:
    """The colour that most opaque pixels have; where two strokes meet, rounding can shift one by a little."""
    image = picture.toImage()
    colours = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return Counter(colour.name() for colour in colours if colour.alpha() == 255).most_common(1)[0][0]


def test_every_icon_is_drawn_in_the_colour_of_the_text(qapp: QApplication):
    assert len(icons.available_icons()) > 60
    for look in (load_theme("light"), load_theme("dark")):
        for name in icons.available_icons():
            assert ink(icons.icon(name, look).pixmap(QSize(32, 32), 1.0)) == look.css("text"), name


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_icons_are_drawn_for_the_screen_and_not_stretched(qapp: QApplication, ratio: float):
    look = load_theme("dark")
    for size in (16, 20, 32):
        picture = icons.icon("play", look).pixmap(QSize(size, size), ratio)
        assert picture.width() == size * ratio and picture.devicePixelRatio() == ratio
    picture = icons.pixmap("play", look, 20, "accent", ratio)
    assert picture.width() == 20 * ratio and picture.devicePixelRatio() == ratio
    assert ink(icons.pixmap("play", look, 48, "accent")) == look.css("accent")


def test_icons_are_shared_muted_when_disabled_and_survive_changes(qapp: QApplication):
    look = load_theme("light")
    play = icons.icon("play", look)
    assert icons.icon("play", look) is play
    disabled = look.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText).name()
    assert ink(play.pixmap(QSize(48, 48), 1.0, QIcon.Mode.Disabled)) == disabled
    changed = QIcon(play)
    changed.addPixmap(QPixmap(4, 4))  # Qt clones the engine behind Python's back
    assert ink(changed.pixmap(QSize(48, 48), 1.0)) == look.css("text")
    with pytest.raises(ValueError, match="no icon 'nonsense'"):
        icons.icon("nonsense", look)
