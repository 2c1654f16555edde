"""A tree and a configuration → a built kernel, or the reason why not."""
