"""Panels: one file a panel."""
