"""Security headers on every answer: no page of the archive may run or load what a portal's page brought along."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Any, Any, Send], Awaitable[None]]

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
"""Our own pages: no script but our own files (the notebook's, copying). What portals sent is never served as a script (``nosniff``)."""

CAPTURE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'"
"""A captured page: drawn, but without origin, scripts, forms or anything from the network."""

# Datasette's own table pages carry inline scripts and styles.
_TOOL_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)

_ALWAYS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"content-security-policy": _TOOL_POLICY.encode(),
}


def with_headers(app: App) -> App:
    """The app with the headers added that an answer does not set itself."""

    async def wrapped(scope: Any, receive: Any, send: Send) -> None:
        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message.get("headers", [])}
                missing = [(name, value) for name, value in _ALWAYS.items() if name not in present]
                message = {**message, "headers": [*message.get("headers", []), *missing]}
            await send(message)

        await app(scope, receive, send_with_headers)

    return wrapped
