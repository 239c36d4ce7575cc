"""What stands on the scene: frames, synapses, neurons, numbers."""
