"""Migrations of the ledger, and how sentences of older versions are read into codes."""
