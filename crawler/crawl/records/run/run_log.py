"""The log of a crawl as it is kept with the captures: a line a visit, written into the WARC series as resources."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.reasons.reason import Reason

LONG = 500_000  # bytes after which the lines so far are written


class RunLog:
    """Lines since the last :meth:`take`; each begins with its time (UTC)."""

    def __init__(self) -> None:
        self.parts = 0
        self._lines: list[str] = []
        self._size = 0

    def visit(self, url: str, status: int | None, state: str, reason: Reason) -> None:
        self.line(f"{status or '---'} {state} {url} {reason}")

    def line(self, text: str) -> None:
        line = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {' '.join(text.split())}"
        self._lines.append(line)
        self._size += len(line) + 1

    @property
    def is_long(self) -> bool:
        return self._size > LONG

    def take(self) -> bytes:
        """The lines as one text; they are forgotten here."""
        self.parts += 1
        lines, self._lines, self._size = self._lines, [], 0
        return ("\n".join(lines) + "\n").encode()
