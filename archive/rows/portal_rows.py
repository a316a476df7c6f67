"""Portals, the units they belong to and what took their place, as rows. Every function writes inside the caller's batch."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from archive.model import Portal, PortalLink
from archive.places import Unit, gazetteer


def insert(conn: sqlite3.Connection, portal: Portal, now: str) -> None:
    """Add a portal; one of that name that is there already only gets the unit it lacked."""
    portal = replace(portal, added_at=portal.added_at or now)
    conn.execute(
        """INSERT INTO portal(name, url, title, family, unit, allow_private, added_at) VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT(name) DO UPDATE SET unit = excluded.unit WHERE portal.unit IS NULL""",
        (portal.name, portal.url, portal.title, portal.family, portal.unit, portal.allow_private, portal.added_at),
    )
    _insert_units(conn, portal.unit)


def update(conn: sqlite3.Connection, portal: Portal) -> bool:
    """Replace what is known about a portal; False when there is none of that name. The day it was added stays."""
    changed = conn.execute(
        """UPDATE portal SET url = ?, title = ?, family = ?, unit = ?, allow_private = ?,
               added_at = coalesce(?, added_at) WHERE name = ?""",
        (portal.url, portal.title, portal.family, portal.unit, portal.allow_private, portal.added_at, portal.name),
    )
    _insert_units(conn, portal.unit)
    return changed.rowcount > 0


def link(conn: sqlite3.Connection, links: Iterable[PortalLink]) -> None:
    """Keep where the news of portals went on; what is said again replaces what was known."""
    conn.executemany(
        """INSERT INTO portal_link(old, new, since, document) VALUES (?, ?, ?, ?)
           ON CONFLICT(old, new) DO UPDATE SET since = excluded.since, document = excluded.document""",
        [(one.old, one.new, one.since, one.document) for one in links],
    )


def _insert_units(conn: sqlite3.Connection, identifier: str | None) -> None:
    """Keep a unit and the ones above it, so that the database explains itself; an id nobody knows is left alone."""
    if identifier is None or conn.execute("SELECT 1 FROM unit WHERE id = ?", (identifier,)).fetchone():
        return
    unit = gazetteer().get(identifier)
    if unit is not None:
        for one in reversed([unit, *gazetteer().above(unit)]):  # a parent first: the foreign key asks for it
            _insert_unit(conn, one)


def _insert_unit(conn: sqlite3.Connection, unit: Unit) -> None:
    conn.execute(
        """INSERT INTO unit(id, code, level, kind, name, parent, valid_from, valid_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT(id) DO NOTHING""",
        (unit.id, unit.code, unit.level, unit.kind, unit.name, unit.parent, unit.valid_from, unit.valid_to),
    )
