"""Pages of no family we know: read by structure, structured data and density."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from crawler.addresses.shapes import query_of
from crawler.cms.family import Dates, Family, may_bear
from crawler.page.page import Page


class Unknown(Family):
    """Takes every page. Its articles are located by :mod:`crawler.extract.locate.prose_weight`, not by selectors."""

    name: ClassVar[str] = "general"
    title: ClassVar[str] = "unknown"
    asked: ClassVar[int] = 1000
    dates: ClassVar[Dates] = Dates(published=("jsonld", "microdata", "visible", "time", "meta"))

    def recognise(self, page: Page, bears_any: Callable[[Page], bool] = may_bear) -> str | None:
        return "no family knows it"

    def canonical(self, url: str) -> str | None:
        """The address without the query of known dead weight; ``None`` as a rule: unknown software, unknown keys."""
        query = query_of(url)
        if "b_start:int" in query and query["b_start:int"] == "0":
            return url.split("?", 1)[0]
        return None
