"""Every portal is a spider: ``scrapy list`` names them, ``scrapy crawl hungha.thaibinh`` crawls one."""

from __future__ import annotations

import builtins
from typing import Any, Self

from scrapy import Request, Spider

from crawler.addresses.scope import same_site
from crawler.crawl.extension import archive_folder
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.spiders.portal import PortalSpider


class PortalSpiderLoader:
    """A spider loader over the portals of the archive, beside the class ``portal`` that crawls any of them."""

    def __init__(self, folder: ArchiveFolder) -> None:
        self.folder = folder

    @classmethod
    def from_settings(cls, settings: Any) -> Self:
        return cls(archive_folder(settings))

    def list(self) -> list[str]:
        return [PortalSpider.name, *sorted(self._portals())]

    def load(self, spider_name: str) -> type[Spider]:
        """The spider class of that name; :class:`KeyError` when no portal has it."""
        if spider_name == PortalSpider.name:
            return PortalSpider
        if spider_name not in self._portals():
            raise KeyError(f"Spider not found: {spider_name}")
        return type("OnePortalSpider", (PortalSpider,), {"name": spider_name, "default_portals": [spider_name]})

    def find_by_request(self, request: Request) -> builtins.list[str]:
        return [name for name, portal in self._portals().items() if same_site(request.url, portal.url)]

    def _portals(self) -> dict[str, Any]:
        try:
            return self.folder.config().portals
        except UserError:
            return {}
