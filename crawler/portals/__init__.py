"""The registry of portals: one TOML a province of before July 2025, what is in it, and the check that holds it to its rules."""
