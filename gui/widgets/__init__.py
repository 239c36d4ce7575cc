"""Small building blocks of the window that panels, canvas and lessons share."""
