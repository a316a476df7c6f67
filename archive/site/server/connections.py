"""Connection limits of the site: heads that never end, readers that never read, more connections than files may be open.

uvicorn bounds the size of a request's head and the pause between two requests, but neither the time a head may take nor
the time an answer may lie unread; a client that sends a byte now and then held its connection for ever.
"""

from __future__ import annotations

import asyncio
import resource
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
"""From the connection, or the end of the answer before, to the end of a request's head."""
STALLED_SECONDS = 20.0
"""How long the system may take no more of an answer that waits to be sent: less than some 2.5 kB/s is no reader."""
UNREAD_BYTES = 32_000_000
"""Answers that wait to be sent, over all connections; above it the largest is given up."""
HEAD_BYTES = 16_384
CONNECTIONS = 1_000
SPARE_FILES = 150
"""Open files kept for databases, WARC files and the rest."""


def connection_limit() -> int:
    """How many connections may be open at once: `CONNECTIONS`, or what the limit of open files leaves.

    Raises the process's soft limit of open files first, as far as it may.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return CONNECTIONS if soft == resource.RLIM_INFINITY else max(16, min(CONNECTIONS, soft - SPARE_FILES))


class BoundedConnection(H11Protocol):
    """One HTTP connection with a deadline for each head and for each stretch of an unread answer."""

    open: set[BoundedConnection] = set()  # noqa: RUF012 - of the process, as its files are
    limit = CONNECTIONS

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._head_timer: asyncio.TimerHandle | None = None
        self._unread_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.open.add(self)
        self._await_head()
        if len(self.open) > self.limit:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self.open.discard(self)
        self._stop_timers()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_answering():
            self._stop_head_timer()

    def on_response_complete(self) -> None:
        # What is left of a request's body would be read for as long as the client likes to send it.
        unfinished = self.conn.their_state is h11.SEND_BODY
        super().on_response_complete()
        if unfinished:
            self.transport.close()
        elif not self.transport.is_closing() and not self._is_answering():
            self._await_head()

    def pause_writing(self) -> None:
        super().pause_writing()
        _cancel(self._unread_timer)
        self._unread_timer = self.loop.call_later(STALLED_SECONDS, self._give_up)
        if sum(map(_unread, self.open)) > UNREAD_BYTES:
            max(self.open, key=_unread)._give_up()

    def resume_writing(self) -> None:
        _cancel(self._unread_timer)
        super().resume_writing()

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _await_head(self) -> None:
        _cancel(self._head_timer)
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _make_room(self) -> None:
        """End the connection that has waited longest for a head; where every one is being answered, the new one."""
        waiting = [one for one in self.open if one is not self and one._head_timer is not None]
        oldest = min(waiting, key=lambda one: one._head_timer.when(), default=self)  # type: ignore[union-attr]
        oldest._give_up()

    def _give_up(self) -> None:
        self._stop_timers()
        self.open.discard(self)
        self.transport.abort()

    def _stop_timers(self) -> None:
        self._stop_head_timer()
        _cancel(self._unread_timer)

    def _stop_head_timer(self) -> None:
        _cancel(self._head_timer)
        self._head_timer = None  # whoever has none is being answered


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()


def _unread(connection: BoundedConnection) -> int:
    transport = connection.transport
    return 0 if transport is None or transport.is_closing() else transport.get_write_buffer_size()
