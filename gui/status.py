"""What the program says: notices over the canvas, and the list of the last ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSize, QTime, Signal
from PySide6.QtWidgets import QWidget

from gui.theme import Theme
from gui.widgets.notice import Button, Notice, Tone

MOST_AT_ONCE = 3
"""More notices than this would hide the network; the oldest goes to the list."""
MOST_KEPT = 100
NARROWEST = 320
"""Pixels beside the legend that a notice needs at least; else it stands above, in the middle."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and when it was said."""

    at: QTime
    sentence: str
    tone: Tone


class Notices(QObject):
    """Shows sentences in the lower part of a stage (the canvas), newest at the bottom."""

    heard = Signal()
    """There is one more in the list."""

    def __init__(
        self, stage: QWidget, theme: Theme, corner: Callable[[], QSize] = lambda: QSize(0, 0)
    ) -> None:
        """``corner`` says how much at the bottom left of the stage is to stay free (the legend)."""
        super().__init__(stage)
        self.stage, self._theme, self._corner = stage, theme, corner
        self.shown: list[Notice] = []
        self._hints: list[Notice] = []
        self.last: list[Said] = []

    def tell(
        self,
        sentence: str,
        *,
        tone: Tone = Tone.INFO,
        buttons: tuple[Button, ...] = (),
        stays: bool = False,
    ) -> Notice | None:
        """Show a sentence; one that is shown already is only shown longer."""
        sentence = " ".join(sentence.split())
        if not sentence:
            return None
        for notice in self.shown:
            if notice.sentence == sentence:
                notice.wait_again()
                return notice
        self.last = [*self.last, Said(QTime.currentTime(), sentence, tone)][-MOST_KEPT:]
        self.end_hints()
        passing = [each for each in self.shown if not each.stays]
        if len(self.shown) >= MOST_AT_ONCE:
            (passing or self.shown)[0].dismiss()
        notice = Notice(sentence, self._theme, tone=tone, buttons=buttons, stays=stays, parent=self.stage)
        notice.closed.connect(lambda: self._gone(notice))
        self.shown.append(notice)
        notice.show()
        self.place()
        self.heard.emit()
        return notice

    def hint(self, sentence: str) -> None:
        """A sentence that is in the way as soon as the user does something."""
        notice = self.tell(sentence)
        if notice is not None:
            self._hints.append(notice)

    def end_hints(self, *_: object) -> None:
        """The user did something: hints have done their work."""
        hints, self._hints = self._hints, []
        for notice in hints:
            if notice in self.shown:
                notice.dismiss()

    def dismiss(self) -> bool:
        """Close the newest notice; whether there was one."""
        if self.shown:
            self.shown[-1].dismiss()
            return True
        return False

    def restyle(self, theme: Theme) -> None:
        """Take over colours and sizes."""
        self._theme = theme
        for notice in self.shown:
            notice.restyle(theme)
        self.place()

    def place(self) -> None:
        """Put the notices where they belong; called whenever the stage has another size."""
        gap, widest = self._theme.space(1), self._theme.px(720)
        room = self.stage.rect().adjusted(gap, gap, -gap, -gap)
        corner = self._corner()
        beside = room.width() - corner.width() - 2 * gap
        sideways = beside >= self._theme.px(NARROWEST)
        bottom = room.bottom() - (0 if sideways else corner.height() + gap)
        for notice in reversed(self.shown):
            size = notice.size_within(min(beside if sideways else room.width(), widest))
            bottom -= size.height()
            left = room.right() - size.width() if sideways else room.center().x() - size.width() // 2
            notice.setGeometry(left, bottom, size.width(), size.height())
            notice.raise_()
            bottom -= gap // 2

    def _gone(self, notice: Notice) -> None:
        if notice in self.shown:
            self.shown.remove(notice)
            notice.deleteLater()
            self.place()
