"""The mathematics and the document of Axon: NumPy only, no window; usable from a notebook."""
