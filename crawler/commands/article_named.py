"""An article as a person names it: the id for an id, an address of the site (``/bai/ID``), or one it was seen at."""

from __future__ import annotations

import re

from archive.ids import url_key
from archive.queries.suspensions import suspension
from archive.store import Store
from archive.text.plain_output import printable
from crawler.addresses.urls import absolute, canonical
from crawler.errors import BadAddress

_OURS = re.compile(r"(\d{1,16})(?:\.json)?(?:\?|\Z)")
"""An id, alone or behind ``/bai/`` in an address of the site."""


def identifier_of(store: Store, given: str) -> int:
    """The id of an article that is kept or suspended, by what a person has of it. Raises `BadAddress`."""
    ours = _OURS.match(given.rpartition("/bai/")[2])
    if ours is not None and _is_here(store, int(ours[1])):
        return int(ours[1])
    if "//" not in given:
        raise BadAddress(f"no article {printable(given)} is kept here: its id stands in its address, /bai/ID")
    key, address = url_key(canonical(given)).hex(), absolute(given, given) or given
    found = store.conn.execute(
        """SELECT id FROM article_id WHERE url_key = ?1 UNION ALL
           SELECT article FROM suspended_address WHERE key = ?1 UNION ALL
           SELECT id FROM article WHERE url IN (?2, ?3) UNION ALL
           SELECT article FROM capture WHERE url IN (?2, ?3) AND article IS NOT NULL""",
        (key, given, address),
    )
    for row in found:
        if _is_here(store, row[0]):
            return int(row[0])
    raise BadAddress(
        f"no article of the address {printable(given)} is kept here: give its id, as in /bai/ID, or try  tinhuyen why"
    )


def _is_here(store: Store, identifier: int) -> bool:
    return store.load(identifier) is not None or suspension(store.conn, identifier) is not None
