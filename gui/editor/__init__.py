"""The canvas: where a network is drawn, changed and watched."""
