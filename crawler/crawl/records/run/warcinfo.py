"""What each WARC file says first: who made it, with what, and by which rules."""

from __future__ import annotations

from archive.redo.recorded_store import FORMAT
from crawler.folder.config import Config
from crawler.settings import VERSION


def software() -> str:
    return f"tinhuyen/{VERSION}"


def warcinfo(config: Config, agent: str | None = None) -> list[tuple[str, str]]:
    """The warcinfo fields of an archive's files; without an ``agent`` for those in which no request stands."""
    return [
        ("software", software()),
        ("operator", config.contact or config.name),
        ("isPartOf", config.name),
        *([("http-header-user-agent", agent), ("robots", "obey")] if agent is not None else []),
        ("redo", FORMAT),
        ("conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"),
    ]
