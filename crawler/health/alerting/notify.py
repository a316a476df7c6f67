"""Alerts to any service that apprise knows: chats, telephones, queues. Each is set by an address that holds its secrets.

Of an address nothing is ever printed but its scheme. apprise says of a failure only that there was one; why stands in its
log, which is read here, what is of the address taken out. It is loaded by the first alert, for that takes a tenth of a second.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable
from urllib.parse import quote, unquote

logger = logging.getLogger("apprise")
SHORTEST_SECRET = 3
"""Letters of a part of an address that is taken out of what is printed; shorter ones are numbers and words of any text."""


class NotSent(OSError):
    """Raised when apprise could not hand a message to a service, with the reason as far as it names one."""


def channel_of(address: str) -> str:
    """The name under which what was sent to ``address`` is remembered: its scheme and a hash, so that it tells no secret."""
    return f"{scheme(address)} {hashlib.sha256(address.encode()).hexdigest()[:8]}"


def scheme(address: str) -> str:
    """The service of an address, all of it that is printed."""
    return address.partition("://")[0].lower()


def send(address: str, title: str, body: str) -> None:
    """Send a message as plain text. Raises :class:`NotSent`."""
    import apprise

    with _Heard() as heard:
        # by default what services have to remember is written into the home directory
        asset = apprise.AppriseAsset(
            app_id="TinHuyen", async_mode=False, storage_mode=apprise.PersistentStoreMode.MEMORY
        )
        services = apprise.Apprise(asset=asset)
        if not services.add(address):
            raise NotSent(f"apprise knows no such address of {scheme(address)}://")
        sent = services.notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT)
    if not sent:
        raise NotSent(without_secrets(" ".join(heard.lines), address) or f"{scheme(address)} did not take it")


def without_secrets(text: str, address: str) -> str:
    """``text`` with every part of ``address`` taken out, as written or percent-encoded or not."""
    for part in sorted(_parts(address), key=len, reverse=True):
        text = re.sub(re.escape(part), "…", text, flags=re.I)
    return " ".join(text.split())[:300]


def _parts(address: str) -> Iterable[str]:
    rest = address.partition("://")[2]
    written = [rest, *re.split(r"[/:@?&=#,]", rest)]
    forms = {form for part in written for form in (part, unquote(part), quote(unquote(part), safe=""))}
    return [form for form in forms if len(form) >= SHORTEST_SECRET]


class _Heard(logging.Handler):
    """What apprise logs as a warning or worse, kept here and printed nowhere: it is for this process's ears."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())

    def __enter__(self) -> _Heard:
        self._before = logger.propagate
        logger.propagate = False
        logger.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logger.removeHandler(self)
        logger.propagate = self._before
