"""Stepping: where a walkthrough stands, and every way in which a press leads on or back."""
