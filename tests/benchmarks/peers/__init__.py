"""Workloads and those who run them: Axon, PyTorch, scikit-learn and plain NumPy by the textbook."""
