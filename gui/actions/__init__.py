"""The actions: a table of everything that a menu, a key or the command palette can start."""
