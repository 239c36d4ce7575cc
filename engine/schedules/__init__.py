"""Schedules: how the learning rate changes in the course of the training; one file a kind."""

from engine.schedules.base import Schedule, schedules

__all__ = ["Schedule", "schedules"]
