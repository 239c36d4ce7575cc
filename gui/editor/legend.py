"""The legend: what colours, dashes, widths and shades mean; always there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QLinearGradient, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.editor.figures import short
from gui.editor.items.caches import draw_chip, draw_tray
from gui.editor.items.chips import padlock
from gui.editor.items.synapse_codes import STEPS, STRONGEST, pen_of
from gui.editor.items.synapses import SynapseItems
from gui.editor.items.text import elided
from gui.editor.walk_cache import Chip
from gui.theme import Theme, signed_colour, value_colour
from gui.widgets.numbers import format_number


@dataclass(frozen=True, slots=True)
class State:
    """What the legend has to speak of."""

    widest: float = 0.0
    hidden: int = 0
    weakest: float = 0.0
    """The share of the largest weight below which nothing is drawn."""
    too_many: bool = False
    """Whether only the strongest are drawn."""
    walking: bool = False
    held: bool = False
    released: bool = False
    caches: bool = False
    locked: bool = False
    synapses: bool = True
    """Whether there are synapses at all."""
    blocks: bool = False
    """Whether there are layers whose output is a picture."""
    neurons: bool = True
    dots: bool = False
    """Whether there are no numbers in the neurons: they are too small, or show something else."""


class Legend(QWidget):
    """A quiet plate at the lower edge, in as many rows as the width asks for. Nothing on it is cut off."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state = State()
        self._drawing: QPixmap | None = None
        self._places: list[tuple[str, str, QRectF]] = []
        self._number = QRectF()
        self._room_for: tuple[State, Theme, int] | None = None
        self._room = 0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Legend"))

    def restyle(self, theme: Theme) -> None:
        """Colours and sizes."""
        self._theme = theme
        self._fit()

    def show_state(
        self,
        synapses: SynapseItems,
        walking: bool,
        *,
        held: bool = False,
        released: bool = False,
        caches: bool = False,
        locked: bool = False,
        blocks: bool = False,
        neurons: bool = True,
        dots: bool = False,
    ) -> None:
        """What the widths are relative to now, what is left out, and which padlocks there are."""
        before = self._state
        some = len(synapses.codes) > 0
        state = State(
            synapses.widest,
            synapses.hidden,
            synapses.weakest,
            synapses.too_many,
            walking,
            held,
            released,
            caches,
            locked,
            some,
            blocks,
            neurons,
            dots,
        )
        if state == before:
            return
        number = short(before.widest)
        self._state = state
        if self._same_but_number(before):
            now = short(state.widest)
            if now == number:
                return
            if len(now) == len(number):
                self._renew_number()
                return
        self._fit()

    def texts(self) -> list[str]:
        """What it says, entry by entry."""
        return [text for _, text in self._entries(self._state)]

    def room(self) -> int:
        """The height it takes when all entries of a walkthrough are there: so the network never jumps."""
        full = replace(self._state, widest=0.0, walking=True, held=True, caches=True, dots=True)
        parent = self.parentWidget()
        about = full, self._theme, parent.width() if parent is not None else 0
        if about != self._room_for:  # asked for with every turn of the wheel
            self._room_for, self._room = about, self._arranged(self._entries(full))[1].height()
        return self._room

    # ---------------------------------------------------------------- entries

    def _same_but_number(self, before: State) -> bool:
        state = self._state
        return replace(state, widest=0.0) == replace(before, widest=0.0)

    def _entries(self, state: State) -> list[tuple[str, str]]:
        widest = self.tr("widest = {weight}").format(weight=short(state.widest))
        entries = [("positive", self.tr("positive")), ("negative", self.tr("negative")), ("widest", widest)]
        entries = entries if state.synapses else []
        if state.neurons:
            entries.append(("ink", self.tr("a, low to high") if state.dots else self.tr("z above a")))
        if state.blocks:
            plain = [] if state.neurons else [("ink", self.tr("0 to the largest"))]
            entries += [*plain, ("signed", self.tr("− to +"))]
        if state.walking:
            entries += [("active", self.tr("now")), ("gradient", self.tr("slope")), ("step", self.tr("step"))]
        if state.held:
            entries.append(("held", self.tr("old weight, held")))
        if state.released:
            entries.append(("released", self.tr("free to change")))
        if state.caches:
            entries.append(("cache", self.tr("kept for the way back")))
        if state.locked:
            entries.append(("locked", self.tr("locked")))
        if state.hidden:
            entries.append(("hidden", self._left_out(state)))
        return entries

    def _left_out(self, state: State) -> str:
        """What is not drawn, and why."""
        count = format_number(state.hidden)
        if state.too_many:
            most = format_number(STRONGEST)
            return self.tr("the strongest {most} are drawn, {count} are not").format(most=most, count=count)
        share = round(100 * state.weakest)
        text = self.tr("{count} below {share} % of the widest are not drawn")
        return text.format(count=count, share=share)

    def _sample(self, kind: str) -> float:
        """Width of the picture before a text."""
        return self._theme.px({"hidden": 0, "held": 11, "released": 11, "locked": 11}.get(kind, 26))

    def _arranged(self, entries: list[tuple[str, str]]) -> tuple[list[tuple[str, str, QRectF]], QSize]:
        """The entries in rows, and the size of the plate."""
        theme, metrics = self._theme, QFontMetricsF(self._theme.fonts.small)
        parent, edge, gap = self.parentWidget(), theme.space(1), theme.space(1.5)
        most = (parent.width() if parent is not None else 10_000) - 2 * theme.space(1) - 2 * edge
        height = metrics.height() + theme.space(0.5)
        places, x, row, widest = [], 0.0, 0, 0.0
        for kind, text in entries:
            sample = self._sample(kind) + (theme.space(0.75) if kind != "hidden" else 0)
            text = elided(theme.fonts.small, text, max(40.0, most - sample))
            wide = sample + metrics.horizontalAdvance(text) + 1
            if x and x + wide > most:
                row, x = row + 1, 0.0
            top = theme.space(0.25) + row * height
            places.append((kind, text, QRectF(edge + x, top, wide, height)))
            widest = max(widest, x + wide)
            x += wide + gap
        size = QSize(round(widest + 2 * edge), round((row + 1) * height + theme.space(0.5)))
        return places, size

    def _fit(self) -> None:
        self._drawing = None
        self.setAccessibleDescription("; ".join(self.texts()))
        self._places, size = self._arranged(self._entries(self._state))
        self._number = next((rect for kind, _, rect in self._places if kind == "widest"), QRectF())
        self.resize(size)
        parent = self.parentWidget()
        if parent is not None:
            gap = self._theme.space(1)
            self.move(gap, parent.height() - self.height() - gap)
        self.update()

    def sizeHint(self) -> QSize:
        return self._arranged(self._entries(self._state))[1]

    # ---------------------------------------------------------------- drawing

    def _draw(self, device: QPixmap) -> None:
        """All of it, on a transparent ground."""
        theme = self._theme
        with QPainter(device) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("border"), 1))
            painter.setBrush(theme.colour("canvas", 0.92))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            for kind, text, rect in self._places:
                wide, high = self._sample(kind), theme.px(14)
                self._picture(painter, kind, QRectF(rect.left(), rect.center().y() - high / 2, wide, high))
                self._text(painter, kind, text, rect)

    def _renew_number(self) -> None:
        """Only the number moves while the network learns: nothing else is drawn again."""
        text = self.texts()[2]
        self._places = [(kind, text if kind == "widest" else old, rect) for kind, old, rect in self._places]
        if self._drawing is not None:
            after = self._sample("widest") + self._theme.space(0.5)
            with QPainter(self._drawing) as painter:
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
                painter.fillRect(self._number.adjusted(after, 0, 2, 0), self._theme.colour("canvas", 0.92))
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
                self._text(painter, "widest", text, self._number)
        self.update(self._number.toAlignedRect())

    def _text(self, painter: QPainter, kind: str, text: str, rect: QRectF) -> None:
        sample = self._sample(kind) + (self._theme.space(0.75) if kind != "hidden" else 0)
        painter.setFont(self._theme.fonts.small)
        painter.setPen(self._theme.colour("text"))
        where = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextDontClip
        painter.drawText(rect.adjusted(sample, 0, 0, 0), where, text)

    def _picture(self, painter: QPainter, kind: str, rect: QRectF) -> None:
        theme, scale = self._theme, self._theme.scale
        left, right = QPointF(rect.left(), rect.center().y()), QPointF(rect.right(), rect.center().y())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if kind in {"positive", "negative"}:
            code = 2 * (STEPS // 2) + (kind == "negative")
            painter.setPen(pen_of(code, theme))
            painter.drawLine(left, right)
        elif kind == "widest":
            pen = QPen(theme.colour("outline"), 6 * scale)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawLine(left, right)
        elif kind in {"ink", "signed"}:
            shade = QLinearGradient(left, right)
            for stop in (0.0, 0.5, 1.0):
                signed = kind == "signed"
                colour = signed_colour(theme, 2 * stop - 1) if signed else value_colour(theme, stop)
                shade.setColorAt(stop, colour)
            painter.setPen(QPen(theme.colour("neuron-outline"), 1))
            painter.setBrush(shade)
            painter.drawRoundedRect(rect, 3, 3)
        elif kind in {"held", "released", "locked"}:
            rect.setHeight(12 * scale)
            padlock(painter, rect, theme, filled=kind == "locked", open=kind == "released")
        elif kind == "cache":
            draw_tray(painter, rect, theme)
            inside = rect.adjusted(5 * scale, 0, -5 * scale, -3 * scale)
            draw_chip(painter, inside, Chip.KEPT, theme)
        elif kind in {"active", "gradient", "step"}:
            painter.setPen(QPen(theme.colour(kind), 4 * scale))
            painter.drawLine(left, right)

    def paintEvent(self, event: QPaintEvent) -> None:
        # The canvas below is painted many times a second, and the legend with it: it is drawn once.
        ratio = self.devicePixelRatioF()
        if self._drawing is None or self._drawing.devicePixelRatio() != ratio:
            self._drawing = QPixmap(self.size() * ratio)
            self._drawing.setDevicePixelRatio(ratio)
            self._drawing.fill(Qt.GlobalColor.transparent)
            self._draw(self._drawing)
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._drawing)
