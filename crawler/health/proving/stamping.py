"""Heads of the log stamped by a service of RFC 3161, where ``tinhuyen.toml`` names one."""

from __future__ import annotations

import urllib.request
from http.client import HTTPException

from archive.database.sqlite_file import is_read_only
from archive.proof import stamps
from archive.proof.log import Log
from archive.proof.trouble import LogBroken
from crawler.folder.archive_folder import ArchiveFolder

TIMEOUT = 30.0
LARGEST = 1 << 16  # bytes of a service's answer; with its certificates a stamp takes 3 to 7 kB


def stamp_last_head(folder: ArchiveFolder) -> str | None:
    """Have the last head stamped, once; answers in one line what went wrong, and then the next head is stamped instead:
    it stands for all that were before."""
    service, log = folder.config().stamp, Log(folder.path)
    if service is None or is_read_only(folder.database):
        return None
    try:
        heads = log.heads()
        if not heads or any(stamp.head == heads[-1].number for stamp in stamps.read_stamps(log.stamps_path)):
            return None
        asked, nonce = stamps.request(heads[-1])
        headers = {"Content-Type": "application/timestamp-query", "User-Agent": "tinhuyen"}
        with urllib.request.urlopen(urllib.request.Request(service, asked, headers), timeout=TIMEOUT) as answer:
            stamps.keep(log.stamps_path, stamps.accept(heads[-1], service, answer.read(LARGEST), nonce))
    except (LogBroken, stamps.BadStamp, OSError, HTTPException) as error:
        return (
            f"the head of the log was not stamped by {service}: {' '.join(str(error).split()) or type(error).__name__}"
        )
    return None
