"""Source rewrites that let today's compiler build a tree older than itself: one file per rule."""
