"""``tinhuyen-read``: serves an archive where the crawler is not installed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from archive.errors import ArchiveDamaged, ArchiveLocked, PortBusy
from archive.site.server.serving import serve

FAILED, DAMAGED = 2, 3
"""Exit codes, those of `tinhuyen`: the address cannot be listened on; the archive is damaged, locked or none."""


def main(arguments: list[str] | None = None) -> int:
    """Serve the folder or snapshot that is named until it is stopped; answers the exit code."""
    parser = argparse.ArgumentParser(
        prog="tinhuyen-read", description="Serve an archive, or a snapshot of one, to read."
    )
    parser.add_argument(
        "archive", type=Path, nargs="?", default=Path("tinhuyen-data"), help="its folder, or a snapshot"
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--sql", action="store_true", help="allow arbitrary SQL: for yourself alone")
    parser.add_argument("--address", help="where readers find the site, for permalinks: https://kho.example.org")
    asked = parser.parse_args(arguments)
    try:
        serve(asked.archive, asked.host, asked.port, say=_say, sql=asked.sql, address=asked.address)
    except PortBusy as error:
        print(f"tinhuyen-read: {error}", file=sys.stderr)
        return FAILED
    except (ArchiveDamaged, ArchiveLocked) as error:
        print(f"tinhuyen-read: {error}", file=sys.stderr)
        return DAMAGED
    return 0


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
