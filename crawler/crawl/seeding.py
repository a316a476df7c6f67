"""The beginning of a crawl: seeds for its portals, and what killed crawls left taken up."""

from __future__ import annotations

from archive.ids import url_key
from crawler.addresses.roles import Role
from crawler.addresses.urls import canonical
from crawler.crawl.one_crawl import Crawl
from crawler.crawl.records.run.run_row import mark_killed
from crawler.crawl.recover import recover
from crawler.crawl.visits.visitor import Visitor
from crawler.ledger.rows import Found

SURVEYED: tuple[Role, ...] = ("home", "feed", "sitemap", "listing")


def seed(crawl: Crawl, visitor: Visitor) -> None:
    """Make rows of the home pages and of what the settings name, and have due what this run asks for."""
    crawl.ledger.add(Found(p.url, url_key(canonical(p.url)), p.name, "home", "seed") for p in crawl.portals.values())
    for portal in crawl.portals.values():
        visitor.links.seed(portal)
    take_up_killed(crawl, visitor)
    if crawl.run.arguments.survey:
        crawl.ledger.roles = SURVEYED
    crawl.ledger.begin(crawl.names, full=crawl.run.arguments.full)


def take_up_killed(crawl: Crawl, visitor: Visitor) -> None:
    """Take up what crawls that died had fetched and not yet told the ledger, then end their leases."""
    lost, crawl.left_behind.workers = crawl.left_behind.workers, []
    if lost:
        crawl.left_behind.recovered += recover(crawl, visitor, lost)
    mark_killed(crawl.ledger, lost)
    crawl.ledger.end_leases(lost)
