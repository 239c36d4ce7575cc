"""Augmentations: ways of varying the examples from update to update."""

from engine.augmentations.base import Augmentation, augmentations

__all__ = ["Augmentation", "augmentations"]
