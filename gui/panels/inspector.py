"""The inspector: what is selected, with everything about it that can be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from engine.core.problems import AxonError
from engine.data_of import data_of
from engine.document import Document
from engine.fitting import advice, fitted
from engine.session import Snapshot
from gui.pacing import Pacing
from gui.panel import Panel
from gui.panels.inspecting import UNITS
from gui.panels.inspecting.banner import Banner
from gui.selection import Selection
from gui.theme import Theme
from gui.workspace import Workspace

if TYPE_CHECKING:
    from gui.panels.inspecting.page import Page

Subject = tuple[object, ...]
"""What a page is about and which parts that has; equal subjects can keep the same page."""


class InspectorPanel(Panel):
    """Nothing selected: the network. Else the layer, the neuron or the synapse."""

    name = "inspector"
    title = "Inspector"
    icon = "sliders-horizontal"
    area = Qt.DockWidgetArea.RightDockWidgetArea
    rank = 20

    csv_wanted = Signal()
    """The user wants to open a table of their own."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self._subject: Subject = ()
        self._pacing = Pacing(0.1)
        self._advised: tuple[Document, str] | None = None
        """The document with what is to be said of it; it takes a moment to find out."""
        self.page: Page | None = None
        self.banner = Banner(workspace.theme)
        self.banner.fit_wanted.connect(self._fit)
        self.scroll_area = QScrollArea()
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.banner)
        self._column.addWidget(self.scroll_area, 1)
        self.restyle(workspace.theme)

    # ---------------------------------------------------------------- panel

    def end(self) -> None:
        self.workspace.link.unwatch(UNITS)

    def refresh_state(self) -> None:
        subject = self._wanted()
        if subject != self._subject or self.page is None:
            self._show(subject)
        else:
            self.page.show_document()
        self._pacing.again()

    def refresh(self, snapshot: Snapshot) -> None:
        self._warn(snapshot)
        if self.page is not None and self._pacing.due(snapshot):
            self.page.show_numbers(snapshot)

    def restyle(self, theme: Theme) -> None:
        self._column.setContentsMargins(theme.space(1), theme.space(1), theme.space(0.5), 0)
        self._column.setSpacing(theme.space(1))
        self.banner.restyle(theme)
        if self.page is not None:
            self._show(self._wanted())

    # ---------------------------------------------------------------- pages

    def _wanted(self) -> Subject:
        selection, document = (
            self.workspace.selection.within(self.workspace.document),
            self.workspace.document,
        )
        count = len(selection)
        if count != 1 or selection.wires:
            return ("several", selection) if count else ("network",)
        if selection.notes:
            return ("note", next(iter(selection.notes)))
        if selection.layers:
            layer = next(iter(selection.layers))
            wires = (document.incoming(layer), document.outgoing(layer))
            joined = tuple(tuple((each.source, each.target) for each in side) for side in wires)
            others = {end for side in joined for wire in side for end in wire} - {layer}
            names = tuple(document.layer(each).name for each in sorted(others))
            return ("layer", layer, document.layer(layer).spec.kind, joined, names)
        if selection.units:
            layer, key = next(iter(selection.units))
            wires_in = tuple(
                (each.source, document.layer(each.source).units, each.cut, each.locked)
                for each in document.incoming(layer)
            )
            bias = document.layer(layer).spec.get("bias", True)
            return ("unit", layer, key, document.layer(layer).units, wires_in, bias)
        source, sender, target, receiver = next(iter(selection.synapses))
        units = (document.layer(source).units, document.layer(target).units)
        return ("synapse", source, sender, target, receiver, units)

    def _show(self, subject: Subject) -> None:
        """Another page; the old one goes as soon as nothing in it is on its way any more."""
        old, self._subject = self.scroll_area.takeWidget(), subject
        if old is not None:
            old.hide()
            old.deleteLater()
        if subject[0] != "unit":
            self.workspace.link.unwatch(UNITS)
        self.page = self._made(subject)
        self.page.csv_wanted.connect(self.csv_wanted)
        theme = self.workspace.theme
        self.page.column.setContentsMargins(0, 0, theme.space(0.5), theme.space(1))
        self.scroll_area.setWidget(self.page)

    def _made(self, subject: Subject) -> Page:
        # here and not above: the window finds its panels before its first picture
        from gui.panels.inspecting.layer_page import LayerPage
        from gui.panels.inspecting.network_page import NetworkPage
        from gui.panels.inspecting.note_page import NotePage
        from gui.panels.inspecting.several_page import SeveralPage
        from gui.panels.inspecting.synapse_page import SynapsePage
        from gui.panels.inspecting.unit_page import UnitPage

        workspace = self.workspace
        match subject:
            case ("layer", str(layer), *_):
                return LayerPage(workspace, layer)
            case ("unit", str(layer), int(key), *_):
                return UnitPage(workspace, layer, key)
            case ("synapse", str(source), int(sender), str(target), int(receiver), *_):
                return SynapsePage(workspace, (source, sender, target, receiver))
            case ("note", str(note)):
                return NotePage(workspace, note)
            case ("several", Selection() as several):
                return SeveralPage(workspace, several)
        return NetworkPage(workspace)

    # ---------------------------------------------------------------- the banner

    def _warn(self, snapshot: Snapshot) -> None:
        document = self.workspace.document
        if self._advised is None or self._advised[0] is not document:
            self._advised = document, advice(document)
        sentence = snapshot.problem or self._advised[1]
        if sentence != self.banner.sentence.text():
            mended = self._fitted() if sentence else None
            self.banner.tell(sentence, mended is not None and mended != self.workspace.document)

    def _fitted(self) -> Document | None:
        document = self.workspace.document
        try:
            return fitted(document, data_of(document))
        except AxonError:
            return None

    def _fit(self) -> None:
        mended = self._fitted()
        if mended is not None:
            self.workspace.editing.edit(self.tr("Fit the network to the data"), mended)

    def sizeHint(self) -> QSize:
        theme = self.workspace.theme
        return QSize(theme.px(280), theme.px(480))
