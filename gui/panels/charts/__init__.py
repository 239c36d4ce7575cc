"""The drawings of the panels. They need pyqtgraph, which takes a quarter of a second to import:
panels import the modules of this folder when they are first shown, never before."""
