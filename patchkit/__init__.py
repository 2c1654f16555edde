"""Patch analysis and backports for Linux kernel trees."""

__version__ = "0.1.0"
