"""What the tools write above a diff to say whose it is: one file per tool."""
