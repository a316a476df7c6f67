"""Limits of one portal in one crawl: how many pages, megabytes and hours it takes before it is left to the next crawl."""

from __future__ import annotations

from crawler.folder.config import Config


class Spent:
    """What one crawl that began at ``since`` (Unix seconds) has taken of one portal. ``size`` is bytes as kept."""

    def __init__(self, config: Config, portal: str, since: float) -> None:
        own, all_ = config.of(portal), config.politeness
        self.max_pages = all_.max_pages if own.max_pages is None else own.max_pages
        self.max_mb = all_.max_mb if own.max_mb is None else own.max_mb
        self.max_hours = all_.max_hours if own.max_hours is None else own.max_hours
        self.since = since
        self.pages = self.size = 0

    def limit(self, now: float) -> str | None:
        """The limit that is reached, in words; ``None`` while there is none."""
        if self.pages >= self.max_pages:
            return f"max_pages ({self.max_pages:,.0f}) is reached"
        if self.max_mb is not None and self.size >= self.max_mb * 1e6:
            return f"max_mb ({self.max_mb:,g}) is reached"
        if self.max_hours is not None and now - self.since >= self.max_hours * 3600:
            return f"max_hours ({self.max_hours:,g}) is reached"
        return None
