"""A field for one weight or bias, live while training."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QWidget

from engine.session import Snapshot
from gui.explaining import Asked
from gui.explains import Explains
from gui.panels.inspecting.taking_back import take_back
from gui.widgets.knob_fields import new_gesture
from gui.widgets.number_edit import NumberEdit
from gui.workspace import Workspace


class WeightEdit(NumberEdit):
    """Shows a parameter and sets it. While something is being typed, the text is left alone."""

    def __init__(
        self, workspace: Workspace, key: str, index: tuple[int, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(0.0, fractions=True, name=workspace.symbol_of(key, index), parent=parent)
        self.workspace, self.key, self.index = workspace, key, index
        self._known = 0.0
        self._gesture = ""
        layer, array = key.split(".", 1)
        Explains(self, workspace, lambda: Asked((layer, array, index, None)))
        self.committed.connect(self._set)
        self.nudged.connect(self._move)
        self.cancelled.connect(self._take_back)

    def follow(self, snapshot: Snapshot) -> None:
        """Show the newest value; what is selected stays selected, so that typing replaces it."""
        array = snapshot.parameters.get(self.key)
        if array is None or not all(i < side for i, side in zip(self.index, np.shape(array), strict=False)):
            return
        value = float(array[self.index])
        if value == self._known and value == self.value():
            return
        whole = self.hasFocus() and self.selectedText() == self.text()
        self._known = value
        self.set_value(value)
        if whole:
            self.selectAll()

    def _set(self, value: float) -> None:
        if value != self._known:
            self._known = value
            self.workspace.editing.set_weight(self.key, self.index, value, merge=self._gesture or None)
        self._end()

    def _move(self, value: float) -> None:
        self._gesture = self._gesture or new_gesture(self.key)
        self._known = value
        self.workspace.editing.set_weight(self.key, self.index, value, merge=self._gesture)

    def _take_back(self) -> None:
        if self._gesture:
            take_back(self.workspace)
        self._end()

    def _end(self) -> None:
        if self._gesture:
            self._gesture = ""
            self.workspace.editing.end_merge()
