"""Isofront: graded open-source evidence in, a map of who holds what out."""

__version__ = "0.1.0"
