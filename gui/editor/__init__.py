"""The canvas: view, items, gestures, painters, palette."""
