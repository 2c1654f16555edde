"""Modules: which a build is to make, what each needs of others, and the form they are given in."""
