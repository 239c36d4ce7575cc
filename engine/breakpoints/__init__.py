"""Breakpoints: events at which training stands still; one file a kind."""

from engine.breakpoints.base import Breakpoint, Now, breakpoints, titled

__all__ = ["Breakpoint", "Now", "breakpoints", "titled"]
