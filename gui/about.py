"""About Axon: version, licences, and where its files are."""

from __future__ import annotations

import html

import numpy as np
import PySide6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.cli import version
from gui import crash, icons
from gui.theme import Theme


class About(QDialog):
    """What this program is and what it stands on."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("About Axon"))
        sign = QLabel()
        sign.setPixmap(icons.pixmap("brain", theme, 64, "accent", self.devicePixelRatioF()))
        text = QLabel(self._text())
        text.setTextFormat(Qt.TextFormat.RichText)
        text.setWordWrap(True)
        text.setMinimumWidth(theme.px(420))
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        text.setAccessibleName(self.windowTitle())
        row = QHBoxLayout()
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addSpacing(theme.space(2))
        row.addWidget(text, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        qt = QPushButton(self.tr("About Qt"))
        buttons.addButton(qt, QDialogButtonBox.ButtonRole.HelpRole)
        qt.clicked.connect(self._about_qt)
        layout = QVBoxLayout(self)
        layout.addLayout(row)
        layout.addWidget(buttons)

    def _text(self) -> str:
        head = f"<h2>Axon {html.escape(version())}</h2>"
        what = self.tr(
            "A neural-network simulator for the classroom: build, train and walk through networks, "
            "forwards and backwards in time."
        )
        free = self.tr("Free software under the MIT licence, by the Axon authors.")
        stands = self.tr("It stands on {list}.").replace(
            "{list}",
            f"Qt for Python {PySide6.__version__} (LGPL), NumPy {np.__version__}, pyqtgraph, ziamath",
        )
        given = self.tr(
            "Icons by Lucide (ISC), fonts Inter, JetBrains Mono and STIX Two (SIL OFL), "
            "colour maps by Peter Kovesi's CET (CC-BY)."
        )
        where = self.tr("Its log is in {folder}.").replace("{folder}", html.escape(str(crash.folder())))
        return head + "".join(f"<p>{each}</p>" for each in (what, free, stands, given, where))

    def _about_qt(self) -> None:
        from PySide6.QtWidgets import QMessageBox

        QMessageBox.aboutQt(self)
