"""Checks of an archive: records, rows and log held against each other, and each fault by its name."""
