"""Parts of the panels about weights: the table, what is pasted into it, names and curves."""
