"""A built kernel → a verdict from inside the guest."""
