"""Serves the demo portals on loopback, each on a port of its own, from threads that end with the program."""

from __future__ import annotations

import errno
import gzip
import hashlib
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from crawler.demo.software.site import Reply, Site

HOST = "127.0.0.1"
LAST_MODIFIED = "Mon, 01 Jan 2018 00:00:00 GMT"
"""Of pictures and styles; the pages themselves carry neither this nor an ETag, as with most real portals."""

Fault = Callable[[BaseHTTPRequestHandler], Reply | None]
"""Answers a request in place of the portal: returns what to send, or None when it wrote to ``wfile`` itself."""


class PortBusy(OSError):
    """A port the demo wants is taken; the message is one line for the user."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One request as the server saw it; ``began`` and ``ended`` are seconds of the monotonic clock."""

    portal: str
    method: str
    target: str
    status: int
    began: float
    ended: float
    headers: Mapping[str, str]


class Handler(BaseHTTPRequestHandler):
    """Speaks HTTP/1.1 with kept connections."""

    protocol_version = "HTTP/1.1"
    server_version = "portal"
    sys_version = ""
    timeout = 60
    # Headers and body leave in two writes; without this the second waits for the client's delayed ACK (40 ms a page).
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        began = time.monotonic()
        self.sent = 0
        path = self.path.partition("?")[0]
        fault = self.server.faults.get(self.path) or self.server.faults.get(path)
        reply = fault(self) if fault else self.server.site.reply(self.path)
        if reply is None:
            self.close_connection = True
        else:
            self.answer(reply)
        if self.server.hits is not None:
            name = self.server.site.portal.name
            self.server.hits.append(
                Hit(name, self.command, self.path, self.sent, began, time.monotonic(), dict(self.headers))
            )

    do_HEAD = do_GET

    def do_POST(self) -> None:
        """Forms go nowhere: a portal for show takes no comments."""
        self.close_connection = True
        self.sent = 0
        self.answer(Reply(b"", "text/plain", 405))

    def send_response(self, code: int, message: str | None = None) -> None:
        self.sent = code
        super().send_response(code, message)

    def answer(self, reply: Reply) -> None:
        headers = dict(reply.headers)
        if reply.status == 200 and reply.content_type.startswith(("image/", "text/css")):
            etag = f'"{hashlib.blake2b(reply.body, digest_size=8).hexdigest()}"'
            headers |= {"ETag": etag, "Last-Modified": LAST_MODIFIED}
            if self.is_known(etag):
                self.send(304, {"ETag": etag}, None)
                return
        body = reply.body
        if reply.content_type.startswith(("text/html", "application/xml")):
            headers["Vary"] = "Accept-Encoding"
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                body = gzip.compress(body, 6, mtime=0)
                headers["Content-Encoding"] = "gzip"
        self.send(reply.status, {"Content-Type": reply.content_type, **headers}, body)

    def is_known(self, etag: str) -> bool:
        """Whether the client has the file already, by its conditional headers (the ETag goes first, RFC 9110)."""
        if given := self.headers.get("If-None-Match"):
            return etag in given
        return self.headers.get("If-Modified-Since") == LAST_MODIFIED

    def send(self, status: int, headers: Mapping[str, str], body: bytes | None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if body and self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the hits are the log."""


class Server(ThreadingHTTPServer):
    """One portal's server. ``close`` also ends the connections that clients keep open."""

    daemon_threads = True
    block_on_close = False
    # Two servers on one port would answer in turn: SO_REUSEADDR is safe on Linux, elsewhere it is not.
    allow_reuse_address = hasattr(socket, "AF_UNIX")
    request_queue_size = 64

    def __init__(self, port: int, hits: list[Hit] | None, faults: Mapping[str, Fault]) -> None:
        self.hits = hits
        self.faults = faults
        self.site: Site
        self.open: set[socket.socket] = set()
        self.guard = threading.Lock()
        super().__init__((HOST, port), Handler)

    @property
    def base(self) -> str:
        return f"http://{HOST}:{self.server_address[1]}"

    def process_request(self, request: Any, client_address: Any) -> None:
        with self.guard:
            self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self.guard:
            self.open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error of the server; anything else is printed as ever."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    def close(self) -> None:
        self.shutdown()
        self.server_close()
        with self.guard:
            left = list(self.open)
        for connection in left:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError as error:
                if error.errno not in (errno.ENOTCONN, errno.EBADF):
                    raise


def bind(port: int, hits: list[Hit] | None, faults: Mapping[str, Fault]) -> Server:
    """A bound server, not yet serving. Raises PortBusy."""
    try:
        return Server(port, hits, faults)
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise PortBusy(error.errno, f"port {port} on {HOST} is taken") from error
        raise


@contextmanager
def serving(
    sites: Mapping[str, tuple[int, Callable[[str], Site]]], hits: list[Hit] | None, faults: Mapping[str, Fault]
) -> Iterator[dict[str, str]]:
    """Serve each site (its port, 0 for a free one, and what makes it for an address) until the block ends."""
    with ExitStack() as stack:
        servers = {}
        for name, (port, make) in sites.items():
            server = bind(port, hits, faults)
            stack.callback(server.server_close)
            server.site = make(server.base)
            servers[name] = server
        for name, server in servers.items():
            # 20 ms: how long closing may wait for the loop to notice.
            threading.Thread(target=server.serve_forever, args=(0.02,), name=f"demo-{name}", daemon=True).start()
            stack.callback(server.close)
        yield {name: server.base for name, server in servers.items()}
