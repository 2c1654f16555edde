"""Findings → edits of the source, and patches of them."""
