"""The tables of places, portals and sections as the first migration makes them."""

from __future__ import annotations

PLACES_AND_PORTALS = (
    """CREATE TABLE unit (
        code TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        kind TEXT,
        parent TEXT REFERENCES unit(code),
        valid_from TEXT,
        valid_to TEXT
    )""",
    """CREATE TABLE portal (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        url TEXT NOT NULL,
        title TEXT,
        family TEXT,
        unit TEXT,
        allow_private INTEGER NOT NULL DEFAULT 0,
        added_at TEXT
    )""",
    "CREATE TABLE section (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
)
