"""The seam to the gazetteer: which administrative unit a portal speaks for."""

from __future__ import annotations


def unit_of(host: str, title: str | None) -> str | None:
    """The unit of the portal on ``host`` that calls itself ``title``; ``None`` where it is not known.

    SEAM: the gazetteer (``archive.places``) and the registry answer here once they are in the house.
    """
    return None
