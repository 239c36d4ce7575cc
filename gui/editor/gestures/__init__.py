"""Mouse gestures: one class a gesture, one file each."""
