"""What the panels of generating networks are made of."""
