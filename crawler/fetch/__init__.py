"""Fetching: every exchange recorded byte for byte on the wire, before anything is parsed."""
