"""A row of buttons of which one is on: what is shown now stands out in every theme."""

from __future__ import annotations

from gui.theme import Theme


def switch_style(theme: Theme) -> str:
    """The style sheet of such buttons; the one that is on has the accent's colour and its ink."""
    gap = theme.space(0.5)
    return (
        f"QToolButton {{ border: 1px solid {theme.css('border')}; background: {theme.css('raised')};"
        f" color: {theme.css('text')}; padding: {gap}px; }}"
        f"QToolButton:hover, QToolButton:focus {{ border: 1px solid {theme.css('accent')}; }}"
        f"QToolButton:checked {{ background: {theme.css('accent')}; color: {theme.css('accent-text')};"
        f" border: 1px solid {theme.css('accent')}; }}"
        f"QToolButton:checked:focus {{ border: 2px solid {theme.css('text')}; }}"
    )
