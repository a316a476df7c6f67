"""The arguments of one crawl, as the command or ``scrapy crawl`` gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Arguments:
    """What this run is asked for beside its portals. ``delay`` is in seconds and overrides the archive's.

    ``full`` asks for every known article again; ``limit`` stops after that many articles, ``sample`` after that many
    requests, a quarter of them articles and then lists; ``survey`` reads home pages, feeds, sitemaps and lists alone.
    """

    full: bool = False
    delay: float | None = None
    limit: int | None = None
    sample: int | None = None
    survey: bool = False

    @classmethod
    def parse(
        cls, full: Any = False, delay: Any = None, limit: Any = None, sample: Any = None, survey: Any = False
    ) -> Arguments:
        """The arguments as texts of a command line (``-a delay=1.5``); empty is as not given."""
        return cls(
            _is_yes(full),
            None if delay in (None, "") else float(delay),
            None if limit in (None, "") else int(limit),
            None if sample in (None, "") else int(sample),
            _is_yes(survey),
        )

    def as_texts(self) -> dict[str, str]:
        """What :meth:`parse` reads."""
        values = {
            "full": self.full,
            "delay": self.delay,
            "limit": self.limit,
            "sample": self.sample,
            "survey": self.survey,
        }
        return {name: "" if value is None else str(value) for name, value in values.items()}

    def as_record(self) -> dict[str, Any]:
        """What the run's row and its log keep of them."""
        kept: dict[str, Any] = {"full": self.full, "delay": self.delay, "limit": self.limit}
        return {**kept, "survey": True} if self.survey else kept


def _is_yes(value: Any) -> bool:
    return str(value).lower() in ("1", "true", "yes")
