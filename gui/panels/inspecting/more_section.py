"""The settings of training that a first network does not need: folded away until they are asked for."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFormLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

# what the registries are looked up by must have entered them
from engine.augmentations import augmentations as _augmentations  # noqa: F401
from engine.clipping import clippings as _clippings  # noqa: F401
from engine.core.knobs import Knob
from engine.core.spec import Spec
from engine.document import Training
from engine.procedures import procedures as _procedures  # noqa: F401
from engine.regularizers import regularizers as _regularizers  # noqa: F401
from engine.schedules import schedules as _schedules  # noqa: F401
from gui.theme import Theme
from gui.widgets.knob_form import tidy


class MoreSection(QWidget):
    """A heading with an arrow, and a form below it that it opens. ``form`` is filled by the page."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head = QToolButton()
        self.head.setText(self.tr("More"))
        self.head.setToolTip(self.tr("Schedule, regulariser, early stopping and other settings of training"))
        self.head.setAccessibleName(self.tr("More settings of training"))
        self.head.setCheckable(True)
        self.head.setAutoRaise(True)
        self.head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.head.setFont(theme.fonts.strong)
        self.head.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.body = QWidget()
        self.form = QFormLayout(self.body)
        tidy(self.form, theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(0.75))
        column.addWidget(self.head)
        column.addWidget(self.body)
        self.head.toggled.connect(self._fold)
        self._fold(False)

    def show_training(self, training: Training) -> None:
        """It opens by itself where a setting is not the usual one."""
        usual = Training()
        if any(getattr(training, each.name) != getattr(usual, each.name) for each in more_knobs()):
            self.head.setChecked(True)

    def _fold(self, opened: bool) -> None:
        self.head.setArrowType(Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow)
        self.body.setVisible(opened)


def more_knobs() -> tuple[Knob, ...]:
    """What stands below the fold: the fields of ``Training`` that page and file know by the same names."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("MoreSection", text)

    return (
        Knob("schedule", tr("Schedule"), Spec("constant"), family="schedule",
             help=tr("How the learning rate changes in the course of the training.")),
        Knob("regularizer", tr("Regulariser"), Spec("none"), family="regularizer",
             help=tr("What large weights cost.")),
        Knob("clipping", tr("Clipping"), Spec("off"), family="clipping",
             help=tr("What is done about very large gradients.")),
        Knob("augmentation", tr("Augmentation"), Spec("none"), family="augmentation",
             help=tr("How examples are varied from update to update.")),
        Knob("held_out", tr("Held out"), 0.0, minimum=0.0, maximum=0.9,
             help=tr("The share of the examples that are kept from training, to validate.")),
        Knob("patience", tr("Patience"), None, minimum=1, maximum=100_000, optional=True,
             none_label=tr("off"),
             help=tr("Early stopping: so many epochs without a better validation loss.")),
        Knob("label_noise", tr("Label noise"), 0.0, minimum=0.0, maximum=1.0,
             help=tr("The share of the examples whose class is drawn at random, once and for all.")),
        Knob("procedure", tr("Procedure"), Spec("supervised"), family="procedure",
             help=tr("What one update is.")),
        Knob("precision", tr("Precision"), "double", choices=("double", "single"),
             help=tr("Single precision is faster for networks as large as images need.")),
    )  # fmt: skip
