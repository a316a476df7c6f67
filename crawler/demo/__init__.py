"""Three small portals written for this project, served on loopback: what ``tinhuyen demo`` and the crawl tests crawl.

Apart from one article of Hưng Hà district, every text, person, place and figure in them is invented. Content lies in
``content/`` as TOML, markup in ``templates/``; the same bytes are served on every run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from crawler.demo.content import load
from crawler.demo.server import Fault, Hit, PortBusy, serving
from crawler.demo.software.joomla_k2 import JoomlaK2
from crawler.demo.software.nukeviet import NukeViet
from crawler.demo.software.site import Reply, Site
from crawler.demo.software.wordpress import WordPress
from crawler.demo.truth import article_truth, duplicate_pages, other_pages
from crawler.demo.weeks import Week, first_files, portal_in

__all__ = ["DemoPortal", "Fault", "Hit", "PortBusy", "Reply", "duplicates", "not_articles", "portals", "serve", "truth"]

FIRST_PORT = 8931
SITES: dict[str, type[Site]] = {"hungha": JoomlaK2, "daikhe": NukeViet, "tragiang": WordPress}


@dataclass(frozen=True, slots=True)
class DemoPortal:
    """One of the portals: its short name, its CMS, the title it prints and the port it has by default."""

    name: str
    cms: str
    title: str
    port: int


def portals() -> list[DemoPortal]:
    """The portals, in the order of their ports."""
    loaded = [load(name) for name in SITES]
    return [DemoPortal(p.name, p.cms, p.title, FIRST_PORT + offset) for offset, p in enumerate(loaded)]


@contextmanager
def serve(
    port_base: int | None = FIRST_PORT,
    log: list[Hit] | None = None,
    names: Collection[str] | None = None,
    faults: Mapping[str, Fault] | None = None,
    week: Week | None = None,
) -> Iterator[dict[str, str]]:
    """Serve the portals, or those named, until the block ends; yields the base address of each by name.

    ``week`` serves them as they were then (see ``weeks``); without it everything is there, as it stood last. A portal keeps its distance from ``port_base`` whichever others are served; None takes free ports. The pages' links
    carry the address served. ``log`` receives a ``Hit`` a request, in the order they end. ``faults`` answers the
    paths (or path and query) it names in place of every portal. Raises PortBusy; KeyError for an unknown name.
    """
    wanted = list(SITES) if names is None else list(names)
    if unknown := [name for name in wanted if name not in SITES]:
        raise KeyError(f"no demo portal {unknown[0]!r}; there are {', '.join(SITES)}")
    ports = {name: 0 if port_base is None else port_base + offset for offset, name in enumerate(SITES)}
    sites = {name: (ports[name], partial(_site_in, name, week)) for name in wanted}
    with serving(sites, log, faults or {}) as bases:
        yield bases


def _site_in(name: str, week: Week | None, base: str) -> Site:
    made = SITES[name](portal_in(name, week), base)
    if week == 1:
        made.documents = first_files(name)
    return made


@cache
def site(name: str, base_url: str) -> Site:
    """The table of a portal's addresses, as it is when served at ``base_url``. Raises KeyError."""
    return SITES[name](load(name), base_url)


def truth(name: str, base_url: str) -> list[dict[str, Any]]:
    """Every article of a portal served at ``base_url``, newest first, as a perfect extraction gives it."""
    table = site(name, base_url.rstrip("/"))
    return [article_truth(table, article) for article in table.portal.articles]


def not_articles(name: str, base_url: str) -> dict[str, str]:
    """Every listed page that is no article, by address: listing, static, qa, law_list, media, search, error or print."""
    return other_pages(site(name, base_url.rstrip("/")))


def duplicates(name: str, base_url: str) -> dict[str, str]:
    """Further addresses under which articles are reachable, each with the address ``truth`` gives."""
    return duplicate_pages(site(name, base_url.rstrip("/")))
