"""Hours of the day in which portals may be asked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from archive.text.vietnam_time import VIETNAM

_HOURS = re.compile(r"(\d{1,2}):(\d{2}) *[-–] *(\d{1,2}):(\d{2})")


@dataclass(slots=True)
class Hours:
    """Spans of the day, in Vietnam's time, in which a portal may be asked; none means all day."""

    spans: list[tuple[time, time]] = field(default_factory=list)

    @classmethod
    def parse(cls, text: str) -> Hours:
        """Read ``22:00-06:00, 12:00-13:00``. Raises :class:`ValueError`."""
        spans = []
        for part in text.split(","):
            match = _HOURS.fullmatch(part.strip())
            if match is None:
                raise ValueError(f"{part.strip()!r} is no span of hours such as 22:00-06:00")
            numbers = [int(group) for group in match.groups()]
            begin, end = time(numbers[0], numbers[1]), time(numbers[2] % 24, numbers[3])
            spans.append((begin, end))
        return cls(spans)

    def allow(self, unix: float) -> bool:
        """Whether ``unix`` (seconds) lies in a span; one that ends before it begins runs past midnight."""
        now = datetime.fromtimestamp(unix, VIETNAM).time()
        return not self.spans or any(
            begin <= now < end if begin < end else now >= begin or now < end for begin, end in self.spans
        )

    def next_opening(self, unix: float) -> float:
        """When asking is next allowed (Unix seconds); ``unix`` itself when it is now."""
        if self.allow(unix):
            return unix
        now = datetime.fromtimestamp(unix, VIETNAM)
        openings = []
        for begin, _ in self.spans:
            at = datetime.combine(now.date(), begin, VIETNAM)
            openings.append((at if at > now else at + timedelta(days=1)).timestamp())
        return min(openings)

    def __str__(self) -> str:
        return ", ".join(f"{begin:%H:%M}-{end:%H:%M}" for begin, end in self.spans)
