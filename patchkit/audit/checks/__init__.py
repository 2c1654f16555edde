"""Further findings in a driver, one check per file; the table is the order in which they run."""
