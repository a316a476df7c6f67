"""``tinhuyen serve``: the archive's site on one address, also while a crawl writes."""

from __future__ import annotations

import asyncio
import ctypes
import errno
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

import uvicorn

from archive.database.database import open_to_read
from archive.errors import ArchiveDamaged, PortBusy
from archive.site import datasette_for
from archive.site.server.connections import HEAD_BYTES, BoundedConnection, connection_limit
from archive.site.server.frame import DATABASE
from archive.site.server.server_faults import silence_datasette
from archive.store import Store

GRACE = 3
"""Seconds that requests under way have to end when the site is stopped."""

WILDCARDS = ("0.0.0.0", "::")

_M_MMAP_THRESHOLD = -3  # of malloc.h


def serve(
    folder: Path,
    host: str = "127.0.0.1",
    port: int = 8001,
    *,
    say: Callable[[str], None] = print,
    sql: bool = False,
    address: str | None = None,
    **settings: Any,
) -> None:
    """Serve the archive in a folder, or a snapshot (its file), until SIGINT or SIGTERM; ``say`` gets the address once it listens, and at the end "Stopped.".

    Port 0 takes a free one. ``sql`` and ``address`` are those of `archive.site.datasette_for`, ``settings`` are
    Datasette's. Raises `PortBusy` for an address that is taken or not ours, and `ArchiveDamaged` when the folder holds no
    archive.
    """
    if folder.is_file():
        open_to_read(folder).conn.close()  # a snapshot stays as it is
    elif not (folder / DATABASE).is_file():
        raise ArchiveDamaged(f"{folder} holds no {DATABASE}; make an archive with `tinhuyen init`")
    else:  # one that an earlier version made is migrated, or refused where it cannot be
        Store.open_reading(folder / DATABASE).close()
    with listening(host, port) as listener:
        serve_on(folder, listener, host, say=say, sql=sql, address=address, **settings)


def serve_on(
    folder: Path,
    listener: socket.socket,
    host: str,
    *,
    say: Callable[[str], None] = print,
    sql: bool = False,
    address: str | None = None,
    **settings: Any,
) -> None:
    """As :func:`serve`, on a socket that is bound already."""
    shown = f"[{host}]" if ":" in host else host
    listens = f"http://{shown}:{listener.getsockname()[1]}/"
    # a wildcard is no address that anybody could be led to
    own = address or (None if host in WILDCARDS else listens)
    # behind a proxy that hands addresses on as they were asked, the site may stand under a path
    settings.setdefault("base_url", urlsplit(address or "/").path.rstrip("/") + "/")
    silence_datasette()
    ours = (signal.SIGINT, signal.SIGTERM) if threading.current_thread() is threading.main_thread() else ()
    before = {number: signal.signal(number, _stop) for number in ours}
    try:
        asyncio.run(_run(folder, listener, {**settings, "sql": sql, "address": own}, lambda: say(listens)))
    except (KeyboardInterrupt, _Stopped):  # uvicorn raises the signal once more when it has closed its connections
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    say("Stopped.")


class _Stopped(BaseException):
    """Raised by a signal while the site starts or ends; uvicorn handles those that come while it serves."""


def _stop(signum: int, frame: FrameType | None) -> None:
    raise _Stopped


async def _run(folder: Path, listener: socket.socket, settings: dict[str, Any], ready: Callable[[], None]) -> None:
    # One event loop for Datasette's start and for serving: its locks belong to the loop they are first used in.
    datasette = datasette_for(folder, **settings)
    await datasette.invoke_startup()
    BoundedConnection.limit = connection_limit()
    _return_large_blocks()
    config = uvicorn.Config(
        datasette.app(),
        log_level="error",  # a line for each malformed request is a gift to who sends them
        http=BoundedConnection,
        ws="none",
        h11_max_incomplete_event_size=HEAD_BYTES,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE,
    )
    server = uvicorn.Server(config)
    ready()
    await server.serve(sockets=[listener])


def _return_large_blocks() -> None:
    """Have the C library give blocks of a megabyte back to the system as they are freed.

    glibc raises that threshold to 32 MB by itself when such a block is freed once, and a server that has sent a few large
    tables then keeps their memory for ever. Elsewhere nothing happens.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 1 << 20)


def listening(host: str, port: int) -> socket.socket:
    """A bound socket; bound before anything is said, so that a busy port is told in one line."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        raise PortBusy(f"cannot serve on {host} port {port}: {error.strerror}; {_instead(error)}") from error
    return listener


def _instead(error: OSError) -> str:
    """What to choose in the place of an address that cannot be listened on."""
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return "choose an address of this machine with --host"
    return "choose another with --port"
