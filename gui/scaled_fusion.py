"""The style of projector mode."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QProxyStyle, QStyle, QStyleOption, QWidget


class ScaledFusion(QProxyStyle):
    """Fusion, with handles, scroll bars and small icons that grow with the text in projector mode."""

    _GROWING: Final = frozenset({
        QStyle.PixelMetric.PM_SmallIconSize, QStyle.PixelMetric.PM_ButtonIconSize,
        QStyle.PixelMetric.PM_ToolBarIconSize, QStyle.PixelMetric.PM_TabBarIconSize,
        QStyle.PixelMetric.PM_ListViewIconSize, QStyle.PixelMetric.PM_SliderThickness,
        QStyle.PixelMetric.PM_SliderLength, QStyle.PixelMetric.PM_SliderControlThickness,
        QStyle.PixelMetric.PM_ScrollBarExtent, QStyle.PixelMetric.PM_SplitterWidth,
        QStyle.PixelMetric.PM_DockWidgetSeparatorExtent, QStyle.PixelMetric.PM_MenuButtonIndicator,
        QStyle.PixelMetric.PM_ToolBarExtensionExtent, QStyle.PixelMetric.PM_IndicatorWidth,
        QStyle.PixelMetric.PM_IndicatorHeight, QStyle.PixelMetric.PM_ExclusiveIndicatorWidth,
        QStyle.PixelMetric.PM_ExclusiveIndicatorHeight,
    })  # fmt: skip

    def __init__(self, scale: float) -> None:
        super().__init__("Fusion")
        self.scale = scale

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        pixels = super().pixelMetric(metric, option, widget)
        return round(pixels * self.scale) if self.scale != 1.0 and metric in self._GROWING else pixels
